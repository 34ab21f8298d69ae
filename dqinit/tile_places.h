/** @file
 * Places on tilings: the cells in which a point's visits are counted, numbered as they are met.
 *
 * Layer: dqinit. Knownness needs cells for every point that the agent can reach, known to a
 * table or not; a codebook has its own, tilings get theirs here. A few of the tilings are
 * enough.
 */
#ifndef DQINIT_TILE_PLACES_H
#define DQINIT_TILE_PLACES_H

#include "dqinit/cells.h"
#include "dqinit/knownness.h"
#include "dqinit/tilings.h"

typedef struct TilePlaces {
    Tilings tilings;
    int count; // tilings counted, spread evenly over all of them
    CellIndex cells;
} TilePlaces;

/**
 * No cell yet. Takes all memory here, for @p points points.
 *
 * @param count tilings to count in, at most those there are and PLACE_CELLS
 * @errors STATUS_NOMEM, STATUS_RANGE.
 */
MUST_CHECK Status tile_places_init(TilePlaces *places, const Tilings *tilings, int count,
                                   int64_t points, Error *err);
void tile_places_release(TilePlaces *places);

/** The place of a point, whose cells are numbered if they are new; all weigh the same. */
void tile_places_add(TilePlaces *places, const float *coords, Place *place);

/** The place of a point, without its cells that have no number: their weight is missing. */
void tile_places_find(const TilePlaces *places, const float *coords, Place *place);

/** Save or restore which cells were met. */
void tile_places_archive(TilePlaces *places, Archive *archive);

#endif
