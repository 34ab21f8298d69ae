/** @file
 * Text: a growing string, numbers in and out without loss, and the nearest of some names.
 *
 * Layer: core.
 */
#ifndef SUITE_CORE_TEXT_H
#define SUITE_CORE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "suite/core/status.h"

/** A growing string. `data` is never NULL after TEXT_INIT and always ends in NUL. */
typedef struct Text {
    char *data;
    size_t length;
    size_t capacity; // 0: data is text_empty
    bool failed;     // memory ran out; the text is cut and text_status() says so
} Text;

extern char text_empty[1]; // "", never written to

#define TEXT_INIT ((Text){.data = text_empty})

/** Append as printf does. After a failure this does nothing: check text_status() at the end. */
void text_printf(Text *text, const char *format, ...) PRINTF_LIKE(2, 3);

/** Append @p size bytes as they are. A text that may hold NULs is known by its length. */
void text_bytes(Text *text, const void *bytes, size_t size);

/** Append the shortest decimal that reads back as exactly @p value ("nan", "inf" if not
 * finite). */
void text_double(Text *text, double value);

/** Forget the contents, keep the memory. */
void text_clear(Text *text);

/** STATUS_NOMEM if anything appended so far was lost. */
MUST_CHECK Status text_status(const Text *text, Error *err);

/** Release the contents; the text is then as after TEXT_INIT. */
void text_release(Text *text);

/** Write the shortest decimal that reads back as exactly @p value. */
void double_format(double value, char out[32]);

/** Read a whole decimal integer in [lo, hi]. @return false if it is anything else. */
bool parse_int(const char *text, int64_t lo, int64_t hi, int64_t *out);

/** Read a finite number, all of @p text, in the C locale. @return false if it is not one. */
bool parse_double(const char *text, double *out);

/**
 * The candidate with the fewest edits to @p name.
 *
 * @param names (count) candidates; NULL entries are skipped
 * @return NULL when even the nearest differs in more than a third of its letters (at least 2).
 */
const char *nearest_name(const char *name, const char *const *names, int count);

#endif
