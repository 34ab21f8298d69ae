#include "results/reading.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "results/grid.h"
#include "suite/core/check.h"

typedef enum Verdict { ABOVE, BELOW, UNDECIDED, TOO_FEW, VERDICTS } Verdict;

static const char *const verdicts[VERDICTS] = {
    [ABOVE] = "better than",
    [BELOW] = "worse than",
    [UNDECIDED] = "undecided against",
    [TOO_FEW] = "not judged, with too few pairs, against",
};

static Verdict verdict_of(const ClaimTest *test)
{
    switch (claim_mark(test)) {
    case '+':
        return ABOVE;
    case '-':
        return BELOW;
    case '=':
        return UNDECIDED;
    default:
        return TOO_FEW;
    }
}

static const Metric *metric_of(const Claim *claim, int metric)
{
    return &metric_table[claim->options.metric[metric]];
}

// -- one metric

static void count_verdicts(const Claim *claim, int metric, int count[VERDICTS])
{
    for (int i = 0; i < claim->family_count; i++)
        for (int r = 0; r < claim->family[i].rival_count; r++)
            count[verdict_of(claim_pooled(claim, &claim->family[i], r, metric))]++;
}

static void print_counts(const Claim *claim, int metric, Text *text)
{
    int count[VERDICTS] = {0}, all = 0;
    count_verdicts(claim, metric, count);
    for (int v = 0; v < VERDICTS; v++)
        all += count[v];
    text_printf(text,
                "Of %d comparisons of a family and a rival, `%s` is better in %d, worse in %d "
                "and undecided in %d",
                all, claim->options.method, count[ABOVE], count[BELOW], count[UNDECIDED]);
    if (count[TOO_FEW])
        text_printf(text, "; %d have too few pairs to be judged", count[TOO_FEW]);
    text_printf(text, ".\n\n");
}

// "+0.23 [0.18, 0.28], p 0.0008"
static void print_test(const ClaimTest *test, Text *text)
{
    char cell[GRID_CELL] = "";
    cell_estimate(cell, &test->difference, true);
    text_printf(text, "%s", cell);
    if (isnan(test->adjusted)) return;
    text_printf(text, test->adjusted < 0.0001 ? ", p < 0.0001" : ", p %.4f", test->adjusted);
}

// the rivals of one verdict
static void print_verdict(const Claim *claim, const ClaimFamily *f, int metric, Verdict verdict,
                          Text *text)
{
    int count = 0;
    for (int r = 0; r < f->rival_count; r++) {
        const ClaimTest *test = claim_pooled(claim, f, r, metric);
        if (verdict_of(test) != verdict) continue;
        text_printf(text, "%s `%s`", count++ ? "," : verdicts[verdict], f->rival[r]);
        if (!test->difference.members) continue;
        text_printf(text, " (");
        print_test(test, text);
        text_printf(text, ")");
    }
}

static bool has_verdict(const Claim *claim, const ClaimFamily *f, int metric, Verdict verdict)
{
    for (int r = 0; r < f->rival_count; r++)
        if (verdict_of(claim_pooled(claim, f, r, metric)) == verdict) return true;
    return false;
}

static void print_family(const Claim *claim, const ClaimFamily *f, int metric, Text *text)
{
    int count = 0;
    text_printf(text, "- **%s**: ", f->family->name);
    for (int v = 0; v < VERDICTS; v++) {
        if (!has_verdict(claim, f, metric, (Verdict)v)) continue;
        text_printf(text, "%s", count++ ? "; " : "");
        print_verdict(claim, f, metric, (Verdict)v, text);
    }
    if (f->saturated)
        text_printf(text, ". Over the first 10 %% of training all of them are within 2 %% of "
                          "each other and of the reference, so this family hardly tells them "
                          "apart");
    text_printf(text, ".\n");
}

static const ClaimFamily *same_family(const Claim *claim, const ClaimFamily *f)
{
    for (int i = 0; i < claim->family_count; i++)
        if (strcmp(claim->family[i].family->name, f->family->name) == 0)
            return &claim->family[i];
    return NULL;
}

// a claim must hold in both policies
static void print_network(const Reading *reading, int metric, Text *text)
{
    int count = 0;
    for (int i = 0; i < reading->deployed->family_count; i++) {
        const ClaimFamily *f = &reading->deployed->family[i];
        const ClaimFamily *other = same_family(reading->network, f);
        for (int r = 0; other && r < f->rival_count && r < other->rival_count; r++) {
            const ClaimTest *theirs = claim_pooled(reading->network, other, r, metric);
            if (verdict_of(claim_pooled(reading->deployed, f, r, metric)) == verdict_of(theirs))
                continue;
            text_printf(text, "%s %s, %s `%s` (",
                        count++ ? ";" : "By the network alone:", f->family->name,
                        verdicts[verdict_of(theirs)], f->rival[r]);
            print_test(theirs, text);
            text_printf(text, ")");
        }
    }
    text_printf(text, "%s.\n\n",
                count ? "; otherwise the same"
                      : "By the network alone every verdict is the same");
}

Status reading_metric(const Reading *reading, int metric, Text *text, Error *err)
{
    const Claim *claim = reading->deployed;
    print_counts(claim, metric, text);
    for (int i = 0; i < claim->family_count; i++)
        print_family(claim, &claim->family[i], metric, text);
    text_printf(text, "\n");
    print_network(reading, metric, text);
    return text_status(text, err);
}

// -- where it is not ahead

static int print_pools(const Claim *claim, Text *text)
{
    int count = 0;
    for (int i = 0; i < claim->family_count; i++) {
        const ClaimFamily *f = &claim->family[i];
        for (int m = 0; m < claim->options.metric_count; m++)
            for (int r = 0; r < f->rival_count; r++) {
                const ClaimTest *test = claim_pooled(claim, f, r, m);
                Verdict verdict = verdict_of(test);
                if (verdict == ABOVE || verdict == TOO_FEW) continue;
                text_printf(text, "- %s, `%s`: %s `%s` (", f->family->name,
                            metric_of(claim, m)->name, verdicts[verdict], f->rival[r]);
                print_test(test, text);
                text_printf(text, ").\n");
                count++;
            }
    }
    return count;
}

static int print_members(const Claim *claim, Text *text)
{
    int count = 0;
    for (int i = 0; i < claim->family_count; i++) {
        const ClaimFamily *f = &claim->family[i];
        for (int r = 0; r < f->rival_count; r++)
            for (int row = 0; row + 1 < f->family->row_count; row++)
                for (int m = 0; m < claim->options.metric_count; m++) {
                    const ClaimTest *test = claim_single(claim, f, r, row, m);
                    if (verdict_of(test) != BELOW) continue;
                    text_printf(text, "- %s, member `%s` by itself, `%s`: worse than `%s` (",
                                f->family->name, f->family->row[row].name,
                                metric_of(claim, m)->name, f->rival[r]);
                    print_test(test, text);
                    text_printf(text, ").\n");
                    count++;
                }
    }
    return count;
}

// lists of several claims stand one below the other: an item says what it is of
static void print_metrics(const Claim *claim, const char *before, Text *text)
{
    for (int m = 0; m < claim->options.metric_count; m++)
        text_printf(text, "%s `%s`", m ? " and" : before, metric_of(claim, m)->name);
}

static void print_too_few(const Claim *claim, int count, Text *text)
{
    print_metrics(claim, "- Of", text);
    text_printf(text, " %d comparisons have too few pairs to be judged.\n", count);
}

static void print_ahead(const Claim *claim, Text *text)
{
    print_metrics(claim, "- In", text);
    text_printf(text,
                " `%s` is better than every rival in every family, and worse on no member.\n",
                claim->options.method);
}

Status reading_not_ahead(const Claim *claim, Text *text, Error *err)
{
    int verdict[VERDICTS] = {0};
    for (int m = 0; m < claim->options.metric_count; m++)
        count_verdicts(claim, m, verdict);
    int count = print_pools(claim, text);
    count += print_members(claim, text);
    if (verdict[TOO_FEW]) print_too_few(claim, verdict[TOO_FEW], text);
    if (!count && !verdict[TOO_FEW]) print_ahead(claim, text);
    return text_status(text, err);
}

// -- what seeds allow

static void find_pairs(const Claim *claim, int *fewest, int *most)
{
    bool first = true;
    for (int i = 0; i < claim->family_count; i++)
        for (int r = 0; r < claim->family[i].rival_count; r++) {
            const ClaimTest *test = claim_pooled(claim, &claim->family[i], r, 0);
            if (first || claim_fewest(test) < *fewest) *fewest = claim_fewest(test);
            if (first || test->difference.most > *most) *most = test->difference.most;
            first = false;
        }
}

Status reading_limits(const Claim *claim, Text *text, Error *err)
{
    int fewest = 0, most = 0;
    char pairs[GRID_CELL] = "";
    find_pairs(claim, &fewest, &most);
    cell_counts(pairs, fewest, most);
    text_printf(text,
                "- Pairs of seeds in a member: %s. With fewer than %d (!) nothing is marked: "
                "percentile intervals of so few are too narrow, and a sign-flip test of n "
                "pairs cannot give less than 2 / 2^n.\n",
                pairs, COMPARE_FEW);
    text_printf(text,
                "- A verdict is of the mean over members, at an adjusted p of at most 0.05: "
                "where nothing differs, the chance of any wrong verdict is at most 5 %% in a "
                "family and pair of metrics, and adds up over families. An interval is of its "
                "one comparison alone.\n"
                "- Undecided does not say equal: the interval says how large a difference may "
                "still be.\n"
                "- All seeds of a family learn from one trained set of sources, so that "
                "intervals and p hold for that set: how much a difference varies with another "
                "set is not in them.\n"
                "- What holds for these families, members and budgets need not hold for "
                "others.\n");
    for (int i = 0; i < claim->warning_count; i++)
        text_printf(text, "- %s.\n", claim->warning[i]);
    return text_status(text, err);
}
