#include "suite/bench/bench.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

static BenchFamily family = {.agent = {.train_every = 2}, .method_count = 2};

static Series pair(double first, double second)
{
    return (Series){.value = {first, second}, .count = 2};
}

static void expect(const Series *series, double first, double second)
{
    cr_assert(eq(int, series->count, 2));
    cr_assert(epsilon_eq(dbl, series->value[0], first, 1e-12));
    cr_assert(epsilon_eq(dbl, series->value[1], second, 1e-12));
}

Test(bench, takes_the_products_of_the_faster_kernel_for_the_floor)
{
    Series floor;
    family.method[1].bare_us = pair(10.0, 20.0);
    family.part[PART_PRODUCTS] = pair(8.0, 6.0);
    family.part[PART_OPENBLAS] = pair(4.0, 5.0);
    bench_floor(&family, 1, &floor);
    expect(&floor, 12.0, 22.5); // every second step is followed by an update

    family.part[PART_OPENBLAS] = pair(40.0, 50.0);
    bench_floor(&family, 1, &floor);
    expect(&floor, 14.0, 23.0);
}

Test(bench, counts_as_overhead_what_learning_costs_beyond_the_first_method)
{
    Series share;
    family.method[0].step_us = pair(20.0, 40.0);
    family.method[0].learn_us = pair(10.0, 20.0);
    family.method[1].step_us = pair(900.0, 900.0); // its physics may take longer
    family.method[1].learn_us = pair(12.0, 30.0);
    bench_overhead(&family, 1, &share);
    expect(&share, 0.1, 0.25);
    bench_overhead(&family, 0, &share);
    expect(&share, 0.0, 0.0);
}

// on two cores: one worker, two, and four that share them
Test(bench, shares_speed_among_workers_but_no_more_than_there_are_cores)
{
    family.workers[0] = (BenchWorkers){1, pair(100.0, 200.0)};
    family.workers[1] = (BenchWorkers){2, pair(180.0, 360.0)};
    family.workers[2] = (BenchWorkers){4, pair(190.0, 380.0)};
    cr_assert(epsilon_eq(dbl, bench_efficiency(&family, 0, 2), 1.0, 1e-12));
    cr_assert(epsilon_eq(dbl, bench_efficiency(&family, 1, 2), 0.9, 1e-12));
    cr_assert(epsilon_eq(dbl, bench_efficiency(&family, 2, 2), 0.95, 1e-12));
}
