/** @file
 * The mean of the last few returns.
 *
 * Layer: baselines.
 */
#ifndef BASELINES_WINDOW_H
#define BASELINES_WINDOW_H

#include <stdbool.h>
#include <stdint.h>

#include "suite/core/archive.h"

enum { WINDOW_MOST = 100 };

/** Plain data, zeroed when empty. The next value goes to place `count` modulo the size. */
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

/** Save or restore; reading refuses a count that would place the next value outside. */
void window_archive(Window *window, Archive *archive);

#endif
