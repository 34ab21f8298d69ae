// Any bytes as a file, and any bytes between a good header and a good checksum, which random
// changes would not find: the archive gives what was asked for or fails, and stays inside the
// file.
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "suite/core/archive.h"
#include "suite/core/check.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/sealed.h"

enum { ITEMS = 8, VERSION = 1 };

static void read_pieces(Archive *archive)
{
    int count = -1;
    float item[ITEMS];
    char name[8] = "none";
    archive_int(archive, "count", &count, 0, ITEMS);
    CHECK(count >= -1 && count <= ITEMS);
    CHECK(archive_has_failed(archive) == (count == -1));
    if (count > 0) archive_bytes(archive, "items", item, (size_t)count * sizeof *item);
    archive_name(archive, "name", name, sizeof name);
    CHECK(memchr(name, '\0', sizeof name));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[SEALED_PATH];
    bool sealed = size && data[0] == 'S';
    int file = sealed ? sealed_file("fuzz", VERSION, data + 1, size - 1, path)
                      : plain_file(data, size, path);

    Archive *archive;
    Error err = {0};
    Status status = archive_open(&archive, path, "fuzz", VERSION, &err);
    if (status == STATUS_OK) {
        read_pieces(archive);
        status = archive_close(archive, &err);
    }
    CHECK((status == STATUS_OK) == (err.message[0] == '\0'));
    (void)close(file);
    return 0;
}
