/** @file
 * A member in a run's record: its parameters written, read back, and compared.
 *
 * Layer: run. A record is enough to know the physics of its run, also when the file that its
 * member came from is gone or says something else now.
 */
#ifndef SUITE_RUN_MEMBER_RECORD_H
#define SUITE_RUN_MEMBER_RECORD_H

#include <stdbool.h>

#include "results/record.h"
#include "suite/core/text.h"
#include "suite/env/members.h"

/** Write name, role and parameters into @p record. @errors STATUS_NOMEM, STATUS_RANGE. */
MUST_CHECK Status member_record_put(RunRecord *record, const TaskFamily *family,
                                    const Member *member, Error *err);

/**
 * The member that a record is of.
 *
 * @param folder of the run, for messages
 * @errors STATUS_MISMATCH if the record holds none or other parameters than the family has, one
 *         that is out of range, or a name that no member can have.
 */
MUST_CHECK Status member_record_get(Member *out, const RunRecord *record,
                                    const TaskFamily *family, const char *folder, Error *err);

/**
 * Does @p member have other parameters than the record? Those that a record does not hold, as
 * in schema version 1, are taken to be the same.
 *
 * @param text takes the first difference, such as "mass=1 there, mass=2 now"
 */
bool member_record_differs(const RunRecord *record, const TaskFamily *family,
                           const Member *member, Text *text);

#endif
