#include "dqinit/blend.h"

#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "agents/network.h"
#include "suite/core/rng.h"

enum { ACTIONS = 4 };

static const float network[ACTIONS] = {1.1f, -2.7f, 4.3f, 0.9f};
static const float prior[ACTIONS] = {10.0f, 30.0f, 20.0f, -50.0f};

static float q[ACTIONS];

static void setup(void)
{
    memcpy(q, network, sizeof q);
}

TestSuite(blend, .init = setup);

static void expect(const double expected[ACTIONS], double off)
{
    for (int a = 0; a < ACTIONS; a++)
        cr_assert(epsilon_eq(dbl, (double)q[a], expected[a], off), "action %d", a);
}

Test(blend, of_values_leaves_the_bits_alone_where_the_prior_counts_for_nothing)
{
    blend_values(q, prior, ACTIONS, 0.0);
    cr_assert(memcmp(q, network, sizeof q) == 0);
}

Test(blend, of_advantages_leaves_the_bits_alone_where_the_prior_counts_for_nothing)
{
    blend_advantages(q, prior, ACTIONS, 0.0);
    cr_assert(memcmp(q, network, sizeof q) == 0);
}

Test(blend, of_values_is_the_prior_where_nothing_is_known)
{
    blend_values(q, prior, ACTIONS, 1.0);
    cr_assert(memcmp(q, prior, sizeof q) == 0);
}

Test(blend, of_advantages_is_the_prior_s_ordering_at_the_network_s_level)
{
    blend_advantages(q, prior, ACTIONS, 1.0);
    // the best is 4.3, and behind it by 20, 0, 10 and 80
    expect((double[]){-15.7, 4.3, -5.7, -75.7}, 1e-5);
}

Test(blend, of_values_is_their_mean_by_weight)
{
    blend_values(q, prior, ACTIONS, 0.25);
    expect((double[]){0.75 * 1.1 + 2.5, 0.75 * -2.7 + 7.5, 0.75 * 4.3 + 5.0, 0.75 * 0.9 - 12.5},
           1e-5);
}

Test(blend, of_advantages_is_their_mean_by_weight)
{
    blend_advantages(q, prior, ACTIONS, 0.25);
    expect((double[]){0.75 * 1.1 - 0.25 * 15.7, 0.75 * -2.7 + 0.25 * 4.3,
                      0.75 * 4.3 - 0.25 * 5.7, 0.75 * 0.9 - 0.25 * 75.7},
           1e-5);
}

Test(blend, of_advantages_does_not_care_for_the_prior_s_level)
{
    RngStream rng = rng_stream(8, RNG_METHOD, 0);
    int by_level = 0;
    for (int i = 0; i < 500; i++) {
        float own[ACTIONS], other[ACTIONS], plain[ACTIONS], lifted[ACTIONS];
        float lift = (float)rng_uniform(&rng, -50.0, 50.0);
        for (int a = 0; a < ACTIONS; a++) {
            own[a] = plain[a] = (float)rng_uniform(&rng, -2.0, 2.0);
            other[a] = (float)rng_uniform(&rng, -2.0, 2.0);
            lifted[a] = other[a] + lift;
        }
        double beta = rng_uniform(&rng, 0.0, 1.0);
        float *above = own;
        blend_advantages(plain, other, ACTIONS, beta);
        blend_advantages(above, lifted, ACTIONS, beta);
        cr_assert(eq(int, argmax(plain, ACTIONS), argmax(above, ACTIONS)), "draw %d", i);
        for (int a = 0; a < ACTIONS; a++)
            cr_assert(epsilon_eq(flt, plain[a], above[a], 1e-4f), "draw %d", i);
        by_level += argmax(plain, ACTIONS) != argmax(other, ACTIONS);
    }
    cr_assert(lt(int, 50, by_level)); // the network had its say
}
