/** @file
 * A grid of short texts, printed as a Markdown table whose columns line up, and numbers for it.
 *
 * Layer: results.
 */
#ifndef RESULTS_GRID_H
#define RESULTS_GRID_H

#include <stdbool.h>

#include "results/compare.h"
#include "suite/core/text.h"

enum { GRID_CELL = 160 }; // longest text of a cell, with its NUL

typedef struct Grid {
    char (*cell)[GRID_CELL]; // (rows x columns), owned
    int rows, columns;
} Grid;

/** Empty cells; row 0 is the heading. @errors STATUS_NOMEM. */
MUST_CHECK Status grid_init(Grid *grid, int rows, int columns, Error *err);
void grid_release(Grid *grid);

/** A cell, to append to. */
char *grid_at(const Grid *grid, int row, int column);

/** Append the table and an empty line. The first column is names, to the left; the others are
 *  numbers, to the right. */
void grid_print(const Grid *grid, Text *text);

// -- appending to a cell; what does not fit is cut

void cell_text(char *cell, const char *text);

/** @param sign with a plus before what is above 0. Never "-0.0". */
void cell_number(char *cell, double value, int decimals, bool sign);

/** "mean [lo, hi]", or the mean alone if there is no interval. */
void cell_estimate(char *cell, const Estimate *estimate, bool sign);

/** Runs or pairs of a member: "10", or "8-9!" with a mark where they are fewer than
 *  COMPARE_FEW. */
void cell_counts(char *cell, int fewest, int most);

/** Decimals that tell 20 to 200 places of the interval apart, or three digits without one. */
int cell_decimals(const Estimate *estimate);

#endif
