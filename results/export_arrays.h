/** @file
 * Runs as arrays of numpy: of one run for rl-zoo, of many for rliable.
 *
 * Layer: results. `policy` says whose returns; see eval_curve_seen_by().
 */
#ifndef RESULTS_EXPORT_ARRAYS_H
#define RESULTS_EXPORT_ARRAYS_H

#include "results/export.h"

/**
 * Write OUT/<family>/<column>/<member>_<seed>/evaluations.npz as the EvalCallback of
 * Stable-Baselines3 does, in the folders where rl-zoo looks for it: `timesteps` (T) and
 * `results` (T x episodes), NaN where an evaluation has fewer than another.
 *
 * differs: there is no `ep_lengths`, because records have only the mean length.
 *
 * @errors those of eval_curve_read(); STATUS_IO, STATUS_NOMEM.
 */
MUST_CHECK Status export_evaluations(const Export *export, const RunSummary *run,
                                     EvalPolicy policy, const char *out, Error *err);

/**
 * Write OUT/<family>/scores-<role>.npz: for every metric of a run (SEEDS_MEAN) and column
 * `normalised/METRIC/COLUMN` and, if it is a METRIC_RETURN, `raw/METRIC/COLUMN` (seeds x
 * members); for every column `raw/curve/COLUMN` and `normalised/curve/COLUMN` (seeds x members
 * x steps); `members`, `seeds` and `steps` name their places. NaN: no such run, evaluation or
 * reference.
 *
 * @param run (count > 0) all runs of a family and role, of reference_measure()
 * @errors those of eval_curve_read() and npz_write(); STATUS_IO, STATUS_NOMEM.
 */
MUST_CHECK Status export_scores(const Export *export, const RunSummary *run, int count,
                                EvalPolicy policy, const char *out, Error *err);

#endif
