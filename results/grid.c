#include "results/grid.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "suite/core/mem.h"

Status grid_init(Grid *grid, int rows, int columns, Error *err)
{
    *grid = (Grid){.rows = rows, .columns = columns};
    grid->cell = mem_array((size_t)rows * (size_t)columns, sizeof *grid->cell);
    return grid->cell ? STATUS_OK : error_nomem(err);
}

void grid_release(Grid *grid)
{
    mem_free(grid->cell);
    *grid = (Grid){0};
}

char *grid_at(const Grid *grid, int row, int column)
{
    return grid->cell[row * grid->columns + column];
}

static int grid_width(const Grid *grid, int column)
{
    int width = 3; // "---"
    for (int r = 0; r < grid->rows; r++) {
        int length = (int)strlen(grid_at(grid, r, column));
        if (length > width) width = length;
    }
    return width;
}

static void print_rule(const Grid *grid, Text *text)
{
    for (int c = 0; c < grid->columns; c++) {
        text_printf(text, "|%s", c ? "" : ":");
        for (int i = 0; i <= grid_width(grid, c); i++)
            text_printf(text, "-");
        text_printf(text, "%s", c ? ":" : "");
    }
    text_printf(text, "|\n");
}

void grid_print(const Grid *grid, Text *text)
{
    for (int r = 0; r < grid->rows; r++) {
        for (int c = 0; c < grid->columns; c++)
            text_printf(text, c ? " | %*s" : "| %-*s", grid_width(grid, c),
                        grid_at(grid, r, c));
        text_printf(text, " |\n");
        if (r == 0) print_rule(grid, text);
    }
    text_printf(text, "\n");
}

// -- numbers

int cell_decimals(const Estimate *estimate)
{
    double size = fabs(estimate->mean);
    double unit = (estimate->interval.hi - estimate->interval.lo) / 20.0;
    if (!(unit > 1e-9 * size)) unit = size / 100.0;
    if (!(unit > 0.0)) return 0;
    double decimals = -floor(log10(unit));
    return decimals < 0.0 ? 0 : decimals > 9.0 ? 9 : (int)decimals;
}

// never "-0.0"
void cell_number(char *cell, double value, int decimals, bool sign)
{
    char digits[64];
    (void)snprintf(digits, sizeof digits, "%.*f", decimals, value);
    if (strtod(digits, NULL) == 0.0) value = 0.0;
    size_t length = strlen(cell);
    (void)snprintf(cell + length, GRID_CELL - length, sign ? "%+.*f" : "%.*f", decimals, value);
}

void cell_text(char *cell, const char *text)
{
    size_t length = strlen(cell);
    (void)snprintf(cell + length, GRID_CELL - length, "%s", text);
}

void cell_counts(char *cell, int fewest, int most)
{
    size_t length = strlen(cell);
    const char *mark = fewest < COMPARE_FEW ? "!" : "";
    if (fewest == most)
        (void)snprintf(cell + length, GRID_CELL - length, "%d%s", most, mark);
    else
        (void)snprintf(cell + length, GRID_CELL - length, "%d-%d%s", fewest, most, mark);
}

void cell_estimate(char *cell, const Estimate *estimate, bool sign)
{
    int decimals = cell_decimals(estimate);
    cell_number(cell, estimate->mean, decimals, sign);
    if (isnan(estimate->interval.lo)) return;
    cell_text(cell, " [");
    cell_number(cell, estimate->interval.lo, decimals, sign);
    cell_text(cell, ", ");
    cell_number(cell, estimate->interval.hi, decimals, sign);
    cell_text(cell, "]");
}
