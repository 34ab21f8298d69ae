/** @file
 * The file of a source's steps: what a student learns from before its first step in the target,
 * and the returns between which it is weaned.
 *
 * Layer: baselines. One file holds all sources; a run reads those it learns from. The returns
 * are those in the source's own task, which cost no target step.
 *
 * Shapes: n = steps, D = features, A = actions, S = sources.
 */
#ifndef BASELINES_SOURCE_STEPS_H
#define BASELINES_SOURCE_STEPS_H

#include <stdint.h>

#include "agents/method.h"
#include "suite/core/status.h"

enum { STEPS_NAME = 64 };

/** Steps of whole episodes, one after the other, the last one perhaps cut off. */
typedef struct SourceSteps {
    char member[STEPS_NAME];
    int feature_dim, action_count;
    int count;            // n > 0
    float *features;      // (n x D)
    float *next_features; // (n x D)
    float *reward;        // (n) unscaled
    int32_t *action;      // (n)
    uint8_t *end;         // (n) StepEnd

    double teacher_return, random_return; // means, in its own task
    double action_gap; // median over the steps of the best value over the second best
} SourceSteps;

/** Write the steps of all sources to context->path; the source's network is the teacher.
 *  @errors STATUS_RANGE for a member's name that is too long; STATUS_IO, STATUS_NOMEM. */
MUST_CHECK Status source_steps_build(const BuildContext *context, Error *err);

/**
 * Read the steps of source @p index.
 *
 * @param[out] steps release with source_steps_release(), also after a failure
 * @errors STATUS_MISSING, STATUS_NOMEM; STATUS_PARSE for a file that is damaged or holds what
 *         no steps are; STATUS_MISMATCH if it has no such source.
 */
MUST_CHECK Status source_steps_read(SourceSteps *steps, const char *path, int index,
                                    Error *err);
void source_steps_release(SourceSteps *steps);

/** Is the file at @p path whole? @errors as source_steps_read(). */
MUST_CHECK Status source_steps_check(const char *path, Error *err);

#endif
