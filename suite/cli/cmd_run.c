/** @file
 * `suite run`: the main job. Trains sources and targets and ends with their comparison.
 *
 * Layer: cli.
 */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "results/record.h"
#include "suite/cli/commands.h"
#include "suite/cli/health.h"
#include "suite/cli/options.h"
#include "suite/cli/report.h"
#include "suite/core/json.h"
#include "suite/core/log.h"
#include "suite/run/cost.h"
#include "suite/run/execute.h"
#include "suite/run/interrupt.h"
#include "suite/run/program.h"

enum { MOST_OVERRIDES = 256, MOST_WORKERS = 1024 };

typedef struct RunArgs {
    const char *task, *member, *method, *seeds, *label, *steps, *jobs, *out, *models, *config,
        *source_seed, *experiment;
    TextList set, family;
    bool fresh, dry_run, quiet, json, allow_mixed;
    CommandLine line; // as it was typed
} RunArgs;

// -- settings of the command line, lowest precedence first

typedef struct Overrides {
    Override row[MOST_OVERRIDES];
    int count;
} Overrides;

static Status add_override(Overrides *all, const char *key, const char *value, Error *err)
{
    if (all->count == MOST_OVERRIDES)
        return error_set(err, STATUS_USAGE, "more than %d settings", MOST_OVERRIDES);
    Override *o = &all->row[all->count++];
    if (strlen(key) >= sizeof o->key || strlen(value) >= sizeof o->value)
        return error_set(err, STATUS_USAGE, "setting '%.40s' is too long", key);
    (void)snprintf(o->key, sizeof o->key, "%s", key);
    (void)snprintf(o->value, sizeof o->value, "%s", value);
    return STATUS_OK;
}

// a configuration file is one flat object of settings
static Status read_config(Overrides *all, const char *path, Error *err)
{
    Json *json;
    Status status = json_read(&json, path, err);
    if (status != STATUS_OK) return status;
    if (!json_is_object(json_root(json)))
        status = json_refuse(json, json_root(json), err, "must be an object of settings");

    const JsonNode *node = status == STATUS_OK ? json_first(json_root(json)) : NULL;
    for (; status == STATUS_OK && node; node = json_next(node)) {
        char value[VALUE_LENGTH];
        if (!json_as_text(node, value, sizeof value))
            status = json_refuse(json, node, err,
                                 "'%s' must be a short string, a finite number or a bool",
                                 json_key(node));
        if (status == STATUS_OK) status = add_override(all, json_key(node), value, err);
    }
    json_free(json);
    return status;
}

static Status gather_overrides(Overrides *all, const RunArgs *args, Error *err)
{
    Status status = args->config ? read_config(all, args->config, err) : STATUS_OK;
    if (status == STATUS_OK && args->steps)
        status = add_override(all, "run.steps", args->steps, err);
    if (status == STATUS_OK && args->source_seed)
        status = add_override(all, "source.seed", args->source_seed, err);
    for (int i = 0; status == STATUS_OK && i < args->set.count; i++) {
        Override o;
        status = override_parse(&o, args->set.text[i], err);
        if (status == STATUS_OK) status = add_override(all, o.key, o.value, err);
    }
    return status;
}

// -- progress

static double final_return(const Run *run)
{
    EvalCurve curve;
    double value = 0.0;
    if (eval_curve_read(&curve, run->folder, NULL) == STATUS_OK)
        for (int i = 0; i < curve.count; i++)
            if (curve.row[i].policy == POLICY_DEPLOYED) value = curve.row[i].mean;
    eval_curve_release(&curve);
    return value;
}

typedef struct Progress {
    double began_s;
    double done, all; // estimated seconds of the runs that ended, and of all to be made
} Progress;

// what is left at the speed so far
static void print_left(const Progress *p, char *text, size_t size)
{
    double spent = clock_wall_s() - p->began_s;
    double left = spent * (p->all - p->done) / p->done;
    int seconds = (int)fmax(0.0, fmin(left, 1e7)); // damaged runs are made beside those planned
    (void)snprintf(text, size, "%d:%02d:%02d left", seconds / 3600, seconds / 60 % 60,
                   seconds % 60);
}

static void show_progress(void *context, const Run *run, const RunOutcome *outcome)
{
    Progress *p = context;
    char column[2 * LABEL_LENGTH], left[32];
    if (outcome->status == STATUS_INTERRUPTED) return;
    p->done += cost_run(run);
    run_column(run, column);
    print_left(p, left, sizeof left);
    if (outcome->status != STATUS_OK)
        log_error("%s failed: %s", run->folder, outcome->why);
    else
        log_progress("[%d/%d] %s/%s %s seed %d: return %.4g at the end; %s", outcome->finished,
                     outcome->count, run->members->family->name, run->member->name, column,
                     run->seed, final_return(run), left);
}

// -- the plan, the work, the summary

static const char *state_of(const Run *run)
{
    return run->is_done ? "done" : "to do";
}

static Status print_json(const Plan *plan, Error *err)
{
    Json *json;
    Text text = TEXT_INIT;
    Status status = json_new(&json, err);
    if (status != STATUS_OK) return status;

    JsonNode *root = json_root(json);
    json_put_number(json, root, "steps_to_do", (double)plan_steps_to_do(plan));
    json_put_number(json, root, "estimated_cpu_s", cost_plan(plan, 1).cpu_s);
    JsonNode *runs = json_put_array(json, root, "runs");
    for (int i = 0; i < plan->count; i++) {
        const Run *run = &plan->run[i];
        JsonNode *node = json_put_object(json, runs, NULL);
        json_put_string(json, node, "folder", run->folder);
        json_put_number(json, node, "steps", run->settings.run.steps);
        json_put_string(json, node, "settings_hash", run->settings_hash);
        json_put_bool(json, node, "done", run->is_done);
    }
    status = json_print(json, &text, err);
    if (status == STATUS_OK) (void)fputs(text.data, stdout);
    text_release(&text);
    json_free(json);
    return status;
}

static void print_plan(const Plan *plan, int workers)
{
    const double hour = 3600.0, minute = 60.0; // s
    PlanCost cost = cost_plan(plan, workers);
    for (int i = 0; i < plan->count; i++)
        (void)printf("%-5s  %9d steps  %s\n", state_of(&plan->run[i]),
                     plan->run[i].settings.run.steps, plan->run[i].folder);
    (void)printf("%d runs, %d of them sources; %d to do with %.4g million steps\n", plan->count,
                 plan->source_count, plan_runs_to_do(plan),
                 (double)plan_steps_to_do(plan) / 1e6);
    // minutes where hours would be hundredths
    bool is_short = cost.wall_s < hour;
    double unit = is_short ? minute : hour;
    (void)printf("roughly %.3g %s with %d worker%s, each with a core of its own "
                 "(%.3g of CPU time), on the machine of README's figures\n",
                 cost.wall_s / unit, is_short ? "minutes" : "hours", workers,
                 workers == 1 ? "" : "s", cost.cpu_s / unit);
}

static Status summarise(const Plan *plan, const RunArgs *args, Error *err)
{
    if (args->json) return print_json(plan, err);
    ReportSpec spec = {.plan = plan, .form = REPORT_SUMMARY, .allow_mixed = args->allow_mixed};
    Status status = report_metrics(&spec, "early10,auc", err);
    if (status == STATUS_OK) status = report_print(&spec, err);
    if (status == STATUS_OK) status = health_print(plan, err);
    return status;
}

// a word as a shell reads it back
static void print_quoted(Text *text, const char *word)
{
    static const char plain[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=.,/:@%";
    if (*word && strspn(word, plain) == strlen(word)) {
        text_printf(text, " %s", word);
        return;
    }
    text_printf(text, " '");
    for (; *word; word++) {
        if (*word == '\'')
            text_printf(text,
                        "'\\''"); // a quote ends the quoting, stands alone, begins it anew
        else
            text_printf(text, "%c", *word);
    }
    text_printf(text, "'");
}

// the command that goes on; --fresh would begin again
static int say_how_to_go_on(const Error *err, const RunArgs *args)
{
    Text command = TEXT_INIT;
    for (int i = 1; i < args->line.argc; i++)
        if (strcmp(args->line.argv[i], "--fresh") != 0)
            print_quoted(&command, args->line.argv[i]);
    log_error("%s; finished runs are kept, go on with: %s run%s", err->message,
              program_invocation_name, command.data);
    text_release(&command);
    return EXIT_SIGNAL + interrupt_pending();
}

static int execute(Plan *plan, const RunArgs *args, int workers)
{
    Error err = {0};
    Progress progress = {.began_s = clock_wall_s(), .all = cost_plan(plan, workers).cpu_s};
    Execution x = {.plan = plan,
                   .models = program_models(args->models),
                   .out = args->out,
                   .workers = workers,
                   .fresh = args->fresh,
                   .context = &progress,
                   .ended = show_progress};

    Status status = plan_execute(&x, &err);
    if (x.begun)
        log_note("%d runs made, %d failed, %d were done before", x.made, x.failed, x.skipped);
    if (status == STATUS_INTERRUPTED) return say_how_to_go_on(&err, args);
    if (status != STATUS_OK) {
        (void)fail(&err);
        return x.begun ? EXIT_FAILED : EXIT_USAGE;
    }
    bool any = x.made + x.skipped > 0;
    if (any) status = summarise(plan, args, &err);
    if (x.failed)
        log_error("%d of %d runs failed; the same command tries them again", x.failed,
                  plan->count);
    if (status != STATUS_OK) (void)fail(&err);
    return x.failed || status != STATUS_OK ? EXIT_FAILED : EXIT_DONE;
}

static Status check_words(const RunArgs *args, Error *err)
{
    if (args->experiment && args->label)
        return error_set(
            err, STATUS_USAGE,
            "--label cannot be given with --experiment, whose rows have their own");
    if (args->experiment) return STATUS_OK;
    if (!args->task && !args->family.count)
        return error_set(err, STATUS_USAGE, "--task is missing, such as --task reacher");
    if (!args->method)
        return error_set(err, STATUS_USAGE,
                         "--method is missing, such as --method dqinit,scratch");
    return STATUS_OK;
}

static Status read_experiment(Experiment *out, char path[PATH_LENGTH], const RunArgs *args,
                              Error *err)
{
    if (!args->experiment) return STATUS_OK;
    Status status = experiment_find(path, args->experiment, program_results(), err);
    return status == STATUS_OK ? experiment_read(out, path, err) : status;
}

// what the words leave out; an experiment says it itself
static const char *or_default(const RunArgs *args, const char *word, const char *by_default)
{
    return word || args->experiment ? word : by_default;
}

static Status make_plan(Plan *plan, const RunArgs *args, Error *err)
{
    char path[PATH_LENGTH];
    Overrides overrides = {0};
    Experiment experiment = {0};
    FamilyFiles files = {0};
    Status status = gather_overrides(&overrides, args, err);
    if (status == STATUS_OK) status = read_experiment(&experiment, path, args, err);
    if (status == STATUS_OK)
        status = family_files_read(&files, args->family.text, args->family.count, err);
    if (status == STATUS_OK) {
        Request request = {.models = program_models(args->models),
                           .out = args->out,
                           .tasks = args->task,
                           .members = or_default(args, args->member, "targets"),
                           .methods = args->method,
                           .seeds = or_default(args, args->seeds, "10"),
                           .label = args->label ? args->label : "",
                           .set = overrides.row,
                           .set_count = overrides.count,
                           .files = &files,
                           .with_references = true,
                           .fresh = args->fresh,
                           .experiment = args->experiment ? &experiment : NULL};
        status = plan_make(plan, &request, err);
    }
    family_files_release(&files);
    experiment_release(&experiment);
    return status;
}

static int run(RunArgs *args)
{
    Error err = {0};
    Plan plan = {0};
    int workers = program_cores(), code = EXIT_DONE;
    if (!args->out) args->out = "runs";
    log_set_quiet(args->quiet);

    Status status = check_words(args, &err);
    if (status == STATUS_OK)
        status = option_int("jobs", args->jobs, 1, MOST_WORKERS, &workers, &err);
    if (status == STATUS_OK) status = make_plan(&plan, args, &err);
    if (status == STATUS_OK && args->dry_run && args->json) status = print_json(&plan, &err);
    if (status != STATUS_OK)
        code = fail(&err);
    else if (!args->dry_run)
        code = execute(&plan, args, workers);
    else if (!args->json)
        print_plan(&plan, workers);
    plan_release(&plan);
    return code;
}

int cmd_run(int argc, const char **argv)
{
    RunArgs args = {0};
    const Option option[] = {
        {"task", OPTION_TEXT, &args.task, "LIST", "families, or all (those of --family)"},
        {"method", OPTION_TEXT, &args.method, "LIST", "methods, or all"},
        {"seeds", OPTION_TEXT, &args.seeds, "SEEDS", "a count, a range 3-7 or a list 1,4 (10)"},
        {"member", OPTION_TEXT, &args.member, "LIST",
         "members, or targets, tune, sources, all (targets)"},
        {"experiment", OPTION_TEXT, &args.experiment, "FILE|NAME",
         "the rows of a JSON file, or of results/NAME.json; --task, --member, --method and "
         "--seeds leave only what they name"},
        {"label", OPTION_TEXT, &args.label, "NAME", "a variant's own folder and column (none)"},
        {"steps", OPTION_TEXT, &args.steps, "N", "budget of a run (the family's)"},
        {"jobs", OPTION_TEXT, &args.jobs, "J", "workers (usable cores)"},
        {"out", OPTION_TEXT, &args.out, "DIR", "results folder (runs)"},
        {"set", OPTION_LIST, &args.set, "KEY=VALUE", "a setting; `suite list settings`"},
        {"family", OPTION_LIST, &args.family, "FILE",
         "members of your own, from JSON; sources among them change what methods learn from"},
        {"config", OPTION_TEXT, &args.config, "FILE", "settings from a JSON object"},
        {"source-seed", OPTION_TEXT, &args.source_seed, "S", "which set of sources (0)"},
        {"models", OPTION_TEXT, &args.models, "DIR",
         "models folder (SUITE_MODELS, or our own)"},
        {"fresh", OPTION_FLAG, &args.fresh, NULL, "make these runs again from nothing"},
        {"dry-run", OPTION_FLAG, &args.dry_run, NULL, "print the plan and its cost"},
        {"quiet", OPTION_FLAG, &args.quiet, NULL, "no progress, no warnings"},
        {"json", OPTION_FLAG, &args.json, NULL, "end with the plan's runs as JSON"},
        {"allow-mixed", OPTION_FLAG, &args.allow_mixed, NULL,
         "compare runs of several MuJoCo versions"},
    };
    CommandLine line = {argc,
                        argv,
                        "(--task LIST | --family FILE) --method LIST [options], or "
                        "--experiment FILE|NAME [options]",
                        "Train methods on tasks over seeds, sources first, and compare them. "
                        "The same command again goes on where it stopped.",
                        option,
                        sizeof option / sizeof option[0]};
    Options *options;
    Error err = {0};
    bool helped;
    int code = EXIT_DONE;

    Status status = options_parse(&options, &line, NULL, &helped, &err);
    if (status != STATUS_OK) {
        code = fail(&err);
    } else if (!helped) {
        args.line = line;
        code = run(&args);
    }
    options_free(options);
    return code;
}
