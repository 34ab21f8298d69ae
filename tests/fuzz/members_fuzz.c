/** @file
 * Fuzz harness for family.json: whatever the bytes, members_read() neither crashes nor leaks,
 * and what it accepts keeps its promises.
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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[64];
    int file = memfd_create("family.json", MFD_CLOEXEC);
    CHECK(file >= 0 && write(file, data, size) == (ssize_t)size);
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", file);

    MemberList list;
    Error err = {0};
    Status status = members_read(&list, &family, path, &err);
    CHECK((status == STATUS_OK) == (err.message[0] == '\0'));
    if (status == STATUS_OK) {
        CHECK(list.count > 0);
        for (int i = 0; i < list.count; i++)
            check_member(&list, &list.member[i]);
    }
    members_release(&list);
    (void)close(file);
    return 0;
}
