#include "dqinit/anchor.h"

#include <math.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "suite/core/mem.h"

enum { ACTIONS = 3 };

// prefit: dq = m + omega (d - m)
Test(anchor, weighs_ordering_over_level_in_the_pre_fit)
{
    const float prior[] = {1.0f, 2.0f, 3.0f}, q[] = {2.0f, 2.0f, 5.0f};
    float dq[ACTIONS];
    prefit_gradient(q, prior, ACTIONS, 30.0, dq);
    const float expected[] = {1.0f, -29.0f, 31.0f}; // d = 1, 0, 2 and m = 1
    for (int a = 0; a < ACTIONS; a++)
        cr_assert(epsilon_eq(flt, dq[a], expected[a], 1e-4f), "action %d", a);
}

Test(anchor, clips_level_and_ordering_apart)
{
    const float prior[] = {0.0f, 0.0f, 0.0f}, q[] = {10.0f, 10.0f, 10.01f};
    float dq[ACTIONS];
    anchor_gradient(q, prior, ACTIONS, 30.0, 0.5, dq);
    // the level is clipped to 1; the ordering, 30 times +-.00333, is not
    double third = 30.0 * 0.01 / 3.0;
    cr_assert(epsilon_eq(dbl, (double)dq[0], 0.5 * (1.0 - third), 1e-3));
    cr_assert(epsilon_eq(dbl, (double)dq[2], 0.5 * (1.0 + 2.0 * third), 1e-3));
}

Test(anchor, adds_the_same_to_what_is_there)
{
    const float prior[] = {0.0f, 0.5f, -0.25f}, q[] = {0.25f, 0.5f, 0.0f};
    float alone[ACTIONS], added[ACTIONS] = {8.0f, -16.0f, 32.0f};
    const float before[] = {8.0f, -16.0f, 32.0f};
    anchor_gradient(q, prior, ACTIONS, 2.0, 0.5, alone);
    anchor_add(q, prior, ACTIONS, 2.0, 0.5, added);
    for (int a = 0; a < ACTIONS; a++) {
        cr_assert(ne(flt, alone[a], 0.0f));
        cr_assert(epsilon_eq(flt, added[a] - before[a], alone[a], 1e-5f), "action %d", a);
    }
}

Test(anchor, vanishes_where_network_and_table_agree)
{
    const float q[] = {1.0f, -2.0f, 3.0f};
    float dq[ACTIONS];
    anchor_gradient(q, q, ACTIONS, 30.0, 1.0, dq);
    for (int a = 0; a < ACTIONS; a++)
        cr_assert(eq(flt, dq[a], 0.0f));
}

// 64 states on a line; action 1 is better above zero by a hundredth of the level's range
enum { STATES = 64 };

static void make_table(float *x, float *prior)
{
    for (int i = 0; i < STATES; i++) {
        x[i] = 2.0f * (float)i / (STATES - 1) - 1.0f;
        for (int a = 0; a < ACTIONS; a++)
            prior[i * ACTIONS + a] =
                -10.0f + 5.0f * x[i] * x[i] + 0.05f * x[i] * (float)(a == 1);
    }
}

Test(prefit, gives_a_network_the_table_s_level_and_ordering)
{
    float x[STATES], prior[STATES * ACTIONS];
    Network net;
    Workspace work;
    RngStream weights = rng_stream(1, RNG_NETWORK, 0), rows = rng_stream(1, RNG_METHOD, 0);
    Prefit how = {.updates = 3000, .batch = 32, .lr = 3e-3, .lr_end = 5e-5, .ordering = 30.0};
    const PrefitTable table = {x, prior, STATES};
    make_table(x, prior);
    cr_assert(eq(int, network_init(&net, (NetworkShape){1, 32, 2, ACTIONS}, NULL), STATUS_OK));
    network_randomise(&net, &weights);
    cr_assert(eq(int, prefit(&net, &table, how, &rows, NULL), STATUS_OK));

    int wrong = 0;
    cr_assert(eq(int, workspace_init(&work, &net, STATES, NULL), STATUS_OK));
    const float *q = network_forward(&net, &work, x, STATES);
    for (int i = 0; i < STATES; i++) {
        float level = 0.0f, wanted = 0.0f;
        for (int a = 0; a < ACTIONS; a++) {
            level += q[i * ACTIONS + a] / ACTIONS;
            wanted += prior[i * ACTIONS + a] / ACTIONS;
        }
        cr_assert(epsilon_eq(flt, level, wanted, 0.2f), "level at %g", (double)x[i]);
        bool better = q[i * ACTIONS + 1] > q[i * ACTIONS];
        if (fabsf(x[i]) > 0.2f) wrong += better != (x[i] > 0.0f);
    }
    cr_assert(le(int, wrong, 2));
    workspace_release(&work);
    network_release(&net);
}

Test(prefit, begins_at_the_level_and_spread_of_the_table)
{
    float x[STATES], prior[STATES * ACTIONS];
    const PrefitTable table = {x, prior, STATES};
    Network net;
    Workspace work;
    RngStream weights = rng_stream(1, RNG_NETWORK, 0), rows = rng_stream(1, RNG_METHOD, 0);
    Prefit how = {.updates = 0, .batch = 1, .lr = 1e-3, .lr_end = 1e-3, .ordering = 30.0};
    make_table(x, prior);
    cr_assert(eq(int, network_init(&net, (NetworkShape){1, 32, 2, ACTIONS}, NULL), STATUS_OK));
    network_randomise(&net, &weights);
    float before = net.params[net.param_count - ACTIONS - 1];
    cr_assert(eq(int, prefit(&net, &table, how, &rows, NULL), STATUS_OK));

    // the mean of -10 + 5 x^2 over the line is -8.3 and its spread 1.5
    cr_assert(eq(int, workspace_init(&work, &net, STATES, NULL), STATUS_OK));
    const float *q = network_forward(&net, &work, x, STATES);
    double mean = 0.0;
    for (int i = 0; i < STATES * ACTIONS; i++)
        mean += (double)q[i] / (STATES * ACTIONS);
    cr_assert(epsilon_eq(dbl, mean, -8.3, 0.5));
    float after = net.params[net.param_count - ACTIONS - 1];
    cr_assert(epsilon_eq(dbl, (double)(after / before), 1.5, 0.1));
    workspace_release(&work);
    network_release(&net);
}

Test(prefit, leaves_nothing_behind_when_memory_ends)
{
    float x[STATES], prior[STATES * ACTIONS];
    Network net;
    RngStream rows = rng_stream(1, RNG_METHOD, 0);
    Prefit how = {.updates = 1, .batch = 4, .lr = 1e-3, .lr_end = 1e-3, .ordering = 1.0};
    const PrefitTable table = {x, prior, STATES};
    make_table(x, prior);
    cr_assert(eq(int, network_init(&net, (NetworkShape){1, 4, 1, ACTIONS}, NULL), STATUS_OK));
    Status status = STATUS_NOMEM;
    int fail = 0;
    for (; status != STATUS_OK; fail++) {
        mem_fail_at(fail);
        status = prefit(&net, &table, how, &rows, NULL);
        mem_fail_at(-1);
        cr_assert(status == STATUS_OK || status == STATUS_NOMEM, "failing request %d", fail);
    }
    cr_assert(lt(int, 8, fail));
    network_release(&net);
}
