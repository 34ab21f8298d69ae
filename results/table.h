/** @file
 * Comparisons as text: a short summary, tables for people (Markdown), for papers (LaTeX) and
 * for programs (CSV, JSON).
 *
 * Layer: results. Nothing is printed here; the same records give the same bytes. What
 * collect_finish() warned of is the caller's to show.
 */
#ifndef RESULTS_TABLE_H
#define RESULTS_TABLE_H

#include <stdbool.h>

#include "results/compare.h"
#include "suite/core/text.h"

/** What a legend calls a method; its labelled variants are named after it. */
typedef struct TableTitle {
    const char *method, *title;
} TableTitle;

/** The title of a column's method, or NULL. @param title (count) */
const char *table_title(const TableTitle *title, int count, const char *column);

typedef struct TableOptions {
    const int *metric;       // (metric_count) indices in metric_table, the headline first
    int metric_count;        // > 0
    bool normalised;         // reference_normalise() was applied, not reference_measure()
    EvalPolicy policy;       // for the summary and Markdown; CSV has both
    const TableTitle *title; // (title_count) for the legend
    int title_count;
    const char *const *folder; // (folder_count) where the runs are from, for LaTeX and JSON
    int folder_count;
} TableOptions;

/**
 * Append a short table for each metric: a line for each member, in it each method's mean and
 * its difference; then legend and notes. What `suite run` ends with.
 *
 * @errors STATUS_NOMEM.
 */
MUST_CHECK Status table_summary(const Comparison *comparison, const TableOptions *options,
                                Text *text, Error *err);

/**
 * Append the short table of the headline, then for each family and metric the means, the
 * differences to scratch and the worst seeds; then legend and notes.
 *
 * @errors STATUS_NOMEM.
 */
MUST_CHECK Status table_markdown(const Comparison *comparison, const TableOptions *options,
                                 Text *text, Error *err);

/**
 * Append one line for each family, row, column, policy and metric, with exact numbers; what is
 * not known is empty. Returns that are normalised are called METRIC_normalised; `against` is
 * the column that differences are to.
 *
 * @errors STATUS_NOMEM.
 */
MUST_CHECK Status table_csv(const Comparison *comparison, const TableOptions *options,
                            Text *text, Error *err);

/**
 * Append, for each family and metric, the means and the differences as tables for LaTeX with
 * the package booktabs, in bold what compare_best() says; then notes and warnings.
 *
 * @errors STATUS_NOMEM.
 */
MUST_CHECK Status table_latex(const Comparison *comparison, const TableOptions *options,
                              Text *text, Error *err);

/**
 * Append one JSON object with exact numbers, null for what is not known: the cells of all
 * families, rows, columns, metrics and both policies, and the warnings.
 *
 * @errors STATUS_NOMEM.
 */
MUST_CHECK Status table_json(const Comparison *comparison, const TableOptions *options,
                             Text *text, Error *err);

#endif
