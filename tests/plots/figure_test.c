#include "plots/figure.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "suite/core/file.h"
#include "suite/core/mem.h"
#include "tests/support/folder.h"

static const Palette palette = {.count = 0};
static Gallery gallery;
static Figure figure;
static Error err;

static void setup(void)
{
    test_folder_make();
    gallery = (Gallery){.folder = test_folder(), .palette = &palette};
    figure_begin(&figure, "curves", "reacher", "Returns");
    figure_lay_out(&figure, &(Panels){.count = 4,
                                      .across = 3,
                                      .width = 100,
                                      .height = 80,
                                      .left = 50,
                                      .x_label = "steps",
                                      .note = "a note"});
}

static void teardown(void)
{
    figure_release(&figure);
    test_folder_remove();
}

static void expect(const char *text, const char *part)
{
    cr_assert(ne(ptr, strstr(text, part), NULL), "'%s' is not in:\n%s", part, text);
}

// no gnuplot on this PATH
static void finish_undrawn(void)
{
    cr_assert(eq(int, setenv("PATH", test_folder(), 1), 0));
    cr_assert(eq(int, figure_finish(&figure, &gallery, &err), STATUS_OK), "%s", err.message);
}

TestSuite(figure, .init = setup, .fini = teardown);

Test(figure, without_gnuplot_data_and_script_are_there_all_the_same)
{
    char *script;
    cr_assert(eq(int, figure_block(&figure, "east dqinit", "x y"), 0));
    figure_number(&figure, 0.1, false);
    figure_number(&figure, (double)NAN, true);
    cr_assert(eq(int, figure_block(&figure, "west dqinit", "x y"), 1));
    finish_undrawn();
    cr_assert(gallery.undrawn);
    cr_assert(eq(int, test_folder_count(), 2));

    char *data;
    cr_assert(eq(int, file_read(&data, NULL, test_path("curves-reacher.dat"), 1000, &err),
                 STATUS_OK));
    cr_assert(eq(str, data,
                 "# Returns: reacher\n\n# index 0: east dqinit\n# x y\n0.1 NaN\n\n\n"
                 "# index 1: west dqinit\n# x y\n"));
    cr_assert(eq(int, file_read(&script, NULL, test_path("curves-reacher.gp"), 9000, &err),
                 STATUS_OK));
    expect(script, "gnuplot curves-reacher.gp\n");
    expect(script, "set output 'curves-reacher.svg'\n");
    mem_free(data);
    mem_free(script);
}

Test(figure, panels_go_on_in_a_second_row_and_the_lowest_have_the_label)
{
    figure_panel(&figure, 0, "a");
    cr_assert(eq(ptr, strstr(figure.gp.data, "'steps'"), NULL)); // 'd' is below it
    text_clear(&figure.gp);
    figure_panel(&figure, 1, "b");
    expect(figure.gp.data, "set lmargin at screen 232./W\n"); // 8 + 50 + (50 + 100 + 24)
    expect(figure.gp.data, "set xlabel 'steps'\n");
    text_clear(&figure.gp);
    figure_panel(&figure, 3, "d");
    expect(figure.gp.data, "set lmargin at screen 58./W\n");
    expect(figure.gp.data, "set tmargin at screen 1 - 172./H\n"); // 8 + 28 + (28 + 80 + 28)
}

Test(figure, rows_of_panels_are_full_where_they_can_be)
{
    cr_assert(eq(int, figure_across(4), 2));
    cr_assert(eq(int, figure_across(3), 3));
    cr_assert(eq(int, figure_across(6), 3));
}

Test(figure, labels_of_tics_stand_apart)
{
    figure_lay_out(&figure, &(Panels){.count = 1, .across = 1, .width = 150, .height = 80});
    figure_x_axis(&figure, (Span){0.92, 1.02}, true); // by 0.02 they would touch
    cr_assert(eq(str, figure.gp.data, "set xrange [0.9:1.05]\nset xtics 0.05\n"));
    text_clear(&figure.gp);
    figure_x_axis(&figure, (Span){0.0, 80.0}, true); // these are short
    cr_assert(eq(str, figure.gp.data, "set xrange [0:80]\nset xtics 20\n"));
}

Test(figure, an_axis_has_few_tics_at_round_numbers)
{
    figure_lay_out(&figure, &(Panels){.count = 1, .across = 1, .width = 300, .height = 80});
    Span span = {1.0, 0.0};
    figure_span(&span, (double)NAN);
    figure_x_axis(&figure, span, true);
    cr_assert(eq(str, figure.gp.data, "set xrange [0:2]\nset xtics 0.5\n")); // of nothing
    text_clear(&figure.gp);
    figure_span(&span, 0.13);
    figure_span(&span, 1.21);
    figure_x_axis(&figure, span, true);
    cr_assert(eq(str, figure.gp.data, "set xrange [0:1.5]\nset xtics 0.5\n"));
    text_clear(&figure.gp);
    figure_x_axis(&figure, (Span){0.0, 30.0}, false);
    cr_assert(eq(str, figure.gp.data, "set xrange [0:30]\nset xtics 10\n"));
    text_clear(&figure.gp);
    figure_x_axis(&figure, (Span){3.0, 3.0}, false);
    expect(figure.gp.data, "set xrange [2:4]\n");
}

Test(figure, what_gnuplot_refuses_is_told)
{
    if (system("command -v gnuplot >/dev/null") != 0) cr_skip_test("no gnuplot");
    text_printf(&figure.gp, "set nonsense\n");
    cr_assert(eq(int, figure_finish(&figure, &gallery, &err), STATUS_WORKER));
    expect(err.message, "gnuplot failed on 'curves-reacher.gp': ");
    expect(err.message, "set nonsense");
    cr_assert(eq(ptr, strchr(err.message, '\n'), NULL));
}

Test(figure, a_folder_that_cannot_be_made_is_an_error)
{
    test_put_file(test_path("file"), "x", 1);
    gallery.folder = test_path("file/below");
    cr_assert(eq(int, figure_finish(&figure, &gallery, &err), STATUS_IO));
}
