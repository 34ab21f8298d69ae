#include "suite/run/schedule.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "suite/core/mem.h"
#include "suite/run/pool.h"

static Schedule schedule;

static void teardown(void)
{
    schedule_release(&schedule);
}

TestSuite(schedule, .fini = teardown);

static void make(const Item *item, int count)
{
    cr_assert(eq(int, schedule_init(&schedule, count, NULL), STATUS_OK));
    for (int i = 0; i < count; i++)
        schedule.item[i] = item[i];
}

static void expect_next(int index)
{
    cr_assert(eq(int, schedule_next(&schedule), index));
    cr_assert(eq(int, schedule.item[index].state, ITEM_BEGUN));
}

static void expect(int answer)
{
    cr_assert(eq(int, schedule_next(&schedule), answer));
}

Test(schedule, begins_what_others_wait_for_however_short)
{
    const Item item[] = {{ITEM_READY, ITEM_TARGET, 9.0},
                         {ITEM_READY, ITEM_KNOWLEDGE, 1.0},
                         {ITEM_READY, ITEM_SOURCE, 2.0},
                         {ITEM_READY, ITEM_KNOWLEDGE, 3.0}};
    make(item, 4);
    expect_next(2);
    expect_next(3);
    expect_next(1);
    expect_next(0);
}

Test(schedule, begins_the_longest_first_and_equals_in_their_order)
{
    const Item item[] = {{ITEM_READY, ITEM_TARGET, 2.0},
                         {ITEM_READY, ITEM_TARGET, 5.0},
                         {ITEM_READY, ITEM_TARGET, 2.0},
                         {ITEM_READY, ITEM_TARGET, 7.0}};
    make(item, 4);
    expect_next(3);
    expect_next(1);
    expect_next(0);
    expect_next(2);
}

Test(schedule, passes_over_what_is_held)
{
    const Item item[] = {{ITEM_HELD, ITEM_SOURCE, 9.0}, {ITEM_READY, ITEM_TARGET, 1.0}};
    make(item, 2);
    expect_next(1);
    expect(POOL_WAIT);
    schedule.item[1].state = ITEM_ENDED;
    expect(POOL_WAIT); // held, though nothing runs: a bug that the pool sees
    schedule.item[0].state = ITEM_READY;
    expect_next(0);
}

Test(schedule, ends_only_when_all_that_was_begun_has_ended)
{
    const Item item[] = {{ITEM_READY, ITEM_SOURCE, 1.0}, {ITEM_NONE, ITEM_TARGET, 1.0}};
    make(item, 2);
    expect_next(0);
    expect(POOL_WAIT);
    schedule.item[0].state = ITEM_ENDED;
    schedule.item[1].state = ITEM_READY; // which is made again
    expect_next(1);
    schedule.item[1].state = ITEM_ENDED;
    expect(POOL_END);
}

Test(schedule, has_nothing_to_do_without_items)
{
    make(NULL, 0);
    expect(POOL_END);
}

Test(schedule, says_when_there_is_no_memory)
{
    mem_fail_at(0);
    cr_assert(eq(int, schedule_init(&schedule, 3, NULL), STATUS_NOMEM));
}
