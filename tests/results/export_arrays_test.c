#include "results/export_arrays.h"

#include <math.h>

#include "results/npz.h"
#include "tests/results/made_records.h"

static Npz expected;

static void setup(void)
{
    made_setup();
    expected = NPZ_INIT;
}

static void teardown(void)
{
    npz_release(&expected);
    made_teardown();
}

TestSuite(export_arrays, .init = setup, .fini = teardown);

// the file is what the expected arrays give, in their order
static void expect_file(const char *place)
{
    char *file, *want;
    size_t size, want_size;
    cr_assert(eq(int, npz_write(&expected, test_path("expected"), &err), STATUS_OK));
    cr_assert(
        eq(int, file_read(&want, &want_size, test_path("expected"), 1 << 20, &err), STATUS_OK));
    cr_assert(eq(int, file_read(&file, &size, test_path(place), 1 << 20, &err), STATUS_OK),
              "%s", err.message);
    cr_assert(eq(sz, size, want_size));
    cr_assert(memcmp(file, want, size) == 0);
    mem_free(file);
    mem_free(want);
}

Test(export_arrays, of_a_run_are_those_of_an_eval_callback)
{
    made_write(&(MadeRecord){"far", "target", "jsrl", "x", 3, 10, true});
    made_collect();
    cr_assert(eq(
        int,
        export_evaluations(&made_export, made.done.run, POLICY_DEPLOYED, test_path("a"), &err),
        STATUS_OK));
    npz_ints(&expected, "timesteps", (int64_t[]){0, 40, 1000}, 3);
    npz_doubles(&expected, "results", (double[]){10, 12, 50, 52, 1010, 1012},
                (NpzShape){2, {3, 2}});
    expect_file("a/pendulum/jsrl+x/far_3/evaluations.npz");

    // where the network has an evaluation of its own, that; it has one episode only
    npz_release(&expected);
    cr_assert(eq(
        int,
        export_evaluations(&made_export, made.done.run, POLICY_NETWORK, test_path("b"), &err),
        STATUS_OK));
    npz_ints(&expected, "timesteps", (int64_t[]){0, 40, 1000}, 3);
    npz_doubles(&expected, "results", (double[]){10, 12, 0.5, (double)NAN, 1010, 1012},
                (NpzShape){2, {3, 2}});
    expect_file("b/pendulum/jsrl+x/far_3/evaluations.npz");
}

// -- scores of two members, seeds 2 and 10, and a column that lacks a run

static const double none = (double)NAN;

// one column's values of a metric, and normalised; member "near" has no references
static void expect_metric(const char *metric, const char *column, const double raw[4])
{
    char name[2][128];
    double normalised[4];
    (void)snprintf(name[0], sizeof name[0], "raw/%s/%s", metric, column);
    (void)snprintf(name[1], sizeof name[1], "normalised/%s/%s", metric, column);
    for (int i = 0; i < 4; i++)
        normalised[i] = i % 2 ? none : (raw[i] - 1.0) / 1000.0;
    npz_doubles(&expected, name[0], raw, (NpzShape){2, {2, 2}});
    npz_doubles(&expected, name[1], normalised, (NpzShape){2, {2, 2}});
}

// a metric of normalised returns: that of a run which begins above the threshold, and that of
// one which never gets there
static void expect_normalised(const char *metric, const char *column, const double height[4],
                              double above, double below)
{
    char name[128];
    double normalised[4];
    (void)snprintf(name, sizeof name, "normalised/%s/%s", metric, column);
    for (int i = 0; i < 4; i++) {
        normalised[i] = height[i] < 800 ? below : above;
        if (i % 2 || isnan(height[i])) normalised[i] = none;
    }
    npz_doubles(&expected, name, normalised, (NpzShape){2, {2, 2}});
}

// the height of a run to the mean of its curve at three steps
static void expect_curve(const char *column, const double height[4])
{
    char name[2][128];
    double raw[12], normalised[12];
    (void)snprintf(name[0], sizeof name[0], "raw/curve/%s", column);
    (void)snprintf(name[1], sizeof name[1], "normalised/curve/%s", column);
    for (int i = 0; i < 12; i++) {
        raw[i] = height[i / 3] + 1.0 + made_step[i % 3];
        normalised[i] = i / 3 % 2 ? none : (raw[i] - 1.0) / 1000.0;
    }
    npz_doubles(&expected, name[0], raw, (NpzShape){3, {2, 2, 3}});
    npz_doubles(&expected, name[1], normalised, (NpzShape){3, {2, 2, 3}});
}

// every metric of returns of these straight curves is the height + 1 and a constant of its own,
// and no return ever falls
static void expect_all(const double scratch[4], const double dqinit[4])
{
    static const struct {
        const char *name;
        double more;
    } metric[] = {
        {"jumpstart", 0}, {"jumpstart5", 40}, {"early10", 50}, {"auc", 500}, {"final", 1000}};
    for (size_t m = 0; m < sizeof metric / sizeof metric[0]; m++) {
        double a[4], b[4];
        for (int i = 0; i < 4; i++) {
            a[i] = scratch[i] + 1.0 + metric[m].more;
            b[i] = dqinit[i] + 1.0 + metric[m].more;
        }
        expect_metric(metric[m].name, "scratch", a);
        expect_metric(metric[m].name, "dqinit+x", b);
    }
    static const struct {
        const char *name;
        double above, below;
    } share[] = {{"threshold", 0, 1}, {"reached", 1, 0}, {"drop", 0, 0}, {"collapse", 0, 0}};
    for (size_t m = 0; m < sizeof share / sizeof share[0]; m++) {
        expect_normalised(share[m].name, "scratch", scratch, share[m].above, share[m].below);
        expect_normalised(share[m].name, "dqinit+x", dqinit, share[m].above, share[m].below);
    }
    expect_curve("scratch", scratch);
    expect_curve("dqinit+x", dqinit);
}

Test(export_arrays, of_many_runs_are_seeds_by_members_by_steps)
{
    made_write(&(MadeRecord){"far", "target", "scratch", "", 2, 10, false});
    made_write(&(MadeRecord){"near", "target", "scratch", "", 2, 20, false});
    made_write(&(MadeRecord){"far", "target", "scratch", "", 10, 900, false});
    made_write(&(MadeRecord){"near", "target", "scratch", "", 10, 40, false});
    made_write(&(MadeRecord){"far", "target", "dqinit", "x", 2, 50, false});
    made_write(&(MadeRecord){"near", "target", "dqinit", "x", 10, 60, true});
    made_collect();
    cr_assert(eq(int,
                 export_scores(&made_export, made.done.run, made.done.count, POLICY_DEPLOYED,
                               test_path("a"), &err),
                 STATUS_OK),
              "%s", err.message);
    npz_texts(&expected, "members", (const char *[]){"far", "near"}, 2);
    npz_ints(&expected, "seeds", (int64_t[]){2, 10}, 2);
    npz_ints(&expected, "steps", (int64_t[]){0, 40, 1000}, 3);
    expect_all((double[]){10, 20, 900, 40}, (double[]){50, none, none, 60});
    expect_file("a/pendulum/scores-target.npz");
}

Test(export_arrays, lack_of_memory_is_said)
{
    made_write(&(MadeRecord){"far", "target", "scratch", "", 2, 10, false});
    made_collect();
    Status status = STATUS_NOMEM;
    int failures = -1;
    for (; status != STATUS_OK; failures++) {
        mem_fail_at(failures + 1);
        status = export_evaluations(&made_export, made.done.run, POLICY_NETWORK, test_path("a"),
                                    &err);
        if (status == STATUS_OK)
            status = export_scores(&made_export, made.done.run, 1, POLICY_NETWORK,
                                   test_path("a"), &err);
        mem_fail_at(-1);
        cr_assert(status == STATUS_OK || status == STATUS_NOMEM, "%s", err.message);
    }
    cr_assert(lt(int, 20, failures));
}
