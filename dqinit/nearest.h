/** @file
 * NearestIndex: the points nearest to a query, some coordinates of which may be periodic, and
 * the weights by which values at those points are blended.
 *
 * Layer: dqinit. Points near to each other stand together in blocks, each with the box that
 * it lies in: a block whose box is farther than what was found already is not looked at, and
 * the others are compared with the query point by point, a block at a time. For a few thousand
 * points that is less work than a tree would be, and nothing is approximate. A search
 * takes no memory. Plain arithmetic in one order, compiled for several instruction sets,
 * so that every machine finds the same bits.
 *
 * A periodic coordinate with period P measures differences around the circle: at most P/2.
 *
 * @source our own (dqinit/README.md).
 *
 * Shapes: K = coordinates, C = points.
 */
#ifndef DQINIT_NEAREST_H
#define DQINIT_NEAREST_H

#include <stdbool.h>
#include <stdint.h>

#include "suite/core/status.h"

enum { NEAREST_DIMS = 16, NEAREST_POINTS = 1 << 14, NEAREST_FOUND = 64, NEAREST_LANES = 16 };

typedef struct NearestIndex {
    int dims;                   // K <= NEAREST_DIMS
    int count;                  // C
    float period[NEAREST_DIMS]; // infinite where a coordinate is not periodic
    float *at;                  // (C x K) points; not set yet: infinite

    // what is searched, as nearest_arrange() left it
    bool is_arranged; // no point was set since then
    int blocks;       // C over NEAREST_LANES, rounded up
    int stride;       // blocks, rounded up to NEAREST_LANES
    int32_t *member;  // (blocks x LANES) the points of each block; -1: none
    float *block;     // (blocks x K x LANES) where they are; none: infinite
    float *lo, *hi;   // (K x stride) the box of each block; behind the last: empty ones
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

/** Put point @p i at @p z (K), and read where it is: periodic coordinates in [-P/2, P/2]. With
 * a coordinate that is not finite it is not set. */
void nearest_set(NearestIndex *index, int i, const float *z);
void nearest_get(const NearestIndex *index, int i, float *z);

/** Make the index ready for nearest_find(): after points were set, before the next search. What
 * is found does not depend on it. */
void nearest_arrange(NearestIndex *index);

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
 * @pre nearest_arrange() since a point was set.
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
