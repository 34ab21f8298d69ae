/** @file
 * Credence: how far the table is believed in this task at all, in [0, 1].
 *
 * Layer: dqinit. Knownness says where the agent can do without the table; credence says whether
 * the table speaks of this task. Values that hold in a task solve its Bellman equation, so that
 * the agent's own steps are a test of the table before anything is learned from them:
 *
 *     delta = r + gamma max_a' Q_init(s', a') - Q_init(s, a),   without the second term where
 *                                                               the task ended
 *     tau   = 1 / (1 + max(0, e^2 - e0^2) / (c e0)^2)
 *
 * e^2 the running mean of delta^2 over the steps whose both ends the table answers at, e0^2 the
 * same in the sources' own tasks, of the mean of all sources' tables: what fitting and rounding
 * cost tables that are right, and how far the sources differ among each other. Sources of
 * unlike tasks so have a table that is believed longer. e0^2 is of that mean whatever prior
 * answers in the run (another aggregate, the networks, a shuffled table). e^2
 * begins as if e0^2 had been seen for some steps, so that no single one overturns a table, and
 * forgets.
 *
 * @source our own (dqinit/README.md).
 *
 * Shapes: A = actions.
 */
#ifndef DQINIT_CREDENCE_H
#define DQINIT_CREDENCE_H

#include <stdint.h>

#include "suite/core/archive.h"

typedef struct CredenceShape {
    double tolerance; // c >= 0; 0: the table is believed whatever is seen
    double own;       // e0^2 >= 0
    double gamma;
    int64_t first;  // steps that e0^2 counts for, > 0
    int64_t memory; // steps that e^2 remembers, >= first
} CredenceShape;

typedef struct Credence {
    CredenceShape shape;
    double residual; // e^2
    int64_t seen;    // steps in it
} Credence;

/** A step as the table sees it; borrowed for the call. */
typedef struct TableStep {
    double value;      // Q_init(s, a)
    double reward;     // scaled as the table is
    bool terminated;   // the task ended
    const float *next; // (A) Q_init(s', .); not looked at if it did
} TableStep;

/** delta of a step. */
double credence_delta(const TableStep *step, int actions, double gamma);

/** Nothing seen yet. */
void credence_init(Credence *credence, CredenceShape shape);

/** See a step. */
void credence_see(Credence *credence, const TableStep *step, int actions);

/** tau. */
double credence_now(const Credence *credence);

/** Save or restore what was seen. */
void credence_archive(Credence *credence, Archive *archive);

#endif
