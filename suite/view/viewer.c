#include "suite/view/viewer.h"

#include <stdio.h>
#include <string.h>

#include "suite/core/file.h"
#include "suite/core/mem.h"
#include "suite/run/interrupt.h"
#include "suite/view/camera.h"
#include "suite/view/window.h"

static const double message_s = 6.0; // that a message stays

enum { MESSAGE = 240 };

typedef struct Viewer {
    const ViewerSpec *spec;
    ViewState state;
    Window *window;
    Stage stage;
    Drawing *drawing;
    Camera camera;
    mjrRect size; // of the window
    Text trace;
    char message[MESSAGE];
    double message_left_s;
    double now_s; // wall time of this frame
    bool gripping, was_made;
} Viewer;

// -- telling

static void tell(Viewer *v)
{
    if (v->spec->trace && v->trace.length > 0) {
        (void)fputs(v->trace.data, stdout);
        (void)fflush(stdout);
    }
    text_clear(&v->trace);
}

static void say(Viewer *v, const char *what, const char *of)
{
    (void)snprintf(v->message, MESSAGE, "%.40s%.190s", what, of);
    v->message_left_s = message_s;
    text_printf(&v->trace, "%s%s\n", what, of);
}

static void say_refused(Viewer *v, const Error *why)
{
    say(v, "cannot: ", why->message);
}

static void trace_episode(Viewer *v)
{
    const Player *p = &v->stage.player[0];
    if (env_is_over(p->env))
        text_printf(&v->trace, "over %d return %.6g\n", p->episode, p->episode_return);
    else
        text_printf(&v->trace, "episode %d\n", p->episode);
}

static Frame frame_of(const Viewer *v)
{
    return (Frame){.seat = v->stage.seat,
                   .seats = v->stage.seats,
                   .state = &v->state,
                   .message = v->message_left_s > 0.0 ? v->message : "",
                   .size = v->size};
}

static Scene *scene_of(const Viewer *v)
{
    return drawing_scene(v->drawing);
}

// -- wishes

// what is drawn belongs to a member's model
static Status draw_anew(Viewer *v, Error *err)
{
    drawing_free(v->drawing);
    return drawing_new(&v->drawing, v->stage.player[0].env, v->spec->width, v->spec->height,
                       true, err);
}

static Status go_to_next(Viewer *v, RosterAxis axis, Error *err)
{
    Error why = {.message = ""};
    scene_let_go(scene_of(v));
    Status status = stage_next(&v->stage, axis, &why);
    if (status == STATUS_NOMEM) return error_nomem(err);
    if (status != STATUS_OK) {
        say_refused(v, &why);
        return STATUS_OK;
    }
    text_printf(&v->trace, "run %s\n", stage_folder(&v->stage));
    return draw_anew(v, err);
}

static Status fulfil_next(Viewer *v, Error *err)
{
    Status status = STATUS_OK;
    if (view_take(&v->state, WISH_NEXT_SEED)) status = go_to_next(v, ROSTER_SEED, err);
    if (status == STATUS_OK && view_take(&v->state, WISH_NEXT_MEMBER))
        status = go_to_next(v, ROSTER_MEMBER, err);
    if (status == STATUS_OK && view_take(&v->state, WISH_NEXT_METHOD))
        status = go_to_next(v, ROSTER_COLUMN, err);
    return status;
}

static void begin(Viewer *v, int episode)
{
    stage_begin(&v->stage, episode);
    trace_episode(v);
}

static void fulfil_play(Viewer *v)
{
    int episode = stage_episode(&v->stage);
    if (view_take(&v->state, WISH_RESTART)) begin(v, episode);
    if (view_take(&v->state, WISH_NEXT_START)) begin(v, episode + 1);
    if (view_take(&v->state, WISH_CAMERA)) scene_home(scene_of(v));
    if (!view_take(&v->state, WISH_STEP) || !v->state.paused) return;
    if (stage_is_over(&v->stage)) {
        begin(v, episode + 1);
        return;
    }
    stage_step(&v->stage, &v->state, scene_of(v));
    text_printf(&v->trace, "at step %d\n", env_elapsed(v->stage.player[0].env));
    if (stage_is_over(&v->stage)) trace_episode(v);
}

static void end_movie(Viewer *v)
{
    Error why = {.message = ""};
    if (!v->camera.recording) return;
    if (camera_end(&v->camera, &why) == STATUS_OK)
        say(v, "filmed ", v->camera.movie);
    else
        say_refused(v, &why);
}

static void turn_movie(Viewer *v, const Frame *frame)
{
    Error why = {.message = ""};
    if (v->camera.recording)
        end_movie(v);
    else if (camera_begin(&v->camera, frame, &why) == STATUS_OK)
        say(v, "filming ", v->camera.movie);
    else
        say_refused(v, &why);
}

// of the frame that was just drawn
static void fulfil_pictures(Viewer *v, const Frame *frame, double real_s)
{
    Error why = {.message = ""};
    bool filming = v->camera.recording != NULL;
    if (view_take(&v->state, WISH_PICTURE)) {
        if (camera_picture(&v->camera, v->drawing, frame, &why) == STATUS_OK)
            say(v, "saved ", v->camera.picture);
        else
            say_refused(v, &why);
    }
    if (view_take(&v->state, WISH_MOVIE)) turn_movie(v, frame);
    if (camera_film(&v->camera, v->drawing, frame, real_s, &why) != STATUS_OK) {
        say_refused(v, &why);
        camera_stop(&v->camera);
    } else if (filming && !v->camera.recording && v->message_left_s < message_s) {
        say(v, "the window changed its size; filmed ", v->camera.movie);
    }
}

// -- events

static void press(Viewer *v, const WindowEvent *event)
{
    double view[3];
    if (!event->control) return;
    int seat = layout_find(v->size, v->stage.seats, v->state.panels, event->at, view);
    if (seat < 0) return;
    // the scene may hold the other player's picture; what is picked is this one's
    mjData *data = env_data(v->stage.player[seat].env);
    scene_update(scene_of(v), data, view[0]);
    v->gripping = scene_grip(scene_of(v), data, view, event->right);
    if (v->gripping)
        text_printf(&v->trace, "grip body %d of player %d\n", scene_of(v)->grip.select, seat);
}

static void release(Viewer *v)
{
    const mjvCamera *camera = &scene_of(v)->camera;
    if (v->gripping) {
        scene_let_go(scene_of(v));
        text_printf(&v->trace, "let go\n");
    } else {
        text_printf(&v->trace, "camera azimuth %.3g elevation %.3g distance %.3g\n",
                    camera->azimuth, camera->elevation, camera->distance);
    }
    v->gripping = false;
}

static void drag(Viewer *v, const WindowEvent *event)
{
    double height = v->size.height > 0 ? v->size.height : 1.0;
    SceneDrag moved = {event->by[0] / height, event->by[1] / height, event->right,
                       event->shift};
    if (v->gripping)
        scene_pull(scene_of(v), moved);
    else
        scene_drag(scene_of(v), moved);
}

static void handle(Viewer *v, const WindowEvent *event)
{
    switch (event->kind) {
    case EVENT_KEY:
        view_key(&v->state, event->key, event->down, &v->trace);
        break;
    case EVENT_PRESS:
        press(v, event);
        break;
    case EVENT_RELEASE:
        release(v);
        break;
    case EVENT_DRAG:
        drag(v, event);
        break;
    case EVENT_SCROLL:
        scene_zoom(scene_of(v), event->by[1]);
        text_printf(&v->trace, "camera distance %.3g\n", scene_of(v)->camera.distance);
        break;
    case EVENT_CLOSE:
        view_key(&v->state, KEY_QUIT, true, &v->trace);
        break;
    }
}

static void resize(Viewer *v)
{
    int width, height;
    window_size(v->window, &width, &height);
    if (width == v->size.width && height == v->size.height) return;
    v->size = (mjrRect){0, 0, width, height};
    text_printf(&v->trace, "size %dx%d\n", width, height);
}

// -- the loop

static Status play(Viewer *v, double real_s, Error *err)
{
    Status status = stage_train(&v->stage, &v->state, err);
    if (status != STATUS_OK) return status;
    bool made = v->spec->stage.live && live_is_made(v->spec->stage.live);
    if (made && !v->was_made) say(v, "made ", live_run(v->spec->stage.live)->folder);
    v->was_made = made;
    if (!v->state.paused && stage_play(&v->stage, &v->state, scene_of(v), real_s))
        trace_episode(v);
    return STATUS_OK;
}

static Status make_frame(Viewer *v, Error *err)
{
    WindowEvent event;
    double real_s = clock_wall_s() - v->now_s;
    v->now_s += real_s;
    v->message_left_s -= real_s;
    resize(v);
    while (window_next(v->window, &event))
        handle(v, &event);
    Status status = fulfil_next(v, err);
    if (status != STATUS_OK) return status;
    fulfil_play(v);
    status = play(v, real_s, err);
    if (status != STATUS_OK) return status;

    Frame frame = frame_of(v);
    drawing_frame(v->drawing, &frame);
    fulfil_pictures(v, &frame, real_s);
    window_show(v->window);
    tell(v);
    return drawing_check(err);
}

static Status loop(Viewer *v, Error *err)
{
    Status status = STATUS_OK;
    resize(v);
    say(v, "F1 lists the keys", "");
    text_clear(&v->trace);
    text_printf(&v->trace, "size %dx%d\n", v->size.width, v->size.height);
    text_printf(&v->trace, "ready %s\n", stage_folder(&v->stage));
    tell(v);
    v->now_s = clock_wall_s();
    for (int i = 0; status == STATUS_OK && !v->state.quit; i++) {
        if (v->spec->frames > 0 && i >= v->spec->frames) break;
        if (interrupt_pending())
            return error_set(err, STATUS_INTERRUPTED, "the viewer was stopped");
        status = make_frame(v, err);
    }
    return status;
}

static Status open(Viewer *v, Error *err)
{
    char title[MESSAGE];
    Status status = stage_init(&v->stage, &v->spec->stage, err);
    if (status != STATUS_OK) return status;
    (void)snprintf(title, sizeof title, "suite view: %s", v->stage.seat[0].family);
    status = window_new(&v->window, title, v->spec->width, v->spec->height, err);
    return status == STATUS_OK ? draw_anew(v, err) : status;
}

Status viewer_run(const ViewerSpec *spec, Error *err)
{
    Viewer *v = mem_array(1, sizeof *v);
    if (!v) return error_nomem(err);
    v->spec = spec;
    v->state = view_state();
    v->trace = TEXT_INIT;
    v->camera.folder = spec->pictures;
    Status status = open(v, err);
    if (status == STATUS_OK) {
        status = loop(v, err);
        end_movie(v);
        tell(v);
    }
    camera_release(&v->camera);
    drawing_free(v->drawing);
    window_free(v->window);
    stage_release(&v->stage);
    text_release(&v->trace);
    mem_free(v);
    return status;
}
