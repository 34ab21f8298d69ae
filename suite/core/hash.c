#include "suite/core/hash.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

uint64_t hash_bytes(const void *data, size_t size, uint64_t seed)
{
    return XXH3_64bits_withSeed(data, size, seed);
}

uint64_t hash_string(const char *text, uint64_t seed)
{
    return hash_bytes(text, strlen(text), seed);
}

void hash_format(uint64_t hash, char text[HASH_TEXT])
{
    (void)snprintf(text, HASH_TEXT, "%016" PRIx64, hash);
}
