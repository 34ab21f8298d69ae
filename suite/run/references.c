#include "suite/run/references.h"

#include <stdio.h>
#include <string.h>

#include "results/stats.h"
#include "suite/core/log.h"
#include "suite/core/mem.h"
#include "suite/env/env.h"
#include "suite/env/physics.h"
#include "suite/run/evaluate.h"
#include "suite/run/identity.h"
#include "suite/run/interrupt.h"
#include "suite/run/registry.h"

// a source's score is the best of its evaluations, so it lies above the mean that its reference
// is; what still stays a fifth of the way short has not solved its task
static const double enough = 0.8;

Status references_path(char path[PATH_LENGTH], const char *models, const char *family,
                       Error *err)
{
    return path_format(path, err, "%s/%s/references.json", models, family);
}

static Status name_task(char task[RECORD_NAME], const Run *run, Error *err)
{
    RunRecord record;
    Status status = run_identify(&record, run, err);
    if (status == STATUS_OK) record_task(&record, task);
    record_release(&record);
    return status;
}

// the tasks of the family's own members, at its own settings
static Status name_tasks(ReferenceList *list, const char *models, const TaskFamily *family,
                         Error *err)
{
    MemberList members = {0};
    Run probe = {.members = &members};
    Status status = method_find(&probe.method, "scratch", err);
    if (status == STATUS_OK) status = plan_read_members(&members, family, models, err);
    if (status == STATUS_OK) status = settings_init(&probe.settings, family, probe.method, err);
    if (status == STATUS_OK) status = settings_set_family(&probe.settings, &members, err);
    for (int i = 0; status == STATUS_OK && i < list->count; i++) {
        probe.member = members_find(&members, list->member[i].member);
        if (probe.member) status = name_task(list->member[i].task, &probe, err);
    }
    settings_release(&probe.settings);
    members_release(&members);
    return status;
}

Status references_read(ReferenceList *out, const char *models, const TaskFamily *family,
                       Error *err)
{
    char path[PATH_LENGTH];
    *out = (ReferenceList){0};
    Status status = references_path(path, models, family->name, err);
    if (status != STATUS_OK || !file_exists(path)) return status;
    status = reference_read(out, family->name, path, err);
    return status == STATUS_OK ? name_tasks(out, models, family, err) : status;
}

Status references_score(double *normalised, const Run *run, double score, Error *err)
{
    char task[RECORD_NAME];
    const Reference *reference =
        run->references ? reference_find(run->references, run->member->name) : NULL;
    Status status = name_task(task, run, err);
    if (reference && strcmp(reference->task, task) != 0) reference = NULL;
    *normalised = reference_value(reference, score);
    return status;
}

bool references_short(double normalised)
{
    return normalised < enough;
}

// -- random actions

typedef struct Dice {
    RngStream rng;
    int actions;
} Dice;

static int throw_dice(void *dice, const Sight *sight)
{
    Dice *d = dice;
    (void)sight;
    return rng_below(&d->rng, d->actions);
}

static double play_at_random(Env *env, uint64_t key)
{
    double episode_return;
    Dice dice = {rng_stream(key, RNG_RANDOM, 0), env_family(env)->action_count};
    EvalStarts start = {key, SERIES_RANDOM, 1};
    (void)evaluate(env, throw_dice, &dice, start, &episode_return);
    return episode_return;
}

Status references_random(double *mean, const Run *run, const char *models, int episodes,
                         Error *err)
{
    const TaskFamily *family = run->members->family;
    Env *env = NULL;
    double *returns = mem_array((size_t)episodes, sizeof *returns);
    Status status = returns ? STATUS_OK : error_nomem(err);
    if (status == STATUS_OK)
        status = env_new(&env, family, models, run->member, run->settings.task, err);
    for (int i = 0; status == STATUS_OK && i < episodes; i++) {
        if (interrupt_pending())
            status =
                error_set(err, STATUS_INTERRUPTED, "stopped at episode %d of %d", i, episodes);
        else
            returns[i] = play_at_random(env, stream_key(family->name, run->member->name, i));
    }
    if (status == STATUS_OK) *mean = stats_mean(returns, episodes);
    env_free(env);
    mem_free(returns);
    return status;
}

// -- a new file

static Status begin(ReferenceList *out, const ReferenceMaking *making,
                    const MemberList *members, Error *err)
{
    Status status = reference_init(out, members->count, err);
    if (status != STATUS_OK) return status;
    (void)snprintf(out->family, sizeof out->family, "%s", members->family->name);
    (void)snprintf(out->mujoco, sizeof out->mujoco, "%s", physics_version());
    (void)snprintf(out->column, sizeof out->column, "%s", making->column);
    out->task_version = members->family->version;
    out->episodes = making->episodes;
    for (int m = 0; m < members->count; m++)
        (void)snprintf(out->member[m].member, RECORD_NAME, "%s", members->member[m].name);
    return STATUS_OK;
}

static const Run *find_run(const Plan *plan, const Member *member)
{
    for (int i = 0; i < plan->count; i++)
        if (plan->run[i].member == member) return &plan->run[i];
    return NULL;
}

Status references_make(ReferenceList *out, const ReferenceMaking *making,
                       const MemberList *members, Error *err)
{
    Status status = begin(out, making, members, err);
    for (int m = 0; status == STATUS_OK && m < members->count; m++)
        status =
            name_task(out->member[m].task, find_run(making->plan, &members->member[m]), err);
    if (status == STATUS_OK) status = reference_long(out, making->runs, err);
    for (int m = 0; status == STATUS_OK && m < members->count; m++) {
        Reference *reference = &out->member[m];
        status =
            references_random(&reference->random, find_run(making->plan, &members->member[m]),
                              making->models, making->episodes, err);
        if (status == STATUS_OK)
            log_progress("[%d/%d] %s/%s: random %.4g, long %.4g", m + 1, members->count,
                         out->family, reference->member, reference->random,
                         reference->long_run);
    }
    return status;
}
