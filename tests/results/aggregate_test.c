#include "results/aggregate.h"

#include <math.h>
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "suite/core/mem.h"
#include "tests/oracle/aggregate.h"

// the numbers of tests/oracle/aggregate.h are by numpy and scipy, see aggregate.py
enum {
    X_SCORES = sizeof oracle_x / sizeof oracle_x[0],
    Y_SCORES = sizeof oracle_y / sizeof oracle_y[0],
    LEVEL_COUNT = sizeof oracle_levels / sizeof oracle_levels[0],
};

static const int x_runs[] = {7, 7, 7, 7, 7, 7}, y_runs[] = {5, 5, 5, 5, 5, 5};
static const Scores x = {oracle_x, x_runs, ORACLE_MEMBERS};
static const Scores y = {oracle_y, y_runs, ORACLE_MEMBERS};
static const Levels levels = {oracle_levels, LEVEL_COUNT};

static AggregateWork work;
static double room[X_SCORES + Y_SCORES];
static Error err;

static void teardown(void)
{
    aggregate_work_release(&work);
}

static void begin(int scores, int series, int resamples)
{
    aggregate_work_release(&work);
    cr_assert(eq(int, aggregate_work_init(&work, scores, series, resamples, &err), STATUS_OK));
}

static RngStream stream(uint64_t index)
{
    return rng_stream(12, RNG_BOOTSTRAP, index);
}

TestSuite(aggregate, .fini = teardown);

// -- values

Test(aggregate, values_are_those_of_rliables_definitions)
{
    for (int a = 0; a < AGGREGATE_COUNT; a++) {
        double of_x = aggregate_value((Aggregate)a, &x, room);
        double of_y = aggregate_value((Aggregate)a, &y, room);
        cr_assert(epsilon_eq(dbl, of_x, oracle_x_values[a], 1e-12), "%s",
                  aggregate_name((Aggregate)a));
        cr_assert(epsilon_eq(dbl, of_y, oracle_y_values[a], 1e-12), "%s",
                  aggregate_name((Aggregate)a));
        for (int b = 0; b < a; b++) // or the data could not tell one from another
            cr_assert(lt(dbl, 0.01, fabs(oracle_x_values[a] - oracle_x_values[b])));
    }
}

// two members of 1 and 3 runs: all four scores but the ends for the interquartile mean
Test(aggregate, unequal_runs_weigh_members_in_means_and_runs_in_the_rest)
{
    const double of[] = {5, 0, 0.5, 1};
    const int runs[] = {1, 3};
    const Scores scores = {of, runs, 2};
    cr_assert(eq(dbl, aggregate_value(AGGREGATE_IQM, &scores, room), 0.75));
    cr_assert(eq(dbl, aggregate_value(AGGREGATE_MEAN, &scores, room), 2.75));
    cr_assert(eq(dbl, aggregate_value(AGGREGATE_MEDIAN, &scores, room), 2.75));
    cr_assert(eq(dbl, aggregate_value(AGGREGATE_GAP, &scores, room), 0.375));
}

Test(aggregate, a_profile_is_the_share_strictly_above)
{
    double share[LEVEL_COUNT];
    aggregate_profile(&x, &levels, share);
    for (int l = 0; l < LEVEL_COUNT; l++)
        cr_assert(epsilon_eq(dbl, share[l], oracle_x_profile[l], 1e-12), "%d", l);
    aggregate_profile(&y, &levels, share);
    for (int l = 0; l < LEVEL_COUNT; l++)
        cr_assert(epsilon_eq(dbl, share[l], oracle_y_profile[l], 1e-12), "%d", l);
}

Test(aggregate, improvement_is_that_of_mann_and_whitney)
{
    cr_assert(epsilon_eq(dbl, aggregate_improvement(&x, &y), oracle_x_above_y[0], 1e-12));
    cr_assert(epsilon_eq(dbl, aggregate_improvement(&y, &x), oracle_y_above_x[0], 1e-12));
    cr_assert(eq(dbl, aggregate_improvement(&x, &x), 0.5));
}

Test(aggregate, have_names_that_differ)
{
    for (int a = 0; a < AGGREGATE_COUNT; a++)
        for (int b = 0; b < a; b++)
            cr_assert(ne(str, aggregate_name((Aggregate)a), aggregate_name((Aggregate)b)));
}

// -- intervals: the same draws, taken and aggregated one by one

static void copy_resample(double *to, const Scores *scores, RngStream *rng)
{
    const double *from = scores->x;
    for (int m = 0; m < scores->members; m++) {
        for (int i = 0; i < scores->runs[m]; i++)
            *to++ = from[rng_below(rng, scores->runs[m])];
        from += scores->runs[m];
    }
}

static void expect_interval(Interval found, Interval wanted, double tolerance, const char *what)
{
    cr_assert(epsilon_eq(dbl, found.lo, wanted.lo, tolerance), "%s", what);
    cr_assert(epsilon_eq(dbl, found.hi, wanted.hi, tolerance), "%s", what);
}

Test(aggregate, intervals_are_of_the_values_of_resamples)
{
    enum { RESAMPLES = 300 };
    static double drawn[X_SCORES], value[AGGREGATE_COUNT][RESAMPLES];
    RngStream rng = stream(1), again = stream(1);
    Interval found[AGGREGATE_COUNT];
    begin(X_SCORES, AGGREGATE_COUNT, RESAMPLES);
    aggregate_intervals(&x, &work, &rng, found);

    for (int r = 0; r < RESAMPLES; r++) {
        copy_resample(drawn, &x, &again);
        for (int a = 0; a < AGGREGATE_COUNT; a++)
            value[a][r] =
                aggregate_value((Aggregate)a, &(Scores){drawn, x_runs, ORACLE_MEMBERS}, room);
    }
    for (int a = 0; a < AGGREGATE_COUNT; a++)
        expect_interval(found[a], stats_percentiles(value[a], RESAMPLES), 1e-12,
                        aggregate_name((Aggregate)a));
}

Test(aggregate, bands_are_of_the_profiles_of_resamples)
{
    enum { RESAMPLES = 300 };
    static double drawn[X_SCORES], share[LEVEL_COUNT], value[LEVEL_COUNT][RESAMPLES];
    RngStream rng = stream(2), again = stream(2);
    Interval found[LEVEL_COUNT];
    begin(X_SCORES, LEVEL_COUNT, RESAMPLES);
    aggregate_profile_bands(&x, &levels, &work, &rng, found);

    for (int r = 0; r < RESAMPLES; r++) {
        copy_resample(drawn, &x, &again);
        aggregate_profile(&(Scores){drawn, x_runs, ORACLE_MEMBERS}, &levels, share);
        for (int l = 0; l < LEVEL_COUNT; l++)
            value[l][r] = share[l];
    }
    for (int l = 0; l < LEVEL_COUNT; l++)
        expect_interval(found[l], stats_percentiles(value[l], RESAMPLES), 1e-12, "level");
}

// of each member first the runs of Y, then those of X
Test(aggregate, improvements_interval_is_of_the_improvements_of_resamples)
{
    enum { RESAMPLES = 300 };
    static double of_x[X_SCORES], of_y[Y_SCORES], value[RESAMPLES];
    RngStream rng = stream(3), again = stream(3);
    begin(X_SCORES + Y_SCORES, 1, RESAMPLES);
    Interval found = aggregate_improvement_interval(&x, &y, &work, &rng);

    for (int r = 0; r < RESAMPLES; r++) {
        for (int m = 0; m < ORACLE_MEMBERS; m++) {
            copy_resample(of_y + 5 * m, &(Scores){oracle_y + 5 * m, y_runs, 1}, &again);
            copy_resample(of_x + 7 * m, &(Scores){oracle_x + 7 * m, x_runs, 1}, &again);
        }
        value[r] = aggregate_improvement(&(Scores){of_x, x_runs, ORACLE_MEMBERS},
                                         &(Scores){of_y, y_runs, ORACLE_MEMBERS});
    }
    expect_interval(found, stats_percentiles(value, RESAMPLES), 1e-12, "improvement");
}

// numpy drew others, 400000 times; shares of 42 runs come in steps of 0.024
Test(aggregate, intervals_agree_with_those_of_numpy)
{
    enum { RESAMPLES = 40000 };
    RngStream rng = stream(4);
    Interval found[LEVEL_COUNT];
    begin(X_SCORES + Y_SCORES, LEVEL_COUNT, RESAMPLES);
    aggregate_intervals(&x, &work, &rng, found);
    for (int a = 0; a < AGGREGATE_COUNT; a++)
        expect_interval(found[a], (Interval){oracle_x_lo[a], oracle_x_hi[a]}, 0.01,
                        aggregate_name((Aggregate)a));
    aggregate_profile_bands(&x, &levels, &work, &rng, found);
    for (int l = 0; l < LEVEL_COUNT; l++)
        expect_interval(found[l], (Interval){oracle_x_profile_lo[l], oracle_x_profile_hi[l]},
                        1e-12, "level");
    expect_interval(aggregate_improvement_interval(&x, &y, &work, &rng),
                    (Interval){oracle_x_above_y_interval[0], oracle_x_above_y_interval[1]},
                    0.01, "improvement");
}

Test(aggregate, the_same_stream_gives_the_same_interval_whatever_was_there_before)
{
    Interval first[AGGREGATE_COUNT], again[AGGREGATE_COUNT], band[LEVEL_COUNT];
    RngStream a = stream(5), b = stream(5), other = stream(6);
    begin(X_SCORES + Y_SCORES, LEVEL_COUNT, 500);
    aggregate_intervals(&x, &work, &a, first);
    (void)aggregate_improvement_interval(&x, &y, &work, &other);
    aggregate_profile_bands(&y, &levels, &work, &other, band);
    aggregate_intervals(&x, &work, &b, again);
    for (int i = 0; i < AGGREGATE_COUNT; i++)
        expect_interval(again[i], first[i], 0.0, "again");
    aggregate_intervals(&x, &work, &other, again);
    cr_assert(ne(dbl, again[AGGREGATE_MEAN].lo, first[AGGREGATE_MEAN].lo));
}

// runs of a member that are all alike leave nothing to draw; of all runs together they would
Test(aggregate, members_are_resampled_each_on_its_own)
{
    const double of[] = {0.2, 0.2, 0.2, 0.7, 0.7, 3, 3, 3, 3};
    const int runs[] = {3, 2, 4};
    const Scores scores = {of, runs, 3};
    RngStream rng = stream(7);
    Interval found[AGGREGATE_COUNT];
    begin(9, AGGREGATE_COUNT, 200);
    aggregate_intervals(&scores, &work, &rng, found);
    for (int a = 0; a < AGGREGATE_COUNT; a++) {
        double value = aggregate_value((Aggregate)a, &scores, room);
        expect_interval(found[a], (Interval){value, value}, 1e-15,
                        aggregate_name((Aggregate)a));
    }
}

// -- how often the interval holds the truth

typedef double DrawScore(int member, RngStream *rng);

// with these members apart the truth is the centre, 0.75: the sum of all is as it is mirrored
static double draw_normal(int member, RngStream *rng)
{
    return 0.5 * member + 0.25 * rng_normal(rng);
}

static double draw_skewed(int member, RngStream *rng)
{
    return oracle_skewed[member] - 0.25 * log1p(-rng_uniform(rng, 0.0, 1.0));
}

// in 1000 trials of 4 members with 10 runs each
static int count_covered(DrawScore *draw_score, double truth, uint64_t index)
{
    enum { TRIALS = 1000, MEMBERS = 4, RUNS = 10, RESAMPLES = 300 };
    const int runs[MEMBERS] = {RUNS, RUNS, RUNS, RUNS};
    RngStream draw = rng_stream(8, RNG_METHOD, index), rng = stream(index);
    int covered = 0;
    begin(MEMBERS * RUNS, AGGREGATE_COUNT, RESAMPLES);
    for (int t = 0; t < TRIALS; t++) {
        double sample[MEMBERS * RUNS];
        Interval found[AGGREGATE_COUNT];
        for (int i = 0; i < MEMBERS * RUNS; i++)
            sample[i] = draw_score(i / RUNS, &draw);
        aggregate_intervals(&(Scores){sample, runs, MEMBERS}, &work, &rng, found);
        covered += found[AGGREGATE_IQM].lo <= truth && truth <= found[AGGREGATE_IQM].hi;
    }
    return covered;
}

// an interval of all runs drawn together covers more than 99 %: it holds the spread of members
Test(aggregate, intervals_cover_the_true_iqm_about_as_often_as_they_say)
{
    int normal = count_covered(draw_normal, 0.75, 8);
    int skewed = count_covered(draw_skewed, oracle_skewed_iqm[0], 9);
    cr_assert(normal >= 900 && normal <= 970, "%d", normal);
    cr_assert(skewed >= 900 && skewed <= 970, "%d", skewed);
}

// -- memory

Test(aggregate, resampling_takes_no_memory)
{
    Interval found[LEVEL_COUNT];
    RngStream rng = stream(10);
    begin(X_SCORES + Y_SCORES, LEVEL_COUNT, 50);
    int64_t before = mem_count();
    aggregate_intervals(&x, &work, &rng, found);
    aggregate_profile_bands(&x, &levels, &work, &rng, found);
    (void)aggregate_improvement_interval(&x, &y, &work, &rng);
    cr_assert(eq(i64, mem_count(), before));
}

Test(aggregate, lack_of_memory_is_said)
{
    for (int i = 0; i < 7; i++) {
        mem_fail_at(i);
        cr_assert(eq(int, aggregate_work_init(&work, 10, 4, 100, &err), STATUS_NOMEM), "%d", i);
        cr_assert(eq(ptr, work.result, NULL));
    }
    mem_fail_at(-1);
    begin(10, 4, 100);
}
