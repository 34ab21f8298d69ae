#include "suite/run/deployed.h"

#include <stdio.h>
#include <string.h>

#include "suite/core/mem.h"
#include "suite/run/member_record.h"
#include "suite/run/method_file.h"
#include "suite/run/registry.h"

enum { SEED, COLUMN, MEMBER, FAMILY }; // folders above that of a run: FAMILY is OUT/<family>

// -- sources

// the source as it was trained; records of schema version 1 do not say as what
static Status find_member(Member *out, const char *folder, const SavedRun *saved, Error *err)
{
    RunRecord record;
    Status status = record_read(&record, folder, err);
    if (status == STATUS_OK && record.param_count > 0) {
        status = member_record_get(out, &record, saved->members.family, folder, err);
    } else if (status == STATUS_OK) {
        const Member *known;
        status = plan_find_member(&known, &saved->members, record.member, err);
        if (status == STATUS_OK) *out = *known;
    }
    record_release(&record);
    return status;
}

static Status read_source(DeployedRun *d, const SavedRun *saved, const char *family, Error *err)
{
    int i = d->sources.count++; // also after a failure, so that it is released
    const RecordSource *record = &saved->record.source[i];
    PolicyFile *policy = &d->sources.policy[i];
    Run *run = &d->source[i];
    *run = (Run){.members = &saved->members,
                 .member = &d->member[i],
                 .method = saved->settings.method,
                 .is_source = true,
                 .seed = record->seed};
    d->sources.run[i] = run;
    Status status = path_format(run->folder, err, "%s/%s/source/seed-%d", family,
                                record->member, record->seed);
    if (status == STATUS_OK)
        status = policy_read(policy, run->folder, saved->members.family, err);
    if (status == STATUS_OK) status = find_member(&d->member[i], run->folder, saved, err);
    if (status != STATUS_OK)
        return error_wrap(err, status, "source '%s' is not there", record->member);
    if (strcmp(policy->hash, record->hash) == 0) return STATUS_OK;
    return error_set(err, STATUS_MISMATCH,
                     "'%s/policy.bin' is not the one that the run learned from", run->folder);
}

static Status read_sources(DeployedRun *d, const SavedRun *saved, const char *folder,
                           Error *err)
{
    char family[PATH_LENGTH];
    size_t count = (size_t)saved->record.source_count;
    d->source = mem_array(count, sizeof *d->source);
    d->member = mem_array(count, sizeof *d->member);
    d->sources = (SourceSet){.members = &saved->members,
                             .run = mem_array(count, sizeof(Run *)),
                             .policy = mem_array(count, sizeof(PolicyFile))};
    if (!d->source || !d->member || !d->sources.run || !d->sources.policy)
        return error_nomem(err);
    Status status = path_above(family, folder, FAMILY, err);
    for (size_t i = 0; status == STATUS_OK && i < count; i++)
        status = read_source(d, saved, family, err);
    return status;
}

// -- knowledge

// its name says what it was made from and how, so that one that this program would name
// otherwise is another's
static Status find_knowledge(DeployedRun *d, const SavedRun *saved, const char *folder,
                             Error *err)
{
    char out[PATH_LENGTH];
    const RunRecord *record = &saved->record;
    if (!d->run.method->build) return STATUS_OK;
    Status status = path_above(out, folder, FAMILY + 1, err);
    if (status == STATUS_OK) status = knowledge_name(&d->run, &d->sources, out, err);
    if (status != STATUS_OK) return status;
    if (strcmp(d->run.knowledge_hash, record->knowledge_hash) != 0)
        return error_set(err, STATUS_MISMATCH,
                         "the run learned from knowledge '%s', and '%s' makes another of its "
                         "sources now",
                         record->knowledge_hash, d->run.method->name);
    if (!file_exists(d->run.knowledge))
        return error_set(err, STATUS_MISSING, "the knowledge '%s' is gone", d->run.knowledge);
    return STATUS_OK;
}

// -- method and network

// a run that deployed more than its network was judged by both
static Status acted_otherwise(bool *out, const SavedRun *saved, const char *folder, Error *err)
{
    EvalCurve curve;
    *out = false;
    if (!saved->settings.method->acts) return STATUS_OK;
    Status status = eval_curve_read(&curve, folder, err);
    for (int i = 0; i < curve.count; i++)
        *out = *out || curve.row[i].policy == POLICY_NETWORK;
    eval_curve_release(&curve);
    return status;
}

static Status check_method(const char *folder, Error *err)
{
    char path[PATH_LENGTH];
    Status status = path_format(path, err, "%s/method.bin", folder);
    if (status != STATUS_OK || file_exists(path)) return status;
    return error_set(
        err, STATUS_MISSING,
        "'%s' has no method.bin: it was made before runs left one; make it again with --fresh",
        folder);
}

static TrainerPast past_of(const RunRecord *record)
{
    TrainerPast past = {.picked = record->picked_source};
    for (int i = 0; i < record->diagnostic_count; i++)
        if (strcmp(record->diagnostic[i].name, "trial_steps") == 0)
            past.trial_steps = (int64_t)record->diagnostic[i].value;
    return past;
}

// the method as the run began with it, and then as it ended
static Status restore(DeployedRun *d, const SavedRun *saved, const char *folder, Error *err)
{
    Status status = check_method(folder, err);
    if (status == STATUS_OK) status = read_sources(d, saved, folder, err);
    if (status == STATUS_OK) status = find_knowledge(d, saved, folder, err);
    const SourceSet *sources = d->sources.count ? &d->sources : NULL;
    if (status == STATUS_OK)
        status = trainer_recall(&d->trainer, &d->run, sources, past_of(&saved->record), err);
    return status == STATUS_OK ? method_file_read(&d->run, d->trainer.method, err) : status;
}

// an agent that is its network and nothing more
static Status begin_plain(DeployedRun *d, Error *err)
{
    Status status = method_find(&d->run.method, "scratch", err);
    if (status != STATUS_OK) return status;
    return trainer_recall(&d->trainer, &d->run, NULL, (TrainerPast){.picked = ""}, err);
}

static Status adopt(DeployedRun *d, const Network *net, const char *folder, Error *err)
{
    const Network *own = agent_network(d->trainer.agent);
    bool fits = own->layers == net->layers;
    for (int i = 0; fits && i <= own->layers; i++)
        fits = own->units[i] == net->units[i];
    if (!fits)
        return error_set(err, STATUS_MISMATCH,
                         "the network in '%s/policy.bin' has another shape than run.json says",
                         folder);
    agent_adopt(d->trainer.agent, net);
    d->agent = d->trainer.agent;
    return STATUS_OK;
}

Status deployed_init(DeployedRun *d, const SavedRun *saved, const char *folder,
                     EvalPolicy policy, Error *err)
{
    bool otherwise = false;
    *d = (DeployedRun){.run = {.members = &saved->members,
                               .member = saved->member,
                               .method = saved->settings.method,
                               .seed = saved->record.seed,
                               .settings = saved->settings}};
    (void)snprintf(d->run.settings_hash, HASH_TEXT, "%.*s", HASH_TEXT - 1,
                   saved->record.settings_hash);
    Status status = path_format(d->run.folder, err, "%s", folder);
    if (status == STATUS_OK && policy == POLICY_DEPLOYED)
        status = acted_otherwise(&otherwise, saved, folder, err);
    if (status == STATUS_OK)
        status = otherwise ? restore(d, saved, folder, err) : begin_plain(d, err);
    return status == STATUS_OK ? adopt(d, &saved->policy.network, folder, err) : status;
}

void deployed_release(DeployedRun *d)
{
    trainer_release(&d->trainer);
    source_set_release(&d->sources);
    mem_free(d->source);
    mem_free(d->member);
    *d = (DeployedRun){0};
}
