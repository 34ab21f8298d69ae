/** @file
 * Performance profile: the share of runs with a score above each level.
 *
 * Layer: plots.
 */
#ifndef PLOTS_PROFILE_H
#define PLOTS_PROFILE_H

#include "plots/figure.h"
#include "plots/scores.h"

/**
 * Draw `profile`, with pointwise 95 % bands. Levels span the scores, but no further than from
 * -1 to 2. Nothing is drawn where no column has a score on every member.
 *
 * @errors those of figure_finish(); STATUS_NOMEM.
 */
MUST_CHECK Status profile_draw(Gallery *gallery, const ScoreQuestion *question, Error *err);

#endif
