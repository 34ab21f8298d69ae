/** @file
 * policy.bin: a trained network with the task it was trained on.
 *
 * Layer: run.
 */
#ifndef SUITE_RUN_POLICY_H
#define SUITE_RUN_POLICY_H

#include "agents/network.h"
#include "suite/core/hash.h"
#include "suite/core/status.h"
#include "suite/env/members.h"

typedef struct PolicyFile {
    char family[MEMBER_NAME], member[MEMBER_NAME];
    int task_version;     // of the family's numbers when it was trained
    Network network;      // owned
    double score;         // mean return of its evaluation in training
    char hash[HASH_TEXT]; // of the file; set by policy_read()
} PolicyFile;

/** Write FOLDER/policy.bin. @errors STATUS_IO, STATUS_NOMEM. */
MUST_CHECK Status policy_write(PolicyFile *policy, const char *folder, Error *err);

/** Read FOLDER/policy.bin. @param[out] policy release with policy_release(), also after a
 *  failure. @errors STATUS_MISSING, STATUS_PARSE, STATUS_NOMEM; STATUS_MISMATCH if it was
 * trained on another family, or another version of it. */
MUST_CHECK Status policy_read(PolicyFile *policy, const char *folder, const TaskFamily *family,
                              Error *err);
void policy_release(PolicyFile *policy);

#endif
