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
 * Shapes: R = rows, B = batch, A = actions, D = features, P = parameters.
 */
#ifndef DQINIT_ANCHOR_H
#define DQINIT_ANCHOR_H

#include "agents/adam.h"
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

enum { ANCHOR_ROWS = 256 }; // most table states rehearsed per update

typedef struct Prefit {
    int updates;
    double lr, lr_end; // at the first and the last update
    double ordering;   // omega
} Prefit;

/** What to fit to; borrowed. */
typedef struct PrefitTable {
    const float *features; // (n x D)
    const float *prior;    // (n x A) what the outputs should be
    int n;
} PrefitTable;

/** Room to fit in; taken once, for fits at any time of a run. */
typedef struct Fit {
    Workspace work;
    Adam adam;
    int batch;
    float *x, *y; // (B x D), (B x A) the rows of an update
    float *dq;    // (B x A)
    float *grad;  // (P)
} Fit;

/** Room to fit networks like @p net on @p batch rows an update. @param[out] fit release with
 *  fit_release(), also after a failure @errors STATUS_NOMEM. */
MUST_CHECK Status fit_init(Fit *fit, const Network *net, int batch, Error *err);
void fit_release(Fit *fit);

/** Begin a fresh network at the targets' level and spread: its output biases become their
 * means, and its last weights are scaled to their spread, because it is far from both. */
void fit_match_outputs(Network *net, const PrefitTable *table);

/** Fit @p net to a table: @p how.updates updates, each on fit->batch rows that @p rng draws. */
void fit_run(Fit *fit, Network *net, const PrefitTable *table, Prefit how, RngStream *rng);

#endif
