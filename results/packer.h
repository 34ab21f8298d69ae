/** @file
 * Packing: the runs of one sitting after another put into the packs of a folder.
 *
 * Layer: results. What was packed stays as it is; the same runs give the same bytes, in
 * whatever order and in however many sittings they come.
 */
#ifndef RESULTS_PACKER_H
#define RESULTS_PACKER_H

#include "results/collect.h"
#include "results/pack.h"

typedef struct Packer {
    const char *out; // borrowed
    PackFile *file;  // (count) sorted by path; paths and data are owned
    int count, room;
    int runs, added;              // runs in all; those that are new
    char (*changed)[RECORD_NAME]; // (changed_count) families with new runs; owned
    int changed_count;
} Packer;

/**
 * Begin with what the folder @p out holds; it need not be there.
 *
 * @param[out] packer release with packer_release(), also after a failure
 * @errors those of pack_read(); STATUS_IO, STATUS_NOMEM.
 */
MUST_CHECK Status packer_open(Packer *packer, const char *out, Error *err);
void packer_release(Packer *packer);

/**
 * Add a finished run: its run.json without the host and process of `timing`, its evals.csv, and
 * its trace.csv if it has one. One that is packed already, with other timing at most, is left
 * as it was.
 *
 * @param collection of collect_folder()
 * @errors STATUS_MISMATCH for a run that is packed with other settings, evaluations or trace;
 *         STATUS_PARSE for a damaged trace; STATUS_IO, STATUS_NOMEM.
 */
MUST_CHECK Status packer_add(Packer *packer, const Collection *collection,
                             const RunSummary *run, Error *err);

/** Write OUT/FAMILY.runs of every family that has a new run; the others stay as they are, for
 *  another zlib would pack the same into other bytes. @errors STATUS_IO, STATUS_RANGE,
 *  STATUS_NOMEM. */
MUST_CHECK Status packer_write(const Packer *packer, Error *err);

#endif
