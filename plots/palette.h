/** @file
 * How a method looks: one colour, dash and point, the same in every figure.
 *
 * Layer: plots. Colours are of Okabe and Ito's palette, which the colour-blind tell apart; dash
 * and point tell them apart in grey.
 *
 * @source Okabe and Ito 2008, "Color Universal Design", jfly.uni-koeln.de/color.
 */
#ifndef PLOTS_PALETTE_H
#define PLOTS_PALETTE_H

#include "results/collect.h"
#include "suite/core/text.h"

enum { PALETTE_COLUMNS = 16 }; // in one figure: more than can be told apart

typedef struct ColumnStyle {
    const char *column; // borrowed from the collection
    int rgb;            // 0xRRGGBB
    int dash, point;    // gnuplot's dash in a table of ours; its point type
} ColumnStyle;

/** The columns of a collection, "scratch" first, and how they look. */
typedef struct Palette {
    ColumnStyle style[PALETTE_COLUMNS]; // (count)
    int count;
} Palette;

/**
 * Give every column of finished runs its style.
 *
 * A method has a style of its own. Its labelled columns have its colour, paler in turn, and
 * other dashes and points; the first of them has the method's own if the method has no column
 * without a label.
 *
 * @param collection of collect_finish(); outlives the palette
 * @errors STATUS_USAGE for more columns than PALETTE_COLUMNS.
 */
MUST_CHECK Status palette_init(Palette *out, const Collection *collection, Error *err);

/** The place of a column in the palette, or -1. */
int palette_find(const Palette *palette, const char *column);

/** Append gnuplot's line styles 1..count, in the order of the palette. */
void palette_print(const Palette *palette, Text *gp);

#endif
