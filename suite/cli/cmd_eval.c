/** @file
 * `suite eval RUN`: greedy evaluation of what a run deployed on start states of its own.
 *
 * Layer: cli.
 */
#include <stdio.h>
#include <string.h>

#include "results/curve.h"
#include "suite/cli/commands.h"
#include "suite/cli/options.h"
#include "suite/core/json.h"
#include "suite/core/mem.h"
#include "suite/env/env.h"
#include "suite/run/deployed.h"
#include "suite/run/evaluate.h"
#include "suite/run/program.h"
#include "suite/run/saved.h"

typedef struct EvalArgs {
    const char *episodes, *seed, *models, *policy;
    TextList family;
    bool json;
} EvalArgs;

// what is to be played, and how
typedef struct Evaluation {
    EvalPolicy policy;
    int episodes, seed;
} Evaluation;

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
    json_put_string(json, root, "policy", policy_name(row->policy));
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

// play the run's policy, into a curve of one row
static Status play(EvalCurve *curve, const SavedRun *run, DeployedRun *deployed, Env *env,
                   const Evaluation *what, Error *err)
{
    double *returns = mem_array((size_t)what->episodes, sizeof *returns);
    if (!returns) return error_nomem(err);
    EvalStarts starts = {stream_key(run->members.family->name, run->member->name, what->seed),
                         SERIES_FRESH, what->episodes};
    EvalSample sample = evaluate(env, agent_deployed, deployed->agent, starts, returns);
    eval_curve_add(curve, 0, what->policy, &sample);
    mem_free(returns);
    return STATUS_OK;
}

// what the run deployed may need files that are gone; its network never does
static Status deploy(DeployedRun *deployed, const SavedRun *run, const char *folder,
                     EvalPolicy policy, Error *err)
{
    DeployedRun alone;
    Error unsaid = {0};
    Status status = deployed_init(deployed, run, folder, policy, err);
    if (policy == POLICY_NETWORK || status == STATUS_OK) return status;

    Status otherwise = deployed_init(&alone, run, folder, POLICY_NETWORK, &unsaid);
    deployed_release(&alone);
    if (otherwise != STATUS_OK) return status;
    return error_wrap(err, status,
                      "cannot act as '%s' did (--policy network evaluates its network alone)",
                      folder);
}

static Status evaluate_saved(const SavedRun *run, const char *folder, const EvalArgs *args,
                             const Evaluation *what, Error *err)
{
    DeployedRun deployed;
    Env *env = NULL;
    EvalCurve curve = {0};
    Status status = deploy(&deployed, run, folder, what->policy, err);
    if (status == STATUS_OK) status = eval_curve_init(&curve, 1, what->episodes, err);
    if (status == STATUS_OK)
        status = env_new(&env, run->members.family, program_models(args->models), run->member,
                         run->settings.task, err);
    if (status == STATUS_OK) status = check_model(run, env, folder, err);
    if (status == STATUS_OK) status = play(&curve, run, &deployed, env, what, err);
    if (status == STATUS_OK)
        status = args->json ? print_json(&curve.row[0], folder, err)
                            : print_text(&curve.row[0], folder);
    env_free(env);
    eval_curve_release(&curve);
    deployed_release(&deployed);
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

static Status read_evaluation(Evaluation *out, const EvalArgs *args, const TextList *words,
                              Error *err)
{
    *out = (Evaluation){.episodes = 20};
    if (words->count != 1)
        return error_set(err, STATUS_USAGE, "name one run folder: suite eval RUN");
    Status status = option_policy(args->policy, &out->policy, err);
    if (status == STATUS_OK)
        status = option_int("episodes", args->episodes, 1, 1000, &out->episodes, err);
    if (status == STATUS_OK)
        status = option_int("seed", args->seed, 0, 1000000000, &out->seed, err);
    return status;
}

int cmd_eval(int argc, const char **argv)
{
    EvalArgs args = {0};
    const Option option[] = {
        {"policy", OPTION_TEXT, &args.policy, "NAME",
         "deployed, what the method acts by (the default), or network, its network alone"},
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
        "Evaluate what the run in the folder RUN deployed, greedily. That is its network or,\n"
        "where its method acts otherwise, the network, what the method had come to, and the\n"
        "sources and the knowledge in the results folder around RUN.",
        option,
        sizeof option / sizeof option[0]};
    TextList words = {0};
    Options *options;
    Evaluation what = {0};
    SavedRun run = {0};
    Error err = {0};
    bool helped;

    Status status = options_parse(&options, &line, &words, &helped, &err);
    if (status == STATUS_OK && !helped) status = read_evaluation(&what, &args, &words, &err);
    if (status == STATUS_OK && !helped) status = read_run(&run, words.text[0], &args, &err);
    if (status == STATUS_OK && !helped)
        status = evaluate_saved(&run, words.text[0], &args, &what, &err);
    saved_run_release(&run);
    options_free(options);
    return status == STATUS_OK ? EXIT_DONE : fail(&err);
}
