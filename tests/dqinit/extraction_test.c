#include "dqinit/extraction.h"

#include <math.h>
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "dqinit/prior.h"
#include "suite/core/file.h"
#include "suite/core/mem.h"
#include "tests/support/folder.h"
#include "tests/support/sources.h"

static const TableShape tiles = {
    .form = TABLE_TILINGS, .tilings = 4, .bins = 10, .least_visits = 2, .states = 50};
static const TableShape book = {.form = TABLE_CODEBOOK,
                                .cells = 32,
                                .bytes = 1 << 20,
                                .slopes = true,
                                .tilings = 4,
                                .bins = 10,
                                .states = 50};

static MadeSources made;
static KnowledgeBase kb;
static Prior prior;

static void setup(void)
{
    test_folder_make();
    made_sources_init(&made, "");
}

static void teardown(void)
{
    prior_release(&prior);
    kb_release(&kb);
    made_sources_release(&made);
    test_folder_remove();
}

TestSuite(extraction, .init = setup, .fini = teardown);

static void run(TableShape shape)
{
    Error err = {0};
    PriorShape how = {.neighbours = 4, .known_tilings = 1};
    prior_release(&prior);
    kb_release(&kb);
    cr_assert(eq(int, extract(&kb, &made.context, shape, &err), STATUS_OK), "%s", err.message);
    cr_assert(eq(int, prior_init(&prior, &kb, how, NULL), STATUS_OK));
}

static double number(const char *name)
{
    for (int i = 0; i < kb.number_count; i++)
        if (strcmp(kb.number[i].name, name) == 0) return kb.number[i].value;
    cr_assert(false, "no number '%s'", name);
    return 0.0;
}

// both forms, and codebooks without slopes
static TableShape form(int i)
{
    TableShape flat = book;
    flat.slopes = false;
    return i == 0 ? tiles : i == 1 ? book : flat;
}

// put the samples of source @p s into [from, to]
static void move_samples(int s, float from, float to)
{
    for (int i = 0; i < MADE_SAMPLES; i++)
        made.features[s][i] = from + (to - from) * made.features[s][i];
}

// -- values

Test(extraction, of_a_constant_network_gives_that_constant_everywhere)
{
    const float flat[] = {0.0f, 0.0f};
    for (int s = 0; s < MADE_SOURCES; s++)
        made_source_values(&made, s, -3.25f, flat);
    for (int f = 0; f < 3; f++) {
        run(form(f));
        for (int i = 0; i <= 100; i++) {
            const float x = (float)i / 100.0f;
            float q[MADE_ACTIONS];
            cr_assert(lt(int, 0, prior_at(&prior, &x, &x, q)), "form %d at %g", f, (double)x);
            for (int a = 0; a < MADE_ACTIONS; a++)
                cr_assert(epsilon_eq(flt, q[a], -3.25f, 2e-6f), "form %d at %g", f, (double)x);
        }
        cr_assert(eq(dbl, number("variance_ratio"), 0.0));
    }
    for (int c = 0; c < kb.source[0].book.count; c++)
        cr_assert(eq(flt, kb.source[0].book.level[c], -3.25f));
}

// how far answers are from x and 2 x at most
static double worst(void)
{
    double most = 0.0;
    for (int i = 10; i <= 90; i++) {
        const float x = (float)i / 100.0f;
        float q[MADE_ACTIONS];
        cr_assert(lt(int, 0, prior_at(&prior, &x, &x, q)));
        for (int a = 0; a < MADE_ACTIONS; a++)
            most = fmax(most, fabs((double)q[a] - (1.0 + a) * (double)x));
    }
    return most;
}

Test(extraction, reads_all_actions_off_the_network)
{
    run(tiles);
    cr_assert(lt(dbl, worst(), 0.1));
    run(book);
    cr_assert(lt(dbl, worst(), 0.02));
}

Test(extraction, holds_slopes_only_where_they_are_wanted)
{
    TableShape few = book;
    few.cells = 8;
    run(few);
    double with = worst();
    cr_assert(kb.source[0].book.slopes);
    few.slopes = false;
    run(few);
    cr_assert(lt(dbl, with, 0.1 * worst()));
    cr_assert(not(kb.source[0].book.slopes));
}

Test(extraction, keeps_each_source_s_values_apart)
{
    const float up[] = {1.0f, 2.0f}, down[] = {-1.0f, 0.0f}, at = 0.5f;
    made_source_values(&made, 0, 10.0f, up);
    made_source_values(&made, 1, 20.0f, down);
    for (int f = 0; f < 3; f++) {
        float q[MADE_ACTIONS];
        run(form(f));
        cr_assert(eq(str, kb.source[0].member, "first"));
        cr_assert(prior_of(&prior, 0, &at, &at, q));
        cr_assert(epsilon_eq(flt, q[0], 10.5f, 0.1f), "form %d", f);
        cr_assert(eq(str, kb.source[1].member, "second"));
        cr_assert(prior_of(&prior, 1, &at, &at, q));
        cr_assert(epsilon_eq(flt, q[0], 19.5f, 0.1f), "form %d", f);
        cr_assert(epsilon_eq(flt, q[1], 20.0f, 0.1f), "form %d", f);
    }
}

Test(extraction, is_silent_where_no_source_was)
{
    const float nowhere = 1.8f;
    float q[MADE_ACTIONS];
    made.hi[0] = 2.0f; // the samples reach half of the range
    for (int f = 0; f < 3; f++) {
        run(form(f));
        cr_assert(eq(int, prior_at(&prior, &nowhere, &nowhere, q), 0), "form %d", f);
    }
}

Test(extraction, gives_the_codebook_the_period_of_each_coordinate)
{
    made.period[0] = 1.0f;
    run(book);
    cr_assert(eq(flt, kb.source[1].book.period[0], 1.0f));
}

// -- shared states

Test(extraction, lets_sources_answer_at_their_own_states_or_at_those_of_all)
{
    const float own = 0.2f, other = 0.9f;
    move_samples(0, 0.0f, 0.5f);
    move_samples(1, 0.5f, 1.0f);
    for (int f = 0; f < 3; f++) {
        float q[MADE_ACTIONS];
        TableShape shape = form(f);
        run(shape);
        cr_assert(prior_of(&prior, 0, &own, &own, q), "form %d", f);
        cr_assert(not(prior_of(&prior, 0, &other, &other, q)), "form %d", f);
        shape.shared = true;
        run(shape);
        cr_assert(prior_of(&prior, 0, &own, &own, q), "form %d", f);
        cr_assert(prior_of(&prior, 0, &other, &other, q), "form %d", f);
        cr_assert(epsilon_eq(flt, q[1], 1.8f, 0.1f), "form %d", f); // by its own network
    }
}

enum { TEN = 10 };

static double no_return(void *evaluator, int index, Policy policy, void *state)
{
    (void)evaluator, (void)index, (void)policy, (void)state;
    return 0.0;
}

// each source in a tenth of the range of its own
Test(extraction, shares_the_states_of_every_source_however_many_they_are)
{
    static float at[TEN][MADE_SAMPLES];
    SourceTask task[TEN];
    TableShape shape = tiles;
    for (int s = 0; s < TEN; s++) {
        for (int i = 0; i < MADE_SAMPLES; i++)
            at[s][i] = ((float)s + made.features[0][i]) / TEN;
        task[s] = made.task[0];
        task[s].features = task[s].coords = at[s];
    }
    made.context.source = task;
    made.context.source_count = TEN;
    made.context.evaluate = no_return;
    shape.shared = true;
    shape.tilings = 1; // a cell each
    run(shape);
    for (int s = 0; s < TEN; s++) {
        const float x = ((float)s + 0.5f) / TEN;
        float q[MADE_ACTIONS];
        cr_assert(prior_of(&prior, 0, &x, &x, q), "the states of source %d", s);
    }
}

// -- one table of all

Test(extraction, merges_what_all_networks_say_at_the_states_of_all)
{
    const float steeper[] = {3.0f, 6.0f}; // beside slopes of 1 and 2: a mean of 2 and 4
    made_source_values(&made, 1, 0.0f, steeper);
    move_samples(0, 0.0f, 0.5f);
    move_samples(1, 0.5f, 1.0f);
    for (int f = 0; f < 2; f++) {
        TableShape shape = form(f);
        shape.merged = shape.shared = true;
        run(shape);
        cr_assert(eq(int, kb.source_count, 1));
        cr_assert(eq(str, kb.source[0].member, "all"));
        int answered = 0;
        for (int i = 2; i <= 8; i++) {
            const float x = (float)i / 10.0f;
            float q[MADE_ACTIONS];
            answered += prior_at(&prior, &x, &x, q) > 0;
            cr_assert(epsilon_eq(flt, q[0], 2.0f * x, 0.2f), "form %d at %g", f, (double)x);
            cr_assert(epsilon_eq(flt, q[1], 4.0f * x, 0.4f), "form %d at %g", f, (double)x);
        }
        cr_assert(le(int, 6, answered));    // of 7, on both sides of the middle
        (void)number("table_health.first"); // of each source still
        (void)number("table_health.second");
    }
}

Test(extraction, merges_each_network_at_its_own_states_where_these_are_not_shared)
{
    const float steeper[] = {3.0f, 6.0f}, left = 0.3f, right = 0.7f;
    float q[MADE_ACTIONS];
    made_source_values(&made, 1, 0.0f, steeper);
    move_samples(0, 0.0f, 0.5f);
    move_samples(1, 0.5f, 1.0f);
    TableShape shape = book;
    shape.merged = true;
    run(shape);
    (void)prior_at(&prior, &left, &left, q);
    cr_assert(epsilon_eq(flt, q[1], 0.6f, 0.1f));
    (void)prior_at(&prior, &right, &right, q);
    cr_assert(epsilon_eq(flt, q[1], 4.2f, 0.3f));
}

Test(extraction, merges_into_as_many_cells_as_the_sources_have_together)
{
    TableShape shape = book;
    shape.cells = 40;
    run(shape);
    int apart = kb_cells(&kb);
    shape.merged = true;
    run(shape);
    cr_assert(eq(int, kb_cells(&kb), apart));
    cr_assert(eq(int, kb.source[0].book.count, 40));
}

// -- size

// another number of actions: all networks give zeros
static void take_actions(int actions)
{
    for (int s = 0; s < MADE_SOURCES; s++) {
        network_release(&made.network[s]);
        NetworkShape shape = {1, 1, 1, actions};
        cr_assert(eq(int, network_init(&made.network[s], shape, NULL), STATUS_OK));
        made.task[s].sample_count = 300;
    }
    made.context.shape.action_count = actions;
}

Test(extraction, keeps_within_cells_and_bytes)
{
    const int actions[] = {1, 2, 27}, cells[] = {2, 33, 400}, bytes[] = {1024, 3000, 20000};
    int by_bytes = 0, by_cells = 0;
    for (int i = 0; i < 3 * 3 * 3 * 2; i++) {
        TableShape shape = book;
        shape.cells = cells[i / 3 % 3];
        shape.bytes = bytes[i / 9 % 3];
        shape.slopes = i / 27;
        take_actions(actions[i % 3]);
        run(shape);
        int64_t cell = codebook_cell_bytes(1, actions[i % 3], shape.slopes);
        cr_assert(le(i64, kb_bytes(&kb), shape.bytes), "case %d", i);
        cr_assert(le(int, kb_cells(&kb), shape.cells), "case %d", i);
        cr_assert(eq(dbl, number("cells"), kb_cells(&kb)));
        cr_assert(eq(dbl, number("bytes"), (double)kb_bytes(&kb)));
        // one more cell a source would be too much of either, or have too few samples: 270 of a
        // source, three to a cell
        bool full = shape.bytes < kb_bytes(&kb) + MADE_SOURCES * cell;
        bool counted = shape.cells < kb_cells(&kb) + MADE_SOURCES;
        by_bytes += full;
        by_cells += counted;
        cr_assert(full || counted || kb_cells(&kb) == MADE_SOURCES * 90, "case %d: %d cells", i,
                  kb_cells(&kb));
    }
    cr_assert(lt(int, 8, by_bytes));
    cr_assert(lt(int, 8, by_cells));
}

static void refuse(TableShape shape, const char *because)
{
    Error err = {0};
    kb_release(&kb);
    cr_assert(eq(int, extract(&kb, &made.context, shape, &err), STATUS_RANGE));
    cr_assert(ne(ptr, strstr(err.message, because), NULL), "%s", err.message);
}

Test(extraction, refuses_what_leaves_no_cell_to_a_source)
{
    TableShape shape = book;
    shape.states = 1000;
    shape.bytes = 2000; // a feature and a coordinate each
    refuse(shape, "dqinit.bytes=2000");
    shape = book;
    shape.cells = 1;
    refuse(shape, "dqinit.cells=1");
    shape = tiles;
    shape.least_visits = MADE_SAMPLES;
    refuse(shape, "often enough");
}

Test(extraction, refuses_what_does_not_fit_the_form)
{
    made.context.source_count = KB_SOURCES + 1;
    refuse(book, "more than 64 sources");
    made.context.source_count = MADE_SOURCES;
    made.context.shape.coord_count = TILINGS_DIMS + 1;
    refuse(book, "coordinates");
}

// -- what was found out

// every tenth sample is held out: put these alone elsewhere
static void move_held_out(float to)
{
    for (int s = 0; s < MADE_SOURCES; s++)
        for (int i = 9; i < MADE_SAMPLES; i += 10)
            made.features[s][i] = to;
}

Test(extraction, counts_where_a_codebook_is_silent_on_states_held_out)
{
    for (int s = 0; s < MADE_SOURCES;
         s++) // the action of a table that says nothing is the best
        made_source_values(&made, s, 0.0f, (const float[]){2.0f, 1.0f});
    run(book);
    cr_assert(lt(dbl, number("unseen_mass"), 0.03));
    cr_assert(lt(dbl, 0.9, number("agreement.first")));
    move_held_out(100.0f);
    run(book);
    cr_assert(eq(dbl, number("unseen_mass"), 1.0));
    cr_assert(eq(dbl, number("agreement.first"), 0.0));
    cr_assert(eq(dbl, number("agreement.second"), 0.0));
}

Test(extraction, tells_what_a_codebook_cannot_on_states_held_out)
{
    TableShape one = book;
    one.cells = MADE_SOURCES;
    one.slopes = false;
    for (int s = 0; s < MADE_SOURCES; s++)
        made_source_values(&made, s, 0.0f, (const float[]){1.0f, 1.0f});
    run(one); // the mean of the values: all their variance is left
    cr_assert(epsilon_eq(dbl, number("variance_ratio"), 1.0, 0.03));
    one.slopes = true; // a line
    run(one);
    cr_assert(lt(dbl, number("variance_ratio"), 1e-6));
    cr_assert(le(dbl, 0.0, number("variance_ratio")));
}

Test(extraction, tells_what_cells_of_tilings_cannot)
{
    run(tiles);
    // within a part of a tenth, a uniform x has a hundredth of its variance; actions differ by
    // x, which is in the whole variance alone
    double within = number("variance_ratio");
    cr_assert(lt(dbl, 0.005, within));
    cr_assert(lt(dbl, within, 0.015));
    cr_assert(eq(dbl, number("unseen_mass"), 0.0));
}

Test(extraction, estimates_the_unseen_mass_of_tilings_from_cells_seen_once)
{
    // 30 samples in 30 cells: all but the held out ones are seen once
    TableShape fine = {
        .form = TABLE_TILINGS, .tilings = 1, .bins = 30, .least_visits = 1, .states = 5};
    for (int s = 0; s < MADE_SOURCES; s++) {
        made.task[s].sample_count = 30;
        for (int i = 0; i < 30; i++)
            made.features[s][i] = ((float)i + 0.5f) / 30.0f;
    }
    run(fine);
    cr_assert(eq(dbl, number("unseen_mass"), 1.0));
    cr_assert(eq(int, kb.source[0].tiles.cells.count, 27));
}

Test(extraction, compares_table_and_network_in_their_own_task)
{
    // action 1 is better above one half in both values and returns
    for (int s = 0; s < MADE_SOURCES; s++) {
        made_source_values(&made, s, 0.0f, (const float[]){0.0f, 1.0f});
        made.network[s].params[5] = -0.5f; // Q(x, 1) = x - .5
    }
    for (int f = 0; f < 3; f++) {
        made.evaluations = 0;
        run(form(f));
        cr_assert(epsilon_eq(dbl, number("network_return.first"), 1.0, 1e-3));
        cr_assert(lt(dbl, 0.95, number("table_return.second")));
        cr_assert(lt(dbl, 0.95, number("union_return.first")));
        cr_assert(lt(dbl, 0.95, number("agreement.first")));
        cr_assert(lt(dbl, fabs(number("random_return.first") - 0.5), 0.05));
        double health = (number("table_return.first") - number("random_return.first")) /
                        (number("network_return.first") - number("random_return.first"));
        cr_assert(epsilon_eq(dbl, number("table_health.first"), health, 1e-12));
        cr_assert(eq(int, made.evaluations, 4 * MADE_SOURCES));
    }
}

// reward every step so that its Bellman error is @p delta in both sources
static void reward_errors(double delta)
{
    double gamma = made.agent.gamma;
    for (int i = 0; i < MADE_SAMPLES; i++) {
        double x = (double)made.features[0][i], next = (double)made.next_features[0][i];
        double best = made.end[i] == STEP_TERMINATED ? 0.0 : 2.0 * next;
        double value = made.action[i] ? 2.0 * x : x; // Q(x, a) = (1 + a) x
        made.reward[i] = (float)(delta + value - gamma * best);
    }
}

Test(extraction, says_how_far_its_table_errs_in_the_sources_own_tasks)
{
    const double delta[] = {3.0, 0.0};
    for (int i = 0; i < MADE_SAMPLES; i++)
        if (made.end[i] != STEP_GOES_ON && i % 40 == 39) made.end[i] = STEP_TERMINATED;
    for (int k = 0; k < 2; k++) {
        reward_errors(delta[k]);
        run(book);
        cr_assert(epsilon_eq(dbl, number("own_residual"), delta[k], 0.02));
    }
    made.agent.reward_scale = 0.0;
    run(book); // nothing but the values is left: (1 + a) x - 2 gamma x'
    cr_assert(lt(dbl, 0.3, number("own_residual")));
}

Test(extraction, finds_no_health_in_what_a_network_did_not_learn)
{
    // always action 0, right half of the time, and by a margin that no table misses
    for (int s = 0; s < MADE_SOURCES; s++)
        made_source_values(&made, s, 0.0f, (const float[]){0.0f, -1.0f});
    for (int i = 0; i < MADE_SAMPLES; i++)
        made.features[0][i] = 0.6f + 0.3f * made.features[0][i]; // where action 0 is wrong
    run(book);
    cr_assert(eq(dbl, number("network_return.first"), 0.0));
    cr_assert(eq(dbl, number("table_health.first"), 0.0));
}

// -- table states

Test(extraction, keeps_states_of_all_sources_that_the_table_knows)
{
    move_samples(0, 0.0f, 0.5f);
    move_samples(1, 0.5f, 1.0f);
    for (int f = 0; f < 3; f++) {
        int low = 0;
        run(form(f));
        cr_assert(eq(int, kb.states.count, 50));
        for (int j = 0; j < kb.states.count; j++) {
            float q[MADE_ACTIONS];
            const float *x = kb.states.coords + j;
            cr_assert(lt(int, 0, prior_at(&prior, x, x, q)), "state %d", j);
            cr_assert(eq(flt, *x, kb.states.features[j]), "state %d", j);
            low += *x < 0.5f;
        }
        cr_assert(lt(int, 10, low));
        cr_assert(lt(int, low, 40));
    }
}

Test(extraction, keeps_no_state_that_the_table_is_silent_about)
{
    move_held_out(100.0f);
    run(book);
    cr_assert(eq(int, kb.states.count, 50));
    for (int j = 0; j < kb.states.count; j++)
        cr_assert(lt(flt, kb.states.coords[j], 2.0f), "state %d", j);
}

// 66 or 67 samples in each of 30 cells, but for one of 80: of 16 draws none may be there
Test(extraction, refuses_a_table_that_knows_next_to_nothing)
{
    TableShape shape = {
        .form = TABLE_TILINGS, .tilings = 1, .bins = 30, .least_visits = 70, .states = 1};
    int refused = 0;
    for (int s = 0; s < MADE_SOURCES; s++)
        for (int i = 0; i < MADE_SAMPLES; i += 100)
            made.features[s][i] = 0.5f + 1.0f / 60.0f;
    for (int key = 0; key < 20; key++) {
        Error err = {0};
        made.context.key = (uint64_t)key;
        Status status = extract(&kb, &made.context, shape, &err);
        if (status == STATUS_OK) cr_assert(eq(int, kb.states.count, 1));
        if (status != STATUS_OK)
            cr_assert(ne(ptr, strstr(err.message, "hardly any state"), NULL), "%s",
                      err.message);
        refused += status != STATUS_OK;
        kb_release(&kb);
    }
    cr_assert(lt(int, 2, refused));
    cr_assert(lt(int, refused, 18));
}

// -- all of it

Test(extraction, writes_the_same_bytes_from_the_same_sources)
{
    for (int f = 0; f < 3; f++) {
        char *bytes[2];
        size_t size[2];
        for (int i = 0; i < 2; i++) {
            const char *path = test_path("table.kb");
            run(form(f));
            cr_assert(eq(int, kb_write(&kb, path, NULL), STATUS_OK));
            cr_assert(eq(int, file_read(&bytes[i], &size[i], path, 1 << 20, NULL), STATUS_OK));
        }
        cr_assert(eq(sz, size[0], size[1]));
        cr_assert(memcmp(bytes[0], bytes[1], size[0]) == 0, "form %d", f);
        mem_free(bytes[0]);
        mem_free(bytes[1]);
    }
}

Test(extraction, gives_up_cleanly_when_memory_ends)
{
    for (int s = 0; s < MADE_SOURCES; s++)
        made.task[s].sample_count = 60;
    for (int f = 0; f < 2; f++) {
        TableShape shape = form(f);
        Status status = STATUS_NOMEM;
        int fail = 0;
        shape.cells = 4;
        shape.least_visits = 1;
        for (; status != STATUS_OK; fail++) {
            mem_fail_at(fail);
            status = extract(&kb, &made.context, shape, NULL);
            mem_fail_at(-1);
            kb_release(&kb);
            cr_assert(status == STATUS_OK || status == STATUS_NOMEM, "failing request %d",
                      fail);
        }
        cr_assert(lt(int, 30, fail));
    }
}
