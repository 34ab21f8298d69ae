#include "results/binary.h"

#include <string.h>

#include "suite/core/check.h"

void binary_int(Text *text, uint64_t value, int bytes)
{
    CHECK(bytes >= 0 && bytes <= 8);
    unsigned char byte[8];
    for (int i = 0; i < bytes; i++)
        byte[i] = (unsigned char)(value >> 8 * i);
    text_bytes(text, byte, (size_t)bytes);
}

void binary_float(Text *text, float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    binary_int(text, bits, sizeof bits);
}

void binary_double(Text *text, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    binary_int(text, bits, sizeof bits);
}

// one bit at a time: both formats send the lowest bit of a byte first, so the polynomial is
// written with its bits turned round
static uint32_t crc(uint32_t polynomial, const void *data, size_t size)
{
    const unsigned char *byte = data;
    uint32_t rest = UINT32_MAX;
    for (size_t i = 0; i < size; i++) {
        rest ^= byte[i];
        for (int bit = 0; bit < 8; bit++)
            rest = rest & 1 ? rest >> 1 ^ polynomial : rest >> 1;
    }
    return ~rest;
}

uint32_t binary_crc32(const void *data, size_t size)
{
    return crc(0xEDB88320, data, size);
}

uint32_t binary_crc32c(const void *data, size_t size)
{
    return crc(0x82F63B78, data, size);
}
