/** @file
 * Writing event files, which TensorBoard reads: numbers by tag and step.
 *
 * Layer: results. A file is a sequence of TFRecords, each one Event in the encoding of protocol
 * buffers, the few fields of which are written here by hand. The wall time of an event is its
 * step, in seconds since 1970, so that equal numbers give equal bytes; TensorBoard's axes
 * "wall" and "relative" then count steps. Numbers have the format's single precision.
 * @source tensorflow/core/util/event.proto, framework/summary.proto, lib/io/record_writer.cc
 */
#ifndef RESULTS_TFEVENTS_H
#define RESULTS_TFEVENTS_H

#include <stdint.h>

#include "suite/core/text.h"

/** A number under a name; "a/b" is shown as b in group a. */
typedef struct TfScalar {
    const char *tag;
    double value; // NaN: not known, and left out
} TfScalar;

/** A file being made: start with TFEVENTS_INIT, begin, add, write, release. */
typedef struct TfEvents {
    Text file;
    Text event, summary, value; // the one being added
} TfEvents;

#define TFEVENTS_INIT \
    ((TfEvents){      \
        .file = TEXT_INIT, .event = TEXT_INIT, .summary = TEXT_INIT, .value = TEXT_INIT})

/** Say which version of the format follows. */
void tfevents_begin(TfEvents *events);

/** Add the numbers of one step, which is not negative. @param scalar (count) */
void tfevents_add(TfEvents *events, int64_t step, const TfScalar *scalar, int count);

/** Write the file, whole or not at all. @errors those of file_write(); STATUS_NOMEM, also for
 *  what was added. */
MUST_CHECK Status tfevents_write(const TfEvents *events, const char *path, Error *err);

void tfevents_release(TfEvents *events);

#endif
