#include "results/stats.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "suite/core/check.h"

static const uint64_t bootstrap_key = 20250812; // any number, but part of every interval
static const double tail = 0.025;               // left out at each end of an interval

RngStream stats_bootstrap_stream(uint64_t index)
{
    return rng_stream(bootstrap_key, RNG_BOOTSTRAP, index);
}

static double sum_of(const double *x, int n, double centre)
{
    double sum = 0.0;
    for (int i = 0; i < n; i++)
        sum += x[i] - centre;
    return sum;
}

// the second pass takes back what rounding did in the first
double stats_mean(const double *x, int n)
{
    double mean = sum_of(x, n, 0.0) / n;
    return mean + sum_of(x, n, mean) / n;
}

// two passes: E[x^2] - E[x]^2 would cancel when the mean is large
static double squared_deviations(const double *x, int n)
{
    double mean = stats_mean(x, n), sum = 0.0;
    for (int i = 0; i < n; i++)
        sum += (x[i] - mean) * (x[i] - mean);
    return sum;
}

double stats_std_sample(const double *x, int n)
{
    return n < 2 ? (double)NAN : sqrt(squared_deviations(x, n) / (n - 1));
}

double stats_std_population(const double *x, int n)
{
    return sqrt(squared_deviations(x, n) / n);
}

static int ascending(const void *a, const void *b)
{
    double x, y;
    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    return (x > y) - (x < y);
}

static void sort(double *x, int n)
{
    if (n > 1) qsort(x, (size_t)n, sizeof *x, ascending);
}

static void copy_sorted(double *work, const double *x, int n)
{
    for (int i = 0; i < n; i++)
        work[i] = x[i];
    sort(work, n);
}

static double sorted_quantile(const double *x, int n, double q)
{
    if (n == 0) return (double)NAN;
    double place = q * (n - 1);
    int below = (int)place;
    int above = below + 1 < n ? below + 1 : below;
    return x[below] + (place - below) * (x[above] - x[below]);
}

double stats_quantile(const double *x, int n, double q, double *work)
{
    CHECK(q >= 0.0 && q <= 1.0);
    copy_sorted(work, x, n);
    return sorted_quantile(work, n, q);
}

double stats_iqr(const double *x, int n, double *work)
{
    copy_sorted(work, x, n);
    return sorted_quantile(work, n, 0.75) - sorted_quantile(work, n, 0.25);
}

double stats_median(const double *x, int n, double *work)
{
    return stats_quantile(x, n, 0.5, work);
}

double stats_iqm(const double *x, int n, double *work)
{
    int cut = n / 4;
    copy_sorted(work, x, n);
    return stats_mean(work + cut, n - 2 * cut);
}

Interval stats_percentiles(double *resampled, int resamples)
{
    sort(resampled, resamples);
    return (Interval){sorted_quantile(resampled, resamples, tail),
                      sorted_quantile(resampled, resamples, 1.0 - tail)};
}

Interval stats_bootstrap_mean(const double *x, int n, int resamples, RngStream *rng,
                              double *work)
{
    if (n == 0) return (Interval){(double)NAN, (double)NAN};
    return stats_bootstrap_strata(x, &n, 1, resamples, rng, work);
}

double stats_mean_of_strata(const double *x, const int *count, int strata)
{
    double sum = 0.0;
    for (int s = 0; s < strata; s++) {
        sum += stats_mean(x, count[s]);
        x += count[s];
    }
    return sum / strata;
}

// stats_mean_of_strata() of one resample
static double resampled_mean(const double *x, const int *count, int strata, RngStream *rng)
{
    double sum = 0.0;
    for (int s = 0; s < strata; s++) {
        double stratum = 0.0;
        for (int i = 0; i < count[s]; i++)
            stratum += x[rng_below(rng, count[s])];
        sum += stratum / count[s];
        x += count[s];
    }
    return sum / strata;
}

Interval stats_bootstrap_strata(const double *x, const int *count, int strata, int resamples,
                                RngStream *rng, double *work)
{
    CHECK(resamples > 0);
    if (strata == 0) return (Interval){(double)NAN, (double)NAN};

    for (int r = 0; r < resamples; r++)
        work[r] = resampled_mean(x, count, strata, rng);
    return stats_percentiles(work, resamples);
}

// stats_mean_of_strata() with the signs of 32 numbers flipped where a bit of `flip` is 1, and
// of the next 32 by the next word
static double flipped_mean(const double *x, const int *count, int strata, uint32_t flip,
                           RngStream *rng)
{
    double sum = 0.0;
    int bit = 0;
    for (int s = 0; s < strata; s++) {
        double stratum = 0.0;
        for (int i = 0; i < count[s]; i++, bit++) {
            if (bit == 32) {
                flip = rng_word(rng);
                bit = 0;
            }
            stratum += flip >> bit & 1 ? -x[i] : x[i];
        }
        sum += stratum / count[s];
        x += count[s];
    }
    return sum / strata;
}

// what |flipped_mean()| must reach to be as extreme as the observed one; sums that are equal
// but for rounding differ by far less than what is taken off
static double as_extreme(const double *x, const int *count, int strata)
{
    double size = 0.0, observed = fabs(stats_mean_of_strata(x, count, strata));
    for (int s = 0; s < strata; s++) {
        double stratum = 0.0;
        for (int i = 0; i < count[s]; i++)
            stratum += fabs(x[i]);
        size += stratum / count[s];
        x += count[s];
    }
    return observed - 1e-12 * size / strata;
}

double stats_sign_flip_p(const double *x, const int *count, int strata, int resamples,
                         RngStream *rng)
{
    int n = 0, extreme = 0;
    CHECK(resamples > 0);
    for (int s = 0; s < strata; s++)
        n += count[s];
    if (n == 0) return (double)NAN;
    double bound = as_extreme(x, count, strata);

    // the last sign stays: a pattern and its opposite are as extreme
    if (n <= STATS_EXACT) {
        uint32_t patterns = UINT32_C(1) << (n - 1);
        for (uint32_t flip = 0; flip < patterns; flip++)
            extreme += fabs(flipped_mean(x, count, strata, flip, NULL)) >= bound;
        return (double)extreme / patterns;
    }
    for (int r = 0; r < resamples; r++)
        extreme += fabs(flipped_mean(x, count, strata, rng_word(rng), rng)) >= bound;
    return (extreme + 1.0) / (resamples + 1.0);
}

void stats_holm(const double *p, int n, double *adjusted)
{
    double largest = 0.0;
    for (int i = 0; i < n; i++)
        adjusted[i] = (double)NAN;
    for (int rank = 0; rank < n; rank++) {
        int next = -1; // the smallest that is not adjusted yet
        for (int i = 0; i < n; i++)
            if (isnan(adjusted[i]) && (next < 0 || p[i] < p[next])) next = i;
        largest = fmax(largest, fmin(1.0, (n - rank) * p[next]));
        adjusted[next] = largest;
    }
}
