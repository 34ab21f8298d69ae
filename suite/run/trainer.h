/** @file
 * Training, step by step: an environment, the method with what it knows, and the agent.
 *
 * Layer: run. What a run does between its evaluations, and nothing else, so that a measurement
 * of training measures this very code. Stepping allocates nothing.
 */
#ifndef SUITE_RUN_TRAINER_H
#define SUITE_RUN_TRAINER_H

#include <stdint.h>

#include "agents/dqn.h"
#include "suite/core/status.h"
#include "suite/env/env.h"
#include "suite/run/plan.h"

typedef struct Trainer {
    const Run *run; // borrowed
    uint64_t key;   // of the run's random streams
    Env *env;
    void *method; // the method's state
    Agent *agent;
    int64_t step, episode; // made and begun so far
    int action;            // of the last step

    float *lo, *hi;  // (K) range of the table coordinates
    float *features; // (F) before the present step
    float *coords;   // (K) likewise, if the method looks at them
} Trainer;

/**
 * Everything that @p run needs before its first step: model, method, network.
 *
 * @param[out] t release with trainer_release(), also after a failure
 * @param models the models folder
 * @errors those of env_new(), agent_new() and the method's hooks.
 */
MUST_CHECK Status trainer_init(Trainer *t, const Run *run, const char *models, Error *err);
void trainer_release(Trainer *t);

/** Make a step and learn from it, beginning an episode first if none is running. A step whose
 *  physics diverged teaches nothing. */
EnvStep trainer_step(Trainer *t);

#endif
