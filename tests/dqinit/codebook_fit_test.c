#include "dqinit/codebook_fit.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

enum { MOST = 8, OUTPUTS = 2 };

static double x[MOST * 2], y[MOST * OUTPUTS], line[3 * OUTPUTS];

// two inputs that are correlated and not centred, two outputs: a plane each
static CodebookFit planes(double ridge)
{
    for (int i = 0; i < MOST; i++) {
        double a = x[2 * i] = i - 1.0, b = x[2 * i + 1] = 0.1 * i * i + 2.0;
        y[OUTPUTS * i] = 3.0 + 2.0 * a - 5.0 * b;
        y[OUTPUTS * i + 1] = -1.0 + 0.5 * a + b;
    }
    for (int i = 0; i < 3 * OUTPUTS; i++)
        line[i] = -77.0;
    return (CodebookFit){.samples = MOST,
                         .inputs = 2,
                         .outputs = OUTPUTS,
                         .ridge = ridge,
                         .x = x,
                         .y = y,
                         .line = line};
}

Test(codebook_fit, finds_planes_and_their_values_at_zero)
{
    CodebookFit fit = planes(0.0);
    const double expected[] = {3.0, -1.0, 2.0, 0.5, -5.0, 1.0};
    codebook_fit_lines(&fit);
    for (int i = 0; i < 3 * OUTPUTS; i++)
        cr_assert(epsilon_eq(dbl, line[i], expected[i], 1e-9), "number %d", i);
}

// x'x = 2 and x'y = 4 about the means, three samples: slope 4 / (2 + 3 ridge)
Test(codebook_fit, shrinks_slopes_by_the_ridge_and_the_level_not)
{
    double at[] = {-1.0, 0.0, 1.0}, values[] = {5.0, 7.0, 9.0}, found[2];
    CodebookFit fit = {.samples = 3,
                       .inputs = 1,
                       .outputs = 1,
                       .ridge = 2.0 / 3.0,
                       .x = at,
                       .y = values,
                       .line = found};
    codebook_fit_lines(&fit);
    cr_assert(epsilon_eq(dbl, found[0], 7.0, 1e-12));
    cr_assert(epsilon_eq(dbl, found[1], 1.0, 1e-12));
}

Test(codebook_fit, has_no_slopes_of_too_few_samples)
{
    for (int samples = 3; samples <= 4; samples++) {
        CodebookFit fit = planes(1e-6);
        double mean = 0.0;
        for (int i = 0; i < samples; i++)
            mean += y[OUTPUTS * i] / samples;
        fit.samples = samples;
        codebook_fit_lines(&fit);
        if (samples == 4) { // K + 2
            cr_assert(epsilon_eq(dbl, line[2], 2.0, 0.01));
            continue;
        }
        cr_assert(epsilon_eq(dbl, line[0], mean, 1e-12));
        for (int i = OUTPUTS; i < 3 * OUTPUTS; i++)
            cr_assert(eq(dbl, line[i], 0.0));
    }
}

Test(codebook_fit, has_no_slopes_where_they_are_not_determined)
{
    CodebookFit fit = planes(0.0);
    for (int i = 0; i < MOST; i++)
        x[2 * i + 1] = 2.0 * x[2 * i];
    codebook_fit_lines(&fit);
    for (int i = OUTPUTS; i < 3 * OUTPUTS; i++)
        cr_assert(eq(dbl, line[i], 0.0));

    // a ridge determines them
    fit = planes(1e-9);
    for (int i = 0; i < MOST; i++) {
        x[2 * i + 1] = x[2 * i];
        y[OUTPUTS * i] = 4.0 * x[2 * i];
    }
    codebook_fit_lines(&fit);
    cr_assert(epsilon_eq(dbl, line[2], 2.0, 1e-5));
    cr_assert(epsilon_eq(dbl, line[4], 2.0, 1e-5));
}

Test(codebook_fit, gives_means_alone_when_asked)
{
    CodebookFit fit = planes(0.0);
    fit.samples = 2;
    codebook_fit_means(&fit);
    cr_assert(epsilon_eq(dbl, line[0], 3.0 + 2.0 * -0.5 - 5.0 * 2.05, 1e-12));
    for (int i = OUTPUTS; i < 3 * OUTPUTS; i++)
        cr_assert(eq(dbl, line[i], 0.0));
}
