/** @file
 * Learning curves: the mean return over seeds against training steps, a panel a member.
 *
 * Layer: plots.
 */
#ifndef PLOTS_CURVES_H
#define PLOTS_CURVES_H

#include "plots/figure.h"
#include "results/compare.h"

/**
 * Draw curves-FAMILY.
 *
 * @errors those of figure_finish(); STATUS_NOMEM.
 */
MUST_CHECK Status curves_draw(Gallery *gallery, const Comparison *comparison,
                              const CompareFamily *family, EvalPolicy policy, Error *err);

#endif
