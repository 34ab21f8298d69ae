/** @file
 * Feeds the files of folders to a harness, without libFuzzer: what fuzzing once found stays
 * found in every ordinary test run.
 */
#include <stdio.h>

#include "suite/core/file.h"
#include "suite/core/mem.h"
#include "tests/fuzz/fuzz.h"

enum { INPUT_LIMIT = 1 << 20 };

static Status feed(const char *path, Error *err)
{
    char *data;
    size_t size;
    Status status = file_read(&data, &size, path, INPUT_LIMIT, err);
    if (status != STATUS_OK) return status;
    (void)LLVMFuzzerTestOneInput((const uint8_t *)data, size);
    mem_free(data);
    return STATUS_OK;
}

static Status feed_folder(const char *folder, int *count, Error *err)
{
    FileList list;
    char path[PATH_LENGTH];
    Status status = folder_list(&list, folder, err);
    for (int i = 0; status == STATUS_OK && i < list.count; i++) {
        status = path_format(path, err, "%s/%s", folder, list.name[i]);
        if (status == STATUS_OK) status = feed(path, err);
        *count += status == STATUS_OK;
    }
    file_list_release(&list);
    return status;
}

int main(int argc, char **argv)
{
    int count = 0;
    for (int i = 1; i < argc; i++) {
        Error err = {0};
        if (feed_folder(argv[i], &count, &err) == STATUS_OK) continue;
        (void)fprintf(stderr, "%s\n", err.message);
        return 1;
    }
    (void)printf("%d inputs replayed\n", count);
    return count ? 0 : 1; // an empty corpus must not pass
}
