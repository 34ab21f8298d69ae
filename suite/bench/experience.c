#include "suite/bench/experience.h"

#include <string.h>

#include "suite/core/mem.h"
#include "suite/run/evaluate.h"

Status experience_init(Experience *x, const Run *run, const char *models, Error *err)
{
    const TaskFamily *family = run->members->family;
    size_t f = (size_t)family->feature_dim, k = (size_t)family->coord_count;
    *x = (Experience){.key = stream_key(family->name, run->member->name, run->seed),
                      .obs = mem_array(EXPERIENCE_STEPS, f * sizeof(float)),
                      .next_obs = mem_array(EXPERIENCE_STEPS, f * sizeof(float)),
                      .coords = mem_array(EXPERIENCE_STEPS, k * sizeof(float)),
                      .next_coords = mem_array(EXPERIENCE_STEPS, k * sizeof(float))};
    if (!x->obs || !x->next_obs || !x->coords || !x->next_coords) return error_nomem(err);
    x->rng = rng_stream(x->key, RNG_EXPLORE, 0);
    return env_new(&x->env, family, models, run->member, run->settings.task, err);
}

void experience_release(Experience *x)
{
    env_free(x->env);
    mem_free(x->obs);
    mem_free(x->next_obs);
    mem_free(x->coords);
    mem_free(x->next_coords);
}

// physics that diverged is a transition like another here, for nobody looks at what was learned
static void play(Experience *x, int i)
{
    const TaskFamily *family = env_family(x->env);
    int f = family->feature_dim, k = family->coord_count;
    size_t features = (size_t)f * sizeof *x->obs, coords = (size_t)k * sizeof *x->coords;
    if (env_is_over(x->env))
        env_reset(x->env, rng_stream(x->key, RNG_RESET, (uint64_t)x->episode++));
    memcpy(x->obs + i * f, env_features(x->env), features);
    memcpy(x->coords + i * k, env_coordinates(x->env), coords);
    x->elapsed[i] = env_elapsed(x->env);
    int action = rng_below(&x->rng, family->action_count);
    EnvStep made = env_step(x->env, action);
    memcpy(x->next_obs + i * f, env_features(x->env), features);
    memcpy(x->next_coords + i * k, env_coordinates(x->env), coords);
    x->step[i] = (Transition){.obs = x->obs + i * f,
                              .coords = x->coords + i * k,
                              .next_obs = x->next_obs + i * f,
                              .next_coords = x->next_coords + i * k,
                              .reward = made.reward,
                              .action = action,
                              .terminated = made.terminated,
                              .truncated = made.truncated || made.diverged};
}

void experience_renew(Experience *x)
{
    for (int i = 0; i < EXPERIENCE_STEPS; i++)
        play(x, i);
}
