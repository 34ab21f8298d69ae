/** @file
 * The comparison in a few tables: what is claimed of transfer (that it learns early, stably and
 * well), by families and over all of them, and what it cost.
 *
 * Layer: results. Nothing is printed here; the same records give the same bytes.
 */
#ifndef RESULTS_OVERVIEW_H
#define RESULTS_OVERVIEW_H

#include "results/facts.h"
#include "suite/core/text.h"

typedef struct OverviewOptions {
    EvalPolicy policy;
    bool variants;      // show method+label too
    int level;          // of headings: "##" for 2
    const char *method; // overview_variants(): compare it with other methods' variants; or NULL
} OverviewOptions;

/**
 * Append, for each metric of each claim, a table of interquartile means of normalised scores
 * with intervals, a line for each family and one for all; what compare_best() would say of
 * these is in bold.
 *
 * @param comparison of the runs of members of one role, normalised
 * @errors STATUS_NOMEM.
 */
MUST_CHECK Status overview_claims(const Comparison *comparison, const OverviewOptions *options,
                                  Text *text, Error *err);

/** Append tables of what each method carried over and of the steps in sources behind that.
 *  @errors STATUS_NOMEM. */
MUST_CHECK Status overview_costs(const Facts *facts, const OverviewOptions *options, Text *text,
                                 Error *err);

/** Append the differences of each method+label to its method, a line for each, on the members
 *  that both have, and of `method` to each that is not its own; nothing if there is none.
 * @errors STATUS_NOMEM. */
MUST_CHECK Status overview_variants(const Comparison *comparison,
                                    const OverviewOptions *options, Text *text, Error *err);

#endif
