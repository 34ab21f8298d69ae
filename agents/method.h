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
    const float *coord_period;        // (K) of a coordinate that runs round a circle; else 0
    int time_limit;                   // control steps until an episode is truncated
} TaskShape;

/** What is seen when an action is chosen; borrowed for the call. */
typedef struct Sight {
    const float *features; // (D)
    const float *coords;   // (K)
    int elapsed;           // control steps made in this episode; 0: it begins
    bool training;         // false: in an evaluation, which must change nothing
    int episode, episodes; // of an evaluation: which, from 0, and of how many; else 0
} Sight;

/** A policy: the action index in [0, A). */
typedef int (*Policy)(void *policy, const Sight *sight);

/** Where a method puts what belongs into the record of its run. */
typedef struct Report {
    void *sink;
    void (*number)(void *sink, const char *name, double value);
    void (*warning)(void *sink, const char *sentence); // something the user should look at
} Report;

/** What a method has to say of a state to whoever looks on; borrowed, and good until the method
 *  is asked anything else. */
typedef struct Explanation {
    const float *prior; // (A) the value of each action by what it knew before the run, a guess
                        // where it does not answer; NULL: it has no such values
    bool answers;       // has it support there? If not, what it deploys takes nothing of it
    double own;         // share of the say that the agent's own values have there, in [0, 1]
} Explanation;

/** How a step ended its episode. Zero: it did not. */
typedef enum StepEnd { STEP_GOES_ON, STEP_TERMINATED, STEP_TRUNCATED, STEP_DIVERGED } StepEnd;

/** A solved source task, as the runner hands it to build(); borrowed for the call. The samples
 *  are the steps of whole episodes, one after the other, the last one perhaps cut off. */
typedef struct SourceTask {
    const char *member;
    const Network *network;     // the snapshot kept
    int sample_count;           // n: steps made by it, under the exploration it was asked for
    const float *features;      // (n x D) before the step
    const float *coords;        // (n x K) likewise
    const float *next_features; // (n x D) after it, before any reset
    const int32_t *action;      // (n)
    const float *reward;        // (n) unscaled
    const uint8_t *end;         // (n) StepEnd
} SourceTask;

/** What build() wants to see of each source: whole episodes, each with the next epsilon of the
 *  list by turns. */
typedef struct Gathering {
    int states;            // n of each source
    const double *epsilon; // (episodes) probability of a random action
    int episodes;          // > 0
    double cut; // probability that a step is the last of an episode, in those episodes
                // that make half of the states; 0: all are played to their end
} Gathering;

/** A source's network, as the runner hands it to a run. */
typedef struct TrainedSource {
    const char *member;
    const Network *network;
    double score;    // its best evaluation in its own task
    double distance; // of its task's parameters from the target's, each in units of its spread
                     // over the sources: an oracle's knowledge, for ablations
} TrainedSource;

/** What a method may use to distil the sources into a file, once for all runs. */
typedef struct BuildContext {
    TaskShape shape;
    const SourceTask *source; // (source_count)
    int source_count;
    const void *settings;            // the method's own
    uint64_t key;                    // for its random streams
    const char *path;                // the file to write
    const struct DqnSettings *agent; // of the learner that the sources were

    /** Mean return of @p policy over some episodes of source @p index; costs no target step. */
    double (*evaluate)(void *evaluator, int index, Policy policy, void *state);
    void *evaluator;
} BuildContext;

/** What a method may use in a run; borrowed, and good as long as the run. */
typedef struct RunContext {
    TaskShape shape;
    const void *settings;            // the method's own
    int64_t budget;                  // target steps of the whole run
    uint64_t key;                    // for its random streams
    const char *knowledge;           // the file that build() wrote, or NULL
    const struct DqnSettings *agent; // of the learner it is a part of

    const TrainedSource *source; // (source_count)
    int source_count;
    // source[picked] and those after it, picked_count in all, are what methods of one source
    // take: that one, or with source.pick=all every one
    int picked, picked_count;
} RunContext;

/** Bits of Method.needs. */
enum {
    METHOD_NEEDS_SOURCES = 1,
    METHOD_TAKES_ONE = 2, // of the sources: source.pick says which
    METHOD_TAKES_ALL = 4, // too, if source.pick=all asks for it; with METHOD_TAKES_ONE only
};

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

    /** Set what one setting rules out of the others to what that comes to, so that records say
     *  what was run. Done when runs are planned, before fits(). */
    void (*settle)(void *settings);

    /** Do the method's settings go together, and with the learner's? Asked when runs are
     *  planned, so that nothing begins that cannot end. @errors STATUS_USAGE. */
    MUST_CHECK Status (*fits)(const void *settings, const struct DqnSettings *agent,
                              Error *err);

    /** What build() wants to see of each source. Required with build(). */
    Gathering (*gathering)(const void *settings);

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

    /** Does the method act otherwise than by the best of the network's values, in this run?
     *  Asked once, after init(); if not, guide() and blend() are never called, and the deployed
     *  policy is the network. Required with either. */
    bool (*acts)(const void *state);

    /** Act in the agent's place: the action, or -1 to leave it to the agent. Exploration is
     *  not asked then. Must change nothing that matters outside training. */
    int (*guide)(void *state, const Sight *sight);

    /** Change the values @p q (A) that the agent is about to choose the best of. */
    void (*blend)(void *state, const Sight *sight, float *q);

    /** Explain what blend() makes of a state that is seen in an evaluation. Must change nothing
     *  that matters. NULL: there is nothing to say. */
    void (*explain)(void *state, const Sight *sight, Explanation *out);

    /** Bytes that the method keeps about states in the replay memory; asked once, after init().
     *  Of size 0: none, and tag() is never called. */
    TagShape (*tag_shape)(const void *state);

    /** Write what an update will want to know about a state: @p tag (aligned for doubles) is
     *  the learner's, copied with the transition and handed back in Batch.tag or
     * Batch.next_tag, whichever the shape keeps, whenever it is sampled. Called once for each
     * state that a step begins in (if next tags are kept, ends in as well), before observe().
     * Required with tag_shape(). */
    void (*tag)(void *state, const float *features, const float *coords, void *tag);

    /** See a transition, after every step; t->tag is what tag() wrote, or NULL. */
    void (*observe)(void *state, const Transition *t);

    /** Change the online network between updates, after a step was seen. @return whether it was
     *  changed: what follows it then begins where it is, with an optimiser that knows nothing.
     */
    bool (*revise)(void *state, Network *network);

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

    /** Change the values at the sampled next states before targets are made of them, and the
     *  rewards of the batch if need be. NULL: not.
     *
     * @param q_online (B x A) the online network's, which choose the action
     * @param q_target (B x A) the target network's, which value it
     */
    void (*blend_next)(void *state, Batch *batch, float *q_online, float *q_target);

    /** The learning rate to use where the schedule says @p rate. NULL: that one. */
    double (*learning_rate)(const void *state, double rate);

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

    /** Tell numbers of the training steps since the last call, and begin to count anew. Called
     *  at every evaluation, at that before the first step too; what is not known yet is not
     *  told. Each name is told once, and no warning. Must change nothing that a later step or
     *  report() depends on. NULL: the run's folder has no trace.csv. */
    void (*trace)(void *state, const Report *report);
} Method;

#endif
