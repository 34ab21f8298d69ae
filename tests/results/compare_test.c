#include "results/compare.h"

#include <math.h>
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "tests/results/made_runs.h"

static Comparison comparison;
static Error err;
static const CompareFamily *family; // the first

static void lay_out(void)
{
    compare_release(&comparison);
    cr_assert(eq(int, collect_finish(&made, false, &err), STATUS_OK), "%s", err.message);
    cr_assert(eq(int, compare_init(&comparison, &made, 500, &err), STATUS_OK));
    family = comparison.family;
}

static void teardown(void)
{
    compare_release(&comparison);
    collect_release(&made);
}

static CompareCell cell(int row, const char *column)
{
    return compare_cell(&comparison, family, &family->row[row], column, POLICY_DEPLOYED, 0);
}

// two members: on "a" dqinit leads by 3, 5 and 7, on "b" by 1 and 2; scratch varies a lot, so
// that unpaired differences would have wide intervals
static void make_pairs(void)
{
    const double scratch[] = {10, 200, 60, 90, 400};
    const double lead[] = {3, 5, 7, 1, 2};
    for (int i = 0; i < 5; i++) {
        const char *member = i < 3 ? "a" : "b";
        make_run("pendulum", member, "dqinit", i, scratch[i] + lead[i], -scratch[i]);
        make_run("pendulum", member, "scratch", i, scratch[i], -scratch[i]);
    }
}

TestSuite(compare, .fini = teardown);

Test(compare, lays_out_families_roles_members_and_columns_in_order)
{
    make_run("pendulum", "b", "dqinit", 0, 1, 1);
    make_run("hopper", "x", "finetune+full", 0, 1, 1);
    make_run("pendulum", "a", "scratch+full", 0, 1, 1);
    make_run("pendulum", "a", "scratch", 0, 1, 1);
    make_run("pendulum", "t", "dqinit", 0, 1, 1);
    strcpy(made.done.run[4].role, "tune");
    make_run("pendulum", "a", "dqinit", 0, 1, 1);
    lay_out();

    cr_assert(eq(int, comparison.family_count, 2));
    cr_assert(eq(str, comparison.family[0].name, "hopper"));
    cr_assert(eq(str, comparison.family[0].column[0], "finetune+full"));
    family = &comparison.family[1];
    cr_assert(eq(int, family->column_count, 3));
    cr_assert(eq(str, family->column[0], "scratch"));
    cr_assert(eq(str, family->column[1], "dqinit"));
    cr_assert(eq(str, family->column[2], "scratch+full"));

    static const char *const rows[] = {"a", "b", "all targets", "t", "all tune"};
    cr_assert(eq(int, family->row_count, 5));
    for (int i = 0; i < 5; i++) {
        cr_assert(eq(str, family->row[i].name, rows[i]));
        cr_assert(eq(int, family->row[i].pooled, i == 2 || i == 4));
    }
    cr_assert(eq(int, family->row[2].members, 2));
    cr_assert(eq(int, family->row[2].count, 4));
}

Test(compare, values_are_means_over_seeds)
{
    make_pairs();
    lay_out();
    CompareCell a = cell(0, "scratch");
    cr_assert(eq(dbl, a.value.mean, 90.0)); // the median is 60
    cr_assert(eq(int, a.value.count, 3));
    cr_assert(a.value.interval.lo < 90.0 && a.value.interval.hi > 90.0);
    cr_assert(eq(dbl, a.worst, 10.0));
    cr_assert(eq(int, a.worst_seed, 0));
    cr_assert(eq(int, a.difference.members, 0)); // scratch is not compared with itself
    cr_assert(eq(chr, compare_mark(&a.difference), ' '));
}

Test(compare, differences_are_paired_by_seed)
{
    make_pairs();
    lay_out();
    CompareCell a = cell(0, "dqinit");
    cr_assert(epsilon_eq(dbl, a.difference.mean, 5.0, 1e-12));
    cr_assert(eq(int, a.difference.count, 3));
    cr_assert(ge(dbl, a.difference.interval.lo, 3.0));
    cr_assert(le(dbl, a.difference.interval.hi, 7.0));
    cr_assert(eq(chr, compare_mark(&a.difference), '+'));
}

Test(compare, seeds_without_a_partner_count_only_for_the_value)
{
    make_pairs();
    make_run("pendulum", "a", "dqinit", 17, 1000, 0);
    make_run("pendulum", "a", "scratch", 18, -5, 0);
    lay_out();
    CompareCell a = cell(0, "dqinit");
    cr_assert(eq(int, a.value.count, 4));
    cr_assert(eq(int, a.difference.count, 3));
    cr_assert(epsilon_eq(dbl, a.difference.mean, 5.0, 1e-12));
}

// the mean of the five leads is 3.6; of the members' means, 5 and 1.5, it is 3.25
Test(compare, the_pool_weighs_members_the_same)
{
    make_pairs();
    lay_out();
    CompareCell all = cell(2, "dqinit");
    cr_assert(epsilon_eq(dbl, all.difference.mean, 3.25, 1e-12));
    cr_assert(eq(int, all.difference.members, 2));
    cr_assert(eq(int, all.difference.count, 5));
    cr_assert(eq(int, all.difference.fewest, 2));
    cr_assert(eq(int, all.difference.most, 3));
    cr_assert(ge(dbl, all.difference.interval.lo, 2.0)); // (3 + 1) / 2
    cr_assert(le(dbl, all.difference.interval.hi, 4.5)); // (7 + 2) / 2
    cr_assert(eq(str, all.worst_member, "a"));
    cr_assert(eq(dbl, all.worst, 13.0));
}

// the same seed on another member is another run
Test(compare, pairs_stay_within_a_member)
{
    make_run("pendulum", "a", "scratch", 0, 10, 0);
    make_run("pendulum", "a", "dqinit", 0, 11, 0);
    make_run("pendulum", "b", "scratch", 0, 100, 0);
    make_run("pendulum", "b", "dqinit", 0, 107, 0);
    lay_out();
    cr_assert(eq(dbl, cell(2, "dqinit").difference.mean, 4.0));
    cr_assert(eq(dbl, cell(1, "dqinit").difference.mean, 7.0));
}

Test(compare, one_seed_has_no_interval_and_no_mark)
{
    make_run("pendulum", "a", "scratch", 0, 10, 0);
    make_run("pendulum", "a", "dqinit", 0, 11, 0);
    lay_out();
    CompareCell a = cell(0, "dqinit");
    cr_assert(eq(dbl, a.difference.mean, 1.0));
    cr_assert(isnan(a.difference.interval.lo) && isnan(a.value.interval.hi));
    cr_assert(eq(chr, compare_mark(&a.difference), ' '));
}

Test(compare, marks_say_on_which_side_of_0_the_interval_is)
{
    cr_assert(eq(chr, compare_mark(&(Estimate){.interval = {0.1, 2}}), '+'));
    cr_assert(eq(chr, compare_mark(&(Estimate){.interval = {-2, -0.1}}), '-'));
    cr_assert(eq(chr, compare_mark(&(Estimate){.interval = {-0.1, 2}}), '='));
    cr_assert(eq(chr, compare_mark(&(Estimate){.interval = {0, 2}}), '='));
}

Test(compare, the_policy_says_which_numbers)
{
    make_pairs();
    lay_out();
    CompareCell a =
        compare_cell(&comparison, family, &family->row[0], "dqinit", POLICY_NETWORK, 0);
    cr_assert(eq(dbl, a.value.mean, -90.0));
    cr_assert(eq(dbl, a.difference.mean, 0.0));
}

Test(compare, a_metric_that_a_run_lacks_leaves_it_out)
{
    make_pairs();
    made.done.run[0].metric[POLICY_DEPLOYED][0] = (double)NAN; // dqinit, seed 0, lead 3
    lay_out();
    CompareCell a = cell(0, "dqinit");
    cr_assert(eq(int, a.value.count, 2));
    cr_assert(epsilon_eq(dbl, a.difference.mean, 6.0, 1e-12));
}

static void expect_same(const Estimate *a, const Estimate *b)
{
    cr_assert(eq(dbl, a->mean, b->mean));
    cr_assert(eq(dbl, a->interval.lo, b->interval.lo));
    cr_assert(eq(dbl, a->interval.hi, b->interval.hi));
}

// neither the order of runs nor another column, member or family moves an interval
Test(compare, a_cell_depends_on_nothing_else)
{
    make_pairs();
    lay_out();
    CompareCell before = cell(0, "dqinit"), pool = cell(2, "dqinit");

    reverse_runs();
    for (int i = 0; i < 3; i++) {
        make_run("acrobot", "z", "jsrl", i, i, i);
        make_run("pendulum", "a", "alpha", i, 3 * i, i);
    }
    lay_out();
    family = &comparison.family[1];
    CompareCell after = cell(0, "dqinit"), pool_after = cell(2, "dqinit");
    expect_same(&before.value, &after.value);
    expect_same(&before.difference, &after.difference);
    expect_same(&pool.difference, &pool_after.difference);
}

// the same numbers in another column still get other resamples
Test(compare, cells_have_streams_of_their_own)
{
    for (int i = 0; i < 20; i++) {
        make_run("pendulum", "a", "dqinit", i, i * i, i);
        make_run("pendulum", "a", "jsrl", i, i * i, i);
    }
    lay_out();
    cr_assert(ne(dbl, cell(0, "dqinit").value.interval.lo, cell(0, "jsrl").value.interval.lo));
}

Test(compare, differences_can_be_to_any_column)
{
    make_pairs();
    make_run("pendulum", "a", "jsrl", 0, 12, 0);  // dqinit returns 13
    make_run("pendulum", "a", "jsrl", 2, 70, 0);  // and 67
    make_run("pendulum", "a", "jsrl", 3, 999, 0); // dqinit has no seed 3 on "a"
    lay_out();
    CompareCell to_scratch = cell(0, "dqinit");
    cr_assert(eq(int, compare_against(&comparison, "jsrl", &err), STATUS_OK));
    cr_assert(epsilon_eq(dbl, cell(0, "dqinit").difference.mean, -1.0, 1e-12)); // (1 - 3) / 2
    cr_assert(eq(int, cell(0, "dqinit").difference.count, 2));
    cr_assert(eq(int, cell(0, "jsrl").difference.members, 0));
    cr_assert(eq(int, cell(0, "scratch").difference.count, 2));

    const ComparePair pair = {"dqinit", "scratch", POLICY_DEPLOYED, 0};
    Estimate whatever = compare_pair(&comparison, family, &family->row[0], &pair);
    cr_assert(eq(dbl, whatever.mean, to_scratch.difference.mean));
    cr_assert(eq(dbl, whatever.interval.lo, to_scratch.difference.interval.lo));
    cr_assert(eq(dbl, whatever.p, to_scratch.difference.p));
}

Test(compare, differences_to_other_columns_have_streams_of_their_own)
{
    for (int i = 0; i < 20; i++) {
        make_run("pendulum", "a", "dqinit", i, i * i, i);
        make_run("pendulum", "a", "alpha", i, 0, 0);
        make_run("pendulum", "a", "scratch", i, 0, 0);
    }
    lay_out();
    double lo = cell(0, "dqinit").difference.interval.lo;
    cr_assert(eq(int, compare_against(&comparison, "alpha", &err), STATUS_OK));
    cr_assert(ne(dbl, cell(0, "dqinit").difference.interval.lo, lo));
}

Test(compare, names_the_nearest_of_an_unknown_column)
{
    make_pairs();
    lay_out();
    cr_assert(eq(int, compare_against(&comparison, "dqint", &err), STATUS_USAGE));
    cr_assert(
        eq(str, err.message, "there are no finished runs of 'dqint'; did you mean 'dqinit'?"));
    cr_assert(eq(str, comparison.against, "scratch"));
    cr_assert(compare_has_column(family, "dqinit"));
    cr_assert(not(compare_has_column(family, "dqini")));
}

// leads of 3, 5 and 7, and of 1 and 2 too, are all above 0: two sign patterns of 8 and of 32
// are as extreme. One pair tells nothing, and of a value there is nothing to test
Test(compare, a_difference_has_the_p_value_of_its_sign_flips)
{
    make_pairs();
    lay_out();
    cr_assert(eq(dbl, cell(0, "dqinit").difference.p, 2.0 / 8.0));
    cr_assert(eq(dbl, cell(2, "dqinit").difference.p, 2.0 / 32.0));
    cr_assert(isnan(cell(0, "dqinit").value.p));
    make_run("pendulum", "c", "dqinit", 0, 2, 0);
    make_run("pendulum", "c", "scratch", 0, 1, 0);
    lay_out();
    cr_assert(isnan(cell(3, "dqinit").difference.p));
}

// -- metrics that are no mean, or better when they are low

static CompareCell cell_of(int row, const char *column, const char *name)
{
    int metric;
    cr_assert(eq(int, metric_find(&metric, name, &err), STATUS_OK));
    return compare_cell(&comparison, family, &family->row[row], column, POLICY_DEPLOYED,
                        metric);
}

// of 1, 2, 4, 8 the quartiles are 1.75 and 5, of 10 and 30 they are 15 and 25: the spreads are
// 3.25 and 10, that of all six together is another
Test(compare, spread_is_the_interquartile_range_within_each_member)
{
    static const double a[] = {8, 1, 4, 2}, b[] = {30, 10};
    for (int i = 0; i < 4; i++)
        make_run("pendulum", "a", "scratch", i, a[i], 0);
    for (int i = 0; i < 2; i++)
        make_run("pendulum", "b", "scratch", i, b[i], 0);
    lay_out();
    CompareCell one = cell_of(0, "scratch", "spread"), all = cell_of(2, "scratch", "spread");
    cr_assert(eq(dbl, one.value.mean, 3.25));
    cr_assert(eq(int, one.value.count, 4));
    cr_assert(eq(dbl, all.value.mean, 6.625));
    cr_assert(isnan(all.value.interval.lo) && isnan(all.value.interval.hi));
    cr_assert(eq(int, all.difference.members, 0));
    cr_assert(isnan(all.worst) && !all.worst_member);
    cr_assert(eq(dbl, cell_of(0, "scratch", "auc").value.mean, 3.75)); // nothing was moved
}

Test(compare, one_seed_has_no_spread)
{
    make_run("pendulum", "a", "scratch", 0, 10, 0);
    lay_out();
    cr_assert(eq(int, cell_of(0, "scratch", "spread").value.members, 0));
    cr_assert(isnan(cell_of(0, "scratch", "spread").value.mean));
}

// dqinit is below scratch in 1 of 3 pairs on "a" and in 1 of 1 on "b"; equal is not below, and
// a seed without a partner is in no pair
Test(compare, negative_transfer_is_the_share_of_pairs_below)
{
    static const double lead[] = {-2, 0, 5};
    for (int i = 0; i < 3; i++) {
        make_run("pendulum", "a", "scratch", i, 10 * i, 0);
        make_run("pendulum", "a", "dqinit", i, 10 * i + lead[i], 0);
    }
    make_run("pendulum", "a", "dqinit", 3, -1000, 0);
    make_run("pendulum", "b", "scratch", 0, 10, 0);
    make_run("pendulum", "b", "dqinit", 0, 9, 0);
    lay_out();
    CompareCell one = cell_of(0, "dqinit", "negative"), all = cell_of(2, "dqinit", "negative");
    cr_assert(epsilon_eq(dbl, one.value.mean, 1.0 / 3, 1e-12));
    cr_assert(eq(int, one.value.count, 3));
    cr_assert(one.value.interval.lo >= 0.0 && one.value.interval.hi <= 1.0);
    cr_assert(epsilon_eq(dbl, all.value.mean, 2.0 / 3, 1e-12));
    cr_assert(eq(int, all.difference.members, 0));
    cr_assert(eq(int, cell_of(0, "scratch", "negative").value.members, 0));

    cr_assert(eq(int, compare_against(&comparison, "dqinit", &err), STATUS_OK));
    cr_assert(epsilon_eq(dbl, cell_of(0, "scratch", "negative").value.mean, 1.0 / 3, 1e-12));
}

Test(compare, a_pair_that_lacks_the_curve_is_no_negative_transfer)
{
    int auc;
    cr_assert(eq(int, metric_find(&auc, "negative", &err), STATUS_OK));
    make_pairs();
    made.done.run[0].metric[POLICY_DEPLOYED][auc] = (double)NAN;
    lay_out();
    CompareCell a = cell_of(0, "dqinit", "negative");
    cr_assert(eq(int, a.value.count, 2));
    cr_assert(eq(dbl, a.value.mean, 0.0));
}

// dqinit takes longer by 3, 5 and 7
Test(compare, marks_and_worst_seeds_turn_round_where_lower_is_better)
{
    make_pairs();
    lay_out();
    CompareCell slow = cell_of(0, "dqinit", "threshold"), good = cell_of(0, "dqinit", "auc");
    cr_assert(eq(dbl, slow.difference.mean, good.difference.mean));
    cr_assert(eq(chr, compare_mark(&slow.difference), '-'));
    cr_assert(eq(chr, compare_mark(&good.difference), '+'));
    cr_assert(eq(dbl, slow.worst, 205.0));
    cr_assert(eq(int, slow.worst_seed, 1));
    cr_assert(eq(dbl, good.worst, 13.0));
    const Estimate less = {.interval = {-2, -1}, .lower_is_better = true};
    cr_assert(eq(chr, compare_mark(&less), '+'));
}

Test(compare, of_no_runs_is_empty)
{
    lay_out();
    cr_assert(eq(int, comparison.family_count, 0));
    cr_assert(eq(int, comparison.resamples, 500));
}

Test(compare, lack_of_memory_is_said)
{
    make_pairs();
    cr_assert(eq(int, collect_finish(&made, false, &err), STATUS_OK));
    for (int i = 0; i < 6; i++) {
        mem_fail_at(i);
        cr_assert(eq(int, compare_init(&comparison, &made, 0, &err), STATUS_NOMEM), "%d", i);
        cr_assert(eq(ptr, comparison.row, NULL));
    }
    mem_fail_at(-1);
    cr_assert(eq(int, compare_init(&comparison, &made, 0, &err), STATUS_OK));
    cr_assert(eq(int, comparison.resamples, STATS_RESAMPLES));
}
