#include "results/packer.h"

#include "tests/results/made_records.h"

static Packer packer;

static void setup(void)
{
    made_setup();
    packer = (Packer){0};
}

static void teardown(void)
{
    packer_release(&packer);
    made_teardown();
}

TestSuite(packer, .init = setup, .fini = teardown);

static const MadeRecord far = {"far", "target", "dqinit", "frozen", 3, 10, true};
static const MadeRecord near = {"near", "source", "scratch", "", 0, 20, false};

// pack all runs below `from`
static Status pack(const char *from, const char *out)
{
    Collection found = {0};
    packer_release(&packer);
    cr_assert(eq(int, collect_folder(&found, from, &err), STATUS_OK));
    Status status = packer_open(&packer, out, &err);
    for (int i = 0; status == STATUS_OK && i < found.done.count; i++)
        status = packer_add(&packer, &found, &found.done.run[i], &err);
    if (status == STATUS_OK) status = packer_write(&packer, &err);
    collect_release(&found);
    return status;
}

static void expect_same_file(const char *a, const char *b)
{
    char *x, *y;
    size_t n, m;
    cr_assert(eq(int, file_read(&x, &n, a, 1 << 20, &err), STATUS_OK), "%s", err.message);
    cr_assert(eq(int, file_read(&y, &m, b, 1 << 20, &err), STATUS_OK), "%s", err.message);
    cr_assert(eq(sz, n, m));
    cr_assert(eq(int, memcmp(x, y, n), 0));
    mem_free(x);
    mem_free(y);
}

Test(packer, packed_runs_are_collected_as_the_folders_are)
{
    made_write(&far);
    made_write(&near);
    cr_assert(eq(int, pack(test_folder(), test_path(".p")), STATUS_OK), "%s", err.message);
    cr_assert(eq(int, packer.runs, 2));
    Collection a = {0}, b = {0};
    cr_assert(eq(int, collect_folder(&a, test_folder(), &err), STATUS_OK));
    cr_assert(eq(int, collect_folder(&b, test_path(".p"), &err), STATUS_OK));
    cr_assert(eq(int, a.done.count, 2));
    cr_assert(eq(int, b.done.count, 2));
    cr_assert(eq(int, b.warning_count, 0), "%s", b.warning_count ? b.warning[0] : "");
    for (int i = 0; i < 2; i++) {
        const RunSummary *x = &a.done.run[i], *y = &b.done.run[i];
        RunFiles files;
        EvalCurve curve;
        cr_assert(eq(str, x->column, y->column));
        cr_assert(eq(str, x->task, y->task));
        cr_assert(eq(int, memcmp(x->metric, y->metric, sizeof x->metric), 0));
        cr_assert(eq(int, collect_files(&files, &b, y, &err), STATUS_OK));
        cr_assert(eq(int, run_files_evals(&curve, &files, &err), STATUS_OK));
        cr_assert(eq(dbl, curve.row[0].returns[0], i ? 20.0 : 10.0));
        eval_curve_release(&curve);
    }
    collect_release(&a);
    collect_release(&b);
}

Test(packer, sittings_in_any_order_give_the_same_bytes)
{
    made_write(&near);
    cr_assert(eq(int, pack(test_folder(), test_path(".a")), STATUS_OK));
    made_write(&far);
    cr_assert(eq(int, pack(test_folder(), test_path(".a")), STATUS_OK));
    cr_assert(eq(int, packer.runs, 2));
    cr_assert(eq(int, packer.added, 1));
    cr_assert(eq(int, pack(test_folder(), test_path(".b")), STATUS_OK));
    expect_same_file(test_path(".a/pendulum.runs"), test_path(".b/pendulum.runs"));
    // a pack is packed like a folder
    cr_assert(eq(int, pack(test_path(".a"), test_path(".c")), STATUS_OK));
    expect_same_file(test_path(".a/pendulum.runs"), test_path(".c/pendulum.runs"));
}

// another zlib could give other bytes, which nothing but a new run is worth
Test(packer, a_family_without_new_runs_is_not_written_again)
{
    made_write(&near);
    cr_assert(eq(int, pack(test_folder(), test_path(".a")), STATUS_OK));
    cr_assert(eq(int, packer.changed_count, 1));
    cr_assert(eq(int, pack(test_folder(), test_path(".a")), STATUS_OK));
    cr_assert(eq(int, packer.changed_count, 0));
    cr_assert(eq(int, file_remove(test_path(".a/pendulum.runs"), &err), STATUS_OK));
    cr_assert(eq(int, packer_write(&packer, &err), STATUS_OK));
    cr_assert(not(file_exists(test_path(".a/pendulum.runs"))));
}

static void rewrite(const MadeRecord *m, void (*change)(RunRecord *))
{
    RunRecord record;
    cr_assert(eq(int, record_read(&record, made_folder(m), &err), STATUS_OK));
    change(&record);
    cr_assert(eq(int, record_write(&record, made_folder(m), &err), STATUS_OK));
    record_release(&record);
}

static void change_time(RunRecord *record)
{
    record->timing.wall_s = 7.0;
    record->timing.pid = 7;
    strcpy(record->timing.host, "secret");
}

static void change_hash(RunRecord *record)
{
    strcpy(record->settings_hash, "another");
}

Test(packer, a_run_made_again_stays_as_it_was_packed)
{
    made_write(&near);
    cr_assert(eq(int, pack(test_folder(), test_path(".a")), STATUS_OK));
    cr_assert(eq(int, pack(test_folder(), test_path(".b")), STATUS_OK));
    rewrite(&near, change_time);
    cr_assert(eq(int, pack(test_folder(), test_path(".a")), STATUS_OK), "%s", err.message);
    cr_assert(eq(int, packer.added, 0));
    expect_same_file(test_path(".a/pendulum.runs"), test_path(".b/pendulum.runs"));
}

Test(packer, the_machine_is_not_packed)
{
    made_write(&near);
    rewrite(&near, change_time);
    cr_assert(eq(int, pack(test_folder(), test_path(".a")), STATUS_OK));
    Collection found = {0};
    RunFiles files;
    RunRecord record;
    cr_assert(eq(int, collect_folder(&found, test_path(".a"), &err), STATUS_OK));
    cr_assert(eq(int, collect_files(&files, &found, found.done.run, &err), STATUS_OK));
    cr_assert(eq(int, run_files_record(&record, &files, &err), STATUS_OK));
    cr_assert(eq(str, record.timing.host, ""));
    cr_assert(eq(int, record.timing.pid, 0));
    cr_assert(eq(dbl, record.timing.wall_s, 7.0));
    record_release(&record);
    collect_release(&found);
}

Test(packer, another_run_at_the_same_place_is_refused)
{
    made_write(&near);
    cr_assert(eq(int, pack(test_folder(), test_path(".a")), STATUS_OK));
    rewrite(&near, change_hash);
    cr_assert(eq(int, pack(test_folder(), test_path(".a")), STATUS_MISMATCH));
    cr_assert(strstr(err.message, "'pendulum/near/scratch/seed-0' is packed with other "
                                  "settings than '") != NULL,
              "%s", err.message);
    MadeRecord other = near;
    other.height = 21;
    made_write(&other);
    cr_assert(eq(int, pack(test_folder(), test_path(".a")), STATUS_MISMATCH));
    cr_assert(strstr(err.message, "with other evaluations than") != NULL, "%s", err.message);
    made_write(&near);
    test_put_file(test_path("pendulum/near/scratch/seed-0/trace.csv"), "step,name,value\n", 16);
    cr_assert(eq(int, pack(test_folder(), test_path(".a")), STATUS_MISMATCH));
    cr_assert(strstr(err.message, "with other traces than") != NULL, "%s", err.message);
}

Test(packer, a_damaged_pack_is_refused_by_who_collects)
{
    made_write(&near);
    test_put_file(test_path("reacher.runs"), "suite", 5);
    Collection found = {0};
    cr_assert(eq(int, collect_folder(&found, test_folder(), &err), STATUS_PARSE));
    cr_assert(strstr(err.message, "reacher.runs' is not a whole gzip file") != NULL);
    collect_release(&found);
}

Test(packer, lack_of_memory_is_said)
{
    Status status = STATUS_NOMEM;
    int failures = -1;
    made_write(&far);
    cr_assert(eq(int, collect_folder(&made, test_folder(), &err), STATUS_OK));
    for (; status != STATUS_OK; failures++) {
        packer_release(&packer);
        mem_fail_at(failures + 1);
        status = packer_open(&packer, test_path(".a"), &err);
        if (status == STATUS_OK) status = packer_add(&packer, &made, made.done.run, &err);
        if (status == STATUS_OK) status = packer_write(&packer, &err);
        mem_fail_at(-1);
        cr_assert(status == STATUS_OK || status == STATUS_NOMEM, "%s", err.message);
    }
    cr_assert(lt(int, 10, failures));
}
