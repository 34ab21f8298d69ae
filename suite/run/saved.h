/** @file
 * A finished run, read back from its folder: what `RUN` means on a command line.
 *
 * Layer: run.
 */
#ifndef SUITE_RUN_SAVED_H
#define SUITE_RUN_SAVED_H

#include "results/record.h"
#include "suite/core/status.h"
#include "suite/run/policy.h"
#include "suite/run/settings.h"

typedef struct SavedRun {
    RunRecord record;
    MemberList members;
    const Member *member;
    Settings settings; // as recorded
    PolicyFile policy;
} SavedRun;

/**
 * Read a run folder.
 *
 * @param[out] run release with saved_run_release(), also after a failure
 * @errors STATUS_MISSING if the folder holds no finished run; STATUS_USAGE if its task or
 * method is not known to this program; those of record_read() and policy_read().
 */
MUST_CHECK Status saved_run_read(SavedRun *run, const char *folder, const char *models,
                                 Error *err);
void saved_run_release(SavedRun *run);

#endif
