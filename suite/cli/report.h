/** @file
 * Printing comparisons: what `suite table` is made of and `suite run` ends with.
 *
 * Layer: cli.
 */
#ifndef SUITE_CLI_REPORT_H
#define SUITE_CLI_REPORT_H

#include <stdbool.h>

#include "results/metrics.h"
#include "suite/core/status.h"
#include "suite/run/plan.h"

typedef enum ReportForm { REPORT_SUMMARY, REPORT_MARKDOWN, REPORT_CSV } ReportForm;

typedef struct ReportSpec {
    // what: the finished runs of a plan, or of whole folders
    const Plan *plan;
    const char *const *folder; // (folder_count)
    int folder_count;

    const char *role; // of the members to show; NULL: all
    bool allow_mixed; // compare several MuJoCo versions
    bool normalised;  // returns by their references, from the models folder
    const char *models;

    // how
    ReportForm form;
    EvalPolicy policy;
    int metric[METRIC_MAX]; // (metric_count)
    int metric_count;
} ReportSpec;

/** Fill the spec's metrics from a comma separated list; NULL: all. @errors STATUS_USAGE. */
MUST_CHECK Status report_metrics(ReportSpec *spec, const char *list, Error *err);

/**
 * Collect and print to standard output; warnings about the records go to standard error.
 *
 * @errors STATUS_MISSING if there is no finished run; STATUS_MISMATCH for mixed versions;
 *         STATUS_IO, STATUS_NOMEM.
 */
MUST_CHECK Status report_print(const ReportSpec *spec, Error *err);

#endif
