/** @file
 * Which program, libraries and machine this is: what a record needs to say who made it.
 *
 * Layer: run.
 */
#ifndef SUITE_RUN_PROGRAM_H
#define SUITE_RUN_PROGRAM_H

#include <stddef.h>

#include "results/record.h"
#include "suite/core/file.h"

/** "0.1.0", the commit, and the compiler with its build type. */
const char *program_version(void);
const char *program_commit(void);
const char *program_compiler(void);

/** The models folder to use: the one named on the command line, else SUITE_MODELS, else beside
 *  the installed program, else in the source tree. @param named may be NULL. */
const char *program_models(const char *named);

/** The folder of named experiments: SUITE_RESULTS, else beside the installed program, else in
 *  the source tree. */
const char *program_results(void);

/** Write the path of the folder of the published records, in program_results().
 *  @errors STATUS_MISSING if it is not there; STATUS_RANGE. */
MUST_CHECK Status program_published(char path[PATH_LENGTH], Error *err);

/** The folder of the long runs behind the references: the one named on the command line, else
 *  in the source tree; NULL if that is not there. @param named may be NULL. */
const char *program_references(const char *named);

/** The processor's name. */
void program_cpu(char *text, size_t size);

/** How many cores this process may use. */
int program_cores(void);

/** Fill the record's fields on program, commit, libraries, compiler and processor. */
void program_sign(RunRecord *record);

/** The present time in UTC as ISO 8601, and this machine's name; for timing blocks only. */
void program_time(char *text, size_t size);
void program_host(char *text, size_t size);

#endif
