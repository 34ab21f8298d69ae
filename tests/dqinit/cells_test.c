#include "dqinit/cells.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "suite/core/mem.h"
#include "suite/core/rng.h"

enum { KEYS = 5000 };

static uint64_t key_of(int i)
{
    return (uint64_t)i * 32 + (uint64_t)(i % 3) * ((uint64_t)1 << 50); // neighbours in few bits
}

Test(cells, numbers_keys_in_the_order_they_come)
{
    CellIndex cells;
    cr_assert(eq(int, cells_init(&cells, KEYS, NULL), STATUS_OK));
    for (int i = 0; i < KEYS; i++)
        cr_assert(eq(int, cells_add(&cells, key_of(i)), i));
    for (int i = 0; i < KEYS; i++) {
        cr_assert(eq(int, cells_find(&cells, key_of(i)), i));
        cr_assert(eq(int, cells_add(&cells, key_of(i)), i));
    }
    cr_assert(eq(int, cells.count, KEYS));
    cells_release(&cells);
}

Test(cells, does_not_find_what_was_not_added)
{
    CellIndex cells;
    cr_assert(eq(int, cells_init(&cells, 10, NULL), STATUS_OK));
    cr_assert(eq(int, cells_find(&cells, 0), -1));
    (void)cells_add(&cells, 7);
    cr_assert(eq(int, cells_find(&cells, 0), -1));
    cr_assert(eq(int, cells_find(&cells, 7), 0));
    cells_release(&cells);
}

Test(cells, refuses_a_new_key_when_full_and_still_knows_the_old)
{
    CellIndex cells;
    cr_assert(eq(int, cells_init(&cells, 2, NULL), STATUS_OK));
    (void)cells_add(&cells, 5);
    (void)cells_add(&cells, 6);
    cr_assert(eq(int, cells_add(&cells, 7), -1));
    cr_assert(eq(int, cells_add(&cells, 6), 1));
    cr_assert(eq(int, cells_reserve(&cells, 3, NULL), STATUS_OK));
    cr_assert(eq(int, cells_add(&cells, 7), 2));
    cr_assert(eq(int, cells_find(&cells, 5), 0));
    cells_release(&cells);
}

Test(cells, refuses_what_no_memory_could_hold)
{
    CellIndex cells;
    cr_assert(eq(int, cells_init(&cells, (int64_t)1 << 40, NULL), STATUS_RANGE));
    for (int fail = 0; fail < 2; fail++) {
        mem_fail_at(fail);
        cr_assert(eq(int, cells_init(&cells, 100, NULL), STATUS_NOMEM));
    }
}
