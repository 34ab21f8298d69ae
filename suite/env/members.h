/** @file
 * The members of a family, read from its family.json, and the role each plays.
 *
 * Layer: env. Sources teach; settings are chosen on `tune` members only; tables report `target`
 * members. Users add members in a file of their own.
 *
 *     {"family": "reacher",
 *      "settings": {"agent.gamma": 0.98},
 *      "members": [{"name": "east", "role": "source", "parameters": {"goal_x": 0.15}}]}
 *
 * `settings` are the family's defaults for any setting of `suite list settings`; this module
 * keeps them as text and the settings layer checks them. A parameter that is not named has its
 * base value.
 */
#ifndef SUITE_ENV_MEMBERS_H
#define SUITE_ENV_MEMBERS_H

#include "suite/core/status.h"
#include "suite/env/task.h"

enum { MEMBER_NAME = 48, PARAM_MAX = 16, KEY_LENGTH = 64, VALUE_LENGTH = 64 };

typedef enum Role { ROLE_SOURCE, ROLE_TUNE, ROLE_TARGET } Role;

typedef struct Member {
    char name[MEMBER_NAME]; // letters, digits, '_', '-', '.'; unique in the family
    Role role;
    double param[PARAM_MAX]; // (P)
} Member;

/** A setting's default for one family. */
typedef struct FamilySetting {
    char key[KEY_LENGTH];
    char value[VALUE_LENGTH]; // as --set takes it
    int line;                 // of the file, for messages
} FamilySetting;

typedef struct MemberList {
    const TaskFamily *family;
    Member *member; // (count), owned, in the order of the file
    int count;
    FamilySetting *setting; // (setting_count), owned
    int setting_count;
} MemberList;

/** @return "source", "tune" or "target". */
const char *role_name(Role role);

/**
 * Read a family.json.
 *
 * Refused with file and line (STATUS_PARSE): another family's name, unknown keys, roles or
 * parameters (with the nearest name), parameters that are no numbers or out of range, names
 * given twice or with other letters, no members at all.
 *
 * @param[out] out release with members_release(), also after a failure
 * @errors STATUS_PARSE, STATUS_MISSING, STATUS_IO, STATUS_NOMEM.
 */
MUST_CHECK Status members_read(MemberList *out, const TaskFamily *family, const char *path,
                               Error *err);

/** Release what members_read() gave; a zeroed list is allowed. */
void members_release(MemberList *list);

/** The member called @p name, or NULL. */
const Member *members_find(const MemberList *list, const char *name);

#endif
