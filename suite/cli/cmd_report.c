/** @file
 * `suite report`: an experiment written up from its records.
 *
 * Layer: cli.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "results/account.h"
#include "suite/cli/commands.h"
#include "suite/cli/options.h"
#include "suite/cli/report.h"
#include "suite/core/file.h"
#include "suite/core/mem.h"
#include "suite/run/plan.h"
#include "suite/run/program.h"

typedef struct ReportArgs {
    const char *out, *experiment, *figures, *method, *models;
    bool allow_mixed;
} ReportArgs;

/** What is read for the report, and released after it. */
typedef struct Reports {
    const ReportArgs *args;
    ReportSpec spec;
    Collection collection;
    Comparison comparison;
    Facts facts;
    Plan plan;
    WantedRun *wanted; // (wanted_count)
    int wanted_count;
    int metric[4];  // early10, auc, drop, collapse
    Claim claim[4]; // of the first two and of the others, deployed and network
} Reports;

static void release(Reports *r)
{
    for (int i = 0; i < 4; i++)
        claim_release(&r->claim[i]);
    mem_free(r->wanted);
    plan_release(&r->plan);
    facts_release(&r->facts);
    compare_release(&r->comparison);
    collect_release(&r->collection);
}

// -- what the experiment asks for

static int by_cell(const void *a, const void *b)
{
    const WantedRun *x = a, *y = b;
    int order = strcmp(x->family, y->family);
    if (!order) order = strcmp(x->member, y->member);
    if (!order) order = collect_column_order(x->column, y->column);
    return order ? order : (x->seed > y->seed) - (x->seed < y->seed);
}

// what the report is of: runs of members of another role are not collected, and so not missed
static Status list_wanted(Reports *r, Error *err)
{
    r->wanted = mem_array((size_t)r->plan.count, sizeof *r->wanted);
    if (!r->wanted) return error_nomem(err);
    for (int i = 0; i < r->plan.count; i++) {
        const Run *run = &r->plan.run[i];
        char column[2 * LABEL_LENGTH];
        if (run->is_source || run->member->role != ROLE_TARGET) continue;
        WantedRun *wanted = &r->wanted[r->wanted_count++];
        *wanted = (WantedRun){.family = run->members->family->name,
                              .member = run->member->name,
                              .seed = run->seed};
        run_column(run, column);
        (void)snprintf(wanted->column, sizeof wanted->column, "%s", column);
    }
    if (!r->wanted_count)
        return error_set(err, STATUS_USAGE,
                         "experiment '%s' has no targets, and a report is of these",
                         r->args->experiment);
    qsort(r->wanted, (size_t)r->wanted_count, sizeof *r->wanted, by_cell);
    return STATUS_OK;
}

// its runs only: what is in the folder is not looked at, for it is of older programs too
static Status read_experiment(Reports *r, Error *err)
{
    char path[PATH_LENGTH];
    Experiment experiment = {0};
    if (!r->args->experiment) return STATUS_OK;
    Status status = experiment_find(path, r->args->experiment, program_results(), err);
    if (status == STATUS_OK) status = experiment_read(&experiment, path, err);
    if (status == STATUS_OK)
        status = plan_make(&r->plan,
                           &(Request){.models = r->spec.models,
                                      .out = r->spec.folder[0],
                                      .label = "",
                                      .fresh = true,
                                      .experiment = &experiment},
                           err);
    if (status == STATUS_OK) status = list_wanted(r, err);
    experiment_release(&experiment);
    return status;
}

// -- what is there

static Status read_runs(Reports *r, Error *err)
{
    Status status = report_collect(&r->collection, &r->spec, err);
    if (status == STATUS_OK) status = report_require(&r->collection, &r->spec, err);
    if (status == STATUS_OK) status = report_normalise(&r->collection, &r->spec, err);
    if (status == STATUS_OK) report_warn(&r->collection);
    if (status == STATUS_OK) status = compare_init(&r->comparison, &r->collection, 0, err);
    return status == STATUS_OK ? facts_read(&r->facts, &r->comparison, err) : status;
}

static Status make_claims(Reports *r, Error *err)
{
    static const char *const names[] = {"early10", "auc", "drop", "collapse"};
    Status status = STATUS_OK;
    for (int m = 0; status == STATUS_OK && m < 4; m++)
        status = metric_find(&r->metric[m], names[m], err);
    for (int i = 0; status == STATUS_OK && i < 4; i++) {
        ClaimOptions options = {.method = r->args->method ? r->args->method : "dqinit",
                                .policy = i % 2 ? POLICY_NETWORK : POLICY_DEPLOYED,
                                .metric = &r->metric[i < 2 ? 0 : 2],
                                .metric_count = 2};
        status = claim_init(&r->claim[i], &r->comparison, &options, err);
    }
    return status;
}

static Status write_report(Reports *r, Error *err)
{
    TableTitle title[MOST_METHODS];
    Text text = TEXT_INIT;
    Account account = {.comparison = &r->comparison,
                       .facts = &r->facts,
                       .headline = {&r->claim[0], &r->claim[1]},
                       .stability = {&r->claim[2], &r->claim[3]},
                       .options = {.folder = r->spec.folder[0],
                                   .experiment = r->args->experiment,
                                   .wanted = r->wanted,
                                   .wanted_count = r->wanted_count,
                                   .figures = r->args->figures,
                                   .method = r->claim[0].options.method,
                                   .title = title,
                                   .title_count = report_titles(title)}};
    Status status = account_print(&account, &text, err);
    if (status == STATUS_OK) status = file_write(r->args->out, text.data, text.length, err);
    text_release(&text);
    return status;
}

static Status report(const TextList *folders, const ReportArgs *args, Error *err)
{
    Reports r = {.args = args,
                 .spec = {.role = "target",
                          .allow_mixed = args->allow_mixed,
                          .normalised = true,
                          .models = program_models(args->models)}};
    r.collection.role = r.spec.role;
    if (!args->out)
        return error_set(err, STATUS_USAGE,
                         "--out is missing: the file to write, such as --out report.md");
    Status status = report_folders(&r.spec, folders, err);
    if (status == STATUS_OK && r.spec.folder_count > 1)
        status = error_set(err, STATUS_USAGE, "one folder of results at a time, not %d",
                           r.spec.folder_count);
    if (status == STATUS_OK) status = read_experiment(&r, err);
    if (status == STATUS_OK) status = read_runs(&r, err);
    if (status == STATUS_OK) status = make_claims(&r, err);
    if (status == STATUS_OK) status = write_report(&r, err);
    release(&r);
    return status;
}

int cmd_report(int argc, const char **argv)
{
    ReportArgs args = {0};
    const Option option[] = {
        {"out", OPTION_TEXT, &args.out, "FILE", "file to write, Markdown"},
        {"experiment", OPTION_TEXT, &args.experiment, "FILE|NAME",
         "what was to run, so that what has not run is listed (nothing)"},
        {"figures", OPTION_TEXT, &args.figures, "DIR",
         "folder of the SVG figures of `suite plot`, as seen from here and from FILE (none)"},
        {"method", OPTION_TEXT, &args.method, "COLUMN", "whose claims are read out (dqinit)"},
        {"models", OPTION_TEXT, &args.models, "DIR",
         "models folder with the references (SUITE_MODELS, or our own)"},
        {"allow-mixed", OPTION_FLAG, &args.allow_mixed, NULL,
         "compare runs of several MuJoCo versions"},
    };
    CommandLine line = {argc,
                        argv,
                        "[DIR] --out FILE [options]",
                        "Write up the finished runs of targets in DIR (runs): what was "
                        "compared and how, tables, figures, and what the numbers say.",
                        option,
                        sizeof option / sizeof option[0]};
    TextList folders = {0};
    Options *options;
    Error err = {0};
    bool helped;

    Status status = options_parse(&options, &line, &folders, &helped, &err);
    if (status == STATUS_OK && !helped) status = report(&folders, &args, &err);
    options_free(options);
    return status == STATUS_OK ? EXIT_DONE : fail(&err);
}
