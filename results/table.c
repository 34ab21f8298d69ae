#include "results/table.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "results/csv.h"
#include "results/grid.h"
#include "suite/core/check.h"
#include "suite/core/mem.h"

enum { LEFT_OUT_SHOWN = 10 };
static const char unknown[] = "n/a";

// -- cells

static void append_mark(char *cell, const Estimate *difference)
{
    cell_text(cell, (const char[]){' ', compare_mark(difference), '\0'});
}

static void append_missing(char *cell, const Estimate *estimate, const CompareRow *row)
{
    if (estimate->members < row->members) cell_text(cell, "*");
}

// -- all cells of a family and metric

typedef struct Block {
    const CompareFamily *family;
    const char *against; // the column that cells differ from
    int metric;
    CompareCell *cell; // (rows x columns), borrowed
} Block;

/** Every block of a table: the metrics of a family stand together. */
typedef struct Blocks {
    Block *block; // (family_count x metric_count)
    int count;
    CompareCell *cell; // of all blocks
} Blocks;

static void blocks_release(Blocks *blocks)
{
    mem_free(blocks->block);
    mem_free(blocks->cell);
    *blocks = (Blocks){0};
}

static const CompareCell *block_cell(const Block *block, int row, int column)
{
    return &block->cell[row * block->family->column_count + column];
}

static void fill(const Block *block, const Comparison *comparison, EvalPolicy policy)
{
    const CompareFamily *family = block->family;
    CompareCell *cell = block->cell;
    for (int r = 0; r < family->row_count; r++)
        for (int c = 0; c < family->column_count; c++)
            *cell++ = compare_cell(comparison, family, &family->row[r], family->column[c],
                                   policy, block->metric);
}

static Status blocks_init(Blocks *blocks, const Comparison *comparison, EvalPolicy policy,
                          const int *metric, int metric_count, Error *err)
{
    size_t cells = 0;
    *blocks = (Blocks){.count = comparison->family_count * metric_count};
    for (int f = 0; f < comparison->family_count; f++)
        cells += (size_t)comparison->family[f].row_count *
                 (size_t)comparison->family[f].column_count * (size_t)metric_count;
    blocks->block = mem_array((size_t)blocks->count, sizeof *blocks->block);
    blocks->cell = mem_array(cells, sizeof *blocks->cell);
    if (!blocks->block || !blocks->cell) {
        blocks_release(blocks);
        return error_nomem(err);
    }

    CompareCell *cell = blocks->cell;
    for (int i = 0; i < blocks->count; i++) {
        const CompareFamily *family = &comparison->family[i / metric_count];
        blocks->block[i] = (Block){family, comparison->against, metric[i % metric_count], cell};
        fill(&blocks->block[i], comparison, policy);
        cell += family->row_count * family->column_count;
    }
    return STATUS_OK;
}

// -- tables of a block

typedef void PrintCell(char *text, const CompareCell *cell, const CompareRow *row);

static void print_summary_cell(char *text, const CompareCell *cell, const CompareRow *row)
{
    cell_number(text, cell->value.mean, cell_decimals(&cell->value), false);
    append_missing(text, &cell->value, row);
    if (!cell->difference.members) return;
    cell_text(text, " (");
    cell_estimate(text, &cell->difference, true);
    cell_text(text, ")");
    append_mark(text, &cell->difference);
}

static void print_value(char *text, const CompareCell *cell, const CompareRow *row)
{
    cell_estimate(text, &cell->value, false);
    append_missing(text, &cell->value, row);
}

static void print_difference(char *text, const CompareCell *cell, const CompareRow *row)
{
    cell_estimate(text, &cell->difference, true);
    append_missing(text, &cell->difference, row);
    append_mark(text, &cell->difference);
}

static void print_worst(char *text, const CompareCell *cell, const CompareRow *row)
{
    char seed[GRID_CELL];
    cell_number(text, cell->worst, cell_decimals(&cell->value), false);
    (void)snprintf(seed, sizeof seed, " (%s%sseed %d)", row->pooled ? cell->worst_member : "",
                   row->pooled ? ", " : "", cell->worst_seed);
    cell_text(text, seed);
}

/** A table of a block. */
typedef struct Layout {
    const char *count_title; // of the second column; the seeds or the pairs
    bool difference;         // it shows differences, so what they are to has no column
    PrintCell *print;
} Layout;

static const Layout summary_layout = {"seeds", false, print_summary_cell};
static const Layout value_layout = {"seeds", false, print_value};
static const Layout difference_layout = {"pairs", true, print_difference};
static const Layout worst_layout = {"seeds", false, print_worst};

static const Estimate *shown(const Layout *layout, const CompareCell *cell)
{
    return layout->difference ? &cell->difference : &cell->value;
}

// "10", "8-10!": runs of a member over the row's columns
static void print_counts(char *text, const Block *block, const Layout *layout, int row)
{
    int fewest = 0, most = 0;
    for (int c = 0; c < block->family->column_count; c++) {
        const Estimate *estimate = shown(layout, block_cell(block, row, c));
        if (!estimate->members) continue;
        if (!fewest || estimate->fewest < fewest) fewest = estimate->fewest;
        if (estimate->most > most) most = estimate->most;
    }
    cell_counts(text, fewest, most);
}

// has a layout this column of the family?
static bool is_shown(const Block *block, const Layout *layout, int column)
{
    return !layout->difference || strcmp(block->family->column[column], block->against) != 0;
}

static void fill_row(const Grid *grid, const Block *block, const Layout *layout, int row)
{
    int at = 2;
    cell_text(grid_at(grid, row + 1, 0), block->family->row[row].name);
    print_counts(grid_at(grid, row + 1, 1), block, layout, row);
    for (int c = 0; c < block->family->column_count; c++) {
        if (!is_shown(block, layout, c)) continue;
        const CompareCell *cell = block_cell(block, row, c);
        char *text = grid_at(grid, row + 1, at++);
        if (shown(layout, cell)->members)
            layout->print(text, cell, &block->family->row[row]);
        else
            cell_text(text, unknown);
    }
}

static Status print_block(const Block *block, const Layout *layout, Text *text, Error *err)
{
    const CompareFamily *family = block->family;
    int columns = 2, at = 2;
    for (int c = 0; c < family->column_count; c++)
        columns += is_shown(block, layout, c);
    Grid grid;
    Status status = grid_init(&grid, family->row_count + 1, columns, err);
    if (status != STATUS_OK) return status;

    cell_text(grid_at(&grid, 0, 0), "member");
    cell_text(grid_at(&grid, 0, 1), layout->count_title);
    for (int c = 0; c < family->column_count; c++)
        if (is_shown(block, layout, c)) cell_text(grid_at(&grid, 0, at++), family->column[c]);
    for (int r = 0; r < family->row_count; r++)
        fill_row(&grid, block, layout, r);
    grid_print(&grid, text);
    grid_release(&grid);
    return STATUS_OK;
}

static bool has_differences(const Block *block)
{
    for (int i = 0; i < block->family->row_count * block->family->column_count; i++)
        if (block->cell[i].difference.members) return true;
    return false;
}

// -- legend and notes

const char *table_title(const TableTitle *title, int count, const char *column)
{
    size_t length = strcspn(column, "+");
    for (int i = 0; i < count; i++)
        if (strlen(title[i].method) == length && strncmp(title[i].method, column, length) == 0)
            return title[i].title;
    return NULL;
}

static void print_legend(const Comparison *comparison, const TableOptions *options, Text *text)
{
    for (int f = 0; f < comparison->family_count; f++) {
        const CompareFamily *family = &comparison->family[f];
        for (int c = 0; c < family->column_count; c++) {
            const char *column = family->column[c], *label = strchr(column, '+');
            const char *title = table_title(options->title, options->title_count, column);
            if (!title || !compare_is_first(comparison, f, column)) continue;
            text_printf(text, "- `%s`: %s%s%s\n", column, title, label ? ", variant " : "",
                        label ? label + 1 : "");
        }
    }
}

static void print_left_out(const RunList *list, Text *text)
{
    if (!list->count) return;
    text_printf(text, "- Not counted, because they are not done:");
    for (int i = 0; i < list->count && i < LEFT_OUT_SHOWN; i++) {
        char path[RUN_PATH];
        collect_run_path(&list->run[i], path);
        text_printf(text, "%s %s (%s)", i ? "," : "", path,
                    run_status_name(list->run[i].status));
    }
    if (list->count > LEFT_OUT_SHOWN)
        text_printf(text, " and %d more", list->count - LEFT_OUT_SHOWN);
    text_printf(text, ".\n");
}

static bool has_lower(const TableOptions *options)
{
    for (int m = 0; m < options->metric_count; m++)
        if (metric_table[options->metric[m]].lower_is_better) return true;
    return false;
}

static bool has_normalised(const TableOptions *options)
{
    for (int m = 0; m < options->metric_count; m++)
        if (metric_table[options->metric[m]].unit == METRIC_NORMALISED) return true;
    return false;
}

static void print_notes(const Comparison *comparison, const TableOptions *options, Text *text)
{
    const RunList *done = &comparison->collection->done;
    print_legend(comparison, options, text);
    text_printf(
        text,
        "- Brackets: 95 %% percentile bootstrap intervals of the mean over seeds, %d "
        "resamples.\n"
        "- Differences are method minus %s, paired by member and seed. Marks: + "
        "better, the interval is above 0; - worse, it is below; = neither.\n"
        "- Rows \"all ...\": mean of the members' means; seeds are resampled within each "
        "member. * some members are missing.\n"
        "- ! fewer than %d seeds: so few that such an interval covers the mean less than 91 "
        "times in 100.\n",
        comparison->resamples, comparison->against, COMPARE_FEW);
    if (has_lower(options))
        text_printf(text, "- Where lower is better, + is an interval below 0 and - one above; "
                          "the worst seed is the highest.\n");
    if (options->normalised || has_normalised(options))
        text_printf(text,
                    "- Normalised: (return - random) / (long - random), so that 0 is what "
                    "random actions return in the member and 1 what long training from "
                    "scratch reaches.\n");
    text_printf(text, "- %d runs, ", done->count);
    if (collect_is_mixed(comparison->collection))
        text_printf(text, "of several MuJoCo versions.\n");
    else
        text_printf(text, "MuJoCo %s.\n", done->run[0].mujoco);
    print_left_out(&comparison->collection->other, text);
}

// -- whole texts

static bool is_normalised(const Metric *metric, const TableOptions *options)
{
    return options->normalised && metric_is_return(metric);
}

// what a metric is of the runs, and which way is better if that is not up
static void print_meaning(const Metric *metric, const Comparison *comparison,
                          const TableOptions *options, Text *text)
{
    text_printf(text, "%s", metric->help);
    if (metric->seeds == SEEDS_BELOW) text_printf(text, " %s", comparison->against);
    if (is_normalised(metric, options)) text_printf(text, ", normalised");
    if (metric->lower_is_better) text_printf(text, "; lower is better");
}

// the blocks of a family stand together, in the order of the metrics
static Status print_headline(const Comparison *comparison, const Blocks *blocks, int index,
                             const TableOptions *options, Text *text, Error *err)
{
    const Metric *metric = &metric_table[blocks->block[index].metric];
    Status status = STATUS_OK;

    text_printf(text, "## %s: ", metric->title);
    print_meaning(metric, comparison, options, text);
    text_printf(text, " (%s policy)\n\n", policy_name(options->policy));
    for (int f = 0; status == STATUS_OK && f < comparison->family_count; f++) {
        text_printf(text, "### %s\n\n", comparison->family[f].name);
        int at = f * (blocks->count / comparison->family_count) + index;
        status = print_block(&blocks->block[at], &summary_layout, text, err);
    }
    return status;
}

static Status print_details(const Block *block, const Comparison *comparison,
                            const TableOptions *options, Text *text, Error *err)
{
    const Metric *metric = &metric_table[block->metric];
    text_printf(text, "### %s, %s: ", block->family->name, metric->name);
    print_meaning(metric, comparison, options, text);
    text_printf(text, "\n\n");
    Status status = print_block(block, &value_layout, text, err);
    if (status == STATUS_OK && has_differences(block)) {
        text_printf(text, "Difference to %s:\n\n", block->against);
        status = print_block(block, &difference_layout, text, err);
    }
    if (status != STATUS_OK || metric->seeds != SEEDS_MEAN) return status;
    text_printf(text, "Worst seed:\n\n");
    return print_block(block, &worst_layout, text, err);
}

static Status print_people(const Comparison *comparison, const TableOptions *options,
                           bool details, Text *text, Error *err)
{
    CHECK(options->metric_count > 0);
    if (!comparison->family_count) {
        text_printf(text, "No finished runs.\n");
        print_left_out(&comparison->collection->other, text);
        return text_status(text, err);
    }

    Blocks blocks;
    Status status = blocks_init(&blocks, comparison, options->policy, options->metric,
                                options->metric_count, err);
    for (int m = 0; status == STATUS_OK && m < (details ? 1 : options->metric_count); m++)
        status = print_headline(comparison, &blocks, m, options, text, err);
    if (details) text_printf(text, "## Details (%s policy)\n\n", policy_name(options->policy));
    for (int i = 0; details && status == STATUS_OK && i < blocks.count; i++)
        status = print_details(&blocks.block[i], comparison, options, text, err);
    blocks_release(&blocks);
    if (status != STATUS_OK) return status;

    if (details) text_printf(text, "## Notes\n\n");
    print_notes(comparison, options, text);
    return text_status(text, err);
}

Status table_summary(const Comparison *comparison, const TableOptions *options, Text *text,
                     Error *err)
{
    return print_people(comparison, options, false, text, err);
}

Status table_markdown(const Comparison *comparison, const TableOptions *options, Text *text,
                      Error *err)
{
    return print_people(comparison, options, true, text, err);
}

// -- CSV

static void csv_estimate(Text *text, const Estimate *estimate)
{
    text_printf(text, ",%d,%d", estimate->members, estimate->count);
    csv_number(text, estimate->mean);
    csv_number(text, estimate->interval.lo);
    csv_number(text, estimate->interval.hi);
}

static void csv_line(Text *text, const CompareCell *cell, const char *against)
{
    char mark = compare_mark(&cell->difference);
    csv_estimate(text, &cell->value);
    csv_number(text, cell->worst);
    text_printf(text, ",%s,", cell->worst_member ? cell->worst_member : "");
    if (cell->worst_member) text_printf(text, "%d", cell->worst_seed);
    csv_estimate(text, &cell->difference);
    text_printf(text, ",%.*s,%s\n", mark != ' ', &mark, against);
}

static void csv_row(const Comparison *comparison, const CompareFamily *family,
                    const CompareRow *row, const TableOptions *options, Text *text)
{
    for (int c = 0; c < family->column_count; c++)
        for (int p = 0; p < POLICY_COUNT; p++)
            for (int m = 0; m < options->metric_count; m++) {
                const char *column = family->column[c];
                int metric = options->metric[m];
                CompareCell cell =
                    compare_cell(comparison, family, row, column, (EvalPolicy)p, metric);
                text_printf(text, "%s,%s,%s,%s,%s,%s%s", family->name, row->role, row->name,
                            column, policy_name((EvalPolicy)p), metric_table[metric].name,
                            is_normalised(&metric_table[metric], options) ? "_normalised" : "");
                csv_line(text, &cell, comparison->against);
            }
}

Status table_csv(const Comparison *comparison, const TableOptions *options, Text *text,
                 Error *err)
{
    text_printf(text, "family,role,member,column,policy,metric,members,seeds,mean,lo,hi,"
                      "worst,worst_member,worst_seed,difference_members,pairs,difference,"
                      "difference_lo,difference_hi,mark,against\n");
    for (int f = 0; f < comparison->family_count; f++) {
        const CompareFamily *family = &comparison->family[f];
        for (int r = 0; r < family->row_count; r++)
            csv_row(comparison, family, &family->row[r], options, text);
    }
    return text_status(text, err);
}
