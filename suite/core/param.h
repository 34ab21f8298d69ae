/** @file
 * Settings as data: one row per setting yields its place in a struct, its flag, its help line,
 * its range check and its field in the record, so that they cannot disagree.
 *
 * Layer: core. A module declares a plain struct and a table of rows into it:
 *
 *     typedef struct DqnSettings { double gamma; int batch; int explore; } DqnSettings;
 *     const ParamRow dqn_params[] = {
 *         {"agent.gamma", PARAM_DOUBLE, offsetof(DqnSettings, gamma), .def = 0.98, ...},
 */
#ifndef SUITE_CORE_PARAM_H
#define SUITE_CORE_PARAM_H

#include <stdbool.h>
#include <stddef.h>

#include "suite/core/status.h"
#include "suite/core/text.h"

typedef enum ParamKind {
    PARAM_INT,    // int
    PARAM_DOUBLE, // double
    PARAM_BOOL,   // bool
    PARAM_CHOICE, // int, the index of a word in `choices`
} ParamKind;

typedef struct ParamRow {
    const char *name; // what --set takes: group.name
    ParamKind kind;
    size_t offset;       // of the value in the settings struct
    double def, lo, hi;  // default and inclusive range; choices and bools: 0.. as index
    const char *choices; // PARAM_CHOICE: words separated by '|'
    const char *unit;    // NULL: none
    const char *help;    // one line, lower case
    bool shared;         // sources take it too: it changes what their values mean
    bool knowledge;      // changes the file that a method distils from the sources
} ParamRow;

/** Put every row's default into @p settings. */
void param_defaults(const ParamRow *rows, int count, void *settings);

/** The row called @p name, or NULL. */
const ParamRow *param_find(const ParamRow *rows, int count, const char *name);

/**
 * Read @p text into the row's place in @p settings.
 *
 * @errors STATUS_USAGE with the name, the text and what would be right; nothing is changed
 * then.
 */
MUST_CHECK Status param_set(const ParamRow *row, void *settings, const char *text, Error *err);

/** Append the row's present value as text that param_set() takes and gives back exactly. */
void param_print(const ParamRow *row, const void *settings, Text *text);

/** Append what the row accepts, such as "1 to 1000000" or "low|full". */
void param_print_range(const ParamRow *row, Text *text);

/** @errors STATUS_RANGE if a row's default is outside its range or not of its kind, a whole
 * number's range does not fit an int, or a name is used twice. */
MUST_CHECK Status param_check(const ParamRow *rows, int count, Error *err);

#endif
