/** @file
 * What a transfer method is: a row of names, settings and hooks around one and the same DQN.
 *
 * Layer: agents. A hook that is NULL means plain DQN at that point, so that a method whose
 * hooks are all NULL is scratch bit for bit. A method never sees physics: the runner gathers
 * samples from the solved sources and evaluates policies for it.
 *
 * Shapes: D = feature_dim, K = coord_count, A = action_count, B = batch, R = rehearsal rows.
 */
#ifndef AGENTS_METHOD_H
#define AGENTS_METHOD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agents/network.h"
#include "agents/replay.h"
#include "suite/core/archive.h"
#include "suite/core/param.h"
#include "suite/core/rng.h"
#include "suite/core/status.h"

/** Sizes of a family, the same for its sources and targets. */
typedef struct TaskShape {
    int feature_dim;                  // D
    int coord_count;                  // K
    int action_count;                 // A
    const float *coord_lo, *coord_hi; // (K) useful range of each table coordinate
} TaskShape;

/** A policy: the action index in [0, A) for features (D) and table coordinates (K). */
typedef int (*Policy)(void *policy, const float *features, const float *coords);

/** Where a method puts what belongs into the record of its run. */
typedef struct Report {
    void *sink;
    void (*number)(void *sink, const char *name, double value);
    void (*warning)(void *sink, const char *sentence); // something the user should look at
} Report;

/** A solved source task, as the runner hands it to a method; borrowed for the call. */
typedef struct SourceTask {
    const char *member;
    const Network *network; // the snapshot kept
    int sample_count;       // states visited by it, under a mixture of exploration
    const float *features;  // (sample_count x D)
    const float *coords;    // (sample_count x K)
} SourceTask;

/** What a method may use to distil the sources into a file, once for all runs. */
typedef struct BuildContext {
    TaskShape shape;
    const SourceTask *source; // (source_count)
    int source_count;
    const void *settings; // the method's own
    uint64_t key;         // for its random streams
    const char *path;     // the file to write

    /** Mean return of @p policy over some episodes of source @p index; costs no target step. */
    double (*evaluate)(void *evaluator, int index, Policy policy, void *state);
    void *evaluator;
} BuildContext;

/** What a method may use in a run; borrowed, and good as long as the run. */
typedef struct RunContext {
    TaskShape shape;
    const void *settings;  // the method's own
    int64_t budget;        // target steps of the whole run
    uint64_t key;          // for its random streams
    const char *knowledge; // the file that build() wrote, or NULL
} RunContext;

enum { METHOD_NEEDS_SOURCES = 1 }; // bits of Method.needs

typedef struct Method {
    const char *name;    // what --method takes
    const char *title;   // what tables call it
    const char *summary; // one line for `suite list`
    const char *source;  // the paper; equations are cited where they are coded
    int version;         // raised when its numbers change
    unsigned needs;      // METHOD_NEEDS_...: what the runner prepares first
    size_t state_size;   // bytes that the runner allocates, zeroed, before init()

    const ParamRow *param; // (param_count) its own settings, in a struct of settings_size
    int param_count;
    size_t settings_size;

    // optional, all of them

    /** How many states of each source build() wants to see. Required with build(). */
    int (*states_wanted)(const void *settings);

    /** Distil the sources into context->path. */
    MUST_CHECK Status (*build)(const BuildContext *context, Error *err);

    /** Is the file that build() wrote whole? Required with build(). */
    MUST_CHECK Status (*check)(const char *path, Error *err);

    /** Begin a run; takes all memory the method will ever need. */
    MUST_CHECK Status (*init)(void *state, const RunContext *context, Error *err);

    /** Release @p state; also after a failed init(), and it may be all zero. */
    void (*release)(void *state);

    /** Change the network before the first step of the run. No target step may be used. */
    MUST_CHECK Status (*prepare)(void *state, Network *network, Error *err);

    /** What the method would do from what it knows before any step: evaluated once, for the
     *  record, never charged and never used to choose anything. */
    Policy prior;

    /** Bytes that the method keeps beside every transition in the replay memory; asked once,
     *  after init(). 0: none, and tag() is never called. */
    size_t (*tag_size)(const void *state);

    /** Write what an update will want to know about t->obs: @p tag (tag_size bytes, aligned for
     *  doubles) is the learner's, copied with the transition and handed back in Batch.tag
     *  whenever it is sampled. Called once a step, before observe(). Required with tag_size().
     */
    void (*tag)(void *state, const Transition *t, void *tag);

    /** See a transition, after every step; t->tag is what tag() wrote, or NULL. */
    void (*observe)(void *state, const Transition *t);

    /**
     * Add the gradient of the method's loss on the sampled batch itself. Called once an update.
     *
     * @param batch the rows, with their tags; borrowed
     * @param q     (B x A) what the network says of batch->obs
     * @param dq    (B x A) gradient of the whole loss, which holds that of the Bellman errors
     *              already, a mean over the B rows; added to
     * @return whether anything was added; false promises that @p dq is as it was, and lets the
     *         learner take the short way of one gradient a row
     */
    bool (*batch_gradient)(void *state, const Batch *batch, const float *q, float *dq);

    /** Rows to learn from beside the sampled batch: write up to @p rows states (rows x D) and
     *  return how many. Asked before every update; the answer may be 0. */
    int (*rehearse)(void *state, float *features, int rows);

    /** The gradient of the method's loss on those rows: @p q (R x A) what the network says,
     *  @p dq (R x A) overwritten. */
    void (*rehearse_gradient)(void *state, const float *q, float *dq);

    /** Save or restore all that changes during a run, for exact resume. */
    void (*archive)(void *state, Archive *archive);

    /** Tell the numbers and warnings that belong into the record. */
    void (*report)(const void *state, const Report *report);
} Method;

#endif
