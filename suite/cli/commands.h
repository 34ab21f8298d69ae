/** @file
 * The commands of the program, one file each.
 *
 * Layer: cli. A command takes its own words (argv[0] is "suite NAME") and returns the exit
 * code: 0 done; 1 something failed at run time; 2 the words are wrong and nothing was begun;
 * 128 + signal when stopped. Results go to standard output, all else to standard error.
 */
#ifndef SUITE_CLI_COMMANDS_H
#define SUITE_CLI_COMMANDS_H

#include "suite/core/status.h"

enum { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2, EXIT_BUG = 3, EXIT_SIGNAL = 128 };

typedef int (*Command)(int argc, const char **argv);

int cmd_bench(int argc, const char **argv);
int cmd_claim(int argc, const char **argv);
int cmd_doctor(int argc, const char **argv);
int cmd_eval(int argc, const char **argv);
int cmd_export(int argc, const char **argv);
int cmd_list(int argc, const char **argv);
int cmd_pack(int argc, const char **argv);
int cmd_plot(int argc, const char **argv);
int cmd_record(int argc, const char **argv);
int cmd_reference(int argc, const char **argv);
int cmd_report(int argc, const char **argv);
int cmd_rollout(int argc, const char **argv);
int cmd_run(int argc, const char **argv);
int cmd_table(int argc, const char **argv);
int cmd_view(int argc, const char **argv);

/** Say why a command failed, in one line, and return the exit code for it. */
int fail(const Error *err);

#endif
