#include "results/overview.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "suite/core/file.h"
#include "tests/results/made_runs.h"
#include "tests/support/folder.h"

static Comparison comparison;
static Text text;
static Error err;
static const OverviewOptions plain = {.level = 2};

static void setup(void)
{
    text = TEXT_INIT;
    test_folder_make();
}

static void teardown(void)
{
    text_release(&text);
    compare_release(&comparison);
    collect_release(&made);
    test_folder_remove();
}

TestSuite(overview, .init = setup, .fini = teardown);

static void lay_out(void)
{
    cr_assert(eq(int, collect_finish(&made, true, &err), STATUS_OK), "%s", err.message);
    cr_assert(eq(int, compare_init(&comparison, &made, 200, &err), STATUS_OK));
}

static void expect(const char *part)
{
    cr_assert(ne(ptr, strstr(text.data, part), NULL), "'%s' is not in:\n%s", part, text.data);
}

static void expect_not(const char *part)
{
    cr_assert(eq(ptr, strstr(text.data, part), NULL), "'%s' is in:\n%s", part, text.data);
}

// of eight seeds that score 0, 0, 1, 1, 2, 2, 30, 30 the middle four have a mean of 1.5, all of
// them one of 8.25; two more seeds make it ten
static const double skewed[] = {0, 0, 1, 1, 2, 2, 30, 30, 1.5, 1.5};

static void make_skewed(int seeds)
{
    for (int seed = 0; seed < seeds; seed++) {
        make_run("cartpole", "m1", "scratch", seed, skewed[seed], 0);
        make_run("cartpole", "m1", "dqinit", seed, skewed[seed] + 1, 0);
        make_run("cartpole", "m1", "dqinit+x", seed, skewed[seed] - 4, 0);
        make_run("pendulum", "m1", "scratch", seed, 7, 0);
    }
}

Test(overview, shows_interquartile_means_by_family_and_over_all)
{
    make_skewed(8);
    lay_out();
    cr_assert(eq(int, overview_claims(&comparison, &plain, &text, &err), STATUS_OK));
    const char *early = strstr(text.data, "## Early learning efficiency\n\nEarly area "
                                          "(`early10`): ");
    cr_assert(ne(ptr, early, NULL), "%s", text.data);
    expect("| family       | seeds |");
    expect("| cartpole     |    8! |   1.5 [0.5, 16.0] |");
    expect(" |      dqinit |\n");
    expect("| pendulum     |    8! |");
    // all: 0 0 1 1 2 2 7 x 8 30 30 without the lowest and highest four
    expect("| all families |    8! |    5.8 [");
    expect_not("dqinit+x");
    expect("## Stability\n");
    expect("## Overall performance\n");
}

Test(overview, the_best_is_bold_from_ten_pairs_on)
{
    make_skewed(9);
    lay_out();
    cr_assert(eq(int, overview_claims(&comparison, &plain, &text, &err), STATUS_OK));
    expect_not("**");
    make_run("cartpole", "m1", "scratch", 9, skewed[9], 0);
    make_run("cartpole", "m1", "dqinit", 9, skewed[9] + 1, 0);
    compare_release(&comparison);
    text_clear(&text);
    lay_out();
    cr_assert(eq(int, overview_claims(&comparison, &plain, &text, &err), STATUS_OK));
    expect("| **2.");
    // dqinit has no pendulum, so that it cannot be the best of all, nor does it lack the mark
    expect("\\* |");
}

Test(overview, where_lower_is_better_the_lower_is_bold)
{
    make_skewed(10);
    lay_out();
    cr_assert(eq(int, overview_claims(&comparison, &plain, &text, &err), STATUS_OK));
    const char *drop = strstr(text.data, "`drop`");
    cr_assert(ne(ptr, drop, NULL));
    const char *line = strstr(drop, "| cartpole");
    const char *bold = strstr(line, "**");
    cr_assert(ne(ptr, bold, NULL));
    cr_assert(bold < strstr(line, "| pendulum"));
    cr_assert(eq(int, strncmp(bold, "**1.5", 5), 0), "%.60s",
              bold); // scratch, the first column
}

Test(overview, variants_stand_beside_their_method)
{
    make_skewed(8);
    lay_out();
    cr_assert(eq(int, overview_variants(&comparison, &plain, &text, &err), STATUS_OK));
    expect("| variant  | pairs |               cartpole | pendulum |");
    expect("| dqinit+x |    8! | -5.00 [-5.00, -5.00] - |      n/a |");
}

Test(overview, variants_of_others_stand_against_the_method_reported_on)
{
    OverviewOptions options = plain;
    make_skewed(8);
    lay_out();
    options.method = "scratch";
    cr_assert(eq(int, overview_variants(&comparison, &options, &text, &err), STATUS_OK));
    expect("| scratch minus | pairs |               cartpole | pendulum |");
    expect("| dqinit+x      |    8! |");
    options.method = "dqinit";
    text.length = 0;
    cr_assert(eq(int, overview_variants(&comparison, &options, &text, &err), STATUS_OK));
    cr_assert(eq(ptr, strstr(text.data, "dqinit minus |"), NULL));
}

Test(overview, nothing_is_said_where_there_are_no_variants)
{
    make_run("pendulum", "m1", "scratch", 0, 7, 0);
    lay_out();
    cr_assert(eq(int, overview_variants(&comparison, &plain, &text, &err), STATUS_OK));
    cr_assert(eq(str, text.data, ""));
}

static void write_run(const char *method, const char *pick, int seed)
{
    RunRecord record = {.family = "pendulum",
                        .member = "far",
                        .role = "target",
                        .mujoco = "2.2.2",
                        .program = "suite 9",
                        .commit = "abc",
                        .cpu = "Some CPU",
                        .knowledge_hash = "k",
                        .knowledge_bytes = 2048 * (seed + 1),
                        .seed = seed,
                        .status = RUN_DONE,
                        .steps = 1000,
                        .diverged = 2,
                        .timing = {.started = "2026-01-02T00:00:00Z",
                                   .ended = "2026-01-03T00:00:00Z",
                                   .cpu_s = 1.5}};
    char key[80], place[100];
    (void)snprintf(record.method, sizeof record.method, "%s", method);
    (void)snprintf(key, sizeof key, "%s.states", method);
    (void)snprintf(place, sizeof place, "pendulum/far/%s/seed-%d", method, seed);
    cr_assert(eq(int, record_add_setting(&record, "source.steps", "3000", &err), STATUS_OK));
    cr_assert(eq(int, record_add_setting(&record, key, "500", &err), STATUS_OK));
    if (pick)
        cr_assert(eq(int, record_add_setting(&record, "source.pick", pick, &err), STATUS_OK));
    for (int i = 0; i < 4; i++)
        cr_assert(eq(int, record_add_source(&record, &(RecordSource){.member = "s"}, &err),
                     STATUS_OK));
    EvalCurve curve;
    cr_assert(eq(int, eval_curve_init(&curve, 1, 1, &err), STATUS_OK));
    eval_curve_add(&curve, 0, POLICY_DEPLOYED, &(EvalSample){(double[]){1}, 1, 10, 0});
    cr_assert(eq(int, folder_make(test_path(place), &err), STATUS_OK));
    cr_assert(eq(int, record_write(&record, test_path(place), &err), STATUS_OK));
    cr_assert(eq(int, eval_curve_write(&curve, test_path(place), &err), STATUS_OK));
    eval_curve_release(&curve);
    record_release(&record);
}

Test(overview, costs_are_of_the_sources_that_were_used)
{
    write_run("dqinit", NULL, 0);
    write_run("distill", "seed", 0);
    write_run("jsrl", "best", 0);
    write_run("jsrl", "best", 1);
    cr_assert(eq(int, collect_folder(&made, test_folder(), &err), STATUS_OK));
    lay_out();
    Facts facts;
    cr_assert(eq(int, facts_read(&facts, &comparison, &err), STATUS_OK), "%s", err.message);
    cr_assert(eq(int, overview_costs(&facts, &plain, &text, &err), STATUS_OK));
    expect("| family   | distill | dqinit |       jsrl |\n");
    expect("| pendulum |     2.0 |    2.0 | 2.0 to 4.0 |\n");
    expect("| pendulum | 3k + 500 | 12k + 2k | 12k + 2k |\n");
    cr_assert(eq(dbl, facts.cpu_s, 6.0));
    cr_assert(eq(int, (int)facts.diverged, 8));
    cr_assert(eq(str, facts.program.name[0], "suite 9 (abc)"));
    cr_assert(eq(int, facts.program.runs[0], 4));
    cr_assert(eq(str, facts.ended, "2026-01-03T00:00:00Z"));
    cr_assert(eq(int, (int)facts_of(&facts, 0, "jsrl")->seeds.hi, 1));
    facts_release(&facts);
}
