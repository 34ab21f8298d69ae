/** @file
 * The trace of a run: trace.csv in its folder, what its method told of itself over time.
 *
 * Layer: results. Only methods that have something to tell leave one, and older
 * records have none: a folder without the file is whole.
 */
#ifndef RESULTS_TRACE_H
#define RESULTS_TRACE_H

#include <stddef.h>
#include <stdint.h>

#include "suite/core/status.h"

enum { TRACE_NAME = 64, TRACE_NUMBERS = 64 }; // bytes of a name; numbers of one step: at most
enum { TRACE_ROWS = 1 << 16 };                // of a trace that is read: at most

/** A number that the method told at an evaluation. */
typedef struct TraceRow {
    int64_t step; // training steps made before it
    char name[TRACE_NAME];
    double value;
} TraceRow;

/** trace.csv: step,name,value. */
typedef struct Trace {
    TraceRow *row; // (count), steps ascending, a name once in each
    int count, capacity;
} Trace;

/** Room for @p capacity rows; adding never allocates. @errors STATUS_NOMEM. */
MUST_CHECK Status trace_init(Trace *trace, int capacity, Error *err);
void trace_release(Trace *trace);

/**
 * Append a number.
 *
 * @param name letters, digits, `_`, `.` and `-`, fewer than TRACE_NAME
 * @pre there is room; the step is not before the last one; less than TRACE_NUMBERS were told at
 *      it, and none by this name. Checked.
 */
void trace_add(Trace *trace, int64_t step, const char *name, double value);

/**
 * Write FOLDER/trace.csv, whole or not at all.
 *
 * @errors STATUS_RANGE if a number in it is not finite; STATUS_IO, STATUS_NOMEM.
 */
MUST_CHECK Status trace_write(const Trace *trace, const char *folder, Error *err);

/**
 * Read FOLDER/trace.csv.
 *
 * @param[out] out release with trace_release(), also after a failure
 * @errors STATUS_MISSING; STATUS_PARSE with file and line for anything else than was written;
 *         STATUS_RANGE over 16 MiB; STATUS_IO, STATUS_NOMEM.
 */
MUST_CHECK Status trace_read(Trace *out, const char *folder, Error *err);

/** trace_read() of @p size bytes; @p name stands for the file in messages. */
MUST_CHECK Status trace_parse(Trace *out, const char *text, size_t size, const char *name,
                              Error *err);

#endif
