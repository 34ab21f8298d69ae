/** @file
 * Probability of improvement: how probable it is that a run of one column beats one of another.
 *
 * Layer: plots.
 */
#ifndef PLOTS_IMPROVEMENT_H
#define PLOTS_IMPROVEMENT_H

#include "plots/figure.h"
#include "plots/scores.h"

/**
 * Draw `improvement`, a matrix: the row's column beats the one below. Of each pair one interval
 * is computed; the other way round it is its mirror image. Nothing is drawn of fewer than two
 * columns with a score on every member.
 *
 * @errors those of figure_finish(); STATUS_NOMEM.
 */
MUST_CHECK Status improvement_draw(Gallery *gallery, const ScoreQuestion *question, Error *err);

#endif
