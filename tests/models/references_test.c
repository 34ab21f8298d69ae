// The committed references of every family are what the committed records make: the long part
// byte for byte. (The random part takes minutes: `suite reference --task all --check`.)
#include "suite/run/references.h"

#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <criterion/parameterized.h>

#include "results/record.h"
#include "suite/core/mem.h"
#include "suite/run/member_record.h"
#include "suite/run/registry.h"

enum { LONG_RUNS = 10, LONG_FACTOR = 3, RANDOM_EPISODES = 1000, MOST_FAMILIES = 64 };

static const char records[] = TEST_SOURCE_DIR "/results/references";
static Error err;

static struct criterion_test_params every_family(void)
{
    static int index[MOST_FAMILIES];
    for (int i = 0; i < family_count(); i++)
        index[i] = i;
    return cr_make_param_array(int, index, (size_t)family_count());
}

static bool has_records(const char *family)
{
    char path[PATH_LENGTH];
    cr_assert(eq(int, path_format(path, &err, "%s/%s", records, family), STATUS_OK));
    return file_exists(path);
}

static const char *setting(const RunRecord *record, const char *key)
{
    for (int i = 0; i < record->setting_count; i++)
        if (strcmp(record->setting[i].key, key) == 0) return record->setting[i].value;
    return "";
}

// the long runs of a member: of its present parameters, exploring as sources do
static void check_records(const Run *run)
{
    const TaskFamily *family = run->members->family;
    for (int seed = 0; seed < LONG_RUNS; seed++) {
        char folder[PATH_LENGTH];
        RunRecord record;
        Text difference = TEXT_INIT;
        cr_assert(eq(int,
                     path_format(folder, &err, "%s/%s/%s/scratch+long/seed-%d", records,
                                 family->name, run->member->name, seed),
                     STATUS_OK));
        cr_assert(eq(int, record_read(&record, folder, &err), STATUS_OK), "%s", err.message);
        cr_assert(eq(str, setting(&record, "explore"), "full"), "%s", folder);
        cr_assert(not(member_record_differs(&record, family, run->member, &difference)),
                  "%s: %s", folder, difference.data);
        text_release(&difference);
        record_release(&record);
    }
}

// what the header of the file must say, from the family's own settings and members
static void check_head(const ReferenceList *list, const char *family)
{
    Plan plan;
    Request request = {.models = TEST_MODELS_DIR,
                       .out = "runs",
                       .tasks = family,
                       .members = "all",
                       .methods = "scratch",
                       .seeds = "1",
                       .label = "",
                       .fresh = true};
    cr_assert(eq(int, plan_make(&plan, &request, &err), STATUS_OK), "%s", err.message);
    cr_assert(eq(int, list->runs, LONG_RUNS), "%s", family);
    cr_assert(eq(int, list->episodes, RANDOM_EPISODES), "%s", family);
    cr_assert(eq(str, list->column, "scratch+long"), "%s", family);
    cr_assert(eq(i64, list->steps, LONG_FACTOR * plan.run[0].settings.run.steps), "%s", family);
    cr_assert(eq(int, list->task_version, plan.family[0].family->version), "%s", family);
    cr_assert(eq(int, list->count, plan.count), "%s", family);
    for (int m = 0; m < list->count; m++) {
        const Reference *r = &list->member[m];
        cr_assert(eq(str, r->member, plan.run[m].member->name), "%s", family);
        cr_assert(lt(dbl, r->random, r->long_run), "%s/%s", family, r->member);
        check_records(&plan.run[m]);
    }
    plan_release(&plan);
}

// the long part from the records, into a list that has nothing but names and the random part
static void make_again(ReferenceList *list)
{
    Collection runs = {0};
    for (int m = 0; m < list->count; m++)
        list->member[m].long_run = 0.0;
    cr_assert(eq(int, collect_folder(&runs, records, &err), STATUS_OK), "%s", err.message);
    cr_assert(eq(int, collect_finish(&runs, false, &err), STATUS_OK), "%s", err.message);
    cr_assert(eq(int, runs.warning_count, 0), "%s", runs.warning_count ? runs.warning[0] : "");
    cr_assert(eq(int, reference_long(list, &runs, &err), STATUS_OK), "%s", err.message);
    collect_release(&runs);
}

ParameterizedTestParameters(references_committed, are_made_of_their_records)
{
    return every_family();
}

ParameterizedTest(const int *index, references_committed, are_made_of_their_records)
{
    const char *family = family_at(*index)->name;
    char path[PATH_LENGTH], *file;
    ReferenceList list;
    Text text = TEXT_INIT;
    cr_assert(eq(int, references_path(path, TEST_MODELS_DIR, family, &err), STATUS_OK));
    cr_assert(eq(int, file_exists(path), has_records(family)),
              "%s: references.json and results/references/%s go together", family, family);
    if (!file_exists(path)) cr_skip_test("%s has no references yet", family);

    cr_assert(
        eq(int, references_read(&list, TEST_MODELS_DIR, family_at(*index), &err), STATUS_OK),
        "%s", err.message);
    check_head(&list, family);
    make_again(&list);
    cr_assert(eq(int, reference_print(&list, &text, &err), STATUS_OK));
    cr_assert(eq(int, file_read(&file, NULL, path, 1 << 20, &err), STATUS_OK));
    cr_assert(eq(str, text.data, file), "%s", family);
    mem_free(file);
    text_release(&text);
    reference_release(&list);
}
