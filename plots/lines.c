#include "plots/lines.h"

#include <stdio.h>

#include "suite/core/check.h"

void lines_add(Lines *lines, Line line)
{
    CHECK(lines->count < LINES_MAX);
    lines->line[lines->count++] = line;
}

void lines_style(const Line *line, int points, char out[64])
{
    if (line->dashed)
        (void)snprintf(out, 64, "lines ls %d dt (3,3) lw 1.5", line->style);
    else
        (void)snprintf(out, 64, "linespoints ls %d pi %d", line->style, points);
}

void lines_plot(const Lines *lines, const char *x, int first, int points, Figure *figure)
{
    const char *before = "plot";
    for (int i = 0; i < lines->count; i++) {
        const Line *line = &lines->line[i];
        if (!line->banded) continue;
        text_printf(&figure->gp, "%s data index %d using %s:%d:%d with filledcurves ls %d",
                    before, line->index, x, first + 1, first + 2, line->style);
        before = ", \\\n    ";
    }
    for (int i = 0; i < lines->count; i++) {
        const Line *line = &lines->line[i];
        char style[64];
        lines_style(line, points, style);
        text_printf(&figure->gp, "%s data index %d using %s:%d with %s", before, line->index, x,
                    first, style);
        before = ", \\\n    ";
    }
    text_printf(&figure->gp, "\n");
}
