/** @file
 * Weights of the sources from value estimates alone: whose values fit the agent's own steps.
 *
 * Layer: dqinit. On the latest steps of the target, n-step Bellman residuals of each source's
 * values,
 *
 *     MSE_s = mean (r + gamma^n max_a Q_s(s', a) - Q_s(s, a))^2
 *     w_s   = floor / S + (1 - floor) exp(-exponent (MSE_s / min MSE - 1)) / sum of the same
 *
 * and no w_s below 1e-9, so that each is heard where no other answers. A source that answers
 * for less than a tenth of the steps gets the floor alone. First weighed after two whole
 * episodes and a share of the budget, and a few times again after that.
 *
 * @source our own (dqinit/README.md), by the second round of prototypes.
 *
 * Shapes: S = sources, D = features, K = coordinates, A = actions.
 */
#ifndef DQINIT_SOURCE_WEIGHTS_H
#define DQINIT_SOURCE_WEIGHTS_H

#include "agents/replay.h"
#include "dqinit/prior.h"

typedef struct SourceWeightsShape {
    int64_t start; // steps before the first weighing
    int64_t every; // steps between weighings
    int times;     // weighings in all
    int n_step;
    double gamma, reward_scale;
    double exponent, floor;
} SourceWeightsShape;

typedef struct SourceWeights {
    SourceWeightsShape shape;
    int feature_dim, coord_count, action_count;
    int64_t steps, next;
    int episodes, made; // whole episodes seen; weighings made
    int count, newest;  // steps kept in the ring, and where the last of them is
    float *features;    // (ring x D)
    float *coords;      // (ring x K)
    float *reward;      // (ring) scaled
    int32_t *action;    // (ring)
    uint8_t *end;       // (ring) StepEnd
    float *after;       // (D) features after the newest step
    float *q;           // (A)
} SourceWeights;

/** @param[out] weights release with source_weights_release() @errors STATUS_NOMEM. */
MUST_CHECK Status source_weights_init(SourceWeights *weights, const KnowledgeBase *kb,
                                      SourceWeightsShape shape, Error *err);
void source_weights_release(SourceWeights *weights);

/** See a step. @return is it time to weigh? */
bool source_weights_observe(SourceWeights *weights, const Transition *t);

/** Weigh the sources of @p prior anew, into prior->weight. */
void source_weights_weigh(SourceWeights *weights, Prior *prior);

/** The weights that residuals @p mse (n) give; negative residuals: no evidence. */
void weights_of_residuals(const double *mse, int n, double exponent, double floor,
                          double *weight);

/** Save or restore. */
void source_weights_archive(SourceWeights *weights, Archive *archive);

#endif
