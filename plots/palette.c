#include "plots/palette.h"

#include <string.h>

#include "suite/core/check.h"

// what a method looks like; the rows without a name are for methods that have none here
static const struct {
    const char *method;
    int rgb, dash, point;
} looks[] = {
    {"scratch", 0x000000, 1, 4},  // black, square
    {"dqinit", 0x0072B2, 0, 7},   // blue, disc
    {"finetune", 0xE69F00, 2, 9}, // orange, triangle
    {"jsrl", 0x009E73, 3, 5},     // green, filled square
    {"distill", 0xCC79A7, 4, 13}, // purple, diamond
    {NULL, 0xD55E00, 5, 11},      // vermilion, triangle on its point
    {NULL, 0x56B4E9, 1, 6},       // sky blue, circle
};

// lengths of line and gap, in units of line width
static const char *const dashes[] = {"1",         "(8,3)", "(14,3)",
                                     "(8,3,2,3)", "(2,2)", "(14,3,2,3)"};

static const int variant_points[] = {6, 8, 12, 10, 4, 1, 2, 3};
static const int paler[] = {0, 40, 60}; // percent of white in a method's columns, in turn

enum {
    LOOKS = sizeof looks / sizeof looks[0],
    DASHES = sizeof dashes / sizeof dashes[0],
    VARIANT_POINTS = sizeof variant_points / sizeof variant_points[0],
    PALER = sizeof paler / sizeof paler[0],
};

// letters of a column that name its method
static size_t method_length(const char *column)
{
    return strcspn(column, "+");
}

static bool same_method(const char *a, const char *b)
{
    size_t length = method_length(a);
    return length == method_length(b) && strncmp(a, b, length) == 0;
}

static int mix(int rgb, int white)
{
    int mixed = 0;
    for (int shift = 16; shift >= 0; shift -= 8) {
        int part = (rgb >> shift) & 0xFF;
        mixed |= (part + (0xFF - part) * white / 100) << shift;
    }
    return mixed;
}

// the row of `looks` for a method; @p strangers met before it have none of their own
static int look_of(const char *column, int strangers)
{
    int named = 0;
    for (; named < LOOKS && looks[named].method; named++)
        if (same_method(looks[named].method, column)) return named;
    return named + strangers % (LOOKS - named);
}

static void give_styles(Palette *palette)
{
    int look[PALETTE_COLUMNS], strangers = 0;
    for (int i = 0; i < palette->count; i++) {
        ColumnStyle *style = &palette->style[i];
        int variant = 0;
        look[i] = -1;
        for (int k = i - 1; k >= 0; k--) {
            if (!same_method(palette->style[k].column, style->column)) continue;
            look[i] = look[k];
            variant++;
        }
        if (!variant) look[i] = look_of(style->column, strangers);
        strangers += !variant && !looks[look[i]].method;
        style->rgb = mix(looks[look[i]].rgb, paler[variant % PALER]);
        style->dash = (looks[look[i]].dash + variant) % DASHES;
        style->point =
            variant ? variant_points[(variant - 1) % VARIANT_POINTS] : looks[look[i]].point;
    }
}

static Status add(Palette *palette, const char *column, Error *err)
{
    if (palette_find(palette, column) >= 0) return STATUS_OK;
    if (palette->count == PALETTE_COLUMNS)
        return error_set(err, STATUS_USAGE,
                         "more than %d columns cannot be told apart in a figure; name those "
                         "to show, such as --method scratch,dqinit",
                         PALETTE_COLUMNS);
    int place = palette->count++;
    for (; place > 0 && collect_column_order(column, palette->style[place - 1].column) < 0;
         place--)
        palette->style[place] = palette->style[place - 1];
    palette->style[place] = (ColumnStyle){.column = column};
    return STATUS_OK;
}

Status palette_init(Palette *out, const Collection *collection, Error *err)
{
    Status status = STATUS_OK;
    *out = (Palette){0};
    for (int i = 0; status == STATUS_OK && i < collection->done.count; i++)
        status = add(out, collection->done.run[i].column, err);
    if (status == STATUS_OK) give_styles(out);
    return status;
}

int palette_find(const Palette *palette, const char *column)
{
    for (int i = 0; i < palette->count; i++)
        if (strcmp(palette->style[i].column, column) == 0) return i;
    return -1;
}

void palette_print(const Palette *palette, Text *gp)
{
    for (int i = 0; i < palette->count; i++) {
        const ColumnStyle *style = &palette->style[i];
        text_printf(gp, "set style line %d lc rgb '#%06X' lw 2 dt %s pt %d ps 0.7 # %s\n",
                    i + 1, (unsigned)style->rgb, dashes[style->dash], style->point,
                    style->column);
    }
}
