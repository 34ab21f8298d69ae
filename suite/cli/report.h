/** @file
 * Printing comparisons: what `suite table` and `suite claim` are made of and `suite run` ends
 * with.
 *
 * Layer: cli.
 */
#ifndef SUITE_CLI_REPORT_H
#define SUITE_CLI_REPORT_H

#include <stdbool.h>

#include "results/collect.h"
#include "results/metrics.h"
#include "results/reference.h"
#include "results/table.h"
#include "suite/cli/options.h"
#include "suite/core/file.h"
#include "suite/core/status.h"
#include "suite/run/plan.h"

enum { MOST_METHODS = 64 };

typedef enum ReportForm {
    REPORT_SUMMARY,
    REPORT_MARKDOWN,
    REPORT_CSV,
    REPORT_LATEX,
    REPORT_JSON,
    REPORT_OVERVIEW, // the claims as tables, in Markdown
    REPORT_CLAIM,    // one method against its rivals, in Markdown
    REPORT_CLAIM_CSV,
} ReportForm;

typedef struct ReportSpec {
    // what: the finished runs of a plan, or of whole folders
    const Plan *plan;
    const char *const *folder; // (folder_count)
    int folder_count;
    const char *by_default;      // the folder where none was named
    char published[PATH_LENGTH]; // that of the published results if it is it; ""

    const char *role;    // of the members to show; NULL: all
    const char *columns; // to show, comma separated; NULL: all
    int most_columns;    // 0: any; if `columns` is NULL and there are more, those without a
                         // label are shown, if there are any, which report_collect() says
    const char *watched; // of which unfairness is told, likewise
    bool allow_mixed;    // compare several MuJoCo versions
    bool normalised;     // returns by their references
    const char *models;  // folder of these; must be there too for metrics of normalised returns

    // how
    ReportForm form;
    EvalPolicy policy;
    int metric[METRIC_MAX]; // (metric_count)
    int metric_count;
    const char *against; // column that a table's differences are to; NULL: scratch
    const char *method;  // column that is claimed something of, and its rivals, comma separated
    const char *rivals;  // NULL: all others
} ReportSpec;

/** The folders of a command line; none: `runs` if it is there, else the published results.
 *  @param spec stays where it is, for its folders are in it then. @errors STATUS_MISSING. */
MUST_CHECK Status report_folders(ReportSpec *spec, const TextList *folders, Error *err);

/** Fill the spec's metrics from a comma separated list of names. @errors STATUS_USAGE. */
MUST_CHECK Status report_metrics(ReportSpec *spec, const char *list, Error *err);

/**
 * Read the references of every family there are runs of.
 *
 * @param[out] list (count) release with report_references_free(), also after a failure
 * @param models    folder
 * @errors those of references_read(); STATUS_NOMEM.
 */
MUST_CHECK Status report_references(ReferenceList **list, int *count,
                                    const Collection *collection, const char *models,
                                    Error *err);
void report_references_free(ReferenceList *list, int count);

/**
 * Collect the finished runs, and look for what cannot be compared.
 *
 * @param collection with its role; release with collect_release(), also after a failure
 * @errors those of collect_folder(), collect_only() and collect_finish().
 */
MUST_CHECK Status report_collect(Collection *collection, const ReportSpec *spec, Error *err);

/** Normalise what was collected by the references in the models folder, or, without
 *  `normalised`, fill the metrics of normalised returns. @errors those of references_read(). */
MUST_CHECK Status report_normalise(Collection *collection, const ReportSpec *spec, Error *err);

/** What legends call the methods. @return how many there are. */
int report_titles(TableTitle title[MOST_METHODS]);

/** Write what is to be told of the runs to standard error. */
void report_warn(const Collection *collection);

/** @errors STATUS_MISSING if there is no finished run. */
MUST_CHECK Status report_require(const Collection *collection, const ReportSpec *spec,
                                 Error *err);

/**
 * Collect and print to standard output; warnings about the records go to standard error.
 *
 * @errors STATUS_MISSING if there is no finished run; STATUS_USAGE for a column that there is
 *         not, naming the nearest; STATUS_MISMATCH for mixed versions;
 *         STATUS_IO, STATUS_NOMEM.
 */
MUST_CHECK Status report_print(const ReportSpec *spec, Error *err);

#endif
