/** @file
 * Blends of the network's values with the prior's.
 *
 * Layer: dqinit. beta = (1 - kappa) where the prior has support, 0 where it is silent.
 * @source our own (dqinit/README.md); the first is the form that OPIQ (Rashid et al. 2020,
 *         arXiv 2002.12174) has for a constant in the prior's place.
 *
 * Shapes: A = actions.
 */
#ifndef DQINIT_BLEND_H
#define DQINIT_BLEND_H

/** q := (1 - beta) q + beta prior, for each of @p n actions. */
void blend_values(float *q, const float *prior, int n, double beta);

/** q := (1 - beta) q + beta (max q + prior - max prior): the prior's ordering at the network's
 *  own level, so that a prior whose level is off misleads nobody. */
void blend_advantages(float *q, const float *prior, int n, double beta);

#endif
