#include "dqinit/anchor.h"

#include <math.h>
#include <string.h>

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

static void make_table(float *at, float *values)
{
    for (int i = 0; i < STATES; i++) {
        at[i] = 2.0f * (float)i / (STATES - 1) - 1.0f;
        for (int a = 0; a < ACTIONS; a++)
            values[i * ACTIONS + a] =
                -10.0f + 5.0f * at[i] * at[i] + 0.05f * at[i] * (float)(a == 1);
    }
}

static Network net;
static Fit fit;
static float x[STATES], prior[STATES * ACTIONS];
static const PrefitTable table = {x, prior, STATES};

static void begin(int hidden, int batch)
{
    RngStream weights = rng_stream(1, RNG_NETWORK, 0);
    make_table(x, prior);
    cr_assert(
        eq(int, network_init(&net, (NetworkShape){1, hidden, 2, ACTIONS}, NULL), STATUS_OK));
    network_randomise(&net, &weights);
    cr_assert(eq(int, fit_init(&fit, &net, batch, NULL), STATUS_OK));
}

static void teardown(void)
{
    fit_release(&fit);
    network_release(&net);
}

TestSuite(fit, .fini = teardown);

// the network's values at all states, in @p q (STATES x ACTIONS)
static void read_values(float *q)
{
    Workspace work;
    cr_assert(eq(int, workspace_init(&work, &net, STATES, NULL), STATUS_OK));
    memcpy(q, network_forward(&net, &work, x, STATES), STATES * ACTIONS * sizeof *q);
    workspace_release(&work);
}

Test(fit, gives_a_network_the_table_s_level_and_ordering)
{
    float q[STATES * ACTIONS];
    RngStream rows = rng_stream(1, RNG_METHOD, 0);
    int wrong = 0;
    begin(32, 32);
    fit_match_outputs(&net, &table);
    fit_run(&fit, &net, &table, (Prefit){3000, 3e-3, 5e-5, 30.0}, &rows);
    read_values(q);
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
}

Test(fit, begins_at_the_level_and_spread_of_the_table)
{
    float q[STATES * ACTIONS];
    double mean = 0.0;
    begin(32, 1);
    float before = net.params[net.param_count - ACTIONS - 1];
    fit_match_outputs(&net, &table);

    // the mean of -10 + 5 x^2 over the line is -8.3 and its spread 1.5
    read_values(q);
    for (int i = 0; i < STATES * ACTIONS; i++)
        mean += (double)q[i] / (STATES * ACTIONS);
    cr_assert(epsilon_eq(dbl, mean, -8.3, 0.5));
    float after = net.params[net.param_count - ACTIONS - 1];
    cr_assert(epsilon_eq(dbl, (double)(after / before), 1.5, 0.1));
}

// fit from the same weights on the same rows once more, and keep what comes out
static void fit_again(float *params)
{
    RngStream weights = rng_stream(1, RNG_NETWORK, 0), rows = rng_stream(1, RNG_METHOD, 0);
    network_randomise(&net, &weights);
    fit_run(&fit, &net, &table, (Prefit){20, 1e-3, 5e-5, 30.0}, &rows);
    memcpy(params, net.params, (size_t)net.param_count * sizeof *params);
}

Test(fit, gives_the_same_bits_whatever_was_fitted_before)
{
    begin(8, 16);
    size_t bytes = (size_t)net.param_count * sizeof(float);
    float *first = mem_array(1, bytes), *second = mem_array(1, bytes);
    cr_assert(ne(ptr, first, NULL));
    cr_assert(ne(ptr, second, NULL));
    fit_again(first);
    fit_again(second); // from moments that are not zero, unless they are forgotten
    cr_assert(memcmp(first, second, bytes) == 0);
    fit_again(second);
    cr_assert(eq(i64, fit.adam.steps, 20));
    mem_free(first);
    mem_free(second);
}

// how far @p updates moved the parameter that they moved most
static float farthest(int updates, double lr, double lr_end)
{
    RngStream weights = rng_stream(1, RNG_NETWORK, 0), rows = rng_stream(1, RNG_METHOD, 0);
    float far = 0.0f, *was = mem_array((size_t)net.param_count, sizeof *was);
    cr_assert(ne(ptr, was, NULL));
    network_randomise(&net, &weights);
    memcpy(was, net.params, (size_t)net.param_count * sizeof *was);
    fit_run(&fit, &net, &table, (Prefit){updates, lr, lr_end, 30.0}, &rows);
    for (int i = 0; i < net.param_count; i++)
        far = fmaxf(far, fabsf(net.params[i] - was[i]));
    mem_free(was);
    return far;
}

// the first steps of Adam are as long as the rate, whatever the gradient
Test(fit, steps_at_a_rate_that_runs_in_a_line)
{
    begin(8, STATES);
    cr_assert(epsilon_eq(flt, farthest(1, 1e-3, 5.0), 1e-3f, 1e-5f));
    cr_assert(eq(flt, farthest(1, 0.0, 1e-3), 0.0f));
    cr_assert(epsilon_eq(flt, farthest(2, 0.0, 1e-3), 0.5e-3f, 0.1e-3f)); // half way
}

Test(fit, takes_no_memory_once_it_began)
{
    RngStream rows = rng_stream(1, RNG_METHOD, 0);
    begin(8, 16);
    int64_t before = mem_count();
    fit_match_outputs(&net, &table);
    fit_run(&fit, &net, &table, (Prefit){3, 1e-3, 1e-3, 30.0}, &rows);
    cr_assert(eq(i64, mem_count(), before));
}

Test(fit, leaves_nothing_behind_when_memory_ends)
{
    Status status = STATUS_NOMEM;
    int fail = 0;
    begin(4, 4);
    for (; status != STATUS_OK; fail++) {
        fit_release(&fit);
        mem_fail_at(fail);
        status = fit_init(&fit, &net, 4, NULL);
        mem_fail_at(-1);
        cr_assert(status == STATUS_OK || status == STATUS_NOMEM, "failing request %d", fail);
    }
    cr_assert(lt(int, 8, fail));
}
