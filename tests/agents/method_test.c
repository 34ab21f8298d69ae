#include "agents/method.h"

#include <math.h>
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "agents/dqn.h"
#include "agents/methods.h"
#include "suite/core/mem.h"
#include "tests/support/corridor.h"
#include "tests/support/folder.h"

enum { BUDGET = 1000, HEARD = 64 };

static DqnSettings settings;

static void setup(void)
{
    corridor_settings(&settings);
    test_folder_make();
}

TestSuite(method, .init = setup, .fini = test_folder_remove);

// what is seen in a room in training
static float room_features[ROOMS], room_coords[1];

static const Sight *sight_of(int room)
{
    static Sight sight;
    corridor_features(room, room_features);
    room_coords[0] = (float)room;
    sight = (Sight){
        .features = room_features, .coords = room_coords, .elapsed = 2, .training = true};
    return &sight;
}

// -- a method that acts

typedef struct Actor {
    bool acts;
    int action;           // what guide() says
    float added[ACTIONS]; // what blend() adds
    int guided, blended;  // calls
    Sight seen;           // the last
    float heard[ACTIONS]; // values of the last blend, before it
} Actor;

static int acts_asked; // of all actors

static bool actor_acts(const void *state)
{
    const Actor *a = state;
    acts_asked++;
    return a->acts;
}

static int actor_guide(void *state, const Sight *sight)
{
    Actor *a = state;
    a->guided++;
    a->seen = *sight;
    return a->action;
}

static void actor_blend(void *state, const Sight *sight, float *q)
{
    Actor *a = state;
    a->blended++;
    a->seen = *sight;
    memcpy(a->heard, q, sizeof a->heard);
    for (int i = 0; i < ACTIONS; i++)
        q[i] += a->added[i];
}

static const Method guides = {.name = "guides", .acts = actor_acts, .guide = actor_guide};
static const Method blends = {.name = "blends", .acts = actor_acts, .blend = actor_blend};
static const Method both = {
    .name = "both", .acts = actor_acts, .guide = actor_guide, .blend = actor_blend};

Test(method, guides_in_the_agents_place_and_draws_no_exploration)
{
    Actor actor = {.acts = true};
    settings.epsilon_full = settings.epsilon_end = 1.0;
    Agent *agent = corridor_agent(&settings, &guides, &actor, BUDGET);
    Agent *scratch = corridor_agent(&settings, &method_scratch, NULL, BUDGET);
    for (int i = 0; i < HEARD; i++) {
        actor.action = i % ACTIONS;
        cr_assert(eq(int, agent_act(agent, sight_of(3)), i % ACTIONS));
    }
    cr_assert(eq(int, actor.guided, HEARD));
    cr_assert(actor.seen.training && actor.seen.elapsed == 2);
    cr_assert(actor.seen.features == room_features && actor.seen.coords == room_coords);

    int ones = 0;
    actor.action = -1;
    for (int i = 0; i < HEARD; i++) {
        int action = agent_act(agent, sight_of(3));
        cr_assert(eq(int, action, agent_act(scratch, sight_of(3))), "action %d", i);
        ones += action;
    }
    cr_assert(lt(int, HEARD / 4, ones));
    cr_assert(lt(int, ones, HEARD - HEARD / 4));
    agent_free(agent);
    agent_free(scratch);
}

Test(method, is_deployed_with_its_guide_and_the_network_without)
{
    Actor actor = {.acts = true};
    Agent *agent = corridor_agent(&settings, &guides, &actor, BUDGET);
    cr_assert(agent_acts_otherwise(agent));
    int network = agent_greedy(agent, sight_of(3));
    actor.action = 1 - network;
    cr_assert(eq(int, agent_deployed(agent, sight_of(3)), 1 - network));
    cr_assert(eq(int, agent_greedy(agent, sight_of(3)), network));
    actor.action = -1;
    cr_assert(eq(int, agent_deployed(agent, sight_of(3)), network));
    agent_free(agent);
}

// -- blending

// what a network says of room 3
static void values_of(const Network *net, float q[ACTIONS])
{
    Workspace work;
    cr_assert(eq(int, workspace_init(&work, net, 1, NULL), STATUS_OK));
    memcpy(q, network_forward(net, &work, sight_of(3)->features, 1), ACTIONS * sizeof *q);
    workspace_release(&work);
}

Test(method, blends_what_is_deployed_and_what_is_trained_with)
{
    Actor actor = {.acts = true};
    float q[ACTIONS];
    settings.epsilon_full = settings.epsilon_end = 0.0;
    Agent *agent = corridor_agent(&settings, &blends, &actor, BUDGET);
    int network = agent_greedy(agent, sight_of(3));
    values_of(agent_network(agent), q);
    for (int favoured = 0; favoured < ACTIONS; favoured++) {
        actor.added[favoured] = 10.0f;
        actor.added[1 - favoured] = 0.0f;
        cr_assert(eq(int, agent_act(agent, sight_of(3)), favoured));
        cr_assert(actor.seen.training && actor.seen.elapsed == 2);
        cr_assert(eq(int, agent_deployed(agent, sight_of(3)), favoured));
        cr_assert(eq(int, agent_greedy(agent, sight_of(3)), network));
        for (int a = 0; a < ACTIONS; a++)
            cr_assert(epsilon_eq(flt, actor.heard[a], q[a], 1e-6f));
    }
    cr_assert(eq(int, actor.blended, 2 * ACTIONS));
    agent_free(agent);
}

Test(method, leaves_explored_actions_as_they_are_when_it_blends)
{
    Actor actor = {.acts = true, .added = {0.0f, 100.0f}};
    settings.epsilon_full = settings.epsilon_end = 1.0;
    Agent *agent = corridor_agent(&settings, &blends, &actor, BUDGET);
    Agent *scratch = corridor_agent(&settings, &method_scratch, NULL, BUDGET);
    Walk v = {0}, w = {0};
    corridor_walk(agent, &v, BUDGET);
    corridor_walk(scratch, &w, BUDGET);
    cr_assert(eq(int, actor.blended, 0));
    expect_same_networks(agent, scratch);
    agent_free(agent);
    agent_free(scratch);
}

// the running average is deployed, the network itself is trained with
Test(method, blends_the_average_where_that_is_deployed)
{
    Actor actor = {.acts = true};
    float q[ACTIONS];
    settings.average = 0.01;
    Agent *agent = corridor_agent(&settings, &blends, &actor, BUDGET);
    Walk w = {0};
    corridor_walk(agent, &w, 200);
    values_of(agent_network(agent), q);
    (void)agent_deployed(agent, sight_of(3));
    cr_assert(epsilon_eq(flt, actor.heard[1], q[1], 1e-6f));
    actor.blended = 0;
    while (actor.blended == 0) // until it does not explore
        (void)agent_act(agent, sight_of(3));
    cr_assert(lt(flt, 1e-3f, fabsf(actor.heard[1] - q[1])));
    agent_free(agent);
}

Test(method, asks_the_guide_first_and_blends_where_it_leaves_the_choice)
{
    Actor actor = {.acts = true, .action = 0, .added = {0.0f, 10.0f}};
    settings.epsilon_full = settings.epsilon_end = 0.0;
    Agent *agent = corridor_agent(&settings, &both, &actor, BUDGET);
    cr_assert(eq(int, agent_act(agent, sight_of(3)), 0));
    cr_assert(eq(int, agent_deployed(agent, sight_of(3)), 0));
    cr_assert(eq(int, actor.blended, 0));
    actor.action = -1;
    cr_assert(eq(int, agent_act(agent, sight_of(3)), 1));
    cr_assert(eq(int, agent_deployed(agent, sight_of(3)), 1));
    cr_assert(eq(int, actor.blended, 2));
    agent_free(agent);
}

Test(method, that_does_not_act_is_never_asked_to)
{
    Actor actor = {.acts = false, .action = 1, .added = {0.0f, 100.0f}};
    Agent *agent = corridor_agent(&settings, &both, &actor, BUDGET);
    Agent *scratch = corridor_agent(&settings, &method_scratch, NULL, BUDGET);
    Walk v = {0}, w = {0};
    corridor_walk(agent, &v, BUDGET);
    corridor_walk(scratch, &w, BUDGET);
    for (int room = 0; room < ROOMS; room++)
        cr_assert(eq(int, agent_deployed(agent, sight_of(room)),
                     agent_greedy(scratch, sight_of(room))));
    expect_same_networks(agent, scratch);
    cr_assert(not(agent_acts_otherwise(agent)));
    cr_assert(eq(int, acts_asked, 1));
    cr_assert(eq(int, actor.guided, 0));
    cr_assert(eq(int, actor.blended, 0));
    agent_free(agent);
    agent_free(scratch);
}

// -- explaining

static int explained;

static void actor_explain(void *state, const Sight *sight, Explanation *out)
{
    const Actor *a = state;
    explained++;
    *out = (Explanation){.prior = a->added, .answers = true, .own = 0.25};
    cr_assert(not(sight->training));
}

// room 3, seen in an evaluation
static const Sight *judged_sight(void)
{
    static Sight sight;
    sight = *sight_of(3);
    sight.training = false;
    return &sight;
}

Test(method, is_explained_with_the_networks_values_and_what_it_makes_of_them)
{
    Method explains = both;
    explains.explain = actor_explain;
    Actor actor = {.acts = true, .action = -1, .added = {3.0f, -4.0f}};
    Agent *agent = corridor_agent(&settings, &explains, &actor, BUDGET);
    float q[ACTIONS];
    values_of(agent_network(agent), q);
    Decision made = agent_explain(agent, judged_sight());
    cr_assert(eq(int, made.action, 0));
    cr_assert(not(made.guided));
    cr_assert(memcmp(made.network, q, sizeof q) == 0);
    for (int a = 0; a < ACTIONS; a++)
        cr_assert(eq(flt, made.blended[a], q[a] + actor.added[a]));
    cr_assert(made.method.prior == actor.added && made.method.answers);
    cr_assert(eq(dbl, made.method.own, 0.25));

    actor.action = 1; // the guide's word, whatever the values say
    made = agent_explain(agent, judged_sight());
    cr_assert(eq(int, made.action, 1));
    cr_assert(made.guided);
    cr_assert(eq(flt, made.blended[0], q[0] + 3.0f));
    agent_free(agent);
}

Test(method, that_does_not_act_is_not_asked_to_explain)
{
    Method explains = both;
    explains.explain = actor_explain;
    Actor actor = {.action = 1, .added = {3.0f, -4.0f}};
    Agent *agent = corridor_agent(&settings, &explains, &actor, BUDGET);
    Decision made = agent_explain(agent, judged_sight());
    cr_assert(eq(int, made.action, agent_greedy(agent, judged_sight())));
    cr_assert(not(made.guided));
    cr_assert(made.blended == made.network && made.method.prior == NULL);
    cr_assert(eq(int, explained, 0));
    agent_free(agent);
}

Test(method, without_hooks_is_deployed_as_its_network)
{
    Agent *agent = corridor_agent(&settings, &method_scratch, NULL, BUDGET);
    Walk w = {0};
    corridor_walk(agent, &w, 300);
    cr_assert(not(agent_acts_otherwise(agent)));
    for (int room = 0; room < ROOMS; room++)
        cr_assert(eq(int, agent_deployed(agent, sight_of(room)),
                     agent_greedy(agent, sight_of(room))));
    agent_free(agent);
}

// -- a method that tags states and next states

typedef struct Clerk {
    bool next;   // also next states
    bool alone;  // and they alone
    int written; // tags
    int rows;    // checked in batches
} Clerk;

// the room by features and by coordinates, and the number of the call
typedef struct Note {
    double room, coord;
    int call;
} Note;

static TagShape clerk_shape(const void *state)
{
    const Clerk *c = state;
    return (TagShape){sizeof(Note), !c->alone, c->next};
}

static void clerk_tag(void *state, const float *features, const float *coords, void *tag)
{
    Clerk *c = state;
    *(Note *)tag = (Note){corridor_room(features), (double)coords[0], c->written++};
}

static void expect_note(const void *tag, const float *features)
{
    const Note *note = tag;
    cr_assert(eq(dbl, note->room, corridor_room(features)));
    cr_assert(eq(dbl, note->coord, corridor_room(features)));
}

static void clerk_observe(void *state, const Transition *t)
{
    Clerk *c = state;
    expect_note(t->tag, t->obs);
    if (!c->next) {
        cr_assert(t->next_tag == NULL);
        return;
    }
    expect_note(t->next_tag, t->next_obs);
    cr_assert(eq(int, ((const Note *)t->next_tag)->call, c->written - 1)); // the newest
}

static bool clerk_gradient(void *state, const Batch *batch, const float *q, float *dq)
{
    Clerk *c = state;
    (void)q;
    (void)dq;
    for (int b = 0; b < batch->size; b++, c->rows++) {
        if (!c->alone) expect_note(batch->tag[b], batch->obs + (size_t)b * ROOMS);
        if (c->next) expect_note(batch->next_tag[b], batch->next_obs + (size_t)b * ROOMS);
    }
    return false;
}

static const Method clerks = {.name = "clerks",
                              .tag_shape = clerk_shape,
                              .tag = clerk_tag,
                              .observe = clerk_observe,
                              .batch_gradient = clerk_gradient};

static void expect_each_state_once(Clerk clerk)
{
    settings.replay = 300; // overwritten with their rows
    Agent *agent = corridor_agent(&settings, &clerks, &clerk, BUDGET);
    Walk w = {0};
    int64_t taken = mem_count();
    int begun = 0;
    for (int i = 0; i < BUDGET; i++) {
        begun += w.elapsed == 0;
        corridor_walk(agent, &w, 1);
        cr_assert(eq(int, clerk.written, i + 1 + begun), "step %d", i);
    }
    cr_assert(eq(long, (long)mem_count(), (long)taken));
    cr_assert(lt(int, 100, begun));
    cr_assert(lt(int, 10000, clerk.rows));
    agent_free(agent);
}

Test(method, tags_each_state_once_while_an_episode_goes_on)
{
    expect_each_state_once((Clerk){.next = true});
}

Test(method, tags_the_states_of_steps_also_where_only_tags_of_next_states_are_kept)
{
    expect_each_state_once((Clerk){.next = true, .alone = true});
}

Test(method, tags_states_before_the_action_only_unless_it_asks_for_more)
{
    Clerk clerk = {.next = false};
    Agent *agent = corridor_agent(&settings, &clerks, &clerk, BUDGET);
    Walk w = {0};
    corridor_walk(agent, &w, 500);
    cr_assert(eq(int, clerk.written, 500));
    cr_assert(lt(int, 10000, clerk.rows));
    agent_free(agent);
}

Test(method, tags_anew_after_an_episode_that_was_abandoned)
{
    Clerk clerk = {.next = true};
    Agent *agent = corridor_agent(&settings, &clerks, &clerk, BUDGET);
    Walk w = {0};
    corridor_walk(agent, &w, 2);
    cr_assert(eq(int, clerk.written, 3));
    agent_abandon_episode(agent);
    w = (Walk){.room = 4}; // whose tag is not that of where the last step led
    corridor_walk(agent, &w, 1);
    cr_assert(eq(int, clerk.written, 5));
    agent_free(agent);
}

static void restore(Agent *agent, const char *path)
{
    Archive *archive;
    cr_assert(eq(int, archive_open(&archive, path, "test", 1, NULL), STATUS_OK));
    agent_archive(agent, archive);
    cr_assert(eq(int, archive_close(archive, NULL), STATUS_OK));
}

Test(method, goes_on_from_an_archive_with_tags_of_next_states)
{
    Clerk clerk = {.next = true}, again = {.next = true};
    Agent *part = corridor_agent(&settings, &clerks, &clerk, BUDGET);
    Agent *rest = corridor_agent(&settings, &clerks, &again, BUDGET);
    const char *path = test_path("state");
    Walk w = {0}, v = {0};
    corridor_walk(part, &w, 300);
    while (w.elapsed < 2) // in the middle of an episode
        corridor_walk(part, &w, 1);
    while (v.elapsed < 2 || v.room == w.room) // knowing the tag of another state
        corridor_walk(rest, &v, 1);
    Archive *archive;
    cr_assert(eq(int, archive_create(&archive, path, "test", 1, NULL), STATUS_OK));
    agent_archive(part, archive);
    cr_assert(eq(int, archive_close(archive, NULL), STATUS_OK));
    restore(rest, path);
    v = w;
    corridor_walk(part, &w, 300);
    corridor_walk(rest, &v, 300);
    expect_same_networks(part, rest);
    agent_free(part);
    agent_free(rest);
}

// -- a method that changes what targets are made of, and sees the errors that come of it

typedef struct Valuer {
    const Network *network; // set: compare with what it says of the next states
    bool writes;            // set: the values below
    float online[ACTIONS], target[ACTIONS];
    int rows; // to rehearse
    int called;
    float dq[ACTIONS]; // of the first row
    int action;        // of that row
} Valuer;

static Status valuer_prepare(void *state, Network *network, Error *err)
{
    (void)err;
    if (((Valuer *)state)->writes)
        memset(network->params, 0, (size_t)network->param_count * sizeof(float));
    return STATUS_OK;
}

static void valuer_blend(void *state, Batch *batch, float *q_online, float *q_target)
{
    Valuer *v = state;
    v->called++;
    cr_assert(eq(int, batch->size, settings.batch));
    Workspace work;
    if (v->network) { // the first update: both networks are this one
        cr_assert(eq(int, workspace_init(&work, v->network, batch->size, NULL), STATUS_OK));
        const float *q = network_forward(v->network, &work, batch->next_obs, batch->size);
        for (int i = 0; i < batch->size * ACTIONS; i++)
            cr_assert(fabsf(q_online[i] - q[i]) < 1e-5f && fabsf(q_target[i] - q[i]) < 1e-5f,
                      "value %d", i);
        workspace_release(&work);
        v->network = NULL;
    }
    for (int b = 0; v->writes && b < batch->size; b++) {
        memcpy(q_online + (size_t)b * ACTIONS, v->online, sizeof v->online);
        memcpy(q_target + (size_t)b * ACTIONS, v->target, sizeof v->target);
    }
}

static bool valuer_gradient(void *state, const Batch *batch, const float *q, float *dq)
{
    Valuer *v = state;
    (void)q;
    memcpy(v->dq, dq, sizeof v->dq);
    v->action = batch->action[0];
    return false;
}

static int valuer_rehearse(void *state, float *features, int rows)
{
    const Valuer *v = state;
    (void)rows;
    for (int i = 0; i < v->rows; i++)
        corridor_features(i % ROOMS, features + (size_t)i * ROOMS);
    return v->rows;
}

static void valuer_rehearsed(void *state, const float *q, float *dq)
{
    (void)q;
    memset(dq, 0, (size_t)((const Valuer *)state)->rows * ACTIONS * sizeof *dq);
}

static const Method values = {.name = "values",
                              .prepare = valuer_prepare,
                              .blend_next = valuer_blend,
                              .batch_gradient = valuer_gradient,
                              .rehearse = valuer_rehearse,
                              .rehearse_gradient = valuer_rehearsed};

// the error of one update of a network of zeros, whose only transition has reward .25
static double one_error(Valuer *v, bool terminated)
{
    float obs[ROOMS], next[ROOMS];
    corridor_features(1, obs);
    corridor_features(2, next);
    settings.batch = 4;
    settings.huber = 1e6;
    settings.n_step = 1;
    Agent *agent = corridor_agent(&settings, &values, v, BUDGET);
    cr_assert(eq(int, agent_prepare(agent, NULL), STATUS_OK));
    agent_observe(agent, &(Transition){.obs = obs,
                                       .next_obs = next,
                                       .reward = 0.25,
                                       .action = 1,
                                       .terminated = terminated});
    agent_learn(agent);
    agent_free(agent);
    cr_assert(eq(int, v->called, 1));
    cr_assert(eq(int, v->action, 1));
    cr_assert(eq(flt, v->dq[0], 0.0f));
    return (double)v->dq[1] * settings.batch;
}

Test(method, lets_targets_be_made_of_the_values_it_says)
{
    const Valuer says = {.writes = true, .online = {0.0f, 1.0f}, .target = {7.0f, 3.0f}};
    Valuer v = says; // its online values choose, its target values value
    cr_assert(epsilon_eq(dbl, one_error(&v, false), -(0.25 + 0.9 * 3.0), 1e-5));
    v = says;
    cr_assert(epsilon_eq(dbl, one_error(&v, true), -0.25, 1e-6));
    v = says;
    settings.double_q = false;
    cr_assert(epsilon_eq(dbl, one_error(&v, false), -(0.25 + 0.9 * 7.0), 1e-5));
}

Test(method, is_shown_what_both_networks_say_of_the_next_states)
{
    for (int rows = 0; rows < 4; rows += 3) {
        Valuer v = {.rows = rows};
        settings.learning_start = 60;
        Agent *agent = corridor_agent(&settings, &values, &v, BUDGET);
        v.network = agent_network(agent);
        Walk w = {0};
        corridor_walk(agent, &w, 60);
        cr_assert(eq(int, v.called, 1));
        agent_free(agent);
    }
}

Test(method, that_changes_no_value_gives_the_same_bytes)
{
    for (int rows = 0; rows < 4; rows += 3) {
        Valuer v = {.rows = rows}, u = {.rows = rows};
        Method without = values;
        without.blend_next = NULL;
        Agent *a = corridor_agent(&settings, &values, &v, BUDGET);
        Agent *b = corridor_agent(&settings, &without, &u, BUDGET);
        Walk wa = {0}, wb = {0};
        corridor_walk(a, &wa, BUDGET);
        corridor_walk(b, &wb, BUDGET);
        cr_assert(eq(int, v.called, (int)agent_updates(a)));
        cr_assert(eq(int, u.called, 0));
        expect_same_networks(a, b);
        agent_free(a);
        agent_free(b);
    }
}

// -- a method that sets the pace

static double heard[HEARD]; // rates that the schedule said
static int heard_count;

static double paced(const void *state, double rate)
{
    if (heard_count < HEARD) heard[heard_count++] = rate;
    return *(const double *)state * rate;
}

static const Method paces = {.name = "paces", .learning_rate = paced};

Test(method, scales_the_rate_that_the_schedule_says)
{
    double half = 0.5;
    settings.lr_end = 0.05;
    Agent *agent = corridor_agent(&settings, &paces, &half, BUDGET);
    settings.lr /= 2;
    Agent *slower = corridor_agent(&settings, &method_scratch, NULL, BUDGET);
    Walk v = {0}, w = {0};
    corridor_walk(agent, &v, BUDGET);
    corridor_walk(slower, &w, BUDGET);
    expect_same_networks(agent, slower);
    settings.lr *= 2;
    for (int i = 0; i < HEARD; i++)
        cr_assert(
            eq(dbl, heard[i], learning_rate_at(&settings, settings.learning_start + i, BUDGET)),
            "update %d", i);
    agent_free(agent);
    agent_free(slower);
}

Test(method, learns_nothing_at_a_rate_of_zero)
{
    double none = 0.0;
    Agent *agent = corridor_agent(&settings, &paces, &none, BUDGET);
    Agent *fresh = corridor_agent(&settings, &method_scratch, NULL, BUDGET);
    Walk w = {0};
    corridor_walk(agent, &w, 200);
    cr_assert(lt(long, 100L, (long)agent_updates(agent)));
    expect_same_networks(agent, fresh);
    agent_free(agent);
    agent_free(fresh);
}

// -- updates out of time

Test(method, may_have_the_agent_learn_before_it_is_time)
{
    settings.learning_start = BUDGET;
    Agent *agent = corridor_agent(&settings, &method_scratch, NULL, BUDGET);
    Agent *fresh = corridor_agent(&settings, &method_scratch, NULL, BUDGET);
    Walk w = {0};
    corridor_walk(agent, &w, 50);
    cr_assert(eq(long, (long)agent_updates(agent), 0L));
    expect_same_networks(agent, fresh);
    int64_t taken = mem_count();
    for (int i = 0; i < 10; i++)
        agent_learn(agent);
    cr_assert(eq(long, (long)mem_count(), (long)taken));
    cr_assert(eq(long, (long)agent_updates(agent), 10L));
    size_t size = (size_t)agent_network(agent)->param_count * sizeof(float);
    cr_assert(memcmp(agent_network(agent)->params, agent_network(fresh)->params, size) != 0);
    agent_free(agent);
    agent_free(fresh);
}

// -- all hooks at once, none of which does anything

typedef struct Idle {
    Actor actor;
    int tagged, seen;
} Idle;

static bool idle_acts(const void *state)
{
    return ((const Idle *)state)->actor.acts;
}

static int idle_guide(void *state, const Sight *sight)
{
    (void)sight;
    ((Idle *)state)->actor.guided++;
    return -1;
}

static void idle_blend(void *state, const Sight *sight, float *q)
{
    (void)sight;
    (void)q;
    ((Idle *)state)->actor.blended++;
}

static TagShape idle_shape(const void *state)
{
    (void)state;
    return (TagShape){12, true, true};
}

static void idle_tag(void *state, const float *features, const float *coords, void *tag)
{
    (void)features;
    (void)coords;
    memset(tag, 0xff, 12);
    ((Idle *)state)->tagged++;
}

static void idle_observe(void *state, const Transition *t)
{
    (void)t;
    ((Idle *)state)->seen++;
}

static bool idle_gradient(void *state, const Batch *batch, const float *q, float *dq)
{
    (void)state;
    (void)batch;
    (void)q;
    (void)dq;
    return false;
}

static void idle_next(void *state, Batch *batch, float *q_online, float *q_target)
{
    (void)state;
    (void)batch;
    (void)q_online;
    (void)q_target;
}

static double idle_rate(const void *state, double rate)
{
    (void)state;
    return rate;
}

static int rehearse_none(void *state, float *features, int rows)
{
    (void)state;
    (void)features;
    (void)rows;
    return 0;
}

static Status prepare_nothing(void *state, Network *network, Error *err)
{
    (void)state;
    (void)network;
    (void)err;
    return STATUS_OK;
}

static const Method idles = {.name = "idles",
                             .prepare = prepare_nothing,
                             .acts = idle_acts,
                             .guide = idle_guide,
                             .blend = idle_blend,
                             .tag_shape = idle_shape,
                             .tag = idle_tag,
                             .observe = idle_observe,
                             .batch_gradient = idle_gradient,
                             .blend_next = idle_next,
                             .learning_rate = idle_rate,
                             .rehearse = rehearse_none,
                             .rehearse_gradient = valuer_rehearsed};

Test(method, whose_hooks_do_nothing_is_scratch_bit_for_bit)
{
    Idle idle = {.actor = {.acts = true}};
    Agent *agent = corridor_agent(&settings, &idles, &idle, BUDGET);
    Agent *scratch = corridor_agent(&settings, &method_scratch, NULL, BUDGET);
    cr_assert(eq(int, agent_prepare(agent, NULL), STATUS_OK));
    cr_assert(eq(int, agent_prepare(scratch, NULL), STATUS_OK));
    Walk v = {0}, w = {0};
    corridor_walk(agent, &v, BUDGET);
    corridor_walk(scratch, &w, BUDGET);
    expect_same_networks(agent, scratch);
    for (int room = 0; room < ROOMS; room++)
        cr_assert(eq(int, agent_deployed(agent, sight_of(room)),
                     agent_greedy(scratch, sight_of(room))));
    cr_assert(eq(int, idle.actor.guided, BUDGET + ROOMS));
    cr_assert(lt(int, 100, idle.actor.blended));
    cr_assert(eq(int, idle.seen, BUDGET));
    cr_assert(lt(int, BUDGET, idle.tagged));
    agent_free(agent);
    agent_free(scratch);
}
