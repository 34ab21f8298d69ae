#include "results/overview.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "results/grid.h"
#include "suite/core/check.h"
#include "suite/core/hash.h"
#include "suite/core/mem.h"

enum { CLAIM_METRICS = 3 };
// the claims, and what each is judged by
static const struct {
    const char *title;
    const char *metric[CLAIM_METRICS];
} claims[] = {
    {"Early learning efficiency", {"early10", "jumpstart", "threshold"}},
    {"Stability", {"spread", "drop", "collapse"}},
    {"Overall performance", {"auc", "final"}},
};
enum { CLAIMS = sizeof claims / sizeof claims[0] };

// -- columns

/** The columns of all families, sorted, each once. */
typedef struct Columns {
    const char **name; // (count), owned
    int count;
} Columns;

static void insert(Columns *columns, const char *name)
{
    int place = columns->count;
    while (place > 0 && collect_column_order(name, columns->name[place - 1]) < 0)
        place--;
    if (place > 0 && strcmp(columns->name[place - 1], name) == 0) return;
    memmove(columns->name + place + 1, columns->name + place,
            (size_t)(columns->count - place) * sizeof *columns->name);
    columns->name[place] = name;
    columns->count++;
}

typedef enum Wanted { PLAIN, VARIANTS, BOTH } Wanted;

static Status list_columns(Columns *columns, const Comparison *comparison, Wanted wanted,
                           Error *err)
{
    int most = 0;
    for (int f = 0; f < comparison->family_count; f++)
        most += comparison->family[f].column_count;
    *columns = (Columns){.name = mem_array((size_t)most, sizeof *columns->name)};
    if (!columns->name) return error_nomem(err);
    for (int f = 0; f < comparison->family_count; f++)
        for (int c = 0; c < comparison->family[f].column_count; c++) {
            const char *name = comparison->family[f].column[c];
            if (wanted == BOTH || collect_is_variant(name) == (wanted == VARIANTS))
                insert(columns, name);
        }
    return STATUS_OK;
}

static void print_hashes(Text *text, int count)
{
    text_printf(text, "%.*s ", count, "######");
}

// -- rows

/** A line of a table: a family's pool, or everything. */
typedef struct Line {
    CompareFamily family; // of everything its name only
    CompareRow row;
} Line;

static int line_count(const Comparison *comparison)
{
    return comparison->family_count + (comparison->family_count > 1);
}

static Line line_at(const Comparison *comparison, int index)
{
    if (index == comparison->family_count) {
        CompareRow all = compare_everything(comparison);
        return (Line){{.name = all.name}, all};
    }
    const CompareFamily *family = &comparison->family[index];
    return (Line){*family, family->row[family->row_count - 1]};
}

// -- scores

/** A metric of all columns. */
typedef struct Table {
    const Comparison *comparison;
    const OverviewOptions *options;
    const Columns *columns;
    int metric;
    CompareCell *cell;   // (columns) of a line; `value` only
    AggregateWork *work; // for as many scores as there are runs
    double *sorted;      // (runs)
} Table;

// the streams do not depend on the policy, as those of other tables do not
static RngStream stream_of(const Line *line, const char *column, int metric)
{
    const char *name[] = {"overview", line->family.name, line->row.role, column,
                          metric_table[metric].name};
    uint64_t index = 0;
    for (size_t i = 0; i < sizeof name / sizeof name[0]; i++)
        index = hash_string(name[i], index);
    return stats_bootstrap_stream(index);
}

static Estimate iqm_of(const Table *table, const Line *line, const char *column)
{
    Scores scores = compare_scores(table->comparison, &line->row, column,
                                   table->options->policy, table->metric);
    Estimate e = {.members = scores.members,
                  .mean = (double)NAN,
                  .interval = {(double)NAN, (double)NAN},
                  .p = (double)NAN,
                  .lower_is_better = metric_table[table->metric].lower_is_better};
    if (!scores.members) return e;
    e.fewest = scores.runs[0];
    for (int m = 0; m < scores.members; m++) {
        e.count += scores.runs[m];
        if (scores.runs[m] < e.fewest) e.fewest = scores.runs[m];
        if (scores.runs[m] > e.most) e.most = scores.runs[m];
    }
    e.mean = aggregate_value(AGGREGATE_IQM, &scores, table->sorted);
    if (e.fewest < 2) return e;
    Interval interval[AGGREGATE_COUNT];
    RngStream rng = stream_of(line, column, table->metric);
    aggregate_intervals(&scores, table->work, &rng, interval);
    e.interval = interval[AGGREGATE_IQM];
    return e;
}

// the mean of the members' spreads; over all families that of the families' members
static Estimate spread_of(const Table *table, const Line *line, const char *column)
{
    return compare_cell(table->comparison, &line->family, &line->row, column,
                        table->options->policy, table->metric)
        .value;
}

static void print_cell(char *cell, const Estimate *of, const CompareRow *row, bool bold)
{
    if (!isfinite(of->mean)) {
        cell_text(cell, "n/a");
        return;
    }
    if (bold) cell_text(cell, "**");
    cell_estimate(cell, of, false);
    if (bold) cell_text(cell, "**");
    if (of->members < row->members) cell_text(cell, "\\*");
}

static void fill_line(const Table *table, const Grid *grid, int index)
{
    Line line = line_at(table->comparison, index);
    bool mean = metric_table[table->metric].seeds == SEEDS_MEAN;
    int fewest = 0, most = 0;
    for (int c = 0; c < table->columns->count; c++) {
        const char *column = table->columns->name[c];
        Estimate *of = &table->cell[c].value;
        *of = mean ? iqm_of(table, &line, column) : spread_of(table, &line, column);
        if (!of->members) continue;
        if (!fewest || of->fewest < fewest) fewest = of->fewest;
        if (of->most > most) most = of->most;
    }
    CompareRace race = {&line.family,           &line.row,
                        table->columns->name,   table->columns->count,
                        table->options->policy, table->metric};
    int best = compare_best(table->comparison, &race, table->cell);
    cell_text(grid_at(grid, index + 1, 0), line.family.name);
    cell_counts(grid_at(grid, index + 1, 1), fewest, most);
    for (int c = 0; c < table->columns->count; c++)
        print_cell(grid_at(grid, index + 1, c + 2), &table->cell[c].value, &line.row,
                   c == best);
}

static Status print_metric(const Table *table, Text *text, Error *err)
{
    const Metric *metric = &metric_table[table->metric];
    Grid grid;
    int lines = line_count(table->comparison);
    Status status = grid_init(&grid, lines + 1, table->columns->count + 2, err);
    if (status != STATUS_OK) return status;
    cell_text(grid_at(&grid, 0, 0), "family");
    cell_text(grid_at(&grid, 0, 1), "seeds");
    for (int c = 0; c < table->columns->count; c++)
        cell_text(grid_at(&grid, 0, c + 2), table->columns->name[c]);
    for (int i = 0; i < lines; i++)
        fill_line(table, &grid, i);
    text_printf(text, "%s (`%s`): %s%s; %s.\n\n", metric->title, metric->name, metric->help,
                metric_is_return(metric) ? ", normalised" : "",
                metric->lower_is_better ? "lower is better" : "higher is better");
    grid_print(&grid, text);
    grid_release(&grid);
    return STATUS_OK;
}

static Status print_claim(Table *table, int claim, Text *text, Error *err)
{
    Status status = STATUS_OK;
    print_hashes(text, table->options->level);
    text_printf(text, "%s\n\n", claims[claim].title);
    for (int m = 0; status == STATUS_OK && m < CLAIM_METRICS && claims[claim].metric[m]; m++) {
        status = metric_find(&table->metric, claims[claim].metric[m], err);
        if (status == STATUS_OK) status = print_metric(table, text, err);
    }
    return status;
}

static void print_notes(const Comparison *comparison, Text *text)
{
    text_printf(
        text,
        "Normalised: 0 is what random actions return in a member, 1 what long training from "
        "scratch reaches. Numbers are interquartile means of the scores of all members and "
        "seeds, of the spread the mean of the members' spreads; brackets are 95 %% "
        "stratified bootstrap intervals, %d resamples. Bold: ahead of the next best, by the "
        "interval of the mean difference of pairs of the same member and seed, with at least "
        "%d pairs in each member. ! fewer than %d seeds. \\* some members are missing; n/a: "
        "nothing is known.\n\n",
        comparison->resamples, COMPARE_FEW, COMPARE_FEW);
}

Status overview_claims(const Comparison *comparison, const OverviewOptions *options, Text *text,
                       Error *err)
{
    AggregateWork work = {0};
    Columns columns;
    Table table = {.comparison = comparison, .options = options, .columns = &columns};
    Status status = list_columns(&columns, comparison, options->variants ? BOTH : PLAIN, err);
    if (status == STATUS_OK)
        status = aggregate_work_init(&work, comparison->collection->done.count, AGGREGATE_COUNT,
                                     comparison->resamples, err);
    table.work = &work;
    table.cell = mem_array((size_t)columns.count, sizeof *table.cell);
    table.sorted = mem_array((size_t)comparison->collection->done.count, sizeof *table.sorted);
    if (status == STATUS_OK && (!table.cell || !table.sorted)) status = error_nomem(err);
    for (int i = 0; status == STATUS_OK && i < CLAIMS; i++)
        status = print_claim(&table, i, text, err);
    if (status == STATUS_OK) print_notes(comparison, text);
    mem_free(table.cell);
    mem_free(table.sorted);
    aggregate_work_release(&work);
    mem_free(columns.name);
    return status == STATUS_OK ? text_status(text, err) : status;
}

// -- costs

// "300k", "1.2M", "150"
static void print_count(char *cell, int64_t count)
{
    char text[32];
    if (count >= 1000000 && count % 100000 == 0)
        (void)snprintf(text, sizeof text, "%gM", (double)count / 1e6);
    else if (count >= 1000 && count % 100 == 0)
        (void)snprintf(text, sizeof text, "%gk", (double)count / 1e3);
    else
        (void)snprintf(text, sizeof text, "%" PRId64, count);
    cell_text(cell, text);
}

static void print_range(char *cell, Range range)
{
    print_count(cell, range.lo);
    if (range.hi == range.lo) return;
    cell_text(cell, " to ");
    print_count(cell, range.hi);
}

static void print_kib(char *cell, Range range)
{
    char text[64];
    double lo = (double)range.lo / 1024.0, hi = (double)range.hi / 1024.0;
    if (range.hi == range.lo)
        (void)snprintf(text, sizeof text, "%.1f", lo);
    else
        (void)snprintf(text, sizeof text, "%.1f to %.1f", lo, hi);
    cell_text(cell, text);
}

static void print_steps(char *cell, const ColumnFacts *facts)
{
    print_range(cell, facts->source_steps);
    if (!facts->gathered.hi) return;
    cell_text(cell, " + ");
    print_range(cell, facts->gathered);
}

static Status print_costs(const Facts *facts, const Columns *columns, bool steps, Text *text,
                          Error *err)
{
    const Comparison *comparison = facts->comparison;
    Grid grid;
    Status status = grid_init(&grid, comparison->family_count + 1, columns->count + 1, err);
    if (status != STATUS_OK) return status;
    cell_text(grid_at(&grid, 0, 0), "family");
    for (int c = 0; c < columns->count; c++)
        cell_text(grid_at(&grid, 0, c + 1), columns->name[c]);
    for (int f = 0; f < comparison->family_count; f++) {
        cell_text(grid_at(&grid, f + 1, 0), comparison->family[f].name);
        for (int c = 0; c < columns->count; c++) {
            const ColumnFacts *of = facts_of(facts, f, columns->name[c]);
            char *cell = grid_at(&grid, f + 1, c + 1);
            if (!of)
                cell_text(cell, "n/a");
            else if (steps)
                print_steps(cell, of);
            else
                print_kib(cell, of->knowledge);
        }
    }
    grid_print(&grid, text);
    grid_release(&grid);
    return STATUS_OK;
}

Status overview_costs(const Facts *facts, const OverviewOptions *options, Text *text,
                      Error *err)
{
    Columns columns;
    Status status =
        list_columns(&columns, facts->comparison, options->variants ? BOTH : PLAIN, err);
    print_hashes(text, options->level);
    text_printf(text, "What was carried over\n\nKnowledge, KiB a run:\n\n");
    if (status == STATUS_OK) status = print_costs(facts, &columns, false, text, err);
    text_printf(text,
                "Steps in the sources that a run took something of: of their training, + of "
                "their solved policies to build the knowledge. All runs with the same sources "
                "share them.\n\n");
    if (status == STATUS_OK) status = print_costs(facts, &columns, true, text, err);
    mem_free(columns.name);
    return status == STATUS_OK ? text_status(text, err) : status;
}

// -- variants

/** A table of variants, a line each. */
typedef struct VariantTable {
    const char *heading; // of the first column
    const char *method; // minus the variants of other methods; NULL: each variant minus its own
    EvalPolicy policy;
    int metric;
} VariantTable;

static bool is_variant_of(const char *column, const char *method)
{
    size_t length = strcspn(column, "+");
    return column[length] && strncmp(column, method, length) == 0 && !method[length];
}

static void fill_variant(const Comparison *comparison, const Grid *grid, int line,
                         const ComparePair *pair)
{
    int fewest = 0, most = 0;
    for (int f = 0; f < comparison->family_count; f++) {
        const CompareFamily *family = &comparison->family[f];
        char *cell = grid_at(grid, line, f + 2);
        Estimate e =
            compare_pair(comparison, family, &family->row[family->row_count - 1], pair);
        if (!e.members) {
            cell_text(cell, "n/a");
            continue;
        }
        if (!fewest || e.fewest < fewest) fewest = e.fewest;
        if (e.most > most) most = e.most;
        cell_estimate(cell, &e, true);
        cell_text(cell, (const char[]){' ', compare_mark(&e), '\0'});
    }
    cell_counts(grid_at(grid, line, 1), fewest, most);
}

static int fill_variants(const Comparison *comparison, const Columns *columns,
                         const VariantTable *table, const Grid *grid)
{
    int line = 0;
    for (int c = 0; c < columns->count; c++) {
        const char *name = columns->name[c];
        char method[COLUMN_NAME];
        if (table->method && is_variant_of(name, table->method)) continue;
        (void)snprintf(method, sizeof method, "%.*s", (int)strcspn(name, "+"), name);
        ComparePair pair = {name, method, table->policy, table->metric};
        if (table->method) {
            pair.column = table->method;
            pair.against = name;
        }
        fill_variant(comparison, grid, ++line, &pair);
        cell_text(grid_at(grid, line, 0), name);
    }
    return line;
}

static Status print_variants(const Comparison *comparison, const Columns *columns,
                             const VariantTable *table, Text *text, Error *err)
{
    Grid grid;
    Status status = grid_init(&grid, columns->count + 1, comparison->family_count + 2, err);
    if (status != STATUS_OK) return status;
    cell_text(grid_at(&grid, 0, 0), table->heading);
    cell_text(grid_at(&grid, 0, 1), "pairs");
    for (int f = 0; f < comparison->family_count; f++)
        cell_text(grid_at(&grid, 0, f + 2), comparison->family[f].name);
    grid.rows = 1 + fill_variants(comparison, columns, table, &grid);
    if (grid.rows > 1) {
        text_printf(text, "%s (`%s`), normalised:\n\n", metric_table[table->metric].title,
                    metric_table[table->metric].name);
        grid_print(&grid, text);
    }
    grid_release(&grid);
    return STATUS_OK;
}

Status overview_variants(const Comparison *comparison, const OverviewOptions *options,
                         Text *text, Error *err)
{
    static const char *const metrics[] = {"early10", "auc"};
    char heading[COLUMN_NAME + 16];
    VariantTable own = {.heading = "variant", .policy = options->policy}, rivals = own;
    Columns columns;
    Status status = list_columns(&columns, comparison, VARIANTS, err);
    if (status == STATUS_OK && columns.count) {
        print_hashes(text, options->level);
        text_printf(text, "Variants\n\nEach variant minus its method, ");
        if (options->method)
            text_printf(text, "and `%s` minus the variants of others, ", options->method);
        text_printf(text,
                    "pairs of the same member and seed, on the members that both were run "
                    "on; + the interval is above 0, - below, = neither. These are many "
                    "intervals of 95 %%, not adjusted for how many they are.\n\n");
    }
    (void)snprintf(heading, sizeof heading, "%s minus", options->method ? options->method : "");
    rivals.heading = heading;
    rivals.method = options->method;
    for (size_t m = 0; status == STATUS_OK && columns.count && m < 2; m++) {
        status = metric_find(&own.metric, metrics[m], err);
        rivals.metric = own.metric;
        if (status == STATUS_OK) status = print_variants(comparison, &columns, &own, text, err);
        if (status == STATUS_OK && options->method)
            status = print_variants(comparison, &columns, &rivals, text, err);
    }
    mem_free(columns.name);
    return status == STATUS_OK ? text_status(text, err) : status;
}
