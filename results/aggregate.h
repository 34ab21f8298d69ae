/** @file
 * What a method is worth over many runs and members: aggregates of its scores, how these are
 * distributed, and how probable it is that one method beats another; each with a 95 % interval.
 *
 * Layer: results. Pure functions of finite scores, normalised ones where members are to weigh
 * alike. Intervals are of a stratified bootstrap: of every member as many runs are drawn with
 * replacement as it has, independently of the other members. Nothing is allocated but by
 * aggregate_work_init(), and the same stream gives the same bytes.
 *
 * @source Agarwal et al. 2021, arXiv:2108.13264; the definitions are those of rliable 3ccd9f4
 *         (metrics.py, library.py), whose "task" is our member. rliable wants as many runs of
 *         each task; with unequal numbers, where it says all scores a run weighs the same.
 */
#ifndef RESULTS_AGGREGATE_H
#define RESULTS_AGGREGATE_H

#include "results/stats.h"
#include "suite/core/status.h"

/** The scores of a method, borrowed. */
typedef struct Scores {
    const double *x; // (sum of runs), finite, the members one after the other
    const int *runs; // (members) of each member, > 0
    int members;     // > 0
} Scores;

typedef enum Aggregate {
    AGGREGATE_IQM,    // of all scores without the lowest and highest quarter: stats_iqm()
    AGGREGATE_MEAN,   // of the members' means
    AGGREGATE_MEDIAN, // of the members' means
    AGGREGATE_GAP,    // optimality gap: 1 minus the mean of min(score, 1); lower is better
    AGGREGATE_COUNT,
} Aggregate;

/** @return "iqm", "mean", "median" or "gap". */
const char *aggregate_name(Aggregate aggregate);

/** The aggregate of @p scores. @param work (sum of runs) */
double aggregate_value(Aggregate aggregate, const Scores *scores, double *work);

/** A score and its place among all. */
typedef struct RankedScore {
    double x;
    int place;
} RankedScore;

/** What resampling needs; only aggregate.c looks inside. */
typedef struct AggregateWork {
    int scores, series, resamples;
    double *result;      // (series x resamples)
    double *mean;        // (scores) of each member of a resample
    RankedScore *ranked; // (scores) ascending
    int *rank, *drawn;   // (size), (size): of each score; how often each rank was drawn
    int *below, *up_to;  // (size) ranks that bound a score or a level
} AggregateWork;

/**
 * Room for intervals.
 *
 * @param[out] work      release with aggregate_work_release(), also after a failure
 * @param      scores    of a method at most, or of both for aggregate_improvement_interval()
 * @param      series    intervals at a time: AGGREGATE_COUNT, levels of a profile, or 1
 * @param      resamples of each, > 0; STATS_RESAMPLES takes 10 to 100 ms for 400 scores
 * @errors STATUS_NOMEM.
 */
MUST_CHECK Status aggregate_work_init(AggregateWork *work, int scores, int series,
                                      int resamples, Error *err);
void aggregate_work_release(AggregateWork *work);

/**
 * The intervals of all aggregates, from the same resamples.
 *
 * @param      rng      stream of purpose RNG_BOOTSTRAP; a draw below runs[m] for each run of
 *                      member m, in the order of @p scores, for each resample
 * @param[out] interval (AGGREGATE_COUNT)
 */
void aggregate_intervals(const Scores *scores, AggregateWork *work, RngStream *rng,
                         Interval *interval);

/** Levels of scores at which a profile is known, ascending. */
typedef struct Levels {
    const double *at; // (count), borrowed
    int count;
} Levels;

/** Performance profile: the share of all scores above each level, strictly. @param[out] share
 *  (levels->count) */
void aggregate_profile(const Scores *scores, const Levels *levels, double *share);

/** The interval of each share by itself. @param rng as above @param[out] band (levels->count)
 */
void aggregate_profile_bands(const Scores *scores, const Levels *levels, AggregateWork *work,
                             RngStream *rng, Interval *band);

/**
 * Probability of improvement, P(X > Y): the mean over members of the share of pairs of a run of
 * X and one of Y in which X is higher, where a tie counts half: Mann and Whitney's U divided by
 * the number of pairs.
 *
 * @pre x and y have the same members; their runs may differ in number, and are not paired.
 */
double aggregate_improvement(const Scores *x, const Scores *y);

/** Its interval; runs of X and Y are resampled independently. @param rng stream of purpose
 *  RNG_BOOTSTRAP; of each member first the runs of Y, then those of X are drawn */
Interval aggregate_improvement_interval(const Scores *x, const Scores *y, AggregateWork *work,
                                        RngStream *rng);

#endif
