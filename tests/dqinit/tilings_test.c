#include "dqinit/tilings.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "suite/core/rng.h"

static Tilings tilings;

static void setup(void)
{
    const float lo[] = {0.0f, -1.0f}, hi[] = {1.0f, 1.0f};
    tilings_init(&tilings, 2, 4, 10, lo, hi);
}

TestSuite(tilings, .init = setup);

Test(tilings, cuts_each_range_into_its_parts)
{
    // the first tiling is not shifted: parts of .1 and .2
    const float a[] = {0.31f, -0.99f}, same[] = {0.39f, -0.81f}, right[] = {0.41f, -0.99f};
    const float above[] = {0.31f, -0.79f};
    cr_assert(tilings_cell(&tilings, 0, a) == tilings_cell(&tilings, 0, same));
    cr_assert(tilings_cell(&tilings, 0, a) != tilings_cell(&tilings, 0, right));
    cr_assert(tilings_cell(&tilings, 0, a) != tilings_cell(&tilings, 0, above));
}

Test(tilings, shifts_each_tiling_by_its_own_share)
{
    // tiling 1 moves the first coordinate's borders by a quarter of a part, the second's by
    // three quarters: of two points either side of a border of tiling 0, tiling 1 sees one cell
    const float left[] = {0.399f, 0.0f}, right[] = {0.401f, 0.0f};
    cr_assert(tilings_cell(&tilings, 0, left) != tilings_cell(&tilings, 0, right));
    cr_assert(tilings_cell(&tilings, 1, left) == tilings_cell(&tilings, 1, right));
    const float before[] = {0.374f, 0.0f}, after[] = {0.376f, 0.0f};
    cr_assert(tilings_cell(&tilings, 1, before) != tilings_cell(&tilings, 1, after));
    const float under[] = {0.5f, 0.049f}, over[] = {0.5f, 0.051f};
    cr_assert(tilings_cell(&tilings, 0, under) == tilings_cell(&tilings, 0, over));
    cr_assert(tilings_cell(&tilings, 1, under) != tilings_cell(&tilings, 1, over));
}

// the key as files hold it: per tiling, the part of each coordinate with the tiling's own shift
static uint64_t key_in_files(const Tilings *of, int t, const float *x)
{
    uint64_t key = (uint64_t)t;
    for (int k = 0; k < of->dims; k++) {
        float inside = x[k] < of->lo[k] ? of->lo[k] : x[k] > of->hi[k] ? of->hi[k] : x[k];
        float shift = (float)(t * (2 * k + 1) % of->count) / (float)of->count;
        float part = (inside - of->lo[k]) / (of->hi[k] - of->lo[k]) * (float)of->bins + shift;
        key = key * 32 + (uint64_t)part;
    }
    return key;
}

Test(tilings, gives_the_keys_that_files_hold)
{
    static Tilings odd;
    const float lo[] = {-0.22f, -3.0f, 0.1f}, hi[] = {0.22f, 3.1f, 0.7f};
    tilings_init(&odd, 3, 7, 9, lo, hi);
    RngStream rng = rng_stream(3, RNG_METHOD, 0);
    for (int i = 0; i < 20000; i++) {
        float x[TILINGS_DIMS] = {0}, part[TILINGS_DIMS];
        // every other point on borders of tilings, where a rounding would show
        for (int k = 0; k < 3; k++)
            x[k] = i % 2 ? (float)rng_uniform(&rng, (double)lo[k] - 0.1, (double)hi[k] + 0.1)
                         : lo[k] + (hi[k] - lo[k]) * (float)rng_below(&rng, 64) / 63.0f;
        tilings_scale(&odd, x, part);
        for (int t = 0; t < odd.count; t++) {
            uint64_t expected = key_in_files(&odd, t, x);
            cr_assert(tilings_cell(&odd, t, x) == expected, "point %d, tiling %d", i, t);
            cr_assert(tilings_key(&odd, t, part) == expected, "point %d, tiling %d", i, t);
        }
    }
}

Test(tilings, gives_no_cell_of_two_tilings_the_same_key)
{
    const float x[] = {0.5f, 0.0f};
    for (int s = 0; s < tilings.count; s++)
        for (int t = 0; t < s; t++)
            cr_assert(tilings_cell(&tilings, s, x) != tilings_cell(&tilings, t, x));
}

Test(tilings, takes_values_outside_as_on_the_border)
{
    const float below[] = {-9.0f, 0.0f}, low[] = {0.0f, 0.0f};
    const float beyond[] = {9.0f, 0.0f}, high[] = {1.0f, 0.0f};
    for (int t = 0; t < tilings.count; t++) {
        cr_assert(tilings_cell(&tilings, t, below) == tilings_cell(&tilings, t, low));
        cr_assert(tilings_cell(&tilings, t, beyond) == tilings_cell(&tilings, t, high));
        cr_assert(tilings_cell(&tilings, t, low) != tilings_cell(&tilings, t, high));
    }
}

Test(tilings, fits_the_largest_shape_into_a_key)
{
    static Tilings large;
    float lo[TILINGS_DIMS] = {0}, hi[TILINGS_DIMS], x[TILINGS_DIMS], y[TILINGS_DIMS];
    for (int k = 0; k < TILINGS_DIMS; k++)
        hi[k] = x[k] = y[k] = 1.0f;
    tilings_init(&large, TILINGS_DIMS, TILINGS_COUNT, TILINGS_BINS - 1, lo, hi);
    // every coordinate, the first and the last among them, still tells two points apart
    for (int k = 0; k < TILINGS_DIMS; k++) {
        y[k] = 0.0f;
        for (int t = 0; t < TILINGS_COUNT; t++)
            cr_assert(tilings_cell(&large, t, x) != tilings_cell(&large, t, y), "coordinate %d",
                      k);
        y[k] = 1.0f;
    }
    cr_assert(tilings_cell(&large, 0, x) != tilings_cell(&large, TILINGS_COUNT - 1, x));
}
