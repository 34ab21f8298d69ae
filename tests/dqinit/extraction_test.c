#include "dqinit/extraction.h"

#include <math.h>
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "suite/core/mem.h"
#include "tests/support/sources.h"

static const TableShape shape = {.tilings = 4, .bins = 10, .least_visits = 2, .states = 50};

static MadeSources made;
static KnowledgeBase kb;

static void setup(void)
{
    made_sources_init(&made, "");
}

static void teardown(void)
{
    kb_release(&kb);
    made_sources_release(&made);
}

static void run(void)
{
    Error err = {0};
    cr_assert(eq(int, extract(&kb, &made.context, shape, &err), STATUS_OK), "%s", err.message);
}

static double number(const char *name)
{
    for (int i = 0; i < kb.number_count; i++)
        if (strcmp(kb.number[i].name, name) == 0) return kb.number[i].value;
    cr_assert(false, "no number '%s'", name);
    return 0.0;
}

TestSuite(extraction, .init = setup, .fini = teardown);

Test(extraction, gives_a_constant_back_exactly)
{
    const float flat[] = {0.0f, 0.0f};
    for (int s = 0; s < MADE_SOURCES; s++)
        made_source_values(&made, s, -3.25f, flat);
    run();
    for (int c = 0; c < kb.cells.count; c++) {
        cr_assert(kb.value[c * 2] == -3.25f && kb.value[c * 2 + 1] == -3.25f, "cell %d", c);
        cr_assert(kb.variance[c] == 0.0f, "cell %d", c);
    }
}

Test(extraction, averages_a_cell_and_its_variance_as_two_passes_do)
{
    run();
    // the first tiling's fourth part, [.3, .4): the samples of either source, held out ones
    // apart
    double sum = 0.0, squares = 0.0;
    int n = 0;
    for (int i = 0; i < MADE_SAMPLES; i++) {
        double x = (double)made.features[0][i];
        if (i % 10 == 9 || x < 0.3 || x >= 0.4) continue;
        sum += x;
        n++;
    }
    for (int i = 0; i < MADE_SAMPLES; i++) {
        double x = (double)made.features[0][i];
        if (i % 10 == 9 || x < 0.3 || x >= 0.4) continue;
        squares += (x - sum / n) * (x - sum / n);
    }
    const float at[] = {0.35f};
    int c = cells_find(&kb.cells, tilings_cell(&kb.tilings, 0, at));
    cr_assert(ge(int, c, 0));
    cr_assert(epsilon_eq(dbl, (double)kb.value[c * 2], sum / n, 1e-6));
    cr_assert(epsilon_eq(dbl, (double)kb.value[c * 2 + 1], 2.0 * sum / n, 1e-6));
    // slopes 1 and 2: variances v and 4 v
    cr_assert(epsilon_eq(dbl, (double)kb.variance[c], 2.5 * squares / n, 1e-7));
    cr_assert(eq(int, kb.visits[c], 2 * n));
    cr_assert(eq(int, kb.sources[c], 2));
}

Test(extraction, gives_every_source_the_same_weight_in_any_order)
{
    const float up[] = {1.0f, 2.0f}, down[] = {-1.0f, 0.0f}, at[] = {0.5f};
    float q[MADE_ACTIONS], mirrored[MADE_ACTIONS];
    made_source_values(&made, 0, 10.0f, up);
    made_source_values(&made, 1, 20.0f, down);
    run();
    cr_assert(eq(int, kb_lookup(&kb, at, q), 4));
    cr_assert(epsilon_eq(flt, q[0], 15.0f, 0.05f));
    cr_assert(epsilon_eq(flt, q[1], 15.5f, 0.05f));

    kb_release(&kb);
    made_source_values(&made, 1, 10.0f, up);
    made_source_values(&made, 0, 20.0f, down);
    run();
    cr_assert(eq(int, kb_lookup(&kb, at, mirrored), 4));
    for (int a = 0; a < MADE_ACTIONS; a++)
        cr_assert(epsilon_eq(flt, mirrored[a], q[a], 1e-5f));
}

Test(extraction, is_silent_where_no_source_was)
{
    made.hi[0] = 2.0f; // the samples reach half of the range
    run();
    const float nowhere[] = {1.8f}, here[] = {0.5f};
    float q[MADE_ACTIONS] = {77.0f, 77.0f};
    cr_assert(eq(int, kb_lookup(&kb, nowhere, q), 0));
    cr_assert(eq(flt, q[0], 77.0f));
    cr_assert(eq(int, kb_lookup(&kb, here, q), 4));
}

Test(extraction, leaves_out_cells_seen_too_seldom)
{
    TableShape strict = shape;
    strict.least_visits = MADE_SAMPLES;
    Error err = {0};
    cr_assert(eq(int, extract(&kb, &made.context, strict, &err), STATUS_RANGE));
    cr_assert(ne(chr, err.message[0], '\0'));
}

Test(extraction, tells_what_the_cells_cannot_tell_apart)
{
    run();
    // within a part of a tenth, a uniform x has a hundredth of its variance
    double within = number("variance_ratio");
    cr_assert(within > 0.005 && within < 0.015, "%g", within);
    cr_assert(eq(dbl, number("cells"), kb.cells.count));
    cr_assert(eq(dbl, number("bytes"), (double)kb_bytes(&kb)));
    cr_assert(eq(dbl, number("unseen_mass"), 0.0));
}

Test(extraction, estimates_unseen_mass_from_cells_seen_once)
{
    // 30 samples in 30 cells of a fine table: all but the held out ones are seen once
    TableShape fine = {.tilings = 1, .bins = 30, .least_visits = 1, .states = 5};
    for (int s = 0; s < MADE_SOURCES; s++) {
        made.task[s].sample_count = 30;
        for (int i = 0; i < 30; i++)
            made.features[s][i] = ((float)i + 0.5f) / 30.0f;
    }
    cr_assert(eq(int, extract(&kb, &made.context, fine, NULL), STATUS_OK));
    cr_assert(eq(dbl, number("unseen_mass"), 1.0));
    cr_assert(eq(int, kb.cells.count, 27));
}

Test(extraction, compares_table_and_network_in_their_own_task)
{
    // action 1 is better above one half in both values and returns
    const float slope[] = {0.0f, 1.0f};
    for (int s = 0; s < MADE_SOURCES; s++) {
        made_source_values(&made, s, 0.0f, slope);
        made.network[s].params[5] = -0.5f; // Q(x, 1) = x - .5
    }
    run();
    cr_assert(epsilon_eq(dbl, number("network_return.first"), 1.0, 1e-3));
    cr_assert(lt(dbl, 0.95, number("table_return.second")));
    cr_assert(lt(dbl, 0.95, number("union_return.first")));
    cr_assert(lt(dbl, 0.95, number("agreement.first")));
    cr_assert(lt(dbl, fabs(number("random_return.first") - 0.5), 0.05));
    cr_assert(lt(dbl, 0.9, number("table_health.first")));
    cr_assert(eq(int, made.evaluations, 4 * MADE_SOURCES));
}

Test(extraction, keeps_states_that_the_table_knows)
{
    run();
    float q[MADE_ACTIONS];
    cr_assert(eq(int, kb.state_count, shape.states));
    int different = 0;
    for (int j = 0; j < kb.state_count; j++) {
        cr_assert(lt(int, 0, kb_lookup(&kb, kb.coords + j, q)), "state %d", j);
        cr_assert(eq(flt, kb.coords[j], kb.features[j]), "state %d", j);
        different += kb.coords[j] != kb.coords[0];
    }
    cr_assert(lt(int, shape.states / 2, different));
}

Test(extraction, gives_up_cleanly_when_memory_ends)
{
    Status status = STATUS_NOMEM;
    int fail = 0;
    for (; status != STATUS_OK; fail++) {
        mem_fail_at(fail);
        status = extract(&kb, &made.context, shape, NULL);
        mem_fail_at(-1);
        kb_release(&kb);
        cr_assert(status == STATUS_OK || status == STATUS_NOMEM, "failing request %d", fail);
    }
    cr_assert(lt(int, 30, fail));
}
