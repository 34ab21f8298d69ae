#include "agents/network.h"

#include <math.h>
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "suite/core/mem.h"
#include "tests/support/folder.h"

enum { ROWS = 6, INPUTS = 3, HIDDEN = 5, OUTPUTS = 4 };

static const NetworkShape shape = {INPUTS, HIDDEN, 2, OUTPUTS};

static Network net;
static Workspace work;
static float x[ROWS * INPUTS], weight[ROWS * OUTPUTS];

static void setup(void)
{
    Error err = {0};
    RngStream rng = rng_stream(3, RNG_NETWORK, 0);
    cr_assert(eq(int, network_init(&net, shape, &err), STATUS_OK), "%s", err.message);
    cr_assert(eq(int, workspace_init(&work, &net, ROWS, &err), STATUS_OK), "%s", err.message);
    network_randomise(&net, &rng);
    test_folder_make();
    for (int i = 0; i < ROWS * INPUTS; i++)
        x[i] = (float)rng_uniform(&rng, -2.0, 2.0);
    for (int i = 0; i < ROWS * OUTPUTS; i++)
        weight[i] = (float)rng_uniform(&rng, -1.0, 1.0);
}

static void teardown(void)
{
    network_release(&net);
    workspace_release(&work);
    test_folder_remove();
}

TestSuite(network, .init = setup, .fini = teardown);

// the same network, one number at a time, in double precision
static void oracle(const float *params, const float *input, double *output)
{
    static const int units[] = {INPUTS, HIDDEN, HIDDEN, OUTPUTS};
    double in[8], out[8];
    for (int i = 0; i < INPUTS; i++)
        in[i] = (double)input[i];
    for (int l = 0; l < 3; l++) {
        for (int j = 0; j < units[l + 1]; j++) {
            out[j] = (double)params[units[l] * units[l + 1] + j];
            for (int i = 0; i < units[l]; i++)
                out[j] += in[i] * (double)params[i * units[l + 1] + j];
            if (l < 2 && out[j] < 0.0) out[j] = 0.0;
        }
        memcpy(in, out, sizeof in);
        params += (units[l] + 1) * units[l + 1];
    }
    memcpy(output, out, OUTPUTS * sizeof *output);
}

Test(network, computes_what_the_naive_network_computes)
{
    const float *y = network_forward(&net, &work, x, ROWS);
    double largest = 0.0;
    for (int r = 0; r < ROWS; r++) {
        double expected[OUTPUTS];
        oracle(net.params, x + r * INPUTS, expected);
        for (int j = 0; j < OUTPUTS; j++) {
            cr_assert(epsilon_eq(dbl, (double)y[r * OUTPUTS + j], expected[j], 1e-6),
                      "row %d output %d", r, j);
            largest = fmax(largest, fabs(expected[j]));
        }
    }
    cr_assert(lt(dbl, 0.1, largest)); // a network of zeros would agree too
}

Test(network, gives_a_row_alone_what_it_gives_in_a_batch)
{
    float batch[ROWS * OUTPUTS];
    memcpy(batch, network_forward(&net, &work, x, ROWS), sizeof batch);
    for (int r = 0; r < ROWS; r++) {
        const float *alone = network_forward(&net, &work, x + r * INPUTS, 1);
        for (int j = 0; j < OUTPUTS; j++)
            cr_assert(epsilon_eq(flt, alone[j], batch[r * OUTPUTS + j], 1e-6f), "row %d", r);
    }
}

// loss = sum of weight * output, in double precision
static double loss(const float *params)
{
    double sum = 0.0, y[OUTPUTS];
    for (int r = 0; r < ROWS; r++) {
        oracle(params, x + r * INPUTS, y);
        for (int j = 0; j < OUTPUTS; j++)
            sum += (double)weight[r * OUTPUTS + j] * y[j];
    }
    return sum;
}

Test(network, has_the_gradient_that_finite_differences_have)
{
    float *grad = mem_array((size_t)net.param_count, sizeof *grad);
    (void)network_forward(&net, &work, x, ROWS);
    network_backward(&net, &work, x, weight, ROWS, grad);

    int nonzero = 0;
    for (int p = 0; p < net.param_count; p++) {
        const float step = 1.0f / 1024; // exact in float32 beside weights below one
        float kept = net.params[p];
        net.params[p] = kept + step;
        double above = loss(net.params);
        net.params[p] = kept - step;
        double below = loss(net.params);
        net.params[p] = kept;

        double numeric = (above - below) / (2.0 * (double)step);
        cr_assert(epsilon_eq(dbl, (double)grad[p], numeric, 2e-3 * (1.0 + fabs(numeric))),
                  "parameter %d of %d", p, net.param_count);
        nonzero += fabs(numeric) > 1e-3;
    }
    cr_assert(lt(int, net.param_count / 2, nonzero));
    mem_free(grad);
}

Test(network, learns_from_the_first_rows_only)
{
    float *all = mem_array((size_t)net.param_count, sizeof *all);
    float *some = mem_array((size_t)net.param_count, sizeof *some);
    float masked[ROWS * OUTPUTS] = {0};
    memcpy(masked, weight, 2 * OUTPUTS * sizeof *masked);

    (void)network_forward(&net, &work, x, ROWS);
    network_backward(&net, &work, x, masked, ROWS, all);
    (void)network_forward(&net, &work, x, ROWS);
    network_backward(&net, &work, x, weight, 2, some);
    for (int p = 0; p < net.param_count; p++)
        cr_assert(epsilon_eq(flt, some[p], all[p], 1e-5f), "parameter %d", p);
    mem_free(all);
    mem_free(some);
}

Test(network, draws_each_layer_within_its_own_bound)
{
    double bound[] = {1.0 / sqrt(INPUTS), 1.0 / sqrt(HIDDEN)};
    int first = (INPUTS + 1) * HIDDEN;
    double largest[2] = {0};
    for (int p = 0; p < net.param_count; p++)
        largest[p >= first] = fmax(largest[p >= first], fabs((double)net.params[p]));
    for (int i = 0; i < 2; i++)
        cr_assert(largest[i] <= bound[i] && largest[i] > 0.8 * bound[i], "layer %d: %g of %g",
                  i, largest[i], bound[i]);
}

Test(network, blends_by_the_rate)
{
    Network other = {0};
    cr_assert(eq(int, network_init(&other, shape, NULL), STATUS_OK));
    for (int p = 0; p < other.param_count; p++)
        other.params[p] = 10.0f;
    float before = net.params[7];
    network_blend(&net, &other, 0.25f);
    cr_assert(epsilon_eq(flt, net.params[7], before + 0.25f * (10.0f - before), 1e-6f));
    network_copy(&net, &other);
    cr_assert(eq(flt, net.params[7], 10.0f));
    network_release(&other);
}

Test(network, takes_the_first_of_equal_maxima)
{
    const float values[] = {1.0f, 3.0f, 2.0f, 3.0f};
    cr_assert(eq(int, argmax(values, 4), 1));
}

Test(network, comes_back_from_an_archive)
{
    const char *path = test_path("state");
    Archive *archive;
    cr_assert(eq(int, archive_create(&archive, path, "test", 1, NULL), STATUS_OK));
    network_archive(&net, archive);
    cr_assert(eq(int, archive_close(archive, NULL), STATUS_OK));

    Network back = {0};
    cr_assert(eq(int, archive_open(&archive, path, "test", 1, NULL), STATUS_OK));
    network_archive(&back, archive);
    cr_assert(eq(int, archive_close(archive, NULL), STATUS_OK));
    cr_assert(eq(int, back.param_count, net.param_count));
    cr_assert(memcmp(back.params, net.params, (size_t)net.param_count * sizeof(float)) == 0);
    network_release(&back);
}

Test(network_init, refuses_impossible_shapes_and_lack_of_memory)
{
    Network n;
    Error err = {0};
    cr_assert(eq(int, network_init(&n, (NetworkShape){0, 4, 1, 2}, &err), STATUS_RANGE));
    cr_assert(
        eq(int, network_init(&n, (NetworkShape){3, 4, NETWORK_LAYERS, 2}, &err), STATUS_RANGE));
    cr_assert(ne(chr, err.message[0], '\0'));
    mem_fail_at(0);
    cr_assert(eq(int, network_init(&n, shape, &err), STATUS_NOMEM));
    network_release(&n);
}
