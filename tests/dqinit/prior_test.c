#include "dqinit/prior.h"

#include <math.h>
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "suite/core/mem.h"
#include "tests/dqinit/made_knowledge.h"

enum { A = MADE_KB_ACTIONS, S = 2 };

static KnowledgeBase kb;
static Prior prior;
static Network network[S];
static TrainedSource trained[S];

static void teardown(void)
{
    prior_release(&prior);
    kb_release(&kb);
    for (int s = 0; s < S; s++)
        network_release(&network[s]);
}

TestSuite(prior, .fini = teardown);

// apart: the first source knows 0 and 1, the second 3 and 4
static const float low[] = {0.0f, 1.0f}, high[] = {3.0f, 4.0f};
static const double of_first[] = {1.0, 10.0, 3.0, 30.0}, of_second[] = {5.0, 2.0, 7.0, -6.0};

static void begin(PriorShape shape)
{
    Error err = {0};
    prior_release(&prior);
    cr_assert(eq(int, prior_init(&prior, &kb, shape, &err), STATUS_OK), "%s", err.message);
}

static void begin_apart(int neighbours)
{
    made_kb(&kb, TABLE_CODEBOOK, S);
    made_book(&kb.source[0].book, 2, low, of_first, 1.0f);
    made_book(&kb.source[1].book, 2, high, of_second, 1.0f);
    begin((PriorShape){.how = AGGREGATE_UNION, .neighbours = neighbours});
}

// together: both know 0 and 1
static void begin_together(Aggregate how, float reach_of_second)
{
    kb_release(&kb);
    made_kb(&kb, TABLE_CODEBOOK, S);
    made_book(&kb.source[0].book, 2, low, of_first, 10.0f);
    made_book(&kb.source[1].book, 2, low, of_second, reach_of_second);
    made_states(&kb, 2, low);
    begin((PriorShape){.how = how, .neighbours = 1});
}

static int ask(float x, float q[A])
{
    q[0] = q[1] = NAN;
    return prior_at(&prior, &x, &x, q);
}

static void place_of(const float *x, Place *place)
{
    float q[A];
    (void)prior_glance(&prior, x, x, q, place);
}

static void expect(float x, int answers, double first, double second)
{
    float q[A];
    cr_assert(eq(int, ask(x, q), answers), "answers at %g", (double)x);
    cr_assert(epsilon_eq(dbl, (double)q[0], first, 1e-5), "at %g", (double)x);
    cr_assert(epsilon_eq(dbl, (double)q[1], second, 1e-5), "at %g", (double)x);
}

// -- union

Test(prior, by_union_lets_the_nearer_source_speak)
{
    begin_apart(1);
    expect(0.1f, 1, 1.0, 10.0);
    expect(1.9f, 1, 3.0, 30.0);
    expect(2.1f, 1, 5.0, 2.0);
    expect(3.9f, 1, 7.0, -6.0);
}

// w ~ (1 - t) / (t + .05), t the squared distance over that of the nearest cell left out
static double share(double distance2, double beyond2)
{
    double t = distance2 / beyond2;
    return (1.0 - t) / (t + 0.05);
}

Test(prior, by_union_blends_the_nearest_cells_of_all_sources)
{
    begin_apart(2);
    // at 1.8 the cells at 1 and 3 answer, and that at 0 is the first one left out
    double own = share(0.64, 3.24), other = share(1.44, 3.24), sum = own + other;
    expect(1.8f, 2, (own * 3.0 + other * 5.0) / sum, (own * 30.0 + other * 2.0) / sum);
}

Test(prior, by_union_weighs_sources_beside_distance)
{
    begin_apart(2);
    prior.weight[0] = 0.2;
    prior.weight[1] = 0.8;
    double own = 0.2 * share(0.64, 3.24), other = 0.8 * share(1.44, 3.24), sum = own + other;
    expect(1.8f, 2, (own * 3.0 + other * 5.0) / sum, (own * 30.0 + other * 2.0) / sum);
    prior.weight[0] = 1e-9; // what nobody else says is still heard
    expect(0.5f, 2, 2.0, 20.0);
}

Test(prior, by_union_guesses_beyond_reach_and_is_silent_there)
{
    begin_apart(2);
    kb.source[0].book.reach = 0.75f;
    const float x[] = {1.7f, 1.8f};
    for (int i = 0; i < 2; i++) {
        double d = (double)x[i], beyond = d * d;
        double own = share((d - 1.0) * (d - 1.0), beyond);
        double other = share((3.0 - d) * (3.0 - d), beyond), sum = own + other;
        expect(x[i], i == 0 ? 2 : 0, (own * 3.0 + other * 5.0) / sum,
               (own * 30.0 + other * 2.0) / sum);
    }
    float q[A];
    cr_assert(eq(int, ask(-0.8f, q), 0));
    cr_assert(eq(int, ask(5.1f, q), 0));
    kb.source[1].book.reach = 2.0f;
    cr_assert(eq(int, ask(5.1f, q), 2));
}

Test(prior, by_union_is_silent_only_beyond_the_reach_of_every_source)
{
    float q[A];
    for (int neighbours = 1; neighbours <= 2; neighbours++) {
        kb_release(&kb);
        begin_apart(
            neighbours); // 1.8 is .8 from the first source's cells, 1.2 from the other's
        kb.source[0].book.reach = 0.75f;
        cr_assert(eq(int, ask(1.8f, q), 0));
        kb.source[1].book.reach = 1.25f; // though the nearer cell is not within its own
        cr_assert(eq(int, ask(1.8f, q), neighbours));
    }
    // nor need the cell be among those that are asked: 0 and 1 are nearer to .9 than 3
    kb.source[1].book.reach = 2.2f;
    kb.source[0].book.reach = 0.05f;
    begin((PriorShape){.how = AGGREGATE_UNION, .neighbours = 1});
    expect(0.9f, 1, 3.0, 30.0);
    kb.source[1].book.reach = 2.0f;
    expect(0.9f, 0, 3.0, 30.0);
}

// -- source by source

Test(prior, by_mean_weighs_the_sources_that_answer)
{
    begin_together(AGGREGATE_MEAN, 10.0f);
    expect(0.1f, 2, 3.0, 6.0);
    prior.weight[0] = 0.75;
    prior.weight[1] = 0.25;
    expect(0.1f, 2, 2.0, 8.0);
    expect(0.9f, 2, 0.75 * 3.0 + 0.25 * 7.0, 0.75 * 30.0 - 0.25 * 6.0);
}

Test(prior, by_mean_is_that_of_one_where_the_other_is_silent)
{
    begin_together(AGGREGATE_MEAN, 0.5f);
    prior.weight[0] = 0.25;
    prior.weight[1] = 0.75;
    expect(1.4f, 2, 0.25 * 3.0 + 0.75 * 7.0, 0.25 * 30.0 - 0.75 * 6.0);
    expect(1.6f, 1, 3.0, 30.0);
}

Test(prior, by_mean_and_by_max_guess_from_all_where_all_are_silent)
{
    begin_together(AGGREGATE_MEAN, 0.5f);
    kb.source[0].book.reach = 0.5f;
    prior.weight[0] = 0.25;
    prior.weight[1] = 0.75;
    expect(1.6f, 0, 0.25 * 3.0 + 0.75 * 7.0, 0.25 * 30.0 - 0.75 * 6.0);
    begin_together(AGGREGATE_MAX, 0.5f);
    kb.source[0].book.reach = 0.5f;
    expect(1.6f, 0, 7.0, 30.0);
}

Test(prior, by_max_takes_the_best_of_each_action)
{
    begin_together(AGGREGATE_MAX, 0.5f);
    prior.weight[0] = 0.01; // does not matter
    expect(0.1f, 2, 5.0, 10.0);
    expect(1.4f, 2, 7.0, 30.0);
    expect(1.6f, 1, 3.0, 30.0);
}

Test(prior, by_max_is_below_zero_where_all_are)
{
    const double worse[] = {-9.0, -8.0, -7.0, -6.0}, bad[] = {-1.0, -10.0, -5.0, -6.5};
    made_kb(&kb, TABLE_CODEBOOK, S);
    made_book(&kb.source[0].book, 2, low, worse, 10.0f);
    made_book(&kb.source[1].book, 2, low, bad, 10.0f);
    begin((PriorShape){.how = AGGREGATE_MAX, .neighbours = 1});
    expect(0.1f, 2, -1.0, -8.0);
}

Test(prior, by_mean_and_by_max_do_not_mind_the_order_of_sources)
{
    const Aggregate how[] = {AGGREGATE_MEAN, AGGREGATE_MAX, AGGREGATE_UCOI};
    for (int i = 0; i < 3; i++)
        for (int step = 0; step <= 10; step++) {
            float x = (float)step / 10.0f + 0.01f, q[A], mirrored[A];
            begin_together(how[i], 10.0f);
            int answers = ask(x, q);
            Codebook kept = kb.source[0].book;
            kb.source[0].book = kb.source[1].book;
            kb.source[1].book = kept;
            begin((PriorShape){.how = how[i], .neighbours = 1});
            cr_assert(eq(int, ask(x, mirrored), answers));
            for (int a = 0; a < A; a++)
                cr_assert(epsilon_eq(flt, q[a], mirrored[a], 1e-6f), "form %d", i);
        }
}

Test(prior, by_ucoi_is_more_hopeful_the_less_sources_agree)
{
    begin_together(AGGREGATE_UCOI, 0.5f);
    // spreads over sources are 2, 4 at 0 and 2, 18 at 1, and the upper median of them is 4
    cr_assert(epsilon_eq(dbl, prior.spread, 4.0, 1e-5));
    double doubt = 0.25; // (1 - 1/2)^2
    expect(0.1f, 2, 3.0 + 2.0 / 6.0 * doubt * 2.0, 6.0 + 4.0 / 8.0 * doubt * 4.0);
    expect(0.9f, 2, 5.0 + 2.0 / 6.0 * doubt * 2.0, 12.0 + 18.0 / 22.0 * doubt * 18.0);
    expect(1.6f, 1, 3.0, 30.0); // one alone agrees with itself
}

// -- with the sources' networks and distances

static void train(int s, float slope, float level)
{
    cr_assert(eq(int, network_init(&network[s], (NetworkShape){1, 1, 1, A}, NULL), STATUS_OK));
    const float params[] = {1.0f, 0.0f, slope, -slope, level, level};
    memcpy(network[s].params, params, sizeof params); // level +- slope x
    trained[s] = (TrainedSource){
        .member = s ? "s1" : "s0", .network = &network[s], .distance = 2.0 - (double)s};
}

Test(prior, by_nearest_asks_the_source_of_the_nearest_task_alone)
{
    begin_together(AGGREGATE_NEAREST, 0.5f);
    train(0, 1.0f, 0.0f);
    train(1, 2.0f, 0.0f);
    begin((PriorShape){
        .how = AGGREGATE_NEAREST, .neighbours = 1, .source = trained, .source_count = 2});
    expect(0.1f, 1, 5.0, 2.0);
    expect(1.6f, 0, 7.0, -6.0); // the other one would know
    trained[0].distance = 0.5;
    begin((PriorShape){
        .how = AGGREGATE_NEAREST, .neighbours = 1, .source = trained, .source_count = 2});
    expect(0.1f, 1, 1.0, 10.0);
}

Test(prior, by_networks_lets_these_answer_everywhere)
{
    float q[A];
    const float x = 100.0f; // beyond reach
    begin_together(AGGREGATE_UNION, 0.5f);
    train(0, 1.0f, 8.0f);
    train(1, 2.0f, -4.0f);
    begin(
        (PriorShape){.networks = true, .neighbours = 1, .source = trained, .source_count = 2});
    expect(x, 2, 2.0 + 150.0, 2.0 - 150.0);
    cr_assert(prior_of(&prior, 1, &x, &x, q));
    cr_assert(epsilon_eq(flt, q[0], 196.0f, 1e-4f));
    prior.weight[0] = 0.9;
    prior.weight[1] = 0.1;
    expect(x, 2, 0.9 * 108.0 + 0.1 * 196.0, 0.9 * -92.0 + 0.1 * -204.0);
    begin((PriorShape){.how = AGGREGATE_MAX,
                       .networks = true,
                       .neighbours = 1,
                       .source = trained,
                       .source_count = 2});
    expect(1.0f, 2, 9.0, 7.0);
}

Test(prior, refuses_other_sources_than_the_knowledge_is_of)
{
    Error err = {0};
    begin_together(AGGREGATE_MEAN, 0.5f);
    train(0, 1.0f, 0.0f);
    train(1, 2.0f, 0.0f);
    trained[1].member = "s2";
    Prior other;
    PriorShape shape = {
        .neighbours = 1, .networks = true, .source = trained, .source_count = 2};
    cr_assert(eq(int, prior_init(&other, &kb, shape, &err), STATUS_MISMATCH));
    cr_assert(ne(chr, err.message[0], '\0'));
    prior_release(&other);
    shape.source_count = 1;
    cr_assert(eq(int, prior_init(&other, &kb, shape, &err), STATUS_MISMATCH));
    prior_release(&other);
    kb.merged = true; // the table of all does not say whose it is
    cr_assert(eq(int, prior_init(&other, &kb, shape, &err), STATUS_OK));
    prior_release(&other);
}

Test(prior, of_a_source_is_its_own_table)
{
    float q[A] = {77.0f, 77.0f};
    const float near = 0.1f, far = 2.0f;
    begin_together(AGGREGATE_UNION, 0.5f);
    cr_assert(prior_of(&prior, 1, NULL, &near, q));
    cr_assert(epsilon_eq(flt, q[0], 5.0f, 1e-5f));
    cr_assert(not(prior_of(&prior, 1, NULL, &far, q)));
    cr_assert(epsilon_eq(flt, q[0], 7.0f, 1e-5f)); // a guess
    cr_assert(prior_of(&prior, 0, NULL, &far, q));
    cr_assert(epsilon_eq(flt, q[1], 30.0f, 1e-5f));
}

// -- places

Test(prior, names_the_cells_around_a_point_by_number_over_all_sources)
{
    const float x = 1.8f, far = 90.0f;
    Place place;
    begin_apart(2);
    cr_assert(eq(int, prior_cells(&prior), 4));
    place_of(&x, &place);
    cr_assert(eq(int, place.count, 2));
    cr_assert(eq(int, place.at[0].cell, 1)); // at 1, of the first source
    cr_assert(eq(int, place.at[1].cell, 2)); // at 3, of the second
    double own = share(0.64, 3.24), other = share(1.44, 3.24);
    cr_assert(epsilon_eq(dbl, (double)place.at[0].weight, own / (own + other), 1e-5));
    cr_assert(epsilon_eq(dbl, (double)place.at[1].weight, other / (own + other), 1e-5));

    prior.weight[0] = 0.0; // who is believed does not move where one is
    place_of(&x, &place);
    cr_assert(epsilon_eq(dbl, (double)place.at[0].weight, own / (own + other), 1e-5));
    place_of(&far, &place); // nor does being out of reach
    cr_assert(eq(int, place.at[0].cell, 3));
}

Test(prior, gives_places_that_sum_to_one)
{
    RngStream rng = rng_stream(6, RNG_METHOD, 0);
    begin_apart(3);
    for (int i = 0; i < 200; i++) {
        const float x = (float)rng_uniform(&rng, -2.0, 6.0);
        float q[A], sum = 0.0f;
        Place place, looked;
        place_of(&x, &place);
        (void)prior_look(&prior, &x, &x, q, &looked);
        cr_assert(eq(int, looked.count, place.count));
        for (int c = 0; c < place.count; c++) {
            cr_assert(eq(int, looked.at[c].cell, place.at[c].cell));
            cr_assert(eq(flt, looked.at[c].weight, place.at[c].weight));
            sum += place.at[c].weight;
        }
        cr_assert(eq(int, place.count, 3));
        cr_assert(epsilon_eq(flt, sum, 1.0f, 1e-5f));
    }
}

// but for the union, each source is then searched for itself
Test(prior, answers_alike_whether_or_not_it_is_asked_for_the_place)
{
    static const Aggregate how[] = {AGGREGATE_UNION, AGGREGATE_MEAN, AGGREGATE_MAX,
                                    AGGREGATE_NEAREST};
    RngStream rng = rng_stream(7, RNG_METHOD, 0);
    begin_apart(3);
    for (int i = 0; i < 200; i++) {
        const float x = (float)rng_uniform(&rng, -2.0, 6.0);
        float q[A], alone[A];
        Place place;
        begin((PriorShape){.how = how[i % 4], .neighbours = 3});
        int answers = prior_look(&prior, &x, &x, q, &place);
        cr_assert(eq(int, ask(x, alone), answers));
        cr_assert(memcmp(q, alone, sizeof q) == 0);
    }
}

Test(prior, has_nothing_to_say_of_a_point_that_is_nowhere)
{
    float q[A];
    const float x = NAN;
    Place place = {.count = 7};
    begin_together(AGGREGATE_MEAN, 0.5f);
    expect(0.1f, 2, 3.0, 6.0);
    expect(x, 0, 0.0, 0.0); // and not what it said last
    kb_release(&kb);
    begin_apart(2);
    cr_assert(eq(int, prior_look(&prior, &x, &x, q, &place), 0));
    cr_assert(eq(int, place.count, 0));
    place.count = 7;
    place_of(&x, &place);
    cr_assert(eq(int, place.count, 0));
    expect(x, 0, 0.0, 0.0);
}

// -- on tilings

static void fill(TileTable *table, float from, float to, float first, float second)
{
    float x[200], q[200 * A];
    TileTableNumbers numbers;
    for (int i = 0; i < 200; i++) {
        x[i] = from + (to - from) * ((float)i + 0.5f) / 200.0f;
        q[i * A] = first;
        q[i * A + 1] = second;
    }
    TileSamples samples = {200, A, x, q};
    Status status = tile_table_build(table, &kb.tilings, samples, 1, &numbers, NULL);
    cr_assert(eq(int, status, STATUS_OK));
}

static void begin_tilings(Aggregate how)
{
    kb_release(&kb);
    made_kb(&kb, TABLE_TILINGS, S);
    fill(&kb.source[0].tiles, 0.0f, 0.6f, 1.0f, 10.0f);
    fill(&kb.source[1].tiles, 0.4f, 0.8f, 5.0f, 2.0f);
    begin((PriorShape){.how = how, .neighbours = 1, .known_tilings = 2, .points = 50});
}

Test(prior, on_tilings_is_the_mean_of_who_knows_by_union_too)
{
    const Aggregate how[] = {AGGREGATE_MEAN, AGGREGATE_UNION};
    for (int i = 0; i < 2; i++) {
        begin_tilings(how[i]);
        expect(0.1f, 1, 1.0, 10.0);
        expect(0.5f, 2, 3.0, 6.0);
        expect(0.75f, 1, 5.0, 2.0);
        expect(0.99f, 0, 0.0, 0.0);
    }
    begin_tilings(AGGREGATE_MAX);
    expect(0.5f, 2, 5.0, 10.0);
}

Test(prior, on_tilings_numbers_places_where_the_agent_looked)
{
    float q[A];
    const float x = 0.5f, other = 0.95f;
    Place place;
    begin_tilings(AGGREGATE_UNION);
    cr_assert(eq(int, prior_cells(&prior), 2 * 11));
    place_of(&x, &place);
    cr_assert(eq(int, place.count, 0));
    cr_assert(eq(int, prior_look(&prior, &x, &x, q, &place), 2));
    cr_assert(eq(int, place.count, 2));
    cr_assert(eq(int, prior_look(&prior, &other, &other, q, &place), 0));
    cr_assert(eq(int, place.at[1].cell, 3)); // also where it is silent
    place_of(&x, &place);
    cr_assert(eq(int, place.at[1].cell, 1));
}

Test(prior, gives_up_cleanly_when_memory_ends)
{
    Status status = STATUS_NOMEM;
    int fail = 0;
    begin_together(AGGREGATE_UCOI, 0.5f);
    train(0, 1.0f, 0.0f);
    train(1, 2.0f, 0.0f);
    PriorShape shape = {.how = AGGREGATE_UCOI,
                        .neighbours = 1,
                        .networks = true,
                        .source = trained,
                        .source_count = 2};
    for (; status != STATUS_OK; fail++) {
        prior_release(&prior);
        mem_fail_at(fail);
        status = prior_init(&prior, &kb, shape, NULL);
        mem_fail_at(-1);
        cr_assert(status == STATUS_OK || status == STATUS_NOMEM, "failing request %d", fail);
    }
    cr_assert(lt(int, 5, fail));
}
