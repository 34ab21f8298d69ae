/** @file
 * What a learning curve is worth: one number per run, metric and policy.
 *
 * Layer: results. T = the budget, training steps of the run. Evaluations happen at fractions of
 * T rounded to whole steps, so the ends of a range are taken with one step of slack.
 */
#ifndef RESULTS_METRICS_H
#define RESULTS_METRICS_H

#include <stdint.h>

#include "results/curve.h"
#include "suite/core/status.h"

enum { METRIC_MAX = 16, POLICY_COUNT = 2 };

/** What a metric is measured in, which says how to normalise it (results/reference.h). */
typedef enum MetricUnit {
    METRIC_RETURN, // a weighted mean of returns, whose weights add up to 1
    METRIC_OTHER,  // steps, shares, spreads: not normalised
} MetricUnit;

/**
 * A metric, higher is better.
 *
 * `value` sees the curve of @p policy: the deployed policy's evaluations, or for `network` its
 * own wherever there is one at the same step. NaN where the curve lacks what it needs.
 */
typedef struct Metric {
    const char *name;  // what --metric takes
    const char *title; // for a heading
    const char *help;  // one line
    MetricUnit unit;
    double (*value)(const EvalCurve *curve, EvalPolicy policy, int64_t budget);
} Metric;

/** All metrics, in the order of tables; ends with a row without a name. */
extern const Metric metric_table[];

/** @return rows in metric_table, at most METRIC_MAX. */
int metric_count(void);

/** The row called @p name. @errors STATUS_USAGE, with the nearest name. */
MUST_CHECK Status metric_find(int *out, const char *name, Error *err);

#endif
