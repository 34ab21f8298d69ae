// Any bytes as the contents of a whole method.bin: refused, or a method that can act and
// explain itself. Of jsrl and dqinit, whichever the bytes say.
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "agents/dqn.h"
#include "agents/methods.h"
#include "suite/core/check.h"
#include "suite/core/mem.h"
#include "suite/run/method_file.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/sealed.h"

enum { ACTIONS = 2, SAMPLES = 400, POINTS = 40, BUDGET = 300, TIME_LIMIT = 50 };

// one source, whose states lie evenly in the one coordinate that is the one feature too
static float places[SAMPLES], rewards[SAMPLES];
static int32_t choices[SAMPLES];
static uint8_t ends[SAMPLES];
static float lo[1], hi[1] = {1.0f}, period[1];
static const TaskShape shape = {1, 1, ACTIONS, lo, hi, period, TIME_LIMIT};
static Network network;
static DqnSettings learner;

// what the corpus's files were made with
static char folder[] = "/tmp/method-fuzz-XXXXXX";
static char knowledge[64], link_path[64];

static void clean(void)
{
    network_release(&network);
    (void)unlink(link_path);
    (void)unlink(knowledge);
    (void)rmdir(folder);
}

static double judge(void *evaluator, int index, Policy policy, void *state)
{
    (void)evaluator;
    (void)index;
    return policy(state, &(Sight){.features = places, .coords = places});
}

static void *settings_of(const Method *method)
{
    static const char *const small[][2] = {{"dqinit.cells", "40"},
                                           {"dqinit.table_states", "50"}};
    void *settings = mem_array(1, method->settings_size);
    CHECK(settings);
    param_defaults(method->param, method->param_count, settings);
    for (int i = 0; i < 2; i++) {
        const ParamRow *row = param_find(method->param, method->param_count, small[i][0]);
        if (row) CHECK(param_set(row, settings, small[i][1], NULL) == STATUS_OK);
    }
    return settings;
}

static void build(void)
{
    void *settings = settings_of(&method_dqinit);
    SourceTask source = {.member = "source",
                         .network = &network,
                         .sample_count = SAMPLES,
                         .features = places,
                         .coords = places,
                         .next_features = places,
                         .action = choices,
                         .reward = rewards,
                         .end = ends};
    DqnSettings agent;
    param_defaults(dqn_params, dqn_param_count, &agent);
    BuildContext context = {.shape = shape,
                            .agent = &agent,
                            .source = &source,
                            .source_count = 1,
                            .settings = settings,
                            .key = 1,
                            .path = knowledge,
                            .evaluate = judge};
    CHECK(method_dqinit.build(&context, NULL) == STATUS_OK);
    mem_free(settings);
}

static void prepare(void)
{
    RngStream rng = rng_stream(1, RNG_NETWORK, 0);
    CHECK(mkdtemp(folder));
    (void)snprintf(knowledge, sizeof knowledge, "%s/knowledge", folder);
    (void)snprintf(link_path, sizeof link_path, "%s/method.bin", folder);
    CHECK(network_init(&network, (NetworkShape){1, 8, 1, ACTIONS}, NULL) == STATUS_OK);
    network_randomise(&network, &rng);
    for (int i = 0; i < SAMPLES; i++) {
        places[i] = ((float)(i * 7 % SAMPLES) + 0.5f) / SAMPLES;
        choices[i] = i % ACTIONS;
    }
    param_defaults(dqn_params, dqn_param_count, &learner);
    learner.replay = learner.batch = 1;
    build();
    CHECK(atexit(clean) == 0);
}

static void act(const Method *method, void *state)
{
    Agent *agent;
    AgentSpec spec = {.settings = &learner,
                      .feature_dim = 1,
                      .action_count = ACTIONS,
                      .budget = BUDGET,
                      .key = 1,
                      .method = method,
                      .method_state = state};
    CHECK(agent_new(&agent, &spec, NULL) == STATUS_OK);
    for (int i = 0; i < POINTS; i++) {
        const float x = 1.5f * (float)i / POINTS; // also where the table is silent
        Sight sight = {
            .features = &x, .coords = &x, .elapsed = i, .episode = i, .episodes = POINTS};
        Decision made = agent_explain(agent, &sight);
        CHECK(made.action >= 0 && made.action < ACTIONS);
        CHECK(made.action == agent_deployed(agent, &sight));
    }
    agent_free(agent);
}

static void try_on(const Method *method)
{
    TrainedSource source = {.member = "source", .network = &network};
    Run run = {.method = method, .settings_hash = "fuzz"};
    void *settings = settings_of(method), *state = mem_array(1, method->state_size);
    RunContext context = {.shape = shape,
                          .settings = settings,
                          .budget = BUDGET,
                          .key = 1,
                          .knowledge = knowledge,
                          .agent = &learner,
                          .source = &source,
                          .source_count = 1,
                          .picked_count = 1};
    Error err = {0};
    CHECK(state && method->init(state, &context, NULL) == STATUS_OK);
    (void)snprintf(run.folder, sizeof run.folder, "%s", folder);
    Status status = method_file_read(&run, state, &err);
    CHECK((status == STATUS_OK) == (err.message[0] == '\0'));
    if (status == STATUS_OK) act(method, state);
    method->release(state);
    mem_free(state);
    mem_free(settings);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[SEALED_PATH];
    if (!link_path[0]) prepare();
    int file = sealed_file("method", 1, data, size, path);
    (void)unlink(link_path);
    CHECK(symlink(path, link_path) == 0);
    CHECK(method_file_check(folder, NULL) == STATUS_OK); // whole, whatever is in it
    try_on(&method_jsrl);
    try_on(&method_dqinit);
    (void)close(file);
    return 0;
}
