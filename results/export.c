#include "results/export.h"

Status export_folder(char folder[PATH_LENGTH], const Export *export, const RunSummary *run,
                     Error *err)
{
    char place[RUN_PATH];
    collect_run_path(run, place);
    return path_format(folder, err, "%s/%s", export->folder, place);
}

Status export_curve(EvalCurve *curve, const Export *export, const RunSummary *run, Error *err)
{
    char folder[PATH_LENGTH];
    *curve = (EvalCurve){0};
    Status status = export_folder(folder, export, run, err);
    return status == STATUS_OK ? eval_curve_read(curve, folder, err) : status;
}

const Reference *export_reference(const Export *export, const RunSummary *run)
{
    return reference_of_run(export->reference, export->reference_count, run);
}
