/** @file
 * Files, folders, locks and clocks: the only file that talks to POSIX for them.
 *
 * Layer: core. Every file is written to a temporary name beside it, flushed to disk and
 * renamed, so that a reader never sees half of one.
 */
#ifndef SUITE_CORE_FILE_H
#define SUITE_CORE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "suite/core/status.h"

enum { PATH_LENGTH = 1024 }; // longest path we build, with its NUL

/** The names in a folder, sorted, without "." and "..". */
typedef struct FileList {
    char **name; // (count), owned
    int count;
} FileList;

/** Build a path of at most PATH_LENGTH - 1 characters. @errors STATUS_RANGE if it is longer. */
MUST_CHECK Status path_format(char path[PATH_LENGTH], Error *err, const char *format, ...)
    PRINTF_LIKE(3, 4);

/** The folder @p levels above the one at @p path, from the root and without links.
 *  @errors STATUS_MISSING if @p path does not exist or is not that deep; STATUS_IO,
 * STATUS_RANGE. */
MUST_CHECK Status path_above(char out[PATH_LENGTH], const char *path, int levels, Error *err);

/**
 * Read a whole file.
 *
 * @param[out] data  the contents and a NUL after them; release with mem_free()
 * @param[out] size  bytes without the NUL; may be NULL
 * @param      limit refuse a file larger than this, bytes
 *
 * @errors STATUS_MISSING if there is none, STATUS_RANGE over the limit, STATUS_IO,
 * STATUS_NOMEM.
 */
MUST_CHECK Status file_read(char **data, size_t *size, const char *path, size_t limit,
                            Error *err);

/** Replace @p path by @p size bytes of @p data, whole or not at all. @errors STATUS_IO;
 * STATUS_MISSING if its folder is; STATUS_RANGE if the path is too long. */
MUST_CHECK Status file_write(const char *path, const void *data, size_t size, Error *err);

/** Is there a file or folder at @p path? */
bool file_exists(const char *path);

/** Remove a file; one that is not there is fine. @errors STATUS_IO. */
MUST_CHECK Status file_remove(const char *path, Error *err);

/** Rename a damaged file to PATH.damaged, replacing an earlier one. @errors STATUS_IO. */
MUST_CHECK Status file_set_aside(const char *path, Error *err);

/** Make a folder and those above it. @errors STATUS_IO. */
MUST_CHECK Status folder_make(const char *path, Error *err);

/** Remove a folder and all in it; one that is not there is fine. @errors STATUS_IO. */
MUST_CHECK Status folder_remove(const char *path, Error *err);

/** Give a folder its final name, which nothing must have. @errors STATUS_IO. */
MUST_CHECK Status folder_rename(const char *from, const char *to, Error *err);

/** Remove what writers that were killed left in a folder. @errors STATUS_IO, STATUS_NOMEM. */
MUST_CHECK Status folder_tidy(const char *path, Error *err);

/** List a folder. @errors STATUS_MISSING, STATUS_IO, STATUS_NOMEM. */
MUST_CHECK Status folder_list(FileList *out, const char *path, Error *err);

/** Release what folder_list() gave. */
void file_list_release(FileList *list);

/**
 * Take the lock file @p path for this process, which holds it until it ends or calls
 * file_unlock(). Processes forked meanwhile share the lock: it is free when all have let go.
 *
 * @param[out] handle for file_unlock()
 * @errors STATUS_MISMATCH if another process holds it, STATUS_IO.
 */
MUST_CHECK Status file_lock(int *handle, const char *path, Error *err);

/** Give the lock back. */
void file_unlock(int handle);

/** Seconds since the epoch. For timing blocks and progress only, never for results. */
double clock_wall_s(void);

/** Processor seconds that the calling thread used so far. A run has only the one; threads that
 * a library begins and leaves idle do not count. */
double clock_cpu_s(void);

#endif
