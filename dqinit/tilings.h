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
    float shift[TILINGS_COUNT][TILINGS_DIMS]; // of tiling t along coordinate k, in parts
} Tilings;

/** Lay @p count tilings of @p bins parts over the ranges @p lo to @p hi (dims).
 *  @pre the numbers fit the limits above and no range is empty. */
void tilings_init(Tilings *tilings, int dims, int count, int bins, const float *lo,
                  const float *hi);

/** The cell of @p coords (K) in tiling @p t: a key that no other cell of any tiling has. */
uint64_t tilings_cell(const Tilings *tilings, int t, const float *coords);

/** The two halves of tilings_cell(), for the cells of one point in many tilings: a point's
 *  place @p part (K) in each range, counted in parts, and the key of its cell in tiling @p t.
 */
void tilings_scale(const Tilings *tilings, const float *coords, float *part);
uint64_t tilings_key(const Tilings *tilings, int t, const float *part);

/** Save or restore. */
void tilings_archive(Tilings *tilings, Archive *archive);

#endif
