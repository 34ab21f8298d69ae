#include "suite/view/state.h"

#include <math.h>

#include "suite/core/check.h"

static const ViewKeyRow rows[VIEW_KEYS] = {
    [KEY_HELP] = {"F1", "this help"},
    [KEY_PAUSE] = {"Space", "pause"},
    [KEY_STEP] = {".", "one step"},
    [KEY_SLOWER] = {"-", "slower"},
    [KEY_FASTER] = {"=", "faster"},
    [KEY_RESTART] = {"R", "the same start again"},
    [KEY_NEXT_START] = {"N", "next start state"},
    [KEY_NEXT_SEED] = {"S", "next seed"},
    [KEY_NEXT_MEMBER] = {"M", "next member"},
    [KEY_NEXT_METHOD] = {"X", "next method"},
    [KEY_DRIVE] = {"K", "drive by keyboard"},
    [KEY_MOTOR_1_DOWN] = {"Left", "motor 1 down"},
    [KEY_MOTOR_1_UP] = {"Right", "motor 1 up"},
    [KEY_MOTOR_2_DOWN] = {"Down", "motor 2 down"},
    [KEY_MOTOR_2_UP] = {"Up", "motor 2 up"},
    [KEY_MOTOR_3_DOWN] = {"PageDown", "motor 3 down"},
    [KEY_MOTOR_3_UP] = {"PageUp", "motor 3 up"},
    [KEY_TRAIN_SLOWER] = {"[", "train slower (live)"},
    [KEY_TRAIN_FASTER] = {"]", "train faster (live)"},
    [KEY_PANELS] = {"Tab", "panels"},
    [KEY_HUD] = {"H", "text"},
    [KEY_CAMERA] = {"C", "camera back"},
    [KEY_PICTURE] = {"P", "save a picture"},
    [KEY_MOVIE] = {"V", "record, and end"},
    [KEY_QUIT] = {"Esc", "quit"},
};

const ViewKeyRow *view_key_row(ViewKey key)
{
    CHECK(key < VIEW_KEYS);
    return &rows[key];
}

ViewState view_state(void)
{
    return (ViewState){.hud = true, .panels = true, .train_speed = 3};
}

static void toggle(bool *what, const char *name, Text *trace)
{
    *what = !*what;
    text_printf(trace, "%s %s\n", name, *what ? "on" : "off");
}

static void wish(ViewState *state, ViewWish what, const char *name, Text *trace)
{
    if (state->wished[what] < WISHED_MOST) state->wished[what]++;
    text_printf(trace, "%s\n", name);
}

static void change_speed(ViewState *state, int by, Text *trace)
{
    int speed = state->speed + by;
    if (speed < -SPEED_MOST || speed > SPEED_MOST) return;
    state->speed = speed;
    text_printf(trace, "speed %g\n", view_speed(state));
}

static void change_training(ViewState *state, int by, Text *trace)
{
    int speed = state->train_speed + by;
    if (speed < 0 || speed > TRAIN_SPEED_MOST) return;
    state->train_speed = speed;
    text_printf(trace, "training speed %d\n", speed);
}

// keys come in pairs, the one that pushes down first
static void push(ViewState *state, ViewKey key, bool down, Text *trace)
{
    int index = (int)key - (int)KEY_MOTOR_1_DOWN;
    int motor = index / 2, direction = index % 2 ? 1 : -1;
    int now = state->motor[motor];
    // letting one key go while the other is held changes nothing
    int then = down ? direction : now == direction ? 0 : now;
    if (then == now) return;
    state->motor[motor] = then;
    text_printf(trace, "motor %d %+d\n", motor + 1, then);
}

static void change(ViewState *s, ViewKey key, Text *trace)
{
    switch (key) {
    case KEY_HELP:
        toggle(&s->help, "help", trace);
        break;
    case KEY_PAUSE:
        toggle(&s->paused, "pause", trace);
        break;
    case KEY_SLOWER:
        change_speed(s, -1, trace);
        break;
    case KEY_FASTER:
        change_speed(s, 1, trace);
        break;
    case KEY_TRAIN_SLOWER:
        change_training(s, -1, trace);
        break;
    case KEY_TRAIN_FASTER:
        change_training(s, 1, trace);
        break;
    case KEY_DRIVE:
        toggle(&s->driving, "drive", trace);
        break;
    case KEY_PANELS:
        toggle(&s->panels, "panels", trace);
        break;
    case KEY_HUD:
        toggle(&s->hud, "text", trace);
        break;
    case KEY_QUIT:
        s->quit = true;
        text_printf(trace, "quit\n");
        break;
    default:
        break;
    }
}

static void ask(ViewState *s, ViewKey key, Text *trace)
{
    switch (key) {
    case KEY_STEP:
        wish(s, WISH_STEP, "step", trace);
        break;
    case KEY_RESTART:
        wish(s, WISH_RESTART, "restart", trace);
        break;
    case KEY_NEXT_START:
        wish(s, WISH_NEXT_START, "next start", trace);
        break;
    case KEY_NEXT_SEED:
        wish(s, WISH_NEXT_SEED, "next seed", trace);
        break;
    case KEY_NEXT_MEMBER:
        wish(s, WISH_NEXT_MEMBER, "next member", trace);
        break;
    case KEY_NEXT_METHOD:
        wish(s, WISH_NEXT_METHOD, "next method", trace);
        break;
    case KEY_CAMERA:
        wish(s, WISH_CAMERA, "camera back", trace);
        break;
    case KEY_PICTURE:
        wish(s, WISH_PICTURE, "picture", trace);
        break;
    case KEY_MOVIE:
        wish(s, WISH_MOVIE, "movie", trace);
        break;
    default:
        break;
    }
}

void view_key(ViewState *state, ViewKey key, bool down, Text *trace)
{
    if (key >= KEY_MOTOR_1_DOWN && key <= KEY_MOTOR_3_UP) {
        push(state, key, down, trace);
    } else if (down) {
        change(state, key, trace);
        ask(state, key, trace);
    }
}

bool view_take(ViewState *state, ViewWish wish)
{
    if (state->wished[wish] == 0) return false;
    state->wished[wish]--;
    return true;
}

double view_speed(const ViewState *state)
{
    return ldexp(1.0, state->speed);
}

// squared, in units of each motor's largest control
static double distance(const double *control, const int *wanted, const double *most, int motors)
{
    double sum = 0.0;
    for (int m = 0; m < motors; m++) {
        double want = m < DRIVE_MOTORS ? wanted[m] : 0.0;
        double off = most[m] > 0.0 ? control[m] / most[m] - want : 0.0;
        sum += off * off;
    }
    return sum;
}

int drive_action(const double *control, int actions, int motors, const int *wanted, int before)
{
    double most[DRIVE_MOTORS] = {0.0};
    int counted = motors < DRIVE_MOTORS ? motors : DRIVE_MOTORS;
    for (int a = 0; a < actions; a++)
        for (int m = 0; m < counted; m++)
            most[m] = fmax(most[m], fabs(control[a * motors + m]));

    int best = before;
    double least = distance(control + before * motors, wanted, most, counted);
    for (int a = 0; a < actions; a++) {
        double far = distance(control + a * motors, wanted, most, counted);
        if (far >= least) continue;
        best = a;
        least = far;
    }
    return best;
}
