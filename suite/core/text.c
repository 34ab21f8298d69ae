#include "suite/core/text.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "suite/core/mem.h"

enum { NAME_MAX_LENGTH = 64 };

char text_empty[1];

// room for `extra` more characters and the NUL
static bool reserve(Text *text, size_t extra)
{
    size_t need = text->length + extra + 1;
    if (need <= text->capacity) return true;

    size_t capacity = text->capacity ? text->capacity : 256;
    while (capacity < need)
        capacity *= 2;
    char *data = mem_grow(text->capacity ? text->data : NULL, text->capacity, capacity, 1);
    if (!data) {
        text->failed = true;
        return false;
    }
    text->data = data;
    text->capacity = capacity;
    return true;
}

void text_printf(Text *text, const char *format, ...)
{
    if (text->failed) return;

    va_list args;
    va_start(args, format);
    int n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (n < 0) text->failed = true; // longer than an int can say, or not a character
    if (n < 0 || !reserve(text, (size_t)n)) return;

    va_start(args, format);
    (void)vsnprintf(text->data + text->length, (size_t)n + 1, format, args);
    va_end(args);
    text->length += (size_t)n;
}

void text_bytes(Text *text, const void *bytes, size_t size)
{
    if (!size || text->failed || !reserve(text, size)) return;
    memcpy(text->data + text->length, bytes, size);
    text->length += size;
    text->data[text->length] = '\0';
}

void text_double(Text *text, double value)
{
    char digits[32];
    double_format(value, digits);
    text_printf(text, "%s", digits);
}

void text_clear(Text *text)
{
    text->length = 0;
    if (text->capacity) text->data[0] = '\0';
}

Status text_status(const Text *text, Error *err)
{
    return text->failed ? error_nomem(err) : STATUS_OK;
}

void text_release(Text *text)
{
    if (text->capacity) mem_free(text->data);
    *text = TEXT_INIT;
}

void double_format(double value, char out[32])
{
    if (isnan(value)) {
        memcpy(out, "nan", 4);
        return;
    }
    for (int digits = 15; digits <= 17; digits++) {
        (void)snprintf(out, 32, "%.*g", digits, value);
        if (isinf(value) || strtod(out, NULL) == value) return;
    }
}

bool parse_int(const char *text, int64_t lo, int64_t hi, int64_t *out)
{
    // strtoimax would also take leading blanks and signs like "+"
    if (!(*text == '-' || (*text >= '0' && *text <= '9'))) return false;

    char *end;
    errno = 0;
    intmax_t value = strtoimax(text, &end, 10);
    if (errno || end == text || *end || value < lo || value > hi) return false;
    *out = value;
    return true;
}

bool parse_double(const char *text, double *out)
{
    // strtod would also take blanks, hexadecimal, "nan" and "inf"
    if (!*text || strspn(text, "+-.0123456789eE") != strlen(text)) return false;

    char *end;
    double value = strtod(text, &end);
    if (end == text || *end || !isfinite(value)) return false;
    *out = value;
    return true;
}

static int min3(int a, int b, int c)
{
    int ab = a < b ? a : b;
    return ab < c ? ab : c;
}

// Levenshtein's distance, one row at a time
static int edits(const char *a, const char *b)
{
    int row[NAME_MAX_LENGTH + 1];
    int columns = (int)strlen(b);

    for (int j = 0; j <= columns; j++)
        row[j] = j;
    for (int i = 1; a[i - 1]; i++) {
        int diagonal = row[0];
        row[0] = i;
        for (int j = 1; j <= columns; j++) {
            int above = row[j];
            row[j] = min3(above + 1, row[j - 1] + 1, diagonal + (a[i - 1] != b[j - 1]));
            diagonal = above;
        }
    }
    return row[columns];
}

const char *nearest_name(const char *name, const char *const *names, int count)
{
    const char *best = NULL;
    int best_edits = 0;

    if (strlen(name) > NAME_MAX_LENGTH) return NULL;
    for (int i = 0; i < count; i++) {
        if (!names[i] || strlen(names[i]) > NAME_MAX_LENGTH) continue;
        int n = edits(name, names[i]);
        if (best && n >= best_edits) continue;
        best = names[i];
        best_edits = n;
    }
    if (!best) return NULL;

    int tolerated = (int)strlen(best) / 3;
    return best_edits <= (tolerated > 2 ? tolerated : 2) ? best : NULL;
}
