/** @file
 * A whole agent at work: the steps of a real training run, without its evaluations.
 *
 * Layer: bench.
 */
#ifndef SUITE_BENCH_TRAINING_H
#define SUITE_BENCH_TRAINING_H

#include "suite/bench/experience.h"
#include "suite/bench/series.h"
#include "suite/core/status.h"
#include "suite/run/trainer.h"

enum { TRAINING_CHUNK = 500 }; // steps of a round

typedef struct TrainingBench {
    Run run; // the plan's, with a budget for all rounds; its settings are the plan's
    Trainer trainer;
    int warm_up;                // rounds until the agent has been learning for a while
    int action[TRAINING_CHUNK]; // that the last round took
} TrainingBench;

/**
 * Everything that training needs; no step is made.
 *
 * @param[out] b release with training_bench_release(), also after a failure; not to be moved
 * @param run    borrowed; its knowledge, if its method needs any, must be there
 * @param set    its sources, borrowed for the bench's life; NULL if it needs none
 * @errors those of trainer_init().
 */
MUST_CHECK Status training_bench_init(TrainingBench *b, const Run *run, const SourceSet *set,
                                      const char *models, Error *err);
void training_bench_release(TrainingBench *b);

/** Train on for a round: adds CPU microseconds per control step to @p us. */
void training_bench_round(TrainingBench *b, Series *us);

/** Let its agent learn from @p experience as if it had made those steps: adds CPU microseconds
 *  per control step of acting, observing and learning, without any physics, to @p us. The same
 *  experience costs methods what can be compared; what the agent is worth afterwards cannot. */
void training_bench_learn(TrainingBench *b, const Experience *experience, Series *us);

#endif
