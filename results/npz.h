/** @file
 * Writing .npz files: arrays by name, which numpy.load() reads without pickle.
 *
 * Layer: results. A file is a zip archive of .npy files that are stored, not compressed, dated
 * the first of January 1980, so that equal arrays give equal bytes. Numbers are little-endian,
 * arrays in C order.
 * @source numpy/lib/format.py, version 1.0 of the format; APPNOTE.TXT 6.3.10
 */
#ifndef RESULTS_NPZ_H
#define RESULTS_NPZ_H

#include <stddef.h>
#include <stdint.h>

#include "suite/core/text.h"

enum { NPZ_DIMS = 3 };

/** A file being made: start with NPZ_INIT, add arrays, write, release. */
typedef struct Npz {
    Text entries;   // the .npy files, each behind its header
    Text directory; // what the end of the file lists them by
    int count;
} Npz;

#define NPZ_INIT ((Npz){.entries = TEXT_INIT, .directory = TEXT_INIT})

typedef struct NpzShape {
    int dims; // 1 to NPZ_DIMS
    int size[NPZ_DIMS];
} NpzShape;

/** Add an array of doubles ('<f8'). @param name no other array's; letters of ASCII */
void npz_doubles(Npz *npz, const char *name, const double *value, NpzShape shape);

/** Add a list of whole numbers ('<i8'). @param value (count) */
void npz_ints(Npz *npz, const char *name, const int64_t *value, int count);

/** Add a list of texts ('<U', as wide as the longest). @param text (count) letters of ASCII */
void npz_texts(Npz *npz, const char *name, const char *const *text, int count);

/**
 * Write the file, whole or not at all.
 *
 * @errors STATUS_RANGE for 4 GiB or 65535 arrays, which would be another kind of zip; those of
 *         file_write(); STATUS_NOMEM, also for what was added.
 */
MUST_CHECK Status npz_write(const Npz *npz, const char *path, Error *err);

void npz_release(Npz *npz);

#endif
