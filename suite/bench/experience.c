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
                      .coords = mem_array(EXPERIENCE_STEPS, k * sizeof(float))};
    if (!x->obs || !x->next_obs || !x->coords) return error_nomem(err);
    x->rng = rng_stream(x->key, RNG_EXPLORE, 0);
    return env_new(&x->env, family, models, run->member, run->settings.task, err);
}

void experience_release(Experience *x)
{
    env_free(x->env);
    mem_free(x->obs);
    mem_free(x->next_obs);
    mem_free(x->coords);
}

// physics that diverged is a transition like another here, for nobody looks at what was learned
static void play(Experience *x, Transition *t, float *obs, float *next_obs, float *coords)
{
    const TaskFamily *family = env_family(x->env);
    size_t f = (size_t)family->feature_dim * sizeof *obs;
    if (env_is_over(x->env))
        env_reset(x->env, rng_stream(x->key, RNG_RESET, (uint64_t)x->episode++));
    memcpy(obs, env_features(x->env), f);
    memcpy(coords, env_coordinates(x->env), (size_t)family->coord_count * sizeof *coords);
    int action = rng_below(&x->rng, family->action_count);
    EnvStep made = env_step(x->env, action);
    memcpy(next_obs, env_features(x->env), f);
    *t = (Transition){.obs = obs,
                      .coords = coords,
                      .next_obs = next_obs,
                      .reward = made.reward,
                      .action = action,
                      .terminated = made.terminated,
                      .truncated = made.truncated || made.diverged};
}

void experience_renew(Experience *x)
{
    const TaskFamily *family = env_family(x->env);
    int f = family->feature_dim, k = family->coord_count;
    for (int i = 0; i < EXPERIENCE_STEPS; i++)
        play(x, &x->step[i], x->obs + i * f, x->next_obs + i * f, x->coords + i * k);
}
