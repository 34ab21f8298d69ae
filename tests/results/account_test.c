#include "results/account.h"

#include <stdlib.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "suite/core/mem.h"
#include "tests/results/made_records.h"

static Comparison comparison;
static Facts facts;
static Claim claim[4];
static Text text;
static const int headline[] = {2, 3}, stability[] = {8, 9}; // early10, auc; drop, collapse

static void setup(void)
{
    made_setup();
    text = TEXT_INIT;
}

static void teardown(void)
{
    for (int i = 0; i < 4; i++)
        claim_release(&claim[i]);
    facts_release(&facts);
    compare_release(&comparison);
    text_release(&text);
    made_teardown();
}

TestSuite(account, .init = setup, .fini = teardown);

// Every seed of a column is alike but for noise that pairs share, so that verdicts are known:
// dqinit is 100 above scratch in each of twelve seeds of both members.
static void make_records(int seeds)
{
    for (int seed = 0; seed < seeds; seed++) {
        double noise = 3.0 * (seed % 4);
        made_write(&(MadeRecord){"far", "target", "scratch", "", seed, noise, false});
        made_write(&(MadeRecord){"far", "target", "dqinit", "", seed, noise + 100, false});
        made_write(&(MadeRecord){"far", "target", "jsrl", "", seed,
                                 noise + (seed % 2 ? 90 : 110), true});
    }
}

static void make_claims(const char *method)
{
    for (int i = 0; i < 4; i++) {
        ClaimOptions options = {.method = method,
                                .policy = i % 2 ? POLICY_NETWORK : POLICY_DEPLOYED,
                                .metric = i < 2 ? headline : stability,
                                .metric_count = 2};
        cr_assert(eq(int, claim_init(&claim[i], &comparison, &options, &err), STATUS_OK), "%s",
                  err.message);
    }
}

static Account lay_out(const char *method)
{
    made_collect();
    cr_assert(eq(int, compare_init(&comparison, &made, 200, &err), STATUS_OK));
    cr_assert(eq(int, facts_read(&facts, &comparison, &err), STATUS_OK), "%s", err.message);
    make_claims(method);
    return (Account){.comparison = &comparison,
                     .facts = &facts,
                     .headline = {&claim[0], &claim[1]},
                     .stability = {&claim[2], &claim[3]},
                     .options = {.folder = "some/runs", .method = method}};
}

static void expect(const char *part)
{
    cr_assert(ne(ptr, strstr(text.data, part), NULL), "'%s' is not in:\n%s", part, text.data);
}

static void expect_not(const char *part)
{
    cr_assert(eq(ptr, strstr(text.data, part), NULL), "'%s' is in:\n%s", part, text.data);
}

Test(account, reads_out_who_is_better)
{
    make_records(12);
    Account account = lay_out("dqinit");
    cr_assert(eq(int, account_print(&account, &text, &err), STATUS_OK));
    expect("# Results\n\nMade from the records in `some/runs` by\n\n"
           "    suite report some/runs --method dqinit --out FILE\n");
    expect("### Does it learn early? `early10`\n\nOf 2 comparisons of a family and a rival, "
           "`dqinit` is better in 1, worse in 0 and undecided in 1.\n\n"
           "- **pendulum**: better than `scratch` (+100 [+100, +100], p 0.0020); "
           "undecided against `jsrl` (+0.0 [-5.0, +5.0], p 1.0000).\n\n"
           "By the network alone: pendulum, better than `jsrl` (+");
    expect("- pendulum, `early10`: undecided against `jsrl` (+0.0 [-5.0, +5.0], p 1.0000).\n");
    expect_not("have too few pairs");
    expect("- Pairs of seeds in a member: 12.");
    expect("What was to run is not known");
}

Test(account, reads_out_who_is_worse)
{
    make_records(12);
    Account account = lay_out("scratch");
    cr_assert(eq(int, account_print(&account, &text, &err), STATUS_OK));
    expect("`scratch` is better in 0, worse in 2 and undecided in 0.\n");
    expect("- pendulum, `auc`: worse than `dqinit` (");
    expect("- pendulum, member `far` by itself, `early10`: worse than `dqinit` (");
}

Test(account, few_seeds_are_not_judged)
{
    make_records(9);
    Account account = lay_out("dqinit");
    cr_assert(eq(int, account_print(&account, &text, &err), STATUS_OK));
    expect("better in 0, worse in 0 and undecided in 0; 2 have too few pairs to be judged.\n");
    expect("- Of `early10` and `auc` 4 comparisons have too few pairs to be judged.\n");
    expect("- Pairs of seeds in a member: 9!.");
    expect("| pendulum | scratch, dqinit, jsrl | 9 each | 0 to 8 | 1000 |\n");
}

Test(account, only_columns_with_the_same_runs_share_a_line)
{
    make_records(3);
    made_write(&(MadeRecord){"far", "target", "dqinit", "more", 0, 1.0, false});
    made_write(&(MadeRecord){"far", "target", "dqinit", "other", 5, 1.0, false});
    made_write(&(MadeRecord){"far", "target", "dqinit", "third", 5, 1.0, false});
    Account account = lay_out("dqinit");
    cr_assert(eq(int, account_print(&account, &text, &err), STATUS_OK));
    expect("| pendulum | scratch, dqinit | 3 each | 0 to 2 | 1000 |\n"
           "| pendulum | dqinit+more | 1 | 0 | 1000 |\n"
           "| pendulum | dqinit+other, dqinit+third | 1 each | 5 | 1000 |\n"
           "| pendulum | jsrl | 3 | 0 to 2 | 1000 |\n");
}

Test(account, lists_what_has_not_run)
{
    static const WantedRun wanted[] = {
        {"hopper", "far", "dqinit", 0},    {"hopper", "far", "dqinit", 1},
        {"pendulum", "far", "dqinit", 1},  {"pendulum", "far", "dqinit", 2},
        {"pendulum", "far", "dqinit", 3},  {"pendulum", "far", "dqinit", 5},
        {"pendulum", "far", "scratch", 0},
    };
    make_records(2);
    Account account = lay_out("dqinit");
    account.options.experiment = "small";
    account.options.wanted = wanted;
    account.options.wanted_count = 7;
    cr_assert(eq(int, account_print(&account, &text, &err), STATUS_OK));
    expect("- hopper: none of its 2 runs\n"
           "- pendulum, far, dqinit: 3 of 4 missing, seeds 2-3, 5\n\n"
           "5 of the 7 runs of the experiment have no finished record; 4 runs in the tables "
           "were not asked for by it.\n");
    expect("| pendulum | dqinit | 2 of 4 | 0 to 1 | 1000 |\n");
    expect("| pendulum | jsrl | 2, not asked for | 0 to 1 | 1000 |\n");
}

Test(account, links_the_figures_that_are_there)
{
    make_records(2);
    test_put_file(test_path("curves-pendulum.svg"), "x", 1);
    test_put_file(test_path("profile.svg"), "x", 1);
    Account account = lay_out("dqinit");
    account.options.figures = test_folder();
    cr_assert(eq(int, account_print(&account, &text, &err), STATUS_OK));
    char link[PATH_LENGTH];
    (void)snprintf(link, sizeof link,
                   "- **pendulum**: [learning curves](%s/curves-pendulum.svg)\n",
                   test_folder());
    expect(link);
    (void)snprintf(link, sizeof link, "![Performance profiles](%s/profile.svg)\n",
                   test_folder());
    expect(link);
    expect_not("improvement.svg");
}

Test(account, lack_of_memory_is_said)
{
    Status status = STATUS_NOMEM;
    int failures = -1;
    make_records(2);
    Account account = lay_out("dqinit");
    for (; status != STATUS_OK; failures++) {
        text_release(&text);
        mem_fail_at(failures + 1);
        status = account_print(&account, &text, &err);
        mem_fail_at(-1);
        cr_assert(status == STATUS_OK || status == STATUS_NOMEM, "%s", err.message);
    }
    cr_assert(lt(int, 10, failures));
}
