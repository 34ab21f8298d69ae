/** @file
 * Gnuplot as a process of its own.
 *
 * Layer: plots.
 */
#ifndef PLOTS_GNUPLOT_H
#define PLOTS_GNUPLOT_H

#include "suite/core/status.h"

/**
 * Let gnuplot draw a script.
 *
 * It starts in @p folder and reads no settings of the user's. The same script and data give the
 * same bytes, but for a PDF, which has a date.
 *
 * @param script a file's name in the folder
 * @errors STATUS_MISSING if gnuplot is not installed; STATUS_WORKER with what it said if it did
 *         not end with 0; STATUS_IO if it cannot be started.
 */
MUST_CHECK Status gnuplot_draw(const char *folder, const char *script, Error *err);

#endif
