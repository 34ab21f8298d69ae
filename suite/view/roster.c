#include "suite/view/roster.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "suite/core/text.h"

enum { PARTS = 3 }; // of a run's path below its family: member, column, seed

typedef struct Place {
    char family[PATH_LENGTH];      // folder
    char part[PARTS][PATH_LENGTH]; // names below it
} Place;

static const int part_of[] = {[ROSTER_MEMBER] = 0, [ROSTER_COLUMN] = 1, [ROSTER_SEED] = 2};

static Status join(char out[PATH_LENGTH], const Place *at, Error *err)
{
    return path_format(out, err, "%s/%s/%s/%s", at->family, at->part[0], at->part[1],
                       at->part[2]);
}

static const char *last_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static Status find_place(Place *at, const char *folder, Error *err)
{
    Status status = path_above(at->family, folder, PARTS, err);
    for (int i = 0; status == STATUS_OK && i < PARTS; i++) {
        char path[PATH_LENGTH];
        status = path_above(path, folder, PARTS - 1 - i, err);
        if (status == STATUS_OK) status = path_format(at->part[i], err, "%s", last_name(path));
    }
    return status;
}

static bool is_run(const Place *at)
{
    char path[PATH_LENGTH];
    if (path_format(path, NULL, "%s/%s/%s/%s/policy.bin", at->family, at->part[0], at->part[1],
                    at->part[2]) != STATUS_OK)
        return false;
    return file_exists(path);
}

// "seed-10" comes after "seed-9"
static int compare(const void *a, const void *b)
{
    const char *x = *(const char *const *)a, *y = *(const char *const *)b;
    const char prefix[] = "seed-";
    size_t length = sizeof prefix - 1;
    if (strncmp(x, prefix, length) == 0 && strncmp(y, prefix, length) == 0) {
        long i = strtol(x + length, NULL, 10), j = strtol(y + length, NULL, 10);
        if (i != j) return i < j ? -1 : 1;
    }
    return strcmp(x, y);
}

// what is in the folder that holds part @p index, in order
static Status list(FileList *out, const Place *at, int index, Error *err)
{
    char path[PATH_LENGTH];
    Status status = path_format(path, err, "%s%s%s%s%s", at->family, index > 0 ? "/" : "",
                                index > 0 ? at->part[0] : "", index > 1 ? "/" : "",
                                index > 1 ? at->part[1] : "");
    if (status == STATUS_OK) status = folder_list(out, path, err);
    if (status == STATUS_OK) qsort(out->name, (size_t)out->count, sizeof *out->name, compare);
    return status;
}

Status roster_next(char out[PATH_LENGTH], const char *folder, RosterAxis axis, Error *err)
{
    Place here, there;
    FileList names = {0};
    int index = part_of[axis], start = 0;
    Status status = find_place(&here, folder, err);
    if (status == STATUS_OK) status = list(&names, &here, index, err);
    if (status != STATUS_OK) return status;

    there = here;
    while (start < names.count && strcmp(names.name[start], here.part[index]) != 0)
        start++;
    for (int i = 1; i <= names.count; i++) {
        const char *name = names.name[(start + i) % names.count];
        (void)snprintf(there.part[index], PATH_LENGTH, "%s", name);
        if (is_run(&there)) break;
    }
    file_list_release(&names);
    return join(out, &there, err);
}

static Status refuse_column(const Place *at, const char *column, Error *err)
{
    Place there = *at;
    FileList names = {0};
    Text known = TEXT_INIT;
    Status status = list(&names, at, part_of[ROSTER_COLUMN], err);
    if (status != STATUS_OK) return status;
    for (int i = 0; i < names.count; i++) {
        (void)snprintf(there.part[1], PATH_LENGTH, "%s", names.name[i]);
        if (is_run(&there))
            text_printf(&known, "%s%s", known.length ? ", " : "", names.name[i]);
    }
    status = error_set(err, STATUS_USAGE,
                       "'%s/%s' has no finished run of '%s' with %s; there are %s", at->family,
                       at->part[0], column, at->part[2], known.length ? known.data : "none");
    text_release(&known);
    file_list_release(&names);
    return status;
}

Status roster_column(char out[PATH_LENGTH], const char *folder, const char *column, Error *err)
{
    Place here;
    Status status = find_place(&here, folder, err);
    if (status != STATUS_OK) return status;
    Place there = here;
    (void)snprintf(there.part[1], PATH_LENGTH, "%s", column);
    return is_run(&there) ? join(out, &there, err) : refuse_column(&here, column, err);
}

// the first run below a place whose first @p index parts are known, taking the wished parts
static bool search(Place *at, int index, const char *const wish[PARTS])
{
    FileList names = {0};
    bool found = false;
    if (index == PARTS) return is_run(at);
    if (wish[index]) {
        (void)snprintf(at->part[index], PATH_LENGTH, "%s", wish[index]);
        return search(at, index + 1, wish);
    }
    if (list(&names, at, index, NULL) != STATUS_OK) return false;
    for (int i = 0; !found && i < names.count; i++) {
        // sources are shown if they are asked for by name
        if (index == part_of[ROSTER_COLUMN] && strcmp(names.name[i], "source") == 0) continue;
        (void)snprintf(at->part[index], PATH_LENGTH, "%s", names.name[i]);
        found = search(at, index + 1, wish);
    }
    file_list_release(&names);
    return found;
}

Status roster_find(char out[PATH_LENGTH], const RosterWish *wish, Error *err)
{
    Place at = {0};
    char seed[64];
    (void)snprintf(seed, sizeof seed, "seed-%.32s", wish->seed ? wish->seed : "");
    const char *const part[PARTS] = {wish->member, wish->column, wish->seed ? seed : NULL};
    Status status = path_format(at.family, err, "%s/%s", wish->out, wish->family);
    if (status != STATUS_OK) return status;
    if (search(&at, 0, part)) return join(out, &at, err);
    return error_set(err, STATUS_MISSING,
                     "'%s' has no finished run of member %s, method %s, seed %s; `suite run` "
                     "makes one, and --live shows it being made",
                     at.family, wish->member ? wish->member : "(any)",
                     wish->column ? wish->column : "(any)", wish->seed ? wish->seed : "(any)");
}
