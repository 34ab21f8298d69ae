/** @file
 * The plan: from what was asked for to the list of runs, each with its folder and settings.
 *
 * Layer: run. tasks x members x methods x seeds become target runs; the sources that a method
 * needs become runs of their own, which come first. A request for an experiment does so for
 * each of its rows; what several rows ask for alike is one run. Making a plan reads but changes
 * nothing, and finds every mistake in the request before any run begins.
 */
#ifndef SUITE_RUN_PLAN_H
#define SUITE_RUN_PLAN_H

#include <stdbool.h>

#include "results/reference.h"
#include "suite/core/file.h"
#include "suite/core/hash.h"
#include "suite/core/status.h"
#include "suite/run/experiment.h"
#include "suite/run/family_files.h"
#include "suite/run/settings.h"
#include "suite/run/words.h"

/** What a user asks for; strings are borrowed. */
typedef struct Request {
    const char *models;  // folder
    const char *out;     // folder of results
    const char *tasks;   // comma separated family names, or "all"; NULL: those of `files`
    const char *members; // comma separated names, or "targets", "tune", "sources", "all"
    const char *methods; // comma separated names, or "all"
    const char *seeds;   // a count, a range "3-7", or a comma separated list
    const char *label;   // "" for none
    const Override *set; // (set_count) in the order of precedence, lowest first
    int set_count;
    const FamilyFiles *files; // members that are added; NULL for none
    bool with_references;     // read those of the families, which runs are judged by
    bool fresh;               // forget what is in the folders of these runs

    // its rows instead of one of these words: tasks, members, methods and seeds then leave
    // those of its runs only that they name, NULL all of them; `set` stands above its
    // settings, and `label` is ""
    const Experiment *experiment; // NULL for none
} Request;

/** One run: a training of one method on one member with one seed. */
typedef struct Run {
    const MemberList *members; // of its family
    const Member *member;
    const ReferenceList *references; // of its family; empty if there are none
    const Method *method;
    bool is_source;
    int seed;
    int line; // of the row of the experiment that asked for it; 0 if there is none
    char label[LABEL_LENGTH];
    char folder[PATH_LENGTH];
    Settings settings;              // owned
    char settings_hash[HASH_TEXT];  // of all that can change its results
    char knowledge[PATH_LENGTH];    // the method's file, known when its sources are done; "" if
                                    // none
    char knowledge_hash[HASH_TEXT]; // its name
    bool is_done;                   // a finished record with the same settings is there
    bool is_damaged;                // a record is there that cannot be read
} Run;

typedef struct Plan {
    // a family stands here once for each set of sources that runs of it learn from
    MemberList *family; // (family_count), owned
    int *source_seed;   // (family_count), owned
    int family_count;
    ReferenceList *references; // (family_count), owned
    Run *run;                  // (count), sources first; owned
    int count, capacity;
    int source_count; // how many of them are sources
} Plan;

/**
 * Expand and check a request.
 *
 * @param[out] plan release with plan_release(), also after a failure
 * @pre the request has tasks, files or an experiment
 * @errors STATUS_USAGE for a wrong name, list or setting, a file of a family that is no task
 * of the request, or if nothing is left of an experiment; STATUS_PARSE with file and line for
 * two rows of an experiment that make the same run, or need the same source, with different
 * settings; STATUS_MISMATCH if a folder holds a run of another member of the same name or
 * with other settings (naming the first parameter or setting that differs); STATUS_MISSING,
 * STATUS_PARSE for the models' and the users' files; STATUS_NOMEM.
 */
MUST_CHECK Status plan_make(Plan *plan, const Request *request, Error *err);
void plan_release(Plan *plan);

/** Look again which runs are done. @errors as plan_make(). */
MUST_CHECK Status plan_look(Plan *plan, Error *err);

/** Runs that are not done yet, and the steps they will make. */
int plan_runs_to_do(const Plan *plan);
int64_t plan_steps_to_do(const Plan *plan);

/** The column a run belongs to: "method" or "method+label". */
void run_column(const Run *run, char column[2 * LABEL_LENGTH]);

/** Read MODELS/<family>/family.json. */
MUST_CHECK Status plan_read_members(MemberList *list, const TaskFamily *family,
                                    const char *models, Error *err);

/** The member called @p name. @errors STATUS_USAGE naming the nearest. */
MUST_CHECK Status plan_find_member(const Member **out, const MemberList *list, const char *name,
                                   Error *err);

#endif
