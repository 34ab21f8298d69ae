/** @file
 * `suite reference`: make the references that returns are normalised by, or check those there.
 *
 * Layer: cli.
 */
#include <stdio.h>
#include <string.h>

#include "suite/cli/commands.h"
#include "suite/cli/options.h"
#include "suite/core/log.h"
#include "suite/core/mem.h"
#include "suite/run/program.h"
#include "suite/run/references.h"

enum { FILE_LIMIT = 16 << 20, MOST_EPISODES = 1000000 };

static const char column[] = "scratch+long"; // of the long runs

typedef struct ReferenceArgs {
    const char *task, *runs, *episodes, *models;
    bool check;
} ReferenceArgs;

typedef struct Making {
    Plan plan;
    Collection runs;
    ReferenceMaking spec;
    bool differs; // a file is not what was made
} Making;

// -- comparing with the file

static int line_length(const char *text)
{
    return (int)strcspn(text, "\n");
}

static const char *after_line(const char *text)
{
    text += line_length(text);
    return *text ? text + 1 : text;
}

static const char *unindented(const char *text)
{
    return text + strspn(text, "\t ");
}

// say where the file and what was made first differ
static void say_difference(const char *path, const char *file, const char *made)
{
    int line = 1;
    while (line_length(file) == line_length(made) &&
           strncmp(file, made, (size_t)line_length(file)) == 0 && *file && *made) {
        file = after_line(file);
        made = after_line(made);
        line++;
    }
    const char *there = unindented(file), *here = unindented(made);
    log_error("%s:%d: the file says '%.*s', made again it is '%.*s'", path, line,
              line_length(there), there, line_length(here), here);
}

static Status compare(Making *making, const char *family, const Text *made, Error *err)
{
    char path[PATH_LENGTH], *file = NULL;
    ReferenceList list = {0};
    Status status = references_path(path, making->spec.models, family, err);
    if (status == STATUS_OK) status = reference_read(&list, family, path, err);
    reference_release(&list);
    if (status == STATUS_OK) status = file_read(&file, NULL, path, FILE_LIMIT, err);
    if (status == STATUS_OK && strcmp(file, made->data) != 0) {
        making->differs = true;
        say_difference(path, file, made->data);
    } else if (status == STATUS_OK) {
        log_note("'%s' is what is made again", path);
    }
    mem_free(file);
    return status;
}

// -- making

static Status make_family(Making *making, const MemberList *members, bool check, Error *err)
{
    ReferenceList list;
    Text text = TEXT_INIT;
    Status status = references_make(&list, &making->spec, members, err);
    if (status == STATUS_OK) status = reference_print(&list, &text, err);
    if (status == STATUS_OK && check)
        status = compare(making, members->family->name, &text, err);
    else if (status == STATUS_OK)
        (void)fputs(text.data, stdout);
    text_release(&text);
    reference_release(&list);
    return status;
}

// the settings with which a run would play each member; nothing is looked up or run
static Status plan_members(Making *making, const ReferenceArgs *args, Error *err)
{
    if (!args->task)
        return error_set(err, STATUS_USAGE, "--task is missing, such as --task reacher");
    Request request = {.models = making->spec.models,
                       .out = "runs",
                       .tasks = args->task,
                       .members = "all",
                       .methods = "scratch",
                       .seeds = "1",
                       .label = "",
                       .fresh = true};
    Status status = plan_make(&making->plan, &request, err);
    if (status == STATUS_OK && making->plan.family_count > 1 && !args->check)
        status = error_set(err, STATUS_USAGE,
                           "--task names several families, but a file holds one; several can "
                           "be checked with --check");
    return status;
}

static Status collect_long(Making *making, const char *named, Error *err)
{
    const char *folder = program_references(named);
    if (!folder)
        return error_set(err, STATUS_USAGE, "--runs is missing: the folder of the runs of %s",
                         column);
    Status status = collect_folder(&making->runs, folder, err);
    if (status == STATUS_OK) status = collect_finish(&making->runs, false, err);
    for (int i = 0; status == STATUS_OK && i < making->runs.warning_count; i++)
        log_warning("%s", making->runs.warning[i]);
    return status;
}

static int reference(const ReferenceArgs *args)
{
    Making making = {
        .spec = {.column = column, .models = program_models(args->models), .episodes = 1000}};
    Error err = {0};
    making.spec.plan = &making.plan;
    making.spec.runs = &making.runs;

    Status status =
        option_int("episodes", args->episodes, 1, MOST_EPISODES, &making.spec.episodes, &err);
    if (status == STATUS_OK) status = plan_members(&making, args, &err);
    if (status == STATUS_OK) status = collect_long(&making, args->runs, &err);
    for (int f = 0; status == STATUS_OK && f < making.plan.family_count; f++)
        status = make_family(&making, &making.plan.family[f], args->check, &err);
    collect_release(&making.runs);
    plan_release(&making.plan);

    if (status == STATUS_OK) return making.differs ? EXIT_FAILED : EXIT_DONE;
    return fail(&err);
}

int cmd_reference(int argc, const char **argv)
{
    ReferenceArgs args = {0};
    const Option option[] = {
        {"task", OPTION_TEXT, &args.task, "LIST", "a family; with --check several, or all"},
        {"runs", OPTION_TEXT, &args.runs, "DIR",
         "finished runs of scratch+long (results/references of the source tree)"},
        {"episodes", OPTION_TEXT, &args.episodes, "N", "random episodes of each member (1000)"},
        {"check", OPTION_FLAG, &args.check, NULL,
         "compare with the families' files instead; exit code 1 if they differ"},
        {"models", OPTION_TEXT, &args.models, "DIR",
         "models folder (SUITE_MODELS, or our own)"},
    };
    CommandLine line = {argc,
                        argv,
                        "--task LIST [options]",
                        "Print references.json of a family: what random actions and long runs "
                        "return in each member, by which `suite table --normalised` measures.",
                        option,
                        sizeof option / sizeof option[0]};
    Options *options;
    Error err = {0};
    bool helped;

    Status status = options_parse(&options, &line, NULL, &helped, &err);
    int code = status == STATUS_OK ? EXIT_DONE : fail(&err);
    if (status == STATUS_OK && !helped) code = reference(&args);
    options_free(options);
    return code;
}
