// How DQInit holds its table against the agent's steps, and what follows from it.
#include <math.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "tests/dqinit/made_run.h"

enum { A = MADE_ACTIONS, TAG_WORDS = 64 };

static const double tolerance = 2.0;
static const float here = 0.8f, there = 0.9f, nowhere = 50.0f;

static void setup(void)
{
    made_run_init();
    set("dqinit.neighbours", "1");
    set("dqinit.aggregate", "union");
    set("dqinit.known_visits", "10");
    set("dqinit.prefit", "0");
    set("dqinit.prefit_batch", "16");
    set("dqinit.credence", "2");
}

TestSuite(dqinit_credence, .init = setup, .fini = made_run_release);

static void begin_by_hand(void)
{
    begin();
    expect_prior(AGGREGATE_UNION, 1);
}

static void see(float x, float next, double reward, bool terminated)
{
    Transition t = {.obs = &x,
                    .coords = &x,
                    .next_obs = &next,
                    .next_coords = &next,
                    .action = 1,
                    .reward = reward,
                    .terminated = terminated};
    method_dqinit.observe(run.state, &t);
}

typedef struct Told {
    double residual, credence, share;
} Told;

static void hear(void *sink, const char *name, double value)
{
    Told *told = sink;
    if (strcmp(name, "residual") == 0) told->residual = value;
    if (strcmp(name, "credence") == 0) told->credence = value;
    if (strcmp(name, "prior_share") == 0) told->share = value;
}

static Told tell(void)
{
    Told told = {-1.0, -1.0, -1.0};
    method_dqinit.report(run.state, &(Report){&told, hear, NULL});
    return told;
}

static double own(void)
{
    return kb_number(&run.kb, "own_residual");
}

// e^2 after one step with error @p delta, and the credence that it leaves
static double residual_after(double delta)
{
    const int first = 1 + BUDGET / 100;
    return own() * own() + (delta * delta - own() * own()) / (double)(first + 1);
}

static double credence_after(double delta)
{
    double excess = fmax(0.0, residual_after(delta) - own() * own());
    return 1.0 / (1.0 + excess / pow(tolerance * own(), 2.0));
}

static const float *said(float x)
{
    static float q[A];
    (void)prior_at(&run.prior, &x, &x, q);
    return q;
}

Test(dqinit_credence, is_lost_by_steps_that_the_table_did_not_foresee)
{
    begin_by_hand();
    cr_assert(lt(dbl, 0.0, own()));
    double reward = 20.0 * own(), value = (double)said(here)[1], next = (double)said(there)[1];
    double delta = reward + run.dqn.gamma * next - value;
    see(here, there, reward, false);
    cr_assert(epsilon_eq(dbl, tell().residual, sqrt(residual_after(delta)), 1e-9 * reward));
    cr_assert(epsilon_eq(dbl, tell().credence, credence_after(delta), 1e-12));
    cr_assert(lt(dbl, tell().credence, 0.2));
}

Test(dqinit_credence, looks_at_no_next_state_where_the_task_ended)
{
    begin_by_hand();
    double reward = 20.0 * own();
    see(here, nowhere, reward, true);
    cr_assert(epsilon_eq(dbl, tell().credence, credence_after(reward - (double)said(here)[1]),
                         1e-12));
}

Test(dqinit_credence, takes_rewards_at_the_learners_scale)
{
    run.dqn.reward_scale = 0.5;
    begin_by_hand();
    double reward = 20.0 * own();
    see(here, nowhere, reward, true);
    cr_assert(epsilon_eq(dbl, tell().credence,
                         credence_after(0.5 * reward - (double)said(here)[1]), 1e-12));
}

Test(dqinit_credence, is_not_touched_where_the_table_is_silent)
{
    begin_by_hand();
    see(nowhere, there, 1e6, false);
    see(here, nowhere, 1e6, false);
    cr_assert(eq(dbl, tell().credence, 1.0));
}

Test(dqinit_credence, is_found_by_tags_as_by_states)
{
    double tag[TAG_WORDS], next_tag[TAG_WORDS];
    set("dqinit.bootstrap", "choice");
    begin_by_hand();
    cr_assert(lt(sz, method_dqinit.tag_shape(run.state).size, sizeof tag));
    method_dqinit.tag(run.state, &here, &here, tag);
    method_dqinit.tag(run.state, &there, &there, next_tag);
    Transition t = {.obs = &nowhere,
                    .coords = &nowhere,
                    .next_obs = &nowhere,
                    .next_coords = &nowhere,
                    .action = 1,
                    .reward = 20.0 * own(),
                    .tag = tag,
                    .next_tag = next_tag};
    method_dqinit.observe(run.state, &t);
    double by_tags = tell().credence;
    end();
    begin();
    see(here, there, 20.0 * own(), false);
    cr_assert(eq(dbl, by_tags, tell().credence));
    cr_assert(lt(dbl, by_tags, 0.2));
}

Test(dqinit_credence, takes_from_the_blend_what_it_lost)
{
    const float untouched = 0.2f;
    set("dqinit.act", "blend");
    begin_by_hand();
    see(here, nowhere, 20.0 * own(), true);
    float q[A] = {4.0f, 8.0f};
    Sight sight = {.features = &untouched, .coords = &untouched, .training = true};
    method_dqinit.blend(run.state, &sight, q);
    double tau = tell().credence; // there kappa is 0
    for (int a = 0; a < A; a++)
        cr_assert(epsilon_eq(dbl, (double)q[a],
                             (1.0 - tau) * (4.0 + 4.0 * a) + tau * (double)said(untouched)[a],
                             1e-5));
    Explanation why;
    method_dqinit.explain(run.state, &sight, &why);
    cr_assert(epsilon_eq(dbl, why.own, 1.0 - tau, 1e-12));
}

static double pull(void)
{
    float features[16], q[16 * A] = {0}, dq[16 * A];
    double sum = 0.0;
    int rows = method_dqinit.rehearse(run.state, features, 16);
    method_dqinit.rehearse_gradient(run.state, q, dq);
    for (int i = 0; i < rows * A; i++)
        sum += fabs((double)dq[i]);
    return sum;
}

Test(dqinit_credence, takes_from_the_anchor_what_it_lost)
{
    set("dqinit.fade", "false");
    set("dqinit.known_visits", "1e9"); // nothing gets known
    begin_by_hand();
    double whole = pull();
    end();
    begin();
    see(here, nowhere, 20.0 * own(), true);
    cr_assert(epsilon_eq(dbl, pull(), whole * tell().credence, 1e-5 * whole));
}

Test(dqinit_credence, takes_from_the_share_that_the_prior_led)
{
    begin_by_hand();
    see(here, nowhere, 20.0 * own(), true);
    double tau = tell().credence;
    see(0.2f, nowhere, 0.0, true);
    cr_assert(epsilon_eq(dbl, tell().share, (1.0 + tau) / 2.0, 1e-12));
}

Test(dqinit_credence, is_whole_and_untold_if_nobody_asked_for_it)
{
    set("dqinit.credence", "0");
    begin_by_hand();
    see(here, nowhere, 1e6, true);
    cr_assert(eq(dbl, tell().credence, -1.0));
    see(0.2f, nowhere, 0.0, true);
    cr_assert(epsilon_eq(dbl, tell().share, 1.0, 1e-12));
}

Test(dqinit_credence, needs_a_table_that_says_how_far_it_errs)
{
    Error err = {0};
    cr_assert(kb_read(&run.kb, run.path, NULL) == STATUS_OK);
    run.kb.number_count = 0;
    cr_assert(kb_write(&run.kb, run.path, NULL) == STATUS_OK);
    cr_assert(eq(int, method_dqinit.init(run.state, &run.context, &err), STATUS_PARSE));
    cr_assert(strstr(err.message, "how far its table errs") != NULL);
}
