#include "suite/core/status.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char *const names[] = {
#define STATUS_NAME(id, name) name,
    STATUS_LIST(STATUS_NAME)
#undef STATUS_NAME
};

const char *status_name(Status status)
{
    return names[status];
}

// a message is one line, whatever bytes a hostile file or name put into it
static void clean(char *message)
{
    for (char *p = message; *p; p++)
        if ((unsigned char)*p < ' ' || *p == 127) *p = '?';
}

Status error_set(Error *err, Status status, const char *format, ...)
{
    if (!err) return status;

    va_list args;
    va_start(args, format);
    err->status = status;
    (void)vsnprintf(err->message, sizeof err->message, format, args);
    va_end(args);
    clean(err->message);
    return status;
}

Status error_wrap(Error *err, Status status, const char *format, ...)
{
    if (!err) return status;

    Error inner = *err;
    va_list args;
    va_start(args, format);
    int n = vsnprintf(err->message, sizeof err->message, format, args);
    va_end(args);

    err->status = status;
    if (n < 0 || n >= (int)sizeof err->message - 3) return status;
    int room = (int)sizeof err->message - n - 3; // ": " and the NUL
    (void)snprintf(err->message + n, sizeof err->message - (size_t)n, ": %.*s", room,
                   inner.message);
    return status;
}
