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
    set->run = mem_array((size_t)count, sizeof(Run *));
    set->policy = mem_array((size_t)count, sizeof *set->policy);
    if (!set->run || !set->policy) return error_nomem(err);

    Status status = STATUS_OK;
    for (int i = 0; status == STATUS_OK && i < plan->source_count; i++)
        if (plan->run[i].members == members) status = read_source(set, &plan->run[i], err);
    return status;
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

// what a build hook works with, one of each per source
typedef struct Builder {
    const SourceSet *set;
    Env **env;
    SourceTask *task;
    float **features, **coords; // the samples
    float *lo, *hi;             // of the table coordinates
    double returns[SOURCE_EPISODES];
} Builder;

static void builder_release(Builder *b)
{
    for (int i = 0; i < b->set->count; i++) {
        if (b->env) env_free(b->env[i]);
        if (b->features) mem_free(b->features[i]);
        if (b->coords) mem_free(b->coords[i]);
    }
    mem_free(b->env);
    mem_free(b->task);
    mem_free(b->features);
    mem_free(b->coords);
    mem_free(b->lo);
    mem_free(b->hi);
}

static Status builder_init(Builder *b, const SourceSet *set, Error *err)
{
    size_t n = (size_t)set->count, k = (size_t)set->members->family->coord_count;
    *b = (Builder){.set = set,
                   .env = mem_array(n, sizeof(Env *)),
                   .task = mem_array(n, sizeof(SourceTask)),
                   .features = mem_array(n, sizeof(float *)),
                   .coords = mem_array(n, sizeof(float *)),
                   .lo = mem_array(k, sizeof(float)),
                   .hi = mem_array(k, sizeof(float))};
    bool taken = b->env && b->task && b->features && b->coords && b->lo && b->hi;
    return taken ? STATUS_OK : error_nomem(err);
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

// play source `index` until `wanted` states are written
static void gather(Builder *b, int index, int wanted, Gatherer *g)
{
    static const double mixture[] = {0.0, 0.1, 0.3, 0.6, 1.0};
    enum { MIXTURE = sizeof mixture / sizeof mixture[0] };
    const TaskFamily *family = b->set->members->family;
    size_t d = (size_t)family->feature_dim, k = (size_t)family->coord_count;
    uint64_t key = source_key(b->set, index);
    Env *env = b->env[index];
    int episode = 0;

    for (size_t i = 0; i < (size_t)wanted; i++) {
        if (env_is_over(env)) {
            env_reset(env, rng_stream(key, RNG_GATHER, (uint64_t)episode));
            g->explore = rng_stream(key, RNG_GATHER, (uint64_t)1 << 32 | (uint64_t)episode);
            g->epsilon = mixture[episode % MIXTURE];
            episode++;
        }
        memcpy(b->features[index] + i * d, env_features(env), d * sizeof(float));
        memcpy(b->coords[index] + i * k, env_coordinates(env), k * sizeof(float));
        (void)env_step(env, gather_action(g, env_features(env)));
    }
}

static Status gather_source(Builder *b, const Run *run, int index, const char *models,
                            int wanted, Error *err)
{
    const TaskFamily *family = run->members->family;
    const Run *source = b->set->run[index];
    Gatherer g = {.net = &b->set->policy[index].network};
    b->features[index] = mem_array((size_t)wanted, (size_t)family->feature_dim * sizeof(float));
    b->coords[index] = mem_array((size_t)wanted, (size_t)family->coord_count * sizeof(float));
    if (!b->features[index] || !b->coords[index]) return error_nomem(err);

    Status status =
        env_new(&b->env[index], family, models, source->member, source->settings.task, err);
    if (status == STATUS_OK) status = workspace_init(&g.work, g.net, 1, err);
    if (status == STATUS_OK) gather(b, index, wanted, &g);
    workspace_release(&g.work);

    b->task[index] = (SourceTask){.member = source->member->name,
                                  .network = g.net,
                                  .sample_count = wanted,
                                  .features = b->features[index],
                                  .coords = b->coords[index]};
    return status;
}

static Status prepare_folder_of(const char *path, Error *err)
{
    char folder[PATH_LENGTH];
    Status status = path_format(folder, err, "%s", path);
    char *slash = strrchr(folder, '/');
    if (status != STATUS_OK || !slash) return status;
    *slash = '\0';
    status = folder_make(folder, err);
    return status == STATUS_OK ? folder_tidy(folder, err) : status;
}

Status knowledge_build(const Run *run, const SourceSet *set, const char *models, Error *err)
{
    Builder b;
    int wanted = run->method->states_wanted(run->settings.own);
    Status status = builder_init(&b, set, err);
    for (int i = 0; status == STATUS_OK && i < set->count; i++)
        status = interrupt_pending() ? error_set(err, STATUS_INTERRUPTED, "stopped")
                                     : gather_source(&b, run, i, models, wanted, err);
    if (status == STATUS_OK) status = prepare_folder_of(run->knowledge, err);
    if (status == STATUS_OK) {
        BuildContext context = {.shape = family_shape(set->members->family, b.lo, b.hi),
                                .source = b.task,
                                .source_count = set->count,
                                .settings = run->settings.own,
                                .key = hash_string(run->knowledge_hash, 0),
                                .path = run->knowledge,
                                .evaluate = evaluate_in_source,
                                .evaluator = &b};
        status = run->method->build(&context, err);
    }
    builder_release(&b);
    return status;
}
