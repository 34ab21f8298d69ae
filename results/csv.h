/** @file
 * What the CSV files of a run's folder share: cut into lines and fields when read, whole or not
 * there when written.
 *
 * Layer: results.
 */
#ifndef RESULTS_CSV_H
#define RESULTS_CSV_H

#include <stddef.h>
#include <stdint.h>

#include "suite/core/file.h"
#include "suite/core/status.h"
#include "suite/core/text.h"

/** A file that is being read. Its lines are cut out of the text in place. */
typedef struct Csv {
    char *text; // owned
    char *rest; // the lines not yet read, each ending in a line feed
    int line;   // of the one read last, from 1
    char name[PATH_LENGTH];
    Error *err;
} Csv;

/**
 * Read @p size bytes; @p name stands for the file in messages.
 *
 * @param[out] csv release with csv_close(), also after a failure
 * @param      err borrowed until then: where all that is refused is told
 * @errors STATUS_PARSE if it is no text; STATUS_NOMEM.
 */
MUST_CHECK Status csv_open(Csv *csv, const char *text, size_t size, const char *name,
                           Error *err);

/** csv_open() of FOLDER/FILE. @errors STATUS_MISSING; STATUS_RANGE over 16 MiB; STATUS_IO. */
MUST_CHECK Status csv_read(Csv *csv, const char *folder, const char *file, Error *err);
void csv_close(Csv *csv);

/** STATUS_PARSE unless the first line is @p header, without its line feed, of @p file. */
MUST_CHECK Status csv_header(Csv *csv, const char *header, const char *file);

/** The next line, or NULL after the last. @errors STATUS_PARSE if the file ends within it. */
MUST_CHECK Status csv_next(Csv *csv, char **line);

/** Cut the text at the first @p end. @return what was before it; NULL if there is none, with
 *  the text as it was. */
char *csv_cut(char **text, char end);

/** STATUS_PARSE: file and line, @p what is wrong there, and what was @p found in quotes. */
MUST_CHECK Status csv_refuse(const Csv *csv, const char *what, const char *found);

/** A whole number in [lo, hi], or csv_refuse(). */
MUST_CHECK Status csv_whole(const Csv *csv, const char *what, const char *text, int64_t lo,
                            int64_t hi, int64_t *out);

/** A finite number, or csv_refuse(). */
MUST_CHECK Status csv_real(const Csv *csv, const char *what, const char *text, double *out);

/** Append a comma and the number, exactly; nothing behind the comma if it is not finite. */
void csv_number(Text *text, double value);

/** Write FOLDER/FILE, whole or not at all. @errors STATUS_IO; STATUS_NOMEM if the text was cut.
 */
MUST_CHECK Status csv_write(const Text *text, const char *folder, const char *file, Error *err);

#endif
