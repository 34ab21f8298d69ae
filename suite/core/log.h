/** @file
 * Messages to people, on standard error: one line each, "suite: " before it.
 *
 * Layer: core. Results go to standard output and only from the command line's files.
 */
#ifndef SUITE_CORE_LOG_H
#define SUITE_CORE_LOG_H

#include <stdbool.h>

#include "suite/core/status.h"

/** Drop notes and warnings from now on (`--quiet`); errors stay. Set once, in main. */
void log_set_quiet(bool quiet);

/** How far the work is. On a terminal one line, which the next message of any kind replaces;
 *  elsewhere the same as log_note(). */
void log_progress(const char *format, ...) PRINTF_LIKE(1, 2);

/** Something the user may like to know, as it is. */
void log_note(const char *format, ...) PRINTF_LIKE(1, 2);

/** Something the user should look at: "suite: warning: ...". */
void log_warning(const char *format, ...) PRINTF_LIKE(1, 2);

/** Something that failed: "suite: ...". */
void log_error(const char *format, ...) PRINTF_LIKE(1, 2);

#endif
