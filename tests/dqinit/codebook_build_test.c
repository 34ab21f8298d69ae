#include "dqinit/codebook_build.h"

#include <math.h>
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "suite/core/mem.h"

enum { DIMS = 2, ACTIONS = 3, SAMPLES = 4000, NEAR = 4 };

static const float mean[] = {0.5f, 20.0f}, scale[] = {0.3f, 6.0f}, none[2] = {0.0f};

static CodebookShape shape = {.dims = DIMS,
                              .actions = ACTIONS,
                              .cells = 60,
                              .rounds = 6,
                              .slopes = true,
                              .ridge = 1e-6,
                              .mean = mean,
                              .scale = scale,
                              .period = none};

static float coords[SAMPLES * DIMS], q[SAMPLES * ACTIONS];
static CodebookSamples samples = {SAMPLES, coords, q};
static Codebook book;

// evenly over [0, 1] x [10, 30]
static void setup(void)
{
    RngStream rng = rng_stream(7, RNG_METHOD, 0);
    for (int i = 0; i < SAMPLES; i++) {
        coords[DIMS * i] = (float)rng_uniform(&rng, 0.0, 1.0);
        coords[DIMS * i + 1] = (float)rng_uniform(&rng, 10.0, 30.0);
    }
}

static void teardown(void)
{
    codebook_release(&book);
}

TestSuite(codebook_build, .init = setup, .fini = teardown);

static void build(void)
{
    RngStream rng = rng_stream(8, RNG_METHOD, 0);
    Error err = {0};
    codebook_release(&book);
    cr_assert(eq(int, codebook_build(&book, shape, samples, &rng, &err), STATUS_OK), "%s",
              err.message);
}

static void add(int cell, float weight, const float *x, float *values)
{
    codebook_add(&book, &(Neighbour){0.0f, cell}, &weight, 1, x, values);
}

static void look_up(const float *x, float *values)
{
    Neighbour near[NEAR + 1];
    float weight[NEAR];
    int found = codebook_nearest(&book, x, NEAR + 1, 0, near);
    int count = neighbour_weights(near, found, NEAR, weight);
    memset(values, 0, (size_t)book.actions * sizeof *values);
    codebook_add(&book, near, weight, count, x, values);
}

// the largest error at the samples, of any action
static float worst(void)
{
    float most = 0.0f, values[ACTIONS];
    for (int i = 0; i < SAMPLES; i++) {
        look_up(coords + DIMS * i, values);
        for (int a = 0; a < ACTIONS; a++)
            most = fmaxf(most, fabsf(values[a] - q[ACTIONS * i + a]));
    }
    return most;
}

Test(codebook_build, keeps_a_constant)
{
    for (int i = 0; i < SAMPLES; i++)
        for (int a = 0; a < ACTIONS; a++)
            q[ACTIONS * i + a] = 40.0f;
    for (int slopes = 0; slopes < 2; slopes++) {
        shape.slopes = slopes;
        build();
        cr_assert(lt(flt, worst(), 1e-4f));
    }
}

// the level runs over 300, the advantages over 3
static void make_planes(void)
{
    for (int i = 0; i < SAMPLES; i++) {
        float x = coords[DIMS * i], y = coords[DIMS * i + 1];
        float level = 100.0f * x + 10.0f * y;
        q[ACTIONS * i] = level + 2.0f * x;
        q[ACTIONS * i + 1] = level - 0.05f * y;
        q[ACTIONS * i + 2] = level + 0.5f;
    }
}

Test(codebook_build, follows_planes_by_slopes_and_not_without)
{
    make_planes();
    build();
    // 254ths of advantages and their slopes, the latter over at most a third of a scale
    cr_assert(lt(flt, worst(), 0.02f));
    shape.slopes = false;
    build();
    cr_assert(lt(flt, 5.0f, worst()));
}

static int best_of(const float *values)
{
    int best = 0;
    for (int a = 1; a < ACTIONS; a++)
        if (values[best] < values[a]) best = a;
    return best;
}

Test(codebook_build, keeps_the_order_of_actions_a_hundredth_of_the_level_apart)
{
    float values[ACTIONS];
    int agreed = 0, clear = 0, wins[ACTIONS] = {0};
    for (int i = 0; i < SAMPLES; i++) {
        float x = coords[DIMS * i], level = 300.0f * sinf(coords[DIMS * i + 1] * 0.3f);
        float turn[ACTIONS] = {sinf(6.0f * x), sinf(6.0f * x + 2.0f), sinf(6.0f * x + 4.0f)};
        for (int a = 0; a < ACTIONS; a++)
            q[ACTIONS * i + a] = level + 3.0f * turn[a];
    }
    build();
    for (int i = 0; i < SAMPLES; i++) {
        const float *is = q + ACTIONS * i;
        int best = best_of(is), other = (best + 1) % ACTIONS, third = (best + 2) % ACTIONS;
        if (is[best] - fmaxf(is[other], is[third]) < 0.6f) continue; // a tenth of their range
        clear++;
        wins[best]++;
        look_up(coords + DIMS * i, values);
        agreed += best_of(values) == best;
    }
    cr_assert(lt(int, SAMPLES / 2, clear));
    for (int a = 0; a < ACTIONS; a++)
        cr_assert(lt(int, 100, wins[a]));
    cr_assert(lt(dbl, 0.99, (double)agreed / clear), "%d of %d", agreed, clear);
}

// -- by hand, in one coordinate

enum { LINE_SAMPLES = 6 };

static const float zero[] = {0.0f}, one[] = {1.0f};

static CodebookShape on_a_line(int cells)
{
    return (CodebookShape){.dims = 1,
                           .actions = 2,
                           .cells = cells,
                           .rounds = 8,
                           .slopes = true,
                           .mean = zero,
                           .scale = one,
                           .period = zero};
}

Test(codebook_build, gives_the_values_of_an_example_by_hand)
{
    // two clusters of three: level and slope 10 + x and -2 (x - 11), advantages +-(1 + x) and
    // +-3
    const float x[LINE_SAMPLES] = {0.0f, 1.0f, 2.0f, 10.0f, 11.0f, 12.0f};
    float values[LINE_SAMPLES * 2];
    for (int i = 0; i < LINE_SAMPLES; i++) {
        float level = i < 3 ? 10.0f + x[i] : -2.0f * (x[i] - 11.0f);
        float advantage = i < 3 ? 1.0f + x[i] : 3.0f;
        values[2 * i] = level + advantage;
        values[2 * i + 1] = level - advantage;
    }
    shape = on_a_line(2);
    samples = (CodebookSamples){LINE_SAMPLES, x, values};
    build();
    cr_assert(eq(int, book.count, 2));
    int left = book.index.at[0] < book.index.at[1] ? 0 : 1, right = 1 - left;
    cr_assert(epsilon_eq(flt, book.index.at[left], 1.0f, 1e-4f));
    cr_assert(epsilon_eq(flt, book.index.at[right], 11.0f, 1e-4f));
    cr_assert(eq(int, book.visits[left], 3));
    cr_assert(eq(int, book.visits[right], 3));
    cr_assert(epsilon_eq(flt, book.level[left], 11.0f, 1e-4f));
    cr_assert(epsilon_eq(flt, book.level[right], 0.0f, 1e-3f));

    const float at_left[] = {1.5f}, at_right[] = {10.5f};
    float got[2] = {0};
    add(left, 1.0f, at_left, got);
    cr_assert(epsilon_eq(flt, got[0], 14.0f, 1e-3f)); // 11 + .5 + 2 + .5
    cr_assert(epsilon_eq(flt, got[1], 9.0f, 1e-3f));
    got[0] = got[1] = 0.0f;
    add(right, 1.0f, at_right, got);
    cr_assert(epsilon_eq(flt, got[0], 4.0f, 1e-3f)); // 1 + 3
    cr_assert(epsilon_eq(flt, got[1], -2.0f, 1e-3f));
}

Test(codebook_build, gives_a_cell_of_few_samples_no_slopes)
{
    // K + 2 = 3: two samples on the left, three on the right
    const float x[] = {0.0f, 1.0f, 10.0f, 11.0f, 12.0f};
    const float values[] = {0.0f, 2.0f, 4.0f, 6.0f, 0.0f, 2.0f, 4.0f, 6.0f, 8.0f, 10.0f};
    shape = on_a_line(2);
    samples = (CodebookSamples){5, x, values};
    build();
    int left = book.index.at[0] < book.index.at[1] ? 0 : 1, right = 1 - left;
    cr_assert(eq(flt, book.level_slope_step[left], 0.0f));
    cr_assert(eq(flt, book.advantage_slope_step[left], 0.0f));
    cr_assert(epsilon_eq(flt, book.level[left], 3.0f, 1e-5f)); // of 1 and 5
    cr_assert(eq(int, book.level_slope[right], 32767));
    cr_assert(epsilon_eq(flt, book.level_slope_step[right] * 32767.0f, 4.0f, 1e-3f));
}

Test(codebook_build, drops_cells_without_samples)
{
    const float x[] = {2.0f, 2.0f, 7.0f, 2.0f, 7.0f};
    const float values[] = {1.0f, 1.0f, 1.0f, 1.0f, 5.0f, 3.0f, 1.0f, 1.0f, 5.0f, 3.0f};
    shape = on_a_line(100); // more than there are samples, too
    samples = (CodebookSamples){5, x, values};
    build();
    cr_assert(eq(int, book.count, 2));
    for (int i = 0; i < 2; i++) {
        float at, got[2] = {0};
        codebook_centre(&book, i, &at);
        add(i, 1.0f, &at, got);
        bool is_right = 5.0f < at;
        cr_assert(epsilon_eq(flt, at, is_right ? 7.0f : 2.0f, 1e-5f));
        cr_assert(eq(int, book.visits[i], is_right ? 2 : 3));
        cr_assert(epsilon_eq(flt, got[0], is_right ? 5.0f : 1.0f, 1e-5f));
        cr_assert(epsilon_eq(flt, got[1], is_right ? 3.0f : 1.0f, 1e-5f));
    }
}

Test(codebook_build, keeps_samples_with_their_cells_as_others_are_dropped)
{
    // every other sample is at one point: so are about half the centres, and all but one go
    for (int i = 0; i < SAMPLES; i += 2) {
        coords[DIMS * i] = 0.25f;
        coords[DIMS * i + 1] = 13.0f;
    }
    make_planes();
    shape.rounds = 0;
    build();
    cr_assert(lt(int, book.count, 50));
    cr_assert(lt(flt, worst(), 0.03f));
}

Test(codebook_build, reaches_as_far_as_99_in_100_samples)
{
    // around the one centre, at -.005: two of 200 at 5, one at 2 and the others at 1
    enum { MANY = 200 };
    float x[MANY], values[MANY * 2] = {0};
    for (int i = 0; i < MANY; i++)
        x[i] = (i % 2 ? 1.0f : -1.0f) * (i < 2 ? 5.0f : i < 3 ? 2.0f : 1.0f);
    shape = on_a_line(1);
    samples = (CodebookSamples){MANY, x, values};
    build();
    cr_assert(epsilon_eq(flt, book.reach, 1.995f, 1e-5f));
}

// -- periodic

Test(codebook_build, joins_the_ends_of_a_period)
{
    const float turn[] = {6.2831853f};
    enum { MANY = 3000 };
    static float x[MANY], values[MANY * 2];
    RngStream rng = rng_stream(9, RNG_METHOD, 0);
    for (int i = 0; i < MANY; i++) {
        x[i] = (float)rng_uniform(&rng, -3.1415926, 3.1415926);
        values[2 * i] = 10.0f * sinf(x[i]);
        values[2 * i + 1] = 10.0f * cosf(x[i]);
    }
    shape = on_a_line(24);
    shape.period = turn;
    samples = (CodebookSamples){MANY, x, values};
    build();
    for (int i = -20; i <= 20; i++) { // across the seam, and turns away
        float at = 3.1415926f + 0.02f * (float)i + (float)(i % 3) * turn[0], got[2];
        Neighbour near;
        look_up(&at, got);
        cr_assert(epsilon_eq(flt, got[0], 10.0f * sinf(at), 0.2f), "at %g", (double)at);
        cr_assert(epsilon_eq(flt, got[1], 10.0f * cosf(at), 0.2f), "at %g", (double)at);
        // a single cell's slope: sin falls by 10 a radian there
        float left = at - 0.05f, right = at + 0.05f, a[2] = {0}, b[2] = {0};
        cr_assert(eq(int, codebook_nearest(&book, &at, 1, 0, &near), 1));
        add(near.cell, 1.0f, &left, a);
        add(near.cell, 1.0f, &right, b);
        cr_assert(epsilon_eq(flt, (b[0] - a[0]) / 0.1f, 10.0f * cosf(at), 1.5f));
    }
}

// -- the rest

Test(codebook_build, gives_the_same_bits_for_the_same_stream)
{
    make_planes();
    build();
    size_t size = (size_t)book.count * (size_t)book.terms * (size_t)book.width;
    float *first = mem_array(size, sizeof *first), reach = book.reach;
    memcpy(first, book.q, size * sizeof *first);
    build();
    cr_assert(memcmp(first, book.q, size * sizeof *first) == 0);
    cr_assert(eq(flt, reach, book.reach));
    mem_free(first);
}

Test(codebook_build, counts_every_sample_once)
{
    make_planes();
    build();
    int visits = 0;
    for (int i = 0; i < book.count; i++)
        visits += book.visits[i];
    cr_assert(eq(int, visits, SAMPLES));
    cr_assert(lt(int, 50, book.count));
}

Test(codebook_build, refuses_samples_that_are_not_finite)
{
    const float bad[] = {NAN, INFINITY, 1e30f};
    RngStream rng = rng_stream(8, RNG_METHOD, 0);
    for (int i = 0; i < 5; i++) {
        Error err = {0};
        setup();
        make_planes();
        if (i < 3)
            coords[DIMS * 77 + 1] = bad[i];
        else
            q[ACTIONS * 77 + 2] = bad[i - 3];
        cr_assert(eq(int, codebook_build(&book, shape, samples, &rng, &err), STATUS_RANGE));
        cr_assert(strstr(err.message, "sample 77 ") != NULL, "%s", err.message);
        cr_assert(eq(ptr, book.centre, NULL));
    }
}

Test(codebook_build, reports_that_memory_ran_out_wherever_it_does)
{
    make_planes();
    int failures = 0;
    for (int64_t nth = 0;; nth++) {
        RngStream rng = rng_stream(8, RNG_METHOD, 0);
        mem_fail_at(nth);
        Status status = codebook_build(&book, shape, samples, &rng, NULL);
        mem_fail_at(-1);
        if (status == STATUS_OK) break;
        cr_assert(eq(int, status, STATUS_NOMEM), "request %d", (int)nth);
        cr_assert(eq(ptr, book.centre, NULL));
        cr_assert(eq(ptr, book.q, NULL));
        failures++;
    }
    cr_assert(eq(int, failures, 9 + 5 + 5 + 3 + 3 + 6));
}
