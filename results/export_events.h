/** @file
 * A run as an event file for TensorBoard.
 *
 * Layer: results. Tags: eval/return, eval/normalised and eval/length of the deployed policy;
 * network/... of the network where it has evaluations of its own; train/episode_return and
 * train/episode_length of every training episode. All in single precision.
 */
#ifndef RESULTS_EXPORT_EVENTS_H
#define RESULTS_EXPORT_EVENTS_H

#include "results/export.h"

/**
 * Write OUT/<family>/<member>/<column>/seed-<n>/events.out.tfevents.0.suite. TensorBoard takes
 * each such folder for a run. A run without episodes.csv has no train/ tags.
 *
 * @errors those of eval_curve_read() and, but for STATUS_MISSING, of episodes_read();
 *         STATUS_IO, STATUS_NOMEM.
 */
MUST_CHECK Status export_events(const Export *export, const RunSummary *run, const char *out,
                                Error *err);

#endif
