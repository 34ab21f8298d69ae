#include "suite/run/runner.h"

#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "agents/methods.h"
#include "results/record.h"
#include "results/trace.h"
#include "suite/core/mem.h"
#include "suite/run/evaluate.h"
#include "suite/run/interrupt.h"
#include "suite/run/method_file.h"
#include "suite/run/saved.h"
#include "tests/support/folder.h"
#include "tests/support/solved.h"

enum { SOURCES = 3, LIMIT = 50, STILL = 4, FORWARD = 8 }; // of the reacher; some actions

static Plan plan;
static Solved solved;
static Method method;
static Error err;

static const Override small[] = {
    {"run.steps", "600"}, {"run.episodes", "3"}, {"agent.hidden", "16"}, {"agent.batch", "16"}};

static void plan_member(const char *member, const FamilyFiles *files, const char *out)
{
    Request request = {.models = TEST_MODELS_DIR,
                       .out = out,
                       .tasks = "reacher",
                       .members = member,
                       .methods = "scratch",
                       .seeds = "1",
                       .label = "",
                       .set = small,
                       .set_count = 4,
                       .files = files};
    plan_release(&plan);
    cr_assert(eq(int, plan_make(&plan, &request, &err), STATUS_OK), "%s", err.message);
}

static void plan_into(const char *out)
{
    plan_member("north_east", NULL, out);
}

static void setup(void)
{
    test_folder_make();
    plan_into(test_folder());
}

static void teardown(void)
{
    solved_release(&solved);
    plan_release(&plan);
    test_folder_remove();
}

TestSuite(runner, .init = setup, .fini = teardown);

static void read_file(const char *folder, const char *name, char **data, size_t *size)
{
    char path[PATH_LENGTH];
    cr_assert(eq(int, path_format(path, &err, "%s/%s", folder, name), STATUS_OK));
    cr_assert(eq(int, file_read(data, size, path, 1 << 20, &err), STATUS_OK), "%s",
              err.message);
}

Test(runner, leaves_a_record_that_says_what_was_done)
{
    cr_assert(eq(int, runner_make(&plan.run[0], NULL, TEST_MODELS_DIR, 1, &err), STATUS_OK),
              "%s", err.message);
    RunRecord record;
    EvalCurve curve;
    cr_assert(eq(int, record_read(&record, plan.run[0].folder, &err), STATUS_OK), "%s",
              err.message);
    cr_assert(eq(int, eval_curve_read(&curve, plan.run[0].folder, &err), STATUS_OK), "%s",
              err.message);
    cr_assert(eq(int, record.status, RUN_DONE));
    cr_assert(eq(long, (long)record.steps, 600L));
    cr_assert(eq(long, (long)record.episodes, 12L)); // of 50 steps
    cr_assert(eq(long, (long)record.updates, 401L)); // from step 200 on
    cr_assert(eq(str, record.settings_hash, plan.run[0].settings_hash));
    cr_assert(eq(int, curve.row[0].episodes, 3));
    cr_assert(eq(long, (long)curve.row[0].step, 0L));
    cr_assert(eq(long, (long)curve.row[curve.count - 1].step, 600L));
    cr_assert(ne(dbl, curve.row[0].mean, curve.row[curve.count - 1].mean));
    record_release(&record);
    eval_curve_release(&curve);
}

// two folders hold the same results
static void expect_same_bytes(const char *first, const char *second)
{
    static const char *const files[] = {"evals.csv", "episodes.csv", "policy.bin"};
    for (int i = 0; i < 3; i++) {
        char *a, *b;
        size_t size_a, size_b;
        read_file(first, files[i], &a, &size_a);
        read_file(second, files[i], &b, &size_b);
        cr_assert(size_a == size_b && memcmp(a, b, size_a) == 0, "%s of '%s'", files[i],
                  second);
        mem_free(a);
        mem_free(b);
    }
}

Test(runner, writes_the_same_bytes_twice)
{
    char first[PATH_LENGTH];
    cr_assert(eq(int, runner_make(&plan.run[0], NULL, TEST_MODELS_DIR, 1, &err), STATUS_OK));
    (void)strcpy(first, plan.run[0].folder);
    plan_into(test_path("again"));
    cr_assert(eq(int, runner_make(&plan.run[0], NULL, TEST_MODELS_DIR, 2, &err), STATUS_OK));
    expect_same_bytes(first, plan.run[0].folder);
}

Test(runner, saves_a_policy_that_can_be_read_back_with_its_settings)
{
    SavedRun saved;
    cr_assert(eq(int, runner_make(&plan.run[0], NULL, TEST_MODELS_DIR, 1, &err), STATUS_OK));
    cr_assert(eq(int, saved_run_read(&saved, plan.run[0].folder, TEST_MODELS_DIR, NULL, &err),
                 STATUS_OK),
              "%s", err.message);
    cr_assert(eq(str, saved.member->name, "north_east"));
    cr_assert(eq(int, saved.settings.agent.hidden, 16));
    cr_assert(eq(int, saved.policy.network.units[1], 16));
    saved_run_release(&saved);
}

// -- methods that act otherwise than by the network

static bool acts;

static bool still_acts(const void *state)
{
    (void)state;
    return acts;
}

// the arm is best held still
static void still_blend(void *state, const Sight *sight, float *q)
{
    (void)state;
    (void)sight;
    q[STILL] += 1e6f;
}

// make the run of a method whose training explores only, so that all learn the same
static void make_exploring(const Method *of, const char *out, EvalCurve *curve)
{
    plan_into(out);
    Run *run = &plan.run[0];
    run->method = of;
    run->settings.agent.explore = EXPLORE_FULL;
    run->settings.agent.epsilon_full = run->settings.agent.epsilon_end = 1.0;
    run->settings.run.keep = KEEP_BEST;
    cr_assert(eq(int, runner_make(run, NULL, TEST_MODELS_DIR, 1, &err), STATUS_OK), "%s",
              err.message);
    cr_assert(eq(int, eval_curve_read(curve, run->folder, &err), STATUS_OK), "%s", err.message);
}

static void make_still(void)
{
    method = method_scratch;
    method.acts = still_acts;
    method.blend = still_blend;
}

Test(runner, evaluates_the_network_too_where_what_is_deployed_is_another)
{
    EvalCurve plain, both;
    char *a, *b;
    size_t size_a, size_b;
    make_still();
    acts = true;
    make_exploring(&method_scratch, test_path("plain"), &plain);
    read_file(plan.run[0].folder, "policy.bin", &a, &size_a);
    cr_assert(eq(int, method_file_check(plan.run[0].folder, &err), STATUS_MISSING));
    make_exploring(&method, test_path("both"), &both);
    read_file(plan.run[0].folder, "policy.bin", &b, &size_b);
    cr_assert(eq(int, method_file_check(plan.run[0].folder, &err), STATUS_OK));

    cr_assert(eq(int, plain.count, EVALUATIONS));
    cr_assert(eq(int, both.count, 2 * plain.count));
    int differ = 0; // but where the network has learned to stand still
    for (int i = 0; i < plain.count; i++) {
        const EvalRow *deployed = &both.row[2 * i], *network = &both.row[2 * i + 1];
        cr_assert(eq(int, plain.row[i].policy, POLICY_DEPLOYED));
        cr_assert(eq(int, deployed->policy, POLICY_DEPLOYED));
        cr_assert(eq(int, network->policy, POLICY_NETWORK));
        cr_assert(eq(long, (long)deployed->step, (long)plain.row[i].step));
        cr_assert(eq(long, (long)network->step, (long)plain.row[i].step));
        cr_assert(eq(dbl, network->mean, plain.row[i].mean), "evaluation %d", i);
        differ += deployed->mean != network->mean;
    }
    cr_assert(lt(int, EVALUATIONS / 2, differ));
    // the best network is kept, with its own score
    cr_assert(size_a == size_b && memcmp(a, b, size_a) == 0);
    mem_free(a);
    mem_free(b);
    eval_curve_release(&plain);
    eval_curve_release(&both);
}

Test(runner, evaluates_once_where_a_method_does_not_act)
{
    EvalCurve plain, idle;
    make_still();
    acts = false;
    make_exploring(&method_scratch, test_path("plain"), &plain);
    make_exploring(&method, test_path("idle"), &idle);
    cr_assert(eq(int, method_file_check(plan.run[0].folder, &err), STATUS_MISSING));
    cr_assert(eq(int, idle.count, plain.count));
    for (int i = 0; i < plain.count; i++) {
        cr_assert(eq(int, idle.row[i].policy, POLICY_DEPLOYED));
        cr_assert(eq(dbl, idle.row[i].mean, plain.row[i].mean));
    }
    eval_curve_release(&plain);
    eval_curve_release(&idle);
}

// -- methods that tell something over time

static int rows_told;
static bool last_trained; // was the last thing that the method saw a step?

static void see_step(void *state, const Transition *t)
{
    (void)state;
    (void)t;
    last_trained = true;
}

// the first number from the second row on
static void tell_rows(void *state, const Report *report)
{
    (void)state;
    if (rows_told) report->number(report->sink, "trained", last_trained);
    report->number(report->sink, "row", rows_told++);
    last_trained = false;
}

Test(runner, traces_what_the_method_tells_at_every_evaluation)
{
    Trace trace;
    Run *run = &plan.run[0];
    method = method_scratch;
    method.observe = see_step;
    method.trace = tell_rows;
    run->method = &method;
    cr_assert(eq(int, runner_make(run, NULL, TEST_MODELS_DIR, 1, &err), STATUS_OK), "%s",
              err.message);
    cr_assert(eq(int, trace_read(&trace, run->folder, &err), STATUS_OK), "%s", err.message);

    int64_t step[EVALUATIONS];
    int points = evaluation_steps(600, step);
    cr_assert(eq(int, trace.count, 2 * points - 1));
    for (int i = 0; i < points; i++) {
        const TraceRow *row = &trace.row[2 * i];
        cr_assert(eq(i64, row->step, step[i]));
        cr_assert(eq(str, row->name, "row"));
        cr_assert(eq(dbl, row->value, i));
        if (i == 0) continue;
        cr_assert(eq(i64, row[-1].step, step[i]));
        cr_assert(eq(str, row[-1].name, "trained"));
        cr_assert(eq(dbl, row[-1].value, 1.0));
    }
    trace_release(&trace);
}

Test(runner, leaves_no_trace_of_a_method_that_tells_nothing)
{
    Trace trace;
    cr_assert(eq(int, runner_make(&plan.run[0], NULL, TEST_MODELS_DIR, 1, &err), STATUS_OK));
    cr_assert(eq(int, trace_read(&trace, plan.run[0].folder, &err), STATUS_MISSING));
}

// -- methods of one source

// the run of one, whose second of three sources stands still, which is best
static Run *teach(Pick pick, int trial)
{
    Run *run = &plan.run[0];
    method = method_scratch;
    method.needs = METHOD_NEEDS_SOURCES | METHOD_TAKES_ONE;
    run->method = &method;
    run->settings.run.source_pick = pick;
    run->settings.run.source_trial = trial;
    solved_release(&solved);
    solved_init(&solved, run, SOURCES);
    solved_always(&solved, 1, STILL);
    solved_always(&solved, 2, FORWARD);
    return run;
}

static void make_taught(Run *run, RunRecord *record, EvalCurve *curve)
{
    cr_assert(eq(int, runner_make(run, &solved.set, TEST_MODELS_DIR, 1, &err), STATUS_OK), "%s",
              err.message);
    cr_assert(eq(int, record_read(record, run->folder, &err), STATUS_OK), "%s", err.message);
    cr_assert(eq(int, eval_curve_read(curve, run->folder, &err), STATUS_OK), "%s", err.message);
    cr_assert(eq(int, record->status, RUN_DONE));
    cr_assert(eq(int, record->source_count, SOURCES));
}

// NaN if it was not told
static double diagnostic(const RunRecord *record, const char *name)
{
    for (int i = 0; i < record->diagnostic_count; i++)
        if (strcmp(record->diagnostic[i].name, name) == 0) return record->diagnostic[i].value;
    return (double)NAN;
}

static void expect_points(const EvalCurve *curve, int64_t budget)
{
    int64_t step[EVALUATIONS];
    cr_assert(eq(int, curve->count, evaluation_steps(budget, step)));
    for (int i = 0; i < curve->count; i++)
        cr_assert(eq(long, (long)curve->row[i].step, (long)step[i]));
}

Test(runner, records_the_source_of_the_seed)
{
    RunRecord record;
    EvalCurve curve;
    Run *run = teach(PICK_SEED, 1);
    run->seed = 5;
    make_taught(run, &record, &curve);
    cr_assert(eq(str, record.picked_source, "west")); // number 5 mod 3
    cr_assert(isnan(diagnostic(&record, "trial_steps")));
    cr_assert(eq(long, (long)record.updates, 401L)); // as scratch
    record_release(&record);
    eval_curve_release(&curve);
}

Test(runner, records_that_all_sources_were_taken)
{
    RunRecord record;
    EvalCurve curve;
    make_taught(teach(PICK_ALL, 1), &record, &curve);
    cr_assert(eq(str, record.picked_source, "all"));
    cr_assert(isnan(diagnostic(&record, "trial_steps")));
    cr_assert(eq(long, (long)record.updates, 401L));
    record_release(&record);
    eval_curve_release(&curve);
}

// a run of a method that learns from the one source there is
static void make_of_only_source(const char *name, Pick pick, const char *out)
{
    static const Override fewer[] = {{"run.steps", "400"},     {"run.episodes", "3"},
                                     {"agent.hidden", "8"},    {"agent.layers", "1"},
                                     {"agent.batch", "16"},    {"distill.states", "300"},
                                     {"distill.updates", "50"}};
    Request request = {.models = TEST_MODELS_DIR,
                       .out = out,
                       .tasks = "reacher",
                       .members = "north_east",
                       .methods = name,
                       .seeds = "1",
                       .label = "",
                       .set = fewer,
                       .set_count = 7};
    plan_release(&plan);
    cr_assert(eq(int, plan_make(&plan, &request, &err), STATUS_OK), "%s", err.message);
    Run *run = &plan.run[plan.count - 1];
    run->settings.run.source_pick = pick;
    solved_release(&solved);
    solved_init(&solved, run, 1);
    solved_at_random(&solved, 0);
    if (run->method->build) {
        cr_assert(eq(int, folder_make(test_path("knows"), &err), STATUS_OK));
        cr_assert(
            eq(int, knowledge_name(run, &solved.set, test_path("knows"), &err), STATUS_OK));
        cr_assert(eq(int, knowledge_build(run, &solved.set, TEST_MODELS_DIR, &err), STATUS_OK),
                  "%s", err.message);
    }
    cr_assert(eq(int, runner_make(run, &solved.set, TEST_MODELS_DIR, 1, &err), STATUS_OK), "%s",
              err.message);
}

Test(runner, makes_the_same_bytes_of_all_sources_as_of_one_if_there_is_one)
{
    static const char *const name[] = {"finetune", "distill"};
    for (int m = 0; m < 2; m++) {
        char first[PATH_LENGTH];
        make_of_only_source(name[m], PICK_SEED, test_path("one"));
        (void)strcpy(first, plan.run[plan.count - 1].folder);
        make_of_only_source(name[m], PICK_ALL, test_path("all"));
        expect_same_bytes(first, plan.run[plan.count - 1].folder);
    }
}

// the bytes of knowledge that a run of `needs` records, perhaps with a file of 3001 bytes
static int64_t carried(Pick pick, unsigned needs, bool with_file)
{
    static const char file[3001];
    RunRecord record;
    EvalCurve curve;
    Run *run = teach(pick, 1);
    method.needs = needs;
    test_put_file(test_path("knowledge"), file, sizeof file);
    (void)snprintf(run->knowledge, PATH_LENGTH, "%s", with_file ? test_path("knowledge") : "");
    make_taught(run, &record, &curve);
    int64_t bytes = record.knowledge_bytes;
    record_release(&record);
    eval_curve_release(&curve);
    return bytes;
}

Test(runner, weighs_what_is_carried_over_from_one_source_or_from_all)
{
    unsigned all = METHOD_NEEDS_SOURCES, one = all | METHOD_TAKES_ONE;
    cr_assert(eq(i64, carried(PICK_BEST, all, false), 0));
    cr_assert(eq(i64, carried(PICK_BEST, all, true), 3001));
    int64_t network = carried(PICK_BEST, one, false);
    cr_assert(eq(i64, network, 4L * solved.policy[1].network.param_count));
    cr_assert(eq(i64, carried(PICK_BEST, one, true), network + 3001 / SOURCES));
    cr_assert(eq(i64, carried(PICK_ALL, one, true), SOURCES * network + 3001));
    cr_assert(eq(i64, carried(PICK_ALL, all, true), 3001)); // asked of who takes them anyway
}

Test(runner, charges_the_trial_of_the_sources_and_records_the_best)
{
    enum { TRIAL = 2, TRIED = SOURCES * TRIAL * LIMIT };
    RunRecord record;
    EvalCurve curve;
    make_taught(teach(PICK_BEST, TRIAL), &record, &curve);
    cr_assert(eq(str, record.picked_source, "north")); // number 1, though the seed is 0
    cr_assert(eq(dbl, diagnostic(&record, "trial_steps"), TRIED));
    cr_assert(eq(long, (long)record.steps, 600L));
    cr_assert(eq(long, (long)record.episodes, 600L / LIMIT));
    cr_assert(eq(long, (long)record.updates, 600L - TRIED - 199)); // learning starts after it
    cr_assert(eq(int, record.warning_count, 0));
    expect_points(&curve, 600);
    record_release(&record);
    eval_curve_release(&curve);
}

Test(runner, ends_with_its_budget_though_the_trial_has_not)
{
    RunRecord record;
    EvalCurve curve;
    for (int more = 0; more < 2; more++) { // the trial ends with the budget, or not
        make_taught(teach(PICK_BEST, 4 + more), &record, &curve);
        cr_assert(eq(str, record.picked_source, more ? "east" : "north"));
        cr_assert(eq(dbl, diagnostic(&record, "trial_steps"), 600.0));
        cr_assert(eq(long, (long)record.steps, 600L));
        cr_assert(eq(long, (long)record.updates, 0L));
        cr_assert(eq(int, record.warning_count, 1));
        const char *says = record.warning[0];
        cr_assert(strstr(says, "run.steps=600 and nothing was learned") != NULL, "%s", says);
        cr_assert(eq(int, strstr(says, "had not ended") != NULL, more), "%s", says);
        expect_points(&curve, 600);
        record_release(&record);
        eval_curve_release(&curve);
    }
}

Test(runner, picks_no_source_for_a_method_of_all_or_none)
{
    RunRecord record;
    EvalCurve curve;
    Run *run = teach(PICK_BEST, 1);
    method.needs = METHOD_NEEDS_SOURCES;
    make_taught(run, &record, &curve);
    cr_assert(eq(str, record.picked_source, ""));
    cr_assert(isnan(diagnostic(&record, "trial_steps")));
    cr_assert(eq(long, (long)record.updates, 401L));
    record_release(&record);
    eval_curve_release(&curve);
}

// -- what is saved

static void read_file_of(FamilyFiles *files, const char *goal)
{
    Text text = TEXT_INIT;
    const char *path = test_path("mine.json");
    text_printf(&text,
                "{\"family\": \"reacher\", \"members\": [{\"name\": \"mine\", \"role\": "
                "\"target\", \"parameters\": {\"goal_x\": %s}}]}",
                goal);
    test_put_file(path, text.data, text.length);
    text_release(&text);
    cr_assert(eq(int, family_files_read(files, &path, 1, &err), STATUS_OK), "%s", err.message);
}

Test(runner, saves_a_members_parameters_for_when_its_file_is_gone_or_changed)
{
    SavedRun saved;
    FamilyFiles files;
    read_file_of(&files, "0.125");
    plan_member("mine", &files, test_folder());
    family_files_release(&files);
    const char *folder = plan.run[0].folder;
    cr_assert(eq(int, runner_make(&plan.run[0], NULL, TEST_MODELS_DIR, 1, &err), STATUS_OK),
              "%s", err.message);

    cr_assert(eq(int, saved_run_read(&saved, folder, TEST_MODELS_DIR, NULL, &err), STATUS_OK),
              "%s", err.message);
    cr_assert(eq(str, saved.member->name, "mine"));
    cr_assert(eq(dbl, saved.member->param[0], 0.125));
    cr_assert(eq(dbl, saved.member->param[2], 0.2)); // the base's, which the file did not name
    saved_run_release(&saved);

    read_file_of(&files, "0.125");
    cr_assert(eq(int, saved_run_read(&saved, folder, TEST_MODELS_DIR, &files, &err), STATUS_OK),
              "%s", err.message);
    cr_assert(eq(dbl, saved.member->param[0], 0.125));
    saved_run_release(&saved);
    family_files_release(&files);

    read_file_of(&files, "0.0625");
    cr_assert(eq(int, saved_run_read(&saved, folder, TEST_MODELS_DIR, &files, &err),
                 STATUS_MISMATCH));
    cr_assert(strstr(err.message, "(goal_x=0.125 there, goal_x=0.0625 now)") != NULL, "%s",
              err.message);
    saved_run_release(&saved);
    family_files_release(&files);
}

Test(runner, records_why_it_failed)
{
    cr_assert(eq(int, runner_make(&plan.run[0], NULL, "/no/models", 1, &err), STATUS_MISSING));
    RunRecord record;
    cr_assert(eq(int, record_read(&record, plan.run[0].folder, NULL), STATUS_OK));
    cr_assert(eq(int, record.status, RUN_FAILED));
    cr_assert(strstr(record.reason, "/no/models") != NULL, "%s", record.reason);
    record_release(&record);
}

Test(runner, stops_at_a_signal_and_says_so)
{
    interrupt_install();
    cr_assert(eq(int, raise(SIGTERM), 0));
    cr_assert(
        eq(int, runner_make(&plan.run[0], NULL, TEST_MODELS_DIR, 1, &err), STATUS_INTERRUPTED));
    RunRecord record;
    cr_assert(eq(int, record_read(&record, plan.run[0].folder, NULL), STATUS_OK));
    cr_assert(eq(int, record.status, RUN_INTERRUPTED));
    record_release(&record);
}

Test(runner, says_when_there_is_no_memory)
{
    Status status = STATUS_NOMEM;
    int fail = 0;
    for (; status != STATUS_OK; fail++) {
        mem_fail_at(fail);
        status = runner_make(&plan.run[0], NULL, TEST_MODELS_DIR, 1, &err);
        mem_fail_at(-1);
        cr_assert(status == STATUS_OK || status == STATUS_NOMEM, "failing request %d: %s", fail,
                  err.message);
    }
    cr_assert(lt(int, 20, fail), "%d", fail);
}

Test(runner, says_when_there_is_no_memory_for_a_trial)
{
    Status status = STATUS_NOMEM;
    int fail = 0;
    Run *run = teach(PICK_BEST, 1);
    for (; status != STATUS_OK; fail++) {
        mem_fail_at(fail);
        status = runner_make(run, &solved.set, TEST_MODELS_DIR, 1, &err);
        mem_fail_at(-1);
        cr_assert(status == STATUS_OK || status == STATUS_NOMEM, "failing request %d: %s", fail,
                  err.message);
    }
    cr_assert(lt(int, 20, fail), "%d", fail);
}
