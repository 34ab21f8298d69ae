#include "suite/bench/process.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "suite/core/file.h"
#include "suite/run/interrupt.h"

static const double kilobytes = 1024.0; // in a megabyte

// in the child: this very program, silent
static _Noreturn void become(const char *const *argv)
{
    int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (nowhere >= 0 && dup2(nowhere, STDIN_FILENO) >= 0 && dup2(nowhere, STDOUT_FILENO) >= 0 &&
        dup2(nowhere, STDERR_FILENO) >= 0)
        (void)execv("/proc/self/exe", (char *const *)(const void *)argv);
    _exit(1);
}

Status process_measure(ProcessCost *cost, const char *const *argv, Error *err)
{
    double began = clock_wall_s();
    pid_t pid = fork();
    if (pid == 0) become(argv);
    if (pid < 0)
        return error_set(err, STATUS_IO, "cannot start '%s': %s", argv[0], strerror(errno));

    int exit;
    struct rusage usage;
    while (wait4(pid, &exit, 0, &usage) < 0)
        if (errno != EINTR)
            return error_set(err, STATUS_IO, "cannot wait for '%s': %s", argv[0],
                             strerror(errno));
    *cost = (ProcessCost){clock_wall_s() - began, (double)usage.ru_maxrss / kilobytes};
    if (WIFEXITED(exit) && WEXITSTATUS(exit) == 0) return STATUS_OK;
    if (interrupt_pending()) return error_set(err, STATUS_INTERRUPTED, "stopped");
    return error_set(err, STATUS_WORKER, "'suite %s' failed when it was measured", argv[1]);
}
