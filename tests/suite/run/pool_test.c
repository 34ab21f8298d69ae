#include "suite/run/pool.h"

#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "suite/run/interrupt.h"

enum { ITEMS = 6 };

typedef struct Outcome {
    Status status;
    char why[128];
    int times;
} Outcome;

static Outcome outcome[ITEMS];
static int begun, asked_after_end; // in the parent
static bool ended;

// all items in their order
static int in_order(void *context)
{
    (void)context;
    asked_after_end += ended;
    ended = begun == ITEMS;
    return ended ? POOL_END : begun++;
}

// each item ends in its own way
static Status work(void *context, int index, Error *err)
{
    (void)context;
    switch (index) {
    case 1:
        return error_set(err, STATUS_IO, "item %d has no luck", index);
    case 2:
        abort();
    case 3:
        raise(SIGKILL);
        break;
    case 4:
        pool_last_words(STATUS_PHYSICS, "the arm fell off");
        _exit(3);
    default:
        break;
    }
    return STATUS_OK;
}

static void done(void *context, int index, Status status, const char *why)
{
    (void)context;
    outcome[index].status = status;
    outcome[index].times++;
    (void)strncpy(outcome[index].why, why, sizeof outcome[index].why - 1);
}

static void expect(int index, Status status, const char *part)
{
    cr_assert(eq(int, outcome[index].times, 1), "item %d", index);
    cr_assert(eq(int, outcome[index].status, status), "item %d", index);
    cr_assert(strstr(outcome[index].why, part) != NULL, "item %d: '%s'", index,
              outcome[index].why);
}

static void run_with(int workers)
{
    PoolJob job = {.workers = workers, .next = in_order, .work = work, .done = done};
    Error err = {0};
    memset(outcome, 0, sizeof outcome);
    begun = 0;
    ended = false;
    cr_assert(eq(int, pool_run(&job, &err), STATUS_OK), "%s", err.message);
    expect(0, STATUS_OK, "");
    expect(1, STATUS_IO, "item 1 has no luck");
    expect(2, STATUS_WORKER, "signal 6");
    expect(3, STATUS_WORKER, "signal 9");
    expect(4, STATUS_PHYSICS, "the arm fell off");
    expect(5, STATUS_OK, "");
    cr_assert(eq(int, asked_after_end, 0));
}

Test(pool, ends_only_the_item_whose_worker_fails)
{
    run_with(1);
    run_with(2);
    run_with(50);
}

static Status exit_silently(void *context, int index, Error *err)
{
    (void)context;
    (void)index;
    (void)err;
    _exit(7);
}

// the last item only
static int last(void *context)
{
    (void)context;
    return begun++ ? POOL_END : ITEMS - 1;
}

Test(pool, does_not_take_an_exit_code_for_success)
{
    PoolJob job = {.workers = 1, .next = last, .work = exit_silently, .done = done};
    cr_assert(eq(int, pool_run(&job, NULL), STATUS_OK));
    expect(ITEMS - 1, STATUS_WORKER, "exit code 7");
    cr_assert(eq(int, outcome[0].times, 0));
}

static int nothing(void *context)
{
    (void)context;
    return POOL_END;
}

Test(pool, has_nothing_to_do_without_items)
{
    PoolJob job = {.workers = 2, .next = nothing, .work = work, .done = done};
    cr_assert(eq(int, pool_run(&job, NULL), STATUS_OK));
}

// item 0 is held until item 5 has ended, which is begun first and not waited for otherwise
static int last_before_first(void *context)
{
    int *waits = context;
    if (begun == 0) return begun++, ITEMS - 1;
    if (begun == 2) return POOL_END;
    *waits += !outcome[ITEMS - 1].times;
    return outcome[ITEMS - 1].times ? (begun++, 0) : POOL_WAIT;
}

Test(pool, asks_again_when_an_item_has_ended)
{
    int waits = 0;
    PoolJob job = {
        .workers = 2, .context = &waits, .next = last_before_first, .work = work, .done = done};
    cr_assert(eq(int, pool_run(&job, NULL), STATUS_OK));
    expect(ITEMS - 1, STATUS_OK, "");
    expect(0, STATUS_OK, "");
    cr_assert(eq(int, waits, 1)); // asleep in between
}

// how many items run when another is asked for
static int count_running(void *context)
{
    int *most = context, running = begun;
    for (int i = 0; i < ITEMS; i++)
        running -= outcome[i].times;
    *most = running > *most ? running : *most;
    return in_order(context);
}

Test(pool, asks_for_no_more_than_it_has_workers)
{
    int most = 0;
    PoolJob job = {
        .workers = 3, .context = &most, .next = count_running, .work = work, .done = done};
    cr_assert(eq(int, pool_run(&job, NULL), STATUS_OK));
    cr_assert(eq(int, most, 2)); // running beside the one that is asked for
}

static int waits_for_nothing(void *context)
{
    (void)context;
    return POOL_WAIT;
}

Test(pool, waiting_while_nothing_runs_is_our_bug, .signal = SIGABRT)
{
    PoolJob job = {.workers = 2, .next = waits_for_nothing, .work = work, .done = done};
    cr_assert(ne(int, pool_run(&job, NULL), STATUS_OK));
}

static int signal_then_more(void *context)
{
    (void)raise(SIGTERM);
    return in_order(context);
}

static Status work_until_told(void *context, int index, Error *err)
{
    (void)context;
    const struct timespec pause = {.tv_nsec = 1000000};
    while (!interrupt_pending())
        (void)nanosleep(&pause, NULL);
    return error_set(err, STATUS_INTERRUPTED, "item %d stopped", index);
}

Test(pool, tells_its_workers_of_a_signal_and_asks_for_no_more)
{
    PoolJob job = {
        .workers = 2, .next = signal_then_more, .work = work_until_told, .done = done};
    Error err = {0};
    interrupt_install();
    // held back while the pool looks, and noted when it sleeps: the workers are full by then
    cr_assert(eq(int, pool_run(&job, &err), STATUS_INTERRUPTED));
    cr_assert(eq(int, begun, 2));
    expect(0, STATUS_INTERRUPTED, "item 0 stopped");
    expect(1, STATUS_INTERRUPTED, "item 1 stopped");
}
