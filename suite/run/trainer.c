#include "suite/run/trainer.h"

#include <string.h>

#include "suite/core/mem.h"
#include "suite/run/evaluate.h"
#include "suite/run/registry.h"

static Status take_memory(Trainer *t, Error *err)
{
    const TaskFamily *family = t->run->members->family;
    size_t k = (size_t)family->coord_count;
    t->lo = mem_array(k, sizeof *t->lo);
    t->hi = mem_array(k, sizeof *t->hi);
    t->features = mem_array((size_t)family->feature_dim, sizeof *t->features);
    t->coords = mem_array(k, sizeof *t->coords);
    t->method = mem_array(1, t->run->method->state_size);
    bool taken = t->lo && t->hi && t->features && t->coords && t->method;
    return taken ? STATUS_OK : error_nomem(err);
}

static Status begin_method(Trainer *t, Error *err)
{
    const Run *run = t->run;
    RunContext context = {
        .shape = family_shape(run->members->family, t->lo, t->hi),
        .settings = run->settings.own,
        .budget = run->settings.run.steps,
        .key = t->key,
        .knowledge = run->knowledge[0] ? run->knowledge : NULL,
    };
    return run->method->init ? run->method->init(t->method, &context, err) : STATUS_OK;
}

static Status begin_agent(Trainer *t, Error *err)
{
    const Run *run = t->run;
    AgentSpec spec = {
        .settings = &run->settings.agent,
        .feature_dim = run->members->family->feature_dim,
        .action_count = run->members->family->action_count,
        .budget = run->settings.run.steps,
        .key = t->key,
        .method = run->method,
        .method_state = t->method,
    };
    Status status = agent_new(&t->agent, &spec, err);
    return status == STATUS_OK ? agent_prepare(t->agent, err) : status;
}

Status trainer_init(Trainer *t, const Run *run, const char *models, Error *err)
{
    const TaskFamily *family = run->members->family;
    *t = (Trainer){.run = run, .key = stream_key(family->name, run->member->name, run->seed)};

    Status status = take_memory(t, err);
    if (status == STATUS_OK)
        status = env_new(&t->env, family, models, run->member, run->settings.task, err);
    if (status == STATUS_OK) status = begin_method(t, err);
    if (status == STATUS_OK) status = begin_agent(t, err);
    return status;
}

void trainer_release(Trainer *t)
{
    agent_free(t->agent);
    if (t->method && t->run->method->release) t->run->method->release(t->method);
    mem_free(t->method);
    env_free(t->env);
    mem_free(t->lo);
    mem_free(t->hi);
    mem_free(t->features);
    mem_free(t->coords);
    *t = (Trainer){0};
}

// what the agent sees before it acts; the step overwrites the environment's own copy
static void look(Trainer *t)
{
    const TaskFamily *family = t->run->members->family;
    memcpy(t->features, env_features(t->env),
           (size_t)family->feature_dim * sizeof *t->features);
    if (t->run->method->observe || t->run->method->tag)
        memcpy(t->coords, env_coordinates(t->env),
               (size_t)family->coord_count * sizeof *t->coords);
}

EnvStep trainer_step(Trainer *t)
{
    if (env_is_over(t->env))
        env_reset(t->env, rng_stream(t->key, RNG_RESET, (uint64_t)t->episode++));
    look(t);
    t->action = agent_act(t->agent, t->features);
    EnvStep made = env_step(t->env, t->action);
    t->step++;

    if (made.diverged) {
        agent_abandon_episode(t->agent);
        return made;
    }
    agent_observe(t->agent, &(Transition){.obs = t->features,
                                          .coords = t->coords,
                                          .next_obs = env_features(t->env),
                                          .reward = made.reward,
                                          .action = t->action,
                                          .terminated = made.terminated,
                                          .truncated = made.truncated});
    return made;
}
