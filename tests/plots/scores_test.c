#include "plots/scores.h"

#include <math.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "tests/results/made_runs.h"

static Comparison comparison;
static Palette palette;
static ScoreTable table;
static bool left_out[PALETTE_COLUMNS];
static Error err;

static void teardown(void)
{
    score_table_release(&table);
    compare_release(&comparison);
    collect_release(&made);
}

static void gather(int family)
{
    cr_assert(eq(int, collect_finish(&made, true, &err), STATUS_OK));
    cr_assert(eq(int, compare_init(&comparison, &made, 10, &err), STATUS_OK));
    cr_assert(eq(int, palette_init(&palette, &made, &err), STATUS_OK));
    ScoreQuestion question = {&comparison, family < 0 ? NULL : &comparison.family[family],
                              POLICY_DEPLOYED, 3};
    cr_assert(
        eq(int, score_table_init(&table, &palette, &question, left_out, &err), STATUS_OK));
}

static void make_two_families(void)
{
    make_run("pendulum", "m1", "scratch", 0, 1, -1);
    make_run("pendulum", "m1", "scratch", 1, 2, -1);
    make_run("pendulum", "m1", "jsrl", 0, 3, -1);
    make_run("reacher", "m1", "scratch", 0, 4, -1); // another member of that name
    make_run("reacher", "m1", "jsrl", 0, (double)NAN, -1);
    make_run("reacher", "m2", "scratch", 0, (double)NAN, -1); // no references: no member
}

TestSuite(scores, .fini = teardown);

Test(scores, members_of_all_families_stand_one_after_the_other)
{
    make_two_families();
    gather(-1);
    cr_assert(eq(int, table.members, 2));
    cr_assert(eq(int, table.count, 1));
    cr_assert(eq(int, table.size[0], 3));
    cr_assert(eq(int, table.of[0].runs[0], 2));
    cr_assert(eq(int, table.of[0].runs[1], 1));
    cr_assert(eq(dbl, table.of[0].x[0], 1));
    cr_assert(eq(dbl, table.of[0].x[1], 2));
    cr_assert(eq(dbl, table.of[0].x[2], 4));
}

Test(scores, a_column_that_lacks_a_member_is_left_out_and_told)
{
    make_two_families();
    gather(-1);
    cr_assert(not(left_out[0])); // scratch
    cr_assert(left_out[1]);
}

Test(scores, a_family_has_its_own_members_only)
{
    make_two_families();
    gather(0);
    cr_assert(eq(int, table.members, 1));
    cr_assert(eq(int, table.count, 2));
    cr_assert(eq(dbl, table.of[1].x[0], 3));
    cr_assert(not(left_out[1]));
    cr_assert(eq(int, table.most, 2));
    cr_assert(eq(int, table.runs, 3));
    cr_assert(table.spread[0]);
    cr_assert(not(table.spread[1])); // of one run
}
