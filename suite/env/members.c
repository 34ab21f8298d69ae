#include "suite/env/members.h"

#include <ctype.h>
#include <math.h>
#include <string.h>
#include <strings.h>

#include "suite/core/check.h"
#include "suite/core/mem.h"

// like MEMBER_LIMIT far more than anyone writes; keeps hostile files from costing hours
enum { SETTING_LIMIT = 200 };

static const char *const roles[] = {
    [ROLE_SOURCE] = "source", [ROLE_TUNE] = "tune", [ROLE_TARGET] = "target"};
enum { ROLE_COUNT = sizeof roles / sizeof roles[0] };

// what --member takes for many members at once
static const char *const reserved[] = {"targets", "tune", "sources", "all"};
enum { RESERVED_COUNT = sizeof reserved / sizeof reserved[0] };

const char *role_name(Role role)
{
    return roles[role];
}

static int find_name(const char *name, const char *const *names, int count)
{
    for (int i = 0; i < count; i++)
        if (strcmp(name, names[i]) == 0) return i;
    return -1;
}

static Status refuse_unknown(const Json *json, const JsonNode *node, const char *what,
                             const char *name, const char *nearest, Error *err)
{
    if (nearest)
        return json_refuse(json, node, err, "unknown %s '%s'; did you mean '%s'?", what, name,
                           nearest);
    return json_refuse(json, node, err, "unknown %s '%s'", what, name);
}

// -- a member

// a name becomes a folder, and is written where lists and words of its own are taken too
static Status check_name(const Json *json, const JsonNode *node, const char *name, Error *err)
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.";
    if (!*name) return json_refuse(json, node, err, "a member's name is empty");
    if (strlen(name) >= MEMBER_NAME)
        return json_refuse(json, node, err, "a member's name is longer than %d letters",
                           MEMBER_NAME - 1);
    if (strspn(name, letters) != strlen(name))
        return json_refuse(json, node, err,
                           "member '%s' has letters in its name other than a-z A-Z 0-9 _ - .",
                           name);
    if (!isalnum((unsigned char)name[0]))
        return json_refuse(json, node, err, "member '%s' must begin with a letter or digit",
                           name);
    if (find_name(name, reserved, RESERVED_COUNT) >= 0)
        return json_refuse(json, node, err, "a member cannot be called '%s', which means many",
                           name);
    return STATUS_OK;
}

// names that differ only in case would share a folder on some file systems
static const Member *find_alike(const MemberList *list, const char *name)
{
    for (int i = 0; i < list->count; i++)
        if (strcasecmp(list->member[i].name, name) == 0) return &list->member[i];
    return NULL;
}

// the file that is being read is the last of the list
static Status refuse_alike(const Json *json, const JsonNode *node, const MemberList *list,
                           const Member *alike, const char *name, Error *err)
{
    bool same = strcmp(alike->name, name) == 0, here = alike->file == list->file_count - 1;
    bool own = alike->file == 0;
    const char *file = list->file[alike->file];
    if (!same && here)
        return json_refuse(json, node, err, "members '%s' and '%s' differ only in case",
                           alike->name, name);
    if (!same)
        return json_refuse(json, node, err,
                           "member '%s' and '%s' of %s differ only in case; give this one "
                           "another name",
                           name, alike->name, own ? "the family" : file);
    if (here) return json_refuse(json, node, err, "member '%s' is given twice", name);
    if (own)
        return json_refuse(json, node, err,
                           "family '%s' already has a member '%s'; give this one another name",
                           list->family->name, name);
    return json_refuse(json, node, err,
                       "'%s:%d' already adds a member '%s'; give this one another name", file,
                       alike->line, name);
}

static Status read_name(const Json *json, const JsonNode *object, const MemberList *list,
                        Member *member, Error *err)
{
    const char *name = NULL;
    Status status = json_want_string(json, object, "name", &name, err);
    if (status != STATUS_OK) return status;

    const JsonNode *node = json_get(object, "name");
    status = check_name(json, node, name, err);
    if (status != STATUS_OK) return status;

    const Member *alike = find_alike(list, name);
    if (alike) return refuse_alike(json, node, list, alike, name, err);
    member->file = list->file_count - 1;
    member->line = json_line(json, node);
    memcpy(member->name, name, strlen(name) + 1);
    return STATUS_OK;
}

static Status read_role(const Json *json, const JsonNode *object, Member *member, Error *err)
{
    const char *name = NULL;
    Status status = json_want_string(json, object, "role", &name, err);
    if (status != STATUS_OK) return status;

    int role = find_name(name, roles, ROLE_COUNT);
    if (role < 0)
        return refuse_unknown(json, json_get(object, "role"), "role", name,
                              nearest_name(name, roles, ROLE_COUNT), err);
    member->role = (Role)role;
    return STATUS_OK;
}

static Status read_parameter(const Json *json, const JsonNode *node, const TaskParam *param,
                             double *value, Error *err)
{
    if (!json_is_number(node) || !isfinite(json_number(node)))
        return json_refuse(json, node, err, "parameter '%s' must be a number", param->name);
    *value = json_number(node) + 0.0; // a zero with a minus would be another member's bits
    if (*value >= param->lo && *value <= param->hi) return STATUS_OK;

    char text[32], lo[32], hi[32];
    double_format(*value, text);
    double_format(param->lo, lo);
    double_format(param->hi, hi);
    return json_refuse(json, node, err, "parameter '%s' is %s, outside %s to %s%s%s",
                       param->name, text, lo, hi, *param->unit ? " " : "", param->unit);
}

static Status read_parameters(const Json *json, const JsonNode *object,
                              const TaskFamily *family, Member *member, Error *err)
{
    const char *names[PARAM_MAX];
    for (int p = 0; p < family->param_count; p++) {
        names[p] = family->param[p].name;
        member->param[p] = family->param[p].base;
    }
    const JsonNode *parameters = json_get(object, "parameters");
    if (parameters && !json_is_object(parameters))
        return json_refuse(json, parameters, err, "'parameters' must be an object");

    for (const JsonNode *node = json_first(parameters); node; node = json_next(node)) {
        int p = find_name(json_key(node), names, family->param_count);
        if (p < 0)
            return refuse_unknown(json, node, "parameter", json_key(node),
                                  nearest_name(json_key(node), names, family->param_count),
                                  err);
        Status status = read_parameter(json, node, &family->param[p], &member->param[p], err);
        if (status != STATUS_OK) return status;
    }
    return STATUS_OK;
}

static Status read_member(const Json *json, const JsonNode *object, MemberList *list,
                          Error *err)
{
    static const char *const keys[] = {"name", "role", "parameters"};
    Member *member = &list->member[list->count];

    if (!json_is_object(object))
        return json_refuse(json, object, err, "a member must be an object");
    Status status = json_only_keys(json, object, keys, 3, err);
    if (status == STATUS_OK) status = read_name(json, object, list, member, err);
    if (status == STATUS_OK) status = read_role(json, object, member, err);
    if (status == STATUS_OK) status = read_parameters(json, object, list->family, member, err);
    if (status == STATUS_OK) list->count++;
    return status;
}

static Status read_members(const Json *json, MemberList *list, Error *err)
{
    const JsonNode *members = json_get(json_root(json), "members");
    int count = json_count(members);

    if (!json_is_array(members) || count == 0)
        return json_refuse(json, members ? members : json_root(json), err,
                           "'members' must be a list of at least one member");
    if (count > MEMBER_LIMIT - list->count)
        return json_refuse(json, members, err, "%d members here and %d before are more than %d",
                           count, list->count, MEMBER_LIMIT);
    Member *grown = mem_grow(list->member, (size_t)list->count,
                             (size_t)list->count + (size_t)count, sizeof *grown);
    if (!grown) return error_nomem(err);
    list->member = grown;

    for (const JsonNode *node = json_first(members); node; node = json_next(node)) {
        Status status = read_member(json, node, list, err);
        if (status != STATUS_OK) return status;
    }
    return STATUS_OK;
}

// -- the family's settings

static Status read_setting(const Json *json, const JsonNode *node, int file,
                           FamilySetting *setting, Error *err)
{
    const char *key = json_key(node);
    if (strlen(key) >= KEY_LENGTH)
        return json_refuse(json, node, err, "a setting's name is longer than %d letters",
                           KEY_LENGTH - 1);
    if (!json_as_text(node, setting->value, VALUE_LENGTH))
        return json_refuse(json, node, err,
                           "setting '%s' must be a number, true, false or a short string", key);
    memcpy(setting->key, key, strlen(key) + 1);
    setting->line = json_line(json, node);
    setting->file = file;
    return STATUS_OK;
}

static Status read_settings(const Json *json, MemberList *list, Error *err)
{
    const JsonNode *settings = json_get(json_root(json), "settings");
    int count = json_count(settings);

    if (!settings) return STATUS_OK;
    if (!json_is_object(settings))
        return json_refuse(json, settings, err, "'settings' must be an object");
    if (count > SETTING_LIMIT)
        return json_refuse(json, settings, err, "more than %d settings", SETTING_LIMIT);
    FamilySetting *grown = mem_grow(list->setting, (size_t)list->setting_count,
                                    (size_t)list->setting_count + (size_t)count, sizeof *grown);
    if (!grown) return error_nomem(err);
    list->setting = grown;

    for (const JsonNode *node = json_first(settings); node; node = json_next(node)) {
        Status status = read_setting(json, node, list->file_count - 1,
                                     &list->setting[list->setting_count], err);
        if (status != STATUS_OK) return status;
        list->setting_count++;
    }
    return STATUS_OK;
}

// -- the file

// a file's family, whatever else is in it
static Status read_family(const Json *json, const char **family, Error *err)
{
    static const char *const keys[] = {"family", "settings", "members"};
    const JsonNode *root = json_root(json);

    if (!json_is_object(root))
        return json_refuse(json, root, err, "a family file must hold an object");
    Status status = json_only_keys(json, root, keys, 3, err);
    return status == STATUS_OK ? json_want_string(json, root, "family", family, err) : status;
}

static Status name_file(MemberList *list, const char *path, Error *err)
{
    size_t count = (size_t)list->file_count;
    char *copy = mem_string(path);
    char **grown = copy ? mem_grow(list->file, count, count + 1, sizeof *grown) : NULL;
    if (!grown) {
        mem_free(copy);
        return error_nomem(err);
    }
    list->file = grown;
    list->file[list->file_count++] = copy;
    return STATUS_OK;
}

// what a file whose family is known to be a string holds
static Status read_contents(MemberList *list, const Json *json, const char *family,
                            const char *path, Error *err)
{
    if (strcmp(family, list->family->name) != 0)
        return json_refuse(json, json_get(json_root(json), "family"), err,
                           "this is family '%s', not '%s'", family, list->family->name);
    Status status = name_file(list, path, err);
    if (status == STATUS_OK) status = read_settings(json, list, err);
    return status == STATUS_OK ? read_members(json, list, err) : status;
}

Status members_read(MemberList *out, const TaskFamily *family, const char *path, Error *err)
{
    CHECK(family->param_count <= PARAM_MAX);
    Json *json;
    const char *name = "";
    *out = (MemberList){.family = family};
    Status status = json_read(&json, path, err);
    if (status != STATUS_OK) return status;

    status = read_family(json, &name, err);
    if (status == STATUS_OK) status = read_contents(out, json, name, path, err);
    json_free(json);
    return status;
}

Status member_file_read(MemberFile *out, const char *path, Error *err)
{
    *out = (MemberFile){.path = path};
    Status status = json_read(&out->json, path, err);
    if (status == STATUS_OK) status = read_family(out->json, &out->family, err);
    if (status == STATUS_OK)
        out->line = json_line(out->json, json_get(json_root(out->json), "family"));
    return status;
}

void member_file_release(MemberFile *file)
{
    json_free(file->json);
    *file = (MemberFile){0};
}

Status members_add(MemberList *list, const MemberFile *file, Error *err)
{
    int count = list->count, settings = list->setting_count, files = list->file_count;
    Status status = read_contents(list, file->json, file->family, file->path, err);
    if (status == STATUS_OK) return STATUS_OK;

    // arrays that have grown are larger than they need be, which does no harm
    list->count = count;
    list->setting_count = settings;
    while (list->file_count > files)
        mem_free(list->file[--list->file_count]);
    return status;
}

void members_release(MemberList *list)
{
    mem_free(list->member);
    mem_free(list->setting);
    for (int i = 0; i < list->file_count; i++)
        mem_free(list->file[i]);
    mem_free(list->file);
    *list = (MemberList){0};
}

const Member *members_find(const MemberList *list, const char *name)
{
    for (int i = 0; i < list->count; i++)
        if (strcmp(list->member[i].name, name) == 0) return &list->member[i];
    return NULL;
}
