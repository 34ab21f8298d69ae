// What DQInit does at each hook, by hand.
#include <math.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "dqinit/blend.h"
#include "tests/dqinit/made_run.h"

enum { A = MADE_ACTIONS, TAG_WORDS = 64, M = 10 };

// every point is in one cell, so that its knownness is n / (n + 10)
static void setup(void)
{
    made_run_init();
    set("dqinit.neighbours", "1");
    set("dqinit.shared_states", "false");
    set("dqinit.gather", "wide");
    set("dqinit.aggregate", "union");
    set("dqinit.known_visits", "10");
    set("dqinit.prefit", "0");
    set("dqinit.prefit_batch", "16");
}

static void teardown(void)
{
    made_run_release();
}

TestSuite(dqinit_hooks, .init = setup, .fini = teardown);

static void begin_by_hand(void)
{
    begin();
    expect_prior(AGGREGATE_UNION, 1);
}

// what the prior says at x, zeros where it is silent
static const float *said(float x)
{
    static float q[A];
    (void)prior_at(&run.prior, &x, &x, q);
    return q;
}

static void visit(float x, int times)
{
    for (int i = 0; i < times; i++)
        method_dqinit.observe(
            run.state,
            &(Transition){.obs = &x, .coords = &x, .next_obs = &x, .next_coords = &x});
}

// -- acting

static void blend_at(float x, float q[A])
{
    method_dqinit.blend(run.state, &(Sight){.features = &x, .coords = &x, .training = true}, q);
}

Test(dqinit_hooks, acts_on_the_network_alone_if_told_to)
{
    begin_by_hand();
    cr_assert(not(method_dqinit.acts(run.state)));
}

Test(dqinit_hooks, acts_on_the_blend_of_values_by_knownness)
{
    set("dqinit.act", "blend");
    begin_by_hand();
    cr_assert(method_dqinit.acts(run.state));
    visit(0.9f, 30);
    float q[A] = {4.0f, 8.0f}, unknown[A] = {4.0f, 8.0f}, nowhere[A] = {4.0f, 8.0f};
    blend_at(0.9f, q);
    for (int a = 0; a < A; a++) // kappa = 30 / 40
        cr_assert(epsilon_eq(flt, q[a],
                             0.75f * (4.0f + 4.0f * (float)a) + 0.25f * said(0.9f)[a], 1e-5f));
    blend_at(0.2f, unknown);
    cr_assert(memcmp(unknown, said(0.2f), sizeof unknown) == 0);
    blend_at(50.0f, nowhere); // the network alone
    cr_assert(eq(flt, nowhere[0], 4.0f));
    cr_assert(eq(flt, nowhere[1], 8.0f));
}

static Explanation explanation_at(float x)
{
    Explanation at;
    method_dqinit.explain(run.state, &(Sight){.features = &x, .coords = &x}, &at);
    return at;
}

Test(dqinit_hooks, explains_its_blend_by_the_prior_and_the_knownness)
{
    set("dqinit.act", "blend");
    begin_by_hand();
    visit(0.9f, 30);
    Explanation at = explanation_at(0.9f);
    cr_assert(at.answers);
    cr_assert(epsilon_eq(dbl, at.own, 0.75, 1e-12));
    cr_assert(memcmp(at.prior, said(0.9f), A * sizeof(float)) == 0);
    cr_assert(eq(dbl, explanation_at(0.2f).own, 0.0));
    cr_assert(not(explanation_at(50.0f).answers)); // a guess
}

Test(dqinit_hooks, acts_on_the_blend_of_advantages_by_knownness)
{
    set("dqinit.act", "advantage");
    begin_by_hand();
    visit(0.9f, 30);
    float q[A] = {4.0f, 8.0f};
    blend_at(0.9f, q);
    // .75 (4, 8) + .25 (8 - .4, 8)
    float gap = said(0.9f)[1] - said(0.9f)[0];
    cr_assert(epsilon_eq(flt, gap, 0.4f, 0.02f));
    cr_assert(epsilon_eq(flt, q[0], 3.0f + 0.25f * (8.0f - gap), 1e-5f));
    cr_assert(epsilon_eq(flt, q[1], 8.0f, 1e-5f));
}

static void expect_shares(const char *text, double shares)
{
    set("dqinit.act", "blend");
    set("dqinit.known_visits", "0");
    set("dqinit.known_share", text);
    begin_by_hand();
    float q[A] = {4.0f, 8.0f};
    visit(0.9f, 1);
    blend_at(0.9f, q);
    double m = shares * BUDGET / kb_cells(&run.kb), beta = m / (1.0 + m);
    cr_assert(
        epsilon_eq(dbl, (double)q[1], (1.0 - beta) * 8.0 + beta * (double)said(0.9f)[1], 1e-5));
}

Test(dqinit_hooks, counts_an_even_share_of_the_budget_as_m)
{
    expect_shares("1", 1.0);
}

Test(dqinit_hooks, counts_more_than_an_even_share_if_told_to)
{
    expect_shares("2.5", 2.5);
}

// -- tags and batches

typedef struct Rows {
    double tag[3][TAG_WORDS], next_tag[3][TAG_WORDS];
    const void *at[3], *next_at[3];
    float reward[3];
    int32_t action[3];
    Batch batch;
} Rows;

// rows at x and after it; @p next may be NULL
static void make_rows(Rows *rows, int count, const float *x, const float *next)
{
    TagShape shape = method_dqinit.tag_shape(run.state);
    cr_assert(le(sz, shape.size, sizeof rows->tag[0]));
    *rows = (Rows){.batch = {.size = count}};
    rows->batch.tag = rows->at;
    rows->batch.next_tag = rows->next_at;
    rows->batch.reward = rows->reward;
    rows->batch.action = rows->action;
    for (int b = 0; b < count; b++) {
        method_dqinit.tag(run.state, &x[b], &x[b], rows->tag[b]);
        rows->at[b] = shape.obs ? rows->tag[b] : NULL; // which nothing is to read
        if (next) method_dqinit.tag(run.state, &next[b], &next[b], rows->next_tag[b]);
        rows->next_at[b] = rows->next_tag[b];
        rows->reward[b] = 1.0f + (float)b;
        rows->action[b] = b % A;
    }
}

Test(dqinit_hooks, keeps_tags_only_where_something_reads_them)
{
    static const struct {
        const char *list[3];
        bool obs, next;
    } of[] = {{{"dqinit.anchor_on=table", NULL}, false, false},
              {{"dqinit.anchor_on=batch", NULL}, true, false},
              {{"dqinit.anchor=0", NULL}, false, false},
              {{"dqinit.knownness=precision", NULL}, true, false},
              {{"dqinit.knownness=shrinkage", "dqinit.bootstrap=choice", NULL}, false, true},
              {{"dqinit.bootstrap=blend", NULL}, false, true},
              {{"dqinit.anchor=0.3", NULL}, true, true}, // on the batch
              {{"dqinit.anchor=0", "dqinit.bootstrap=network", NULL}, false, false},
              {{"dqinit.residual=true", NULL}, true, true}};
    for (size_t i = 0; i < sizeof of / sizeof of[0]; i++) {
        set_all(of[i].list);
        begin();
        TagShape shape = method_dqinit.tag_shape(run.state);
        cr_assert(eq(int, shape.size > 0, of[i].obs || of[i].next), "case %zu", i);
        cr_assert(eq(int, shape.obs, of[i].obs), "case %zu", i);
        cr_assert(eq(int, shape.next, of[i].next), "case %zu", i);
        end();
    }
}

Test(dqinit_hooks, counts_a_visit_by_its_tag_as_by_its_state)
{
    Rows rows;
    const float x = 0.9f;
    set("dqinit.act", "blend");
    set("dqinit.anchor_on", "batch");
    begin_by_hand();
    make_rows(&rows, 1, &x, NULL);
    for (int i = 0; i < 30; i++) {
        const float other = 0.1f; // that the state is not asked about
        method_dqinit.observe(run.state, &(Transition){.obs = &other,
                                                       .coords = &other,
                                                       .next_obs = &other,
                                                       .tag = rows.at[0]});
    }
    float q[A] = {4.0f, 8.0f};
    blend_at(x, q);
    cr_assert(epsilon_eq(flt, q[0], 0.75f * 4.0f + 0.25f * said(x)[0], 1e-5f));
}

// -- targets

// what the residual form adds at x: nothing where the prior is silent, as it is at 50
static float added(float x, int action)
{
    return x < 10.0f ? said(x)[action] : 0.0f;
}

Test(dqinit_hooks, in_the_residual_form_learns_what_the_table_leaves)
{
    Rows rows;
    const float x[] = {0.9f, 0.2f, 50.0f}, next[] = {0.7f, 50.0f, 0.1f};
    float online[3 * A] = {1.0f, 1.1f, 2.0f, 2.1f, 3.0f, 3.1f};
    float target[3 * A] = {5.0f, 6.0f, 7.0f, 8.0f, 9.0f, 10.0f}, kept[3 * A];
    memcpy(kept, target, sizeof kept);
    set("dqinit.residual", "true");
    begin_by_hand();
    make_rows(&rows, 3, x, next);
    method_dqinit.blend_next(run.state, &rows.batch, online, target);
    for (int b = 0; b < 3; b++) {
        // the target of D is r + gamma (Q_init + D)(s', a*) - Q_init(s, a)
        float before = 1.0f + (float)b, init = added(x[b], rows.action[b]);
        cr_assert(epsilon_eq(flt, rows.reward[b], before - init, 1e-6f), "row %d", b);
        for (int a = 0; a < A; a++) {
            float after = added(next[b], a);
            cr_assert(epsilon_eq(flt, target[b * A + a], kept[b * A + a] + after, 1e-6f));
        }
        int best = online[b * A + 1] > online[b * A];
        float y = td_target(rows.reward[b], 0.9f, online + b * A, target + b * A, A);
        float expected = before - init + 0.9f * (kept[b * A + best] + added(next[b], best));
        cr_assert(epsilon_eq(flt, y, expected, 1e-5f), "row %d", b);
    }
    cr_assert(epsilon_eq(flt, said(0.9f)[1], 0.4f, 0.03f)); // row 0 asked of action 0
    cr_assert(epsilon_eq(flt, rows.reward[1], 2.0f + 0.3f, 0.03f));
}

Test(dqinit_hooks, in_the_residual_form_acts_on_the_sum_and_does_nothing_else)
{
    float q[A] = {4.0f, 8.0f}, features[16], dq[A] = {3.0f, 4.0f};
    Rows rows;
    const float x = 0.2f;
    set("dqinit.residual", "true");
    set("dqinit.act", "advantage"); // is overruled, as are all of these
    set("dqinit.bootstrap", "choice");
    set("dqinit.anchor_on", "batch");
    set("dqinit.prefit", "50");
    set("dqinit.weights", "residual");
    begin_by_hand();
    cr_assert(method_dqinit.acts(run.state));
    visit(x, 1000); // for ever
    blend_at(x, q);
    for (int a = 0; a < A; a++)
        cr_assert(epsilon_eq(flt, q[a], 4.0f + 4.0f * (float)a + said(x)[a], 1e-6f));
    make_rows(&rows, 1, &x, &x);
    cr_assert(not(method_dqinit.batch_gradient(run.state, &rows.batch, q, dq)));
    cr_assert(eq(flt, dq[0], 3.0f));
    cr_assert(eq(int, method_dqinit.rehearse(run.state, features, 16), 0));

    Agent *agent = make_agent(&method_dqinit, run.state);
    Agent *other = make_agent(&method_scratch, NULL);
    cr_assert(eq(int, agent_prepare(agent, NULL), STATUS_OK));
    size_t size = (size_t)agent_network(agent)->param_count * sizeof(float);
    cr_assert(memcmp(agent_network(agent)->params, agent_network(other)->params, size) == 0);
    agent_free(agent);
    agent_free(other);
}

// one visited next state, one that is not, and one that the table does not know
static void blend_three(Rows *rows, float *online, float *target)
{
    static const float x[] = {0.5f, 0.5f, 0.5f}, next[] = {0.9f, 0.2f, 50.0f};
    begin_by_hand();
    make_rows(rows, 3, x, next);
    visit(0.9f, 30); // after it was tagged: knownness is that of now
    for (int i = 0; i < 3 * A; i++) {
        online[i] = i % A ? 8.0f : 4.0f;
        target[i] = i % A ? -2.0f : 6.0f;
    }
    method_dqinit.blend_next(run.state, &rows->batch, online, target);
    for (int b = 0; b < 3; b++)
        cr_assert(eq(flt, rows->reward[b], 1.0f + (float)b), "row %d", b);
}

static const double betas[] = {0.25, 1.0, 0.0};
static const float nexts[] = {0.9f, 0.2f, 50.0f};

Test(dqinit_hooks, by_choice_changes_which_action_is_valued_alone)
{
    Rows rows;
    float online[3 * A], target[3 * A];
    set("dqinit.bootstrap", "choice");
    blend_three(&rows, online, target);
    for (int b = 0; b < 3; b++) {
        float q[A] = {4.0f, 8.0f};
        blend_advantages(q, said(nexts[b]), A, betas[b]);
        for (int a = 0; a < A; a++) {
            cr_assert(epsilon_eq(flt, online[b * A + a], q[a], 1e-5f), "row %d", b);
            cr_assert(eq(flt, target[b * A + a], a ? -2.0f : 6.0f), "row %d", b);
        }
    }
    cr_assert(lt(flt, online[A + 1], online[A])); // at .2 action 0 is the better one
}

Test(dqinit_hooks, by_blend_bootstraps_from_blended_values)
{
    Rows rows;
    float online[3 * A], target[3 * A];
    set("dqinit.bootstrap", "blend");
    blend_three(&rows, online, target);
    for (int b = 0; b < 3; b++)
        for (int a = 0; a < A; a++) {
            double beta = betas[b], init = (double)said(nexts[b])[a];
            cr_assert(epsilon_eq(dbl, (double)online[b * A + a],
                                 (1.0 - beta) * (4.0 + 4.0 * a) + beta * init, 1e-5),
                      "row %d", b);
            cr_assert(epsilon_eq(dbl, (double)target[b * A + a],
                                 (1.0 - beta) * (6.0 - 8.0 * a) + beta * init, 1e-5),
                      "row %d", b);
        }
}

Test(dqinit_hooks, bootstraps_from_the_network_if_told_to)
{
    Rows rows;
    float online[3 * A], target[3 * A];
    set("dqinit.anchor_on", "batch");
    blend_three(&rows, online, target);
    for (int i = 0; i < 3 * A; i++) {
        cr_assert(eq(flt, online[i], i % A ? 8.0f : 4.0f));
        cr_assert(eq(flt, target[i], i % A ? -2.0f : 6.0f));
    }
}

// -- the anchor on the sampled batch

static const float at[] = {0.2f, 0.4f, 50.0f}; // visited, not visited, not in the table

static void begin_pull(Rows *rows, float *dq)
{
    set("dqinit.anchor", "0.6");
    set("dqinit.anchor_on", "batch");
    set("dqinit.known_memory", "1"); // kappa_bar is that of the last step, and is not asked
    begin_by_hand();
    make_rows(rows, 3, at, NULL);
    visit(0.2f, 20); // after it was tagged
    for (int i = 0; i < 3 * A; i++)
        dq[i] = 0.25f * (float)i;
}

static void expect_dq(const float *dq, const double *added, double tolerance)
{
    for (int i = 0; i < 3 * A; i++)
        cr_assert(epsilon_eq(dbl, (double)dq[i], 0.25 * i + added[i], tolerance), "dq[%d]", i);
}

// the table says that action 1 is the worse: clip(m) + clip(omega (d - m)) = (1 - 1, 1 + 1)
Test(dqinit_hooks, pulls_each_sampled_row_by_how_little_its_state_is_known)
{
    Rows rows;
    float dq[3 * A], q[3 * A];
    begin_pull(&rows, dq);
    for (int i = 0; i < 3 * A; i++)
        q[i] = 100.0f;
    cr_assert(method_dqinit.batch_gradient(run.state, &rows.batch, q, dq));
    const double c = 0.6, kappa = 20.0 / 30.0;
    const double added[] = {0.0, 2.0 * c / 3.0 * (1.0 - kappa), 0.0, 2.0 * c / 3.0, 0, 0};
    expect_dq(dq, added, 1e-6);
}

Test(dqinit_hooks, pulls_a_row_to_the_values_that_the_table_had_for_it)
{
    Rows rows;
    float dq[3 * A], q[3 * A] = {0};
    begin_pull(&rows, dq);
    for (int i = 0; i < 2 * A; i++) // above the table by .3, in its ordering
        q[i] = said(at[i / A])[i % A] + 0.3f;
    cr_assert(method_dqinit.batch_gradient(run.state, &rows.batch, q, dq));
    const double one = 0.6 / 3.0 * 0.3, third = one / 3.0;
    expect_dq(dq, (double[]){third, third, one, one, 0.0, 0.0}, 1e-5);
}

Test(dqinit_hooks, pulls_nothing_where_the_table_is_silent)
{
    Rows rows;
    float dq[3 * A], q[3 * A] = {0};
    begin_pull(&rows, dq);
    rows.at[0] = rows.at[1] = rows.at[2];
    cr_assert(not(method_dqinit.batch_gradient(run.state, &rows.batch, q, dq)));
    expect_dq(dq, (double[3 * A]){0}, 0.0);
}

Test(dqinit_hooks, rehearses_or_pulls_the_batch_but_not_both)
{
    float features[64], q[A] = {0}, dq[A] = {3.0f, 4.0f};
    Batch batch = {.size = 1};
    begin(); // table states are the default
    cr_assert(eq(int, method_dqinit.rehearse(run.state, features, 64), 16));
    cr_assert(eq(int, method_dqinit.rehearse(run.state, features, 5), 5));
    cr_assert(not(method_dqinit.batch_gradient(run.state, &batch, q, dq)));
    cr_assert(eq(flt, dq[0], 3.0f));
    end();
    set("dqinit.anchor_on", "batch");
    begin();
    cr_assert(eq(int, method_dqinit.rehearse(run.state, features, 64), 0));
    end();
    set("dqinit.anchor_on", "none");
    begin();
    cr_assert(eq(int, method_dqinit.rehearse(run.state, features, 64), 0));
}

Test(dqinit_hooks, hears_bellman_errors_where_precision_asks_for_them)
{
    Rows rows;
    const float x[] = {0.9f, 0.2f};
    set("dqinit.act", "blend");
    set("dqinit.knownness", "precision");
    set("dqinit.anchor_on", "none");
    begin_by_hand();
    make_rows(&rows, 2, x, NULL);
    visit(0.9f, 30);
    float q[2 * A] = {0}, dq[2 * A] = {1.0f, 0.0f, 0.0f, 0.0f};
    rows.batch.size = 1;
    cr_assert(not(method_dqinit.batch_gradient(run.state, &rows.batch, q, dq)));
    rows.batch.size = 2;
    dq[0] = 0.25f; // an error of .5 in two rows
    cr_assert(not(method_dqinit.batch_gradient(run.state, &rows.batch, q, dq)));
    // e0^2 = 1, then e^2 = 1 + .1 (.25 - 1) = .925: kappa = 30 / (30 + 10 * .925)
    float value[A] = {4.0f, 8.0f};
    double kappa = 30.0 / (30.0 + 9.25);
    blend_at(0.9f, value);
    cr_assert(epsilon_eq(dbl, (double)value[1],
                         kappa * 8.0 + (1.0 - kappa) * (double)said(0.9f)[1], 1e-5));
}

Test(dqinit_hooks, hears_no_errors_where_the_prior_is_silent)
{
    Rows rows;
    const float edge = 1.0f, x[] = {50.0f, edge}; // the last cell is the nearest to both
    set("dqinit.act", "blend");
    set("dqinit.knownness", "precision");
    set("dqinit.anchor_on", "none");
    begin_by_hand();
    make_rows(&rows, 2, x, NULL);
    visit(edge, 30);
    // errors of 1 and .5; were the first heard, it would be e0: e^2 = 1 + .1 (.25 - 1)
    float q[2 * A] = {0}, dq[2 * A] = {0.5f, 0.0f, 0.0f, 0.25f};
    cr_assert(not(method_dqinit.batch_gradient(run.state, &rows.batch, q, dq)));
    float value[A] = {4.0f, 8.0f};
    double kappa = 30.0 / (30.0 + 10.0); // e^2 = e0^2
    blend_at(edge, value);
    cr_assert(epsilon_eq(dbl, (double)value[1],
                         kappa * 8.0 + (1.0 - kappa) * (double)said(edge)[1], 1e-5));
}

// -- the anchor on table states

static Knownness known; // what the method should know

static void visit_both(float x, int times)
{
    Place place;
    float q[A];
    (void)prior_glance(&run.prior, &x, &x, q, &place);
    visit(x, times);
    for (int i = 0; i < times; i++)
        (void)knownness_visit(&known, &place);
}

// c (1 - kappa_bar) (1 - kappa(x)) over the rows: the level is clipped to 1, and the two
// actions' parts of the ordering cancel
static void expect_rehearsal(bool fade)
{
    enum { ROWS = 16 };
    float features[ROWS], q[ROWS * A], dq[ROWS * A];
    int different = 0;
    for (int i = 0; i < ROWS * A; i++)
        q[i] = 4.0f;
    for (int round = 0; round < 20; round++) {
        cr_assert(eq(int, method_dqinit.rehearse(run.state, features, ROWS), ROWS));
        method_dqinit.rehearse_gradient(run.state, q, dq);
        for (int r = 0; r < ROWS; r++) {
            Place place;
            float said_there[A];
            (void)prior_glance(&run.prior, &features[r], &features[r], said_there, &place);
            double weight = 0.3 / ROWS * (1.0 - knownness_at(&known, &place));
            if (fade) weight *= 1.0 - known.mean;
            double both = (double)dq[r * A] + (double)dq[r * A + 1];
            cr_assert(epsilon_eq(dbl, both, 2.0 * weight, 1e-6), "x = %g", (double)features[r]);
            different += both < 0.9 * 2.0 * 0.3 / ROWS;
        }
    }
    cr_assert(lt(int, 10, different));
}

Test(dqinit_hooks, rehearses_table_states_by_how_little_they_and_the_path_are_known)
{
    const char *const fade[] = {"true", "false"};
    set("dqinit.known_memory", "20");
    for (int i = 0; i < 2; i++) {
        set("dqinit.fade", fade[i]);
        set("dqinit.neighbours", "3");
        begin();
        prior_release(&run.prior);
        kb_release(&run.kb);
        expect_prior(AGGREGATE_UNION, 3);
        KnownnessShape shape = {.by = KNOWN_SHRINKAGE,
                                .visits = M,
                                .each = 1.0,
                                .cap = 1.0,
                                .memory = 20.0,
                                .cells = prior_cells(&run.prior)};
        cr_assert(eq(int, knownness_init(&known, shape, NULL), STATUS_OK));
        for (int step = 0; step < 20; step++)
            visit_both(0.5f * (float)step / 20.0f, 10);
        cr_assert(lt(dbl, 0.1, known.mean));
        expect_rehearsal(i == 0);
        knownness_release(&known);
        end();
    }
}

Test(dqinit_hooks, rehearses_towards_the_table)
{
    float features[16], q[16 * A], dq[16 * A];
    begin_by_hand();
    cr_assert(eq(int, method_dqinit.rehearse(run.state, features, 16), 16));
    for (int i = 0; i < 16 * A; i++)
        q[i] = said(features[i / A])[i % A];
    method_dqinit.rehearse_gradient(run.state, q, dq);
    for (int i = 0; i < 16 * A; i++)
        cr_assert(eq(flt, dq[i], 0.0f));
}

// -- weighing the sources

static float at_step(int i)
{
    return (float)(i * 7 % 20) / 20.0f + 0.02f;
}

// steps of a target whose values are Q(x, 0) = 0 and Q(x, 1) = x - .5, in episodes of five
static void step_right(int i)
{
    const float x = at_step(i), after = i % 5 == 4 ? 0.3f : at_step(i + 1);
    int action = i % 2;
    double value = action ? (double)x - 0.5 : 0.0, ahead = fmax(0.0, (double)after - 0.5);
    method_dqinit.observe(run.state, &(Transition){.obs = &x,
                                                   .coords = &x,
                                                   .next_obs = &after,
                                                   .next_coords = &after,
                                                   .action = action,
                                                   .reward = value - run.dqn.gamma * ahead,
                                                   .truncated = i % 5 == 4});
}

// the second source is wrong by 3 everywhere
static void begin_weighing(const char *refit)
{
    made_source_values(&run.sources, 1, 3.0f, (const float[]){0.0f, 0.0f});
    build();
    run.dqn.n_step = 1;
    set("dqinit.weights", "residual");
    set("dqinit.weights_start", "0");
    set("dqinit.aggregate", "mean");
    set("dqinit.act", "blend");
    set("dqinit.knownness", "frozen");
    set("dqinit.refit", refit);
    begin();
    expect_prior(AGGREGATE_MEAN, 1);
}

static float first_value(float x)
{
    float q[A] = {0};
    blend_at(x, q);
    return q[0];
}

Test(dqinit_hooks, fits_the_network_anew_when_the_sources_are_first_weighed)
{
    begin_weighing("200");
    Agent *agent = make_agent(&method_dqinit, run.state);
    cr_assert(eq(int, agent_prepare(agent, NULL), STATUS_OK));
    Network net;
    NetworkShape shape = {1, run.dqn.hidden, run.dqn.layers, A};
    cr_assert(eq(int, network_init(&net, shape, NULL), STATUS_OK));
    network_copy(&net, agent_network(agent));
    cr_assert(epsilon_eq(flt, first_value(0.3f), 1.5f, 0.01f)); // halves of 0 and 3

    int refits = 0;
    size_t size = (size_t)net.param_count * sizeof(float);
    for (int i = 0; i < 100; i++) {
        step_right(i);
        bool refitted = method_dqinit.revise(run.state, &net);
        bool changed = memcmp(net.params, agent_network(agent)->params, size) != 0;
        cr_assert(eq(int, refitted, changed), "step %d", i);
        cr_assert(eq(int, refitted, i == 9), "step %d", i); // two episodes
        refits += refitted;
        if (refitted) // what it was asked about last is asked about again
            cr_assert(epsilon_eq(flt, first_value(at_step(i)), 0.05f * 3.0f, 0.01f));
        network_copy(&net, agent_network(agent));
    }
    cr_assert(eq(int, refits, 1));
    cr_assert(epsilon_eq(flt, first_value(0.3f), 0.05f * 3.0f, 0.01f)); // of the floor
    network_release(&net);
    agent_free(agent);
}

Test(dqinit_hooks, rehearses_towards_what_the_weighed_sources_say)
{
    float features[16], q[16 * A], dq[16 * A];
    Network none = {0};
    begin_weighing("0");
    for (int i = 0; i < 10; i++) {
        step_right(i);
        cr_assert(not(method_dqinit.revise(run.state, &none))); // nor is it touched
    }
    run.prior.weight[0] = 0.95;
    run.prior.weight[1] = 0.05;
    cr_assert(eq(int, method_dqinit.rehearse(run.state, features, 16), 16));
    for (int i = 0; i < 16 * A; i++)
        q[i] = said(features[i / A])[i % A];
    method_dqinit.rehearse_gradient(run.state, q, dq);
    for (int i = 0; i < 16 * A; i++)
        cr_assert(epsilon_eq(flt, dq[i], 0.0f, 1e-5f));
}

Test(dqinit_hooks, does_not_weigh_the_sources_of_a_residual)
{
    Network none = {0};
    begin_weighing("200");
    end();
    set("dqinit.residual", "true");
    begin();
    for (int i = 0; i < 50; i++) {
        step_right(i);
        cr_assert(not(method_dqinit.revise(run.state, &none)));
    }
    cr_assert(epsilon_eq(flt, first_value(0.3f), 1.5f, 0.01f));
}

Test(dqinit_hooks, begins_the_pre_fit_at_the_level_of_the_table)
{
    for (int s = 0; s < MADE_SOURCES; s++)
        made_source_values(&run.sources, s, 50.0f, (const float[]){0.0f, 0.0f});
    build();
    set("dqinit.prefit", "1");
    set("dqinit.prefit_lr", "1e-8");
    set("dqinit.prefit_lr_end", "0");
    begin();
    Agent *agent = make_agent(&method_dqinit, run.state);
    cr_assert(eq(int, agent_prepare(agent, NULL), STATUS_OK));
    const Network *net = agent_network(agent);
    for (int a = 1; a <= A; a++)
        cr_assert(epsilon_eq(flt, net->params[net->param_count - a], 50.0f, 1e-3f));
    agent_free(agent);
}

// -- reports

typedef struct Told {
    double hit_rate, kappa_bar, prior_share, table_led, cells, first, second;
    int warnings, weights;
} Told;

static void hear_number(void *sink, const char *name, double value)
{
    Told *told = sink;
    if (strcmp(name, "hit_rate") == 0) told->hit_rate = value;
    if (strcmp(name, "kappa_bar") == 0) told->kappa_bar = value;
    if (strcmp(name, "prior_share") == 0) told->prior_share = value;
    if (strcmp(name, "table_led") == 0) told->table_led = value;
    if (strcmp(name, "cells") == 0) told->cells = value;
    if (strcmp(name, "weight.first") == 0) told->first = value;
    if (strcmp(name, "weight.second") == 0) told->second = value;
    told->weights += strncmp(name, "weight.", 7) == 0;
}

static void hear_warning(void *sink, const char *sentence)
{
    Told *told = sink;
    cr_assert(strstr(sentence, "table of source") != NULL, "%s", sentence);
    told->warnings++;
}

static Told tell(void)
{
    Told told = {.hit_rate = -1.0, .prior_share = -1.0};
    const Report report = {&told, hear_number, hear_warning};
    method_dqinit.report(run.state, &report);
    return told;
}

Test(dqinit_hooks, tells_how_much_of_the_path_the_table_knew)
{
    begin_by_hand();
    cr_assert(eq(dbl, tell().hit_rate, -1.0)); // not asked
    for (int i = 0; i < 10; i++) {
        const float x = i < 7 ? 0.5f : 50.0f;
        (void)method_dqinit.prior(run.state, &(Sight){.features = &x, .coords = &x});
    }
    cr_assert(eq(dbl, tell().hit_rate, 0.7));
    cr_assert(eq(dbl, tell().cells, kb_cells(&run.kb)));
    cr_assert(eq(int, tell().weights, 0)); // never weighed
    cr_assert(eq(int, tell().warnings, 0));
}

Test(dqinit_hooks, tells_how_much_the_prior_led)
{
    double left = 0.0, mean = 0.0;
    set("dqinit.known_memory", "50");
    begin_by_hand();
    cr_assert(eq(dbl, tell().prior_share, -1.0));
    for (int n = 0; n < 20; n++) {
        double kappa = n / (n + 10.0);
        visit(0.5f, 1);
        left += 1.0 - kappa;
        mean += (kappa - mean) / 50.0;
    }
    cr_assert(epsilon_eq(dbl, tell().kappa_bar, mean, 1e-12));
    cr_assert(epsilon_eq(dbl, tell().prior_share, left / 20.0, 1e-12));
    visit(50.0f, 20); // where it is silent it does not lead
    cr_assert(epsilon_eq(dbl, tell().prior_share, left / 40.0, 1e-12));
}

static Told trace(void)
{
    Told told = {.kappa_bar = -1.0, .prior_share = -1.0, .table_led = -1.0};
    method_dqinit.trace(run.state, &(Report){&told, hear_number, NULL});
    return told;
}

Test(dqinit_hooks, traces_how_much_the_prior_led_since_the_last_row)
{
    double left = 0.0, mean = 0.0;
    set("dqinit.known_memory", "50");
    begin_by_hand();
    cr_assert(eq(dbl, trace().kappa_bar, 0.0));
    cr_assert(eq(dbl, trace().prior_share, -1.0)); // no step yet
    for (int n = 0; n < 20; n++) {
        double kappa = n / (n + 10.0);
        visit(0.5f, 1);
        left += n < 15 ? 0.0 : 1.0 - kappa;
        mean += (kappa - mean) / 50.0;
        if (n == 14) (void)trace();
    }
    visit(50.0f, 5); // where it is silent it does not lead
    for (int n = 0; n < 5; n++)
        mean += (1.0 - mean) / 50.0;
    Told told = trace();
    cr_assert(epsilon_eq(dbl, told.kappa_bar, mean, 1e-12));
    cr_assert(epsilon_eq(dbl, told.prior_share, left / 10.0, 1e-12));
    cr_assert(eq(dbl, trace().prior_share, -1.0));
    cr_assert(lt(dbl, left / 25.0, tell().prior_share)); // that of the whole run is as it was
}

Test(dqinit_hooks, traces_the_choices_that_the_table_decided)
{
    const float x = 0.2f;
    set("dqinit.act", "blend");
    begin_by_hand();
    cr_assert(eq(dbl, trace().table_led, -1.0)); // nothing was chosen yet
    for (int i = 0; i < 8; i++) {
        float q[A] = {4.0f, 8.0f}; // the table has the other ordering at .2 alone
        blend_at(i < 3 ? 0.2f : i < 6 ? 0.9f : 50.0f, q);
    }
    float judged[A] = {4.0f, 8.0f};
    method_dqinit.blend(run.state, &(Sight){.features = &x, .coords = &x}, judged);
    cr_assert(lt(flt, judged[1], judged[0]));
    cr_assert(eq(dbl, trace().table_led, 3.0 / 8.0));
    visit(0.2f, 1); // a step by chance is no choice
    cr_assert(eq(dbl, trace().table_led, -1.0));
    blend_at(0.9f, judged);
    cr_assert(eq(dbl, trace().table_led, 1.0)); // only what came since
}

Test(dqinit_hooks, traces_no_choice_of_the_table_where_it_acts_on_the_network)
{
    begin_by_hand();
    cr_assert(eq(dbl, trace().table_led, -1.0));
    visit(0.2f, 1);
    cr_assert(eq(dbl, trace().table_led, 0.0));
}

Test(dqinit_hooks, knows_no_cell_better_for_a_walk_beyond_the_table)
{
    set("dqinit.act", "blend");
    set("dqinit.known_memory", "50");
    begin_by_hand();
    visit(50.0f, 1000);
    for (int i = 0; i <= 10; i++) {
        const float x = (float)i / 10.0f;
        float q[A] = {4.0f, 8.0f};
        blend_at(x, q);
        cr_assert(memcmp(q, said(x), sizeof q) == 0, "x = %g", (double)x);
    }
    // but the path is where the prior has nothing to say
    cr_assert(lt(dbl, 0.99, tell().kappa_bar));
}

Test(dqinit_hooks, tells_the_weights_once_they_were_weighed)
{
    Network none = {0};
    begin_weighing("0");
    for (int i = 0; i < 10; i++) {
        cr_assert(eq(int, tell().weights, 0));
        step_right(i);
        (void)method_dqinit.revise(run.state, &none);
    }
    cr_assert(eq(int, tell().weights, MADE_SOURCES));
    cr_assert(epsilon_eq(dbl, tell().first, 0.95, 1e-3));
    cr_assert(epsilon_eq(dbl, tell().second, 0.05, 1e-3));
}

Test(dqinit_hooks, warns_of_tables_that_cannot_act_in_their_own_task)
{
    set("dqinit.cells", "2"); // one value for the whole range each
    set("dqinit.slopes", "false");
    build();
    begin();
    cr_assert(eq(int, tell().warnings, MADE_SOURCES));
}

// -- beginning

Test(dqinit_hooks, asks_for_states_from_near_the_greedy_path_or_from_all_over)
{
    set("dqinit.states", "1234");
    set("dqinit.gather_cut", "0.25");
    Gathering wide = method_dqinit.gathering(run.settings);
    cr_assert(eq(int, wide.states, 1234));
    cr_assert(eq(dbl, wide.cut, 0.25));
    cr_assert(eq(int, wide.episodes, 5));
    cr_assert(eq(dbl, wide.epsilon[4], 1.0));
    set("dqinit.gather", "near");
    Gathering near = method_dqinit.gathering(run.settings);
    cr_assert(eq(int, near.states, 1234));
    cr_assert(eq(int, near.episodes, 3));
    cr_assert(eq(dbl, near.epsilon[0], 0.0));
    cr_assert(eq(dbl, near.epsilon[2], 0.3));
}

Test(dqinit_hooks, has_settings_that_are_sound)
{
    Error err = {0};
    cr_assert(
        eq(int, param_check(method_dqinit.param, method_dqinit.param_count, &err), STATUS_OK),
        "%s", err.message);
}

static void refuse(Status status, const char *because)
{
    Error err = {0};
    cr_assert(eq(int, method_dqinit.init(run.state, &run.context, &err), status));
    cr_assert(ne(ptr, strstr(err.message, because), NULL), "%s", err.message);
    end();
}

Test(dqinit_hooks, refuses_knowledge_of_another_family)
{
    TaskShape shape = run.context.shape;
    run.context.shape.action_count++;
    refuse(STATUS_MISMATCH, "another family");
    run.context.shape = shape;
    run.context.shape.feature_dim++;
    refuse(STATUS_MISMATCH, "another family");
    run.context.shape = shape;
    run.context.shape.coord_count++;
    refuse(STATUS_MISMATCH, "another family");
}

static void refuse_settings(const char *because)
{
    Error err = {0};
    cr_assert(eq(int, method_dqinit.fits(run.settings, &run.dqn, &err), STATUS_USAGE));
    cr_assert(ne(ptr, strstr(err.message, because), NULL), "%s", err.message);
}

static void accept_settings(void)
{
    Error err = {0};
    cr_assert(eq(int, method_dqinit.fits(run.settings, &run.dqn, &err), STATUS_OK), "%s",
              err.message);
}

Test(dqinit_hooks, refuses_to_choose_among_tables_where_there_is_one)
{
    set("dqinit.merged", "true");
    set("dqinit.aggregate", "mean");
    accept_settings();
    set("dqinit.aggregate", "max");
    refuse_settings("they need dqinit.merged=false");
    set("dqinit.prior", "network"); // of which there is one a source all the same
    accept_settings();
    set("dqinit.prior", "table");
    set("dqinit.merged", "false");
    accept_settings();
    set("dqinit.aggregate", "mean");
    set("dqinit.weights", "residual");
    accept_settings();
    set("dqinit.merged", "true");
    refuse_settings("they need dqinit.merged=false");
    set("dqinit.residual", "true"); // where weights are of no effect
    method_dqinit.settle(run.settings);
    accept_settings();
}

Test(dqinit_hooks, refuses_to_weigh_sources_whose_answers_the_memory_keeps)
{
    set("dqinit.merged", "false");
    set("dqinit.weights", "residual");
    set("dqinit.anchor_on", "batch");
    refuse_settings("dqinit.weights=residual needs");
    set("dqinit.anchor_on", "table");
    set("dqinit.bootstrap", "blend");
    refuse_settings("dqinit.weights=residual needs");
}

Test(dqinit_hooks, refuses_knowledge_of_other_sources)
{
    TrainedSource trained[] = {{.member = "first"}, {.member = "second"}};
    run.context.source = trained;
    run.context.source_count = 1;
    refuse(STATUS_MISMATCH, "other sources");
    run.context.source_count = 2;
    begin();
    end();
    trained[1].member = "third";
    refuse(STATUS_MISMATCH, "other sources");
}

Test(dqinit_hooks, lets_networks_answer_in_place_of_tables)
{
    TrainedSource trained[] = {{.member = "first", .network = &run.sources.network[0]},
                               {.member = "second", .network = &run.sources.network[1]}};
    set("dqinit.prior", "network");
    refuse(STATUS_MISMATCH, "needs the sources");
    run.context.source = trained;
    run.context.source_count = 2;
    set("dqinit.act", "blend");
    begin();
    float q[A] = {0};
    blend_at(50.0f, q); // where tables are silent
    cr_assert(epsilon_eq(flt, q[1], 49.5f, 1e-4f));
}

// the one table of a merged knowledge base bears no source's name
Test(dqinit_hooks, names_the_weights_of_networks_after_their_sources)
{
    TrainedSource trained[] = {{.member = "first", .network = &run.sources.network[0]},
                               {.member = "second", .network = &run.sources.network[1]}};
    Network none = {0};
    set("dqinit.merged", "true");
    set("dqinit.prior", "network");
    run.context.source = trained;
    run.context.source_count = 2;
    begin_weighing("0");
    for (int i = 0; i < 10; i++) {
        step_right(i);
        (void)method_dqinit.revise(run.state, &none);
    }
    Told told = tell();
    cr_assert(eq(int, told.weights, MADE_SOURCES));
    cr_assert(epsilon_eq(dbl, told.first, 0.95, 1e-3));
    cr_assert(epsilon_eq(dbl, told.second, 0.05, 1e-3));
}

Test(dqinit_hooks, asks_networks_anew_where_only_the_features_differ)
{
    TrainedSource trained[] = {{.member = "first", .network = &run.sources.network[0]},
                               {.member = "second", .network = &run.sources.network[1]}};
    const float coords = 0.9f, x[] = {0.9f, 0.2f};
    set("dqinit.prior", "network");
    set("dqinit.act", "blend");
    run.context.source = trained;
    run.context.source_count = 2;
    begin();
    for (int i = 0; i < 2; i++) {
        float q[A] = {0};
        method_dqinit.blend(
            run.state, &(Sight){.features = &x[i], .coords = &coords, .training = true}, q);
        cr_assert(epsilon_eq(flt, q[1], x[i] - 0.5f, 1e-5f), "x = %g", (double)x[i]);
    }
}

Test(dqinit_hooks, refuses_a_choice_of_actions_that_nothing_asks_for)
{
    set("dqinit.bootstrap", "choice");
    run.dqn.double_q = false;
    refuse_settings("dqinit.bootstrap=choice needs agent.double=true");
    run.dqn.double_q = true;
    accept_settings();
    run.dqn.double_q = false;
    set("dqinit.bootstrap", "blend");
    accept_settings();
    set("dqinit.bootstrap", "choice"); // is overruled
    set("dqinit.residual", "true");
    begin();
}

Test(dqinit_hooks, releases_all_when_beginning_fails)
{
    const char *const table[] = {"codebook", "tilings"};
    for (int t = 0; t < 2; t++) {
        Status status = STATUS_NOMEM;
        int fail = 0;
        set("dqinit.table", table[t]);
        build();
        for (; status != STATUS_OK; fail++) {
            mem_fail_at(fail);
            status = method_dqinit.init(run.state, &run.context, NULL);
            mem_fail_at(-1);
            cr_assert(status == STATUS_OK || status == STATUS_NOMEM, "failing request %d",
                      fail);
            end();
        }
        cr_assert(lt(int, 15, fail));
    }
}
