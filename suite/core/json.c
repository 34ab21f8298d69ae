#include "suite/core/json.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "suite/core/file.h"
#include "suite/core/mem.h"

enum { JSON_LIMIT = 16 << 20 };

struct Json {
    cJSON *root;
    char *text; // what was read, for line numbers; NULL in a document being written
    char *name;
    bool failed; // memory ran out while writing
};

// -- lines: cJSON keeps the order of the text, so a node's ordinal finds its place again

static int line_at(const char *text, const char *end)
{
    int line = 1;
    for (const char *p = text; p < end; p++)
        line += *p == '\n';
    return line;
}

// the place after a string that begins at `p`
static const char *skip_string(const char *p)
{
    for (p++; *p && *p != '"'; p++)
        if (*p == '\\' && p[1]) p++;
    return *p ? p + 1 : p;
}

static bool is_key(const char *after_string)
{
    return after_string[strspn(after_string, " \t\r\n")] == ':';
}

// the place of the value with this ordinal, counting values (not keys) from 0
static const char *find_value(const char *text, int ordinal)
{
    int seen = 0;
    const char *p = text;
    if (strncmp(p, "\xef\xbb\xbf", 3) == 0) p += 3; // a byte order mark, which cJSON skips too
    while (*p) {
        const char *start = p;
        if (*p == '"') {
            p = skip_string(p);
            if (is_key(p)) continue;
        } else if (*p == '{' || *p == '[') {
            p++;
        } else if (strchr(" \t\r\n,:]}", *p)) {
            p++;
            continue;
        } else {
            p += strcspn(p, " \t\r\n,:]}");
        }
        if (seen++ == ordinal) return start;
    }
    return text;
}

// the ordinal of `wanted` in a walk in the order of the text; false if it is not below `node`
static bool find_ordinal(const cJSON *node, const cJSON *wanted, int *ordinal)
{
    for (; node; node = node->next) {
        if (node == wanted) return true;
        ++*ordinal;
        if (node->child && find_ordinal(node->child, wanted, ordinal)) return true;
    }
    return false;
}

int json_line(const Json *json, const JsonNode *node)
{
    int ordinal = 0;
    if (!json->text || !find_ordinal(json->root, node, &ordinal)) return 1;
    return line_at(json->text, find_value(json->text, ordinal));
}

// -- reading

// a key and where it stands among its object's
typedef struct Key {
    const cJSON *node;
    int place;
} Key;

static int by_key(const void *a, const void *b)
{
    const Key *left = a, *right = b;
    int order = strcmp(left->node->string, right->node->string);
    return order ? order : left->place - right->place;
}

// sorted, because comparing all pairs would let a file of many keys take hours
static Status refuse_key_twice(const Json *json, const cJSON *object, Error *err)
{
    int count = cJSON_GetArraySize(object);
    Key *keys = mem_array((size_t)count, sizeof *keys);
    if (!keys) return error_nomem(err);

    count = 0;
    for (const cJSON *node = object->child; node; node = node->next, count++)
        keys[count] = (Key){node, count};
    if (count) qsort(keys, (size_t)count, sizeof *keys, by_key);

    const Key *twice = NULL;
    for (int i = 1; i < count; i++)
        if (strcmp(keys[i - 1].node->string, keys[i].node->string) == 0)
            if (!twice || keys[i].place < twice->place) twice = &keys[i];
    Status status = STATUS_OK;
    if (twice)
        status =
            json_refuse(json, twice->node, err, "'%s' is given twice", twice->node->string);
    mem_free(keys);
    return status;
}

static Status refuse_twice(const Json *json, const cJSON *node, Error *err)
{
    Status status = cJSON_IsObject(node) ? refuse_key_twice(json, node, err) : STATUS_OK;
    for (const cJSON *child = node->child; child && status == STATUS_OK; child = child->next)
        status = refuse_twice(json, child, err);
    return status;
}

static Status parse(Json *json, size_t size, Error *err)
{
    const char *end = json->text + strlen(json->text);
    if (end != json->text + size)
        return error_set(err, STATUS_PARSE, "%s:%d: holds a NUL byte", json->name,
                         line_at(json->text, end));
    json->root = cJSON_ParseWithLengthOpts(json->text, size + 1, &end, 1);
    if (!json->root)
        return error_set(err, STATUS_PARSE, "%s:%d: not valid JSON", json->name,
                         line_at(json->text, end));
    return refuse_twice(json, json->root, err);
}

Status json_parse(Json **out, const char *text, size_t size, const char *name, Error *err)
{
    *out = NULL;
    Json *json = mem_array(1, sizeof *json);
    if (!json) return error_nomem(err);

    Status status = STATUS_NOMEM;
    json->text = mem_array(size + 1, 1);
    json->name = mem_string(name);
    if (json->text && json->name) {
        memcpy(json->text, text, size);
        status = parse(json, size, err);
    } else {
        (void)error_nomem(err);
    }
    if (status != STATUS_OK) {
        json_free(json);
        return status;
    }
    *out = json;
    return STATUS_OK;
}

Status json_read(Json **out, const char *path, Error *err)
{
    char *text;
    size_t size;
    *out = NULL;
    Status status = file_read(&text, &size, path, JSON_LIMIT, err);
    if (status != STATUS_OK) return status;

    status = json_parse(out, text, size, path, err);
    mem_free(text);
    return status;
}

Status json_new(Json **out, Error *err)
{
    Json *json = mem_array(1, sizeof *json);
    *out = NULL;
    if (!json) return error_nomem(err);
    json->root = cJSON_CreateObject();
    if (!json->root) {
        json_free(json);
        return error_nomem(err);
    }
    *out = json;
    return STATUS_OK;
}

void json_free(Json *json)
{
    if (!json) return;
    cJSON_Delete(json->root);
    mem_free(json->text);
    mem_free(json->name);
    mem_free(json);
}

JsonNode *json_root(const Json *json)
{
    return json->root;
}

const JsonNode *json_get(const JsonNode *object, const char *key)
{
    return cJSON_GetObjectItemCaseSensitive(object, key);
}

const JsonNode *json_first(const JsonNode *container)
{
    return container ? container->child : NULL;
}

const JsonNode *json_next(const JsonNode *node)
{
    return node->next;
}

const char *json_key(const JsonNode *node)
{
    return node->string;
}

int json_count(const JsonNode *container)
{
    return container ? cJSON_GetArraySize(container) : 0;
}

bool json_is_object(const JsonNode *node)
{
    return cJSON_IsObject(node);
}

bool json_is_array(const JsonNode *node)
{
    return cJSON_IsArray(node);
}

bool json_is_string(const JsonNode *node)
{
    return cJSON_IsString(node);
}

bool json_is_number(const JsonNode *node)
{
    return cJSON_IsNumber(node);
}

bool json_is_bool(const JsonNode *node)
{
    return cJSON_IsBool(node);
}

const char *json_string(const JsonNode *node)
{
    return node->valuestring;
}

double json_number(const JsonNode *node)
{
    return node->valuedouble;
}

bool json_bool(const JsonNode *node)
{
    return cJSON_IsTrue(node);
}

bool json_as_text(const JsonNode *node, char *text, size_t size)
{
    char digits[32];
    const char *value = NULL;
    if (json_is_string(node)) {
        value = json_string(node);
    } else if (json_is_bool(node)) {
        value = json_bool(node) ? "true" : "false";
    } else if (json_is_number(node) && isfinite(json_number(node))) {
        double_format(json_number(node), digits);
        value = digits;
    }
    if (!value || strlen(value) >= size) return false;
    memcpy(text, value, strlen(value) + 1);
    return true;
}

Status json_refuse(const Json *json, const JsonNode *node, Error *err, const char *format, ...)
{
    char what[400];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(what, sizeof what, format, args);
    va_end(args);
    return error_set(err, STATUS_PARSE, "%s:%d: %s", json->name, json_line(json, node), what);
}

static bool is_among(const char *name, const char *const *names, int count)
{
    for (int i = 0; i < count; i++)
        if (strcmp(name, names[i]) == 0) return true;
    return false;
}

Status json_only_keys(const Json *json, const JsonNode *object, const char *const *names,
                      int count, Error *err)
{
    if (object && !json_is_object(object))
        return json_refuse(json, object, err, "must be an object");
    for (const JsonNode *node = json_first(object); node; node = json_next(node)) {
        if (is_among(json_key(node), names, count)) continue;
        const char *nearest = nearest_name(json_key(node), names, count);
        if (nearest)
            return json_refuse(json, node, err, "unknown key '%s'; did you mean '%s'?",
                               json_key(node), nearest);
        return json_refuse(json, node, err, "unknown key '%s'", json_key(node));
    }
    return STATUS_OK;
}

Status json_want_string(const Json *json, const JsonNode *object, const char *key,
                        const char **out, Error *err)
{
    const JsonNode *node = json_get(object, key);
    if (!node) return json_refuse(json, object, err, "'%s' is missing", key);
    if (!json_is_string(node))
        return json_refuse(json, node, err, "'%s' must be a string", key);
    *out = json_string(node);
    return STATUS_OK;
}

Status json_want_number(const Json *json, const JsonNode *object, const char *key, double *out,
                        Error *err)
{
    const JsonNode *node = json_get(object, key);
    if (!node) return json_refuse(json, object, err, "'%s' is missing", key);
    if (!json_is_number(node) || !isfinite(json_number(node)))
        return json_refuse(json, node, err, "'%s' must be a number", key);
    *out = json_number(node);
    return STATUS_OK;
}

// -- writing

// hand `item` to its container, or drop it and remember that memory ran out
static cJSON *put(Json *json, cJSON *container, const char *key, cJSON *item)
{
    bool kept = item && container &&
                (key ? cJSON_AddItemToObject(container, key, item)
                     : cJSON_AddItemToArray(container, item));
    if (kept) return item;
    cJSON_Delete(item);
    json->failed = true;
    return NULL;
}

void json_put_string(Json *json, JsonNode *object, const char *key, const char *value)
{
    (void)put(json, object, key, cJSON_CreateString(value));
}

// differs: cJSON's own numbers lose the last digits of about one double in nine
void json_put_number(Json *json, JsonNode *object, const char *key, double value)
{
    char digits[32];
    double_format(value, digits);
    (void)put(json, object, key, cJSON_CreateRaw(isfinite(value) ? digits : "null"));
}

void json_put_bool(Json *json, JsonNode *object, const char *key, bool value)
{
    (void)put(json, object, key, cJSON_CreateBool(value));
}

JsonNode *json_put_object(Json *json, JsonNode *object, const char *key)
{
    return put(json, object, key, cJSON_CreateObject());
}

JsonNode *json_put_array(Json *json, JsonNode *object, const char *key)
{
    return put(json, object, key, cJSON_CreateArray());
}

Status json_print(const Json *json, Text *text, Error *err)
{
    char *printed = json->failed ? NULL : cJSON_Print(json->root);
    if (!printed) return error_nomem(err);
    text_printf(text, "%s\n", printed);
    cJSON_free(printed);
    return text_status(text, err);
}
