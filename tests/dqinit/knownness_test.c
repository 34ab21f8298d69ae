#include "dqinit/knownness.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "suite/core/mem.h"
#include "tests/support/folder.h"

enum { STEPS = 1000 };

static const float lo[] = {0.0f}, hi[] = {1.0f};
static const float here[] = {0.5f}, far[] = {0.05f};

static Tilings tilings;
static Knownness known;

static void setup(void)
{
    test_folder_make();
    tilings_init(&tilings, 1, 8, 10, lo, hi);
    KnownnessShape shape = {.tilings = 4, .half = 10.0, .memory = 50.0};
    cr_assert(eq(int, knownness_init(&known, &tilings, shape, STEPS, 2, NULL), STATUS_OK));
}

static void teardown(void)
{
    knownness_release(&known);
    test_folder_remove();
}

TestSuite(knownness, .init = setup, .fini = teardown);

Test(knownness, is_zero_before_any_visit_and_one_half_at_m_visits)
{
    int32_t cell[KNOWN_TILINGS];
    knownness_watch(&known, here, cell);
    cr_assert(eq(dbl, knownness_at(&known, cell), 0.0));
    for (int n = 0; n < 10; n++)
        cr_assert(epsilon_eq(dbl, knownness_visit(&known, here), n / (n + 10.0), 1e-12));
    cr_assert(epsilon_eq(dbl, knownness_at(&known, cell), 0.5, 1e-12));
}

Test(knownness, grows_with_every_visit_and_stays_below_one)
{
    double last = -1.0;
    for (int n = 0; n < STEPS; n++) {
        double now = knownness_visit(&known, here);
        cr_assert(now > last && now < 1.0, "visit %d", n);
        last = now;
    }
}

Test(knownness, does_not_spread_to_where_nobody_was)
{
    int32_t cell[KNOWN_TILINGS];
    knownness_watch(&known, far, cell);
    for (int n = 0; n < 100; n++)
        (void)knownness_visit(&known, here);
    cr_assert(eq(dbl, knownness_at(&known, cell), 0.0));
}

Test(knownness, falls_off_with_distance_tiling_by_tiling)
{
    int32_t near_cells[KNOWN_TILINGS], same[KNOWN_TILINGS];
    const float near_by[] = {0.55f};
    knownness_watch(&known, near_by, near_cells);
    knownness_watch(&known, here, same);
    for (int n = 0; n < 100; n++)
        (void)knownness_visit(&known, here);
    double there = knownness_at(&known, near_cells);
    cr_assert(there > 0.0 && there < knownness_at(&known, same), "%g", there);
}

Test(knownness, averages_where_the_agent_walks)
{
    double expected = 0.0;
    for (int n = 0; n < 300; n++) {
        expected += (n / (n + 10.0) - expected) / 50.0;
        (void)knownness_visit(&known, here);
    }
    cr_assert(epsilon_eq(dbl, known.mean, expected, 1e-12));
    cr_assert(lt(dbl, 0.8, known.mean));
}

Test(knownness, takes_no_memory_for_visits)
{
    int64_t before = mem_count();
    for (int n = 0; n < STEPS; n++) {
        const float x[] = {(float)n / STEPS};
        (void)knownness_visit(&known, x);
    }
    cr_assert(eq(int, (int)(mem_count() - before), 0));
}

Test(knownness, comes_back_from_an_archive)
{
    int32_t cell[KNOWN_TILINGS], again[KNOWN_TILINGS];
    knownness_watch(&known, far, cell);
    for (int n = 0; n < 30; n++)
        (void)knownness_visit(&known, n % 3 ? here : far);

    const char *path = test_path("state");
    Archive *archive;
    cr_assert(eq(int, archive_create(&archive, path, "test", 1, NULL), STATUS_OK));
    knownness_archive(&known, archive);
    cr_assert(eq(int, archive_close(archive, NULL), STATUS_OK));

    Knownness back;
    KnownnessShape shape = {.tilings = 4, .half = 10.0, .memory = 50.0};
    cr_assert(eq(int, knownness_init(&back, &tilings, shape, STEPS, 2, NULL), STATUS_OK));
    knownness_watch(&back, far, again);
    cr_assert(eq(int, archive_open(&archive, path, "test", 1, NULL), STATUS_OK));
    knownness_archive(&back, archive);
    cr_assert(eq(int, archive_close(archive, NULL), STATUS_OK));
    cr_assert(eq(dbl, back.mean, known.mean));
    cr_assert(eq(dbl, knownness_at(&back, again), knownness_at(&known, cell)));
    cr_assert(eq(dbl, knownness_visit(&back, here), knownness_visit(&known, here)));
    knownness_release(&back);
}
