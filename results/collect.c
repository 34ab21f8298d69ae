#include "results/collect.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "suite/core/check.h"
#include "suite/core/file.h"
#include "suite/core/mem.h"
#include "suite/core/text.h"

static void release_place(CollectPlace *place)
{
    for (int i = 0; i < place->pack_count; i++)
        pack_release(&place->pack[i]);
    mem_free(place->pack);
    mem_free(place->path);
}

void collect_release(Collection *collection)
{
    for (int i = 0; i < collection->warning_count; i++)
        mem_free(collection->warning[i]);
    for (int i = 0; i < collection->place_count; i++)
        release_place(&collection->place[i]);
    mem_free(collection->place);
    mem_free(collection->warning);
    mem_free(collection->point);
    mem_free(collection->done.run);
    mem_free(collection->other.run);
    *collection = (Collection){.role = collection->role};
}

void collect_run_path(const RunSummary *run, char path[RUN_PATH])
{
    (void)snprintf(path, RUN_PATH, "%s/%s/%s/seed-%d", run->family, run->member, run->column,
                   run->seed);
}

// room for one more item: arrays double whenever their count is a power of two
static void *grown(void *array, int count, size_t size)
{
    if (count & (count - 1)) return array;
    return mem_grow(array, (size_t)count, count ? 2 * (size_t)count : 1, size);
}

static Status add(RunList *list, const RunSummary *run, Error *err)
{
    RunSummary *array = grown(list->run, list->count, sizeof *array);
    if (!array) return error_nomem(err);
    list->run = array;
    array[list->count] = *run;
    array[list->count].found = list->count;
    list->count++;
    return STATUS_OK;
}

Status collect_warn(Collection *collection, Text *sentence, Error *err)
{
    Status status = text_status(sentence, err);
    char *copy = status == STATUS_OK ? mem_string(sentence->data) : NULL;
    char **list =
        copy ? grown(collection->warning, collection->warning_count, sizeof *list) : NULL;
    text_release(sentence);
    if (!list) {
        mem_free(copy);
        return error_nomem(err);
    }
    collection->warning = list;
    list[collection->warning_count++] = copy;
    return STATUS_OK;
}

// what the world did to one run is a warning; only our own lack of memory stops
static Status leave_out(Collection *collection, const char *folder, const Error *why,
                        Error *err)
{
    if (why->status == STATUS_NOMEM) return error_nomem(err);
    Text sentence = TEXT_INIT;
    text_printf(&sentence, "left out '%s': %s", folder, why->message);
    return collect_warn(collection, &sentence, err);
}

static RunSummary summary_of(const RunRecord *record)
{
    RunSummary run = {
        .seed = record->seed,
        .status = record->status,
        .task_version = record->task_version,
        .budget = record->steps,
        .knowledge_bytes = record->knowledge_bytes,
    };
    memcpy(run.family, record->family, sizeof run.family);
    memcpy(run.member, record->member, sizeof run.member);
    memcpy(run.role, record->role, sizeof run.role);
    memcpy(run.mujoco, record->mujoco, sizeof run.mujoco);
    memcpy(run.settings_hash, record->settings_hash, sizeof run.settings_hash);
    record_task(record, run.task);
    (void)snprintf(run.column, sizeof run.column, "%s%s%s", record->method,
                   *record->label ? "+" : "", record->label);
    return run;
}

// does the folder end in the run's own path?
static bool is_in_place(const RunSummary *run, const char *folder)
{
    char path[RUN_PATH];
    collect_run_path(run, path);
    size_t have = strlen(folder), want = strlen(path);
    return have >= want && strcmp(folder + have - want, path) == 0 &&
           (have == want || folder[have - want - 1] == '/');
}

static Status read_summary(RunSummary *run, const RunFiles *files, Error *err)
{
    RunRecord record;
    Status status = run_files_record(&record, files, err);
    if (status == STATUS_OK) *run = summary_of(&record);
    record_release(&record);
    if (status != STATUS_OK || is_in_place(run, files->folder)) return status;

    char path[RUN_PATH];
    collect_run_path(run, path);
    return error_set(err, STATUS_MISMATCH, "its record says that it is '%s'", path);
}

MetricCurve collect_curve(const Collection *collection, const RunSummary *run,
                          EvalPolicy policy)
{
    return (MetricCurve){
        .point = run->point_count ? &collection->point[run->first_point] : NULL,
        .count = run->point_count,
        .policy = policy,
        .budget = run->budget,
    };
}

// room for `more` evaluations; it doubles, so that many runs are seldom copied
static Status reserve_points(Collection *collection, int more, Error *err)
{
    int count = collection->point_count;
    if (count + more <= collection->point_room) return STATUS_OK;
    int room = 2 * (count + more);
    MetricPoint *longer =
        mem_grow(collection->point, (size_t)count, (size_t)room, sizeof *longer);
    if (!longer) return error_nomem(err);
    collection->point = longer;
    collection->point_room = room;
    return STATUS_OK;
}

static void fill_metrics(RunSummary *run, const Collection *collection)
{
    for (int p = 0; p < POLICY_COUNT; p++) {
        MetricCurve curve = collect_curve(collection, run, (EvalPolicy)p);
        for (int m = 0; m < metric_count(); m++)
            run->metric[p][m] = metric_table[m].unit == METRIC_RETURN
                                    ? metric_table[m].value(&curve)
                                    : (double)NAN;
    }
}

// @param[out] why what is wrong with the file; our own lack of memory is in it too
static Status read_curve(Collection *collection, RunSummary *run, const RunFiles *files,
                         Error *why)
{
    EvalCurve curve;
    Status status = run_files_evals(&curve, files, why);
    if (status == STATUS_OK) status = reserve_points(collection, curve.count, why);
    if (status == STATUS_OK) {
        run->first_point = collection->point_count;
        run->point_count = metric_points(collection->point + run->first_point, &curve);
        collection->point_count += run->point_count;
        fill_metrics(run, collection);
    }
    eval_curve_release(&curve);
    return status;
}

// a metric that its evaluations do not give leaves a hole in the tables: say so
static Status warn_holes(Collection *collection, const RunSummary *run, const char *folder,
                         Error *err)
{
    Text sentence = TEXT_INIT;
    for (int m = 0; m < metric_count(); m++)
        if (metric_table[m].unit == METRIC_RETURN && metric_table[m].seeds == SEEDS_MEAN &&
            isnan(run->metric[POLICY_DEPLOYED][m]))
            text_printf(&sentence, "%s%s", sentence.length ? ", " : "", metric_table[m].name);
    if (!sentence.length && !sentence.failed) return STATUS_OK;

    Text whole = TEXT_INIT;
    text_printf(&whole, "the evaluations of '%s' do not give: %s", folder, sentence.data);
    whole.failed |= sentence.failed;
    text_release(&sentence);
    return collect_warn(collection, &whole, err);
}

// @param place where it is below, and @param pack of that
static Status collect(Collection *collection, const RunFiles *files, int place, int pack,
                      Error *err)
{
    RunSummary run;
    Error why = {0};
    if (read_summary(&run, files, &why) != STATUS_OK)
        return leave_out(collection, files->folder, &why, err);
    if (collection->role && strcmp(run.role, collection->role) != 0) return STATUS_OK;
    run.folder = place;
    run.pack = pack;
    if (run.status != RUN_DONE) return add(&collection->other, &run, err);

    if (read_curve(collection, &run, files, &why) != STATUS_OK)
        return leave_out(collection, files->folder, &why, err);
    Status status = warn_holes(collection, &run, files->folder, err);
    return status == STATUS_OK ? add(&collection->done, &run, err) : status;
}

Status collect_run(Collection *collection, const char *folder, Error *err)
{
    RunFiles files = {.pack = NULL};
    Status status = path_format(files.folder, err, "%s", folder);
    return status == STATUS_OK ? collect(collection, &files, -1, -1, err) : status;
}

Status collect_files(RunFiles *files, const Collection *collection, const RunSummary *run,
                     Error *err)
{
    char path[RUN_PATH];
    CHECK(run->folder >= 0);
    const CollectPlace *place = &collection->place[run->folder];
    *files = (RunFiles){.pack = run->pack < 0 ? NULL : &place->pack[run->pack]};
    collect_run_path(run, path);
    return path_format(files->folder, err, "%s/%s",
                       files->pack ? files->pack->name : place->path, path);
}

// -- the tree

typedef Status Visit(Collection *collection, const char *folder, Error *err);

// a name with a slash after it is found only if it is a folder's
static bool is_folder(const char *path)
{
    char with_slash[PATH_LENGTH];
    return path_format(with_slash, NULL, "%s/", path) == STATUS_OK && file_exists(with_slash);
}

// visit the folders in `folder`, sorted by name, without `skip` and hidden ones
static Status each_folder(Collection *collection, const char *folder, const char *skip,
                          Visit *visit, Error *err)
{
    FileList list;
    Status status = folder_list(&list, folder, err);
    for (int i = 0; status == STATUS_OK && i < list.count; i++) {
        char path[PATH_LENGTH];
        if (list.name[i][0] == '.' || strcmp(list.name[i], skip) == 0) continue;
        status = path_format(path, err, "%s/%s", folder, list.name[i]);
        if (status == STATUS_OK && is_folder(path)) status = visit(collection, path, err);
    }
    file_list_release(&list);
    return status;
}

// each_folder() below the top, where a folder that cannot be read is a warning
static Status each_below(Collection *collection, const char *folder, const char *skip,
                         Visit *visit, Error *err)
{
    Error why = {0};
    if (each_folder(collection, folder, skip, visit, &why) == STATUS_OK) return STATUS_OK;
    return leave_out(collection, folder, &why, err);
}

static Status visit_seed(Collection *collection, const char *folder, Error *err)
{
    const char *name = strrchr(folder, '/') + 1;
    if (strncmp(name, "seed-", 5) != 0) return STATUS_OK;
    RunFiles files = {.pack = NULL};
    Status status = path_format(files.folder, err, "%s", folder);
    if (status != STATUS_OK) return status;
    return collect(collection, &files, collection->place_count - 1, -1, err);
}

static Status visit_column(Collection *collection, const char *folder, Error *err)
{
    return each_below(collection, folder, "", visit_seed, err);
}

static Status visit_member(Collection *collection, const char *folder, Error *err)
{
    return each_below(collection, folder, "source", visit_column, err);
}

static Status visit_family(Collection *collection, const char *folder, Error *err)
{
    return each_below(collection, folder, "knowledge", visit_member, err);
}

// -- packs

static Status collect_pack(Collection *collection, int number, Error *err)
{
    int place = collection->place_count - 1;
    const Pack *pack = &collection->place[place].pack[number];
    Status status = STATUS_OK;
    for (int i = 0; status == STATUS_OK && i < pack->count; i++) {
        size_t length = pack_run_length(&pack->file[i]);
        RunFiles files = {.pack = pack};
        if (!length) continue;
        status = path_format(files.folder, err, "%s/%.*s", pack->name, (int)length,
                             pack->file[i].path);
        if (status == STATUS_OK) status = collect(collection, &files, place, number, err);
    }
    return status;
}

static Status collect_packs(Collection *collection, const char *out, Error *err)
{
    CollectPlace *place = &collection->place[collection->place_count - 1];
    FileList list;
    Status status = folder_list(&list, out, err);
    if (status == STATUS_OK) place->pack = mem_array((size_t)list.count, sizeof *place->pack);
    if (status == STATUS_OK && !place->pack) status = error_nomem(err);
    for (int i = 0; status == STATUS_OK && i < list.count; i++) {
        char path[PATH_LENGTH];
        if (!pack_is_name(list.name[i])) continue;
        status = path_format(path, err, "%s/%s", out, list.name[i]);
        if (status == STATUS_OK)
            status = pack_read(&place->pack[place->pack_count++], path, err);
        if (status == STATUS_OK) status = collect_pack(collection, place->pack_count - 1, err);
    }
    file_list_release(&list);
    return status;
}

static Status add_place(Collection *collection, const char *path, Error *err)
{
    char *copy = mem_string(path);
    CollectPlace *list =
        copy ? grown(collection->place, collection->place_count, sizeof *list) : NULL;
    if (!list) {
        mem_free(copy);
        return error_nomem(err);
    }
    collection->place = list;
    list[collection->place_count++] = (CollectPlace){.path = copy};
    return STATUS_OK;
}

Status collect_folder(Collection *collection, const char *out, Error *err)
{
    Status status = add_place(collection, out, err);
    if (status == STATUS_OK) status = each_folder(collection, out, "", visit_family, err);
    return status == STATUS_OK ? collect_packs(collection, out, err) : status;
}

// -- some columns only

// is `column` one of the comma separated ones?
static bool is_listed(const char *columns, const char *column)
{
    size_t length = strlen(column);
    for (const char *at = columns; at; at = strchr(at, ',')) {
        at += at != columns;
        if (strncmp(at, column, length) == 0 && (at[length] == ',' || !at[length])) return true;
    }
    return false;
}

static void keep_listed(RunList *list, const char *columns)
{
    int kept = 0;
    for (int i = 0; i < list->count; i++)
        if (is_listed(columns, list->run[i].column)) list->run[kept++] = list->run[i];
    list->count = kept;
}

static Status check_column(const RunList *list, const char *column, Error *err)
{
    const char **name = mem_array((size_t)list->count, sizeof *name);
    if (!name) return error_nomem(err);
    for (int i = 0; i < list->count; i++)
        name[i] = list->run[i].column;
    const char *nearest = nearest_name(column, name, list->count);
    mem_free(name);
    if (nearest && strcmp(nearest, column) == 0) return STATUS_OK;
    return error_set(err, STATUS_USAGE, "there are no finished runs of '%.100s'%s%s%s", column,
                     nearest ? "; did you mean '" : "", nearest ? nearest : "",
                     nearest ? "'?" : "");
}

Status collect_only(Collection *collection, const char *columns, Error *err)
{
    for (const char *at = columns; at; at = strchr(at, ',')) {
        char column[COLUMN_NAME];
        at += at != columns;
        (void)snprintf(column, sizeof column, "%.*s", (int)strcspn(at, ","), at);
        Status status = check_column(&collection->done, column, err);
        if (status != STATUS_OK) return status;
    }
    keep_listed(&collection->done, columns);
    keep_listed(&collection->other, columns);
    return STATUS_OK;
}

// -- order, and what cannot be compared

static int role_rank(const char *role)
{
    return strcmp(role, "target") == 0 ? 0 : strcmp(role, "tune") == 0 ? 1 : 2;
}

bool collect_same_member(const RunSummary *a, const RunSummary *b)
{
    return strcmp(a->family, b->family) == 0 && strcmp(a->role, b->role) == 0 &&
           strcmp(a->member, b->member) == 0;
}

int collect_column_order(const char *a, const char *b)
{
    int baseline = (strcmp(b, "scratch") == 0) - (strcmp(a, "scratch") == 0);
    return baseline ? baseline : strcmp(a, b);
}

static int member_order(const RunSummary *a, const RunSummary *b)
{
    int order = strcmp(a->family, b->family);
    if (!order) order = role_rank(a->role) - role_rank(b->role);
    return order ? order : strcmp(a->member, b->member);
}

static int run_order(const void *a, const void *b)
{
    const RunSummary *x = a, *y = b;
    int order = member_order(x, y);
    if (!order) order = collect_column_order(x->column, y->column);
    if (!order) order = (x->seed > y->seed) - (x->seed < y->seed);
    return order ? order : x->found - y->found;
}

static bool is_same_run(const RunSummary *a, const RunSummary *b)
{
    return member_order(a, b) == 0 && strcmp(a->column, b->column) == 0 && a->seed == b->seed;
}

static Status warn_twice(Collection *collection, const RunSummary *run, Error *err)
{
    char path[RUN_PATH];
    Text sentence = TEXT_INIT;
    collect_run_path(run, path);
    text_printf(&sentence, "'%s' was found twice and is counted once", path);
    return collect_warn(collection, &sentence, err);
}

static Status sort(Collection *collection, RunList *list, Error *err)
{
    if (list->count) qsort(list->run, (size_t)list->count, sizeof *list->run, run_order);

    int kept = 0;
    for (int i = 0; i < list->count; i++) {
        if (!kept || !is_same_run(&list->run[kept - 1], &list->run[i])) {
            list->run[kept++] = list->run[i];
            continue;
        }
        Status status = warn_twice(collection, &list->run[i], err);
        if (status != STATUS_OK) return status;
    }
    list->count = kept;
    return STATUS_OK;
}

// the first run of another MuJoCo version than the first of all, or NULL
static const RunSummary *find_mixed(const RunList *list)
{
    for (int i = 1; i < list->count; i++)
        if (strcmp(list->run[0].mujoco, list->run[i].mujoco) != 0) return &list->run[i];
    return NULL;
}

bool collect_is_mixed(const Collection *collection)
{
    return find_mixed(&collection->done) != NULL;
}

static Status refuse_mixed(const RunList *list, Error *err)
{
    const RunSummary *a = list->run, *b = find_mixed(list);
    if (!b) return STATUS_OK;
    char path_a[RUN_PATH], path_b[RUN_PATH];
    collect_run_path(a, path_a);
    collect_run_path(b, path_b);
    return error_set(err, STATUS_MISMATCH,
                     "the runs are of different MuJoCo versions, %s ('%s') and %s ('%s'); "
                     "--allow-mixed compares them all the same",
                     a->mujoco, path_a, b->mujoco, path_b);
}

static Status warn_unfair(Collection *collection, const RunSummary *a, const RunSummary *b,
                          Error *err)
{
    char path_a[RUN_PATH], path_b[RUN_PATH];
    Text sentence = TEXT_INIT;
    collect_run_path(a, path_a);
    collect_run_path(b, path_b);
    text_printf(&sentence,
                "not a fair comparison: '%s' has %" PRId64
                " steps of task version %d, '%s' has "
                "%" PRId64 " of version %d",
                path_a, a->budget, a->task_version, path_b, b->budget, b->task_version);
    return collect_warn(collection, &sentence, err);
}

// one warning for each member whose runs, of those watched, differ in budget or task version
static Status find_unfair(Collection *collection, Error *err)
{
    const RunList *list = &collection->done;
    const RunSummary *first = NULL;
    bool warned = false;

    for (int i = 0; i < list->count; i++) {
        const RunSummary *run = &list->run[i];
        if (collection->watched && !is_listed(collection->watched, run->column)) continue;
        if (!first || member_order(first, run) != 0) {
            first = run;
            warned = false;
        }
        if (warned ||
            (run->budget == first->budget && run->task_version == first->task_version))
            continue;
        Status status = warn_unfair(collection, first, run, err);
        if (status != STATUS_OK) return status;
        warned = true;
    }
    return STATUS_OK;
}

Status collect_finish(Collection *collection, bool allow_mixed, Error *err)
{
    Status status = sort(collection, &collection->done, err);
    if (status == STATUS_OK) status = sort(collection, &collection->other, err);
    if (status == STATUS_OK && !allow_mixed) status = refuse_mixed(&collection->done, err);
    return status == STATUS_OK ? find_unfair(collection, err) : status;
}

int collect_columns(const Collection *collection)
{
    const RunList *done = &collection->done;
    int columns = 0;
    for (int i = 0; i < done->count; i++) {
        int k = 0;
        while (strcmp(done->run[k].column, done->run[i].column) != 0)
            k++;
        columns += k == i; // the first of them
    }
    return columns;
}

bool collect_is_variant(const char *column)
{
    return strchr(column, '+') != NULL;
}

static void keep_methods(RunList *list)
{
    int kept = 0;
    for (int i = 0; i < list->count; i++)
        if (!collect_is_variant(list->run[i].column)) list->run[kept++] = list->run[i];
    list->count = kept;
}

bool collect_methods(Collection *collection)
{
    bool there = false;
    for (int i = 0; i < collection->done.count; i++)
        there = there || !collect_is_variant(collection->done.run[i].column);
    if (!there) return false;
    keep_methods(&collection->done);
    keep_methods(&collection->other);
    return true;
}
