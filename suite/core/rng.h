/** @file
 * Random numbers: one counter-based stream per (key, purpose, index).
 *
 * Layer: core. A stream is a value; two streams never share a draw, so exploring more or less
 * cannot move a reset, and evaluation episode 17 is the same whoever runs it and in whatever
 * order. Every method given the same key meets the same episodes (common random numbers).
 *
 * @source Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3", Philox4x32-10,
 *         from the Random123 library.
 */
#ifndef SUITE_CORE_RNG_H
#define SUITE_CORE_RNG_H

#include <stdint.h>

/** What a stream is for. Values are part of every result: never renumber, only append. */
typedef enum RngPurpose {
    RNG_NETWORK = 1,   // initial weights; index 0
    RNG_RESET = 2,     // start state of a training episode; index = episode
    RNG_EXPLORE = 3,   // whether and where to explore; index 0
    RNG_REPLAY = 4,    // which transitions to learn from; index 0
    RNG_EVALUATE = 5,  // start state of an evaluation episode; index = series and episode
    RNG_METHOD = 6,    // whatever a transfer method draws; index is the method's
    RNG_GATHER = 7,    // states gathered from a solved source; index = episode
    RNG_BOOTSTRAP = 8, // resamples of seeds; index = statistic
    RNG_ROLLOUT = 9,   // `suite rollout --seed`; index 0
    RNG_RANDOM = 10,   // actions of a random episode, a reference; index 0
    RNG_TRIAL = 11,    // start state of a source's trial episode; index = episode of each
} RngPurpose;

/** A position in a stream; plain data, copied freely, saved as it is in a checkpoint. */
typedef struct RngStream {
    uint32_t key[2];
    uint32_t counter[4]; // block number, purpose, index low, index high
    uint32_t block[4];   // words of the current block
    uint32_t used;       // words of it already given, 4 = none left
    uint32_t unused;     // keeps the struct free of padding
} RngStream;

/** The start of stream (@p key, @p purpose, @p index). */
RngStream rng_stream(uint64_t key, RngPurpose purpose, uint64_t index);

/** The next 32 random bits; draws one word. */
uint32_t rng_word(RngStream *rng);

/** Uniform in [lo, hi), 53 bits; draws two words. */
double rng_uniform(RngStream *rng, double lo, double hi);

/** Standard normal by Box-Muller, one of the pair; draws four words. */
double rng_normal(RngStream *rng);

/** Unbiased integer in [0, n), n > 0; draws one word, seldom more. */
int rng_below(RngStream *rng, int n);

#endif
