#include "suite/run/method_file.h"

#include <stdio.h>
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "suite/core/archive.h"
#include "tests/support/folder.h"

static Method method;
static Run run;
static Error err;

// a method's state is one number
static void archive(void *state, Archive *file)
{
    archive_int(file, "counter.count", state, 0, 100);
}

static void setup(void)
{
    test_folder_make();
    method = (Method){.name = "counter", .version = 3, .archive = archive};
    run = (Run){.method = &method, .settings_hash = "0123456789abcdef"};
    (void)snprintf(run.folder, sizeof run.folder, "%s", test_folder());
}

TestSuite(method_file, .init = setup, .fini = test_folder_remove);

static void write_count(int count)
{
    cr_assert(eq(int, method_file_write(&run, &count, &err), STATUS_OK), "%s", err.message);
}

Test(method_file, gives_back_the_state)
{
    int count = 0;
    write_count(42);
    cr_assert(eq(int, method_file_check(run.folder, &err), STATUS_OK), "%s", err.message);
    cr_assert(eq(int, method_file_read(&run, &count, &err), STATUS_OK), "%s", err.message);
    cr_assert(eq(int, count, 42));
}

static void expect_refusal(const char *word)
{
    int count = 7;
    cr_assert(eq(int, method_file_read(&run, &count, &err), STATUS_MISMATCH));
    cr_assert(strstr(err.message, word) != NULL, "%s", err.message);
    cr_assert(eq(int, count, 7)); // nothing was restored
}

Test(method_file, is_refused_by_another_method_version_or_run)
{
    write_count(42);
    method.name = "other";
    expect_refusal("another method");
    method.name = "counter";
    method.version = 4;
    expect_refusal("another version");
    method.version = 3;
    run.settings_hash[0] = '1';
    expect_refusal("other settings");
}

Test(method_file, holds_no_state_of_a_method_without_any)
{
    int count = 7;
    method.archive = NULL;
    write_count(42);
    cr_assert(eq(int, method_file_read(&run, &count, &err), STATUS_OK), "%s", err.message);
    cr_assert(eq(int, count, 7));
    method.archive = archive; // more than is there
    cr_assert(eq(int, method_file_read(&run, &count, &err), STATUS_PARSE));
}

Test(method_file, that_is_missing_or_damaged_is_said_to_be)
{
    int count = 7;
    cr_assert(eq(int, method_file_check(run.folder, &err), STATUS_MISSING));
    cr_assert(eq(int, method_file_read(&run, &count, &err), STATUS_MISSING));
    write_count(42);
    test_put_file(test_path("method.bin"), "nonsense", 8);
    cr_assert(eq(int, method_file_check(run.folder, &err), STATUS_PARSE));
    cr_assert(eq(int, method_file_read(&run, &count, &err), STATUS_PARSE));
    cr_assert(eq(int, count, 7));
}
