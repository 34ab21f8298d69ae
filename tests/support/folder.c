#include "tests/support/folder.h"

#include <stdio.h>
#include <stdlib.h>

#include "suite/core/check.h"
#include "suite/core/file.h"

static char folder[PATH_LENGTH];

void test_folder_make(void)
{
    const char *base = getenv("TMPDIR");
    CHECK(path_format(folder, NULL, "%s/suite-test-XXXXXX", base ? base : "/tmp") == STATUS_OK);
    CHECK(mkdtemp(folder));
}

void test_folder_remove(void)
{
    CHECK(folder_remove(folder, NULL) == STATUS_OK);
}

const char *test_folder(void)
{
    return folder;
}

const char *test_path(const char *name)
{
    static char paths[4][PATH_LENGTH];
    static int next;
    char *path = paths[next++ % 4];
    CHECK(path_format(path, NULL, "%s/%s", folder, name) == STATUS_OK);
    return path;
}

int test_folder_count(void)
{
    FileList list;
    CHECK(folder_list(&list, folder, NULL) == STATUS_OK);
    int count = list.count;
    file_list_release(&list);
    return count;
}

void test_put_file(const char *path, const void *data, size_t size)
{
    FILE *file = fopen(path, "wbe");
    CHECK(file);
    CHECK(fwrite(data, 1, size, file) == size);
    CHECK(fclose(file) == 0);
}
