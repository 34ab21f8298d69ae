#include "plots/jumpstart.h"

#include <string.h>

/** What is drawn. */
typedef struct Drawing {
    const Comparison *comparison;
    const CompareFamily *family;
    const Palette *palette;
    EvalPolicy policy;
    int metric;
} Drawing;

// columns that have a bar: all but the one that they are compared with
static bool has_bar(const Drawing *drawing, int column)
{
    return strcmp(drawing->family->column[column], drawing->comparison->against) != 0;
}

// bars lie on their names, the first at the top
static void print_tics(Figure *figure, const Drawing *drawing, int bars, bool named)
{
    text_printf(&figure->gp, "set yrange [0.4:%d.6]\nset ytics (", bars);
    for (int c = 0, bar = 0; c < drawing->family->column_count; c++) {
        if (!has_bar(drawing, c)) continue;
        text_printf(&figure->gp, "%s'%s' %d", bar ? ", " : "",
                    named ? drawing->family->column[c] : "", bars - bar);
        bar++;
    }
    text_printf(&figure->gp, ")\n");
}

/** The bars of a panel, as many as have something to show. */
typedef struct Bars {
    int style[PALETTE_COLUMNS]; // (count) line styles
    int count;
    Span span;
} Bars;

static void add_row(Figure *figure, const Drawing *drawing, const CompareRow *row,
                    const char *column, int place, Bars *bars)
{
    CompareCell cell = compare_cell(drawing->comparison, drawing->family, row, column,
                                    drawing->policy, drawing->metric);
    const Estimate *difference = &cell.difference;
    if (!difference->count) return;
    const double number[] = {difference->mean, difference->interval.lo,
                             difference->interval.hi};
    text_printf(&figure->dat, "%d %d ", place, difference->count);
    for (int i = 0; i < 3; i++) {
        figure_number(figure, number[i], i == 2);
        figure_span(&bars->span, number[i]);
    }
    bars->style[bars->count++] = palette_find(drawing->palette, column) + 1;
}

static void plot_bars(Figure *figure, const Bars *bars, int index)
{
    text_printf(&figure->gp, "plot 0 notitle"); // also where nothing is known
    for (int b = 0; b < bars->count; b++)
        text_printf(&figure->gp,
                    ", \\\n    data index %d every ::%d::%d using 3:1:(0):3:($1-0.32):"
                    "($1+0.32) with boxxyerror ls %d fs solid 0.8 noborder",
                    index, b, b, bars->style[b]);
    if (bars->count)
        text_printf(&figure->gp,
                    ", \\\n    data index %d using 3:1:(valid(4)?$4:$3):(valid(5)?$5:$3) with "
                    "xerrorbars lc rgb '#202020' "
                    "lw 1.5 pt 7 ps 0.3",
                    index);
    text_printf(&figure->gp, "\n");
}

static void add_panel(Figure *figure, const Drawing *drawing, const CompareRow *row, int panel,
                      int places)
{
    int index = figure_block(figure, row->name, "place pairs difference lo hi");
    int place = places;
    Bars bars = {.span = {0.0, 0.0}};
    for (int c = 0; c < drawing->family->column_count; c++)
        if (has_bar(drawing, c))
            add_row(figure, drawing, row, drawing->family->column[c], place--, &bars);
    // gnuplot gives a block of comments only no index, and those behind it would move up
    if (!bars.count) text_printf(&figure->dat, "NaN NaN NaN NaN NaN\n");
    figure_panel(figure, panel, row->name);
    print_tics(figure, drawing, places, panel % figure->panels.across == 0);
    figure_x_axis(figure, bars.span, true);
    plot_bars(figure, &bars, index);
}

static int longest_name(const Drawing *drawing)
{
    size_t longest = 0;
    for (int c = 0; c < drawing->family->column_count; c++)
        if (has_bar(drawing, c) && strlen(drawing->family->column[c]) > longest)
            longest = strlen(drawing->family->column[c]);
    return (int)longest;
}

static Status draw(Gallery *gallery, const Drawing *drawing, int bars, Error *err)
{
    const CompareFamily *family = drawing->family;
    Figure figure;
    int members = 0, panel = 0;
    for (int r = 0; r < family->row_count; r++)
        members += !family->row[r].pooled;
    figure_begin(&figure, "jumpstart", family->name,
                 "Return before the first training step, minus that of scratch");
    figure_lay_out(&figure,
                   &(Panels){.count = members,
                             .across = figure_across(members),
                             .width = 190,
                             .height = 20 * bars + 16,
                             .left = 14,
                             .margin = longest_name(drawing) * FIGURE_LETTER,
                             .x_label = "return, difference to scratch",
                             .note = "mean over pairs of seeds, whisker: 95 % bootstrap "
                                     "interval"});
    text_printf(&figure.gp, "unset grid\nset grid xtics lc rgb '#e4e4e4' lt 1 lw 1\n"
                            "set ytics scale 0\n"
                            "set arrow 1 from 0, graph 0 to 0, graph 1 nohead "
                            "lc rgb '#404040' lw 1\n");
    for (int r = 0; r < family->row_count; r++)
        if (!family->row[r].pooled) add_panel(&figure, drawing, &family->row[r], panel++, bars);
    Status status = figure_finish(&figure, gallery, err);
    figure_release(&figure);
    return status;
}

Status jumpstart_draw(Gallery *gallery, const Comparison *comparison,
                      const CompareFamily *family, EvalPolicy policy, Error *err)
{
    Drawing drawing = {.comparison = comparison,
                       .family = family,
                       .palette = gallery->palette,
                       .policy = policy};
    Status status = metric_find(&drawing.metric, "jumpstart", err);
    int bars = 0;
    for (int c = 0; c < family->column_count; c++)
        bars += has_bar(&drawing, c);
    if (status != STATUS_OK || !bars || bars == family->column_count) return status;
    return draw(gallery, &drawing, bars, err);
}
