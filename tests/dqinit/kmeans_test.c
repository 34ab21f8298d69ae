#include "dqinit/kmeans.h"

#include <math.h>
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "suite/core/mem.h"

enum { SAMPLES = 600 };

static const float none[NEAREST_DIMS] = {0.0f};

static NearestIndex centres;
static RngStream rng;

static void setup(void)
{
    rng = rng_stream(5, RNG_METHOD, 0);
}

static void teardown(void)
{
    nearest_release(&centres);
}

TestSuite(kmeans, .init = setup, .fini = teardown);

static void run(int dims, int count, const float *period, const float *z, int n, int rounds)
{
    nearest_release(&centres);
    cr_assert(eq(int, nearest_init(&centres, dims, count, period, NULL), STATUS_OK));
    cr_assert(eq(int, kmeans(&centres, z, n, rounds, &rng, NULL), STATUS_OK));
}

Test(kmeans, moves_centres_to_the_means_of_clusters)
{
    // means that are not medians, in two coordinates
    float z[SAMPLES * 2];
    for (int i = 0; i < SAMPLES; i++) {
        float far = i % 4 == 0 ? 0.8f : 0.0f;
        z[2 * i] = (i % 2 ? 10.0f : 0.0f) + far;
        z[2 * i + 1] = i % 2 ? -3.0f : far;
    }
    run(2, 2, none, z, SAMPLES, 8);
    float a[2], b[2];
    nearest_get(&centres, 0, a);
    nearest_get(&centres, 1, b);
    float *left = a[0] < b[0] ? a : b, *right = a[0] < b[0] ? b : a;
    cr_assert(epsilon_eq(flt, left[0], 0.4f, 1e-5f));
    cr_assert(epsilon_eq(flt, left[1], 0.4f, 1e-5f));
    cr_assert(epsilon_eq(flt, right[0], 10.0f, 1e-5f));
    cr_assert(epsilon_eq(flt, right[1], -3.0f, 1e-5f));
}

Test(kmeans, starts_at_every_sample_at_most_once)
{
    float z[SAMPLES];
    bool seen[SAMPLES] = {false};
    for (int i = 0; i < SAMPLES; i++)
        z[i] = (float)i;
    run(1, SAMPLES, none, z, SAMPLES, 0);
    for (int i = 0; i < SAMPLES; i++) {
        float at;
        nearest_get(&centres, i, &at);
        cr_assert(not(seen[(int)at]), "sample %d", (int)at);
        seen[(int)at] = true;
    }
}

Test(kmeans, averages_around_the_circle)
{
    const float period[] = {6.0f};
    float z[SAMPLES], at;
    for (int i = 0; i < SAMPLES; i++)
        z[i] = i % 3 ? 2.9f : -2.9f; // 2.9 and 3.1: the mean is 2.9667
    run(1, 1, period, z, SAMPLES, 4);
    nearest_get(&centres, 0, &at);
    cr_assert(epsilon_eq(flt, at, 2.9f + 0.2f / 3.0f, 1e-5f));
}

Test(kmeans, leaves_a_centre_without_samples_where_it_is)
{
    const float z[] = {0.5f, 0.5f, 0.5f};
    run(1, 3, none, z, 3, 4);
    for (int i = 0; i < 3; i++) {
        float at;
        nearest_get(&centres, i, &at);
        cr_assert(eq(flt, at, 0.5f));
    }
}

Test(kmeans, looks_at_samples_from_beginning_to_end)
{
    enum { MANY = 3 * KMEANS_SAMPLES };
    float at, *z = mem_array(MANY, sizeof *z);
    cr_assert(ne(ptr, z, NULL));
    for (int i = 0; i < MANY; i++)
        z[i] = (float)i / MANY;
    run(1, 1, none, z, MANY, 1);
    nearest_get(&centres, 0, &at);
    cr_assert(epsilon_eq(flt, at, 0.5f, 1e-4f));
    mem_free(z);
}

Test(kmeans, draws_a_word_a_centre_and_gives_the_same_for_the_same)
{
    float z[SAMPLES], first[20];
    for (int i = 0; i < SAMPLES; i++)
        z[i] = sinf((float)(i * i));
    RngStream counted = rng, again = rng;
    run(1, 20, none, z, SAMPLES, 6);
    memcpy(first, centres.at, sizeof first);
    for (int i = 0; i < 20; i++)
        (void)rng_word(&counted);
    cr_assert(eq(u32, rng_word(&rng), rng_word(&counted)));

    rng = again;
    run(1, 20, none, z, SAMPLES, 6);
    cr_assert(memcmp(first, centres.at, sizeof first) == 0);
    rng = rng_stream(6, RNG_METHOD, 0);
    run(1, 20, none, z, SAMPLES, 6);
    cr_assert(memcmp(first, centres.at, sizeof first) != 0);
}
