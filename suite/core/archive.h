/** @file
 * Archive: a versioned, checksummed binary file, written and read by the same function.
 *
 * Layer: core. A module describes its state once, as a sequence of tagged pieces:
 *
 *     void adam_archive(Adam *adam, Archive *archive)
 *     {
 *         archive_bytes(archive, "adam.m", adam->m, size);
 *     }
 *
 * and the archive copies out of the state or into it. What was written is what is read, so the
 * two cannot disagree. Errors stick: after the first nothing is copied, and archive_close()
 * returns it. Policies, knowledge bases and checkpoints are archives.
 *
 * File: "suite\0\0\0", kind (16), version (4), pieces, XXH3 of all before it (8). A piece is
 * its tag (24), its size (8) and its bytes. Little-endian; a file of another byte order is
 * refused by its version.
 */
#ifndef SUITE_CORE_ARCHIVE_H
#define SUITE_CORE_ARCHIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "suite/core/status.h"

typedef struct Archive Archive; // opaque; ends with archive_close()

/**
 * Begin a new file of @p kind (at most 15 letters), written when the archive is closed.
 *
 * @errors STATUS_NOMEM.
 */
MUST_CHECK Status archive_create(Archive **out, const char *path, const char *kind, int version,
                                 Error *err);

/**
 * Read a whole file into memory and check it: its kind, its version and its checksum.
 *
 * @errors STATUS_MISSING, STATUS_IO, STATUS_NOMEM; STATUS_PARSE if it is damaged or of another
 *         kind or version.
 */
MUST_CHECK Status archive_open(Archive **out, const char *path, const char *kind, int version,
                               Error *err);

/**
 * Is @p path a whole file of @p kind and @p version? Reads it and compares its checksum.
 *
 * @errors as archive_open().
 */
MUST_CHECK Status archive_check(const char *path, const char *kind, int version, Error *err);

/** Is the archive being read (true) or written (false)? */
bool archive_is_reading(const Archive *archive);

/** Copy @p size bytes out of or into @p data. Reading refuses another tag or size. */
void archive_bytes(Archive *archive, const char *tag, void *data, size_t size);

/** When reading, fail unless @p bytes more are there: to call before taking memory for as many
 *  as a count in the file says. */
void archive_expect(Archive *archive, uint64_t bytes);

/** A whole number that reading refuses unless it is in [lo, hi]; for counts before arrays. */
void archive_int(Archive *archive, const char *tag, int *value, int lo, int hi);

/** The most that a total in a file can be: more is no run's, and could not be counted on. */
#define ARCHIVE_MOST (INT64_MAX / 2)

/** The same of a total: in [0, @p hi]. */
void archive_total(Archive *archive, const char *tag, int64_t *value, int64_t hi);

/** A name in a buffer of @p size bytes with its NUL, behind which writing clears the buffer;
 * reading refuses a name that does not end. */
void archive_name(Archive *archive, const char *tag, char *name, size_t size);

/** Note a failure of the caller's own, such as a mismatch; the first one sticks. */
void archive_fail(Archive *archive, Status status, const char *message);

/** Has anything failed so far? Check before using what was read. */
bool archive_has_failed(const Archive *archive);

/**
 * Write the file if it was being written, refuse bytes left over if it was being read, and
 * release the archive. NULL is allowed and fine.
 *
 * @errors the first failure of all, with the file's name.
 */
MUST_CHECK Status archive_close(Archive *archive, Error *err);

/** The XXH3 of the file's contents: known after archive_open(), and when writing, at this
 * point. */
uint64_t archive_hash(const Archive *archive);

#endif
