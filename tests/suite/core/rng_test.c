#include "suite/core/rng.h"

#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

// Random123's own vectors for philox4x32-10 (github.com/DEShawResearch/random123, v1.14.0,
// tests/kat_vectors lines 27 and 29): counter, key, four words. Line 28 has the last counter of
// all, where a stream stops instead (see below).
static const struct {
    uint32_t counter[4], key[2], word[4];
} known[] = {
    {{0, 0, 0, 0}, {0, 0}, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
    {{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
     {0xa4093822, 0x299f31d0},
     {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
};

static RngStream stream_at(const uint32_t counter[4], const uint32_t key[2])
{
    RngStream rng = {.used = 4};
    memcpy(rng.counter, counter, sizeof rng.counter);
    memcpy(rng.key, key, sizeof rng.key);
    return rng;
}

Test(rng_word, gives_the_known_answers_of_philox)
{
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        RngStream rng = stream_at(known[i].counter, known[i].key);
        for (int w = 0; w < 4; w++)
            cr_assert(eq(u32, rng_word(&rng), known[i].word[w]), "vector %zu word %d", i, w);
    }
}

Test(rng_word, goes_on_with_the_next_counter)
{
    const uint32_t next[4] = {1, RNG_REPLAY, 0x55667788, 0x11223344};
    const uint32_t key[2] = {0xddccbbaa, 0x0000ffee};
    RngStream expected = stream_at(next, key);
    RngStream rng = rng_stream(0xffeeddccbbaa, RNG_REPLAY, 0x1122334455667788);

    for (int w = 0; w < 4; w++)
        (void)rng_word(&rng);
    for (int w = 0; w < 4; w++)
        cr_assert(eq(u32, rng_word(&rng), rng_word(&expected)), "word %d", w);
}

Test(rng_word, stops_rather_than_begin_again, .signal = SIGABRT)
{
    RngStream rng = stream_at((uint32_t[4]){UINT32_MAX}, known[0].key);
    (void)rng_word(&rng);
}

// as a file may say that was made up
Test(rng_word, reads_no_word_behind_the_last_of_a_block)
{
    RngStream rng = stream_at(known[0].counter, known[0].key);
    rng.used = 9;
    cr_assert(eq(u32, rng_word(&rng), known[0].word[0]));
    cr_assert(eq(u32, rng.used, 1));
}

static int by_value(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

Test(rng_stream, shares_no_words_with_its_neighbours)
{
    enum { KEYS = 3, PURPOSES = 3, INDICES = 3, WORDS = 64 };
    static const uint64_t key[KEYS] = {0, 1, 1ull << 32};
    static const uint64_t index[INDICES] = {0, 1, 1ull << 32};
    uint32_t word[KEYS * PURPOSES * INDICES * WORDS];
    int n = 0;

    for (int k = 0; k < KEYS; k++)
        for (int p = 0; p < PURPOSES; p++)
            for (int i = 0; i < INDICES; i++) {
                RngStream rng = rng_stream(key[k], (RngPurpose)(RNG_NETWORK + p), index[i]);
                for (int w = 0; w < WORDS; w++)
                    word[n++] = rng_word(&rng);
            }
    // one chance in three thousand that so many free words hold a pair; these hold none
    qsort(word, (size_t)n, sizeof word[0], by_value);
    for (int i = 1; i < n; i++)
        cr_assert(ne(u32, word[i], word[i - 1]), "a word came twice");
}

Test(rng_stream, is_not_moved_by_draws_from_another)
{
    RngStream explore = rng_stream(7, RNG_EXPLORE, 0);
    RngStream alone = rng_stream(7, RNG_RESET, 3), beside = alone;
    for (int i = 0; i < 100; i++) {
        (void)rng_normal(&explore);
        cr_assert(eq(u32, rng_word(&alone), rng_word(&beside)), "draw %d", i);
        (void)rng_below(&explore, 9);
    }
}

Test(rng_stream, is_the_same_whenever_it_is_asked_for)
{
    RngStream first = rng_stream(7, RNG_EVALUATE, 17);
    (void)rng_stream(7, RNG_EVALUATE, 16);
    RngStream again = rng_stream(7, RNG_EVALUATE, 17);
    for (int i = 0; i < 10; i++)
        cr_assert(eq(u32, rng_word(&again), rng_word(&first)), "draw %d", i);
}

Test(rng_stream, continues_from_a_copy_of_its_bytes)
{
    RngStream rng = rng_stream(7, RNG_REPLAY, 0), saved;
    (void)rng_word(&rng);
    memcpy(&saved, &rng, sizeof saved);
    for (int i = 0; i < 10; i++)
        cr_assert(eq(u32, rng_word(&saved), rng_word(&rng)), "draw %d", i);
}

// the words that came between the stream's start and its present position
static int words_drawn(const RngStream *rng)
{
    return (int)rng->counter[0] * 4 - 4 + (int)rng->used;
}

Test(rng, draws_as_many_words_as_the_header_says)
{
    RngStream rng = rng_stream(1, RNG_METHOD, 0);
    (void)rng_word(&rng);
    cr_assert(eq(int, words_drawn(&rng), 1));
    (void)rng_uniform(&rng, 0, 1);
    cr_assert(eq(int, words_drawn(&rng), 3));
    (void)rng_normal(&rng);
    cr_assert(eq(int, words_drawn(&rng), 7));
    (void)rng_below(&rng, 8);
    cr_assert(eq(int, words_drawn(&rng), 8));
}

Test(rng_uniform, fills_its_interval_and_never_leaves_it)
{
    enum { N = 200000, BINS = 20 };
    RngStream rng = rng_stream(3, RNG_METHOD, 0);
    int bin[BINS] = {0};
    for (int i = 0; i < N; i++) {
        double x = rng_uniform(&rng, -3.0, 7.0);
        cr_assert(x >= -3.0 && x < 7.0, "draw %d is %.17g", i, x);
        bin[(int)((x + 3.0) / 10.0 * BINS)]++;
    }
    // 10,000 a bin, with a standard deviation of 97
    for (int b = 0; b < BINS; b++)
        cr_assert(abs(bin[b] - N / BINS) < 500, "bin %d holds %d", b, bin[b]);
}

Test(rng_uniform, has_the_53_high_bits_of_two_words)
{
    RngStream rng = rng_stream(3, RNG_METHOD, 0), words = rng;
    for (int i = 0; i < 100; i++) {
        uint64_t high = rng_word(&words), low = rng_word(&words);
        double expected = ldexp((double)(high << 21 | low >> 11), -53);
        cr_assert(eq(dbl, rng_uniform(&rng, 0.0, 1.0), expected), "draw %d", i);
    }
}

Test(rng_uniform, does_not_reach_its_upper_end_by_rounding)
{
    RngStream rng = rng_stream(3, RNG_METHOD, 0);
    const double above = nextafter(1.0, 2.0);
    for (int i = 0; i < 1000; i++)
        cr_assert(eq(dbl, rng_uniform(&rng, 1.0, above), 1.0), "draw %d", i);
}

Test(rng_below, is_in_range_and_reaches_every_value)
{
    RngStream rng = rng_stream(4, RNG_METHOD, 0);
    for (int n = 1; n <= 40; n++) {
        int seen[40] = {0};
        for (int i = 0; i < 100 * n; i++) {
            int x = rng_below(&rng, n);
            cr_assert(x >= 0 && x < n, "%d of %d", x, n);
            seen[x]++;
        }
        for (int x = 0; x < n; x++)
            cr_assert(lt(int, 0, seen[x]), "%d of %d never came", x, n);
    }
}

Test(rng_below, is_unbiased_where_a_plain_multiplication_is_not)
{
    // 2^32 words on 3 * 2^29 values: without rejection two values in three get 3 words and the
    // third gets 2, so the shares by remainder would be 0.375, 0.375, 0.25
    enum { N = 60000 };
    RngStream rng = rng_stream(5, RNG_METHOD, 0);
    int share[3] = {0};
    for (int i = 0; i < N; i++)
        share[rng_below(&rng, 3 << 29) % 3]++;
    for (int r = 0; r < 3; r++)
        cr_assert(abs(share[r] - N / 3) < 600, "remainder %d came %d times", r, share[r]);
}

Test(rng_below, calls_an_empty_range_a_bug, .signal = SIGABRT)
{
    RngStream rng = rng_stream(6, RNG_METHOD, 0);
    (void)rng_below(&rng, 0);
}

Test(rng_normal, has_the_moments_of_a_normal)
{
    enum { N = 400000 };
    RngStream rng = rng_stream(8, RNG_METHOD, 0);
    double sum[5] = {0}, lagged = 0, last = 0;
    int within = 0;
    for (int i = 0; i < N; i++) {
        double x = rng_normal(&rng);
        for (int p = 1; p <= 4; p++)
            sum[p] += pow(x, p);
        within += fabs(x) < 1.0;
        lagged += x * last;
        last = x;
    }
    // standard errors 0.0016, 0.0022, 0.006, 0.015, 0.0007, 0.0016: five of them each
    cr_assert(epsilon_eq(dbl, sum[1] / N, 0.0, 0.008));
    cr_assert(epsilon_eq(dbl, sum[2] / N, 1.0, 0.011));
    cr_assert(epsilon_eq(dbl, sum[3] / N, 0.0, 0.031));
    cr_assert(epsilon_eq(dbl, sum[4] / N, 3.0, 0.078));
    cr_assert(epsilon_eq(dbl, (double)within / N, 0.682689, 0.0037));
    cr_assert(epsilon_eq(dbl, lagged / N, 0.0, 0.008));
}
