#include "suite/view/hud.h"

static void line(Text *names, Text *values, const char *name)
{
    const char *end = names->length > 0 ? "\n" : "";
    text_printf(names, "%s%s", end, name);
    text_printf(values, "%s", end);
}

static const char *leader(const Player *p, const ViewState *state)
{
    if (state->driving || !player_is_led(p)) return "the keyboard";
    return p->thought.guided ? "the guide" : "the policy";
}

static void print_names(const Seat *seat, Text *names, Text *values)
{
    line(names, values, "task");
    text_printf(values, "%s", seat->family);
    line(names, values, "member");
    text_printf(values, "%s", seat->member);
    if (*seat->method) {
        line(names, values, "method");
        text_printf(values, "%s", seat->method);
        line(names, values, "seed");
        text_printf(values, "%d", seat->seed);
    }
}

static void print_play(const Player *p, const ViewState *state, Text *names, Text *values)
{
    line(names, values, "acts");
    text_printf(values, "%s", leader(p, state));
    line(names, values, "episode");
    text_printf(values, "%d", p->episode);
    line(names, values, "step");
    text_printf(values, "%d of %d", env_elapsed(p->env), env_family(p->env)->time_limit);
    line(names, values, "reward");
    text_printf(values, "%.3f", p->last.reward);
    line(names, values, "return");
    text_printf(values, "%.2f", p->episode_return);
}

void hud_print(const Seat *seat, const ViewState *state, Text *names, Text *values)
{
    print_names(seat, names, values);
    print_play(seat->player, state, names, values);
    if (state->speed != 0) {
        line(names, values, "speed");
        text_printf(values, "%g of real time", view_speed(state));
    }
    if (*seat->note) {
        line(names, values, "training");
        text_printf(values, "%s", seat->note);
    }
    const char *end = player_end(seat->player);
    if (*end || state->paused) {
        line(names, values, *end ? "over" : "paused");
        text_printf(values, "%s", end);
    }
}

void hud_help(int first, int end, Text *keys, Text *help)
{
    for (int i = first; i < end; i++) {
        const ViewKeyRow *row = view_key_row((ViewKey)i);
        line(keys, help, row->key);
        text_printf(help, "%s", row->help);
    }
}
