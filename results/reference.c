#include "results/reference.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "results/stats.h"
#include "suite/core/file.h"
#include "suite/core/json.h"
#include "suite/core/mem.h"

// no return comes near; two of them still have an exact enough difference
static const double largest_return = 1e15;

enum { FILE_LIMIT = 16 << 20, MOST_EPISODES = 1000000, MOST_SEEDS = 100000 };
static const double most_steps = 9007199254740992.0; // 2^53: all whole numbers up to it

Status reference_init(ReferenceList *list, int count, Error *err)
{
    *list = (ReferenceList){.count = count};
    list->member = mem_array((size_t)count, sizeof *list->member);
    if (list->member) return STATUS_OK;
    list->count = 0;
    return error_nomem(err);
}

void reference_release(ReferenceList *list)
{
    mem_free(list->member);
    *list = (ReferenceList){0};
}

const Reference *reference_find(const ReferenceList *list, const char *member)
{
    for (int i = 0; i < list->count; i++)
        if (strcmp(list->member[i].member, member) == 0) return &list->member[i];
    return NULL;
}

// -- reading

// names become those of folders and of columns: what records take too
static Status want_name(const Json *json, const JsonNode *object, const char *key, char *name,
                        size_t size, Error *err)
{
    const char *text = NULL;
    Status status = json_want_string(json, object, key, &text, err);
    if (status != STATUS_OK) return status;
    if (!*text || strlen(text) >= size || text[record_name_span(text)])
        return json_refuse(json, json_get(object, key), err, "'%.80s' cannot be a %s", text,
                           key);
    memcpy(name, text, strlen(text) + 1);
    return STATUS_OK;
}

static Status want_count(const Json *json, const JsonNode *object, const char *key, double most,
                         double *value, Error *err)
{
    Status status = json_want_number(json, object, key, value, err);
    if (status != STATUS_OK) return status;
    if (*value >= 1.0 && *value <= most && *value == floor(*value)) return STATUS_OK;
    return json_refuse(json, json_get(object, key), err,
                       "'%s' must be a whole number from 1 to %.0f", key, most);
}

static Status want_int(const Json *json, const JsonNode *object, const char *key, int most,
                       int *value, Error *err)
{
    double number = 0.0;
    Status status = want_count(json, object, key, (double)most, &number, err);
    if (status == STATUS_OK) *value = (int)number;
    return status;
}

static Status want_return(const Json *json, const JsonNode *object, const char *key,
                          double *value, Error *err)
{
    Status status = json_want_number(json, object, key, value, err);
    if (status != STATUS_OK || fabs(*value) <= largest_return) return status;
    return json_refuse(json, json_get(object, key), err, "'%s' is no return: more than %g", key,
                       largest_return);
}

static Status want_object(const Json *json, const JsonNode *object, const char *key,
                          const char *const *keys, int count, Error *err)
{
    const JsonNode *node = json_get(object, key);
    if (!node) return json_refuse(json, object, err, "'%s' is missing", key);
    return json_only_keys(json, node, keys, count, err);
}

static Status read_member(const Json *json, const JsonNode *node, ReferenceList *list,
                          Error *err)
{
    static const char *const keys[] = {"name", "random", "long"};
    Reference reference = {0};
    if (!json_is_object(node))
        return json_refuse(json, node, err, "a member must be an object");
    Status status = json_only_keys(json, node, keys, 3, err);
    if (status == STATUS_OK)
        status = want_name(json, node, "name", reference.member, sizeof reference.member, err);
    if (status == STATUS_OK && reference_find(list, reference.member))
        status = json_refuse(json, node, err, "member '%s' is given twice", reference.member);
    if (status == STATUS_OK) status = want_return(json, node, "random", &reference.random, err);
    if (status == STATUS_OK) status = want_return(json, node, "long", &reference.long_run, err);
    if (status == STATUS_OK) list->member[list->count++] = reference;
    return status;
}

static Status read_members(const Json *json, ReferenceList *list, Error *err)
{
    const JsonNode *root = json_root(json), *members = json_get(root, "members");
    int count = json_count(members);
    if (!json_is_array(members) || count == 0)
        return json_refuse(json, members ? members : root, err,
                           "'members' must be a list of at least one member");
    if (count > REFERENCE_MEMBERS)
        return json_refuse(json, members, err, "more than %d members", REFERENCE_MEMBERS);
    list->member = mem_array((size_t)count, sizeof *list->member);
    if (!list->member) return error_nomem(err);

    Status status = STATUS_OK;
    for (const JsonNode *node = json_first(members); status == STATUS_OK && node;
         node = json_next(node))
        status = read_member(json, node, list, err);
    return status;
}

static Status read_parts(const Json *json, ReferenceList *list, Error *err)
{
    static const char *const random_keys[] = {"episodes"};
    static const char *const long_keys[] = {"runs", "steps", "column"};
    const JsonNode *root = json_root(json);
    double steps = 0.0;
    Status status = want_object(json, root, "random", random_keys, 1, err);
    if (status == STATUS_OK)
        status = want_int(json, json_get(root, "random"), "episodes", MOST_EPISODES,
                          &list->episodes, err);
    if (status == STATUS_OK) status = want_object(json, root, "long", long_keys, 3, err);
    const JsonNode *part = json_get(root, "long");
    if (status == STATUS_OK)
        status = want_int(json, part, "runs", MOST_SEEDS, &list->runs, err);
    if (status == STATUS_OK) status = want_count(json, part, "steps", most_steps, &steps, err);
    if (status == STATUS_OK) list->steps = (int64_t)steps; // what was refused may not fit
    if (status == STATUS_OK)
        status = want_name(json, part, "column", list->column, sizeof list->column, err);
    return status;
}

static Status read_list(const Json *json, const char *family, ReferenceList *list, Error *err)
{
    static const char *const keys[] = {"family", "task_version", "mujoco",
                                       "random", "long",         "members"};
    const JsonNode *root = json_root(json);
    if (!json_is_object(root))
        return json_refuse(json, root, err, "a file of references must hold an object");
    Status status = json_only_keys(json, root, keys, 6, err);
    if (status == STATUS_OK)
        status = want_name(json, root, "family", list->family, sizeof list->family, err);
    if (status == STATUS_OK && strcmp(list->family, family) != 0)
        status =
            json_refuse(json, json_get(root, "family"), err,
                        "these are references of family '%s', not '%s'", list->family, family);
    if (status == STATUS_OK)
        status = want_int(json, root, "task_version", INT32_MAX, &list->task_version, err);
    if (status == STATUS_OK)
        status = want_name(json, root, "mujoco", list->mujoco, sizeof list->mujoco, err);
    if (status == STATUS_OK) status = read_parts(json, list, err);
    return status == STATUS_OK ? read_members(json, list, err) : status;
}

Status reference_parse(ReferenceList *out, const char *family, const char *text, size_t size,
                       const char *name, Error *err)
{
    Json *json;
    *out = (ReferenceList){0};
    Status status = json_parse(&json, text, size, name, err);
    if (status != STATUS_OK) return status;
    status = read_list(json, family, out, err);
    json_free(json);
    return status;
}

Status reference_read(ReferenceList *out, const char *family, const char *path, Error *err)
{
    char *text;
    size_t size;
    *out = (ReferenceList){0};
    Status status = file_read(&text, &size, path, FILE_LIMIT, err);
    if (status != STATUS_OK) return status;
    status = reference_parse(out, family, text, size, path, err);
    mem_free(text);
    return status;
}

// -- writing

Status reference_print(const ReferenceList *list, Text *text, Error *err)
{
    Json *json;
    Status status = json_new(&json, err);
    if (status != STATUS_OK) return status;

    JsonNode *root = json_root(json);
    json_put_string(json, root, "family", list->family);
    json_put_number(json, root, "task_version", list->task_version);
    json_put_string(json, root, "mujoco", list->mujoco);
    JsonNode *part = json_put_object(json, root, "random");
    json_put_number(json, part, "episodes", list->episodes);
    part = json_put_object(json, root, "long");
    json_put_number(json, part, "runs", list->runs);
    json_put_number(json, part, "steps", (double)list->steps);
    json_put_string(json, part, "column", list->column);
    JsonNode *members = json_put_array(json, root, "members");
    for (int i = 0; i < list->count; i++) {
        JsonNode *node = json_put_object(json, members, NULL);
        json_put_string(json, node, "name", list->member[i].member);
        json_put_number(json, node, "random", list->member[i].random);
        json_put_number(json, node, "long", list->member[i].long_run);
    }
    status = json_print(json, text, err);
    json_free(json);
    return status;
}

// -- normalising

double reference_value(const Reference *reference, double value)
{
    if (!reference || !(reference->long_run > reference->random)) return (double)NAN;
    return (value - reference->random) / (reference->long_run - reference->random);
}

static const ReferenceList *find_family(const ReferenceList *list, int count,
                                        const char *family)
{
    for (int i = 0; i < count; i++)
        if (strcmp(list[i].family, family) == 0) return &list[i];
    return NULL;
}

// NULL where the run's returns cannot be normalised
static const Reference *find_usable(const ReferenceList *list, const RunSummary *run)
{
    const Reference *reference = list ? reference_find(list, run->member) : NULL;
    if (!reference || strcmp(reference->task, run->task) != 0) return NULL;
    return isnan(reference_value(reference, 0.0)) ? NULL : reference;
}

const Reference *reference_of_run(const ReferenceList *list, int count, const RunSummary *run)
{
    return find_usable(find_family(list, count, run->family), run);
}

static Status warn_unknown(Collection *collection, const ReferenceList *list,
                           const RunSummary *run, Error *err)
{
    Text sentence = TEXT_INIT;
    text_printf(&sentence, "member '%s' of '%s' has no normalised returns: ", run->member,
                run->family);
    const Reference *reference = list ? reference_find(list, run->member) : NULL;
    if (!reference)
        text_printf(&sentence, "there are no references of it");
    else if (strcmp(reference->task, run->task) != 0)
        text_printf(&sentence,
                    "its runs were made with other parameters, settings of the family "
                    "or version of the task than its references");
    else
        text_printf(&sentence, "its long runs were no better than random actions");
    return collect_warn(collection, &sentence, err);
}

static Status warn_other_physics(Collection *collection, const ReferenceList *list,
                                 const RunSummary *run, Error *err)
{
    Text sentence = TEXT_INIT;
    text_printf(&sentence,
                "the references of '%s' were made with MuJoCo %s, runs such as member '%s' "
                "with %s",
                run->family, list->mujoco, run->member, run->mujoco);
    return collect_warn(collection, &sentence, err);
}

static void normalise_returns(RunSummary *run, const Reference *reference)
{
    for (int p = 0; p < POLICY_COUNT; p++)
        for (int m = 0; m < metric_count(); m++)
            if (metric_table[m].unit == METRIC_RETURN)
                run->metric[p][m] = reference_value(reference, run->metric[p][m]);
}

// normalise the evaluations of a run, and take the metrics that are defined on them so
static void measure_curve(Collection *collection, RunSummary *run, const Reference *reference)
{
    for (int p = 0; p < POLICY_COUNT; p++) {
        for (int i = 0; i < run->point_count; i++) {
            double *mean = &collection->point[run->first_point + i].mean[p];
            *mean = reference_value(reference, *mean);
        }
        MetricCurve curve = collect_curve(collection, run, (EvalPolicy)p);
        for (int m = 0; m < metric_count(); m++)
            if (metric_table[m].unit == METRIC_NORMALISED)
                run->metric[p][m] = reference ? metric_table[m].value(&curve) : (double)NAN;
    }
}

// warn of what is wrong with the references of a run, once for each member or family
static Status normalise(Collection *collection, const ReferenceList *list, int count,
                        bool returns, Error *err)
{
    const RunSummary *warned = NULL, *other_physics = NULL; // the last that was warned of
    Status status = STATUS_OK;
    for (int i = 0; status == STATUS_OK && i < collection->done.count; i++) {
        RunSummary *run = &collection->done.run[i];
        const ReferenceList *of = find_family(list, count, run->family);
        const Reference *reference = find_usable(of, run);
        if (returns) normalise_returns(run, reference);
        measure_curve(collection, run, reference);
        if (!reference && (!warned || !collect_same_member(warned, run))) {
            status = warn_unknown(collection, of, run, err);
            warned = run;
        }
        if (status == STATUS_OK && reference && strcmp(of->mujoco, run->mujoco) != 0 &&
            (!other_physics || strcmp(other_physics->family, run->family) != 0)) {
            status = warn_other_physics(collection, of, run, err);
            other_physics = run;
        }
    }
    return status;
}

Status reference_normalise(Collection *collection, const ReferenceList *list, int count,
                           Error *err)
{
    return normalise(collection, list, count, true, err);
}

Status reference_measure(Collection *collection, const ReferenceList *list, int count,
                         Error *err)
{
    return normalise(collection, list, count, false, err);
}

// -- making

static bool is_of(const RunSummary *run, const ReferenceList *list, const Reference *member)
{
    return strcmp(run->family, list->family) == 0 && strcmp(run->member, member->member) == 0 &&
           strcmp(run->column, list->column) == 0;
}

static Status refuse_unfinished(const ReferenceList *list, const Reference *member,
                                const Collection *collection, Error *err)
{
    for (int i = 0; i < collection->other.count; i++) {
        const RunSummary *run = &collection->other.run[i];
        char path[RUN_PATH];
        if (!is_of(run, list, member)) continue;
        collect_run_path(run, path);
        return error_set(err, STATUS_MISSING, "'%s' is %s: references need all runs done", path,
                         run_status_name(run->status));
    }
    return STATUS_OK;
}

// the settings of a member's first run are those of all its runs
static Status check_run(const ReferenceList *list, const Reference *member,
                        const RunSummary *first, const RunSummary *run, Error *err)
{
    char path[RUN_PATH];
    collect_run_path(run, path);
    if (strcmp(run->task, member->task) != 0)
        return error_set(
            err, STATUS_MISMATCH,
            "'%s' was made with other parameters, settings of the family or version "
            "of the task than it has now",
            path);
    if (strcmp(run->settings_hash, first->settings_hash) != 0)
        return error_set(err, STATUS_MISMATCH, "'%s' has other settings than seed %d", path,
                         first->seed);
    if (strcmp(run->mujoco, list->mujoco) != 0)
        return error_set(err, STATUS_MISMATCH, "'%s' was made with MuJoCo %s, this is %s", path,
                         run->mujoco, list->mujoco);
    return STATUS_OK;
}

// seeds count from 0, and the budget of the first run is that of all
static Status check_seed(ReferenceList *list, const RunSummary *run, int seed, Error *err)
{
    char path[RUN_PATH];
    collect_run_path(run, path);
    if (!list->steps) list->steps = run->budget;
    if (run->seed != seed)
        return error_set(err, STATUS_MISSING,
                         "member '%s' of '%s' has no finished run of '%s' with seed %d, but "
                         "one with seed %d",
                         run->member, run->family, run->column, seed, run->seed);
    if (run->budget == list->steps) return STATUS_OK;
    return error_set(err, STATUS_MISMATCH,
                     "'%s' has %" PRId64 " training steps, the runs before it %" PRId64, path,
                     run->budget, list->steps);
}

// the first member's number of runs is that of all
static Status check_count(ReferenceList *list, const Reference *member, int count, Error *err)
{
    if (!count)
        return error_set(err, STATUS_MISSING, "member '%s' of '%s' has no finished run of '%s'",
                         member->member, list->family, list->column);
    if (!list->runs) list->runs = count;
    if (count == list->runs) return STATUS_OK;
    return error_set(
        err, STATUS_MISMATCH, "member '%s' of '%s' has %d runs of '%s', member '%s' has %d",
        member->member, list->family, count, list->column, list->member[0].member, list->runs);
}

// @param value (finished runs) room
static Status take_long(ReferenceList *list, Reference *member, const Collection *collection,
                        double *value, Error *err)
{
    int final, count = 0;
    const RunSummary *first = NULL;
    Status status = metric_find(&final, "final", err);
    if (status == STATUS_OK) status = refuse_unfinished(list, member, collection, err);
    for (int i = 0; status == STATUS_OK && i < collection->done.count; i++) {
        const RunSummary *run = &collection->done.run[i];
        if (!is_of(run, list, member)) continue;
        value[count] = run->metric[POLICY_DEPLOYED][final];
        if (!first) first = run;
        status = check_seed(list, run, count, err);
        if (status == STATUS_OK) status = check_run(list, member, first, run, err);
        if (status == STATUS_OK && !isfinite(value[count]))
            status = error_set(err, STATUS_MISSING,
                               "seed %d of member '%s' of '%s' has no evaluations for 'final'",
                               run->seed, run->member, run->family);
        count++;
    }
    if (status == STATUS_OK) status = check_count(list, member, count, err);
    if (status == STATUS_OK) member->long_run = stats_mean(value, count);
    return status;
}

Status reference_long(ReferenceList *list, const Collection *collection, Error *err)
{
    double *value = mem_array((size_t)collection->done.count, sizeof *value);
    if (!value) return error_nomem(err);
    list->runs = 0;
    list->steps = 0;
    Status status = STATUS_OK;
    for (int i = 0; status == STATUS_OK && i < list->count; i++)
        status = take_long(list, &list->member[i], collection, value, err);
    mem_free(value);
    return status;
}
