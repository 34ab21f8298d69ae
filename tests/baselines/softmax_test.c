#include "baselines/softmax.h"

#include <math.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

enum { ACTIONS = 4 };

static const float teacher[ACTIONS] = {-120.0f, -119.5f, -121.0f, -119.8f};
static const float student[ACTIONS] = {-118.0f, -119.0f, -118.6f, -118.2f};

Test(softmax, gives_odds_of_e_to_the_difference_over_tau)
{
    float p[ACTIONS];
    double sum = 0.0;
    softmax(teacher, ACTIONS, 0.5, p);
    for (int a = 0; a < ACTIONS; a++)
        sum += (double)p[a];
    cr_assert(epsilon_eq(dbl, sum, 1.0, 1e-6));
    cr_assert(epsilon_eq(dbl, log((double)(p[1] / p[0])), 0.5 / 0.5, 1e-5));
    cr_assert(epsilon_eq(dbl, log((double)(p[0] / p[2])), 1.0 / 0.5, 1e-5));
}

Test(softmax, does_not_overflow_for_a_tiny_tau)
{
    const float q[] = {1e6f, -1e6f, 1e6f, 0.0f};
    float p[ACTIONS], dq[ACTIONS] = {0};
    softmax(q, ACTIONS, 1e-6, p);
    cr_assert(p[0] == 0.5f && p[1] == 0.0f && p[2] == 0.5f && p[3] == 0.0f);
    softmax_kl_gradient(p, student, ACTIONS, 1e-6, 1.0, dq);
    for (int a = 0; a < ACTIONS; a++)
        cr_assert(isfinite(dq[a]));
    cr_assert(isfinite(softmax_kl(p, student, ACTIONS, 1e-6)));
}

// .5 ln(.5 / .75) + .5 ln(.5 / .25)
Test(softmax, has_the_divergence_of_even_odds_from_three_to_one)
{
    const float p[] = {0.5f, 0.5f}, q[] = {logf(3.0f), 0.0f};
    cr_assert(epsilon_eq(dbl, softmax_kl(p, q, 2, 1.0), 0.5 * log(4.0 / 3.0), 1e-6));
}

Test(softmax, is_no_way_from_itself_and_pulls_nothing_there)
{
    float p[ACTIONS], dq[ACTIONS] = {1.0f, 2.0f, 3.0f, 4.0f};
    softmax(teacher, ACTIONS, 0.7, p);
    cr_assert(epsilon_eq(dbl, softmax_kl(p, teacher, ACTIONS, 0.7), 0.0, 1e-6));
    softmax_kl_gradient(p, teacher, ACTIONS, 0.7, 100.0, dq);
    for (int a = 0; a < ACTIONS; a++)
        cr_assert(dq[a] == (float)(a + 1));
}

Test(softmax, adds_the_gradient_that_finite_differences_have)
{
    const double taus[] = {1.0, 0.3}, weight = 2.5, by = 1.0 / 64.0; // exact in these floats
    for (int t = 0; t < 2; t++) {
        float p[ACTIONS], dq[ACTIONS] = {7.0f, 7.0f, 7.0f, 7.0f};
        softmax(teacher, ACTIONS, 0.5, p);
        softmax_kl_gradient(p, student, ACTIONS, taus[t], weight, dq);
        for (int a = 0; a < ACTIONS; a++) {
            float up[ACTIONS], down[ACTIONS];
            for (int i = 0; i < ACTIONS; i++)
                up[i] = down[i] = student[i];
            up[a] += (float)by;
            down[a] -= (float)by;
            double rise =
                softmax_kl(p, up, ACTIONS, taus[t]) - softmax_kl(p, down, ACTIONS, taus[t]);
            cr_assert(epsilon_eq(dbl, (double)dq[a] - 7.0,
                                 weight * rise / (double)(up[a] - down[a]), 1e-2),
                      "tau %g, action %d", taus[t], a);
        }
    }
}
