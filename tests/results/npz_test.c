#include "results/npz.h"

#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "suite/core/file.h"
#include "suite/core/mem.h"
#include "tests/support/folder.h"

static Npz npz;
static char *file;
static size_t size;
static Error err;

static void setup(void)
{
    test_folder_make();
    npz = NPZ_INIT;
}

static void teardown(void)
{
    mem_free(file);
    npz_release(&npz);
    test_folder_remove();
}

TestSuite(npz, .init = setup, .fini = teardown);

static void write_and_read(void)
{
    cr_assert(eq(int, npz_write(&npz, test_path("x.npz"), &err), STATUS_OK), "%s", err.message);
    cr_assert(eq(int, file_read(&file, &size, test_path("x.npz"), 1 << 20, &err), STATUS_OK));
}

static unsigned number(size_t at, int bytes)
{
    unsigned value = 0;
    for (int i = bytes - 1; i >= 0; i--)
        value = value << 8 | (unsigned char)file[at + (size_t)i];
    return value;
}

enum { HEADER = 128 };

// as numpy.save() of numpy 2.4.6 begins these arrays
static void expect_array(size_t at, const char *description, const char *data, size_t bytes)
{
    cr_assert(memcmp(file + at, "\x93NUMPY\1\0v\0", 10) == 0);
    cr_assert(memcmp(file + at + 10, description, strlen(description)) == 0);
    cr_assert(eq(sz, strspn(file + at + 10 + strlen(description), " "),
                 HEADER - 11 - strlen(description)));
    cr_assert(eq(chr, file[at + HEADER - 1], '\n'));
    cr_assert(memcmp(file + at + HEADER, data, bytes) == 0);
}

Test(npz, arrays_are_those_of_numpy)
{
    npz_doubles(&npz, "d", (double[]){1.5, -2, 3, 4, 5, 6}, (NpzShape){2, {2, 3}});
    npz_ints(&npz, "i", (int64_t[]){7, -8}, 2);
    npz_texts(&npz, "t", (const char *[]){"ab", "c"}, 2);
    write_and_read();

    size_t at = 30 + strlen("d.npy");
    expect_array(at, "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }",
                 "\0\0\0\0\0\0\xf8?\0\0\0\0\0\0\0\xc0\0\0\0\0\0\0\x08@", 24);
    at += HEADER + 48 + 30 + strlen("i.npy");
    expect_array(at, "{'descr': '<i8', 'fortran_order': False, 'shape': (2,), }",
                 "\7\0\0\0\0\0\0\0\xf8\xff\xff\xff\xff\xff\xff\xff", 16);
    at += HEADER + 16 + 30 + strlen("t.npy");
    expect_array(at, "{'descr': '<U2', 'fortran_order': False, 'shape': (2,), }",
                 "a\0\0\0b\0\0\0c\0\0\0\0\0\0\0", 16);
}

// APPNOTE.TXT, 4.3: every number that readers go by, where it must be
Test(npz, is_a_zip_archive_of_stored_files)
{
    npz_ints(&npz, "first", (int64_t[]){1}, 1);
    npz_ints(&npz, "to/second", (int64_t[]){1, 2}, 2);
    write_and_read();

    size_t first = 30 + 9 + HEADER + 8, second = first + 30 + 13 + HEADER + 16;
    cr_assert(memcmp(file, "PK\3\4\x14\0\0\0\0\0\0\0\x21\0", 14) == 0);
    cr_assert(memcmp(file + 30, "first.npy", 9) == 0);
    cr_assert(memcmp(file + first, "PK\3\4", 4) == 0);
    cr_assert(eq(uint, number(first + 18, 4), HEADER + 16)); // stored
    cr_assert(eq(uint, number(first + 22, 4), HEADER + 16)); // as it is
    cr_assert(eq(uint, number(first + 26, 2), 13));          // name
    cr_assert(eq(uint, number(first + 28, 2), 0));           // extra

    size_t entry = second + 46 + 9; // of the second file in the directory
    cr_assert(memcmp(file + second, "PK\1\2\x14\0\x14\0", 8) == 0);
    cr_assert(memcmp(file + entry, "PK\1\2", 4) == 0);
    cr_assert(memcmp(file + first + 14, file + entry + 16, 4) == 0, "checksums differ");
    cr_assert(memcmp(file + 14, file + entry + 16, 4) != 0, "one checksum for two files");
    cr_assert(eq(uint, number(entry + 42, 4), first));
    cr_assert(memcmp(file + entry + 46, "to/second.npy", 13) == 0);

    size_t end = entry + 46 + 13;
    cr_assert(eq(sz, size, end + 22));
    cr_assert(memcmp(file + end, "PK\5\6\0\0\0\0\2\0\2\0", 12) == 0);
    cr_assert(eq(uint, number(end + 12, 4), end - second));
    cr_assert(eq(uint, number(end + 16, 4), second));
}

Test(npz, more_arrays_than_a_zip_archive_lists_are_refused)
{
    for (int i = 0; i < UINT16_MAX; i++)
        npz_ints(&npz, "n", NULL, 0);
    cr_assert(eq(int, npz_write(&npz, test_path("x.npz"), &err), STATUS_RANGE));
    cr_assert(eq(int, test_folder_count(), 0));
}

Test(npz, lack_of_memory_is_said)
{
    Status status = STATUS_NOMEM;
    int failures = -1;
    for (; status != STATUS_OK; failures++) {
        npz_release(&npz);
        mem_fail_at(failures + 1);
        npz_doubles(&npz, "d", (double[]){1}, (NpzShape){1, {1}});
        npz_texts(&npz, "t", (const char *[]){"a"}, 1);
        status = npz_write(&npz, test_path("x.npz"), &err);
        mem_fail_at(-1);
        cr_assert(status == STATUS_OK || status == STATUS_NOMEM, "%s", err.message);
    }
    cr_assert(lt(int, 8, failures));
}
