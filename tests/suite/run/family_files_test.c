#include "suite/run/family_files.h"

#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "suite/core/mem.h"
#include "suite/run/plan.h"
#include "suite/run/registry.h"
#include "tests/support/folder.h"

static FamilyFiles files;
static MemberList list;
static Error err;

TestSuite(family_files, .init = test_folder_make, .fini = test_folder_remove);

static const char *put(const char *name, const char *text)
{
    const char *path = test_path(name);
    test_put_file(path, text, strlen(text));
    return path;
}

static Status read_one(const char *text)
{
    const char *path = put("mine.json", text);
    return family_files_read(&files, &path, 1, &err);
}

static Status add_to_reacher(void)
{
    const TaskFamily *reacher;
    cr_assert(eq(int, family_find(&reacher, "reacher", &err), STATUS_OK));
    Status status = plan_read_members(&list, reacher, TEST_MODELS_DIR, &err);
    cr_assert(eq(int, status, STATUS_OK), "%s", err.message);
    return family_files_add(&files, &list, &err);
}

static void expect(const char *part)
{
    cr_assert(strstr(err.message, part) != NULL, "no \"%s\" in: %s", part, err.message);
}

static void release(void)
{
    members_release(&list);
    family_files_release(&files);
}

Test(family_files, are_added_in_their_order)
{
    const char *paths[] = {
        put("one.json", "{\"family\": \"reacher\", \"settings\": {\"run.steps\": 11},"
                        " \"members\": [{\"name\": \"one\", \"role\": \"target\"}]}"),
        put("two.json", "{\"family\": \"reacher\", \"settings\": {\"run.steps\": 22},"
                        " \"members\": [{\"name\": \"two\", \"role\": \"tune\"}]}")};
    cr_assert(eq(int, family_files_read(&files, paths, 2, &err), STATUS_OK), "%s", err.message);
    cr_assert(eq(str, files.file[1].family->name, "reacher"));
    cr_assert(eq(int, add_to_reacher(), STATUS_OK), "%s", err.message);
    cr_assert(eq(str, list.member[list.count - 2].name, "one"));
    cr_assert(eq(str, list.member[list.count - 1].name, "two"));
    cr_assert(eq(str, list.setting[list.setting_count - 1].value, "22"));
    release();
}

Test(family_files, of_an_unknown_family_are_refused_by_line)
{
    cr_assert(eq(int, read_one("{\"members\": [],\n\"family\": \"reachr\"}"), STATUS_PARSE));
    expect("mine.json:2: unknown task 'reachr'; did you mean 'reacher'?");
    release();
}

Test(family_files, that_cannot_be_read_are_the_users_mistake)
{
    const char *paths[] = {"/nowhere/mine.json", test_folder()};
    cr_assert(eq(int, family_files_read(&files, &paths[0], 1, &err), STATUS_USAGE));
    expect("--family: cannot read '/nowhere/mine.json'");
    release();
    cr_assert(eq(int, family_files_read(&files, &paths[1], 1, &err), STATUS_USAGE));
    expect("it is a folder");
    release();
}

Test(family_files, settings_are_checked_though_nothing_is_run)
{
    static const struct {
        const char *text, *message;
    } bad[] = {
        {"{\"family\": \"reacher\",\n\"settings\": {\"agent.gama\": 1},"
         " \"members\": [{\"name\": \"one\", \"role\": \"target\"}]}",
         "mine.json:2: unknown setting 'agent.gama'; did you mean 'agent.gamma'?"},
        {"{\"family\": \"reacher\",\n\n\"settings\": {\"agent.gamma\": 2},"
         " \"members\": [{\"name\": \"one\", \"role\": \"target\"}]}",
         "mine.json:3: setting 'agent.gamma' cannot be '2'"},
        {"{\"family\": \"reacher\", \"settings\": {\n\"dqinit.anchor\": -1},"
         " \"members\": [{\"name\": \"one\", \"role\": \"target\"}]}",
         "mine.json:2: setting 'dqinit.anchor' cannot be '-1'"},
    };
    for (int i = 0; i < 3; i++) {
        cr_assert(eq(int, read_one(bad[i].text), STATUS_OK), "%s", err.message);
        cr_assert(eq(int, add_to_reacher(), STATUS_PARSE));
        expect(bad[i].message);
        release();
    }
}

Test(family_files, fit_the_family_that_they_name_only)
{
    static const TaskFamily other = {.name = "other"};
    cr_assert(eq(int, read_one("{\"family\": \"reacher\", \"members\": []}"), STATUS_OK));
    cr_assert(eq(int, family_files_fit(&files, files.file[0].family, &err), STATUS_OK));
    cr_assert(eq(int, family_files_fit(&files, &other, &err), STATUS_USAGE));
    expect("adds members to family 'reacher', but the task is 'other'");
    // an empty list of members was not looked at yet, and is none of the other family's
    // business
    MemberList untouched = {.family = &other};
    cr_assert(eq(int, family_files_add(&files, &untouched, &err), STATUS_OK));
    cr_assert(eq(int, untouched.count, 0));
    release();
}

Test(family_files, give_up_cleanly_when_memory_ends)
{
    static const char text[] = "{\"family\": \"reacher\", \"settings\": {\"run.steps\": 11},"
                               " \"members\": [{\"name\": \"one\", \"role\": \"target\"}]}";
    const char *path = put("mine.json", text);
    Status status = STATUS_NOMEM;
    int fail = 0;
    for (; status != STATUS_OK; fail++) {
        mem_fail_at(fail);
        status = family_files_read(&files, &path, 1, &err);
        mem_fail_at(-1);
        cr_assert(status == STATUS_OK || status == STATUS_NOMEM, "%s", err.message);
        if (status != STATUS_OK) family_files_release(&files);
    }
    cr_assert(lt(int, 4, fail));
    release();
}
