#include "suite/run/experiment.h"

#include <string.h>

#include "suite/core/mem.h"
#include "suite/run/registry.h"
#include "suite/run/words.h"

static const char seeds_if_none[] = "10";

// -- by name

static const char ending[] = ".json";

static bool has_ending(const char *name)
{
    size_t length = strlen(name), most = sizeof ending - 1;
    return length > most && strcmp(name + length - most, ending) == 0;
}

static Status unknown_name(const char *name, const char *folder, Error *err)
{
    FileList list = {0};
    Text nearest = TEXT_INIT;
    if (folder_list(&list, folder, NULL) == STATUS_OK) {
        const char **names = mem_array((size_t)list.count, sizeof(const char *));
        for (int i = 0; names && i < list.count; i++) {
            if (!has_ending(list.name[i])) continue;
            list.name[i][strlen(list.name[i]) - (sizeof ending - 1)] = '\0';
            names[i] = list.name[i];
        }
        const char *found = names ? nearest_name(name, names, list.count) : NULL;
        if (found) text_printf(&nearest, "; did you mean '%s'?", found);
        mem_free(names);
    }
    Status status = error_set(err, STATUS_USAGE, "there is no experiment '%.100s' in '%s'%s",
                              name, folder, nearest.data);
    text_release(&nearest);
    file_list_release(&list);
    return status;
}

Status experiment_find(char path[PATH_LENGTH], const char *name, const char *folder, Error *err)
{
    if (strchr(name, '/') || has_ending(name)) return path_format(path, err, "%s", name);
    Status status = path_format(path, err, "%s/%s%s", folder, name, ending);
    return status == STATUS_OK && !file_exists(path) ? unknown_name(name, folder, err) : status;
}

// -- reading

// what is read into; the probe takes settings of all families and methods, to check them
typedef struct Reader {
    const Json *json;
    const char *path;
    Settings probe;
    const char *seeds;        // the file's
    const JsonNode *settings; // the file's, or NULL
} Reader;

// words that another module refused, at the place where they stand
static Status at_node(const Reader *reader, const JsonNode *node, Status status, Error *err)
{
    if (status != STATUS_USAGE) return status;
    return error_wrap(err, STATUS_PARSE, "%s:%d", reader->path, json_line(reader->json, node));
}

static Status want_text(const Reader *reader, const JsonNode *object, const char *key,
                        const char **out, Error *err)
{
    return json_get(object, key) ? json_want_string(reader->json, object, key, out, err)
                                 : STATUS_OK;
}

// -- lists of names

typedef Status CheckName(const char *name, Error *err);

static Status check_task(const char *name, Error *err)
{
    const TaskFamily *family;
    return family_find(&family, name, err);
}

static Status check_method(const char *name, Error *err)
{
    const Method *method;
    return method_find(&method, name, err);
}

static bool is_named_before(const JsonNode *list, const JsonNode *node)
{
    for (const JsonNode *n = json_first(list); n != node; n = json_next(n))
        if (strcmp(json_string(n), json_string(node)) == 0) return true;
    return false;
}

static Status read_name(const Reader *reader, const JsonNode *list, const JsonNode *node,
                        CheckName *check, Error *err)
{
    if (!json_is_string(node))
        return json_refuse(reader->json, node, err, "a name must be a string");
    Status status = at_node(reader, node, check(json_string(node), err), err);
    if (status == STATUS_OK && is_named_before(list, node))
        return json_refuse(reader->json, node, err, "'%s' is named twice", json_string(node));
    return status;
}

// a list of names as a command line has it
static Status read_names(const Reader *reader, const JsonNode *list, CheckName *check,
                         char **out, Error *err)
{
    Text text = TEXT_INIT;
    Status status = STATUS_OK;
    for (const JsonNode *n = json_first(list); status == STATUS_OK && n; n = json_next(n)) {
        status = read_name(reader, list, n, check, err);
        if (status == STATUS_OK)
            text_printf(&text, "%s%s", text.length ? "," : "", json_string(n));
    }
    if (status == STATUS_OK) status = text_status(&text, err);
    if (status == STATUS_OK) {
        *out = mem_string(text.data);
        if (!*out) status = error_nomem(err);
    }
    text_release(&text);
    return status;
}

static Status copy_word(const char *word, char **out, Error *err)
{
    *out = mem_string(word);
    return *out ? STATUS_OK : error_nomem(err);
}

static Status read_tasks(const Reader *reader, const JsonNode *object, ExperimentRow *row,
                         Error *err)
{
    const JsonNode *node = json_get(object, "tasks");
    if (!node || (json_is_string(node) && strcmp(json_string(node), "all") == 0))
        return copy_word("all", &row->tasks, err);
    if (!json_is_array(node) || !json_count(node))
        return json_refuse(reader->json, node, err,
                           "'tasks' must be a list of at least one name, or \"all\"");
    return read_names(reader, node, check_task, &row->tasks, err);
}

static Status read_methods(const Reader *reader, const JsonNode *object, ExperimentRow *row,
                           Error *err)
{
    const JsonNode *one = json_get(object, "method"), *many = json_get(object, "methods");
    const char *name = NULL;
    if (one && many)
        return json_refuse(reader->json, many, err,
                           "a row has 'method' or 'methods', not both");
    if (!one && !many)
        return json_refuse(reader->json, object, err,
                           "'method' is missing, or a list 'methods'");
    if (one) {
        Status status = json_want_string(reader->json, object, "method", &name, err);
        if (status == STATUS_OK) status = at_node(reader, one, check_method(name, err), err);
        return status == STATUS_OK ? copy_word(name, &row->methods, err) : status;
    }
    if (!json_is_array(many) || !json_count(many))
        return json_refuse(reader->json, many, err,
                           "'methods' must be a list of at least one name");
    return read_names(reader, many, check_method, &row->methods, err);
}

// -- settings

static Status read_setting(Reader *reader, const JsonNode *node, Override *set, Error *err)
{
    const char *key = json_key(node);
    if (strlen(key) >= KEY_LENGTH)
        return json_refuse(reader->json, node, err,
                           "a setting's name is longer than %d letters", KEY_LENGTH - 1);
    if (!json_as_text(node, set->value, VALUE_LENGTH))
        return json_refuse(reader->json, node, err,
                           "setting '%s' must be a number, true, false or a short string", key);
    memcpy(set->key, key, strlen(key) + 1);
    return at_node(reader, node, settings_set(&reader->probe, set->key, set->value, err), err);
}

static Status read_settings(Reader *reader, const JsonNode *settings, ExperimentRow *row,
                            Error *err)
{
    Status status = STATUS_OK;
    for (const JsonNode *n = json_first(settings); status == STATUS_OK && n; n = json_next(n))
        status = read_setting(reader, n, &row->set[row->set_count++], err);
    return status;
}

static Status check_settings(const Reader *reader, const JsonNode *settings, Error *err)
{
    if (settings && !json_is_object(settings))
        return json_refuse(reader->json, settings, err, "'settings' must be an object");
    if (json_count(settings) > EXPERIMENT_SETTINGS)
        return json_refuse(reader->json, settings, err, "more than %d settings",
                           EXPERIMENT_SETTINGS);
    return STATUS_OK;
}

// the file's, then the row's, which so stand above them
static Status read_all_settings(Reader *reader, const JsonNode *object, ExperimentRow *row,
                                Error *err)
{
    const JsonNode *own = json_get(object, "settings");
    Status status = check_settings(reader, own, err);
    if (status != STATUS_OK) return status;
    row->set = mem_array((size_t)json_count(reader->settings) + (size_t)json_count(own),
                         sizeof *row->set);
    if (!row->set) return error_nomem(err);
    status = read_settings(reader, reader->settings, row, err);
    return status == STATUS_OK ? read_settings(reader, own, row, err) : status;
}

// -- rows

static Status check_seeds(const Reader *reader, const JsonNode *object, const char *seeds,
                          Error *err)
{
    Seeds list;
    Status status = seeds_parse(&list, seeds, "'seeds'", err);
    seeds_release(&list);
    return at_node(reader, json_get(object, "seeds"), status, err);
}

static Status read_words(const Reader *reader, const JsonNode *object, ExperimentRow *row,
                         Error *err)
{
    row->members = "targets";
    row->label = "";
    row->seeds = reader->seeds;
    Status status = want_text(reader, object, "members", &row->members, err);
    if (status == STATUS_OK) status = want_text(reader, object, "label", &row->label, err);
    if (status == STATUS_OK)
        status = at_node(reader, json_get(object, "label"),
                         label_check(row->label, "'label'", err), err);
    if (status == STATUS_OK) status = want_text(reader, object, "seeds", &row->seeds, err);
    return status == STATUS_OK ? check_seeds(reader, object, row->seeds, err) : status;
}

static Status read_row(Reader *reader, const JsonNode *object, ExperimentRow *row, Error *err)
{
    static const char *const keys[] = {"tasks", "members", "method",  "methods",
                                       "label", "seeds",   "settings"};
    if (!json_is_object(object))
        return json_refuse(reader->json, object, err, "a row must be an object");
    row->line = json_line(reader->json, object);
    Status status =
        json_only_keys(reader->json, object, keys, sizeof keys / sizeof keys[0], err);
    if (status == STATUS_OK) status = read_tasks(reader, object, row, err);
    if (status == STATUS_OK) status = read_methods(reader, object, row, err);
    if (status == STATUS_OK) status = read_words(reader, object, row, err);
    return status == STATUS_OK ? read_all_settings(reader, object, row, err) : status;
}

static Status read_rows(Experiment *out, Reader *reader, Error *err)
{
    const JsonNode *root = json_root(reader->json), *rows = json_get(root, "rows");
    int count = json_count(rows);
    if (!json_is_array(rows) || !count)
        return json_refuse(reader->json, rows ? rows : root, err,
                           "'rows' must be a list of at least one row");
    if (count > EXPERIMENT_ROWS)
        return json_refuse(reader->json, rows, err, "more than %d rows", EXPERIMENT_ROWS);
    out->row = mem_array((size_t)count, sizeof *out->row);
    if (!out->row) return error_nomem(err);

    Status status = STATUS_OK;
    for (const JsonNode *n = json_first(rows); status == STATUS_OK && n; n = json_next(n))
        status = read_row(reader, n, &out->row[out->count++], err);
    return status;
}

static Status read_top(Experiment *out, Reader *reader, Error *err)
{
    static const char *const keys[] = {"name", "notes", "seeds", "settings", "rows"};
    const JsonNode *root = json_root(reader->json);
    if (!json_is_object(root))
        return json_refuse(reader->json, root, err, "an experiment must be an object");
    Status status = json_only_keys(reader->json, root, keys, sizeof keys / sizeof keys[0], err);
    if (status == STATUS_OK)
        status = json_want_string(reader->json, root, "name", &out->name, err);
    reader->seeds = seeds_if_none;
    if (status == STATUS_OK) status = want_text(reader, root, "seeds", &reader->seeds, err);
    if (status == STATUS_OK) status = check_seeds(reader, root, reader->seeds, err);
    reader->settings = json_get(root, "settings");
    return status == STATUS_OK ? check_settings(reader, reader->settings, err) : status;
}

Status experiment_read(Experiment *out, const char *path, Error *err)
{
    Reader reader = {0};
    const Method *method;
    *out = (Experiment){.path = path};
    Status status = json_read(&out->json, path, err);
    if (status == STATUS_MISSING || status == STATUS_IO || status == STATUS_RANGE)
        return error_wrap(err, STATUS_USAGE, "--experiment");
    if (status != STATUS_OK) return status;

    reader.json = out->json;
    reader.path = path;
    status = method_find(&method, "scratch", err);
    if (status == STATUS_OK) status = settings_init(&reader.probe, family_at(0), method, err);
    if (status == STATUS_OK) status = read_top(out, &reader, err);
    if (status == STATUS_OK) status = read_rows(out, &reader, err);
    settings_release(&reader.probe);
    return status;
}

void experiment_release(Experiment *experiment)
{
    for (int i = 0; i < experiment->count; i++) {
        mem_free(experiment->row[i].tasks);
        mem_free(experiment->row[i].methods);
        mem_free(experiment->row[i].set);
    }
    mem_free(experiment->row);
    json_free(experiment->json);
    *experiment = (Experiment){0};
}
