#include "suite/bench/series.h"

#include <math.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

static Series series_of(const double *value, int count)
{
    Series s = {0};
    for (int i = 0; i < count; i++)
        series_add(&s, value[i]);
    return s;
}

Test(series, says_the_median_of_its_rounds)
{
    Series s = series_of((const double[]){9.0, 1.0, 2.0}, 3);
    cr_assert(eq(dbl, series_median(&s), 2.0));
    series_add(&s, 3.0);
    cr_assert(eq(dbl, series_median(&s), 2.5));
}

Test(series, has_no_median_of_nothing)
{
    Series s = {0};
    cr_assert(isnan(series_median(&s)));
}

// medians 4 and 2 would give 2; the rounds' own ratios are 1, 8 and 4
Test(series, compares_round_by_round)
{
    Series over = series_of((const double[]){2.0, 8.0, 4.0}, 3);
    Series under = series_of((const double[]){2.0, 1.0, 1.0}, 3);
    cr_assert(eq(dbl, series_ratio(&over, &under), 4.0));
}
