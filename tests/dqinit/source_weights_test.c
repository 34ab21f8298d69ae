#include "dqinit/source_weights.h"

#include <math.h>
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "suite/core/mem.h"
#include "suite/core/rng.h"
#include "tests/dqinit/made_knowledge.h"
#include "tests/support/folder.h"

// rooms 0 .. 5 in a row; action 1 goes right, and out of the last room with reward 1
enum { ROOMS = 6, S = 2, FOR_EVER = 1 << 20 };

static const double discount = 0.9;

static KnowledgeBase kb;
static Prior prior;
static SourceWeights weights;
static RngStream rng;

static void setup(void)
{
    test_folder_make();
    rng = rng_stream(2, RNG_METHOD, 0);
}

static void teardown(void)
{
    source_weights_release(&weights);
    prior_release(&prior);
    kb_release(&kb);
    test_folder_remove();
}

TestSuite(source_weights, .init = setup, .fini = teardown);

// the rooms [from, 6) with their exact values plus `off`, times `scale`
static void know(int s, int from, double off, double scale)
{
    float at[ROOMS];
    double q[ROOMS * 2];
    for (int room = from; room < ROOMS; room++) {
        int left = room ? room - 1 : 0;
        at[room - from] = (float)room;
        q[2 * (room - from)] = scale * (pow(discount, ROOMS - left) + off);
        q[2 * (room - from) + 1] = scale * (pow(discount, ROOMS - 1 - room) + off);
    }
    made_book(&kb.source[s].book, ROOMS - from, at, q, 0.1f);
}

static SourceWeightsShape shape_of(int n_step)
{
    return (SourceWeightsShape){.start = 0,
                                .every = 10,
                                .times = 2,
                                .n_step = n_step,
                                .gamma = discount,
                                .reward_scale = 1.0,
                                .exponent = 5.0,
                                .floor = 0.1};
}

static void begin(SourceWeightsShape shape)
{
    PriorShape one = {.neighbours = 1};
    cr_assert(eq(int, prior_init(&prior, &kb, one, NULL), STATUS_OK));
    cr_assert(eq(int, source_weights_init(&weights, &kb, shape, NULL), STATUS_OK));
}

// the second source is right, the first one is off by a hundredth
static void begin_second_right(SourceWeightsShape shape)
{
    made_kb(&kb, TABLE_CODEBOOK, S);
    know(0, 0, 0.01, shape.reward_scale);
    know(1, 0, 0.0, shape.reward_scale);
    begin(shape);
}

static bool step(int room, int action, double reward_out, bool truncated)
{
    int next = action ? room + 1 : room ? room - 1 : 0;
    const float x[] = {(float)room}, after[] = {(float)next};
    return source_weights_observe(&weights,
                                  &(Transition){.obs = x,
                                                .coords = x,
                                                .next_obs = after,
                                                .next_coords = after,
                                                .action = action,
                                                .reward = next == ROOMS ? reward_out : 0.0,
                                                .terminated = next == ROOMS,
                                                .truncated = truncated});
}

// episodes from `room` to the right, cut after `most` steps
static void run_right(int episodes, int room, int most)
{
    for (int e = 0; e < episodes; e++)
        for (int i = 0; room + i < ROOMS && i < most; i++)
            (void)step(room + i, 1, 1.0, room + i != ROOMS - 1 && i == most - 1);
}

static void expect_second(double weight)
{
    source_weights_weigh(&weights, &prior);
    cr_assert(epsilon_eq(dbl, prior.weight[1], weight, 1e-3));
    cr_assert(epsilon_eq(dbl, prior.weight[0], 1.0 - weight, 1e-3));
}

// -- residuals to weights

Test(source_weights, falls_off_by_the_excess_over_the_least_residual)
{
    const double mse[] = {2.0, 1.0, 1.5};
    double w[3], sum = exp(-2.0) + 1.0 + exp(-1.0);
    weights_of_residuals(mse, 3, 2.0, 0.0, w);
    cr_assert(epsilon_eq(dbl, w[0], exp(-2.0) / sum, 1e-8));
    cr_assert(epsilon_eq(dbl, w[1], 1.0 / sum, 1e-8));
    cr_assert(epsilon_eq(dbl, w[2], exp(-1.0) / sum, 1e-8));

    weights_of_residuals(mse, 3, 2.0, 0.3, w); // a share stays equal
    cr_assert(epsilon_eq(dbl, w[0], 0.1 + 0.7 * exp(-2.0) / sum, 1e-8));
    cr_assert(epsilon_eq(dbl, w[1], 0.1 + 0.7 / sum, 1e-8));
    cr_assert(epsilon_eq(dbl, w[0] + w[1] + w[2], 1.0, 1e-8));
}

Test(source_weights, does_not_mind_the_scale_of_residuals)
{
    const double mse[] = {2e-6, 1e-6, 1.5e-6}, large[] = {2e6, 1e6, 1.5e6};
    double w[3], other[3];
    weights_of_residuals(mse, 3, 2.0, 0.1, w);
    weights_of_residuals(large, 3, 2.0, 0.1, other);
    for (int s = 0; s < 3; s++)
        cr_assert(epsilon_eq(dbl, w[s], other[s], 1e-9));
}

Test(source_weights, leaves_the_floor_to_whom_there_is_no_evidence_of)
{
    const double mse[] = {4.0, -1.0, 4.0, -1.0}, none[] = {-1.0, -1.0, -1.0, -1.0};
    double w[4];
    weights_of_residuals(mse, 4, 5.0, 0.2, w);
    cr_assert(epsilon_eq(dbl, w[0], 0.45, 1e-8));
    cr_assert(epsilon_eq(dbl, w[1], 0.05, 1e-8));
    cr_assert(epsilon_eq(dbl, w[3], 0.05, 1e-8));
    weights_of_residuals(none, 4, 5.0, 0.2, w);
    for (int s = 0; s < 4; s++)
        cr_assert(eq(dbl, w[s], 0.25));
}

Test(source_weights, are_equal_with_exponent_0_even_beside_a_perfect_source)
{
    const double mse[] = {0.0, 1.0};
    double w[2];
    weights_of_residuals(mse, 2, 0.0, 0.1, w);
    cr_assert(epsilon_eq(dbl, w[0], 0.5, 1e-8));
    cr_assert(epsilon_eq(dbl, w[1], 0.5, 1e-8));
    weights_of_residuals(mse, 2, 5.0, 0.1, w);
    cr_assert(epsilon_eq(dbl, w[0], 0.95, 1e-8));
}

// a weight of nothing would be nothing over nothing where no other source answers
Test(source_weights, leaves_everyone_something_without_a_floor)
{
    const double mse[] = {1e-9, 1.0, -1.0};
    double w[3];
    weights_of_residuals(mse, 3, 1000.0, 0.0, w);
    cr_assert(epsilon_eq(dbl, w[0], 1.0, 1e-8));
    for (int s = 1; s < 3; s++) {
        cr_assert(lt(flt, 0.0f, 1e-3f * (float)w[s]), "source %d", s);
        cr_assert(lt(dbl, w[s], 1e-8), "source %d", s);
    }
}

// -- steps to residuals

Test(source_weights, finds_the_source_whose_values_are_right)
{
    begin_second_right(shape_of(1));
    cr_assert(eq(dbl, prior.weight[0], 0.5));
    for (int i = 0, room = 0; i < 600; i++) {
        int action = rng_below(&rng, 2);
        (void)step(room, action, 1.0, false);
        room = action ? room + 1 : room ? room - 1 : 0;
        if (room == ROOMS) room = rng_below(&rng, ROOMS);
    }
    expect_second(0.95);
}

Test(source_weights, adds_the_rewards_of_n_steps)
{
    begin_second_right(shape_of(3));
    for (int i = 0; i < 50; i++)
        run_right(1, i % 4, ROOMS);
    expect_second(0.95);
}

Test(source_weights, scales_rewards_as_the_learner_does)
{
    SourceWeightsShape shape = shape_of(1);
    shape.reward_scale = 10.0;
    begin_second_right(shape);
    run_right(50, 0, ROOMS);
    expect_second(0.95);
}

Test(source_weights, passes_over_steps_that_the_time_limit_cuts_off)
{
    for (int n = 1; n <= 3; n += 2) {
        setup();
        begin_second_right(shape_of(n));
        run_right(50, 0, 4); // the next episode begins where nothing was reached
        expect_second(0.95);
        teardown();
    }
    setup();
}

Test(source_weights, passes_over_steps_that_the_physics_cut_off)
{
    begin_second_right(shape_of(1));
    for (int e = 0; e < 50; e++)
        for (int room = 0; room < 3; room++)
            (void)step(room, 1, 1.0, false); // nobody says that it ended
    expect_second(0.95);
}

// one step in 6 or in 21 is in the last room, which alone the second source knows
static void learn_the_last_room(int cut)
{
    made_kb(&kb, TABLE_CODEBOOK, S);
    know(0, 0, 0.01, 1.0);
    know(1, ROOMS - 1, 0.0, 1.0);
    begin(shape_of(1));
    for (int i = 0; i < 20; i++) {
        run_right(1, 0, ROOMS);
        run_right(cut, 0, 4); // three of four steps count
    }
}

Test(source_weights, believes_a_source_that_answers_for_a_tenth_of_the_steps)
{
    learn_the_last_room(0);
    expect_second(0.95);
}

Test(source_weights, leaves_the_floor_to_a_source_that_hardly_answers)
{
    learn_the_last_room(5);
    expect_second(0.05);
}

Test(source_weights, forgets_what_was_long_ago)
{
    made_kb(&kb, TABLE_CODEBOOK, S);
    know(0, 0, 0.001, 1.0);
    know(1, 0, 0.0, 1.0);
    begin(shape_of(1));
    for (int e = 0; e < 100; e++)
        for (int room = 0; room < ROOMS; room++)
            (void)step(room, 1, 1.001, false); // the reward that the first source expects
    expect_second(0.05);
    run_right(400, 0, ROOMS);
    (void)step(0, 1, 1.0, false); // nor does the newest step lead to the oldest
    (void)step(1, 1, 1.0, false);
    expect_second(0.95);
}

// -- when

Test(source_weights, waits_for_two_whole_episodes)
{
    begin_second_right(shape_of(1));
    for (int e = 0; e < 2; e++)
        for (int room = 0; room < ROOMS; room++) {
            bool due = step(room, 1, 1.0, false);
            cr_assert(eq(int, due, e == 1 && room == ROOMS - 1), "%d, %d", e, room);
        }
}

Test(source_weights, counts_an_episode_cut_by_the_time_limit)
{
    begin_second_right(shape_of(1));
    cr_assert(not(step(0, 1, 1.0, true)));
    cr_assert(step(0, 1, 1.0, true));
}

Test(source_weights, waits_for_the_start_and_between_weighings)
{
    SourceWeightsShape shape = shape_of(1);
    shape.start = 20;
    begin_second_right(shape);
    int due[4] = {0}, count = 0;
    for (int i = 1; i <= 100; i++) {
        if (!step(0, 1, 1.0, true)) continue;
        cr_assert(lt(int, count, 3));
        due[count++] = i;
        source_weights_weigh(&weights, &prior);
    }
    cr_assert(eq(int, count, 2));
    cr_assert(eq(int, due[0], 20));
    cr_assert(eq(int, due[1], 30));
    cr_assert(eq(int, weights.made, 2));
}

Test(source_weights, is_never_due_where_weights_stay_equal)
{
    SourceWeightsShape shape = shape_of(1);
    shape.times = 0;
    begin_second_right(shape);
    for (int i = 0; i < 100; i++)
        cr_assert(not(step(0, 1, 1.0, true)));
}

// -- the file

static Status copy(SourceWeights *from, SourceWeights *to)
{
    Archive *archive;
    const char *path = test_path("weights");
    cr_assert(eq(int, archive_create(&archive, path, "test", 1, NULL), STATUS_OK));
    source_weights_archive(from, archive);
    cr_assert(eq(int, archive_close(archive, NULL), STATUS_OK));
    cr_assert(eq(int, archive_open(&archive, path, "test", 1, NULL), STATUS_OK));
    source_weights_archive(to, archive);
    return archive_close(archive, NULL);
}

Test(source_weights, goes_on_from_a_file_as_if_it_had_never_stopped)
{
    SourceWeights back;
    begin_second_right(shape_of(3));
    cr_assert(eq(int, source_weights_init(&back, &kb, shape_of(3), NULL), STATUS_OK));
    for (int i = 0; i < 500; i++) // more than are kept
        run_right(1, i % 4, 4);
    source_weights_weigh(&weights, &prior);
    for (int room = 0; room < 2; room++)
        (void)step(room, 1, 1.0, false);
    cr_assert(eq(int, copy(&weights, &back), STATUS_OK));

    double w[2][S];
    for (int i = 0; i < 2; i++) {
        if (i) {
            SourceWeights kept = weights;
            weights = back;
            back = kept;
        }
        (void)step(2, 0, 1.0, false);
        cr_assert(eq(int, step(1, 1, 1.0, false), 0));
        run_right(20, 0, ROOMS);
        source_weights_weigh(&weights, &prior);
        memcpy(w[i], prior.weight, sizeof w[i]);
        cr_assert(eq(int, weights.made, 2));
    }
    for (int s = 0; s < S; s++)
        cr_assert(eq(dbl, w[0][s], w[1][s]));
    cr_assert(eq(i64, weights.steps, back.steps));
    cr_assert(eq(i64, weights.next, back.next));
    cr_assert(eq(int, weights.episodes, back.episodes));
    source_weights_release(&back);
}

Test(source_weights, refuses_an_action_that_there_is_not)
{
    SourceWeights back;
    begin_second_right(shape_of(1));
    cr_assert(eq(int, source_weights_init(&back, &kb, shape_of(1), NULL), STATUS_OK));
    weights.action[7] = 2;
    cr_assert(eq(int, copy(&weights, &back), STATUS_PARSE));
    source_weights_release(&back);
}

Test(source_weights, gives_up_cleanly_when_memory_ends)
{
    made_kb(&kb, TABLE_CODEBOOK, S);
    Status status = STATUS_NOMEM;
    int fail = 0;
    for (; status != STATUS_OK; fail++) {
        source_weights_release(&weights);
        mem_fail_at(fail);
        status = source_weights_init(&weights, &kb, shape_of(1), NULL);
        mem_fail_at(-1);
        cr_assert(status == STATUS_OK || status == STATUS_NOMEM, "failing request %d", fail);
    }
    cr_assert(lt(int, 6, fail));
}
