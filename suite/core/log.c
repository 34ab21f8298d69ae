#include "suite/core/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

static bool is_quiet;
static bool is_live; // a line of progress is on the terminal, without its line feed

void log_set_quiet(bool quiet)
{
    is_quiet = quiet;
}

// to the beginning of the line, and erase it (ECMA-48)
static const char erase[] = "\r\033[K";

// one call to stdio per line, so that lines of several workers do not mix
static void say(const char *prefix, const char *format, va_list args)
{
    char line[1024];
    (void)vsnprintf(line, sizeof line, format, args);
    (void)fprintf(stderr, "%s%s%s\n", is_live ? erase : "", prefix, line);
    is_live = false;
}

void log_progress(const char *format, ...)
{
    if (is_quiet) return;
    va_list args;
    va_start(args, format);
    if (isatty(STDERR_FILENO)) {
        char line[1024];
        (void)vsnprintf(line, sizeof line, format, args);
        (void)fprintf(stderr, "%s%s", erase, line);
        is_live = true;
    } else {
        say("", format, args);
    }
    va_end(args);
}

void log_note(const char *format, ...)
{
    if (is_quiet) return;
    va_list args;
    va_start(args, format);
    say("", format, args);
    va_end(args);
}

void log_warning(const char *format, ...)
{
    if (is_quiet) return;
    va_list args;
    va_start(args, format);
    say("suite: warning: ", format, args);
    va_end(args);
}

void log_error(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    say("suite: ", format, args);
    va_end(args);
}
