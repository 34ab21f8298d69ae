#include "suite/run/schedule.h"

#include <stdbool.h>

#include "suite/core/mem.h"
#include "suite/run/pool.h"

Status schedule_init(Schedule *schedule, int count, Error *err)
{
    *schedule = (Schedule){.count = count};
    schedule->item = mem_array((size_t)count, sizeof *schedule->item);
    return schedule->item ? STATUS_OK : error_nomem(err);
}

void schedule_release(Schedule *schedule)
{
    mem_free(schedule->item);
    *schedule = (Schedule){0};
}

static bool comes_before(const Item *a, const Item *b)
{
    return a->kind != b->kind ? a->kind < b->kind : a->cost_s > b->cost_s;
}

int schedule_next(Schedule *schedule)
{
    int best = POOL_END;
    for (int i = 0; i < schedule->count; i++) {
        const Item *item = &schedule->item[i];
        if (item->state == ITEM_READY) {
            if (best < 0 || comes_before(item, &schedule->item[best])) best = i;
        } else if (best < 0 && (item->state == ITEM_HELD || item->state == ITEM_BEGUN)) {
            best = POOL_WAIT;
        }
    }
    if (best >= 0) schedule->item[best].state = ITEM_BEGUN;
    return best;
}
