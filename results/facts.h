/** @file
 * What the records of a comparison say beside returns: what was carried over from sources and
 * what that took, which programs and machines computed, how long it took.
 *
 * Layer: results.
 */
#ifndef RESULTS_FACTS_H
#define RESULTS_FACTS_H

#include "results/compare.h"

enum {
    FACT_NAMES = 8,
    FACT_WARNINGS = 40
}; // different versions and sentences that are kept; of more there is a word only

/** The lowest and highest of the runs. */
typedef struct Range {
    int64_t lo, hi;
} Range;

/** A column in a family. */
typedef struct ColumnFacts {
    int runs;
    Range knowledge;    // bytes carried over
    Range source_steps; // training steps of the sources that it took something of
    Range gathered;     // steps made in them by their solved policies to build its knowledge
    Range budget;       // training steps
    Range seeds;        // lowest and highest
    int settings;       // different settings within one member, at most; 1 is as it should be
} ColumnFacts;

/** The different values of a name over all runs, in order of their first run. */
typedef struct NameList {
    char name[FACT_NAMES][RECORD_NAME];
    int runs[FACT_NAMES];
    int count; // of different ones that are kept
    bool more; // there are others
} NameList;

/** A sentence of warning in records, and how many have it. */
typedef struct FactWarning {
    char sentence[RECORD_TEXT];
    int runs;
} FactWarning;

typedef struct Facts {
    const Comparison *comparison; // borrowed
    int *first;                   // (family_count) of `column`, each family's first; owned
    ColumnFacts *column;          // of all families; owned
    NameList program, mujoco, blas, compiler, cpu;
    char begun[RECORD_NAME], ended[RECORD_NAME]; // the first and the last time of day, UTC
    double cpu_s;                                // of all runs
    int64_t steps, diverged;                     // of all runs; episodes that physics ended
    FactWarning warning[FACT_WARNINGS];          // (warning_count) in order of their first run
    int warning_count;
    int warned; // runs that have warnings
} Facts;

/**
 * Read the records of all finished runs.
 *
 * @param[out] out        release with facts_release(), also after a failure
 * @param      comparison of a collection of collect_folder()
 * @errors those of run_files_record(); STATUS_NOMEM.
 */
MUST_CHECK Status facts_read(Facts *out, const Comparison *comparison, Error *err);
void facts_release(Facts *facts);

/** Of a column of a family; NULL if that has none. */
const ColumnFacts *facts_of(const Facts *facts, int family, const char *column);

#endif
