#include "results/collect.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "suite/core/file.h"
#include "suite/core/mem.h"
#include "suite/core/text.h"

static char out[] = "/tmp/suite-collect-XXXXXX";
static Collection found;
static Error err;

static void setup(void)
{
    cr_assert(ne(ptr, mkdtemp(out), NULL));
    found = (Collection){.role = "target"};
}

static void teardown(void)
{
    collect_release(&found);
    cr_assert(eq(int, folder_remove(out, &err), STATUS_OK));
}

static RunRecord record_of(const char *family, const char *member, const char *method, int seed)
{
    RunRecord record = {.role = "target",
                        .mujoco = "2.2.2",
                        .seed = seed,
                        .status = RUN_DONE,
                        .task_version = 1,
                        .steps = 1000,
                        .knowledge_bytes = 77};
    strcpy(record.family, family);
    strcpy(record.member, member);
    strcpy(record.method, method);
    return record;
}

static void folder_of(char path[PATH_LENGTH], const RunRecord *record)
{
    cr_assert(eq(int,
                 path_format(path, &err, "%s/%s/%s/%s%s%s/seed-%d", out, record->family,
                             record->member, record->method, *record->label ? "+" : "",
                             record->label, record->seed),
                 STATUS_OK));
}

static void write_run(const RunRecord *record)
{
    static const int steps[] = {0, 50, 100, 900, 1000};
    char path[PATH_LENGTH];
    EvalCurve curve;
    folder_of(path, record);
    cr_assert(eq(int, folder_make(path, &err), STATUS_OK));
    cr_assert(eq(int, record_write(record, path, &err), STATUS_OK));
    cr_assert(eq(int, eval_curve_init(&curve, 8, 2, &err), STATUS_OK));
    for (int i = 0; i < 5; i++)
        eval_curve_add(
            &curve, steps[i], POLICY_DEPLOYED,
            &(EvalSample){(double[]){steps[i] + record->seed, steps[i] - 3}, 2, 10, 0});
    eval_curve_add(&curve, 0, POLICY_NETWORK, &(EvalSample){(double[]){-50}, 1, 10, 0});
    cr_assert(eq(int, eval_curve_write(&curve, path, &err), STATUS_OK));
    eval_curve_release(&curve);
}

static void write_text(const char *below, const char *text)
{
    char path[PATH_LENGTH];
    cr_assert(eq(int, path_format(path, &err, "%s/%s", out, below), STATUS_OK));
    cr_assert(eq(int, file_write(path, text, strlen(text), &err), STATUS_OK), "%s",
              err.message);
}

static void collect(void)
{
    cr_assert(eq(int, collect_folder(&found, out, &err), STATUS_OK), "%s", err.message);
    cr_assert(eq(int, collect_finish(&found, false, &err), STATUS_OK), "%s", err.message);
}

// the only warning, without the path of the folder at its start
static void expect_warning(const char *part)
{
    cr_assert(eq(int, found.warning_count, 1));
    cr_assert(ne(ptr, strstr(found.warning[0], part), NULL), "'%s' lacks '%s'",
              found.warning[0], part);
}

TestSuite(collect, .init = setup, .fini = teardown);

Test(collect, reads_a_run_and_what_its_curve_is_worth)
{
    RunRecord record = record_of("pendulum", "m1", "dqinit", 13);
    strcpy(record.label, "frozen");
    write_run(&record);
    collect();

    cr_assert(eq(int, found.warning_count, 0));
    cr_assert(eq(int, found.done.count, 1));
    const RunSummary *run = found.done.run;
    cr_assert(eq(str, run->family, "pendulum"));
    cr_assert(eq(str, run->member, "m1"));
    cr_assert(eq(str, run->role, "target"));
    cr_assert(eq(str, run->column, "dqinit+frozen"));
    cr_assert(eq(str, run->mujoco, "2.2.2"));
    cr_assert(eq(int, run->seed, 13));
    cr_assert(eq(i64, run->budget, 1000));
    cr_assert(eq(i64, run->knowledge_bytes, 77));
    cr_assert(eq(dbl, run->metric[POLICY_DEPLOYED][0], 5.0)); // (13 - 3) / 2 at step 0
    cr_assert(eq(dbl, run->metric[POLICY_NETWORK][0], -50.0));
    cr_assert(eq(dbl, run->metric[POLICY_DEPLOYED][4], 955.0)); // final
}

Test(collect, sorts_whatever_the_order_of_finding)
{
    static const char *const order[] = {
        "hopper/x/scratch/seed-0",     "pendulum/m1/scratch/seed-2",
        "pendulum/m1/scratch/seed-10", "pendulum/m1/dqinit/seed-0",
        "pendulum/m1/finetune/seed-0", "pendulum/m2/scratch/seed-0",
    };
    static const struct {
        const char *family, *member, *method;
        int seed;
    } made[] = {{"pendulum", "m1", "scratch", 10}, {"pendulum", "m2", "scratch", 0},
                {"pendulum", "m1", "finetune", 0}, {"pendulum", "m1", "dqinit", 0},
                {"pendulum", "m1", "scratch", 2},  {"hopper", "x", "scratch", 0}};
    for (int i = 0; i < 6; i++) {
        RunRecord record =
            record_of(made[i].family, made[i].member, made[i].method, made[i].seed);
        char path[PATH_LENGTH];
        write_run(&record);
        folder_of(path, &record);
        cr_assert(eq(int, collect_run(&found, path, &err), STATUS_OK));
    }
    cr_assert(eq(int, collect_finish(&found, false, &err), STATUS_OK));
    cr_assert(eq(int, found.done.count, 6));
    for (int i = 0; i < 6; i++) {
        char path[RUN_PATH];
        collect_run_path(&found.done.run[i], path);
        cr_assert(eq(str, path, order[i]));
    }
}

Test(collect, sources_knowledge_and_stray_files_are_not_runs)
{
    RunRecord record = record_of("pendulum", "m1", "source", 0);
    write_run(&record);
    record = record_of("pendulum", "knowledge", "dqinit", 0);
    write_run(&record);
    record = record_of("pendulum", "m1", "scratch", 0);
    write_run(&record);
    write_text("notes.txt", "a file among families");
    write_text("pendulum/lock", "a file among members");
    write_text("pendulum/m1/scratch/seed-1", "a file among seeds");
    collect();
    cr_assert(eq(int, found.done.count, 1));
    cr_assert(eq(int, found.warning_count, 0));
}

Test(collect, takes_the_role_it_was_asked_for)
{
    static const char *const roles[] = {"source", "tune", "target"};
    for (int i = 0; i < 3; i++) {
        RunRecord record = record_of("pendulum", roles[i], "scratch", i);
        strcpy(record.role, roles[i]);
        write_run(&record);
    }
    for (int i = 0; i < 3; i++) {
        collect_release(&found);
        found.role = roles[i];
        collect();
        cr_assert(eq(int, found.done.count, 1));
        cr_assert(eq(int, found.done.run[0].seed, i));
    }
    collect_release(&found);
    found.role = NULL;
    collect();
    cr_assert(eq(int, found.done.count, 3));
    cr_assert(eq(str, found.done.run[0].role, "target"));
    cr_assert(eq(str, found.done.run[1].role, "tune"));
}

Test(collect, runs_that_are_not_done_are_listed_apart)
{
    static const RunStatus status[] = {RUN_RUNNING, RUN_FAILED, RUN_INTERRUPTED, RUN_DONE};
    for (int i = 0; i < 4; i++) {
        RunRecord record = record_of("pendulum", "m1", "scratch", i);
        record.status = status[i];
        write_run(&record);
    }
    collect();
    cr_assert(eq(int, found.done.count, 1));
    cr_assert(eq(int, found.other.count, 3));
    for (int i = 0; i < 3; i++)
        cr_assert(eq(int, found.other.run[i].status, status[i]));
}

Test(collect, a_damaged_record_is_named_and_left_out)
{
    RunRecord record = record_of("pendulum", "m1", "scratch", 0);
    write_run(&record);
    record.seed = 1;
    write_run(&record);
    write_text("pendulum/m1/scratch/seed-1/run.json", "{\n\"schema_version\": 1,\n");
    collect();
    cr_assert(eq(int, found.done.count, 1));
    expect_warning("/pendulum/m1/scratch/seed-1': ");
    expect_warning("run.json:3: not valid JSON");
}

Test(collect, a_damaged_curve_is_named_and_left_out)
{
    RunRecord record = record_of("pendulum", "m1", "scratch", 0);
    write_run(&record);
    write_text("pendulum/m1/scratch/seed-0/evals.csv", "step\n");
    collect();
    cr_assert(eq(int, found.done.count, 0));
    expect_warning("evals.csv:1: not the header");
}

Test(collect, a_folder_without_a_record_is_named)
{
    char path[PATH_LENGTH];
    RunRecord record = record_of("pendulum", "m1", "scratch", 0);
    folder_of(path, &record);
    cr_assert(eq(int, folder_make(path, &err), STATUS_OK));
    collect();
    expect_warning("No such file");
}

Test(collect, a_record_in_the_wrong_place_is_left_out)
{
    char path[PATH_LENGTH];
    RunRecord record = record_of("pendulum", "m1", "scratch", 0);
    folder_of(path, &record);
    cr_assert(eq(int, folder_make(path, &err), STATUS_OK));
    record.seed = 4; // copied from seed-4
    cr_assert(eq(int, record_write(&record, path, &err), STATUS_OK));
    collect();
    cr_assert(eq(int, found.done.count, 0));
    expect_warning("its record says that it is 'pendulum/m1/scratch/seed-4'");
}

// as many runs as make room grow; metrics of normalised returns need references
Test(collect, keeps_the_evaluations_of_every_run)
{
    for (int i = 0; i < 20; i++) {
        RunRecord record = record_of("pendulum", "m1", "scratch", 19 - i);
        write_run(&record);
    }
    collect();
    cr_assert(eq(int, found.point_count, 100));
    for (int i = 0; i < 20; i++) {
        const RunSummary *run = &found.done.run[i];
        MetricCurve curve = collect_curve(&found, run, POLICY_NETWORK);
        cr_assert(eq(int, curve.count, 5));
        cr_assert(eq(i64, curve.budget, 1000));
        cr_assert(eq(int, curve.policy, POLICY_NETWORK));
        cr_assert(eq(dbl, curve.point[0].mean[POLICY_NETWORK], -50.0));
        cr_assert(eq(i64, curve.point[4].step, 1000));
        cr_assert(eq(dbl, curve.point[4].mean[POLICY_DEPLOYED], 1000 + 0.5 * (run->seed - 3)));
        for (int m = 0; m < metric_count(); m++)
            if (metric_table[m].unit == METRIC_NORMALISED)
                cr_assert(isnan(run->metric[POLICY_DEPLOYED][m]));
    }
    cr_assert(eq(int, found.warning_count, 0));
}

Test(collect, evaluations_that_stop_short_are_told)
{
    char path[PATH_LENGTH];
    RunRecord record = record_of("pendulum", "m1", "scratch", 0);
    write_run(&record);
    record.steps = 2000;
    folder_of(path, &record);
    cr_assert(eq(int, record_write(&record, path, &err), STATUS_OK));
    collect();
    cr_assert(eq(int, found.done.count, 1));
    expect_warning("/seed-0' do not give: auc, final");
    cr_assert(eq(ptr, strstr(found.warning[0], "spread"), NULL)); // which is of the area too
    cr_assert(isnan(found.done.run[0].metric[POLICY_DEPLOYED][3]));
}

Test(collect, a_run_found_twice_counts_once)
{
    RunRecord record = record_of("pendulum", "m1", "scratch", 0);
    write_run(&record);
    cr_assert(eq(int, collect_folder(&found, out, &err), STATUS_OK));
    collect();
    cr_assert(eq(int, found.done.count, 1));
    expect_warning("'pendulum/m1/scratch/seed-0' was found twice");
}

Test(collect, several_versions_of_mujoco_are_refused_unless_allowed)
{
    RunRecord record = record_of("pendulum", "m1", "scratch", 0);
    write_run(&record);
    record = record_of("pendulum", "m1", "dqinit", 0);
    strcpy(record.mujoco, "3.1.0");
    write_run(&record);
    cr_assert(eq(int, collect_folder(&found, out, &err), STATUS_OK));
    cr_assert(eq(int, collect_finish(&found, false, &err), STATUS_MISMATCH));
    cr_assert(
        eq(str, err.message,
           "the runs are of different MuJoCo versions, 2.2.2 ('pendulum/m1/scratch/seed-0') "
           "and 3.1.0 ('pendulum/m1/dqinit/seed-0'); --allow-mixed compares them all the "
           "same"));
    cr_assert(eq(int, collect_finish(&found, true, &err), STATUS_OK));
    cr_assert(eq(int, found.done.count, 2));
}

Test(collect, unequal_budgets_are_told_once_a_member)
{
    for (int i = 0; i < 3; i++) {
        RunRecord record = record_of("pendulum", "m1", "scratch", i);
        record.steps = i ? 999 : 1000;
        write_run(&record);
    }
    collect();
    cr_assert(eq(int, found.done.count, 3));
    expect_warning("not a fair comparison: 'pendulum/m1/scratch/seed-0' has 1000 steps of task "
                   "version 1, 'pendulum/m1/scratch/seed-1' has 999 of version 1");
}

Test(collect, a_folder_that_is_not_there_is_an_error)
{
    cr_assert(eq(int, collect_folder(&found, "/tmp/nothing-here", &err), STATUS_MISSING));
}

Test(collect, an_empty_folder_has_no_runs)
{
    collect();
    cr_assert(eq(int, found.done.count + found.other.count + found.warning_count, 0));
}

// a lack of memory must not pass for damage
Test(collect, lack_of_memory_is_said)
{
    RunRecord record = record_of("pendulum", "m1", "scratch", 0);
    write_run(&record);
    record.seed = 1;
    write_run(&record);
    write_text("pendulum/m1/scratch/seed-1/evals.csv", "step\n");

    Status status = STATUS_NOMEM;
    int failures = -1;
    for (; status != STATUS_OK; failures++) {
        collect_release(&found);
        mem_fail_at(failures + 1);
        status = collect_folder(&found, out, &err);
        if (status == STATUS_OK) status = collect_finish(&found, false, &err);
        mem_fail_at(-1);
        cr_assert(status == STATUS_OK || status == STATUS_NOMEM, "%s", err.message);
    }
    cr_assert(ge(int, failures, 20));
    cr_assert(eq(int, found.done.count, 1));
    cr_assert(eq(int, found.warning_count, 1));
}

Test(collect, some_columns_only)
{
    RunRecord dqinit = record_of("reacher", "east", "dqinit", 0);
    RunRecord frozen = dqinit, scratch = record_of("reacher", "east", "scratch", 0);
    strcpy(frozen.label, "frozen");
    write_run(&dqinit);
    write_run(&frozen);
    write_run(&scratch);
    scratch.seed = 1;
    scratch.status = RUN_FAILED;
    write_run(&scratch);
    cr_assert(eq(int, collect_folder(&found, out, &err), STATUS_OK));
    cr_assert(eq(int, collect_only(&found, "scratc,dqinit", &err), STATUS_USAGE));
    cr_assert(eq(str, err.message,
                 "there are no finished runs of 'scratc'; did you mean 'scratch'?"));
    cr_assert(eq(int, collect_only(&found, "dqinit+frozen,dqinit", &err), STATUS_OK));
    cr_assert(eq(int, collect_finish(&found, false, &err), STATUS_OK));
    cr_assert(eq(int, found.done.count, 2));
    cr_assert(eq(str, found.done.run[0].column, "dqinit"));
    cr_assert(eq(str, found.done.run[1].column, "dqinit+frozen"));
    cr_assert(eq(int, found.other.count, 0));
}

Test(collect, methods_as_they_are_only)
{
    RunRecord dqinit = record_of("reacher", "east", "dqinit", 0), again = dqinit;
    RunRecord frozen = dqinit, scratch = record_of("reacher", "east", "scratch", 0);
    again.seed = 1;
    strcpy(frozen.label, "frozen");
    scratch.status = RUN_FAILED;
    write_run(&frozen);
    write_run(&dqinit);
    write_run(&again);
    write_run(&scratch);
    frozen.seed = 1;
    frozen.status = RUN_FAILED;
    write_run(&frozen);
    cr_assert(eq(int, collect_folder(&found, out, &err), STATUS_OK));
    cr_assert(eq(int, collect_columns(&found), 2));
    cr_assert(collect_methods(&found));
    cr_assert(eq(int, collect_columns(&found), 1));
    cr_assert(eq(int, collect_finish(&found, false, &err), STATUS_OK));
    cr_assert(eq(int, found.done.count, 2));
    cr_assert(eq(str, found.done.run[1].column, "dqinit"));
    cr_assert(eq(int, found.other.count, 1));
    cr_assert(eq(str, found.other.run[0].column, "scratch"));
}

Test(collect, variants_stay_where_there_is_nothing_else)
{
    RunRecord frozen = record_of("reacher", "east", "dqinit", 0), scratch = frozen;
    strcpy(frozen.label, "frozen");
    strcpy(scratch.method, "scratch");
    scratch.status = RUN_FAILED;
    write_run(&frozen);
    write_run(&scratch);
    cr_assert(eq(int, collect_folder(&found, out, &err), STATUS_OK));
    cr_assert(not(collect_methods(&found)));
    cr_assert(eq(int, found.done.count, 1));
    cr_assert(eq(int, found.other.count, 1));
}

Test(collect, a_run_knows_the_folder_that_it_was_found_in)
{
    RunRecord record = record_of("reacher", "east", "scratch", 0);
    char elsewhere[PATH_LENGTH];
    cr_assert(eq(int, path_format(elsewhere, &err, "%s/.empty", out), STATUS_OK));
    cr_assert(eq(int, folder_make(elsewhere, &err), STATUS_OK));
    write_run(&record);
    cr_assert(eq(int, collect_folder(&found, elsewhere, &err), STATUS_OK));
    cr_assert(eq(int, collect_folder(&found, out, &err), STATUS_OK));
    cr_assert(eq(int, collect_finish(&found, false, &err), STATUS_OK));
    cr_assert(eq(int, found.done.run[0].folder, 1));
}
