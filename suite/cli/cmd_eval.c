/** @file
 * `suite eval RUN`: greedy evaluation of a saved network on start states of its own.
 *
 * Layer: cli.
 */
#include <stdio.h>
#include <string.h>

#include "results/curve.h"
#include "suite/cli/commands.h"
#include "suite/cli/options.h"
#include "suite/core/json.h"
#include "suite/core/log.h"
#include "suite/core/mem.h"
#include "suite/env/env.h"
#include "suite/run/evaluate.h"
#include "suite/run/program.h"
#include "suite/run/saved.h"

typedef struct EvalArgs {
    const char *episodes, *seed, *models;
    TextList family;
    bool json;
} EvalArgs;

typedef struct SavedPolicy {
    const Network *net;
    Workspace work;
} SavedPolicy;

static int saved_action(void *policy, const Sight *sight)
{
    SavedPolicy *p = policy;
    return network_best(p->net, &p->work, sight->features);
}

static Status print_text(const EvalRow *row, const char *folder)
{
    (void)printf("%s\n", folder);
    (void)printf("return  %.6g (standard deviation %.3g, from %.6g to %.6g)\n", row->mean,
                 row->std, row->min, row->max);
    (void)printf("length  %.6g control steps\n", row->length);
    (void)printf("over    %d episodes, %d of them diverged\n", row->episodes, row->diverged);
    return STATUS_OK;
}

static Status print_json(const EvalRow *row, const char *folder, Error *err)
{
    Json *json;
    Text text = TEXT_INIT;
    Status status = json_new(&json, err);
    if (status != STATUS_OK) return status;
    JsonNode *root = json_root(json);
    json_put_string(json, root, "run", folder);
    json_put_number(json, root, "episodes", row->episodes);
    json_put_number(json, root, "mean", row->mean);
    json_put_number(json, root, "std", row->std);
    json_put_number(json, root, "min", row->min);
    json_put_number(json, root, "max", row->max);
    json_put_number(json, root, "length", row->length);
    json_put_number(json, root, "diverged", row->diverged);
    JsonNode *returns = json_put_array(json, root, "returns");
    for (int i = 0; i < row->episodes; i++)
        json_put_number(json, returns, NULL, row->returns[i]);
    status = json_print(json, &text, err);
    if (status == STATUS_OK) (void)fputs(text.data, stdout);
    text_release(&text);
    json_free(json);
    return status;
}

// returns in another physics than the one trained in would be taken for the policy's own
static Status check_model(const SavedRun *run, const Env *env, const char *folder, Error *err)
{
    char hash[HASH_TEXT];
    hash_format(env_model_hash(env), hash);
    if (strcmp(hash, run->record.model_hash) == 0) return STATUS_OK;
    return error_set(err, STATUS_MISMATCH,
                     "'%s' was trained on another model of '%s' than the one here", folder,
                     run->record.family);
}

// what is saved is the network, which some methods do not act by alone
static void note_other_policy(const char *folder)
{
    EvalCurve curve;
    bool other = false;
    if (eval_curve_read(&curve, folder, NULL) == STATUS_OK)
        for (int i = 0; i < curve.count; i++)
            other = other || curve.row[i].policy == POLICY_NETWORK;
    if (other)
        log_note("'%s' deployed another policy than its network; the saved network alone is "
                 "evaluated",
                 folder);
    eval_curve_release(&curve);
}

static Status evaluate_saved(SavedRun *run, const char *folder, const EvalArgs *args,
                             int episodes, int seed, Error *err)
{
    const TaskFamily *family = run->members.family;
    SavedPolicy policy = {.net = &run->policy.network};
    Env *env = NULL;
    EvalCurve curve = {0};
    double *returns = mem_array((size_t)episodes, sizeof *returns);
    Status status = returns ? STATUS_OK : error_nomem(err);
    if (status == STATUS_OK) status = eval_curve_init(&curve, 1, episodes, err);
    if (status == STATUS_OK) status = workspace_init(&policy.work, policy.net, 1, err);
    if (status == STATUS_OK)
        status = env_new(&env, family, program_models(args->models), run->member,
                         run->settings.task, err);
    if (status == STATUS_OK) status = check_model(run, env, folder, err);
    if (status == STATUS_OK) {
        note_other_policy(folder);
        EvalStarts starts = {stream_key(family->name, run->member->name, seed), SERIES_FRESH,
                             episodes};
        EvalSample sample = evaluate(env, saved_action, &policy, starts, returns);
        eval_curve_add(&curve, 0, POLICY_DEPLOYED, &sample);
        status = args->json ? print_json(&curve.row[0], folder, err)
                            : print_text(&curve.row[0], folder);
    }
    env_free(env);
    workspace_release(&policy.work);
    eval_curve_release(&curve);
    mem_free(returns);
    return status;
}

static Status read_run(SavedRun *run, const char *folder, const EvalArgs *args, Error *err)
{
    FamilyFiles files;
    Status status = family_files_read(&files, args->family.text, args->family.count, err);
    if (status == STATUS_OK)
        status = saved_run_read(run, folder, program_models(args->models), &files, err);
    family_files_release(&files);
    return status;
}

int cmd_eval(int argc, const char **argv)
{
    EvalArgs args = {0};
    const Option option[] = {
        {"episodes", OPTION_TEXT, &args.episodes, "N", "episodes to play (20)"},
        {"seed", OPTION_TEXT, &args.seed, "S", "of the start states (0)"},
        {"models", OPTION_TEXT, &args.models, "DIR",
         "models folder (SUITE_MODELS, or our own)"},
        {"family", OPTION_LIST, &args.family, "FILE",
         "members of your own, to check the run's against (it has its own copy)"},
        {"json", OPTION_FLAG, &args.json, NULL, "print JSON, with every return"},
    };
    CommandLine line = {
        argc,
        argv,
        "RUN [options]",
        "Evaluate the network saved in the run folder RUN, greedily, also where "
        "the run deployed\nanother policy (`network` in evals.csv).",
        option,
        sizeof option / sizeof option[0]};
    TextList words = {0};
    Options *options;
    SavedRun run = {0};
    Error err = {0};
    int episodes = 20, seed = 0;
    bool helped;

    Status status = options_parse(&options, &line, &words, &helped, &err);
    if (status == STATUS_OK && !helped && words.count != 1)
        status = error_set(&err, STATUS_USAGE, "name one run folder: suite eval RUN");
    if (status == STATUS_OK && !helped)
        status = option_int("episodes", args.episodes, 1, 1000, &episodes, &err);
    if (status == STATUS_OK && !helped)
        status = option_int("seed", args.seed, 0, 1000000000, &seed, &err);
    if (status == STATUS_OK && !helped) status = read_run(&run, words.text[0], &args, &err);
    if (status == STATUS_OK && !helped)
        status = evaluate_saved(&run, words.text[0], &args, episodes, seed, &err);
    saved_run_release(&run);
    options_free(options);
    return status == STATUS_OK ? EXIT_DONE : fail(&err);
}
