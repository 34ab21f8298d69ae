#include "suite/view/actor.h"

#include <stdio.h>
#include <string.h>

#include "suite/core/hash.h"
#include "suite/core/mem.h"

// what a run deployed may need files that are gone; its network never does
static Status deploy(Actor *actor, const ActorSource *source, Error *err)
{
    Status status =
        deployed_init(&actor->deployed, &actor->saved, actor->folder, source->policy, err);
    if (source->policy == POLICY_NETWORK || status == STATUS_OK || status == STATUS_NOMEM)
        return status;
    return error_wrap(err, status,
                      "cannot act as '%s' did (--policy network shows its network alone)",
                      actor->folder);
}

static void name_column(Actor *actor)
{
    const RunRecord *record = &actor->saved.record;
    (void)snprintf(actor->column, sizeof actor->column, "%s%s%s", record->method,
                   record->label[0] ? "+" : "", record->label);
}

Status actor_new(Actor **out, const char *folder, const ActorSource *source, Error *err)
{
    *out = NULL;
    Actor *actor = mem_array(1, sizeof *actor);
    if (!actor) return error_nomem(err);
    Status status = path_format(actor->folder, err, "%s", folder);
    if (status == STATUS_OK)
        status = saved_run_read(&actor->saved, folder, source->models, source->files, err);
    if (status == STATUS_OK) name_column(actor);
    if (status == STATUS_OK) status = deploy(actor, source, err);
    if (status != STATUS_OK) {
        actor_free(actor);
        return status;
    }
    *out = actor;
    return STATUS_OK;
}

static Status check_model(const Actor *actor, const Env *env, Error *err)
{
    char hash[HASH_TEXT];
    hash_format(env_model_hash(env), hash);
    if (strcmp(hash, actor->saved.record.model_hash) == 0) return STATUS_OK;
    return error_set(err, STATUS_MISMATCH,
                     "'%s' was trained on another model of '%s' than the one here",
                     actor->folder, actor->saved.record.family);
}

Status actor_play(const Actor *actor, Player *player, const char *models, int seed, Error *err)
{
    PlayerSpec spec = {.family = actor->saved.members.family,
                       .member = actor->saved.member,
                       .settings = actor->saved.settings.task,
                       .models = models,
                       .seed = seed};
    Status status = player_init(player, &spec, err);
    if (status == STATUS_OK) status = check_model(actor, player->env, err);
    if (status == STATUS_OK) player_give(player, actor->deployed.agent);
    return status;
}

Seat actor_seat(const Actor *actor, Player *player)
{
    const RunRecord *record = &actor->saved.record;
    return (Seat){.player = player,
                  .family = record->family,
                  .member = record->member,
                  .method = actor->column,
                  .seed = record->seed,
                  .note = ""};
}

void actor_free(Actor *actor)
{
    if (!actor) return;
    deployed_release(&actor->deployed);
    saved_run_release(&actor->saved);
    mem_free(actor);
}
