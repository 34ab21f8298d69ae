#include "suite/run/runner.h"

#include <math.h>
#include <signal.h>
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "results/record.h"
#include "suite/core/mem.h"
#include "suite/run/interrupt.h"
#include "suite/run/saved.h"
#include "tests/support/folder.h"

static Plan plan;
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
    plan_member("near_east", NULL, out);
}

static void setup(void)
{
    test_folder_make();
    plan_into(test_folder());
}

static void teardown(void)
{
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

Test(runner, writes_the_same_bytes_twice)
{
    static const char *const files[] = {"evals.csv", "episodes.csv", "policy.bin"};
    char first[PATH_LENGTH];
    cr_assert(eq(int, runner_make(&plan.run[0], NULL, TEST_MODELS_DIR, 1, &err), STATUS_OK));
    (void)strcpy(first, plan.run[0].folder);
    plan_into(test_path("again"));
    cr_assert(eq(int, runner_make(&plan.run[0], NULL, TEST_MODELS_DIR, 2, &err), STATUS_OK));
    for (int i = 0; i < 3; i++) {
        char *a, *b;
        size_t size_a, size_b;
        read_file(first, files[i], &a, &size_a);
        read_file(plan.run[0].folder, files[i], &b, &size_b);
        cr_assert(size_a == size_b && memcmp(a, b, size_a) == 0, "%s", files[i]);
        mem_free(a);
        mem_free(b);
    }
}

Test(runner, saves_a_policy_that_can_be_read_back_with_its_settings)
{
    SavedRun saved;
    cr_assert(eq(int, runner_make(&plan.run[0], NULL, TEST_MODELS_DIR, 1, &err), STATUS_OK));
    cr_assert(eq(int, saved_run_read(&saved, plan.run[0].folder, TEST_MODELS_DIR, NULL, &err),
                 STATUS_OK),
              "%s", err.message);
    cr_assert(eq(str, saved.member->name, "near_east"));
    cr_assert(eq(int, saved.settings.agent.hidden, 16));
    cr_assert(eq(int, saved.policy.network.units[1], 16));
    saved_run_release(&saved);
}

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
