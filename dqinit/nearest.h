/** @file
 * NearestIndex: the points nearest to a query, some coordinates of which may be periodic, and
 * the weights by which values at those points are blended.
 *
 * Layer: dqinit. Every point is compared with the query: for a few thousand points of up to 16
 * coordinates that takes about a microsecond, less than a tree would, and nothing is
 * approximate. Takes no memory after nearest_init(). Plain arithmetic in one order, compiled
 * for several instruction sets, so that every machine finds the same bits.
 *
 * A periodic coordinate with period P measures differences around the circle: at most P/2.
 *
 * @source our own (dqinit/README.md).
 *
 * Shapes: K = coordinates, C = points.
 */
#ifndef DQINIT_NEAREST_H
#define DQINIT_NEAREST_H

#include <stdint.h>

#include "suite/core/status.h"

enum { NEAREST_DIMS = 16, NEAREST_POINTS = 1 << 24, NEAREST_FOUND = 64, NEAREST_LANES = 16 };

typedef struct NearestIndex {
    int dims;                   // K <= NEAREST_DIMS
    int count;                  // C
    int stride;                 // C, rounded up to NEAREST_LANES
    float period[NEAREST_DIMS]; // infinite where a coordinate is not periodic
    float *at;                  // (K x stride) points by coordinate; not set yet: infinite
} NearestIndex;

/** A point that was found. */
typedef struct Neighbour {
    float distance2; // squared
    int32_t cell;    // in [0, C)
} Neighbour;

/** An index of @p count points, none of them set; @p period (K), 0 where there is none.
 *  @errors STATUS_NOMEM. */
MUST_CHECK Status nearest_init(NearestIndex *index, int dims, int count, const float *period,
                               Error *err);
void nearest_release(NearestIndex *index);

/** Put point @p i at @p z (K), and read where it is: periodic coordinates in [-P/2, P/2]. */
void nearest_set(NearestIndex *index, int i, const float *z);
void nearest_get(const NearestIndex *index, int i, float *z);

/** @p z - the point @p i, (K) into @p delta, periodic coordinates the short way round. */
void nearest_delta(const NearestIndex *index, int i, const float *z, float *delta);

/**
 * The @p n points nearest to @p z (K), nearest first, equally near ones by their number.
 *
 * @param n <= NEAREST_FOUND
 * @param known how many different points of this index @p out holds already: n of them, such
 *        as those found for a point near by, make the search shorter; fewer are not looked at.
 *        What is found does not depend on them.
 * @param[in,out] out (n)
 * @return how many were found: n, or the points that are set if they are fewer; 0 if a
 *         coordinate is not finite.
 */
int nearest_find(const NearestIndex *index, const float *z, int n, int known, Neighbour *out);

/**
 * Weights of the nearest @p n of @p found neighbours: positive or 0, with sum 1. With t the
 * squared distance over that of the neighbour n + 1,
 *
 *     w ~ (1 - t) / (t + 0.05)
 *
 * which is 0 for one as far away as that neighbour, so that nothing jumps where two change
 * places. Without a neighbour n + 1 nobody can change places: the last one's distance is the
 * measure and the weights are 1 / (t + 0.05). Where all are equally far, the weights are equal.
 *
 * @param near (found) ascending; ask nearest_find() for n + 1.
 * @param weight (n)
 * @return how many weights there are: the lesser of n and found.
 */
int neighbour_weights(const Neighbour *near, int found, int n, float *weight);

#endif
