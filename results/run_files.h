/** @file
 * The files of a run, wherever they are: in a folder of its own, or in a pack.
 *
 * Layer: results.
 */
#ifndef RESULTS_RUN_FILES_H
#define RESULTS_RUN_FILES_H

#include "results/curve.h"
#include "results/pack.h"
#include "results/record.h"
#include "results/trace.h"
#include "suite/core/file.h"

typedef struct RunFiles {
    char folder[PATH_LENGTH]; // PACK/<place> where they are packed, for messages
    const Pack *pack;         // borrowed; NULL: they are in the folder
} RunFiles;

/** record_read(). */
MUST_CHECK Status run_files_record(RunRecord *out, const RunFiles *files, Error *err);

/** eval_curve_read(). */
MUST_CHECK Status run_files_evals(EvalCurve *out, const RunFiles *files, Error *err);

/** trace_read(). */
MUST_CHECK Status run_files_trace(Trace *out, const RunFiles *files, Error *err);

/** episodes_read(); no pack has episodes. */
MUST_CHECK Status run_files_episodes(EpisodeList *out, const RunFiles *files, Error *err);

/**
 * Append the bytes of evals.csv or trace.csv.
 *
 * @errors STATUS_MISSING, STATUS_RANGE over 16 MiB, STATUS_IO, STATUS_NOMEM.
 */
MUST_CHECK Status run_files_bytes(Text *out, const RunFiles *files, const char *file,
                                  Error *err);

#endif
