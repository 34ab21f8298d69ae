#include "suite/run/sources.h"

#include <string.h>

#include "results/stats.h"
#include "suite/core/mem.h"
#include "suite/env/env.h"
#include "suite/run/evaluate.h"
#include "suite/run/interrupt.h"
#include "suite/run/registry.h"

enum { SOURCE_EPISODES = 20 }; // of each evaluation while building

// -- reading

static int count_sources(const Plan *plan, const MemberList *members)
{
    int count = 0;
    for (int i = 0; i < plan->source_count; i++)
        count += plan->run[i].members == members;
    return count;
}

static Status read_source(SourceSet *set, const Run *run, Error *err)
{
    set->run[set->count] = run;
    Status status =
        policy_read(&set->policy[set->count], run->folder, run->members->family, err);
    set->count++; // also after a failure, so that it is released
    return status == STATUS_OK
               ? STATUS_OK
               : error_wrap(err, status, "source '%s' is not there", run->member->name);
}

Status source_set_read(SourceSet *set, const Plan *plan, const MemberList *members, Error *err)
{
    int count = count_sources(plan, members);
    *set = (SourceSet){.members = members};
    set->run = mem_array(2 * (size_t)count, sizeof(Run *));
    set->policy = mem_array(2 * (size_t)count, sizeof *set->policy);
    if (!set->run || !set->policy) return error_nomem(err);

    Status status = STATUS_OK;
    for (int i = 0; status == STATUS_OK && i < plan->source_count; i++)
        if (plan->run[i].members == members) status = read_source(set, &plan->run[i], err);
    for (int i = 0; status == STATUS_OK && i < count; i++) { // the second round
        set->run[count + i] = set->run[i];
        set->policy[count + i] = set->policy[i];
    }
    return status;
}

SourceSet source_set_part(const SourceSet *set, const Run *run)
{
    int wanted = run->settings.run.source_count;
    if (wanted == 0 || set->count == 0) return *set;
    int first = run->seed % set->count;
    return (SourceSet){set->members, set->run + first, set->policy + first, wanted};
}

void source_set_release(SourceSet *set)
{
    for (int i = 0; i < set->count; i++)
        policy_release(&set->policy[i]);
    mem_free(set->policy);
    mem_free(set->run);
    *set = (SourceSet){0};
}

Status knowledge_name(Run *run, const SourceSet *set, const char *out, Error *err)
{
    const TaskFamily *family = run->members->family;
    uint64_t hash;
    Status status = settings_knowledge_hash(&run->settings, &hash, err);
    hash = hash_string(run->method->name, hash);
    hash = hash_bytes(&run->method->version, sizeof run->method->version, hash);
    hash = hash_bytes(&family->version, sizeof family->version, hash);
    for (int i = 0; i < set->count; i++) {
        hash = hash_string(set->run[i]->member->name, hash);
        hash = hash_string(set->policy[i].hash, hash);
    }
    hash_format(hash, run->knowledge_hash);
    if (status != STATUS_OK) return status;
    return path_format(run->knowledge, err, "%s/%s/knowledge/%s.kb", out, family->name,
                       run->knowledge_hash);
}

// -- building

// the steps made in a source, as a SourceTask has them
typedef struct Samples {
    float *features, *coords, *next_features, *reward;
    int32_t *action;
    uint8_t *end;
} Samples;

static void samples_release(Samples *s)
{
    mem_free(s->features);
    mem_free(s->coords);
    mem_free(s->next_features);
    mem_free(s->reward);
    mem_free(s->action);
    mem_free(s->end);
}

static Status samples_init(Samples *s, const TaskFamily *family, size_t n, Error *err)
{
    *s = (Samples){.features = mem_array(n, (size_t)family->feature_dim * sizeof(float)),
                   .coords = mem_array(n, (size_t)family->coord_count * sizeof(float)),
                   .next_features = mem_array(n, (size_t)family->feature_dim * sizeof(float)),
                   .reward = mem_array(n, sizeof(float)),
                   .action = mem_array(n, sizeof(int32_t)),
                   .end = mem_array(n, sizeof(uint8_t))};
    bool taken =
        s->features && s->coords && s->next_features && s->reward && s->action && s->end;
    return taken ? STATUS_OK : error_nomem(err);
}

// what a build hook works with, one of each per source
typedef struct Builder {
    const SourceSet *set;
    Env **env;
    SourceTask *task;
    Samples *samples;
    float *shape; // of the table coordinates
    double returns[SOURCE_EPISODES];
} Builder;

static void builder_release(Builder *b)
{
    for (int i = 0; i < b->set->count; i++) {
        if (b->env) env_free(b->env[i]);
        if (b->samples) samples_release(&b->samples[i]);
    }
    mem_free(b->env);
    mem_free(b->task);
    mem_free(b->samples);
    mem_free(b->shape);
}

static Status builder_init(Builder *b, const SourceSet *set, Error *err)
{
    size_t n = (size_t)set->count, k = (size_t)set->members->family->coord_count;
    *b = (Builder){.set = set,
                   .env = mem_array(n, sizeof(Env *)),
                   .task = mem_array(n, sizeof(SourceTask)),
                   .samples = mem_array(n, sizeof(Samples)),
                   .shape = mem_array(k, SHAPE_ROWS * sizeof(float))};
    return b->env && b->task && b->samples && b->shape ? STATUS_OK : error_nomem(err);
}

static uint64_t source_key(const SourceSet *set, int index)
{
    const Run *run = set->run[index];
    return stream_key(run->members->family->name, run->member->name, run->seed);
}

static double evaluate_in_source(void *evaluator, int index, Policy policy, void *state)
{
    Builder *b = evaluator;
    EvalStarts starts = {source_key(b->set, index), SERIES_SOURCE, SOURCE_EPISODES};
    EvalSample sample = evaluate(b->env[index], policy, state, starts, b->returns);
    return stats_mean(sample.returns, sample.episodes);
}

// how states are gathered: the network's greedy action, or now and then any
typedef struct Gatherer {
    const Network *net;
    Workspace work;
    RngStream explore;
    double epsilon;
} Gatherer;

static int gather_action(Gatherer *g, const float *features)
{
    int actions = g->net->units[g->net->layers];
    if (rng_uniform(&g->explore, 0.0, 1.0) < g->epsilon) return rng_below(&g->explore, actions);
    return network_best(g->net, &g->work, features);
}

// make step `i` of a source's samples
static void gather_step(Env *env, Gatherer *g, const Samples *to, size_t i)
{
    size_t d = (size_t)env_family(env)->feature_dim, k = (size_t)env_family(env)->coord_count;
    memcpy(to->features + i * d, env_features(env), d * sizeof(float));
    memcpy(to->coords + i * k, env_coordinates(env), k * sizeof(float));
    to->action[i] = gather_action(g, env_features(env));
    EnvStep made = env_step(env, to->action[i]);
    memcpy(to->next_features + i * d, env_features(env), d * sizeof(float));
    to->reward[i] = (float)made.reward;
    to->end[i] = made.terminated  ? STEP_TERMINATED
                 : made.truncated ? STEP_TRUNCATED
                 : made.diverged  ? STEP_DIVERGED
                                  : STEP_GOES_ON;
}

// play source `index` until all the states wished for are written
static void gather(Builder *b, int index, Gathering wish, Gatherer *g)
{
    uint64_t key = source_key(b->set, index);
    Env *env = b->env[index];
    Samples *to = &b->samples[index];
    int episode = 0, in_short = 0;
    bool is_short = false, begins = true;

    for (int i = 0; i < wish.states; i++) {
        if (begins) {
            env_reset(env, rng_stream(key, RNG_GATHER, (uint64_t)episode));
            g->explore = rng_stream(key, RNG_GATHER, (uint64_t)1 << 32 | (uint64_t)episode);
            g->epsilon = wish.epsilon[episode % wish.episodes];
            is_short = wish.cut > 0.0 && 2 * in_short <= i;
            episode++;
        }
        gather_step(env, g, to, (size_t)i);
        in_short += is_short;
        bool cut = is_short && rng_uniform(&g->explore, 0.0, 1.0) < wish.cut;
        if (cut && to->end[i] == STEP_GOES_ON) to->end[i] = STEP_TRUNCATED;
        begins = cut || env_is_over(env);
    }
}

static Status gather_source(Builder *b, const Run *run, int index, const char *models,
                            Gathering wish, Error *err)
{
    const TaskFamily *family = run->members->family;
    const Run *source = b->set->run[index];
    Gatherer g = {.net = &b->set->policy[index].network};
    Samples *samples = &b->samples[index];
    Status status = samples_init(samples, family, (size_t)wish.states, err);
    if (status == STATUS_OK)
        status =
            env_new(&b->env[index], family, models, source->member, source->settings.task, err);
    if (status == STATUS_OK) status = workspace_init(&g.work, g.net, 1, err);
    if (status == STATUS_OK) gather(b, index, wish, &g);
    workspace_release(&g.work);

    b->task[index] = (SourceTask){.member = source->member->name,
                                  .network = g.net,
                                  .sample_count = wish.states,
                                  .features = samples->features,
                                  .coords = samples->coords,
                                  .next_features = samples->next_features,
                                  .action = samples->action,
                                  .reward = samples->reward,
                                  .end = samples->end};
    return status;
}

static Status prepare_folder_of(const char *path, Error *err)
{
    char folder[PATH_LENGTH];
    Status status = path_format(folder, err, "%s", path);
    char *slash = strrchr(folder, '/');
    if (status != STATUS_OK || !slash) return status;
    *slash = '\0';
    return folder_make(folder, err);
}

Status knowledge_build(const Run *run, const SourceSet *set, const char *models, Error *err)
{
    Builder b;
    Gathering wish = run->method->gathering(run->settings.own);
    Status status = builder_init(&b, set, err);
    for (int i = 0; status == STATUS_OK && i < set->count; i++)
        status = interrupt_pending() ? error_set(err, STATUS_INTERRUPTED, "stopped")
                                     : gather_source(&b, run, i, models, wish, err);
    if (status == STATUS_OK) status = prepare_folder_of(run->knowledge, err);
    if (status == STATUS_OK) {
        BuildContext context = {.shape = family_shape(set->members->family, b.shape),
                                .source = b.task,
                                .source_count = set->count,
                                .settings = run->settings.own,
                                .key = hash_string(run->knowledge_hash, 0),
                                .path = run->knowledge,
                                .agent = &run->settings.agent,
                                .evaluate = evaluate_in_source,
                                .evaluator = &b};
        status = run->method->build(&context, err);
    }
    builder_release(&b);
    return status;
}
