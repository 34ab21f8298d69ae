#include "results/export.h"

Status export_curve(EvalCurve *curve, const Export *export, const RunSummary *run, Error *err)
{
    RunFiles files;
    *curve = (EvalCurve){0};
    Status status = collect_files(&files, export->collection, run, err);
    return status == STATUS_OK ? run_files_evals(curve, &files, err) : status;
}

const Reference *export_reference(const Export *export, const RunSummary *run)
{
    return reference_of_run(export->reference, export->reference_count, run);
}
