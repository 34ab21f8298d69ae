/** @file
 * `suite table`: the comparison of finished runs.
 *
 * Layer: cli.
 */
#include "suite/cli/commands.h"
#include "suite/cli/options.h"
#include "suite/cli/report.h"
#include "suite/run/program.h"

typedef struct TableArgs {
    const char *metric, *format, *role, *policy, *models, *against, *method;
    bool normalised, allow_mixed, overview;
} TableArgs;

// it has its own metrics, all normalised, and pools the members of one role
static Status read_overview(ReportSpec *spec, const TableArgs *args, Error *err)
{
    if (args->metric || args->against || spec->form != REPORT_MARKDOWN)
        return error_set(err, STATUS_USAGE,
                         "--overview is Markdown with metrics of its own; leave out --metric, "
                         "--against and --format");
    if (!spec->role)
        return error_set(err, STATUS_USAGE, "--overview is of one role, not of all");
    spec->form = REPORT_OVERVIEW;
    spec->normalised = true;
    return STATUS_OK;
}

static Status read_args(ReportSpec *spec, const TableArgs *args, Error *err)
{
    static const char returns[] = "jumpstart,jumpstart5,early10,auc,final";
    static const char *const formats[] = {"md", "csv", "latex", "json"};
    static const ReportForm forms[] = {REPORT_MARKDOWN, REPORT_CSV, REPORT_LATEX, REPORT_JSON};
    int format = 0;

    spec->role = "target";
    Status status = option_choice("format", args->format, formats, 4, &format, err);
    if (status == STATUS_OK) status = option_role(args->role, &spec->role, err);
    if (status == STATUS_OK) status = option_policy(args->policy, &spec->policy, err);
    if (status == STATUS_OK)
        status = report_metrics(spec, args->metric ? args->metric : returns, err);
    spec->form = forms[format];
    spec->columns = args->method;
    spec->allow_mixed = args->allow_mixed;
    spec->normalised = args->normalised;
    spec->against = args->against;
    spec->models = program_models(args->models);
    return status == STATUS_OK && args->overview ? read_overview(spec, args, err) : status;
}

static Status print_table(const TextList *folders, const TableArgs *args, Error *err)
{
    ReportSpec spec = {0};
    Status status = report_folders(&spec, folders, err);
    if (status == STATUS_OK) status = read_args(&spec, args, err);
    return status == STATUS_OK ? report_print(&spec, err) : status;
}

int cmd_table(int argc, const char **argv)
{
    TableArgs args = {0};
    const Option option[] = {
        {"metric", OPTION_TEXT, &args.metric, "LIST",
         "jumpstart, jumpstart5, early10, auc, final (these five); of normalised returns "
         "threshold, reached, drop, collapse; spread; stability for spread, drop and collapse; "
         "negative"},
        {"format", OPTION_TEXT, &args.format, "md|csv|latex|json",
         "Markdown, CSV, LaTeX with booktabs, or JSON (md)"},
        {"role", OPTION_TEXT, &args.role, "target|tune|source|all", "members to show (target)"},
        {"method", OPTION_TEXT, &args.method, "LIST",
         "columns to show: methods, or method+label (all)"},
        {"policy", OPTION_TEXT, &args.policy, "deployed|network",
         "which policy's returns Markdown and LaTeX show; CSV and JSON have both (deployed)"},
        {"against", OPTION_TEXT, &args.against, "COLUMN",
         "the method, or method+label, that differences are to (scratch)"},
        {"overview", OPTION_FLAG, &args.overview, NULL,
         "early learning, stability, performance and costs by family and over all, normalised"},
        {"normalised", OPTION_FLAG, &args.normalised, NULL,
         "returns by the members' references: 0 random actions, 1 long runs from scratch"},
        {"models", OPTION_TEXT, &args.models, "DIR",
         "models folder with the references (SUITE_MODELS, or our own)"},
        {"allow-mixed", OPTION_FLAG, &args.allow_mixed, NULL,
         "compare runs of several MuJoCo versions"},
    };
    CommandLine line = {argc,
                        argv,
                        "[DIR...] [options]",
                        "Print the comparison of the finished runs in DIR (runs).",
                        option,
                        sizeof option / sizeof option[0]};
    TextList folders = {0};
    Options *options;
    Error err = {0};
    bool helped;

    Status status = options_parse(&options, &line, &folders, &helped, &err);
    if (status == STATUS_OK && !helped) status = print_table(&folders, &args, &err);
    options_free(options);
    return status == STATUS_OK ? EXIT_DONE : fail(&err);
}
