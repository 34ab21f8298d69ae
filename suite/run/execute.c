#include "suite/run/execute.h"

#include <string.h>

#include "results/record.h"
#include "suite/core/log.h"
#include "suite/core/mem.h"
#include "suite/run/pool.h"
#include "suite/run/runner.h"
#include "suite/run/sources.h"

// one phase: which runs it makes, and what of
typedef struct Phase {
    Execution *execution;
    Run **run; // (count)
    int count;
    SourceSet *sources; // (families of the plan), in their order; empty in the first phase
} Phase;

static const SourceSet *sources_of(const Phase *phase, const Run *run)
{
    if (run->is_source || !(run->method->needs & METHOD_NEEDS_SOURCES)) return NULL;
    return &phase->sources[run->members - phase->execution->plan->family];
}

static void tell(Execution *x, const Run *run, Status status, const char *why)
{
    if (status == STATUS_OK)
        x->made++;
    else if (status != STATUS_INTERRUPTED)
        x->failed++;
    RunOutcome outcome = {status, why, x->made + x->failed, x->plan->count - x->skipped};
    if (x->ended) x->ended(x->context, run, &outcome);
}

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

// -- what is there already

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

static Status refuse_record(const Run *run, Error *err)
{
    return error_set(err, STATUS_PARSE, "'%s/run.json' is damaged", run->folder);
}

// a run is done when all it leaves behind can be read; what cannot is set aside
static void look_at(Run *run)
{
    if (run->is_damaged) (void)file_is_whole(run, "run.json", refuse_record);
    if (!run->is_done) return;
    run->is_done = file_is_whole(run, "policy.bin", check_policy) &&
                   file_is_whole(run, "evals.csv", check_evals) &&
                   file_is_whole(run, "episodes.csv", check_episodes);
}

// the record of a finished target run names the sources it learned from
static bool has_these_sources(const Run *run, const SourceSet *set)
{
    RunRecord record;
    bool same = record_read(&record, run->folder, NULL) == STATUS_OK &&
                record.source_count == set->count;
    for (int i = 0; same && i < set->count; i++)
        same = strcmp(record.source[i].hash, set->policy[i].hash) == 0;
    record_release(&record);
    return same;
}

// -- runs

static Status make_run(void *context, int index, Error *err)
{
    Phase *phase = context;
    const Execution *x = phase->execution;
    const Run *run = phase->run[index];
    return runner_make(run, sources_of(phase, run), x->models, x->workers, err);
}

static void run_ended(void *context, int index, Status status, const char *why)
{
    Phase *phase = context;
    Run *run = phase->run[index];
    run->is_done = status == STATUS_OK;
    // a worker that died could not say so in its record
    if (status == STATUS_WORKER || status == STATUS_PHYSICS) {
        Error err = {0};
        if (runner_record_failure(run, status, why, &err) != STATUS_OK)
            log_warning("%s", err.message);
    }
    tell(phase->execution, run, status, why);
}

static Status make_phase(Phase *phase, Execution *x, Error *err)
{
    *phase = (Phase){.execution = x};
    phase->run = mem_array((size_t)x->plan->count, sizeof(Run *));
    phase->sources = mem_array((size_t)x->plan->family_count, sizeof *phase->sources);
    return phase->run && phase->sources ? STATUS_OK : error_nomem(err);
}

static void release_phase(Phase *phase)
{
    for (int f = 0; phase->sources && f < phase->execution->plan->family_count; f++)
        source_set_release(&phase->sources[f]);
    mem_free(phase->sources);
    mem_free(phase->run);
}

static Status run_phase(Phase *phase, Error *err)
{
    PoolJob job = {.count = phase->count,
                   .workers = phase->execution->workers,
                   .context = phase,
                   .work = make_run,
                   .done = run_ended};
    return phase->count ? pool_run(&job, err) : STATUS_OK;
}

static Status make_sources(Execution *x, Error *err)
{
    Phase phase;
    Status status = make_phase(&phase, x, err);
    for (int i = 0; status == STATUS_OK && i < x->plan->source_count; i++)
        if (!x->plan->run[i].is_done) phase.run[phase.count++] = &x->plan->run[i];
    if (status == STATUS_OK) status = run_phase(&phase, err);
    release_phase(&phase);
    return status;
}

// -- knowledge

static Status make_knowledge(void *context, int index, Error *err)
{
    Phase *phase = context;
    const Run *run = phase->run[index];
    return knowledge_build(run, sources_of(phase, run), phase->execution->models, err);
}

static void knowledge_ended(void *context, int index, Status status, const char *why)
{
    Phase *phase = context;
    if (status != STATUS_OK && status != STATUS_INTERRUPTED)
        log_error("cannot build '%s': %s", phase->run[index]->knowledge, why);
}

static bool is_named_before(const Phase *phase, const char *knowledge)
{
    for (int i = 0; i < phase->count; i++)
        if (strcmp(phase->run[i]->knowledge, knowledge) == 0) return true;
    return false;
}

// name the knowledge of every target run that needs some, and build what is not there
static Status build_knowledge(Phase *phase, const bool *ready, Error *err)
{
    Plan *plan = phase->execution->plan;
    Status status = STATUS_OK;
    for (int i = plan->source_count; status == STATUS_OK && i < plan->count; i++) {
        Run *run = &plan->run[i];
        Error why = {0};
        if (!run->method->build || run->is_done || !ready[run->members - plan->family])
            continue;
        status = knowledge_name(run, sources_of(phase, run), phase->execution->out, err);
        if (status == STATUS_OK && !is_named_before(phase, run->knowledge) &&
            !is_whole(run->method->check(run->knowledge, &why), run->knowledge, &why))
            phase->run[phase->count++] = run;
    }
    PoolJob job = {.count = phase->count,
                   .workers = phase->execution->workers,
                   .context = phase,
                   .work = make_knowledge,
                   .done = knowledge_ended};
    if (status == STATUS_OK && phase->count) status = pool_run(&job, err);
    phase->count = 0;
    return status;
}

// -- targets

// read the sources of each family whose runs need them; false in `ready` where one failed
static Status read_sources(Phase *phase, bool *ready, Error *err)
{
    const Plan *plan = phase->execution->plan;
    for (int f = 0; f < plan->family_count; f++) {
        Error why = {0};
        bool finished = true;
        for (int i = 0; i < plan->source_count; i++)
            if (plan->run[i].members == &plan->family[f]) finished &= plan->run[i].is_done;
        Status status = finished
                            ? source_set_read(&phase->sources[f], plan, &plan->family[f], &why)
                            : STATUS_MISSING;
        if (status == STATUS_NOMEM) return error_nomem(err);
        if (status != STATUS_OK && finished) log_error("%s", why.message);
        ready[f] = status == STATUS_OK;
    }
    return STATUS_OK;
}

// runs that cannot begin because what they need is not there
static bool lacks_sources(const Phase *phase, const Run *run, const bool *ready)
{
    if (!(run->method->needs & METHOD_NEEDS_SOURCES)) return false;
    if (!ready[run->members - phase->execution->plan->family]) return true;
    return run->method->build && !file_exists(run->knowledge);
}

// targets made from other sources than those that are there now are made again
static void forget_stale(Phase *phase, const bool *ready)
{
    Execution *x = phase->execution;
    for (int i = x->plan->source_count; i < x->plan->count; i++) {
        Run *run = &x->plan->run[i];
        const SourceSet *set = sources_of(phase, run);
        if (!run->is_done || !set || !ready[run->members - x->plan->family] ||
            has_these_sources(run, set))
            continue;
        log_warning("'%s' was made from other sources and is made again", run->folder);
        run->is_done = false;
        x->skipped--;
    }
}

static void choose_runs(Phase *phase, const bool *ready)
{
    static const char why[] = "a source that it needs failed, or its knowledge was not built";
    Plan *plan = phase->execution->plan;
    for (int i = plan->source_count; i < plan->count; i++) {
        Run *run = &plan->run[i];
        if (run->is_done) continue;
        if (!lacks_sources(phase, run, ready)) {
            phase->run[phase->count++] = run;
            continue;
        }
        Error err = {0};
        if (runner_record_failure(run, STATUS_MISSING, why, &err) != STATUS_OK)
            log_warning("%s", err.message);
        tell(phase->execution, run, STATUS_MISSING, why);
    }
}

static Status make_targets(Execution *x, Error *err)
{
    Phase phase;
    bool *ready = mem_array((size_t)x->plan->family_count, sizeof *ready);
    Status status = make_phase(&phase, x, err);
    if (!ready) status = error_nomem(err);
    if (status == STATUS_OK) status = read_sources(&phase, ready, err);
    if (status == STATUS_OK) forget_stale(&phase, ready);
    if (status == STATUS_OK) status = build_knowledge(&phase, ready, err);
    if (status == STATUS_OK) choose_runs(&phase, ready);
    if (status == STATUS_OK) status = run_phase(&phase, err);
    release_phase(&phase);
    mem_free(ready);
    return status;
}

// -- all of it

static Status clear_folders(const Plan *plan, Error *err)
{
    Status status = STATUS_OK;
    for (int i = 0; status == STATUS_OK && i < plan->count; i++)
        status = folder_remove(plan->run[i].folder, err);
    return status;
}

// under the lock: what is really there, which may be more than when the plan was made
static Status begin(Execution *x, Error *err)
{
    Status status = x->fresh ? clear_folders(x->plan, err) : plan_look(x->plan, err);
    for (int i = 0; status == STATUS_OK && i < x->plan->count; i++)
        look_at(&x->plan->run[i]);
    x->skipped = x->plan->count - plan_runs_to_do(x->plan);
    if (status == STATUS_OK)
        log_note("%d runs to do (%.4g million steps) with %d worker%s, into '%s'",
                 plan_runs_to_do(x->plan), (double)plan_steps_to_do(x->plan) / 1e6, x->workers,
                 x->workers == 1 ? "" : "s", x->out);
    return status;
}

Status plan_execute(Execution *execution, Error *err)
{
    Execution *x = execution;
    char lock[PATH_LENGTH];
    int handle;
    x->made = x->failed = 0;
    x->begun = false;

    Status status = folder_make(x->out, err);
    if (status == STATUS_OK) status = path_format(lock, err, "%s/.lock", x->out);
    if (status == STATUS_OK) status = file_lock(&handle, lock, err);
    if (status == STATUS_MISMATCH)
        return error_set(err, status,
                         "another `suite run` is working in '%s'; wait for it or use another "
                         "--out",
                         x->out);
    if (status != STATUS_OK) return status;

    status = begin(x, err);
    x->begun = status == STATUS_OK;
    if (status == STATUS_OK) status = make_sources(x, err);
    if (status == STATUS_OK) status = make_targets(x, err);
    file_unlock(handle);
    return status;
}
