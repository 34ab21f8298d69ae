#include "baselines/window.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

Test(window, is_full_from_the_size_th_value_on)
{
    Window window = {0};
    for (int i = 0; i < 3; i++) {
        cr_assert(not(window_is_full(&window, 3)));
        window_push(&window, 3, 1.0);
    }
    cr_assert(window_is_full(&window, 3));
}

Test(window, has_the_mean_of_the_last_values_alone)
{
    Window window = {0};
    const double value[] = {1000.0, 500.0, -1.0, -2.0, -6.0};
    for (int i = 0; i < 5; i++)
        window_push(&window, 3, value[i]);
    cr_assert(eq(dbl, window_mean(&window, 3), -3.0));
}
