#include "results/pack.h"

#include <stdio.h>
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "suite/core/gzip.h"
#include "suite/core/hash.h"
#include "suite/core/mem.h"
#include "tests/support/folder.h"

static Text text;
static Pack pack;
static Error err;

static void setup(void)
{
    test_folder_make();
    text = TEXT_INIT;
}

static void teardown(void)
{
    pack_release(&pack);
    text_release(&text);
    test_folder_remove();
}

TestSuite(pack, .init = setup, .fini = teardown);

// data with a NUL, an empty one, and one that looks like a line of a pack
static PackFile files[] = {
    {"reacher/east/dqinit+x=.1/seed-12/evals.csv", "a\0b", 3},
    {"reacher/east/dqinit+x=.1/seed-12/run.json", "", 0},
    {"reacher/east/dqinit+x=.1/seed-2/run.json", "\nreacher/a 7\nend 1 0\n", 21},
};
enum { FILES = 3 };

// the body between a good first line and a good end
static void seal(const char *body, int count)
{
    char hash[HASH_TEXT];
    text_clear(&text);
    text_printf(&text, "suite records 1\n%s", body);
    hash_format(hash_bytes(text.data, text.length, 0), hash);
    text_printf(&text, "end %d %s\n", count, hash);
}

static Status parse(void)
{
    pack_release(&pack);
    return pack_parse(&pack, text.data, text.length, "a/reacher.runs", &err);
}

Test(pack, what_is_written_is_what_is_read)
{
    const char *path = test_path("reacher.runs");
    cr_assert(eq(int, pack_write(files, FILES, path, &err), STATUS_OK));
    cr_assert(eq(int, pack_read(&pack, path, &err), STATUS_OK), "%s", err.message);
    cr_assert(eq(int, pack.count, FILES));
    for (int i = 0; i < FILES; i++) {
        const PackFile *found = pack_find(&pack, files[i].path);
        cr_assert(eq(ptr, found, &pack.file[i]));
        cr_assert(eq(sz, found->size, files[i].size));
        cr_assert(eq(int, memcmp(found->data, files[i].data, found->size), 0));
    }
    cr_assert(eq(ptr, pack_find(&pack, "reacher/east/dqinit/seed-2/run.json"), NULL));
}

// what reading would refuse: each is one more than it takes
Test(pack, more_than_can_be_read_is_not_written)
{
    enum { SIZE = 86 << 20, PATH = 48, MANY = PACK_FILES + 1 };
    const char *path = test_path("reacher.runs");
    PackFile large[] = {files[0], files[1], files[2]};
    char *data = mem_array(SIZE, 1);
    for (int i = 0; i < FILES; i++)
        large[i].data = data, large[i].size = SIZE;
    cr_assert(eq(int, pack_write(large, FILES, path, &err), STATUS_RANGE));
    cr_assert(ne(ptr, strstr(err.message, "reacher.runs' would have more than 256 MiB"), NULL),
              "%s", err.message);
    mem_free(data);

    PackFile *many = mem_array(MANY, sizeof *many);
    char *name = mem_array(MANY, PATH);
    for (int i = 0; i < MANY; i++) {
        many[i] = (PackFile){name + (size_t)i * PATH, "", 0};
        (void)snprintf(many[i].path, PATH, "reacher/east/dqinit/seed-%06d/run.json", i);
    }
    cr_assert(eq(int, pack_write(many, MANY, path, &err), STATUS_RANGE));
    cr_assert(ne(ptr, strstr(err.message, "would have 300001 files, more than 300000"), NULL),
              "%s", err.message);
    cr_assert(eq(int, test_folder_count(), 0));
    cr_assert(eq(int, pack_write(many, MANY - 1, path, &err), STATUS_OK));
    cr_assert(eq(int, pack_read(&pack, path, &err), STATUS_OK), "%s", err.message);
    mem_free(name);
    mem_free(many);
}

Test(pack, the_text_is_as_the_header_says)
{
    cr_assert(eq(int, pack_print(&text, &files[1], 1, &err), STATUS_OK));
    char hash[HASH_TEXT], wanted[200];
    static const char body[] = "suite records 1\nreacher/east/dqinit+x=.1/seed-12/run.json 0\n";
    hash_format(hash_string(body, 0), hash);
    (void)snprintf(wanted, sizeof wanted, "%send 1 %s\n", body, hash);
    cr_assert(eq(str, text.data, wanted));
}

Test(pack, a_run_is_where_its_run_json_is)
{
    cr_assert(eq(sz, pack_run_length(&files[0]), 0));
    cr_assert(eq(sz, pack_run_length(&files[1]), strlen("reacher/east/dqinit+x=.1/seed-12")));
}

Test(pack, names_end_in_runs)
{
    cr_assert(pack_is_name("reacher.runs"));
    cr_assert(pack_is_name("./a.b/reacher.runs"));
    cr_assert(not(pack_is_name("a/.runs")));
    cr_assert(not(pack_is_name(".reacher.runs")));
    cr_assert(not(pack_is_name("reacher.runs.tmp")));
}

Test(pack, every_cut_and_every_changed_byte_is_refused)
{
    Text whole = TEXT_INIT;
    cr_assert(eq(int, pack_print(&whole, files, FILES, &err), STATUS_OK));
    for (size_t cut = 0; cut < whole.length; cut++) {
        text_clear(&text);
        text_bytes(&text, whole.data, cut);
        cr_assert(eq(int, parse(), STATUS_PARSE), "cut at %zu", cut);
    }
    for (size_t i = 0; i < whole.length; i++) {
        text_clear(&text);
        text_bytes(&text, whole.data, whole.length);
        text.data[i] ^= 1;
        cr_assert(eq(int, parse(), STATUS_PARSE), "changed at %zu", i);
    }
    text_release(&whole);
}

static const struct {
    const char *body;
    int count;
    const char *message;
} wrong[] = {
    {"", 1, "it has fewer files than it says"},
    {"reacher/a/b/seed-1/run.json 0\n", 0, "there is more in it than it says"},
    {"reacher/a/b/seed-1/run.json 0\nreacher/a/b/seed-1/run.json 0\n", 2, "not in order"},
    {"reacher/a/b/seed-2/run.json 0\nreacher/a/b/seed-1/run.json 0\n", 2, "not in order"},
    {"reacher/a/b/seed-1/run.json 9\n", 1, "a file in it is cut"},
    {"reacher/a/b/seed-1/run.json -1\n", 1, "a file in it is cut"},
    {"reacher/a/b/seed-1/run.json\n", 1, "no path and size"},
    {"reacher/a/b/seed-1/policy.bin 0\n", 1, "none of a record of its family"},
    {"reacher/../b/seed-1/run.json 0\n", 1, "none of a record of its family"},
    {"reacher/a/b/seed-1/c/run.json 0\n", 1, "none of a record of its family"},
    {"reacher/a/b/c/run.json 0\n", 1, "none of a record of its family"},
    {"/reacher/a/b/seed-1/run.json 0\n", 1, "none of a record of its family"},
    {"pendulum/a/b/seed-1/run.json 0\n", 1, "none of a record of its family"},
};

Test(pack, a_whole_file_that_says_something_else_is_refused)
{
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        seal(wrong[i].body, wrong[i].count);
        cr_assert(eq(int, parse(), STATUS_PARSE), "%zu", i);
        cr_assert(strstr(err.message, wrong[i].message) != NULL, "%zu: %s", i, err.message);
        cr_assert(strstr(err.message, "'a/reacher.runs'") != NULL, "%s", err.message);
    }
}

Test(pack, another_version_is_said)
{
    char hash[HASH_TEXT];
    text_printf(&text, "suite records 2\n");
    hash_format(hash_string(text.data, 0), hash);
    text_printf(&text, "end 0 %s\n", hash);
    cr_assert(eq(int, parse(), STATUS_PARSE));
    cr_assert(eq(str, err.message,
                 "'a/reacher.runs' is a pack of version 2; this program reads version 1"));
}

Test(pack, lack_of_memory_is_said)
{
    Status status = STATUS_NOMEM;
    int failures = -1;
    const char *path = test_path("reacher.runs");
    for (; status != STATUS_OK; failures++) {
        pack_release(&pack);
        mem_fail_at(failures + 1);
        status = pack_write(files, FILES, path, &err);
        if (status == STATUS_OK) status = pack_read(&pack, path, &err);
        mem_fail_at(-1);
        cr_assert(status == STATUS_OK || status == STATUS_NOMEM, "%s", err.message);
    }
    cr_assert(lt(int, 8, failures));
}
