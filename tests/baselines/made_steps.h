/** @file
 * Made-up steps of two sources on the chain of bench.h, to be written to a file and read.
 */
#ifndef TESTS_BASELINES_MADE_STEPS_H
#define TESTS_BASELINES_MADE_STEPS_H

#include "tests/baselines/bench.h"

enum { MADE_STEPS = 400 };

typedef struct MadeSteps {
    float features[MADE_STEPS * CHAIN_FEATURES], next_features[MADE_STEPS * CHAIN_FEATURES];
    float reward[MADE_STEPS];
    int32_t action[MADE_STEPS];
    uint8_t end[MADE_STEPS];
    SourceTask task[BENCH_SOURCES];
    BuildContext context;

    double teacher_return[BENCH_SOURCES], random_return[BENCH_SOURCES];
    int asked;      // how often it was evaluated, by turns teacher and chance
    int seen[2][2]; // of each source the actions of its teacher on both ends of the chain
    int both[2];    // of each source whether chance took both actions
} MadeSteps;

static inline double made_evaluate(void *evaluator, int index, Policy policy, void *state)
{
    MadeSteps *made = evaluator;
    bool teacher = made->asked++ % 2 == 0;
    int count[2] = {0};
    for (int i = 0; i < 40; i++) {
        float x[CHAIN_FEATURES];
        bench_look(i % 2 ? CHAIN_PLACES : 0, x);
        int action = policy(state, &(Sight){.features = x});
        if (teacher) made->seen[index][i % 2] = action;
        count[action]++;
    }
    if (!teacher) made->both[index] = count[0] && count[1];
    return teacher ? made->teacher_return[index] : made->random_return[index];
}

/** Random walks of ten steps along the chain, by turns terminated and truncated. */
static inline void made_steps_init(MadeSteps *made, const Bench *bench, const char *path)
{
    static const double teacher[] = {-100.0, 50.0}, chance[] = {-1200.0, 10.0};
    *made = (MadeSteps){.asked = 0};
    RngStream rng = rng_stream(1, RNG_GATHER, 0);
    for (int i = 0; i < MADE_STEPS; i++) {
        int place = rng_below(&rng, CHAIN_PLACES);
        made->action[i] = rng_below(&rng, CHAIN_ACTIONS);
        bench_look(place, made->features + i * CHAIN_FEATURES);
        bench_look(place + made->action[i], made->next_features + i * CHAIN_FEATURES);
        made->reward[i] = -1.0f - (float)i / 1000.0f;
        if (i % 10 == 9) made->end[i] = i % 20 == 9 ? STEP_TERMINATED : STEP_TRUNCATED;
    }
    for (int s = 0; s < BENCH_SOURCES; s++) {
        made->teacher_return[s] = teacher[s];
        made->random_return[s] = chance[s];
        made->task[s] = (SourceTask){.member = bench->source[s].member,
                                     .network = bench->source[s].network,
                                     .sample_count = MADE_STEPS - 100 * s,
                                     .features = made->features,
                                     .next_features = made->next_features,
                                     .action = made->action,
                                     .reward = made->reward,
                                     .end = made->end};
    }
    made->context = (BuildContext){.shape = bench->context.shape,
                                   .source = made->task,
                                   .source_count = BENCH_SOURCES,
                                   .key = 5,
                                   .path = path,
                                   .evaluate = made_evaluate,
                                   .evaluator = made};
}

#endif
