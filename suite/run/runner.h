/** @file
 * The runner: one run from its first step to its record.
 *
 * Layer: run. Called in a worker process of its own. Writes run.json (at the start with status
 * `running`), evals.csv, episodes.csv, policy.bin and, if its method tells something over time,
 * trace.csv and, if it acts otherwise than by its network, method.bin into the run's folder.
 * Everything but the timing block depends on the run alone.
 */
#ifndef SUITE_RUN_RUNNER_H
#define SUITE_RUN_RUNNER_H

#include "suite/core/status.h"
#include "suite/run/plan.h"
#include "suite/run/sources.h"

/**
 * Make a run.
 *
 * @param sources of its family; NULL if its method needs none
 * @param jobs    workers of the whole plan, for the timing block
 * @errors whatever went wrong, which its record then says too; STATUS_INTERRUPTED if a signal
 *         ended it.
 */
MUST_CHECK Status runner_make(const Run *run, const SourceSet *sources, const char *models,
                              int jobs, Error *err);

/** Write the record of a run whose worker could not. @errors STATUS_IO, STATUS_NOMEM. */
MUST_CHECK Status runner_record_failure(const Run *run, Status status, const char *why,
                                        Error *err);

#endif
