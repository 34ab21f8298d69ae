/** @file
 * `suite plot`: figures of finished runs.
 *
 * Layer: cli.
 */
#include "plots/aggregates.h"
#include "plots/curves.h"
#include "plots/improvement.h"
#include "plots/jumpstart.h"
#include "plots/knownness.h"
#include "plots/profile.h"
#include "suite/cli/commands.h"
#include "suite/cli/options.h"
#include "suite/cli/report.h"
#include "suite/run/interrupt.h"
#include "suite/run/program.h"

typedef struct PlotArgs {
    const char *out, *format, *role, *policy, *method, *metric, *models;
    bool allow_mixed;
} PlotArgs;

/** What is drawn, and where to. */
typedef struct Plot {
    ReportSpec spec;
    Gallery gallery;
    Collection collection;
    Comparison comparison;
    Palette palette;
} Plot;

static Status read_metric(ReportSpec *spec, const char *name, Error *err)
{
    spec->metric_count = 1;
    Status status = metric_find(&spec->metric[0], name, err);
    if (status != STATUS_OK) return status;
    const Metric *metric = &metric_table[spec->metric[0]];
    if (metric_is_return(metric) && metric->seeds == SEEDS_MEAN) return STATUS_OK;
    return error_set(err, STATUS_USAGE,
                     "--metric cannot be '%s': it takes jumpstart, jumpstart5, early10, auc, "
                     "final",
                     name);
}

static Status read_args(Plot *plot, const PlotArgs *args, Error *err)
{
    static const char *const formats[] = {"svg", "pdf", "png"};
    int format = 0;

    plot->spec.role = "target";
    Status status = option_choice("format", args->format, formats, 3, &format, err);
    if (status == STATUS_OK) status = option_role(args->role, &plot->spec.role, err);
    if (status == STATUS_OK) status = option_policy(args->policy, &plot->spec.policy, err);
    if (status == STATUS_OK)
        status = read_metric(&plot->spec, args->metric ? args->metric : "auc", err);
    plot->spec.columns = args->method;
    plot->spec.most_columns = PALETTE_COLUMNS;
    plot->spec.allow_mixed = args->allow_mixed;
    plot->spec.normalised = true;
    plot->spec.models = program_models(args->models);
    plot->gallery = (Gallery){.folder = args->out ? args->out : "figures",
                              .format = (FigureFormat)format,
                              .palette = &plot->palette};
    return status;
}

static Status go_on(Error *err)
{
    return interrupt_pending() ? error_set(err, STATUS_INTERRUPTED, "stopped") : STATUS_OK;
}

// in units of return
static Status draw_returns(Plot *plot, Error *err)
{
    const Comparison *comparison = &plot->comparison;
    EvalPolicy policy = plot->spec.policy;
    Status status = STATUS_OK;
    for (int f = 0; status == STATUS_OK && f < comparison->family_count; f++) {
        const CompareFamily *family = &comparison->family[f];
        status = curves_draw(&plot->gallery, comparison, family, policy, err);
        if (status == STATUS_OK)
            status = jumpstart_draw(&plot->gallery, comparison, family, policy, err);
        if (status == STATUS_OK)
            status = knownness_draw(&plot->gallery, comparison, family, err);
        if (status == STATUS_OK) status = go_on(err);
    }
    return status;
}

// in normalised returns, which members of all families share
static Status draw_scores(Plot *plot, Error *err)
{
    const Comparison *comparison = &plot->comparison;
    ScoreQuestion question = {comparison, NULL, plot->spec.policy, plot->spec.metric[0]};
    Status status = STATUS_OK;
    for (int f = 0; status == STATUS_OK && f < comparison->family_count; f++) {
        question.family = &comparison->family[f];
        status = aggregates_draw(&plot->gallery, &question, err);
        if (status == STATUS_OK) status = go_on(err);
    }
    question.family = NULL;
    // of a single family they are there already
    if (status == STATUS_OK && comparison->family_count > 1)
        status = aggregates_draw(&plot->gallery, &question, err);
    if (status == STATUS_OK) status = profile_draw(&plot->gallery, &question, err);
    if (status == STATUS_OK) status = improvement_draw(&plot->gallery, &question, err);
    return status;
}

static Status draw_all(Plot *plot, Error *err)
{
    Status status = report_collect(&plot->collection, &plot->spec, err);
    if (status == STATUS_OK) status = report_require(&plot->collection, &plot->spec, err);
    if (status == STATUS_OK) status = palette_init(&plot->palette, &plot->collection, err);
    if (status == STATUS_OK)
        status = compare_init(&plot->comparison, &plot->collection, 0, err);
    if (status == STATUS_OK) status = draw_returns(plot, err);
    if (status == STATUS_OK) status = report_normalise(&plot->collection, &plot->spec, err);
    if (status == STATUS_OK) report_warn(&plot->collection);
    if (status == STATUS_OK) status = draw_scores(plot, err);
    if (status != STATUS_OK || !plot->gallery.undrawn) return status;
    return error_set(err, STATUS_IO,
                     "gnuplot is not installed, so that '%s' has data and scripts but no "
                     "pictures; install the package gnuplot-nox and try again",
                     plot->gallery.folder);
}

static Status make_figures(const TextList *folders, const PlotArgs *args, Error *err)
{
    Plot plot = {0};
    Status status = read_args(&plot, args, err);
    if (status == STATUS_OK) status = report_folders(&plot.spec, folders, err);
    plot.collection.role = plot.spec.role;
    if (status == STATUS_OK) status = draw_all(&plot, err);
    compare_release(&plot.comparison);
    collect_release(&plot.collection);
    return status;
}

int cmd_plot(int argc, const char **argv)
{
    PlotArgs args = {0};
    const Option option[] = {
        {"out", OPTION_TEXT, &args.out, "DIR", "folder for the figures (figures)"},
        {"format", OPTION_TEXT, &args.format, "svg|pdf|png", "of the pictures (svg)"},
        {"role", OPTION_TEXT, &args.role, "target|tune|source|all", "members to show (target)"},
        {"method", OPTION_TEXT, &args.method, "LIST",
         "columns to show: methods, or method+label, at most 16 (all; methods only if more)"},
        {"policy", OPTION_TEXT, &args.policy, "deployed|network",
         "which policy's returns (deployed)"},
        {"metric", OPTION_TEXT, &args.metric, "NAME",
         "score of profile and probabilities: jumpstart, jumpstart5, early10, auc, final "
         "(auc)"},
        {"models", OPTION_TEXT, &args.models, "DIR",
         "models folder with the references (SUITE_MODELS, or our own)"},
        {"allow-mixed", OPTION_FLAG, &args.allow_mixed, NULL,
         "compare runs of several MuJoCo versions"},
    };
    CommandLine line = {argc,
                        argv,
                        "[DIR...] [options]",
                        "Draw figures of the finished runs in DIR (runs) by gnuplot.",
                        option,
                        sizeof option / sizeof option[0]};
    TextList folders = {0};
    Options *options;
    Error err = {0};
    bool helped;

    Status status = options_parse(&options, &line, &folders, &helped, &err);
    if (status == STATUS_OK && !helped) status = make_figures(&folders, &args, &err);
    options_free(options);
    return status == STATUS_OK ? EXIT_DONE : fail(&err);
}
