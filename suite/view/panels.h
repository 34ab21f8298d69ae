/** @file
 * Panels: figures of why a player acts as it does. Plain data, drawn by drawing.h.
 *
 * Layer: view. Shapes: A = actions.
 */
#ifndef SUITE_VIEW_PANELS_H
#define SUITE_VIEW_PANELS_H

#include "suite/env/mj_compat.h"
#include "suite/view/player.h"

typedef enum Panel {
    PANEL_VALUES, // of each action: the network's and, where there are, the prior's and those
                  // that are acted by; less their mean, which the legend tells. The chosen
                  // action is underlined
    PANEL_SHARE,  // of the prior in the decisions, over the steps of the episode
    PANEL_RETURN, // over the steps of the episode
    PANELS
} Panel;

/** Which panels a player has: those of its own method. @return how many */
int panels_of(const Player *player, Panel out[PANELS]);

/** Fill @p figure. What is to be said of a line is its `linename`, whether it has points or
 * not, for whoever draws it to put beside it. @param width that it will be drawn with, pixels
 */
void panel_fill(mjvFigure *figure, Panel panel, const Player *player, int width);

#endif
