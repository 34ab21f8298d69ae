#include "suite/run/family_files.h"

#include "suite/core/mem.h"
#include "suite/run/registry.h"
#include "suite/run/settings.h"

static Status read_file(FamilyFile *file, const char *path, Error *err)
{
    Status status = member_file_read(&file->contents, path, err);
    if (status == STATUS_MISSING || status == STATUS_IO || status == STATUS_RANGE)
        return error_wrap(err, STATUS_USAGE, "--family");
    if (status != STATUS_OK) return status;

    status = family_find(&file->family, file->contents.family, err);
    if (status != STATUS_USAGE) return status;
    return error_wrap(err, STATUS_PARSE, "%s:%d", path, file->contents.line);
}

Status family_files_read(FamilyFiles *out, const char *const *paths, int count, Error *err)
{
    *out = (FamilyFiles){0};
    out->file = mem_array((size_t)count, sizeof *out->file);
    if (!out->file) return error_nomem(err);

    Status status = STATUS_OK;
    for (int i = 0; status == STATUS_OK && i < count; i++)
        status = read_file(&out->file[out->count++], paths[i], err);
    return status;
}

void family_files_release(FamilyFiles *files)
{
    for (int i = 0; i < files->count; i++)
        member_file_release(&files->file[i].contents);
    mem_free(files->file);
    *files = (FamilyFiles){0};
}

Status family_files_fit(const FamilyFiles *files, const TaskFamily *family, Error *err)
{
    for (int i = 0; i < files->count; i++)
        if (files->file[i].family != family)
            return error_set(
                err, STATUS_USAGE, "'%s' adds members to family '%s', but the task is '%s'",
                files->file[i].contents.path, files->file[i].family->name, family->name);
    return STATUS_OK;
}

// members may never be run, but a mistake in their file is one all the same
static Status check_settings(const MemberList *list, Error *err)
{
    const Method *method;
    Settings probe = {0};
    Status status = method_find(&method, "scratch", err);
    if (status == STATUS_OK) status = settings_init(&probe, list->family, method, err);
    if (status == STATUS_OK) status = settings_set_family(&probe, list, err);
    settings_release(&probe);
    return status;
}

Status family_files_add(const FamilyFiles *files, MemberList *list, Error *err)
{
    Status status = STATUS_OK;
    bool added = false;
    for (int i = 0; files && status == STATUS_OK && i < files->count; i++) {
        if (files->file[i].family != list->family) continue;
        status = members_add(list, &files->file[i].contents, err);
        added = true;
    }
    return status == STATUS_OK && added ? check_settings(list, err) : status;
}
