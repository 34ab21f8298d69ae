#include "results/claim.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "results/csv.h"
#include "results/grid.h"
#include "suite/core/check.h"
#include "suite/core/mem.h"

static const double level = 0.05;      // of adjusted p
static const double saturation = 0.02; // of the way from random to the reference

void claim_release(Claim *claim)
{
    for (int f = 0; claim->family && f < claim->family_count; f++) {
        mem_free(claim->family[f].rival);
        mem_free(claim->family[f].pooled);
        mem_free(claim->family[f].single);
        mem_free(claim->family[f].column);
    }
    for (int i = 0; i < claim->warning_count; i++)
        mem_free(claim->warning[i]);
    mem_free(claim->family);
    mem_free(claim->warning);
    *claim = (Claim){0};
}

static Status add_warning(Claim *claim, Text *sentence, Error *err)
{
    Status status = text_status(sentence, err);
    size_t count = (size_t)claim->warning_count;
    char **grown = NULL;
    char *copy = status == STATUS_OK ? mem_string(sentence->data) : NULL;
    if (copy) grown = mem_grow(claim->warning, count, count + 1, sizeof(char *));
    text_release(sentence);
    if (!grown) {
        mem_free(copy);
        return error_nomem(err);
    }
    claim->warning = grown;
    claim->warning[claim->warning_count++] = copy;
    return STATUS_OK;
}

// -- which columns

// the next name of a comma separated list; false at the end
static bool next_name(const char **list, char name[COLUMN_NAME])
{
    if (!*list) return false;
    size_t length = strcspn(*list, ",");
    (void)snprintf(name, COLUMN_NAME, "%.*s", (int)length, *list);
    *list = (*list)[length] ? *list + length + 1 : NULL;
    return true;
}

static bool is_rival(const ClaimOptions *options, const char *column)
{
    char name[COLUMN_NAME];
    if (strcmp(column, options->method) == 0) return false;
    if (!options->rivals) return !collect_is_variant(column);
    for (const char *list = options->rivals; next_name(&list, name);)
        if (strcmp(name, column) == 0) return true;
    return false;
}

// only what is a mean over seeds has differences of pairs that can be tested
static Status check_metrics(const ClaimOptions *options, Error *err)
{
    for (int m = 0; m < options->metric_count; m++) {
        const Metric *metric = &metric_table[options->metric[m]];
        if (metric->seeds != SEEDS_MEAN)
            return error_set(err, STATUS_USAGE,
                             "there is no test of '%s': it is not a mean over seeds",
                             metric->name);
    }
    return STATUS_OK;
}

static Status check_names(const Claim *claim, Error *err)
{
    char name[COLUMN_NAME];
    const ClaimOptions *options = &claim->options;
    Status status = compare_check_column(claim->comparison, options->method, err);
    for (const char *list = options->rivals; status == STATUS_OK && next_name(&list, name);) {
        status = compare_check_column(claim->comparison, name, err);
        if (status == STATUS_OK && strcmp(name, options->method) == 0)
            status = error_set(err, STATUS_USAGE, "'%s' cannot be its own rival", name);
    }
    return status;
}

// a rival that was asked for and is not there is told of
static Status warn_of_absent(Claim *claim, const CompareFamily *family, Error *err)
{
    char name[COLUMN_NAME];
    Status status = STATUS_OK;
    for (const char *list = claim->options.rivals;
         status == STATUS_OK && next_name(&list, name);) {
        if (compare_has_column(family, name)) continue;
        Text text = TEXT_INIT;
        text_printf(&text, "%s has no finished runs of %s", family->name, name);
        status = add_warning(claim, &text, err);
    }
    return status;
}

// -- tests

static int member_count(const ClaimFamily *f)
{
    return f->family->row_count - 1;
}

ClaimTest *claim_pooled(const Claim *claim, const ClaimFamily *f, int rival, int metric)
{
    return &f->pooled[rival * claim->options.metric_count + metric];
}

ClaimTest *claim_single(const Claim *claim, const ClaimFamily *f, int rival, int member,
                        int metric)
{
    return &f->single[(rival * member_count(f) + member) * claim->options.metric_count +
                      metric];
}

// @param column 0 is the method, then come the rivals
static CompareCell *column_at(const Claim *claim, const ClaimFamily *f, int column, int metric)
{
    return &f->column[column * claim->options.metric_count + metric];
}

static const char *column_name(const Claim *claim, const ClaimFamily *f, int column)
{
    return column ? f->rival[column - 1] : claim->options.method;
}

// adjust the tests that could be made. @param work (2 x count)
static void adjust(ClaimTest *test, int count, double *work)
{
    double *p = work, *adjusted = work + count;
    int made = 0;
    for (int i = 0; i < count; i++)
        if (!isnan(test[i].difference.p)) p[made++] = test[i].difference.p;
    stats_holm(p, made, adjusted);
    made = 0;
    for (int i = 0; i < count; i++)
        test[i].adjusted = isnan(test[i].difference.p) ? (double)NAN : adjusted[made++];
}

static ClaimTest make_test(const Claim *claim, const ClaimFamily *f, const CompareRow *row,
                           int rival, int metric)
{
    const ClaimOptions *options = &claim->options;
    ComparePair pair = {options->method, f->rival[rival], options->policy,
                        options->metric[metric]};
    return (ClaimTest){compare_pair(claim->comparison, f->family, row, &pair), (double)NAN,
                       row->members};
}

static void make_tests(const Claim *claim, ClaimFamily *f, double *work)
{
    int metrics = claim->options.metric_count, members = member_count(f);
    for (int r = 0; r < f->rival_count; r++) {
        for (int m = 0; m < metrics; m++)
            *claim_pooled(claim, f, r, m) = make_test(claim, f, f->pool, r, m);
        for (int i = 0; i < members; i++)
            for (int m = 0; m < metrics; m++)
                *claim_single(claim, f, r, i, m) =
                    make_test(claim, f, &f->family->row[i], r, m);
        adjust(claim_single(claim, f, r, 0, 0), members * metrics, work);
    }
    adjust(f->pooled, f->rival_count * metrics, work);
}

static void make_columns(const Claim *claim, ClaimFamily *f)
{
    const ClaimOptions *options = &claim->options;
    for (int c = 0; c <= f->rival_count; c++)
        for (int m = 0; m < options->metric_count; m++)
            *column_at(claim, f, c, m) =
                compare_cell(claim->comparison, f->family, f->pool, column_name(claim, f, c),
                             options->policy, options->metric[m]);
}

static bool is_saturated(const Claim *claim, const ClaimFamily *f, int early)
{
    double lowest = 1.0, highest = 1.0; // the reference
    for (int c = 0; c <= f->rival_count; c++) {
        CompareCell cell = compare_cell(claim->comparison, f->family, f->pool,
                                        column_name(claim, f, c), claim->options.policy, early);
        if (!isfinite(cell.value.mean)) return false;
        lowest = fmin(lowest, cell.value.mean);
        highest = fmax(highest, cell.value.mean);
    }
    return highest - lowest <= saturation;
}

// -- warnings

/** Of the method and a rival, in one metric. */
typedef struct PairCount {
    int ours, theirs; // runs without a partner
    int fewest;       // pairs in a member
} PairCount;

static PairCount count_pairs(const Claim *claim, const ClaimFamily *f, int rival, int metric)
{
    const ClaimTest *test = claim_pooled(claim, f, rival, metric);
    const Estimate *pairs = &test->difference;
    return (PairCount){column_at(claim, f, 0, metric)->value.count - pairs->count,
                       column_at(claim, f, rival + 1, metric)->value.count - pairs->count,
                       claim_fewest(test)};
}

static bool counts_differ(PairCount a, PairCount b)
{
    return a.ours != b.ours || a.theirs != b.theirs || a.fewest != b.fewest;
}

// @param place the family, and the metric where that matters
static Status warn_of_count(Claim *claim, const char *place, const char *rival, PairCount pairs,
                            Error *err)
{
    const char *method = claim->options.method;
    Status status = STATUS_OK;
    if (pairs.ours || pairs.theirs) {
        Text text = TEXT_INIT;
        text_printf(&text,
                    "%s: %d of the runs of %s and %d of %s have no partner of the same member "
                    "and seed, and do not count",
                    place, pairs.ours, method, pairs.theirs, rival);
        status = add_warning(claim, &text, err);
    }
    if (status == STATUS_OK && pairs.fewest < COMPARE_FEW) {
        Text text = TEXT_INIT;
        text_printf(&text, "%s: only %d pair%s of %s and %s in a member, fewer than %d", place,
                    pairs.fewest, pairs.fewest == 1 ? "" : "s", method, rival, COMPARE_FEW);
        status = add_warning(claim, &text, err);
    }
    return status;
}

// once for all metrics if they have the same pairs
static Status warn_of_pairs(Claim *claim, const ClaimFamily *f, int rival, Error *err)
{
    const ClaimOptions *options = &claim->options;
    PairCount first = count_pairs(claim, f, rival, 0);
    bool differ = false;
    for (int m = 1; m < options->metric_count; m++)
        differ = differ || counts_differ(first, count_pairs(claim, f, rival, m));
    if (!differ) return warn_of_count(claim, f->family->name, f->rival[rival], first, err);

    Status status = STATUS_OK;
    for (int m = 0; status == STATUS_OK && m < options->metric_count; m++) {
        Text place = TEXT_INIT;
        text_printf(&place, "%s, %s", f->family->name, metric_table[options->metric[m]].name);
        status = text_status(&place, err);
        if (status == STATUS_OK)
            status = warn_of_count(claim, place.data, f->rival[rival],
                                   count_pairs(claim, f, rival, m), err);
        text_release(&place);
    }
    return status;
}

// -- families

static Status find_rivals(const Claim *claim, ClaimFamily *f, Error *err)
{
    const CompareFamily *family = f->family;
    f->rival = mem_array((size_t)family->column_count, sizeof(const char *));
    if (!f->rival) return error_nomem(err);
    for (int c = 0; c < family->column_count; c++)
        if (is_rival(&claim->options, family->column[c]))
            f->rival[f->rival_count++] = family->column[c];
    return STATUS_OK;
}

static Status judge(Claim *claim, ClaimFamily *f, int early, Error *err)
{
    size_t tests = (size_t)f->rival_count * (size_t)claim->options.metric_count;
    size_t members = (size_t)member_count(f);
    size_t most = tests * (members ? members : 1);
    double *work = mem_array(2 * most, sizeof *work);
    f->pooled = mem_array(tests, sizeof *f->pooled);
    f->single = mem_array(tests * members, sizeof *f->single);
    f->column = mem_array(tests + (size_t)claim->options.metric_count, sizeof *f->column);
    bool taken = work && f->pooled && f->single && f->column;
    if (taken) {
        make_tests(claim, f, work);
        make_columns(claim, f);
        f->saturated = is_saturated(claim, f, early);
    }
    mem_free(work);
    Status status = taken ? STATUS_OK : error_nomem(err);
    for (int r = 0; status == STATUS_OK && r < f->rival_count; r++)
        status = warn_of_pairs(claim, f, r, err);
    return status;
}

static Status add_family(Claim *claim, const CompareFamily *family, int early, Error *err)
{
    ClaimFamily *f = &claim->family[claim->family_count++]; // released with the rest
    *f = (ClaimFamily){.family = family, .pool = &family->row[family->row_count - 1]};
    Status status = warn_of_absent(claim, family, err);
    if (status == STATUS_OK) status = find_rivals(claim, f, err);
    if (status == STATUS_OK && compare_has_column(family, claim->options.method) &&
        f->rival_count)
        return judge(claim, f, early, err);

    // nothing to judge here
    mem_free(f->rival);
    claim->family_count--;
    if (status != STATUS_OK) return status;
    bool alone = compare_has_column(family, claim->options.method);
    Text text = TEXT_INIT;
    text_printf(&text, "%s has no %s of %s and is left out", family->name,
                alone ? "rival" : "finished runs", claim->options.method);
    return add_warning(claim, &text, err);
}

Status claim_init(Claim *out, const Comparison *comparison, const ClaimOptions *options,
                  Error *err)
{
    int early;
    CHECK(options->metric_count > 0);
    *out = (Claim){.comparison = comparison, .options = *options};
    Status status = metric_find(&early, "early10", err);
    if (status == STATUS_OK) status = check_metrics(options, err);
    if (status == STATUS_OK) status = check_names(out, err);
    if (status != STATUS_OK) return status;
    out->family = mem_array((size_t)comparison->family_count, sizeof *out->family);
    if (!out->family) return error_nomem(err);

    for (int f = 0; status == STATUS_OK && f < comparison->family_count; f++)
        status = add_family(out, &comparison->family[f], early, err);
    if (status == STATUS_OK && !out->family_count)
        return error_set(err, STATUS_USAGE,
                         "there is no family in which '%.100s' has a rival (variants, "
                         "METHOD+LABEL, are rivals only where --rivals names them)",
                         options->method);
    return status;
}

int claim_fewest(const ClaimTest *test)
{
    return test->difference.members < test->members ? 0 : test->difference.fewest;
}

char claim_mark(const ClaimTest *test)
{
    if (isnan(test->adjusted) || claim_fewest(test) < COMPARE_FEW) return ' ';
    if (test->adjusted > level) return '=';
    return (test->difference.mean > 0.0) != test->difference.lower_is_better ? '+' : '-';
}

// -- for people

static void metric_name(char *cell, const Claim *claim, int metric)
{
    cell_text(cell, metric_table[claim->options.metric[metric]].name);
}

static void print_p(char *cell, double p)
{
    if (isnan(p))
        cell_text(cell, "n/a");
    else
        cell_number(cell, p, 4, false);
}

static void print_difference(char *cell, const ClaimTest *test, bool marked)
{
    if (!test->difference.members) {
        cell_text(cell, "n/a");
        return;
    }
    cell_estimate(cell, &test->difference, true);
    if (!marked) return;
    char mark = claim_fewest(test) < COMPARE_FEW ? '!' : claim_mark(test);
    cell_text(cell, (const char[]){' ', mark, '\0'});
}

static void fill_pooled(const Grid *grid, int row, const Claim *claim, const ClaimFamily *f,
                        int rival, int metric)
{
    const ClaimTest *test = claim_pooled(claim, f, rival, metric);
    cell_text(grid_at(grid, row, 0), f->rival[rival]);
    metric_name(grid_at(grid, row, 1), claim, metric);
    cell_counts(grid_at(grid, row, 2), claim_fewest(test), test->difference.most);
    char *cell = grid_at(grid, row, 3);
    print_difference(cell, test, false);
    if (test->difference.members < test->members) cell_text(cell, "*");
    print_p(grid_at(grid, row, 4), test->difference.p);
    print_p(grid_at(grid, row, 5), test->adjusted);
    cell_text(grid_at(grid, row, 6), (const char[]){claim_mark(test), '\0'});
}

static Status print_pooled(const Claim *claim, const ClaimFamily *f, Text *text, Error *err)
{
    static const char *const heading[] = {"rival", "metric", "pairs", "difference",
                                          "p",     "Holm p", "mark"};
    int metrics = claim->options.metric_count, columns = sizeof heading / sizeof heading[0];
    Grid grid;
    Status status = grid_init(&grid, 1 + f->rival_count * metrics, columns, err);
    if (status != STATUS_OK) return status;
    for (int c = 0; c < columns; c++)
        cell_text(grid_at(&grid, 0, c), heading[c]);
    for (int r = 0; r < f->rival_count; r++)
        for (int m = 0; m < metrics; m++)
            fill_pooled(&grid, 1 + r * metrics + m, claim, f, r, m);
    grid_print(&grid, text);
    grid_release(&grid);
    return STATUS_OK;
}

static Status print_singles(const Claim *claim, const ClaimFamily *f, int metric, Text *text,
                            Error *err)
{
    Grid grid;
    Status status = grid_init(&grid, 1 + member_count(f), 1 + f->rival_count, err);
    if (status != STATUS_OK) return status;
    cell_text(grid_at(&grid, 0, 0), "member");
    for (int i = 0; i < member_count(f); i++)
        cell_text(grid_at(&grid, 1 + i, 0), f->family->row[i].name);
    for (int r = 0; r < f->rival_count; r++) {
        cell_text(grid_at(&grid, 0, 1 + r), f->rival[r]);
        for (int i = 0; i < member_count(f); i++)
            print_difference(grid_at(&grid, 1 + i, 1 + r), claim_single(claim, f, r, i, metric),
                             true);
    }
    text_printf(text, "By member, %s:\n\n", metric_table[claim->options.metric[metric]].name);
    grid_print(&grid, text);
    grid_release(&grid);
    return STATUS_OK;
}

// the members that the method is worse on
static void print_below(const Claim *claim, const ClaimFamily *f, Text *text)
{
    int count = 0;
    for (int r = 0; r < f->rival_count; r++)
        for (int i = 0; i < member_count(f); i++)
            for (int m = 0; m < claim->options.metric_count; m++) {
                if (claim_mark(claim_single(claim, f, r, i, m)) != '-') continue;
                text_printf(text, "%s %s (%s, %s)",
                            count++ ? "," : "Members marked -:", f->family->row[i].name,
                            f->rival[r], metric_table[claim->options.metric[m]].name);
            }
    text_printf(text, "%s.\n\n", count ? "" : "Members marked -: none");
}

static void print_column(const Grid *grid, const Claim *claim, const ClaimFamily *f, int column)
{
    cell_text(grid_at(grid, 1 + column, 0), column_name(claim, f, column));
    for (int m = 0; m < claim->options.metric_count; m++) {
        const CompareCell *of = column_at(claim, f, column, m);
        char *mean = grid_at(grid, 1 + column, 1 + 2 * m),
             *worst = grid_at(grid, 1 + column, 2 + 2 * m);
        if (!of->value.members) {
            cell_text(mean, "n/a");
            cell_text(worst, "n/a");
            continue;
        }
        char whose[GRID_CELL];
        cell_estimate(mean, &of->value, false);
        cell_number(worst, of->worst, cell_decimals(&of->value), false);
        (void)snprintf(whose, sizeof whose, " (%s, seed %d)", of->worst_member, of->worst_seed);
        cell_text(worst, whose);
    }
}

static Status print_columns(const Claim *claim, const ClaimFamily *f, Text *text, Error *err)
{
    Grid grid;
    int metrics = claim->options.metric_count;
    Status status = grid_init(&grid, 2 + f->rival_count, 1 + 2 * metrics, err);
    if (status != STATUS_OK) return status;
    cell_text(grid_at(&grid, 0, 0), "column");
    for (int m = 0; m < metrics; m++) {
        metric_name(grid_at(&grid, 0, 1 + 2 * m), claim, m);
        metric_name(grid_at(&grid, 0, 2 + 2 * m), claim, m);
        cell_text(grid_at(&grid, 0, 2 + 2 * m), ", worst seed");
    }
    for (int c = 0; c <= f->rival_count; c++)
        print_column(&grid, claim, f, c);
    text_printf(text, "Means, and the worst seed of all members:\n\n");
    grid_print(&grid, text);
    grid_release(&grid);
    return STATUS_OK;
}

static Status print_family(const Claim *claim, const ClaimFamily *f, Text *text, Error *err)
{
    text_printf(text, "## %s, %s: %s minus each rival (%s policy)\n\n", f->family->name,
                f->pool->name, claim->options.method, policy_name(claim->options.policy));
    if (f->saturated)
        text_printf(text, "Saturated: over the first 10 %% of training the method and its "
                          "rivals are within 2 %% of each other and of the reference; this "
                          "family does not tell them apart.\n\n");
    Status status = print_pooled(claim, f, text, err);
    for (int m = 0; status == STATUS_OK && m < claim->options.metric_count; m++)
        status = print_singles(claim, f, m, text, err);
    if (status == STATUS_OK) print_below(claim, f, text);
    return status == STATUS_OK ? print_columns(claim, f, text, err) : status;
}

static void print_directions(const Claim *claim, Text *text)
{
    int count = 0;
    for (int m = 0; m < claim->options.metric_count; m++) {
        const Metric *metric = &metric_table[claim->options.metric[m]];
        if (metric->lower_is_better)
            text_printf(text, "%s %s", count++ ? "," : "- Lower is better in", metric->name);
    }
    if (count)
        text_printf(text, ": a + is of a difference below 0, and the worst is the highest.\n");
}

static void print_header(const Claim *claim, Text *text)
{
    // the formatter would leave words on lines of their own
    // clang-format off
    text_printf(
        text,
        "- Returns are normalised: 0 is what random actions return in a member, 1 what long "
        "training from scratch reaches.\n"
        "- Difference: mean over members of the mean over seeds of the method minus the rival "
        "of the same member and seed. Brackets: 95 %% percentile bootstrap interval, %d "
        "resamples of the pairs within each member.\n"
        "- p: two-sided sign-flip test (Fisher 1935, section 21): if method and rival are "
        "alike, each pair could as well have had the other sign. With up to %d pairs in all it "
        "is the share of all sign patterns whose difference is at least as far from 0; with "
        "more, R = %d patterns are drawn, and with k of them as far it is (k + 1) / (R + 1).\n"
        "- Holm p: step-down adjusted p (Holm 1979), of all members together over the rivals "
        "and metrics of the family, by member over the members and metrics of a rival.\n"
        "- Marks, at an adjusted p of at most %.2f: + the method is better, - it is worse, = "
        "neither. ! fewer than %d pairs in a member: no mark, for intervals of so few are too "
        "narrow. * some members are missing.\n"
        "- All seeds of a family learn from one trained set of sources (source.seed), so "
        "intervals and p hold for that set: how differences vary with another is not in them.\n",
        claim->comparison->resamples, STATS_EXACT, claim->comparison->resamples, level,
        COMPARE_FEW);
    // clang-format on
    print_directions(claim, text);
    for (int i = 0; i < claim->warning_count; i++)
        text_printf(text, "- Warning: %s.\n", claim->warning[i]);
    text_printf(text, "\n");
}

Status claim_markdown(const Claim *claim, Text *text, Error *err)
{
    Status status = STATUS_OK;
    print_header(claim, text);
    for (int f = 0; status == STATUS_OK && f < claim->family_count; f++)
        status = print_family(claim, &claim->family[f], text, err);
    return status == STATUS_OK ? text_status(text, err) : status;
}

// -- for programs

static void csv_column(Text *text, const CompareCell *cell)
{
    csv_number(text, cell->value.mean);
    csv_number(text, cell->worst);
    text_printf(text, ",%s,", cell->worst_member ? cell->worst_member : "");
    if (cell->worst_member) text_printf(text, "%d", cell->worst_seed);
}

static void csv_test(Text *text, const ClaimTest *test)
{
    const Estimate *e = &test->difference;
    char mark = claim_mark(test);
    text_printf(text, ",%d,%d", e->members, e->count);
    csv_number(text, e->mean);
    csv_number(text, e->interval.lo);
    csv_number(text, e->interval.hi);
    csv_number(text, e->p);
    csv_number(text, test->adjusted);
    text_printf(text, ",%.*s", mark != ' ', &mark);
}

// @param member of the family; its pool comes behind them
static void csv_line(const Claim *claim, const ClaimFamily *f, int member, int rival,
                     int metric, Text *text)
{
    const ClaimOptions *options = &claim->options;
    const Metric *of = &metric_table[options->metric[metric]];
    const CompareRow *row = &f->family->row[member];
    CompareCell cell[2];
    const char *column[] = {options->method, f->rival[rival]};
    for (int c = 0; c < 2; c++)
        cell[c] = row->pooled ? *column_at(claim, f, c ? rival + 1 : 0, metric)
                              : compare_cell(claim->comparison, f->family, row, column[c],
                                             options->policy, options->metric[metric]);

    text_printf(text, "%s,%s,%s,%s,%s%s,%s,%s", f->family->name, row->role, row->name,
                policy_name(options->policy), of->name,
                metric_is_return(of) ? "_normalised" : "", column[0], column[1]);
    csv_test(text, row->pooled ? claim_pooled(claim, f, rival, metric)
                               : claim_single(claim, f, rival, member, metric));
    csv_column(text, &cell[0]);
    csv_column(text, &cell[1]);
    text_printf(text, ",%s\n", f->saturated ? "saturated" : "");
}

Status claim_csv(const Claim *claim, Text *text, Error *err)
{
    text_printf(text,
                "family,role,member,policy,metric,method,rival,members,pairs,difference,lo,"
                "hi,p,p_holm,mark,method_mean,method_worst,method_worst_member,"
                "method_worst_seed,rival_mean,rival_worst,rival_worst_member,"
                "rival_worst_seed,saturated\n");
    for (int i = 0; i < claim->family_count; i++) {
        const ClaimFamily *f = &claim->family[i];
        for (int row = 0; row < f->family->row_count; row++)
            for (int r = 0; r < f->rival_count; r++)
                for (int m = 0; m < claim->options.metric_count; m++)
                    csv_line(claim, f, row, r, m, text);
    }
    return text_status(text, err);
}
