#include "suite/view/panels.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

// colours of Okabe and Ito's palette, which the colour-blind tell apart, on a dark ground
static const float blue[3] = {0.34F, 0.71F, 0.91F}, orange[3] = {0.90F, 0.62F, 0.00F},
                   green[3] = {0.00F, 0.75F, 0.55F}, red[3] = {0.95F, 0.45F, 0.20F},
                   brown[3] = {0.62F, 0.48F, 0.18F};
static const float ground[4] = {0.13F, 0.14F, 0.16F, 1.0F};

enum { MOST_TICKS = 12, UNDERLINE = 3, TICKS = 3 };

int panels_of(const Player *player, Panel out[PANELS])
{
    int count = 0;
    if (player->agent) out[count++] = PANEL_VALUES;
    if (player->agent && player->thought.has_prior) out[count++] = PANEL_SHARE;
    out[count++] = PANEL_RETURN;
    return count;
}

static void begin(mjvFigure *f, const char *title)
{
    mjv_defaultFigure(f);
    memcpy(f->figurergba, ground, sizeof ground);
    memcpy(f->panergba, ground, sizeof ground);
    for (int i = 0; i < 3; i++) {
        f->textrgb[i] = 0.88F;
        f->gridrgb[i] = 0.32F;
    }
    f->flg_legend = 0; // the names of the lines stand above the figure
    f->flg_ticklabel[0] = f->flg_ticklabel[1] = 1;
    f->flg_extend = 0;
    f->linewidth = 2.0F;
    f->gridwidth = 1.0F;
    f->gridsize[0] = f->gridsize[1] = TICKS;
    (void)snprintf(f->xformat, sizeof f->xformat, "%%.0f");
    (void)snprintf(f->yformat, sizeof f->yformat, "%%.3g");
    (void)snprintf(f->minwidth, sizeof f->minwidth, "-0.001");
    (void)snprintf(f->title, sizeof f->title, "%s", title);
}

static void set_line(mjvFigure *f, int line, const float rgb[3])
{
    memcpy(f->linergb[line], rgb, 3 * sizeof *rgb);
}

static void add_point(mjvFigure *f, int line, double x, double y)
{
    int n = f->linepnt[line];
    if (n >= mjMAXLINEPNT) return;
    f->linedata[line][2 * n] = (float)x;
    f->linedata[line][2 * n + 1] = (float)y;
    f->linepnt[line] = n + 1;
}

static void set_range(mjvFigure *f, int axis, double lo, double hi)
{
    f->range[axis][0] = (float)lo;
    f->range[axis][1] = (float)hi;
}

// -- values

typedef struct Series {
    const char *name;
    const float *rgb;
    const float *value; // (A)
} Series;

static double mean_of(const float *value, int count)
{
    double sum = 0.0;
    for (int i = 0; i < count; i++)
        sum += (double)value[i];
    return sum / count;
}

// a bar is as many upright lines as fill its pixels
static void add_bar(mjvFigure *f, int line, double at, double width, double y, int lines)
{
    for (int i = 0; i < lines; i++) {
        double x = at + width * (i + 0.5) / lines;
        add_point(f, line, x, 0.0);
        add_point(f, line, x, y);
    }
}

static void add_series(mjvFigure *f, int line, const Series *s, int actions, int width,
                       int series)
{
    double mean = mean_of(s->value, actions);
    double unit = 0.8 * width / (actions + 1); // pixels between two actions
    double each = 0.8 / series;
    int most = mjMAXLINEPNT / (2 * actions), lines = (int)ceil(each * unit);
    (void)snprintf(f->linename[line], sizeof f->linename[line], "%s %.4g", s->name, mean);
    set_line(f, line, s->rgb);
    for (int a = 0; a < actions; a++)
        add_bar(f, line, a - 0.4 + each * line, each, (double)s->value[a] - mean,
                lines < most ? lines : most);
}

static double largest(const Series *s, int series, int actions)
{
    double most = 0.0;
    for (int i = 0; i < series; i++) {
        double mean = mean_of(s[i].value, actions);
        for (int a = 0; a < actions; a++)
            most = fmax(most, fabs((double)s[i].value[a] - mean));
    }
    return most > 0.0 ? most : 1.0;
}

static void underline(mjvFigure *f, int line, int action, double low, double thick)
{
    (void)snprintf(f->linename[line], sizeof f->linename[line], "acts %d", action);
    set_line(f, line, red);
    for (int i = 0; i < UNDERLINE; i++) {
        double y = low + thick * (i + 1);
        add_point(f, line, action - 0.45, y);
        add_point(f, line, action + 0.45, y);
    }
}

static void fill_values(mjvFigure *f, const Player *p, int width)
{
    const Thought *t = &p->thought;
    int actions = env_family(p->env)->action_count;
    const Series plain[] = {{"network", blue, t->network}};
    const Series mixed[] = {{"table", orange, t->prior},
                            {"network", blue, t->network},
                            {"blend", green, t->blended}};
    const Series *series = t->has_prior ? mixed : plain;
    int count = t->has_prior ? 3 : 1;
    double most = largest(series, count, actions);

    begin(f, "Action values less mean");
    f->flg_barplot = 1;
    f->gridsize[0] = actions + 2;
    f->flg_ticklabel[0] = actions <= MOST_TICKS;
    (void)snprintf(f->xlabel, sizeof f->xlabel, "action%s", t->guided ? " (the guide's)" : "");
    set_range(f, 0, -1.0, actions);
    set_range(f, 1, -1.2 * most, 1.2 * most);
    for (int i = 0; i < count; i++)
        add_series(f, i, &series[i], actions, width, count);
    underline(f, count, t->action, -1.2 * most, 0.03 * most);
}

// -- over time

// values of up to as many steps as a figure has points
static void add_steps(mjvFigure *f, int line, const float *value, int steps)
{
    int stride = steps / mjMAXLINEPNT + 1;
    for (int i = 0; i < steps; i += stride)
        add_point(f, line, i + 1, (double)value[i]);
}

static void add_means(mjvFigure *f, int line, const float *value, int steps)
{
    double sum = 0.0;
    int stride = steps / mjMAXLINEPNT + 1;
    for (int i = 0; i < steps; i++) {
        sum += (double)value[i];
        if (i % stride == 0) add_point(f, line, i + 1, sum / (i + 1));
    }
}

static void set_steps(mjvFigure *f, int steps)
{
    set_range(f, 0, 0.0, fmax(20.0, steps));
    (void)snprintf(f->xlabel, sizeof f->xlabel, "step");
}

static void fill_share(mjvFigure *f, const Player *p)
{
    int steps = env_elapsed(p->env);
    begin(f, "Share led by the table");
    set_line(f, 0, brown);
    set_line(f, 1, orange);
    add_steps(f, 0, p->share, steps);
    add_means(f, 1, p->share, steps);
    (void)snprintf(f->linename[0], sizeof f->linename[0], "now %.2f", p->thought.share);
    (void)snprintf(f->linename[1], sizeof f->linename[1], "mean %.2f",
                   steps > 0 ? mean_of(p->share, steps) : p->thought.share);
    set_steps(f, steps);
    (void)snprintf(f->linename[2], sizeof f->linename[2], "own %.2f", p->thought.own);
    set_line(f, 2, f->textrgb);
    set_range(f, 1, 0.0, 1.0);
    (void)snprintf(f->yformat, sizeof f->yformat, "%%.1f");
}

static void fill_return(mjvFigure *f, const Player *p)
{
    int steps = env_elapsed(p->env);
    double lo = 0.0, hi = 0.0;
    for (int i = 0; i < steps; i++) {
        lo = fmin(lo, (double)p->earned[i]);
        hi = fmax(hi, (double)p->earned[i]);
    }
    if (hi == lo) hi = lo + 1.0;
    begin(f, "Return so far");
    set_line(f, 0, blue);
    add_steps(f, 0, p->earned, steps);
    set_steps(f, steps);
    set_range(f, 1, lo - 0.05 * (hi - lo), hi + 0.05 * (hi - lo));
}

void panel_fill(mjvFigure *figure, Panel panel, const Player *player, int width)
{
    if (panel == PANEL_VALUES)
        fill_values(figure, player, width);
    else if (panel == PANEL_SHARE)
        fill_share(figure, player);
    else
        fill_return(figure, player);
}
