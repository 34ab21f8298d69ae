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

/**
 * Draw knownness-FAMILY: `prior_share` and `table_led` of the runs that told them. Nothing is
 * drawn of a family without such.
 *
 * @param comparison of a collection of collect_folder()
 * @errors those of trace_read() but STATUS_MISSING; those of figure_finish(); STATUS_NOMEM.
 */
MUST_CHECK Status knownness_draw(Gallery *gallery, const Comparison *comparison,
                                 const CompareFamily *family, Error *err);

#endif
