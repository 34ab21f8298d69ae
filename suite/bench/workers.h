/** @file
 * Several workers: how much faster the same runs are done by more of them.
 *
 * Layer: bench. Real runs by plan_execute(), with their processes, records and files.
 */
#ifndef SUITE_BENCH_WORKERS_H
#define SUITE_BENCH_WORKERS_H

#include "suite/bench/series.h"
#include "suite/core/status.h"
#include "suite/run/settings.h"

/** Which runs; strings are borrowed. */
typedef struct WorkersJob {
    const char *task, *models;
    const char *out;     // a folder that may be used and emptied
    int runs;            // seeds, each a run of scratch on the member `base`
    const Override *set; // (set_count) settings of all of them
    int set_count;
} WorkersJob;

/** Make the runs with @p workers workers: adds control steps per second of wall time to
 *  @p speed. @errors those of plan_make() and plan_execute(); STATUS_WORKER if a run failed. */
MUST_CHECK Status workers_round(const WorkersJob *job, int workers, Series *speed, Error *err);

#endif
