#include "results/metrics.h"

#include <math.h>
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

static EvalCurve curve;
static Error err;

static void setup(void)
{
    cr_assert(eq(int, eval_curve_init(&curve, 32, 1, &err), STATUS_OK));
}

static void teardown(void)
{
    eval_curve_release(&curve);
}

static void add(int64_t step, EvalPolicy policy, double mean)
{
    eval_curve_add(&curve, step, policy, &(EvalSample){&mean, 1, 10.0, 0});
}

static double value(const char *name, EvalPolicy policy, int64_t budget)
{
    int metric = -1;
    MetricPoint point[32];
    cr_assert(eq(int, metric_find(&metric, name, &err), STATUS_OK));
    return metric_table[metric].value(
        &(MetricCurve){point, metric_points(point, &curve), policy, budget});
}

// every metric of this curve differs from every other, and for both policies
static void add_curve(void)
{
    add(0, POLICY_DEPLOYED, 4);
    add(0, POLICY_NETWORK, -2);
    add(25, POLICY_DEPLOYED, 6);
    add(50, POLICY_NETWORK, 3);
    add(50, POLICY_DEPLOYED, 9);
    add(75, POLICY_DEPLOYED, 1);
    add(100, POLICY_DEPLOYED, 13);
    add(500, POLICY_DEPLOYED, 20);
    add(900, POLICY_DEPLOYED, 30);
    add(950, POLICY_DEPLOYED, 40);
    add(1000, POLICY_DEPLOYED, 65);
    add(1000, POLICY_NETWORK, 5);
}

TestSuite(metrics, .init = setup, .fini = teardown);

// by hand; areas: 25 (5 + 7.5 + 5 + 7) = 612.5, then 400 16.5, 400 25, 50 35, 50 52.5
Test(metrics, of_the_deployed_policy)
{
    add_curve();
    cr_assert(eq(dbl, value("jumpstart", POLICY_DEPLOYED, 1000), 4.0));
    cr_assert(eq(dbl, value("jumpstart5", POLICY_DEPLOYED, 1000), 7.5));
    cr_assert(epsilon_eq(dbl, value("early10", POLICY_DEPLOYED, 1000), 6.125, 1e-12));
    cr_assert(epsilon_eq(dbl, value("auc", POLICY_DEPLOYED, 1000), 21.5875, 1e-12));
    cr_assert(eq(dbl, value("final", POLICY_DEPLOYED, 1000), 45.0));
}

// its own evaluations at 0, 50 and 1000, the deployed policy's elsewhere:
// 25 (2 + 4.5 + 2 + 7) = 387.5, then 6600, 10000, 1750, 50 22.5
Test(metrics, of_the_network_use_deployed_rows_where_it_has_none)
{
    add_curve();
    cr_assert(eq(dbl, value("jumpstart", POLICY_NETWORK, 1000), -2.0));
    cr_assert(eq(dbl, value("jumpstart5", POLICY_NETWORK, 1000), 4.5));
    cr_assert(epsilon_eq(dbl, value("early10", POLICY_NETWORK, 1000), 3.875, 1e-12));
    cr_assert(epsilon_eq(dbl, value("auc", POLICY_NETWORK, 1000), 19.8625, 1e-12));
    cr_assert(eq(dbl, value("final", POLICY_NETWORK, 1000), 25.0));
}

// the line from 0 at 0 to 20 at 200 is 10 at 100: its mean height there is 5
Test(metrics, an_area_that_ends_between_evaluations_is_cut_there)
{
    add(0, POLICY_DEPLOYED, 0);
    add(200, POLICY_DEPLOYED, 20);
    add(1000, POLICY_DEPLOYED, 20);
    cr_assert(epsilon_eq(dbl, value("early10", POLICY_DEPLOYED, 1000), 5.0, 1e-12));
}

// 5 % of 1030 is 51.5 and 90 % of it 927: a step that was rounded either way still counts
Test(metrics, steps_may_be_rounded)
{
    add(0, POLICY_DEPLOYED, 1);
    add(52, POLICY_DEPLOYED, 7);
    add(53, POLICY_DEPLOYED, 100);
    add(903, POLICY_DEPLOYED, 50);
    add(904, POLICY_DEPLOYED, 2);
    add(1005, POLICY_DEPLOYED, 4);
    cr_assert(eq(dbl, value("jumpstart5", POLICY_DEPLOYED, 1030), 7.0));
    cr_assert(eq(dbl, value("final", POLICY_DEPLOYED, 1005), 3.0)); // from 904.5 on
}

Test(metrics, are_unknown_where_the_curve_does_not_reach)
{
    cr_assert(isnan(value("auc", POLICY_DEPLOYED, 1000)));
    add(50, POLICY_DEPLOYED, 1);
    add(800, POLICY_DEPLOYED, 2);
    cr_assert(isnan(value("jumpstart", POLICY_DEPLOYED, 1000)));
    cr_assert(isnan(value("early10", POLICY_DEPLOYED, 1000)), "the area does not begin at 0");
    cr_assert(isnan(value("final", POLICY_DEPLOYED, 1000)));
    cr_assert(isnan(value("auc", POLICY_DEPLOYED, 1000)));
}

Test(metrics, an_area_that_stops_short_is_unknown)
{
    add(0, POLICY_DEPLOYED, 1);
    add(999, POLICY_DEPLOYED, 2);
    cr_assert(isnan(value("auc", POLICY_DEPLOYED, 1000)));
    cr_assert(not(isnan(value("early10", POLICY_DEPLOYED, 1000))));
}

Test(metrics, have_a_row_each_that_is_complete)
{
    cr_assert(eq(int, metric_count(), 11));
    for (int i = 0; i < metric_count(); i++) {
        cr_assert(metric_table[i].title && metric_table[i].help && metric_table[i].value);
        for (int j = 0; j < i; j++)
            cr_assert(ne(str, metric_table[i].name, metric_table[j].name));
    }
    cr_assert(eq(ptr, metric_table[metric_count()].name, NULL));
}

Test(metrics, an_unknown_name_is_refused_with_the_nearest)
{
    int metric = 77;
    cr_assert(eq(int, metric_find(&metric, "finl", &err), STATUS_USAGE));
    cr_assert(eq(str, err.message, "unknown metric 'finl'; did you mean 'final'?"));
    cr_assert(eq(int, metric_find(&metric, "speed of light", &err), STATUS_USAGE));
    cr_assert(eq(str, err.message, "unknown metric 'speed of light'"));
    cr_assert(eq(int, metric, 77));
}

Test(metrics, a_group_stands_for_its_metrics)
{
    static const char *const stability[] = {"spread", "drop", "collapse"};
    int found[METRIC_MAX], count = -1;
    cr_assert(eq(int, metric_select(found, &count, "stability", &err), STATUS_OK));
    cr_assert(eq(int, count, 3));
    for (int i = 0; i < 3; i++)
        cr_assert(eq(str, metric_table[found[i]].name, stability[i]));
    cr_assert(eq(int, metric_select(found, &count, "final", &err), STATUS_OK));
    cr_assert(eq(int, count, 1));
    cr_assert(eq(str, metric_table[found[0]].name, "final"));
    cr_assert(eq(int, metric_select(found, &count, "stabilty", &err), STATUS_USAGE));
    cr_assert(eq(str, err.message, "unknown metric 'stabilty'; did you mean 'stability'?"));
    cr_assert(eq(int, metric_find(found, "stability", &err), STATUS_USAGE));
}

// what tables print in units of return: the spread of returns is one, a share of seeds is none
Test(metrics, say_whether_they_are_returns)
{
    static const char *const returns[] = {"jumpstart", "jumpstart5", "early10",
                                          "auc",       "final",      "spread"};
    int count = 0;
    for (int m = 0; m < metric_count(); m++) {
        if (!metric_is_return(&metric_table[m])) continue;
        cr_assert(eq(str, metric_table[m].name, returns[count]));
        count++;
    }
    cr_assert(eq(int, count, 6));
}

// -- of normalised returns, on evaluations at 0, 100 and so on of 1000 steps

static void add_returns(const double *mean, int count)
{
    for (int i = 0; i < count; i++)
        add(1000 * i / (count - 1), POLICY_DEPLOYED, mean[i]);
}

static double of_curve(const char *name)
{
    return value(name, POLICY_DEPLOYED, 1000);
}

// the means of three are 0, 0.15, 0.4, 0.7, 1, 0.7: 0.8 is a third of the way from step 600 to
// 800. The evaluations themselves are above it from 400 on
Test(metrics, threshold_is_when_three_evaluations_average_it)
{
    add_returns((const double[]){0, 0.3, 0.9, 0.9, 1.2, 0}, 6);
    cr_assert(epsilon_eq(dbl, of_curve("threshold"), 0.6 + 0.2 / 3, 1e-12));
    cr_assert(eq(dbl, of_curve("reached"), 1.0));
}

// the means are 0.5 of one evaluation, 0.85 of two, 0.57 of three
Test(metrics, threshold_at_the_start_averages_what_there_is)
{
    add_returns((const double[]){0.5, 1.2, 0, 0, 0, 0}, 6);
    cr_assert(epsilon_eq(dbl, of_curve("threshold"), 0.2 * 6 / 7, 1e-12));
}

Test(metrics, threshold_can_be_reached_before_training)
{
    add_returns((const double[]){0.8, 0, 0, 0, 0, 0}, 6);
    cr_assert(eq(dbl, of_curve("threshold"), 0.0));
    cr_assert(eq(dbl, of_curve("reached"), 1.0));
}

// never is the whole budget, not a hole: failures must count
Test(metrics, threshold_is_censored_at_the_budget)
{
    add_returns((const double[]){0, 0.7, 0.99, 0.7, 0.7, 0.7}, 6);
    cr_assert(eq(dbl, of_curve("threshold"), 1.0));
    cr_assert(eq(dbl, of_curve("reached"), 0.0));
}

// the best so far is 0.5, 0.5, 1, 1, 1, 1, 2; what is behind adds up to 0.2 + 0.6 + 0.1 + 0.2.
// 0.3 and 0.4 are below 0.8 of it, and 0.8 is not
Test(metrics, drop_and_collapse_are_below_the_best_so_far)
{
    add_returns((const double[]){0.5, 0.3, 1.0, 0.4, 0.9, 0.8, 2.0}, 7);
    cr_assert(epsilon_eq(dbl, of_curve("drop"), 1.1 / 7, 1e-12));
    cr_assert(epsilon_eq(dbl, of_curve("collapse"), 2.0 / 7, 1e-12));
}

// -1 is below 0.8 of -1, and has not collapsed; 0.1 is below 0.8 of 0.2 and has
Test(metrics, what_never_beat_random_actions_does_not_collapse)
{
    add_returns((const double[]){-1, -0.5, -0.9, 0, 0.2, 0.1}, 6);
    cr_assert(epsilon_eq(dbl, of_curve("collapse"), 1.0 / 6, 1e-12));
    cr_assert(epsilon_eq(dbl, of_curve("drop"), 0.5 / 6, 1e-12));
}

// cut before the budget's end: what was not reached may be reached there
Test(metrics, of_normalised_returns_are_unknown_on_a_part_of_the_curve)
{
    static const char *const names[] = {"threshold", "reached", "drop", "collapse"};
    add(0, POLICY_DEPLOYED, 0.1);
    add(999, POLICY_DEPLOYED, 0.9);
    for (int i = 0; i < 4; i++)
        cr_assert(isnan(of_curve(names[i])), "%s", names[i]);
    add(1000, POLICY_DEPLOYED, 0.9);
    for (int i = 0; i < 4; i++)
        cr_assert(not(isnan(of_curve(names[i]))), "%s", names[i]);
}

Test(metrics, of_normalised_returns_see_the_policy_too)
{
    add(0, POLICY_DEPLOYED, 0.9);
    add(0, POLICY_NETWORK, 0.1);
    add(500, POLICY_DEPLOYED, 0.9);
    add(1000, POLICY_DEPLOYED, 0.9);
    add(1000, POLICY_NETWORK, 0.2);
    cr_assert(eq(dbl, value("threshold", POLICY_DEPLOYED, 1000), 0.0));
    cr_assert(eq(dbl, value("threshold", POLICY_NETWORK, 1000), 1.0));
    cr_assert(eq(dbl, value("drop", POLICY_DEPLOYED, 1000), 0.0));
    cr_assert(epsilon_eq(dbl, value("drop", POLICY_NETWORK, 1000), 0.7 / 3, 1e-12));
}
