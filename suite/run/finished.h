/** @file
 * What is there already: whether the files of finished work are whole.
 *
 * Layer: run. A damaged file is named, set aside as `*.damaged` and counts as missing, so that
 * it is made again.
 */
#ifndef SUITE_RUN_FINISHED_H
#define SUITE_RUN_FINISHED_H

#include <stdbool.h>

#include "suite/run/plan.h"
#include "suite/run/sources.h"

/** Look at all that a finished run leaves behind; it stays done only if that is whole. */
void finished_look(Run *run);

/** Was the finished run made from the sources in @p set, by its record? */
bool finished_from(const Run *run, const SourceSet *set);

/** Is run->knowledge whole? */
bool finished_knowledge(const Run *run);

#endif
