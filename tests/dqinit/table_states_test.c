#include "dqinit/table_states.h"

#include <math.h>
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "suite/core/mem.h"
#include "suite/core/rng.h"
#include "tests/support/folder.h"

enum { STATES = 100, D = 3, K = 2, WIDTH = D + K };

static TableStates states;
static float put[STATES][WIDTH]; // features first

// ranges of their own; the second feature and the second coordinate are constant
static void setup(void)
{
    RngStream rng = rng_stream(2, RNG_METHOD, 0);
    test_folder_make();
    cr_assert(eq(int, table_states_init(&states, STATES, D, K, NULL), STATUS_OK));
    for (int j = 0; j < STATES; j++) {
        for (int i = 0; i < WIDTH; i++)
            put[j][i] = (float)(rng_uniform(&rng, -1.0, 1.0) * pow(10.0, i));
        put[j][1] = 0.1f;
        put[j][D + 1] = -7.3f;
        table_states_put(&states, j, put[j], put[j] + D);
    }
}

static void teardown(void)
{
    table_states_release(&states);
    test_folder_remove();
}

TestSuite(table_states, .init = setup, .fini = teardown);

static float kept(const TableStates *s, int j, int i)
{
    return i < D ? s->features[j * D + i] : s->coords[j * K + i - D];
}

static float range(int i)
{
    float lo = INFINITY, hi = -INFINITY;
    for (int j = 0; j < STATES; j++) {
        lo = fminf(lo, put[j][i]);
        hi = fmaxf(hi, put[j][i]);
    }
    return hi - lo;
}

Test(table_states, holds_what_was_put_until_it_is_packed)
{
    for (int j = 0; j < STATES; j++)
        for (int i = 0; i < WIDTH; i++)
            cr_assert(eq(flt, kept(&states, j, i), put[j][i]));
}

Test(table_states, keeps_every_number_to_half_a_step)
{
    int moved = 0;
    table_states_pack(&states, STATES);
    for (int i = 0; i < WIDTH; i++) {
        float half = 0.5001f * range(i) / 255.0f;
        for (int j = 0; j < STATES; j++) {
            cr_assert(le(flt, fabsf(kept(&states, j, i) - put[j][i]), half), "number %d", i);
            moved += kept(&states, j, i) != put[j][i];
        }
    }
    cr_assert(lt(int, STATES, moved)); // they were rounded
}

Test(table_states, keeps_constants_exactly)
{
    table_states_pack(&states, STATES);
    for (int j = 0; j < STATES; j++) {
        cr_assert(eq(flt, kept(&states, j, 1), 0.1f));
        cr_assert(eq(flt, kept(&states, j, D + 1), -7.3f));
    }
}

Test(table_states, keeps_the_first_ones_by_their_own_range)
{
    table_states_pack(&states, 2);
    cr_assert(eq(int, states.count, 2));
    for (int i = 0; i < WIDTH; i++) // both are ends of the range
        for (int j = 0; j < 2; j++)
            cr_assert(le(flt, fabsf(kept(&states, j, i) - put[j][i]),
                         1e-6f * fabsf(put[j][i]) + 1e-6f * fabsf(put[1 - j][i])));
}

Test(table_states, counts_a_byte_a_number_and_the_ranges)
{
    table_states_pack(&states, STATES);
    cr_assert(eq(i64, table_states_bytes(&states), STATES * 5 + 5 * 2 * 4));
    cr_assert(eq(int, table_state_bytes(D, K), 5));
}

// -- the file

static Status copy(TableStates *from, TableStates *to)
{
    Archive *archive;
    const char *path = test_path("states");
    cr_assert(eq(int, archive_create(&archive, path, "test", 1, NULL), STATUS_OK));
    table_states_archive(from, D, K, archive);
    cr_assert(eq(int, archive_close(archive, NULL), STATUS_OK));
    *to = (TableStates){0};
    cr_assert(eq(int, archive_open(&archive, path, "test", 1, NULL), STATUS_OK));
    table_states_archive(to, D, K, archive);
    return archive_close(archive, NULL);
}

Test(table_states, reads_back_the_bits_that_packing_left)
{
    TableStates back;
    table_states_pack(&states, STATES - 3);
    cr_assert(eq(int, copy(&states, &back), STATUS_OK));
    cr_assert(eq(int, back.count, STATES - 3));
    size_t n = (size_t)back.count * sizeof(float);
    cr_assert(memcmp(back.features, states.features, n * D) == 0);
    cr_assert(memcmp(back.coords, states.coords, n * K) == 0);
    table_states_release(&back);
}

Test(table_states, refuses_ranges_that_no_number_can_be_in)
{
    const float lo[] = {NAN, INFINITY, 1.0f, 1.0f, 3e38f};
    const float step[] = {1.0f, 1.0f, NAN, -INFINITY, 3e38f};
    table_states_pack(&states, STATES);
    for (int i = 0; i < 5; i++) {
        TableStates back;
        float lo_was = states.lo[0], step_was = states.step[0];
        states.lo[0] = lo[i];
        states.step[0] = step[i];
        cr_assert(eq(int, copy(&states, &back), STATUS_PARSE), "range %d", i);
        table_states_release(&back);
        states.lo[0] = lo_was;
        states.step[0] = step_was;
    }
}

Test(table_states, refuses_more_states_than_the_file_holds)
{
    Archive *archive;
    const char *path = test_path("short");
    int count = 1 << 24;
    TableStates back = {0};
    cr_assert(eq(int, archive_create(&archive, path, "test", 1, NULL), STATUS_OK));
    archive_int(archive, "states.count", &count, 1, count);
    cr_assert(eq(int, archive_close(archive, NULL), STATUS_OK));
    cr_assert(eq(int, archive_open(&archive, path, "test", 1, NULL), STATUS_OK));
    int64_t before = mem_count();
    table_states_archive(&back, D, K, archive);
    cr_assert(eq(i64, mem_count(), before));
    cr_assert(eq(int, archive_close(archive, NULL), STATUS_PARSE));
    table_states_release(&back);
}

Test(table_states, gives_up_cleanly_when_memory_ends)
{
    Status status = STATUS_NOMEM;
    int fail = 0;
    for (; status != STATUS_OK; fail++) {
        table_states_release(&states);
        mem_fail_at(fail);
        status = table_states_init(&states, STATES, D, K, NULL);
        mem_fail_at(-1);
    }
    cr_assert(eq(int, fail, 6));
}
