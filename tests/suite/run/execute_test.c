#include "suite/run/execute.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "agents/methods.h"
#include "results/record.h"
#include "suite/core/log.h"
#include "suite/core/mem.h"
#include "suite/run/interrupt.h"
#include "tests/support/folder.h"

enum { LOG = 8192, PATIENCE_MS = 20000 };

static Plan plan;
static Execution x;
static Error err;
static Method source, dqinit; // as they are, but for the hooks below
static char path_out[PATH_LENGTH], path_log[PATH_LENGTH];
static const char *awaited; // word of the log
static char events[LOG];    // what was begun or ended, a word each, in its order

static const Override small[] = {
    {"run.steps", "120"},     {"source.steps", "160"},       {"run.episodes", "1"},
    {"agent.hidden", "8"},    {"agent.batch", "8"},          {"agent.learning_start", "50"},
    {"dqinit.states", "100"}, {"dqinit.table_states", "64"}, {"dqinit.prefit", "10"}};
enum { SMALL = sizeof small / sizeof small[0] };

// -- methods that tell what they do

// one word to the log, from whichever process; short, so written whole
static void tell(const char *family, const char *what)
{
    char line[128];
    int length = snprintf(line, sizeof line, "%s:%s ", family, what);
    int log = open(path_log, O_WRONLY | O_CREAT | O_APPEND, 0600);
    cr_assert(log >= 0 && write(log, line, (size_t)length) == length);
    (void)close(log);
}

static void read_log(void)
{
    char *data;
    size_t size;
    cr_assert(eq(int, file_read(&data, &size, path_log, LOG - 1, &err), STATUS_OK));
    memcpy(events, data, size + 1);
    mem_free(data);
}

static const char *family_in(const char *path)
{
    return strstr(path, "/pendulum/") ? "pendulum" : "reacher";
}

static Status told_build(const BuildContext *context, Error *build_err)
{
    tell(family_in(context->path), "build");
    return method_dqinit.build(context, build_err);
}

// what a killed build leaves, beside the knowledge base that is built
static void path_beside(char *path, const char *knowledge)
{
    Error path_err;
    cr_assert(eq(int, path_format(path, &path_err, "%s.tmp-1", knowledge), STATUS_OK));
}

static Status build_beside_another(const BuildContext *context, Error *build_err)
{
    char path[PATH_LENGTH];
    path_beside(path, context->path);
    test_put_file(path, "", 0);
    return told_build(context, build_err);
}

static Status build_nothing(const BuildContext *context, Error *build_err)
{
    tell(family_in(context->path), "build");
    return error_set(build_err, STATUS_RANGE, "nothing to be learned");
}

static Status fail(void *state, const RunContext *context, Error *init_err)
{
    (void)state;
    (void)context;
    return error_set(init_err, STATUS_RANGE, "no luck");
}

static Status stop_all(void *state, const RunContext *context, Error *init_err)
{
    (void)state;
    (void)context;
    (void)init_err;
    return kill(getppid(), SIGTERM) == 0 ? STATUS_OK : STATUS_IO;
}

// begin only when the awaited word is in the log
static Status wait_for_word(void *state, const RunContext *context, Error *init_err)
{
    (void)state;
    (void)context;
    const struct timespec pause = {.tv_nsec = 1000000};
    for (int ms = 0; ms < PATIENCE_MS; ms++) {
        read_log();
        if (strstr(events, awaited)) return STATUS_OK;
        (void)nanosleep(&pause, NULL);
    }
    return error_set(init_err, STATUS_RANGE, "no '%s' in: %s", awaited, events);
}

static Status forget_all(void *state, Network *network, Error *prepare_err)
{
    (void)state;
    (void)prepare_err;
    memset(network->params, 0, (size_t)network->param_count * sizeof(float));
    return STATUS_OK;
}

static void run_ended(void *context, const Run *run, const RunOutcome *outcome)
{
    (void)context;
    char what[64];
    (void)snprintf(what, sizeof what, "%s%s", run->is_source ? "source" : run->method->name,
                   outcome->status == STATUS_OK ? "" : "!");
    tell(run->members->family->name, what);
}

// -- plans

static void make_with(const char *tasks, const char *methods, const char *seeds,
                      const Override *set, int set_count)
{
    Request request = {.models = TEST_MODELS_DIR,
                       .out = path_out,
                       .tasks = tasks,
                       .members = "targets",
                       .methods = methods,
                       .seeds = seeds,
                       .label = "",
                       .set = set,
                       .set_count = set_count};
    plan_release(&plan);
    cr_assert(eq(int, plan_make(&plan, &request, &err), STATUS_OK), "%s", err.message);
    for (int i = plan.source_count; i < plan.count; i++)
        if (plan.run[i].method == &method_dqinit) plan.run[i].method = &dqinit;
}

static void make(const char *tasks, const char *methods)
{
    make_with(tasks, methods, "1", small, SMALL);
}

static void expect_execution(int workers, Status status)
{
    test_put_file(path_log, "", 0);
    x = (Execution){.plan = &plan,
                    .models = TEST_MODELS_DIR,
                    .out = path_out,
                    .workers = workers,
                    .ended = run_ended};
    cr_assert(eq(int, plan_execute(&x, &err), status), "%s", err.message);
    read_log();
}

static void execute(int workers)
{
    expect_execution(workers, STATUS_OK);
}

// how often `word` is in the log
static int times(const char *word)
{
    int count = 0;
    for (const char *at = events; (at = strstr(at, word)); at++)
        count++;
    return count;
}

// all of `first` stand before all of `then`
static void expect_before(const char *first, const char *then)
{
    const char *begin = strstr(events, then);
    cr_assert(begin != NULL, "no '%s' in: %s", then, events);
    cr_assert(strstr(events, first) != NULL, "no '%s' in: %s", first, events);
    cr_assert(strstr(begin, first) == NULL, "'%s' after '%s' in: %s", first, then, events);
}

static Run *find_run(const char *family, const char *member, const char *column)
{
    char name[2 * LABEL_LENGTH];
    for (int i = 0; i < plan.count; i++) {
        Run *run = &plan.run[i];
        run_column(run, name);
        if (strcmp(run->members->family->name, family) == 0 &&
            strcmp(run->member->name, member) == 0 && strcmp(name, column) == 0)
            return run;
    }
    cr_fatal("no run %s/%s/%s", family, member, column);
    return NULL;
}

// the sources of a family are trained by `source` and its hooks
static void hook_sources(const char *family)
{
    for (int i = 0; i < plan.source_count; i++)
        if (strcmp(plan.run[i].members->family->name, family) == 0)
            plan.run[i].method = &source;
}

static void setup(void)
{
    log_set_quiet(true);
    test_folder_make();
    (void)strcpy(path_out, test_path("out"));
    (void)strcpy(path_log, test_path("log"));
    test_put_file(path_log, "", 0);
    source = method_scratch;
    dqinit = method_dqinit;
    dqinit.build = told_build;
}

static void teardown(void)
{
    plan_release(&plan);
    test_folder_remove();
}

TestSuite(execute, .init = setup, .fini = teardown);

// -- the order

Test(execute, begins_sources_then_knowledge_then_targets_and_long_ones_first)
{
    make("pendulum,reacher", "scratch,dqinit");
    execute(1);
    cr_assert(eq(int, x.made, plan.count));
    cr_assert(eq(int, times(":source "), 8));
    expect_before("reacher:source ", "pendulum:source "); // its physics takes longer
    expect_before("source ", "build ");
    expect_before("build ", "dqinit ");
    expect_before("build ", "scratch ");
    expect_before("reacher:dqinit ", "reacher:scratch "); // which does not rehearse
    expect_before("reacher:scratch ", "pendulum:scratch ");
}

Test(execute, holds_no_run_for_sources_that_it_does_not_need)
{
    make("reacher", "dqinit,scratch");
    source.init = wait_for_word;
    awaited = "reacher:scratch ";
    hook_sources("reacher");
    execute(5);
    cr_assert(eq(int, x.failed, 0));
    cr_assert(eq(int, x.made, plan.count));
}

Test(execute, holds_no_family_for_the_sources_of_another)
{
    make("pendulum,reacher", "dqinit");
    source.init = wait_for_word;
    awaited = "reacher:dqinit ";
    hook_sources("pendulum");
    execute(9);
    cr_assert(eq(int, x.failed, 0));
    cr_assert(eq(int, x.made, plan.count));
}

Test(execute, builds_knowledge_once_although_many_need_it)
{
    make("reacher,pendulum", "dqinit");
    execute(4);
    cr_assert(eq(int, x.made, plan.count));
    cr_assert(eq(int, times("reacher:build "), 1));
    cr_assert(eq(int, times("pendulum:build "), 1));
    cr_assert(eq(int, times("reacher:dqinit "), 4));

    // nor for a run that comes later
    cr_assert(eq(int, folder_remove(find_run("reacher", "within_1", "dqinit")->folder, &err),
                 STATUS_OK));
    execute(4);
    cr_assert(eq(int, x.made, 1));
    cr_assert(eq(int, x.skipped, plan.count - 1));
    cr_assert(eq(int, times("build "), 0));
}

// -- some of the sources

static void expect_sources(const char *method, int seed, char *first, char *second)
{
    char folder[PATH_LENGTH];
    RunRecord record;
    cr_assert(
        eq(int,
           path_format(folder, &err, "%s/pendulum/within_1/%s/seed-%d", path_out, method, seed),
           STATUS_OK));
    cr_assert(eq(int, record_read(&record, folder, &err), STATUS_OK), "%s", err.message);
    cr_assert(eq(int, record.source_count, 2));
    cr_assert(eq(str, record.source[0].member, first));
    cr_assert(eq(str, record.source[1].member, second));
    if (strcmp(method, "finetune") == 0) // which takes one of them: the seed's own
        cr_assert(eq(str, record.picked_source, first));
    record_release(&record);
}

Test(execute, learns_from_as_many_sources_as_are_asked_for_round_and_round)
{
    Override two[SMALL + 1];
    memcpy(two, small, sizeof small);
    two[SMALL] = (Override){"source.count", "2"};
    make_with("pendulum", "dqinit,finetune", "0,1,3,4", two, SMALL + 1);
    execute(2);
    cr_assert(eq(int, x.failed, 0));
    cr_assert(eq(int, times("pendulum:source "), 4)); // all of them, as for everybody
    cr_assert(eq(int, times("pendulum:build "), 3));  // of 0 and 4, of 1, of 3
    expect_sources("dqinit", 0, "m0.7_l1", "m1.3_l1");
    expect_sources("dqinit", 3, "m1_l1.2", "m0.7_l1");
    expect_sources("finetune", 1, "m1.3_l1", "m1_l0.8");
    expect_sources("finetune", 3, "m1_l1.2", "m0.7_l1");
    expect_sources("finetune", 4, "m0.7_l1", "m1.3_l1");

    execute(2); // and they are what these runs are made from
    cr_assert(eq(int, x.made, 0));
}

// a worker cannot tell what a killed build left from what another is about to finish
Test(execute, clears_what_killed_builds_left_before_it_builds_and_not_while)
{
    Override two[SMALL + 1];
    char left[PATH_LENGTH], folder[PATH_LENGTH];
    FileList list;
    memcpy(two, small, sizeof small);
    two[SMALL] = (Override){"source.count", "2"};
    make_with("pendulum", "dqinit", "0,1,3", two, SMALL + 1);
    cr_assert(eq(int, path_format(folder, &err, "%s/pendulum/knowledge", path_out), STATUS_OK));
    cr_assert(eq(int, folder_make(folder, &err), STATUS_OK));
    cr_assert(eq(int, path_format(left, &err, "%s/killed.kb.tmp-1", folder), STATUS_OK));
    test_put_file(left, "", 0);

    dqinit.build = build_beside_another;
    execute(2);
    cr_assert(eq(int, times("pendulum:build "), 3));
    cr_assert(not(file_exists(left)));
    cr_assert(eq(int, folder_list(&list, folder, &err), STATUS_OK));
    cr_assert(eq(int, list.count, 6)); // three knowledge bases, and what stands beside them
    file_list_release(&list);
}

// -- what fails, and what does not

// the record of a run that could not begin says why
static void expect_held_back(const char *family, const char *member)
{
    RunRecord record;
    const Run *run = find_run(family, member, "dqinit");
    cr_assert(eq(int, record_read(&record, run->folder, &err), STATUS_OK), "%s", err.message);
    cr_assert(eq(int, record.status, RUN_FAILED));
    cr_assert(eq(str, record.reason,
                 "a source that it needs failed, or its knowledge was not built"));
    record_release(&record);
}

Test(execute, fails_with_a_source_only_what_learns_from_it)
{
    make("reacher,pendulum", "dqinit,scratch");
    source.init = fail;
    find_run("reacher", "east", "source")->method = &source;
    execute(2);
    cr_assert(eq(int, x.failed, 1 + 4));
    cr_assert(eq(int, x.made, plan.count - 5));
    cr_assert(eq(int, times("reacher:source! "), 1));
    cr_assert(eq(int, times("reacher:dqinit! "), 4));
    cr_assert(eq(int, times("reacher:build "), 0));
    cr_assert(eq(int, times("reacher:scratch "), 4));
    cr_assert(eq(int, times("pendulum:dqinit "), 4));

    expect_held_back("reacher", "within_1");

    // the same again makes what failed
    source.init = NULL;
    execute(2);
    cr_assert(eq(int, x.made, 5));
    cr_assert(eq(int, x.failed, 0));
    cr_assert(eq(int, times("reacher:build "), 1));
    cr_assert(eq(int, times("pendulum:"), 0));
}

Test(execute, fails_without_knowledge_only_what_needs_it)
{
    make("reacher", "dqinit,scratch");
    dqinit.build = build_nothing;
    execute(2);
    cr_assert(eq(int, times("reacher:build "), 1));
    cr_assert(eq(int, times("reacher:dqinit! "), 4));
    cr_assert(eq(int, times("reacher:scratch "), 4));
    cr_assert(eq(int, x.failed, 4));
    cr_assert(eq(int, x.made, 4 + 4));
    expect_held_back("reacher", "wide_1");
}

Test(execute, holds_runs_for_sources_that_are_not_distilled)
{
    dqinit = method_scratch; // but that it needs sources
    dqinit.name = method_dqinit.name;
    dqinit.needs = METHOD_NEEDS_SOURCES;
    make("reacher", "dqinit");
    source.init = fail;
    find_run("reacher", "south", "source")->method = &source;
    execute(5);
    cr_assert(eq(int, x.made, 3));
    expect_held_back("reacher", "within_1");

    source.init = NULL;
    execute(5);
    cr_assert(eq(int, x.made, 5));
    expect_before("source ", "dqinit ");
}

Test(execute, makes_again_what_was_made_from_other_sources)
{
    make("reacher,pendulum", "dqinit,scratch");
    execute(2);
    cr_assert(eq(int, x.made, plan.count));

    // a source is lost, and what takes its place has learned something else
    Run *east = find_run("reacher", "east", "source");
    cr_assert(eq(int, folder_remove(east->folder, &err), STATUS_OK));
    source.prepare = forget_all;
    east->method = &source;
    execute(2);
    cr_assert(eq(int, times("reacher:source "), 1));
    cr_assert(eq(int, times("reacher:build "), 1));
    cr_assert(eq(int, times("reacher:dqinit "), 4));
    cr_assert(eq(int, x.made, 5));
    cr_assert(eq(int, x.skipped, plan.count - 5));
}

Test(execute, fails_nobody_when_a_signal_stops_the_sources)
{
    interrupt_install();
    make("reacher", "dqinit,scratch");
    source.init = stop_all;
    hook_sources("reacher");
    expect_execution(4, STATUS_INTERRUPTED);
    cr_assert(eq(int, x.failed, 0));
    cr_assert(eq(int, times("dqinit"), 0));
    cr_assert(not(file_exists(find_run("reacher", "within_1", "dqinit")->folder)));
}
