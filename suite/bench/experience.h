/** @file
 * Experience: transitions that random actions gave, for learners to learn from without physics.
 *
 * Layer: bench.
 */
#ifndef SUITE_BENCH_EXPERIENCE_H
#define SUITE_BENCH_EXPERIENCE_H

#include "agents/replay.h"
#include "suite/core/rng.h"
#include "suite/env/env.h"
#include "suite/run/plan.h"

enum { EXPERIENCE_STEPS = 500 };

typedef struct Experience {
    Env *env;
    RngStream rng;
    uint64_t key;
    int64_t episode;
    float *obs, *next_obs;       // (EXPERIENCE_STEPS x F) that the steps point into
    float *coords, *next_coords; // (EXPERIENCE_STEPS x K) likewise
    Transition step[EXPERIENCE_STEPS];
    int elapsed[EXPERIENCE_STEPS]; // control steps of the episode before each
} Experience;

/** @param[out] x release with experience_release(), also after a failure; not to be moved
 *  @param run whose member is played @errors those of env_new(). */
MUST_CHECK Status experience_init(Experience *x, const Run *run, const char *models,
                                  Error *err);
void experience_release(Experience *x);

/** Play on: @p x->step are the next EXPERIENCE_STEPS transitions. */
void experience_renew(Experience *x);

#endif
