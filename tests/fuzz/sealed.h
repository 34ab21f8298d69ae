/** @file
 * Files that are whole whatever is in them: random changes would never find the checksum.
 */
#ifndef TESTS_FUZZ_SEALED_H
#define TESTS_FUZZ_SEALED_H

#include <stddef.h>
#include <stdint.h>

enum { SEALED_PATH = 64 };

/** Put @p size bytes between an archive's good header and a good checksum.
 *  @return a file that is gone when it is closed; @p path names it until then */
int sealed_file(const char *kind, int version, const uint8_t *data, size_t size,
                char path[SEALED_PATH]);

/** The same with the bytes as they are. */
int plain_file(const uint8_t *data, size_t size, char path[SEALED_PATH]);

#endif
