#include "suite/view/live.h"

#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "suite/core/file.h"
#include "suite/core/log.h"
#include "suite/run/execute.h"
#include "suite/run/policy.h"
#include "tests/support/folder.h"

enum { STEPS = 600, CHUNK = 7 };

static const Override small[] = {
    {"run.steps", "600"},     {"source.steps", "300"},       {"run.episodes", "2"},
    {"agent.hidden", "8"},    {"agent.batch", "8"},          {"agent.learning_start", "50"},
    {"dqinit.states", "200"}, {"dqinit.table_states", "64"}, {"dqinit.prefit", "10"},
};

static char out[PATH_LENGTH];
static const char *const words[] = {"suite", NULL};
static Plan plan;
static Error err;

static void setup(void)
{
    test_folder_make();
    cr_assert(eq(int, path_format(out, &err, "%s/runs", test_folder()), STATUS_OK));
    log_set_quiet(true);
}

static void teardown(void)
{
    plan_release(&plan);
    test_folder_remove();
}

TestSuite(live, .init = setup, .fini = teardown);

static void make_plan(const char *method)
{
    Request request = {.models = TEST_MODELS_DIR,
                       .out = out,
                       .tasks = "reacher",
                       .members = "within_1",
                       .methods = method,
                       .seeds = "1-1",
                       .label = "",
                       .set = small,
                       .set_count = sizeof small / sizeof small[0]};
    cr_assert(eq(int, plan_make(&plan, &request, &err), STATUS_OK), "%s", err.message);
}

static void make_run(void)
{
    Execution x = {.plan = &plan, .models = TEST_MODELS_DIR, .out = out, .workers = 1};
    cr_assert(eq(int, plan_execute(&x, &err), STATUS_OK), "%s", err.message);
    cr_assert(eq(int, x.failed, 0));
}

static Live *begin(const char *program)
{
    Live *live;
    LiveSpec spec = {&plan, TEST_MODELS_DIR, out, program, words};
    cr_assert(eq(int, live_new(&live, &spec, &err), STATUS_OK), "%s", err.message);
    return live;
}

// looking on between the steps, with the run made already
static void expect_copy_is_the_run(const char *method)
{
    PolicyFile policy;
    make_plan(method);
    make_run();
    Live *live = begin("/bin/true");
    while (live_step(live) < STEPS)
        cr_assert(eq(int, live_go_on(live, CHUNK, &err), STATUS_OK), "%s", err.message);
    cr_assert(eq(int, live_go_on(live, CHUNK, &err), STATUS_OK));
    cr_assert(eq(i64, live_step(live), (int64_t)STEPS), "goes on past its budget");

    const Run *run = live_run(live);
    const Network *net = agent_network(live_agent(live));
    cr_assert(
        eq(int, policy_read(&policy, run->folder, run->members->family, &err), STATUS_OK));
    cr_assert(eq(int, net->param_count, policy.network.param_count));
    cr_assert(eq(int,
                 memcmp(net->params, policy.network.params,
                        (size_t)net->param_count * sizeof *net->params),
                 0));
    policy_release(&policy);
    live_free(live);
}

Test(live, shows_a_copy_that_ends_as_the_run_does)
{
    expect_copy_is_the_run("scratch");
}

Test(live, shows_a_copy_that_learned_from_the_same_sources)
{
    expect_copy_is_the_run("dqinit");
}

Test(live, waits_for_the_sources)
{
    make_plan("dqinit");
    Live *live = begin("/bin/true");
    cr_assert(eq(int, live_go_on(live, CHUNK, &err), STATUS_OK), "%s", err.message);
    cr_assert(eq(ptr, live_agent(live), NULL));
    cr_assert(eq(i64, live_step(live), (int64_t)0));
    int trained = -1;
    cr_assert(eq(int, live_sources(live, &trained), plan.source_count));
    cr_assert(eq(int, trained, 0));
    live_free(live);
}

Test(live, says_that_the_run_failed)
{
    make_plan("scratch");
    Live *live = begin("/bin/false");
    Status status = STATUS_OK;
    for (double until = clock_wall_s() + 20.0; status == STATUS_OK && clock_wall_s() < until;)
        status = live_go_on(live, 0, &err);
    cr_assert(eq(int, status, STATUS_WORKER));
    cr_assert(strstr(err.message, "did not make") != NULL, "%s", err.message);
    cr_assert(not(live_is_made(live)));
    live_free(live);
}
