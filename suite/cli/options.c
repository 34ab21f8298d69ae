#include "suite/cli/options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <popt.h>

#include "suite/core/check.h"
#include "suite/core/mem.h"
#include "suite/core/text.h"

enum { MOST_OPTIONS = 32, MOST_VALUES = 256, HELP = 1 };

struct Options {
    struct poptOption row[MOST_OPTIONS + 2]; // ours, --help, and the end
    poptContext context;
    char *owned[MOST_VALUES];
    int owned_count;
};

void options_free(Options *options)
{
    if (!options) return;
    for (int i = 0; i < options->owned_count; i++)
        free(options->owned[i]); // popt's own memory
    if (options->context) poptFreeContext(options->context);
    mem_free(options);
}

// the same rows in popt's form; a row's `val` is its number + 2
static void fill_rows(Options *o, const CommandLine *line)
{
    CHECK(line->option_count <= MOST_OPTIONS);
    for (int i = 0; i < line->option_count; i++) {
        const Option *from = &line->option[i];
        o->row[i] = (struct poptOption){
            .longName = from->name,
            .argInfo = from->kind == OPTION_FLAG ? POPT_ARG_NONE : POPT_ARG_STRING,
            .val = i + 1 + HELP,
            .descrip = from->help,
            .argDescrip = from->argument,
        };
    }
    o->row[line->option_count] = (struct poptOption){
        .longName = "help", .argInfo = POPT_ARG_NONE, .val = HELP, .descrip = "show this"};
}

static Status store(const Option *option, const char *text, Error *err)
{
    TextList *list = option->value;
    switch (option->kind) {
    case OPTION_FLAG:
        *(bool *)option->value = true;
        return STATUS_OK;
    case OPTION_TEXT:
        *(const char **)option->value = text;
        return STATUS_OK;
    case OPTION_LIST:
        if (list->count == LIST_LENGTH)
            return error_set(err, STATUS_USAGE, "--%s is given more than %d times",
                             option->name, LIST_LENGTH);
        list->text[list->count++] = text;
        return STATUS_OK;
    }
    CHECK(false);
}

static Status bad_option(const CommandLine *line, const char *bad, int why, Error *err)
{
    const char *names[MOST_OPTIONS + 1];
    for (int i = 0; i < line->option_count; i++)
        names[i] = line->option[i].name;
    names[line->option_count] = "help";
    if (why != POPT_ERROR_BADOPT)
        return error_set(err, STATUS_USAGE, "%s: %s", bad, poptStrerror(why));

    char name[64];
    (void)snprintf(name, sizeof name, "%s", bad + strspn(bad, "-"));
    name[strcspn(name, "=")] = '\0';
    const char *nearest = nearest_name(name, names, line->option_count + 1);
    if (nearest)
        return error_set(err, STATUS_USAGE, "unknown option '%s'; did you mean '--%s'?", bad,
                         nearest);
    return error_set(err, STATUS_USAGE, "unknown option '%s'; see `%s --help`", bad,
                     line->argv[0]);
}

static Status take_words(Options *o, TextList *words, Error *err)
{
    const char *word;
    while ((word = poptGetArg(o->context))) {
        if (!words) return error_set(err, STATUS_USAGE, "unexpected word '%s'", word);
        if (words->count == LIST_LENGTH)
            return error_set(err, STATUS_USAGE, "more than %d words", LIST_LENGTH);
        words->text[words->count++] = word;
    }
    return STATUS_OK;
}

static void print_help(Options *o, const CommandLine *line)
{
    (void)printf("%s\n\n", line->summary);
    poptPrintHelp(o->context, stdout, 0);
}

Status options_parse(Options **out, const CommandLine *line, TextList *words, bool *helped,
                     Error *err)
{
    Options *o = mem_array(1, sizeof *o);
    *out = o;
    *helped = false;
    if (!o) return error_nomem(err);
    fill_rows(o, line);
    o->context = poptGetContext(NULL, line->argc, line->argv, o->row, 0);
    if (!o->context) return error_nomem(err);
    poptSetOtherOptionHelp(o->context, line->usage);

    int got;
    while ((got = poptGetNextOpt(o->context)) > 0) {
        if (got == HELP) {
            print_help(o, line);
            *helped = true;
            return STATUS_OK;
        }
        char *text = poptGetOptArg(o->context);
        if (text && o->owned_count == MOST_VALUES) {
            free(text);
            return error_set(err, STATUS_USAGE, "more than %d options", MOST_VALUES);
        }
        if (text) o->owned[o->owned_count++] = text;
        Status status = store(&line->option[got - 1 - HELP], text, err);
        if (status != STATUS_OK) return status;
    }
    if (got < -1) return bad_option(line, poptBadOption(o->context, 0), got, err);
    return take_words(o, words, err);
}

Status option_int(const char *name, const char *text, int lo, int hi, int *value, Error *err)
{
    int64_t number;
    if (!text) return STATUS_OK;
    if (!parse_int(text, lo, hi, &number))
        return error_set(err, STATUS_USAGE,
                         "--%s cannot be '%s': it takes a whole number from %d to %d", name,
                         text, lo, hi);
    *value = (int)number;
    return STATUS_OK;
}

Status option_choice(const char *name, const char *text, const char *const *words, int count,
                     int *index, Error *err)
{
    if (!text) return STATUS_OK;
    for (int i = 0; i < count; i++)
        if (strcmp(text, words[i]) == 0) {
            *index = i;
            return STATUS_OK;
        }
    Text choices = TEXT_INIT;
    for (int i = 0; i < count; i++)
        text_printf(&choices, "%s%s", i ? ", " : "", words[i]);
    Status status = error_set(err, STATUS_USAGE, "--%s cannot be '%s': it takes %s", name, text,
                              choices.data);
    text_release(&choices);
    return status;
}

Status option_role(const char *text, const char **role, Error *err)
{
    static const char *const roles[] = {"target", "tune", "source", "all"};
    int index = 0;
    Status status = option_choice("role", text, roles, 4, &index, err);
    if (text && status == STATUS_OK) *role = index == 3 ? NULL : roles[index];
    return status;
}

Status option_policy(const char *text, EvalPolicy *policy, Error *err)
{
    const char *const policies[] = {policy_name(POLICY_DEPLOYED), policy_name(POLICY_NETWORK)};
    int index = *policy == POLICY_NETWORK;
    Status status = option_choice("policy", text, policies, 2, &index, err);
    *policy = index ? POLICY_NETWORK : POLICY_DEPLOYED;
    return status;
}

Status option_size(const char *name, const char *text, int lo, int hi, int size[2], Error *err)
{
    int64_t width, height;
    char first[32];
    if (!text) return STATUS_OK;
    const char *by = strchr(text, 'x');
    size_t length = by ? (size_t)(by - text) : sizeof first;
    if (length < sizeof first) {
        memcpy(first, text, length);
        first[length] = '\0';
        if (parse_int(first, lo, hi, &width) && parse_int(by + 1, lo, hi, &height)) {
            size[0] = (int)width;
            size[1] = (int)height;
            return STATUS_OK;
        }
    }
    return error_set(err, STATUS_USAGE,
                     "--%s cannot be '%s': it takes WIDTHxHEIGHT, each from %d to %d pixels",
                     name, text, lo, hi);
}
