/** @file
 * The words over a picture: who plays, how it goes, and what the keys do.
 *
 * Layer: view.
 */
#ifndef SUITE_VIEW_HUD_H
#define SUITE_VIEW_HUD_H

#include "suite/core/text.h"
#include "suite/view/drawing.h"

/** Append the names and, line by line beside them, the values. */
void hud_print(const Seat *seat, const ViewState *state, Text *names, Text *values);

/** Append keys [@p first, @p end) and, line by line beside them, what they do. */
void hud_help(int first, int end, Text *keys, Text *help);

#endif
