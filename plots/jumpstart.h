/** @file
 * Jumpstart: how much more than scratch a method returns before its first training step, a
 * panel a member.
 *
 * Layer: plots.
 */
#ifndef PLOTS_JUMPSTART_H
#define PLOTS_JUMPSTART_H

#include "plots/figure.h"
#include "results/compare.h"

/**
 * Draw jumpstart-FAMILY: differences paired by seed, with 95 % intervals, those of the tables.
 * Nothing is drawn of a family without scratch, or with nothing else.
 *
 * @errors those of figure_finish(); STATUS_NOMEM.
 */
MUST_CHECK Status jumpstart_draw(Gallery *gallery, const Comparison *comparison,
                                 const CompareFamily *family, EvalPolicy policy, Error *err);

#endif
