#include "suite/bench/process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "suite/core/file.h"
#include "suite/run/interrupt.h"

static const double kilobytes = 1024.0; // in a megabyte

// start this very program, silent; @return 0 or what was wrong
static int start(pid_t *pid, const char *const *argv)
{
    posix_spawn_file_actions_t actions;
    int wrong = posix_spawn_file_actions_init(&actions);
    if (wrong) return wrong;
    for (int fd = 0; !wrong && fd <= STDERR_FILENO; fd++)
        wrong = posix_spawn_file_actions_addopen(&actions, fd, "/dev/null", O_RDWR, 0);
    // it takes the words as writable and leaves them as they are
    char *const *words = (char *const *)(const void *)argv;
    if (!wrong) wrong = posix_spawn(pid, "/proc/self/exe", &actions, NULL, words, environ);
    (void)posix_spawn_file_actions_destroy(&actions);
    return wrong;
}

Status process_measure(ProcessCost *cost, const char *const *argv, Error *err)
{
    double began = clock_wall_s();
    pid_t pid;
    int exit, wrong = start(&pid, argv);
    if (wrong)
        return error_set(err, STATUS_IO, "cannot start 'suite %s': %s", argv[1],
                         strerror(wrong));

    struct rusage usage;
    while (wait4(pid, &exit, 0, &usage) < 0) {
        if (errno != EINTR)
            return error_set(err, STATUS_IO, "cannot wait for 'suite %s': %s", argv[1],
                             strerror(errno));
        // a signal that came to this process alone
        if (interrupt_pending()) (void)kill(pid, SIGTERM);
    }
    *cost = (ProcessCost){clock_wall_s() - began, (double)usage.ru_maxrss / kilobytes};
    if (interrupt_pending()) return error_set(err, STATUS_INTERRUPTED, "stopped");
    if (WIFEXITED(exit) && WEXITSTATUS(exit) == 0) return STATUS_OK;
    return error_set(err, STATUS_WORKER, "'suite %s' failed when it was measured", argv[1]);
}
