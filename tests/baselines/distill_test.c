#include "baselines/softmax.h"
#include "baselines/source_steps.h"
#include "tests/baselines/made_steps.h"
#include "tests/support/folder.h"

static Bench bench;
static MadeSteps made;

static void setup(void)
{
    test_folder_make();
    bench_init(&bench, &method_distill);
    made_steps_init(&made, &bench, test_path("steps"));
    made.context.settings = bench.settings;
    bench.context.knowledge = made.context.path;
    bench.context.picked = 0; // teacher -100, chance -1200
    bench_set(&bench, "distill.updates", "0");
    bench_set(&bench, "distill.window", "4");
    cr_assert(eq(int, method_distill.build(&made.context, NULL), STATUS_OK));
}

static void teardown(void)
{
    bench_release(&bench);
    test_folder_remove();
}

TestSuite(distill, .init = setup, .fini = teardown);

Test(distill, is_scratch_bit_for_bit_without_updates_and_weight)
{
    bench_set(&bench, "distill.lambda", "0");
    bench_begin(&bench);
    cr_assert(bench_is_scratch(&bench));
}

Test(distill, is_not_scratch_by_its_weight_alone)
{
    bench_begin(&bench);
    cr_assert(not(bench_is_scratch(&bench)));
}

Test(distill, keeps_nothing_about_states_that_no_update_will_ask_for)
{
    bench_begin(&bench);
    cr_assert(eq(sz, method_distill.tag_shape(bench.state).size, 2 * sizeof(float)));
    bench_set(&bench, "distill.form", "offline");
    bench_again(&bench);
    cr_assert(eq(sz, method_distill.tag_shape(bench.state).size, 0));
    bench_set(&bench, "distill.form", "joint");
    bench_set(&bench, "distill.lambda", "0");
    bench_again(&bench);
    cr_assert(eq(sz, method_distill.tag_shape(bench.state).size, 0));
}

// -- the weight

// a training episode of ten steps that returns `sum`
static void play(int episodes, double sum)
{
    for (int e = 0; e < episodes; e++)
        for (int i = 0; i < 10; i++) {
            float x[CHAIN_FEATURES], next[CHAIN_FEATURES];
            bench_look(i, x);
            bench_look(i + 1, next);
            method_distill.observe(bench.state, &(Transition){.obs = x,
                                                              .next_obs = next,
                                                              .reward = i == 5 ? sum : 0.0,
                                                              .truncated = i == 9});
        }
}

static void expect_lambda(double lambda)
{
    cr_assert(epsilon_eq(dbl, bench_number(&bench, "lambda"), lambda, 1e-12));
}

Test(distill, weighs_the_teacher_by_what_negative_returns_leave_to_its_level)
{
    bench_begin(&bench);
    expect_lambda(3.0);
    play(3, -500.0);
    expect_lambda(3.0); // not yet a full window
    play(1, -500.0);
    expect_lambda(3.0 * 400.0 / 1100.0); // 1 - (-500 + 1200) / (-100 + 1200)
    play(2, -900.0);
    expect_lambda(3.0 * 600.0 / 1100.0); // of the last four
}

Test(distill, traces_the_weight)
{
    bench_begin(&bench);
    cr_assert(eq(dbl, bench_traced(&bench, "lambda"), 3.0));
    play(4, -500.0);
    cr_assert(epsilon_eq(dbl, bench_traced(&bench, "lambda"), 3.0 * 400.0 / 1100.0, 1e-12));
}

Test(distill, gives_the_whole_weight_below_chance_and_none_above_the_teacher)
{
    bench_begin(&bench);
    play(4, -2000.0);
    expect_lambda(3.0);
    play(4, -100.0);
    expect_lambda(0.0);
    play(4, -50.0);
    expect_lambda(0.0); // not below
    play(4, -650.0);
    expect_lambda(1.5); // and it comes back
}

Test(distill, weans_positive_returns_likewise)
{
    bench.context.picked = 1; // teacher 50, chance 10
    bench_begin(&bench);
    play(4, 20.0);
    expect_lambda(3.0 * 0.75);
}

// half of 2000 steps
Test(distill, gives_no_weight_from_a_share_of_the_budget_on)
{
    bench_begin(&bench);
    play(99, -2000.0);
    expect_lambda(3.0);
    play(1, -2000.0);
    expect_lambda(0.0);
}

Test(distill, weans_by_the_clock_if_told_to)
{
    bench_set(&bench, "distill.weaning", "linear");
    bench_begin(&bench);
    play(25, -100.0); // as good as the teacher
    expect_lambda(3.0 * 0.75);
    play(74, -100.0);
    expect_lambda(3.0 * 0.01);
    play(1, -100.0);
    expect_lambda(0.0);
    play(20, -100.0);
    expect_lambda(0.0);
}

Test(distill, does_not_count_an_episode_that_the_physics_lost)
{
    bench_begin(&bench);
    play(3, -500.0);
    const float x[] = {0.5f, 0.1f}, next[] = {0.6f, 0.2f};
    method_distill.observe(bench.state,
                           &(Transition){.obs = x, .next_obs = next, .reward = -1e6});
    play(1, -500.0);
    expect_lambda(3.0 * 400.0 / 1100.0);
}

Test(distill, has_nothing_to_learn_from_a_teacher_no_better_than_chance)
{
    made.teacher_return[0] = -1200.0;
    cr_assert(eq(int, method_distill.build(&made.context, NULL), STATUS_OK));
    bench_begin(&bench);
    play(4, -2000.0);
    expect_lambda(0.0);
    cr_assert(eq(int, bench_told(&bench, "tau").warnings, 1));
}

// -- the loss

enum { ROWS = 5 };

typedef struct Rows {
    float tag[ROWS][CHAIN_ACTIONS];
    const void *at[ROWS];
    float q[ROWS * CHAIN_ACTIONS], dq[ROWS * CHAIN_ACTIONS];
    Batch batch;
} Rows;

static void make_rows(Rows *rows)
{
    *rows = (Rows){.batch = {.size = ROWS, .tag = rows->at}};
    for (int b = 0; b < ROWS; b++) {
        float x[CHAIN_FEATURES];
        bench_look(2 * b, x);
        method_distill.tag(bench.state, x, NULL, rows->tag[b]);
        rows->at[b] = rows->tag[b];
        for (int a = 0; a < CHAIN_ACTIONS; a++) {
            rows->q[b * CHAIN_ACTIONS + a] = (float)(b * a) / 64.0f - 3.0f;
            rows->dq[b * CHAIN_ACTIONS + a] = 1.0f;
        }
    }
}

static double loss_of(const Rows *rows, const float *q, double tau)
{
    double sum = 0.0;
    for (int b = 0; b < ROWS; b++)
        sum += softmax_kl(rows->tag[b], q + b * CHAIN_ACTIONS, CHAIN_ACTIONS, tau);
    return sum / ROWS;
}

Test(distill, tags_a_state_with_its_teacher_s_policy_at_tau)
{
    Rows rows;
    Workspace work;
    bench_begin(&bench);
    make_rows(&rows);
    double tau = bench_number(&bench, "tau");
    cr_assert(eq(int, workspace_init(&work, &bench.network[0], 1, NULL), STATUS_OK));
    for (int b = 0; b < ROWS; b++) {
        float x[CHAIN_FEATURES];
        bench_look(2 * b, x);
        const float *q = network_forward(&bench.network[0], &work, x, 1);
        double odds = exp((double)(q[1] - q[0]) / tau);
        cr_assert(epsilon_eq(dbl, (double)rows.tag[b][1], odds / (1.0 + odds), 1e-5));
    }
    workspace_release(&work);
}

Test(distill, sets_tau_in_units_of_the_teacher_s_gap)
{
    SourceSteps steps;
    cr_assert(eq(int, source_steps_read(&steps, made.context.path, 0, NULL), STATUS_OK));
    bench_set(&bench, "distill.tau", "0.25");
    bench_begin(&bench);
    cr_assert(eq(dbl, bench_number(&bench, "tau"), 0.25 * steps.action_gap));
    source_steps_release(&steps);
}

// at half of the way between chance and teacher
static void expect_gradient(double sum)

{
    Rows rows;
    const double by = 1.0 / 4096.0;
    bench_begin(&bench);
    play(4, sum);
    double tau = bench_number(&bench, "tau"), lambda = bench_number(&bench, "lambda");
    cr_assert(eq(dbl, lambda, 1.5));
    make_rows(&rows);
    cr_assert(method_distill.batch_gradient(bench.state, &rows.batch, rows.q, rows.dq));
    for (int i = 0; i < ROWS * CHAIN_ACTIONS; i++) {
        float up[ROWS * CHAIN_ACTIONS], down[ROWS * CHAIN_ACTIONS];
        memcpy(up, rows.q, sizeof up);
        memcpy(down, rows.q, sizeof down);
        up[i] += (float)by;
        down[i] -= (float)by;
        double slope =
            lambda * (loss_of(&rows, up, tau) - loss_of(&rows, down, tau)) / (2.0 * by);
        cr_assert(epsilon_eq(dbl, (double)rows.dq[i] - 1.0, slope, 1e-3), "dq[%d]", i);
    }
}

Test(distill, adds_the_gradient_that_finite_differences_of_its_loss_have)
{
    bench_set(&bench, "distill.tau", "10");
    expect_gradient(-650.0);
}

Test(distill, leaves_the_gradient_alone_once_it_is_weaned)
{
    Rows rows;
    bench_begin(&bench);
    make_rows(&rows);
    play(4, -100.0);
    cr_assert(not(method_distill.batch_gradient(bench.state, &rows.batch, rows.q, rows.dq)));
    for (int i = 0; i < ROWS * CHAIN_ACTIONS; i++)
        cr_assert(rows.dq[i] == 1.0f);
}

// -- off-line

static double largest_move(const Network *a, const Network *b)
{
    double most = 0.0;
    for (int i = 0; i < a->param_count; i++)
        most = fmax(most, fabs((double)a->params[i] - (double)b->params[i]));
    return most;
}

// the first step of Adam is the learning rate, or less
Test(distill, begins_off_line_with_the_run_s_own_weights_at_its_first_rate)
{
    bench_set(&bench, "distill.updates", "1");
    bench.agent.lr_end = 0.05;
    bench.agent.average = 0.01;
    bench_begin(&bench);
    Agent *agent = bench_agent(&bench, &method_distill);
    Agent *scratch = bench_agent(&bench, &method_scratch);
    double moved = largest_move(agent_network(agent), agent_network(scratch));
    cr_assert(le(dbl, moved, 1.001 * bench.agent.lr));
    cr_assert(le(dbl, 0.9 * bench.agent.lr, moved));
    agent_free(agent);
    agent_free(scratch);
}

// the sum of KL(softmax(q_T / tau) || softmax(q_S / student_tau)) over a source's states
static double divergence(const Network *student, int source, double tau, double student_tau)
{
    Workspace at, of;
    double sum = 0.0;
    cr_assert(eq(int, workspace_init(&at, &bench.network[source], 1, NULL), STATUS_OK));
    cr_assert(eq(int, workspace_init(&of, student, 1, NULL), STATUS_OK));
    for (int i = 0; i < made.task[source].sample_count; i++) {
        float p[CHAIN_ACTIONS];
        const float *x = made.features + i * CHAIN_FEATURES;
        softmax(network_forward(&bench.network[source], &at, x, 1), CHAIN_ACTIONS, tau, p);
        sum += softmax_kl(p, network_forward(student, &of, x, 1), CHAIN_ACTIONS, student_tau);
    }
    workspace_release(&at);
    workspace_release(&of);
    return sum;
}

Test(distill, divides_the_student_s_values_by_tau_in_its_joint_form_alone)
{
    static const char *const form[] = {"joint", "offline"};
    bench_set(&bench, "distill.updates", "1");
    bench_begin(&bench);
    Agent *scratch = bench_agent(&bench, &method_scratch);
    for (int i = 0; i < 2; i++) {
        bench_set(&bench, "distill.form", form[i]);
        bench_again(&bench);
        agent_free(bench_agent(&bench, &method_distill));
        double tau = bench_number(&bench, "tau");
        double start = divergence(agent_network(scratch), 0, tau, i == 0 ? tau : 1.0);
        cr_assert(epsilon_eq(dbl, bench_number(&bench, "offline_kl_start"), start / MADE_STEPS,
                             1e-9));
    }
    agent_free(scratch);
}

// the parameters of a network to whom all is worth nothing
static float *clear(Network *network)
{
    memset(network->params, 0, (size_t)network->param_count * sizeof *network->params);
    return network->params;
}

Test(distill, acts_as_its_teacher_after_the_off_line_phase)
{
    static const char *const form[] = {"joint", "offline"};
    for (int i = 0; i < 2; i++) {
        // a clear order: the second action is worth 1 more to the left of the middle
        float *p = clear(&bench.network[0]);
        p[1 * 8] = 1.0f;               // x[1] to the first hidden unit
        p[16 + 8] = 1.0f;              // and on
        p[16 + 8 + 64 + 8 + 1] = 2.0f; // to the second action
        p[16 + 8 + 64 + 8 + 16] = 1.0f;
        cr_assert(eq(int, method_distill.build(&made.context, NULL), STATUS_OK));
        bench_set(&bench, "distill.form", form[i]);
        bench_set(&bench, "distill.updates", "1500");
        if (i == 1) bench_set(&bench, "distill.lambda", "0"); // not asked for
        bench_again(&bench);
        Agent *agent = bench_agent(&bench, &method_distill);
        for (int place = 0; place <= CHAIN_PLACES; place++) {
            float x[CHAIN_FEATURES];
            bench_look(place, x);
            if (place == CHAIN_PLACES / 2) continue;
            cr_assert(
                eq(int, agent_greedy(agent, &(Sight){.features = x}), place < CHAIN_PLACES / 2),
                "%s at %d", form[i], place);
        }
        cr_assert(lt(dbl, bench_number(&bench, "offline_kl_end"),
                     0.2 * bench_number(&bench, "offline_kl_start")));
        agent_free(agent);
    }
}

Test(distill, learns_nothing_more_in_its_off_line_form)
{
    bench_set(&bench, "distill.form", "offline");
    bench_set(&bench, "distill.updates", "50");
    bench_begin(&bench);
    Agent *agent = bench_agent(&bench, &method_distill);
    Network before = {0};
    const Network *net = agent_network(agent);
    cr_assert(eq(int, network_init(&before, (NetworkShape){2, 8, 2, 2}, NULL), STATUS_OK));
    network_copy(&before, net);
    bench_live(&bench, agent, 300);
    cr_assert(lt(i64, 200, agent_updates(agent)));
    cr_assert(is_same(net, &before));
    expect_lambda(0.0);
    network_release(&before);
    agent_free(agent);
}

Test(distill, keeps_no_steps_for_an_off_line_phase_of_no_updates)
{
    const size_t states = (size_t)2 * MADE_STEPS * CHAIN_FEATURES * sizeof(float);
    Network network = {0}; // not looked at
    if (bench_held() == 0) cr_skip_test("a heap that tells nothing");
    bench_begin(&bench);
    size_t before = bench_held();
    cr_assert(eq(int, method_distill.prepare(bench.state, &network, NULL), STATUS_OK));
    cr_assert(le(sz, bench_held() + states, before));
}

Test(distill, makes_nothing_of_steps_that_all_ended_in_diverged_physics)
{
    Error err = {0};
    Network network = {0};
    for (int i = 0; i < MADE_STEPS; i++)
        if (made.end[i] || i == MADE_STEPS - 1) made.end[i] = STEP_DIVERGED;
    cr_assert(eq(int, method_distill.build(&made.context, NULL), STATUS_OK));
    bench_set(&bench, "distill.updates", "5");
    bench_begin(&bench);
    cr_assert(eq(int, network_init(&network, (NetworkShape){2, 8, 2, 2}, NULL), STATUS_OK));
    cr_assert(eq(int, method_distill.prepare(bench.state, &network, &err), STATUS_RANGE));
    cr_assert(strstr(err.message, "'first'") != NULL, "%s", err.message);
    network_release(&network);
}

Test(distill, learns_from_the_episodes_around_one_that_diverged)
{
    made.end[49] = STEP_DIVERGED;
    cr_assert(eq(int, method_distill.build(&made.context, NULL), STATUS_OK));
    bench_set(&bench, "distill.updates", "20");
    bench_begin(&bench);
    agent_free(bench_agent(&bench, &method_distill));
    cr_assert(lt(dbl, bench_number(&bench, "offline_kl_end"),
                 bench_number(&bench, "offline_kl_start")));
}

// -- all sources

static void take_all(void)
{
    bench.context.picked = 0;
    bench.context.picked_count = BENCH_SOURCES;
}

// what teacher `source` holds of the rows' states, at its own tau
static void ask_alone(Rows *rows, int source)
{
    bench.context.picked = source;
    bench.context.picked_count = 1;
    bench_again(&bench);
    make_rows(rows);
}

Test(distill, teaches_the_mean_of_all_teachers_policies_each_at_its_own_tau)
{
    Rows alone[BENCH_SOURCES], rows;
    double tau[BENCH_SOURCES];
    for (int s = 0; s < BENCH_SOURCES; s++) {
        ask_alone(&alone[s], s);
        tau[s] = bench_number(&bench, "tau");
    }
    take_all();
    bench_again(&bench);
    make_rows(&rows);
    for (int b = 0; b < ROWS; b++)
        for (int a = 0; a < CHAIN_ACTIONS; a++) {
            double mean = ((double)alone[0].tag[b][a] + (double)alone[1].tag[b][a]) / 2.0;
            cr_assert(rows.tag[b][a] == (float)mean, "row %d", b);
            cr_assert(alone[0].tag[b][a] != alone[1].tag[b][a]);
        }
    cr_assert(tau[0] != tau[1]);
    cr_assert(eq(dbl, bench_number(&bench, "tau"), (tau[0] + tau[1]) / 2.0));
}

// chance -1200 and 10, teachers -100 and 50
Test(distill, weans_from_all_teachers_by_their_means)
{
    take_all();
    bench_begin(&bench);
    cr_assert(eq(dbl, bench_number(&bench, "teacher_return"), -25.0));
    cr_assert(eq(dbl, bench_number(&bench, "random_return"), -595.0));
    play(4, -405.0);
    expect_lambda(3.0 * 380.0 / 570.0);
}

Test(distill, warns_of_teachers_that_on_average_are_no_better_than_chance)
{
    made.teacher_return[0] = -1150.0; // 50 above chance
    made.teacher_return[1] = -50.0;   // 60 below
    cr_assert(eq(int, method_distill.build(&made.context, NULL), STATUS_OK));
    take_all();
    bench_begin(&bench);
    cr_assert(eq(int, bench_told(&bench, "tau").warnings, 1));
}

Test(distill, adds_the_gradient_of_the_loss_of_all_teachers_mean)
{
    bench_set(&bench, "distill.tau", "10");
    take_all();
    expect_gradient(-310.0);
}

Test(distill, adds_nothing_where_the_student_has_the_teachers_mean_policy)
{
    Rows rows;
    take_all();
    bench_set(&bench, "distill.tau", "10");
    bench_begin(&bench);
    double tau = bench_number(&bench, "tau");
    make_rows(&rows);
    for (int b = 0; b < ROWS; b++)
        for (int a = 0; a < CHAIN_ACTIONS; a++)
            rows.q[b * CHAIN_ACTIONS + a] = (float)(tau * log((double)rows.tag[b][a]));
    cr_assert(epsilon_eq(dbl, loss_of(&rows, rows.q, tau), 0.0, 1e-9));
    cr_assert(method_distill.batch_gradient(bench.state, &rows.batch, rows.q, rows.dq));
    for (int i = 0; i < ROWS * CHAIN_ACTIONS; i++)
        cr_assert(epsilon_eq(dbl, (double)rows.dq[i], 1.0, 1e-5), "dq[%d]", i);
}

enum { EQUALS = 4 };

static double even(void *evaluator, int index, Policy policy, void *state)
{
    int *asked = evaluator;
    (void)index, (void)policy, (void)state;
    return (*asked)++ % 2 ? -1200.0 : -100.0;
}

// the first source as often as one likes, under other names
static void repeat_first(TrainedSource *source, SourceTask *task)
{
    static const char *const names[EQUALS] = {"first", "again", "anew", "once more"};
    static int asked;
    for (int s = 0; s < EQUALS; s++) {
        source[s] = bench.source[0];
        task[s] = made.task[0];
        source[s].member = task[s].member = names[s];
    }
    made.context.source = task;
    made.context.source_count = bench.context.source_count = EQUALS;
    made.context.evaluate = even;
    made.context.evaluator = &asked;
    bench.context.source = source;
    cr_assert(eq(int, method_distill.build(&made.context, NULL), STATUS_OK));
}

Test(distill, teaches_the_policy_that_all_teachers_have)
{
    Rows alone, rows;
    TrainedSource source[EQUALS];
    SourceTask task[EQUALS];
    repeat_first(source, task);
    ask_alone(&alone, 0);
    double tau = bench_number(&bench, "tau");
    bench.context.picked_count = EQUALS;
    bench_again(&bench);
    make_rows(&rows);
    cr_assert(memcmp(rows.tag, alone.tag, sizeof rows.tag) == 0);
    cr_assert(eq(dbl, bench_number(&bench, "tau"), tau));
    play(4, -500.0);
    expect_lambda(3.0 * 400.0 / 1100.0);
}

Test(distill, measures_the_off_line_phase_on_all_steps_each_with_its_own_teacher)
{
    double tau[BENCH_SOURCES], mean = 0.0;
    Agent *scratch = bench_agent(&bench, &method_scratch);
    bench_set(&bench, "distill.updates", "1");
    for (int s = 0; s < BENCH_SOURCES; s++) {
        Rows unused;
        ask_alone(&unused, s);
        tau[s] = bench_number(&bench, "tau");
    }
    for (int s = 0; s < BENCH_SOURCES; s++)
        mean += divergence(agent_network(scratch), s, tau[s], (tau[0] + tau[1]) / 2.0) /
                (400 + 300);
    take_all();
    bench_again(&bench);
    agent_free(bench_agent(&bench, &method_distill));
    cr_assert(epsilon_eq(dbl, bench_number(&bench, "offline_kl_start"), mean, 1e-9));
    agent_free(scratch);
}

// one was on the left and goes right, the other was on the right and goes left
Test(distill, learns_off_line_from_each_teacher_where_it_was)
{
    static float left[MADE_STEPS * CHAIN_FEATURES], right[MADE_STEPS * CHAIN_FEATURES];
    clear(&bench.network[0])[16 + 8 + 64 + 8 + 16 + 1] = 1.0f;
    clear(&bench.network[1])[16 + 8 + 64 + 8 + 16] = 1.0f;
    for (int i = 0; i < MADE_STEPS; i++) {
        bench_look(i % 4, left + i * CHAIN_FEATURES);
        bench_look(CHAIN_PLACES - i % 4, right + i * CHAIN_FEATURES);
    }
    made.task[0].features = left;
    made.task[1].features = right;
    cr_assert(eq(int, method_distill.build(&made.context, NULL), STATUS_OK));
    bench_set(&bench, "distill.form", "offline");
    bench_set(&bench, "distill.updates", "1500");
    take_all();
    bench_begin(&bench);
    Agent *agent = bench_agent(&bench, &method_distill);
    for (int i = 0; i < 4; i++) {
        cr_assert(eq(int, agent_greedy(agent, &(Sight){.features = left + i * 2}), 1));
        cr_assert(eq(int, agent_greedy(agent, &(Sight){.features = right + i * 2}), 0));
    }
    agent_free(agent);
}

Test(distill, names_the_one_of_all_teachers_whose_steps_teach_nothing)
{
    static uint8_t lost[MADE_STEPS];
    Error err = {0};
    Network network = {0};
    memcpy(lost, made.end, sizeof lost);
    for (int i = 0; i < MADE_STEPS; i++)
        if (lost[i]) lost[i] = STEP_DIVERGED;
    made.task[1].end = lost; // its 300 steps end with a whole episode
    cr_assert(eq(int, method_distill.build(&made.context, NULL), STATUS_OK));
    bench_set(&bench, "distill.updates", "5");
    take_all();
    bench_begin(&bench);
    cr_assert(eq(int, network_init(&network, (NetworkShape){2, 8, 2, 2}, NULL), STATUS_OK));
    cr_assert(eq(int, method_distill.prepare(bench.state, &network, &err), STATUS_RANGE));
    cr_assert(strstr(err.message, "'second'") != NULL, "%s", err.message);
    network_release(&network);
}

// -- the rest

Test(distill, refuses_a_file_of_other_sources)
{
    Error err = {0};
    bench.source[0].member = "another";
    cr_assert(eq(int, method_distill.init(bench.state, &bench.context, &err), STATUS_MISMATCH));
    cr_assert(strstr(err.message, "other sources") != NULL, "%s", err.message);
    method_distill.release(bench.state);
    memset(bench.state, 0, method_distill.state_size);

    bench.source[0].member = "first";
    bench.context.shape.feature_dim = 3;
    cr_assert(eq(int, method_distill.init(bench.state, &bench.context, &err), STATUS_MISMATCH));
}

Test(distill, takes_no_memory_after_it_began)
{
    bench_set(&bench, "distill.updates", "10");
    bench_begin(&bench);
    Agent *agent = bench_agent(&bench, &method_distill);
    int64_t taken = mem_count();
    bench_live(&bench, agent, 200);
    cr_assert(eq(i64, mem_count(), taken));
    agent_free(agent);
}

Test(distill, can_run_out_of_memory_at_any_request)
{
    Network network = {0};
    Status status = STATUS_NOMEM;
    take_all();
    bench_set(&bench, "distill.updates", "1");
    cr_assert(eq(int, network_init(&network, (NetworkShape){2, 8, 2, 2}, NULL), STATUS_OK));
    for (int nth = 0; status != STATUS_OK; nth++) {
        method_distill.release(bench.state);
        memset(bench.state, 0, method_distill.state_size);
        mem_fail_at(nth);
        status = method_distill.init(bench.state, &bench.context, NULL);
        if (status == STATUS_OK) status = method_distill.prepare(bench.state, &network, NULL);
        mem_fail_at(-1);
        cr_assert(status == STATUS_NOMEM || status == STATUS_OK, "%s", status_name(status));
        cr_assert(lt(int, nth, 200));
    }
    network_release(&network);
}

Test(distill, goes_on_from_an_archive_to_the_last_bit)
{
    bench_set(&bench, "distill.updates", "10");
    bench_begin(&bench);
    Agent *part = bench_agent(&bench, &method_distill);
    bench_live(&bench, part, 333);
    Bench rest = bench; // the same chain and settings, and a state of its own
    rest.state = mem_array(1, method_distill.state_size);
    bench_archive(part, test_path("state"), true);
    bench_begin(&rest);
    Agent *again = bench_agent(&rest, &method_distill);
    rest.place = bench.place;
    rest.elapsed = bench.elapsed;
    bench_archive(again, test_path("state"), false);
    bench_live(&bench, part, 300);
    bench_live(&rest, again, 300);
    cr_assert(is_same(agent_network(part), agent_network(again)));
    cr_assert(eq(dbl, bench_number(&bench, "lambda"), bench_number(&rest, "lambda")));
    agent_free(part);
    agent_free(again);
    method_distill.release(rest.state);
    mem_free(rest.state);
}

Test(distill, refuses_a_state_that_cannot_be)
{
    static const char *const total[] = {"distill.steps", "window.count"};
    static const int64_t count[] = {-1, INT64_MAX};
    bench_begin(&bench);
    play(3, -500.0);
    for (int i = 0; i < 4; i++)
        cr_assert(bench_refuses(&bench, test_path("state"), total[i / 2], &count[i % 2],
                                sizeof count[0]),
                  "%s", total[i / 2]);
}
