/** @file
 * Physics alone: our environment beside a bare loop of mj_step() on the same model, playing the
 * same controls from the same starts.
 *
 * Layer: bench.
 */
#ifndef SUITE_BENCH_PHYSICS_H
#define SUITE_BENCH_PHYSICS_H

#include "suite/bench/series.h"
#include "suite/env/bare.h"
#include "suite/run/plan.h"

typedef struct Player {
    Env *env;
    int64_t episode; // begun so far
} Player;

typedef struct PhysicsBench {
    uint64_t key;          // of the random streams
    Player player, scribe; // the one that is timed, and the one that writes the bare tape
    Bare *bare;
    int64_t rounds; // played so far
} PhysicsBench;

/** @param[out] b release with physics_bench_release(), also after a failure
 *  @param run whose member and random streams are used
 *  @param steps most in a round
 *  @errors those of env_new(). */
MUST_CHECK Status physics_bench_init(PhysicsBench *b, const Run *run, const char *models,
                                     int steps, Error *err);
void physics_bench_release(PhysicsBench *b);

/** Play @p action (steps) by both: adds CPU microseconds per control step. Begins the episodes
 *  that a training run of the same key begins. */
void physics_bench_round(PhysicsBench *b, const int *action, int steps, Series *env_us,
                         Series *bare_us);

#endif
