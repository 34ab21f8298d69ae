#include "tests/support/corridor.h"

#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

void corridor_settings(DqnSettings *settings)
{
    param_defaults(dqn_params, dqn_param_count, settings);
    settings->gamma = CORRIDOR_DISCOUNT;
    settings->hidden = 32;
    settings->replay = 2000;
    settings->learning_start = 64;
    settings->explore = EXPLORE_FULL;
    settings->epsilon_end = 0.3;
}

void corridor_features(int room, float *features)
{
    for (int i = 0; i < ROOMS; i++)
        features[i] = i == room ? 1.0f : 0.0f;
}

int corridor_room(const float *features)
{
    int room = 0;
    while (room < ROOMS && features[room] != 1.0f)
        room++;
    return room;
}

int corridor_move(int room, int action)
{
    if (action == 1) return room + 1;
    return room > 0 ? room - 1 : 0;
}

double corridor_reward(int next)
{
    return next == ROOMS ? 1.0 : -0.1;
}

Agent *corridor_agent(const DqnSettings *settings, const Method *method, void *state,
                      int64_t budget)
{
    Agent *agent;
    AgentSpec spec = {.settings = settings,
                      .feature_dim = ROOMS,
                      .action_count = ACTIONS,
                      .budget = budget,
                      .key = 11,
                      .method = method,
                      .method_state = state};
    Error err = {0};
    cr_assert(eq(int, agent_new(&agent, &spec, &err), STATUS_OK), "%s", err.message);
    return agent;
}

static void step(Agent *agent, Walk *w)
{
    float before[ROOMS], after[ROOMS];
    const float coords[] = {(float)w->room};
    corridor_features(w->room, before);
    int action = agent_act(agent, &(Sight){.features = before,
                                           .coords = coords,
                                           .elapsed = w->elapsed,
                                           .training = true});
    int next = corridor_move(w->room, action);
    const float next_coords[] = {(float)next};
    corridor_features(next, after);
    w->elapsed++;
    Transition made = {.obs = before,
                       .coords = coords,
                       .next_obs = after,
                       .next_coords = next_coords,
                       .reward = corridor_reward(next),
                       .action = action,
                       .terminated = next == ROOMS,
                       .truncated = next != ROOMS && w->elapsed == LIMIT};
    agent_observe(agent, &made);
    w->room = next;
    if (made.terminated || made.truncated)
        *w = (Walk){.room = (w->episode + 1) % ROOMS, .episode = w->episode + 1};
}

void corridor_walk(Agent *agent, Walk *walk, int steps)
{
    for (int i = 0; i < steps; i++)
        step(agent, walk);
}

void expect_same_networks(const Agent *a, const Agent *b)
{
    size_t size = (size_t)agent_network(a)->param_count * sizeof(float);
    cr_assert(memcmp(agent_network(a)->params, agent_network(b)->params, size) == 0);
}
