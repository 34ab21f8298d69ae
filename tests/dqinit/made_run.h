/** @file
 * DQInit in a made-up run: two sources that know Q(x, 0) = 0 and Q(x, 1) = x - .5 over x in
 * [0, 1], and a target in which the agent walks along x, either way by 4 % of its room.
 */
#ifndef TESTS_DQINIT_MADE_RUN_H
#define TESTS_DQINIT_MADE_RUN_H

#include <stdio.h>
#include <string.h>

#include <criterion/criterion.h>

#include "agents/dqn.h"
#include "agents/methods.h"
#include "dqinit/prior.h"
#include "suite/core/mem.h"
#include "tests/support/folder.h"
#include "tests/support/sources.h"

enum { BUDGET = 500 };

typedef struct MadeRun {
    MadeSources sources;
    void *settings, *state;
    DqnSettings dqn;
    RunContext context;
    char path[256];
    KnowledgeBase kb; // the same, for what the prior should say
    Prior prior;
} MadeRun;

static MadeRun run;

static inline void set(const char *key, const char *value)
{
    const ParamRow *row = param_find(method_dqinit.param, method_dqinit.param_count, key);
    Error err = {0};
    cr_assert(row != NULL, "no setting '%s'", key);
    cr_assert(param_set(row, run.settings, value, &err) == STATUS_OK, "%s", err.message);
}

/** Set each "key=value" of a list that NULL ends. */
static inline void set_all(const char *const *list)
{
    for (; *list; list++) {
        char key[64];
        const char *equals = strchr(*list, '=');
        (void)snprintf(key, sizeof key, "%.*s", (int)(equals - *list), *list);
        set(key, equals + 1);
    }
}

static inline void build(void)
{
    Error err = {0};
    cr_assert(method_dqinit.build(&run.sources.context, &err) == STATUS_OK, "%s", err.message);
}

static inline void made_run_init(void)
{
    const float slope[] = {0.0f, 1.0f};
    test_folder_make();
    (void)snprintf(run.path, sizeof run.path, "%s", test_path("table.kb"));
    made_sources_init(&run.sources, run.path);
    for (int s = 0; s < MADE_SOURCES; s++) {
        made_source_values(&run.sources, s, 0.0f, slope);
        run.sources.network[s].params[5] = -0.5f; // Q(x, 1) = x - .5: action 1 above one half
    }
    run.settings = mem_array(1, method_dqinit.settings_size);
    run.state = mem_array(1, method_dqinit.state_size);
    param_defaults(method_dqinit.param, method_dqinit.param_count, run.settings);
    param_defaults(dqn_params, dqn_param_count, &run.dqn);
    run.dqn.learning_start = 10;
    run.dqn.hidden = 32;
    set("dqinit.cells", "40");
    set("dqinit.table_states", "200");
    set("dqinit.prefit", "1500");
    run.sources.context.settings = run.settings;
    run.context = (RunContext){.shape = run.sources.context.shape,
                               .settings = run.settings,
                               .budget = BUDGET,
                               .key = 9,
                               .knowledge = run.path,
                               .agent = &run.dqn};
    set("dqinit.merged", "false"); // a table of each source is what most tests look at
    set("dqinit.act", "network");  // and each use by itself
    set("dqinit.bootstrap", "network");
    set("dqinit.known_share", "1");
    set("dqinit.credence", "0");
    build();
}

static inline void begin(void)
{
    Error err = {0};
    cr_assert(method_dqinit.init(run.state, &run.context, &err) == STATUS_OK, "%s",
              err.message);
}

static inline void end(void)
{
    method_dqinit.release(run.state);
    memset(run.state, 0, method_dqinit.state_size);
}

static inline void made_run_release(void)
{
    method_dqinit.release(run.state);
    mem_free(run.state);
    mem_free(run.settings);
    prior_release(&run.prior);
    kb_release(&run.kb);
    made_sources_release(&run.sources);
    test_folder_remove();
}

/** Let run.prior say what the prior of the knowledge base should. */
static inline void expect_prior(Aggregate how, int neighbours)
{
    PriorShape shape = {
        .how = how, .neighbours = neighbours, .known_tilings = 4, .points = 2000};
    cr_assert(kb_read(&run.kb, run.path, NULL) == STATUS_OK);
    cr_assert(prior_init(&run.prior, &run.kb, shape, NULL) == STATUS_OK);
}

static inline Agent *make_agent(const Method *method, void *state)
{
    Agent *agent;
    AgentSpec spec = {.settings = &run.dqn,
                      .feature_dim = 1,
                      .action_count = MADE_ACTIONS,
                      .budget = BUDGET,
                      .key = 9,
                      .method = method,
                      .method_state = state};
    cr_assert(agent_new(&agent, &spec, NULL) == STATUS_OK);
    return agent;
}

/** Where the agent is, in [0, room]. */
typedef struct Life {
    float room, x;
    int elapsed, episode;
} Life;

static inline void live(Agent *agent, Life *life, int steps)
{
    for (int i = 0; i < steps; i++) {
        float x = life->x, next;
        int action = agent_act(
            agent,
            &(Sight){.features = &x, .coords = &x, .elapsed = life->elapsed, .training = true});
        next = x + (action ? 0.04f : -0.04f) * life->room;
        next = next < 0.0f ? 0.0f : next > life->room ? life->room : next;
        bool cut = ++life->elapsed == 20;
        agent_observe(agent, &(Transition){.obs = &x,
                                           .coords = &x,
                                           .next_obs = &next,
                                           .next_coords = &next,
                                           .action = action,
                                           .reward = 0.1 - (double)next,
                                           .truncated = cut});
        life->x = next;
        if (!cut) continue;
        life->elapsed = 0;
        life->x = life->room * (float)(++life->episode * 3 % 10) / 10.0f;
    }
}

#endif
