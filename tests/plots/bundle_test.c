#include "plots/bundle.h"

#include <math.h>
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

static Bundle bundle;
static Figure figure;
static Error err;

static void setup(void)
{
    figure_begin(&figure, "test", NULL, "A test");
    cr_assert(eq(int, bundle_init(&bundle, 3, &err), STATUS_OK));
}

static void teardown(void)
{
    bundle_release(&bundle);
    figure_release(&figure);
}

static void add(const int64_t *step, const double *value, int count)
{
    cr_assert(eq(int, bundle_add(&bundle, step, value, count, &err), STATUS_OK));
}

TestSuite(bundle, .init = setup, .fini = teardown);

Test(bundle, keeps_the_steps_that_all_runs_have)
{
    add((int64_t[]){0, 10, 20, 40}, (double[]){1, 2, 3, 4}, 4);
    add((int64_t[]){0, 20, 30, 40}, (double[]){5, 6, 7, 8}, 4);
    add((int64_t[]){5, 20, 40}, (double[]){9, 9, 11}, 3);
    cr_assert(eq(int, bundle.steps, 2));
    cr_assert(eq(i64, bundle.step[0], 20));
    cr_assert(eq(i64, bundle.step[1], 40));
    bundle_print(&bundle, 1, &figure);
    cr_assert(eq(int, strncmp(figure.dat.data, "20 3 6 3 9\n40 3 ", 16), 0), "%s",
              figure.dat.data);
}

Test(bundle, runs_without_a_common_step_leave_nothing)
{
    add((int64_t[]){0}, (double[]){1}, 1);
    add((int64_t[]){1}, (double[]){1}, 1);
    cr_assert(eq(int, bundle.steps, 0));
}

Test(bundle, one_run_has_a_mean_but_no_band)
{
    add((int64_t[]){0, 7}, (double[]){1.5, -2}, 2);
    bundle_print(&bundle, 1, &figure);
    cr_assert(eq(str, figure.dat.data, "0 1 1.5 NaN NaN\n7 1 -2 NaN NaN\n"));
}

Test(bundle, bands_depend_on_their_stream_alone)
{
    bundle_release(&bundle);
    cr_assert(eq(int, bundle_init(&bundle, 12, &err), STATUS_OK));
    for (int i = 0; i < 12; i++) // so many that no two streams have the same quantiles
        add((int64_t[]){3}, (double[]){sqrt(i)}, 1);
    Text first = TEXT_INIT;
    bundle_print(&bundle, 1, &figure);
    text_printf(&first, "%s", figure.dat.data);
    text_clear(&figure.dat);
    bundle_print(&bundle, 1, &figure);
    cr_assert(eq(str, figure.dat.data, first.data));
    text_clear(&figure.dat);
    bundle_print(&bundle, 2, &figure);
    cr_assert(ne(str, figure.dat.data, first.data));
    text_release(&first);
}
