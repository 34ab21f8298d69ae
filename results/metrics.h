/** @file
 * What a learning curve is worth: one number per run, metric and policy.
 *
 * Layer: results. T = the budget, training steps of the run. Evaluations happen at fractions of
 * T rounded to whole steps, so the ends of a range are taken with one step of slack.
 */
#ifndef RESULTS_METRICS_H
#define RESULTS_METRICS_H

#include <stdbool.h>
#include <stdint.h>

#include "results/curve.h"
#include "suite/core/status.h"

enum { METRIC_MAX = 16, POLICY_COUNT = 2 };

/** An evaluation as metrics see it. */
typedef struct MetricPoint {
    int64_t step;
    double mean[POLICY_COUNT]; // of `network`: the deployed policy's where it has none
} MetricPoint;

/** What a metric is computed from. */
typedef struct MetricCurve {
    const MetricPoint *point; // (count), steps strictly ascending
    int count;
    EvalPolicy policy;
    int64_t budget; // T
} MetricCurve;

/** Which returns a metric is computed from, which says how it is normalised
 *  (results/reference.h). */
typedef enum MetricUnit {
    METRIC_RETURN,     // any: a weighted mean of returns, whose weights add up to 1
    METRIC_NORMALISED, // normalised ones only, where 0 and 1 mean something
} MetricUnit;

/** What is made of the numbers of a member's seeds. */
typedef enum MetricSeeds {
    SEEDS_MEAN,   // their mean
    SEEDS_SPREAD, // their interquartile range
    SEEDS_BELOW,  // the share that lies below the other column's of the same seed
} MetricSeeds;

/** A metric. `value` is NaN where the curve lacks what it needs. */
typedef struct Metric {
    const char *name;  // what --metric takes
    const char *group; // a name that --metric takes for several; NULL: none
    const char *title; // for a heading
    const char *help;  // one line; of SEEDS_BELOW it ends before the name of the other column
    MetricUnit unit;
    MetricSeeds seeds;
    bool lower_is_better;
    double (*value)(const MetricCurve *curve);
} Metric;

/** All metrics, in the order of tables; ends with a row without a name. */
extern const Metric metric_table[];

/** @return rows in metric_table, at most METRIC_MAX. */
int metric_count(void);

/** The row called @p name. @errors STATUS_USAGE, with the nearest name. */
MUST_CHECK Status metric_find(int *out, const char *name, Error *err);

/**
 * The rows called @p name, or all of the group of that name.
 *
 * @param[out] out   (METRIC_MAX) indices in metric_table
 * @param[out] count of them, at least 1
 * @errors STATUS_USAGE, with the nearest name.
 */
MUST_CHECK Status metric_select(int *out, int *count, const char *name, Error *err);

/** Is what tables show of the metric in units of return, and so in those of normalised returns
 *  once it was normalised? */
bool metric_is_return(const Metric *metric);

/** The evaluations of the deployed policy, in their order. @param[out] point (curve->count)
 *  @return how many there are. */
int metric_points(MetricPoint *point, const EvalCurve *curve);

#endif
