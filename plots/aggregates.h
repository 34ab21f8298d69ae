/** @file
 * Aggregates of normalised returns with their intervals: a row of panels for each metric, a
 * panel for each aggregate.
 *
 * Layer: plots.
 */
#ifndef PLOTS_AGGREGATES_H
#define PLOTS_AGGREGATES_H

#include "plots/figure.h"
#include "plots/scores.h"

/**
 * Draw aggregates-FAMILY, or `aggregates` of all families, of early10, auc and final, whatever
 * the question's metric. Nothing is drawn where no column has a score on every member; columns
 * that lack one are warned of.
 *
 * @errors those of figure_finish(); STATUS_NOMEM.
 */
MUST_CHECK Status aggregates_draw(Gallery *gallery, const ScoreQuestion *question, Error *err);

#endif
