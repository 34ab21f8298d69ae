/** @file
 * Codebook: the Q of one source task in a small table of cells, first order in each.
 *
 * Layer: dqinit. A point x of the table coordinates is looked up as z = (x - mean) / scale; the
 * caller gives mean and scale, the same for all sources it means to compare. A cell k has its
 * centre z_k and the values about it
 *
 *     Q_k(z, a) = V_k + g_k . (z - z_k) + A_k[a] + G_k[a] . (z - z_k)
 *
 * with V the mean over actions and A the advantage to it, which sums to about 0. Level and
 * ordering are kept apart because gaps between actions are about a hundredth of the level's
 * range: rounded together, the ordering would be lost. codebook_nearest() finds cells,
 * neighbour_weights() weighs them, codebook_add() adds up their values; a caller that merges
 * several codebooks does so between these steps.
 *
 * Held in the file, all steps one float a cell but the centre's:
 *
 *     centre   uint16 a coordinate, over the range of all centres    V   float
 *     A        int8 an action                                        n   int32, visits
 *     g        int16 a coordinate                                    G   int8 a coordinate,
 * action
 *
 * The slopes belong to the centre as it is stored, so rounding it costs nothing. With d = z -
 * z_k and maxima over the cell, the rest is off by at most
 *
 *     max|A| / 254 + sum_k |d_k| (max|g| / 65534 + max|G| / 254)
 *
 * and the last bits of a float. Built or read, a codebook is decoded from the stored numbers
 * alone, so both give the same bits.
 *
 * @source our own (dqinit/README.md); first-order cells in the spirit of Atkeson, Moore and
 *         Schaal 1997, "Locally weighted learning".
 *
 * Shapes: K = table coordinates, A = actions, C = cells.
 */
#ifndef DQINIT_CODEBOOK_H
#define DQINIT_CODEBOOK_H

#include <stdbool.h>
#include <stdint.h>

#include "dqinit/nearest.h"
#include "suite/core/archive.h"
#include "suite/core/rng.h"

enum { CODEBOOK_DIMS = NEAREST_DIMS, CODEBOOK_ACTIONS = 4096, CODEBOOK_CELLS = 16384 };

/** Where the coordinates of a codebook lie, and what it has room for. */
typedef struct CodebookShape {
    int dims;            // K <= CODEBOOK_DIMS
    int actions;         // A <= CODEBOOK_ACTIONS
    int cells;           // at most so many, <= CODEBOOK_CELLS
    int rounds;          // of k-means; 6 to 8 are enough
    bool slopes;         // false: constant cells, with no slopes in file or memory
    double ridge;        // >= 0, for the slopes, in squared units of z
    const float *mean;   // (K), in units of x
    const float *scale;  // (K) > 0, in units of x
    const float *period; // (K) in units of x, 0: not periodic
} CodebookShape;

typedef struct Codebook {
    int dims, actions, count; // K, A, C
    bool slopes;
    float mean[CODEBOOK_DIMS], scale[CODEBOOK_DIMS], period[CODEBOOK_DIMS];
    float reach; // in z: 99 % of the samples were this near to a cell; silent beyond

    // stored
    float lo[CODEBOOK_DIMS], step[CODEBOOK_DIMS]; // centre = lo + step code, in z
    uint16_t *centre;                             // (C x K)
    int32_t *visits;                              // (C) samples in a cell, > 0
    float *level;                                 // (C) V
    float *advantage_step;                        // (C)
    int8_t *advantage;                            // (C x A) A = step code
    float *level_slope_step;                      // (C), as all below NULL without slopes
    int16_t *level_slope;                         // (C x K) g = step code
    float *advantage_slope_step;                  // (C)
    int8_t *advantage_slope;                      // (C x K x A) G = step code

    // decoded
    NearestIndex index; // the centres
    int width;          // A, rounded up for the compiler to vectorise
    int terms;          // 1 + K, or 1 without slopes
    float *q;           // (C x terms x width) V + A at the centre, then g + G by coordinate
} Codebook;

/** Bytes that one cell takes, and those that all of @p b takes in a file: its cells and the
 *  numbers before them, without the archive's own tags. */
int64_t codebook_cell_bytes(int dims, int actions, bool slopes);
int64_t codebook_bytes(const Codebook *b);

/**
 * The @p n cells nearest to the point @p coords (K).
 *
 * Cells beyond b->reach are found too: compare distance2 with its square.
 *
 * @param n <= NEAREST_FOUND
 * @param known as for nearest_find()
 * @param[in,out] out (n), by distance; likewise
 * @return how many: the lesser of n and C; 0 if a coordinate is not finite.
 */
int codebook_nearest(const Codebook *b, const float *coords, int n, int known, Neighbour *out);

/** Add the first-order values at @p coords (K) of the @p n <= NEAREST_FOUND cells @p at, times
 *  @p weight (n), to @p q (A). */
void codebook_add(const Codebook *b, const Neighbour *at, const float *weight, int n,
                  const float *coords, float *q);

/** Permute the actions of every cell on its own, values and slopes alike: the control whose
 *  levels are right and whose ordering says nothing. Only what is decoded changes. */
void codebook_shuffle(Codebook *b, RngStream *rng);

/** Save or restore; restoring takes a zeroed @p b and refuses, as STATUS_PARSE of the archive,
 *  whatever could not be looked up. Release @p b in any case. */
void codebook_archive(Codebook *b, Archive *archive);

void codebook_release(Codebook *b);

/**
 * For those who build one: room for shape->cells cells, all of them counted, then centres and
 * values, then decoding. See dqinit/codebook_build.h for the whole.
 *
 * @param count the first cells of @p centres, in z
 * @param line ((1 + K) x (1 + A)) V and A at the centre, then their slopes by coordinate
 * @errors STATUS_NOMEM.
 */
MUST_CHECK Status codebook_init(Codebook *b, const CodebookShape *shape, Error *err);
void codebook_set_centres(Codebook *b, const NearestIndex *centres);
void codebook_centre(const Codebook *b, int cell, float *z);
void codebook_set_cell(Codebook *b, int cell, int visits, const double *line);
MUST_CHECK Status codebook_decode(Codebook *b, Error *err);

/** The period of each coordinate in z (K), 0: not periodic. */
void codebook_period(const Codebook *b, float *period);

#endif
