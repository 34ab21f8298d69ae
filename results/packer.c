#include "results/packer.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "suite/core/file.h"
#include "suite/core/mem.h"

enum { FILE_PATH = RUN_PATH + 16 };

void packer_release(Packer *packer)
{
    for (int i = 0; i < packer->count; i++) {
        mem_free(packer->file[i].path);
        mem_free(packer->file[i].data);
    }
    mem_free(packer->file);
    mem_free(packer->changed);
    *packer = (Packer){0};
}

// -- the sorted list

// where a path is, or would be
static int place_of(const Packer *packer, const char *path)
{
    int lo = 0, hi = packer->count;
    while (lo < hi) {
        int middle = lo + (hi - lo) / 2;
        if (strcmp(packer->file[middle].path, path) < 0)
            lo = middle + 1;
        else
            hi = middle;
    }
    return lo;
}

static const PackFile *find(const Packer *packer, const char *path)
{
    int at = place_of(packer, path);
    bool there = at < packer->count && strcmp(packer->file[at].path, path) == 0;
    return there ? &packer->file[at] : NULL;
}

static Status reserve(Packer *packer, Error *err)
{
    if (packer->count < packer->room) return STATUS_OK;
    int room = packer->room ? 2 * packer->room : 64;
    PackFile *longer =
        mem_grow(packer->file, (size_t)packer->count, (size_t)room, sizeof *longer);
    if (!longer) return error_nomem(err);
    packer->file = longer;
    packer->room = room;
    return STATUS_OK;
}

// @pre the path is new
static Status insert(Packer *packer, const PackFile *file, Error *err)
{
    Status status = reserve(packer, err);
    if (status != STATUS_OK) return status;
    char *path = mem_string(file->path), *data = mem_array(file->size + 1, 1);
    if (!path || !data) {
        mem_free(path);
        mem_free(data);
        return error_nomem(err);
    }
    memcpy(data, file->data, file->size);
    int at = place_of(packer, path);
    memmove(&packer->file[at + 1], &packer->file[at],
            (size_t)(packer->count - at) * sizeof *packer->file);
    packer->file[at] = (PackFile){path, data, file->size};
    packer->count++;
    return STATUS_OK;
}

// -- what is there

static Status take_over(Packer *packer, const char *path, Error *err)
{
    Pack pack;
    Status status = pack_read(&pack, path, err);
    for (int i = 0; status == STATUS_OK && i < pack.count; i++) {
        packer->runs += pack_run_length(&pack.file[i]) > 0;
        status = insert(packer, &pack.file[i], err);
    }
    pack_release(&pack);
    return status;
}

Status packer_open(Packer *packer, const char *out, Error *err)
{
    FileList list;
    *packer = (Packer){.out = out};
    if (!file_exists(out)) return STATUS_OK;
    Status status = folder_list(&list, out, err);
    for (int i = 0; status == STATUS_OK && i < list.count; i++) {
        char path[PATH_LENGTH];
        if (!pack_is_name(list.name[i])) continue;
        status = path_format(path, err, "%s/%s", out, list.name[i]);
        if (status == STATUS_OK) status = take_over(packer, path, err);
    }
    file_list_release(&list);
    return status;
}

// -- one run

/** The files of a run, as they are packed. */
typedef struct RunTexts {
    Text record, evals, trace;
    bool has_trace;
    char settings_hash[RECORD_NAME];
} RunTexts;

static void release_texts(RunTexts *texts)
{
    text_release(&texts->record);
    text_release(&texts->evals);
    text_release(&texts->trace);
}

static Status read_record(RunTexts *texts, const RunFiles *files, Error *err)
{
    RunRecord record;
    Status status = run_files_record(&record, files, err);
    if (status == STATUS_OK) {
        record.timing.host[0] = '\0';
        record.timing.pid = 0;
        memcpy(texts->settings_hash, record.settings_hash, RECORD_NAME);
        status = record_print(&record, &texts->record, err);
    }
    record_release(&record);
    return status;
}

// evaluations were read when the run was collected, the trace was not
static Status read_trace(RunTexts *texts, const RunFiles *files, Error *err)
{
    Trace trace;
    Error why = {0};
    Status status = run_files_trace(&trace, files, &why);
    trace_release(&trace);
    if (status == STATUS_MISSING) return STATUS_OK;
    if (status != STATUS_OK) return error_set(err, status, "%s", why.message);
    texts->has_trace = true;
    return run_files_bytes(&texts->trace, files, "trace.csv", err);
}

static Status read_texts(RunTexts *texts, const RunFiles *files, Error *err)
{
    *texts = (RunTexts){.record = TEXT_INIT, .evals = TEXT_INIT, .trace = TEXT_INIT};
    Status status = read_record(texts, files, err);
    if (status == STATUS_OK) status = run_files_bytes(&texts->evals, files, "evals.csv", err);
    return status == STATUS_OK ? read_trace(texts, files, err) : status;
}

static Status add_text(Packer *packer, const char *place, const char *name, const Text *text,
                       Error *err)
{
    char path[FILE_PATH];
    (void)snprintf(path, sizeof path, "%s/%s", place, name);
    return insert(packer, &(PackFile){path, text->data, text->length}, err);
}

static bool is_same(const PackFile *packed, bool there, const Text *text)
{
    if (!packed || !there) return !packed && !there;
    return packed->size == text->length && memcmp(packed->data, text->data, text->length) == 0;
}

static Status refuse(const char *place, const char *what, const RunFiles *files, Error *err)
{
    return error_set(err, STATUS_MISMATCH,
                     "'%s' is packed with other %s than '%s' has; pack it into another folder",
                     place, what, files->folder);
}

// is the run that is packed at its place the same?
static Status compare(const Packer *packer, const PackFile *packed, const char *place,
                      const RunTexts *texts, const RunFiles *files, Error *err)
{
    RunRecord record;
    char evals[FILE_PATH], trace[FILE_PATH];
    (void)snprintf(evals, sizeof evals, "%s/evals.csv", place);
    (void)snprintf(trace, sizeof trace, "%s/trace.csv", place);
    Status status = record_parse(&record, packed->data, packed->size, packed->path, err);
    if (status == STATUS_OK && strcmp(record.settings_hash, texts->settings_hash) != 0)
        status = refuse(place, "settings", files, err);
    else if (status == STATUS_OK && !is_same(find(packer, evals), true, &texts->evals))
        status = refuse(place, "evaluations", files, err);
    else if (status == STATUS_OK &&
             !is_same(find(packer, trace), texts->has_trace, &texts->trace))
        status = refuse(place, "traces", files, err);
    record_release(&record);
    return status;
}

static bool has_changed(const Packer *packer, const char *path)
{
    size_t length = strcspn(path, "/");
    for (int i = 0; i < packer->changed_count; i++)
        if (strncmp(packer->changed[i], path, length) == 0 && !packer->changed[i][length])
            return true;
    return false;
}

static Status note_change(Packer *packer, const char *place, Error *err)
{
    size_t count = (size_t)packer->changed_count;
    if (has_changed(packer, place)) return STATUS_OK;
    char(*longer)[RECORD_NAME] = mem_grow(packer->changed, count, count + 1, sizeof *longer);
    if (!longer) return error_nomem(err);
    packer->changed = longer;
    (void)snprintf(longer[packer->changed_count++], RECORD_NAME, "%.*s",
                   (int)strcspn(place, "/"), place);
    return STATUS_OK;
}

static Status insert_run(Packer *packer, const char *place, const RunTexts *texts, Error *err)
{
    Status status = note_change(packer, place, err);
    if (status == STATUS_OK) status = add_text(packer, place, "run.json", &texts->record, err);
    if (status == STATUS_OK) status = add_text(packer, place, "evals.csv", &texts->evals, err);
    if (status == STATUS_OK && texts->has_trace)
        status = add_text(packer, place, "trace.csv", &texts->trace, err);
    packer->runs++;
    packer->added++;
    return status;
}

Status packer_add(Packer *packer, const Collection *collection, const RunSummary *run,
                  Error *err)
{
    RunFiles files;
    RunTexts texts;
    char place[RUN_PATH], path[FILE_PATH];
    Status status = collect_files(&files, collection, run, err);
    if (status != STATUS_OK) return status;
    collect_run_path(run, place);
    (void)snprintf(path, sizeof path, "%s/run.json", place);
    status = read_texts(&texts, &files, err);
    const PackFile *packed = find(packer, path);
    if (status == STATUS_OK)
        status = packed ? compare(packer, packed, place, &texts, &files, err)
                        : insert_run(packer, place, &texts, err);
    release_texts(&texts);
    return status;
}

// -- writing

// files from the first on that are of its family
static int family_size(const PackFile *file, int count)
{
    int size = 1;
    size_t length = strcspn(file->path, "/") + 1;
    while (size < count && strncmp(file[size].path, file->path, length) == 0)
        size++;
    return size;
}

static Status write_family(const Packer *packer, const PackFile *file, int count, Error *err)
{
    char path[PATH_LENGTH];
    int length = (int)strcspn(file->path, "/");
    Status status = path_format(path, err, "%s/%.*s.runs", packer->out, length, file->path);
    return status == STATUS_OK ? pack_write(file, count, path, err) : status;
}

Status packer_write(const Packer *packer, Error *err)
{
    Status status = folder_make(packer->out, err);
    for (int i = 0, size; status == STATUS_OK && i < packer->count; i += size) {
        size = family_size(&packer->file[i], packer->count - i);
        if (has_changed(packer, packer->file[i].path))
            status = write_family(packer, &packer->file[i], size, err);
    }
    return status;
}
