#include "plots/curves.h"

#include <stdio.h>
#include <string.h>

#include "plots/bundle.h"
#include "plots/lines.h"
#include "suite/core/hash.h"
#include "suite/core/mem.h"

enum { POINTS = 5 }; // a point at each fifth evaluation

/** What is drawn, and room for one run's curve. */
typedef struct Drawing {
    const Collection *collection;
    const CompareFamily *family;
    const Palette *palette;
    EvalPolicy policy;
    int64_t *step; // (points of all runs)
    double *value; // likewise
} Drawing;

static Status add_run(Bundle *bundle, const Drawing *drawing, const RunSummary *run, Error *err)
{
    MetricCurve curve = collect_curve(drawing->collection, run, drawing->policy);
    for (int i = 0; i < curve.count; i++) {
        drawing->step[i] = curve.point[i].step;
        drawing->value[i] = curve.point[i].mean[drawing->policy];
    }
    return bundle_add(bundle, drawing->step, drawing->value, curve.count, err);
}

static void print_column(Figure *figure, const Drawing *drawing, const CompareRow *row,
                         const char *column, const Bundle *bundle, Lines *lines)
{
    uint64_t stream = hash_string("curve", hash_string(drawing->family->name, 0));
    char name[2 * COLUMN_NAME];
    (void)snprintf(name, sizeof name, "%s %s", row->name, column);
    int index = figure_block(figure, name, bundle_columns);
    bundle_print(bundle, hash_string(name, stream), figure);
    figure_span(&lines->span, (double)bundle->step[bundle->steps - 1] / 1000.0);
    lines_add(lines, (Line){.index = index,
                            .style = palette_find(drawing->palette, column) + 1,
                            .banded = bundle->runs > 1});
}

static Status add_column(Figure *figure, const Drawing *drawing, const CompareRow *row,
                         const char *column, Lines *lines, Error *err)
{
    const RunSummary *run = drawing->collection->done.run + row->first;
    Bundle bundle;
    Status status = bundle_init(&bundle, row->count, err);
    for (int i = 0; status == STATUS_OK && i < row->count; i++)
        if (strcmp(run[i].column, column) == 0)
            status = add_run(&bundle, drawing, &run[i], err);
    if (status == STATUS_OK && bundle.steps)
        print_column(figure, drawing, row, column, &bundle, lines);
    bundle_release(&bundle);
    return status;
}

static Status add_panel(Figure *figure, const Drawing *drawing, const CompareRow *row,
                        int panel, Error *err)
{
    Status status = STATUS_OK;
    Lines lines = {.span = {0.0, 0.0}};
    for (int c = 0; status == STATUS_OK && c < drawing->family->column_count; c++)
        status = add_column(figure, drawing, row, drawing->family->column[c], &lines, err);
    if (status != STATUS_OK || !lines.count) return status;
    figure_panel(figure, panel, row->name);
    text_printf(&figure->gp, "set ylabel '%s'\n",
                panel % figure->panels.across ? "" : "return");
    figure_x_axis(figure, lines.span, false);
    lines_plot(&lines, "($1/1000)", 3, POINTS, figure);
    return STATUS_OK;
}

static void lay_out(Figure *figure, const Drawing *drawing)
{
    const CompareFamily *family = drawing->family;
    int members = 0;
    for (int r = 0; r < family->row_count; r++)
        members += !family->row[r].pooled;
    for (int c = 0; c < family->column_count; c++) {
        char style[64];
        Line line = {.style = palette_find(drawing->palette, family->column[c]) + 1};
        lines_style(&line, POINTS, style);
        figure_key(figure, family->column[c], style);
    }
    figure_lay_out(figure, &(Panels){.count = members,
                                     .across = figure_across(members),
                                     .width = 184,
                                     .height = 150,
                                     .left = 52,
                                     .margin = 24,
                                     .x_label = "training steps (thousands)",
                                     .note = "mean over seeds, band: 95 % bootstrap interval"});
}

static Status draw(Gallery *gallery, const Drawing *drawing, Error *err)
{
    Figure figure;
    Status status = STATUS_OK;
    int panel = 0;
    figure_begin(&figure, "curves", drawing->family->name,
                 drawing->policy == POLICY_DEPLOYED
                     ? "Returns of the deployed policy over training"
                     : "Returns of the network alone over training");
    lay_out(&figure, drawing);
    for (int r = 0; status == STATUS_OK && r < drawing->family->row_count; r++)
        if (!drawing->family->row[r].pooled)
            status = add_panel(&figure, drawing, &drawing->family->row[r], panel++, err);
    if (status == STATUS_OK) status = figure_finish(&figure, gallery, err);
    figure_release(&figure);
    return status;
}

Status curves_draw(Gallery *gallery, const Comparison *comparison, const CompareFamily *family,
                   EvalPolicy policy, Error *err)
{
    size_t points = (size_t)comparison->collection->point_count;
    Drawing drawing = {.collection = comparison->collection,
                       .family = family,
                       .palette = gallery->palette,
                       .policy = policy,
                       .step = mem_array(points, sizeof *drawing.step),
                       .value = mem_array(points, sizeof *drawing.value)};
    Status status =
        drawing.step && drawing.value ? draw(gallery, &drawing, err) : error_nomem(err);
    mem_free(drawing.step);
    mem_free(drawing.value);
    return status;
}
