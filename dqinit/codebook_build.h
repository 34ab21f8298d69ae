/** @file
 * Building a Codebook from samples of a source task: k-means, then a fit in every cell.
 *
 * Layer: dqinit. Centres are placed by k-means in z and rounded as they are stored; every
 * sample then belongs to the cell nearest to it, and cells without samples are dropped. A
 * cell's values are the means over its samples or, with slopes, ridge least squares of V and of
 * each advantage on z - z_k, taken at the centre. A cell of fewer than K + 2 samples has slopes
 * 0.
 *
 * @source our own (dqinit/README.md); see dqinit/kmeans.h and dqinit/codebook_fit.h.
 *
 * Shapes: n = samples, K = table coordinates, A = actions.
 */
#ifndef DQINIT_CODEBOOK_BUILD_H
#define DQINIT_CODEBOOK_BUILD_H

#include "dqinit/codebook.h"
#include "suite/core/rng.h"

/** States of a source task and the Q of all actions there; borrowed. */
typedef struct CodebookSamples {
    int count;           // n > 0
    const float *coords; // (n x K)
    const float *q;      // (n x A)
} CodebookSamples;

/**
 * Build the table of @p samples in @p out, which is zeroed on failure.
 *
 * It has at most the least of shape.cells, n and KMEANS_SAMPLES cells.
 *
 * @param rng draws a word a cell, seldom more.
 * @errors STATUS_NOMEM; STATUS_RANGE if a coordinate or a value is not finite, or a coordinate
 *         is over a million scales from the mean.
 */
MUST_CHECK Status codebook_build(Codebook *out, CodebookShape shape, CodebookSamples samples,
                                 RngStream *rng, Error *err);

#endif
