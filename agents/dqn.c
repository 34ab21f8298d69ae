#include "agents/dqn.h"

#include <string.h>

#include "agents/adam.h"
#include "suite/core/check.h"
#include "suite/core/mem.h"

enum { REHEARSAL_ROWS = 256 }; // most rows a method can ask to rehearse per update

#define AT(field) offsetof(DqnSettings, field)

// a setting reads better in two or three lines than in nine
// clang-format off
const ParamRow dqn_params[] = {
    {.name = "agent.hidden", .kind = PARAM_INT, .offset = AT(hidden), .def = 64, .lo = 1,
     .hi = 4096, .shared = true,
     .help = "units of each hidden layer"},
    {.name = "agent.layers", .kind = PARAM_INT, .offset = AT(layers), .def = 2, .lo = 1,
     .hi = NETWORK_LAYERS - 1, .shared = true,
     .help = "hidden layers"},
    {.name = "agent.n_step", .kind = PARAM_INT, .offset = AT(n_step), .def = 3, .lo = 1,
     .hi = 32,
     .help = "steps of reward before the bootstrap"},
    {.name = "agent.gamma", .kind = PARAM_DOUBLE, .offset = AT(gamma), .def = 0.98, .lo = 0,
     .hi = 1, .shared = true,
     .help = "discount per step"},
    {.name = "agent.lr", .kind = PARAM_DOUBLE, .offset = AT(lr), .def = 1e-3, .lo = 1e-8,
     .hi = 1,
     .help = "learning rate of Adam at the first step"},
    {.name = "agent.lr_end", .kind = PARAM_DOUBLE, .offset = AT(lr_end), .def = 1, .lo = 0,
     .hi = 1,
     .help = "share of it left at the end of the budget (linear)"},
    {.name = "agent.adam_epsilon", .kind = PARAM_DOUBLE, .offset = AT(adam_epsilon),
     .def = 1e-5, .lo = 1e-12, .hi = 1,
     .help = "epsilon of Adam"},
    {.name = "agent.batch", .kind = PARAM_INT, .offset = AT(batch), .def = 64, .lo = 1,
     .hi = 4096,
     .help = "transitions per update"},
    {.name = "agent.train_every", .kind = PARAM_INT, .offset = AT(train_every), .def = 1,
     .lo = 1, .hi = 10000, .unit = "steps",
     .help = "environment steps per update"},
    {.name = "agent.replay", .kind = PARAM_INT, .offset = AT(replay), .def = 100000, .lo = 1,
     .hi = 10000000,
     .help = "transitions kept"},
    {.name = "agent.learning_start", .kind = PARAM_INT, .offset = AT(learning_start),
     .def = 200, .lo = 1, .hi = 10000000, .unit = "steps",
     .help = "environment steps before the first update"},
    {.name = "agent.tau", .kind = PARAM_DOUBLE, .offset = AT(tau), .def = 0.005, .lo = 0,
     .hi = 1,
     .help = "how far the target network follows per update (Polyak)"},
    {.name = "agent.average", .kind = PARAM_DOUBLE, .offset = AT(average), .def = 0, .lo = 0,
     .hi = 1,
     .help = "how far a running average of the weights follows per update; evaluated, deployed "
             "and saved in the network's place; 0: none"},
    {.name = "agent.huber", .kind = PARAM_DOUBLE, .offset = AT(huber), .def = 1, .lo = 1e-6,
     .hi = 1e6,
     .help = "largest error that is still squared"},
    {.name = "agent.reward_scale", .kind = PARAM_DOUBLE, .offset = AT(reward_scale), .def = 1,
     .lo = 1e-6, .hi = 1e6, .shared = true,
     .help = "factor on rewards inside the learner; returns are reported unscaled"},
    {.name = "agent.double", .kind = PARAM_BOOL, .offset = AT(double_q), .def = 1,
     .help = "let the online network choose the action that the target network values"},
    {.name = "explore", .kind = PARAM_CHOICE, .offset = AT(explore), .def = EXPLORE_LOW,
     .choices = "low|full",
     .help = "where exploration begins: explore.low or explore.full; sources always use full"},
    {.name = "explore.low", .kind = PARAM_DOUBLE, .offset = AT(epsilon_low), .def = 0.1,
     .lo = 0, .hi = 1,
     .help = "epsilon at the first step with explore=low"},
    {.name = "explore.full", .kind = PARAM_DOUBLE, .offset = AT(epsilon_full), .def = 1,
     .lo = 0, .hi = 1,
     .help = "epsilon at the first step with explore=full"},
    {.name = "explore.end", .kind = PARAM_DOUBLE, .offset = AT(epsilon_end), .def = 0.05,
     .lo = 0, .hi = 1,
     .help = "epsilon from explore.fraction of the budget on"},
    {.name = "explore.fraction", .kind = PARAM_DOUBLE, .offset = AT(epsilon_fraction),
     .def = 0.2, .lo = 0, .hi = 1,
     .help = "share of the budget over which epsilon falls (linear)"},
};
// clang-format on

const int dqn_param_count = (int)(sizeof dqn_params / sizeof dqn_params[0]);

const int dqn_version = 3;

struct Agent {
    DqnSettings settings;
    int feature_dim, action_count;
    int64_t budget;
    const Method *method;
    void *method_state;

    Network online, target, average; // average: no params unless settings ask for it
    Adam adam;
    Replay *replay;
    RngStream explore, sample;
    int64_t steps, updates;

    Workspace online_work, target_work, act_work;
    Batch batch;
    TagShape tag_shape;   // what the method keeps about states
    void *tag, *next_tag; // (tag_shape.size) of the present step
    bool tag_known;       // next_tag is that of the state the next step begins in
    bool acts;            // the method acts otherwise than by the network
    float *blended;       // (A) values as the method changed them
    // rows of one online pass: [0, B) states, [B, B+R) rehearsal, [B+R, 2B+R) next states
    float *input; // ((2B + R) x D)
    float *error; // (B) dLoss / dQ of the actions taken
    float *dq;    // ((B + R) x A), when the method adds to the loss
    float *grad;  // (P)
};

// the arrays of the learner; the batch's states are the first rows of its input
static Status take_memory(Agent *a, Error *err)
{
    size_t b = (size_t)a->settings.batch, d = (size_t)a->feature_dim;
    a->input = mem_array((2 * b + REHEARSAL_ROWS) * d, sizeof *a->input);
    a->error = mem_array(b, sizeof *a->error);
    a->dq = mem_array(b + REHEARSAL_ROWS, (size_t)a->action_count * sizeof *a->dq);
    a->grad = mem_array((size_t)a->online.param_count, sizeof *a->grad);
    a->batch = (Batch){
        .size = a->settings.batch,
        .obs = a->input,
        .reward = mem_array(b, sizeof(float)),
        .discount = mem_array(b, sizeof(float)),
        .action = mem_array(b, sizeof(int32_t)),
        .tag = mem_array(b, sizeof(void *)),
        .next_tag = mem_array(b, sizeof(void *)),
    };
    a->tag = mem_array(1, a->tag_shape.size);
    a->next_tag = mem_array(1, a->tag_shape.size);
    a->blended = mem_array((size_t)a->action_count, sizeof *a->blended);
    if (!a->input || !a->error || !a->dq || !a->grad || !a->batch.reward ||
        !a->batch.discount || !a->batch.action || !a->batch.tag || !a->batch.next_tag ||
        !a->tag || !a->next_tag || !a->blended)
        return error_nomem(err);

    Status status =
        workspace_init(&a->online_work, &a->online, 2 * (int)b + REHEARSAL_ROWS, err);
    if (status == STATUS_OK) status = workspace_init(&a->target_work, &a->target, (int)b, err);
    if (status == STATUS_OK) status = workspace_init(&a->act_work, &a->online, 1, err);
    return status;
}

static Status build(Agent *a, Error *err)
{
    const DqnSettings *s = &a->settings;
    NetworkShape shape = {a->feature_dim, s->hidden, s->layers, a->action_count};
    ReplayShape memory = {.capacity = s->replay,
                          .feature_dim = a->feature_dim,
                          .action_count = a->action_count,
                          .n_step = s->n_step,
                          .gamma = s->gamma,
                          .tag = a->tag_shape};

    Status status = network_init(&a->online, shape, err);
    if (status == STATUS_OK) status = network_init(&a->target, shape, err);
    if (status == STATUS_OK && s->average > 0.0) status = network_init(&a->average, shape, err);
    if (status == STATUS_OK)
        status = adam_init(&a->adam, a->online.param_count, s->adam_epsilon, err);
    if (status == STATUS_OK) status = replay_new(&a->replay, memory, err);
    if (status == STATUS_OK) status = take_memory(a, err);
    return status;
}

// the networks that follow the online one begin where it does
static void begin_followers(Agent *a)
{
    network_copy(&a->target, &a->online);
    if (a->average.params) network_copy(&a->average, &a->online);
}

Status agent_new(Agent **out, const AgentSpec *spec, Error *err)
{
    *out = NULL;
    Agent *a = mem_array(1, sizeof *a);
    if (!a) return error_nomem(err);

    a->settings = *spec->settings;
    a->feature_dim = spec->feature_dim;
    a->action_count = spec->action_count;
    a->budget = spec->budget;
    a->method = spec->method;
    a->method_state = spec->method_state;
    if (a->method->tag_shape) a->tag_shape = a->method->tag_shape(a->method_state);
    a->acts = a->method->acts && a->method->acts(a->method_state);
    a->explore = rng_stream(spec->key, RNG_EXPLORE, 0);
    a->sample = rng_stream(spec->key, RNG_REPLAY, 0);

    Status status = build(a, err);
    if (status != STATUS_OK) {
        agent_free(a);
        return status;
    }
    RngStream weights = rng_stream(spec->key, RNG_NETWORK, 0);
    network_randomise(&a->online, &weights);
    begin_followers(a);
    *out = a;
    return STATUS_OK;
}

void agent_free(Agent *agent)
{
    if (!agent) return;
    network_release(&agent->online);
    network_release(&agent->target);
    network_release(&agent->average);
    adam_release(&agent->adam);
    replay_free(agent->replay);
    workspace_release(&agent->online_work);
    workspace_release(&agent->target_work);
    workspace_release(&agent->act_work);
    mem_free(agent->batch.reward);
    mem_free(agent->batch.discount);
    mem_free(agent->batch.action);
    mem_free(agent->batch.tag);
    mem_free(agent->batch.next_tag);
    mem_free(agent->tag);
    mem_free(agent->next_tag);
    mem_free(agent->blended);
    mem_free(agent->input);
    mem_free(agent->error);
    mem_free(agent->dq);
    mem_free(agent->grad);
    mem_free(agent);
}

Status agent_prepare(Agent *agent, Error *err)
{
    if (!agent->method->prepare) return STATUS_OK;
    Status status = agent->method->prepare(agent->method_state, &agent->online, err);
    begin_followers(agent);
    return status;
}

double epsilon_at(const DqnSettings *settings, int64_t step, int64_t budget)
{
    double start =
        settings->explore == EXPLORE_FULL ? settings->epsilon_full : settings->epsilon_low;
    double end = settings->epsilon_end;
    double span = settings->epsilon_fraction * (double)budget;
    if ((double)step >= span) return end;
    return start + (end - start) * (double)step / span;
}

double learning_rate_at(const DqnSettings *settings, int64_t step, int64_t budget)
{
    double share = budget > 0 ? (double)step / (double)budget : 0.0;
    return settings->lr * (1.0 + (settings->lr_end - 1.0) * share);
}

const Network *agent_network(const Agent *agent)
{
    return agent->average.params ? &agent->average : &agent->online;
}

int agent_greedy(void *agent, const Sight *sight)
{
    Agent *a = agent;
    return network_best(agent_network(a), &a->act_work, sight->features);
}

// the method's action in the agent's place, or -1
static int guided(Agent *a, const Sight *sight)
{
    return a->acts && a->method->guide ? a->method->guide(a->method_state, sight) : -1;
}

// the values @p q as the method changes them
static const float *blended(Agent *a, const Sight *sight, const float *q)
{
    if (!a->acts || !a->method->blend) return q;
    memcpy(a->blended, q, (size_t)a->action_count * sizeof *q);
    a->method->blend(a->method_state, sight, a->blended);
    return a->blended;
}

// the best action by the values of @p net, as the method changes them
static int best_blended(Agent *a, const Network *net, const Sight *sight)
{
    const float *q = network_forward(net, &a->act_work, sight->features, 1);
    return argmax(blended(a, sight, q), a->action_count);
}

bool agent_acts_otherwise(const Agent *agent)
{
    return agent->acts;
}

int agent_deployed(void *agent, const Sight *sight)
{
    Agent *a = agent;
    int action = guided(a, sight);
    return action >= 0 ? action : best_blended(a, agent_network(a), sight);
}

Decision agent_explain(Agent *agent, const Sight *sight)
{
    CHECK(!sight->training);
    const Method *method = agent->method;
    int action = guided(agent, sight);
    Decision made = {.guided = action >= 0};
    made.network = network_forward(agent_network(agent), &agent->act_work, sight->features, 1);
    made.blended = blended(agent, sight, made.network);
    made.action = made.guided ? action : argmax(made.blended, agent->action_count);
    if (agent->acts && method->explain)
        method->explain(agent->method_state, sight, &made.method);
    return made;
}

void agent_adopt(Agent *agent, const Network *net)
{
    network_copy(&agent->online, net);
    begin_followers(agent);
}

int agent_act(Agent *agent, const Sight *sight)
{
    int action = guided(agent, sight);
    if (action >= 0) return action;
    double epsilon = epsilon_at(&agent->settings, agent->steps, agent->budget);
    if (rng_uniform(&agent->explore, 0.0, 1.0) < epsilon)
        return rng_below(&agent->explore, agent->action_count);
    return best_blended(agent, &agent->online, sight);
}

static float clip(float x, float bound)
{
    return x > bound ? bound : x < -bound ? -bound : x;
}

float td_target(float reward, float discount, const float *q_online, const float *q_target,
                int action_count)
{
    int best = argmax(q_online ? q_online : q_target, action_count);
    return reward + discount * q_target[best];
}

// error = d Huber(Q(s, a) - y) / dQ(s, a), averaged over the batch
static void td_errors(Agent *a, const float *q, const float *q_next, const float *q_target)
{
    int rows = a->settings.batch, actions = a->action_count;
    float bound = (float)a->settings.huber, mean = 1.0f / (float)rows;
    const Batch *batch = &a->batch;

    for (int b = 0; b < rows; b++) {
        const float *chooser = a->settings.double_q ? q_next + b * actions : NULL;
        float y = td_target(batch->reward[b], batch->discount[b], chooser,
                            q_target + b * actions, actions);
        a->error[b] = clip(q[b * actions + batch->action[b]] - y, bound) * mean;
    }
}

// rows that the method wants rehearsed, written behind the batch's states
static int rehearse(Agent *a)
{
    if (!a->method->rehearse) return 0;
    float *rows = a->input + (size_t)(a->settings.batch * a->feature_dim);
    return a->method->rehearse(a->method_state, rows, REHEARSAL_ROWS);
}

// the errors as a gradient in the batch's outputs, (B x A)
static void scatter_errors(Agent *a)
{
    int batch = a->settings.batch, actions = a->action_count;
    memset(a->dq, 0, (size_t)(batch * actions) * sizeof *a->dq);
    for (int b = 0; b < batch; b++)
        a->dq[b * actions + a->batch.action[b]] = a->error[b];
}

// did the method add to the gradient of the batch's rows?
static bool add_to_batch(Agent *a, const float *q)
{
    if (!a->method->batch_gradient) return false;
    scatter_errors(a);
    return a->method->batch_gradient(a->method_state, &a->batch, q, a->dq);
}

// the gradient of the whole loss, that of `extra` rehearsal rows included
static void backward(Agent *a, const float *q, int extra)
{
    int batch = a->settings.batch, behind = batch * a->action_count;
    SparseGradient dq = {batch, a->batch.action, a->error, extra, a->dq + behind};
    if (add_to_batch(a, q)) dq = (SparseGradient){.dense_rows = batch + extra, .dense = a->dq};
    if (extra) a->method->rehearse_gradient(a->method_state, q + behind, a->dq + behind);
    network_backward_sparse(&a->online, &a->online_work, a->input, dq, a->grad);
}

// let the method change what targets are made of: rows behind all that the backward pass reads
static void blend_next(Agent *a, int next_row)
{
    if (!a->method->blend_next) return;
    float *online = a->online_work.activation[a->online.layers - 1];
    float *target = a->target_work.activation[a->target.layers - 1];
    a->method->blend_next(a->method_state, &a->batch,
                          online + (size_t)next_row * (size_t)a->action_count, target);
}

static double rate_now(const Agent *a)
{
    double rate = learning_rate_at(&a->settings, a->steps, a->budget);
    if (!a->method->learning_rate) return rate;
    return a->method->learning_rate(a->method_state, rate);
}

void agent_learn(Agent *agent)
{
    Agent *a = agent;
    int batch = a->settings.batch, extra = rehearse(a);
    a->batch.next_obs = a->input + (size_t)(batch + extra) * (size_t)a->feature_dim;
    replay_sample(a->replay, &a->sample, &a->batch);
    replay_prefetch(a->replay, a->sample, batch); // while this batch is learned from

    // one pass of the online network over states, rehearsed states and next states
    const float *q = network_forward(&a->online, &a->online_work, a->input, 2 * batch + extra);
    const float *q_next = q + (size_t)(batch + extra) * (size_t)a->action_count;
    const float *q_target =
        network_forward(&a->target, &a->target_work, a->batch.next_obs, batch);

    blend_next(a, batch + extra);
    td_errors(a, q, q_next, q_target);
    backward(a, q, extra);
    adam_step_followed(&a->adam, a->online.params, a->grad, rate_now(a), a->target.params,
                       a->settings.tau);
    if (a->average.params) network_blend(&a->average, &a->online, (float)a->settings.average);
    a->updates++;
}

// what the method wants to know about the states of a step; a state is asked about once
static void write_tags(Agent *a, Transition *t)
{
    if (a->tag_shape.size == 0) return;
    if (a->tag_known) {
        void *known = a->next_tag;
        a->next_tag = a->tag;
        a->tag = known;
    } else {
        a->method->tag(a->method_state, t->obs, t->coords, a->tag);
    }
    t->tag = a->tag;
    if (!a->tag_shape.next) return;
    a->method->tag(a->method_state, t->next_obs, t->next_coords, a->next_tag);
    t->next_tag = a->next_tag;
    a->tag_known = !t->terminated && !t->truncated;
}

void agent_observe(Agent *agent, const Transition *t)
{
    Transition seen = *t;
    write_tags(agent, &seen);
    Transition scaled = seen;
    scaled.reward *= agent->settings.reward_scale;
    replay_push(agent->replay, &scaled);
    if (agent->method->observe) agent->method->observe(agent->method_state, &seen);
    if (agent->method->revise && agent->method->revise(agent->method_state, &agent->online)) {
        begin_followers(agent);
        adam_clear(&agent->adam);
    }

    agent->steps++;
    bool ready = agent->steps >= agent->settings.learning_start && replay_size(agent->replay);
    if (ready && agent->steps % agent->settings.train_every == 0) agent_learn(agent);
}

void agent_abandon_episode(Agent *agent)
{
    replay_drop_pending(agent->replay);
    agent->tag_known = false;
    agent->steps++; // the step was made and is charged
}

int64_t agent_updates(const Agent *agent)
{
    return agent->updates;
}

void agent_archive(Agent *agent, Archive *archive)
{
    network_archive(&agent->online, archive);
    network_archive(&agent->target, archive);
    if (agent->average.params) network_archive(&agent->average, archive);
    adam_archive(&agent->adam, archive);
    replay_archive(agent->replay, archive);
    archive_bytes(archive, "agent.explore", &agent->explore, sizeof agent->explore);
    archive_bytes(archive, "agent.sample", &agent->sample, sizeof agent->sample);
    archive_bytes(archive, "agent.steps", &agent->steps, sizeof agent->steps);
    archive_bytes(archive, "agent.updates", &agent->updates, sizeof agent->updates);
    agent->tag_known = false; // it is found out again
    if (agent->method->archive) agent->method->archive(agent->method_state, archive);
}
