#include "dqinit/credence.h"

#include <math.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "tests/support/folder.h"

enum { A = 3 };

static const CredenceShape usual = {
    .tolerance = 5.0, .own = 0.04, .gamma = 0.9, .first = 10, .memory = 20};

static Credence credence;

static void setup(void)
{
    test_folder_make();
    credence_init(&credence, usual);
}

TestSuite(credence, .init = setup, .fini = test_folder_remove);

// a step whose Bellman error is @p delta
static void see(double delta, int times)
{
    TableStep step = {.value = 1.0, .reward = 1.0 + delta, .terminated = true};
    for (int i = 0; i < times; i++)
        credence_see(&credence, &step, A);
}

Test(credence, takes_the_error_from_the_best_next_value)
{
    const float next[A] = {-1.0f, 4.0f, 2.0f};
    TableStep step = {.value = 3.0, .reward = 0.5, .next = next};
    cr_assert(epsilon_eq(dbl, credence_delta(&step, A, 0.9), 0.5 + 0.9 * 4.0 - 3.0, 1e-12));
}

Test(credence, takes_no_next_value_where_the_task_ended)
{
    TableStep step = {.value = 3.0, .reward = 0.5, .terminated = true};
    cr_assert(epsilon_eq(dbl, credence_delta(&step, A, 0.9), -2.5, 1e-12));
}

Test(credence, is_whole_before_anything_is_seen)
{
    cr_assert(eq(dbl, credence_now(&credence), 1.0));
}

Test(credence, is_whole_where_the_table_errs_no_more_than_at_its_sources)
{
    see(0.2, 50);
    cr_assert(eq(dbl, credence_now(&credence), 1.0));
    see(0.1, 50);
    cr_assert(eq(dbl, credence_now(&credence), 1.0));
}

Test(credence, falls_with_the_excess_over_the_sources)
{
    see(2.0, 1);
    double residual = 0.04 + (4.0 - 0.04) / 11.0; // ten steps at the sources' before it
    cr_assert(epsilon_eq(dbl, credence.residual, residual, 1e-12));
    cr_assert(epsilon_eq(dbl, credence_now(&credence),
                         1.0 / (1.0 + (residual - 0.04) / (25.0 * 0.04)), 1e-12));
}

Test(credence, is_one_half_where_the_excess_is_the_tolerance)
{
    credence.residual = 0.04 + 25.0 * 0.04;
    cr_assert(epsilon_eq(dbl, credence_now(&credence), 0.5, 1e-12));
}

Test(credence, is_not_overturned_by_a_single_step)
{
    see(2.0, 1);
    cr_assert(gt(dbl, credence_now(&credence), 0.7));
    see(2.0, 100);
    cr_assert(lt(dbl, credence_now(&credence), 0.22));
}

Test(credence, forgets)
{
    see(2.0, 100);
    see(0.2, 20);
    double left = pow(1.0 - 1.0 / 20.0, 20.0); // of the excess, at a memory of 20 steps
    cr_assert(epsilon_eq(dbl, (credence.residual - 0.04) / 3.96, left, 0.01));
}

Test(credence, is_whole_for_ever_with_no_tolerance_set)
{
    credence.shape.tolerance = 0.0;
    see(100.0, 1000);
    cr_assert(eq(dbl, credence_now(&credence), 1.0));
}

Test(credence, of_a_table_without_errors_bears_none)
{
    CredenceShape exact = usual;
    exact.own = 0.0;
    credence_init(&credence, exact);
    see(0.0, 5);
    cr_assert(eq(dbl, credence_now(&credence), 1.0));
    see(0.1, 1);
    cr_assert(eq(dbl, credence_now(&credence), 0.0));
}

Test(credence, goes_on_from_an_archive)
{
    Archive *archive;
    see(2.0, 7);
    Credence before = credence;
    cr_assert(
        eq(int, archive_create(&archive, test_path("credence"), "test", 1, NULL), STATUS_OK));
    credence_archive(&credence, archive);
    cr_assert(eq(int, archive_close(archive, NULL), STATUS_OK));

    credence_init(&credence, usual);
    cr_assert(
        eq(int, archive_open(&archive, test_path("credence"), "test", 1, NULL), STATUS_OK));
    credence_archive(&credence, archive);
    cr_assert(eq(int, archive_close(archive, NULL), STATUS_OK));
    cr_assert(eq(dbl, credence.residual, before.residual));
    cr_assert(eq(i64, credence.seen, before.seen));
}
