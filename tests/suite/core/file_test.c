#include "suite/core/file.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "suite/core/mem.h"
#include "tests/support/folder.h"

enum { LIMIT = 1 << 20 };

TestSuite(file, .init = test_folder_make, .fini = test_folder_remove);
TestSuite(folder, .init = test_folder_make, .fini = test_folder_remove);

static void expect_contents(const char *path, const char *expected)
{
    char *data;
    Error err = {0};
    cr_assert(eq(int, file_read(&data, NULL, path, LIMIT, &err), STATUS_OK), "%s", err.message);
    cr_assert(eq(str, data, expected));
    mem_free(data);
}

Test(path, is_refused_when_it_is_too_long)
{
    char path[PATH_LENGTH], name[PATH_LENGTH];
    Error err = {0};
    memset(name, 'n', sizeof name);
    name[PATH_LENGTH - 3] = '\0';
    cr_assert(eq(int, path_format(path, &err, "a/%s", name), STATUS_OK));
    cr_assert(eq(sz, strlen(path), PATH_LENGTH - 1));
    cr_assert(eq(int, path_format(path, &err, "ab/%s", name), STATUS_RANGE));
    cr_assert(ne(chr, err.message[0], '\0'));
}

Test(file, stands_in_folders_that_are_found_behind_links)
{
    char whole[PATH_LENGTH], above[PATH_LENGTH];
    Error err = {0};
    cr_assert(eq(int, folder_make(test_path("a/b/c"), NULL), STATUS_OK));
    cr_assert(eq(int, symlink(test_path("a/b/c"), test_path("link")), 0));
    cr_assert(eq(int, path_above(whole, test_folder(), 0, &err), STATUS_OK));
    cr_assert(eq(int, path_above(above, test_path("link/"), 3, &err), STATUS_OK));
    cr_assert(eq(str, above, whole));
    cr_assert(eq(int, path_above(above, test_path("a/../link/."), 2, &err), STATUS_OK));
    cr_assert(eq(str, above + strlen(whole), "/a"));
    cr_assert(eq(int, path_above(above, "/usr", 1, &err), STATUS_OK));
    cr_assert(eq(str, above, "/"));
    cr_assert(eq(int, path_above(above, "/usr", 2, &err), STATUS_MISSING));
    cr_assert(eq(int, path_above(above, test_path("nothing"), 0, &err), STATUS_MISSING));
}

Test(file, gives_back_all_bytes_and_a_nul)
{
    const char bytes[] = {'a', '\0', '\n', (char)0xff, 'z'};
    char *data;
    size_t size;
    cr_assert(eq(int, file_write(test_path("f"), bytes, sizeof bytes, NULL), STATUS_OK));
    cr_assert(eq(int, file_read(&data, &size, test_path("f"), LIMIT, NULL), STATUS_OK));
    cr_assert(eq(sz, size, sizeof bytes));
    cr_assert(memcmp(data, bytes, size) == 0);
    cr_assert(eq(chr, data[size], '\0'));
    mem_free(data);
}

Test(file, is_replaced_and_leaves_nothing_beside)
{
    const char *path = test_path("f");
    cr_assert(eq(int, file_write(path, "the longer first", 16, NULL), STATUS_OK));
    cr_assert(eq(int, file_write(path, "second", 6, NULL), STATUS_OK));
    expect_contents(path, "second");
    cr_assert(eq(int, file_write(path, "", 0, NULL), STATUS_OK));
    expect_contents(path, "");
    cr_assert(eq(int, test_folder_count(), 1));
}

// a killed process may leave one, and its number comes round again
Test(file, is_whole_although_a_longer_temporary_was_left_behind)
{
    char left[PATH_LENGTH];
    (void)snprintf(left, sizeof left, "%s.tmp-%ld", test_path("f"), (long)getpid());
    test_put_file(left, "left by someone", 15);
    cr_assert(eq(int, file_write(test_path("f"), "new", 3, NULL), STATUS_OK));
    expect_contents(test_path("f"), "new");
    cr_assert(eq(int, test_folder_count(), 1));
}

Test(file, is_read_only_up_to_the_limit)
{
    char *data;
    Error err = {0};
    test_put_file(test_path("f"), "12345", 5);
    cr_assert(eq(int, file_read(&data, NULL, test_path("f"), 5, &err), STATUS_OK));
    mem_free(data);
    cr_assert(eq(int, file_read(&data, NULL, test_path("f"), 4, &err), STATUS_RANGE));
    cr_assert(eq(ptr, data, NULL));
    cr_assert(ne(ptr, strstr(err.message, "has 5 bytes, more than the 4 allowed"), NULL), "%s",
              err.message);
}

Test(file, that_is_missing_or_a_folder_cannot_be_read)
{
    char *data = (char *)0x1;
    Error err = {0};
    cr_assert(eq(int, file_read(&data, NULL, test_path("none"), LIMIT, &err), STATUS_MISSING));
    cr_assert(eq(ptr, data, NULL));
    cr_assert(ne(ptr, strstr(err.message, "cannot read '"), NULL), "%s", err.message);
    cr_assert(eq(int, file_read(&data, NULL, test_folder(), LIMIT, &err), STATUS_IO));
    cr_assert(ne(ptr, strstr(err.message, "it is a folder"), NULL), "%s", err.message);
}

Test(file, cannot_be_written_below_a_file_or_a_missing_folder)
{
    Error err = {0};
    test_put_file(test_path("f"), "x", 1);
    cr_assert(eq(int, file_write(test_path("f/below"), "y", 1, &err), STATUS_IO));
    cr_assert(ne(ptr, strstr(err.message, "cannot write '"), NULL), "%s", err.message);
    cr_assert(eq(int, file_write(test_path("no/below"), "y", 1, &err), STATUS_MISSING));
    cr_assert(eq(int, test_folder_count(), 1));
    expect_contents(test_path("f"), "x");
}

Test(file, cannot_replace_a_folder_and_leaves_nothing_beside_it)
{
    Error err = {0};
    cr_assert(eq(int, folder_make(test_path("d/e"), NULL), STATUS_OK));
    cr_assert(eq(int, file_write(test_path("d"), "y", 1, &err), STATUS_IO));
    cr_assert(eq(int, test_folder_count(), 1));
}

// a full disk, as a limit on the size of files: the write comes to an end half way
Test(file, keeps_its_old_contents_when_the_disk_is_full)
{
    static char large[100000];
    const char *path = test_path("f");
    Error err = {0};
    cr_assert(eq(int, file_write(path, "old", 3, NULL), STATUS_OK));

    (void)signal(SIGXFSZ, SIG_IGN);
    struct rlimit all, little;
    cr_assert(eq(int, getrlimit(RLIMIT_FSIZE, &all), 0));
    little = (struct rlimit){.rlim_cur = 5000, .rlim_max = all.rlim_max};
    cr_assert(eq(int, setrlimit(RLIMIT_FSIZE, &little), 0));
    Status status = file_write(path, large, sizeof large, &err);
    cr_assert(eq(int, setrlimit(RLIMIT_FSIZE, &all), 0));

    cr_assert(eq(int, status, STATUS_IO));
    cr_assert(ne(ptr, strstr(err.message, "File too large"), NULL), "%s", err.message);
    expect_contents(path, "old");
    cr_assert(eq(int, test_folder_count(), 1), "a temporary file was left");
}

// a second process, which ends with the test even where an assertion ends that
static pid_t fork_companion(void)
{
    pid_t child = fork();
    if (child == 0) (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    return child;
}

// one process replaces the file all the time, the other looks: it sees all of one or the other
Test(file, is_never_seen_half_written)
{
    enum { SIZE = 200000, LOOKS = 300 };
    static char contents[2][SIZE];
    const char *path = test_path("f");
    memset(contents[0], 'a', SIZE);
    memset(contents[1], 'b', SIZE);
    cr_assert(eq(int, file_write(path, contents[0], SIZE, NULL), STATUS_OK));

    pid_t writer = fork_companion();
    if (writer == 0)
        for (int i = 0;; i++)
            if (file_write(path, contents[i % 2], SIZE, NULL) != STATUS_OK) _exit(1);

    int seen[2] = {0}, torn = 0;
    for (int i = 0; i < LOOKS; i++) {
        char *data;
        size_t size;
        if (file_read(&data, &size, path, LIMIT, NULL) != STATUS_OK) torn++;
        if (!data) continue;
        int which = data[0] == 'b';
        if (size == SIZE && memcmp(data, contents[which], SIZE) == 0)
            seen[which]++;
        else
            torn++;
        mem_free(data);
        (void)usleep(500);
    }
    int status;
    (void)kill(writer, SIGKILL);
    cr_assert(eq(int, waitpid(writer, &status, 0), writer));
    cr_assert(eq(int, WTERMSIG(status), SIGKILL), "the writer failed");
    cr_assert(eq(int, torn, 0));
    cr_assert(seen[0] > 0 && seen[1] > 0, "saw %d and %d", seen[0], seen[1]);
}

Test(file, can_be_removed_even_when_it_is_not_there)
{
    test_put_file(test_path("f"), "x", 1);
    cr_assert(file_exists(test_path("f")));
    cr_assert(eq(int, file_remove(test_path("f"), NULL), STATUS_OK));
    cr_assert(not(file_exists(test_path("f"))));
    cr_assert(eq(int, file_remove(test_path("f"), NULL), STATUS_OK));
    cr_assert(eq(int, file_remove(test_folder(), NULL), STATUS_IO));
}

Test(file, is_set_aside_over_an_earlier_one)
{
    test_put_file(test_path("run.json.damaged"), "earlier", 7);
    test_put_file(test_path("run.json"), "later", 5);
    cr_assert(eq(int, file_set_aside(test_path("run.json"), NULL), STATUS_OK));
    cr_assert(not(file_exists(test_path("run.json"))));
    expect_contents(test_path("run.json.damaged"), "later");
    cr_assert(eq(int, file_set_aside(test_path("run.json"), NULL), STATUS_MISSING));
}

Test(file, reading_fails_cleanly_without_memory)
{
    char *data = (char *)0x1;
    test_put_file(test_path("f"), "x", 1);
    mem_fail_at(0);
    cr_assert(eq(int, file_read(&data, NULL, test_path("f"), LIMIT, NULL), STATUS_NOMEM));
    cr_assert(eq(ptr, data, NULL));
}

Test(folder, is_made_with_those_above_it_and_again)
{
    struct stat info;
    for (int i = 0; i < 2; i++)
        cr_assert(eq(int, folder_make(test_path("a/b//c/"), NULL), STATUS_OK), "time %d", i);
    cr_assert(eq(int, stat(test_path("a/b/c"), &info), 0));
    cr_assert(eq(int, info.st_mode &S_IFMT, S_IFDIR));

    char here[PATH_LENGTH];
    cr_assert(ne(ptr, getcwd(here, sizeof here), NULL));
    cr_assert(eq(int, chdir(test_folder()), 0));
    cr_assert(eq(int, folder_make("r/s", NULL), STATUS_OK));
    cr_assert(file_exists(test_path("r/s")));
    cr_assert(eq(int, chdir(here), 0));
}

Test(folder, is_not_made_in_place_of_a_file_or_without_a_name)
{
    Error err = {0};
    test_put_file(test_path("f"), "x", 1);
    cr_assert(eq(int, folder_make(test_path("f"), &err), STATUS_IO));
    cr_assert(ne(ptr, strstr(err.message, "a file is in its place"), NULL), "%s", err.message);
    cr_assert(eq(int, folder_make(test_path("f/g"), &err), STATUS_IO));
    cr_assert(ne(ptr, strstr(err.message, "cannot make folder '"), NULL), "%s", err.message);
    cr_assert(eq(int, folder_make("", &err), STATUS_IO));
}

Test(folder, is_removed_with_all_in_it_but_not_what_links_lead_to)
{
    cr_assert(eq(int, folder_make(test_path("gone/deep/er"), NULL), STATUS_OK));
    cr_assert(eq(int, folder_make(test_path("kept"), NULL), STATUS_OK));
    test_put_file(test_path("gone/deep/f"), "x", 1);
    test_put_file(test_path("kept/f"), "x", 1);
    cr_assert(eq(int, symlink(test_path("kept"), test_path("gone/link")), 0));

    cr_assert(eq(int, folder_remove(test_path("gone"), NULL), STATUS_OK));
    cr_assert(not(file_exists(test_path("gone"))));
    cr_assert(file_exists(test_path("kept/f")));
    cr_assert(eq(int, folder_remove(test_path("gone"), NULL), STATUS_OK));
}

Test(folder, gets_a_name_that_is_free_and_no_other)
{
    cr_assert(eq(int, folder_make(test_path("part/deep"), NULL), STATUS_OK));
    cr_assert(eq(int, folder_rename(test_path("part"), test_path("whole"), NULL), STATUS_OK));
    cr_assert(file_exists(test_path("whole/deep")));
    cr_assert(not(file_exists(test_path("part"))));

    Error err = {0};
    cr_assert(eq(int, folder_make(test_path("other"), NULL), STATUS_OK));
    cr_assert(eq(int, folder_rename(test_path("other"), test_path("whole"), &err), STATUS_IO));
    cr_assert(ne(ptr, strstr(err.message, "cannot rename to '"), NULL), "%s", err.message);
    cr_assert(file_exists(test_path("whole/deep")));
}

Test(folder, is_listed_in_order)
{
    static const char *const names[] = {"b", "a10", "B", "a9", ".hidden", "c"};
    static const char *const sorted[] = {".hidden", "B", "a10", "a9", "b", "c"};
    for (int i = 0; i < 6; i++)
        test_put_file(test_path(names[i]), "", 0);

    FileList list;
    cr_assert(eq(int, folder_list(&list, test_folder(), NULL), STATUS_OK));
    cr_assert(eq(int, list.count, 6));
    for (int i = 0; i < 6; i++)
        cr_assert(eq(str, list.name[i], sorted[i]), "place %d", i);
    file_list_release(&list);
    cr_assert(eq(int, list.count, 0));
}

Test(folder, that_is_missing_has_no_list)
{
    FileList list;
    cr_assert(eq(int, folder_list(&list, test_path("none"), NULL), STATUS_MISSING));
    cr_assert(eq(int, list.count, 0));
    file_list_release(&list);
}

Test(folder, listing_fails_cleanly_wherever_memory_runs_out)
{
    for (int i = 0; i < 40; i++) { // more than the list's first room
        char name[16];
        (void)snprintf(name, sizeof name, "file-%d", i);
        test_put_file(test_path(name), "", 0);
    }
    int nth = 0;
    for (;; nth++) {
        FileList list;
        mem_fail_at(nth);
        Status status = folder_list(&list, test_folder(), NULL);
        mem_fail_at(-1);
        cr_assert(eq(int, list.count, status == STATUS_OK ? 40 : 0), "request %d", nth);
        file_list_release(&list);
        if (status == STATUS_OK) break;
        cr_assert(eq(int, status, STATUS_NOMEM), "request %d", nth);
    }
    cr_assert(eq(int, nth, 42)); // forty names, and the list's array twice
}

// what another process meets when it wants the lock: the Status it got
static Status lock_elsewhere(const char *path)
{
    int status;
    pid_t child = fork();
    if (child == 0) {
        int handle;
        _exit((int)file_lock(&handle, path, NULL));
    }
    cr_assert(eq(int, waitpid(child, &status, 0), child));
    cr_assert(eq(int, WTERMSIG(status), 0));
    return (Status)WEXITSTATUS(status);
}

Test(file, lock_keeps_other_processes_out_until_it_is_given_back)
{
    const char *path = test_path("lock");
    int handle;
    Error err = {0};
    cr_assert(eq(int, file_lock(&handle, path, &err), STATUS_OK), "%s", err.message);
    cr_assert(eq(int, lock_elsewhere(path), STATUS_MISMATCH));
    file_unlock(handle);
    cr_assert(eq(int, lock_elsewhere(path), STATUS_OK));
}

Test(file, lock_is_free_once_its_holder_was_killed)
{
    const char *path = test_path("lock");
    int ends[2], status, handle;
    char byte;
    Error err = {0};
    cr_assert(eq(int, pipe(ends), 0));
    pid_t holder = fork_companion();
    if (holder == 0) {
        if (file_lock(&handle, path, NULL) != STATUS_OK) _exit(1);
        (void)!write(ends[1], "l", 1);
        (void)pause();
    }
    cr_assert(eq(int, (int)read(ends[0], &byte, 1), 1));
    cr_assert(eq(int, file_lock(&handle, path, &err), STATUS_MISMATCH));
    cr_assert(ne(ptr, strstr(err.message, "another process holds '"), NULL), "%s", err.message);

    (void)kill(holder, SIGKILL);
    cr_assert(eq(int, waitpid(holder, &status, 0), holder));
    cr_assert(eq(int, file_lock(&handle, path, &err), STATUS_OK));
    file_unlock(handle);
}

Test(file, lock_fails_where_no_file_can_be)
{
    int handle;
    test_put_file(test_path("f"), "x", 1);
    cr_assert(eq(int, file_lock(&handle, test_path("f/lock"), NULL), STATUS_IO));
}

Test(clock, goes_forward_and_counts_work)
{
    double wall = clock_wall_s(), cpu = clock_cpu_s();
    for (volatile int i = 0; i < 2000000; i++)
        continue;
    cr_assert(lt(dbl, wall, clock_wall_s()));
    cr_assert(lt(dbl, cpu, clock_cpu_s()));
    cr_assert(lt(dbl, 1.7e9, wall), "seconds since 1970");
}
