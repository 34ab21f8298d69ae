/** @file
 * Overlapping tilings: the cells that a point of the table coordinates falls into, one a
 * tiling.
 *
 * Layer: dqinit. A tiling cuts every coordinate's range into `bins` equal parts; tiling t is
 * shifted by t/T of a part times an odd number of its own per coordinate, so that no two
 * tilings share their borders. Values outside the range count as on its border.
 *
 * @source Sutton and Barto 2018, section 9.5.4 (tile coding, asymmetric offsets 1, 3, 5, ...).
 *
 * Shapes: K = coordinates, T = tilings.
 */
#ifndef DQINIT_TILINGS_H
#define DQINIT_TILINGS_H

#include <stdint.h>

#include "suite/core/archive.h"

enum { TILINGS_DIMS = 11, TILINGS_BINS = 31, TILINGS_COUNT = 64 }; // what fits in a 64-bit key

typedef struct Tilings {
    int dims;  // K <= TILINGS_DIMS
    int count; // T <= TILINGS_COUNT
    int bins;  // parts of each range, <= TILINGS_BINS - 1
    float lo[TILINGS_DIMS], hi[TILINGS_DIMS];
} Tilings;

/** The cell of @p coords (K) in tiling @p t: a key that no other cell of any tiling has. */
uint64_t tilings_cell(const Tilings *tilings, int t, const float *coords);

/** Save or restore. */
void tilings_archive(Tilings *tilings, Archive *archive);

#endif
