/** @file
 * Replay memory: a ring of n-step transitions for off-policy learning.
 *
 * Layer: agents.
 * @source Mnih et al. 2015, doi:10.1038/nature14236, Algorithm 1 (memory D); n-step returns as
 *         in Hessel et al. 2018, arXiv 1710.02298, eq. for R_t^(n).
 *
 * A transition is pushed as it happened; the ring holds it once n steps (or the episode's end)
 * have shown its return. A time limit is not an end of the task: `truncated` flushes what is
 * pending and still bootstraps from the true last observation, `terminated` does not bootstrap.
 * The two never share a field.
 *
 * A transition can carry a tag about its state, and one about its next state: bytes that a
 * method wrote when the step was made and reads whenever the transition is sampled, so that it
 * need not find them out again. Memory does not look into them.
 *
 * Shapes: B = batch size, D = feature_dim, N = capacity, n = n_step.
 */
#ifndef AGENTS_REPLAY_H
#define AGENTS_REPLAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "suite/core/archive.h"
#include "suite/core/rng.h"
#include "suite/core/status.h"

typedef struct Replay Replay; // opaque; owned by whoever called replay_new()

/** One step of experience. Pointers are borrowed for the call. */
typedef struct Transition {
    const float *obs;         // (D) features before the action
    const float *coords;      // (K) table coordinates before the action; replay ignores them
    const float *next_obs;    // (D) features after it, before any reset
    const float *next_coords; // (K) likewise ignored
    double reward;            // task reward, unscaled
    int action;               // in [0, A)
    bool terminated;          // the task ended: no bootstrap
    bool truncated;           // the time limit ended the episode: bootstrap
    const void *tag;          // (tag bytes) about `obs`; not looked at where there are none
    const void *next_tag;     // (tag bytes) about `next_obs`, likewise
} Transition;

/** Columns of a sampled batch, owned by the caller and filled by replay_sample(). */
typedef struct Batch {
    int size;        // B
    float *obs;      // (B x D)
    float *next_obs; // (B x D) n steps later, or the last of the episode
    float *reward;   // (B) sum of gamma^i r_i over those steps
    float *discount; // (B) gamma^steps; 0 where the task terminated
    int32_t *action; // (B)

    /** (B) the tags of each row's obs and next_obs: borrowed from the memory, good until its
     *  next push, and aligned for doubles. Not written, and may be NULL, where none are kept.
     */
    const void **tag, **next_tag;
} Batch;

/** What is kept about the states of a transition. */
typedef struct TagShape {
    size_t size; // bytes about a state; 0: none, else one of these at least
    bool obs;    // about the one that it begins in
    bool next;   // about the one that it ends in
} TagShape;

typedef struct ReplayShape {
    int capacity;     // N > 0
    int feature_dim;  // D > 0
    int action_count; // A > 0
    int n_step;       // 1 .. 32
    double gamma;     // (0, 1]
    TagShape tag;
} ReplayShape;

/** Create an empty ring; takes all memory here. @errors STATUS_NOMEM. */
MUST_CHECK Status replay_new(Replay **out, ReplayShape shape, Error *err);

/** Release @p replay. NULL is allowed. */
void replay_free(Replay *replay);

/** Add a step, copying it and its tags; overwrites the oldest transitions once full.
 *  @pre a tag, and a next tag, where the shape keeps them. */
void replay_push(Replay *replay, const Transition *t);

/** Drop the steps whose return is still pending, because the physics failed. */
void replay_drop_pending(Replay *replay);

/** @return transitions that can be sampled, in [0, N]. */
int replay_size(const Replay *replay);

/** How many of them were ended by the task, and how many by the time limit. */
int replay_terminated(const Replay *replay);
int replay_truncated(const Replay *replay);

/** Fill @p batch with batch->size draws, uniform and with replacement.
 *  @pre replay_size() > 0. @param rng stream of purpose RNG_REPLAY. */
void replay_sample(const Replay *replay, RngStream *rng, Batch *batch);

/** Ask for the memory of the rows that replay_sample() would draw from @p rng now, so that it
 *  is there when the next batch is sampled. Changes nothing. @pre replay_size() > 0. */
void replay_prefetch(const Replay *replay, RngStream rng, int rows);

/** Save or restore everything; reading refuses an action that is none of A. */
void replay_archive(Replay *replay, Archive *archive);

#endif
