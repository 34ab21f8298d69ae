#include <math.h>
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "agents/dqn.h"
#include "agents/methods.h"
#include "suite/core/mem.h"
#include "tests/support/folder.h"
#include "tests/support/sources.h"

enum { BUDGET = 500 };

static MadeSources made;
static void *settings, *state;
static RunContext context;

static void set(const char *key, const char *value)
{
    const ParamRow *row = param_find(method_dqinit.param, method_dqinit.param_count, key);
    Error err = {0};
    cr_assert(row != NULL, "no setting '%s'", key);
    cr_assert(eq(int, param_set(row, settings, value, &err), STATUS_OK), "%s", err.message);
}

static void setup(void)
{
    const float slope[] = {0.0f, 1.0f};
    test_folder_make();
    made_sources_init(&made, test_path("table.kb"));
    for (int s = 0; s < MADE_SOURCES; s++) {
        made_source_values(&made, s, 0.0f, slope);
        made.network[s].params[5] = -0.5f; // Q(x, 1) = x - .5: action 1 above one half
    }
    settings = mem_array(1, method_dqinit.settings_size);
    state = mem_array(1, method_dqinit.state_size);
    param_defaults(method_dqinit.param, method_dqinit.param_count, settings);
    set("dqinit.table_states", "200");
    set("dqinit.prefit", "1500");
    made.context.settings = settings;
    context = (RunContext){.shape = made.context.shape,
                           .settings = settings,
                           .budget = BUDGET,
                           .key = 9,
                           .knowledge = made.context.path};
    Error err = {0};
    cr_assert(eq(int, method_dqinit.build(&made.context, &err), STATUS_OK), "%s", err.message);
}

static void teardown(void)
{
    method_dqinit.release(state);
    mem_free(state);
    mem_free(settings);
    made_sources_release(&made);
    test_folder_remove();
}

TestSuite(dqinit, .init = setup, .fini = teardown);

static void begin(void)
{
    Error err = {0};
    cr_assert(eq(int, method_dqinit.init(state, &context, &err), STATUS_OK), "%s", err.message);
}

static Agent *make_agent(const Method *method)
{
    static DqnSettings dqn;
    Agent *agent;
    param_defaults(dqn_params, dqn_param_count, &dqn);
    dqn.learning_start = 10;
    AgentSpec spec = {.settings = &dqn,
                      .feature_dim = 1,
                      .action_count = MADE_ACTIONS,
                      .budget = BUDGET,
                      .key = 9,
                      .method = method,
                      .method_state = state};
    cr_assert(eq(int, agent_new(&agent, &spec, NULL), STATUS_OK));
    return agent;
}

// a target without any reward, in which the agent stays below one tenth
static void live_in_a_corner(Agent *agent, int steps)
{
    for (int i = 0; i < steps; i++) {
        const float x[] = {0.1f * (float)(i % 10) / 10.0f}, next[] = {0.05f};
        agent_observe(agent, &(Transition){.obs = x,
                                           .coords = x,
                                           .next_obs = next,
                                           .action = agent_act(agent, &(Sight){.features = x}),
                                           .truncated = i % 20 == 19});
    }
}

Test(dqinit, acts_like_the_table_before_any_step)
{
    begin();
    Agent *agent = make_agent(&method_dqinit);
    cr_assert(eq(int, agent_prepare(agent, NULL), STATUS_OK));
    for (int i = 0; i < 20; i++) {
        const float x[] = {(float)i / 20.0f};
        if (fabsf(x[0] - 0.5f) < 0.1f) continue;
        const Sight sight = {.features = x, .coords = x};
        cr_assert(eq(int, agent_greedy(agent, &sight), x[0] > 0.5f), "x = %g", (double)x[0]);
        cr_assert(eq(int, method_dqinit.prior(state, &sight), x[0] > 0.5f), "x = %g",
                  (double)x[0]);
    }
    agent_free(agent);
}

// the error of Q(x, 1) - Q(x, 0) far from where the agent lives
static double forgotten(Agent *agent)
{
    Workspace work;
    double worst = 0.0;
    cr_assert(eq(int, workspace_init(&work, agent_network(agent), 1, NULL), STATUS_OK));
    for (int i = 60; i < 100; i++) {
        const float x[] = {(float)i / 100.0f};
        const float *q = network_forward(agent_network(agent), &work, x, 1);
        worst = fmax(worst, fabs((double)(q[1] - q[0]) - ((double)x[0] - 0.5)));
    }
    workspace_release(&work);
    return worst;
}

Test(dqinit, keeps_what_it_knows_where_the_agent_is_not)
{
    begin();
    Agent *held = make_agent(&method_dqinit);
    cr_assert(eq(int, agent_prepare(held, NULL), STATUS_OK));
    live_in_a_corner(held, BUDGET);
    double with = forgotten(held);
    agent_free(held);

    method_dqinit.release(state);
    memset(state, 0, method_dqinit.state_size);
    set("dqinit.anchor", "0");
    begin();
    Agent *loose = make_agent(&method_dqinit);
    cr_assert(eq(int, agent_prepare(loose, NULL), STATUS_OK));
    live_in_a_corner(loose, BUDGET);
    double without = forgotten(loose);
    agent_free(loose);
    cr_assert(with < 0.1 && with < 0.5 * without, "%g with the anchor, %g without", with,
              without);
}

enum { PULL_ROWS = 64 };

// the mean pull on table states below and above one half, from a network that knows nothing
static void pull(double *below, double *above)
{
    float features[PULL_ROWS], q[PULL_ROWS * MADE_ACTIONS], dq[PULL_ROWS * MADE_ACTIONS];
    int low = 0, high = 0;
    *below = *above = 0.0;
    for (int i = 0; i < PULL_ROWS * MADE_ACTIONS; i++)
        q[i] = 100.0f; // so far off that level and ordering are clipped, and the pull is its
                       // weight
    for (int round = 0; round < 50; round++) {
        int rows = method_dqinit.rehearse(state, features, PULL_ROWS);
        method_dqinit.rehearse_gradient(state, q, dq);
        for (int r = 0; r < rows; r++) {
            double both = fabs((double)dq[r * MADE_ACTIONS] + (double)dq[r * MADE_ACTIONS + 1]);
            if (features[r] < 0.5f) {
                *below += both;
                low++;
            } else {
                *above += both;
                high++;
            }
        }
    }
    *below /= low;
    *above /= high;
}

static void visit(float from, int times)
{
    for (int i = 0; i < times; i++) {
        const float x[] = {from + 0.5f * (float)(i % 100) / 100.0f};
        method_dqinit.observe(state, &(Transition){.obs = x, .coords = x, .next_obs = x});
    }
}

Test(dqinit, lets_go_where_the_agent_has_been_before_it_lets_go_elsewhere)
{
    double below, above, below_known, above_known;
    set("dqinit.known_half", "10");
    set("dqinit.known_memory", "1e9"); // kappa_bar stays where it is
    begin();
    pull(&below, &above);
    cr_assert(epsilon_eq(dbl, below, above, 1e-6));
    visit(0.0f, 400);
    pull(&below_known, &above_known);
    cr_assert(lt(dbl, below_known, 0.5 * below));
    cr_assert(lt(dbl, 0.8 * above, above_known));
}

Test(dqinit, lets_go_everywhere_once_the_agent_s_own_region_is_known)
{
    double below, above, below_known, above_known;
    set("dqinit.known_half", "1");
    set("dqinit.known_memory", "50");
    begin();
    pull(&below, &above);
    visit(0.0f, 400);
    pull(&below_known, &above_known);
    cr_assert(lt(dbl, above_known, 0.3 * above)); // never visited
}

// -- the anchor on the sampled batch

enum { TAG_BYTES = 256 };

// make the sources know [lo, hi] only, and begin with a table of that
static void begin_knowing(float lo, float hi)
{
    for (int s = 0; s < MADE_SOURCES; s++)
        for (int i = 0; i < MADE_SAMPLES; i++)
            made.features[s][i] = lo + (hi - lo) * made.features[s][i];
    cr_assert(eq(int, method_dqinit.build(&made.context, NULL), STATUS_OK));
    begin();
}

static void tag_of(float x, void *tag)
{
    cr_assert(le(sz, method_dqinit.tag_shape(state).size, TAG_BYTES));
    method_dqinit.tag(state, &x, &x, tag);
}

static void visit_tagged(float x, const void *tag, int times)
{
    for (int i = 0; i < times; i++)
        method_dqinit.observe(
            state, &(Transition){.obs = &x, .coords = &x, .next_obs = &x, .tag = tag});
}

// a batch of three: .2 is visited, .4 is not, and of .9 the table knows nothing
typedef struct Three {
    double tag[3][TAG_BYTES / sizeof(double)];
    const void *at[3];
    Batch batch;
    float q[3 * MADE_ACTIONS], dq[3 * MADE_ACTIONS];
} Three;

static void make_three(Three *three)
{
    static const float x[] = {0.2f, 0.4f, 0.9f};
    set("dqinit.anchor", "0.6");
    set("dqinit.anchor_on", "batch");
    set("dqinit.known_half", "10");
    set("dqinit.known_memory", "1"); // kappa_bar is that of the last step, and is not asked
    begin_knowing(0.0f, 0.5f);
    *three = (Three){.batch = {.size = 3, .tag = three->at}};
    for (int b = 0; b < 3; b++) {
        tag_of(x[b], three->tag[b]);
        three->at[b] = three->tag[b];
    }
    for (int i = 0; i < 3 * MADE_ACTIONS; i++) {
        three->q[i] = 100.0f; // level and ordering are clipped
        three->dq[i] = 0.25f * (float)i;
    }
}

static void expect_dq(const Three *three, const double added[3 * MADE_ACTIONS])
{
    for (int i = 0; i < 3 * MADE_ACTIONS; i++)
        cr_assert(epsilon_eq(dbl, (double)three->dq[i], 0.25 * i + added[i], 1e-6), "dq[%d]",
                  i);
}

// the table says that action 1 is the worse: (clip(m) + clip(omega (d - m))) = (1 - 1, 1 + 1)
Test(dqinit, pulls_each_sampled_row_by_how_little_its_state_is_known)
{
    Three three;
    make_three(&three);
    visit_tagged(0.2f, three.tag[0], 20); // after it was tagged: kappa is read anew
    cr_assert(method_dqinit.batch_gradient(state, &three.batch, three.q, three.dq));
    const double c = 0.6, kappa = 20.0 / 30.0;
    expect_dq(&three, (double[]){0.0, 2.0 * c / 3.0 * (1.0 - kappa), 0.0, 2.0 * c / 3.0, 0, 0});
}

Test(dqinit, pulls_a_row_to_the_values_that_the_table_had_for_it)
{
    Three three;
    make_three(&three);
    for (int b = 0; b < 2; b++) { // the mean of Q(x, 1) = x - .5 in the cells around x
        three.q[b * MADE_ACTIONS] = 0.3f;
        three.q[b * MADE_ACTIONS + 1] = 0.3f + (b ? -0.1f : -0.3f);
    }
    cr_assert(method_dqinit.batch_gradient(state, &three.batch, three.q, three.dq));
    for (int i = 0; i < 2 * MADE_ACTIONS; i++)
        cr_assert(epsilon_eq(dbl, (double)three.dq[i], 0.25 * i + 0.6 / 3.0 * 0.3, 0.02),
                  "dq[%d]", i);
}

Test(dqinit, pulls_nothing_where_the_table_is_silent)
{
    Three three;
    make_three(&three);
    for (int b = 0; b < 2; b++)
        three.at[b] = three.tag[2];
    cr_assert(not(method_dqinit.batch_gradient(state, &three.batch, three.q, three.dq)));
    expect_dq(&three, (double[3 * MADE_ACTIONS]){0});
}

Test(dqinit, rehearses_or_pulls_the_batch_but_not_both)
{
    float features[PULL_ROWS], q[MADE_ACTIONS] = {0}, dq[MADE_ACTIONS] = {3.0f, 4.0f};
    Batch batch = {.size = 1};
    begin(); // table states are the default
    cr_assert(eq(sz, method_dqinit.tag_shape(state).size, 0));
    cr_assert(eq(int, method_dqinit.rehearse(state, features, PULL_ROWS), 16));
    cr_assert(not(method_dqinit.batch_gradient(state, &batch, q, dq)));
    cr_assert(dq[0] == 3.0f && dq[1] == 4.0f);

    method_dqinit.release(state);
    memset(state, 0, method_dqinit.state_size);
    set("dqinit.anchor_on", "batch");
    begin();
    cr_assert(eq(int, method_dqinit.rehearse(state, features, PULL_ROWS), 0));
    cr_assert(lt(sz, 0, method_dqinit.tag_shape(state).size));
}

// how far Q(x, 1) - Q(x, 0) has gone from the table's where the agent lives
static double moved(const char *anchor)
{
    double worst = 0.0;
    set("dqinit.anchor", anchor);
    set("dqinit.anchor_on", "batch");
    set("dqinit.known_half", "1e9"); // never known
    begin();
    Agent *agent = make_agent(&method_dqinit);
    Workspace work;
    cr_assert(eq(int, agent_prepare(agent, NULL), STATUS_OK));
    live_in_a_corner(agent, BUDGET);
    cr_assert(eq(int, workspace_init(&work, agent_network(agent), 1, NULL), STATUS_OK));
    for (int i = 0; i < 10; i++) {
        const float x[] = {(float)i / 100.0f};
        const float *q = network_forward(agent_network(agent), &work, x, 1);
        worst = fmax(worst, fabs((double)(q[1] - q[0]) - ((double)x[0] - 0.5)));
    }
    workspace_release(&work);
    agent_free(agent);
    method_dqinit.release(state);
    memset(state, 0, method_dqinit.state_size);
    return worst;
}

Test(dqinit, holds_the_sampled_states_at_the_table)
{
    double with = moved("3"), without = moved("0");
    cr_assert(with < 0.15 && with < 0.5 * without, "%g with the anchor, %g without", with,
              without);
}

Test(dqinit, is_scratch_bit_for_bit_where_all_sampled_states_are_unknown_to_the_table)
{
    set("dqinit.anchor_on", "batch");
    set("dqinit.prefit", "0");
    begin_knowing(0.5f, 1.0f); // the agent lives below .1
    Agent *a = make_agent(&method_dqinit), *b = make_agent(&method_scratch);
    live_in_a_corner(a, BUDGET);
    live_in_a_corner(b, BUDGET);
    size_t size = (size_t)agent_network(a)->param_count * sizeof(float);
    cr_assert(memcmp(agent_network(a)->params, agent_network(b)->params, size) == 0);
    agent_free(a);
    agent_free(b);
}

Test(dqinit, goes_on_from_an_archive_with_its_tags_to_the_last_bit)
{
    set("dqinit.anchor_on", "batch");
    begin();
    Agent *part = make_agent(&method_dqinit);
    void *first = state;
    live_in_a_corner(part, 151);
    Archive *archive;
    const char *path = test_path("state");
    cr_assert(eq(int, archive_create(&archive, path, "test", 1, NULL), STATUS_OK));
    agent_archive(part, archive);
    cr_assert(eq(int, archive_close(archive, NULL), STATUS_OK));

    state = mem_array(1, method_dqinit.state_size);
    begin();
    Agent *rest = make_agent(&method_dqinit);
    cr_assert(eq(int, archive_open(&archive, path, "test", 1, NULL), STATUS_OK));
    agent_archive(rest, archive);
    cr_assert(eq(int, archive_close(archive, NULL), STATUS_OK));
    live_in_a_corner(part, 200);
    live_in_a_corner(rest, 200);
    size_t size = (size_t)agent_network(part)->param_count * sizeof(float);
    cr_assert(memcmp(agent_network(part)->params, agent_network(rest)->params, size) == 0);
    agent_free(part);
    agent_free(rest);
    method_dqinit.release(first);
    mem_free(first);
}

Test(dqinit, is_scratch_bit_for_bit_without_pre_fit_and_anchor)
{
    set("dqinit.anchor", "0");
    set("dqinit.prefit", "0");
    begin();
    Agent *a = make_agent(&method_dqinit), *b = make_agent(&method_scratch);
    cr_assert(eq(int, agent_prepare(a, NULL), STATUS_OK));
    cr_assert(eq(int, agent_prepare(b, NULL), STATUS_OK));
    live_in_a_corner(a, BUDGET);
    live_in_a_corner(b, BUDGET);
    size_t size = (size_t)agent_network(a)->param_count * sizeof(float);
    cr_assert(memcmp(agent_network(a)->params, agent_network(b)->params, size) == 0);
    agent_free(a);
    agent_free(b);
}

Test(dqinit, takes_no_memory_after_it_began)
{
    static const char *const on[] = {"table", "batch"};
    for (int i = 0; i < 2; i++) {
        set("dqinit.anchor_on", on[i]);
        begin();
        Agent *agent = make_agent(&method_dqinit);
        int64_t before = mem_count();
        live_in_a_corner(agent, BUDGET);
        cr_assert(eq(int, (int)(mem_count() - before), 0), "%s", on[i]);
        agent_free(agent);
        method_dqinit.release(state);
        memset(state, 0, method_dqinit.state_size);
    }
}

typedef struct Told {
    double hit_rate, kappa_bar, cells;
    int warnings;
} Told;

static void hear_number(void *sink, const char *name, double value)
{
    Told *told = sink;
    if (strcmp(name, "hit_rate") == 0) told->hit_rate = value;
    if (strcmp(name, "kappa_bar") == 0) told->kappa_bar = value;
    if (strcmp(name, "cells") == 0) told->cells = value;
}

static void hear_warning(void *sink, const char *sentence)
{
    Told *told = sink;
    cr_assert(strstr(sentence, "table of source") != NULL, "%s", sentence);
    told->warnings++;
}

Test(dqinit, tells_its_diagnostics_and_warns_of_a_poor_table)
{
    begin();
    const float known[] = {0.5f};
    for (int i = 0; i < 10; i++)
        (void)method_dqinit.prior(state, &(Sight){.features = known, .coords = known});
    Told told = {0};
    Report report = {&told, hear_number, hear_warning};
    method_dqinit.report(state, &report);
    cr_assert(eq(dbl, told.hit_rate, 1.0));
    cr_assert(eq(dbl, told.kappa_bar, 0.0));
    cr_assert(lt(dbl, 100.0, told.cells));
    cr_assert(eq(int, told.warnings, 0));

    // one cell for the whole range cannot tell the halves apart
    method_dqinit.release(state);
    memset(state, 0, method_dqinit.state_size);
    set("dqinit.tilings", "1");
    set("dqinit.bins", "1");
    cr_assert(eq(int, method_dqinit.build(&made.context, NULL), STATUS_OK));
    begin();
    method_dqinit.report(state, &report);
    cr_assert(eq(int, told.warnings, MADE_SOURCES));
}

Test(dqinit, refuses_knowledge_of_another_family)
{
    Error err = {0};
    context.shape.action_count = 5;
    cr_assert(eq(int, method_dqinit.init(state, &context, &err), STATUS_MISMATCH));
    cr_assert(ne(chr, err.message[0], '\0'));
}

Test(dqinit, releases_all_when_beginning_fails)
{
    Status status = STATUS_NOMEM;
    int fail = 0;
    for (; status != STATUS_OK; fail++) {
        mem_fail_at(fail);
        status = method_dqinit.init(state, &context, NULL);
        mem_fail_at(-1);
        cr_assert(status == STATUS_OK || status == STATUS_NOMEM, "failing request %d", fail);
        if (status == STATUS_OK) break;
        method_dqinit.release(state);
        memset(state, 0, method_dqinit.state_size);
    }
    cr_assert(lt(int, 8, fail));
}
