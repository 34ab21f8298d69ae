#include "suite/run/words.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "suite/core/mem.h"
#include "suite/core/text.h"

bool word_next(const char **list, char word[WORD_LENGTH])
{
    if (!*list) return false;
    size_t length = strcspn(*list, ",");
    (void)snprintf(word, WORD_LENGTH, "%.*s", (int)length, *list);
    *list = (*list)[length] ? *list + length + 1 : NULL;
    return true;
}

bool word_is_in(const char *name, const char *list)
{
    char word[WORD_LENGTH];
    while (word_next(&list, word))
        if (strcmp(word, "all") == 0 || strcmp(word, name) == 0) return true;
    return false;
}

// -- seeds

enum { MOST_LISTED = 10000 }; // each is compared with all before it

static Status seeds_error(const char *text, const char *what, Error *err)
{
    return error_set(
        err, STATUS_USAGE,
        "%s cannot be '%.100s': give a count from 1 to %d, a range such as 3-7, or "
        "a list such as 1,4,9",
        what, text, MOST_RUNS);
}

static Status seeds_range(Seeds *seeds, int64_t first, int64_t last, Error *err)
{
    seeds->seed = mem_array((size_t)(last - first + 1), sizeof *seeds->seed);
    if (!seeds->seed) return error_nomem(err);
    for (int64_t s = first; s <= last; s++)
        seeds->seed[seeds->count++] = (int)s;
    return STATUS_OK;
}

static Status seeds_list(Seeds *seeds, const char *text, const char *what, Error *err)
{
    char word[WORD_LENGTH];
    seeds->seed = mem_array(strlen(text) + 1, sizeof *seeds->seed);
    if (!seeds->seed) return error_nomem(err);
    for (const char *list = text; word_next(&list, word);) {
        int64_t seed;
        if (!parse_int(word, 0, INT_MAX, &seed) || seeds->count == MOST_LISTED)
            return seeds_error(text, what, err);
        for (int i = 0; i < seeds->count; i++)
            if (seeds->seed[i] == seed)
                return error_set(err, STATUS_USAGE, "%s names seed %d twice", what, (int)seed);
        seeds->seed[seeds->count++] = (int)seed;
    }
    return STATUS_OK;
}

Status seeds_parse(Seeds *seeds, const char *text, const char *what, Error *err)
{
    char word[WORD_LENGTH];
    int64_t first, last;
    const char *dash = strchr(text, '-');
    *seeds = (Seeds){0};
    if (strchr(text, ',')) return seeds_list(seeds, text, what, err);
    if (dash) {
        (void)snprintf(word, sizeof word, "%.*s", (int)(dash - text), text);
        if (!parse_int(word, 0, INT_MAX, &first) || !parse_int(dash + 1, 0, INT_MAX, &last) ||
            last < first || last - first >= MOST_RUNS)
            return seeds_error(text, what, err);
        return seeds_range(seeds, first, last, err);
    }
    if (!parse_int(text, 1, MOST_RUNS, &last)) return seeds_error(text, what, err);
    return seeds_range(seeds, 0, last - 1, err);
}

void seeds_release(Seeds *seeds)
{
    mem_free(seeds->seed);
    *seeds = (Seeds){0};
}

void seeds_narrow(Seeds *seeds, const Seeds *others)
{
    int count = 0;
    for (int i = 0; i < seeds->count; i++)
        for (int j = 0; j < others->count; j++)
            if (others->seed[j] == seeds->seed[i]) {
                seeds->seed[count++] = seeds->seed[i];
                break;
            }
    seeds->count = count;
}

// -- labels

Status label_check(const char *label, const char *what, Error *err)
{
    static const char letters[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-";
    if (strlen(label) < LABEL_LENGTH && strspn(label, letters) == strlen(label))
        return STATUS_OK;
    return error_set(err, STATUS_USAGE,
                     "%s cannot be '%.60s': letters, digits, '_', '.' and '-', at most %d",
                     what, label, LABEL_LENGTH - 1);
}
