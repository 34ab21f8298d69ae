/** @file
 * The order of work: which items may begin, and which of them first.
 *
 * Layer: run. Items that others wait for come first, so that nothing waits longer than it must;
 * among equals the longest, so that no long one is left over at the end.
 */
#ifndef SUITE_RUN_SCHEDULE_H
#define SUITE_RUN_SCHEDULE_H

#include "suite/core/status.h"

typedef enum ItemState {
    ITEM_NONE,  // nothing to make
    ITEM_HELD,  // waits for other items
    ITEM_READY, // may begin
    ITEM_BEGUN,
    ITEM_ENDED,
} ItemState;

typedef enum ItemKind { ITEM_SOURCE, ITEM_KNOWLEDGE, ITEM_TARGET } ItemKind; // first to last

typedef struct Item {
    ItemState state; // written by the caller but for ITEM_BEGUN
    ItemKind kind;
    double cost_s; // estimated
} Item;

typedef struct Schedule {
    Item *item; // (count), owned
    int count;
} Schedule;

/** @p count items that are ITEM_NONE. @param[out] schedule release with schedule_release(),
 *  also after a failure. @errors STATUS_NOMEM. */
MUST_CHECK Status schedule_init(Schedule *schedule, int count, Error *err);
void schedule_release(Schedule *schedule);

/** What the next() of a PoolJob says: the item to begin now, which becomes ITEM_BEGUN;
 *  POOL_WAIT while others are held or begun, whose end may make more ready; or POOL_END. */
int schedule_next(Schedule *schedule);

#endif
