/** @file
 * A figure: its numbers in NAME.dat, a script NAME.gp that stands for itself, and the picture
 * that gnuplot makes of both.
 *
 * Layer: plots. Numbers are exact and in blocks, from 0, which gnuplot calls an index. The
 * script places panels and legend by hand, so that what is long is not cut. Begin, name the
 * keys, lay out, add blocks and panels, finish.
 */
#ifndef PLOTS_FIGURE_H
#define PLOTS_FIGURE_H

#include <stdbool.h>

#include "plots/palette.h"
#include "suite/core/text.h"

typedef enum FigureFormat { FIGURE_SVG, FIGURE_PDF, FIGURE_PNG } FigureFormat;

/** Where figures go, and what they share. */
typedef struct Gallery {
    const char *folder; // made when it is not there
    FigureFormat format;
    const Palette *palette;
    bool undrawn; // there is no gnuplot: set by figure_finish()
} Gallery;

/** Panels of one size in rows, from the top left on. Lengths in pixels. */
typedef struct Panels {
    int count, across;   // panels, and how many of them stand side by side
    int width, height;   // of a frame
    int left;            // between frames, for what stands beside each
    int margin;          // at the left of the figure, added to `left`
    const char *x_label; // below the lowest panels
    const char *note;    // the last line, in small print
} Panels;

enum { FIGURE_NAME = 2 * RECORD_NAME, FIGURE_LETTER = 8 }; // a letter's width, pixels

/** A figure that is being made: append to `dat` and `gp`. */
typedef struct Figure {
    char name[FIGURE_NAME];
    Text about, keys; // its heading, the legend
    Text dat, gp;     // without headings
    Panels panels;
    int key_count, key_letters; // legend: how many, and the longest
    int block_count;
} Figure;

/**
 * Begin a figure.
 *
 * @param figure release with figure_release()
 * @param title  of its files: TITLE, or TITLE-FAMILY unless @p family is NULL
 * @param about  what it shows: one line, the first of its files
 */
void figure_begin(Figure *figure, const char *title, const char *family, const char *about);

/** Add to the legend: @p how is what stands after gnuplot's `with`. */
void figure_key(Figure *figure, const char *title, const char *how);

/** How many of @p count panels to put side by side so that rows are full, if that can be. */
int figure_across(int count);

/** Say how many panels there will be. */
void figure_lay_out(Figure *figure, const Panels *panels);

/** Begin panel @p i: what is plotted next stands there. */
void figure_panel(Figure *figure, int i, const char *title);

/** Ends of an x axis, widened by figure_span(). */
typedef struct Span {
    double lo, hi;
} Span;

/** Widen the span, empty if lo > hi, to hold @p x; NaN is left out. */
void figure_span(Span *span, double x);

/** Let x run over the span with few enough tics that their labels stand apart. @param whole
 *  begin and end at tics */
void figure_x_axis(Figure *figure, Span span, bool whole);

/** Begin a block of numbers. @param name what it is of @param columns their names
 *  @return its index */
int figure_block(Figure *figure, const char *name, const char *columns);

/** Append a number of a row, "NaN" where there is none; the last ends the row. */
void figure_number(Figure *figure, double value, bool last);

/**
 * Write the files and have the picture drawn.
 *
 * @errors those of folder_make(), file_write() and gnuplot_draw(), but for want of gnuplot,
 *         which the gallery keeps; STATUS_NOMEM.
 */
MUST_CHECK Status figure_finish(Figure *figure, Gallery *gallery, Error *err);
void figure_release(Figure *figure);

#endif
