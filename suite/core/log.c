#include "suite/core/log.h"

#include <stdarg.h>
#include <stdio.h>

static bool is_quiet;

void log_set_quiet(bool quiet)
{
    is_quiet = quiet;
}

// one call to stdio per line, so that lines of several workers do not mix
static void say(const char *prefix, const char *format, va_list args)
{
    char line[1024];
    (void)vsnprintf(line, sizeof line, format, args);
    (void)fprintf(stderr, "%s%s\n", prefix, line);
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
