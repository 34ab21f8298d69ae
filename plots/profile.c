#include "plots/profile.h"

#include <math.h>
#include <stdio.h>

#include "plots/lines.h"

enum { LEVELS = 151, POINTS = 25 };

static const double lowest = -1.0, highest = 2.0; // levels shown at most
static const double round_to = 0.1;               // of the first and the last

// profiles that cross near their ends: from just below the lowest score to the highest
static void spread_levels(double level[LEVELS], const ScoreTable *table)
{
    double lo = highest, hi = lowest;
    for (int i = 0; i < table->runs; i++) {
        lo = fmin(lo, table->x[i]);
        hi = fmax(hi, table->x[i]);
    }
    lo = fmax(lowest, floor(lo / round_to) * round_to);
    hi = fmin(highest, ceil(hi / round_to) * round_to);
    if (lo >= hi) hi = lo + round_to; // all outside, or alike
    for (int i = 0; i < LEVELS; i++)
        level[i] = lo + (hi - lo) * i / (LEVELS - 1);
}

static Status add_columns(Figure *figure, const Palette *palette, const ScoreTable *table,
                          const ScoreQuestion *question, Lines *lines, Error *err)
{
    double level[LEVELS], share[LEVELS];
    Interval band[LEVELS];
    AggregateWork work;
    spread_levels(level, table);
    Levels levels = {level, LEVELS};
    Status status = aggregate_work_init(&work, table->most, LEVELS, STATS_RESAMPLES, err);
    for (int c = 0; status == STATUS_OK && c < table->count; c++) {
        const char *column = palette->style[table->style[c]].column;
        RngStream rng = score_stream(question, "profile", column);
        aggregate_profile(&table->of[c], &levels, share);
        aggregate_profile_bands(&table->of[c], &levels, &work, &rng, band);
        int index = figure_block(figure, column, "level share lo hi");
        lines->span = (Span){level[0], level[LEVELS - 1]};
        for (int i = 0; i < LEVELS; i++) {
            figure_number(figure, level[i], false);
            figure_number(figure, share[i], false);
            figure_number(figure, table->spread[c] ? band[i].lo : (double)NAN, false);
            figure_number(figure, table->spread[c] ? band[i].hi : (double)NAN, true);
        }
        Line line = {.index = index, .style = table->style[c] + 1, .banded = table->spread[c]};
        char style[64];
        lines_add(lines, line);
        lines_style(&line, POINTS, style);
        figure_key(figure, column, style);
    }
    aggregate_work_release(&work);
    return status;
}

static Status draw(Gallery *gallery, const ScoreTable *table, const ScoreQuestion *question,
                   Error *err)
{
    const char *metric = metric_table[question->metric].name;
    char label[FIGURE_NAME];
    Figure figure;
    Lines lines = {0};
    (void)snprintf(label, sizeof label, "normalised return, %s", metric);
    figure_begin(&figure, "profile", NULL, "Share of runs above each normalised return");
    Status status = add_columns(&figure, gallery->palette, table, question, &lines, err);
    figure_lay_out(&figure, &(Panels){.count = 1,
                                      .across = 1,
                                      .width = 380,
                                      .height = 240,
                                      .left = 52,
                                      .margin = 24,
                                      .x_label = label,
                                      .note = "band: 95 % stratified bootstrap interval"});
    figure_panel(&figure, 0, "");
    text_printf(&figure.gp, "set ylabel 'share of runs above it'\nset yrange [0:1]\n");
    figure_x_axis(&figure, lines.span, false);
    lines_plot(&lines, "1", 2, POINTS, &figure);
    if (status == STATUS_OK) status = figure_finish(&figure, gallery, err);
    figure_release(&figure);
    return status;
}

Status profile_draw(Gallery *gallery, const ScoreQuestion *question, Error *err)
{
    ScoreTable table;
    Status status = score_table_init(&table, gallery->palette, question, NULL, err);
    if (status == STATUS_OK && table.count) status = draw(gallery, &table, question, err);
    score_table_release(&table);
    return status;
}
