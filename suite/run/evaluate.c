#include "suite/run/evaluate.h"

#include <stdio.h>

#include "suite/core/hash.h"

// an episode that the physics ended is worth the least it could have been: where rewards are
// negative, to blow up early would otherwise be the best policy of all
static double play(Env *env, Policy policy, void *state, int *diverged)
{
    const TaskFamily *family = env_family(env);
    double sum = 0.0;
    while (!env_is_over(env)) {
        EnvStep step = env_step(env, policy(state, env_features(env), env_coordinates(env)));
        sum += step.reward;
        if (!step.diverged) continue;
        ++*diverged;
        sum += family->reward_lo * (family->time_limit - env_elapsed(env) + 1);
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
        returns[i] = play(env, policy, state, &sample.diverged);
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
