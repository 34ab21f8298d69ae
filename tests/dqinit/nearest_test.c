#include "dqinit/nearest.h"

#include <math.h>
#include <signal.h>
#include <stdlib.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "suite/core/mem.h"
#include "suite/core/rng.h"

enum { DIMS = 5, POINTS = 1003, MOST = 9, TRIALS = 300 };

static const float none[NEAREST_DIMS] = {0.0f};
static const float some[] = {0.0f, 6.0f, 0.0f, 0.0f, 2.5f};
static const float every[] = {4.25f, 6.0f, 4.5f, 4.125f, 2.5f};

static NearestIndex index_of(int dims, int count, const float *period, const float *z)
{
    NearestIndex index;
    cr_assert(eq(int, nearest_init(&index, dims, count, period, NULL), STATUS_OK));
    for (int i = 0; z && i < count; i++)
        nearest_set(&index, i, z + i * dims);
    nearest_arrange(&index);
    return index;
}

static int nearer_first(const void *a, const void *b)
{
    const Neighbour *x = a, *y = b;
    if (x->distance2 != y->distance2) return x->distance2 < y->distance2 ? -1 : 1;
    return (x->cell > y->cell) - (x->cell < y->cell);
}

// every point by its distance, in the order of summation that the index promises to keep to
static void sort_all(const float *points, const float *turn, const float *z, Neighbour *all)
{
    for (int i = 0; i < POINTS; i++) {
        float sum = 0.0f;
        for (int k = 0; k < DIMS; k++) {
            float d = fabsf(points[i * DIMS + k] - z[k]);
            if (turn[k] > 0.0f) d = fminf(d, turn[k] - d);
            sum += d * d;
        }
        all[i] = (Neighbour){sum, i};
    }
    qsort(all, POINTS, sizeof *all, nearer_first);
}

// inside the first turn
typedef void Draw(RngStream *rng, float *z);

// from a lattice, so that many are equally far and nothing is rounded
static void draw_lattice(RngStream *rng, float *z)
{
    for (int k = 0; k < DIMS; k++)
        z[k] = (float)(rng_below(rng, 16) - 8) * (k == 4 ? 0.15625f : 0.25f);
}

// so that everything is rounded; a tenth of them beyond what is not periodic in `some`
static void draw_any(RngStream *rng, float *z)
{
    double most = rng_below(rng, 10) ? 1.0 : 40.0;
    for (int k = 0; k < DIMS; k++)
        z[k] = (float)rng_uniform(rng, -1.2, 1.2) * (k == 1 || k == 4 ? 1.0f : (float)most);
}

// whether or not it is told what it found elsewhere
static void expect_sorted(int count, const float *turn, Draw *draw)
{
    static float points[POINTS * DIMS];
    static Neighbour all[POINTS];
    RngStream rng = rng_stream(1, RNG_METHOD, 0);
    for (int i = 0; i < POINTS; i++)
        draw(&rng, points + i * DIMS);
    for (int i = count; i < POINTS; i++)
        for (int k = 0; k < DIMS; k++)
            points[i * DIMS + k] = INFINITY;
    NearestIndex index = index_of(DIMS, count, turn, points);
    for (int trial = 0; trial < TRIALS; trial++) {
        float z[DIMS];
        Neighbour found[MOST + 1];
        int n = 1 + trial % MOST;
        for (int i = 0; i <= MOST; i++)
            found[i] = (Neighbour){-7.0f, -7};
        for (int ask = 0; ask < 3; ask++) { // knowing nothing, another point's, its own
            if (ask < 2) draw(&rng, z);
            sort_all(points, turn, z, all);
            cr_assert(eq(int, nearest_find(&index, z, n, ask ? n : 0, found), n));
            for (int i = 0; i < n; i++) {
                cr_assert(eq(int, found[i].cell, all[i].cell), "trial %d, place %d", trial, i);
                cr_assert(eq(flt, found[i].distance2, all[i].distance2));
            }
        }
        cr_assert(eq(int, found[n].cell, -7)); // nothing behind the list is written
    }
    nearest_release(&index);
}

Test(nearest, finds_what_a_sort_of_all_points_finds)
{
    expect_sorted(POINTS, some, draw_lattice);
    expect_sorted(POINTS, every, draw_lattice);
    expect_sorted(POINTS, none, draw_lattice);
    expect_sorted(POINTS, some, draw_any);
    expect_sorted(POINTS, none, draw_any);
}

Test(nearest, finds_it_among_few_points)
{
    for (int count = MOST; count < 40; count += 3) {
        expect_sorted(count, some, draw_lattice);
        expect_sorted(count, every, draw_lattice);
        expect_sorted(count, some, draw_any);
    }
}

Test(nearest, measures_the_short_way_round)
{
    const float period[] = {6.0f}, points[] = {2.75f, 0.0f}, z[] = {-2.75f};
    NearestIndex index = index_of(1, 2, period, points);
    Neighbour near;
    float delta;
    cr_assert(eq(int, nearest_find(&index, z, 1, 0, &near), 1));
    cr_assert(eq(int, near.cell, 0));
    cr_assert(eq(flt, near.distance2, 0.25f));
    nearest_delta(&index, 0, z, &delta);
    cr_assert(eq(flt, delta, 0.5f));
    nearest_release(&index);
}

Test(nearest, counts_no_turns)
{
    const float period[] = {6.0f}, points[] = {2.0f + 18.0f, -1.0f}, z[] = {1.5f - 12.0f};
    NearestIndex index = index_of(1, 2, period, points);
    Neighbour near;
    float at, delta;
    nearest_get(&index, 0, &at);
    cr_assert(eq(flt, at, 2.0f));
    cr_assert(eq(int, nearest_find(&index, z, 1, 0, &near), 1));
    cr_assert(eq(int, near.cell, 0));
    cr_assert(eq(flt, near.distance2, 0.25f));
    nearest_delta(&index, 0, z, &delta);
    cr_assert(eq(flt, delta, -0.5f));
    nearest_release(&index);
}

Test(nearest, finds_only_points_that_are_set)
{
    const float z[] = {0.0f, 0.0f};
    NearestIndex index = index_of(2, 20, none, NULL);
    Neighbour near[4];
    cr_assert(eq(int, nearest_find(&index, z, 4, 0, near), 0));
    nearest_set(&index, 19, (float[]){1.0f, 1.0f});
    nearest_set(&index, 3, (float[]){2.0f, 1.0f});
    nearest_arrange(&index);
    cr_assert(eq(int, nearest_find(&index, z, 4, 0, near), 2));
    cr_assert(eq(int, near[0].cell, 19));
    cr_assert(eq(int, near[1].cell, 3));
    nearest_release(&index);
}

Test(nearest, finds_no_point_with_a_coordinate_that_is_not_finite)
{
    const float period[] = {3.0f, 2.0f}, z[] = {0.0f, 0.0f};
    const float bad[][2] = {{NAN, 0.0f}, {0.0f, INFINITY}, {-INFINITY, NAN}};
    NearestIndex index = index_of(2, 20, period, NULL);
    Neighbour near[4];
    for (int i = 0; i < 3; i++)
        nearest_set(&index, 5 * i, bad[i]);
    nearest_set(&index, 7, (float[]){1.0f, 0.5f});
    nearest_arrange(&index);
    cr_assert(eq(int, nearest_find(&index, z, 4, 0, near), 1));
    cr_assert(eq(int, near[0].cell, 7));
    nearest_release(&index);
}

Test(nearest, searching_before_it_is_arranged_is_our_bug, .signal = SIGABRT)
{
    const float points[] = {1.0f, 2.0f};
    NearestIndex index = index_of(1, 2, none, points);
    Neighbour near;
    nearest_set(&index, 0, points);
    (void)nearest_find(&index, points, 1, 0, &near);
}

Test(nearest, finds_nothing_near_to_what_is_not_finite)
{
    const float period[] = {0.0f, 3.0f}, points[] = {1.0f, 1.0f};
    const float bad[][2] = {{NAN, 0.0f},       {0.0f, NAN}, {INFINITY, 0.0f},
                            {0.0f, -INFINITY}, {NAN, NAN},  {-INFINITY, INFINITY}};
    NearestIndex index = index_of(2, 1, period, points);
    Neighbour near;
    for (int i = 0; i < 6; i++)
        for (int known = 0; known < 2; known++) {
            near = (Neighbour){0.0f, 0};
            cr_assert(eq(int, nearest_find(&index, bad[i], 1, known, &near), 0), "query %d", i);
        }
    nearest_release(&index);
}

Test(nearest, says_that_there_is_no_memory)
{
    NearestIndex index;
    Error err = {0};
    mem_fail_at(0);
    cr_assert(eq(int, nearest_init(&index, 2, 9, none, &err), STATUS_NOMEM));
    cr_assert(eq(int, err.status, STATUS_NOMEM));
    nearest_release(&index);
}

// -- weights

static void neighbours(Neighbour *near, const float *distance2, int count)
{
    for (int i = 0; i < count; i++)
        near[i] = (Neighbour){distance2[i], i};
}

Test(weights, are_those_of_the_formula)
{
    const float distance2[] = {0.0f, 2.0f, 4.0f};
    Neighbour near[3];
    float weight[3] = {-1.0f, -1.0f, -1.0f};
    neighbours(near, distance2, 3);
    cr_assert(eq(int, neighbour_weights(near, 3, 2, weight), 2));
    double first = 1.0 / 0.05, second = 0.5 / 0.55; // t = 0 and 1/2
    cr_assert(epsilon_eq(flt, weight[0], first / (first + second), 1e-6f));
    cr_assert(epsilon_eq(flt, weight[1], second / (first + second), 1e-6f));
    cr_assert(eq(flt, weight[2], -1.0f));
}

Test(weights, sum_to_one)
{
    RngStream rng = rng_stream(2, RNG_METHOD, 0);
    for (int trial = 0; trial < 1000; trial++) {
        Neighbour near[MOST + 1];
        float weight[MOST], sum = 0.0f, distance2 = 0.0f;
        int found = 1 + rng_below(&rng, MOST + 1), n = 1 + rng_below(&rng, MOST);
        for (int i = 0; i < found; i++) {
            distance2 += (float)rng_below(&rng, 4); // often as far as the one before
            near[i] = (Neighbour){distance2, i};
        }
        int count = neighbour_weights(near, found, n, weight);
        cr_assert(eq(int, count, found < n ? found : n));
        for (int i = 0; i < count; i++) {
            cr_assert(le(flt, 0.0f, weight[i]));
            sum += weight[i];
        }
        cr_assert(epsilon_eq(flt, sum, 1.0f, 1e-6f), "trial %d", trial);
    }
}

Test(weights, vanish_as_a_neighbour_leaves_the_set)
{
    float last = 1.0f, gap = 1.0f;
    for (int i = 0; i < 6; i++) {
        gap *= 0.1f;
        const float distance2[] = {0.25f, 1.0f - gap, 1.0f};
        Neighbour near[3];
        float weight[2];
        neighbours(near, distance2, 3);
        (void)neighbour_weights(near, 3, 2, weight);
        cr_assert(lt(flt, weight[1], 0.2f * last), "gap %g", (double)gap);
        last = weight[1];
    }
    cr_assert(lt(flt, last, 1e-5f));
}

Test(weights, are_equal_where_all_are_equally_far)
{
    const float far[] = {0.0f, 3.0f, 1e-44f};
    for (int i = 0; i < 3; i++) {
        const float distance2[] = {far[i], far[i], far[i], far[i]};
        Neighbour near[4];
        float weight[4];
        neighbours(near, distance2, 4);
        for (int found = 3; found <= 4; found++) { // with a neighbour beyond and without
            cr_assert(eq(int, neighbour_weights(near, found, 3, weight), 3));
            for (int k = 0; k < 3; k++)
                cr_assert(epsilon_eq(flt, weight[k], 1.0f / 3.0f, 1e-7f));
        }
    }
}

Test(weights, do_without_a_neighbour_beyond)
{
    const float distance2[] = {1.0f, 4.0f};
    Neighbour near[2];
    float weight[5];
    neighbours(near, distance2, 2);
    cr_assert(eq(int, neighbour_weights(near, 2, 5, weight), 2));
    double first = 1.0 / 0.3, second = 1.0 / 1.05; // t = 1/4 and 1
    cr_assert(epsilon_eq(flt, weight[0], first / (first + second), 1e-6f));
    cr_assert(eq(int, neighbour_weights(near, 1, 5, weight), 1));
    cr_assert(eq(flt, weight[0], 1.0f));
    cr_assert(eq(int, neighbour_weights(near, 0, 5, weight), 0));
}
