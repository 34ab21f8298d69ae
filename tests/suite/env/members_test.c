#include "suite/env/members.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <criterion/parameterized.h>

#include "suite/core/mem.h"
#include "suite/core/text.h"
#include "tests/support/folder.h"

enum { MASS, LENGTH, PARAM_COUNT };

static const TaskParam params[PARAM_COUNT] = {
    [MASS] = {.name = "mass", .unit = "kg", .help = "", .base = 1, .lo = 0.5, .hi = 2},
    [LENGTH] = {.name = "length", .unit = "", .help = "", .base = 3, .lo = 1, .hi = 4},
};

static const TaskFamily family = {.name = "toy", .param = params, .param_count = PARAM_COUNT};

TestSuite(members, .init = test_folder_make, .fini = test_folder_remove);

static Status read_text(MemberList *list, const char *text, Error *err)
{
    const char *path = test_path("family.json");
    test_put_file(path, text, strlen(text));
    return members_read(list, &family, path, err);
}

// a good file but for `members`
static Status read_list(MemberList *list, const char *members, Error *err)
{
    char text[4096];
    int n = snprintf(text, sizeof text, "{\"family\": \"toy\",\n\"members\": [\n%s]}", members);
    cr_assert(lt(int, n, (int)sizeof text));
    return read_text(list, text, err);
}

// a file of `count` members
static void read_many(MemberList *list, int count, Status expected)
{
    Error err = {0};
    Text text = TEXT_INIT;
    text_printf(&text, "{\"family\": \"toy\", \"members\": [");
    for (int i = 0; i < count; i++)
        text_printf(&text, "%s{\"name\": \"m%d\", \"role\": \"tune\"}", i ? "," : "", i);
    text_printf(&text, "]}");
    cr_assert(eq(int, read_text(list, text.data, &err), expected), "%s", err.message);
    text_release(&text);
}

// -- what is read

Test(members, are_read_in_the_order_of_the_file)
{
    MemberList list;
    Error err = {0};
    Status status = read_list(&list,
                              "{\"name\": \"b.1\", \"role\": \"source\"},"
                              "{\"name\": \"A-2_x\", \"role\": \"tune\", \"parameters\": {}},"
                              "{\"name\": \"c\", \"role\": \"target\","
                              " \"parameters\": {\"length\": 1.25}}",
                              &err);
    cr_assert(eq(int, status, STATUS_OK), "%s", err.message);
    cr_assert(eq(int, list.count, 3));
    cr_assert(eq(ptr, list.family, &family));
    cr_assert(eq(str, list.member[0].name, "b.1"));
    cr_assert(eq(str, list.member[1].name, "A-2_x"));
    cr_assert(eq(int, list.member[0].role, ROLE_SOURCE));
    cr_assert(eq(int, list.member[1].role, ROLE_TUNE));
    cr_assert(eq(int, list.member[2].role, ROLE_TARGET));
    cr_assert(eq(dbl, list.member[2].param[LENGTH], 1.25));
    cr_assert(eq(int, list.setting_count, 0));
    members_release(&list);
}

Test(members, have_the_base_value_of_what_they_do_not_name)
{
    MemberList list;
    Error err = {0};
    cr_assert(eq(int,
                 read_list(&list,
                           "{\"name\": \"a\", \"role\": \"tune\","
                           " \"parameters\": {\"mass\": 2}}",
                           &err),
                 STATUS_OK));
    cr_assert(eq(dbl, list.member[0].param[MASS], 2.0));
    cr_assert(eq(dbl, list.member[0].param[LENGTH], 3.0));
    members_release(&list);
}

Test(members, are_found_by_their_exact_name)
{
    MemberList list;
    Error err = {0};
    cr_assert(eq(int,
                 read_list(&list,
                           "{\"name\": \"a\", \"role\": \"tune\"},"
                           "{\"name\": \"bc\", \"role\": \"tune\"}",
                           &err),
                 STATUS_OK));
    cr_assert(eq(ptr, members_find(&list, "bc"), &list.member[1]));
    cr_assert(eq(ptr, members_find(&list, "b"), NULL));
    cr_assert(eq(ptr, members_find(&list, "A"), NULL));
    members_release(&list);
}

Test(members, settings_are_kept_as_text_with_their_lines)
{
    MemberList list;
    Error err = {0};
    Status status = read_text(&list,
                              "{\"family\": \"toy\", \"settings\": {\"agent.gamma\": 0.1,\n"
                              "\"agent.explore\": \"low\",\n\n\"x.y\": true, \"n\": 1e6},\n"
                              "\"members\": [{\"name\": \"a\", \"role\": \"tune\"}]}",
                              &err);
    cr_assert(eq(int, status, STATUS_OK), "%s", err.message);
    static const FamilySetting expected[] = {{"agent.gamma", "0.1", 1, 0},
                                             {"agent.explore", "low", 2, 0},
                                             {"x.y", "true", 4, 0},
                                             {"n", "1000000", 4, 0}};
    cr_assert(eq(int, list.setting_count, 4));
    for (int i = 0; i < 4; i++) {
        cr_assert(eq(str, list.setting[i].key, expected[i].key));
        cr_assert(eq(str, list.setting[i].value, expected[i].value));
        cr_assert(eq(int, list.setting[i].line, expected[i].line), "%s", expected[i].key);
    }
    members_release(&list);
}

Test(members, roles_have_names)
{
    cr_assert(eq(str, role_name(ROLE_SOURCE), "source"));
    cr_assert(eq(str, role_name(ROLE_TUNE), "tune"));
    cr_assert(eq(str, role_name(ROLE_TARGET), "target"));
}

// -- what is refused

typedef struct Refusal {
    const char *text; // the file, or the list of members when it begins with a blank
    int line;
    const char *says;
} Refusal;

#define LONG "0123456789012345678901234567890123456789012345678901234567890123456789"

static const Refusal refusals[] = {
    {"[]", 1, "must hold an object"},
    {"{\"members\": []}", 1, "'family' is missing"},
    {"{\n\"family\": 3}", 2, "'family' must be a string"},
    {"{\n\"family\": \"reacher\", \"members\": []}", 2, "'reacher', not 'toy'"},
    {"{\"family\": \"toy\",\n\"member\": []}", 2, "did you mean 'members'?"},
    {"{\"family\": \"toy\"}", 1, "at least one member"},
    {"{\"family\": \"toy\",\n\"members\": {}}", 2, "at least one member"},
    {"{\"family\": \"toy\",\n\n\"members\": []}", 3, "at least one member"},
    {"{\"family\": \"toy\",\n\"settings\": []}", 2, "'settings' must be an object"},
    {"{\"family\": \"toy\", \"settings\": {\n\"a.b\": [1]}}", 2, "setting 'a.b' must be"},
    {"{\"family\": \"toy\", \"settings\": {\n\"a.b\": null}}", 2, "setting 'a.b' must be"},
    {"{\"family\": \"toy\", \"settings\": {\n\"a.b\": 1e999}}", 2, "setting 'a.b' must be"},
    {"{\"family\": \"toy\", \"settings\": {\n\"a.b\": \"" LONG "\"}}", 2, "setting 'a.b'"},
    {"{\"family\": \"toy\", \"settings\": {\n\"" LONG "\": 1}}", 2, "longer than 63"},
    {" 7", 3, "a member must be an object"},
    {" {\"name\": \"a\",\n\"rol\": \"tune\"}", 4, "did you mean 'role'?"},
    {" {\"role\": \"tune\"}", 3, "'name' is missing"},
    {" {\"name\": 1, \"role\": \"tune\"}", 3, "'name' must be a string"},
    {" {\"name\": \"\", \"role\": \"tune\"}", 3, "name is empty"},
    {" {\"name\": \"" LONG "\", \"role\": \"tune\"}", 3, "longer than 47"},
    {" {\"name\": \"a/b\", \"role\": \"tune\"}", 3, "'a/b'"},
    {" {\"name\": \"a b\", \"role\": \"tune\"}", 3, "'a b'"},
    {" {\"name\": \"..\", \"role\": \"tune\"}", 3, "must begin with"},
    {" {\"name\": \"-a\", \"role\": \"tune\"}", 3, "must begin with"},
    {" {\"name\": \"targets\", \"role\": \"tune\"}", 3, "cannot be called 'targets'"},
    {" {\"name\": \"a\", \"role\": \"tune\"},\n{\"name\": \"a\", \"role\": \"tune\"}", 4,
     "'a' is given twice"},
    {" {\"name\": \"a\", \"role\": \"tune\"},\n{\"name\": \"A\", \"role\": \"tune\"}", 4,
     "differ only in case"},
    {" {\"name\": \"a\"}", 3, "'role' is missing"},
    {" {\"name\": \"a\",\n\"role\": \"targets\"}", 4, "did you mean 'target'?"},
    {" {\"name\": \"a\",\n\"role\": \"xyzzyx\"}", 4, "unknown role 'xyzzyx'"},
    {" {\"name\": \"a\", \"role\": \"tune\",\n\"parameters\": []}", 4, "must be an object"},
    {" {\"name\": \"a\", \"role\": \"tune\", \"parameters\": {\n\"mas\": 1}}", 4,
     "did you mean 'mass'?"},
    {" {\"name\": \"a\", \"role\": \"tune\", \"parameters\": {\n\"mass\": \"1\"}}", 4,
     "'mass' must be a number"},
    {" {\"name\": \"a\", \"role\": \"tune\", \"parameters\": {\n\"mass\": 1e999}}", 4,
     "'mass' must be a number"},
    {" {\"name\": \"a\", \"role\": \"tune\", \"parameters\": {\n\"mass\": 2.1}}", 4,
     "'mass' is 2.1, outside 0.5 to 2 kg"},
    {" {\"name\": \"a\", \"role\": \"tune\", \"parameters\": {\n\"length\": 0.9}}", 4,
     "'length' is 0.9, outside 1 to 4"},
    {" {\"name\": \"a\", \"role\": \"tune\",\n\"name\": \"b\"}", 4, "'name' is given twice"},
};
enum { REFUSAL_COUNT = sizeof refusals / sizeof refusals[0] };

ParameterizedTestParameters(members, refuses)
{
    static int index[REFUSAL_COUNT];
    for (int i = 0; i < REFUSAL_COUNT; i++)
        index[i] = i;
    return cr_make_param_array(int, index, REFUSAL_COUNT);
}

ParameterizedTest(int *index, members, refuses)
{
    const Refusal *refusal = &refusals[*index];
    MemberList list;
    Error err = {0};
    char place[64];
    (void)snprintf(place, sizeof place, "family.json:%d: ", refusal->line);

    Status status = refusal->text[0] == ' ' ? read_list(&list, refusal->text, &err)
                                            : read_text(&list, refusal->text, &err);
    cr_assert(eq(int, status, STATUS_PARSE), "%s\n%s", refusal->text, err.message);
    cr_assert(strstr(err.message, place) != NULL, "no \"%s\" in: %s", place, err.message);
    cr_assert(strstr(err.message, refusal->says) != NULL, "no \"%s\" in: %s", refusal->says,
              err.message);
    members_release(&list);
}

Test(members, bounds_of_a_range_belong_to_it)
{
    MemberList list;
    Error err = {0};
    Status status = read_list(&list,
                              "{\"name\": \"lo\", \"role\": \"tune\","
                              " \"parameters\": {\"mass\": 0.5}},"
                              "{\"name\": \"hi\", \"role\": \"tune\","
                              " \"parameters\": {\"mass\": 2}}",
                              &err);
    cr_assert(eq(int, status, STATUS_OK), "%s", err.message);
    members_release(&list);
}

Test(members, a_zero_has_no_sign)
{
    MemberList list;
    Error err = {0};
    static const TaskParam wide[] = {{.name = "x", .unit = "", .help = "", .lo = -1, .hi = 1}};
    static const TaskFamily flat = {.name = "toy", .param = wide, .param_count = 1};
    static const char text[] =
        "{\"family\": \"toy\", \"members\": [{\"name\": \"a\", \"role\": "
        "\"tune\", \"parameters\": {\"x\": -0.0}}]}";
    test_put_file(test_path("zero.json"), text, strlen(text));
    cr_assert(eq(int, members_read(&list, &flat, test_path("zero.json"), &err), STATUS_OK));
    cr_assert(not(signbit(list.member[0].param[0])));
    members_release(&list);
}

Test(members, have_a_largest_number)
{
    MemberList list;
    read_many(&list, MEMBER_LIMIT, STATUS_OK);
    cr_assert(eq(int, list.count, MEMBER_LIMIT));
    members_release(&list);
    read_many(&list, MEMBER_LIMIT + 1, STATUS_PARSE);
    members_release(&list);
}

Test(members, a_missing_file_is_missing)
{
    MemberList list;
    Error err = {0};
    cr_assert(
        eq(int, members_read(&list, &family, "/nowhere/family.json", &err), STATUS_MISSING));
    cr_assert(strstr(err.message, "/nowhere/family.json") != NULL, "%s", err.message);
    members_release(&list);
}

// -- what users add

static const char base_text[] =
    "{\"family\": \"toy\", \"settings\": {\"agent.gamma\": 0.5, \"run.steps\": 9},\n"
    "\"members\": [{\"name\": \"east\", \"role\": \"source\", \"parameters\": {\"mass\": 2}}]}";

// the family's own members, and then those of a file of that name with that text
static Status add(MemberList *list, const char *name, const char *text, Error *err)
{
    MemberFile file;
    const char *path = test_path(name);
    test_put_file(path, text, strlen(text));
    Status status = member_file_read(&file, path, err);
    if (status == STATUS_OK) status = members_add(list, &file, err);
    member_file_release(&file);
    return status;
}

static void read_base(MemberList *list)
{
    Error err = {0};
    cr_assert(eq(int, read_text(list, base_text, &err), STATUS_OK), "%s", err.message);
}

Test(members, of_users_stand_behind_the_familys_own)
{
    MemberList list;
    Error err = {0};
    read_base(&list);
    cr_assert(eq(int,
                 add(&list, "mine.json",
                     "{\"family\": \"toy\", \"settings\": {\n\"agent.gamma\": 0.25},\n"
                     "\"members\": [{\"name\": \"a\", \"role\": \"target\"},\n"
                     "{\"name\": \"b\", \"role\": \"tune\", \"parameters\": {\"mass\": 1.5}}]}",
                     &err),
                 STATUS_OK),
              "%s", err.message);
    cr_assert(eq(int, list.count, 3));
    cr_assert(eq(str, list.member[0].name, "east"));
    cr_assert(eq(dbl, list.member[0].param[MASS], 2.0));
    cr_assert(eq(str, list.member[2].name, "b"));
    cr_assert(eq(dbl, list.member[2].param[MASS], 1.5));
    cr_assert(eq(dbl, list.member[2].param[LENGTH], 3.0));
    cr_assert(eq(int, list.member[2].file, 1));
    cr_assert(eq(int, list.member[2].line, 4));
    cr_assert(eq(int, list.setting_count, 3));
    cr_assert(eq(str, list.setting[2].value, "0.25"));
    cr_assert(eq(int, list.setting[2].line, 2));
    cr_assert(eq(int, list.setting[2].file, 1));
    cr_assert(eq(int, list.setting[1].file, 0));
    cr_assert(strstr(list.file[1], "/mine.json") != NULL);
    members_release(&list);
}

#define MEMBERS(text) "{\"family\": \"toy\",\n\"members\": [\n" text "]}"

static const Refusal added[] = {
    {"", 1, "not valid JSON"},
    {"[]", 1, "must hold an object"},
    {"{\"family\": \"toy\",\n\"members\": []}", 2, "at least one member"},
    {"{\n\"family\": \"cartpole\", \"members\": []}", 2, "'cartpole', not 'toy'"},
    {"{\"family\": \"toy\", \"settings\": {\n\"a.b\": []}}", 2, "setting 'a.b' must be"},
    {MEMBERS("{\"name\": \"east\", \"role\": \"tune\"}"), 3,
     "family 'toy' already has a member 'east'"},
    {MEMBERS(
         "{\"name\": \"new\", \"role\": \"tune\"},\n{\"name\": \"East\", \"role\": \"tune\"}"),
     4, "member 'East' and 'east' of the family differ only in case"},
    {MEMBERS("{\"name\": \"first\", \"role\": \"tune\"}"), 3,
     "first.json:2' already adds a member 'first'"},
    {MEMBERS("{\"name\": \"First\", \"role\": \"tune\"}"), 3, "first.json differ only in case"},
    {MEMBERS("{\"name\": \"a\", \"role\": \"tune\"},\n{\"name\": \"a\", \"role\": \"tune\"}"),
     4, "member 'a' is given twice"},
    {MEMBERS("{\"name\": \"a\", \"role\": \"tune\"},\n{\"name\": \"A\", \"role\": \"tune\"}"),
     4, "members 'a' and 'A' differ only in case"},
    {MEMBERS("{\"name\": \"a\", \"role\": \"tune\", \"parameters\": {\n\"mass\": 7}}"), 4,
     "'mass' is 7, outside 0.5 to 2 kg"},
};
enum { ADDED_COUNT = sizeof added / sizeof added[0] };

ParameterizedTestParameters(members, refuses_to_add)
{
    static int index[ADDED_COUNT];
    for (int i = 0; i < ADDED_COUNT; i++)
        index[i] = i;
    return cr_make_param_array(int, index, ADDED_COUNT);
}

// and the list is what it was, also for adding to it again
ParameterizedTest(int *index, members, refuses_to_add)
{
    const Refusal *refusal = &added[*index];
    MemberList list;
    Error err = {0};
    char place[64];
    (void)snprintf(place, sizeof place, "second.json:%d: ", refusal->line);
    read_base(&list);
    cr_assert(eq(int,
                 add(&list, "first.json",
                     "{\"family\": \"toy\", \"settings\": {\"n\": 1}, \"members\": [\n"
                     "{\"name\": \"first\", \"role\": \"target\"}]}",
                     &err),
                 STATUS_OK),
              "%s", err.message);

    cr_assert(eq(int, add(&list, "second.json", refusal->text, &err), STATUS_PARSE));
    cr_assert(strstr(err.message, place) != NULL, "no \"%s\" in: %s", place, err.message);
    cr_assert(strstr(err.message, refusal->says) != NULL, "no \"%s\" in: %s", refusal->says,
              err.message);
    cr_assert(eq(int, list.count, 2));
    cr_assert(eq(int, list.setting_count, 3));
    cr_assert(eq(int, list.file_count, 2));
    cr_assert(
        eq(int,
           add(&list, "third.json", MEMBERS("{\"name\": \"a\", \"role\": \"tune\"}"), &err),
           STATUS_OK),
        "%s", err.message);
    cr_assert(eq(str, list.member[2].name, "a"));
    members_release(&list);
}

Test(members, of_all_files_together_have_a_largest_number)
{
    MemberList list;
    Error err = {0};
    read_many(&list, MEMBER_LIMIT - 1, STATUS_OK);
    cr_assert(eq(int,
                 add(&list, "two.json",
                     MEMBERS("{\"name\": \"a\", \"role\": \"tune\"},"
                             "{\"name\": \"b\", \"role\": \"tune\"}"),
                     &err),
                 STATUS_PARSE));
    cr_assert(strstr(err.message, "2 members here and 999 before are more than 1000") != NULL,
              "%s", err.message);
    cr_assert(eq(int,
                 add(&list, "one.json", MEMBERS("{\"name\": \"a\", \"role\": \"tune\"}"), &err),
                 STATUS_OK),
              "%s", err.message);
    members_release(&list);
}

Test(members, of_a_missing_file_are_missing)
{
    MemberFile file;
    Error err = {0};
    cr_assert(eq(int, member_file_read(&file, "/nowhere/mine.json", &err), STATUS_MISSING));
    member_file_release(&file);
}

Test(members, every_failed_allocation_of_adding_leaves_the_list_alone)
{
    static const char text[] = "{\"family\": \"toy\", \"settings\": {\"a\": 1},"
                               "\"members\": [{\"name\": \"a\", \"role\": \"tune\"}]}";
    MemberList list;
    Status status = STATUS_NOMEM;
    int failures = 0;
    read_base(&list);
    test_put_file(test_path("mine.json"), text, strlen(text));
    for (; status != STATUS_OK; failures++) {
        MemberFile file;
        mem_fail_at(failures);
        status = member_file_read(&file, test_path("mine.json"), NULL);
        if (status == STATUS_OK) status = members_add(&list, &file, NULL);
        mem_fail_at(-1);
        member_file_release(&file);
        cr_assert(eq(int, list.count, status == STATUS_OK ? 2 : 1));
        cr_assert(eq(int, list.file_count, status == STATUS_OK ? 2 : 1));
        cr_assert(eq(int, list.setting_count, status == STATUS_OK ? 3 : 2));
    }
    cr_assert(lt(int, 6, failures));
    members_release(&list);
}

Test(members, every_failed_allocation_is_reported)
{
    static const char text[] = "{\"family\": \"toy\", \"settings\": {\"a\": 1},"
                               "\"members\": [{\"name\": \"a\", \"role\": \"tune\"}]}";
    const char *path = test_path("family.json");
    test_put_file(path, text, strlen(text));
    Status status = STATUS_NOMEM;
    int failures = 0;
    for (; status != STATUS_OK; failures++) {
        MemberList list;
        mem_fail_at(failures);
        status = members_read(&list, &family, path, NULL);
        mem_fail_at(-1);
        cr_assert(status == STATUS_OK || status == STATUS_NOMEM, "%s", status_name(status));
        members_release(&list);
    }
    cr_assert(lt(int, 3, failures));
}
