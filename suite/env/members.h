/** @file
 * The members of a family, read from its family.json, and the role each plays.
 *
 * Layer: env. Sources teach; settings are chosen on `tune` members only; tables report `target`
 * members. Users add members in files of their own, which have the same form.
 *
 *     {"family": "reacher",
 *      "settings": {"agent.gamma": 0.98},
 *      "members": [{"name": "east", "role": "source", "parameters": {"goal_x": 0.15}}]}
 *
 * `settings` are the family's defaults for any setting of `suite list settings`; this module
 * keeps them as text and the settings layer checks them. Those of files that were added stand
 * behind the family's own and override them. A parameter that is not named has its base value.
 */
#ifndef SUITE_ENV_MEMBERS_H
#define SUITE_ENV_MEMBERS_H

#include "suite/core/json.h"
#include "suite/core/status.h"
#include "suite/env/task.h"

enum { MEMBER_NAME = 48, PARAM_MAX = 16, KEY_LENGTH = 64, VALUE_LENGTH = 64 };
enum { MEMBER_LIMIT = 1000 }; // of a family, with those that users add

typedef enum Role { ROLE_SOURCE, ROLE_TUNE, ROLE_TARGET } Role;

typedef struct Member {
    char name[MEMBER_NAME]; // letters, digits, '_', '-', '.'; unique in the family
    Role role;
    double param[PARAM_MAX]; // (P)
    int file, line;          // which file of the list has it, and where
} Member;

/** A setting's default for one family. */
typedef struct FamilySetting {
    char key[KEY_LENGTH];
    char value[VALUE_LENGTH]; // as --set takes it
    int line, file;           // where it stands; `file` is an index into the list's files
} FamilySetting;

typedef struct MemberList {
    const TaskFamily *family;
    Member *member; // (count), owned, in the order of the files
    int count;
    FamilySetting *setting; // (setting_count), owned, lowest precedence first
    int setting_count;
    char **file; // (file_count), owned: their paths, the family's own first
    int file_count;
} MemberList;

/** A user's file of members, read but not yet added to its family's. */
typedef struct MemberFile {
    Json *json;         // owned
    const char *path;   // borrowed; outlives this
    const char *family; // the name that it says, part of `json`
    int line;           // where it says so
} MemberFile;

/** @return "source", "tune" or "target". */
const char *role_name(Role role);

/**
 * Read a family.json.
 *
 * Refused with file and line (STATUS_PARSE): another family's name, unknown keys, roles or
 * parameters (with the nearest name), parameters that are no numbers or out of range, names
 * given twice or with other letters, no members at all or more than MEMBER_LIMIT.
 *
 * @param[out] out release with members_release(), also after a failure
 * @errors STATUS_PARSE, STATUS_MISSING, STATUS_IO, STATUS_NOMEM.
 */
MUST_CHECK Status members_read(MemberList *out, const TaskFamily *family, const char *path,
                               Error *err);

/**
 * Read a user's file as far as the family that it is for.
 *
 * @param[out] out release with member_file_release(), also after a failure
 * @errors STATUS_PARSE with file and line, STATUS_MISSING, STATUS_IO, STATUS_NOMEM;
 *         STATUS_RANGE over the size that json_read() allows.
 */
MUST_CHECK Status member_file_read(MemberFile *out, const char *path, Error *err);

/** Release what member_file_read() gave; a zeroed file is allowed. */
void member_file_release(MemberFile *file);

/**
 * Add a user's members and settings behind those of a list.
 *
 * Refused as by members_read(), and for names that the family or another file has, also in
 * other case. The list is as before then. Pointers to its members are void after a success.
 *
 * @errors STATUS_PARSE, STATUS_NOMEM.
 */
MUST_CHECK Status members_add(MemberList *list, const MemberFile *file, Error *err);

/** Release what members_read() gave; a zeroed list is allowed. */
void members_release(MemberList *list);

/** The member called @p name, or NULL. */
const Member *members_find(const MemberList *list, const char *name);

#endif
