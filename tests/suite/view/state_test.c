#include "suite/view/state.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

static ViewState state;
static Text trace;

static void setup(void)
{
    state = view_state();
    trace = TEXT_INIT;
}

static void teardown(void)
{
    text_release(&trace);
}

TestSuite(view_key, .init = setup, .fini = teardown);

static void tap(ViewKey key)
{
    view_key(&state, key, true, &trace);
    view_key(&state, key, false, &trace);
}

Test(view_key, says_what_changed_in_a_line)
{
    tap(KEY_PAUSE);
    tap(KEY_HELP);
    tap(KEY_PANELS);
    tap(KEY_PAUSE);
    cr_assert(eq(str, trace.data, "pause on\nhelp on\npanels off\npause off\n"));
    cr_assert(not(state.paused));
    cr_assert(state.help);
    cr_assert(not(state.panels));
}

Test(view_key, doubles_and_halves_the_speed_within_bounds)
{
    tap(KEY_SLOWER);
    cr_assert(eq(dbl, view_speed(&state), 0.5));
    for (int i = 0; i < 20; i++)
        tap(KEY_FASTER);
    cr_assert(eq(dbl, view_speed(&state), 8.0));
    for (int i = 0; i < 20; i++)
        tap(KEY_SLOWER);
    cr_assert(eq(dbl, view_speed(&state), 0.125));
}

Test(view_key, says_nothing_of_a_speed_at_its_end)
{
    for (int i = 0; i < SPEED_MOST; i++)
        tap(KEY_FASTER);
    text_clear(&trace);
    tap(KEY_FASTER);
    cr_assert(eq(str, trace.data, ""));
}

Test(view_key, slows_training_until_it_stands)
{
    for (int i = 0; i < 9; i++)
        tap(KEY_TRAIN_SLOWER);
    cr_assert(eq(int, state.train_speed, 0));
    tap(KEY_TRAIN_FASTER);
    cr_assert(eq(int, state.train_speed, 1));
}

Test(view_key, leaves_a_wish_that_is_taken_once)
{
    tap(KEY_NEXT_SEED);
    tap(KEY_STEP);
    cr_assert(eq(str, trace.data, "next seed\nstep\n"));
    cr_assert(not(view_take(&state, WISH_NEXT_MEMBER)));
    cr_assert(view_take(&state, WISH_NEXT_SEED));
    cr_assert(not(view_take(&state, WISH_NEXT_SEED)));
    tap(KEY_NEXT_METHOD); // twice before a frame is drawn
    tap(KEY_NEXT_METHOD);
    cr_assert(view_take(&state, WISH_NEXT_METHOD));
    cr_assert(view_take(&state, WISH_NEXT_METHOD));
    cr_assert(not(view_take(&state, WISH_NEXT_METHOD)));
    cr_assert(view_take(&state, WISH_STEP));
}

Test(view_key, holds_a_motor_as_long_as_its_key_is_down)
{
    view_key(&state, KEY_MOTOR_2_UP, true, &trace);
    cr_assert(eq(int, state.motor[1], 1));
    view_key(&state, KEY_MOTOR_2_DOWN, true, &trace);
    view_key(&state, KEY_MOTOR_2_UP, false, &trace);
    cr_assert(eq(int, state.motor[1], -1), "the key let go was not the last one pressed");
    view_key(&state, KEY_MOTOR_2_DOWN, false, &trace);
    cr_assert(eq(str, trace.data, "motor 2 +1\nmotor 2 -1\nmotor 2 +0\n"));
    cr_assert(eq(int, state.motor[0], 0));
}

// help has a word for every key, and each does something that is traced
Test(view_key, of_every_kind_is_documented)
{
    for (int i = 0; i < VIEW_KEYS; i++) {
        const ViewKeyRow *row = view_key_row((ViewKey)i);
        cr_assert(row->key && row->key[0], "key %d has no name", i);
        cr_assert(row->help && row->help[0], "'%s' has no help", row->key);
        text_clear(&trace);
        tap((ViewKey)i);
        cr_assert(lt(sz, 0, trace.length), "'%s' does nothing", row->key);
    }
}

// two motors with three levels each: action 3 j + i is levels i - 1 and j - 1, of other sizes
enum { ACTIONS = 9, MOTORS = 2 };

static void grid(double control[ACTIONS * MOTORS])
{
    for (int a = 0; a < ACTIONS; a++) {
        control[a * MOTORS] = 0.2 * (a % 3 - 1);
        int second = a / 3 - 1;
        control[a * MOTORS + 1] = 5.0 * second;
    }
}

Test(drive_action, is_the_nearest_to_what_is_held)
{
    double control[ACTIONS * MOTORS];
    grid(control);
    cr_assert(eq(int, drive_action(control, ACTIONS, MOTORS, (int[]){0, 0, 0}, 0), 4));
    cr_assert(eq(int, drive_action(control, ACTIONS, MOTORS, (int[]){1, 0, 0}, 0), 5));
    cr_assert(eq(int, drive_action(control, ACTIONS, MOTORS, (int[]){-1, 1, 0}, 0), 6));
}

Test(drive_action, stays_where_several_are_as_near)
{
    const double control[] = {-10.0, 10.0}; // a cart that is always pushed
    cr_assert(eq(int, drive_action(control, 2, 1, (int[]){0, 0, 0}, 1), 1));
    cr_assert(eq(int, drive_action(control, 2, 1, (int[]){0, 0, 0}, 0), 0));
    cr_assert(eq(int, drive_action(control, 2, 1, (int[]){-1, 0, 0}, 1), 0));
}
