#include "plots/aggregates.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "suite/core/log.h"
#include "suite/core/mem.h"

// the rows of panels
static const struct {
    const char *metric, *title;
} rows[] = {{"early10", "first 10 %"}, {"auc", "area"}, {"final", "last 10 %"}};

static const char *const titles[AGGREGATE_COUNT] = {
    [AGGREGATE_IQM] = "interquartile mean",
    [AGGREGATE_MEAN] = "mean",
    [AGGREGATE_MEDIAN] = "median",
    [AGGREGATE_GAP] = "optimality gap",
};

enum { ROWS = sizeof rows / sizeof rows[0] };

/** A row of panels: values and intervals of each column. */
typedef struct Row {
    double value[PALETTE_COLUMNS][AGGREGATE_COUNT];
    Interval interval[PALETTE_COLUMNS][AGGREGATE_COUNT];
} Row;

static Status compute(Row *row, const ScoreTable *table, const Palette *palette,
                      const ScoreQuestion *question, Error *err)
{
    AggregateWork work;
    double *sorted = mem_array((size_t)table->most, sizeof *sorted);
    Status status =
        aggregate_work_init(&work, table->most, AGGREGATE_COUNT, STATS_RESAMPLES, err);
    if (status == STATUS_OK && !sorted) status = error_nomem(err);
    for (int c = 0; status == STATUS_OK && c < table->count; c++) {
        const char *column = palette->style[table->style[c]].column;
        RngStream rng = score_stream(question, "aggregates", column);
        for (int a = 0; a < AGGREGATE_COUNT; a++)
            row->value[c][a] = aggregate_value((Aggregate)a, &table->of[c], sorted);
        aggregate_intervals(&table->of[c], &work, &rng, row->interval[c]);
        for (int a = 0; !table->spread[c] && a < AGGREGATE_COUNT; a++)
            row->interval[c][a] = (Interval){(double)NAN, (double)NAN};
    }
    aggregate_work_release(&work);
    mem_free(sorted);
    return status;
}

static void print_tics(Figure *figure, const Palette *palette, const ScoreTable *table,
                       bool named)
{
    text_printf(&figure->gp, "set yrange [0.4:%d.6]\nset ytics (", table->count);
    for (int c = 0; c < table->count; c++)
        text_printf(&figure->gp, "%s'%s' %d", c ? ", " : "",
                    named ? palette->style[table->style[c]].column : "", table->count - c);
    text_printf(&figure->gp, ")\n");
}

static void add_panel(Figure *figure, const Palette *palette, const ScoreTable *table,
                      const Row *row, int panel)
{
    int a = panel % AGGREGATE_COUNT, r = panel / AGGREGATE_COUNT;
    char name[FIGURE_NAME];
    Span span = {1.0, 0.0};
    (void)snprintf(name, sizeof name, "%s %s", aggregate_name((Aggregate)a), rows[r].metric);
    int index = figure_block(figure, name, "place runs value lo hi");
    for (int c = 0; c < table->count; c++) {
        text_printf(&figure->dat, "%d %d ", table->count - c, table->size[c]);
        figure_number(figure, row->value[c][a], false);
        figure_number(figure, row->interval[c][a].lo, false);
        figure_number(figure, row->interval[c][a].hi, true);
        figure_span(&span, row->value[c][a]);
        figure_span(&span, row->interval[c][a].lo);
        figure_span(&span, row->interval[c][a].hi);
    }
    figure_panel(figure, panel, r ? "" : titles[a]);
    text_printf(&figure->gp, "set ylabel '%s'\n", a ? "" : rows[r].title);
    print_tics(figure, palette, table, a == 0);
    figure_x_axis(figure, span, true);
    for (int c = 0; c < table->count; c++)
        text_printf(
            &figure->gp,
            "%s data index %d every ::%d::%d using 3:1:(valid(4)?$4:$3):(valid(5)?$5:$3) "
            "with xerrorbars ls %d dt 1 lw 2.5 ps 0.9",
            c ? ", \\\n    " : "plot", index, c, c, table->style[c] + 1);
    text_printf(&figure->gp, "\n");
}

static void lay_out(Figure *figure, const Palette *palette, const ScoreTable *table)
{
    size_t longest = 0;
    for (int c = 0; c < table->count; c++) {
        size_t length = strlen(palette->style[table->style[c]].column);
        if (length > longest) longest = length;
    }
    figure_lay_out(
        figure,
        &(Panels){
            .count = ROWS * AGGREGATE_COUNT,
            .across = AGGREGATE_COUNT,
            .width = 150,
            .height = 20 * table->count + 16,
            .left = 12,
            .margin = (int)longest * FIGURE_LETTER + 34,
            .x_label = "normalised return",
            .note =
                "0: random actions, 1: long training from scratch; of the gap less is better; "
                "whisker: 95 % stratified bootstrap interval"});
    text_printf(&figure->gp, "unset grid\nset grid xtics lc rgb '#e4e4e4' lt 1 lw 1\n"
                             "set ytics scale 0\n");
}

static void warn(const ScoreQuestion *question, const Palette *palette, const bool *left_out)
{
    for (int c = 0; c < palette->count; c++)
        if (left_out[c])
            log_warning(
                "'%s' has no scores on some members of %s%s and is not in its aggregates",
                palette->style[c].column, question->family ? "family " : "all families",
                question->family ? question->family->name : "");
}

static Status draw(Gallery *gallery, const ScoreQuestion *question, Error *err)
{
    const Palette *palette = gallery->palette;
    ScoreQuestion of = *question;
    Status status = STATUS_OK;
    Figure figure;
    figure_begin(&figure, "aggregates", question->family ? question->family->name : NULL,
                 "Aggregates of normalised returns");
    for (int r = 0; status == STATUS_OK && r < ROWS; r++) {
        ScoreTable table = {0};
        Row row;
        status = metric_find(&of.metric, rows[r].metric, err);
        if (status == STATUS_OK) status = score_table_init(&table, palette, &of, NULL, err);
        if (status == STATUS_OK && table.count)
            status = compute(&row, &table, palette, &of, err);
        if (status == STATUS_OK && r == 0) lay_out(&figure, palette, &table);
        for (int a = 0; status == STATUS_OK && table.count && a < AGGREGATE_COUNT; a++)
            add_panel(&figure, palette, &table, &row, r * AGGREGATE_COUNT + a);
        score_table_release(&table);
    }
    if (status == STATUS_OK) status = figure_finish(&figure, gallery, err);
    figure_release(&figure);
    return status;
}

Status aggregates_draw(Gallery *gallery, const ScoreQuestion *question, Error *err)
{
    ScoreQuestion first = *question;
    ScoreTable table = {0};
    bool left_out[PALETTE_COLUMNS];
    Status status = metric_find(&first.metric, rows[0].metric, err);
    if (status == STATUS_OK)
        status = score_table_init(&table, gallery->palette, &first, left_out, err);
    int count = table.count;
    score_table_release(&table);
    if (status != STATUS_OK) return status;
    warn(question, gallery->palette, left_out);
    return count ? draw(gallery, question, err) : STATUS_OK;
}
