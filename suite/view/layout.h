/** @file
 * Where in a picture the view and the panels of each player stand.
 *
 * Layer: view. One player has its panels in a column at the right; two stand side by side, each
 * with its panels in a row below. Everything is in pixels from the lower left corner.
 */
#ifndef SUITE_VIEW_LAYOUT_H
#define SUITE_VIEW_LAYOUT_H

#include <stdbool.h>

#include "suite/env/mj_compat.h"

enum { SEATS = 2 }; // players in a picture, at most

typedef struct Layout {
    mjrRect view;  // of the scene
    mjrRect panel; // all panels together; empty if there are none
    bool stacked;  // panels stand one above the other, not side by side
} Layout;

/** The place of player @p seat of @p seats. @param panels whether there are any */
Layout layout_seat(mjrRect frame, int seat, int seats, bool panels);

/** The place of panel @p index of @p count; the first is on top, or at the left. */
mjrRect layout_panel(const Layout *layout, int index, int count);

/** The seat whose view holds a point, or -1. @param[out] view aspect ratio, and the point in
 *  [0, 1] from the view's lower left corner */
int layout_find(mjrRect frame, int seats, bool panels, const double point[2], double view[3]);

#endif
