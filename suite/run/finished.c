#include "suite/run/finished.h"

#include <string.h>

#include "results/record.h"
#include "results/trace.h"
#include "suite/core/log.h"
#include "suite/run/method_file.h"

// what a check of a file said: whole; missing; or damaged, and then set aside to be made again.
// A file that could not be looked at is left alone: whoever needs it will say why
static bool is_whole(Status checked, const char *path, const Error *why)
{
    Error err = {0};
    if (checked == STATUS_MISSING) return false;
    if (checked != STATUS_PARSE && checked != STATUS_MISMATCH) return true;
    log_warning("%s; set aside, and it will be made again", why->message);
    if (file_set_aside(path, &err) != STATUS_OK) log_warning("%s", err.message);
    return false;
}

static bool file_is_whole(const Run *run, const char *name,
                          Status (*check)(const Run *run, Error *err))
{
    char path[PATH_LENGTH];
    Error why = {0};
    if (path_format(path, &why, "%s/%s", run->folder, name) != STATUS_OK) return false;
    return is_whole(check(run, &why), path, &why);
}

static Status check_policy(const Run *run, Error *err)
{
    PolicyFile policy;
    Status status = policy_read(&policy, run->folder, run->members->family, err);
    policy_release(&policy);
    return status;
}

static Status check_evals(const Run *run, Error *err)
{
    EvalCurve curve;
    Status status = eval_curve_read(&curve, run->folder, err);
    eval_curve_release(&curve);
    return status;
}

static Status check_episodes(const Run *run, Error *err)
{
    char path[PATH_LENGTH];
    Status status = path_format(path, err, "%s/episodes.csv", run->folder);
    return status == STATUS_OK && !file_exists(path) ? STATUS_MISSING : status;
}

// whole if it is not there: not every method leaves one, and older records have none
static Status check_trace(const Run *run, Error *err)
{
    Trace trace;
    Status status = trace_read(&trace, run->folder, err);
    trace_release(&trace);
    return status == STATUS_MISSING ? STATUS_OK : status;
}

// likewise
static Status check_method(const Run *run, Error *err)
{
    Status status = method_file_check(run->folder, err);
    return status == STATUS_MISSING ? STATUS_OK : status;
}

static Status refuse_record(const Run *run, Error *err)
{
    return error_set(err, STATUS_PARSE, "'%s/run.json' is damaged", run->folder);
}

void finished_look(Run *run)
{
    if (run->is_damaged) (void)file_is_whole(run, "run.json", refuse_record);
    if (!run->is_done) return;
    run->is_done = file_is_whole(run, "policy.bin", check_policy) &&
                   file_is_whole(run, "evals.csv", check_evals) &&
                   file_is_whole(run, "episodes.csv", check_episodes) &&
                   file_is_whole(run, "trace.csv", check_trace) &&
                   file_is_whole(run, "method.bin", check_method);
}

bool finished_from(const Run *run, const SourceSet *set)
{
    RunRecord record;
    bool same = record_read(&record, run->folder, NULL) == STATUS_OK &&
                record.source_count == set->count;
    for (int i = 0; same && i < set->count; i++)
        same = strcmp(record.source[i].hash, set->policy[i].hash) == 0;
    record_release(&record);
    return same;
}

bool finished_knowledge(const Run *run)
{
    Error why = {0};
    return is_whole(run->method->check(run->knowledge, &why), run->knowledge, &why);
}
