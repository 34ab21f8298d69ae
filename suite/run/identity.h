/** @file
 * Who a run is, in its record: member, method, seed and settings.
 *
 * Layer: run.
 */
#ifndef SUITE_RUN_IDENTITY_H
#define SUITE_RUN_IDENTITY_H

#include "results/record.h"
#include "suite/run/plan.h"

/**
 * Fill an empty record with what is known of a run before it begins and does not depend on
 * when or where it is made.
 *
 * @param[out] record release with record_release(), also after a failure
 * @errors STATUS_NOMEM, STATUS_RANGE.
 */
MUST_CHECK Status run_identify(RunRecord *record, const Run *run, Error *err);

#endif
