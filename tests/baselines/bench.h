/** @file
 * A method at work on a made-up task: a chain of ten places, -1 a step, ended at its right end
 * or after twenty steps; with two random networks as sources.
 */
#ifndef TESTS_BASELINES_BENCH_H
#define TESTS_BASELINES_BENCH_H

#include <malloc.h>
#include <math.h>
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "agents/dqn.h"
#include "agents/methods.h"
#include "suite/core/mem.h"
#include "tests/support/forge.h"

enum { CHAIN_PLACES = 10, CHAIN_LIMIT = 20, CHAIN_FEATURES = 2, CHAIN_ACTIONS = 2 };
enum { BENCH_SOURCES = 2, BENCH_BUDGET = 2000, BENCH_KEY = 9 };

typedef struct Bench {
    const Method *method;
    void *settings, *state;
    DqnSettings agent;
    Network network[BENCH_SOURCES];
    TrainedSource source[BENCH_SOURCES];
    RunContext context;
    int place, elapsed; // of the chain
} Bench;

static inline void bench_set(Bench *b, const char *key, const char *value)
{
    const ParamRow *row = param_find(b->method->param, b->method->param_count, key);
    Error err = {0};
    cr_assert(row != NULL, "no setting '%s'", key);
    cr_assert(eq(int, param_set(row, b->settings, value, &err), STATUS_OK), "%s", err.message);
}

static inline void bench_init(Bench *b, const Method *method)
{
    static const char *const names[] = {"first", "second"};
    *b = (Bench){.method = method};
    b->settings = mem_array(1, method->settings_size);
    b->state = mem_array(1, method->state_size);
    param_defaults(method->param, method->param_count, b->settings);
    param_defaults(dqn_params, dqn_param_count, &b->agent);
    b->agent.hidden = 8;
    b->agent.learning_start = 20;
    b->agent.replay = 1000;
    for (int s = 0; s < BENCH_SOURCES; s++) {
        NetworkShape shape = {CHAIN_FEATURES, 8, 2, CHAIN_ACTIONS};
        RngStream rng = rng_stream(100, RNG_NETWORK, (uint64_t)s);
        cr_assert(eq(int, network_init(&b->network[s], shape, NULL), STATUS_OK));
        network_randomise(&b->network[s], &rng);
        b->source[s] = (TrainedSource){.member = names[s], .network = &b->network[s]};
    }
    b->context = (RunContext){.shape = {.feature_dim = CHAIN_FEATURES,
                                        .action_count = CHAIN_ACTIONS,
                                        .time_limit = CHAIN_LIMIT},
                              .settings = b->settings,
                              .budget = BENCH_BUDGET,
                              .key = BENCH_KEY,
                              .agent = &b->agent,
                              .source = b->source,
                              .source_count = BENCH_SOURCES,
                              .picked = 1,
                              .picked_count = 1};
}

static inline void bench_release(Bench *b)
{
    if (b->method->release) b->method->release(b->state);
    for (int s = 0; s < BENCH_SOURCES; s++)
        network_release(&b->network[s]);
    mem_free(b->settings);
    mem_free(b->state);
}

static inline void bench_begin(Bench *b)
{
    Error err = {0};
    cr_assert(eq(int, b->method->init(b->state, &b->context, &err), STATUS_OK), "%s",
              err.message);
}

static inline void bench_again(Bench *b)
{
    if (b->method->release) b->method->release(b->state);
    memset(b->state, 0, b->method->state_size);
    bench_begin(b);
}

/** An agent of @p method, prepared; the bench's state is that of its method. */
static inline Agent *bench_agent(Bench *b, const Method *method)
{
    Agent *agent;
    AgentSpec spec = {.settings = &b->agent,
                      .feature_dim = CHAIN_FEATURES,
                      .action_count = CHAIN_ACTIONS,
                      .budget = BENCH_BUDGET,
                      .key = BENCH_KEY,
                      .method = method,
                      .method_state = b->state};
    cr_assert(eq(int, agent_new(&agent, &spec, NULL), STATUS_OK));
    cr_assert(eq(int, agent_prepare(agent, NULL), STATUS_OK));
    b->place = b->elapsed = 0;
    return agent;
}

static inline void bench_look(int place, float x[CHAIN_FEATURES])
{
    x[0] = (float)place / CHAIN_PLACES;
    x[1] = 1.0f - x[0];
}

/** Let @p agent make @p steps steps on the chain, from where it is. */
static inline void bench_live(Bench *b, Agent *agent, int steps)
{
    for (int i = 0; i < steps; i++) {
        float x[CHAIN_FEATURES], next[CHAIN_FEATURES];
        bench_look(b->place, x);
        Sight sight = {.features = x, .elapsed = b->elapsed, .training = true};
        int action = agent_act(agent, &sight);
        b->place += action ? 1 : b->place > 0 ? -1 : 0;
        b->elapsed++;
        bench_look(b->place, next);
        bool there = b->place == CHAIN_PLACES, late = !there && b->elapsed == CHAIN_LIMIT;
        agent_observe(agent, &(Transition){.obs = x,
                                           .next_obs = next,
                                           .reward = -1.0,
                                           .action = action,
                                           .terminated = there,
                                           .truncated = late});
        if (there || late) b->place = b->elapsed = 0;
    }
}

/** Bytes of the heap that are in use; 0 if it does not tell, as the sanitizers' does not. */
static inline size_t bench_held(void)
{
    struct mallinfo2 info = mallinfo2();
    return info.uordblks + info.hblkhd;
}

static inline bool is_same(const Network *a, const Network *b)
{
    return memcmp(a->params, b->params, (size_t)a->param_count * sizeof *a->params) == 0;
}

/** Is the bench's method scratch bit for bit, over some hundred steps of learning? */
static inline bool bench_is_scratch(Bench *b)
{
    Agent *own = bench_agent(b, b->method);
    bench_live(b, own, 600);
    Agent *scratch = bench_agent(b, &method_scratch);
    bench_live(b, scratch, 600);
    cr_assert(lt(i64, 500, agent_updates(scratch)));
    bool same = is_same(agent_network(own), agent_network(scratch));
    agent_free(own);
    agent_free(scratch);
    return same;
}

typedef struct Told {
    const char *name;
    double value;
    int numbers, warnings;
} Told;

static inline void told_number(void *sink, const char *name, double value)
{
    Told *told = sink;
    if (strcmp(name, told->name) != 0) return;
    told->value = value;
    told->numbers++;
}

static inline void told_warning(void *sink, const char *sentence)
{
    Told *told = sink;
    (void)sentence;
    told->warnings++;
}

static inline Told bench_told(const Bench *b, const char *name)
{
    Told told = {.name = name};
    b->method->report(b->state, &(Report){&told, told_number, told_warning});
    return told;
}

/** The number that the method reports under @p name. */
static inline double bench_number(const Bench *b, const char *name)
{
    Told told = bench_told(b, name);
    cr_assert(eq(int, told.numbers, 1), "'%s' is told %d times", name, told.numbers);
    return told.value;
}

/** The number that the method traces under @p name, in a row of the trace; NaN if none. */
static inline double bench_traced(Bench *b, const char *name)
{
    Told told = {.name = name, .value = (double)NAN};
    b->method->trace(b->state, &(Report){&told, told_number, NULL});
    cr_assert(le(int, told.numbers, 1), "'%s' is traced %d times", name, told.numbers);
    cr_assert(eq(int, isfinite(told.value) != 0, told.numbers), "'%s' is not finite", name);
    return told.value;
}

/** Write @p agent, or read it. */
static inline void bench_archive(Agent *agent, const char *path, bool write)
{
    Archive *archive;
    Status status = write ? archive_create(&archive, path, "test", 1, NULL)
                          : archive_open(&archive, path, "test", 1, NULL);
    cr_assert(eq(int, status, STATUS_OK));
    agent_archive(agent, archive);
    cr_assert(eq(int, archive_close(archive, NULL), STATUS_OK));
}

/** Is the method's state refused when @p size bytes of its piece @p tag are these? And is it
 *  not, as it was? */
static inline bool bench_refuses(const Bench *b, const char *path, const char *tag,
                                 const void *with, size_t size)
{
    Status status[2];
    for (int forged = 0; forged < 2; forged++) {
        Archive *archive;
        cr_assert(eq(int, archive_create(&archive, path, "test", 1, NULL), STATUS_OK));
        b->method->archive(b->state, archive);
        cr_assert(eq(int, archive_close(archive, NULL), STATUS_OK));
        if (forged) test_forge(path, tag, 0, with, size);
        cr_assert(eq(int, archive_open(&archive, path, "test", 1, NULL), STATUS_OK));
        b->method->archive(b->state, archive);
        status[forged] = archive_close(archive, NULL);
    }
    return status[0] == STATUS_OK && status[1] == STATUS_PARSE;
}

#endif
