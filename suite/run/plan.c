#include "suite/run/plan.h"

#include <stdio.h>
#include <string.h>

#include "results/record.h"
#include "suite/core/check.h"
#include "suite/core/mem.h"
#include "suite/run/member_record.h"
#include "suite/run/references.h"
#include "suite/run/registry.h"

enum { MOST_NAMES = 1024, MODEL_LIMIT = 1 << 20 };

/** What is asked for in one place: a row of an experiment, or the request's own words. */
typedef struct Row {
    const char *tasks, *members, *label;
    int line;            // in the experiment; 0 if there is none
    const Override *set; // (set_count) below the request's
    int set_count;
    Seeds seeds;           // owned; narrowed
    const Method **method; // (method_count) owned; narrowed
    int method_count;
    MemberList **family; // (family_count) in the plan; owned
    int family_count;
} Row;

/** A plan being made. */
typedef struct Making {
    Plan *plan;
    const Request *request;
    Row *row; // (row_count)
    int row_count;
    const char *only_tasks, *only_members; // that narrow an experiment; NULL: all
    int *slot;      // (slot_count) runs by their folders: index + 1, or 0
    int slot_count; // a power of two, more than the runs
} Making;

// -- one run

void run_column(const Run *run, char column[2 * LABEL_LENGTH])
{
    const char *method = run->is_source ? "source" : run->method->name;
    (void)snprintf(column, (size_t)2 * LABEL_LENGTH, run->label[0] ? "%s+%s" : "%s", method,
                   run->label);
}

// sources take those overrides only that they share with their targets
static Status set_each(Run *run, const Override *set, int count, Error *err)
{
    Status status = STATUS_OK;
    for (int i = 0; status == STATUS_OK && i < count; i++)
        if (!run->is_source || settings_is_shared(set[i].key))
            status = settings_set(&run->settings, set[i].key, set[i].value, err);
    return status;
}

// the family's, the row's, then the request's
static Status set_all(Run *run, const Row *row, const Request *request, Error *err)
{
    Settings *s = &run->settings;
    Status status = settings_set_family(s, run->members, err);
    if (status == STATUS_OK) status = set_each(run, row->set, row->set_count, err);
    if (status == STATUS_OK) status = set_each(run, request->set, request->set_count, err);
    if (status == STATUS_OK && run->is_source) {
        s->run.steps = s->run.source_steps;
        s->run.keep = KEEP_BEST;
        s->agent.explore = EXPLORE_FULL;
    }
    return status;
}

// raised when the numbers of a trial of sources change, for the runs that have one
static const int trial_version = 2;

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
    if (run->method->needs & METHOD_TAKES_ONE && run->settings.run.source_pick == PICK_BEST)
        hash = hash_bytes(&trial_version, sizeof trial_version, hash);
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
        run->is_source ? "use another --out"
        : run->line    ? "give its row a label of its own, or use another --out"
                       : "give this one a --label or another --out");
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

// -- runs by their folders: rows may ask for a run twice

// the slot of the run in `folder`, or the free one where it belongs
static int *find_slot(const Making *m, const char *folder)
{
    uint64_t last = (uint64_t)m->slot_count - 1, at = hash_string(folder, 0) & last;
    while (m->slot[at] && strcmp(m->plan->run[m->slot[at] - 1].folder, folder) != 0)
        at = (at + 1) & last;
    return &m->slot[at];
}

static Status make_room(Making *m, Error *err)
{
    Plan *plan = m->plan;
    if (plan->count < plan->capacity) return STATUS_OK;
    if (plan->count == MOST_RUNS)
        return error_set(err, STATUS_USAGE, "more than %d runs", MOST_RUNS);
    int capacity = plan->capacity ? 2 * plan->capacity : 64;
    Run *grown = mem_grow(plan->run, (size_t)plan->count, (size_t)capacity, sizeof *grown);
    if (!grown) return error_nomem(err);
    plan->run = grown;
    plan->capacity = capacity;

    mem_free(m->slot);
    m->slot_count = 2 * capacity;
    m->slot = mem_array((size_t)m->slot_count, sizeof *m->slot);
    if (!m->slot) return error_nomem(err);
    for (int i = 0; i < plan->count; i++)
        *find_slot(m, plan->run[i].folder) = i + 1;
    return STATUS_OK;
}

typedef struct Unlike {
    const Run *other;
    Text *text;
} Unlike;

static void compare_setting(void *context, const ParamRow *row, const void *values)
{
    Unlike *u = context;
    const void *theirs;
    Text here = TEXT_INIT, there = TEXT_INIT;
    if (u->text->length || !settings_row(&u->other->settings, row->name, &theirs)) return;
    param_print(row, values, &here);
    param_print(row, theirs, &there);
    if (strcmp(here.data, there.data) != 0)
        text_printf(u->text, "%s=%s there, %s=%s here", row->name, there.data, row->name,
                    here.data);
    text_release(&here);
    text_release(&there);
}

// two rows that ask for a run with different settings; a source is one that both need
static Status refuse_row(const Making *m, const Run *run, const Run *other, Error *err)
{
    Text text = TEXT_INIT;
    Unlike unlike = {other, &text};
    settings_each(&run->settings, compare_setting, &unlike);
    Status status = error_set(err, STATUS_PARSE,
                              "%s:%d: this row and that of line %d both %s '%s', but with "
                              "different settings (%s); %s",
                              m->request->experiment->path, run->line, other->line,
                              run->is_source ? "need" : "make", run->folder, text.data,
                              run->is_source ? "targets of a family share its sources"
                                             : "give one of them a label");
    text_release(&text);
    return status;
}

typedef struct RunId {
    const MemberList *members;
    const Member *member;
    const Method *method;
    bool is_source;
    int seed;
} RunId;

// a row's mistake stands in its file
static Status at_row(const Making *m, const Row *row, Status status, Error *err)
{
    if (!row->line || status != STATUS_USAGE) return status;
    return error_wrap(err, STATUS_PARSE, "%s:%d", m->request->experiment->path, row->line);
}

// all sources asked for, of a method that knows what to do with one only
static Status refuse_all_sources(const Run *run, Error *err)
{
    unsigned needs = run->method->needs;
    if (run->settings.run.source_pick != PICK_ALL || !(needs & METHOD_TAKES_ONE) ||
        needs & METHOD_TAKES_ALL)
        return STATUS_OK;
    return error_set(err, STATUS_USAGE,
                     "source.pick=all: method '%s' learns from one source only; it takes seed "
                     "or best",
                     run->method->name);
}

// no more sources than there are
static Status check_source_count(const Run *run, Error *err)
{
    const MemberList *list = run->members;
    int wanted = run->settings.run.source_count, count = 0;
    for (int i = 0; i < list->count; i++)
        count += list->member[i].role == ROLE_SOURCE;
    if (wanted <= count) return STATUS_OK;
    return error_set(err, STATUS_USAGE, "source.count=%d: '%s' has %d source%s; 0 takes all",
                     wanted, list->family->name, count, count == 1 ? "" : "s");
}

// settings that are each in range, and cannot be had together
static Status check_settings(Run *run, Error *err)
{
    Settings *s = &run->settings;
    if (run->method->settle) run->method->settle(s->own);
    Status status = refuse_all_sources(run, err);
    if (status == STATUS_OK) status = check_source_count(run, err);
    if (status == STATUS_OK && run->method->fits)
        status = run->method->fits(s->own, &s->agent, err);
    return status;
}

static Status fill_run(const Making *m, const Row *row, Run *run, const RunId *id, Error *err)
{
    char column[2 * LABEL_LENGTH];
    *run = (Run){.members = id->members,
                 .member = id->member,
                 .references = &m->plan->references[id->members - m->plan->family],
                 .method = id->method,
                 .is_source = id->is_source,
                 .seed = id->seed,
                 .line = row->line};
    if (!id->is_source) (void)snprintf(run->label, sizeof run->label, "%s", row->label);
    run_column(run, column);
    Status status = path_format(run->folder, err, "%s/%s/%s/%s/seed-%d", m->request->out,
                                id->members->family->name, id->member->name, column, id->seed);
    if (status == STATUS_OK)
        status = settings_init(&run->settings, id->members->family, id->method, err);
    if (status == STATUS_OK) status = set_all(run, row, m->request, err);
    if (status == STATUS_OK) status = at_row(m, row, check_settings(run, err), err);
    return status == STATUS_OK ? hash_run(run, m->request->models, err) : status;
}

static Status add_run(Making *m, const Row *row, const RunId *id, Error *err)
{
    Plan *plan = m->plan;
    Status status = make_room(m, err);
    if (status != STATUS_OK) return status;
    Run *run = &plan->run[plan->count++];
    status = fill_run(m, row, run, id, err);
    if (status != STATUS_OK) return status;

    int *slot = find_slot(m, run->folder);
    if (!*slot) {
        *slot = plan->count;
        return m->request->fresh ? STATUS_OK : look_for_record(run, err);
    }
    const Run *other = &plan->run[*slot - 1];
    if (strcmp(other->settings_hash, run->settings_hash) != 0)
        return refuse_row(m, run, other, err);
    settings_release(&run->settings);
    plan->count--;
    return STATUS_OK;
}

// -- all of them

static bool is_selected(const Member *member, const char *members)
{
    char word[WORD_LENGTH];
    for (const char *list = members; word_next(&list, word);) {
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

// every word must select something in at least one of the families
static Status check_members(const char *members, const MemberList *const *family,
                            int family_count, Error *err)
{
    char word[WORD_LENGTH];
    static const char *const groups[] = {"all", "targets", "sources", "tune"};
    for (const char *list = members; word_next(&list, word);) {
        bool found = false;
        const char *names[MOST_NAMES];
        int count = 0;
        for (int i = 0; i < 4; i++) {
            names[count++] = groups[i];
            found = found || strcmp(word, groups[i]) == 0;
        }
        for (int f = 0; f < family_count; f++)
            for (int m = 0; m < family[f]->count; m++) {
                const char *name = family[f]->member[m].name;
                if (count < MOST_NAMES) names[count++] = name;
                found = found || strcmp(word, name) == 0;
            }
        if (found) continue;
        return unknown_member(word, names, count, err);
    }
    return STATUS_OK;
}

// the methods named in the request, each once. @param method (method_count())
static Status list_methods(const char *names, const Method **method, int *count, Error *err)
{
    char word[WORD_LENGTH];
    *count = 0;
    for (const char *list = names; word_next(&list, word);) {
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

// -- families

// the seed of the sources that runs of the row learn from
static Status find_source_seed(const Making *m, const Row *row, const MemberList *members,
                               int *seed, Error *err)
{
    Run probe = {.members = members, .is_source = true};
    Status status = method_find(&probe.method, "scratch", err);
    if (status == STATUS_OK)
        status = settings_init(&probe.settings, members->family, probe.method, err);
    if (status == STATUS_OK) status = set_all(&probe, row, m->request, err);
    *seed = probe.settings.run.source_seed;
    settings_release(&probe.settings);
    return status;
}

// with what users add to it
static Status read_family(const Making *m, const TaskFamily *family, Error *err)
{
    Plan *plan = m->plan;
    MemberList *list = &plan->family[plan->family_count];
    ReferenceList *references = &plan->references[plan->family_count++];
    Status status = plan_read_members(list, family, m->request->models, err);
    if (status == STATUS_OK) status = family_files_add(m->request->files, list, err);
    if (status == STATUS_OK && m->request->with_references)
        status = references_read(references, m->request->models, family, err);
    return status;
}

static MemberList *find_family(const Plan *plan, const TaskFamily *family, int source_seed)
{
    for (int f = 0; f < plan->family_count; f++)
        if (plan->family[f].family == family &&
            (source_seed < 0 || plan->source_seed[f] == source_seed))
            return &plan->family[f];
    return NULL;
}

// the family with the sources of this row; whatever its sources, it tells its own settings
static Status want_family(const Making *m, Row *row, const TaskFamily *family, Error *err)
{
    int seed;
    Plan *plan = m->plan;
    bool is_new = !find_family(plan, family, -1);
    Status status = is_new ? read_family(m, family, err) : STATUS_OK;
    if (status != STATUS_OK) return status;
    status = find_source_seed(m, row, find_family(plan, family, -1), &seed, err);
    if (status != STATUS_OK) return status;

    if (!is_new && !find_family(plan, family, seed)) {
        status = read_family(m, family, err);
        if (status != STATUS_OK) return status;
        is_new = true;
    }
    if (is_new) plan->source_seed[plan->family_count - 1] = seed;
    MemberList *found = find_family(plan, family, seed);
    for (int f = 0; f < row->family_count; f++)
        if (row->family[f] == found) return STATUS_OK;
    row->family[row->family_count++] = found;
    return STATUS_OK;
}

static Status want_tasks(const Making *m, Row *row, Error *err)
{
    char word[WORD_LENGTH];
    Status status = STATUS_OK;
    for (const char *list = row->tasks; status == STATUS_OK && word_next(&list, word);) {
        bool all = strcmp(word, "all") == 0;
        for (int i = 0; status == STATUS_OK && i < (all ? family_count() : 1); i++) {
            const TaskFamily *family = family_at(i);
            if (!all) status = family_find(&family, word, err);
            if (status == STATUS_OK) status = want_family(m, row, family, err);
        }
    }
    const FamilyFiles *files = m->request->files;
    for (int i = 0; !row->tasks && status == STATUS_OK && i < files->count; i++)
        status = want_family(m, row, files->file[i].family, err);
    return status;
}

// a file that no run would come from was surely meant otherwise
static Status check_files(const Making *m, Error *err)
{
    const FamilyFiles *files = m->request->files;
    for (int i = 0; files && i < files->count; i++)
        if (!find_family(m->plan, files->file[i].family, -1))
            return error_set(err, STATUS_USAGE,
                             "'%s' adds members to family '%s', which %s does not name",
                             files->file[i].contents.path, files->file[i].family->name,
                             m->request->experiment ? "the experiment" : "--task");
    return STATUS_OK;
}

// -- rows

// every name of a member is one, and some member is selected
static Status check_row(const Making *m, const Row *row, Error *err)
{
    const MemberList *const *family = (const MemberList *const *)row->family;
    Status status = check_members(row->members, family, row->family_count, err);
    if (status != STATUS_OK) return at_row(m, row, status, err);
    for (int f = 0; f < row->family_count; f++)
        for (int i = 0; i < row->family[f]->count; i++)
            if (is_selected(&row->family[f]->member[i], row->members)) return STATUS_OK;
    status = error_set(err, STATUS_USAGE, "no member of these tasks is selected by '%s'",
                       row->members);
    return at_row(m, row, status, err);
}

static Status read_row(const Making *m, Row *row, const char *methods, const char *seeds,
                       Error *err)
{
    row->method = mem_array((size_t)method_count(), sizeof(const Method *));
    row->family = mem_array((size_t)family_count(), sizeof(MemberList *));
    if (!row->method || !row->family) return error_nomem(err);
    Status status = label_check(row->label, "--label", err);
    if (status == STATUS_OK) status = seeds_parse(&row->seeds, seeds, "--seeds", err);
    if (status == STATUS_OK) status = want_tasks(m, row, err);
    if (status == STATUS_OK)
        status = list_methods(methods, row->method, &row->method_count, err);
    return status;
}

static Status read_rows(const Making *m, Error *err)
{
    const Request *r = m->request;
    Status status = STATUS_OK;
    if (!r->experiment) {
        m->row[0] = (Row){.tasks = r->tasks, .members = r->members, .label = r->label};
        return read_row(m, &m->row[0], r->methods, r->seeds, err);
    }
    for (int i = 0; status == STATUS_OK && i < m->row_count; i++) {
        const ExperimentRow *from = &r->experiment->row[i];
        m->row[i] = (Row){.tasks = from->tasks,
                          .members = from->members,
                          .label = from->label,
                          .line = from->line,
                          .set = from->set,
                          .set_count = from->set_count};
        status = read_row(m, &m->row[i], from->methods, from->seeds, err);
    }
    return status;
}

// -- what the request's words leave of an experiment

static Status narrow_methods(const Making *m, Error *err)
{
    int count;
    const Method **method = mem_array((size_t)method_count(), sizeof(const Method *));
    if (!method) return error_nomem(err);
    Status status = list_methods(m->request->methods, method, &count, err);
    for (int r = 0; status == STATUS_OK && r < m->row_count; r++) {
        Row *row = &m->row[r];
        int kept = 0;
        for (int i = 0; i < row->method_count; i++)
            for (int j = 0; j < count; j++)
                if (row->method[i] == method[j]) row->method[kept++] = method[j];
        row->method_count = kept;
    }
    mem_free(method);
    return status;
}

static Status narrow_seeds(const Making *m, Error *err)
{
    Seeds seeds;
    Status status = seeds_parse(&seeds, m->request->seeds, "--seeds", err);
    for (int r = 0; status == STATUS_OK && r < m->row_count; r++)
        seeds_narrow(&m->row[r].seeds, &seeds);
    seeds_release(&seeds);
    return status;
}

static Status narrow_members(Making *m, Error *err)
{
    const Plan *plan = m->plan;
    m->only_members = m->request->members;
    const MemberList **family =
        mem_array((size_t)plan->family_count, sizeof(const MemberList *));
    if (!family) return error_nomem(err);
    for (int f = 0; f < plan->family_count; f++)
        family[f] = &plan->family[f];
    Status status = check_members(m->only_members, family, plan->family_count, err);
    mem_free(family);
    return status;
}

static Status narrow_tasks(Making *m, Error *err)
{
    char word[WORD_LENGTH];
    const TaskFamily *family;
    Status status = STATUS_OK;
    m->only_tasks = m->request->tasks;
    for (const char *list = m->only_tasks; status == STATUS_OK && word_next(&list, word);)
        if (strcmp(word, "all") != 0) status = family_find(&family, word, err);
    return status;
}

static Status narrow(Making *m, Error *err)
{
    const Request *r = m->request;
    Status status = STATUS_OK;
    if (!r->experiment) return STATUS_OK;
    if (r->tasks) status = narrow_tasks(m, err);
    if (r->members && status == STATUS_OK) status = narrow_members(m, err);
    if (r->methods && status == STATUS_OK) status = narrow_methods(m, err);
    if (r->seeds && status == STATUS_OK) status = narrow_seeds(m, err);
    return status;
}

// -- runs of the rows

static bool is_wanted(const Making *m, const Row *row, const MemberList *members, int index)
{
    const Member *member = &members->member[index];
    return is_selected(member, row->members) &&
           (!m->only_members || is_selected(member, m->only_members)) &&
           (!m->only_tasks || word_is_in(members->family->name, m->only_tasks));
}

static bool needs_sources(const Making *m, const Row *row, const MemberList *members)
{
    bool needed = false, wanted = false;
    for (int i = 0; i < row->method_count; i++)
        needed = needed || row->method[i]->needs & METHOD_NEEDS_SOURCES;
    for (int i = 0; i < members->count; i++)
        wanted = wanted || is_wanted(m, row, members, i);
    return needed && wanted && row->seeds.count;
}

static Status add_sources(Making *m, const Row *row, int family, Error *err)
{
    const Method *scratch;
    const MemberList *members = row->family[family];
    if (!needs_sources(m, row, members)) return STATUS_OK;
    int seed = m->plan->source_seed[members - m->plan->family];
    Status status = method_find(&scratch, "scratch", err);
    for (int i = 0; status == STATUS_OK && i < members->count; i++) {
        if (members->member[i].role != ROLE_SOURCE) continue;
        RunId id = {members, &members->member[i], scratch, true, seed};
        status = add_run(m, row, &id, err);
    }
    return status;
}

static Status add_targets_of(Making *m, const Row *row, const MemberList *members,
                             const Method *method, Error *err)
{
    Status status = STATUS_OK;
    for (int i = 0; i < members->count; i++) {
        if (!is_wanted(m, row, members, i)) continue;
        for (int s = 0; status == STATUS_OK && s < row->seeds.count; s++) {
            RunId id = {members, &members->member[i], method, false, row->seeds.seed[s]};
            status = add_run(m, row, &id, err);
        }
    }
    return status;
}

static Status add_targets(Making *m, const Row *row, int family, Error *err)
{
    Status status = STATUS_OK;
    for (int i = 0; status == STATUS_OK && i < row->method_count; i++)
        status = add_targets_of(m, row, row->family[family], row->method[i], err);
    return status;
}

static Status add_for_each(Making *m, Status (*add)(Making *, const Row *, int, Error *),
                           Error *err)
{
    Status status = STATUS_OK;
    for (int r = 0; r < m->row_count; r++)
        for (int f = 0; status == STATUS_OK && f < m->row[r].family_count; f++)
            status = add(m, &m->row[r], f, err);
    return status;
}

static Status add_runs(Making *m, Error *err)
{
    Plan *plan = m->plan;
    Status status = add_for_each(m, add_sources, err);
    plan->source_count = plan->count;
    if (status == STATUS_OK) status = add_for_each(m, add_targets, err);
    if (status == STATUS_OK && plan->count == plan->source_count)
        return error_set(err, STATUS_USAGE,
                         "--task, --member, --method and --seeds leave nothing of experiment "
                         "'%.100s'",
                         m->request->experiment->name);
    return status;
}

static Status making_init(Making *m, Plan *plan, const Request *request, Error *err)
{
    CHECK(request->tasks || request->experiment || (request->files && request->files->count));
    int rows = request->experiment ? request->experiment->count : 1;
    size_t most = (size_t)family_count() * (size_t)rows;
    *plan = (Plan){.family = mem_array(most, sizeof *plan->family),
                   .source_seed = mem_array(most, sizeof *plan->source_seed),
                   .references = mem_array(most, sizeof *plan->references)};
    *m = (Making){.plan = plan,
                  .request = request,
                  .row = mem_array((size_t)rows, sizeof *m->row),
                  .row_count = rows};
    bool taken = plan->family && plan->source_seed && plan->references && m->row;
    return taken ? STATUS_OK : error_nomem(err);
}

static void making_release(Making *m)
{
    for (int i = 0; m->row && i < m->row_count; i++) {
        seeds_release(&m->row[i].seeds);
        mem_free(m->row[i].method);
        mem_free(m->row[i].family);
    }
    mem_free(m->row);
    mem_free(m->slot);
}

Status plan_make(Plan *plan, const Request *request, Error *err)
{
    Making m;
    Status status = making_init(&m, plan, request, err);
    if (status == STATUS_OK) status = read_rows(&m, err);
    if (status == STATUS_OK) status = check_files(&m, err);
    for (int i = 0; status == STATUS_OK && i < m.row_count; i++)
        status = check_row(&m, &m.row[i], err);
    if (status == STATUS_OK) status = narrow(&m, err);
    if (status == STATUS_OK) status = add_runs(&m, err);
    making_release(&m);
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
    mem_free(plan->source_seed);
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
