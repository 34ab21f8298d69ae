#include "agents/adam.h"

#include <math.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "suite/core/mem.h"

// Ten steps of Adam (beta .9, .999, epsilon 1e-5, rate .1) from 1 and -2 on the gradients
// g_t = (t, (-1)^t / t), worked out in double precision by Algorithm 1 of the paper:
//
//   m = v = 0; theta = [1, -2]
//   for t in 1..10: m = .9 m + .1 g; v = .999 v + .001 g g
//     theta -= .1 * m / (1 - .9**t) / (sqrt(v / (1 - .999**t)) + 1e-5)
static const double expected[10][2] = {
    {0.900000999990, -1.900000999990}, {0.803483407747, -1.873367632963},
    {0.707683728677, -1.835373014398}, {0.611643052298, -1.817134405040},
    {0.514919600466, -1.792898277931}, {0.417276622716, -1.779347213360},
    {0.318575438687, -1.761694743672}, {0.218730567069, -1.751243006451},
    {0.117688164336, -1.737610140849}, {0.015414588465, -1.729389789482},
};

Test(adam, takes_the_ten_steps_worked_out_by_hand)
{
    Adam adam;
    float theta[2] = {1.0f, -2.0f};
    cr_assert(eq(int, adam_init(&adam, 2, 1e-5, NULL), STATUS_OK));
    for (int t = 1; t <= 10; t++) {
        const float grad[2] = {(float)t, (t % 2 ? -1.0f : 1.0f) / (float)t};
        adam_step(&adam, theta, grad, 0.1);
        for (int i = 0; i < 2; i++)
            cr_assert(epsilon_eq(dbl, (double)theta[i], expected[t - 1][i], 2e-6),
                      "step %d, parameter %d: %.9g", t, i, (double)theta[i]);
    }
    cr_assert(eq(int, (int)adam.steps, 10));
    adam_release(&adam);
}

Test(adam, stands_still_without_gradient)
{
    Adam adam;
    float theta[1] = {0.5f};
    const float grad[1] = {0.0f};
    cr_assert(eq(int, adam_init(&adam, 1, 1e-8, NULL), STATUS_OK));
    adam_step(&adam, theta, grad, 0.1);
    cr_assert(eq(flt, theta[0], 0.5f));
    adam_release(&adam);
}

// a factor of .999 leaves denormal numbers as they are, so they would stay for ever
Test(adam, lets_the_moments_of_an_unused_weight_end_at_zero)
{
    Adam adam;
    float theta[1] = {0.5f}, grad[1] = {1e-3f};
    cr_assert(eq(int, adam_init(&adam, 1, 1e-5, NULL), STATUS_OK));
    adam_step(&adam, theta, grad, 0.1);
    cr_assert(adam.m[0] > 0.0f && adam.v[0] > 0.0f);
    grad[0] = 0.0f;
    for (int t = 0; t < 100000; t++)
        adam_step(&adam, theta, grad, 0.1);
    cr_assert(eq(flt, adam.m[0], 0.0f));
    cr_assert(eq(flt, adam.v[0], 0.0f));
    adam_release(&adam);
}

Test(adam, does_not_hide_a_gradient_that_is_no_number)
{
    Adam adam;
    float theta[1] = {0.5f};
    const float grad[1] = {NAN};
    cr_assert(eq(int, adam_init(&adam, 1, 1e-5, NULL), STATUS_OK));
    adam_step(&adam, theta, grad, 0.1);
    cr_assert(isnan(adam.m[0]) && isnan(adam.v[0]) && isnan(theta[0]));
    adam_release(&adam);
}

Test(adam, says_when_there_is_no_memory)
{
    for (int fail = 0; fail < 2; fail++) {
        Adam adam;
        mem_fail_at(fail);
        cr_assert(eq(int, adam_init(&adam, 4, 1e-8, NULL), STATUS_NOMEM));
        adam_release(&adam);
    }
}
