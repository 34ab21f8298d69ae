/** @file
 * The program: sets up what is process-wide once, then hands over to a command.
 *
 * Layer: cli.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "agents/kernel.h"
#include "suite/cli/commands.h"
#include "suite/core/log.h"
#include "suite/core/mem.h"
#include "suite/core/text.h"
#include "suite/env/physics.h"
#include "suite/run/interrupt.h"
#include "suite/run/pool.h"
#include "suite/run/program.h"
#include "suite/run/registry.h"

static const struct {
    const char *name;
    Command command;
    const char *summary;
} commands[] = {
    {"bench", cmd_bench, "measure speed, each figure beside its floor"},
    {"claim", cmd_claim, "test one method against its rivals"},
    {"doctor", cmd_doctor, "say what this installation is made of and test it"},
    {"eval", cmd_eval, "evaluate a saved policy"},
    {"export", cmd_export, "give finished runs to pandas, TensorBoard, rliable or rl-zoo"},
    {"list", cmd_list, "list tasks, members, methods or settings"},
    {"pack", cmd_pack, "put the records of finished runs into a few small files"},
    {"plot", cmd_plot, "draw figures of finished runs"},
    {"record", cmd_record, "film a saved policy without a display"},
    {"reference", cmd_reference, "make or check what returns are normalised by"},
    {"report", cmd_report, "write up an experiment from its records"},
    {"rollout", cmd_rollout, "replay a sequence of actions and print the physics"},
    {"run", cmd_run, "train methods on tasks over seeds and compare them"},
    {"table", cmd_table, "print the comparison tables of finished runs"},
    {"view", cmd_view, "watch a policy in a window, saved or while it is trained"},
};

enum { COMMANDS = sizeof commands / sizeof commands[0] };

// MuJoCo's state is undefined after a fatal error of its own, so the process ends here; in a
// worker that is one run
static void physics_failed(const char *message)
{
    pool_last_words(STATUS_PHYSICS, message);
    log_error("MuJoCo: %s", message);
    _exit(EXIT_FAILED);
}

int fail(const Error *err)
{
    log_error("%s", err->message);
    switch (err->status) {
    case STATUS_USAGE:
    case STATUS_MISSING:
    case STATUS_MISMATCH:
    case STATUS_PARSE:
    case STATUS_RANGE:
        return EXIT_USAGE;
    case STATUS_INTERRUPTED:
        return EXIT_SIGNAL + interrupt_pending();
    default:
        return EXIT_FAILED;
    }
}

static void print_help(FILE *to)
{
    (void)fprintf(to,
                  "suite %s: which way of reusing what an agent learned helps most on the "
                  "next task?\n\nUsage: suite COMMAND [options]\n\n",
                  program_version());
    for (int i = 0; i < COMMANDS; i++)
        (void)fprintf(to, "  %-9s  %s\n", commands[i].name, commands[i].summary);
    (void)fprintf(to, "\n`suite COMMAND --help` tells its options. The main job:\n"
                      "  suite run --task reacher --method dqinit,scratch --seeds 10\n");
}

static int unknown_command(const char *name)
{
    const char *names[COMMANDS];
    for (int i = 0; i < COMMANDS; i++)
        names[i] = commands[i].name;
    const char *nearest = nearest_name(name, names, COMMANDS);
    if (nearest)
        log_error("unknown command '%s'; did you mean '%s'?", name, nearest);
    else
        log_error("unknown command '%s'; see `suite --help`", name);
    return EXIT_USAGE;
}

static int call(int argc, char **argv)
{
    Command command = NULL;
    for (int i = 0; i < COMMANDS; i++)
        if (strcmp(argv[0], commands[i].name) == 0) command = commands[i].command;
    if (!command) return unknown_command(argv[0]);

    // C has no conversion from char ** to const char **
    const char **words = mem_array((size_t)argc + 1, sizeof *words);
    if (!words) return EXIT_FAILED;
    char name[64];
    (void)snprintf(name, sizeof name, "suite %s", argv[0]);
    words[0] = name;
    for (int i = 1; i < argc; i++)
        words[i] = argv[i];
    int code = command(argc, words);
    mem_free(words);
    if (fflush(stdout) == 0 && !ferror(stdout)) return code;
    log_error("cannot write to standard output");
    return code == EXIT_DONE ? EXIT_FAILED : code;
}

int main(int argc, char **argv)
{
    Error err = {0};
    if (registry_check(&err) != STATUS_OK) {
        log_error("bug: %s", err.message);
        return EXIT_BUG;
    }
    if (argc < 2) {
        print_help(stderr);
        return EXIT_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0) {
        print_help(stdout);
        return EXIT_DONE;
    }
    if (strcmp(argv[1], "--version") == 0) {
        (void)printf("suite %s (%s)\n", program_version(), program_commit());
        return EXIT_DONE;
    }

    interrupt_install();
    if (kernel_init(&err) != STATUS_OK) return fail(&err);
    physics_set_handlers(physics_failed);
    return call(argc - 1, argv + 1);
}
