// What blends of an agent's own values with a prior must come to, by algebra: with the right
// knownness they are learning that began at the prior, step for step. A table in double
// precision stands for the network.
#include <math.h>
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "dqinit/knownness.h"
#include "suite/core/rng.h"

enum { STATES = 6, ACTIONS = 2, STEPS = 4000 };

static const double discount = 0.9, epsilon = 0.2, slip = 0.15;

typedef double Table[STATES][ACTIONS];

// a learner: what it learned, and the values it acts on and bootstraps from
typedef struct Learner {
    void (*learn)(struct Learner *l, int s, int a, double y);
    double (*value)(const struct Learner *l, int s, int a);
    Table q;
    int n[STATES][ACTIONS]; // visits
    RngStream rng;
    int state;
} Learner;

static Table prior;

// not all alike, and far from the values of the task
static void setup(void)
{
    RngStream rng = rng_stream(3, RNG_METHOD, 0);
    for (int s = 0; s < STATES; s++)
        for (int a = 0; a < ACTIONS; a++)
            prior[s][a] = rng_uniform(&rng, -2.0, 3.0);
}

TestSuite(anchors, .init = setup);

static int best(const Learner *l, int s)
{
    return l->value(l, s, 1) > l->value(l, s, 0);
}

// a row of states with a goal behind the last; steps may slip. @return the action
static int step(Learner *l)
{
    int s = l->state, a = best(l, s);
    double explore = rng_uniform(&l->rng, 0.0, 1.0), turn = rng_uniform(&l->rng, 0.0, 1.0);
    if (explore < epsilon) a = explore < epsilon / 2.0;
    int right = turn < slip ? !a : a;
    int next = right ? s + 1 : s > 0 ? s - 1 : 0;
    bool over = next == STATES;
    double y = over ? 1.0 : -0.05 + discount * l->value(l, next, best(l, next));
    l->n[s][a]++;
    l->learn(l, s, a, y);
    l->state = over ? 0 : next;
    return a;
}

// both must do the same and value all alike at every step, and have come far from the prior
static void compare(Learner one, Learner other)
{
    double moved = 0.0;
    int actions[ACTIONS] = {0};
    one.rng = other.rng = rng_stream(7, RNG_METHOD, 1);
    for (int i = 0; i < STEPS; i++) {
        int a = step(&one);
        cr_assert(eq(int, step(&other), a), "step %d", i);
        actions[a]++;
        for (int s = 0; s < STATES; s++)
            for (int b = 0; b < ACTIONS; b++)
                cr_assert(
                    le(dbl, fabs(one.value(&one, s, b) - other.value(&other, s, b)), 1e-12),
                    "step %d, state %d, action %d", i, s, b);
    }
    for (int s = 0; s < STATES; s++)
        for (int b = 0; b < ACTIONS; b++) {
            cr_assert(lt(int, 5, one.n[s][b]), "state %d, action %d", s, b);
            moved = fmax(moved, fabs(one.value(&one, s, b) - prior[s][b]));
        }
    cr_assert(lt(dbl, 1.0, moved));
    cr_assert(lt(int, STEPS / 10, actions[0]));
    cr_assert(lt(int, STEPS / 10, actions[1]));
}

static Learner begin(void (*learn)(Learner *, int, int, double),
                     double (*value)(const Learner *, int, int), bool at_prior)
{
    Learner l = {.learn = learn, .value = value};
    if (at_prior) memcpy(l.q, prior, sizeof l.q);
    return l;
}

static double plain(const Learner *l, int s, int a)
{
    return l->q[s][a];
}

// (1 - beta) q + beta prior with beta = 1 - kappa, as dqinit/blend.h has it
static double blended(double q, double init, double kappa)
{
    double beta = 1.0 - kappa;
    return (1.0 - beta) * q + beta * init;
}

// -- shrinkage: a prior worth m samples

static const double m = 5.0;

static void average(Learner *l, int s, int a, double y)
{
    l->q[s][a] += (y - l->q[s][a]) / l->n[s][a];
}

static double by_shrinkage(const Learner *l, int s, int a)
{
    return blended(l->q[s][a], prior[s][a], known_by_visits(KNOWN_SHRINKAGE, l->n[s][a], m));
}

static void average_from_prior(Learner *l, int s, int a, double y)
{
    l->q[s][a] += (y - l->q[s][a]) / (l->n[s][a] + m);
}

// (m Q_init + sum of y) / (n + m) either way
Test(anchors, shrinkage_is_averaging_that_began_with_m_samples_of_the_prior)
{
    compare(begin(average, by_shrinkage, false), begin(average_from_prior, plain, true));
}

// -- exponential: what a constant step has left of where it began

static const double alpha = 0.1;

static void move(Learner *l, int s, int a, double y)
{
    l->q[s][a] += alpha * (y - l->q[s][a]);
}

static double and_what_is_left(const Learner *l, int s, int a)
{
    double kappa = known_by_visits(KNOWN_EXPONENTIAL, l->n[s][a], 1.0 / alpha);
    return l->q[s][a] + (1.0 - kappa) * prior[s][a];
}

Test(anchors, what_exponential_knownness_leaves_makes_zero_a_start_at_the_prior)
{
    compare(begin(move, and_what_is_left, false), begin(move, plain, true));
}

// -- residual: the prior stays for ever

static void move_residual(Learner *l, int s, int a, double y)
{
    l->q[s][a] += alpha * (y - prior[s][a] - l->q[s][a]);
}

static double and_the_prior(const Learner *l, int s, int a)
{
    return prior[s][a] + l->q[s][a];
}

Test(anchors, the_residual_form_is_a_start_at_the_prior)
{
    compare(begin(move_residual, and_the_prior, false), begin(move, plain, true));
}
