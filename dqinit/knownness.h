/** @file
 * Knownness: how well the agent knows a region of the target task, in [0, 1), by visits alone.
 *
 * Layer: dqinit. Every step counts a visit to the cells it falls into, all actions together, in
 * a few of the table's tilings. With n visits of a cell
 *
 *     kappa = n / (n + m), averaged over those tilings,
 *
 * the weight of one's own estimate beside a prior worth m samples. No clock enters.
 *
 * kappa_bar is the running mean of kappa where the agent walks: how well it knows the region it
 * now lives in. It lets the prior leave places that the agent never visits.
 */
#ifndef DQINIT_KNOWNNESS_H
#define DQINIT_KNOWNNESS_H

#include <stdint.h>

#include "dqinit/cells.h"
#include "dqinit/tilings.h"
#include "suite/core/archive.h"
#include "suite/core/status.h"

enum { KNOWN_TILINGS = 16 }; // most tilings that are counted

typedef struct Knownness {
    Tilings tilings;
    int count;       // tilings counted, spread evenly over those of the table
    double half;     // m: visits at which kappa is one half
    double memory;   // steps over which kappa_bar remembers
    double mean;     // kappa_bar
    CellIndex cells; // visited, or watched from the start
    int32_t *visits; // (cells.capacity)
    double *kappa;   // (cells.capacity) of those visits: read far more often than they change
} Knownness;

typedef struct KnownnessShape {
    int tilings;   // to count, at most those of the table and KNOWN_TILINGS
    double half;   // m > 0
    double memory; // > 0
} KnownnessShape;

/**
 * Nothing known yet. Takes all memory here, for @p steps visits and @p watched points.
 *
 * @errors STATUS_NOMEM, STATUS_RANGE.
 */
MUST_CHECK Status knownness_init(Knownness *known, const Tilings *tilings, KnownnessShape shape,
                                 int64_t steps, int watched, Error *err);
void knownness_release(Knownness *known);

/** The cells of a point that knownness_at() will be asked about; @p cell (count). */
void knownness_watch(Knownness *known, const float *coords, int32_t *cell);

/** kappa of a watched point, from the cells that knownness_watch() gave. */
double knownness_at(const Knownness *known, const int32_t *cell);

/** Count a step's visit to a watched point and move kappa_bar; returns kappa before it. */
double knownness_count(Knownness *known, const int32_t *cell);

/** Count a step's visit to @p coords and move kappa_bar; returns kappa before it. */
double knownness_visit(Knownness *known, const float *coords);

/** Save or restore counts and kappa_bar. */
void knownness_archive(Knownness *known, Archive *archive);

#endif
