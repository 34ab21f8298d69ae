#include "plots/figure.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "plots/gnuplot.h"
#include "suite/core/file.h"

// pixels
enum {
    EDGE = 8,         // around everything
    GAP = 24,         // right of a frame
    TITLE = 28,       // above a frame
    TICS = 28,        // below a frame: its numbers
    LABEL = 22,       // below these: what they are
    KEY = 22,         // a line of the legend
    KEY_SAMPLE = 56,  // and what of a key is not letters
    NOTE = 22,        // the line in small print
    PICTURE_SCALE = 2 // dots of a PNG for a pixel
};

enum { MOST_TICS = 4 };

static const double pixels_per_inch = 100.0; // of a page

void figure_begin(Figure *figure, const char *title, const char *family, const char *about)
{
    *figure =
        (Figure){.about = TEXT_INIT, .keys = TEXT_INIT, .dat = TEXT_INIT, .gp = TEXT_INIT};
    (void)snprintf(figure->name, sizeof figure->name, "%s%s%s", title, family ? "-" : "",
                   family ? family : "");
    text_printf(&figure->about, "# %s%s%s\n", about, family ? ": " : "", family ? family : "");
}

void figure_release(Figure *figure)
{
    text_release(&figure->about);
    text_release(&figure->keys);
    text_release(&figure->dat);
    text_release(&figure->gp);
}

// -- layout: from the left and from the top

void figure_key(Figure *figure, const char *title, const char *how)
{
    int letters = (int)strlen(title);
    text_printf(&figure->keys, "%s NaN with %s title '%s'",
                figure->key_count ? ", \\\n    " : "", how, title);
    if (letters > figure->key_letters) figure->key_letters = letters;
    figure->key_count++;
}

int figure_across(int count)
{
    return count == 4 ? 2 : 3;
}

void figure_lay_out(Figure *figure, const Panels *panels)
{
    figure->panels = *panels;
}

static int smaller(int a, int b)
{
    return a < b ? a : b;
}

static int count_rows(const Panels *panels)
{
    return (panels->count + panels->across - 1) / panels->across;
}

static int total_width(const Panels *panels)
{
    int across = smaller(panels->across, panels->count);
    return EDGE + panels->margin + across * (panels->left + panels->width + GAP);
}

static int keys_across(const Figure *figure)
{
    int fit = total_width(&figure->panels) / (figure->key_letters * FIGURE_LETTER + KEY_SAMPLE);
    return fit < 1 ? 1 : smaller(fit, figure->key_count);
}

static int key_height(const Figure *figure)
{
    if (!figure->key_count) return 0;
    int across = keys_across(figure);
    return (figure->key_count + across - 1) / across * KEY;
}

static int total_height(const Figure *figure)
{
    const Panels *panels = &figure->panels;
    return EDGE + count_rows(panels) * (TITLE + panels->height + TICS) + LABEL +
           key_height(figure) + NOTE + EDGE;
}

void figure_panel(Figure *figure, int i, const char *title)
{
    const Panels *panels = &figure->panels;
    int left = EDGE + panels->margin + panels->left +
               i % panels->across * (panels->left + panels->width + GAP);
    int top = EDGE + TITLE + i / panels->across * (TITLE + panels->height + TICS);
    bool is_lowest = i + panels->across >= panels->count;

    text_printf(&figure->gp,
                "\nset lmargin at screen %d./W\nset rmargin at screen %d./W\n"
                "set tmargin at screen 1 - %d./H\nset bmargin at screen 1 - %d./H\n"
                "set title '%s'\n",
                left, left + panels->width, top, top + panels->height, title);
    text_printf(&figure->gp, "set xlabel '%s'\n", is_lowest ? panels->x_label : "");
}

void figure_span(Span *span, double x)
{
    if (isnan(x)) return;
    bool empty = span->lo > span->hi;
    span->lo = empty ? x : fmin(span->lo, x);
    span->hi = empty ? x : fmax(span->hi, x);
}

// 1, 2 or 5 of a power of ten, of which at most `most` fit into the length
static double tic_step(double length, int most)
{
    static const double steps[] = {1.0, 2.0, 5.0, 10.0};
    double ten = pow(10.0, floor(log10(length / most)));
    int i = 0;
    while (i < 3 && steps[i] * ten * most < length)
        i++;
    return steps[i] * ten;
}

// of the longest label of a tic, and the space beside it
static int tic_letters(Span span, double step)
{
    int decimals = (int)fmax(0.0, -floor(log10(step) + 1e-9));
    int first = snprintf(NULL, 0, "%.*f", decimals, span.lo);
    int last = snprintf(NULL, 0, "%.*f", decimals, span.hi);
    return (first > last ? first : last) + 1;
}

void figure_x_axis(Figure *figure, Span span, bool whole)
{
    if (!(span.hi > span.lo)) span = (Span){span.lo - 1.0, span.lo + 1.0};
    double length = span.hi - span.lo, step = tic_step(length, MOST_TICS);
    for (int most = MOST_TICS - 1; most > 0; most--) {
        double room = step / length * figure->panels.width;
        if (tic_letters(span, step) * FIGURE_LETTER <= room) break;
        step = tic_step(length, most);
    }
    if (whole) span = (Span){floor(span.lo / step) * step, ceil(span.hi / step) * step};
    text_printf(&figure->gp, "set xrange [%.10g:%.10g]\nset xtics %.10g\n", span.lo, span.hi,
                step);
}

// -- data

int figure_block(Figure *figure, const char *name, const char *columns)
{
    text_printf(&figure->dat, "%s# index %d: %s\n# %s\n", figure->block_count ? "\n\n" : "",
                figure->block_count, name, columns);
    return figure->block_count++;
}

void figure_number(Figure *figure, double value, bool last)
{
    if (isnan(value))
        text_printf(&figure->dat, "NaN");
    else
        text_double(&figure->dat, value);
    text_printf(&figure->dat, last ? "\n" : " ");
}

// -- the script

static const char *const endings[] = {
    [FIGURE_SVG] = "svg",
    [FIGURE_PDF] = "pdf",
    [FIGURE_PNG] = "png",
};

static void print_terminal(const Figure *figure, FigureFormat format, Text *script)
{
    int width = total_width(&figure->panels), height = total_height(figure);
    text_printf(script, "W = %d\nH = %d\n", width, height);
    switch (format) {
    case FIGURE_SVG:
        text_printf(script, "set terminal svg noenhanced size W, H font 'sans-serif,14' "
                            "background '#ffffff'\n");
        break;
    case FIGURE_PDF:
        text_printf(script,
                    "set terminal pdfcairo noenhanced size W/%g, H/%g font 'sans-serif,10' "
                    "fontscale 1\n",
                    pixels_per_inch, pixels_per_inch);
        break;
    case FIGURE_PNG:
        text_printf(script,
                    "set terminal pngcairo noenhanced size %d*W, %d*H font 'sans-serif,10' "
                    "fontscale %d linewidth %d pointscale %d\n",
                    PICTURE_SCALE, PICTURE_SCALE, PICTURE_SCALE, PICTURE_SCALE, PICTURE_SCALE);
        break;
    }
    text_printf(script, "SMALL = ',%d'\n", format == FIGURE_SVG ? 11 : 8);
    text_printf(script, "set output '%s.%s'\n", figure->name, endings[format]);
}

static const char frame[] = "set border 3 lc rgb '#404040'\n"
                            "set tics nomirror scale 0.5\n"
                            "set grid ytics lc rgb '#e4e4e4' lt 1 lw 1\n"
                            "set key off\n"
                            "set title offset 0,-0.6\n"
                            "set xlabel offset 0,0.4\n"
                            "set style fill transparent solid 0.16 noborder\n"
                            "set multiplot\n";

// the legend and the line below it, in a panel of their own that shows nothing else
static void print_foot(const Figure *figure, Text *script)
{
    int keys = key_height(figure);
    text_printf(script,
                "\nunset title\nunset xlabel\nunset ylabel\nunset tics\nunset border\n"
                "unset grid\nunset object\nunset arrow\nunset label\nunset colorbox\n"
                "set lmargin at screen 0\nset rmargin at screen 1\n"
                "set bmargin at screen 0\nset tmargin at screen 1\n"
                "set xrange [0:1]\nset yrange [0:1]\n"
                "set label '%s' at screen 0.5, screen %d./H center font SMALL "
                "tc rgb '#404040'\n",
                figure->panels.note, EDGE + NOTE / 2);
    if (figure->key_count)
        text_printf(script,
                    "set key at screen 0.5, screen %d./H center center horizontal "
                    "reverse Left maxcols %d samplen 3\nplot",
                    EDGE + NOTE + keys / 2, keys_across(figure));
    text_printf(script, "%s\n", figure->key_count ? figure->keys.data : "plot NaN notitle");
}

static void print_script(const Figure *figure, const Gallery *gallery, Text *script)
{
    text_printf(
        script,
        "%s# Written by `suite plot`. To draw it again, in this folder: gnuplot %s.gp\n\n",
        figure->about.data, figure->name);
    print_terminal(figure, gallery->format, script);
    text_printf(script, "data = '%s.dat'\n\n", figure->name);
    palette_print(gallery->palette, script);
    text_printf(script, "\n%s%s", frame, figure->gp.data);
    print_foot(figure, script);
    text_printf(script, "\nunset multiplot\nunset output\n");
}

// -- the files

static Status write_file(const Figure *figure, const Gallery *gallery, const char *ending,
                         const Text *text, Error *err)
{
    char path[PATH_LENGTH];
    Status status = text_status(text, err);
    if (status == STATUS_OK)
        status = path_format(path, err, "%s/%s.%s", gallery->folder, figure->name, ending);
    return status == STATUS_OK ? file_write(path, text->data, text->length, err) : status;
}

static Status write_both(const Figure *figure, const Gallery *gallery, Error *err)
{
    Text dat = TEXT_INIT, script = TEXT_INIT;
    text_printf(&dat, "%s\n%s", figure->about.data, figure->dat.data);
    print_script(figure, gallery, &script);
    Status status = text_status(&figure->about, err);
    if (status == STATUS_OK) status = text_status(&figure->keys, err);
    if (status == STATUS_OK) status = text_status(&figure->dat, err);
    if (status == STATUS_OK) status = text_status(&figure->gp, err);
    if (status == STATUS_OK) status = folder_make(gallery->folder, err);
    if (status == STATUS_OK) status = write_file(figure, gallery, "dat", &dat, err);
    if (status == STATUS_OK) status = write_file(figure, gallery, "gp", &script, err);
    text_release(&script);
    text_release(&dat);
    return status;
}

Status figure_finish(Figure *figure, Gallery *gallery, Error *err)
{
    char script[FIGURE_NAME + 4];
    Error why = {0};
    Status status = write_both(figure, gallery, err);
    if (status != STATUS_OK || gallery->undrawn) return status;

    (void)snprintf(script, sizeof script, "%s.gp", figure->name);
    status = gnuplot_draw(gallery->folder, script, &why);
    gallery->undrawn = status == STATUS_MISSING;
    if (status == STATUS_OK || gallery->undrawn) return STATUS_OK;
    return error_set(err, why.status, "%s", why.message);
}
