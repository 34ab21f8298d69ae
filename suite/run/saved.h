/** @file
 * A finished run, read back from its folder: what `RUN` means on a command line.
 *
 * Layer: run.
 */
#ifndef SUITE_RUN_SAVED_H
#define SUITE_RUN_SAVED_H

#include "results/record.h"
#include "suite/core/status.h"
#include "suite/run/family_files.h"
#include "suite/run/policy.h"
#include "suite/run/settings.h"

typedef struct SavedRun {
    RunRecord record;
    MemberList members;
    const Member *member; // of `members`; `recorded` if they have none of that name
    Member recorded;
    Settings settings; // as recorded
    PolicyFile policy;
} SavedRun;

/**
 * Read a run folder. The member of a run that no family file names any more is taken from the
 * record.
 *
 * @param[out] run   release with saved_run_release(), also after a failure; is not to be moved
 * @param      files users' members; NULL for none
 * @errors STATUS_MISSING if the folder holds no finished run; STATUS_USAGE if its task or
 * method is not known to this program, or a file is for another family; STATUS_MISMATCH if the
 * member has other parameters now (naming the first); those of record_read(), policy_read(),
 * family_files_add() and member_record_get().
 */
MUST_CHECK Status saved_run_read(SavedRun *run, const char *folder, const char *models,
                                 const FamilyFiles *files, Error *err);
void saved_run_release(SavedRun *run);

#endif
