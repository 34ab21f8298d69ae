/** @file
 * A command's options as data: one row gives the flag, its help and where its value goes.
 *
 * Layer: cli. Parsed by popt: `--name value` and `--name=value`, help made from the rows,
 * unknown names answered with the nearest.
 */
#ifndef SUITE_CLI_OPTIONS_H
#define SUITE_CLI_OPTIONS_H

#include <stdbool.h>

#include "results/curve.h"
#include "suite/core/status.h"

typedef enum OptionKind {
    OPTION_FLAG, // bool
    OPTION_TEXT, // const char *
    OPTION_LIST, // TextList; may be given more than once
} OptionKind;

enum { LIST_LENGTH = 64 };

typedef struct TextList {
    const char *text[LIST_LENGTH];
    int count;
} TextList;

typedef struct Option {
    const char *name; // without the dashes
    OptionKind kind;
    void *value;
    const char *argument; // what help calls its value; NULL for a flag
    const char *help;     // one line with the default
} Option;

/** What parsing owns; the values of options point into it. */
typedef struct Options Options;

/** The command's own words, behind its name. */
typedef struct CommandLine {
    int argc;
    const char **argv;   // argv[0] is "suite COMMAND"
    const char *usage;   // what follows the command, such as "RUN [options]"
    const char *summary; // one line
    const Option *option;
    int option_count;
} CommandLine;

/**
 * Parse a command line.
 *
 * @param[out] out   release with options_free(), also after a failure
 * @param[out] words what is no option; NULL if the command takes none
 * @param[out] helped `--help` was given and printed to standard output: nothing else to do
 * @errors STATUS_USAGE for an unknown option (naming the nearest), a missing value, a word too
 *         many; STATUS_NOMEM.
 */
MUST_CHECK Status options_parse(Options **out, const CommandLine *line, TextList *words,
                                bool *helped, Error *err);
void options_free(Options *options);

/** Read a whole number for option @p name in [lo, hi]; NULL text leaves @p value.
 *  @errors STATUS_USAGE. */
MUST_CHECK Status option_int(const char *name, const char *text, int lo, int hi, int *value,
                             Error *err);

/** The index of @p text among the @p count words; NULL text leaves @p index.
 *  @errors STATUS_USAGE naming all of them. */
MUST_CHECK Status option_choice(const char *name, const char *text, const char *const *words,
                                int count, int *index, Error *err);

/** Read the role of members for --role: target, tune, source, or all, which is NULL; NULL text
 *  leaves @p role. @errors STATUS_USAGE. */
MUST_CHECK Status option_role(const char *text, const char **role, Error *err);

/** Read whose returns or actions for --policy; NULL text leaves @p policy. @errors
 * STATUS_USAGE. */
MUST_CHECK Status option_policy(const char *text, EvalPolicy *policy, Error *err);

/** Read a size in pixels, such as "960x540", for option @p name, both in [lo, hi]; NULL text
 *  leaves @p size (2), width and height. @errors STATUS_USAGE. */
MUST_CHECK Status option_size(const char *name, const char *text, int lo, int hi, int size[2],
                              Error *err);

#endif
