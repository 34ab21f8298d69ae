/** @file
 * What methods found out about the knowledge they carry: the diagnostics of a plan's runs.
 *
 * Layer: cli.
 */
#ifndef SUITE_CLI_HEALTH_H
#define SUITE_CLI_HEALTH_H

#include "suite/core/status.h"
#include "suite/run/plan.h"

/**
 * Print the diagnostics that runs recorded, per family and column: those named NUMBER.SOURCE as
 * a table of sources, the others per member as means over seeds. Warnings of the records go to
 * standard error, each once.
 *
 * @errors STATUS_NOMEM.
 */
MUST_CHECK Status health_print(const Plan *plan, Error *err);

#endif
