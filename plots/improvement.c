#include "plots/improvement.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

// pixels
enum { CELL_WIDTH = 96, CELL_HEIGHT = 46 };

/** Row r against column c, both in the table's order. */
typedef struct Cell {
    double p;
    Interval interval;
} Cell;

static void print_cell(Figure *figure, int r, int c, Cell cell)
{
    text_printf(&figure->dat, "%d %d ", r, c);
    figure_number(figure, cell.p, false);
    figure_number(figure, cell.interval.lo, false);
    figure_number(figure, cell.interval.hi, true);
}

static Status add_cells(Figure *figure, const Palette *palette, const ScoreTable *table,
                        const ScoreQuestion *question, Error *err)
{
    AggregateWork work;
    Status status = aggregate_work_init(&work, 2 * table->most, 1, STATS_RESAMPLES, err);
    for (int r = 0; status == STATUS_OK && r < table->count; r++)
        for (int c = r + 1; c < table->count; c++) {
            char pair[2 * COLUMN_NAME];
            (void)snprintf(pair, sizeof pair, "%s %s", palette->style[table->style[r]].column,
                           palette->style[table->style[c]].column);
            RngStream rng = score_stream(question, "improvement", pair);
            Cell cell = {.p = aggregate_improvement(&table->of[r], &table->of[c])};
            cell.interval =
                aggregate_improvement_interval(&table->of[r], &table->of[c], &work, &rng);
            if (!table->spread[r] || !table->spread[c])
                cell.interval = (Interval){(double)NAN, (double)NAN};
            print_cell(figure, r, c, cell);
            print_cell(figure, c, r,
                       (Cell){1.0 - cell.p, {1.0 - cell.interval.hi, 1.0 - cell.interval.lo}});
        }
    aggregate_work_release(&work);
    return status;
}

static int longest_name(const Palette *palette, const ScoreTable *table)
{
    size_t longest = 0;
    for (int c = 0; c < table->count; c++) {
        size_t length = strlen(palette->style[table->style[c]].column);
        if (length > longest) longest = length;
    }
    return (int)longest;
}

static void print_tics(Figure *figure, const char *axis, const Palette *palette,
                       const ScoreTable *table)
{
    text_printf(&figure->gp, "set %stics scale 0 (", axis);
    for (int c = 0; c < table->count; c++)
        text_printf(&figure->gp, "%s'%s' %d", c ? ", " : "",
                    palette->style[table->style[c]].column, c);
    text_printf(&figure->gp, ")\n");
}

static void print_matrix(Figure *figure, const Palette *palette, const ScoreTable *table)
{
    figure_panel(figure, 0, "");
    text_printf(&figure->gp,
                "unset grid\nunset border\nset xrange [-0.5:%d.5]\nset yrange [%d.5:-0.5]\n"
                "set cbrange [0:1]\nunset colorbox\n"
                "set palette defined (0 '#f0a884', 0.5 '#ffffff', 1 '#86b8dc')\n",
                table->count - 1, table->count - 1);
    print_tics(figure, "x", palette, table);
    print_tics(figure, "y", palette, table);
    text_printf(
        &figure->gp,
        "set ylabel 'this column'\n"
        "plot data index 0 using 2:1:($2-0.48):($2+0.48):($1-0.46):($1+0.46):3 "
        "with boxxyerror fs solid 1 noborder lc palette, \\\n"
        "    data index 0 using 2:($1-0.14):(sprintf('%%.2f', $3)) with labels, \\\n"
        "    data index 0 using 2:($1+0.2):(valid(4)?sprintf('[%%.2f, %%.2f]', $4, $5):'') "
        "with labels font SMALL\n");
}

static Status draw(Gallery *gallery, const ScoreTable *table, const ScoreQuestion *question,
                   Error *err)
{
    const Palette *palette = gallery->palette;
    char label[FIGURE_NAME];
    Figure figure;
    int name_width = longest_name(palette, table) * FIGURE_LETTER + 12;
    (void)snprintf(label, sizeof label, "is higher than this one, in %s",
                   metric_table[question->metric].name);
    figure_begin(&figure, "improvement", NULL, "Probability of improvement");
    figure_lay_out(
        &figure,
        &(Panels){.count = 1,
                  .across = 1,
                  .width = table->count * (name_width > CELL_WIDTH ? name_width : CELL_WIDTH),
                  .height = CELL_HEIGHT * table->count,
                  .left = name_width,
                  .margin = 24,
                  .x_label = label,
                  .note = "in brackets: 95 % stratified bootstrap interval"});
    (void)figure_block(&figure, "all pairs", "row column probability lo hi");
    Status status = add_cells(&figure, palette, table, question, err);
    print_matrix(&figure, palette, table);
    if (status == STATUS_OK) status = figure_finish(&figure, gallery, err);
    figure_release(&figure);
    return status;
}

Status improvement_draw(Gallery *gallery, const ScoreQuestion *question, Error *err)
{
    ScoreTable table;
    Status status = score_table_init(&table, gallery->palette, question, NULL, err);
    if (status == STATUS_OK && table.count > 1) status = draw(gallery, &table, question, err);
    score_table_release(&table);
    return status;
}
