/** @file
 * An experiment: the rows of runs that a JSON file asks for together.
 *
 * Layer: run. The file is
 *
 *     {"name": "paper", "notes": ..., "seeds": "0-19", "settings": {"source.steps": 40000},
 *      "rows": [{"tasks": ["reacher"], "members": "targets", "methods": ["dqinit"],
 *                "seeds": "10", "label": "frozen", "settings": {"dqinit.knownness":
 * "frozen"}}]}
 *
 * A row's tasks are "all" if it names none, its members "targets", its label none, its seeds
 * the file's, and without those as many as `suite run` makes. Its settings stand above the
 * file's. "method" is one name, "methods" a list; `notes` may be anything and is not looked at.
 */
#ifndef SUITE_RUN_EXPERIMENT_H
#define SUITE_RUN_EXPERIMENT_H

#include "suite/core/file.h"
#include "suite/core/json.h"
#include "suite/run/settings.h"

enum { EXPERIMENT_ROWS = 1000, EXPERIMENT_SETTINGS = 200 }; // at most

/** The same words as a Request has. */
typedef struct ExperimentRow {
    char *tasks, *methods; // comma separated, owned
    const char *members, *seeds, *label;
    Override *set; // (set_count) the file's, then its own; owned
    int set_count;
    int line;
} ExperimentRow;

typedef struct Experiment {
    const char *path; // borrowed
    const char *name;
    ExperimentRow *row; // (count), owned
    int count;
    Json *json; // strings point into it; owned
} Experiment;

/**
 * The file that `--experiment` names: @p name itself if it holds a '/' or ends with ".json",
 * otherwise FOLDER/NAME.json.
 *
 * @errors STATUS_USAGE if there is no file of that name, naming the nearest; STATUS_RANGE.
 */
MUST_CHECK Status experiment_find(char path[PATH_LENGTH], const char *name, const char *folder,
                                  Error *err);

/**
 * Read a file and check all of it that can be checked without the models: everything but the
 * names of members.
 *
 * @param[out] out  release with experiment_release(), also after a failure
 * @param      path borrowed; outlives @p out
 * @errors STATUS_USAGE for a file that cannot be read; STATUS_PARSE with file and line for an
 *         unknown or missing key, a wrong type, an unknown task, method or setting (naming the
 *         nearest), one named twice, a value out of range; STATUS_NOMEM.
 */
MUST_CHECK Status experiment_read(Experiment *out, const char *path, Error *err);
void experiment_release(Experiment *experiment);

#endif
