/** @file
 * The mean of the last few returns.
 *
 * Layer: baselines.
 */
#ifndef BASELINES_WINDOW_H
#define BASELINES_WINDOW_H

#include <stdbool.h>
#include <stdint.h>

enum { WINDOW_MOST = 100 };

/** Plain data without padding, zeroed when empty; saved as it is in a checkpoint. */
typedef struct Window {
    int64_t count; // values pushed since it was empty
    double value[WINDOW_MOST];
} Window;

/** Add a value; the last @p size of them are kept. @pre 1 <= size <= WINDOW_MOST, always the
 *  same until the window is emptied. */
void window_push(Window *window, int size, double value);

/** Have as many as @p size been pushed? */
bool window_is_full(const Window *window, int size);

/** The mean of the last @p size values. @pre the window is full. */
double window_mean(const Window *window, int size);

#endif
