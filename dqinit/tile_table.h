/** @file
 * A source's table on overlapping tilings: the mean Q of all actions in every cell it knows.
 *
 * Layer: dqinit. The form of table with constant cells that a codebook (dqinit/codebook.h) is
 * compared with; large, where the codebook is compact. The tilings themselves belong to the
 * knowledge base, which shares them between its sources.
 *
 * Shapes: C = cells, A = actions, K = coordinates, T = tilings, n = samples.
 */
#ifndef DQINIT_TILE_TABLE_H
#define DQINIT_TILE_TABLE_H

#include "dqinit/cells.h"
#include "dqinit/tilings.h"
#include "suite/core/archive.h"
#include "suite/core/rng.h"
#include "suite/core/status.h"

typedef struct TileTable {
    int actions;
    CellIndex cells; // (C)
    float *value;    // (C x A) mean Q of the samples there
    int32_t *visits; // (C) samples
} TileTable;

/** States and the Q of all actions there; borrowed. */
typedef struct TileSamples {
    int count, actions;  // n, A
    const float *coords; // (n x K)
    const float *q;      // (n x A)
} TileSamples;

/** What building found out. */
typedef struct TileTableNumbers {
    double unseen_mass;    // Good-Turing: cells of one sample over all visits
    double variance_ratio; // variance of Q within cells over that of all samples
} TileTableNumbers;

/**
 * Build from samples; a cell is known with at least @p least of them.
 *
 * @param[out] out release with tile_table_release(), also after a failure
 * @errors STATUS_NOMEM; STATUS_RANGE over 2^29 cells.
 */
MUST_CHECK Status tile_table_build(TileTable *out, const Tilings *tilings, TileSamples samples,
                                   int least, TileTableNumbers *numbers, Error *err);
void tile_table_release(TileTable *table);

/** Q of all actions at a point: the mean over the tilings whose cell is known.
 *  @param q (A) written if any is. @return how many are; 0: the table is silent here */
int tile_table_lookup(const TileTable *table, const Tilings *tilings, const float *coords,
                      float *q);

/** Permute the actions of every cell on its own: the control whose levels are right and whose
 *  ordering says nothing. */
void tile_table_shuffle(TileTable *table, RngStream *rng);

/** Bytes of the cells in a file. */
int64_t tile_table_bytes(const TileTable *table);

/** Save or restore. On failure release all the same. */
void tile_table_archive(TileTable *table, Archive *archive);

#endif
