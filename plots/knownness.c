#include "plots/knownness.h"

#include <stdio.h>
#include <string.h>

#include "plots/bundle.h"
#include "plots/lines.h"
#include "results/trace.h"
#include "suite/core/hash.h"
#include "suite/core/mem.h"

enum { POINTS = 5 }; // a point at each fifth evaluation

// what is drawn of a trace
static const struct {
    const char *name, *title;
    bool dashed;
} told[] = {
    {"prior_share", "weight of the prior", false},
    {"table_led", "choices the table turned", true},
};

enum { TOLD = sizeof told / sizeof told[0] };

/** What is drawn. */
typedef struct Drawing {
    const Collection *collection;
    const CompareFamily *family;
    const Palette *palette;
} Drawing;

/** The runs of a column on a row. */
typedef struct Bundles {
    Bundle of[TOLD];
} Bundles;

// add one of the numbers of a trace; one that was not told adds nothing
static Status add_told(Bundle *bundle, const Trace *trace, const char *name, Error *err)
{
    int count = 0;
    int64_t *step = mem_array((size_t)trace->count, sizeof *step);
    double *value = mem_array((size_t)trace->count, sizeof *value);
    Status status = step && value ? STATUS_OK : error_nomem(err);
    for (int i = 0; status == STATUS_OK && i < trace->count; i++) {
        if (strcmp(trace->row[i].name, name) != 0) continue;
        step[count] = trace->row[i].step;
        value[count++] = trace->row[i].value;
    }
    if (status == STATUS_OK && count) status = bundle_add(bundle, step, value, count, err);
    mem_free(step);
    mem_free(value);
    return status;
}

static Status add_run(Bundles *bundles, const Drawing *drawing, const RunSummary *run,
                      Error *err)
{
    RunFiles files;
    Trace trace = {0};
    Error why = {0};
    Status status = collect_files(&files, drawing->collection, run, err);
    if (status != STATUS_OK) return status;

    status = run_files_trace(&trace, &files, &why);
    if (status != STATUS_OK && status != STATUS_MISSING)
        status = error_set(err, status, "%s", why.message);
    for (int t = 0; status == STATUS_OK && t < TOLD; t++)
        status = add_told(&bundles->of[t], &trace, told[t].name, err);
    trace_release(&trace);
    return status == STATUS_MISSING ? STATUS_OK : status;
}

static Status read_bundles(Bundles *bundles, const Drawing *drawing, const CompareRow *row,
                           const char *column, Error *err)
{
    const RunSummary *run = drawing->collection->done.run + row->first;
    Status status = STATUS_OK;
    *bundles = (Bundles){0};
    for (int t = 0; status == STATUS_OK && t < TOLD; t++)
        status = bundle_init(&bundles->of[t], row->count, err);
    for (int i = 0; status == STATUS_OK && i < row->count; i++)
        if (strcmp(run[i].column, column) == 0)
            status = add_run(bundles, drawing, &run[i], err);
    return status;
}

static void release_bundles(Bundles *bundles)
{
    for (int t = 0; t < TOLD; t++)
        bundle_release(&bundles->of[t]);
}

static void print_bundles(Figure *figure, const Drawing *drawing, const CompareRow *row,
                          const char *column, const Bundles *bundles, Lines *lines)
{
    for (int t = 0; t < TOLD; t++) {
        const Bundle *bundle = &bundles->of[t];
        uint64_t stream = hash_string("trace", hash_string(drawing->family->name, 0));
        char name[2 * COLUMN_NAME];
        if (!bundle->steps) continue;
        (void)snprintf(name, sizeof name, "%s %s %s", row->name, column, told[t].name);
        int index = figure_block(figure, name, bundle_columns);
        bundle_print(bundle, hash_string(name, stream), figure);
        figure_span(&lines->span, (double)bundle->step[bundle->steps - 1] / 1000.0);
        lines_add(lines, (Line){.index = index,
                                .style = palette_find(drawing->palette, column) + 1,
                                .banded = bundle->runs > 1,
                                .dashed = told[t].dashed});
    }
}

static Status add_panel(Figure *figure, const Drawing *drawing, const CompareRow *row,
                        int *panel, Error *err)
{
    Status status = STATUS_OK;
    Lines lines = {.span = {0.0, 0.0}};
    for (int c = 0; status == STATUS_OK && c < drawing->family->column_count; c++) {
        const char *column = drawing->family->column[c];
        Bundles bundles;
        status = read_bundles(&bundles, drawing, row, column, err);
        if (status == STATUS_OK) print_bundles(figure, drawing, row, column, &bundles, &lines);
        release_bundles(&bundles);
    }
    if (status != STATUS_OK || !lines.count) return status;
    figure_panel(figure, *panel, row->name);
    text_printf(&figure->gp, "set ylabel '%s'\n",
                *panel % figure->panels.across ? "" : "share");
    figure_x_axis(figure, lines.span, false);
    lines_plot(&lines, "($1/1000)", 3, POINTS, figure);
    ++*panel;
    return STATUS_OK;
}

/** What there is to draw. */
typedef struct Census {
    bool column[PALETTE_COLUMNS]; // by the palette: has it told anything?
    int members;                  // with such a column
} Census;

static Status take_census(Census *census, const Drawing *drawing, Error *err)
{
    const CompareFamily *family = drawing->family;
    Status status = STATUS_OK;
    for (int r = 0; status == STATUS_OK && r < family->row_count; r++) {
        bool any = false;
        for (int c = 0; status == STATUS_OK && c < family->column_count; c++) {
            Bundles bundles;
            if (family->row[r].pooled) continue;
            status = read_bundles(&bundles, drawing, &family->row[r], family->column[c], err);
            for (int t = 0; t < TOLD; t++) {
                if (!bundles.of[t].steps) continue;
                census->column[palette_find(drawing->palette, family->column[c])] = true;
                any = true;
            }
            release_bundles(&bundles);
        }
        census->members += any;
    }
    return status;
}

static void lay_out(Figure *figure, const Drawing *drawing, const Census *census)
{
    for (int c = 0; c < drawing->palette->count; c++)
        for (int t = 0; census->column[c] && t < TOLD; t++) {
            char style[64], title[2 * COLUMN_NAME];
            lines_style(&(Line){.style = c + 1, .dashed = told[t].dashed}, POINTS, style);
            (void)snprintf(title, sizeof title, "%s: %s", drawing->palette->style[c].column,
                           told[t].title);
            figure_key(figure, title, style);
        }
    figure_lay_out(figure, &(Panels){.count = census->members,
                                     .across = figure_across(census->members),
                                     .width = 190,
                                     .height = 150,
                                     .left = 46,
                                     .margin = 24,
                                     .x_label = "training steps (thousands)",
                                     .note = "mean over seeds, band: 95 % bootstrap interval"});
    text_printf(&figure->gp, "set yrange [0:1]\n");
}

static Status draw(Gallery *gallery, const Drawing *drawing, const Census *census, Error *err)
{
    Figure figure;
    Status status = STATUS_OK;
    int panel = 0;
    figure_begin(&figure, "knownness", drawing->family->name,
                 "How far the prior is trusted over training");
    lay_out(&figure, drawing, census);
    for (int r = 0; status == STATUS_OK && r < drawing->family->row_count; r++)
        if (!drawing->family->row[r].pooled)
            status = add_panel(&figure, drawing, &drawing->family->row[r], &panel, err);
    if (status == STATUS_OK) status = figure_finish(&figure, gallery, err);
    figure_release(&figure);
    return status;
}

Status knownness_draw(Gallery *gallery, const Comparison *comparison,
                      const CompareFamily *family, Error *err)
{
    Drawing drawing = {
        .collection = comparison->collection, .family = family, .palette = gallery->palette};
    Census census = {0};
    Status status = take_census(&census, &drawing, err);
    if (status != STATUS_OK || !census.members) return status;
    return draw(gallery, &drawing, &census, err);
}
