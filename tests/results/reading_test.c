#include "results/reading.h"

#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "tests/results/made_runs.h"

enum { RESAMPLES = 200, EARLY10 = 2, AUC = 3 };

static Comparison comparison;
static Claim claim;
static Text text;
static Error err;
static const int metrics[] = {EARLY10, AUC};

static void setup(void)
{
    text = TEXT_INIT;
}

static void teardown(void)
{
    text_release(&text);
    claim_release(&claim);
    compare_release(&comparison);
    collect_release(&made);
}

TestSuite(reading, .init = setup, .fini = teardown);

static void make_column(const char *member, const char *column, double value)
{
    for (int seed = 0; seed < 10; seed++)
        make_run("pendulum", member, column, seed, value, value);
}

static void read_not_ahead(void)
{
    ClaimOptions options = {.method = "dqinit", .metric = metrics, .metric_count = 2};
    cr_assert(eq(int, collect_finish(&made, false, &err), STATUS_OK));
    cr_assert(eq(int, compare_init(&comparison, &made, RESAMPLES, &err), STATUS_OK));
    cr_assert(eq(int, claim_init(&claim, &comparison, &options, &err), STATUS_OK), "%s",
              err.message);
    cr_assert(eq(int, reading_not_ahead(&claim, &text, &err), STATUS_OK));
}

// lists of several claims stand one below the other, so that each item says what it is of
Test(reading, being_ahead_everywhere_is_an_item_that_names_its_metrics)
{
    make_column("a", "dqinit", 0.5);
    make_column("a", "jsrl", 0.25);
    read_not_ahead();
    cr_assert(eq(str, text.data,
                 "- In `early10` and `auc` `dqinit` is better than every rival in every "
                 "family, and worse on no member.\n"));
}

// the pooled tests of both metrics are not judged, whatever the other member says
Test(reading, a_member_without_a_pair_leaves_too_few)
{
    make_column("a", "dqinit", 0.5);
    make_column("a", "jsrl", 0.25);
    make_column("b", "dqinit", 0.5);
    read_not_ahead();
    cr_assert(eq(str, text.data,
                 "- Of `early10` and `auc` 2 comparisons have too few pairs to be judged.\n"));
    text_clear(&text);
    cr_assert(eq(int, reading_limits(&claim, &text, &err), STATUS_OK));
    cr_assert(ne(ptr, strstr(text.data, "Pairs of seeds in a member: 0-10!."), NULL), "%s",
              text.data);
}
