#include "agents/dqn.h"

#include <math.h>
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "agents/methods.h"
#include "suite/core/mem.h"
#include "tests/support/corridor.h"
#include "tests/support/folder.h"

static DqnSettings settings;

static void setup(void)
{
    corridor_settings(&settings);
    test_folder_make();
}

TestSuite(dqn, .init = setup, .fini = test_folder_remove);

// by value iteration
static void solve(double q[ROOMS][ACTIONS])
{
    memset(q, 0, sizeof(double) * ROOMS * ACTIONS);
    for (int sweep = 0; sweep < 1000; sweep++)
        for (int s = 0; s < ROOMS; s++)
            for (int a = 0; a < ACTIONS; a++) {
                int next = corridor_move(s, a);
                double best = next == ROOMS ? 0.0 : fmax(q[next][0], q[next][1]);
                q[s][a] = corridor_reward(next) + CORRIDOR_DISCOUNT * best;
            }
}

static Agent *make_agent(const Method *method, int64_t budget)
{
    return corridor_agent(&settings, method, NULL, budget);
}

static void expect_solved(Agent *agent)
{
    double q[ROOMS][ACTIONS];
    Workspace work;
    float features[ROOMS];
    solve(q);
    cr_assert(eq(int, workspace_init(&work, agent_network(agent), 1, NULL), STATUS_OK));
    for (int s = 0; s < ROOMS; s++) {
        corridor_features(s, features);
        const float *learned = network_forward(agent_network(agent), &work, features, 1);
        for (int a = 0; a < ACTIONS; a++)
            cr_assert(epsilon_eq(dbl, (double)learned[a], q[s][a], 0.05),
                      "room %d, action %d: %g, not %g", s, a, (double)learned[a], q[s][a]);
    }
    workspace_release(&work);
}

static void learn_with_one_step_returns(void)
{
    settings.n_step = 1;
    settings.lr_end = 0.05;
    Agent *agent = make_agent(&method_scratch, 12000);
    Walk w = {0};
    corridor_walk(agent, &w, 12000);
    expect_solved(agent);
    agent_free(agent);
}

Test(dqn, learns_the_values_of_a_corridor_with_one_step_returns)
{
    learn_with_one_step_returns();
}

Test(dqn, learns_them_without_double_q_too)
{
    settings.double_q = false;
    learn_with_one_step_returns();
}

// n-step returns are those of the policy that acted, so exploration must have ended
Test(dqn, learns_the_best_path_with_three_step_returns)
{
    settings.epsilon_end = 0.0;
    Agent *agent = make_agent(&method_scratch, 8000);
    Walk w = {0};
    corridor_walk(agent, &w, 8000);
    for (int s = 0; s < ROOMS; s++) {
        float features[ROOMS];
        corridor_features(s, features);
        cr_assert(eq(int, agent_greedy(agent, &(Sight){.features = features}), 1), "room %d",
                  s);
    }
    agent_free(agent);
}

Test(dqn, is_the_same_twice_to_the_last_bit)
{
    Agent *a = make_agent(&method_scratch, 1000), *b = make_agent(&method_scratch, 1000);
    Walk wa = {0}, wb = {0};
    corridor_walk(a, &wa, 1000);
    corridor_walk(b, &wb, 1000);
    expect_same_networks(a, b);
    agent_free(a);
    agent_free(b);
}

Test(dqn, goes_on_from_an_archive_to_the_last_bit)
{
    Agent *whole = make_agent(&method_scratch, 1000), *part = make_agent(&method_scratch, 1000);
    Agent *rest = make_agent(&method_scratch, 1000);
    Walk w = {0}, v = {0};
    const char *path = test_path("state");
    corridor_walk(whole, &w, 1000);
    corridor_walk(part, &v, 501);

    Archive *archive;
    cr_assert(eq(int, archive_create(&archive, path, "test", 1, NULL), STATUS_OK));
    agent_archive(part, archive);
    cr_assert(eq(int, archive_close(archive, NULL), STATUS_OK));
    cr_assert(eq(int, archive_open(&archive, path, "test", 1, NULL), STATUS_OK));
    agent_archive(rest, archive);
    cr_assert(eq(int, archive_close(archive, NULL), STATUS_OK));
    corridor_walk(rest, &v, 499);

    size_t size = (size_t)agent_network(whole)->param_count * sizeof(float);
    cr_assert(memcmp(agent_network(whole)->params, agent_network(rest)->params, size) == 0);
    cr_assert(memcmp(agent_network(whole)->params, agent_network(part)->params, size) != 0);
    agent_free(whole);
    agent_free(part);
    agent_free(rest);
}

// -- a running average of the weights

Test(dqn, the_average_is_that_of_the_weights_after_each_update)
{
    enum { UPDATES = 40 };
    settings.learning_start = 10;
    Agent *plain = make_agent(&method_scratch, 1000);
    settings.average = 0.3;
    Agent *averaged = make_agent(&method_scratch, 1000);
    Walk v = {0}, w = {0};
    corridor_walk(plain, &v, 9);
    corridor_walk(averaged, &w, 9);
    expect_same_networks(plain, averaged); // no update yet

    size_t count = (size_t)agent_network(plain)->param_count;
    double *expected = mem_array(count, sizeof *expected);
    for (size_t i = 0; i < count; i++)
        expected[i] = (double)agent_network(plain)->params[i];
    for (int t = 0; t < UPDATES; t++) {
        corridor_walk(plain, &v, 1);
        corridor_walk(averaged, &w, 1);
        for (size_t i = 0; i < count; i++) {
            double weight = (double)agent_network(plain)->params[i];
            expected[i] += 0.3 * (weight - expected[i]);
            cr_assert(
                epsilon_eq(dbl, (double)agent_network(averaged)->params[i], expected[i], 1e-5),
                "weight %zu after update %d", i, t);
        }
    }
    // it changes what is deployed, not what is learned
    cr_assert(eq(int, v.room, w.room));
    mem_free(expected);
    agent_free(plain);
    agent_free(averaged);
}

Test(dqn, the_average_goes_on_from_an_archive)
{
    settings.average = 0.05;
    Agent *part = make_agent(&method_scratch, 1000), *rest = make_agent(&method_scratch, 1000);
    Walk w = {0};
    const char *path = test_path("state");
    corridor_walk(part, &w, 400);
    Archive *archive;
    cr_assert(eq(int, archive_create(&archive, path, "test", 1, NULL), STATUS_OK));
    agent_archive(part, archive);
    cr_assert(eq(int, archive_close(archive, NULL), STATUS_OK));
    cr_assert(eq(int, archive_open(&archive, path, "test", 1, NULL), STATUS_OK));
    agent_archive(rest, archive);
    cr_assert(eq(int, archive_close(archive, NULL), STATUS_OK));

    expect_same_networks(part, rest);
    Walk v = w;
    corridor_walk(part, &w, 100);
    corridor_walk(rest, &v, 100);
    expect_same_networks(part, rest);
    agent_free(part);
    agent_free(rest);
}

Test(dqn, deploys_a_network_that_it_adopts)
{
    for (int average = 0; average < 2; average++) {
        settings.average = 0.01 * average;
        Agent *agent = make_agent(&method_scratch, 1000), *other;
        Walk walk = {0};
        other = make_agent(&method_scratch, 1000);
        corridor_walk(other, &walk, 500);
        agent_adopt(agent, agent_network(other));
        expect_same_networks(agent, other);
        agent_free(agent);
        agent_free(other);
    }
}

Test(dqn, takes_no_memory_while_it_learns)
{
    Agent *agent = make_agent(&method_scratch, 2000);
    Walk w = {0};
    corridor_walk(agent, &w, 100);
    int64_t before = mem_count();
    corridor_walk(agent, &w, 1000);
    cr_assert(eq(int, (int)(mem_count() - before), 0));
    cr_assert(lt(int, 900, (int)agent_updates(agent)));
    agent_free(agent);
}

Test(dqn, waits_for_the_learning_start_and_trains_every_so_often)
{
    settings.learning_start = 100;
    settings.train_every = 4;
    Agent *agent = make_agent(&method_scratch, 1000);
    Walk w = {0};
    corridor_walk(agent, &w, 99);
    cr_assert(eq(int, (int)agent_updates(agent), 0));
    corridor_walk(agent, &w, 1);
    cr_assert(eq(int, (int)agent_updates(agent), 1));
    corridor_walk(agent, &w, 40);
    cr_assert(eq(int, (int)agent_updates(agent), 11));
    agent_free(agent);
}

Test(dqn, lets_epsilon_fall_to_its_end_and_stay_there)
{
    settings.epsilon_fraction = 0.2;
    settings.epsilon_end = 0.05;
    cr_assert(epsilon_eq(dbl, epsilon_at(&settings, 0, 1000), 1.0, 1e-12));
    cr_assert(epsilon_eq(dbl, epsilon_at(&settings, 100, 1000), 0.525, 1e-12));
    cr_assert(epsilon_eq(dbl, epsilon_at(&settings, 200, 1000), 0.05, 1e-12));
    cr_assert(epsilon_eq(dbl, epsilon_at(&settings, 999, 1000), 0.05, 1e-12));
    settings.explore = EXPLORE_LOW;
    cr_assert(epsilon_eq(dbl, epsilon_at(&settings, 0, 1000), 0.1, 1e-12));
    settings.epsilon_fraction = 0.0;
    cr_assert(epsilon_eq(dbl, epsilon_at(&settings, 0, 1000), 0.05, 1e-12));
}

Test(dqn, lets_the_learning_rate_fall_to_its_share)
{
    settings.lr = 2e-3;
    settings.lr_end = 0.05;
    cr_assert(epsilon_eq(dbl, learning_rate_at(&settings, 0, 1000), 2e-3, 1e-15));
    cr_assert(epsilon_eq(dbl, learning_rate_at(&settings, 500, 1000), 1.05e-3, 1e-15));
    cr_assert(epsilon_eq(dbl, learning_rate_at(&settings, 1000, 1000), 1e-4, 1e-15));
}

// -- hooks: a method that rehearses one room's values and counts its calls

typedef struct Probe {
    int seen, asked;
} Probe;

static void probe_observe(void *state, const Transition *t)
{
    (void)t;
    ((Probe *)state)->seen++;
}

static int probe_rehearse(void *state, float *features, int rows)
{
    ((Probe *)state)->asked++;
    (void)rows;
    corridor_features(2, features);
    return 1;
}

// pulls both values of room 2 towards 5
static void probe_gradient(void *state, const float *q, float *dq)
{
    (void)state;
    for (int a = 0; a < ACTIONS; a++)
        dq[a] = 10.0f * (q[a] - 5.0f);
}

Test(dqn, learns_from_rows_that_a_method_rehearses)
{
    const Method method = {.name = "probe",
                           .observe = probe_observe,
                           .rehearse = probe_rehearse,
                           .rehearse_gradient = probe_gradient};
    Probe probe = {0};
    Agent *agent = corridor_agent(&settings, &method, &probe, 3000);
    Walk w = {0};
    corridor_walk(agent, &w, 3000);

    Workspace work;
    float features[ROOMS];
    corridor_features(2, features);
    cr_assert(eq(int, workspace_init(&work, agent_network(agent), 1, NULL), STATUS_OK));
    const float *q = network_forward(agent_network(agent), &work, features, 1);
    cr_assert(epsilon_eq(flt, q[0], 5.0f, 0.5f));
    cr_assert(epsilon_eq(flt, q[1], 5.0f, 0.5f));
    cr_assert(eq(int, probe.seen, 3000));
    cr_assert(eq(int, probe.asked, (int)agent_updates(agent)));
    workspace_release(&work);
    agent_free(agent);
}

static int rehearse_nothing(void *state, float *features, int rows)
{
    (void)state;
    (void)features;
    (void)rows;
    return 0;
}

Test(dqn, is_scratch_bit_for_bit_when_the_hooks_do_nothing)
{
    const Method idle = {
        .name = "idle", .rehearse = rehearse_nothing, .rehearse_gradient = probe_gradient};
    Agent *a = make_agent(&method_scratch, 1000), *b = make_agent(&idle, 1000);
    Walk wa = {0}, wb = {0};
    corridor_walk(a, &wa, 1000);
    corridor_walk(b, &wb, 1000);
    expect_same_networks(a, b);
    agent_free(a);
    agent_free(b);
}

// -- hooks: a method that tags every step with its room and pulls the sampled rows by the tag

typedef struct Tagger {
    int tagged, seen, asked;
    float strength; // of the pull towards 5 in room 2; 0: adds nothing
} Tagger;

static TagShape tagger_shape(const void *state)
{
    (void)state;
    return (TagShape){.size = sizeof(int32_t), .obs = true};
}

static void tagger_tag(void *state, const float *features, const float *coords, void *tag)
{
    Tagger *tagger = state;
    int32_t room = corridor_room(features);
    (void)coords;
    memcpy(tag, &room, sizeof room);
    cr_assert(eq(int, tagger->tagged++, tagger->seen));
}

static void tagger_observe(void *state, const Transition *t)
{
    int32_t room;
    memcpy(&room, t->tag, sizeof room);
    cr_assert(eq(int, room, corridor_room(t->obs)));
    ((Tagger *)state)->seen++;
}

static bool tagger_gradient(void *state, const Batch *batch, const float *q, float *dq)
{
    Tagger *tagger = state;
    tagger->asked++;
    cr_assert(eq(int, batch->size, settings.batch));
    for (int b = 0; b < batch->size; b++) {
        int32_t room;
        memcpy(&room, batch->tag[b], sizeof room);
        cr_assert(eq(int, room, corridor_room(batch->obs + b * ROOMS)), "row %d", b);
        // the error of the action taken, a mean over the batch, is there already
        cr_assert(le(flt, fabsf(dq[b * ACTIONS + batch->action[b]]),
                     (float)settings.huber / (float)settings.batch));
        cr_assert(eq(flt, dq[b * ACTIONS + 1 - batch->action[b]], 0.0f));
        for (int a = 0; a < ACTIONS && room == 2; a++)
            dq[b * ACTIONS + a] +=
                tagger->strength * (q[b * ACTIONS + a] - 5.0f) / (float)batch->size;
    }
    return tagger->strength != 0.0f;
}

static const Method method_tagger = {.name = "tagger",
                                     .tag_shape = tagger_shape,
                                     .tag = tagger_tag,
                                     .observe = tagger_observe,
                                     .batch_gradient = tagger_gradient};

static Agent *make_tagger(Tagger *tagger)
{
    return corridor_agent(&settings, &method_tagger, tagger, 1000);
}

Test(dqn, learns_from_what_a_method_adds_to_the_sampled_rows)
{
    Tagger tagger = {.strength = 100.0f};
    settings.replay = 300; // tags are overwritten with their rows
    Agent *agent = make_tagger(&tagger);
    Walk w = {0};
    int64_t before = mem_count();
    corridor_walk(agent, &w, 1000);
    cr_assert(eq(int, (int)(mem_count() - before), 0));
    cr_assert(eq(int, tagger.tagged, 1000));
    cr_assert(eq(int, tagger.seen, 1000));
    cr_assert(eq(int, tagger.asked, (int)agent_updates(agent)));

    Workspace work;
    float features[ROOMS];
    corridor_features(2, features);
    cr_assert(eq(int, workspace_init(&work, agent_network(agent), 1, NULL), STATUS_OK));
    const float *q = network_forward(agent_network(agent), &work, features, 1);
    cr_assert(epsilon_eq(flt, q[0], 5.0f, 0.5f));
    cr_assert(epsilon_eq(flt, q[1], 5.0f, 0.5f));
    workspace_release(&work);
    agent_free(agent);
}

Test(dqn, is_scratch_bit_for_bit_when_a_method_adds_nothing_to_the_batch)
{
    Tagger tagger = {.strength = 0.0f};
    Agent *a = make_agent(&method_scratch, 1000), *b = make_tagger(&tagger);
    Walk wa = {0}, wb = {0};
    corridor_walk(a, &wa, 1000);
    corridor_walk(b, &wb, 1000);
    cr_assert(lt(int, 900, tagger.asked));
    expect_same_networks(a, b);
    agent_free(a);
    agent_free(b);
}

Test(dqn, goes_on_from_an_archive_with_tags_to_the_last_bit)
{
    Tagger tagger = {.strength = 1.0f};
    settings.replay = 300;
    Agent *part = make_tagger(&tagger);
    Walk w = {0};
    const char *path = test_path("state");
    corridor_walk(part, &w, 500);
    while (w.elapsed < 2) // in the middle of an episode, with steps pending
        corridor_walk(part, &w, 1);
    Archive *archive;
    cr_assert(eq(int, archive_create(&archive, path, "test", 1, NULL), STATUS_OK));
    agent_archive(part, archive);
    cr_assert(eq(int, archive_close(archive, NULL), STATUS_OK));
    Tagger again = tagger;
    Agent *rest = make_tagger(&again);
    cr_assert(eq(int, archive_open(&archive, path, "test", 1, NULL), STATUS_OK));
    agent_archive(rest, archive);
    cr_assert(eq(int, archive_close(archive, NULL), STATUS_OK));

    Walk v = w;
    corridor_walk(part, &w, 400);
    corridor_walk(rest, &v, 400);
    expect_same_networks(part, rest);
    agent_free(part);
    agent_free(rest);
}

Test(dqn, says_when_there_is_no_memory)
{
    AgentSpec spec = {.settings = &settings,
                      .feature_dim = ROOMS,
                      .action_count = ACTIONS,
                      .budget = 10,
                      .method = &method_scratch};
    Status status = STATUS_NOMEM;
    int fail = 0;
    for (; status != STATUS_OK; fail++) {
        Agent *agent = (Agent *)0x1;
        mem_fail_at(fail);
        status = agent_new(&agent, &spec, NULL);
        mem_fail_at(-1);
        if (status == STATUS_OK)
            agent_free(agent);
        else
            cr_assert(status == STATUS_NOMEM && !agent, "failing request %d", fail);
    }
    cr_assert(lt(int, 20, fail));
}

Test(td_target, lets_the_online_network_choose_and_the_target_network_value)
{
    const float online[] = {1.0f, 5.0f, 2.0f}, target[] = {10.0f, 20.0f, 30.0f};
    cr_assert(eq(flt, td_target(1.0f, 0.5f, online, target, 3), 11.0f));
    cr_assert(eq(flt, td_target(1.0f, 0.5f, NULL, target, 3), 16.0f));
    cr_assert(eq(flt, td_target(1.0f, 0.0f, online, target, 3), 1.0f));
}

// of two actions, half of the explored ones are the greedy one
Test(dqn, explores_as_often_as_epsilon_says)
{
    static const double epsilons[] = {0.0, 0.3, 1.0};
    for (int e = 0; e < 3; e++) {
        settings.epsilon_full = epsilons[e];
        Agent *agent = make_agent(&method_scratch, 1000);
        float features[ROOMS];
        corridor_features(1, features);
        int greedy = agent_greedy(agent, &(Sight){.features = features}), other = 0;
        for (int i = 0; i < 4000; i++)
            other += agent_act(agent, &(Sight){.features = features}) != greedy;
        cr_assert(epsilon_eq(dbl, other / 4000.0, epsilons[e] / 2, 0.03), "epsilon %g",
                  epsilons[e]);
        agent_free(agent);
    }
}
