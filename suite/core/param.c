#include "suite/core/param.h"

#include <limits.h>
#include <math.h>
#include <string.h>

#include "suite/core/check.h"

static void *place(const ParamRow *row, void *settings)
{
    return (char *)settings + row->offset;
}

static double get(const ParamRow *row, const void *settings)
{
    const char *at = (const char *)settings + row->offset;
    switch (row->kind) {
    case PARAM_DOUBLE:
        return *(const double *)(const void *)at;
    case PARAM_BOOL:
        return *(const bool *)(const void *)at;
    case PARAM_INT:
    case PARAM_CHOICE:
        return *(const int *)(const void *)at;
    }
    CHECK(false);
}

static void put(const ParamRow *row, void *settings, double value)
{
    switch (row->kind) {
    case PARAM_DOUBLE:
        *(double *)place(row, settings) = value;
        return;
    case PARAM_BOOL:
        *(bool *)place(row, settings) = value != 0;
        return;
    case PARAM_INT:
    case PARAM_CHOICE:
        *(int *)place(row, settings) = (int)value;
        return;
    }
}

// the length of the word with this index in "one|two|three"; *word is where it begins
static size_t choice(const char *choices, int index, const char **word)
{
    const char *p = choices;
    for (; index > 0 && (p = strchr(p, '|')); index--)
        p++;
    *word = p;
    return p ? strcspn(p, "|") : 0;
}

static int choice_index(const char *choices, const char *text)
{
    const char *word;
    size_t length;
    for (int i = 0; (length = choice(choices, i, &word)) > 0; i++)
        if (length == strlen(text) && strncmp(word, text, length) == 0) return i;
    return -1;
}

void param_defaults(const ParamRow *rows, int count, void *settings)
{
    for (int i = 0; i < count; i++)
        put(&rows[i], settings, rows[i].def);
}

const ParamRow *param_find(const ParamRow *rows, int count, const char *name)
{
    for (int i = 0; i < count; i++)
        if (strcmp(rows[i].name, name) == 0) return &rows[i];
    return NULL;
}

// false when the text is not a value of this kind in the row's range
static bool parse(const ParamRow *row, const char *text, double *value)
{
    int64_t whole;
    switch (row->kind) {
    case PARAM_INT:
        if (!parse_int(text, (int64_t)row->lo, (int64_t)row->hi, &whole)) return false;
        *value = (double)whole;
        return true;
    case PARAM_DOUBLE:
        return parse_double(text, value) && *value >= row->lo && *value <= row->hi;
    case PARAM_BOOL:
        *value = choice_index("false|true", text);
        return *value >= 0;
    case PARAM_CHOICE:
        *value = choice_index(row->choices, text);
        return *value >= 0;
    }
    CHECK(false);
}

Status param_set(const ParamRow *row, void *settings, const char *text, Error *err)
{
    double value;
    if (parse(row, text, &value)) {
        put(row, settings, value);
        return STATUS_OK;
    }
    Text range = TEXT_INIT;
    param_print_range(row, &range);
    Status status = error_set(err, STATUS_USAGE, "setting '%s' cannot be '%s': it takes %s",
                              row->name, text, range.data);
    text_release(&range);
    return status;
}

void param_print(const ParamRow *row, const void *settings, Text *text)
{
    double value = get(row, settings);
    const char *word;

    switch (row->kind) {
    case PARAM_DOUBLE:
        text_double(text, value);
        return;
    case PARAM_INT:
        text_printf(text, "%d", (int)value);
        return;
    case PARAM_BOOL:
        text_printf(text, "%s", value != 0 ? "true" : "false");
        return;
    case PARAM_CHOICE: {
        int length = (int)choice(row->choices, (int)value, &word);
        text_printf(text, "%.*s", length, word);
        return;
    }
    }
}

void param_print_range(const ParamRow *row, Text *text)
{
    switch (row->kind) {
    case PARAM_BOOL:
        text_printf(text, "true or false");
        return;
    case PARAM_CHOICE:
        text_printf(text, "%s", row->choices);
        return;
    case PARAM_INT:
        text_printf(text, "a whole number from %lld to %lld", (long long)row->lo,
                    (long long)row->hi);
        return;
    case PARAM_DOUBLE:
        text_printf(text, "a number from ");
        text_double(text, row->lo);
        text_printf(text, " to ");
        text_double(text, row->hi);
        return;
    }
}

static bool default_fits(const ParamRow *row)
{
    const char *word;
    switch (row->kind) {
    case PARAM_BOOL:
        return row->def == 0 || row->def == 1;
    case PARAM_CHOICE:
        return row->def >= 0 && choice(row->choices, (int)row->def, &word) > 0;
    case PARAM_INT:
        if (row->lo < INT_MIN || row->hi > INT_MAX || row->def != floor(row->def)) return false;
        return row->def >= row->lo && row->def <= row->hi;
    case PARAM_DOUBLE:
        return row->def >= row->lo && row->def <= row->hi;
    }
    CHECK(false);
}

Status param_check(const ParamRow *rows, int count, Error *err)
{
    for (int i = 0; i < count; i++) {
        if (!default_fits(&rows[i]))
            return error_set(err, STATUS_RANGE, "the default of '%s' is out of its own range",
                             rows[i].name);
        if (param_find(rows, i, rows[i].name))
            return error_set(err, STATUS_RANGE, "setting '%s' is declared twice", rows[i].name);
    }
    return STATUS_OK;
}
