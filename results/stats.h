/** @file
 * Statistics of a handful of numbers, one per seed: centres, spreads, bootstrap intervals, and
 * randomisation tests of paired differences.
 *
 * Layer: results. Pure functions of finite numbers; no allocation: what needs room takes a
 * `work` array from the caller. n = 0 gives NaN everywhere.
 */
#ifndef RESULTS_STATS_H
#define RESULTS_STATS_H

#include "suite/core/rng.h"

enum {
    STATS_RESAMPLES = 10000, // the default number of resamples, and of drawn sign patterns
    STATS_EXACT = 15,        // up to so many differences all sign patterns are counted
};

/** A stream for resampling, the same one for the same index: part of every interval shown. */
RngStream stats_bootstrap_stream(uint64_t index);

typedef struct Interval {
    double lo, hi;
} Interval;

/** Arithmetic mean of @p x (n); n equal numbers give exactly that number. */
double stats_mean(const double *x, int n);

/** Standard deviation that divides by n - 1, for a sample of seeds; NaN for n < 2. */
double stats_std_sample(const double *x, int n);

/** Standard deviation that divides by n, for all episodes there are (numpy's default). */
double stats_std_population(const double *x, int n);

/** Median; the mean of the middle two when n is even. @param work (n), may be @p x */
double stats_median(const double *x, int n, double *work);

/**
 * Interquartile mean: the mean without floor(n / 4) values at each end.
 *
 * @param work (n)
 * @source rliable 3ccd9f4, metrics.py: scipy.stats.trim_mean(scores, 0.25).
 */
double stats_iqm(const double *x, int n, double *work);

/** Interquartile range: the quantile 0.75 minus that of 0.25. @param work (n), may be @p x */
double stats_iqr(const double *x, int n, double *work);

/**
 * Quantile @p q in [0, 1], linear between order statistics: numpy's default, type 7 of Hyndman
 * and Fan 1996.
 *
 * @param work (n)
 */
double stats_quantile(const double *x, int n, double q, double *work);

/**
 * 95 % percentile interval of a statistic from what its resamples gave, which are sorted.
 *
 * @source Efron and Tibshirani 1993, section 13.3; quantiles as above.
 */
Interval stats_percentiles(double *resampled, int resamples);

/**
 * 95 % percentile interval of the mean: n draws with replacement, @p resamples times.
 *
 * For paired data pass the differences, so that a pair is drawn or left out as one.
 *
 * @param rng  stream of purpose RNG_BOOTSTRAP, advanced
 * @param work (resamples)
 * @source Efron and Tibshirani 1993, section 13.3.
 */
Interval stats_bootstrap_mean(const double *x, int n, int resamples, RngStream *rng,
                              double *work);

/** The mean over strata of each stratum's mean. @param x, count as below */
double stats_mean_of_strata(const double *x, const int *count, int strata);

/**
 * 95 % percentile interval of stats_mean_of_strata(), each stratum resampled on its own.
 *
 * @param x     the strata one after the other (sum of count)
 * @param count (strata) numbers in each stratum, > 0
 * @param work  (resamples)
 * @source Agarwal et al. 2021, arXiv:2108.13264: stratified bootstrap over tasks.
 */
Interval stats_bootstrap_strata(const double *x, const int *count, int strata, int resamples,
                                RngStream *rng, double *work);

/**
 * Two-sided p value of "each difference could as well have had the other sign", which holds
 * where it does not matter which of a pair is called the method: the share of sign patterns
 * whose |stats_mean_of_strata()| is at least the observed one's, but for rounding.
 *
 * Of n differences in all, up to STATS_EXACT, all 2^n patterns are counted, so that p is at
 * least 2 / 2^n; of more, @p resamples patterns are drawn, and with k of them as extreme p is
 * (k + 1) / (resamples + 1). Either way the chance of p <= a is at most a where the hypothesis
 * holds, however few the differences are.
 *
 * @param x, count  as above
 * @param rng       stream of purpose RNG_BOOTSTRAP; a drawn pattern takes a word for each 32
 *                  differences, counting takes none
 * @source Fisher 1935, The Design of Experiments, section 21; Edgington and Onghena 2007,
 *         Randomization Tests, 4th edition.
 */
double stats_sign_flip_p(const double *x, const int *count, int strata, int resamples,
                         RngStream *rng);

/**
 * Holm's step-down adjusted p values: of the sorted p, the i-th (from 0) becomes the largest of
 * min(1, (n - j) p_j) over j <= i. Rejecting those <= a keeps the chance of any false rejection
 * among the n at most a, however the tests depend on each other.
 *
 * @param      p        (n) in [0, 1]
 * @param[out] adjusted (n) in the order of p; another array than p
 * @source Holm 1979, Scand. J. Statist. 6, 65-70; as R's p.adjust(method = "holm").
 */
void stats_holm(const double *p, int n, double *adjusted);

#endif
