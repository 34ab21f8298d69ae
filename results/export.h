/** @file
 * What the exporters share: finished runs, read again from where they were collected.
 *
 * Layer: results. results/export_csv.h, export_events.h and export_arrays.h write them in the
 * forms that other programs read, one run or one group of runs at a call. The same records give
 * the same bytes.
 */
#ifndef RESULTS_EXPORT_H
#define RESULTS_EXPORT_H

#include "results/collect.h"
#include "results/curve.h"
#include "results/reference.h"
#include "suite/core/file.h"

/** What is exported. All borrowed. */
typedef struct Export {
    const Collection *collection;   // of collect_folder(), where the runs are read again
    const ReferenceList *reference; // (reference_count) families, each once
    int reference_count;
} Export;

/** The evaluations of a run. @param[out] curve release with eval_curve_release(), also after a
 *  failure. @errors those of eval_curve_read(). */
MUST_CHECK Status export_curve(EvalCurve *curve, const Export *export, const RunSummary *run,
                               Error *err);

/** What a run's returns are normalised by, or NULL. */
const Reference *export_reference(const Export *export, const RunSummary *run);

#endif
