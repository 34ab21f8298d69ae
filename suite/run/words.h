/** @file
 * The words in which runs are asked for: lists, seeds and labels, the same on a command line
 * and in the file of an experiment.
 *
 * Layer: run. Where a word is refused, @p what is what the message calls its place, such as
 * "--seeds" or "'seeds'".
 */
#ifndef SUITE_RUN_WORDS_H
#define SUITE_RUN_WORDS_H

#include <stdbool.h>

#include "suite/core/status.h"

enum { LABEL_LENGTH = 48, WORD_LENGTH = 64, MOST_RUNS = 100000 };

/**
 * Take the next word off a comma separated list.
 *
 * @param[in,out] list NULL once the last word is taken
 * @param[out]    word a word too long is cut, and so found unknown
 * @return false if there is none
 */
bool word_next(const char **list, char word[WORD_LENGTH]);

/** Is @p name or "all" among the words of @p list? */
bool word_is_in(const char *name, const char *list);

typedef struct Seeds {
    int *seed; // (count), owned
    int count;
} Seeds;

/**
 * Read "10" (seeds 0 to 9), "3-7" or "1,4,9".
 *
 * @param[out] seeds release with seeds_release(), also after a failure
 * @errors STATUS_USAGE if it is none of these, names a seed twice, more than MOST_RUNS, or
 *         more than 10000 in a list;
 *         STATUS_NOMEM.
 */
MUST_CHECK Status seeds_parse(Seeds *seeds, const char *text, const char *what, Error *err);
void seeds_release(Seeds *seeds);

/** Leave those seeds only that @p others has too. */
void seeds_narrow(Seeds *seeds, const Seeds *others);

/** Can this be part of a folder's name? "" can. @errors STATUS_USAGE. */
MUST_CHECK Status label_check(const char *label, const char *what, Error *err);

#endif
