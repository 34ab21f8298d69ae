#include "suite/core/rng.h"

#include <Random123/philox.h>
#include <math.h>

#include "suite/core/check.h"

RngStream rng_stream(uint64_t key, RngPurpose purpose, uint64_t index)
{
    return (RngStream){
        .key = {(uint32_t)key, (uint32_t)(key >> 32)},
        .counter = {0, (uint32_t)purpose, (uint32_t)index, (uint32_t)(index >> 32)},
        .used = 4,
    };
}

uint32_t rng_word(RngStream *rng)
{
    if (rng->used >= 4) { // more only in a stream from a file that was made up
        philox4x32_ctr_t counter = {
            {rng->counter[0], rng->counter[1], rng->counter[2], rng->counter[3]}};
        philox4x32_key_t key = {{rng->key[0], rng->key[1]}};
        philox4x32_ctr_t words = philox4x32(counter, key);
        for (int i = 0; i < 4; i++)
            rng->block[i] = words.v[i];
        rng->counter[0]++;
        CHECK(rng->counter[0] != 0); // 2^34 draws from one stream
        rng->used = 0;
    }
    return rng->block[rng->used++];
}

// uniform in [0, 1) with 53 bits
static double unit(RngStream *rng)
{
    uint64_t high = rng_word(rng);
    uint64_t low = rng_word(rng);
    return (double)((high << 32 | low) >> 11) * 0x1p-53;
}

double rng_uniform(RngStream *rng, double lo, double hi)
{
    double x = lo + (hi - lo) * unit(rng);
    return x < hi ? x : lo; // rounding may reach hi when the interval is wide
}

double rng_normal(RngStream *rng)
{
    double radius = sqrt(-2.0 * log(1.0 - unit(rng)));
    double angle = 6.283185307179586 * unit(rng);
    return radius * cos(angle);
}

// multiply and shift, rejecting the few words that would favour small numbers (Lemire 2019)
int rng_below(RngStream *rng, int n)
{
    CHECK(n > 0);
    uint32_t bound = (uint32_t)n;
    uint64_t product = (uint64_t)rng_word(rng) * bound;
    // a remainder of at least the bound is never rejected, which saves a division
    if ((uint32_t)product < bound) {
        uint32_t reject = (0u - bound) % bound;
        while ((uint32_t)product < reject)
            product = (uint64_t)rng_word(rng) * bound;
    }
    return (int)(product >> 32);
}
