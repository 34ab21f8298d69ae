/** @file
 * Finished runs from one or more folders, as one flat list of numbers to compare.
 *
 * Layer: results. A folder OUT holds <family>/<member>/<method>[+label]/seed-<n>/, or
 * <family>.runs with all of a family's in it (results/pack.h), or both; `knowledge` and
 * `source` folders in it are not runs to compare. Damaged runs are named in `warning` and left
 * out, never fatal; a damaged pack would leave out a family, and is refused. What is collected
 * does not depend on the order of folders on disk, nor on whether runs are packed.
 */
#ifndef RESULTS_COLLECT_H
#define RESULTS_COLLECT_H

#include <stdbool.h>
#include <stdint.h>

#include "results/metrics.h"
#include "results/record.h"
#include "results/run_files.h"
#include "suite/core/text.h"

enum { COLUMN_NAME = 2 * RECORD_NAME, RUN_PATH = 5 * RECORD_NAME };

/** One run, and what its curve is worth. */
typedef struct RunSummary {
    char family[RECORD_NAME], member[RECORD_NAME], role[RECORD_NAME];
    char column[COLUMN_NAME]; // "method" or "method+label"
    int seed;
    int found;  // its place in the order of finding
    int folder; // the Collection's place that it is below; -1 for one of collect_run()
    int pack;   // of that place; -1 if it has a folder of its own
    RunStatus status;
    int task_version;
    char task[RECORD_NAME];          // what was played, see record_task()
    char settings_hash[RECORD_NAME]; // of every setting that can change results
    int64_t budget;                  // training steps
    int64_t knowledge_bytes;
    char mujoco[RECORD_NAME];
    int first_point, point_count;            // its evaluations in the collection
    double metric[POLICY_COUNT][METRIC_MAX]; // by metric_table; NaN: not known
} RunSummary;

typedef struct RunList {
    RunSummary *run; // (count)
    int count;
} RunList;

/** A folder of runs. */
typedef struct CollectPlace {
    char *path; // owned
    Pack *pack; // (pack_count) owned
    int pack_count;
} CollectPlace;

/** Set `role` and `watched`, leave the rest zero, add, finish, use, release. */
typedef struct Collection {
    const char *role;    // "source", "tune", "target", or NULL for all; borrowed
    const char *watched; // columns whose unfairness is told of, or NULL for all; borrowed
    CollectPlace *place; // (place_count) a folder for each collect_folder()
    int place_count;
    RunList done;       // sorted by collect_finish()
    RunList other;      // running, failed, interrupted; sorted likewise
    MetricPoint *point; // (point_count) evaluations of all finished runs, in no order of runs
    int point_count, point_room;
    char **warning; // (warning_count) damage and unfairness found, one sentence each
    int warning_count;
} Collection;

/** Add every run below the folder @p out. @errors STATUS_MISSING, STATUS_IO, STATUS_NOMEM;
 *  those of pack_read(). */
MUST_CHECK Status collect_folder(Collection *collection, const char *out, Error *err);

/**
 * Add the run in @p folder, OUT/<family>/<member>/<column>/seed-<n>. Its metrics of normalised
 * returns are not known until reference_normalise() or reference_measure().
 *
 * @errors STATUS_NOMEM.
 */
MUST_CHECK Status collect_run(Collection *collection, const char *folder, Error *err);

/**
 * Keep the runs of some columns only.
 *
 * @param columns comma separated
 * @pre before collect_finish()
 * @errors STATUS_USAGE for a column without finished runs, naming the nearest that has some;
 *         STATUS_NOMEM.
 */
MUST_CHECK Status collect_only(Collection *collection, const char *columns, Error *err);

/** Is a column a method under a label, "method+label"? */
bool collect_is_variant(const char *column);

/** How many columns have finished runs. */
int collect_columns(const Collection *collection);

/** Keep the runs of methods as they are, without a label. @pre before collect_finish()
 *  @return false: there is no finished one among them, and all are kept. */
bool collect_methods(Collection *collection);

/**
 * Sort by family, role (target, tune, source), member, column ("scratch" first) and seed, keep
 * the first of runs found twice, and look for what cannot be compared.
 *
 * @param allow_mixed compare runs of several MuJoCo versions all the same
 * @errors STATUS_MISMATCH for several versions, naming two runs; STATUS_NOMEM.
 */
MUST_CHECK Status collect_finish(Collection *collection, bool allow_mixed, Error *err);

/** Are the finished runs of several MuJoCo versions? */
bool collect_is_mixed(const Collection *collection);

/** Add a warning, taking over @p sentence. @errors STATUS_NOMEM. */
MUST_CHECK Status collect_warn(Collection *collection, Text *sentence, Error *err);

/** The evaluations of a finished run, borrowed until another run is added. */
MetricCurve collect_curve(const Collection *collection, const RunSummary *run,
                          EvalPolicy policy);

/** Where the files of a run are that collect_folder() found. @param[out] files good until
 *  collect_release(). @errors STATUS_RANGE. */
MUST_CHECK Status collect_files(RunFiles *files, const Collection *collection,
                                const RunSummary *run, Error *err);

/** Are the runs of the same family, role and member? */
bool collect_same_member(const RunSummary *a, const RunSummary *b);

/** Order of columns: below 0 if @p a is before @p b; "scratch" before all, then by name. */
int collect_column_order(const char *a, const char *b);

/** Release what was added; the collection is then empty and has the same role. */
void collect_release(Collection *collection);

/** The place of a run below OUT, such as "reacher/east/dqinit+frozen/seed-3". */
void collect_run_path(const RunSummary *run, char path[RUN_PATH]);

#endif
