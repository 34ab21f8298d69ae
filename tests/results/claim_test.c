#include "results/claim.h"

#include <math.h>
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "tests/results/made_runs.h"

enum { RESAMPLES = 1000, EARLY10 = 2, AUC = 3 };

// of ten pairs of one sign, and of more that no drawn pattern comes near
static const double least = 2.0 / 1024, least_drawn = 1.0 / (RESAMPLES + 1);

static Comparison comparison;
static Claim claim;
static Text text;
static Error err;
static const int metrics[] = {EARLY10, AUC};
static ClaimOptions options;

static void setup(void)
{
    text = TEXT_INIT;
    options = (ClaimOptions){.method = "dqinit", .metric = metrics, .metric_count = 1};
}

static void teardown(void)
{
    text_release(&text);
    claim_release(&claim);
    compare_release(&comparison);
    collect_release(&made);
}

TestSuite(claim, .init = setup, .fini = teardown);

static Status judge(void)
{
    claim_release(&claim);
    compare_release(&comparison);
    cr_assert(eq(int, collect_finish(&made, false, &err), STATUS_OK), "%s", err.message);
    cr_assert(eq(int, compare_init(&comparison, &made, RESAMPLES, &err), STATUS_OK));
    return claim_init(&claim, &comparison, &options, &err);
}

static void judge_well(void)
{
    cr_assert(eq(int, judge(), STATUS_OK), "%s", err.message);
}

// ten seeds of a column on a member; without a spread, so that sign patterns are known
static void make_column(const char *member, const char *column, double value)
{
    for (int seed = 0; seed < 10; seed++)
        make_run("pendulum", member, column, seed, value, value);
}

// over scratch dqinit leads by 0.2, 0.1 and 0.3 on three members; over jsrl by -0.1, 0 and 0.7
static void make_three_members(void)
{
    static const char *const member[] = {"a", "b", "c"};
    static const double dqinit[] = {0.5, 0.6, 0.9}, scratch[] = {0.3, 0.5, 0.6},
                        jsrl[] = {0.6, 0.6, 0.2};
    for (int i = 0; i < 3; i++) {
        make_column(member[i], "dqinit", dqinit[i]);
        make_column(member[i], "scratch", scratch[i]);
        make_column(member[i], "jsrl", jsrl[i]);
    }
}

static void expect(const char *part)
{
    cr_assert(ne(ptr, strstr(text.data, part), NULL), "'%s' is not in:\n%s", part, text.data);
}

static void expect_not(const char *part)
{
    cr_assert(eq(ptr, strstr(text.data, part), NULL), "'%s' is in:\n%s", part, text.data);
}

static void print(Status (*form)(const Claim *, Text *, Error *))
{
    text_clear(&text);
    cr_assert(eq(int, form(&claim, &text, &err), STATUS_OK));
}

Test(claim, tests_the_method_against_every_other_column)
{
    make_three_members();
    judge_well();
    const ClaimFamily *f = claim.family;
    cr_assert(eq(int, claim.family_count, 1));
    cr_assert(eq(int, f->rival_count, 2));
    cr_assert(eq(str, f->rival[0], "scratch"));
    cr_assert(eq(str, f->rival[1], "jsrl"));
    cr_assert(eq(str, f->pool->name, "all targets"));
    cr_assert(epsilon_eq(dbl, f->pooled[0].difference.mean, 0.2, 1e-12)); // (2 + 1 + 3) / 30
    cr_assert(epsilon_eq(dbl, f->pooled[1].difference.mean, 0.2, 1e-12)); // (-1 + 0 + 7) / 30
    static const double single[] = {0.2, 0.1, 0.3, -0.1, 0.0, 0.7};
    for (int i = 0; i < 6; i++)
        cr_assert(epsilon_eq(dbl, f->single[i].difference.mean, single[i], 1e-12), "%d", i);
}

// turn the difference to scratch of dqinit's seed 4 on each member of make_three_members()
static void turn_seeds(void)
{
    static const double lead[] = {0.2, 0.1, 0.3};
    for (int i = 0; i < 3; i++)
        made.done.run[30 * i + 4].metric[POLICY_DEPLOYED][EARLY10] -= 2 * lead[i];
}

static void expect_rivals(const char *method, const char *named, const char *const *rival,
                          int count)
{
    options.method = method;
    options.rivals = named;
    judge_well();
    cr_assert(eq(int, claim.family->rival_count, count), "%s", method);
    for (int i = 0; i < count; i++)
        cr_assert(eq(str, claim.family->rival[i], rival[i]), "%s", method);
}

// "dqinit2" begins alike, and is another method
Test(claim, leaves_out_variants_unless_named)
{
    static const char *const column[] = {"dqinit",       "dqinit+tiles", "dqinit+union",
                                         "dqi+x",        "dqinit2",      "scratch",
                                         "scratch+full", "scratch+long"};
    for (int i = 0; i < 8; i++)
        make_column("a", column[i], 0.5);
    static const char *const of_method[] = {"scratch", "dqinit2"};
    static const char *const of_variant[] = {"scratch", "dqinit", "dqinit2"};
    static const char *const of_scratch[] = {"dqinit", "dqinit2"};
    static const char *const named[] = {"dqinit+union", "scratch+long"};
    expect_rivals("dqinit", NULL, of_method, 2);
    expect_rivals("dqinit+tiles", NULL, of_variant, 3);
    expect_rivals("scratch", NULL, of_scratch, 2);
    expect_rivals("dqinit", "scratch+long,dqinit+union", named, 2);
}

// together two tests are adjusted, by member the three of a rival. Nine of ten of one sign are
// as extreme as 2 x 11 of 1024 patterns, 0.0215: three times that is above 0.05
Test(claim, adjusts_for_the_rivals_together_and_for_the_members_of_a_rival)
{
    make_three_members();
    turn_seeds();
    judge_well();
    const ClaimFamily *f = claim.family;
    double to_jsrl = f->pooled[1].difference.p;
    cr_assert(eq(dbl, f->pooled[0].difference.p, least_drawn));
    cr_assert(epsilon_eq(dbl, f->pooled[0].adjusted, 2 * least_drawn, 1e-15));
    cr_assert(eq(chr, claim_mark(&f->pooled[0]), '+'));
    cr_assert(lt(dbl, least_drawn, to_jsrl));
    cr_assert(eq(dbl, f->pooled[1].adjusted, to_jsrl));
    for (int i = 0; i < 3; i++) {
        cr_assert(eq(dbl, f->single[i].difference.p, 22 / 1024.0), "%d", i);
        cr_assert(epsilon_eq(dbl, f->single[i].adjusted, 3 * 22 / 1024.0, 1e-15));
        cr_assert(eq(chr, claim_mark(&f->single[i]), '='));
    }

    options.rivals = "jsrl";
    judge_well();
    cr_assert(eq(int, claim.family->rival_count, 1));
    cr_assert(eq(str, claim.family->rival[0], "jsrl"));
    cr_assert(eq(dbl, claim.family->pooled[0].adjusted, to_jsrl));
}

Test(claim, adjusts_for_the_metrics_too)
{
    make_three_members();
    options.metric_count = 2;
    for (int i = 0; i < 30; i++) // dqinit's runs on "a", then scratch's and jsrl's
        made.done.run[i].metric[POLICY_DEPLOYED][AUC] = i < 10 ? 0.1 : 0.6;
    judge_well();
    const ClaimFamily *f = claim.family;
    cr_assert(epsilon_eq(dbl, f->pooled[0].adjusted, 4 * least_drawn, 1e-15));
    cr_assert(epsilon_eq(dbl, f->pooled[1].difference.mean, (-0.5 + 0.1 + 0.3) / 3, 1e-12));
    cr_assert(epsilon_eq(dbl, f->single[0].adjusted, 6 * least, 1e-15));
    cr_assert(epsilon_eq(dbl, f->single[1].difference.mean, -0.5, 1e-12)); // "a", AUC
}

Test(claim, marks_the_side_of_an_adjusted_p_of_at_most_a_twentieth)
{
    const Estimate above = {.mean = 1, .fewest = 10}, below = {.mean = -1, .fewest = 10};
    cr_assert(eq(chr, claim_mark(&(ClaimTest){above, 0.05}), '+'));
    cr_assert(eq(chr, claim_mark(&(ClaimTest){below, 0.05}), '-'));
    cr_assert(eq(chr, claim_mark(&(ClaimTest){below, 0.051}), '='));
    cr_assert(eq(chr, claim_mark(&(ClaimTest){above, (double)NAN}), ' '));
    const Estimate few = {.mean = 1, .fewest = 9, .most = 10};
    cr_assert(eq(chr, claim_mark(&(ClaimTest){few, 0.05}), ' '));
    cr_assert(eq(chr, claim_mark(&(ClaimTest){few, 1.0}), ' '));
}

// nine pairs of one sign on "b" have an adjusted p of 0.004, and a mark would be a '-'; the
// pool of 10 and 9 has none either
Test(claim, few_pairs_have_a_p_and_no_mark)
{
    make_column("a", "dqinit", 0.9);
    make_column("a", "jsrl", 0.5);
    make_column("b", "dqinit", 0.2);
    make_column("b", "jsrl", 0.5);
    made.done.count--;
    judge_well();
    cr_assert(epsilon_eq(dbl, claim.family->single[1].adjusted, 2.0 / 512, 1e-15));
    print(claim_markdown);
    expect("| +0.400 [+0.400, +0.400] + |\n");
    expect("| -0.300 [-0.300, -0.300] ! |\n");
    expect("Members marked -: none.\n");
    expect(" 9-10! | +0.0500 [+0.0500, +0.0500] |");
    expect("! fewer than 10 pairs in a member: no mark");
    print(claim_csv);
    expect("b,deployed,early10_normalised,dqinit,jsrl,1,9,-0.3");
    expect_not("-,0.2");
}

Test(claim, the_policy_says_which_returns)
{
    make_three_members();
    for (int i = 0; i < 10; i++)
        made.done.run[i].metric[POLICY_NETWORK][EARLY10] = 0.8; // dqinit on "a": +0.5
    options.policy = POLICY_NETWORK;
    judge_well();
    cr_assert(epsilon_eq(dbl, claim.family->pooled[0].difference.mean, 0.3, 1e-12));
}

Test(claim, shows_members_marks_and_worst_seeds)
{
    make_three_members();
    made.done.run[4].metric[POLICY_DEPLOYED][EARLY10] = 0.1; // dqinit on "a", seed 4
    options.rivals = "jsrl";
    judge_well();
    print(claim_markdown);
    expect("## pendulum, all targets: dqinit minus each rival (deployed policy)\n\n"
           "| rival |  metric | pairs |");
    expect("By member, early10:\n\n| member |");
    expect(" +0.700 [+0.700, +0.700] + |\n");
    expect(" 0.100 (a, seed 4) |\n");
    expect(" 0.200 (c, seed 0) |\n");
    expect("Members marked -: a (jsrl, early10).\n");
    expect("With up to 15 pairs");
    expect("R = 1000 patterns are drawn");
    expect("1000 resamples");
    expect("All seeds of a family learn from one trained set of sources (source.seed)");
    expect_not("Saturated");
    expect_not("Warning");
}

Test(claim, names_the_members_that_it_is_worse_on)
{
    make_column("a", "dqinit", 0.5);
    make_column("a", "jsrl", 0.7);
    make_column("b", "dqinit", 0.5);
    make_column("b", "jsrl", 0.5);
    judge_well();
    print(claim_markdown);
    expect("Members marked -: a (jsrl, early10).\n");
}

Test(claim, csv_has_a_line_for_each_row_rival_and_metric)
{
    make_column("a", "dqinit", 0.75);
    make_column("a", "jsrl", 0.5);
    judge_well();
    print(claim_csv);
    char wanted[1024];
    (void)snprintf(
        wanted, sizeof wanted,
        "family,role,member,policy,metric,method,rival,members,pairs,difference,lo,hi,p,p_holm,"
        "mark,method_mean,method_worst,method_worst_member,method_worst_seed,rival_mean,"
        "rival_worst,rival_worst_member,rival_worst_seed,saturated\n"
        "pendulum,target,a,deployed,early10_normalised,dqinit,jsrl,1,10,0.25,0.25,0.25,%.17g,"
        "%.17g,+,0.75,0.75,a,0,0.5,0.5,a,0,\n",
        least, least);
    cr_assert(eq(int, strncmp(text.data, wanted, strlen(wanted)), 0), "%s", text.data);
    expect("\npendulum,target,all targets,deployed,early10_normalised,dqinit,jsrl,1,10,0.25,");
    expect("+,0.75,0.75,a,0,0.5,0.5,a,0,\npendulum,target,all");
    cr_assert(eq(str, strrchr(text.data, '+'), "+,0.75,0.75,a,0,0.5,0.5,a,0,\n"));
}

// -- saturation: method, rivals and the reference, which is 1, within 0.02

static void expect_saturated(double first, double second, bool saturated)
{
    collect_release(&made);
    make_column("a", "dqinit", first);
    make_column("a", "jsrl", second);
    make_column("a", "dqinit+tiles", 0.3); // no rival: whatever it returns
    judge_well();
    cr_assert(eq(int, claim.family->saturated, saturated), "%g %g", first, second);
    print(claim_markdown);
    cr_assert(eq(int, strstr(text.data, "\nSaturated: ") != NULL, saturated));
}

Test(claim, says_where_there_is_nothing_to_tell_methods_apart_by)
{
    expect_saturated(0.985, 0.99, true);
    expect_saturated(0.99, 1.005, true);
    expect_saturated(0.99, 1.015, false); // each near the reference, but not to each other
    expect_saturated(0.97, 0.97, false);  // alike, but short of the reference
    options.metric = metrics + 1;         // whatever the metrics are
    expect_saturated(0.985, 0.99, true);
}

// -- warnings

static void expect_warnings(int count, const char *first, const char *second)
{
    const char *wanted[] = {first, second};
    judge_well();
    cr_assert(eq(int, claim.warning_count, count));
    for (int i = 0; i < count; i++)
        cr_assert(eq(str, claim.warning[i], wanted[i]));
}

Test(claim, warns_of_missing_pairs)
{
    make_three_members();
    made.done.count -= 2;                          // jsrl on "c", seeds 8 and 9
    make_run("pendulum", "b", "jsrl", 11, 0.6, 0); // which dqinit has not
    expect_warnings(
        2,
        "pendulum: 2 of the runs of dqinit and 1 of jsrl have no partner of the same "
        "member and seed, and do not count",
        "pendulum: only 8 pairs of dqinit and jsrl in a member, fewer than 10");
    print(claim_markdown);
    expect("- Warning: pendulum: 2 of the runs of dqinit");
    expect(" 8-10! |");
}

// a run that is too short for a metric is of no pair there; both are named, for they differ
Test(claim, warns_of_missing_pairs_in_any_metric)
{
    make_column("a", "dqinit", 0.5);
    make_column("a", "jsrl", 0.4);
    options.metric_count = 2;
    made.done.run[13].metric[POLICY_DEPLOYED][AUC] = (double)NAN; // of jsrl
    expect_warnings(
        2,
        "pendulum, auc: 1 of the runs of dqinit and 0 of jsrl have no partner of the "
        "same member and seed, and do not count",
        "pendulum, auc: only 9 pairs of dqinit and jsrl in a member, fewer than 10");
}

// ten pairs on each member but one, which has none: no verdict of them all
Test(claim, a_member_without_a_pair_has_no_part_in_a_mark)
{
    make_column("a", "dqinit", 0.5);
    make_column("a", "jsrl", 0.25);
    make_column("b", "dqinit", 0.5);
    make_column("b", "jsrl", 0.25);
    make_column("c", "dqinit", 0.5);
    judge_well();
    const ClaimFamily *f = claim.family;
    cr_assert(eq(int, f->pooled[0].difference.fewest, 10));
    cr_assert(lt(dbl, f->pooled[0].adjusted, 0.05));
    cr_assert(eq(chr, claim_mark(&f->pooled[0]), ' '));
    cr_assert(eq(chr, claim_mark(&f->single[0]), '+'));
    cr_assert(eq(chr, claim_mark(&f->single[2]), ' '));
    print(claim_markdown);
    expect(" 0-10! |");
    expect_warnings(2,
                    "pendulum: 10 of the runs of dqinit and 0 of jsrl have no partner of the "
                    "same member and seed, and do not count",
                    "pendulum: only 0 pairs of dqinit and jsrl in a member, fewer than 10");
}

Test(claim, warns_once_of_pairs_that_all_metrics_lack)
{
    make_column("a", "dqinit", 0.5);
    make_column("a", "jsrl", 0.4);
    make_run("pendulum", "a", "jsrl", 11, 0.6, 0);
    options.metric_count = 2;
    expect_warnings(
        1,
        "pendulum: 0 of the runs of dqinit and 1 of jsrl have no partner of the same "
        "member and seed, and do not count",
        NULL);
}

Test(claim, warns_of_columns_that_a_family_lacks)
{
    make_column("a", "dqinit", 0.5);
    make_column("a", "jsrl", 0.5);
    for (int seed = 0; seed < 10; seed++) {
        make_run("hopper", "a", "jsrl", seed, 1, 1);
        make_run("reacher", "a", "dqinit", seed, 1, 1);
        make_run("reacher", "a", "scratch", seed, 1, 1);
    }
    options.rivals = "jsrl,scratch";
    judge_well();
    static const char *const wanted[] = {
        "hopper has no finished runs of scratch",
        "hopper has no finished runs of dqinit and is left out",
        "pendulum has no finished runs of scratch", "reacher has no finished runs of jsrl"};
    cr_assert(eq(int, claim.warning_count, 4));
    for (int i = 0; i < 4; i++)
        cr_assert(eq(str, claim.warning[i], wanted[i]));
    cr_assert(eq(int, claim.family_count, 2));
    cr_assert(eq(str, claim.family[0].family->name, "pendulum"));
    cr_assert(eq(str, claim.family[1].rival[0], "scratch"));
}

Test(claim, warns_of_a_family_without_a_rival)
{
    make_column("a", "dqinit", 0.5);
    make_column("a", "jsrl", 0.25);
    make_run("hopper", "a", "dqinit", 0, 1, 1);
    make_run("hopper", "a", "dqinit+tiles", 0, 1, 1); // a variant, which is none
    expect_warnings(1, "hopper has no rival of dqinit and is left out", NULL);
    cr_assert(eq(int, claim.family_count, 1));
    cr_assert(eq(str, claim.family->family->name, "pendulum"));
}

// no interval, no p, no mark; and it is none of the tests that others are adjusted for
Test(claim, one_pair_tells_nothing)
{
    make_column("a", "dqinit", 0.5);
    make_column("a", "jsrl", 0.25);
    make_run("pendulum", "a", "scratch", 0, 0.25, 0);
    judge_well();
    const ClaimFamily *f = claim.family;
    cr_assert(eq(str, f->rival[0], "scratch"));
    cr_assert(isnan(f->pooled[0].adjusted));
    cr_assert(eq(chr, claim_mark(&f->pooled[0]), ' '));
    cr_assert(eq(dbl, f->pooled[1].adjusted, least));
}

Test(claim, refuses_columns_that_there_are_not)
{
    make_column("a", "dqinit", 0.5);
    make_column("a", "jsrl", 0.5);
    options.method = "dqint";
    cr_assert(eq(int, judge(), STATUS_USAGE));
    cr_assert(
        eq(str, err.message, "there are no finished runs of 'dqint'; did you mean 'dqinit'?"));
    options.method = "dqinit";
    options.rivals = "jsrl,jrsl";
    cr_assert(eq(int, judge(), STATUS_USAGE));
    cr_assert(
        eq(str, err.message, "there are no finished runs of 'jrsl'; did you mean 'jsrl'?"));
    options.rivals = "dqinit";
    cr_assert(eq(int, judge(), STATUS_USAGE));
    cr_assert(eq(str, err.message, "'dqinit' cannot be its own rival"));
}

// 0.5 of the budget is better than 0.75, on the one member and in the pool
Test(claim, turns_round_where_lower_is_better)
{
    int threshold;
    cr_assert(eq(int, metric_find(&threshold, "threshold", &err), STATUS_OK));
    make_column("a", "dqinit", 0.5);
    make_column("a", "jsrl", 0.75);
    made.done.run[4].metric[POLICY_DEPLOYED][threshold] = 0.625;
    options.metric = &threshold;
    judge_well();
    cr_assert(lt(dbl, claim.family->pooled[0].difference.mean, 0.0));
    cr_assert(eq(chr, claim_mark(&claim.family->pooled[0]), '+'));
    print(claim_markdown);
    expect("- Lower is better in threshold: a + is of a difference below 0, and the worst is");
    expect(" 0.625 (a, seed 4) |");
    expect("Members marked -: none");
    print(claim_csv);
    expect("a,deployed,threshold,dqinit,jsrl,1,10,-0.2375,");
    options.metric = metrics;
    judge_well();
    print(claim_markdown);
    expect_not("Lower is better");
}

Test(claim, refuses_what_is_no_mean_over_seeds)
{
    static const char *const names[] = {"spread", "negative"};
    make_column("a", "dqinit", 0.5);
    make_column("a", "jsrl", 0.5);
    for (int i = 0; i < 2; i++) {
        int metric;
        char message[100];
        cr_assert(eq(int, metric_find(&metric, names[i], &err), STATUS_OK));
        options.metric = &metric;
        cr_assert(eq(int, judge(), STATUS_USAGE));
        (void)snprintf(message, sizeof message,
                       "there is no test of '%s': it is not a mean over seeds", names[i]);
        cr_assert(eq(str, err.message, message));
    }
}

Test(claim, refuses_a_method_without_a_rival)
{
    make_column("a", "dqinit", 0.5);
    cr_assert(eq(int, judge(), STATUS_USAGE));
    cr_assert(eq(str, err.message,
                 "there is no family in which 'dqinit' has a rival (variants, "
                 "METHOD+LABEL, are rivals only where --rivals names them)"));
}

Test(claim, lack_of_memory_is_said)
{
    make_column("a", "dqinit", 0.5);
    make_column("a", "jsrl", 0.5);
    make_run("pendulum", "a", "jsrl", 20, 0.5, 0); // for a warning of each metric
    made.done.run[3].metric[POLICY_DEPLOYED][AUC] = (double)NAN;
    options.metric_count = 2;
    judge_well();
    Status status = STATUS_NOMEM;
    int fail = 0;
    for (; status != STATUS_OK; fail++) {
        claim_release(&claim);
        text_release(&text);
        mem_fail_at(fail);
        status = claim_init(&claim, &comparison, &options, &err);
        if (status == STATUS_OK) status = claim_markdown(&claim, &text, &err);
        if (status == STATUS_OK) status = claim_csv(&claim, &text, &err);
        mem_fail_at(-1);
        cr_assert(status == STATUS_OK || status == STATUS_NOMEM, "%s", err.message);
    }
    cr_assert(lt(int, 10, fail));
}
