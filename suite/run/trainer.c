#include "suite/run/trainer.h"

#include <math.h>
#include <string.h>

#include "suite/core/check.h"
#include "suite/core/mem.h"
#include "suite/run/evaluate.h"
#include "suite/run/registry.h"

// -- sources

// how far a source's parameters are from the target's, each in units of its spread over sources
static double distance(const SourceSet *set, const Member *target, int index)
{
    double sum = 0.0;
    for (int p = 0; p < set->members->family->param_count; p++) {
        double lo = set->run[0]->member->param[p], hi = lo;
        for (int s = 1; s < set->count; s++) {
            lo = fmin(lo, set->run[s]->member->param[p]);
            hi = fmax(hi, set->run[s]->member->param[p]);
        }
        if (hi == lo) continue; // all are as far
        double far = (set->run[index]->member->param[p] - target->param[p]) / (hi - lo);
        sum += far * far;
    }
    return sqrt(sum);
}

static Status take_sources(Trainer *t, const SourceSet *set, Error *err)
{
    if (!set) return STATUS_OK;
    t->source = mem_array((size_t)set->count, sizeof *t->source);
    if (!t->source) return error_nomem(err);
    t->source_count = set->count;
    bool all = t->run->settings.run.source_pick == PICK_ALL;
    // what is only a part of the sources begins with the one of the seed already
    bool begins = all || t->run->settings.run.source_count > 0;
    t->picked = begins ? 0 : t->run->seed % set->count;
    t->picked_count = all ? set->count : 1;
    for (int i = 0; i < set->count; i++)
        t->source[i] = (TrainedSource){.member = set->run[i]->member->name,
                                       .network = &set->policy[i].network,
                                       .score = set->policy[i].score,
                                       .distance = distance(set, t->run->member, i)};
    return STATUS_OK;
}

static Status begin_trial(Trainer *t, Error *err)
{
    const Run *run = t->run;
    bool tries = run->method->needs & METHOD_TAKES_ONE &&
                 run->settings.run.source_pick == PICK_BEST && t->source_count > 1;
    if (!tries) return STATUS_OK;
    t->trial.episodes = t->source_count * run->settings.run.source_trial;
    t->trial.sum = mem_array((size_t)t->source_count, sizeof *t->trial.sum);
    if (!t->trial.sum) return error_nomem(err);
    return workspace_init(&t->trial.work, t->source[0].network, 1, err);
}

bool trainer_is_trying(const Trainer *t)
{
    return t->trial.played < t->trial.episodes;
}

// -- method and agent

static Status take_memory(Trainer *t, Error *err)
{
    const TaskFamily *family = t->run->members->family;
    const Method *method = t->run->method;
    size_t k = (size_t)family->coord_count;
    t->shape = mem_array(k, SHAPE_ROWS * sizeof *t->shape);
    t->features = mem_array((size_t)family->feature_dim, sizeof *t->features);
    t->coords = mem_array(k, sizeof *t->coords);
    t->method = mem_array(1, method->state_size);
    t->looks = method->observe || method->tag || method->guide || method->blend;
    t->follows = method->observe || method->tag;
    return t->shape && t->features && t->coords && t->method ? STATUS_OK : error_nomem(err);
}

static Status begin_method(Trainer *t, Error *err)
{
    const Run *run = t->run;
    RunContext context = {
        .shape = family_shape(run->members->family, t->shape),
        .settings = run->settings.own,
        .budget = run->settings.run.steps - t->step,
        .key = t->key,
        .knowledge = run->knowledge[0] ? run->knowledge : NULL,
        .agent = &run->settings.agent,
        .source = t->source,
        .source_count = t->source_count,
        .picked = t->picked,
        .picked_count = t->picked_count,
    };
    return run->method->init ? run->method->init(t->method, &context, err) : STATUS_OK;
}

static Status make_agent(Trainer *t, Error *err)
{
    const Run *run = t->run;
    AgentSpec spec = {
        .settings = &run->settings.agent,
        .feature_dim = run->members->family->feature_dim,
        .action_count = run->members->family->action_count,
        .budget = run->settings.run.steps - t->step,
        .key = t->key,
        .method = run->method,
        .method_state = t->method,
    };
    return agent_new(&t->agent, &spec, err);
}

static Status begin_agent(Trainer *t, Error *err)
{
    Status status = make_agent(t, err);
    return status == STATUS_OK ? agent_prepare(t->agent, err) : status;
}

Status trainer_init(Trainer *t, const Run *run, const SourceSet *set, const char *models,
                    Error *err)
{
    const TaskFamily *family = run->members->family;
    *t = (Trainer){.run = run, .key = stream_key(family->name, run->member->name, run->seed)};

    Status status = take_memory(t, err);
    if (status == STATUS_OK) status = take_sources(t, set, err);
    if (status == STATUS_OK)
        status = env_new(&t->env, family, models, run->member, run->settings.task, err);
    if (status == STATUS_OK) status = begin_trial(t, err);
    if (status == STATUS_OK) status = begin_method(t, err);
    if (status == STATUS_OK) status = begin_agent(t, err);
    return status;
}

// take the source that the run took, whatever its seed says
static Status take_picked(Trainer *t, const char *picked, Error *err)
{
    if (!*picked || strcmp(picked, "all") == 0) return STATUS_OK;
    for (int i = 0; i < t->source_count; i++) {
        if (strcmp(t->source[i].member, picked) != 0) continue;
        t->picked = i;
        return STATUS_OK;
    }
    return error_set(err, STATUS_MISMATCH, "'%s' is none of the sources", picked);
}

Status trainer_recall(Trainer *t, const Run *run, const SourceSet *set, TrainerPast past,
                      Error *err)
{
    const TaskFamily *family = run->members->family;
    *t = (Trainer){.run = run,
                   .key = stream_key(family->name, run->member->name, run->seed),
                   .step = past.trial_steps};

    Status status = take_memory(t, err);
    if (status == STATUS_OK) status = take_sources(t, set, err);
    if (status == STATUS_OK) status = take_picked(t, past.picked, err);
    if (status == STATUS_OK) status = begin_method(t, err);
    return status == STATUS_OK ? make_agent(t, err) : status;
}

static void end_method(Trainer *t)
{
    agent_free(t->agent);
    t->agent = NULL;
    if (t->method && t->run->method->release) t->run->method->release(t->method);
    if (t->method) memset(t->method, 0, t->run->method->state_size);
}

void trainer_release(Trainer *t)
{
    end_method(t);
    mem_free(t->method);
    env_free(t->env);
    mem_free(t->shape);
    mem_free(t->features);
    mem_free(t->coords);
    mem_free(t->source);
    mem_free(t->trial.sum);
    workspace_release(&t->trial.work);
    *t = (Trainer){0};
}

Status trainer_choose(Trainer *t, Error *err)
{
    CHECK(!trainer_is_trying(t));
    t->picked = 0;
    for (int i = 1; i < t->source_count; i++)
        if (t->trial.sum[i] > t->trial.sum[t->picked]) t->picked = i;
    end_method(t);
    Status status = begin_method(t, err);
    return status == STATUS_OK ? begin_agent(t, err) : status;
}

// -- steps

// what the agent sees before it acts; the step overwrites the environment's own copy
static void look(Trainer *t)
{
    const TaskFamily *family = t->run->members->family;
    memcpy(t->features, env_features(t->env),
           (size_t)family->feature_dim * sizeof *t->features);
    if (t->looks)
        memcpy(t->coords, env_coordinates(t->env),
               (size_t)family->coord_count * sizeof *t->coords);
}

static EnvStep make_step(Trainer *t, int action)
{
    t->action = action;
    t->step++;
    return env_step(t->env, action);
}

// a step with the network of the source whose turn it is
static EnvStep trial_step(Trainer *t)
{
    int source = t->trial.played % t->source_count;
    int action = network_best(t->source[source].network, &t->trial.work, env_features(t->env));
    EnvStep made = make_step(t, action);
    t->trial.steps++;
    t->trial.sum[source] += made.reward;
    if (made.diverged) t->trial.sum[source] += env_worst_rest(t->env);
    t->trial.played += env_is_over(t->env);
    return made;
}

static EnvStep learning_step(Trainer *t)
{
    look(t);
    Sight sight = {.features = t->features,
                   .coords = t->coords,
                   .elapsed = env_elapsed(t->env),
                   .training = true};
    EnvStep made = make_step(t, agent_act(t->agent, &sight));
    if (made.diverged) {
        agent_abandon_episode(t->agent);
        return made;
    }
    agent_observe(t->agent,
                  &(Transition){.obs = t->features,
                                .coords = t->coords,
                                .next_obs = env_features(t->env),
                                .next_coords = t->follows ? env_coordinates(t->env) : NULL,
                                .reward = made.reward,
                                .action = t->action,
                                .terminated = made.terminated,
                                .truncated = made.truncated});
    return made;
}

// all sources are tried from the same starts, and learning begins at the first of its own
static void begin_episode(Trainer *t)
{
    bool trying = trainer_is_trying(t);
    int64_t index = trying ? t->trial.played / t->source_count : t->episode++;
    env_reset(t->env, rng_stream(t->key, trying ? RNG_TRIAL : RNG_RESET, (uint64_t)index));
}

EnvStep trainer_step(Trainer *t)
{
    if (env_is_over(t->env)) begin_episode(t);
    return trainer_is_trying(t) ? trial_step(t) : learning_step(t);
}
