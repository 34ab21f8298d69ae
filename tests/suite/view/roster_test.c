#include "suite/view/roster.h"

#include <stdio.h>
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "tests/support/folder.h"

static Error err;

// a run that is finished as far as the roster can see
static void put_run(const char *name)
{
    char path[PATH_LENGTH];
    cr_assert(eq(int, folder_make(test_path(name), &err), STATUS_OK));
    (void)snprintf(path, sizeof path, "%s/policy.bin", name);
    test_put_file(test_path(path), "", 0);
}

static void setup(void)
{
    test_folder_make();
    put_run("cart/a/scratch/seed-0");
    put_run("cart/a/scratch/seed-2");
    put_run("cart/a/scratch/seed-10");
    put_run("cart/a/dqinit+half/seed-0");
    put_run("cart/b/source/seed-0");
    put_run("cart/b/scratch/seed-10");
    cr_assert(eq(int, folder_make(test_path("cart/a/scratch/seed-3"), &err), STATUS_OK));
    cr_assert(eq(int, folder_make(test_path("cart/knowledge"), &err), STATUS_OK));
}

TestSuite(roster, .init = setup, .fini = test_folder_remove);

static void expect_next(const char *from, RosterAxis axis, const char *to)
{
    char out[PATH_LENGTH];
    cr_assert(eq(int, roster_next(out, test_path(from), axis, &err), STATUS_OK), "%s",
              err.message);
    size_t all = strlen(out), tail = strlen(to);
    cr_assert(tail < all && strcmp(out + all - tail, to) == 0, "'%s' follows '%s'", out, from);
}

Test(roster, takes_seeds_in_the_order_of_numbers_and_round)
{
    expect_next("cart/a/scratch/seed-0", ROSTER_SEED, "/cart/a/scratch/seed-2");
    expect_next("cart/a/scratch/seed-2", ROSTER_SEED, "/cart/a/scratch/seed-10");
    expect_next("cart/a/scratch/seed-10", ROSTER_SEED, "/cart/a/scratch/seed-0");
}

Test(roster, leaves_out_what_has_no_such_run)
{
    expect_next("cart/a/scratch/seed-0", ROSTER_MEMBER, "/cart/a/scratch/seed-0");
    expect_next("cart/a/scratch/seed-10", ROSTER_MEMBER, "/cart/b/scratch/seed-10");
    expect_next("cart/a/scratch/seed-2", ROSTER_COLUMN, "/cart/a/scratch/seed-2");
    expect_next("cart/a/scratch/seed-0", ROSTER_COLUMN, "/cart/a/dqinit+half/seed-0");
}

Test(roster, finds_another_method_or_names_those_there_are)
{
    char out[PATH_LENGTH];
    const char *from = test_path("cart/a/scratch/seed-0");
    cr_assert(eq(int, roster_column(out, from, "dqinit+half", &err), STATUS_OK));
    cr_assert(strstr(out, "/cart/a/dqinit+half/seed-0") != NULL, "%s", out);
    cr_assert(eq(int, roster_column(out, from, "jsrl", &err), STATUS_USAGE));
    cr_assert(strstr(err.message, "there are dqinit+half, scratch") != NULL, "%s", err.message);
}

Test(roster, finds_the_first_that_fits_what_was_said)
{
    char out[PATH_LENGTH];
    RosterWish wish = {test_folder(), "cart", NULL, NULL, NULL};
    cr_assert(eq(int, roster_find(out, &wish, &err), STATUS_OK), "%s", err.message);
    cr_assert(strstr(out, "/cart/a/dqinit+half/seed-0") != NULL, "%s", out);
    wish.seed = "10";
    cr_assert(eq(int, roster_find(out, &wish, &err), STATUS_OK));
    cr_assert(strstr(out, "/cart/a/scratch/seed-10") != NULL, "%s", out);
    wish.member = "b";
    cr_assert(eq(int, roster_find(out, &wish, &err), STATUS_OK));
    cr_assert(strstr(out, "/cart/b/scratch/seed-10") != NULL, "%s", out);
    wish.seed = "0";
    cr_assert(eq(int, roster_find(out, &wish, &err), STATUS_MISSING),
              "a source is shown unasked");
    wish.column = "source";
    cr_assert(eq(int, roster_find(out, &wish, &err), STATUS_OK));
}
