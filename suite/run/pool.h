/** @file
 * A pool of worker processes, one item of work each, in the order that the caller chooses.
 *
 * Layer: run. A worker that returns an error, aborts, is killed or meets a fatal error of
 * MuJoCo ends its own item only. When a signal is pending no further item is begun, and the
 * workers are told by SIGTERM to stop where they can be continued.
 */
#ifndef SUITE_RUN_POOL_H
#define SUITE_RUN_POOL_H

#include "suite/core/status.h"

/** What next() says when it has no item to begin. */
enum {
    POOL_WAIT = -1, // none before another has ended
    POOL_END = -2,  // none any more; it is not asked again
};

typedef struct PoolJob {
    int workers; // processes at a time, > 0
    void *context;

    /** The item (>= 0) to begin now, POOL_WAIT or POOL_END. Called in the parent, when a worker
     *  is free and after done() of all items that ended. @pre it waits only while items run */
    int (*next)(void *context);

    /** Do item @p index; called in a worker. */
    Status (*work)(void *context, int index, Error *err);

    /** Item @p index ended with @p status, @p why "" if it is STATUS_OK; called in the parent,
     *  in the order in which items end. */
    void (*done)(void *context, int index, Status status, const char *why);
} PoolJob;

/** @errors STATUS_IO if no worker can be started; STATUS_INTERRUPTED if a signal came. Items
 *  that fail are told to done() and are no error of the pool. */
MUST_CHECK Status pool_run(const PoolJob *job, Error *err);

/** In a worker: tell the parent why the process is about to end. For handlers that cannot
 *  return, such as MuJoCo's; elsewhere it does nothing. */
void pool_last_words(Status status, const char *why);

#endif
