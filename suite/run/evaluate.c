#include "suite/run/evaluate.h"

#include <stdio.h>

#include "suite/core/hash.h"

static double play(Env *env, Policy policy, void *state, int *diverged)
{
    double sum = 0.0;
    while (!env_is_over(env)) {
        EnvStep step = env_step(env, policy(state, env_features(env), env_coordinates(env)));
        if (step.diverged)
            ++*diverged;
        else
            sum += step.reward;
    }
    return sum;
}

Evaluation evaluate(Env *env, Policy policy, void *state, uint64_t key, int series,
                    int episodes, double *returns)
{
    Evaluation result = {0};
    double steps = 0.0, sum = 0.0;
    for (int i = 0; i < episodes; i++) {
        env_reset(env, rng_stream(key, RNG_EVALUATE, (uint64_t)series << 32 | (uint64_t)i));
        returns[i] = play(env, policy, state, &result.diverged);
        sum += returns[i];
        steps += env_elapsed(env);
    }
    result.mean = sum / episodes;
    result.mean_length = steps / episodes;
    return result;
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
