#include "results/export_csv.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

void export_csv_header(Text *text)
{
    text_printf(text, "task,member,role,method,label,seed,step,policy,episodes,"
                      "mean,std,min,max,length,normalised\n");
}

static void print_run(const RunSummary *run, Text *text)
{
    int method = (int)strcspn(run->column, "+"); // what follows is the label
    const char *label = run->column[method] ? &run->column[method + 1] : "";
    text_printf(text, "%s,%s,%s,%.*s,%s,%d", run->family, run->member, run->role, method,
                run->column, label, run->seed);
}

static void print_evaluation(const EvalRow *row, const Reference *reference, Text *text)
{
    const double numbers[] = {row->mean, row->std, row->min, row->max, row->length};
    double normalised = reference_value(reference, row->mean);

    text_printf(text, ",%" PRId64 ",%s,%d,", row->step, policy_name(row->policy),
                row->episodes);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        text_double(text, numbers[i]);
        text_printf(text, ",");
    }
    if (!isnan(normalised)) text_double(text, normalised);
    text_printf(text, "\n");
}

Status export_csv_run(const Export *export, const RunSummary *run, Text *text, Error *err)
{
    EvalCurve curve;
    Status status = export_curve(&curve, export, run, err);
    for (int i = 0; i < curve.count && status == STATUS_OK; i++) {
        print_run(run, text);
        print_evaluation(&curve.row[i], export_reference(export, run), text);
    }
    eval_curve_release(&curve);
    return status == STATUS_OK ? text_status(text, err) : status;
}
