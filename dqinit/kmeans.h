/** @file
 * k-means: centres such that samples are near to one of them, more where there are more
 * samples.
 *
 * Layer: dqinit. Starts at samples drawn without repetition, then moves every centre to the
 * mean of the samples nearest to it, a fixed number of rounds. A centre that is nearest to no
 * sample stays where it is. A mean over a periodic coordinate is the present centre plus the
 * mean of the differences to it.
 *
 * @source Lloyd 1982, "Least squares quantization in PCM".
 *
 * Shapes: K = coordinates, C = centres.
 */
#ifndef DQINIT_KMEANS_H
#define DQINIT_KMEANS_H

#include "dqinit/nearest.h"
#include "suite/core/rng.h"

enum { KMEANS_SAMPLES = 40000 }; // that are looked at, spread evenly over those given

/**
 * Set all C points of @p centres, which need nearest_arrange() before a search.
 *
 * @param z (n x K) finite samples, at least C.
 * @param rounds of moving; 0 leaves the centres at the samples drawn.
 * @param rng draws C words, seldom more.
 * @errors STATUS_NOMEM.
 * @pre C <= KMEANS_SAMPLES.
 */
MUST_CHECK Status kmeans(NearestIndex *centres, const float *z, int n, int rounds,
                         RngStream *rng, Error *err);

#endif
