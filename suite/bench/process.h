/** @file
 * The program as a process of its own: how long a command takes, and how much memory.
 *
 * Layer: bench.
 */
#ifndef SUITE_BENCH_PROCESS_H
#define SUITE_BENCH_PROCESS_H

#include "suite/core/status.h"

typedef struct ProcessCost {
    double wall_s;
    double peak_mb; // most memory in use by it or one of its children, 2^20 bytes; at least
                    // what the caller itself has used by now
} ProcessCost;

/**
 * Run this program with other words; what it prints is dropped.
 *
 * @param argv NULL-terminated, argv[0] included
 * @errors STATUS_IO if it cannot be started; STATUS_WORKER if it does not end with 0;
 *         STATUS_INTERRUPTED if a signal came meanwhile, which is passed on to it.
 */
MUST_CHECK Status process_measure(ProcessCost *cost, const char *const *argv, Error *err);

#endif
