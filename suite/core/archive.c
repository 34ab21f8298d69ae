#include "suite/core/archive.h"

#include <stdio.h>
#include <string.h>

#include "suite/core/check.h"
#include "suite/core/file.h"
#include "suite/core/hash.h"
#include "suite/core/mem.h"

enum { MAGIC = 8, KIND = 16, TAG = 24, SUM = 8 };
enum { HEADER = MAGIC + KIND + (int)sizeof(int32_t) };

static const size_t limit = (size_t)2 << 30;
static const char magic[MAGIC] = "suite";

struct Archive {
    char path[PATH_LENGTH];
    char *bytes;
    size_t size;     // bytes written so far, or in the file without the checksum
    size_t capacity; // writing only
    size_t at;       // reading only: the next byte
    bool reading;
    bool failed;
    Error error;
};

static void append(Archive *a, const void *data, size_t size)
{
    if (a->failed) return;
    if (a->size + size > a->capacity) {
        size_t capacity = a->capacity ? a->capacity : 4096;
        while (capacity < a->size + size)
            capacity *= 2;
        char *grown = mem_grow(a->bytes, a->size, capacity, 1);
        if (!grown) {
            archive_fail(a, STATUS_NOMEM, "out of memory");
            return;
        }
        a->bytes = grown;
        a->capacity = capacity;
    }
    if (size) memcpy(a->bytes + a->size, data, size);
    a->size += size;
}

static bool take(Archive *a, void *data, size_t size)
{
    if (a->failed) return false;
    if (size > a->size - a->at) {
        archive_fail(a, STATUS_PARSE, "ends too soon");
        return false;
    }
    if (size) memcpy(data, a->bytes + a->at, size);
    a->at += size;
    return true;
}

static Status begin(Archive **out, const char *path, Error *err)
{
    *out = NULL;
    Archive *a = mem_array(1, sizeof *a);
    if (!a) return error_nomem(err);
    Status status = path_format(a->path, err, "%s", path);
    if (status != STATUS_OK) {
        mem_free(a);
        return status;
    }
    *out = a;
    return STATUS_OK;
}

// the archive's own release, without writing anything
static void discard(Archive *a)
{
    if (!a) return;
    mem_free(a->bytes);
    mem_free(a);
}

Status archive_create(Archive **out, const char *path, const char *kind, int version,
                      Error *err)
{
    Status status = begin(out, path, err);
    if (status != STATUS_OK) return status;

    char name[KIND] = {0};
    CHECK(strlen(kind) < KIND);
    (void)snprintf(name, sizeof name, "%s", kind);
    append(*out, magic, MAGIC);
    append(*out, name, KIND);
    append(*out, &(int32_t){version}, sizeof(int32_t));
    return STATUS_OK;
}

// refuse anything that is not whole, ours, of this kind and version
static void check_header(Archive *a, const char *kind, int version)
{
    char is_magic[MAGIC], is_kind[KIND];
    int32_t is_version = 0;
    uint64_t sum = 0;

    if (a->size < HEADER + SUM) {
        archive_fail(a, STATUS_PARSE, "too short to be one of our files");
        return;
    }
    a->size -= SUM;
    memcpy(&sum, a->bytes + a->size, SUM);
    (void)take(a, is_magic, MAGIC);
    (void)take(a, is_kind, KIND);
    (void)take(a, &is_version, sizeof is_version);

    if (memcmp(is_magic, magic, MAGIC) != 0)
        archive_fail(a, STATUS_PARSE, "not one of our files");
    else if (strncmp(is_kind, kind, KIND) != 0)
        archive_fail(a, STATUS_PARSE, "a file of another kind");
    else if (is_version != version)
        archive_fail(a, STATUS_PARSE, "written by another version of the program");
    else if (archive_hash(a) != sum)
        archive_fail(a, STATUS_PARSE, "damaged (its checksum does not fit)");
}

Status archive_open(Archive **out, const char *path, const char *kind, int version, Error *err)
{
    Status status = begin(out, path, err);
    if (status != STATUS_OK) return status;

    Archive *a = *out;
    *out = NULL;
    a->reading = true;
    status = file_read(&a->bytes, &a->size, path, limit, err);
    if (status != STATUS_OK) {
        discard(a);
        return status;
    }
    check_header(a, kind, version);
    if (a->failed) {
        status = error_set(err, a->error.status, "'%s' is %s", path, a->error.message);
        discard(a);
        return status;
    }
    *out = a;
    return STATUS_OK;
}

Status archive_check(const char *path, const char *kind, int version, Error *err)
{
    Archive *archive;
    Status status = archive_open(&archive, path, kind, version, err);
    if (status == STATUS_OK) discard(archive);
    return status;
}

bool archive_is_reading(const Archive *archive)
{
    return archive->reading;
}

void archive_bytes(Archive *archive, const char *tag, void *data, size_t size)
{
    char name[TAG] = {0}, found[TAG];
    uint64_t length = size, stored;
    CHECK(strlen(tag) < TAG);
    (void)snprintf(name, sizeof name, "%s", tag);

    if (!archive->reading) {
        append(archive, name, TAG);
        append(archive, &length, sizeof length);
        append(archive, data, size);
        return;
    }
    if (!take(archive, found, TAG) || !take(archive, &stored, sizeof stored)) return;
    if (memcmp(found, name, TAG) != 0 || stored != length)
        archive_fail(archive, STATUS_PARSE, "holds something else than expected");
    else
        (void)take(archive, data, size);
}

void archive_expect(Archive *archive, uint64_t bytes)
{
    if (archive->reading && bytes > archive->size - archive->at)
        archive_fail(archive, STATUS_PARSE, "ends too soon");
}

void archive_int(Archive *archive, const char *tag, int *value, int lo, int hi)
{
    int32_t stored = *value;
    archive_bytes(archive, tag, &stored, sizeof stored);
    if (archive->failed) return;
    if (stored < lo || stored > hi)
        archive_fail(archive, STATUS_PARSE, "holds a number out of range");
    else
        *value = stored;
}

void archive_total(Archive *archive, const char *tag, int64_t *value, int64_t hi)
{
    int64_t stored = *value;
    archive_bytes(archive, tag, &stored, sizeof stored);
    if (archive->failed) return;
    if (stored < 0 || stored > hi)
        archive_fail(archive, STATUS_PARSE, "holds a number out of range");
    else
        *value = stored;
}

void archive_name(Archive *archive, const char *tag, char *name, size_t size)
{
    if (!archive->reading) { // the same name gives the same bytes, whatever stood behind it
        size_t length = strlen(name);
        CHECK(length < size);
        memset(name + length, 0, size - length);
    }
    archive_bytes(archive, tag, name, size);
    if (archive->failed || !archive->reading) return;
    if (memchr(name, '\0', size)) return;
    name[0] = '\0';
    archive_fail(archive, STATUS_PARSE, "holds a name without end");
}

void archive_fail(Archive *archive, Status status, const char *message)
{
    if (archive->failed) return;
    archive->failed = true;
    (void)error_set(&archive->error, status, "%s", message);
}

bool archive_has_failed(const Archive *archive)
{
    return archive->failed;
}

uint64_t archive_hash(const Archive *archive)
{
    return hash_bytes(archive->bytes, archive->size, 0);
}

Status archive_close(Archive *archive, Error *err)
{
    if (!archive) return STATUS_OK;

    if (archive->reading && archive->at != archive->size)
        archive_fail(archive, STATUS_PARSE, "holds more than expected");
    if (!archive->reading) {
        uint64_t sum = archive_hash(archive);
        append(archive, &sum, sizeof sum);
    }

    Status status = STATUS_OK;
    if (archive->failed)
        status = error_set(err, archive->error.status, "'%s' %s%s", archive->path,
                           archive->reading ? "" : "not written: ", archive->error.message);
    else if (!archive->reading)
        status = file_write(archive->path, archive->bytes, archive->size, err);
    discard(archive);
    return status;
}
