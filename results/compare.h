/** @file
 * The comparison behind tables and figures: means over seeds with intervals, and differences
 * to one of the methods, paired by seed.
 *
 * Layer: results. A comparison borrows a finished Collection and lays it out: families, in each
 * its columns ("scratch" first) and its rows, which are the members of a role and then one row
 * that pools them. Cells are computed when asked for, each from a random stream of its own, so
 * that no cell depends on what else is in the table.
 */
#ifndef RESULTS_COMPARE_H
#define RESULTS_COMPARE_H

#include <stdbool.h>

#include "results/aggregate.h"
#include "results/collect.h"
#include "results/stats.h"

enum { COMPARE_FEW = 10 }; // fewer seeds than this carry a warning mark

/** What a metric makes of a member's seeds (see MetricSeeds), mostly their mean; of several
 *  members the mean of theirs. */
typedef struct Estimate {
    int members;      // that have any run here; 0: all else is NaN
    int count;        // runs, or pairs of runs, in all
    int fewest, most; // of them in one member
    double mean;
    Interval interval; // 95 %; NaN where a member has fewer than two
    double p;          // of a difference, by stats_sign_flip_p(); NaN likewise, or of a value
    bool lower_is_better; // see Metric
} Estimate;

/** One method on one row. */
typedef struct CompareCell {
    Estimate value;      // of SEEDS_BELOW: the share of pairs with `against`; of SEEDS_SPREAD
                         // without an interval, and n/a for fewer than two seeds
    Estimate difference; // method minus `against`, paired by member and seed; SEEDS_MEAN only
    double worst;        // the lowest value, or highest if lower is better, and whose it is;
                         // SEEDS_MEAN only
    const char *worst_member;
    int worst_seed;
} CompareCell;

/** A member, or all members of a role. */
typedef struct CompareRow {
    const char *name; // the member, or "all targets", "all tune", "all sources"
    const char *role;
    bool pooled;
    int members;      // 1, or those pooled
    int first, count; // its runs in the collection
} CompareRow;

typedef struct CompareFamily {
    const char *name;
    const CompareRow *row; // (row_count)
    int row_count;
    const char *const *column; // (column_count)
    int column_count;
} CompareFamily;

typedef struct Comparison {
    const Collection *collection; // borrowed; outlives the comparison
    const char *against;          // the column that cells differ from; borrowed
    CompareFamily *family;        // (family_count)
    int family_count;
    int resamples;
    CompareRow *row;     // of all families
    const char **column; // of all families
    double *value;       // (runs) work of one cell
    int *stratum;        // (runs)
    double *resample;    // (resamples)
} Comparison;

/**
 * Lay out a collection that collect_finish() has sorted; cells differ from "scratch" until
 * compare_against() names another column.
 *
 * @param[out] out       release with compare_release(), also after a failure
 * @param      resamples of each interval; 0 for STATS_RESAMPLES
 * @errors STATUS_NOMEM.
 */
MUST_CHECK Status compare_init(Comparison *out, const Collection *collection, int resamples,
                               Error *err);
void compare_release(Comparison *comparison);

/**
 * Name the column that differences are to.
 *
 * @param against borrowed; outlives the comparison
 * @errors STATUS_USAGE naming the nearest if no family has such a column.
 */
MUST_CHECK Status compare_against(Comparison *comparison, const char *against, Error *err);

/** @errors STATUS_USAGE naming the nearest if no family has the column @p name. */
MUST_CHECK Status compare_check_column(const Comparison *comparison, const char *name,
                                       Error *err);

/** Has the family a column called @p name? */
bool compare_has_column(const CompareFamily *family, const char *name);

/** Is the family at that place the first with the column? */
bool compare_is_first(const Comparison *comparison, int family, const char *column);

/** Compute one cell. @param metric index in metric_table */
CompareCell compare_cell(const Comparison *comparison, const CompareFamily *family,
                         const CompareRow *row, const char *column, EvalPolicy policy,
                         int metric);

/** The row that pools every member of all families, for compare_pair() and compare_scores().
 *  @pre the collection is of one role */
CompareRow compare_everything(const Comparison *comparison);

/** The numbers of a column on a row, members one after the other; in the comparison's own work,
 *  good until the next call. Zero: there are none. @param metric of SEEDS_MEAN */
Scores compare_scores(const Comparison *comparison, const CompareRow *row, const char *column,
                      EvalPolicy policy, int metric);

/** Two columns, and what of them. */
typedef struct ComparePair {
    const char *column, *against;
    EvalPolicy policy;
    int metric; // index in metric_table; of SEEDS_MEAN
} ComparePair;

/** The difference column minus against, whatever the comparison's own is. */
Estimate compare_pair(const Comparison *comparison, const CompareFamily *family,
                      const CompareRow *row, const ComparePair *pair);

/** Columns beside each other on a row, and what is looked at. */
typedef struct CompareRace {
    const CompareFamily *family;
    const CompareRow *row;
    const char *const *column; // (count)
    int count;
    EvalPolicy policy;
    int metric; // index in metric_table
} CompareRace;

/**
 * The method that may be called the best of a row: the whole interval of its mean difference to
 * the next best, paired by member and seed, is on the better side of 0, with at least
 * COMPARE_FEW pairs in each member. Only methods with runs of every member count.
 *
 * @param cell (race->count) whose `value` says which are the best and the next
 * @return its place among the columns; -1 if there is none, or the metric is no mean over
 *         seeds.
 */
int compare_best(const Comparison *comparison, const CompareRace *race,
                 const CompareCell *cell);

/** '+' if the whole interval is on the better side of 0, '-' on the worse, '=' if 0 is in it,
 *  ' ' if there is none. */
char compare_mark(const Estimate *difference);

#endif
