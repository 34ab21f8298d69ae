#include "results/stats.h"

#include <math.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

// Expected values by numpy 2.4.6 and scipy 1.17.1: x.mean(), np.median(x),
// scipy.stats.trim_mean(x, 0.25), x.std(), x.std(ddof=1), np.quantile(x, q).
// Mean, median and interquartile mean all differ, and so do the two deviations.
enum { TEN = 10, SEVEN = 7 };
static const double x[TEN] = {3.0, -1.5, 12.0, 7.25, 0.5, 40.0, 2.0, 5.0, 9.5, 1.0};
static double work[STATS_RESAMPLES];

static RngStream stream(uint64_t index)
{
    return rng_stream(11, RNG_BOOTSTRAP, index);
}

Test(stats, centres_are_those_of_numpy_and_scipy)
{
    cr_assert(epsilon_eq(dbl, stats_mean(x, TEN), 7.875, 1e-12));
    cr_assert(epsilon_eq(dbl, stats_median(x, TEN, work), 4.0, 1e-12));
    cr_assert(epsilon_eq(dbl, stats_iqm(x, TEN, work), 4.625, 1e-12));
}

// 7 / 4 is cut to 1: one value goes at each end, not two
Test(stats, centres_of_an_odd_number)
{
    cr_assert(epsilon_eq(dbl, stats_mean(x, SEVEN), 9.035714285714286, 1e-12));
    cr_assert(epsilon_eq(dbl, stats_median(x, SEVEN, work), 3.0, 1e-12));
    cr_assert(epsilon_eq(dbl, stats_iqm(x, SEVEN, work), 4.95, 1e-12));
}

// numpy: np.subtract(*np.quantile(x, [0.75, 0.25]))
Test(stats, interquartile_range_is_that_of_numpy)
{
    double copy[TEN];
    for (int i = 0; i < TEN; i++)
        copy[i] = x[i];
    cr_assert(epsilon_eq(dbl, stats_iqr(x, TEN, work), 7.6875, 1e-12));
    cr_assert(eq(dbl, stats_iqr(copy, TEN, copy), stats_iqr(x, TEN, work)));
    cr_assert(isnan(stats_iqr(x, 0, work)));
}

Test(stats, deviations_of_a_sample_and_of_a_population_differ)
{
    cr_assert(epsilon_eq(dbl, stats_std_population(x, TEN), 11.437465846943544, 1e-12));
    cr_assert(epsilon_eq(dbl, stats_std_sample(x, TEN), 12.05614757890946, 1e-12));
}

Test(stats, quantiles_are_linear_between_values)
{
    const double at[][2] = {{0.0, -1.5}, {0.025, -1.05}, {0.1, 0.3}, {0.25, 1.25},
                            {0.6, 5.9},  {0.975, 33.7},  {1.0, 40.0}};
    for (size_t i = 0; i < sizeof at / sizeof at[0]; i++)
        cr_assert(epsilon_eq(dbl, stats_quantile(x, TEN, at[i][0], work), at[i][1], 1e-12),
                  "at %g", at[i][0]);
}

// E[x^2] - E[x]^2 would lose all digits here; by hand the squares add up to 90
Test(stats, a_large_offset_does_not_cancel)
{
    const double far[4] = {1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16};
    cr_assert(epsilon_eq(dbl, stats_std_sample(far, 4), sqrt(30.0), 1e-9));
    cr_assert(epsilon_eq(dbl, stats_std_population(far, 4), sqrt(22.5), 1e-9));
}

Test(stats, equal_numbers_have_exactly_that_mean_and_no_spread)
{
    const double same[3] = {0.1, 0.1, 0.1}; // their sum divided by 3 is not 0.1
    cr_assert(eq(dbl, stats_mean(same, 3), 0.1));
    cr_assert(eq(dbl, stats_std_population(same, 3), 0.0));
}

Test(stats, nothing_has_no_statistics)
{
    RngStream rng = stream(0);
    cr_assert(isnan(stats_mean(x, 0)));
    cr_assert(isnan(stats_std_population(x, 0)));
    cr_assert(isnan(stats_std_sample(x, 1)));
    cr_assert(isnan(stats_median(x, 0, work)));
    cr_assert(isnan(stats_iqm(x, 0, work)));
    cr_assert(isnan(stats_mean_of_strata(x, NULL, 0)));
    cr_assert(isnan(stats_bootstrap_mean(x, 0, 100, &rng, work).lo));
    cr_assert(isnan(stats_bootstrap_strata(x, NULL, 0, 100, &rng, work).hi));
}

// 0 to 1000 in another order: the quantiles 0.025 and 0.975 are two of them
Test(bootstrap, percentiles_leave_a_fortieth_out_at_each_end)
{
    double resampled[1001];
    for (int i = 0; i < 1001; i++)
        resampled[i] = i * 10 % 1001;
    Interval found = stats_percentiles(resampled, 1001);
    cr_assert(epsilon_eq(dbl, found.lo, 25.0, 1e-9));
    cr_assert(epsilon_eq(dbl, found.hi, 975.0, 1e-9));
}

Test(bootstrap, the_same_stream_gives_the_same_interval_and_another_does_not)
{
    RngStream a = stream(1), b = stream(1), c = stream(2);
    Interval first = stats_bootstrap_mean(x, TEN, 1000, &a, work);
    Interval again = stats_bootstrap_mean(x, TEN, 1000, &b, work);
    Interval other = stats_bootstrap_mean(x, TEN, 1000, &c, work);
    cr_assert(eq(dbl, first.lo, again.lo));
    cr_assert(eq(dbl, first.hi, again.hi));
    cr_assert(ne(dbl, first.lo, other.lo));
}

// the mean of 60 draws is nearly normal: 1.96 population deviations over the root of n
Test(bootstrap, agrees_with_the_normal_interval_where_that_is_right)
{
    enum { N = 60 };
    double many[N];
    for (int i = 0; i < N; i++)
        many[i] = 5.0 + sin(1.7 * i);
    RngStream rng = stream(3);
    Interval found = stats_bootstrap_mean(many, N, STATS_RESAMPLES, &rng, work);
    double half = 1.959964 * stats_std_population(many, N) / sqrt((double)N);
    double mean = stats_mean(many, N);
    cr_assert(epsilon_eq(dbl, found.lo, mean - half, 0.04 * half));
    cr_assert(epsilon_eq(dbl, found.hi, mean + half, 0.04 * half));
}

// Percentile intervals of 30 normal numbers cover a little less than 95 %: about 93. An
// interval of 90 % would cover 88, one of 99 % 98.
Test(bootstrap, covers_the_true_mean_about_as_often_as_it_says)
{
    enum { TRIALS = 2000, N = 30, RESAMPLES = 500 };
    RngStream draw = rng_stream(5, RNG_METHOD, 0), rng = stream(4);
    int covered = 0;
    for (int t = 0; t < TRIALS; t++) {
        double sample[N];
        for (int i = 0; i < N; i++)
            sample[i] = -3.0 + 2.0 * rng_normal(&draw);
        Interval found = stats_bootstrap_mean(sample, N, RESAMPLES, &rng, work);
        covered += found.lo <= -3.0 && -3.0 <= found.hi;
    }
    cr_assert(ge(int, covered, TRIALS * 915 / 1000), "%d of %d", covered, TRIALS);
    cr_assert(le(int, covered, TRIALS * 960 / 1000), "%d of %d", covered, TRIALS);
}

// the mean of all five numbers is 7.2
Test(strata, weigh_the_same_whatever_their_size)
{
    const double values[] = {1, 2, 3, 10, 20};
    const int count[] = {3, 2};
    cr_assert(eq(dbl, stats_mean_of_strata(values, count, 2), 8.5));
}

// drawn from all seven at once, the mean would vary
Test(strata, are_resampled_each_on_its_own)
{
    const double values[] = {5, 5, 5, 5, 5, 9, 9};
    const int count[] = {5, 2};
    RngStream rng = stream(6);
    Interval found = stats_bootstrap_strata(values, count, 2, 1000, &rng, work);
    cr_assert(eq(dbl, found.lo, 7.0));
    cr_assert(eq(dbl, found.hi, 7.0));
}

// two strata of spread 1: the variance of their mean is (1/n1 + 1/n2) / 4
Test(strata, interval_has_the_width_of_the_mean_of_means)
{
    enum { N1 = 20, N2 = 60 };
    double values[N1 + N2];
    for (int i = 0; i < N1 + N2; i++)
        values[i] = (i < N1 ? 0.0 : 100.0) + (i % 2 ? 1.0 : -1.0);
    const int count[] = {N1, N2};
    RngStream rng = stream(7);
    Interval found = stats_bootstrap_strata(values, count, 2, STATS_RESAMPLES, &rng, work);
    double half = 1.959964 * 0.5 * sqrt(1.0 / N1 + 1.0 / N2);
    cr_assert(epsilon_eq(dbl, 0.5 * (found.hi - found.lo), half, 0.05 * half));
    cr_assert(epsilon_eq(dbl, 0.5 * (found.hi + found.lo), 50.0, 0.05 * half));
}

static double p_of(const double *values, int n)
{
    return stats_sign_flip_p(values, &n, 1, STATS_RESAMPLES, NULL); // exact: no stream
}

// by hand: of three of one sign only the two patterns of equal signs reach the sum. 3, -1, 2
// add up to 4, and |sum| is 6, 4, 2, 0 with either sign before all
Test(sign_flip, counts_all_patterns_of_few_differences)
{
    cr_assert(eq(dbl, p_of((const double[]){1, 2, 3}, 3), 0.25));
    cr_assert(eq(dbl, p_of((const double[]){-1, -2, -3}, 3), 0.25));
    cr_assert(eq(dbl, p_of((const double[]){3, -1, 2}, 3), 0.5));
    cr_assert(eq(dbl, p_of((const double[]){1, 2}, 2), 0.5));
    cr_assert(eq(dbl, p_of((const double[]){1}, 1), 1.0));
}

// Darwin's maize in Fisher 1935, section 21: 863 of the 32768 patterns add up to 314 or more.
// The others by scipy 1.17.1, permutation_test(permutation_type='samples', n_resamples=inf).
Test(sign_flip, is_that_of_fisher_and_scipy)
{
    const double darwin[] = {49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48};
    const double near[] = {-0.6, 1.9, 0.4, 0.7, -0.9, 1.2, 0.8, 0.3, 1.1, -0.2, 0.9, 0.6};
    cr_assert(eq(dbl, p_of(darwin, 15), 2 * 863 / 32768.0));
    cr_assert(eq(dbl, p_of(x, TEN), 10 / 1024.0));
    cr_assert(eq(dbl, p_of(near, 12), 200 / 4096.0));
}

// 0.1 + 0.2 - 0.3 is not 0 in doubles. In the second, what the other three add to 0.6 is at
// least 0 in 5 patterns of 8, and in two of them it is that
Test(sign_flip, takes_sums_that_rounding_tells_apart_for_equal)
{
    cr_assert(eq(dbl, p_of((const double[]){0.1, 0.2, -0.3}, 3), 1.0));
    cr_assert(eq(dbl, p_of((const double[]){0.1, 0.2, -0.3, 0.6}, 4), 5 / 8.0));
    cr_assert(eq(dbl, p_of((const double[]){1e9 + 0.1, 1e9 + 0.2, -1e9 - 0.3}, 3), 1.0));
}

// weighed alike: 1 + 1.5, of 2.5, 3.5, -1.5 and -0.5; the plain sum would be 4, of 4, 6, -4, -2
Test(sign_flip, weighs_strata_as_their_mean_does)
{
    const double values[] = {1, 4, -1};
    const int count[] = {1, 2}, one[] = {3};
    cr_assert(eq(dbl, stats_sign_flip_p(values, count, 2, 1, NULL), 0.5));
    cr_assert(eq(dbl, stats_sign_flip_p(values, one, 1, 1, NULL), 0.75));
}

// a difference of 0 changes no p, but there are too many then to count all patterns: p of the
// maize, now drawn, is 0.0527 within 3.5 deviations of 0.0022
Test(sign_flip, drawn_is_close_to_exact)
{
    enum { MANY = 70, ZEROS = 35 }; // three words a pattern
    double values[MANY] = {0};
    const int count[] = {MANY};
    const double darwin[] = {49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48};
    for (int i = 0; i < 15; i++)
        values[ZEROS * (i % 2) + i] = darwin[i]; // in the first and the second word
    RngStream rng = stream(8), again = stream(8);
    double p = stats_sign_flip_p(values, count, 1, STATS_RESAMPLES, &rng);
    cr_assert(epsilon_eq(dbl, p, 2 * 863 / 32768.0, 0.0078));
    cr_assert(eq(dbl, stats_sign_flip_p(values, count, 1, STATS_RESAMPLES, &again), p));
}

Test(sign_flip, drawn_is_never_0)
{
    enum { MANY = 60 };
    double values[MANY];
    const int count[] = {20, 40};
    for (int i = 0; i < MANY; i++)
        values[i] = 3.0;
    RngStream rng = stream(9);
    cr_assert(eq(dbl, stats_sign_flip_p(values, count, 2, 999, &rng), 0.001));
}

Test(sign_flip, no_difference_at_all_is_1)
{
    const double none[40] = {0};
    const int few[] = {3, 2}, many[] = {25, 15};
    RngStream rng = stream(10);
    cr_assert(eq(dbl, stats_sign_flip_p(none, few, 2, 100, &rng), 1.0));
    cr_assert(eq(dbl, stats_sign_flip_p(none, many, 2, 100, &rng), 1.0));
    cr_assert(isnan(stats_sign_flip_p(none, few, 0, 100, &rng)));
}

// p has steps of 1/512: it is at most 0.05 in 25 of them, 4.9 %, and at most 0.05 / 18, which
// Holm's procedure asks of the smallest of 18, in one, 0.2 %. The level at which a percentile
// interval of 10 reaches 0 is there in 9.7 % and 2.3 %.
Test(sign_flip, of_ten_pairs_rejects_as_often_as_it_says)
{
    enum { TRIALS = 4000, N = 10 };
    RngStream draw = rng_stream(6, RNG_METHOD, 0);
    int at_level = 0, at_holm = 0;
    for (int t = 0; t < TRIALS; t++) {
        double sample[N];
        for (int i = 0; i < N; i++)
            sample[i] = rng_normal(&draw);
        double p = p_of(sample, N);
        at_level += p <= 0.05;
        at_holm += p <= 0.05 / 18;
    }
    cr_assert(at_level >= TRIALS * 4 / 100 && at_level <= TRIALS * 55 / 1000, "%d", at_level);
    cr_assert(at_holm >= 1 && at_holm <= TRIALS * 4 / 1000, "%d", at_holm);
}

// 4 members of 10 pairs, one with five times the spread; patterns are drawn
Test(sign_flip, of_strata_rejects_as_often_as_it_says)
{
    enum { TRIALS = 2000, N = 40, PATTERNS = 199 };
    const int count[] = {10, 10, 10, 10};
    RngStream draw = rng_stream(7, RNG_METHOD, 0), rng = stream(11);
    int rejected = 0;
    for (int t = 0; t < TRIALS; t++) {
        double sample[N];
        for (int i = 0; i < N; i++)
            sample[i] = (i < 10 ? 5.0 : 1.0) * rng_normal(&draw);
        rejected += stats_sign_flip_p(sample, count, 4, PATTERNS, &rng) <= 0.05;
    }
    cr_assert(rejected >= TRIALS * 4 / 100 && rejected <= TRIALS * 6 / 100, "%d", rejected);
}

// sorted: 4 x 0.005 = 0.02, 3 x 0.01 = 0.03, 2 x 0.03 = 0.06, and 1 x 0.04 is raised to 0.06
Test(holm, steps_down_from_the_smallest)
{
    const double p[] = {0.01, 0.04, 0.03, 0.005};
    double adjusted[4];
    stats_holm(p, 4, adjusted);
    cr_assert(epsilon_eq(dbl, adjusted[0], 0.03, 1e-15));
    cr_assert(epsilon_eq(dbl, adjusted[1], 0.06, 1e-15));
    cr_assert(epsilon_eq(dbl, adjusted[2], 0.06, 1e-15));
    cr_assert(epsilon_eq(dbl, adjusted[3], 0.02, 1e-15));
}

// R: p.adjust(c(0.5, 0.001, 0.9, 0.02, 0.02), "holm") is 1, 0.005, 1, 0.08, 0.08
Test(holm, stops_at_1_and_raises_ties_alike)
{
    const double p[] = {0.5, 0.001, 0.9, 0.02, 0.02};
    const double wanted[] = {1.0, 0.005, 1.0, 0.08, 0.08};
    double adjusted[5];
    stats_holm(p, 5, adjusted);
    for (int i = 0; i < 5; i++)
        cr_assert(epsilon_eq(dbl, adjusted[i], wanted[i], 1e-15), "%d", i);
    stats_holm(p + 3, 1, adjusted);
    cr_assert(eq(dbl, adjusted[0], 0.02)); // one test alone is not adjusted
}
