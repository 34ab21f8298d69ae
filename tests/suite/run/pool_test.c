#include "suite/run/pool.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

enum { ITEMS = 6 };

typedef struct Outcome {
    Status status;
    char why[128];
    int times;
} Outcome;

static Outcome outcome[ITEMS];

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
    PoolJob job = {.count = ITEMS, .workers = workers, .work = work, .done = done};
    Error err = {0};
    memset(outcome, 0, sizeof outcome);
    cr_assert(eq(int, pool_run(&job, &err), STATUS_OK), "%s", err.message);
    expect(0, STATUS_OK, "");
    expect(1, STATUS_IO, "item 1 has no luck");
    expect(2, STATUS_WORKER, "signal 6");
    expect(3, STATUS_WORKER, "signal 9");
    expect(4, STATUS_PHYSICS, "the arm fell off");
    expect(5, STATUS_OK, "");
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

Test(pool, does_not_take_an_exit_code_for_success)
{
    PoolJob job = {.count = 1, .workers = 1, .work = exit_silently, .done = done};
    cr_assert(eq(int, pool_run(&job, NULL), STATUS_OK));
    expect(0, STATUS_WORKER, "exit code 7");
}

Test(pool, has_nothing_to_do_without_items)
{
    PoolJob job = {.count = 0, .workers = 2, .work = work, .done = done};
    cr_assert(eq(int, pool_run(&job, NULL), STATUS_OK));
}
