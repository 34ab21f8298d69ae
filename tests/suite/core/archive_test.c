#include "suite/core/archive.h"

#include <stdio.h>
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "suite/core/file.h"
#include "suite/core/mem.h"
#include "tests/support/folder.h"

enum { VERSION = 3, WEIGHTS = 5 };
static const char kind[] = "policy";

// what a module would keep: an array, a count and a name
typedef struct State {
    float weight[WEIGHTS];
    int count;
    char name[8];
} State;

static const State written = {{1.5f, -2.0f, 1e-30f, 0.0f, 7.0f}, 42, "reach"};

static void state_archive(State *state, Archive *archive)
{
    archive_bytes(archive, "weights", state->weight, sizeof state->weight);
    archive_int(archive, "count", &state->count, 0, 100);
    archive_name(archive, "name", state->name, sizeof state->name);
}

static Status save(const State *state, const char *path, Error *err)
{
    Archive *archive;
    State copy = *state;
    Status status = archive_create(&archive, path, kind, VERSION, err);
    if (status != STATUS_OK) return status;
    state_archive(&copy, archive);
    return archive_close(archive, err);
}

static Status load(State *state, const char *path, Error *err)
{
    Archive *archive;
    Status status = archive_open(&archive, path, kind, VERSION, err);
    if (status != STATUS_OK) return status;
    state_archive(state, archive);
    return archive_close(archive, err);
}

static const char *saved(void)
{
    const char *path = test_path("state.bin");
    Error err = {0};
    cr_assert(eq(int, save(&written, path, &err), STATUS_OK), "%s", err.message);
    return path;
}

TestSuite(archive, .init = test_folder_make, .fini = test_folder_remove);

Test(archive, gives_back_what_was_put_in)
{
    State state;
    Error err = {0};
    memset(&state, 0x5a, sizeof state);
    cr_assert(eq(int, load(&state, saved(), &err), STATUS_OK), "%s", err.message);
    cr_assert(memcmp(state.weight, written.weight, sizeof state.weight) == 0);
    cr_assert(eq(int, state.count, 42));
    cr_assert(eq(str, state.name, "reach"));
}

Test(archive, has_the_layout_that_the_header_promises)
{
    char *bytes;
    size_t size;
    int32_t version;
    cr_assert(eq(int, file_read(&bytes, &size, saved(), 4096, NULL), STATUS_OK));
    cr_assert(eq(sz, size, 28 + (32 + sizeof written.weight) + (32 + 4) + (32 + 8) + 8));
    cr_assert(memcmp(bytes, "suite\0\0\0policy\0\0\0\0\0\0\0\0\0\0", 24) == 0);
    memcpy(&version, bytes + 24, sizeof version);
    cr_assert(eq(i32, version, VERSION));
    mem_free(bytes);
}

Test(archive, is_the_same_bytes_whatever_stands_behind_a_name)
{
    State clean = written, dirty = written;
    char *a, *b;
    size_t size;
    memset(dirty.name, 'x', sizeof dirty.name);
    memcpy(dirty.name, "reach", 6);
    memset(clean.name, 0, sizeof clean.name);
    memcpy(clean.name, "reach", 6);

    cr_assert(eq(int, save(&clean, test_path("a"), NULL), STATUS_OK));
    cr_assert(eq(int, save(&dirty, test_path("b"), NULL), STATUS_OK));
    cr_assert(eq(int, file_read(&a, &size, test_path("a"), 4096, NULL), STATUS_OK));
    cr_assert(eq(int, file_read(&b, NULL, test_path("b"), 4096, NULL), STATUS_OK));
    cr_assert(memcmp(a, b, size) == 0);
    mem_free(a);
    mem_free(b);
}

Test(archive, refuses_every_flipped_byte)
{
    static const unsigned char masks[] = {0x01, 0x80, 0xff};
    char *bytes;
    size_t size;
    cr_assert(eq(int, file_read(&bytes, &size, saved(), 4096, NULL), STATUS_OK));

    const char *path = test_path("flipped");
    for (size_t i = 0; i < size; i++)
        for (size_t m = 0; m < sizeof masks; m++) {
            State state;
            Error err = {0};
            bytes[i] ^= (char)masks[m];
            test_put_file(path, bytes, size);
            cr_assert(eq(int, load(&state, path, &err), STATUS_PARSE), "byte %zu ^ %02x", i,
                      masks[m]);
            cr_assert(ne(chr, err.message[0], '\0'), "byte %zu", i);
            bytes[i] ^= (char)masks[m];
        }
    mem_free(bytes);
}

Test(archive, refuses_every_shortened_and_every_lengthened_file)
{
    char *bytes, more[512] = {0};
    size_t size;
    State state;
    cr_assert(eq(int, file_read(&bytes, &size, saved(), sizeof more, NULL), STATUS_OK));
    memcpy(more, bytes, size);
    mem_free(bytes);

    const char *path = test_path("cut");
    for (size_t n = 0; n <= size + 20; n++) {
        test_put_file(path, more, n);
        Status expected = n == size ? STATUS_OK : STATUS_PARSE;
        cr_assert(eq(int, load(&state, path, NULL), expected), "%zu of %zu bytes", n, size);
    }
}

static void expect_open(Status expected, const char *as_kind, int version, const char *ending)
{
    Archive *archive = (Archive *)0x1;
    const char *path = saved();
    Error err = {0};
    char message[2048];
    (void)snprintf(message, sizeof message, "'%s' is %s", path, ending);
    cr_assert(eq(int, archive_open(&archive, path, as_kind, version, &err), expected));
    cr_assert(eq(ptr, archive, NULL));
    cr_assert(eq(str, err.message, message));
}

Test(archive, refuses_another_kind_and_another_version_and_says_which_is_wrong)
{
    expect_open(STATUS_PARSE, "knowledge", VERSION, "a file of another kind");
    expect_open(STATUS_PARSE, "polic", VERSION, "a file of another kind");
    expect_open(STATUS_PARSE, kind, VERSION + 1, "written by another version of the program");
}

Test(archive, refuses_what_is_none_of_ours)
{
    Archive *archive;
    Error err = {0};
    cr_assert(eq(int, archive_open(&archive, test_path("none"), kind, VERSION, &err),
                 STATUS_MISSING));
    cr_assert(eq(ptr, archive, NULL));

    char other[100];
    memset(other, 'o', sizeof other);
    test_put_file(test_path("other"), other, sizeof other);
    cr_assert(
        eq(int, archive_open(&archive, test_path("other"), kind, VERSION, &err), STATUS_PARSE));
    cr_assert(ne(ptr, strstr(err.message, "is not one of our files"), NULL), "%s", err.message);
}

// reads the file by a description that differs from the one it was written by
static Status load_as(const char *tag, size_t size, int hi, bool to_the_end)
{
    Archive *archive;
    char bytes[64], name[8];
    int count = -7;
    cr_assert(eq(int, archive_open(&archive, saved(), kind, VERSION, NULL), STATUS_OK));
    cr_assert(archive_is_reading(archive));
    archive_bytes(archive, tag, bytes, size);
    archive_int(archive, "count", &count, 0, hi);
    if (to_the_end) archive_name(archive, "name", name, sizeof name);
    Status status = archive_close(archive, NULL);
    if (status != STATUS_OK && hi < 42)
        cr_assert(eq(int, count, -7), "a refused count was given");
    return status;
}

Test(archive, refuses_a_description_that_does_not_fit)
{
    const size_t size = sizeof written.weight;
    cr_assert(eq(int, load_as("weights", size, 100, true), STATUS_OK));
    cr_assert(eq(int, load_as("weight", size, 100, true), STATUS_PARSE), "another tag");
    cr_assert(eq(int, load_as("weights", size - 4, 100, true), STATUS_PARSE),
              "a shorter array");
    cr_assert(eq(int, load_as("weights", size + 4, 100, true), STATUS_PARSE), "a longer array");
    cr_assert(eq(int, load_as("weights", size, 41, true), STATUS_PARSE),
              "a count out of range");
    cr_assert(eq(int, load_as("weights", size, 100, false), STATUS_PARSE), "bytes left over");
}

Test(archive, copies_nothing_after_the_first_failure)
{
    Archive *archive;
    State state = {.weight = {-7}, .count = -7, .name = "old"};
    Error err = {0};
    cr_assert(eq(int, archive_open(&archive, saved(), kind, VERSION, NULL), STATUS_OK));
    archive_fail(archive, STATUS_MISMATCH, "is for another network");
    archive_fail(archive, STATUS_PARSE, "a later failure");
    cr_assert(archive_has_failed(archive));
    state_archive(&state, archive);
    cr_assert(eq(flt, state.weight[0], -7));
    cr_assert(eq(int, state.count, -7));
    cr_assert(eq(str, state.name, "old"));
    cr_assert(eq(int, archive_close(archive, &err), STATUS_MISMATCH));
    cr_assert(ne(ptr, strstr(err.message, "state.bin' is for another network"), NULL), "%s",
              err.message);
}

Test(archive, refuses_a_name_without_end)
{
    Archive *archive;
    char endless[8], name[8] = "poison";
    memset(endless, 'n', sizeof endless);
    cr_assert(
        eq(int, archive_create(&archive, test_path("n"), kind, VERSION, NULL), STATUS_OK));
    cr_assert(not(archive_is_reading(archive)));
    archive_bytes(archive, "name", endless, sizeof endless);
    cr_assert(eq(int, archive_close(archive, NULL), STATUS_OK));

    cr_assert(eq(int, archive_open(&archive, test_path("n"), kind, VERSION, NULL), STATUS_OK));
    archive_name(archive, "name", name, sizeof name);
    cr_assert(eq(str, name, ""));
    cr_assert(eq(int, archive_close(archive, NULL), STATUS_PARSE));
}

Test(archive, writes_nothing_when_a_number_is_out_of_its_own_range)
{
    State bad = written;
    bad.count = 101;
    cr_assert(eq(int, save(&bad, test_path("bad"), NULL), STATUS_PARSE));
    cr_assert(eq(int, test_folder_count(), 0));
}

Test(archive, refuses_a_total_out_of_range)
{
    static const int64_t total[] = {0, ARCHIVE_MOST, -1, ARCHIVE_MOST + 1};
    for (int i = 0; i < 4; i++) {
        Archive *archive;
        int64_t written_one = total[i], read = -7;
        const char *path = test_path("t");
        cr_assert(eq(int, archive_create(&archive, path, kind, VERSION, NULL), STATUS_OK));
        archive_bytes(archive, "total", &written_one, sizeof written_one);
        cr_assert(eq(int, archive_close(archive, NULL), STATUS_OK));
        cr_assert(eq(int, archive_open(&archive, path, kind, VERSION, NULL), STATUS_OK));
        archive_total(archive, "total", &read, ARCHIVE_MOST);
        cr_assert(eq(int, archive_close(archive, NULL), i < 2 ? STATUS_OK : STATUS_PARSE));
        cr_assert(eq(i64, read, i < 2 ? total[i] : -7));
    }
}

Test(archive, has_the_same_hash_written_and_read)
{
    Archive *archive;
    State copy = written;
    cr_assert(
        eq(int, archive_create(&archive, test_path("h"), kind, VERSION, NULL), STATUS_OK));
    uint64_t empty = archive_hash(archive);
    state_archive(&copy, archive);
    uint64_t hash = archive_hash(archive);
    cr_assert(ne(u64, hash, empty));
    cr_assert(eq(int, archive_close(archive, NULL), STATUS_OK));

    cr_assert(eq(int, archive_open(&archive, test_path("h"), kind, VERSION, NULL), STATUS_OK));
    cr_assert(eq(u64, archive_hash(archive), hash));
    state_archive(&copy, archive);
    cr_assert(eq(int, archive_close(archive, NULL), STATUS_OK));
}

Test(archive, holds_more_than_its_first_buffer)
{
    enum { SIZE = 100000 };
    static unsigned char out[SIZE], in[SIZE];
    Archive *archive;
    for (int i = 0; i < SIZE; i++)
        out[i] = (unsigned char)(i % 251);
    cr_assert(
        eq(int, archive_create(&archive, test_path("big"), kind, VERSION, NULL), STATUS_OK));
    archive_bytes(archive, "big", out, SIZE);
    archive_bytes(archive, "empty", NULL, 0);
    cr_assert(eq(int, archive_close(archive, NULL), STATUS_OK));

    cr_assert(
        eq(int, archive_open(&archive, test_path("big"), kind, VERSION, NULL), STATUS_OK));
    archive_bytes(archive, "big", in, SIZE);
    archive_bytes(archive, "empty", NULL, 0);
    cr_assert(eq(int, archive_close(archive, NULL), STATUS_OK));
    cr_assert(memcmp(in, out, SIZE) == 0);
}

Test(archive, fails_cleanly_wherever_memory_runs_out)
{
    const char *path = saved();
    State state = written;
    for (int writing = 0; writing <= 1; writing++) {
        int64_t before = mem_count();
        Status status = writing ? save(&state, path, NULL) : load(&state, path, NULL);
        int64_t requests = mem_count() - before;
        cr_assert(eq(int, status, STATUS_OK));
        cr_assert(ge(i64, requests, 2));

        for (int64_t nth = 0; nth < requests; nth++) {
            mem_fail_at(nth);
            status = writing ? save(&state, path, NULL) : load(&state, path, NULL);
            cr_assert(eq(int, status, STATUS_NOMEM), "request %d", (int)nth);
            cr_assert(eq(int, load(&state, path, NULL), STATUS_OK), "the old file is gone");
        }
    }
}

Test(archive, closes_nothing_without_complaint)
{
    cr_assert(eq(int, archive_close(NULL, NULL), STATUS_OK));
}
