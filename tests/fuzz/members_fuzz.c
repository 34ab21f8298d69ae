/** @file
 * Fuzz harness for family files: whatever the bytes, members_read() and members_add() neither
 * crash nor leak, what they accept keeps its promises, and what they refuse changes nothing.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "suite/core/check.h"
#include "suite/env/members.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const TaskParam params[] = {
    {.name = "mass", .unit = "kg", .help = "", .base = 1, .lo = 0.5, .hi = 2},
    {.name = "length", .unit = "m", .help = "", .base = 3, .lo = 1, .hi = 4},
};

static const TaskFamily family = {.name = "toy", .param = params, .param_count = 2};

static void check_member(const MemberList *list, const Member *member)
{
    CHECK(member->name[0] && strlen(member->name) < MEMBER_NAME);
    CHECK(!strchr(member->name, '/') && member->name[0] != '.');
    CHECK(members_find(list, member->name) == member);
    CHECK(role_name(member->role));
    for (int p = 0; p < family.param_count; p++)
        CHECK(member->param[p] >= params[p].lo && member->param[p] <= params[p].hi);
}

static int make_file(const void *data, size_t size, char path[64])
{
    int file = memfd_create("family.json", MFD_CLOEXEC);
    CHECK(file >= 0 && write(file, data, size) == (ssize_t)size);
    (void)snprintf(path, 64, "/proc/self/fd/%d", file);
    return file;
}

static void check_list(const MemberList *list)
{
    CHECK(list->count > 0 && list->count <= MEMBER_LIMIT);
    for (int i = 0; i < list->count; i++)
        check_member(list, &list->member[i]);
    for (int i = 0; i < list->setting_count; i++)
        CHECK(list->setting[i].file >= 0 && list->setting[i].file < list->file_count);
}

static void read_as_own(const char *path)
{
    MemberList list;
    Error err = {0};
    Status status = members_read(&list, &family, path, &err);
    CHECK((status == STATUS_OK) == (err.message[0] == '\0'));
    if (status == STATUS_OK) check_list(&list);
    members_release(&list);
}

// the same bytes as a user's, behind members that they may or may not clash with
static void add_to_own(const char *path)
{
    static const char own[] =
        "{\"family\": \"toy\", \"settings\": {\"agent.gamma\": 0.9},"
        " \"members\": [{\"name\": \"a\", \"role\": \"source\"},"
        " {\"name\": \"East\", \"role\": \"target\", \"parameters\": {\"mass\": 2}}]}";
    char own_path[64];
    int own_file = make_file(own, sizeof own - 1, own_path);
    MemberList list;
    MemberFile file;
    Error err = {0};
    CHECK(members_read(&list, &family, own_path, &err) == STATUS_OK);

    Status status = member_file_read(&file, path, &err);
    if (status == STATUS_OK) status = members_add(&list, &file, &err);
    CHECK((status == STATUS_OK) == (err.message[0] == '\0'));
    CHECK(status == STATUS_OK ? list.count > 2 : list.count == 2 && list.setting_count == 1);
    CHECK(list.file_count == (status == STATUS_OK ? 2 : 1));
    check_list(&list);
    member_file_release(&file);
    members_release(&list);
    (void)close(own_file);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[64];
    int file = make_file(data, size, path);
    read_as_own(path);
    add_to_own(path);
    (void)close(file);
    return 0;
}
