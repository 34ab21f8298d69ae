#include "results/record.h"

#include <math.h>
#include <string.h>

#include "suite/core/file.h"
#include "suite/core/hash.h"
#include "suite/core/json.h"
#include "suite/core/mem.h"
#include "suite/core/text.h"

static const double largest_count = 0x1p53; // whole numbers up to here are exact in JSON

static const char *const status_names[] = {
    [RUN_RUNNING] = "running",
    [RUN_DONE] = "done",
    [RUN_FAILED] = "failed",
    [RUN_INTERRUPTED] = "interrupted",
};

const char *run_status_name(RunStatus status)
{
    return status_names[status];
}

// -- lists

void record_release(RunRecord *record)
{
    mem_free(record->param);
    mem_free(record->setting);
    mem_free(record->source);
    mem_free(record->diagnostic);
    mem_free(record->physics);
    mem_free(record->warning);
    *record = (RunRecord){0};
}

// room for one more item: arrays double whenever their count is a power of two
static void *grown(void *array, int count, size_t size)
{
    if (count & (count - 1)) return array;
    return mem_grow(array, (size_t)count, count ? 2 * (size_t)count : 1, size);
}

static Status refuse_full(int count, const char *what, Error *err)
{
    if (count < RECORD_ITEMS) return STATUS_OK;
    return error_set(err, STATUS_RANGE, "a record holds at most %d %ss", RECORD_ITEMS, what);
}

static Status refuse_long(const char *text, const char *what, Error *err)
{
    if (strlen(text) < RECORD_NAME) return STATUS_OK;
    return error_set(err, STATUS_RANGE, "%s '%.80s' is longer than %d characters", what, text,
                     RECORD_NAME - 1);
}

Status record_add_setting(RunRecord *record, const char *key, const char *value, Error *err)
{
    Status status = refuse_full(record->setting_count, "setting", err);
    if (status == STATUS_OK) status = refuse_long(key, "setting", err);
    if (status == STATUS_OK) status = refuse_long(value, "value", err);
    if (status != STATUS_OK) return status;
    for (int i = 0; i < record->setting_count; i++)
        if (strcmp(record->setting[i].key, key) == 0)
            return error_set(err, STATUS_RANGE, "setting '%s' is given twice", key);

    RecordSetting *setting = grown(record->setting, record->setting_count, sizeof *setting);
    if (!setting) return error_nomem(err);
    record->setting = setting;
    setting += record->setting_count++;
    memcpy(setting->key, key, strlen(key) + 1);
    memcpy(setting->value, value, strlen(value) + 1);
    return STATUS_OK;
}

Status record_add_source(RunRecord *record, const RecordSource *source, Error *err)
{
    Status status = refuse_full(record->source_count, "source", err);
    if (status != STATUS_OK) return status;

    RecordSource *list = grown(record->source, record->source_count, sizeof *list);
    if (!list) return error_nomem(err);
    record->source = list;
    list[record->source_count++] = *source;
    return STATUS_OK;
}

static Status add_number(RecordNumber **list, int *count, const char *name, double value,
                         Error *err)
{
    Status status = refuse_full(*count, "number", err);
    if (status == STATUS_OK) status = refuse_long(name, "number", err);
    if (status != STATUS_OK) return status;
    for (int i = 0; i < *count; i++)
        if (strcmp((*list)[i].name, name) == 0)
            return error_set(err, STATUS_RANGE, "number '%s' is given twice", name);

    RecordNumber *number = grown(*list, *count, sizeof *number);
    if (!number) return error_nomem(err);
    *list = number;
    number += (*count)++;
    memcpy(number->name, name, strlen(name) + 1);
    number->value = value;
    return STATUS_OK;
}

Status record_add_param(RunRecord *record, const char *name, double value, Error *err)
{
    return add_number(&record->param, &record->param_count, name, value, err);
}

Status record_add_diagnostic(RunRecord *record, const char *name, double value, Error *err)
{
    return add_number(&record->diagnostic, &record->diagnostic_count, name, value, err);
}

Status record_add_physics(RunRecord *record, const char *name, double count, Error *err)
{
    return add_number(&record->physics, &record->physics_count, name, count, err);
}

Status record_add_warning(RunRecord *record, const char *sentence, Error *err)
{
    Status status = refuse_full(record->warning_count, "warning", err);
    if (status != STATUS_OK) return status;

    char(*warning)[RECORD_TEXT] =
        grown(record->warning, record->warning_count, sizeof *warning);
    if (!warning) return error_nomem(err);
    record->warning = warning;

    // cut before a character of several bytes, not within it
    size_t length = strnlen(sentence, RECORD_TEXT - 1);
    while (sentence[length] && ((unsigned char)sentence[length] & 0xC0) == 0x80)
        length--;
    memcpy(warning[record->warning_count], sentence, length);
    warning[record->warning_count++][length] = '\0';
    return STATUS_OK;
}

// -- run.json: one row per key says where its value is and how it is written and read

typedef struct Kind {
    void (*write)(Json *json, JsonNode *object, const char *key, const void *place);
    Status (*read)(const Json *json, const JsonNode *object, const char *key, void *place,
                   Error *err);
} Kind;

typedef struct Field {
    const char *key;
    const Kind *kind;
    size_t offset; // of its place in the struct
} Field;

enum { FIELD_MAX = 32 };

static void write_fields(Json *json, JsonNode *object, const Field *field, const void *base)
{
    for (; field->key; field++)
        field->kind->write(json, object, field->key, (const char *)base + field->offset);
}

// all keys and no others
static Status read_fields(const Json *json, const JsonNode *object, const Field *fields,
                          void *base, Error *err)
{
    const char *keys[FIELD_MAX];
    int count = 0;
    for (const Field *field = fields; field->key; field++)
        keys[count++] = field->key;

    Status status = json_only_keys(json, object, keys, count, err);
    for (const Field *field = fields; status == STATUS_OK && field->key; field++)
        status = field->kind->read(json, object, field->key, (char *)base + field->offset, err);
    return status;
}

static Status copy_string(const Json *json, const JsonNode *node, const char *what, char *out,
                          size_t size, Error *err)
{
    const char *text = json_string(node);
    if (strlen(text) >= size)
        return json_refuse(json, node, err, "'%s' is longer than %zu characters", what,
                           size - 1);
    memcpy(out, text, strlen(text) + 1);
    return STATUS_OK;
}

static Status read_string(const Json *json, const JsonNode *object, const char *key, char *out,
                          size_t size, Error *err)
{
    const char *text;
    Status status = json_want_string(json, object, key, &text, err);
    if (status != STATUS_OK) return status;
    return copy_string(json, json_get(object, key), key, out, size, err);
}

static void write_text(Json *json, JsonNode *object, const char *key, const void *place)
{
    json_put_string(json, object, key, place);
}

static Status read_name(const Json *json, const JsonNode *object, const char *key, void *place,
                        Error *err)
{
    return read_string(json, object, key, place, RECORD_NAME, err);
}

static Status read_text(const Json *json, const JsonNode *object, const char *key, void *place,
                        Error *err)
{
    return read_string(json, object, key, place, RECORD_TEXT, err);
}

size_t record_name_span(const char *text)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                  "0123456789_-.+=";
    return text[0] == '.' ? 0 : strspn(text, allowed);
}

// a name that is also a folder's, so that no record can point out of its place
static Status read_label(const Json *json, const JsonNode *object, const char *key, void *place,
                         Error *err)
{
    Status status = read_name(json, object, key, place, err);
    if (status != STATUS_OK) return status;
    const char *name = place;
    if (name[record_name_span(name)] == '\0') return STATUS_OK;
    return json_refuse(json, json_get(object, key), err, "'%s' cannot be a %s", name, key);
}

static Status read_id(const Json *json, const JsonNode *object, const char *key, void *place,
                      Error *err)
{
    Status status = read_label(json, object, key, place, err);
    if (status != STATUS_OK || *(const char *)place) return status;
    return json_refuse(json, json_get(object, key), err, "'%s' is empty", key);
}

static Status read_role(const Json *json, const JsonNode *object, const char *key, void *place,
                        Error *err)
{
    Status status = read_name(json, object, key, place, err);
    if (status != STATUS_OK) return status;
    const char *role = place;
    if (strcmp(role, "source") == 0 || strcmp(role, "tune") == 0 || strcmp(role, "target") == 0)
        return STATUS_OK;
    return json_refuse(json, json_get(object, key), err,
                       "role '%s' is not source, tune or target", role);
}

static void write_status(Json *json, JsonNode *object, const char *key, const void *place)
{
    json_put_string(json, object, key, run_status_name(*(const RunStatus *)place));
}

static Status read_status(const Json *json, const JsonNode *object, const char *key,
                          void *place, Error *err)
{
    const char *text;
    Status status = json_want_string(json, object, key, &text, err);
    if (status != STATUS_OK) return status;
    for (int i = RUN_RUNNING; i <= RUN_INTERRUPTED; i++) {
        if (strcmp(text, status_names[i]) != 0) continue;
        *(RunStatus *)place = (RunStatus)i;
        return STATUS_OK;
    }
    return json_refuse(json, json_get(object, key), err,
                       "status '%s' is not running, done, failed or interrupted", text);
}

static Status read_whole(const Json *json, const JsonNode *object, const char *key, double most,
                         double *value, Error *err)
{
    Status status = json_want_number(json, object, key, value, err);
    if (status != STATUS_OK) return status;
    if (*value >= 0.0 && *value <= most && *value == floor(*value)) return STATUS_OK;
    return json_refuse(json, json_get(object, key), err,
                       "'%s' must be a whole number from 0 to %.0f", key, most);
}

static void write_int(Json *json, JsonNode *object, const char *key, const void *place)
{
    json_put_number(json, object, key, *(const int *)place);
}

static Status read_int(const Json *json, const JsonNode *object, const char *key, void *place,
                       Error *err)
{
    double value;
    Status status = read_whole(json, object, key, INT32_MAX, &value, err);
    if (status == STATUS_OK) *(int *)place = (int)value;
    return status;
}

static void write_count(Json *json, JsonNode *object, const char *key, const void *place)
{
    json_put_number(json, object, key, (double)*(const int64_t *)place);
}

static Status read_count(const Json *json, const JsonNode *object, const char *key, void *place,
                         Error *err)
{
    double value;
    Status status = read_whole(json, object, key, largest_count, &value, err);
    if (status == STATUS_OK) *(int64_t *)place = (int64_t)value;
    return status;
}

static void write_number(Json *json, JsonNode *object, const char *key, const void *place)
{
    json_put_number(json, object, key, *(const double *)place);
}

static bool is_null(const JsonNode *node)
{
    return node && !json_is_object(node) && !json_is_array(node) && !json_is_string(node) &&
           !json_is_number(node) && !json_is_bool(node);
}

static Status read_number(const Json *json, const JsonNode *object, const char *key,
                          void *place, Error *err)
{
    if (!is_null(json_get(object, key))) return json_want_number(json, object, key, place, err);
    *(double *)place = (double)NAN;
    return STATUS_OK;
}

static const Kind name_kind = {write_text, read_name};
static const Kind text_kind = {write_text, read_text};
static const Kind id_kind = {write_text, read_id};
static const Kind label_kind = {write_text, read_label};
static const Kind role_kind = {write_text, read_role};
static const Kind status_kind = {write_status, read_status};
static const Kind int_kind = {write_int, read_int};
static const Kind count_kind = {write_count, read_count};
static const Kind number_kind = {write_number, read_number};

// -- run.json: lists and groups, whose place is the whole record

static Status want_list(const Json *json, const JsonNode *object, const char *key, bool array,
                        const JsonNode **out, Error *err)
{
    const JsonNode *node = json_get(object, key);
    if (!node) return json_refuse(json, object, err, "'%s' is missing", key);
    if (array ? !json_is_array(node) : !json_is_object(node))
        return json_refuse(json, node, err, "'%s' must be an %s", key,
                           array ? "array" : "object");
    if (json_count(node) > RECORD_ITEMS)
        return json_refuse(json, node, err, "'%s' has more than %d items", key, RECORD_ITEMS);
    *out = node;
    return STATUS_OK;
}

static Status refuse_long_key(const Json *json, const JsonNode *node, Error *err)
{
    if (strlen(json_key(node)) < RECORD_NAME) return STATUS_OK;
    return json_refuse(json, node, err, "name '%.80s' is longer than %d characters",
                       json_key(node), RECORD_NAME - 1);
}

static void write_settings(Json *json, JsonNode *object, const char *key, const void *place)
{
    const RunRecord *record = place;
    JsonNode *node = json_put_object(json, object, key);
    for (int i = 0; i < record->setting_count; i++)
        json_put_string(json, node, record->setting[i].key, record->setting[i].value);
}

static Status read_settings(const Json *json, const JsonNode *object, const char *key,
                            void *place, Error *err)
{
    const JsonNode *list = NULL;
    Status status = want_list(json, object, key, false, &list, err);
    if (status != STATUS_OK) return status;
    for (const JsonNode *node = json_first(list); node; node = json_next(node)) {
        char value[RECORD_NAME];
        status = refuse_long_key(json, node, err);
        if (status == STATUS_OK) status = read_name(json, list, json_key(node), value, err);
        if (status == STATUS_OK) status = record_add_setting(place, json_key(node), value, err);
        if (status != STATUS_OK) return status;
    }
    return STATUS_OK;
}

static const Field source_fields[] = {
    {"member", &name_kind, offsetof(RecordSource, member)},
    {"seed", &int_kind, offsetof(RecordSource, seed)},
    {"hash", &name_kind, offsetof(RecordSource, hash)},
    {"score", &number_kind, offsetof(RecordSource, score)},
    {0},
};

static void write_sources(Json *json, JsonNode *object, const char *key, const void *place)
{
    const RunRecord *record = place;
    JsonNode *node = json_put_array(json, object, key);
    for (int i = 0; i < record->source_count; i++)
        write_fields(json, json_put_object(json, node, NULL), source_fields,
                     &record->source[i]);
}

static Status read_sources(const Json *json, const JsonNode *object, const char *key,
                           void *place, Error *err)
{
    const JsonNode *list = NULL;
    Status status = want_list(json, object, key, true, &list, err);
    if (status != STATUS_OK) return status;
    for (const JsonNode *node = json_first(list); node; node = json_next(node)) {
        RecordSource source = {0};
        if (!json_is_object(node))
            return json_refuse(json, node, err, "a source must be an object");
        status = read_fields(json, node, source_fields, &source, err);
        if (status == STATUS_OK) status = record_add_source(place, &source, err);
        if (status != STATUS_OK) return status;
    }
    return STATUS_OK;
}

static void write_numbers(Json *json, JsonNode *object, const char *key,
                          const RecordNumber *number, int count)
{
    JsonNode *node = json_put_object(json, object, key);
    for (int i = 0; i < count; i++)
        json_put_number(json, node, number[i].name, number[i].value);
}

static Status read_numbers(const Json *json, const JsonNode *object, const char *key,
                           RecordNumber **number, int *count, Error *err)
{
    const JsonNode *list = NULL;
    Status status = want_list(json, object, key, false, &list, err);
    if (status != STATUS_OK) return status;
    for (const JsonNode *node = json_first(list); node; node = json_next(node)) {
        double value;
        status = refuse_long_key(json, node, err);
        if (status == STATUS_OK) status = read_number(json, list, json_key(node), &value, err);
        if (status == STATUS_OK) status = add_number(number, count, json_key(node), value, err);
        if (status != STATUS_OK) return status;
    }
    return STATUS_OK;
}

static void write_params(Json *json, JsonNode *object, const char *key, const void *place)
{
    const RunRecord *record = place;
    write_numbers(json, object, key, record->param, record->param_count);
}

static Status read_params(const Json *json, const JsonNode *object, const char *key,
                          void *place, Error *err)
{
    RunRecord *record = place;
    return read_numbers(json, object, key, &record->param, &record->param_count, err);
}

static void write_diagnostics(Json *json, JsonNode *object, const char *key, const void *place)
{
    const RunRecord *record = place;
    write_numbers(json, object, key, record->diagnostic, record->diagnostic_count);
}

static Status read_diagnostics(const Json *json, const JsonNode *object, const char *key,
                               void *place, Error *err)
{
    RunRecord *record = place;
    return read_numbers(json, object, key, &record->diagnostic, &record->diagnostic_count, err);
}

static void write_physics(Json *json, JsonNode *object, const char *key, const void *place)
{
    const RunRecord *record = place;
    write_numbers(json, object, key, record->physics, record->physics_count);
}

static Status read_physics(const Json *json, const JsonNode *object, const char *key,
                           void *place, Error *err)
{
    RunRecord *record = place;
    return read_numbers(json, object, key, &record->physics, &record->physics_count, err);
}

static void write_warnings(Json *json, JsonNode *object, const char *key, const void *place)
{
    const RunRecord *record = place;
    JsonNode *node = json_put_array(json, object, key);
    for (int i = 0; i < record->warning_count; i++)
        json_put_string(json, node, NULL, record->warning[i]);
}

static Status read_warnings(const Json *json, const JsonNode *object, const char *key,
                            void *place, Error *err)
{
    const JsonNode *list = NULL;
    Status status = want_list(json, object, key, true, &list, err);
    if (status != STATUS_OK) return status;
    for (const JsonNode *node = json_first(list); node; node = json_next(node)) {
        char sentence[RECORD_TEXT];
        if (!json_is_string(node))
            return json_refuse(json, node, err, "a warning must be a string");
        status = copy_string(json, node, "warning", sentence, sizeof sentence, err);
        if (status == STATUS_OK) status = record_add_warning(place, sentence, err);
        if (status != STATUS_OK) return status;
    }
    return STATUS_OK;
}

static void write_group(Json *json, JsonNode *object, const char *key, const Field *fields,
                        const void *record)
{
    write_fields(json, json_put_object(json, object, key), fields, record);
}

static Status read_group(const Json *json, const JsonNode *object, const char *key,
                         const Field *fields, void *record, Error *err)
{
    const JsonNode *group = NULL;
    Status status = want_list(json, object, key, false, &group, err);
    return status == STATUS_OK ? read_fields(json, group, fields, record, err) : status;
}

static const Field knowledge_fields[] = {
    {"hash", &name_kind, offsetof(RunRecord, knowledge_hash)},
    {"bytes", &count_kind, offsetof(RunRecord, knowledge_bytes)},
    {0},
};

static const Field timing_fields[] = {
    {"started", &name_kind, offsetof(RunRecord, timing.started)},
    {"ended", &name_kind, offsetof(RunRecord, timing.ended)},
    {"wall_s", &number_kind, offsetof(RunRecord, timing.wall_s)},
    {"cpu_s", &number_kind, offsetof(RunRecord, timing.cpu_s)},
    {"steps_per_s", &number_kind, offsetof(RunRecord, timing.steps_per_s)},
    {"host", &name_kind, offsetof(RunRecord, timing.host)},
    {"pid", &int_kind, offsetof(RunRecord, timing.pid)},
    {"resumes", &int_kind, offsetof(RunRecord, timing.resumes)},
    {"jobs", &int_kind, offsetof(RunRecord, timing.jobs)},
    {0},
};

static void write_knowledge(Json *json, JsonNode *object, const char *key, const void *place)
{
    write_group(json, object, key, knowledge_fields, place);
}

static Status read_knowledge(const Json *json, const JsonNode *object, const char *key,
                             void *place, Error *err)
{
    return read_group(json, object, key, knowledge_fields, place, err);
}

static void write_timing(Json *json, JsonNode *object, const char *key, const void *place)
{
    write_group(json, object, key, timing_fields, place);
}

static Status read_timing(const Json *json, const JsonNode *object, const char *key,
                          void *place, Error *err)
{
    return read_group(json, object, key, timing_fields, place, err);
}

static void write_version(Json *json, JsonNode *object, const char *key, const void *place)
{
    (void)place;
    json_put_number(json, object, key, RECORD_VERSION);
}

static Status find_version(const Json *json, const JsonNode *object, int *version, Error *err)
{
    double value;
    Status status = json_want_number(json, object, "schema_version", &value, err);
    if (status != STATUS_OK) return status;
    for (*version = 1; *version <= RECORD_VERSION; ++*version)
        if (value == *version) return STATUS_OK;
    return json_refuse(json, json_get(object, "schema_version"), err,
                       "schema version %g; this program reads versions 1 to %d", value,
                       RECORD_VERSION);
}

static Status read_version(const Json *json, const JsonNode *object, const char *key,
                           void *place, Error *err)
{
    int version;
    (void)key;
    (void)place;
    return find_version(json, object, &version, err);
}

static const Kind version_kind = {write_version, read_version};
static const Kind params_kind = {write_params, read_params};
static const Kind settings_kind = {write_settings, read_settings};
static const Kind sources_kind = {write_sources, read_sources};
static const Kind knowledge_kind = {write_knowledge, read_knowledge};
static const Kind diagnostics_kind = {write_diagnostics, read_diagnostics};
static const Kind physics_kind = {write_physics, read_physics};
static const Kind warnings_kind = {write_warnings, read_warnings};
static const Kind timing_kind = {write_timing, read_timing};

// timing stays last: everything before it is compared byte for byte
static const Field record_fields[] = {
    {"schema_version", &version_kind, 0},
    {"family", &id_kind, offsetof(RunRecord, family)},
    {"member", &id_kind, offsetof(RunRecord, member)},
    {"role", &role_kind, offsetof(RunRecord, role)},
    {"parameters", &params_kind, 0},
    {"method", &id_kind, offsetof(RunRecord, method)},
    {"label", &label_kind, offsetof(RunRecord, label)},
    {"seed", &int_kind, offsetof(RunRecord, seed)},
    {"status", &status_kind, offsetof(RunRecord, status)},
    {"reason", &text_kind, offsetof(RunRecord, reason)},
    {"settings", &settings_kind, 0},
    {"settings_hash", &name_kind, offsetof(RunRecord, settings_hash)},
    {"program", &name_kind, offsetof(RunRecord, program)},
    {"commit", &name_kind, offsetof(RunRecord, commit)},
    {"mujoco", &name_kind, offsetof(RunRecord, mujoco)},
    {"blas", &name_kind, offsetof(RunRecord, blas)},
    {"compiler", &name_kind, offsetof(RunRecord, compiler)},
    {"cpu", &name_kind, offsetof(RunRecord, cpu)},
    {"task_version", &int_kind, offsetof(RunRecord, task_version)},
    {"model_hash", &name_kind, offsetof(RunRecord, model_hash)},
    {"sources", &sources_kind, 0},
    {"picked_source", &name_kind, offsetof(RunRecord, picked_source)},
    {"knowledge", &knowledge_kind, 0},
    {"steps", &count_kind, offsetof(RunRecord, steps)},
    {"episodes", &count_kind, offsetof(RunRecord, episodes)},
    {"updates", &count_kind, offsetof(RunRecord, updates)},
    {"diverged", &count_kind, offsetof(RunRecord, diverged)},
    {"diagnostics", &diagnostics_kind, 0},
    {"physics_warnings", &physics_kind, 0},
    {"warnings", &warnings_kind, 0},
    {"timing", &timing_kind, 0},
    {0},
};
_Static_assert(sizeof record_fields / sizeof record_fields[0] <= FIELD_MAX + 1,
               "raise FIELD_MAX");

Status record_print(const RunRecord *record, Text *text, Error *err)
{
    Json *json;
    Status status = json_new(&json, err);
    if (status != STATUS_OK) return status;
    write_fields(json, json_root(json), record_fields, record);
    status = json_print(json, text, err);
    json_free(json);
    return status;
}

Status record_write(const RunRecord *record, const char *folder, Error *err)
{
    char path[PATH_LENGTH];
    Text text = TEXT_INIT;
    Status status = path_format(path, err, "%s/run.json", folder);
    if (status == STATUS_OK) status = record_print(record, &text, err);
    if (status == STATUS_OK) status = file_write(path, text.data, text.length, err);
    text_release(&text);
    return status;
}

// the schema version that brought a field
static int since(const Field *field)
{
    if (field->kind == &params_kind) return 2;
    return strcmp(field->key, "picked_source") == 0 ? 3 : 1;
}

static void list_fields(int version, Field fields[FIELD_MAX + 1])
{
    int count = 0;
    for (const Field *field = record_fields; field->key; field++)
        if (version >= since(field)) fields[count++] = *field;
    fields[count] = (Field){0};
}

static Status read_record(RunRecord *out, const Json *json, Error *err)
{
    const JsonNode *root = json_root(json);
    if (!json_is_object(root))
        return json_refuse(json, root, err, "a record must be an object");

    // another version may have other keys, so its number is the better message
    int version = RECORD_VERSION;
    Status status =
        json_get(root, "schema_version") ? find_version(json, root, &version, err) : STATUS_OK;
    if (status != STATUS_OK) return status;
    Field fields[FIELD_MAX + 1];
    list_fields(version, fields);
    return read_fields(json, root, fields, out, err);
}

Status record_parse(RunRecord *out, const char *text, size_t size, const char *name, Error *err)
{
    Json *json;
    *out = (RunRecord){0};
    Status status = json_parse(&json, text, size, name, err);
    if (status == STATUS_OK) status = read_record(out, json, err);
    json_free(json);
    return status;
}

Status record_read(RunRecord *out, const char *folder, Error *err)
{
    char path[PATH_LENGTH];
    Json *json = NULL;
    *out = (RunRecord){0};
    Status status = path_format(path, err, "%s/run.json", folder);
    if (status == STATUS_OK) status = json_read(&json, path, err);
    if (status == STATUS_OK) status = read_record(out, json, err);
    json_free(json);
    return status;
}

// -- what was played

static bool is_of_family(const char *key, const char *family)
{
    size_t length = strlen(family);
    return strncmp(key, family, length) == 0 && key[length] == '.';
}

void record_task(const RunRecord *record, char task[RECORD_NAME])
{
    uint64_t hash = hash_string(record->family, (uint64_t)record->task_version);
    for (int i = 0; i < record->param_count; i++) {
        hash = hash_string(record->param[i].name, hash);
        hash = hash_bytes(&record->param[i].value, sizeof record->param[i].value, hash);
    }
    for (int i = 0; i < record->setting_count; i++) {
        if (!is_of_family(record->setting[i].key, record->family)) continue;
        hash = hash_string(record->setting[i].key, hash);
        hash = hash_string(record->setting[i].value, hash);
    }
    hash_format(hash, task);
}
