/** @file
 * Knownness: how well the agent knows a region of the target task, in [0, 1].
 *
 * Layer: dqinit. A place is where a point of the table coordinates lies among the table's
 * cells: some cells and their weights, which sum to one. Every step counts a visit to its
 * place, all actions together; with n visits of a cell and m the visits of an even share, the
 * cell's kappa is, by choice,
 *
 *     shrinkage     n / (n + m)            a prior worth m samples
 *     linear        min(1, n / m)
 *     exponential   1 - (1 - 1/m)^n        Q-learning with step 1/m
 *     threshold     n >= m                 R-max's known states
 *     precision     n s^2 / (n s^2 + e^2)  the weight of n samples with error variance e^2,
 *                   the running mean of the squared Bellman errors seen there (clipped as the
 *                   learner's are), beside a prior
 *                   with variance s^2 = e0^2 / m, e0^2 the first such error
 *
 * times a cap, and the kappa of a place is its cells' mean by weight. What it is tested
 * against:
 *
 *     clock         min(1, t / (share T)) times the cap, the same everywhere
 *     frozen        0 for ever
 *     none          1 from the first step: no prior
 *
 * kappa_bar is the running mean of kappa where the agent walks: how well it knows the region it
 * now lives in. It lets the prior leave places that the agent never visits.
 *
 * @source threshold: Brafman and Tennenholtz 2002 (R-max); the others are ours
 *         (dqinit/README.md).
 */
#ifndef DQINIT_KNOWNNESS_H
#define DQINIT_KNOWNNESS_H

#include <stdint.h>

#include "suite/core/archive.h"
#include "suite/core/status.h"

enum { PLACE_CELLS = 16 }; // most cells of a place

typedef enum KnownBy {
    KNOWN_SHRINKAGE,
    KNOWN_LINEAR,
    KNOWN_EXPONENTIAL,
    KNOWN_THRESHOLD,
    KNOWN_PRECISION,
    KNOWN_CLOCK,
    KNOWN_FROZEN,
    KNOWN_NONE
} KnownBy;
#define KNOWN_NAMES "shrinkage|linear|exponential|threshold|precision|clock|frozen|none"

/** A cell, and how much of a point lies in it. */
typedef struct PlaceCell {
    int32_t cell;
    float weight; // in [0, 1]; those of a place sum to 1 at most
} PlaceCell;

/** Where a point lies among cells. A replay memory is full of them: what is read stands
 * together at the beginning. */
typedef struct Place {
    int32_t count; // up to PLACE_CELLS
    PlaceCell at[PLACE_CELLS];
} Place;

typedef struct KnownnessShape {
    KnownBy by;
    double visits; // m > 0
    double each;   // visits that a step adds to its place, shared by weight; > 0
    double cap;    // most kappa, in [0, 1]
    double share;  // of the budget, after which a clock is at its cap
    double memory; // steps over which kappa_bar remembers
    int64_t budget;
    int cells; // there can be; those of places are below
} KnownnessShape;

typedef struct Knownness {
    KnownnessShape shape;
    double *visits; // (cells)
    double *kappa;  // (cells) of those visits: read far more often than they change
    double *error;  // (cells) precision: running mean of squared errors; else not there
    double *first;  // (cells) the first of them
    double mean;    // kappa_bar
    int64_t steps;
} Knownness;

/** Nothing known yet; takes all memory here. @errors STATUS_NOMEM. */
MUST_CHECK Status knownness_init(Knownness *known, KnownnessShape shape, Error *err);
void knownness_release(Knownness *known);

/** kappa of one cell with @p n visits, for the forms that visits alone decide. */
double known_by_visits(KnownBy by, double n, double m);

/** kappa of a place. */
double knownness_at(const Knownness *known, const Place *place);

/** Count a step's visit to @p place and move kappa_bar; returns kappa before it. */
double knownness_visit(Knownness *known, const Place *place);

/** A step where the prior is silent: nothing is counted, for its cells lie elsewhere, and
 *  kappa_bar moves towards 1, for a prior has nothing to say there. */
void knownness_pass(Knownness *known);

/** Tell a Bellman error seen at @p place; only KNOWN_PRECISION listens. */
void knownness_see_error(Knownness *known, const Place *place, double error);

/** Save or restore counts and kappa_bar. */
void knownness_archive(Knownness *known, Archive *archive);

#endif
