/** @file
 * The learner alone: what each part of one update costs, beside its matrix products.
 *
 * Layer: bench. Every part is timed by itself, over and over on the same made-up numbers, so
 * its data is in the caches; in training it need not be. The replay is full and its rows are
 * not.
 */
#ifndef SUITE_BENCH_LEARNER_H
#define SUITE_BENCH_LEARNER_H

#include "agents/dqn.h"
#include "suite/bench/series.h"
#include "suite/core/status.h"

typedef enum LearnerPart {
    PART_ACT,      // a greedy action: one row forward
    PART_SAMPLE,   // a batch out of the replay
    PART_FORWARD,  // online network on states and next states: 2 B rows
    PART_TARGET,   // target network on next states: B rows
    PART_BACKWARD, // B rows, one action each
    PART_ADAM,     // and the target network's step behind it
    PART_PRODUCTS, // the floor: the products of these passes by the kernel in use, nothing else
    PART_OPENBLAS, // the same products by OpenBLAS
    PART_UPDATE,   // a whole step of the learner: act, observe, learn
    LEARNER_PARTS
} LearnerPart;

typedef struct LearnerBench LearnerBench; // opaque; owned by whoever called learner_bench_new()

/** @param settings of the learner; copied, with an update after every step
 *  @errors STATUS_NOMEM and those of agent_new(). */
MUST_CHECK Status learner_bench_new(LearnerBench **out, const DqnSettings *settings,
                                    int feature_dim, int action_count, Error *err);

/** Release @p bench. NULL is allowed. */
void learner_bench_free(LearnerBench *bench);

/** Time each part once more: adds CPU microseconds per update to @p us (LEARNER_PARTS). */
void learner_bench_round(LearnerBench *bench, Series us[LEARNER_PARTS]);

/** The name of a part, for tables and JSON. */
const char *learner_part_name(LearnerPart part);

#endif
