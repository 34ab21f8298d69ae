#include "results/run_files.h"

#include <string.h>

#include "suite/core/mem.h"

static const size_t file_limit = (size_t)16 << 20; // bytes

// a file of a packed run. @param[out] name of it, for messages
static Status find(const PackFile **out, char name[PATH_LENGTH], const RunFiles *files,
                   const char *file, Error *err)
{
    Status status = path_format(name, err, "%s/%s", files->folder, file);
    if (status != STATUS_OK) return status;
    *out = pack_find(files->pack, name + strlen(files->pack->name) + 1);
    return *out ? STATUS_OK : error_set(err, STATUS_MISSING, "there is no '%s'", name);
}

Status run_files_record(RunRecord *out, const RunFiles *files, Error *err)
{
    char name[PATH_LENGTH];
    const PackFile *file;
    if (!files->pack) return record_read(out, files->folder, err);
    *out = (RunRecord){0};
    Status status = find(&file, name, files, "run.json", err);
    return status == STATUS_OK ? record_parse(out, file->data, file->size, name, err) : status;
}

Status run_files_evals(EvalCurve *out, const RunFiles *files, Error *err)
{
    char name[PATH_LENGTH];
    const PackFile *file;
    if (!files->pack) return eval_curve_read(out, files->folder, err);
    *out = (EvalCurve){0};
    Status status = find(&file, name, files, "evals.csv", err);
    if (status != STATUS_OK) return status;
    return eval_curve_parse(out, file->data, file->size, name, err);
}

Status run_files_trace(Trace *out, const RunFiles *files, Error *err)
{
    char name[PATH_LENGTH];
    const PackFile *file;
    if (!files->pack) return trace_read(out, files->folder, err);
    *out = (Trace){0};
    Status status = find(&file, name, files, "trace.csv", err);
    return status == STATUS_OK ? trace_parse(out, file->data, file->size, name, err) : status;
}

Status run_files_episodes(EpisodeList *out, const RunFiles *files, Error *err)
{
    if (!files->pack) return episodes_read(out, files->folder, err);
    *out = (EpisodeList){0};
    return error_set(err, STATUS_MISSING, "'%s' is packed, without episodes", files->folder);
}

Status run_files_bytes(Text *out, const RunFiles *files, const char *file, Error *err)
{
    char name[PATH_LENGTH], *data = NULL;
    size_t size = 0;
    const PackFile *packed = NULL;
    Status status;
    if (files->pack) {
        status = find(&packed, name, files, file, err);
        if (status == STATUS_OK) text_bytes(out, packed->data, packed->size);
    } else {
        status = path_format(name, err, "%s/%s", files->folder, file);
        if (status == STATUS_OK) status = file_read(&data, &size, name, file_limit, err);
        if (status == STATUS_OK) text_bytes(out, data, size);
        mem_free(data);
    }
    return status == STATUS_OK ? text_status(out, err) : status;
}
