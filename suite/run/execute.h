/** @file
 * Executing a plan: source runs, what methods distil from them, and target runs, in one pool of
 * workers.
 *
 * Layer: run. What needs nothing begins at once; a family's knowledge is distilled when the
 * last of its sources has ended, and a run that learns from it begins when that is there. So no
 * family waits for another. Of what may begin, suite/run/schedule.h says the order. A run that
 * fails ends only itself and, if it is a source, the runs of its family that need it. Finished
 * runs are skipped, so the same plan again continues.
 */
#ifndef SUITE_RUN_EXECUTE_H
#define SUITE_RUN_EXECUTE_H

#include "suite/core/status.h"
#include "suite/run/plan.h"

/** How a run of the plan ended. */
typedef struct RunOutcome {
    Status status;
    const char *why; // "" if STATUS_OK
    int finished;    // runs ended so far, this one included
    int count;       // runs to be made in all
} RunOutcome;

typedef struct Execution {
    Plan *plan;
    const char *models, *out; // folders
    int workers;              // > 0
    bool fresh;               // remove the folders of these runs first
    void *context;
    void (*ended)(void *context, const Run *run, const RunOutcome *outcome); // may be NULL

    // written
    bool begun; // the folder could be locked and used
    int made, failed, skipped;
} Execution;

/**
 * Execute a plan. Holds OUT/.lock while it works.
 *
 * @errors STATUS_MISMATCH if another process is working in OUT; STATUS_IO if OUT cannot be
 *         written; STATUS_INTERRUPTED. Runs that failed are counted, not returned.
 */
MUST_CHECK Status plan_execute(Execution *execution, Error *err);

#endif
