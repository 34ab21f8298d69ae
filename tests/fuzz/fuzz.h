/** @file
 * What every harness defines, for libFuzzer and for replay.c, and how they say what is wrong.
 */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/** Feed one input to the reader under test. @return 0 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
