#include "dqinit/knownness.h"

#include <math.h>
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "suite/core/mem.h"
#include "tests/support/folder.h"

enum { CELLS = 5, M = 10 };

static const Place here = {1, {{1, 1.0f}}}, there = {1, {{3, 1.0f}}};
static const Place between = {2, {{1, 0.75f}, {3, 0.25f}}};

static Knownness known;

static KnownnessShape shape_of(KnownBy by)
{
    return (KnownnessShape){.by = by,
                            .visits = M,
                            .each = 1.0,
                            .cap = 1.0,
                            .share = 0.5,
                            .memory = 4.0,
                            .budget = 100,
                            .cells = CELLS};
}

static void begin(KnownnessShape shape)
{
    knownness_release(&known);
    cr_assert(eq(int, knownness_init(&known, shape, NULL), STATUS_OK));
}

static void visit(const Place *place, int times)
{
    for (int i = 0; i < times; i++)
        (void)knownness_visit(&known, place);
}

static void setup(void)
{
    test_folder_make();
}

static void teardown(void)
{
    knownness_release(&known);
    test_folder_remove();
}

TestSuite(knownness, .init = setup, .fini = teardown);

// -- forms by visits

Test(knownness, by_shrinkage_counts_the_prior_as_m_samples)
{
    const double n[] = {0, 1, 10, 90, 1e12}, expected[] = {0, 1.0 / 11.0, 0.5, 0.9, 1.0};
    for (int i = 0; i < 5; i++)
        cr_assert(
            epsilon_eq(dbl, known_by_visits(KNOWN_SHRINKAGE, n[i], M), expected[i], 1e-10));
    cr_assert(lt(dbl, known_by_visits(KNOWN_SHRINKAGE, 1e9, M), 1.0));
}

Test(knownness, by_line_is_complete_after_m_visits)
{
    const double n[] = {0, 1, 5, 9, 10, 11, 1e12}, expected[] = {0, 0.1, 0.5, 0.9, 1, 1, 1};
    for (int i = 0; i < 7; i++)
        cr_assert(epsilon_eq(dbl, known_by_visits(KNOWN_LINEAR, n[i], M), expected[i], 1e-15));
}

// the numbers of 1 - .95^n to two places, and what one visit in ten leaves
Test(knownness, by_exponential_is_what_a_constant_step_has_learned)
{
    const double n[] = {0, 1, 5, 20, 50}, expected[] = {0, 0.05, 0.226219, 0.641514, 0.923055};
    for (int i = 0; i < 5; i++)
        cr_assert(
            epsilon_eq(dbl, known_by_visits(KNOWN_EXPONENTIAL, n[i], 20.0), expected[i], 1e-6));
    cr_assert(
        epsilon_eq(dbl, known_by_visits(KNOWN_EXPONENTIAL, M, M), 1.0 - pow(0.9, 10), 1e-12));
    cr_assert(eq(dbl, known_by_visits(KNOWN_EXPONENTIAL, 0.0, 1.0), 0.0));
    cr_assert(eq(dbl, known_by_visits(KNOWN_EXPONENTIAL, 1.0, 1.0), 1.0)); // step 1
    cr_assert(eq(dbl, known_by_visits(KNOWN_EXPONENTIAL, 1.0, 0.5), 1.0));
    cr_assert(eq(dbl, known_by_visits(KNOWN_EXPONENTIAL, 0.0, 0.5), 0.0));
}

Test(knownness, by_threshold_knows_from_the_mth_visit_on)
{
    cr_assert(eq(dbl, known_by_visits(KNOWN_THRESHOLD, 0.0, M), 0.0));
    cr_assert(eq(dbl, known_by_visits(KNOWN_THRESHOLD, 9.99, M), 0.0));
    cr_assert(eq(dbl, known_by_visits(KNOWN_THRESHOLD, 10.0, M), 1.0));
    cr_assert(eq(dbl, known_by_visits(KNOWN_THRESHOLD, 1e12, M), 1.0));
}

Test(knownness, of_a_place_follows_the_form_it_was_given)
{
    const KnownBy by[] = {KNOWN_SHRINKAGE, KNOWN_LINEAR, KNOWN_EXPONENTIAL, KNOWN_THRESHOLD};
    const double at_five[] = {1.0 / 3.0, 0.5, 0.40951, 0.0};
    for (int i = 0; i < 4; i++) {
        begin(shape_of(by[i]));
        cr_assert(eq(dbl, knownness_at(&known, &here), 0.0), "form %d", i);
        visit(&here, 5);
        cr_assert(epsilon_eq(dbl, knownness_at(&known, &here), at_five[i], 1e-12), "form %d",
                  i);
        cr_assert(eq(dbl, knownness_at(&known, &there), 0.0), "form %d", i);
    }
}

Test(knownness, grows_no_further_than_its_cap)
{
    KnownnessShape capped = shape_of(KNOWN_LINEAR);
    capped.cap = 0.8;
    begin(capped);
    visit(&here, 5);
    cr_assert(epsilon_eq(dbl, knownness_at(&known, &here), 0.4, 1e-12));
    visit(&here, 1000);
    cr_assert(epsilon_eq(dbl, knownness_at(&known, &here), 0.8, 1e-12));
}

// -- visits

Test(knownness, shares_a_visit_by_weight)
{
    begin(shape_of(KNOWN_LINEAR));
    visit(&between, 4);
    cr_assert(epsilon_eq(dbl, knownness_at(&known, &here), 0.3, 1e-12));
    cr_assert(epsilon_eq(dbl, knownness_at(&known, &there), 0.1, 1e-12));
    cr_assert(epsilon_eq(dbl, knownness_at(&known, &between), 0.75 * 0.3 + 0.25 * 0.1, 1e-12));
    cr_assert(eq(dbl, known.visits[0] + known.visits[2] + known.visits[4], 0.0));
}

Test(knownness, counts_as_many_visits_a_step_as_it_is_told)
{
    KnownnessShape twice = shape_of(KNOWN_LINEAR);
    twice.each = 2.0;
    begin(twice);
    visit(&between, 4);
    cr_assert(epsilon_eq(dbl, knownness_at(&known, &here), 0.6, 1e-12));
    cr_assert(epsilon_eq(dbl, knownness_at(&known, &there), 0.2, 1e-12));
}

Test(knownness, takes_weight_that_is_missing_for_unknown)
{
    const Place half = {1, {{1, 0.5f}}}, none = {0};
    begin(shape_of(KNOWN_LINEAR));
    visit(&here, 1000);
    cr_assert(eq(dbl, knownness_at(&known, &half), 0.5));
    cr_assert(eq(dbl, knownness_at(&known, &none), 0.0));
}

Test(knownness, tells_of_a_visit_what_was_known_before_it)
{
    begin(shape_of(KNOWN_LINEAR));
    for (int n = 0; n < M; n++)
        cr_assert(epsilon_eq(dbl, knownness_visit(&known, &here), n / 10.0, 1e-12));
}

Test(knownness, averages_what_it_was_along_the_path)
{
    double mean = 0.0;
    begin(shape_of(KNOWN_LINEAR));
    const double before[] = {0.0, 0.1, 0.0, 0.2, 0.3}; // memory 4: mean += (kappa - mean) / 4
    const Place *path[] = {&here, &here, &there, &here, &here};
    for (int i = 0; i < 5; i++) {
        (void)knownness_visit(&known, path[i]);
        mean += (before[i] - mean) / 4.0;
        cr_assert(epsilon_eq(dbl, known.mean, mean, 1e-12), "step %d", i);
    }
    cr_assert(epsilon_eq(dbl, known.mean, 0.123046875, 1e-10));
}

// -- controls

Test(knownness, by_the_clock_is_the_same_everywhere)
{
    KnownnessShape clock = shape_of(KNOWN_CLOCK);
    clock.cap = 0.9; // reached after half of 100 steps
    begin(clock);
    for (int t = 0; t < 100; t++) {
        double expected = 0.9 * fmin(1.0, t / 50.0);
        cr_assert(epsilon_eq(dbl, knownness_at(&known, &here), expected, 1e-12), "step %d", t);
        cr_assert(epsilon_eq(dbl, knownness_at(&known, &there), expected, 1e-12));
        cr_assert(epsilon_eq(dbl, knownness_visit(&known, &here), expected, 1e-12));
    }
}

Test(knownness, when_frozen_is_never_anything)
{
    begin(shape_of(KNOWN_FROZEN));
    visit(&here, 1000);
    cr_assert(eq(dbl, knownness_at(&known, &here), 0.0));
    cr_assert(eq(dbl, known.mean, 0.0));
}

Test(knownness, when_there_is_no_prior_is_complete_from_the_first_step)
{
    begin(shape_of(KNOWN_NONE));
    cr_assert(eq(dbl, knownness_at(&known, &there), 1.0));
    cr_assert(eq(dbl, knownness_visit(&known, &here), 1.0));
    cr_assert(eq(dbl, known.mean, 0.25));
}

// -- precision

// n s^2 / (n s^2 + e^2) with s^2 = e0^2 / m
static double precision(double n, double first, double error)
{
    double s2 = first / M;
    return n * s2 / (n * s2 + error);
}

Test(knownness, by_precision_weighs_visits_by_the_errors_seen)
{
    begin(shape_of(KNOWN_PRECISION));
    visit(&here, 5);
    cr_assert(eq(dbl, knownness_at(&known, &here), 0.0)); // no error seen yet
    knownness_see_error(&known, &here, -2.0);
    cr_assert(epsilon_eq(dbl, knownness_at(&known, &here), precision(5, 4, 4), 1e-12));
    cr_assert(epsilon_eq(dbl, knownness_at(&known, &here), 1.0 / 3.0, 1e-12)); // n / (n + m)

    knownness_see_error(&known, &here, 1.0); // 4 + .1 (1 - 4)
    cr_assert(epsilon_eq(dbl, knownness_at(&known, &here), precision(5, 4, 3.7), 1e-12));
    visit(&here, 2);
    cr_assert(epsilon_eq(dbl, knownness_at(&known, &here), precision(7, 4, 3.7), 1e-12));
    cr_assert(eq(dbl, knownness_at(&known, &there), 0.0));
}

Test(knownness, by_precision_moves_the_errors_of_a_place_by_weight)
{
    begin(shape_of(KNOWN_PRECISION));
    visit(&between, 8); // six and two visits
    knownness_see_error(&known, &between, 2.0);
    knownness_see_error(&known, &between, 0.0);
    double a = precision(6, 4, 4.0 * (1.0 - 0.1 * 0.75));
    double b = precision(2, 4, 4.0 * (1.0 - 0.1 * 0.25));
    cr_assert(epsilon_eq(dbl, knownness_at(&known, &here), a, 1e-12));
    cr_assert(epsilon_eq(dbl, knownness_at(&known, &there), b, 1e-12));
}

Test(knownness, by_visits_does_not_listen_to_errors)
{
    begin(shape_of(KNOWN_SHRINKAGE));
    visit(&here, 5);
    knownness_see_error(&known, &here, 100.0);
    cr_assert(epsilon_eq(dbl, knownness_at(&known, &here), 1.0 / 3.0, 1e-12));
}

// -- the file

static void archive_to(Knownness *of, const char *path, bool reading)
{
    Archive *archive;
    Status status = reading ? archive_open(&archive, path, "test", 1, NULL)
                            : archive_create(&archive, path, "test", 1, NULL);
    cr_assert(eq(int, status, STATUS_OK));
    knownness_archive(of, archive);
    cr_assert(eq(int, archive_close(archive, NULL), STATUS_OK));
}

static void live(Knownness *of, int steps)
{
    const Place *path[] = {&here, &between, &there};
    for (int i = 0; i < steps; i++) {
        (void)knownness_visit(of, path[i % 3]);
        knownness_see_error(of, path[i % 2], 1.0 + i);
    }
}

Test(knownness, goes_on_from_a_file_as_if_it_had_never_stopped)
{
    const KnownBy by[] = {KNOWN_SHRINKAGE, KNOWN_PRECISION, KNOWN_CLOCK};
    for (int i = 0; i < 3; i++) {
        Knownness back;
        const char *path = test_path("known");
        begin(shape_of(by[i]));
        cr_assert(eq(int, knownness_init(&back, shape_of(by[i]), NULL), STATUS_OK));
        live(&known, 7);
        archive_to(&known, path, false);
        archive_to(&back, path, true);
        for (int more = 0; more < 5; more++) {
            cr_assert(eq(dbl, knownness_at(&back, &between), knownness_at(&known, &between)));
            cr_assert(lt(dbl, 0.0, knownness_at(&back, &between)), "form %d", i);
            cr_assert(eq(dbl, back.mean, known.mean), "form %d", i);
            live(&known, more);
            live(&back, more);
        }
        knownness_release(&back);
    }
}

Test(knownness, takes_memory_for_errors_only_where_they_count)
{
    int64_t before = mem_count();
    begin(shape_of(KNOWN_SHRINKAGE));
    cr_assert(eq(i64, mem_count() - before, 2));
    before = mem_count();
    begin(shape_of(KNOWN_PRECISION));
    cr_assert(eq(i64, mem_count() - before, 4));
    for (int fail = 0; fail < 4; fail++) {
        knownness_release(&known);
        mem_fail_at(fail);
        cr_assert(
            eq(int, knownness_init(&known, shape_of(KNOWN_PRECISION), NULL), STATUS_NOMEM));
        mem_fail_at(-1);
    }
}
