#include "suite/core/hash.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

// xxHash's own vectors for XXH3_64bits_withSeed (github.com/Cyan4973/xxHash, commit b2e9dbb,
// cli/xsum_sanity_check.c lines 132 to 140), on the bytes that its lines 45 to 56 make
static const uint64_t prime32 = 0x9e3779b1, prime64 = 0x9e3779b185ebca8d;

static const struct {
    size_t size;
    uint64_t seed, hash;
} known[] = {
    {0, 0, 0x2d06800538d394c2},  {0, prime64, 0xa8a6b918b2f0364a},
    {1, 0, 0xc44bdff4074eecdb},  {1, prime64, 0x032be332dd766ef8},
    {6, 0, 0x27b56a84cd2d7325},  {6, prime64, 0x84589c116ab59ab9},
    {12, 0, 0xa713daf0dfbb77e7}, {12, prime64, 0xe7303e1b2336de0e},
    {24, 0, 0xa3fe70bf9d3510eb},
};

Test(hash_bytes, gives_the_known_answers_of_xxh3)
{
    unsigned char bytes[24];
    uint64_t state = prime32;
    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = (unsigned char)(state >> 56);
        state *= prime64;
    }
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        cr_assert(eq(u64, hash_bytes(bytes, known[i].size, known[i].seed), known[i].hash),
                  "vector %zu", i);
}

Test(hash_string, leaves_the_end_of_the_string_out)
{
    cr_assert(eq(u64, hash_string("reacher", 5), hash_bytes("reacher", 7, 5)));
    cr_assert(eq(u64, hash_string("", 0), known[0].hash));
}

Test(hash_string, chained_tells_what_came_before_and_where_it_ended)
{
    uint64_t hash = hash_string("bc", hash_string("a", 0));
    cr_assert(ne(u64, hash, hash_string("bc", hash_string("x", 0))));
    cr_assert(ne(u64, hash, hash_string("c", hash_string("ab", 0))));
}

Test(hash_format, writes_sixteen_digits_with_leading_zeros)
{
    char text[HASH_TEXT];
    hash_format(0xabcdef, text);
    cr_assert(eq(str, text, "0000000000abcdef"));
    hash_format(UINT64_MAX, text);
    cr_assert(eq(str, text, "ffffffffffffffff"));
}
