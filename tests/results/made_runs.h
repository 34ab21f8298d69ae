/** @file
 * Runs that were never run, for the tests of comparisons and tables.
 */
#ifndef TESTS_RESULTS_MADE_RUNS_H
#define TESTS_RESULTS_MADE_RUNS_H

#include <stdio.h>
#include <string.h>

#include "results/collect.h"
#include "suite/core/mem.h"

enum { MADE_MAX = 512 };

static Collection made;

/** Add a finished target run whose metrics are all @p value, and for the network @p network. */
static inline void make_run(const char *family, const char *member, const char *column,
                            int seed, double value, double network)
{
    if (!made.done.run) made.done.run = mem_array(MADE_MAX, sizeof *made.done.run);
    RunSummary *run = &made.done.run[made.done.count];
    *run = (RunSummary){.seed = seed,
                        .found = made.done.count,
                        .status = RUN_DONE,
                        .task_version = 1,
                        .budget = 1000,
                        .mujoco = "2.2.2",
                        .role = "target"};
    (void)snprintf(run->family, sizeof run->family, "%s", family);
    (void)snprintf(run->member, sizeof run->member, "%s", member);
    (void)snprintf(run->column, sizeof run->column, "%s", column);
    for (int m = 0; m < METRIC_MAX; m++) {
        run->metric[POLICY_DEPLOYED][m] = value;
        run->metric[POLICY_NETWORK][m] = network;
    }
    made.done.count++;
}

/** Turn the order of the runs around. */
static inline void reverse_runs(void)
{
    for (int i = 0, j = made.done.count - 1; i < j; i++, j--) {
        RunSummary run = made.done.run[i];
        made.done.run[i] = made.done.run[j];
        made.done.run[j] = run;
    }
}

#endif
