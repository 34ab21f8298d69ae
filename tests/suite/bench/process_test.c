#include "suite/bench/process.h"

#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

// the program that is started is this very test, which must not take itself for one of
// Criterion's workers
static void setup(void)
{
    (void)unsetenv("BXFI_MAP");
}

TestSuite(process, .init = setup);

Test(process, is_measured_when_it_succeeds)
{
    const char *const argv[] = {"suite", "--version", NULL};
    ProcessCost cost = {0};
    Error err = {0};
    cr_assert(eq(int, process_measure(&cost, argv, &err), STATUS_OK), "%s", err.message);
    cr_assert(cost.wall_s > 0.0 && cost.wall_s < 60.0, "%g s", cost.wall_s);
    cr_assert(cost.peak_mb > 1.0 && cost.peak_mb < 1000.0, "%g MB", cost.peak_mb);
}

Test(process, is_an_error_when_it_fails)
{
    const char *const argv[] = {"suite", "--filter=(", NULL};
    ProcessCost cost = {0};
    Error err = {0};
    cr_assert(eq(int, process_measure(&cost, argv, &err), STATUS_WORKER));
    cr_assert(strstr(err.message, "'suite --filter=(' failed") != NULL, "%s", err.message);
}
