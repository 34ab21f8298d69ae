#include "dqinit/tile_table.h"

#include <math.h>
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "suite/core/mem.h"
#include "tests/support/folder.h"

enum { SAMPLES = 2000, ACTIONS = 2, TILINGS = 4 };

static const float lo[] = {0.0f}, hi[] = {1.0f};

static Tilings tilings;
static TileTable table;
static TileTableNumbers numbers;
static float coords[SAMPLES], q[SAMPLES * ACTIONS];

// Q(x, a) = (1 + a) x, densely and evenly drawn
static void setup(void)
{
    test_folder_make();
    tilings_init(&tilings, 1, TILINGS, 10, lo, hi);
    for (int i = 0; i < SAMPLES; i++) {
        coords[i] = ((float)(i * 7 % SAMPLES) + 0.5f) / SAMPLES;
        for (int a = 0; a < ACTIONS; a++)
            q[i * ACTIONS + a] = (float)(1 + a) * coords[i];
    }
}

static void teardown(void)
{
    tile_table_release(&table);
    test_folder_remove();
}

TestSuite(tile_table, .init = setup, .fini = teardown);

static void build(const float *x, const float *values, int actions, int n, int least)
{
    Error err = {0};
    cr_assert(
        eq(int,
           tile_table_build(&table, &tilings, x, values, actions, n, least, &numbers, &err),
           STATUS_OK),
        "%s", err.message);
}

// -- building

Test(tile_table, gives_a_constant_back_exactly)
{
    for (int i = 0; i < SAMPLES * ACTIONS; i++)
        q[i] = -3.3f; // which no sum of its kind keeps
    build(coords, q, ACTIONS, SAMPLES, 1);
    for (int c = 0; c < table.cells.count * ACTIONS; c++)
        cr_assert(eq(flt, table.value[c], -3.3f), "value %d", c);
    cr_assert(eq(dbl, numbers.variance_ratio, 0.0));
}

Test(tile_table, averages_a_cell_as_two_passes_do)
{
    build(coords, q, ACTIONS, SAMPLES, 1);
    // the first tiling's fourth part, [.3, .4)
    double sum = 0.0;
    int n = 0;
    for (int i = 0; i < SAMPLES; i++) {
        if (coords[i] < 0.3f || coords[i] >= 0.4f) continue;
        sum += (double)coords[i];
        n++;
    }
    const float at[] = {0.35f};
    int c = cells_find(&table.cells, tilings_cell(&tilings, 0, at));
    cr_assert(le(int, 0, c));
    cr_assert(epsilon_eq(dbl, (double)table.value[c * ACTIONS], sum / n, 1e-7));
    cr_assert(epsilon_eq(dbl, (double)table.value[c * ACTIONS + 1], 2.0 * sum / n, 1e-7));
    cr_assert(eq(int, table.visits[c], n));
}

// three samples in one cell, two in another, one tiling
static void build_five(int least)
{
    const float x[] = {0.02f, 0.55f, 0.05f, 0.51f, 0.08f};
    const float values[] = {1.0f, 10.0f, 5.0f, 20.0f, 3.0f, 14.0f, 9.0f, 0.0f, 2.0f, 12.0f};
    tilings_init(&tilings, 1, 1, 10, lo, hi);
    build(x, values, ACTIONS, 5, least);
}

Test(tile_table, knows_a_cell_from_the_least_visits_on)
{
    const float often[] = {0.05f}, seldom[] = {0.55f};
    float out[ACTIONS] = {0};
    build_five(3);
    cr_assert(eq(int, table.cells.count, 1));
    cr_assert(eq(int, tile_table_lookup(&table, &tilings, often, out), 1));
    cr_assert(epsilon_eq(flt, out[0], 2.0f, 1e-6f));
    cr_assert(epsilon_eq(flt, out[1], 12.0f, 1e-5f));
    cr_assert(eq(int, tile_table_lookup(&table, &tilings, seldom, out), 0));
    tile_table_release(&table);
    build_five(2);
    cr_assert(eq(int, tile_table_lookup(&table, &tilings, seldom, out), 1));
}

Test(tile_table, tells_unseen_mass_and_variance_ratio)
{
    const float x[] = {0.02f, 0.55f, 0.05f, 0.95f};
    const float values[] = {1.0f, 10.0f, 5.0f, 20.0f, 3.0f, 14.0f, 9.0f, 0.0f};
    tilings_init(&tilings, 1, 1, 10, lo, hi);
    build(x, values, ACTIONS, 4, 1);
    cr_assert(eq(dbl, numbers.unseen_mass, 0.5)); // two of four visits are alone in their cell
    // within: squares 2 and 8 in the first cell, so 5 an action, over 4 visits; of all eight
    // values the mean is 7.75 and the variance 812 / 8 - 7.75^2
    double overall = 812.0 / 8.0 - 7.75 * 7.75;
    cr_assert(epsilon_eq(dbl, numbers.variance_ratio, 5.0 / 4.0 / overall, 1e-12));

    tile_table_release(&table);
    build(x, values, ACTIONS, 4, 2); // over the visits of cells that are known
    cr_assert(eq(dbl, numbers.unseen_mass, 0.5));
    cr_assert(epsilon_eq(dbl, numbers.variance_ratio, 5.0 / 2.0 / overall, 1e-12));
}

Test(tile_table, does_not_mind_the_order_of_samples)
{
    static float back[SAMPLES], back_q[SAMPLES * ACTIONS];
    for (int i = 0; i < SAMPLES; i++) {
        back[i] = coords[SAMPLES - 1 - i];
        for (int a = 0; a < ACTIONS; a++)
            back_q[i * ACTIONS + a] = q[(SAMPLES - 1 - i) * ACTIONS + a];
    }
    build(back, back_q, ACTIONS, SAMPLES, 2);
    TileTable other = table;
    build(coords, q, ACTIONS, SAMPLES, 2);
    cr_assert(eq(int, table.cells.count, other.cells.count));
    for (int c = 0; c < table.cells.count; c++) {
        int o = cells_find(&other.cells, table.cells.key[c]);
        cr_assert(le(int, 0, o), "cell %d", c);
        cr_assert(eq(int, table.visits[c], other.visits[o]), "cell %d", c);
        for (int a = 0; a < ACTIONS; a++)
            cr_assert(epsilon_eq(flt, table.value[c * ACTIONS + a],
                                 other.value[o * ACTIONS + a], 1e-6f));
    }
    tile_table_release(&other);
}

// -- look-up

Test(tile_table, answers_with_the_mean_over_the_tilings_that_know)
{
    const float x[] = {0.55f};
    float out[ACTIONS];
    build(coords, q, ACTIONS, SAMPLES, 1);
    cr_assert(eq(int, tile_table_lookup(&table, &tilings, x, out), TILINGS));
    for (int a = 0; a < ACTIONS; a++) {
        float sum = 0.0f;
        for (int t = 0; t < TILINGS; t++) {
            int c = cells_find(&table.cells, tilings_cell(&tilings, t, x));
            sum += table.value[c * ACTIONS + a] / TILINGS;
        }
        cr_assert(epsilon_eq(flt, out[a], sum, 1e-6f));
        cr_assert(epsilon_eq(flt, out[a], (float)(1 + a) * x[0], 0.05f));
    }
}

Test(tile_table, divides_by_those_that_know_alone)
{
    // one sample: a point a third of a part away shares some of its four cells
    const float x[] = {0.55f}, values[] = {6.0f, -8.0f}, beside[] = {0.585f};
    float out[ACTIONS];
    build(x, values, ACTIONS, 1, 1);
    int hits = tile_table_lookup(&table, &tilings, beside, out);
    cr_assert(lt(int, 0, hits));
    cr_assert(lt(int, hits, TILINGS));
    cr_assert(eq(flt, out[0], 6.0f));
    cr_assert(eq(flt, out[1], -8.0f));
}

Test(tile_table, is_silent_where_no_sample_was)
{
    const float wide[] = {2.0f}, nowhere[] = {1.8f}, here[] = {0.5f};
    float out[ACTIONS] = {77.0f, 78.0f};
    tilings_init(&tilings, 1, TILINGS, 10, lo, wide);
    build(coords, q, ACTIONS, SAMPLES, 1);
    cr_assert(eq(int, tile_table_lookup(&table, &tilings, nowhere, out), 0));
    cr_assert(eq(flt, out[0], 77.0f));
    cr_assert(eq(flt, out[1], 78.0f));
    cr_assert(eq(int, tile_table_lookup(&table, &tilings, here, out), TILINGS));
}

// -- the control

enum { MANY = 5 };

static void build_numbered(void)
{
    static float values[SAMPLES * MANY];
    for (int i = 0; i < SAMPLES; i++)
        for (int a = 0; a < MANY; a++)
            values[i * MANY + a] = 10.0f * floorf(10.0f * coords[i]) + (float)a;
    tilings_init(&tilings, 1, 1, 10, lo, hi);
    build(coords, values, MANY, SAMPLES, 1);
}

// which action stands at each place of a cell, as digits; every one must be there once
static int ordering(int cell)
{
    int digits = 0, seen = 0;
    float level = 1e9f;
    for (int a = 0; a < MANY; a++)
        level = fminf(level, table.value[cell * MANY + a]);
    for (int a = 0; a < MANY; a++) {
        int action = (int)(table.value[cell * MANY + a] - level + 0.5f);
        cr_assert(le(int, action, MANY - 1), "cell %d", cell);
        seen |= 1 << action;
        digits = 10 * digits + action;
    }
    cr_assert(eq(int, seen, (1 << MANY) - 1), "cell %d", cell);
    return digits;
}

Test(tile_table, shuffles_the_actions_of_every_cell_on_its_own)
{
    RngStream rng = rng_stream(3, RNG_METHOD, 0);
    double before = 0.0, after = 0.0;
    int moved = 0, unlike = 0;
    build_numbered();
    for (int i = 0; i < 10 * MANY; i++)
        before += (double)table.value[i] * (double)(i / MANY); // tells cells apart
    tile_table_shuffle(&table, &rng);
    for (int i = 0; i < 10 * MANY; i++)
        after += (double)table.value[i] * (double)(i / MANY);
    cr_assert(epsilon_eq(dbl, before, after, 1e-3));
    for (int c = 0; c < 10; c++) {
        moved += ordering(c) != 1234;
        unlike += ordering(c) != ordering(0);
    }
    cr_assert(le(int, 7, moved));
    cr_assert(le(int, 5, unlike));
}

// -- the file

static Status copy(TileTable *from, TileTable *to)
{
    Archive *archive;
    const char *path = test_path("tiles");
    cr_assert(eq(int, archive_create(&archive, path, "test", 1, NULL), STATUS_OK));
    tile_table_archive(from, archive);
    cr_assert(eq(int, archive_close(archive, NULL), STATUS_OK));
    *to = (TileTable){0};
    cr_assert(eq(int, archive_open(&archive, path, "test", 1, NULL), STATUS_OK));
    tile_table_archive(to, archive);
    return archive_close(archive, NULL);
}

Test(tile_table, reads_back_the_same_bits)
{
    TileTable back;
    build(coords, q, ACTIONS, SAMPLES, 2);
    cr_assert(eq(int, copy(&table, &back), STATUS_OK));
    cr_assert(eq(int, back.cells.count, table.cells.count));
    cr_assert(eq(i64, tile_table_bytes(&back), 20 * (int64_t)table.cells.count));
    for (int i = 0; i < 200; i++) {
        const float x[] = {(float)i / 200.0f};
        float a[ACTIONS] = {0}, b[ACTIONS] = {0};
        int hits = tile_table_lookup(&table, &tilings, x, a);
        cr_assert(eq(int, tile_table_lookup(&back, &tilings, x, b), hits));
        cr_assert(memcmp(a, b, sizeof a) == 0, "x = %g", (double)x[0]);
    }
    size_t bytes = (size_t)table.cells.count * sizeof(int32_t);
    cr_assert(memcmp(back.visits, table.visits, bytes) == 0);
    tile_table_release(&back);
}

Test(tile_table, refuses_a_cell_twice)
{
    TileTable back;
    build(coords, q, ACTIONS, SAMPLES, 2);
    table.cells.key[3] = table.cells.key[1];
    cr_assert(eq(int, copy(&table, &back), STATUS_PARSE));
    tile_table_release(&back);
}

Test(tile_table, refuses_values_that_are_not_finite)
{
    TileTable back;
    build(coords, q, ACTIONS, SAMPLES, 2);
    table.value[5] = NAN;
    cr_assert(eq(int, copy(&table, &back), STATUS_PARSE));
    tile_table_release(&back);
}

Test(tile_table, refuses_more_cells_than_the_file_holds)
{
    Archive *archive;
    const char *path = test_path("short");
    int actions = 4096, cells = 1 << 26;
    TileTable back = {0};
    cr_assert(eq(int, archive_create(&archive, path, "test", 1, NULL), STATUS_OK));
    archive_int(archive, "tiles.actions", &actions, 1, actions);
    archive_int(archive, "tiles.cells", &cells, 0, cells);
    cr_assert(eq(int, archive_close(archive, NULL), STATUS_OK));
    cr_assert(eq(int, archive_open(&archive, path, "test", 1, NULL), STATUS_OK));
    int64_t before = mem_count();
    tile_table_archive(&back, archive);
    cr_assert(eq(i64, mem_count(), before)); // it did not ask for a terabyte
    cr_assert(eq(int, archive_close(archive, NULL), STATUS_PARSE));
    tile_table_release(&back);
}

Test(tile_table, gives_up_cleanly_when_memory_ends)
{
    Status status = STATUS_NOMEM;
    int fail = 0;
    for (; status != STATUS_OK; fail++) {
        tile_table_release(&table);
        mem_fail_at(fail);
        status = tile_table_build(&table, &tilings, coords, q, ACTIONS, 100, 1, &numbers, NULL);
        mem_fail_at(-1);
        cr_assert(status == STATUS_OK || status == STATUS_NOMEM, "failing request %d", fail);
    }
    cr_assert(lt(int, 10, fail));
}
