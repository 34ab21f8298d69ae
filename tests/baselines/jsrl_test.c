#include "tests/baselines/bench.h"
#include "tests/support/folder.h"

static Bench bench;

static void setup(void)
{
    test_folder_make();
    bench_init(&bench, &method_jsrl);
    bench_set(&bench, "jsrl.stages", "4"); // h of 20, 15, 10, 5, 0
    bench_set(&bench, "jsrl.patience", "1e6");
}

static void teardown(void)
{
    bench_release(&bench);
    test_folder_remove();
}

TestSuite(jsrl, .init = setup, .fini = teardown);

static const float here[CHAIN_FEATURES] = {0.3f, 0.7f};

static int act(int elapsed, bool training)
{
    Sight sight = {.features = here, .elapsed = elapsed, .training = training};
    return method_jsrl.guide(bench.state, &sight);
}

// steps that are guided in an episode; they must be the first
static int guided(int length, bool training)
{
    int count = 0;
    for (int i = 0; i < length; i++) {
        bool own = act(i, training) < 0;
        cr_assert(not(count < i && !own), "guided again at step %d", i);
        count += !own;
    }
    return count;
}

// a training episode of some length that returns `sum`
static int play_long(int length, double sum)
{
    int count = 0;
    for (int i = 0; i < length; i++) {
        count += act(i, true) >= 0;
        method_jsrl.observe(
            bench.state, &(Transition){.reward = i ? 0.0 : sum, .terminated = i == length - 1});
    }
    return count;
}

static void play(int episodes, double sum)
{
    for (int e = 0; e < episodes; e++)
        (void)play_long(CHAIN_LIMIT, sum);
}

static void expect_stage(int stage)
{
    cr_assert(eq(dbl, bench_number(&bench, "stage"), (double)stage));
    cr_assert(eq(dbl, bench_number(&bench, "guide_horizon"), 20.0 - 5.0 * stage));
}

Test(jsrl, is_scratch_bit_for_bit_without_a_guided_step)
{
    bench_set(&bench, "jsrl.horizon", "0");
    bench_begin(&bench);
    cr_assert(not(method_jsrl.acts(bench.state)));
    cr_assert(bench_is_scratch(&bench));
    cr_assert(eq(dbl, bench_number(&bench, "own_step_fraction"), 1.0));
}

Test(jsrl, leaves_no_step_to_the_agent_with_the_whole_horizon)
{
    Workspace work;
    cr_assert(eq(int, workspace_init(&work, &bench.network[1], 1, NULL), STATUS_OK));
    bench_begin(&bench);
    cr_assert(method_jsrl.acts(bench.state));
    for (int i = 0; i < CHAIN_LIMIT; i++) {
        float x[CHAIN_FEATURES];
        bench_look(i, x);
        Sight sight = {.features = x, .elapsed = i, .training = true};
        cr_assert(eq(int, method_jsrl.guide(bench.state, &sight),
                     network_best(&bench.network[1], &work, x)));
    }
    cr_assert(eq(dbl, bench_number(&bench, "own_step_fraction"), 0.0));
    workspace_release(&work);
}

Test(jsrl, lets_the_agent_learn_from_guided_steps)
{
    bench_begin(&bench);
    Agent *agent = bench_agent(&bench, &method_jsrl);
    bench_live(&bench, agent, 60); // of whole episodes three, all the guide's
    cr_assert(eq(dbl, bench_number(&bench, "own_step_fraction"), 0.0));
    cr_assert(eq(i64, agent_updates(agent), 60 - 20 + 1));
    agent_free(agent);
}

Test(jsrl, guides_the_first_h_steps_in_training_and_evaluation_alike)
{
    bench_begin(&bench);
    play(5, 1.0);
    cr_assert(eq(int, guided(CHAIN_LIMIT, true), 15));
    cr_assert(eq(int, guided(CHAIN_LIMIT, false), 15));
}

Test(jsrl, counts_the_steps_that_are_the_agent_s_own)
{
    bench_begin(&bench);
    play(5, 1.0);
    play(5, 1.0); // at h = 15: a quarter
    cr_assert(eq(dbl, bench_number(&bench, "own_step_fraction"), 0.125));
    (void)guided(CHAIN_LIMIT, false); // not counted
    cr_assert(eq(dbl, bench_number(&bench, "own_step_fraction"), 0.125));
}

Test(jsrl, traces_the_steps_that_were_the_agent_s_own_since_the_last_row)
{
    bench_begin(&bench);
    cr_assert(isnan(bench_traced(&bench, "own_step_fraction"))); // no step yet
    play(5, 1.0);
    cr_assert(eq(dbl, bench_traced(&bench, "own_step_fraction"), 0.0));
    play(1, 1.0);
    (void)guided(CHAIN_LIMIT, false); // an evaluation is not counted
    cr_assert(eq(dbl, bench_traced(&bench, "own_step_fraction"), 0.25));
    play(2, 1.0);
    cr_assert(eq(dbl, bench_traced(&bench, "own_step_fraction"), 0.25));
    cr_assert(isnan(bench_traced(&bench, "own_step_fraction")));
    cr_assert(eq(dbl, bench_number(&bench, "own_step_fraction"), 15.0 / 160.0));
}

Test(jsrl, traces_the_present_horizon_of_a_curriculum)
{
    bench_begin(&bench);
    cr_assert(eq(dbl, bench_traced(&bench, "guide_horizon"), 20.0));
    play(5, 1.0);
    cr_assert(eq(dbl, bench_traced(&bench, "guide_horizon"), 15.0));
    bench_set(&bench, "jsrl.schedule", "random");
    bench_again(&bench);
    cr_assert(isnan(bench_traced(&bench, "guide_horizon"))); // every episode has its own
}

Test(jsrl, stays_for_five_episodes_and_a_full_window)
{
    static const char *const window[] = {"1", "5", "8"};
    static const int episodes[] = {5, 5, 8};
    for (int i = 0; i < 3; i++) {
        bench_set(&bench, "jsrl.window", window[i]);
        bench_again(&bench);
        play(episodes[i] - 1, 1.0);
        expect_stage(0);
        play(1, 1.0);
        expect_stage(1);
        play(episodes[i] - 1, 1.0); // of the new stage
        expect_stage(1);
        play(1, 1.0);
        expect_stage(2);
    }
}

Test(jsrl, goes_on_within_the_tolerance_of_the_best_average_of_negative_returns)
{
    bench_begin(&bench);
    play(5, -100.0);
    expect_stage(1);
    play(20, -106.0); // 6 % worse
    expect_stage(1);
    play(2, -104.0); // an average of -105.2
    expect_stage(1);
    play(1, -104.0); // and of -104.8
    expect_stage(2);
    cr_assert(eq(dbl, bench_number(&bench, "forced_advances"), 0.0));
}

Test(jsrl, compares_with_the_best_average_of_all_stages)
{
    bench_begin(&bench);
    play(5, 100.0);
    play(5, 200.0);
    expect_stage(2);
    play(30, 189.0); // better than the first stage's, 5.5 % worse than the second's
    expect_stage(2);
    play(5, 191.0);
    expect_stage(3);
}

Test(jsrl, ends_without_a_guide_and_stays_there)
{
    bench_begin(&bench);
    play(60, 1.0);
    expect_stage(4);
    cr_assert(eq(int, guided(CHAIN_LIMIT, true), 0));
}

Test(jsrl, never_guides_more_than_before)
{
    int last = CHAIN_LIMIT;
    bench_set(&bench, "jsrl.patience", "0.5");
    bench_set(&bench, "jsrl.tolerance", "0.2");
    bench_begin(&bench);
    RngStream rng = rng_stream(3, RNG_METHOD, 0);
    for (int e = 0; e < 200; e++) {
        int now = play_long(CHAIN_LIMIT, rng_uniform(&rng, -100.0, 100.0));
        cr_assert(le(int, now, last), "episode %d", e);
        last = now;
    }
    cr_assert(eq(int, last, 0));
}

// .2 of 2000 steps over 4 stages: 100, which are five episodes
Test(jsrl, goes_on_after_its_share_of_the_budget_however_bad_it_is)
{
    bench_set(&bench, "jsrl.patience", "0.2");
    bench_set(&bench, "jsrl.window", "100");
    bench_begin(&bench);
    play(5, -1.0);
    expect_stage(0); // known when the next episode begins
    play(1, -1.0);
    expect_stage(1);
    play(4, -1000.0);
    expect_stage(1);
    play(1, -1000.0);
    expect_stage(2);
    play(50, -1000.0);
    expect_stage(4);
    cr_assert(eq(dbl, bench_number(&bench, "forced_advances"), 4.0));
}

// the limit of 50 steps is passed by 10 at the first stage's end and by none at the second's
Test(jsrl, takes_what_a_stage_lasted_too_long_from_the_next)
{
    bench_set(&bench, "jsrl.patience", "0.1");
    bench_set(&bench, "jsrl.window", "100");
    bench_begin(&bench);
    play(3 + 1, -1.0);
    expect_stage(1); // since step 50
    play(1, -1.0);
    expect_stage(1);
    play(1, -1.0);
    expect_stage(2); // at step 100
}

Test(jsrl, forgets_an_episode_that_the_physics_lost)
{
    bench_begin(&bench);
    play(4, -10.0);
    for (int i = 0; i < 3; i++) { // and then the next one begins
        (void)act(i, true);
        method_jsrl.observe(bench.state, &(Transition){.reward = -1000.0});
    }
    play(1, -10.0);
    expect_stage(1); // by the five alone, whose average is -10
    play(5, -11.0);
    expect_stage(1);
    cr_assert(eq(dbl, bench_number(&bench, "own_step_fraction"), 25.0 / 203.0));
}

// -- at random

enum { EPISODES = 10000 };

Test(jsrl, draws_every_stage_as_often_at_random)
{
    int count[5] = {0};
    bench_set(&bench, "jsrl.schedule", "random");
    bench_begin(&bench);
    for (int e = 0; e < EPISODES; e++) {
        int steps = guided(CHAIN_LIMIT, true);
        cr_assert(eq(int, steps % 5, 0));
        count[steps / 5]++;
    }
    for (int i = 0; i < 5; i++) // four standard deviations
        cr_assert(epsilon_eq(dbl, count[i], EPISODES / 5.0, 4.0 * sqrt(EPISODES * 0.16)));
}

Test(jsrl, draws_independently_of_the_stage_before)
{
    int last = 0, same = 0;
    bench_set(&bench, "jsrl.schedule", "random");
    bench_begin(&bench);
    for (int e = 0; e < EPISODES; e++) {
        int steps = guided(CHAIN_LIMIT, true);
        same += steps == last;
        last = steps;
    }
    cr_assert(epsilon_eq(dbl, same, EPISODES / 5.0, 4.0 * sqrt(EPISODES * 0.16)));
}

// the stages of an evaluation's episodes must be these
static void expect_judged(int episodes, const int *stage)
{
    for (int e = 0; e < episodes; e++) {
        int count = 0;
        for (int i = 0; i < CHAIN_LIMIT; i++)
            count += method_jsrl.guide(bench.state, &(Sight){.features = here,
                                                             .elapsed = i,
                                                             .episode = e,
                                                             .episodes = episodes}) >= 0;
        cr_assert(eq(int, count, 20 - 5 * stage[e]), "episode %d of %d", e, episodes);
    }
}

Test(jsrl, spreads_the_stages_at_random_over_the_episodes_of_an_evaluation)
{
    bench_set(&bench, "jsrl.schedule", "random");
    bench_begin(&bench);
    for (int round = 0; round < 2; round++) {
        expect_judged(5, (int[]){0, 1, 2, 3, 4});
        expect_judged(2, (int[]){0, 4});
        expect_judged(4, (int[]){0, 1, 3, 4}); // of 0, 4/3, 8/3, 4
        expect_judged(9, (int[]){0, 1, 1, 2, 2, 3, 3, 4, 4});
        expect_judged(1, (int[]){2});
        (void)act(0, true);
    }
}

Test(jsrl, evaluates_at_the_present_stage_of_a_curriculum)
{
    bench_begin(&bench);
    play(5, 1.0);
    expect_judged(5, (int[]){1, 1, 1, 1, 1});
}

// guided steps of twenty training episodes, perhaps with an evaluation in the middle of each
static void train(int steps[20], bool evaluated)
{
    bench_again(&bench);
    for (int e = 0; e < 20; e++) {
        steps[e] = 0;
        for (int i = 0; i < CHAIN_LIMIT; i++) {
            if (evaluated && i == 7) (void)guided(CHAIN_LIMIT, false);
            steps[e] += act(i, true) >= 0;
            method_jsrl.observe(
                bench.state, &(Transition){.reward = 1.0, .truncated = i == CHAIN_LIMIT - 1});
        }
    }
}

Test(jsrl, trains_alike_whether_it_is_evaluated_or_not)
{
    static const char *const schedule[] = {"curriculum", "random"};
    int with[20], without[20];
    for (int i = 0; i < 2; i++) {
        bench_set(&bench, "jsrl.schedule", schedule[i]);
        train(with, true);
        train(without, false);
        cr_assert(memcmp(with, without, sizeof with) == 0, "%s", schedule[i]);
    }
}

Test(jsrl, goes_on_from_an_archive_to_the_last_bit)
{
    static const char *const schedule[] = {"curriculum", "random"};
    for (int i = 0; i < 2; i++) {
        bench_set(&bench, "jsrl.schedule", schedule[i]);
        bench_again(&bench);
        Agent *part = bench_agent(&bench, &method_jsrl);
        bench_live(&bench, part, 300);
        (void)bench_traced(&bench, "own_step_fraction");
        bench_live(&bench, part, 33);
        Bench rest = bench; // the same chain and settings, and a state of its own
        rest.state = mem_array(1, method_jsrl.state_size);
        bench_archive(part, test_path("state"), true);
        bench_begin(&rest);
        Agent *again = bench_agent(&rest, &method_jsrl);
        rest.place = bench.place;
        rest.elapsed = bench.elapsed;
        bench_archive(again, test_path("state"), false);
        bench_live(&bench, part, 300);
        bench_live(&rest, again, 300);
        cr_assert(is_same(agent_network(part), agent_network(again)), "%s", schedule[i]);
        double own = bench_traced(&bench, "own_step_fraction");
        cr_assert(eq(dbl, bench_traced(&rest, "own_step_fraction"), own), "%s", schedule[i]);
        agent_free(part);
        agent_free(again);
        method_jsrl.release(rest.state);
        mem_free(rest.state);
    }
}

Test(jsrl, refuses_a_guide_of_another_shape)
{
    Error err = {0};
    bench.context.shape.action_count = 3;
    cr_assert(eq(int, method_jsrl.init(bench.state, &bench.context, &err), STATUS_MISMATCH));
    cr_assert(strstr(err.message, "'second'") != NULL, "%s", err.message);
}

Test(jsrl, refuses_a_state_that_cannot_be)
{
    static const char *const whole[] = {"jsrl.stage", "jsrl.guided", "jsrl.forced",
                                        "jsrl.has_best"};
    static const int too_much[] = {5, 21, 5, 2};
    static const char *const total[] = {"jsrl.steps",   "jsrl.own",          "jsrl.stage_began",
                                        "window.count", "jsrl.traced_steps", "jsrl.traced_own"};
    const int64_t many = 101, none = -1; // of a hundred steps
    bench_begin(&bench);
    play(5, 1.0);
    for (int i = 0; i < 4; i++) {
        const char *path = test_path("state");
        cr_assert(bench_refuses(&bench, path, whole[i], &too_much[i], sizeof(int)), "%s",
                  whole[i]);
        cr_assert(bench_refuses(&bench, path, whole[i], &(int){-1}, sizeof(int)), "%s",
                  whole[i]);
        bench_again(&bench);
        play(5, 1.0);
    }
    for (int i = 0; i < 6; i++) {
        const char *path = test_path("state");
        cr_assert(bench_refuses(&bench, path, total[i], &none, sizeof none), "%s", total[i]);
        bool more = i != 0 && i != 3;
        cr_assert(eq(int, bench_refuses(&bench, path, total[i], &many, sizeof many), more));
        bench_again(&bench);
        play(5, 1.0);
    }
}
