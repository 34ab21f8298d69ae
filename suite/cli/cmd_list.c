/** @file
 * `suite list`: the tasks, members, methods and settings there are, generated from their rows.
 *
 * Layer: cli.
 */
#include <stdio.h>
#include <string.h>

#include "suite/cli/commands.h"
#include "suite/cli/options.h"
#include "suite/core/check.h"
#include "suite/core/json.h"
#include "suite/core/mem.h"
#include "suite/run/plan.h"
#include "suite/run/program.h"
#include "suite/run/references.h"
#include "suite/run/registry.h"

typedef struct Listing {
    Json *json;     // NULL: print text
    JsonNode *rows; // of the JSON
    const char *models;
    FamilyFiles files; // users' members
} Listing;

// -- tasks

static void print_task(const TaskFamily *f)
{
    (void)printf("%s (version %d): %s\n", f->name, f->version, f->summary);
    (void)printf("  source        %s\n", f->source);
    (void)printf("  sizes         %d observed, %d features, %d actions\n", f->obs_dim,
                 f->feature_dim, f->action_count);
    (void)printf("  actions       %s\n", f->actions);
    (void)printf("  features      %s\n", f->feature_terms);
    (void)printf("  episode       %d control steps of %d physics steps\n", f->time_limit,
                 f->frame_skip);
    (void)printf("  reward        %g to %g a step\n", f->reward_lo, f->reward_hi);
    for (int i = 0; i < f->coord_count; i++)
        (void)printf("  table coord.  %-21s %g to %g\n", f->coord[i].name, f->coord[i].lo,
                     f->coord[i].hi);
    for (int i = 0; i < f->param_count; i++)
        (void)printf("  parameter     %-21s %g to %g %s, %g in the original: %s\n",
                     f->param[i].name, f->param[i].lo, f->param[i].hi, f->param[i].unit,
                     f->param[i].base, f->param[i].help);
    for (int i = 0; i < f->setting_count; i++)
        (void)printf("  setting       %-21s %s\n", f->setting[i].name, f->setting[i].help);
}

static void put_task(Listing *l, const TaskFamily *f)
{
    Json *json = l->json;
    JsonNode *node = json_put_object(json, l->rows, NULL);
    json_put_string(json, node, "name", f->name);
    json_put_string(json, node, "summary", f->summary);
    json_put_string(json, node, "source", f->source);
    json_put_number(json, node, "version", f->version);
    json_put_string(json, node, "actions", f->actions);
    json_put_string(json, node, "features", f->feature_terms);
    json_put_number(json, node, "obs_dim", f->obs_dim);
    json_put_number(json, node, "feature_dim", f->feature_dim);
    json_put_number(json, node, "action_count", f->action_count);
    json_put_number(json, node, "frame_skip", f->frame_skip);
    json_put_number(json, node, "time_limit", f->time_limit);
    json_put_number(json, node, "reward_lo", f->reward_lo);
    json_put_number(json, node, "reward_hi", f->reward_hi);
    JsonNode *coords = json_put_array(json, node, "coordinates");
    for (int i = 0; i < f->coord_count; i++) {
        JsonNode *coord = json_put_object(json, coords, NULL);
        json_put_string(json, coord, "name", f->coord[i].name);
        json_put_number(json, coord, "lo", f->coord[i].lo);
        json_put_number(json, coord, "hi", f->coord[i].hi);
    }
    JsonNode *params = json_put_array(json, node, "parameters");
    for (int i = 0; i < f->param_count; i++) {
        JsonNode *param = json_put_object(json, params, NULL);
        json_put_string(json, param, "name", f->param[i].name);
        json_put_string(json, param, "unit", f->param[i].unit);
        json_put_number(json, param, "base", f->param[i].base);
        json_put_number(json, param, "lo", f->param[i].lo);
        json_put_number(json, param, "hi", f->param[i].hi);
    }
}

static Status list_tasks(Listing *l, Error *err)
{
    (void)err;
    for (int i = 0; i < family_count(); i++) {
        if (l->json)
            put_task(l, family_at(i));
        else
            print_task(family_at(i));
    }
    return STATUS_OK;
}

// -- members

static void list_member(Listing *l, const TaskFamily *f, const Member *m,
                        const Reference *reference)
{
    if (!l->json) {
        (void)printf("%-16s %-7s %-16s", f->name, role_name(m->role), m->name);
        for (int p = 0; p < f->param_count; p++)
            (void)printf(" %s=%g", f->param[p].name, m->param[p]);
        if (reference)
            (void)printf("; random %.4g, long %.4g", reference->random, reference->long_run);
        (void)printf("\n");
        return;
    }
    JsonNode *node = json_put_object(l->json, l->rows, NULL);
    json_put_string(l->json, node, "family", f->name);
    json_put_string(l->json, node, "name", m->name);
    json_put_string(l->json, node, "role", role_name(m->role));
    JsonNode *params = json_put_object(l->json, node, "parameters");
    for (int p = 0; p < f->param_count; p++)
        json_put_number(l->json, params, f->param[p].name, m->param[p]);
    if (!reference) return;
    json_put_number(l->json, node, "random", reference->random);
    json_put_number(l->json, node, "long", reference->long_run);
}

static Status read_members(const Listing *l, int family, MemberList *members, Error *err)
{
    Status status = plan_read_members(members, family_at(family), l->models, err);
    return status == STATUS_OK ? family_files_add(&l->files, members, err) : status;
}

// users' files are refused before anything is printed, whatever is to be listed
static Status check_files(const Listing *l, Error *err)
{
    Status status = STATUS_OK;
    for (int i = 0; l->files.count && status == STATUS_OK && i < family_count(); i++) {
        MemberList members = {0};
        status = read_members(l, i, &members, err);
        members_release(&members);
    }
    return status;
}

static Status list_members(Listing *l, Error *err)
{
    Status status = STATUS_OK;
    for (int i = 0; status == STATUS_OK && i < family_count(); i++) {
        MemberList members = {0};
        ReferenceList references = {0};
        status = read_members(l, i, &members, err);
        if (status == STATUS_OK)
            status = references_read(&references, l->models, family_at(i), err);
        for (int m = 0; status == STATUS_OK && m < members.count; m++)
            list_member(l, family_at(i), &members.member[m],
                        reference_find(&references, members.member[m].name));
        reference_release(&references);
        members_release(&members);
    }
    return status;
}

// -- methods

static Status list_methods(Listing *l, Error *err)
{
    (void)err;
    for (int i = 0; i < method_count(); i++) {
        const Method *m = method_at(i);
        if (!l->json) {
            (void)printf("%-10s %s\n%-10s %s\n%-10s source: %s\n", m->name, m->title, "",
                         m->summary, "", m->source);
            continue;
        }
        JsonNode *node = json_put_object(l->json, l->rows, NULL);
        json_put_string(l->json, node, "name", m->name);
        json_put_string(l->json, node, "title", m->title);
        json_put_string(l->json, node, "summary", m->summary);
        json_put_string(l->json, node, "source", m->source);
        json_put_bool(l->json, node, "needs_sources", m->needs & METHOD_NEEDS_SOURCES);
    }
    return STATUS_OK;
}

// -- settings

static Status default_text(const SettingGroup *group, const ParamRow *row, Text *text,
                           Error *err)
{
    void *values = mem_array(1, group->size);
    if (!values) return error_nomem(err);
    param_defaults(group->row, group->count, values);
    param_print(row, values, text);
    mem_free(values);
    return text_status(text, err);
}

static Status list_setting(Listing *l, const SettingGroup *group, const ParamRow *row,
                           Error *err)
{
    Text def = TEXT_INIT, range = TEXT_INIT;
    Status status = default_text(group, row, &def, err);
    param_print_range(row, &range);
    if (status == STATUS_OK) status = text_status(&range, err);
    if (status == STATUS_OK && l->json) {
        JsonNode *node = json_put_object(l->json, l->rows, NULL);
        json_put_string(l->json, node, "name", row->name);
        json_put_string(l->json, node, "default", def.data);
        json_put_string(l->json, node, "range", range.data);
        json_put_string(l->json, node, "unit", row->unit ? row->unit : "");
        json_put_string(l->json, node, "help", row->help);
        json_put_bool(l->json, node, "shared_with_sources", settings_is_shared(row->name));
    } else if (status == STATUS_OK) {
        (void)printf("%-22s %-8s %s\n%-22s %-8s %s%s%s\n", row->name, def.data, row->help, "",
                     "", range.data, row->unit ? ", " : "", row->unit ? row->unit : "");
    }
    text_release(&def);
    text_release(&range);
    return status;
}

static Status list_settings(Listing *l, Error *err)
{
    Status status = STATUS_OK;
    if (!l->json)
        (void)printf("Defaults; a family's own stand in its family.json. Order of precedence: "
                     "default, family, --family, --config, --set.\n\n");
    for (int g = 0; status == STATUS_OK && g < setting_group_count(); g++) {
        SettingGroup group = setting_group(g);
        for (int i = 0; status == STATUS_OK && i < group.count; i++)
            status = list_setting(l, &group, &group.row[i], err);
    }
    return status;
}

// -- the command

static const struct {
    const char *name;
    Status (*list)(Listing *l, Error *err);
} lists[] = {
    {"tasks", list_tasks},
    {"members", list_members},
    {"methods", list_methods},
    {"settings", list_settings},
};

enum { LISTS = sizeof lists / sizeof lists[0] };

static int find_list(const char *name)
{
    for (int i = 0; i < LISTS; i++)
        if (strcmp(name, lists[i].name) == 0) return i;
    return -1;
}

static Status list_named(Listing *l, const char *name, Error *err)
{
    int i = find_list(name);
    CHECK(i >= 0);
    if (l->json) l->rows = json_put_array(l->json, json_root(l->json), name);
    return lists[i].list(l, err);
}

// before anything is printed, or a key written twice
static Status check_words(const TextList *words, Error *err)
{
    const char *names[LISTS];
    for (int i = 0; i < LISTS; i++)
        names[i] = lists[i].name;
    for (int i = 0; i < words->count; i++) {
        const char *word = words->text[i];
        if (find_list(word) < 0) {
            const char *nearest = nearest_name(word, names, LISTS);
            return error_set(err, STATUS_USAGE, "cannot list '%s'; did you mean '%s'?", word,
                             nearest ? nearest : "tasks");
        }
        for (int j = 0; j < i; j++)
            if (strcmp(words->text[j], word) == 0)
                return error_set(err, STATUS_USAGE, "'%s' is named twice", word);
    }
    return STATUS_OK;
}

static Status list(Listing *l, const TextList *words, Error *err)
{
    Status status = STATUS_OK;
    for (int i = 0; status == STATUS_OK && i < words->count; i++)
        status = list_named(l, words->text[i], err);
    for (int i = 0; words->count == 0 && status == STATUS_OK && i < LISTS; i++) {
        if (!l->json) (void)printf("%s%s\n\n", i ? "\n" : "", lists[i].name);
        status = list_named(l, lists[i].name, err);
    }
    Text text = TEXT_INIT;
    if (status == STATUS_OK && l->json) status = json_print(l->json, &text, err);
    if (status == STATUS_OK) (void)fputs(text.data, stdout);
    text_release(&text);
    return status;
}

int cmd_list(int argc, const char **argv)
{
    const char *models = NULL;
    TextList family = {0};
    bool json = false, helped;
    const Option option[] = {
        {"json", OPTION_FLAG, &json, NULL, "print JSON"},
        {"family", OPTION_LIST, &family, "FILE", "members of your own, from JSON"},
        {"models", OPTION_TEXT, &models, "DIR", "models folder (SUITE_MODELS, or our own)"},
    };
    CommandLine line = {argc,
                        argv,
                        "[tasks|members|methods|settings] [--json]",
                        "List what can be run; everything, if nothing is named.",
                        option,
                        sizeof option / sizeof option[0]};
    TextList words = {0};
    Options *options;
    Listing l = {0};
    Error err = {0};

    Status status = options_parse(&options, &line, &words, &helped, &err);
    l.models = program_models(models);
    if (status == STATUS_OK && !helped) status = check_words(&words, &err);
    if (status == STATUS_OK && !helped && json) status = json_new(&l.json, &err);
    if (status == STATUS_OK && !helped)
        status = family_files_read(&l.files, family.text, family.count, &err);
    if (status == STATUS_OK && !helped) status = check_files(&l, &err);
    if (status == STATUS_OK && !helped) status = list(&l, &words, &err);
    family_files_release(&l.files);
    json_free(l.json);
    options_free(options);
    return status == STATUS_OK ? EXIT_DONE : fail(&err);
}
