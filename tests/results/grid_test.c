#include "results/grid.h"

#include <math.h>
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "suite/core/mem.h"

static Error err;

Test(grid, columns_line_up_with_names_left_and_numbers_right)
{
    Grid grid;
    Text text = TEXT_INIT;
    cr_assert(eq(int, grid_init(&grid, 2, 2, &err), STATUS_OK));
    cell_text(grid_at(&grid, 0, 0), "a");
    cell_text(grid_at(&grid, 0, 1), "number");
    cell_text(grid_at(&grid, 1, 0), "long name");
    cell_text(grid_at(&grid, 1, 1), "7");
    grid_print(&grid, &text);
    cr_assert(eq(str, text.data,
                 "| a         | number |\n"
                 "|:----------|-------:|\n"
                 "| long name |      7 |\n"
                 "\n"));
    text_release(&text);
    grid_release(&grid);
}

Test(grid, lack_of_memory_is_said)
{
    Grid grid;
    mem_fail_at(0);
    cr_assert(eq(int, grid_init(&grid, 2, 2, &err), STATUS_NOMEM));
    mem_fail_at(-1);
}

Test(cell, cuts_what_does_not_fit)
{
    char cell[GRID_CELL] = "";
    for (int i = 0; i < GRID_CELL; i++)
        cell_text(cell, "ab");
    cr_assert(eq(int, (int)strlen(cell), GRID_CELL - 1));
}

Test(cell, has_no_zero_with_a_minus)
{
    char cell[GRID_CELL] = "";
    cell_number(cell, -1e-9, 2, true);
    cell_number(cell, -1e-9, 1, false);
    cr_assert(eq(str, cell, "+0.000.0"));
}

Test(cell, shows_the_decimals_that_the_interval_warrants)
{
    char cell[GRID_CELL] = "";
    cell_estimate(cell, &(Estimate){.mean = 1.23456, .interval = {1.0, 1.5}}, true);
    cr_assert(eq(str, cell, "+1.23 [+1.00, +1.50]"));
    cell[0] = '\0';
    double nan = (double)NAN;
    cell_estimate(cell, &(Estimate){.mean = 12.3456, .interval = {nan, nan}}, false);
    cr_assert(eq(str, cell, "12.3")); // three digits, and no brackets
}
