/** @file
 * References of a family's members, by which returns of different members become comparable:
 * a random policy is worth 0 and a long training from scratch 1.
 *
 * Layer: results. models/<family>/references.json holds them, frozen:
 *
 *     {"family": "reacher", "task_version": 1, "mujoco": "2.2.2",
 *      "random": {"episodes": 1000},
 *      "long": {"runs": 10, "steps": 90000, "column": "scratch+long"},
 *      "members": [{"name": "east", "random": -9.02, "long": -1.83}]}
 *
 * `random` is the mean return of episodes of uniformly random actions, `long` the mean of the
 * metric `final` (deployed policy) over the runs of a column.
 */
#ifndef RESULTS_REFERENCE_H
#define RESULTS_REFERENCE_H

#include <stddef.h>
#include <stdint.h>

#include "results/collect.h"
#include "results/metrics.h"

enum { REFERENCE_MEMBERS = 1000 }; // of a family: at most

/** What a member's returns are measured by. */
typedef struct Reference {
    char member[RECORD_NAME];
    char task[RECORD_NAME]; // what it is of, see record_task(); not in the file: whoever reads
                            // or makes a list fills it from the members there are
    double random;          // worth 0
    double long_run;        // worth 1
} Reference;

/** A references.json. All zero: a family without references. */
typedef struct ReferenceList {
    char family[RECORD_NAME], mujoco[RECORD_NAME];
    int task_version;
    int episodes;             // behind each `random`
    int runs;                 // behind each `long_run`, of seeds 0..runs-1
    int64_t steps;            // training steps of each
    char column[COLUMN_NAME]; // theirs
    Reference *member;        // (count), owned, in the order of family.json
    int count;
} ReferenceList;

/** Room for @p count members, otherwise zero. @param[out] list release with
 *  reference_release(), also after a failure. @errors STATUS_NOMEM. */
MUST_CHECK Status reference_init(ReferenceList *list, int count, Error *err);

/** Release what reference_init() or a reader gave; a zeroed list is allowed. */
void reference_release(ReferenceList *list);

/**
 * Read a references.json of @p family.
 *
 * @param[out] out release with reference_release(), also after a failure
 * @errors STATUS_PARSE with file and line for another family, unknown, missing or repeated
 *         names and numbers out of range; STATUS_MISSING, STATUS_RANGE over 16 MiB, STATUS_IO,
 *         STATUS_NOMEM.
 */
MUST_CHECK Status reference_read(ReferenceList *out, const char *family, const char *path,
                                 Error *err);

/** reference_read() of @p size bytes; @p name stands for the file in messages. */
MUST_CHECK Status reference_parse(ReferenceList *out, const char *family, const char *text,
                                  size_t size, const char *name, Error *err);

/** Append the file, with exact numbers. @errors STATUS_NOMEM. */
MUST_CHECK Status reference_print(const ReferenceList *list, Text *text, Error *err);

/** The references of a member, or NULL. */
const Reference *reference_find(const ReferenceList *list, const char *member);

/**
 * A return normalised: (value - random) / (long - random).
 *
 * @param reference NULL if there is none
 * @return NaN if there is no reference, or its `long` is not above its `random`: a file that
 *         says so is taken, and its member then has no normalised returns.
 */
double reference_value(const Reference *reference, double value);

/**
 * Replace the metrics and evaluations of finished runs by normalised ones, fill the metrics of
 * normalised returns, and warn in the collection of each member that has no references, or runs
 * of another task than they are of; its metrics are then NaN.
 *
 * @param collection of collect_finish(), not normalised yet
 * @param list       (count) families, each once
 * @errors STATUS_NOMEM.
 */
MUST_CHECK Status reference_normalise(Collection *collection, const ReferenceList *list,
                                      int count, Error *err);

/** reference_normalise(), but metrics of any returns stay as they are. */
MUST_CHECK Status reference_measure(Collection *collection, const ReferenceList *list,
                                    int count, Error *err);

/**
 * Fill `runs`, `steps` and every `long_run` from the runs of the list's column.
 *
 * @param list       with family, versions, column and the members' names and tasks
 * @param collection of collect_finish(), of all roles
 * @errors STATUS_MISSING naming a member without runs, a run that did not finish, or a seed
 *         that is not there (they are counted from 0); STATUS_MISMATCH naming the run or member
 *         that differs from the others in task, settings, MuJoCo or number of seeds;
 *         STATUS_NOMEM.
 */
MUST_CHECK Status reference_long(ReferenceList *list, const Collection *collection, Error *err);

#endif
