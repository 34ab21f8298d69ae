/** @file
 * What takes over when: how far a method still trusts its prior, against training steps, from
 * the traces of runs (results/trace.h), a panel a member.
 *
 * Layer: plots.
 */
#ifndef PLOTS_KNOWNNESS_H
#define PLOTS_KNOWNNESS_H

#include "plots/figure.h"
#include "results/compare.h"

/** Where the runs of a collection lie: as many folders as collect_folder() was given. */
typedef struct RunFolders {
    const char *const *path; // (count), in that order
    int count;
} RunFolders;

/**
 * Draw knownness-FAMILY: `prior_share` and `table_led` of the runs that told them. Nothing is
 * drawn of a family without such.
 *
 * @errors those of trace_read() but STATUS_MISSING; those of figure_finish(); STATUS_NOMEM.
 */
MUST_CHECK Status knownness_draw(Gallery *gallery, const Comparison *comparison,
                                 const CompareFamily *family, const RunFolders *folders,
                                 Error *err);

#endif
