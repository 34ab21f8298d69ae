/** @file
 * `suite view`: watch a policy in a window, saved or while it is trained, or drive by hand.
 *
 * Layer: cli.
 */
#include <stdio.h>
#include <string.h>

#include "suite/cli/commands.h"
#include "suite/cli/options.h"
#include "suite/core/file.h"
#include "suite/core/mem.h"
#include "suite/run/program.h"
#include "suite/run/registry.h"
#include "suite/view/viewer.h"

enum { SMALLEST = 200, LARGEST = 8192, MOST_FRAMES = 100000000, MOST_SEED = 1000000000 };
enum { MOST_WORDS = 32 + 2 * LIST_LENGTH + 2 * LIST_LENGTH };

typedef struct ViewArgs {
    const char *task, *member, *method, *seed, *out, *versus, *policy, *models, *size, *frames,
        *pictures, *starts, *steps;
    TextList set, family;
    bool live, drive, trace;
} ViewArgs;

// what was asked for, and what is to be released after it
typedef struct View {
    const ViewArgs *args;
    const char *models;
    ViewerSpec spec;
    FamilyFiles files;
    char folder[PATH_LENGTH];

    MemberList members; // of what is driven by hand
    Settings settings;
    PlayerSpec alone;

    Plan plan; // of what is trained
    Override set[LIST_LENGTH];
    const char *words[MOST_WORDS]; // of `suite run`
    int word_count;
    char seeds[32];
    Live *live;
} View;

static void view_release(View *view)
{
    live_free(view->live);
    plan_release(&view->plan);
    settings_release(&view->settings);
    members_release(&view->members);
    family_files_release(&view->files);
    mem_free(view);
}

// -- the words

static Status read_spec(View *view, Error *err)
{
    const ViewArgs *args = view->args;
    ViewerSpec *spec = &view->spec;
    EvalPolicy policy = POLICY_DEPLOYED;
    int size[] = {1200, 700};
    Status status = option_size("size", args->size, SMALLEST, LARGEST, size, err);
    *spec = (ViewerSpec){.width = size[0],
                         .height = size[1],
                         .pictures = args->pictures ? args->pictures : ".",
                         .trace = args->trace};
    if (status == STATUS_OK)
        status = option_int("frames", args->frames, 1, MOST_FRAMES, &spec->frames, err);
    if (status == STATUS_OK)
        status = option_int("starts", args->starts, 0, MOST_SEED, &spec->stage.seed, err);
    if (status == STATUS_OK) status = option_policy(args->policy, &policy, err);
    // found out now and not when the first picture is to be kept
    if (status == STATUS_OK && args->pictures) status = folder_make(args->pictures, err);
    spec->stage.source = (ActorSource){view->models, &view->files, policy};
    spec->stage.versus = args->versus;
    return status;
}

// what else --live, --drive and their options go with
static Status check_kind(const ViewArgs *args, Error *err)
{
    if (args->live && args->drive)
        return error_set(err, STATUS_USAGE, "--live and --drive exclude each other");
    if (args->versus && (args->live || args->drive))
        return error_set(err, STATUS_USAGE, "--versus compares saved runs");
    if (args->live && (!args->member || !args->method))
        return error_set(err, STATUS_USAGE, "--live takes --task, --member and --method");
    if (!args->live && (args->steps || args->set.count))
        return error_set(err, STATUS_USAGE, "--%s is for --live",
                         args->steps ? "steps" : "set");
    return STATUS_OK;
}

static Status check_words(const ViewArgs *args, const TextList *words, Error *err)
{
    bool named = args->task || args->member || args->method || args->seed;
    if (words->count > 1 || (words->count == 0 && !args->task))
        return error_set(err, STATUS_USAGE,
                         "name one run folder, or a task: suite view RUN, or suite view --task "
                         "reacher --method dqinit");
    if (words->count == 1 && named)
        return error_set(err, STATUS_USAGE, "'%s' says task, member, method and seed already",
                         words->text[0]);
    if (words->count == 1 && (args->live || args->drive))
        return error_set(err, STATUS_USAGE, "--%s takes --task and no run folder",
                         args->live ? "live" : "drive");
    return check_kind(args, err);
}

// -- a saved run

static Status find_saved(View *view, const TextList *words, Error *err)
{
    const ViewArgs *args = view->args;
    view->spec.stage.folder = view->folder;
    if (words->count == 1) return path_format(view->folder, err, "%s", words->text[0]);
    const TaskFamily *family;
    Status status = family_find(&family, args->task, err);
    if (status != STATUS_OK) return status;
    RosterWish wish = {args->out, family->name, args->member, args->method, args->seed};
    return roster_find(view->folder, &wish, err);
}

// -- by hand

static Status find_alone(View *view, Error *err)
{
    const TaskFamily *family;
    const Method *method;
    Status status = family_find(&family, view->args->task, err);
    if (status == STATUS_OK) status = family_files_fit(&view->files, family, err);
    if (status == STATUS_OK)
        status = plan_read_members(&view->members, family, view->models, err);
    if (status == STATUS_OK) status = family_files_add(&view->files, &view->members, err);
    if (status == STATUS_OK) status = method_find(&method, "scratch", err);
    if (status == STATUS_OK) status = settings_init(&view->settings, family, method, err);
    if (status == STATUS_OK) status = settings_set_family(&view->settings, &view->members, err);
    if (status != STATUS_OK) return status;
    view->alone = (PlayerSpec){.family = family,
                               .settings = view->settings.task,
                               .models = view->models,
                               .seed = view->spec.stage.seed};
    view->spec.stage.alone = &view->alone;
    const char *name = view->args->member ? view->args->member : "base";
    return plan_find_member(&view->alone.member, &view->members, name, err);
}

// -- while it is trained

static void add_word(View *view, const char *name, const char *value)
{
    if (!value) return;
    view->words[view->word_count++] = name;
    view->words[view->word_count++] = value;
}

// the command that makes the run
static void choose_words(View *view)
{
    const ViewArgs *args = view->args;
    view->words[view->word_count++] = "suite";
    view->words[view->word_count++] = "run";
    view->words[view->word_count++] = "--quiet";
    add_word(view, "--task", args->task);
    add_word(view, "--member", args->member);
    add_word(view, "--method", args->method);
    add_word(view, "--seeds", view->seeds);
    add_word(view, "--out", args->out);
    add_word(view, "--models", view->models);
    add_word(view, "--steps", args->steps);
    for (int i = 0; i < args->set.count; i++)
        add_word(view, "--set", args->set.text[i]);
    for (int i = 0; i < args->family.count; i++)
        add_word(view, "--family", args->family.text[i]);
}

static Status read_settings(View *view, int *count, Error *err)
{
    const ViewArgs *args = view->args;
    Status status = STATUS_OK;
    *count = 0;
    if (args->steps) {
        Text text = TEXT_INIT;
        text_printf(&text, "run.steps=%s", args->steps);
        status = override_parse(&view->set[(*count)++], text.data, err);
        text_release(&text);
    }
    for (int i = 0; status == STATUS_OK && i < args->set.count; i++) {
        if (*count == LIST_LENGTH)
            return error_set(err, STATUS_USAGE, "more than %d settings", LIST_LENGTH);
        status = override_parse(&view->set[(*count)++], args->set.text[i], err);
    }
    return status;
}

static Status make_plan(View *view, Error *err)
{
    int count, seed = 0;
    Status status = option_int("seed", view->args->seed, 0, MOST_SEED, &seed, err);
    if (status == STATUS_OK) status = read_settings(view, &count, err);
    if (status != STATUS_OK) return status;
    (void)snprintf(view->seeds, sizeof view->seeds, "%d-%d", seed, seed);
    Request request = {.models = view->models,
                       .out = view->args->out,
                       .tasks = view->args->task,
                       .members = view->args->member,
                       .methods = view->args->method,
                       .seeds = view->seeds,
                       .label = "",
                       .set = view->set,
                       .set_count = count,
                       .files = &view->files};
    status = plan_make(&view->plan, &request, err);
    if (status != STATUS_OK || view->plan.count - view->plan.source_count == 1) return status;
    return error_set(err, STATUS_USAGE, "--live shows one run: one task, member and method");
}

static Status begin_live(View *view, Error *err)
{
    Status status = make_plan(view, err);
    if (status != STATUS_OK) return status;
    choose_words(view);
    LiveSpec spec = {&view->plan, view->models, view->args->out, "/proc/self/exe", view->words};
    status = live_new(&view->live, &spec, err);
    view->spec.stage.live = view->live;
    return status;
}

// -- all of it

static Status watch(View *view, const TextList *words, Error *err)
{
    const ViewArgs *args = view->args;
    Status status = check_words(args, words, err);
    if (status == STATUS_OK) status = read_spec(view, err);
    if (status == STATUS_OK)
        status = family_files_read(&view->files, args->family.text, args->family.count, err);
    if (status != STATUS_OK) return status;
    if (args->live)
        status = begin_live(view, err);
    else
        status = args->drive ? find_alone(view, err) : find_saved(view, words, err);
    return status == STATUS_OK ? viewer_run(&view->spec, err) : status;
}

int cmd_view(int argc, const char **argv)
{
    ViewArgs args = {.out = "runs"};
    const Option option[] = {
        {"task", OPTION_TEXT, &args.task, "NAME", "instead of RUN: the family"},
        {"member", OPTION_TEXT, &args.member, "NAME", "the member (the first there is)"},
        {"method", OPTION_TEXT, &args.method, "NAME", "the method (the first there is)"},
        {"seed", OPTION_TEXT, &args.seed, "S", "the seed (the first there is; 0 for --live)"},
        {"out", OPTION_TEXT, &args.out, "DIR", "results folder that it is in (runs)"},
        {"versus", OPTION_TEXT, &args.versus, "METHOD",
         "beside it, from the same starts, another method's run on the same member and seed"},
        {"live", OPTION_FLAG, &args.live, NULL,
         "train it, as `suite run` does, and show it meanwhile"},
        {"steps", OPTION_TEXT, &args.steps, "N", "of --live: its budget (the family's)"},
        {"set", OPTION_LIST, &args.set, "KEY=VALUE", "of --live: a setting"},
        {"drive", OPTION_FLAG, &args.drive, NULL, "no policy: drive by the keyboard"},
        {"starts", OPTION_TEXT, &args.starts, "S", "seed of the start states (0)"},
        {"policy", OPTION_TEXT, &args.policy, "NAME",
         "deployed, what the method acts by (the default), or network, its network alone"},
        {"size", OPTION_TEXT, &args.size, "WxH", "of the window at first (1200x700)"},
        {"pictures", OPTION_TEXT, &args.pictures, "DIR", "folder for pictures and movies (.)"},
        {"frames", OPTION_TEXT, &args.frames, "N", "end after N frames (when it is closed)"},
        {"trace", OPTION_FLAG, &args.trace, NULL, "print a line for every change"},
        {"models", OPTION_TEXT, &args.models, "DIR",
         "models folder (SUITE_MODELS, or our own)"},
        {"family", OPTION_LIST, &args.family, "FILE", "members of your own"},
    };
    CommandLine line = {
        argc,
        argv,
        "RUN [options], or --task NAME [options]",
        "Watch what a run deployed in a window, with panels that show why it "
        "acts. F1 in the window\nlists the keys. Without a display: suite record.",
        option,
        sizeof option / sizeof option[0]};
    TextList words = {0};
    Options *options;
    Error err = {0};
    bool helped;
    View *view = mem_array(1, sizeof *view);
    if (!view) return EXIT_FAILED;
    view->args = &args;

    Status status = options_parse(&options, &line, &words, &helped, &err);
    view->models = program_models(args.models);
    if (status == STATUS_OK && !helped) status = watch(view, &words, &err);
    view_release(view);
    options_free(options);
    return status == STATUS_OK ? EXIT_DONE : fail(&err);
}
