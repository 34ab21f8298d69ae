#include "dqinit/tile_places.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "tests/support/folder.h"

enum { TILINGS = 8, COUNT = 4, POINTS = 100 };

static const float lo[] = {0.0f}, hi[] = {1.0f};
static const float here[] = {0.5f}, beside[] = {0.54f}, far[] = {0.05f};

static Tilings tilings;
static TilePlaces places;

static void setup(void)
{
    test_folder_make();
    tilings_init(&tilings, 1, TILINGS, 10, lo, hi);
    cr_assert(eq(int, tile_places_init(&places, &tilings, COUNT, POINTS, NULL), STATUS_OK));
}

static void teardown(void)
{
    tile_places_release(&places);
    test_folder_remove();
}

TestSuite(tile_places, .init = setup, .fini = teardown);

Test(tile_places, numbers_each_cell_once_in_the_order_they_are_met)
{
    const struct {
        const float *at;
        int first;
    } visit[] = {{here, 0}, {far, COUNT}, {here, 0}, {far, COUNT}};
    for (int v = 0; v < 4; v++) {
        Place place;
        tile_places_add(&places, visit[v].at, &place);
        cr_assert(eq(int, place.count, COUNT));
        for (int i = 0; i < COUNT; i++) {
            cr_assert(eq(int, place.at[i].cell, visit[v].first + i), "visit %d", v);
            cr_assert(eq(flt, place.at[i].weight, 1.0f / COUNT));
        }
    }
    cr_assert(eq(int, places.cells.count, 2 * COUNT));
}

Test(tile_places, counts_in_tilings_spread_over_all)
{
    Place place;
    tile_places_add(&places, here, &place);
    for (int i = 0; i < COUNT; i++)
        cr_assert(eq(int, cells_find(&places.cells, tilings_cell(&tilings, 2 * i, here)), i));
}

Test(tile_places, leaves_cells_out_that_nobody_met)
{
    Place place = {.count = 5}, met;
    tile_places_find(&places, here, &place);
    cr_assert(eq(int, place.count, 0));
    tile_places_add(&places, here, &met);
    tile_places_find(&places, beside, &place); // in some of the cells, not in all
    cr_assert(lt(int, 0, place.count));
    cr_assert(lt(int, place.count, COUNT));
    for (int i = 0; i < place.count; i++) {
        cr_assert(le(int, place.at[i].cell, COUNT - 1));
        cr_assert(
            eq(flt, place.at[i].weight, 1.0f / COUNT)); // the rest of the weight is missing
    }
    cr_assert(eq(int, places.cells.count, COUNT)); // looking numbers nothing
    tile_places_find(&places, here, &place);
    cr_assert(eq(int, place.count, COUNT));
}

Test(tile_places, takes_room_for_no_more_cells_than_there_are)
{
    TilePlaces long_run;
    cr_assert(
        eq(int, tile_places_init(&long_run, &tilings, COUNT, 1000000000, NULL), STATUS_OK));
    cr_assert(eq(int, long_run.cells.capacity, COUNT * 11));
    for (int i = 0; i <= 1000; i++) {
        const float x[] = {(float)i / 1000.0f};
        Place place;
        tile_places_add(&long_run, x, &place);
        cr_assert(eq(int, place.count, COUNT));
    }
    tile_places_release(&long_run);
}

Test(tile_places, counts_in_no_more_tilings_than_there_are_and_a_place_holds)
{
    static Tilings many;
    TilePlaces few, most;
    tilings_init(&many, 1, TILINGS_COUNT, 10, lo, hi);
    cr_assert(eq(int, tile_places_init(&few, &tilings, 99, POINTS, NULL), STATUS_OK));
    cr_assert(eq(int, few.count, TILINGS));
    cr_assert(eq(int, tile_places_init(&most, &many, 99, POINTS, NULL), STATUS_OK));
    cr_assert(eq(int, most.count, PLACE_CELLS));
    tile_places_release(&few);
    tile_places_release(&most);
}

// -- the file

// put the cells of `from` into a file and restore them in `to`
static Status copy(TilePlaces *from, TilePlaces *to)
{
    Archive *archive;
    const char *path = test_path("places");
    cr_assert(eq(int, archive_create(&archive, path, "test", 1, NULL), STATUS_OK));
    tile_places_archive(from, archive);
    cr_assert(eq(int, archive_close(archive, NULL), STATUS_OK));
    cr_assert(eq(int, archive_open(&archive, path, "test", 1, NULL), STATUS_OK));
    tile_places_archive(to, archive);
    return archive_close(archive, NULL);
}

Test(tile_places, gives_every_cell_its_number_back)
{
    TilePlaces back;
    Place met[3], again[3];
    cr_assert(eq(int, tile_places_init(&back, &tilings, COUNT, POINTS, NULL), STATUS_OK));
    tile_places_add(&back, here, &again[0]); // as a run does before its first step
    tile_places_add(&places, here, &met[0]);
    tile_places_add(&places, far, &met[1]);
    tile_places_add(&places, beside, &met[2]);
    cr_assert(eq(int, copy(&places, &back), STATUS_OK));
    tile_places_add(&back, beside, &again[2]);
    tile_places_add(&back, far, &again[1]);
    for (int p = 1; p < 3; p++)
        for (int i = 0; i < COUNT; i++)
            cr_assert(eq(int, again[p].at[i].cell, met[p].at[i].cell), "point %d", p);
    cr_assert(eq(int, back.cells.count, places.cells.count));
    tile_places_release(&back);
}

Test(tile_places, refuses_cells_in_another_order)
{
    TilePlaces back;
    Place place;
    cr_assert(eq(int, tile_places_init(&back, &tilings, COUNT, POINTS, NULL), STATUS_OK));
    tile_places_add(&back, far, &place);
    tile_places_add(&places, here, &place);
    tile_places_add(&places, far, &place);
    cr_assert(eq(int, copy(&places, &back), STATUS_MISMATCH));
    tile_places_release(&back);
}

Test(tile_places, refuses_fewer_cells_than_it_has_met)
{
    TilePlaces back;
    Place place;
    cr_assert(eq(int, tile_places_init(&back, &tilings, COUNT, POINTS, NULL), STATUS_OK));
    tile_places_add(&places, here, &place);
    tile_places_add(&back, here, &place);
    tile_places_add(&back, far, &place);
    cr_assert(eq(int, copy(&places, &back), STATUS_MISMATCH));
    tile_places_release(&back);
}
