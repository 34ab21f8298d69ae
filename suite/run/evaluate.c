#include "suite/run/evaluate.h"

#include <stdio.h>

#include "suite/core/hash.h"

// an episode of the sample
static double play(Env *env, Policy policy, void *state, int episode, EvalSample *sample)
{
    double sum = 0.0;
    while (!env_is_over(env)) {
        Sight sight = {.features = env_features(env),
                       .coords = env_coordinates(env),
                       .elapsed = env_elapsed(env),
                       .episode = episode,
                       .episodes = sample->episodes};
        EnvStep step = env_step(env, policy(state, &sight));
        sum += step.reward;
        if (!step.diverged) continue;
        sample->diverged++;
        sum += env_worst_rest(env);
    }
    return sum;
}

EvalSample evaluate(Env *env, Policy policy, void *state, EvalStarts starts, double *returns)
{
    EvalSample sample = {.returns = returns, .episodes = starts.episodes};
    double steps = 0.0;
    for (int i = 0; i < starts.episodes; i++) {
        uint64_t index = (uint64_t)starts.series << 32 | (uint64_t)i;
        env_reset(env, rng_stream(starts.key, RNG_EVALUATE, index));
        returns[i] = play(env, policy, state, i, &sample);
        steps += env_elapsed(env);
    }
    sample.length = steps / starts.episodes;
    return sample;
}

int evaluation_steps(int64_t budget, int64_t step[EVALUATIONS])
{
    int count = 0;
    for (int per_mille = 0; per_mille <= 1000; per_mille += per_mille < 100 ? 25 : 50) {
        int64_t at = budget * per_mille / 1000;
        if (count == 0 || at > step[count - 1]) step[count++] = at;
    }
    return count;
}

uint64_t stream_key(const char *family, const char *member, int seed)
{
    char name[160];
    (void)snprintf(name, sizeof name, "%s/%s/%d", family, member, seed);
    return hash_string(name, 0);
}
