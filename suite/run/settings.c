#include "suite/run/settings.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "suite/core/check.h"
#include "suite/core/mem.h"
#include "suite/run/registry.h"

#define AT(field) offsetof(RunSettings, field)

// a setting reads better in two or three lines than in nine
// clang-format off
static const ParamRow run_params[] = {
    {.name = "run.steps", .kind = PARAM_INT, .offset = AT(steps), .def = 30000, .lo = 1,
     .hi = 1e9, .unit = "steps",
     .help = "budget of a run: environment steps on the target; --steps sets it"},
    {.name = "run.episodes", .kind = PARAM_INT, .offset = AT(episodes), .def = 10, .lo = 1,
     .hi = 1000,
     .help = "episodes of each evaluation"},
    {.name = "run.keep", .kind = PARAM_CHOICE, .offset = AT(keep), .def = KEEP_LAST,
     .choices = "last|best",
     .help = "network to save: the last, or the best evaluated one; sources always keep the "
             "best"},
    {.name = "source.steps", .kind = PARAM_INT, .offset = AT(source_steps), .def = 60000,
     .lo = 1, .hi = 1e9, .unit = "steps",
     .help = "budget of a source run"},
    {.name = "source.seed", .kind = PARAM_INT, .offset = AT(source_seed), .def = 0, .lo = 0,
     .hi = INT_MAX,
     .help = "seed of the sources that are learned from; --source-seed sets it"},
    {.name = "source.count", .kind = PARAM_INT, .offset = AT(source_count), .def = 0, .lo = 0,
     .hi = MEMBER_LIMIT, .unit = "sources",
     .help = "how many of the family's sources are learned from: those from number seed modulo "
             "their count on, round and round, so that the table of a run is of its own sources; "
             "0: all, in one order for every seed"},
    {.name = "source.pick", .kind = PARAM_CHOICE, .offset = AT(source_pick), .def = PICK_SEED,
     .choices = "seed|best|all",
     .help = "which source a method of one source takes: number seed modulo their count, the "
             "best in source.trial episodes of each on the target, charged to the budget, or "
             "all of them together, if the method can"},
    {.name = "source.trial", .kind = PARAM_INT, .offset = AT(source_trial), .def = 1, .lo = 1,
     .hi = 1000, .unit = "episodes",
     .help = "played with each source's network for source.pick=best"},
};
// clang-format on

enum { RUN_PARAMS = sizeof run_params / sizeof run_params[0] };

Status override_parse(Override *out, const char *text, Error *err)
{
    const char *equals = strchr(text, '=');
    if (!equals || equals == text || equals - text >= KEY_LENGTH ||
        strlen(equals + 1) >= VALUE_LENGTH)
        return error_set(err, STATUS_USAGE, "--set cannot be '%.100s': it takes KEY=VALUE",
                         text);
    (void)snprintf(out->key, sizeof out->key, "%.*s", (int)(equals - text), text);
    (void)snprintf(out->value, sizeof out->value, "%s", equals + 1);
    return STATUS_OK;
}

int setting_group_count(void)
{
    return 2 + family_count() + method_count();
}

SettingGroup setting_group(int index)
{
    if (index == 0)
        return (SettingGroup){
            .row = run_params, .count = RUN_PARAMS, .size = sizeof(RunSettings)};
    if (index == 1)
        return (SettingGroup){
            .row = dqn_params, .count = dqn_param_count, .size = sizeof(DqnSettings)};
    index -= 2;
    if (index < family_count()) {
        const TaskFamily *f = family_at(index);
        return (SettingGroup){.row = f->setting,
                              .count = f->setting_count,
                              .size = f->settings_size,
                              .family = f};
    }
    const Method *m = method_at(index - family_count());
    return (SettingGroup){
        .row = m->param, .count = m->param_count, .size = m->settings_size, .method = m};
}

// the struct of a group in this run, or NULL if the group is another family's or method's
static const void *values_of(const Settings *s, int group)
{
    SettingGroup g = setting_group(group);
    if (group == 0) return &s->run;
    if (group == 1) return &s->agent;
    if (g.family) return g.family == s->family ? s->task : NULL;
    return g.method == s->method ? s->own : NULL;
}

static void *writable(Settings *s, int group)
{
    if (group == 0) return &s->run;
    if (group == 1) return &s->agent;
    if (!values_of(s, group)) return NULL;
    return setting_group(group).family ? s->task : s->own;
}

Status settings_init(Settings *s, const TaskFamily *family, const Method *method, Error *err)
{
    *s = (Settings){.family = family, .method = method};
    s->task = mem_array(1, family->settings_size);
    s->own = mem_array(1, method->settings_size);
    if (!s->task || !s->own) return error_nomem(err);

    for (int i = 0; i < setting_group_count(); i++) {
        SettingGroup g = setting_group(i);
        void *values = writable(s, i);
        if (values) param_defaults(g.row, g.count, values);
    }
    return STATUS_OK;
}

void settings_release(Settings *s)
{
    mem_free(s->task);
    mem_free(s->own);
    *s = (Settings){0};
}

// the group that has `key`, or -1
static int find_group(const char *key, const ParamRow **row)
{
    for (int i = 0; i < setting_group_count(); i++) {
        SettingGroup g = setting_group(i);
        *row = param_find(g.row, g.count, key);
        if (*row) return i;
    }
    return -1;
}

static Status unknown_key(const char *key, Error *err)
{
    enum { MOST_KEYS = 1024 };
    const char *names[MOST_KEYS];
    int count = 0;
    for (int i = 0; i < setting_group_count(); i++) {
        SettingGroup g = setting_group(i);
        for (int j = 0; j < g.count && count < MOST_KEYS; j++)
            names[count++] = g.row[j].name;
    }
    const char *nearest = nearest_name(key, names, count);
    if (nearest)
        return error_set(err, STATUS_USAGE, "unknown setting '%s'; did you mean '%s'?", key,
                         nearest);
    return error_set(err, STATUS_USAGE,
                     "unknown setting '%s'; `suite list settings` names them", key);
}

Status settings_set(Settings *s, const char *key, const char *value, Error *err)
{
    const ParamRow *row;
    int group = find_group(key, &row);
    if (group < 0) return unknown_key(key, err);

    void *values = writable(s, group);
    if (values) return param_set(row, values, value, err);

    void *other = mem_array(1, setting_group(group).size);
    if (!other) return error_nomem(err);
    Status status = param_set(row, other, value, err);
    mem_free(other);
    return status;
}

Status settings_set_family(Settings *s, const MemberList *members, Error *err)
{
    for (int i = 0; i < members->setting_count; i++) {
        const FamilySetting *f = &members->setting[i];
        Status status = settings_set(s, f->key, f->value, err);
        if (status == STATUS_USAGE)
            return error_wrap(err, STATUS_PARSE, "%s:%d", members->file[f->file], f->line);
        if (status != STATUS_OK) return status;
    }
    return STATUS_OK;
}

bool settings_is_shared(const char *key)
{
    const ParamRow *row;
    int group = find_group(key, &row);
    if (group < 0) return false;
    return row->shared || setting_group(group).family || strncmp(key, "source.", 7) == 0;
}

const ParamRow *settings_row(const Settings *s, const char *key, const void **values)
{
    const ParamRow *row;
    int group = find_group(key, &row);
    *values = group < 0 ? NULL : values_of(s, group);
    return *values ? row : NULL;
}

// those of sources are of no effect in a run that has none, or that takes all of them
static bool has_effect(const Settings *s, const char *key)
{
    if (strcmp(key, "source.count") == 0 && s->run.source_count == 0) return false;
    bool of_one = strcmp(key, "source.pick") == 0 || strcmp(key, "source.trial") == 0;
    if (of_one) return s->method->needs & METHOD_TAKES_ONE;
    return s->method->needs & METHOD_NEEDS_SOURCES || strncmp(key, "source.", 7) != 0;
}

void settings_each(const Settings *s,
                   void (*visit)(void *context, const ParamRow *row, const void *values),
                   void *context)
{
    CHECK(s);
    for (int i = 0; i < setting_group_count(); i++) {
        SettingGroup g = setting_group(i);
        const void *values = values_of(s, i);
        for (int j = 0; values && j < g.count; j++)
            if (has_effect(s, g.row[j].name)) visit(context, &g.row[j], values);
    }
}

static void print_setting(void *text, const ParamRow *row, const void *values)
{
    text_printf(text, "%s=", row->name);
    param_print(row, values, text);
    text_printf(text, "\n");
}

static void print_knowledge(void *text, const ParamRow *row, const void *values)
{
    if (row->knowledge) print_setting(text, row, values);
}

static Status hash_of(const Settings *s,
                      void (*print)(void *context, const ParamRow *row, const void *values),
                      uint64_t *hash, Error *err)
{
    Text text = TEXT_INIT;
    settings_each(s, print, &text);
    Status status = text_status(&text, err);
    *hash = hash_bytes(text.data, text.length, 0);
    text_release(&text);
    return status;
}

Status settings_hash(const Settings *s, uint64_t *hash, Error *err)
{
    return hash_of(s, print_setting, hash, err);
}

Status settings_knowledge_hash(const Settings *s, uint64_t *hash, Error *err)
{
    return hash_of(s, print_knowledge, hash, err);
}
