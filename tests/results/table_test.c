#include "results/table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "suite/core/json.h"
#include "tests/results/made_runs.h"

static Comparison comparison;
static Text text;
static Error err;

static const int metrics[] = {4, 3}; // final, auc
static const TableTitle titles[] = {{"dqinit", "DQInit (reconstruction from the abstract)"},
                                    {"jsrl", "Jump-Start RL"}};
static const TableOptions options = {
    .metric = metrics, .metric_count = 2, .title = titles, .title_count = 2};

typedef Status Table(const Comparison *c, const TableOptions *o, Text *t, Error *e);

static void setup(void)
{
    text = TEXT_INIT;
}

static void teardown(void)
{
    text_release(&text);
    compare_release(&comparison);
    collect_release(&made);
}

static void print(Table *table, const TableOptions *with)
{
    compare_release(&comparison);
    text_clear(&text);
    cr_assert(eq(int, collect_finish(&made, true, &err), STATUS_OK), "%s", err.message);
    cr_assert(eq(int, compare_init(&comparison, &made, 200, &err), STATUS_OK));
    cr_assert(eq(int, table(&comparison, with, &text, &err), STATUS_OK), "%s", err.message);
}

static void expect(const char *part)
{
    cr_assert(ne(ptr, strstr(text.data, part), NULL), "'%s' is not in:\n%s", part, text.data);
}

static void expect_not(const char *part)
{
    cr_assert(eq(ptr, strstr(text.data, part), NULL), "'%s' is in:\n%s", part, text.data);
}

// Seeds are equal, so that means and intervals are known exactly without drawing anything:
// dqinit leads by 2 on m1 and falls behind by 1 on m2; jsrl was run on m1 alone.
static void make_table(void)
{
    for (int seed = 0; seed < 10; seed++) {
        make_run("pendulum", "m1", "scratch", seed, 10, 1);
        make_run("pendulum", "m1", "dqinit+frozen", seed, 12, 1);
        make_run("pendulum", "m1", "jsrl", seed, 10, 1);
        make_run("pendulum", "m2", "scratch", seed, 100, 1);
        make_run("pendulum", "m2", "dqinit+frozen", seed, 99, 1);
    }
}

TestSuite(table, .init = setup, .fini = teardown);

Test(table, summary_has_a_line_for_each_member)
{
    make_table();
    print(table_summary, &options);
    expect("## Final return: mean return over the last 10 % (deployed policy)\n"
           "\n"
           "### pendulum\n"
           "\n"
           "| member      | seeds | scratch |                    dqinit+frozen |"
           "                  jsrl |\n"
           "|:------------|------:|--------:|---------------------------------:|"
           "----------------------:|\n"
           "| m1          |    10 |    10.0 |    12.0 (+2.00 [+2.00, +2.00]) + |"
           "  10.0 (+0 [+0, +0]) = |\n"
           "| m2          |    10 |     100 |    99.0 (-1.00 [-1.00, -1.00]) - |"
           "                   n/a |\n"
           "| all targets |    10 |    55.0 | 55.5 (+0.500 [+0.500, +0.500]) + |"
           " 10.0* (+0 [+0, +0]) = |\n"
           "\n"
           "## Area under the curve: ");
    expect("- `dqinit+frozen`: ");
    cr_assert(eq(ptr, strstr(text.data, "## Final"), text.data));
}

Test(table, details_show_intervals_differences_and_worst_seeds)
{
    make_table();
    made.done.run[6].metric[POLICY_DEPLOYED][4] = 5; // m1, dqinit+frozen, seed 1
    print(table_markdown, &options);
    expect("### pendulum, final: mean return over the last 10 %\n");
    expect("### pendulum, auc: area under the curve divided by the budget\n");
    expect("10.0 [10.0, 10.0]");
    expect("Difference to scratch:\n\n| member      | pairs |          dqinit+frozen |");
    expect("Worst seed:\n");
    expect(" 5.0 (seed 1) ");
    expect(" 5.00 (m1, seed 1) ");
}

Test(table, all_fewer_seeds_and_missing_members_carry_marks)
{
    make_table();
    make_run("pendulum", "m3", "scratch", 0, 1, 1);
    make_run("pendulum", "m3", "scratch", 1, 1, 1);
    make_run("pendulum", "m3", "scratch", 2, 1, 1);
    make_run("pendulum", "m3", "jsrl", 2, 1, 1);
    for (int seed = 0; seed < 9; seed++)
        make_run("pendulum", "m4", "scratch", seed, 1, 1);
    print(table_summary, &options);
    expect("| m1          |    10 |");
    expect("| m3          |  1-3! |");
    expect("| m4          |    9! |");
    expect("| all targets | 1-10! |");
    expect("5.50* ("); // jsrl's mean over m1 and m3, not m2
    expect(" n/a ");   // dqinit was not run on m3
}

Test(table, without_scratch_there_are_no_differences)
{
    make_run("pendulum", "m1", "dqinit", 0, 10, 1);
    make_run("pendulum", "m1", "dqinit", 1, 30, 1);
    print(table_markdown, &options);
    expect_not("Difference to scratch:");
    expect_not("n/a");
    expect("20 [10, 30]");
}

Test(table, says_what_its_methods_and_marks_mean)
{
    make_table();
    print(table_summary, &options);
    expect("- `dqinit+frozen`: DQInit (reconstruction from the abstract), variant frozen\n"
           "- `jsrl`: Jump-Start RL\n- Brackets");
    expect("95 % percentile bootstrap intervals of the mean over seeds, 200 resamples");
    expect("paired by member and seed");
    expect("fewer than 10 seeds");
    expect("- 50 runs, MuJoCo 2.2.2.\n");

    // a method of two families is explained once
    make_run("reacher", "east", "jsrl", 0, 1, 1);
    strcpy(made.done.run[3].mujoco, "3.1.0");
    print(table_summary, &options);
    expect("- 51 runs, of several MuJoCo versions.\n");
    cr_assert(eq(ptr, strstr(strstr(text.data, "- `jsrl`") + 1, "- `jsrl`"), NULL));
}

// the first run's version would speak for all
Test(table, no_form_names_one_version_where_there_are_several)
{
    make_table();
    print(table_json, &options);
    expect("\"mujoco\":\t\"2.2.2\",\n");
    print(table_latex, &options);
    expect("\\item 50 runs, MuJoCo 2.2.2.\n");
    strcpy(made.done.run[3].mujoco, "3.1.0");
    strcpy(made.done.run[7].mujoco, "2.3.0");
    strcpy(made.done.run[9].mujoco, "3.1.0");
    print(table_latex, &options);
    expect("\\item 50 runs, of several MuJoCo versions.\n");
    print(table_json, &options);
    Json *json;
    cr_assert(eq(int, json_parse(&json, text.data, text.length, "table", &err), STATUS_OK));
    const JsonNode *version = json_first(json_get(json_root(json), "mujoco"));
    static const char *const wanted[] = {"2.2.2", "3.1.0", "2.3.0"};
    for (int i = 0; i < 3; i++, version = json_next(version)) {
        cr_assert(ne(ptr, version, NULL));
        cr_assert(eq(str, json_string(version), wanted[i]));
    }
    cr_assert(eq(ptr, version, NULL));
    json_free(json);
}

Test(table, names_the_runs_that_it_does_not_count)
{
    make_table();
    made.other.run = mem_array(12, sizeof *made.other.run);
    made.other.count = 12;
    for (int i = 0; i < 12; i++) {
        made.other.run[i] = made.done.run[0];
        made.other.run[i].seed = 20 + i;
        made.other.run[i].status = i ? RUN_FAILED : RUN_INTERRUPTED;
    }
    print(table_summary, &options);
    expect(
        "- Not counted, because they are not done: pendulum/m1/scratch/seed-20 (interrupted), "
        "pendulum/m1/scratch/seed-21 (failed), ");
    expect("seed-29 (failed) and 2 more.\n");
    expect_not("seed-30");
}

Test(table, of_no_runs_says_so)
{
    print(table_markdown, &options);
    cr_assert(eq(str, text.data, "No finished runs.\n"));
}

Test(table, numbers_have_the_digits_that_their_interval_warrants)
{
    // the second interval is a hundred times narrower than the first
    for (int i = 0; i < 40; i++) {
        make_run("pendulum", "wide", "scratch", i, 1000 + 100 * (i % 2), 0);
        make_run("pendulum", "narrow", "scratch", i, 1000 + (i % 2), 0);
        make_run("pendulum", "zero", "scratch", i, 1e-12 * (i % 2 ? 1 : -1), 0);
    }
    print(table_markdown, &options);
    expect(" 1050 [10");
    expect(" 1000.50 [1000.");
    expect_not("-0.0");
}

Test(table, csv_has_exact_numbers_for_both_policies)
{
    for (int seed = 0; seed < 2; seed++) {
        make_run("pendulum", "m1", "scratch", seed, 0.1, 7);
        make_run("pendulum", "m1", "dqinit", seed, 0.4, 7);
    }
    print(table_csv, &(TableOptions){.metric = metrics, .metric_count = 1});
    cr_assert(eq(
        str, text.data,
        "family,role,member,column,policy,metric,members,seeds,mean,lo,hi,worst,"
        "worst_member,worst_seed,difference_members,pairs,difference,difference_lo,"
        "difference_hi,mark,against\n"
        "pendulum,target,m1,scratch,deployed,final,1,2,0.1,0.1,0.1,0.1,m1,0,0,0,,,,,scratch\n"
        "pendulum,target,m1,scratch,network,final,1,2,7,7,7,7,m1,0,0,0,,,,,scratch\n"
        "pendulum,target,m1,dqinit,deployed,final,1,2,0.4,0.4,0.4,0.4,m1,0,1,2,"
        "0.30000000000000004,0.30000000000000004,0.30000000000000004,+,scratch\n"
        "pendulum,target,m1,dqinit,network,final,1,2,7,7,7,7,m1,0,1,2,0,0,0,=,scratch\n"
        "pendulum,target,all targets,scratch,deployed,final,1,2,0.1,0.1,0.1,0.1,m1,0,0,0"
        ",,,,,scratch\n"
        "pendulum,target,all targets,scratch,network,final,1,2,7,7,7,7,m1,0,0,0,,,,,scratch\n"
        "pendulum,target,all targets,dqinit,deployed,final,1,2,0.4,0.4,0.4,0.4,m1,0,1,2,"
        "0.30000000000000004,0.30000000000000004,0.30000000000000004,+,scratch\n"
        "pendulum,target,all "
        "targets,dqinit,network,final,1,2,7,7,7,7,m1,0,1,2,0,0,0,=,scratch\n"));
}

Test(table, differences_are_to_the_column_that_is_asked_for)
{
    make_table();
    print(table_summary, &options); // lays out
    cr_assert(eq(int, compare_against(&comparison, "jsrl", &err), STATUS_OK));
    text_clear(&text);
    cr_assert(eq(int, table_markdown(&comparison, &options, &text, &err), STATUS_OK));
    expect(" 12.0 (+2.00 [+2.00, +2.00]) + |");
    expect("Difference to jsrl:\n\n"
           "| member      | pairs |        scratch |           dqinit+frozen |\n"
           "|:------------|------:|---------------:|------------------------:|\n"
           "| m1          |    10 |  +0 [+0, +0] = |  +2.00 [+2.00, +2.00] + |\n");
    expect("- Differences are method minus jsrl, paired by member and seed.");
    expect_not("to scratch");
    text_clear(&text);
    cr_assert(eq(int, table_csv(&comparison, &options, &text, &err), STATUS_OK));
    expect("pendulum,target,m1,dqinit+frozen,deployed,final,1,10,12,12,12,12,m1,0,1,10,2,2,2,+,"
           "jsrl\n");
}

Test(table, says_when_returns_are_normalised)
{
    TableOptions normalised = options;
    make_table();
    print(table_markdown, &options);
    expect_not("ormalised");

    normalised.normalised = true;
    print(table_markdown, &normalised);
    expect("## Final return: mean return over the last 10 %, normalised (deployed policy)\n");
    expect("### pendulum, auc: area under the curve divided by the budget, normalised\n");
    expect("- Normalised: (return - random) / (long - random)");
    print(table_csv, &normalised);
    expect("pendulum,target,m1,scratch,deployed,final_normalised,1,10,10,");
    expect_not(",final,");
}

// as made runs have every metric alike, dqinit takes 2 longer on m1 and 1 shorter on m2
Test(table, says_where_lower_is_better)
{
    int lower[] = {0, 4};
    TableOptions with = options;
    cr_assert(eq(int, metric_find(&lower[0], "threshold", &err), STATUS_OK));
    with.metric = lower;
    make_table();
    made.done.run[6].metric[POLICY_DEPLOYED][lower[0]] = 15; // m1, dqinit+frozen, seed 1
    print(table_markdown, &with);
    expect("## Time to threshold: share of the budget until three evaluations average 0.8, "
           "normalised; 1 if they never do; lower is better (deployed policy)\n");
    expect(" 99.0 (-1.00 [-1.00, -1.00]) + |");
    expect(" 15.00 (seed 1) ");
    expect(" 99.00 (m2, seed 0) ");
    expect("- Where lower is better, + is an interval below 0 and - one above;");
    expect("- Normalised: (return - random) / (long - random)");
    expect("### pendulum, final: mean return over the last 10 %\n");
    print(table_markdown, &options);
    expect_not("ower is better");
}

// dqinit is below scratch on m2 in every seed, and on m1 in none; there is no worst seed of it
Test(table, shows_shares_and_spreads_without_differences)
{
    int metric[2];
    TableOptions with = options;
    cr_assert(eq(int, metric_find(&metric[0], "negative", &err), STATUS_OK));
    cr_assert(eq(int, metric_find(&metric[1], "spread", &err), STATUS_OK));
    with.metric = metric;
    make_table();
    print(table_markdown, &with);
    expect("## Negative transfer: share of seeds with less area under the curve than the same "
           "seed of scratch; lower is better (deployed policy)\n");
    expect("| m2          |    10 |     n/a |    1.00 [1.00, 1.00] |       n/a |");
    expect("| all targets |    10 |     n/a | 0.500 [0.500, 0.500] | 0 [0, 0]* |");
    expect("### pendulum, spread: interquartile range of the area under the curve over seeds; "
           "lower is better\n");
    expect_not("Difference to");
    expect_not("Worst seed:");
    with.normalised = true;
    print(table_csv, &with);
    expect(
        "pendulum,target,m2,dqinit+frozen,deployed,negative,1,10,1,1,1,,,,0,0,,,,,scratch\n");
    expect("pendulum,target,m2,scratch,deployed,spread_normalised,1,10,0,,,,,,0,0,,,,,scratch");
}

Test(table, csv_leaves_empty_what_one_seed_cannot_say)
{
    make_run("pendulum", "m1", "scratch", 3, 5, 7);
    print(table_csv, &(TableOptions){.metric = metrics, .metric_count = 1});
    expect("pendulum,target,m1,scratch,deployed,final,1,1,5,,,5,m1,3,0,0,,,,,scratch\n");
}

Test(table, the_order_of_runs_does_not_change_a_byte)
{
    static Table *const tables[] = {table_summary, table_markdown, table_csv};
    for (int i = 0; i < 12; i++) {
        make_run("pendulum", i % 2 ? "m1" : "m2", "scratch", i, i * i, 1);
        make_run("pendulum", i % 2 ? "m1" : "m2", "dqinit", i, 100 - i * i, 1);
        make_run("hopper", i % 2 ? "m1" : "m2", "scratch", i, 1 + 0.3 * i, 1);
    }
    for (int i = 0; i < 3; i++) {
        print(tables[i], &options);
        char *first = mem_string(text.data);
        reverse_runs();
        print(tables[i], &options);
        cr_assert(eq(str, text.data, first));
        mem_free(first);
    }
}

Test(table, lack_of_memory_is_said)
{
    static Table *const tables[] = {table_summary, table_markdown, table_csv};
    make_table();
    print(table_summary, &options); // lays out
    for (int i = 0; i < 3; i++) {
        Status status = STATUS_NOMEM;
        int failures = -1;
        for (; status != STATUS_OK; failures++) {
            text_release(&text);
            mem_fail_at(failures + 1);
            status = tables[i](&comparison, &options, &text, &err);
            mem_fail_at(-1);
            cr_assert(status == STATUS_OK || status == STATUS_NOMEM, "%s", err.message);
        }
        cr_assert(ge(int, failures, 3));
    }
}

// "b" beats all others on m_1; on m2 the two best are alike; on all targets b is ahead
static void make_race(void)
{
    for (int seed = 0; seed < 10; seed++) {
        make_run("pendulum", "m_1", "scratch", seed, 1, 1);
        make_run("pendulum", "m_1", "dqinit+a", seed, -2, 1);
        make_run("pendulum", "m_1", "dqinit+b", seed, 3, 1);
        make_run("pendulum", "m2", "scratch", seed, 5, 1);
        make_run("pendulum", "m2", "dqinit+a", seed, 4, 1);
        make_run("pendulum", "m2", "dqinit+b", seed, 5, 1);
    }
}

Test(table, latex_has_the_same_cells_and_the_best_in_bold)
{
    make_race();
    TableOptions one = options;
    one.metric_count = 1;
    one.folder = (const char *const[]){"some/runs"};
    one.folder_count = 1;
    print(table_latex, &one);
    expect("% Results of 'some/runs'\n% \\usepackage{booktabs}\n");
    expect("\\caption{pendulum, Final return: mean return over the last 10 \\% (deployed "
           "policy).}\n\\begin{tabular}{lrrrr}\n\\toprule\n"
           "member & seeds & scratch & dqinit+a & dqinit+b \\\\\n\\midrule\n"
           "m2 & 10 & 5.00 [5.00, 5.00] & 4.00 [4.00, 4.00] & 5.00 [5.00, 5.00] \\\\\n"
           "m\\_1 & 10 & 1.00 [1.00, 1.00] & $-$2.00 [$-$2.00, $-$2.00] & "
           "\\textbf{3.00 [3.00, 3.00]} \\\\\n\\midrule\n"
           "all targets & 10 & 3.00 [3.00, 3.00] & 1.00 [1.00, 1.00] & "
           "\\textbf{4.00 [4.00, 4.00]} \\\\\n\\bottomrule\n");
    expect("difference to scratch: ");
    expect("m2 & 10 & $-$1.00 [$-$1.00, $-$1.00] & $+$0 [$+$0, $+$0] \\\\\n");
    expect("\\item dqinit: DQInit (reconstruction from the abstract).\n");
    expect_not("Jump-Start"); // there is no column of it
}

Test(table, latex_prints_warnings_and_what_is_not_counted)
{
    make_race();
    Text sentence = TEXT_INIT;
    text_printf(&sentence, "left out 'a_b'");
    cr_assert(eq(int, collect_warn(&made, &sentence, &err), STATUS_OK));
    print(table_latex, &options);
    expect("\\item Warning: left out 'a\\_b'.\n");
}

Test(table, nine_seeds_make_nothing_bold)
{
    make_race();
    made.done.count -= 6; // the last seed of all
    print(table_latex, &options);
    expect_not("textbf");
    expect("m2 & 9! & ");
}

Test(table, json_has_the_same_cells)
{
    make_race();
    TableOptions one = options;
    one.metric_count = 1;
    one.folder = (const char *const[]){"some/runs"};
    one.folder_count = 1;
    print(table_json, &one);
    Json *json;
    cr_assert(eq(int, json_parse(&json, text.data, text.length, "table", &err), STATUS_OK));
    const JsonNode *root = json_root(json);
    cr_assert(eq(str, json_string(json_first(json_get(root, "results"))), "some/runs"));
    const JsonNode *family = json_first(json_get(root, "families"));
    cr_assert(eq(str, json_string(json_get(family, "family")), "pendulum"));
    const JsonNode *row = json_next(json_first(json_get(family, "rows")));
    cr_assert(eq(str, json_string(json_get(row, "member")), "m_1"));
    const JsonNode *group = json_first(json_get(row, "groups"));
    cr_assert(eq(str, json_string(json_get(group, "best")), "dqinit+b"));
    const JsonNode *cell = json_next(json_first(json_get(group, "cells")));
    cr_assert(eq(str, json_string(json_get(cell, "column")), "dqinit+a"));
    cr_assert(eq(str, json_string(json_get(cell, "metric")), "final"));
    cr_assert(eq(str, json_string(json_get(cell, "policy")), "deployed"));
    cr_assert(eq(dbl, json_number(json_get(cell, "point")), -2.0));
    cr_assert(eq(dbl, json_number(json_get(cell, "lo")), -2.0));
    cr_assert(eq(dbl, json_number(json_get(cell, "seeds")), 10.0));
    const JsonNode *difference = json_get(cell, "difference");
    cr_assert(eq(str, json_string(json_get(difference, "against")), "scratch"));
    cr_assert(eq(dbl, json_number(json_get(difference, "hi")), -3.0));
    cr_assert(eq(str, json_string(json_get(difference, "mark")), "-"));
    json_free(json);
}

static void expect_memory_said(Table *table)
{
    Status status = STATUS_NOMEM;
    int failures = -1;
    make_race();
    cr_assert(eq(int, collect_finish(&made, true, &err), STATUS_OK));
    cr_assert(eq(int, compare_init(&comparison, &made, 200, &err), STATUS_OK));
    for (; status != STATUS_OK; failures++) {
        text_release(&text);
        mem_fail_at(failures + 1);
        status = table(&comparison, &options, &text, &err);
        mem_fail_at(-1);
        cr_assert(status == STATUS_OK || status == STATUS_NOMEM, "%s", err.message);
    }
    cr_assert(lt(int, 2, failures));
}

Test(table, latex_says_lack_of_memory)
{
    expect_memory_said(table_latex);
}

Test(table, json_says_lack_of_memory)
{
    expect_memory_said(table_json);
}
