#include "suite/run/plan.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "results/record.h"
#include "suite/core/check.h"
#include "suite/core/mem.h"
#include "suite/run/member_record.h"
#include "suite/run/references.h"
#include "suite/run/registry.h"

// -- lists: "a,b,c" one word at a time

enum { WORD = 64, MOST_NAMES = 1024, MODEL_LIMIT = 1 << 20 };

// the next word of a list into `word`; false at the end. A word too long is cut and found
// unknown
static bool next_word(const char **list, char word[WORD])
{
    if (!*list) return false;
    size_t length = strcspn(*list, ",");
    (void)snprintf(word, WORD, "%.*s", (int)length, *list);
    *list = (*list)[length] ? *list + length + 1 : NULL;
    return true;
}

typedef struct Seeds {
    int *seed;
    int count;
} Seeds;

static Status seeds_error(const char *text, Error *err)
{
    return error_set(
        err, STATUS_USAGE,
        "--seeds cannot be '%s': give a count from 1 to %d, a range such as 3-7, or "
        "a list such as 1,4,9",
        text, MOST_RUNS);
}

static Status seeds_range(Seeds *seeds, int64_t first, int64_t last, const char *text,
                          Error *err)
{
    if (last < first || last - first >= MOST_RUNS) return seeds_error(text, err);
    seeds->seed = mem_array((size_t)(last - first + 1), sizeof *seeds->seed);
    if (!seeds->seed) return error_nomem(err);
    for (int64_t s = first; s <= last; s++)
        seeds->seed[seeds->count++] = (int)s;
    return STATUS_OK;
}

static Status seeds_list(Seeds *seeds, const char *text, Error *err)
{
    char word[WORD];
    seeds->seed = mem_array(strlen(text) + 1, sizeof *seeds->seed);
    if (!seeds->seed) return error_nomem(err);
    for (const char *list = text; next_word(&list, word);) {
        int64_t seed;
        if (!parse_int(word, 0, INT_MAX, &seed)) return seeds_error(text, err);
        for (int i = 0; i < seeds->count; i++)
            if (seeds->seed[i] == seed)
                return error_set(err, STATUS_USAGE, "--seeds names seed %d twice", (int)seed);
        seeds->seed[seeds->count++] = (int)seed;
    }
    return STATUS_OK;
}

// "10" is seeds 0..9, "3-7" a range, "1,4,9" a list
static Status seeds_parse(Seeds *seeds, const char *text, Error *err)
{
    char word[WORD];
    int64_t first, last;
    const char *dash = strchr(text, '-');
    *seeds = (Seeds){0};
    if (strchr(text, ',')) return seeds_list(seeds, text, err);
    if (dash) {
        (void)snprintf(word, sizeof word, "%.*s", (int)(dash - text), text);
        if (!parse_int(word, 0, INT_MAX, &first) || !parse_int(dash + 1, 0, INT_MAX, &last))
            return seeds_error(text, err);
        return seeds_range(seeds, first, last, text, err);
    }
    if (!parse_int(text, 1, MOST_RUNS, &last)) return seeds_error(text, err);
    return seeds_range(seeds, 0, last - 1, text, err);
}

// -- one run

void run_column(const Run *run, char column[2 * LABEL_LENGTH])
{
    const char *method = run->is_source ? "source" : run->method->name;
    (void)snprintf(column, (size_t)2 * LABEL_LENGTH, run->label[0] ? "%s+%s" : "%s", method,
                   run->label);
}

// sources take the family's defaults and those overrides that they share with their targets
static Status set_all(Run *run, const Request *request, Error *err)
{
    Settings *s = &run->settings;
    Status status = settings_set_family(s, run->members, err);
    for (int i = 0; status == STATUS_OK && i < request->set_count; i++) {
        const Override *o = &request->set[i];
        if (!run->is_source || settings_is_shared(o->key))
            status = settings_set(s, o->key, o->value, err);
    }
    if (status == STATUS_OK && run->is_source) {
        s->run.steps = s->run.source_steps;
        s->run.keep = KEEP_BEST;
        s->agent.explore = EXPLORE_FULL;
    }
    return status;
}

// everything that can change the run's results: settings, model, versions, the member's numbers
static Status hash_run(Run *run, const char *models, Error *err)
{
    const TaskFamily *family = run->members->family;
    char path[PATH_LENGTH], *mjcf;
    uint64_t hash;
    size_t size;
    Status status = path_format(path, err, "%s/%s", models, family->mjcf);
    if (status == STATUS_OK) status = file_read(&mjcf, &size, path, MODEL_LIMIT, err);
    if (status != STATUS_OK) return status;
    status = settings_hash(&run->settings, &hash, err);
    hash = hash_bytes(mjcf, size, hash);
    mem_free(mjcf);
    hash = hash_bytes(&family->version, sizeof family->version, hash);
    hash = hash_bytes(&run->method->version, sizeof run->method->version, hash);
    hash = hash_bytes(&dqn_version, sizeof dqn_version, hash);
    hash = hash_bytes(run->member->param, (size_t)family->param_count * sizeof(double), hash);
    hash_format(hash, run->settings_hash);
    return status;
}

// the first setting that a record and a run do not share
static void first_difference(const RunRecord *record, const Run *run, Text *text)
{
    for (int i = 0; i < record->setting_count; i++) {
        const RecordSetting *there = &record->setting[i];
        const void *values;
        const ParamRow *row = settings_row(&run->settings, there->key, &values);
        Text here = TEXT_INIT;
        if (row) param_print(row, values, &here);
        bool same = row && strcmp(here.data, there->value) == 0;
        if (!same)
            text_printf(text, "%s=%s there, %s=%s now", there->key, there->value, there->key,
                        row ? here.data : "(unknown)");
        text_release(&here);
        if (!same) return;
    }
    text_printf(text, "the %smodel or the program has changed",
                record->param_count ? "" : "member, the ");
}

// a label would put two members into one row of a table
static Status refuse_other_member(const RunRecord *record, const Run *run, Error *err)
{
    Text text = TEXT_INIT;
    const char *role = role_name(run->member->role);
    if (!member_record_differs(record, run->members->family, run->member, &text))
        text_printf(&text, "role=%s there, role=%s now", record->role, role);
    Status status = error_set(
        err, STATUS_MISMATCH,
        "'%s' holds a run of another member '%s' (%s); give this one another name or another "
        "--out, or replace that one with --fresh",
        run->folder, record->member, text.data);
    text_release(&text);
    return status;
}

// the same name with other parameters, or in another role
static bool is_other_member(const RunRecord *record, const Run *run)
{
    Text text = TEXT_INIT;
    bool differs = member_record_differs(record, run->members->family, run->member, &text);
    text_release(&text);
    return differs || strcmp(record->role, role_name(run->member->role)) != 0;
}

static Status refuse_other(const RunRecord *record, const Run *run, Error *err)
{
    Text text = TEXT_INIT;
    first_difference(record, run, &text);
    Status status = error_set(
        err, STATUS_MISMATCH,
        "'%s' holds a run with other settings (%s); %s, or replace that one with --fresh",
        run->folder, text.data,
        run->is_source ? "use another --out" : "give this one a --label or another --out");
    text_release(&text);
    return status;
}

// is the run's work done already? Looks and changes nothing
static Status look_for_record(Run *run, Error *err)
{
    char path[PATH_LENGTH];
    RunRecord record = {0};
    Error why = {0};
    run->is_done = run->is_damaged = false;
    Status status = path_format(path, err, "%s/run.json", run->folder);
    if (status != STATUS_OK || !file_exists(path)) return status;

    status = record_read(&record, run->folder, &why);
    if (status == STATUS_PARSE) {
        run->is_damaged = true;
        status = STATUS_OK;
    } else if (status != STATUS_OK) {
        status = error_set(err, status, "%s", why.message);
    } else if (is_other_member(&record, run)) {
        status = refuse_other_member(&record, run, err);
    } else if (strcmp(record.settings_hash, run->settings_hash) != 0) {
        status = refuse_other(&record, run, err);
    } else {
        run->is_done = record.status == RUN_DONE;
    }
    record_release(&record);
    return status;
}

typedef struct RunId {
    const MemberList *members;
    const Member *member;
    const Method *method;
    bool is_source;
    int seed;
} RunId;

static Status make_room(Plan *plan, Error *err)
{
    if (plan->count < plan->capacity) return STATUS_OK;
    if (plan->count == MOST_RUNS)
        return error_set(err, STATUS_USAGE, "more than %d runs", MOST_RUNS);
    int capacity = plan->capacity ? 2 * plan->capacity : 64;
    Run *grown = mem_grow(plan->run, (size_t)plan->count, (size_t)capacity, sizeof *grown);
    if (!grown) return error_nomem(err);
    plan->run = grown;
    plan->capacity = capacity;
    return STATUS_OK;
}

static Status add_run(Plan *plan, const RunId *id, const Request *request, Error *err)
{
    Status status = make_room(plan, err);
    if (status != STATUS_OK) return status;

    Run *run = &plan->run[plan->count++];
    *run = (Run){.members = id->members,
                 .member = id->member,
                 .references = &plan->references[id->members - plan->family],
                 .method = id->method,
                 .is_source = id->is_source,
                 .seed = id->seed};
    if (!id->is_source) (void)snprintf(run->label, sizeof run->label, "%s", request->label);

    char column[2 * LABEL_LENGTH];
    run_column(run, column);
    status = path_format(run->folder, err, "%s/%s/%s/%s/seed-%d", request->out,
                         id->members->family->name, id->member->name, column, id->seed);
    if (status == STATUS_OK)
        status = settings_init(&run->settings, id->members->family, id->method, err);
    if (status == STATUS_OK) status = set_all(run, request, err);
    if (status == STATUS_OK) status = hash_run(run, request->models, err);
    if (status == STATUS_OK && !request->fresh) status = look_for_record(run, err);
    return status;
}

// -- all of them

static bool is_selected(const Member *member, const char *members)
{
    char word[WORD];
    for (const char *list = members; next_word(&list, word);) {
        if (strcmp(word, "all") == 0) return true;
        if (strcmp(word, "targets") == 0 && member->role == ROLE_TARGET) return true;
        if (strcmp(word, "sources") == 0 && member->role == ROLE_SOURCE) return true;
        if (strcmp(word, "tune") == 0 && member->role == ROLE_TUNE) return true;
        if (strcmp(word, member->name) == 0) return true;
    }
    return false;
}

static Status unknown_member(const char *name, const char *const *names, int count, Error *err)
{
    const char *nearest = nearest_name(name, names, count);
    if (nearest)
        return error_set(err, STATUS_USAGE, "unknown member '%s'; did you mean '%s'?", name,
                         nearest);
    return error_set(err, STATUS_USAGE, "unknown member '%s'; `suite list members` names them",
                     name);
}

// every word of --member must select something in at least one of the families
static Status check_members(const Plan *plan, const char *members, Error *err)
{
    char word[WORD];
    static const char *const groups[] = {"all", "targets", "sources", "tune"};
    for (const char *list = members; next_word(&list, word);) {
        bool found = false;
        const char *names[MOST_NAMES];
        int count = 0;
        for (int i = 0; i < 4; i++) {
            names[count++] = groups[i];
            found = found || strcmp(word, groups[i]) == 0;
        }
        for (int f = 0; f < plan->family_count; f++)
            for (int m = 0; m < plan->family[f].count; m++) {
                const char *name = plan->family[f].member[m].name;
                if (count < MOST_NAMES) names[count++] = name;
                found = found || strcmp(word, name) == 0;
            }
        if (found) continue;
        return unknown_member(word, names, count, err);
    }
    return STATUS_OK;
}

static Status add_targets(Plan *plan, const MemberList *members, const Method *method,
                          const Seeds *seeds, const Request *request, Error *err)
{
    Status status = STATUS_OK;
    for (int m = 0; m < members->count; m++) {
        if (!is_selected(&members->member[m], request->members)) continue;
        for (int s = 0; status == STATUS_OK && s < seeds->count; s++) {
            RunId id = {members, &members->member[m], method, false, seeds->seed[s]};
            status = add_run(plan, &id, request, err);
        }
    }
    return status;
}

// the sources of a family, at the seed that the request's settings say
static Status add_sources(Plan *plan, const MemberList *members, const Request *request,
                          Error *err)
{
    const Method *scratch;
    Run probe = {.members = members, .is_source = true};
    Status status = method_find(&scratch, "scratch", err);
    if (status == STATUS_OK)
        status = settings_init(&probe.settings, members->family, scratch, err);
    if (status == STATUS_OK) status = set_all(&probe, request, err);
    int seed = probe.settings.run.source_seed;
    settings_release(&probe.settings);

    for (int m = 0; status == STATUS_OK && m < members->count; m++) {
        if (members->member[m].role != ROLE_SOURCE) continue;
        RunId id = {members, &members->member[m], scratch, true, seed};
        status = add_run(plan, &id, request, err);
    }
    return status;
}

// the methods named in the request, each once. @param method (method_count())
static Status list_methods(const char *names, const Method **method, int *count, Error *err)
{
    char word[WORD];
    *count = 0;
    for (const char *list = names; next_word(&list, word);) {
        bool all = strcmp(word, "all") == 0;
        for (int i = 0; i < (all ? method_count() : 1); i++) {
            const Method *found = method_at(i);
            Status status = all ? STATUS_OK : method_find(&found, word, err);
            if (status != STATUS_OK) return status;
            bool is_new = true;
            for (int j = 0; j < *count; j++)
                is_new = is_new && method[j] != found;
            if (is_new) method[(*count)++] = found;
        }
    }
    return STATUS_OK;
}

// all runs of a plan whose families are read: sources first
static Status add_runs(Plan *plan, const Seeds *seeds, const Request *request, Error *err)
{
    int count;
    bool needs_sources = false;
    const Method **method = mem_array((size_t)method_count(), sizeof(const Method *));
    if (!method) return error_nomem(err);
    Status status = list_methods(request->methods, method, &count, err);
    for (int i = 0; status == STATUS_OK && i < count; i++)
        needs_sources = needs_sources || method[i]->needs & METHOD_NEEDS_SOURCES;

    for (int f = 0; needs_sources && status == STATUS_OK && f < plan->family_count; f++)
        status = add_sources(plan, &plan->family[f], request, err);
    plan->source_count = plan->count;
    for (int f = 0; status == STATUS_OK && f < plan->family_count; f++)
        for (int i = 0; status == STATUS_OK && i < count; i++)
            status = add_targets(plan, &plan->family[f], method[i], seeds, request, err);
    mem_free(method);
    return status;
}

Status plan_read_members(MemberList *list, const TaskFamily *family, const char *models,
                         Error *err)
{
    char path[PATH_LENGTH];
    *list = (MemberList){0};
    if (!file_exists(models))
        return error_set(
            err, STATUS_MISSING,
            "there is no models folder '%s'; name it with --models or SUITE_MODELS", models);
    Status status = path_format(path, err, "%s/%s/family.json", models, family->name);
    return status == STATUS_OK ? members_read(list, family, path, err) : status;
}

Status plan_find_member(const Member **out, const MemberList *list, const char *name,
                        Error *err)
{
    const char *names[MOST_NAMES];
    int count = 0;
    *out = members_find(list, name);
    if (*out) return STATUS_OK;
    for (; count < list->count && count < MOST_NAMES; count++)
        names[count] = list->member[count].name;
    return unknown_member(name, names, count, err);
}

// a family with what users add to it, unless the plan has it
static Status add_family(Plan *plan, const TaskFamily *family, const Request *request,
                         Error *err)
{
    for (int f = 0; f < plan->family_count; f++)
        if (plan->family[f].family == family) return STATUS_OK;
    MemberList *list = &plan->family[plan->family_count++];
    Status status = plan_read_members(list, family, request->models, err);
    return status == STATUS_OK ? family_files_add(request->files, list, err) : status;
}

static Status add_tasks(Plan *plan, const Request *request, Error *err)
{
    char word[WORD];
    Status status = STATUS_OK;
    for (const char *list = request->tasks; status == STATUS_OK && next_word(&list, word);) {
        bool all = strcmp(word, "all") == 0;
        for (int i = 0; status == STATUS_OK && i < (all ? family_count() : 1); i++) {
            const TaskFamily *family = family_at(i);
            if (!all) status = family_find(&family, word, err);
            if (status == STATUS_OK) status = add_family(plan, family, request, err);
        }
    }
    return status;
}

// a file that no run would come from was surely meant otherwise
static Status check_files(const Plan *plan, const FamilyFiles *files, Error *err)
{
    for (int i = 0; i < files->count; i++) {
        bool wanted = false;
        for (int f = 0; f < plan->family_count; f++)
            wanted = wanted || plan->family[f].family == files->file[i].family;
        if (!wanted)
            return error_set(err, STATUS_USAGE,
                             "'%s' adds members to family '%s', which --task does not name",
                             files->file[i].contents.path, files->file[i].family->name);
    }
    return STATUS_OK;
}

static Status read_families(Plan *plan, const Request *request, Error *err)
{
    const FamilyFiles none = {0}, *files = request->files ? request->files : &none;
    CHECK(request->tasks || files->count);
    plan->family = mem_array((size_t)family_count(), sizeof *plan->family);
    if (!plan->family) return error_nomem(err);

    Status status = STATUS_OK;
    if (request->tasks) status = add_tasks(plan, request, err);
    for (int i = 0; !request->tasks && status == STATUS_OK && i < files->count; i++)
        status = add_family(plan, files->file[i].family, request, err);
    return status == STATUS_OK ? check_files(plan, files, err) : status;
}

static Status read_references(Plan *plan, const Request *request, Error *err)
{
    plan->references = mem_array((size_t)plan->family_count, sizeof *plan->references);
    Status status = plan->references ? STATUS_OK : error_nomem(err);
    for (int f = 0; request->with_references && status == STATUS_OK && f < plan->family_count;
         f++)
        status =
            references_read(&plan->references[f], request->models, plan->family[f].family, err);
    return status;
}

static Status check_label(const char *label, Error *err)
{
    static const char letters[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-";
    if (strlen(label) < LABEL_LENGTH && strspn(label, letters) == strlen(label))
        return STATUS_OK;
    return error_set(err, STATUS_USAGE,
                     "--label cannot be '%.60s': letters, digits, '_', '.' and '-', at most %d",
                     label, LABEL_LENGTH - 1);
}

Status plan_make(Plan *plan, const Request *request, Error *err)
{
    Seeds seeds = {0};
    *plan = (Plan){0};
    Status status = check_label(request->label, err);
    if (status == STATUS_OK) status = seeds_parse(&seeds, request->seeds, err);
    if (status == STATUS_OK) status = read_families(plan, request, err);
    if (status == STATUS_OK) status = read_references(plan, request, err);
    if (status == STATUS_OK) status = check_members(plan, request->members, err);
    if (status == STATUS_OK) status = add_runs(plan, &seeds, request, err);
    if (status == STATUS_OK && plan->count == plan->source_count)
        status = error_set(err, STATUS_USAGE, "no member of these tasks is selected by '%s'",
                           request->members);
    mem_free(seeds.seed);
    return status;
}

void plan_release(Plan *plan)
{
    for (int i = 0; i < plan->count; i++)
        settings_release(&plan->run[i].settings);
    mem_free(plan->run);
    for (int f = 0; f < plan->family_count; f++)
        members_release(&plan->family[f]);
    for (int f = 0; plan->references && f < plan->family_count; f++)
        reference_release(&plan->references[f]);
    mem_free(plan->family);
    mem_free(plan->references);
    *plan = (Plan){0};
}

int plan_runs_to_do(const Plan *plan)
{
    int count = 0;
    for (int i = 0; i < plan->count; i++)
        count += !plan->run[i].is_done;
    return count;
}

int64_t plan_steps_to_do(const Plan *plan)
{
    int64_t steps = 0;
    for (int i = 0; i < plan->count; i++)
        if (!plan->run[i].is_done) steps += plan->run[i].settings.run.steps;
    return steps;
}

Status plan_look(Plan *plan, Error *err)
{
    Status status = STATUS_OK;
    for (int i = 0; status == STATUS_OK && i < plan->count; i++)
        status = look_for_record(&plan->run[i], err);
    return status;
}
