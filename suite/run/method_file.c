#include "suite/run/method_file.h"

#include <stdio.h>
#include <string.h>

#include "suite/core/archive.h"
#include "suite/core/file.h"

enum { METHOD_FILE_VERSION = 1 };

static const char kind[] = "method";

// whose state a file holds
typedef struct Owner {
    char method[WORD_LENGTH];
    int version;
    char settings_hash[HASH_TEXT];
} Owner;

static Owner owner_of(const Run *run)
{
    Owner owner = {.version = run->method->version};
    (void)snprintf(owner.method, sizeof owner.method, "%s", run->method->name);
    (void)snprintf(owner.settings_hash, sizeof owner.settings_hash, "%s", run->settings_hash);
    return owner;
}

static void owner_archive(Owner *owner, Archive *archive)
{
    archive_name(archive, "method.name", owner->method, sizeof owner->method);
    archive_int(archive, "method.version", &owner->version, 0, 1000000);
    archive_name(archive, "method.settings", owner->settings_hash, sizeof owner->settings_hash);
}

// a state that another method, or the same otherwise, came to means nothing here
static void method_archive(const Run *run, void *state, Archive *archive)
{
    const Owner own = owner_of(run);
    Owner owner = own;
    owner_archive(&owner, archive);
    if (strcmp(owner.method, own.method) != 0 || owner.version != own.version)
        archive_fail(archive, STATUS_MISMATCH, "is of another method, or of another version");
    if (strcmp(owner.settings_hash, own.settings_hash) != 0)
        archive_fail(archive, STATUS_MISMATCH, "is of a run with other settings");
    if (!archive_has_failed(archive) && run->method->archive)
        run->method->archive(state, archive);
}

Status method_file_write(const Run *run, void *state, Error *err)
{
    char path[PATH_LENGTH];
    Archive *archive;
    Status status = path_format(path, err, "%s/method.bin", run->folder);
    if (status == STATUS_OK)
        status = archive_create(&archive, path, kind, METHOD_FILE_VERSION, err);
    if (status != STATUS_OK) return status;
    method_archive(run, state, archive);
    return archive_close(archive, err);
}

Status method_file_read(const Run *run, void *state, Error *err)
{
    char path[PATH_LENGTH];
    Archive *archive;
    Status status = path_format(path, err, "%s/method.bin", run->folder);
    if (status == STATUS_OK)
        status = archive_open(&archive, path, kind, METHOD_FILE_VERSION, err);
    if (status != STATUS_OK) return status;
    method_archive(run, state, archive);
    return archive_close(archive, err);
}

Status method_file_check(const char *folder, Error *err)
{
    char path[PATH_LENGTH];
    Status status = path_format(path, err, "%s/method.bin", folder);
    return status == STATUS_OK ? archive_check(path, kind, METHOD_FILE_VERSION, err) : status;
}
