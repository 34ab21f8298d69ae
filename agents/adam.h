/** @file
 * Adam, in float32.
 *
 * Layer: agents. @source Kingma and Ba 2015, arXiv 1412.6980, Algorithm 1; epsilon is added
 * outside the square root, to the bias-corrected moment, as there. A moment too small to move
 * any weight becomes 0, see loop_adam().
 */
#ifndef AGENTS_ADAM_H
#define AGENTS_ADAM_H

#include <stdint.h>

#include "suite/core/archive.h"
#include "suite/core/status.h"

typedef struct Adam {
    int count;      // P
    float *m, *v;   // (P) first and second moments, owned
    int64_t steps;  // made so far
    double epsilon; // > 0
} Adam;

/** Take zeroed moments for @p count parameters; release with adam_release(). */
MUST_CHECK Status adam_init(Adam *adam, int count, double epsilon, Error *err);
void adam_release(Adam *adam);

/** Forget all steps: the moments are zero again. */
void adam_clear(Adam *adam);

/** Move @p params (P) against @p grad (P) with learning rate @p rate. */
void adam_step(Adam *adam, float *params, const float *grad, double rate);

/** The same, and then move @p follower (P) the part @p follow of its way to @p params: to the
 *  last bit network_blend() after adam_step(), in the time of the latter. */
void adam_step_followed(Adam *adam, float *params, const float *grad, double rate,
                        float *follower, double follow);

/** Save or restore the moments and the number of steps. */
void adam_archive(Adam *adam, Archive *archive);

#endif
