#include "tests/fuzz/sealed.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "suite/core/check.h"
#include "suite/core/hash.h"
#include "suite/core/mem.h"

enum { MAGIC = 8, KIND = 16, HEADER = 28, SUM = 8 };

int plain_file(const uint8_t *data, size_t size, char path[SEALED_PATH])
{
    int file = memfd_create("archive", MFD_CLOEXEC);
    CHECK(file >= 0);
    CHECK(write(file, data, size) == (ssize_t)size);
    (void)snprintf(path, SEALED_PATH, "/proc/self/fd/%d", file);
    return file;
}

int sealed_file(const char *kind, int version, const uint8_t *data, size_t size,
                char path[SEALED_PATH])
{
    uint8_t *bytes = mem_array(HEADER + size + SUM, 1);
    int32_t stored = version;
    CHECK(bytes && strlen(kind) < KIND);
    memcpy(bytes, "suite", sizeof "suite");
    memcpy(bytes + MAGIC, kind, strlen(kind) + 1);
    memcpy(bytes + MAGIC + KIND, &stored, sizeof stored);
    if (size) memcpy(bytes + HEADER, data, size);
    uint64_t sum = hash_bytes(bytes, HEADER + size, 0);
    memcpy(bytes + HEADER + size, &sum, SUM);
    int file = plain_file(bytes, HEADER + size + SUM, path);
    mem_free(bytes);
    return file;
}
