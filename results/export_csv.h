/** @file
 * Evaluations of many runs as one tidy CSV: a line for each evaluation and policy.
 *
 * Layer: results.
 */
#ifndef RESULTS_EXPORT_CSV_H
#define RESULTS_EXPORT_CSV_H

#include "results/export.h"
#include "suite/core/text.h"

/** Append the line that names the columns:
 *  task,member,role,method,label,seed,step,policy,episodes,mean,std,min,max,length,normalised.
 */
void export_csv_header(Text *text);

/**
 * Append the lines of a run, with exact numbers. `normalised` is the mean by the member's
 * references, empty where there are none of its task.
 *
 * @errors those of eval_curve_read().
 */
MUST_CHECK Status export_csv_run(const Export *export, const RunSummary *run, Text *text,
                                 Error *err);

#endif
