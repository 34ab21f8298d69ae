/** @file
 * Gzip in memory, over zlib.
 *
 * Layer: core; the only file that includes zlib.
 */
#ifndef SUITE_CORE_GZIP_H
#define SUITE_CORE_GZIP_H

#include <stddef.h>

#include "suite/core/status.h"
#include "suite/core/text.h"

/** Append @p size bytes of @p data, packed as a gzip file without name or time: one zlib gives
 *  the same bytes each time. @errors STATUS_NOMEM; STATUS_RANGE over 1 GiB. */
MUST_CHECK Status gzip_pack(Text *out, const void *data, size_t size, Error *err);

/**
 * Unpack a whole gzip file.
 *
 * @param[out] data  the contents and a NUL after them; release with mem_free()
 * @param[out] size  bytes without the NUL
 * @param      in    the file, of `in->length` bytes
 * @param      limit refuse what becomes larger than this, bytes
 * @param      name  stands for the file in messages
 * @errors STATUS_PARSE if it is no gzip file, is damaged, ends early or goes on behind its end;
 *         STATUS_RANGE over the limit; STATUS_NOMEM.
 */
MUST_CHECK Status gzip_unpack(char **data, size_t *size, const Text *in, size_t limit,
                              const char *name, Error *err);

#endif
