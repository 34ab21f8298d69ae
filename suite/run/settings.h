/** @file
 * All settings of a run: the run's own, the learner's, the family's and the method's.
 *
 * Layer: run. Every setting is a ParamRow of the module that uses it; this module gathers the
 * rows into groups, so that one name space, one help and one record hold them all.
 * Precedence: default < family.json < a user's family file < experiment < config file < --set.
 */
#ifndef SUITE_RUN_SETTINGS_H
#define SUITE_RUN_SETTINGS_H

#include "agents/dqn.h"
#include "agents/method.h"
#include "suite/core/hash.h"
#include "suite/core/status.h"
#include "suite/env/members.h"

typedef enum Keep { KEEP_LAST, KEEP_BEST } Keep;
typedef enum Pick { PICK_SEED, PICK_BEST, PICK_ALL } Pick;

typedef struct RunSettings {
    int steps;        // budget of a target run
    int episodes;     // per evaluation
    int keep;         // Keep
    int source_steps; // budget of a source run
    int source_seed;  // which set of sources to learn from
    int source_count; // how many of the set; 0: all
    int source_pick;  // Pick, for methods that learn from one
    int source_trial; // episodes that PICK_BEST plays with each source
} RunSettings;

typedef struct Settings {
    const TaskFamily *family;
    const Method *method;
    RunSettings run;
    DqnSettings agent;
    void *task; // the family's struct, owned; NULL if it has none
    void *own;  // the method's struct, owned; NULL if it has none
} Settings;

/** A setting asked for by a user. */
typedef struct Override {
    char key[KEY_LENGTH];
    char value[VALUE_LENGTH];
} Override;

/** Read "KEY=VALUE". @errors STATUS_USAGE if it is not of that form. */
MUST_CHECK Status override_parse(Override *out, const char *text, Error *err);

/** A table of rows and what it belongs to, for listing. */
typedef struct SettingGroup {
    const ParamRow *row;
    int count;
    size_t size;              // of its struct
    const TaskFamily *family; // whose settings these are, or NULL
    const Method *method;     // likewise
} SettingGroup;

int setting_group_count(void);
SettingGroup setting_group(int index);

/** Defaults for a family and a method. @param[out] s release with settings_release(), also
 * after a failure. @errors STATUS_NOMEM. */
MUST_CHECK Status settings_init(Settings *s, const TaskFamily *family, const Method *method,
                                Error *err);
void settings_release(Settings *s);

/**
 * Change one setting. A setting of another family or method is checked and then ignored, so
 * that one `--set` serves several columns.
 *
 * @errors STATUS_USAGE for an unknown key (naming the nearest) or a value out of range.
 */
MUST_CHECK Status settings_set(Settings *s, const char *key, const char *value, Error *err);

/** Apply a family's own defaults and then those of the files that were added to it.
 *  @errors STATUS_PARSE with file and line for what settings_set() refuses; STATUS_NOMEM. */
MUST_CHECK Status settings_set_family(Settings *s, const MemberList *members, Error *err);

/** May the sources of a run take this key too? True for rows marked `shared`, for `source.*`
 * and for the family's own settings, which are part of the task. */
bool settings_is_shared(const char *key);

/** The row of a key and where its value lies; NULL if the key is not of this run. */
const ParamRow *settings_row(const Settings *s, const char *key, const void **values);

/** Call @p visit for each setting of this run, in a fixed order; those of sources only if the
 *  method learns from sources, and those of picking one only if it learns from one. */
void settings_each(const Settings *s,
                   void (*visit)(void *context, const ParamRow *row, const void *values),
                   void *context);

/** XXH3 over every name and value of this run's settings. */
MUST_CHECK Status settings_hash(const Settings *s, uint64_t *hash, Error *err);

/** XXH3 over the settings that change the file that the method distils from the sources. */
MUST_CHECK Status settings_knowledge_hash(const Settings *s, uint64_t *hash, Error *err);

#endif
