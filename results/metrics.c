#include "results/metrics.h"

#include <math.h>
#include <string.h>

#include "suite/core/text.h"

static const double early = 0.1;     // of the budget: the range of early10
static const double level = 0.8;     // that `threshold` waits for, normalised
static const double collapsed = 0.8; // of the best so far: below it a policy has collapsed
enum { REACHED_BY = 3 };             // evaluations whose mean must reach the level

// -- the curve

// the mean return of `policy` at the step of a deployed evaluation
static double seen_by(const EvalCurve *curve, EvalPolicy policy, const EvalRow *deployed)
{
    for (int i = 0; i < curve->count; i++)
        if (curve->row[i].policy == policy && curve->row[i].step == deployed->step)
            return curve->row[i].mean;
    return deployed->mean;
}

int metric_points(MetricPoint *point, const EvalCurve *curve)
{
    int count = 0;
    for (int i = 0; i < curve->count; i++) {
        const EvalRow *row = &curve->row[i];
        if (row->policy != POLICY_DEPLOYED) continue;
        point[count++] = (MetricPoint){
            .step = row->step,
            .mean = {[POLICY_DEPLOYED] = row->mean,
                     [POLICY_NETWORK] = seen_by(curve, POLICY_NETWORK, row)},
        };
    }
    return count;
}

static double step_at(const MetricCurve *curve, int i)
{
    return (double)curve->point[i].step;
}

static double mean_at(const MetricCurve *curve, int i)
{
    return curve->point[i].mean[curve->policy];
}

// does it begin before the first training step and end with the last?
static bool is_whole(const MetricCurve *curve)
{
    return curve->count && curve->point[0].step == 0 &&
           curve->point[curve->count - 1].step >= curve->budget;
}

// -- weighted means of returns

// mean of the evaluations at steps in [first, last]
static double mean_between(const MetricCurve *curve, double first, double last)
{
    double sum = 0.0;
    int n = 0;
    for (int i = 0; i < curve->count; i++) {
        if (step_at(curve, i) < first || step_at(curve, i) > last) continue;
        sum += mean_at(curve, i);
        n++;
    }
    return n ? sum / n : (double)NAN;
}

// the trapezoid's area over steps [0, end] divided by its length; the last piece is cut at
// `end`
static double mean_height(const MetricCurve *curve, double end)
{
    if (!curve->count || curve->point[0].step != 0) return (double)NAN;

    double area = 0.0;
    for (int i = 1; i < curve->count; i++) {
        double width = step_at(curve, i) - step_at(curve, i - 1);
        double from = mean_at(curve, i - 1);
        double slope = (mean_at(curve, i) - from) / width;
        if (step_at(curve, i) >= end) width = end - step_at(curve, i - 1);
        area += width * (from + 0.5 * slope * width);
        if (step_at(curve, i) >= end) return area / end;
    }
    return (double)NAN;
}

static double jumpstart(const MetricCurve *curve)
{
    return mean_between(curve, 0.0, 0.0);
}

static double jumpstart5(const MetricCurve *curve)
{
    return mean_between(curve, 1.0, ceil(0.05 * (double)curve->budget));
}

static double early10(const MetricCurve *curve)
{
    return mean_height(curve, early * (double)curve->budget);
}

static double auc(const MetricCurve *curve)
{
    return mean_height(curve, (double)curve->budget);
}

static double final(const MetricCurve *curve)
{
    return mean_between(curve, floor(0.9 * (double)curve->budget), (double)curve->budget);
}

// -- of normalised returns

// mean of the last evaluations up to number `i`; at the start of as many as there are
static double recent(const MetricCurve *curve, int i)
{
    int first = i < REACHED_BY ? 0 : i - REACHED_BY + 1;
    double sum = 0.0;
    for (int k = first; k <= i; k++)
        sum += mean_at(curve, k);
    return sum / (i - first + 1);
}

// the number of the evaluation by which the level is reached, or count
static int reached_at(const MetricCurve *curve)
{
    int i = 0;
    while (i < curve->count && recent(curve, i) < level)
        i++;
    return i;
}

// differs: on the line between two evaluations, not at the later one, so that a coarse grid of
// evaluations does not round times up
static double threshold(const MetricCurve *curve)
{
    if (!is_whole(curve)) return (double)NAN;
    int i = reached_at(curve);
    if (i == 0) return 0.0;
    if (i == curve->count) return 1.0;
    double before = recent(curve, i - 1);
    double part = (level - before) / (recent(curve, i) - before);
    double from = step_at(curve, i - 1);
    return (from + part * (step_at(curve, i) - from)) / (double)curve->budget;
}

static double reached(const MetricCurve *curve)
{
    if (!is_whole(curve)) return (double)NAN;
    return reached_at(curve) < curve->count ? 1.0 : 0.0;
}

static double drop(const MetricCurve *curve)
{
    if (!is_whole(curve)) return (double)NAN;
    double best = mean_at(curve, 0), sum = 0.0;
    for (int i = 0; i < curve->count; i++) {
        best = fmax(best, mean_at(curve, i));
        sum += best - mean_at(curve, i);
    }
    return sum / curve->count;
}

// differs: while nothing was better than random actions, nothing has collapsed; a share of a
// best below 0 would lie above it
static double collapse(const MetricCurve *curve)
{
    if (!is_whole(curve)) return (double)NAN;
    double best = mean_at(curve, 0);
    int below = 0;
    for (int i = 0; i < curve->count; i++) {
        best = fmax(best, mean_at(curve, i));
        below += best > 0.0 && mean_at(curve, i) < collapsed * best;
    }
    return (double)below / curve->count;
}

// -- the table

const Metric metric_table[] = {
    {.name = "jumpstart",
     .title = "Jumpstart",
     .help = "return before the first training step",
     .value = jumpstart},
    {.name = "jumpstart5",
     .title = "Early jumpstart",
     .help = "mean return over the first 5 %, step 0 left out",
     .value = jumpstart5},
    {.name = "early10",
     .title = "Early area",
     .help = "area under the curve over the first 10 %, divided by its length",
     .value = early10},
    {.name = "auc",
     .title = "Area under the curve",
     .help = "area under the curve divided by the budget",
     .value = auc},
    {.name = "final",
     .title = "Final return",
     .help = "mean return over the last 10 %",
     .value = final},
    {.name = "threshold",
     .title = "Time to threshold",
     .help = "share of the budget until three evaluations average 0.8, normalised; 1 if they "
             "never do",
     .unit = METRIC_NORMALISED,
     .lower_is_better = true,
     .value = threshold},
    {.name = "reached",
     .title = "Threshold reached",
     .help = "share of runs in which three evaluations ever average 0.8, normalised",
     .unit = METRIC_NORMALISED,
     .value = reached},
    {.name = "spread",
     .group = "stability",
     .title = "Spread",
     .help = "interquartile range of the area under the curve over seeds",
     .seeds = SEEDS_SPREAD,
     .lower_is_better = true,
     .value = auc},
    {.name = "drop",
     .group = "stability",
     .title = "Drop",
     .help = "mean over evaluations of how far the normalised return is below the best so far",
     .unit = METRIC_NORMALISED,
     .lower_is_better = true,
     .value = drop},
    {.name = "collapse",
     .group = "stability",
     .title = "Collapse",
     .help = "share of evaluations with a normalised return below 0.8 of the best so far",
     .unit = METRIC_NORMALISED,
     .lower_is_better = true,
     .value = collapse},
    {.name = "negative",
     .title = "Negative transfer",
     .help = "share of seeds with less area under the curve than the same seed of",
     .seeds = SEEDS_BELOW,
     .lower_is_better = true,
     .value = auc},
    {0},
};

enum { METRIC_COUNT = sizeof metric_table / sizeof metric_table[0] - 1 };
_Static_assert((int)METRIC_COUNT <= (int)METRIC_MAX, "raise METRIC_MAX");

int metric_count(void)
{
    return METRIC_COUNT;
}

bool metric_is_return(const Metric *metric)
{
    return metric->unit == METRIC_RETURN && metric->seeds != SEEDS_BELOW;
}

static Status refuse(const char *name, Error *err)
{
    const char *names[2 * METRIC_COUNT];
    int count = 0;
    for (int i = 0; i < METRIC_COUNT; i++) {
        names[count++] = metric_table[i].name;
        if (metric_table[i].group) names[count++] = metric_table[i].group;
    }
    const char *nearest = nearest_name(name, names, count);
    return error_set(err, STATUS_USAGE, "unknown metric '%s'%s%s%s", name,
                     nearest ? "; did you mean '" : "", nearest ? nearest : "",
                     nearest ? "'?" : "");
}

Status metric_select(int *out, int *count, const char *name, Error *err)
{
    *count = 0;
    for (int i = 0; i < METRIC_COUNT; i++) {
        const Metric *metric = &metric_table[i];
        if (strcmp(name, metric->name) == 0 ||
            (metric->group && strcmp(name, metric->group) == 0))
            out[(*count)++] = i;
    }
    return *count ? STATUS_OK : refuse(name, err);
}

Status metric_find(int *out, const char *name, Error *err)
{
    for (int i = 0; i < METRIC_COUNT; i++) {
        if (strcmp(name, metric_table[i].name) != 0) continue;
        *out = i;
        return STATUS_OK;
    }
    return refuse(name, err);
}
