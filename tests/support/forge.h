/** @file
 * An archive that somebody changed: its checksum fits, what it says cannot be.
 */
#ifndef TESTS_SUPPORT_FORGE_H
#define TESTS_SUPPORT_FORGE_H

#include <string.h>

#include <criterion/criterion.h>

#include "suite/core/file.h"
#include "suite/core/hash.h"
#include "suite/core/mem.h"

enum { FORGE_TAG = 24, FORGE_SUM = 8, FORGE_MOST = 1 << 24 };

/** Overwrite @p size bytes, @p at bytes into the piece called @p tag. */
static inline void test_forge(const char *path, const char *tag, size_t at, const void *with,
                              size_t size)
{
    char *bytes, name[FORGE_TAG] = {0};
    size_t length, found = 0;
    cr_assert(file_read(&bytes, &length, path, FORGE_MOST, NULL) == STATUS_OK);
    memcpy(name, tag, strlen(tag));
    while (found + FORGE_TAG < length && memcmp(bytes + found, name, FORGE_TAG) != 0)
        found++;
    size_t begin = found + FORGE_TAG + sizeof(uint64_t) + at;
    cr_assert(begin + size + FORGE_SUM <= length, "no '%s'", tag);
    memcpy(bytes + begin, with, size);
    uint64_t sum = hash_bytes(bytes, length - FORGE_SUM, 0);
    memcpy(bytes + length - FORGE_SUM, &sum, FORGE_SUM);
    cr_assert(file_write(path, bytes, length, NULL) == STATUS_OK);
    mem_free(bytes);
}

#endif
