/** @file
 * Greedy evaluation: episodes on random streams of their own, the same for every method.
 *
 * Layer: run. Changes nothing but the Env it is given, which no training uses.
 */
#ifndef SUITE_RUN_EVALUATE_H
#define SUITE_RUN_EVALUATE_H

#include <stdint.h>

#include "agents/method.h"
#include "results/curve.h"
#include "suite/env/env.h"

enum { EVALUATIONS = 23 }; // of a run, at most

/** What the streams of an evaluation are numbered by: which evaluation of whom it is. */
typedef enum EvalSeries {
    SERIES_TRAINING = 0,  // + the number of the evaluation within the run
    SERIES_PRIOR = 1000,  // the method's prior policy before any step
    SERIES_SOURCE = 1001, // a policy in a source task, when its knowledge is extracted
    SERIES_FRESH = 1002,  // `suite eval`
    SERIES_RANDOM = 1003, // random actions, as a reference
} EvalSeries;

/** Which episodes an evaluation plays; their start states depend on nothing else. */
typedef struct EvalStarts {
    uint64_t key; // of the run's random streams
    int series;   // EvalSeries
    int episodes; // > 0
} EvalStarts;

/** Play them with @p policy, writing @p returns (episodes), which the sample then borrows. */
EvalSample evaluate(Env *env, Policy policy, void *state, EvalStarts starts, double *returns);

/** The steps at which a run of @p budget steps is evaluated: 0, 2.5, 5, 7.5, 10 % and then
 * every 5 %, without repeats; @return how many. */
int evaluation_steps(int64_t budget, int64_t step[EVALUATIONS]);

/** The key of a run's random streams: the same for every method on this member and seed. */
uint64_t stream_key(const char *family, const char *member, int seed);

#endif
