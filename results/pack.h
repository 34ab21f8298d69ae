/** @file
 * A pack: the records of many runs of a family in one file, FAMILY.runs.
 *
 * Layer: results. The file is gzip of
 *
 *     suite records 1
 *     PATH SIZE        and SIZE bytes, for each file, the paths strictly ascending
 *     end COUNT HASH   the XXH3 of all before this line
 *
 * where PATH is <family>/<member>/<column>/seed-<n>/ and run.json, evals.csv or trace.csv, and
 * every line ends in a line feed. A file says in it what it says in the folder of its run.
 */
#ifndef RESULTS_PACK_H
#define RESULTS_PACK_H

#include <stdbool.h>
#include <stddef.h>

#include "suite/core/status.h"
#include "suite/core/text.h"

enum { PACK_VERSION = 1, PACK_FILES = 300000 }; // files in a pack: at most

/** A file in a pack. */
typedef struct PackFile {
    char *path;
    char *data; // (size), not ended by a NUL
    size_t size;
} PackFile;

typedef struct Pack {
    char *name;     // of its file, for messages; owned
    char *text;     // what was unpacked; owned, cut at the ends of paths
    PackFile *file; // (count) sorted by path, which begins with the family; owned
    int count;
} Pack;

/**
 * Read a pack.
 *
 * @param[out] out  release with pack_release(), also after a failure
 * @param      path .../FAMILY.runs
 * @errors STATUS_PARSE if it is damaged, of another version, or has a file that cannot be in
 *         it; STATUS_RANGE over 256 MiB; STATUS_MISSING, STATUS_IO, STATUS_NOMEM.
 */
MUST_CHECK Status pack_read(Pack *out, const char *path, Error *err);

/** pack_read() of @p size unpacked bytes; @p name, ending in FAMILY.runs, stands for the file
 *  in messages. */
MUST_CHECK Status pack_parse(Pack *out, const char *text, size_t size, const char *name,
                             Error *err);
void pack_release(Pack *pack);

/** The file at @p path, or NULL. */
const PackFile *pack_find(const Pack *pack, const char *path);

/** The place of the run that a file is a run.json of, such as "reacher/east/dqinit/seed-3":
 *  its length in the path; 0 if it is another file. */
size_t pack_run_length(const PackFile *file);

/** Append the text of a pack of @p count files, unpacked. @pre sorted, as in Pack. */
MUST_CHECK Status pack_print(Text *text, const PackFile *file, int count, Error *err);

/** Write @p path, FAMILY.runs, whole or not at all. @pre as pack_print(); all of that family.
 *  @errors STATUS_RANGE for more than PACK_FILES files or 256 MiB, which pack_read() would
 * refuse; STATUS_IO, STATUS_MISSING, STATUS_NOMEM. */
MUST_CHECK Status pack_write(const PackFile *file, int count, const char *path, Error *err);

/** Is @p name a pack's, such as "reacher.runs" or a path that ends so? */
bool pack_is_name(const char *name);

#endif
