/** @file
 * A number over time in several runs, and the mean of these with a band.
 *
 * Layer: plots. A mean over fewer seeds at some steps than at others would jump where none of
 * them does, so only steps that all runs have are kept.
 */
#ifndef PLOTS_BUNDLE_H
#define PLOTS_BUNDLE_H

#include <stdint.h>

#include "plots/figure.h"

/** All zero: no run yet. */
typedef struct Bundle {
    int64_t *step; // (steps) ascending, those that all runs have
    double *value; // (steps x room) a row for each step
    double *work;
    int steps, runs, room;
} Bundle;

/** Room for @p runs. @param[out] bundle release with bundle_release(), also after a failure
 *  @errors STATUS_NOMEM. */
MUST_CHECK Status bundle_init(Bundle *bundle, int runs, Error *err);
void bundle_release(Bundle *bundle);

/**
 * Add a run.
 *
 * @param step, value (count) steps ascending
 * @pre there is room. Checked.
 * @errors STATUS_NOMEM.
 */
MUST_CHECK Status bundle_add(Bundle *bundle, const int64_t *step, const double *value,
                             int count, Error *err);

/** What bundle_print() appends. */
extern const char bundle_columns[];

/**
 * Append a row for each step: mean and 95 % bootstrap interval over the runs, pointwise, which
 * is NaN for fewer than two runs.
 *
 * @param stream names the bundle: its intervals depend on nothing else
 */
void bundle_print(const Bundle *bundle, uint64_t stream, Figure *figure);

#endif
