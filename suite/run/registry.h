/** @file
 * The families and methods there are, from the two lists of them.
 *
 * Layer: run.
 */
#ifndef SUITE_RUN_REGISTRY_H
#define SUITE_RUN_REGISTRY_H

#include "agents/method.h"
#include "suite/core/status.h"
#include "suite/env/task.h"

int family_count(void);
const TaskFamily *family_at(int index);
int method_count(void);
const Method *method_at(int index);

enum { SHAPE_ROWS = 3 };

/** What a method may know of a family. @param[out] room (SHAPE_ROWS x K) that the shape then
 *  borrows */
TaskShape family_shape(const TaskFamily *family, float *room);

/** @errors STATUS_USAGE naming the nearest family. */
MUST_CHECK Status family_find(const TaskFamily **out, const char *name, Error *err);

/** @errors STATUS_USAGE naming the nearest method. */
MUST_CHECK Status method_find(const Method **out, const char *name, Error *err);

/** The rows check themselves: names unique, hooks and sizes there, defaults within ranges.
 *  @errors STATUS_RANGE naming the row; a mistake of ours, found at start and by a test. */
MUST_CHECK Status registry_check(Error *err);

#endif
