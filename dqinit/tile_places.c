#include "dqinit/tile_places.h"

#include <math.h>

#include "suite/core/check.h"

Status tile_places_init(TilePlaces *places, const Tilings *tilings, int count, int64_t points,
                        Error *err)
{
    int most = tilings->count < PLACE_CELLS ? tilings->count : PLACE_CELLS;
    *places = (TilePlaces){.tilings = *tilings, .count = count < most ? count : most};
    // no more cells than there are, however long the run
    double there_are = pow(tilings->bins + 1, tilings->dims);
    double needed = fmin((double)points, there_are);
    return cells_init(&places->cells, (int64_t)(places->count * needed), err);
}

void tile_places_release(TilePlaces *places)
{
    cells_release(&places->cells);
    *places = (TilePlaces){0};
}

static uint64_t key_of(const TilePlaces *places, int i, const float *part)
{
    return tilings_key(&places->tilings, i * places->tilings.count / places->count, part);
}

static void put(Place *place, int cell, int of)
{
    place->at[place->count++] = (PlaceCell){cell, 1.0f / (float)of};
}

void tile_places_add(TilePlaces *places, const float *coords, Place *place)
{
    float part[TILINGS_DIMS];
    tilings_scale(&places->tilings, coords, part);
    place->count = 0;
    for (int i = 0; i < places->count; i++) {
        int cell = cells_add(&places->cells, key_of(places, i, part));
        CHECK(cell >= 0); // room was taken for every point
        put(place, cell, places->count);
    }
}

void tile_places_find(const TilePlaces *places, const float *coords, Place *place)
{
    float part[TILINGS_DIMS];
    tilings_scale(&places->tilings, coords, part);
    place->count = 0;
    for (int i = 0; i < places->count; i++) {
        int cell = cells_find(&places->cells, key_of(places, i, part));
        if (cell >= 0) put(place, cell, places->count);
    }
}

void tile_places_archive(TilePlaces *places, Archive *archive)
{
    int count = places->cells.count;
    archive_int(archive, "places.cells", &count, 0, places->cells.capacity);
    if (archive_is_reading(archive) && count < places->cells.count)
        archive_fail(archive, STATUS_MISMATCH, "counts other cells than this run");
    if (archive_has_failed(archive)) return;
    archive_bytes(archive, "places.keys", places->cells.key, (size_t)count * sizeof(uint64_t));
    if (!archive_is_reading(archive)) return;

    // cells that a run meets before its first step are here already, first and in order
    for (int i = 0; i < count && !archive_has_failed(archive); i++)
        if (cells_add(&places->cells, places->cells.key[i]) != i)
            archive_fail(archive, STATUS_MISMATCH, "counts other cells than this run");
}
