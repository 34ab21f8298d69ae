// Any bytes as evals.csv: eval_curve_parse() takes them or refuses them in a sentence, and a
// curve that it took has ordered steps and can be given to every metric.
#include "results/metrics.h"
#include "suite/core/check.h"
#include "tests/fuzz/fuzz.h"

static void visit(const EvalCurve *curve)
{
    int64_t last[POLICY_COUNT] = {-1, -1};
    for (int i = 0; i < curve->count; i++) {
        const EvalRow *row = &curve->row[i];
        CHECK(row->step > last[row->policy]);
        CHECK(row->episodes > 0 && row->episodes <= curve->episodes);
        CHECK(row->diverged >= 0 && row->diverged <= row->episodes);
        last[row->policy] = row->step;
    }
    static MetricPoint point[EVAL_ROWS];
    const MetricCurve of = {point, metric_points(point, curve), POLICY_NETWORK, 1000};
    for (int m = 0; m < metric_count(); m++)
        (void)metric_table[m].value(&of);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    EvalCurve curve;
    Error err = {0};
    Status status = eval_curve_parse(&curve, (const char *)data, size, "evals.csv", &err);
    CHECK((status == STATUS_OK) == (err.message[0] == '\0'));
    if (status == STATUS_OK) visit(&curve);
    eval_curve_release(&curve);
    return 0;
}
