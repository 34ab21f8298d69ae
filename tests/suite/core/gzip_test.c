#include "suite/core/gzip.h"

#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "suite/core/mem.h"

enum { LARGE = 300000 };

static Text packed;
static char *data;
static size_t size;
static Error err;

static void setup(void)
{
    packed = TEXT_INIT;
}

static void teardown(void)
{
    text_release(&packed);
    mem_free(data);
}

TestSuite(gzip, .init = setup, .fini = teardown);

static Status unpack(size_t limit)
{
    return gzip_unpack(&data, &size, &packed, limit, "x.gz", &err);
}

// printf hello | gzip -n, by GNU gzip 1.12
static const unsigned char hello[] = {0x1f, 0x8b, 8,    0,    0,    0,    0, 0, 0,
                                      3,    0xcb, 0x48, 0xcd, 0xc9, 0xc9, 7, 0, 0x86,
                                      0xa6, 0x10, 0x36, 5,    0,    0,    0};

Test(gzip, reads_what_gzip_wrote)
{
    text_bytes(&packed, hello, sizeof hello);
    cr_assert(eq(int, unpack(5), STATUS_OK), "%s", err.message);
    cr_assert(eq(sz, size, 5));
    cr_assert(eq(str, data, "hello"));
}

Test(gzip, what_is_packed_comes_back)
{
    static char noise[LARGE];
    unsigned state = 1;
    for (int i = 0; i < LARGE; i++)
        noise[i] = (char)((state = state * 1664525u + 1013904223u) >> 24);
    cr_assert(eq(int, gzip_pack(&packed, noise, LARGE, &err), STATUS_OK));
    cr_assert(eq(int, unpack(LARGE), STATUS_OK), "%s", err.message);
    cr_assert(eq(sz, size, LARGE));
    cr_assert(eq(int, memcmp(data, noise, LARGE), 0));
}

Test(gzip, nothing_is_packed_too)
{
    cr_assert(eq(int, gzip_pack(&packed, "", 0, &err), STATUS_OK));
    cr_assert(eq(int, unpack(0), STATUS_OK), "%s", err.message);
    cr_assert(eq(str, data, ""));
}

Test(gzip, more_than_the_limit_is_refused)
{
    char *zeros = mem_array(LARGE, 1);
    cr_assert(eq(int, gzip_pack(&packed, zeros, LARGE, &err), STATUS_OK));
    mem_free(zeros);
    cr_assert(lt(sz, packed.length, 2000));
    cr_assert(eq(int, unpack(LARGE - 1), STATUS_RANGE));
    cr_assert(eq(str, err.message, "'x.gz' unpacks to more than 299999 bytes"));
    cr_assert(eq(ptr, data, NULL));
}

// every cut and every changed byte but those of the header that say nothing: flags of text,
// time and system
Test(gzip, damage_is_refused)
{
    for (size_t cut = 0; cut < sizeof hello; cut++) {
        text_clear(&packed);
        text_bytes(&packed, hello, cut);
        cr_assert(eq(int, unpack(100), STATUS_PARSE), "cut at %zu", cut);
        cr_assert(eq(str, err.message, "'x.gz' is not a whole gzip file"));
    }
    for (size_t i = 0; i < sizeof hello; i++) {
        if (i >= 3 && i < 10) continue;
        text_clear(&packed);
        text_bytes(&packed, hello, sizeof hello);
        packed.data[i] ^= 1;
        cr_assert(eq(int, unpack(100), STATUS_PARSE), "changed at %zu", i);
    }
    text_clear(&packed);
    text_bytes(&packed, hello, sizeof hello);
    text_bytes(&packed, "more", 4);
    cr_assert(eq(int, unpack(100), STATUS_PARSE));
}

Test(gzip, lack_of_memory_is_said)
{
    Status status = STATUS_NOMEM;
    int failures = -1;
    for (; status != STATUS_OK; failures++) {
        mem_free(data);
        text_release(&packed);
        mem_fail_at(failures + 1);
        status = gzip_pack(&packed, "hello", 5, &err);
        if (status == STATUS_OK) status = unpack(100);
        mem_fail_at(-1);
        cr_assert(status == STATUS_OK || status == STATUS_NOMEM, "%s", err.message);
    }
    cr_assert(lt(int, 5, failures));
    cr_assert(eq(str, data, "hello"));
}
