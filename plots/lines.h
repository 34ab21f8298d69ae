/** @file
 * Lines with bands: one panel of a figure, from blocks that bundle_print() or one like it
 * wrote.
 *
 * Layer: plots.
 */
#ifndef PLOTS_LINES_H
#define PLOTS_LINES_H

#include "plots/figure.h"

enum { LINES_MAX = 2 * PALETTE_COLUMNS };

typedef struct Line {
    int index; // its block
    int style; // gnuplot's line style
    bool banded;
    bool dashed; // a second line of the same style: dashed and without points
} Line;

typedef struct Lines {
    Line line[LINES_MAX]; // (count)
    int count;
    Span span; // of x
} Lines;

/** @pre there is room. Checked. */
void lines_add(Lines *lines, Line line);

/**
 * Plot them, the bands behind all lines.
 *
 * @param x, first  gnuplot's expression for x; the data column of the middle, with the band's
 *                  ends in the two behind it
 * @param points    a point at each so many-th number
 */
void lines_plot(const Lines *lines, const char *x, int first, int points, Figure *figure);

/** What stands after `with` for a line, in the plot and in the legend. */
void lines_style(const Line *line, int points, char out[64]);

#endif
