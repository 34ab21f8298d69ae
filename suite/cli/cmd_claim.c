/** @file
 * `suite claim`: one method against its rivals, as a claim about it must be judged.
 *
 * Layer: cli.
 */
#include "suite/cli/commands.h"
#include "suite/cli/options.h"
#include "suite/cli/report.h"
#include "suite/core/text.h"
#include "suite/run/program.h"

typedef struct ClaimArgs {
    const char *method, *rivals, *metric, *role, *policy, *format, *models;
    bool allow_mixed;
} ClaimArgs;

static Status read_args(ReportSpec *spec, const ClaimArgs *args, Error *err)
{
    static const char *const formats[] = {"md", "csv"};
    int format = 0;
    spec->role = "target";
    if (!args->method)
        return error_set(err, STATUS_USAGE,
                         "--method is missing: the column that is compared with the others, "
                         "such as --method dqinit");
    Status status = option_choice("format", args->format, formats, 2, &format, err);
    if (status == STATUS_OK) status = option_role(args->role, &spec->role, err);
    // it pools the members of a family
    if (status == STATUS_OK && !spec->role)
        status = error_set(err, STATUS_USAGE, "a claim is of one role, not of all");
    if (status == STATUS_OK) status = option_policy(args->policy, &spec->policy, err);
    if (status == STATUS_OK)
        status = report_metrics(spec, args->metric ? args->metric : "early10,auc", err);
    spec->form = format == 0 ? REPORT_CLAIM : REPORT_CLAIM_CSV;
    spec->method = args->method;
    spec->rivals = args->rivals;
    spec->normalised = true;
    spec->allow_mixed = args->allow_mixed;
    spec->models = program_models(args->models);
    return status;
}

static Status print_claim(const TextList *folders, const ClaimArgs *args, Error *err)
{
    ReportSpec spec = {0};
    Text columns = TEXT_INIT;
    Status status = read_args(&spec, args, err);
    if (status == STATUS_OK && args->rivals) { // what is not compared cannot be unfair
        text_printf(&columns, "%s,%s", args->method, args->rivals);
        status = text_status(&columns, err);
        spec.watched = columns.data;
    }
    if (status == STATUS_OK) status = report_folders(&spec, folders, err);
    if (status == STATUS_OK) status = report_print(&spec, err);
    text_release(&columns);
    return status;
}

int cmd_claim(int argc, const char **argv)
{
    ClaimArgs args = {0};
    const Option option[] = {
        {"method", OPTION_TEXT, &args.method, "COLUMN",
         "the method, or method+label, that is compared with its rivals"},
        {"rivals", OPTION_TEXT, &args.rivals, "LIST",
         "columns it is compared with (the other methods, without variants)"},
        {"metric", OPTION_TEXT, &args.metric, "LIST",
         "jumpstart, jumpstart5, early10, auc, final, threshold, reached, drop, collapse "
         "(early10,auc)"},
        {"role", OPTION_TEXT, &args.role, "target|tune|source",
         "members to compare on (target)"},
        {"policy", OPTION_TEXT, &args.policy, "deployed|network", "whose returns (deployed)"},
        {"format", OPTION_TEXT, &args.format, "md|csv", "Markdown or CSV (md)"},
        {"models", OPTION_TEXT, &args.models, "DIR",
         "models folder with the references (SUITE_MODELS, or our own)"},
        {"allow-mixed", OPTION_FLAG, &args.allow_mixed, NULL,
         "compare runs of several MuJoCo versions"},
    };
    CommandLine line = {
        argc,
        argv,
        "[DIR...] --method COLUMN [options]",
        "Test one method against each rival on the finished runs in DIR (runs), "
        "in normalised returns, adjusted for the number of tests.",
        option,
        sizeof option / sizeof option[0]};
    TextList folders = {0};
    Options *options;
    Error err = {0};
    bool helped;

    Status status = options_parse(&options, &line, &folders, &helped, &err);
    if (status == STATUS_OK && !helped) status = print_claim(&folders, &args, &err);
    options_free(options);
    return status == STATUS_OK ? EXIT_DONE : fail(&err);
}
