/** @file
 * Users' family files: members that `--family FILE` adds to those of the models folder.
 *
 * Layer: run. A file is read once, names its family itself (suite/env/members.h has its form),
 * and is added wherever that family's members are read.
 */
#ifndef SUITE_RUN_FAMILY_FILES_H
#define SUITE_RUN_FAMILY_FILES_H

#include "suite/core/status.h"
#include "suite/env/members.h"

typedef struct FamilyFile {
    MemberFile contents;
    const TaskFamily *family; // that it is for
} FamilyFile;

typedef struct FamilyFiles {
    FamilyFile *file; // (count), owned, in the order of the command line
    int count;
} FamilyFiles;

/**
 * Read @p count files as far as their families.
 *
 * @param[out] out   release with family_files_release(), also after a failure
 * @param      paths (count) borrowed; outlive @p out
 * @errors STATUS_USAGE for a file that cannot be read; STATUS_PARSE with file and line for what
 *         member_file_read() refuses and for a family that this program does not have, naming
 *         the nearest; STATUS_NOMEM.
 */
MUST_CHECK Status family_files_read(FamilyFiles *out, const char *const *paths, int count,
                                    Error *err);
void family_files_release(FamilyFiles *files);

/** Is every file for @p family? @errors STATUS_USAGE naming the first that is not. */
MUST_CHECK Status family_files_fit(const FamilyFiles *files, const TaskFamily *family,
                                   Error *err);

/**
 * Add to @p list what the files hold for its family, and check their settings.
 *
 * @param files NULL for none
 * @errors those of members_add() and settings_set_family().
 */
MUST_CHECK Status family_files_add(const FamilyFiles *files, MemberList *list, Error *err);

#endif
