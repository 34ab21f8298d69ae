#include "results/metrics.h"

#include <math.h>
#include <string.h>

#include "suite/core/text.h"

static const double early = 0.1; // of the budget: the range of early10

// mean of the evaluations at steps in [first, last]
static double mean_between(const EvalCurve *curve, EvalPolicy policy, double first, double last)
{
    double sum = 0.0;
    int n = 0;
    for (const EvalRow *row = eval_curve_next(curve, NULL); row;
         row = eval_curve_next(curve, row)) {
        if ((double)row->step < first || (double)row->step > last) continue;
        sum += eval_curve_seen_by(curve, policy, row)->mean;
        n++;
    }
    return n ? sum / n : (double)NAN;
}

// the trapezoid's area over steps [0, end] divided by its length; the last piece is cut at
// `end`
static double mean_height(const EvalCurve *curve, EvalPolicy policy, double end)
{
    const EvalRow *a = eval_curve_next(curve, NULL);
    if (!a || a->step != 0) return (double)NAN;

    double area = 0.0;
    for (const EvalRow *b; (b = eval_curve_next(curve, a)); a = b) {
        double width = (double)(b->step - a->step);
        double from = eval_curve_seen_by(curve, policy, a)->mean;
        double slope = (eval_curve_seen_by(curve, policy, b)->mean - from) / width;
        if ((double)b->step >= end) width = end - (double)a->step;
        area += width * (from + 0.5 * slope * width);
        if ((double)b->step >= end) return area / end;
    }
    return (double)NAN;
}

static double jumpstart(const EvalCurve *curve, EvalPolicy policy, int64_t budget)
{
    (void)budget;
    return mean_between(curve, policy, 0.0, 0.0);
}

static double jumpstart5(const EvalCurve *curve, EvalPolicy policy, int64_t budget)
{
    return mean_between(curve, policy, 1.0, ceil(0.05 * (double)budget));
}

static double early10(const EvalCurve *curve, EvalPolicy policy, int64_t budget)
{
    return mean_height(curve, policy, early * (double)budget);
}

static double auc(const EvalCurve *curve, EvalPolicy policy, int64_t budget)
{
    return mean_height(curve, policy, (double)budget);
}

static double final(const EvalCurve *curve, EvalPolicy policy, int64_t budget)
{
    return mean_between(curve, policy, floor(0.9 * (double)budget), (double)budget);
}

const Metric metric_table[] = {
    {"jumpstart", "Jumpstart", "return before the first training step", METRIC_RETURN,
     jumpstart},
    {"jumpstart5", "Early jumpstart", "mean return over the first 5 %, step 0 left out",
     METRIC_RETURN, jumpstart5},
    {"early10", "Early area", "area under the curve over the first 10 %, divided by its length",
     METRIC_RETURN, early10},
    {"auc", "Area under the curve", "area under the curve divided by the budget", METRIC_RETURN,
     auc},
    {"final", "Final return", "mean return over the last 10 %", METRIC_RETURN, final},
    {0},
};

enum { METRIC_COUNT = sizeof metric_table / sizeof metric_table[0] - 1 };
_Static_assert((int)METRIC_COUNT <= (int)METRIC_MAX, "raise METRIC_MAX");

int metric_count(void)
{
    return METRIC_COUNT;
}

Status metric_find(int *out, const char *name, Error *err)
{
    const char *names[METRIC_COUNT];
    for (int i = 0; i < METRIC_COUNT; i++) {
        names[i] = metric_table[i].name;
        if (strcmp(name, names[i]) != 0) continue;
        *out = i;
        return STATUS_OK;
    }
    const char *nearest = nearest_name(name, names, METRIC_COUNT);
    return error_set(err, STATUS_USAGE, "unknown metric '%s'%s%s%s", name,
                     nearest ? "; did you mean '" : "", nearest ? nearest : "",
                     nearest ? "'?" : "");
}
