/** @file
 * What a run leaves behind: run.json, evals.csv, episodes.csv and, of some methods, trace.csv
 * in a folder of its own.
 *
 * Layer: results. run.json is written when the run begins, as running, again when it ends, and
 * once more by whoever finds that its worker failed; tables and plots read it. Everything but
 * the `timing` block of run.json, which is its last key, is the same byte for byte for the same
 * settings and seed, however many workers there were.
 */
#ifndef RESULTS_RECORD_H
#define RESULTS_RECORD_H

#include <stddef.h>
#include <stdint.h>

#include "results/curve.h" // the other half of a record, for whoever reads or writes both
#include "suite/core/status.h"
#include "suite/core/text.h"

enum { RECORD_VERSION = 3, RECORD_NAME = 64, RECORD_TEXT = 256 };
enum { RECORD_ITEMS = 1024 }; // settings, sources, numbers, warnings: at most

typedef enum RunStatus { RUN_RUNNING, RUN_DONE, RUN_FAILED, RUN_INTERRUPTED } RunStatus;

/** A setting as it was used. */
typedef struct RecordSetting {
    char key[RECORD_NAME];
    char value[RECORD_NAME]; // as --set takes it
} RecordSetting;

/** A number with a name: a member's parameter, a diagnostic of a method, a physics warning. */
typedef struct RecordNumber {
    char name[RECORD_NAME];
    double value; // not finite is written as null and read as NaN
} RecordNumber;

/** A solved task that the run learned from. */
typedef struct RecordSource {
    char member[RECORD_NAME];
    int seed;
    char hash[RECORD_NAME]; // of its policy file
    double score;           // mean return of the evaluation that its snapshot was kept for: the
                            // best of the run, so on the high side
} RecordSource;

/** run.json. Arrays are owned, made by record_add_...() or record_read(). */
typedef struct RunRecord {
    // identity: also the folder, OUT/<family>/<member>/<method>[+label]/seed-<seed>
    char family[RECORD_NAME], member[RECORD_NAME], role[RECORD_NAME];
    char method[RECORD_NAME], label[RECORD_NAME]; // label "" if none
    RecordNumber *param;                          // the member's parameters
    int param_count; // 0 in records of schema version 1, which had none
    int seed;
    RunStatus status;
    char reason[RECORD_TEXT]; // why it failed; "" otherwise

    // what made it
    RecordSetting *setting;
    int setting_count;
    char settings_hash[RECORD_NAME]; // of every setting that can change results
    char program[RECORD_NAME], commit[RECORD_NAME];
    char mujoco[RECORD_NAME], blas[RECORD_NAME]; // version; agents/kernel.h
    char compiler[RECORD_NAME], cpu[RECORD_NAME];
    int task_version;
    char model_hash[RECORD_NAME];
    RecordSource *source;
    int source_count;
    // the one of them that a method of one source took, or "all"; else ""
    char picked_source[RECORD_NAME];
    char knowledge_hash[RECORD_NAME]; // "" if none
    // carried over to the target: the file, or for a method of one of S sources an S-th of it
    // and 4 for each parameter of that one's network; if it took all, the file and all networks
    int64_t knowledge_bytes;

    // what happened
    int64_t steps, episodes, updates, diverged;
    RecordNumber *diagnostic; // the method's
    int diagnostic_count;
    RecordNumber *physics; // MuJoCo warnings by name
    int physics_count;
    char (*warning)[RECORD_TEXT]; // sentences for the user
    int warning_count;

    // timing: the only part that may depend on time, place or interruption
    struct {
        char started[RECORD_NAME], ended[RECORD_NAME], host[RECORD_NAME]; // UTC, ISO 8601
        double wall_s, cpu_s, steps_per_s;
        int pid, resumes, jobs;
    } timing;
} RunRecord;

/** Release the arrays; the record is then zeroed. */
void record_release(RunRecord *record);

/** How long a name the text begins with, of the letters that folders and columns of records
 *  have; 0 where it begins with a dot, so that no name points out of its place. */
size_t record_name_span(const char *text);

/**
 * Append to a list of @p record. A warning that is too long is cut.
 *
 * @errors STATUS_RANGE for a name or value that does not fit, a name used twice, or a full
 *         list; STATUS_NOMEM. The record is as before then.
 */
MUST_CHECK Status record_add_setting(RunRecord *record, const char *key, const char *value,
                                     Error *err);
MUST_CHECK Status record_add_param(RunRecord *record, const char *name, double value,
                                   Error *err);
MUST_CHECK Status record_add_source(RunRecord *record, const RecordSource *source, Error *err);
MUST_CHECK Status record_add_diagnostic(RunRecord *record, const char *name, double value,
                                        Error *err);
MUST_CHECK Status record_add_physics(RunRecord *record, const char *name, double count,
                                     Error *err);
MUST_CHECK Status record_add_warning(RunRecord *record, const char *sentence, Error *err);

/** Append what run.json is to say. @errors STATUS_NOMEM. */
MUST_CHECK Status record_print(const RunRecord *record, Text *text, Error *err);

/** Write FOLDER/run.json, whole or not at all. @errors STATUS_IO, STATUS_NOMEM. */
MUST_CHECK Status record_write(const RunRecord *record, const char *folder, Error *err);

/**
 * Read FOLDER/run.json, of this schema version or an earlier one.
 *
 * @param[out] out release with record_release(), also after a failure
 * @errors STATUS_MISSING if there is none; STATUS_PARSE (file and line) if it is damaged, of
 *         a later schema version, lacks a key or has one too many, or if family, member, role
 *         or method cannot be one; STATUS_IO, STATUS_NOMEM.
 */
MUST_CHECK Status record_read(RunRecord *out, const char *folder, Error *err);

/** record_read() of @p size bytes; @p name stands for the file in messages. */
MUST_CHECK Status record_parse(RunRecord *out, const char *text, size_t size, const char *name,
                               Error *err);

/** @return "running", "done", "failed" or "interrupted". */
const char *run_status_name(RunStatus status);

/**
 * Name what was played: a hash of family, task version, the member's parameters and the
 * family's own settings. Returns of runs with the same name are returns of the same task.
 */
void record_task(const RunRecord *record, char task[RECORD_NAME]);

#endif
