/** @file
 * What the user has asked the viewer for, and the keys that ask for it.
 *
 * Layer: view. Plain data without a window: a key changes the state or leaves a wish that the
 * loop fulfils, and says so in one line, so that what keys do is tested without a display.
 */
#ifndef SUITE_VIEW_STATE_H
#define SUITE_VIEW_STATE_H

#include <stdbool.h>

#include "suite/core/text.h"

typedef enum ViewKey {
    KEY_HELP,
    KEY_PAUSE,
    KEY_STEP,
    KEY_SLOWER,
    KEY_FASTER,
    KEY_RESTART,
    KEY_NEXT_START,
    KEY_NEXT_SEED,
    KEY_NEXT_MEMBER,
    KEY_NEXT_METHOD,
    KEY_DRIVE,
    KEY_MOTOR_1_DOWN,
    KEY_MOTOR_1_UP,
    KEY_MOTOR_2_DOWN,
    KEY_MOTOR_2_UP,
    KEY_MOTOR_3_DOWN,
    KEY_MOTOR_3_UP,
    KEY_TRAIN_SLOWER,
    KEY_TRAIN_FASTER,
    KEY_PANELS,
    KEY_HUD,
    KEY_CAMERA,
    KEY_PICTURE,
    KEY_MOVIE,
    KEY_QUIT,
    VIEW_KEYS
} ViewKey;

/** What help says of a key. */
typedef struct ViewKeyRow {
    const char *key;  // as it is printed on the keyboard
    const char *help; // a few words, lower case
} ViewKeyRow;

/** @pre @p key < VIEW_KEYS */
const ViewKeyRow *view_key_row(ViewKey key);

/** What only the loop can do. */
typedef enum ViewWish {
    WISH_STEP,       // one control step while paused
    WISH_RESTART,    // the same start once more
    WISH_NEXT_START, // the next episode's
    WISH_NEXT_SEED,  // another run: the next of its folder's neighbours
    WISH_NEXT_MEMBER,
    WISH_NEXT_METHOD,
    WISH_CAMERA, // back to the family's own view
    WISH_PICTURE,
    WISH_MOVIE, // begin or end recording
    VIEW_WISHES
} ViewWish;

enum {
    DRIVE_MOTORS = 3,    // that have keys
    SPEED_MOST = 3,      // playing is 2^-3 to 2^3 times real time
    WISHED_MOST = 16,    // of a kind that wait, where drawing is slower than the fingers
    TRAIN_SPEED_MOST = 4 // of training: 4^(speed - 1), and 0 is stopped
};

typedef struct ViewState {
    bool paused, help, hud, panels, driving, quit;
    int speed;               // playing at 2^speed times real time
    int train_speed;         // 0: training stands; else 4^(speed - 1) shares of it a frame
    int motor[DRIVE_MOTORS]; // direction held by keys: -1, 0, 1
    int wished[VIEW_WISHES]; // how often, and not taken yet
} ViewState;

/** Everything shown, running at real time. */
ViewState view_state(void);

/**
 * A key went down or up.
 *
 * @param trace takes a line such as "pause on" for every change; going up says something for
 *        the motors' keys only
 */
void view_key(ViewState *state, ViewKey key, bool down, Text *trace);

/** Was it wished for? Then once less. */
bool view_take(ViewState *state, ViewWish wish);

/** Real seconds to simulated ones. */
double view_speed(const ViewState *state);

/**
 * The action whose controls come nearest to what the motors' keys ask for, in the units of the
 * largest control each motor is ever given.
 *
 * @param control (actions x motors) of each action
 * @param before  the action of the step before, kept where several come as near
 */
int drive_action(const double *control, int actions, int motors, const int *wanted, int before);

#endif
