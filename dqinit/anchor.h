/** @file
 * The pull of the network towards the table: ordering of actions first, level second.
 *
 * Layer: dqinit. Action gaps are about one per cent of the range of values, so a plain squared
 * error spends itself on the level and leaves the ordering to noise. With d_a = Q(s, a) -
 * Q_init(s, a), m its mean over actions and omega the weight of the ordering, the gradient is
 *
 *     pre-fit:  m + omega (d_a - m)
 *     anchor:   w [ clip(m) + clip(omega (d_a - m)) ],  clip to [-1, 1]
 *
 * @source our own (dqinit/README.md); the paper's loss is not known to us.
 *
 * Shapes: R = rows, A = actions.
 */
#ifndef DQINIT_ANCHOR_H
#define DQINIT_ANCHOR_H

#include "agents/network.h"
#include "suite/core/rng.h"
#include "suite/core/status.h"

/** One row's unclipped gradient; @p dq (A) is overwritten. */
void prefit_gradient(const float *q, const float *prior, int actions, double ordering,
                     float *dq);

/** One row's clipped gradient times @p weight; @p dq (A) is overwritten. */
void anchor_gradient(const float *q, const float *prior, int actions, double ordering,
                     double weight, float *dq);

/** The same, added to what is in @p dq (A). */
void anchor_add(const float *q, const float *prior, int actions, double ordering, double weight,
                float *dq);

typedef struct Prefit {
    int updates, batch;
    double lr, lr_end; // at the first and the last update
    double ordering;   // omega
} Prefit;

/** What to fit to; borrowed. */
typedef struct PrefitTable {
    const float *features; // (n x D)
    const float *prior;    // (n x A) what the outputs should be
    int n;
} PrefitTable;

/**
 * Fit a fresh network to a table before it acts.
 *
 * The output biases are set to the targets' means and the last layer's weights scaled to their
 * spread first, because a fresh network is far from both.
 *
 * @param rng draws the rows of each update
 * @errors STATUS_NOMEM.
 */
MUST_CHECK Status prefit(Network *net, const PrefitTable *table, Prefit how, RngStream *rng,
                         Error *err);

#endif
