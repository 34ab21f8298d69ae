#include <stdio.h>
#include <string.h>

#include "results/grid.h"
#include "results/table.h"
#include "suite/core/check.h"
#include "suite/core/mem.h"

/** The tables of a family and metric. */
typedef struct Sheet {
    const Comparison *comparison;
    const CompareFamily *family;
    const TableOptions *options;
    int metric;
    CompareCell *cell;        // (column_count) of a row
    Text values, differences; // the rows so far
    bool any;                 // is there a difference?
} Sheet;

// -- words

static void escape(Text *text, const char *words)
{
    for (; *words; words++) {
        if (strchr("{}$&#_%", *words))
            text_printf(text, "\\%c", *words);
        else if (strchr("\\^~", *words))
            text_printf(text, "\\char`\\%c{}", *words);
        else
            text_printf(text, "%c", *words);
    }
}

// a number's signs are of mathematics
static void print_number(Text *text, const char *number, bool bold)
{
    text_printf(text, bold ? " & \\textbf{" : " & ");
    for (; *number; number++)
        text_printf(text, strchr("+-", *number) ? "$%c$" : "%c", *number);
    text_printf(text, bold ? "}" : "");
}

// -- rows

static const Estimate *shown(const CompareCell *cell, bool difference)
{
    return difference ? &cell->difference : &cell->value;
}

static bool is_shown(const Sheet *sheet, int column, bool difference)
{
    return !difference ||
           strcmp(sheet->family->column[column], sheet->comparison->against) != 0;
}

static void print_counts(Text *text, const Sheet *sheet, bool difference)
{
    char counts[GRID_CELL] = "";
    int fewest = 0, most = 0;
    for (int c = 0; c < sheet->family->column_count; c++) {
        const Estimate *of = shown(&sheet->cell[c], difference);
        if (!of->members) continue;
        if (!fewest || of->fewest < fewest) fewest = of->fewest;
        if (of->most > most) most = of->most;
    }
    cell_counts(counts, fewest, most);
    text_printf(text, " & %s", counts);
}

static void print_cell(Text *text, const Sheet *sheet, const CompareRow *row, int column,
                       bool difference, bool bold)
{
    char cell[GRID_CELL] = "";
    const Estimate *of = shown(&sheet->cell[column], difference);
    if (of->members) {
        cell_estimate(cell, of, difference);
        if (of->members < row->members) cell_text(cell, "*");
    } else {
        cell_text(cell, "n/a");
    }
    print_number(text, cell, bold);
}

static void print_row(Text *text, const Sheet *sheet, const CompareRow *row, bool difference,
                      int best)
{
    if (row->pooled) text_printf(text, "\\midrule\n");
    escape(text, row->name);
    print_counts(text, sheet, difference);
    for (int c = 0; c < sheet->family->column_count; c++)
        if (is_shown(sheet, c, difference))
            print_cell(text, sheet, row, c, difference, c == best);
    text_printf(text, " \\\\\n");
}

static void add_row(Sheet *sheet, const CompareRow *row)
{
    const CompareFamily *family = sheet->family;
    EvalPolicy policy = sheet->options->policy;
    for (int c = 0; c < family->column_count; c++) {
        sheet->cell[c] = compare_cell(sheet->comparison, family, row, family->column[c], policy,
                                      sheet->metric);
        sheet->any = sheet->any || sheet->cell[c].difference.members;
    }
    CompareRace race = {family, row,          family->column, family->column_count,
                        policy, sheet->metric};
    int best = compare_best(sheet->comparison, &race, sheet->cell);
    print_row(&sheet->values, sheet, row, false, best);
    print_row(&sheet->differences, sheet, row, true, -1);
}

// -- tables

static void print_caption(Text *text, const Sheet *sheet, bool difference)
{
    const Metric *metric = &metric_table[sheet->metric];
    text_printf(text, "\\begin{table}\n\\centering\n\\caption{");
    escape(text, sheet->family->name);
    text_printf(text, ", %s", metric->title);
    if (difference) text_printf(text, ", difference to ");
    if (difference) escape(text, sheet->comparison->against);
    text_printf(text, ": ");
    escape(text, metric->help);
    if (metric->seeds == SEEDS_BELOW) text_printf(text, " ");
    if (metric->seeds == SEEDS_BELOW) escape(text, sheet->comparison->against);
    if (sheet->options->normalised && metric_is_return(metric))
        text_printf(text, ", normalised");
    if (metric->lower_is_better) text_printf(text, "; lower is better");
    text_printf(text, " (%s policy).}\n", policy_name(sheet->options->policy));
}

static void print_table(Text *text, const Sheet *sheet, bool difference)
{
    const CompareFamily *family = sheet->family;
    print_caption(text, sheet, difference);
    text_printf(text, "\\begin{tabular}{lr");
    for (int c = 0; c < family->column_count; c++)
        if (is_shown(sheet, c, difference)) text_printf(text, "r");
    text_printf(text, "}\n\\toprule\nmember & %s", difference ? "pairs" : "seeds");
    for (int c = 0; c < family->column_count; c++) {
        if (!is_shown(sheet, c, difference)) continue;
        text_printf(text, " & ");
        escape(text, family->column[c]);
    }
    text_printf(text, " \\\\\n\\midrule\n%s\\bottomrule\n\\end{tabular}\n\\end{table}\n\n",
                difference ? sheet->differences.data : sheet->values.data);
}

static Status print_sheet(Sheet *sheet, Text *text, Error *err)
{
    const CompareFamily *family = sheet->family;
    sheet->values = sheet->differences = TEXT_INIT;
    sheet->cell = mem_array((size_t)family->column_count, sizeof *sheet->cell);
    Status status = sheet->cell ? STATUS_OK : error_nomem(err);
    for (int r = 0; status == STATUS_OK && r < family->row_count; r++)
        add_row(sheet, &family->row[r]);
    if (status == STATUS_OK) status = text_status(&sheet->values, err);
    if (status == STATUS_OK) status = text_status(&sheet->differences, err);
    if (status == STATUS_OK) print_table(text, sheet, false);
    if (status == STATUS_OK && sheet->any) print_table(text, sheet, true);
    text_release(&sheet->values);
    text_release(&sheet->differences);
    mem_free(sheet->cell);
    return status;
}

// -- notes

static void print_heading(const TableOptions *options, Text *text)
{
    text_printf(text, "%% Results of");
    for (int i = 0; i < options->folder_count; i++)
        text_printf(text, "%s '%s'", i ? "," : "", options->folder[i]);
    text_printf(text, "\n%% \\usepackage{booktabs}\n\n");
}

// has any family a column of the method?
static bool has_method(const Comparison *comparison, const char *method)
{
    size_t length = strlen(method);
    for (int f = 0; f < comparison->family_count; f++)
        for (int c = 0; c < comparison->family[f].column_count; c++) {
            const char *column = comparison->family[f].column[c];
            if (strncmp(column, method, length) == 0 && strchr("+", column[length]))
                return true;
        }
    return false;
}

static void print_titles(const Comparison *comparison, const TableOptions *options, Text *text)
{
    for (int i = 0; i < options->title_count; i++) {
        if (!has_method(comparison, options->title[i].method)) continue;
        text_printf(text, "\\item ");
        escape(text, options->title[i].method);
        text_printf(text, ": ");
        escape(text, options->title[i].title);
        text_printf(text, ".\n");
    }
}

static void print_notes(const Comparison *comparison, const TableOptions *options, Text *text)
{
    const Collection *collection = comparison->collection;
    text_printf(
        text,
        "\\begin{itemize}\n"
        "\\item Brackets: 95\\,\\%% percentile bootstrap intervals over seeds, %d "
        "resamples.\n"
        "\\item Bold: the interval of the difference to the next best, paired by member "
        "and seed, is on the better side of 0, with at least %d pairs in each member.\n"
        "\\item ! fewer than %d seeds, whose intervals are too narrow. * some members "
        "are missing.\n",
        comparison->resamples, COMPARE_FEW, COMPARE_FEW);
    print_titles(comparison, options, text);
    text_printf(text, "\\item %d runs, ", collection->done.count);
    text_printf(text, collect_is_mixed(collection) ? "of several MuJoCo versions" : "MuJoCo ");
    if (!collect_is_mixed(collection)) escape(text, collection->done.run[0].mujoco);
    text_printf(text, ".\n");
    for (int i = 0; i < collection->warning_count; i++) {
        text_printf(text, "\\item Warning: ");
        escape(text, collection->warning[i]);
        text_printf(text, ".\n");
    }
    for (int i = 0; i < collection->other.count; i++) {
        char path[RUN_PATH];
        collect_run_path(&collection->other.run[i], path);
        text_printf(text, "\\item Not counted: ");
        escape(text, path);
        text_printf(text, " is %s.\n", run_status_name(collection->other.run[i].status));
    }
    text_printf(text, "\\end{itemize}\n");
}

Status table_latex(const Comparison *comparison, const TableOptions *options, Text *text,
                   Error *err)
{
    Status status = STATUS_OK;
    CHECK(options->metric_count > 0 && comparison->family_count > 0);
    print_heading(options, text);
    for (int f = 0; f < comparison->family_count; f++)
        for (int m = 0; status == STATUS_OK && m < options->metric_count; m++) {
            Sheet sheet = {.comparison = comparison,
                           .family = &comparison->family[f],
                           .options = options,
                           .metric = options->metric[m]};
            status = print_sheet(&sheet, text, err);
        }
    if (status != STATUS_OK) return status;
    print_notes(comparison, options, text);
    return text_status(text, err);
}
