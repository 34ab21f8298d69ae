/** @file
 * Training, step by step: an environment, the method with what it knows, and the agent.
 *
 * Layer: run. What a run does between its evaluations, and nothing else, so that a measurement
 * of training measures this very code. Stepping allocates nothing.
 *
 * A method of one source takes number seed mod S of the S sources. With source.pick=best some
 * episodes are played with the network of each first, from the same starts, and the method
 * begins anew with the one that earned most. These steps are charged: they are the first of the
 * budget, the training curve shows them, and the learner's schedules run over what is left.
 * Nothing is learned from them, and the episodes that are learned from start as those of any
 * other method do. Whoever evaluates the agent during a trial, step 0 included, sees the method
 * as it began with source seed mod S. With source.pick=all it takes all S, and nothing is
 * tried.
 */
#ifndef SUITE_RUN_TRAINER_H
#define SUITE_RUN_TRAINER_H

#include <stdint.h>

#include "agents/dqn.h"
#include "suite/core/status.h"
#include "suite/env/env.h"
#include "suite/run/plan.h"
#include "suite/run/sources.h"

/** Episodes with each source's network, to pick one. */
typedef struct Trial {
    int episodes, played; // S x source.trial in all, source by source in turn
    int64_t steps;        // spent
    double *sum;          // (S) returns
    Workspace work;
} Trial;

typedef struct Trainer {
    const Run *run; // borrowed
    uint64_t key;   // of the run's random streams
    Env *env;
    void *method; // the method's state
    Agent *agent;
    int64_t step;    // made so far
    int64_t episode; // begun so far, a trial's not counted
    int action;      // of the last step

    TrainedSource *source; // (source_count)
    int source_count;
    int picked, picked_count; // the sources that methods of one source take: RunContext's
    Trial trial;

    float *shape;        // (SHAPE_ROWS x K) of the table coordinates
    float *features;     // (F) before the present step
    float *coords;       // (K) likewise, if the method looks at them
    bool looks, follows; // at coordinates before, and after a step
} Trainer;

/**
 * Everything that @p run needs before its first step: model, method, network.
 *
 * @param[out] t release with trainer_release(), also after a failure
 * @param set    the sources, borrowed for the trainer's life; NULL if the method needs none
 * @param models the models folder
 * @errors those of env_new(), agent_new() and the method's hooks.
 */
MUST_CHECK Status trainer_init(Trainer *t, const Run *run, const SourceSet *set,
                               const char *models, Error *err);
void trainer_release(Trainer *t);

/** What a run that is over tells of how its method began. */
typedef struct TrainerPast {
    const char *picked;  // the source of a method of one; "" if the seed says which, or "all"
    int64_t trial_steps; // spent until it was picked
} TrainerPast;

/**
 * Method and agent of @p run as they began, to be restored and to act, not to be stepped: there
 * is no environment, and the agent is not prepared.
 *
 * @param[out] t release with trainer_release(), also after a failure
 * @param set    as trainer_init()'s
 * @errors STATUS_MISMATCH if the picked source is not in @p set; those of agent_new() and the
 *         method's init hook.
 */
MUST_CHECK Status trainer_recall(Trainer *t, const Run *run, const SourceSet *set,
                                 TrainerPast past, Error *err);

/** Make a step and learn from it, beginning an episode first if none is running. A step whose
 *  physics diverged teaches nothing. */
EnvStep trainer_step(Trainer *t);

/** Are the sources still being tried? Then steps are the trial's. */
bool trainer_is_trying(const Trainer *t);

/** Begin method and agent anew with the source that was best, the first among equals.
 *  @pre the trial is over. @errors as trainer_init(). */
MUST_CHECK Status trainer_choose(Trainer *t, Error *err);

#endif
