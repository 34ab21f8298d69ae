/** @file
 * Rollout: replay a sequence of actions and print all there is to see, so that anyone can check
 * the physics against Gymnasium or another build.
 *
 * Layer: run. Reads the two input files of `suite rollout` and writes its CSV; the files come
 * from outside and are refused with file and line.
 */
#ifndef SUITE_RUN_ROLLOUT_H
#define SUITE_RUN_ROLLOUT_H

#include <stddef.h>
#include <stdio.h>

#include "suite/core/rng.h"
#include "suite/core/status.h"
#include "suite/env/env.h"

/** The actions to replay, in order. */
typedef struct ActionList {
    int *action; // (count), owned; each in [0, A)
    int count;
} ActionList;

/** Where to begin instead of at a drawn start. */
typedef struct RolloutState {
    double *qpos;      // (nq), owned
    double *qvel;      // (nv), owned
    double *warmstart; // (nv), owned; NULL when the file has none
} RolloutState;

/**
 * Read action indices from @p size bytes of text, one a line. What follows '#' is a comment,
 * blank lines are skipped.
 *
 * @param[out] out          release with actions_release(), also after a failure
 * @param      name         stands for the file in messages
 * @param      action_count A
 * @errors STATUS_PARSE with file and line; STATUS_NOMEM.
 */
MUST_CHECK Status actions_parse(ActionList *out, const char *text, size_t size,
                                const char *name, int action_count, Error *err);

/** actions_parse() of a file of at most 16 MiB. @errors the same; STATUS_MISSING, STATUS_IO,
 *  STATUS_RANGE. */
MUST_CHECK Status actions_read(ActionList *out, const char *path, int action_count, Error *err);

/** Release what was read; a zeroed list is allowed. */
void actions_release(ActionList *list);

/**
 * Read a state for @p env: {"qpos": [], "qvel": [], "qacc_warmstart": []}, the last optional.
 *
 * @param[out] out release with rollout_state_release(), also after a failure
 * @errors STATUS_PARSE with file and line, also for lists of the wrong length; STATUS_MISSING,
 *         STATUS_IO, STATUS_NOMEM.
 */
MUST_CHECK Status rollout_state_read(RolloutState *out, const char *path, const Env *env,
                                     Error *err);

/** Release what was read; a zeroed state is allowed. */
void rollout_state_release(RolloutState *state);

/**
 * Replay @p actions in @p env and write a row per control step, with %.17g:
 *
 *     t,action,qpos0..,qvel0..,obs0..,reward,terminated,truncated
 *
 * The first row is the start, t = 0, with action and reward left empty. Stops after the last
 * action or the row that ends the episode.
 *
 * @param state where to begin; NULL: at the start that the family draws from @p rng
 * @param file  borrowed, flushed at the end
 * @errors STATUS_IO if the file cannot take it all; STATUS_PHYSICS, after the row it happened
 *         in, if the physics diverged.
 */
MUST_CHECK Status rollout_write(FILE *file, Env *env, const ActionList *actions,
                                const RolloutState *state, RngStream rng, Error *err);

#endif
