/** @file
 * Softmax policies of action values, and how far one is from another.
 *
 * Layer: baselines. Shapes: A = actions.
 * @source Rusu et al. 2015, arXiv 1511.06295, eq. 3: KL of softmax(q_T / tau).
 */
#ifndef BASELINES_SOFTMAX_H
#define BASELINES_SOFTMAX_H

/** p = softmax(q / tau). @param q (A) @param tau > 0 @param p (A) overwritten; not q itself */
void softmax(const float *q, int action_count, double tau, float *p);

/** KL(p || softmax(q / tau)), in nats. @param p (A) a distribution @param q (A) */
double softmax_kl(const float *p, const float *q, int action_count, double tau);

/** Add weight d KL(p || softmax(q / tau)) / dq = weight (softmax(q / tau) - p) / tau to
 *  @p dq (A). Exactly nothing where softmax(q / tau) is p. */
void softmax_kl_gradient(const float *p, const float *q, int action_count, double tau,
                         double weight, float *dq);

#endif
