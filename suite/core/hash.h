/** @file
 * Names for contents: 64-bit XXH3, the checksum of our files and the id of settings and models.
 *
 * Layer: core. Not a defence against malice.
 */
#ifndef SUITE_CORE_HASH_H
#define SUITE_CORE_HASH_H

#include <stddef.h>
#include <stdint.h>

enum { HASH_TEXT = 17 }; // 16 hexadecimal digits and the NUL

/** XXH3 of @p size bytes; chain calls through @p seed to hash several pieces. */
uint64_t hash_bytes(const void *data, size_t size, uint64_t seed);

/** hash_bytes() of a string without its NUL. */
uint64_t hash_string(const char *text, uint64_t seed);

/** Write @p hash as 16 lower-case hexadecimal digits. */
void hash_format(uint64_t hash, char text[HASH_TEXT]);

#endif
