#include "results/facts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "suite/core/mem.h"

void facts_release(Facts *facts)
{
    mem_free(facts->first);
    mem_free(facts->column);
    *facts = (Facts){0};
}

static const char *setting(const RunRecord *record, const char *key)
{
    for (int i = 0; i < record->setting_count; i++)
        if (strcmp(record->setting[i].key, key) == 0) return record->setting[i].value;
    return NULL;
}

// a whole number among the settings, or 0
static int64_t number(const RunRecord *record, const char *key)
{
    int64_t value = 0;
    const char *text = setting(record, key);
    return text && parse_int(text, 0, INT32_MAX, &value) ? value : 0;
}

// a method of one source has a setting that says which; with `best` it needs all of them
static int sources_used(const RunRecord *record)
{
    const char *pick = setting(record, "source.pick");
    return pick && strcmp(pick, "seed") == 0 && record->source_count ? 1 : record->source_count;
}

static int64_t gathered(const RunRecord *record)
{
    char key[2 * RECORD_NAME];
    if (!record->knowledge_hash[0]) return 0;
    (void)snprintf(key, sizeof key, "%s.states", record->method);
    return sources_used(record) * number(record, key);
}

static void widen(Range *range, int64_t value, bool first)
{
    if (first || value < range->lo) range->lo = value;
    if (first || value > range->hi) range->hi = value;
}

static void add_column(ColumnFacts *of, const RunRecord *record)
{
    bool first = !of->runs++;
    widen(&of->knowledge, record->knowledge_bytes, first);
    widen(&of->source_steps, sources_used(record) * number(record, "source.steps"), first);
    widen(&of->gathered, gathered(record), first);
    widen(&of->budget, record->steps, first);
    widen(&of->seeds, record->seed, first);
}

static void add_name(NameList *list, const char *name)
{
    for (int i = 0; i < list->count; i++)
        if (strncmp(list->name[i], name, RECORD_NAME - 1) == 0) {
            list->runs[i]++;
            return;
        }
    list->more = list->more || list->count == FACT_NAMES;
    if (list->count == FACT_NAMES) return;
    (void)snprintf(list->name[list->count], RECORD_NAME, "%.*s", RECORD_NAME - 1, name);
    list->runs[list->count++] = 1;
}

static void add_warning(Facts *facts, const char *sentence)
{
    for (int i = 0; i < facts->warning_count; i++)
        if (strcmp(facts->warning[i].sentence, sentence) == 0) {
            facts->warning[i].runs++;
            return;
        }
    if (facts->warning_count == FACT_WARNINGS) return;
    FactWarning *warning = &facts->warning[facts->warning_count++];
    (void)snprintf(warning->sentence, RECORD_TEXT, "%s", sentence);
    warning->runs = 1;
}

static void add_record(Facts *facts, const RunRecord *record)
{
    char program[2 * RECORD_NAME + 4];
    (void)snprintf(program, sizeof program, "%s (%s)", record->program, record->commit);
    add_name(&facts->program, program);
    add_name(&facts->mujoco, record->mujoco);
    add_name(&facts->blas, record->blas);
    add_name(&facts->compiler, record->compiler);
    add_name(&facts->cpu, record->cpu);
    // ISO 8601 sorts as text
    if (!facts->begun[0] || strcmp(record->timing.started, facts->begun) < 0)
        memcpy(facts->begun, record->timing.started, RECORD_NAME);
    if (strcmp(record->timing.ended, facts->ended) > 0)
        memcpy(facts->ended, record->timing.ended, RECORD_NAME);
    if (isfinite(record->timing.cpu_s)) facts->cpu_s += record->timing.cpu_s;
    facts->steps += record->steps;
    facts->diverged += record->diverged;
    facts->warned += record->warning_count > 0;
    for (int i = 0; i < record->warning_count; i++)
        add_warning(facts, record->warning[i]);
}

static Status lay_out(Facts *facts, Error *err)
{
    const Comparison *comparison = facts->comparison;
    int columns = 0;
    for (int f = 0; f < comparison->family_count; f++)
        columns += comparison->family[f].column_count;
    facts->column = mem_array((size_t)columns, sizeof *facts->column);
    facts->first = mem_array((size_t)comparison->family_count, sizeof *facts->first);
    if (!facts->column || !facts->first) return error_nomem(err);
    columns = 0;
    for (int f = 0; f < comparison->family_count; f++) {
        facts->first[f] = columns;
        columns += comparison->family[f].column_count;
    }
    return STATUS_OK;
}

static ColumnFacts *find(const Facts *facts, int family, const char *column)
{
    const CompareFamily *of = &facts->comparison->family[family];
    for (int c = 0; c < of->column_count; c++)
        if (strcmp(of->column[c], column) == 0) return &facts->column[facts->first[family] + c];
    return NULL;
}

const ColumnFacts *facts_of(const Facts *facts, int family, const char *column)
{
    return find(facts, family, column);
}

// how many settings the runs from the first on have, which are of one member and column
static int count_settings(const RunSummary *run, int count)
{
    int different = 0;
    for (int i = 0; i < count; i++) {
        bool seen = false;
        for (int j = 0; j < i && !seen; j++)
            seen = strcmp(run[i].settings_hash, run[j].settings_hash) == 0;
        different += !seen;
    }
    return different;
}

static bool same_cell(const RunSummary *a, const RunSummary *b)
{
    return strcmp(a->member, b->member) == 0 && strcmp(a->column, b->column) == 0 &&
           strcmp(a->role, b->role) == 0 && strcmp(a->family, b->family) == 0;
}

// runs are sorted, so that those of a family, member and column stand together
static Status read_runs(Facts *facts, Error *err)
{
    const Collection *collection = facts->comparison->collection;
    const RunSummary *run = collection->done.run;
    Status status = STATUS_OK;
    for (int i = 0, first = 0, family = 0; status == STATUS_OK && i < collection->done.count;
         i++) {
        RunFiles files;
        RunRecord record = {0};
        if (strcmp(run[i].family, facts->comparison->family[family].name) != 0) family++;
        if (!same_cell(&run[first], &run[i])) first = i;
        ColumnFacts *column = find(facts, family, run[i].column);
        int settings = count_settings(&run[first], i - first + 1);
        if (settings > column->settings) column->settings = settings;
        status = collect_files(&files, collection, &run[i], err);
        if (status == STATUS_OK) status = run_files_record(&record, &files, err);
        if (status == STATUS_OK) add_column(column, &record);
        if (status == STATUS_OK) add_record(facts, &record);
        record_release(&record);
    }
    return status;
}

Status facts_read(Facts *out, const Comparison *comparison, Error *err)
{
    *out = (Facts){.comparison = comparison};
    Status status = lay_out(out, err);
    return status == STATUS_OK ? read_runs(out, err) : status;
}
