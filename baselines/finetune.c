/** @file
 * Fine-tuning: the network begins with the weights of one source's, or the mean of all.
 *
 * Layer: baselines.
 * @source reincarnating_rl @e9df46e, `ReloadedDQN`, which goes on with a DQN of the same task;
 *         on another task Sabatelli and Geurts 2021, arXiv 2110.02639.
 *
 * All weights are copied, the target network follows, and nothing else crosses: Adam's moments
 * are zero and the memory is empty, because steps of another task have other dynamics.
 *
 * With source.pick=all every weight is the mean of the sources' own. Networks that were trained
 * apart have no common order of hidden units, so that this mean is not expected to be good: it
 * is what "average" means where nothing is aligned.
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

// Defaults are frozen: those of the best trial in results/tuning2.csv. A changed one needs new
// targets (results/METHODS.md).
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
    const TrainedSource *source; // (source_count) those taken: one, or all
    int source_count;
    uint64_t key;
} Finetune;

static Status init(void *state, const RunContext *context, Error *err)
{
    Finetune *f = state;
    (void)err;
    f->settings = *(const FinetuneSettings *)context->settings;
    f->source = &context->source[context->picked];
    f->source_count = context->picked_count;
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

// the mean over the sources of a weight or bias; of one source the very same bits
static float mean_param(const Finetune *f, int i)
{
    double sum = (double)f->source[0].network->params[i];
    for (int s = 1; s < f->source_count; s++)
        sum += (double)f->source[s].network->params[i];
    return (float)(sum / f->source_count);
}

// differs: ReloadedDQN copies the optimiser's moments and the memory too; those of another
// task would be wrong here
static Status prepare(void *state, Network *network, Error *err)
{
    Finetune *f = state;
    for (int s = 0; s < f->source_count; s++)
        if (!is_alike(network, f->source[s].network))
            return error_set(err, STATUS_MISMATCH,
                             "the network of source '%s' has another shape",
                             f->source[s].member);

    int kept = network->param_count;
    if (f->settings.head == HEAD_RESET) {
        RngStream head = rng_stream(f->key, RNG_METHOD, STREAM_HEAD);
        network_randomise(network, &head);
        kept -= head_params(network);
    }
    for (int i = 0; i < kept; i++)
        network->params[i] = mean_param(f, i);
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
    .needs = METHOD_NEEDS_SOURCES | METHOD_TAKES_ONE | METHOD_TAKES_ALL,
    .state_size = sizeof(Finetune),
    .param = params,
    .param_count = sizeof params / sizeof params[0],
    .settings_size = sizeof(FinetuneSettings),
    .init = init,
    .prepare = prepare,
    .learning_rate = learning_rate,
};
