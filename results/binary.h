/** @file
 * The pieces that binary formats of other programs are made of: little-endian numbers, and two
 * checksums.
 *
 * Layer: results. Our own files are archives (suite/core/archive.h).
 */
#ifndef RESULTS_BINARY_H
#define RESULTS_BINARY_H

#include <stddef.h>
#include <stdint.h>

#include "suite/core/text.h"

/** Append the lowest @p bytes bytes of a whole number, at most 8, the lowest first. */
void binary_int(Text *text, uint64_t value, int bytes);

/** Append a number in IEEE 754, 4 bytes. */
void binary_float(Text *text, float value);

/** Append a number in IEEE 754, 8 bytes. */
void binary_double(Text *text, double value);

/** The checksum of zip files. @source APPNOTE.TXT 6.3.10, 4.4.7 */
uint32_t binary_crc32(const void *data, size_t size);

/** The checksum of TFRecord files: CRC32C. @source RFC 3720, 12.1 */
uint32_t binary_crc32c(const void *data, size_t size);

#endif
