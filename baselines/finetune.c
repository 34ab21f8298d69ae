/** @file
 * Fine-tuning: the network begins with the weights of one source's.
 *
 * Layer: baselines.
 * @source reincarnating_rl @e9df46e, `ReloadedDQN`, which goes on with a DQN of the same task;
 *         on another task Sabatelli and Geurts 2021, arXiv 2110.02639.
 *
 * All weights are copied, the target network follows, and nothing else crosses: Adam's moments
 * are zero and the memory is empty, because steps of another task have other dynamics.
 *
 * The exploration schedule decides this baseline: an epsilon that begins at 1 trains the copied
 * network away on random steps before it ever acts. That variant is a setting of every method,
 * explore=full.
 */
#include <string.h>

#include "agents/methods.h"
#include "baselines/streams.h"

typedef enum Head { HEAD_KEEP, HEAD_RESET } Head;

typedef struct FinetuneSettings {
    int head; // Head
    double rate;
} FinetuneSettings;

#define AT(field) offsetof(FinetuneSettings, field)

// a setting reads better in two or three lines than in nine
// clang-format off
static const ParamRow params[] = {
    {.name = "finetune.head", .kind = PARAM_CHOICE, .offset = AT(head), .def = HEAD_KEEP,
     .choices = "keep|reset",
     .help = "the last layer: the source's, or drawn anew"},
    {.name = "finetune.rate", .kind = PARAM_DOUBLE, .offset = AT(rate), .def = 1, .lo = 0,
     .hi = 100,
     .help = "factor on the learning rate"},
};
// clang-format on

typedef struct Finetune {
    FinetuneSettings settings;
    TrainedSource source;
    uint64_t key;
} Finetune;

static Status init(void *state, const RunContext *context, Error *err)
{
    Finetune *f = state;
    (void)err;
    f->settings = *(const FinetuneSettings *)context->settings;
    f->source = context->source[context->picked];
    f->key = context->key;
    return STATUS_OK;
}

static bool is_alike(const Network *a, const Network *b)
{
    return a->layers == b->layers &&
           memcmp(a->units, b->units, (size_t)(a->layers + 1) * sizeof a->units[0]) == 0;
}

// weights and biases of the last layer, which end the array
static int head_params(const Network *net)
{
    return (net->units[net->layers - 1] + 1) * net->units[net->layers];
}

// differs: ReloadedDQN copies the optimiser's moments and the memory too; those of another
// task would be wrong here
static Status prepare(void *state, Network *network, Error *err)
{
    Finetune *f = state;
    const Network *source = f->source.network;
    if (!is_alike(network, source))
        return error_set(err, STATUS_MISMATCH, "the network of source '%s' has another shape",
                         f->source.member);

    int kept = source->param_count;
    if (f->settings.head == HEAD_RESET) {
        RngStream head = rng_stream(f->key, RNG_METHOD, STREAM_HEAD);
        network_randomise(network, &head);
        kept -= head_params(source);
    }
    memcpy(network->params, source->params, (size_t)kept * sizeof *source->params);
    return STATUS_OK;
}

static double learning_rate(const void *state, double rate)
{
    const Finetune *f = state;
    return rate * f->settings.rate;
}

const Method method_finetune = {
    .name = "finetune",
    .title = "fine-tuning",
    .summary = "begins with the weights of one source's network",
    .source = "reincarnating_rl ReloadedDQN (Agarwal et al. 2022, arXiv 2206.01626)",
    .version = 1,
    .needs = METHOD_NEEDS_SOURCES | METHOD_TAKES_ONE,
    .state_size = sizeof(Finetune),
    .param = params,
    .param_count = sizeof params / sizeof params[0],
    .settings_size = sizeof(FinetuneSettings),
    .init = init,
    .prepare = prepare,
    .learning_rate = learning_rate,
};
