#include "results/binary.h"

#include <stdint.h>
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

Test(binary, whole_numbers_begin_with_their_lowest_byte)
{
    Text text = TEXT_INIT;
    binary_int(&text, 0x0102030405060708, 8);
    binary_int(&text, 0xA1A2A3, 2); // what does not fit is cut off
    cr_assert(eq(sz, text.length, 10));
    cr_assert(memcmp(text.data, "\x08\7\6\5\4\3\2\1\xA3\xA2", 10) == 0);
    text_release(&text);
}

// IEEE 754: -1.5 is sign, exponent 127 and the fraction's highest bit
Test(binary, numbers_are_those_of_ieee_754)
{
    Text text = TEXT_INIT;
    binary_float(&text, -1.5F);
    binary_double(&text, -1.5);
    cr_assert(eq(sz, text.length, 12));
    cr_assert(memcmp(text.data, "\0\0\xC0\xBF\0\0\0\0\0\0\xF8\xBF", 12) == 0);
    text_release(&text);
}

// the check value of the catalogue of CRC algorithms (CRC-32/ISO-HDLC)
Test(binary, crc32_is_that_of_zip)
{
    cr_assert(eq(u32, binary_crc32("123456789", 9), 0xCBF43926));
    cr_assert(eq(u32, binary_crc32("", 0), 0));
}

// RFC 3720, B.4: 32 bytes of zeros, of ones, and counting up
Test(binary, crc32c_is_that_of_iscsi)
{
    unsigned char byte[32] = {0};
    cr_assert(eq(u32, binary_crc32c(byte, 32), 0x8A9136AA));
    memset(byte, 0xFF, sizeof byte);
    cr_assert(eq(u32, binary_crc32c(byte, 32), 0x62A8AB43));
    for (int i = 0; i < 32; i++)
        byte[i] = (unsigned char)i;
    cr_assert(eq(u32, binary_crc32c(byte, 32), 0x46DD794E));
}
