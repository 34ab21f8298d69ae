#include "suite/run/execute.h"

#include <string.h>

#include "suite/core/log.h"
#include "suite/core/mem.h"
#include "suite/run/cost.h"
#include "suite/run/finished.h"
#include "suite/run/interrupt.h"
#include "suite/run/pool.h"
#include "suite/run/runner.h"
#include "suite/run/schedule.h"
#include "suite/run/sources.h"

// the sources of a family, once they have ended
typedef struct FamilySources {
    SourceSet set;
    bool ready; // all of them finished and could be read
} FamilySources;

// all that is to be made. Item i is run i of the plan; item count + i builds the knowledge of
// run i, the first that needs it
typedef struct Work {
    Execution *execution;
    Schedule schedule;     // (2 count)
    FamilySources *family; // (families of the plan), in their order
    Status status;         // of what is done between the items; a failure lets none begin
    Error *err;
} Work;

static bool needs_sources(const Run *run)
{
    return !run->is_source && run->method->needs & METHOD_NEEDS_SOURCES;
}

static FamilySources *family_of(const Work *work, const Run *run)
{
    return &work->family[run->members - work->execution->plan->family];
}

// what a run learns from
static SourceSet sources_of(const Work *work, const Run *run)
{
    return source_set_part(&family_of(work, run)->set, run);
}

static Item *item_of(const Work *work, const Run *run)
{
    return &work->schedule.item[run - work->execution->plan->run];
}

static Item *builder_of(const Work *work, const Run *run)
{
    return item_of(work, run) + work->execution->plan->count;
}

// -- in a worker

static Status make_item(void *context, int index, Error *err)
{
    Work *work = context;
    const Execution *x = work->execution;
    const Run *run = &x->plan->run[index % x->plan->count];
    if (!needs_sources(run)) return runner_make(run, NULL, x->models, x->workers, err);
    SourceSet set = sources_of(work, run);
    if (work->schedule.item[index].kind == ITEM_KNOWLEDGE)
        return knowledge_build(run, &set, x->models, err);
    return runner_make(run, &set, x->models, x->workers, err);
}

// -- a run ended

static void tell(Execution *x, const Run *run, Status status, const char *why)
{
    if (status == STATUS_OK)
        x->made++;
    else if (status != STATUS_INTERRUPTED)
        x->failed++;
    RunOutcome outcome = {status, why, x->made + x->failed, x->plan->count - x->skipped};
    if (x->ended) x->ended(x->context, run, &outcome);
}

static void record_failure(const Run *run, Status status, const char *why)
{
    Error err = {0};
    if (runner_record_failure(run, status, why, &err) != STATUS_OK)
        log_warning("%s", err.message);
}

static void run_ended(Execution *x, Run *run, Status status, const char *why)
{
    run->is_done = status == STATUS_OK;
    // a worker that died could not say so in its record
    if (status == STATUS_WORKER || status == STATUS_PHYSICS) record_failure(run, status, why);
    tell(x, run, status, why);
}

// -- what may begin then

// a run that waited for sources or knowledge begins if they are there
static void let_begin(Work *work, Run *run)
{
    static const char why[] = "a source that it needs failed, or its knowledge was not built";
    Item *item = item_of(work, run);
    bool lacks =
        !family_of(work, run)->ready || (run->method->build && !file_exists(run->knowledge));
    item->state = lacks ? ITEM_ENDED : ITEM_READY;
    if (!lacks) return;
    record_failure(run, STATUS_MISSING, why);
    tell(work->execution, run, STATUS_MISSING, why);
}

// the item that builds or has built the knowledge of a run; NULL if there is none yet
static const Item *find_builder(const Work *work, const Run *run)
{
    const Plan *plan = work->execution->plan;
    for (int i = plan->source_count; i < plan->count; i++) {
        const Item *builder = builder_of(work, &plan->run[i]);
        if (builder->state != ITEM_NONE && strcmp(plan->run[i].knowledge, run->knowledge) == 0)
            return builder;
    }
    return NULL;
}

// name the knowledge of a run and see that it is built, once for all runs. @param[out] held
// must the run wait for it?
static Status prepare_knowledge(Work *work, Run *run, bool *held, Error *err)
{
    SourceSet set = sources_of(work, run);
    Status status = knowledge_name(run, &set, work->execution->out, err);
    if (status != STATUS_OK) return status;
    const Item *builder = find_builder(work, run);
    if (!builder) {
        Item *own = builder_of(work, run);
        *own = (Item){finished_knowledge(run) ? ITEM_ENDED : ITEM_READY, ITEM_KNOWLEDGE,
                      cost_knowledge(run, set.count)};
        builder = own;
    }
    *held = builder->state != ITEM_ENDED;
    return STATUS_OK;
}

static void knowledge_ended(Work *work, const Run *builder, Status status, const char *why)
{
    const Plan *plan = work->execution->plan;
    if (status != STATUS_OK && status != STATUS_INTERRUPTED)
        log_error("cannot build '%s': %s", builder->knowledge, why);
    for (int i = plan->source_count; i < plan->count && !interrupt_pending(); i++) {
        Run *run = &plan->run[i];
        if (item_of(work, run)->state == ITEM_HELD &&
            strcmp(run->knowledge, builder->knowledge) == 0)
            let_begin(work, run);
    }
}

// targets made from other sources than those that are there now are made again
static void forget_stale(Work *work, Run *run)
{
    if (!run->is_done || !family_of(work, run)->ready) return;
    SourceSet set = sources_of(work, run);
    if (finished_from(run, &set)) return;
    log_warning("'%s' was made from other sources and is made again", run->folder);
    run->is_done = false;
    item_of(work, run)->state = ITEM_HELD;
    work->execution->skipped--;
}

// have the sources of a family ended, and have all of them finished?
static bool sources_ended(const Work *work, const MemberList *members, bool *finished)
{
    const Plan *plan = work->execution->plan;
    *finished = true;
    for (int i = 0; i < plan->source_count; i++) {
        const Run *run = &plan->run[i];
        if (run->members != members) continue;
        ItemState state = item_of(work, run)->state;
        if (state != ITEM_NONE && state != ITEM_ENDED) return false;
        *finished = *finished && run->is_done;
    }
    return true;
}

static Status read_sources(Work *work, const MemberList *members, bool finished, Error *err)
{
    const Plan *plan = work->execution->plan;
    FamilySources *family = &work->family[members - plan->family];
    Error why = {0};
    Status status =
        finished ? source_set_read(&family->set, plan, members, &why) : STATUS_MISSING;
    if (status == STATUS_NOMEM) return error_nomem(err);
    if (status != STATUS_OK && finished) log_error("%s", why.message);
    family->ready = status == STATUS_OK;
    return STATUS_OK;
}

// when the last source of a family has ended: what the runs that need them may do now
static Status go_on(Work *work, const MemberList *members, Error *err)
{
    const Plan *plan = work->execution->plan;
    bool finished;
    if (!sources_ended(work, members, &finished)) return STATUS_OK;
    Status status = read_sources(work, members, finished, err);

    for (int i = plan->source_count; status == STATUS_OK && i < plan->count; i++) {
        Run *run = &plan->run[i];
        if (run->members != members || !needs_sources(run)) continue;
        forget_stale(work, run);
        if (run->is_done) continue;
        bool held = false;
        if (run->method->build && family_of(work, run)->ready)
            status = prepare_knowledge(work, run, &held, err);
        if (status == STATUS_OK && !held) let_begin(work, run);
    }
    return status;
}

static void item_ended(void *context, int index, Status status, const char *why)
{
    Work *work = context;
    Execution *x = work->execution;
    Item *item = &work->schedule.item[index];
    Run *run = &x->plan->run[index % x->plan->count];
    item->state = ITEM_ENDED;
    if (item->kind == ITEM_KNOWLEDGE)
        knowledge_ended(work, run, status, why);
    else
        run_ended(x, run, status, why);
    // a source that was stopped with all the rest has not failed those that wait for it
    if (item->kind == ITEM_SOURCE && work->status == STATUS_OK && !interrupt_pending())
        work->status = go_on(work, run->members, work->err);
}

static int next_item(void *context)
{
    Work *work = context;
    return work->status == STATUS_OK ? schedule_next(&work->schedule) : POOL_END;
}

// -- all of it

static Status work_init(Work *work, Execution *x, Error *err)
{
    const Plan *plan = x->plan;
    *work = (Work){.execution = x, .err = err};
    work->family = mem_array((size_t)plan->family_count, sizeof *work->family);
    Status status =
        work->family ? schedule_init(&work->schedule, 2 * plan->count, err) : error_nomem(err);
    for (int i = 0; status == STATUS_OK && i < plan->count; i++) {
        const Run *run = &plan->run[i];
        ItemState to_do = needs_sources(run) ? ITEM_HELD : ITEM_READY;
        work->schedule.item[i] =
            (Item){run->is_done ? ITEM_NONE : to_do, run->is_source ? ITEM_SOURCE : ITEM_TARGET,
                   cost_run(run)};
    }
    // of some families all sources are there already
    for (int f = 0; status == STATUS_OK && f < plan->family_count; f++)
        status = go_on(work, &plan->family[f], err);
    return status;
}

static void work_release(Work *work)
{
    for (int f = 0; work->family && f < work->execution->plan->family_count; f++)
        source_set_release(&work->family[f].set);
    mem_free(work->family);
    schedule_release(&work->schedule);
}

static Status make_all(Execution *x, Error *err)
{
    Work work;
    PoolJob job = {.workers = x->workers,
                   .context = &work,
                   .next = next_item,
                   .work = make_item,
                   .done = item_ended};
    Status status = work_init(&work, x, err);
    if (status == STATUS_OK) status = pool_run(&job, err);
    if (status == STATUS_OK) status = work.status;
    work_release(&work);
    return status;
}

static Status clear_folders(const Plan *plan, Error *err)
{
    Status status = STATUS_OK;
    for (int i = 0; status == STATUS_OK && i < plan->count; i++)
        status = folder_remove(plan->run[i].folder, err);
    return status;
}

// what a killed build left, before there are workers: to one of them, another's file that is
// not complete yet would look the same
static Status tidy_knowledge(const Execution *x, Error *err)
{
    char folder[PATH_LENGTH];
    Status status = STATUS_OK;
    for (int i = 0; status == STATUS_OK && i < x->plan->family_count; i++) {
        status = path_format(folder, err, "%s/%s/knowledge", x->out,
                             x->plan->family[i].family->name);
        if (status == STATUS_OK && file_exists(folder)) status = folder_tidy(folder, err);
    }
    return status;
}

// under the lock: what is really there, which may be more than when the plan was made
static Status begin(Execution *x, Error *err)
{
    Status status = x->fresh ? clear_folders(x->plan, err) : plan_look(x->plan, err);
    if (status == STATUS_OK) status = tidy_knowledge(x, err);
    for (int i = 0; status == STATUS_OK && i < x->plan->count; i++)
        finished_look(&x->plan->run[i]);
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
    if (status == STATUS_OK) status = make_all(x, err);
    file_unlock(handle);
    return status;
}
