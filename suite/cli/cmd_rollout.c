/** @file
 * `suite rollout`: replay actions and print the physics, for checking it from outside.
 *
 * Layer: cli.
 */
#include <stdio.h>

#include "suite/cli/commands.h"
#include "suite/cli/options.h"
#include "suite/run/evaluate.h"
#include "suite/run/plan.h"
#include "suite/run/program.h"
#include "suite/run/registry.h"
#include "suite/run/rollout.h"

typedef struct RolloutArgs {
    const char *task, *member, *actions, *seed, *state, *models;
    TextList set, family;
    bool csv; // the only format there is; accepted because scripts like to say it
} RolloutArgs;

static Status require(const char *value, const char *name, Error *err)
{
    return value ? STATUS_OK : error_set(err, STATUS_USAGE, "--%s is missing", name);
}

// the family's settings, with its own defaults and those of the command line
static Status make_settings(Settings *settings, const MemberList *members,
                            const RolloutArgs *args, Error *err)
{
    const Method *method;
    Status status = method_find(&method, "scratch", err);
    if (status == STATUS_OK) status = settings_init(settings, members->family, method, err);
    if (status == STATUS_OK) status = settings_set_family(settings, members, err);
    for (int i = 0; status == STATUS_OK && i < args->set.count; i++) {
        Override o;
        status = override_parse(&o, args->set.text[i], err);
        if (status == STATUS_OK) status = settings_set(settings, o.key, o.value, err);
    }
    return status;
}

static Status replay(Env *env, const RolloutArgs *args, int seed, Error *err)
{
    const TaskFamily *family = env_family(env);
    ActionList actions = {0};
    RolloutState state = {0};
    Status status = actions_read(&actions, args->actions, family->action_count, err);
    if (status == STATUS_OK && args->state)
        status = rollout_state_read(&state, args->state, env, err);
    if (status == STATUS_OK) {
        RngStream rng =
            rng_stream(stream_key(family->name, args->member, seed), RNG_ROLLOUT, 0);
        status = rollout_write(stdout, env, &actions, args->state ? &state : NULL, rng, err);
    }
    rollout_state_release(&state);
    actions_release(&actions);
    return status;
}

// the members of a family, with those of the command line's files
static Status read_members(MemberList *members, const TaskFamily *family,
                           const RolloutArgs *args, Error *err)
{
    FamilyFiles files;
    Status status = family_files_read(&files, args->family.text, args->family.count, err);
    if (status == STATUS_OK) status = family_files_fit(&files, family, err);
    if (status == STATUS_OK)
        status = plan_read_members(members, family, program_models(args->models), err);
    if (status == STATUS_OK) status = family_files_add(&files, members, err);
    family_files_release(&files);
    return status;
}

static Status rollout(const RolloutArgs *args, int seed, Error *err)
{
    const char *models = program_models(args->models);
    const TaskFamily *family;
    MemberList members = {0};
    const Member *member = NULL;
    Settings settings = {0};
    Env *env = NULL;

    Status status = family_find(&family, args->task, err);
    if (status == STATUS_OK) status = read_members(&members, family, args, err);
    if (status == STATUS_OK) status = plan_find_member(&member, &members, args->member, err);
    if (status == STATUS_OK) status = make_settings(&settings, &members, args, err);
    if (status == STATUS_OK) status = env_new(&env, family, models, member, settings.task, err);
    if (status == STATUS_OK) status = replay(env, args, seed, err);
    env_free(env);
    settings_release(&settings);
    members_release(&members);
    return status;
}

int cmd_rollout(int argc, const char **argv)
{
    RolloutArgs args = {0};
    const Option option[] = {
        {"task", OPTION_TEXT, &args.task, "T", "family"},
        {"member", OPTION_TEXT, &args.member, "M", "member of the family"},
        {"actions", OPTION_TEXT, &args.actions, "FILE",
         "action indices, one a line; # comments"},
        {"seed", OPTION_TEXT, &args.seed, "S", "of a drawn start state (0)"},
        {"state", OPTION_TEXT, &args.state, "FILE",
         "start here instead: {\"qpos\": [], \"qvel\": [], \"qacc_warmstart\": []}"},
        {"set", OPTION_LIST, &args.set, "KEY=VALUE", "a setting of the family"},
        {"family", OPTION_LIST, &args.family, "FILE", "members of your own, from JSON"},
        {"models", OPTION_TEXT, &args.models, "DIR",
         "models folder (SUITE_MODELS, or our own)"},
        {"csv", OPTION_FLAG, &args.csv, NULL, "print CSV, which is what it always does"},
    };
    CommandLine line = {argc,
                        argv,
                        "--task T --member M --actions FILE [options]",
                        "Replay actions and print qpos, qvel, observation and reward of each "
                        "step in full precision.",
                        option,
                        sizeof option / sizeof option[0]};
    Options *options;
    Error err = {0};
    int seed = 0;
    bool helped;

    Status status = options_parse(&options, &line, NULL, &helped, &err);
    if (helped) {
        options_free(options);
        return EXIT_DONE;
    }
    if (status == STATUS_OK) status = require(args.task, "task", &err);
    if (status == STATUS_OK) status = require(args.member, "member", &err);
    if (status == STATUS_OK) status = require(args.actions, "actions", &err);
    if (status == STATUS_OK) status = option_int("seed", args.seed, 0, 1000000000, &seed, &err);
    if (status == STATUS_OK) status = rollout(&args, seed, &err);
    options_free(options);
    return status == STATUS_OK ? EXIT_DONE : fail(&err);
}
