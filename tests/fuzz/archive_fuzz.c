// Any bytes as a file, and any bytes between a good header and a good checksum, which random
// changes would not find: the archive gives what was asked for or fails, and stays inside the
// file.
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "suite/core/archive.h"
#include "suite/core/check.h"
#include "suite/core/hash.h"
#include "suite/core/mem.h"
#include "tests/fuzz/fuzz.h"

enum { HEADER = 28, SUM = 8, ITEMS = 8, VERSION = 1 };

static void write_all(int file, const void *data, size_t size)
{
    CHECK(write(file, data, size) == (ssize_t)size);
}

// the input as the pieces of a file that is whole
static void write_sealed(int file, const uint8_t *data, size_t size)
{
    char *bytes = mem_array(HEADER + size + SUM, 1);
    int32_t version = VERSION;
    CHECK(bytes);
    memcpy(bytes, "suite", sizeof "suite");
    memcpy(bytes + 8, "fuzz", sizeof "fuzz");
    memcpy(bytes + 24, &version, sizeof version);
    if (size) memcpy(bytes + HEADER, data, size);
    uint64_t sum = hash_bytes(bytes, HEADER + size, 0);
    memcpy(bytes + HEADER + size, &sum, SUM);
    write_all(file, bytes, HEADER + size + SUM);
    mem_free(bytes);
}

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
    char path[64];
    int file = memfd_create("archive", MFD_CLOEXEC);
    CHECK(file >= 0);
    if (size && data[0] == 'S')
        write_sealed(file, data + 1, size - 1);
    else
        write_all(file, data, size);

    Archive *archive;
    Error err = {0};
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    Status status = archive_open(&archive, path, "fuzz", VERSION, &err);
    if (status == STATUS_OK) {
        read_pieces(archive);
        status = archive_close(archive, &err);
    }
    CHECK((status == STATUS_OK) == (err.message[0] == '\0'));
    (void)close(file);
    return 0;
}
