/** @file
 * `suite export`: finished runs in the forms that other programs read.
 *
 * Layer: cli.
 */
#include <stdio.h>
#include <string.h>

#include "results/export_arrays.h"
#include "results/export_csv.h"
#include "results/export_events.h"
#include "suite/cli/commands.h"
#include "suite/cli/options.h"
#include "suite/cli/report.h"
#include "suite/core/file.h"
#include "suite/core/log.h"
#include "suite/run/interrupt.h"
#include "suite/run/program.h"

typedef enum ExportFormat { EXPORT_CSV, EXPORT_TENSORBOARD, EXPORT_NPZ } ExportFormat;

typedef struct ExportArgs {
    const char *format, *out, *role, *policy, *models;
    bool allow_mixed;
} ExportArgs;

typedef struct ExportSpec {
    ExportFormat format;
    const char *out; // NULL: standard output
    const char *role;
    const char *models;
    EvalPolicy policy;
    bool allow_mixed;
} ExportSpec;

// -- what the words say

static Status read_format(ExportSpec *spec, const ExportArgs *args, Error *err)
{
    static const char *const formats[] = {"csv", "tensorboard", "npz"};
    int format = 0;
    if (!args->format)
        return error_set(err, STATUS_USAGE,
                         "--format is missing: csv, tensorboard or npz, such as --format csv");
    Status status = option_choice("format", args->format, formats, 3, &format, err);
    if (status == STATUS_OK) status = option_policy(args->policy, &spec->policy, err);
    spec->format = (ExportFormat)format;
    if (status == STATUS_OK && args->policy && spec->format != EXPORT_NPZ)
        status = error_set(err, STATUS_USAGE,
                           "--policy is for --format npz; %s has both policies", args->format);
    return status;
}

// a folder with something in it could hold runs that are no longer there
static Status read_out(ExportSpec *spec, const ExportArgs *args, Error *err)
{
    spec->out = args->out;
    if (!spec->out && spec->format != EXPORT_CSV)
        return error_set(err, STATUS_USAGE,
                         "--out is missing: the folder that --format %s makes, such as "
                         "--out exported",
                         args->format);
    if (!spec->out || !file_exists(spec->out)) return STATUS_OK;
    return error_set(err, STATUS_USAGE,
                     "'%s' is there already; remove it, or name another --out", spec->out);
}

static Status read_args(ExportSpec *spec, const ExportArgs *args, Error *err)
{
    Status status = read_format(spec, args, err);
    if (status == STATUS_OK) status = option_role(args->role, &spec->role, err);
    if (status == STATUS_OK) status = read_out(spec, args, err);
    spec->models = program_models(args->models);
    spec->allow_mixed = args->allow_mixed;
    return status;
}

// -- writing

static Status go_on(Error *err)
{
    if (!interrupt_pending()) return STATUS_OK;
    return error_set(err, STATUS_INTERRUPTED, "interrupted; nothing was exported");
}

static Status write_csv(const Export *export, const RunList *runs, const ExportSpec *spec,
                        Error *err)
{
    Text text = TEXT_INIT;
    Status status = STATUS_OK;
    export_csv_header(&text);
    for (int i = 0; status == STATUS_OK && i < runs->count; i++) {
        status = export_csv_run(export, &runs->run[i], &text, err);
        if (status == STATUS_OK) status = go_on(err);
    }
    if (status == STATUS_OK && spec->out)
        status = file_write(spec->out, text.data, text.length, err);
    else if (status == STATUS_OK)
        (void)fputs(text.data, stdout);
    text_release(&text);
    return status;
}

static Status write_events(const Export *export, const RunList *runs, const ExportSpec *spec,
                           Error *err)
{
    Status status = STATUS_OK;
    for (int i = 0; status == STATUS_OK && i < runs->count; i++) {
        status = export_events(export, &runs->run[i], spec->out, err);
        if (status == STATUS_OK) status = go_on(err);
    }
    return status;
}

// runs from the first on that are of its family and role; they are sorted so
static int group_size(const RunSummary *run, int count)
{
    int size = 1;
    while (size < count && strcmp(run[size].family, run->family) == 0 &&
           strcmp(run[size].role, run->role) == 0)
        size++;
    return size;
}

static Status write_arrays(const Export *export, const RunList *runs, const ExportSpec *spec,
                           Error *err)
{
    Status status = STATUS_OK;
    for (int i = 0; status == STATUS_OK && i < runs->count; i++) {
        status = export_evaluations(export, &runs->run[i], spec->policy, spec->out, err);
        if (status == STATUS_OK) status = go_on(err);
    }
    for (int i = 0, size; status == STATUS_OK && i < runs->count; i += size) {
        size = group_size(&runs->run[i], runs->count - i);
        status = export_scores(export, &runs->run[i], size, spec->policy, spec->out, err);
    }
    return status;
}

// a folder is left whole or not at all, as a file is: it gets its name, which was free, at the
// end, and what an export that was killed left under the other name makes way
static Status write_folder(const Export *export, const RunList *runs, const ExportSpec *spec,
                           Error *err)
{
    char part[PATH_LENGTH];
    ExportSpec into = *spec;
    into.out = part;
    Status status = path_format(part, err, "%s.part", spec->out);
    if (status == STATUS_OK && file_exists(part)) status = folder_remove(part, err);
    if (status == STATUS_OK) status = folder_make(part, err);
    if (status != STATUS_OK) return status;
    status = spec->format == EXPORT_NPZ ? write_arrays(export, runs, &into, err)
                                        : write_events(export, runs, &into, err);
    if (status == STATUS_OK) status = folder_rename(part, spec->out, err);
    Error why;
    if (status != STATUS_OK && folder_remove(part, &why) != STATUS_OK)
        log_warning("%s", why.message);
    return status;
}

static Status export_runs(Collection *collection, const char *folder, const ExportSpec *spec,
                          Error *err)
{
    ReferenceList *reference;
    int count;
    Status status = report_references(&reference, &count, collection, spec->models, err);
    if (status == STATUS_OK) status = reference_measure(collection, reference, count, err);
    if (status == STATUS_OK) report_warn(collection);
    if (status == STATUS_OK && !collection->done.count)
        status = error_set(err, STATUS_MISSING, "there is no finished run to export in '%s'",
                           folder);
    Export export = {
        .collection = collection, .reference = reference, .reference_count = count};
    if (status == STATUS_OK)
        status = spec->format == EXPORT_CSV
                     ? write_csv(&export, &collection->done, spec, err)
                     : write_folder(&export, &collection->done, spec, err);
    report_references_free(reference, count);
    return status;
}

static Status export_folder_of(const TextList *folders, const ExportArgs *args, Error *err)
{
    ReportSpec where = {0};
    ExportSpec spec = {0};
    Status status = read_args(&spec, args, err);
    if (status == STATUS_OK) status = report_folders(&where, folders, err);
    if (status == STATUS_OK && where.folder_count > 1)
        status = error_set(err, STATUS_USAGE, "one folder of results at a time, not %d",
                           where.folder_count);
    if (status != STATUS_OK) return status;

    Collection collection = {.role = spec.role};
    status = collect_folder(&collection, where.folder[0], err);
    if (status == STATUS_OK) status = collect_finish(&collection, spec.allow_mixed, err);
    if (status == STATUS_OK) status = export_runs(&collection, where.folder[0], &spec, err);
    collect_release(&collection);
    return status;
}

int cmd_export(int argc, const char **argv)
{
    ExportArgs args = {0};
    const Option option[] = {
        {"format", OPTION_TEXT, &args.format, "csv|tensorboard|npz",
         "a line for each evaluation; event files; arrays for rliable and rl-zoo"},
        {"out", OPTION_TEXT, &args.out, "PATH",
         "file (csv: standard output) or folder to make; must not be there"},
        {"role", OPTION_TEXT, &args.role, "target|tune|source|all", "members to export (all)"},
        {"policy", OPTION_TEXT, &args.policy, "deployed|network",
         "which policy's returns npz has; the others have both (deployed)"},
        {"models", OPTION_TEXT, &args.models, "DIR",
         "models folder with the references (SUITE_MODELS, or our own)"},
        {"allow-mixed", OPTION_FLAG, &args.allow_mixed, NULL,
         "export runs of several MuJoCo versions"},
    };
    CommandLine line = {argc,
                        argv,
                        "[DIR] --format FORMAT [options]",
                        "Export the finished runs in DIR (runs) to other programs.",
                        option,
                        sizeof option / sizeof option[0]};
    TextList folders = {0};
    Options *options;
    Error err = {0};
    bool helped;

    Status status = options_parse(&options, &line, &folders, &helped, &err);
    if (status == STATUS_OK && !helped) status = export_folder_of(&folders, &args, &err);
    options_free(options);
    return status == STATUS_OK ? EXIT_DONE : fail(&err);
}
