/** @file
 * method.bin: what a method had come to when its run ended.
 *
 * Layer: run. The runner writes it where the deployed policy is more than the network, so that
 * a run that is over can act as it did (suite/run/deployed.h). It holds what the method's
 * archive hook saves, and whose it is.
 */
#ifndef SUITE_RUN_METHOD_FILE_H
#define SUITE_RUN_METHOD_FILE_H

#include "suite/core/status.h"
#include "suite/run/plan.h"

/** Write method.bin of @p run into its folder. @errors STATUS_IO, STATUS_NOMEM. */
MUST_CHECK Status method_file_write(const Run *run, void *state, Error *err);

/**
 * Restore a method's state from the method.bin in the folder of @p run.
 *
 * @param state as the run's own began: initialised with the same settings, sources and
 *              knowledge; after a failure good for nothing but its release
 * @errors STATUS_MISSING, STATUS_IO, STATUS_NOMEM; STATUS_PARSE if it is damaged;
 *         STATUS_MISMATCH if it is of another method, version or settings.
 */
MUST_CHECK Status method_file_read(const Run *run, void *state, Error *err);

/** Is FOLDER/method.bin whole? @errors STATUS_MISSING, STATUS_PARSE, STATUS_IO, STATUS_NOMEM.
 */
MUST_CHECK Status method_file_check(const char *folder, Error *err);

#endif
