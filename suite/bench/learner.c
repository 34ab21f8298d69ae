#include "suite/bench/learner.h"

#include "agents/adam.h"
#include "agents/kernel.h"
#include "agents/methods.h"
#include "suite/core/check.h"
#include "suite/core/file.h"
#include "suite/core/mem.h"

enum { REPEATS = 100, MOST_PRODUCTS = 4 * NETWORK_LAYERS };
enum { STATES = 1000 }; // different ones, in the made-up experience

struct LearnerBench {
    DqnSettings settings;
    int feature_dim, action_count;

    Agent *agent; // for the whole of an update
    Network net, target;
    Workspace work, target_work, act_work;
    Adam adam;
    Replay *replay;
    RngStream rng;
    Batch batch;

    float *input;             // (2B x F) states, then next states
    float *states;            // (STATES x F) what is observed
    float *error;             // (B) the loss's gradient in the actions taken
    float *grad;              // (P)
    float *left, *right, *to; // matrices of the products

    Product product[MOST_PRODUCTS];
    int product_count;
};

static const char *const names[LEARNER_PARTS] = {
    [PART_ACT] = "act",           [PART_SAMPLE] = "sample",     [PART_FORWARD] = "forward",
    [PART_TARGET] = "target",     [PART_BACKWARD] = "backward", [PART_ADAM] = "adam",
    [PART_PRODUCTS] = "products", [PART_OPENBLAS] = "openblas", [PART_UPDATE] = "update"};

const char *learner_part_name(LearnerPart part)
{
    return names[part];
}

// -- making it

static void add_product(LearnerBench *b, int m, int n, int k, bool is_transposed)
{
    CHECK(b->product_count < MOST_PRODUCTS);
    b->product[b->product_count++] = (Product){.m = m,
                                               .n = n,
                                               .k = k,
                                               .a = b->left,
                                               .a_row = is_transposed ? 1 : k,
                                               .a_step = is_transposed ? m : 1,
                                               .b = b->right,
                                               .c = b->to};
}

// the last layer has none on the way back: each row's gradient lies in one action only
static void list_products(LearnerBench *b)
{
    const int *units = b->net.units, batch = b->settings.batch, last = b->net.layers - 1;
    for (int l = 0; l <= last; l++) {
        add_product(b, 2 * batch, units[l + 1], units[l], false);
        add_product(b, batch, units[l + 1], units[l], false);
    }
    for (int l = last - 1; l >= 0; l--) {
        add_product(b, units[l], units[l + 1], batch, true);
        if (l) add_product(b, batch, units[l], units[l + 1], false);
    }
}

static size_t widest(const Network *net)
{
    int most = 0;
    for (int l = 0; l <= net->layers; l++)
        if (net->units[l] > most) most = net->units[l];
    return (size_t)most;
}

static Status take_memory(LearnerBench *b, Error *err)
{
    size_t batch = (size_t)b->settings.batch, f = (size_t)b->feature_dim;
    size_t wide = widest(&b->net), matrix = (2 * batch + wide) * wide;
    b->input = mem_array(2 * batch, f * sizeof(float));
    b->states = mem_array(STATES, f * sizeof(float));
    b->error = mem_array(batch, sizeof(float));
    b->grad = mem_array((size_t)b->net.param_count, sizeof(float));
    b->left = mem_array(matrix, sizeof(float));
    b->right = mem_array(matrix, sizeof(float));
    b->to = mem_array(matrix, sizeof(float));
    b->batch = (Batch){.size = b->settings.batch,
                       .obs = b->input,
                       .next_obs = b->input + batch * f,
                       .reward = mem_array(batch, sizeof(float)),
                       .discount = mem_array(batch, sizeof(float)),
                       .action = mem_array(batch, sizeof(int32_t))};
    if (!b->input || !b->states || !b->error || !b->grad || !b->left || !b->right || !b->to ||
        !b->batch.reward || !b->batch.discount || !b->batch.action)
        return error_nomem(err);

    for (size_t i = 0; i < matrix; i++) {
        b->left[i] = (float)rng_uniform(&b->rng, -1.0, 1.0);
        b->right[i] = (float)rng_uniform(&b->rng, -1.0, 1.0);
    }
    for (size_t i = 0; i < STATES * f; i++)
        b->states[i] = (float)rng_uniform(&b->rng, -1.0, 1.0);
    for (size_t i = 0; i < batch; i++)
        b->error[i] = (float)rng_uniform(&b->rng, -0.1, 0.1);
    return STATUS_OK;
}

static Status make_networks(LearnerBench *b, Error *err)
{
    const DqnSettings *s = &b->settings;
    NetworkShape shape = {b->feature_dim, s->hidden, s->layers, b->action_count};
    Status status = network_init(&b->net, shape, err);
    if (status == STATUS_OK) status = network_init(&b->target, shape, err);
    if (status == STATUS_OK) status = workspace_init(&b->work, &b->net, 2 * s->batch, err);
    if (status == STATUS_OK)
        status = workspace_init(&b->target_work, &b->target, s->batch, err);
    if (status == STATUS_OK) status = workspace_init(&b->act_work, &b->net, 1, err);
    if (status == STATUS_OK)
        status = adam_init(&b->adam, b->net.param_count, s->adam_epsilon, err);
    if (status != STATUS_OK) return status;
    network_randomise(&b->net, &b->rng);
    network_copy(&b->target, &b->net);
    return STATUS_OK;
}

// the i-th step of a made-up experience
static Transition experience(const LearnerBench *b, int64_t i)
{
    size_t f = (size_t)b->feature_dim;
    return (Transition){.obs = b->states + (size_t)(i % (STATES - 1)) * f,
                        .next_obs = b->states + (size_t)(i % (STATES - 1) + 1) * f,
                        .reward = (double)(i % 7) / 7.0,
                        .action = (int)(i % b->action_count),
                        .truncated = i % 100 == 99};
}

static Status make_agent(LearnerBench *b, Error *err)
{
    const DqnSettings *s = &b->settings;
    AgentSpec spec = {.settings = s,
                      .feature_dim = b->feature_dim,
                      .action_count = b->action_count,
                      .budget = INT64_MAX,
                      .method = &method_scratch};
    ReplayShape memory = {.capacity = s->replay,
                          .feature_dim = b->feature_dim,
                          .action_count = b->action_count,
                          .n_step = s->n_step,
                          .gamma = s->gamma};
    Status status = agent_new(&b->agent, &spec, err);
    if (status == STATUS_OK) status = replay_new(&b->replay, memory, err);
    for (int64_t i = 0; status == STATUS_OK && i < s->replay; i++) {
        Transition t = experience(b, i);
        replay_push(b->replay, &t);
    }
    return status;
}

Status learner_bench_new(LearnerBench **out, const DqnSettings *settings, int feature_dim,
                         int action_count, Error *err)
{
    *out = NULL;
    LearnerBench *b = mem_array(1, sizeof *b);
    if (!b) return error_nomem(err);
    b->settings = *settings;
    b->settings.train_every = 1;
    b->settings.learning_start = settings->replay; // when the agent's memory is full
    b->feature_dim = feature_dim;
    b->action_count = action_count;
    b->rng = rng_stream(0, RNG_REPLAY, 0);

    Status status = make_networks(b, err);
    if (status == STATUS_OK) status = take_memory(b, err);
    if (status == STATUS_OK) status = make_agent(b, err);
    if (status != STATUS_OK) {
        learner_bench_free(b);
        return status;
    }
    list_products(b);
    replay_sample(b->replay, &b->rng, &b->batch);
    *out = b;
    return STATUS_OK;
}

void learner_bench_free(LearnerBench *bench)
{
    if (!bench) return;
    agent_free(bench->agent);
    network_release(&bench->net);
    network_release(&bench->target);
    workspace_release(&bench->work);
    workspace_release(&bench->target_work);
    workspace_release(&bench->act_work);
    adam_release(&bench->adam);
    replay_free(bench->replay);
    mem_free(bench->batch.reward);
    mem_free(bench->batch.discount);
    mem_free(bench->batch.action);
    mem_free(bench->input);
    mem_free(bench->states);
    mem_free(bench->error);
    mem_free(bench->grad);
    mem_free(bench->left);
    mem_free(bench->right);
    mem_free(bench->to);
    mem_free(bench);
}

// -- timing it

static void multiply(LearnerBench *b, void (*product)(const Product *p))
{
    for (int i = 0; i < b->product_count; i++)
        product(&b->product[i]);
}

static const Kernel *openblas(void)
{
    int i = 0;
    while (kernel_at(i + 1))
        i++;
    return kernel_at(i); // the last one can run anywhere
}

static void follow(LearnerBench *b)
{
    // a rate of 0: the weights must not run away over the rounds
    adam_step_followed(&b->adam, b->net.params, b->grad, 0.0, b->target.params,
                       b->settings.tau);
}

static void step(LearnerBench *b, int64_t i)
{
    Transition t = experience(b, i);
    t.action = agent_act(b->agent, &(Sight){.features = t.obs, .training = true});
    agent_observe(b->agent, &t);
}

static void do_part(LearnerBench *b, LearnerPart part, int repeat)
{
    int batch = b->settings.batch;
    switch (part) {
    case PART_ACT:
        (void)network_best(&b->net, &b->act_work, b->states);
        break;
    case PART_SAMPLE:
        replay_sample(b->replay, &b->rng, &b->batch);
        break;
    case PART_FORWARD:
        (void)network_forward(&b->net, &b->work, b->input, 2 * batch);
        break;
    case PART_TARGET:
        (void)network_forward(&b->target, &b->target_work, b->batch.next_obs, batch);
        break;
    case PART_BACKWARD:
        network_backward_sparse(&b->net, &b->work, b->input,
                                (SparseGradient){batch, b->batch.action, b->error, 0, NULL},
                                b->grad);
        break;
    case PART_ADAM:
        follow(b);
        break;
    case PART_PRODUCTS:
        multiply(b, kernel_product);
        break;
    case PART_OPENBLAS:
        multiply(b, openblas()->product);
        break;
    case PART_UPDATE:
    case LEARNER_PARTS:
        step(b, repeat);
        break;
    }
}

void learner_bench_round(LearnerBench *bench, Series us[LEARNER_PARTS])
{
    // the agent learns when its memory is full
    for (int i = 0; !agent_updates(bench->agent); i++)
        step(bench, i);
    for (int part = 0; part < LEARNER_PARTS; part++) {
        double began = clock_cpu_s();
        for (int i = 0; i < REPEATS; i++)
            do_part(bench, (LearnerPart)part, i);
        series_add(&us[part], (clock_cpu_s() - began) / REPEATS * 1e6);
    }
}
