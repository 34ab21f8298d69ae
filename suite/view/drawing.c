#include "suite/view/drawing.h"

#include <string.h>

#include "suite/core/mem.h"
#include "suite/view/hud.h"
#include "suite/view/panels.h"

enum {
    SHORT = 450,    // pixels up to which text is smaller
    TALL = 900,     // pixels from which on text is larger
    LABEL = 12,     // letters that the name of a line takes
    NAMES = 4,      // lines of a figure that have one
    NARROW_MOST = 2 // panels where players share the width
};

struct Drawing {
    Scene scene;
    mjrContext context;
    bool has_context;
    mjvFigure figure; // used for one panel after the other
};

// -- begin and end

static Status begin(Drawing *d, bool window, Error *err)
{
    mjr_defaultContext(&d->context);
    mjr_makeContext(d->scene.model, &d->context, mjFONTSCALE_100);
    d->has_context = true;
    int buffer = window ? mjFB_WINDOW : mjFB_OFFSCREEN;
    mjr_setBuffer(buffer, &d->context);
    if (d->context.currentBuffer != buffer)
        return error_set(err, STATUS_MISSING, "this OpenGL cannot draw %s",
                         window ? "into a window" : "off the screen");
    return STATUS_OK;
}

Status drawing_new(Drawing **out, Env *env, int width, int height, bool window, Error *err)
{
    *out = NULL;
    Drawing *d = mem_array(1, sizeof *d);
    if (!d) return error_nomem(err);
    Status status = scene_init(&d->scene, env, width, height, err);
    if (status == STATUS_OK) status = begin(d, window, err);
    if (status != STATUS_OK) {
        drawing_free(d);
        return status;
    }
    *out = d;
    return STATUS_OK;
}

void drawing_free(Drawing *drawing)
{
    if (!drawing) return;
    if (drawing->has_context) mjr_freeContext(&drawing->context);
    scene_release(&drawing->scene);
    mem_free(drawing);
}

Scene *drawing_scene(Drawing *drawing)
{
    return &drawing->scene;
}

// -- a picture

// the names of a figure's lines in their colours, in as many rows as they need.
// @return the height they take
static int draw_names(const Drawing *d, mjrRect at)
{
    const mjvFigure *f = &d->figure;
    int row = d->context.charHeight, count = 0;
    int columns = at.width / (d->context.charWidth['0'] * LABEL); // an ordinary letter
    columns = columns < 1 ? 1 : columns > NAMES ? NAMES : columns;
    while (count < NAMES && f->linename[count][0])
        count++;
    for (int i = 0; i < count; i++) {
        mjrRect label = {at.left + at.width * (i % columns) / columns,
                         at.bottom + at.height - row * (i / columns + 1), at.width / columns,
                         row};
        const float *ground = f->figurergba, *rgb = f->linergb[i];
        mjr_label(label, mjFONT_NORMAL, f->linename[i], ground[0], ground[1], ground[2], 1.0F,
                  rgb[0], rgb[1], rgb[2], &d->context);
    }
    return row * ((count + columns - 1) / columns);
}

static void draw_panel(Drawing *d, Panel panel, const Player *player, mjrRect at)
{
    panel_fill(&d->figure, panel, player, at.width);
    const float *ground = d->figure.figurergba;
    mjr_rectangle(at, ground[0], ground[1], ground[2], ground[3]);
    at.height -= draw_names(d, at);
    mjr_figure(at, &d->figure, &d->context);
}

static void draw_panels(Drawing *d, const Seat *seat, const Layout *layout)
{
    Panel panel[PANELS];
    int count = panels_of(seat->player, panel);
    if (!layout->stacked && count > NARROW_MOST) count = NARROW_MOST;
    for (int i = 0; i < count; i++)
        draw_panel(d, panel[i], seat->player, layout_panel(layout, i, count));
}

static void draw_words(const Drawing *d, const Seat *seat, const Frame *frame, mjrRect view)
{
    Text names = TEXT_INIT, values = TEXT_INIT;
    hud_print(seat, frame->state, &names, &values);
    mjr_overlay(mjFONT_NORMAL, mjGRID_TOPLEFT, view, names.data, values.data, &d->context);
    text_release(&names);
    text_release(&values);
}

static void draw_seat(Drawing *d, const Frame *frame, int index)
{
    const Seat *seat = &frame->seat[index];
    Layout layout = layout_seat(frame->size, index, frame->seats, frame->state->panels);
    if (layout.view.width <= 0 || layout.view.height <= 0) return;
    scene_update(&d->scene, env_data(seat->player->env),
                 (double)layout.view.width / layout.view.height);
    mjr_render(layout.view, &d->scene.scene, &d->context);
    if (frame->state->panels) draw_panels(d, seat, &layout);
    if (frame->state->hud) draw_words(d, seat, frame, layout.view);
}

static void draw_keys(const Drawing *d, mjrRect at, int first, int end)
{
    Text keys = TEXT_INIT, help = TEXT_INIT;
    hud_help(first, end, &keys, &help);
    mjr_overlay(mjFONT_NORMAL, mjGRID_TOPLEFT, at, keys.data, help.data, &d->context);
    text_release(&keys);
    text_release(&help);
}

// in as many lines as it takes: a path has no blanks to break at
static void draw_message(const Drawing *d, mjrRect frame, const char *message)
{
    Text lines = TEXT_INIT;
    int columns = frame.width / d->context.charWidth['m']; // a wide one
    size_t most = columns > 1 ? (size_t)columns - 1 : 1, length = strlen(message);
    for (size_t at = 0; at < length; at += most)
        text_printf(&lines, "%s%.*s", at ? "\n" : "", (int)most, message + at);
    mjr_overlay(mjFONT_NORMAL, mjGRID_BOTTOMLEFT, frame, lines.data, NULL, &d->context);
    text_release(&lines);
}

// MuJoCo draws at most 500 letters at once, so that the keys stand in two columns
static void draw_help(const Drawing *d, mjrRect frame)
{
    mjrRect left = frame, right = frame;
    left.left += frame.width / 8;
    left.width = right.width = frame.width * 3 / 8;
    right.left += frame.width / 2;
    left.height = right.height = frame.height * 7 / 8;
    mjr_rectangle(frame, 0.1F, 0.1F, 0.12F, 0.75F);
    draw_keys(d, left, 0, VIEW_KEYS / 2);
    draw_keys(d, right, VIEW_KEYS / 2, VIEW_KEYS);
    mjr_overlay(mjFONT_NORMAL, mjGRID_BOTTOMLEFT, left, "Mouse\n \nCtrl + left\nCtrl + right",
                "left turns, right shifts, wheel zooms\nShift: in the other plane\n"
                "pull a body\ntwist a body",
                &d->context);
}

void drawing_frame(Drawing *drawing, const Frame *frame)
{
    mjrRect all = frame->size;
    int font = all.height >= TALL    ? mjFONTSCALE_150
               : all.height <= SHORT ? mjFONTSCALE_50
                                     : mjFONTSCALE_100;
    if (drawing->context.fontScale != font) mjr_changeFont(font, &drawing->context);
    for (int i = 0; i < frame->seats; i++)
        draw_seat(drawing, frame, i);
    if (frame->seats > 1)
        mjr_rectangle((mjrRect){all.left + all.width / 2 - 1, all.bottom, 2, all.height}, 0.3F,
                      0.3F, 0.3F, 1.0F);
    if (*frame->message) draw_message(drawing, all, frame->message);
    if (frame->state->help) draw_help(drawing, all);
}

void drawing_read(const Drawing *drawing, mjrRect size, unsigned char *rgb)
{
    mjr_readPixels(rgb, NULL, size, &drawing->context);
}

Status drawing_check(Error *err)
{
    int wrong = mjr_getError();
    if (wrong == 0) return STATUS_OK;
    return error_set(err, STATUS_IO, "OpenGL reports error 0x%x", (unsigned)wrong);
}
