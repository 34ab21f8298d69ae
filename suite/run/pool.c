#include "suite/run/pool.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "suite/core/check.h"
#include "suite/core/mem.h"
#include "suite/run/interrupt.h"

// a worker's process, item and the pipe that its Error comes through
typedef struct Worker {
    pid_t pid; // 0: free
    int index;
    int pipe;
} Worker;

// in a worker: the writing end of its pipe. One worker, one process, so one global does.
static int report_pipe = -1;

void pool_last_words(Status status, const char *why)
{
    if (report_pipe < 0) return;
    Error last = {.status = status};
    (void)snprintf(last.message, sizeof last.message, "%s", why);
    // at most PIPE_BUF bytes, so written whole; if the parent is gone nobody wants them
    if (write(report_pipe, &last, sizeof last) < 0) return;
}

static _Noreturn void worker_main(const PoolJob *job, int index, int fd, pid_t parent)
{
    // without its parent a worker's result has no reader
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(1);

    report_pipe = fd;
    Error err = {.message = ""};
    Status status = job->work(job->context, index, &err);
    if (status != STATUS_OK) pool_last_words(status, err.message);
    (void)fflush(NULL);
    _exit(status == STATUS_OK ? 0 : 1);
}

static Status start(const PoolJob *job, Worker *worker, int index, const sigset_t *unblocked,
                    Error *err)
{
    int ends[2];
    if (pipe(ends) != 0)
        return error_set(err, STATUS_IO, "cannot start a worker: %s", strerror(errno));

    (void)fflush(NULL);
    pid_t parent = getpid();
    pid_t pid = fork();
    if (pid == 0) {
        (void)close(ends[0]);
        interrupt_let_go(unblocked);
        worker_main(job, index, ends[1], parent);
    }
    (void)close(ends[1]);
    if (pid < 0) {
        (void)close(ends[0]);
        return error_set(err, STATUS_IO, "cannot start a worker: %s", strerror(errno));
    }
    *worker = (Worker){.pid = pid, .index = index, .pipe = ends[0]};
    return STATUS_OK;
}

// what a worker that ended had to say, or what its exit says for it
static void finish(const PoolJob *job, Worker *worker, int exit)
{
    Error last = {.message = ""};
    bool spoke = read(worker->pipe, &last, sizeof last) == (ssize_t)sizeof last;
    (void)close(worker->pipe);

    if (WIFEXITED(exit) && WEXITSTATUS(exit) == 0) {
        last = (Error){.status = STATUS_OK};
    } else if (!spoke) {
        last.status = STATUS_WORKER;
        if (WIFSIGNALED(exit))
            (void)snprintf(last.message, sizeof last.message, "worker killed by signal %d (%s)",
                           WTERMSIG(exit), strsignal(WTERMSIG(exit)));
        else
            (void)snprintf(last.message, sizeof last.message, "worker ended with exit code %d",
                           WEXITSTATUS(exit));
    }
    last.message[sizeof last.message - 1] = '\0';
    int index = worker->index;
    *worker = (Worker){0};
    job->done(job->context, index, last.status, last.message);
}

static Worker *find(Worker *workers, int count, pid_t pid)
{
    for (int i = 0; i < count; i++)
        if (workers[i].pid == pid) return &workers[i];
    return NULL;
}

static void tell_all(const Worker *workers, int count, int signal)
{
    for (int i = 0; i < count; i++)
        if (workers[i].pid) (void)kill(workers[i].pid, signal);
}

// wait for one worker to end; false if none is running. Signals are blocked but while it
// sleeps, so that none is noted between looking and sleeping
static bool wait_for_one(const PoolJob *job, Worker *workers, const sigset_t *unblocked,
                         bool *told)
{
    for (;;) {
        if (interrupt_pending() && !*told) {
            tell_all(workers, job->workers, SIGTERM);
            *told = true;
        }
        int exit;
        pid_t pid = waitpid(-1, &exit, WNOHANG);
        if (pid < 0 && errno != EINTR) return false;
        Worker *worker = pid > 0 ? find(workers, job->workers, pid) : NULL;
        if (worker) {
            finish(job, worker, exit);
            return true;
        }
        if (pid == 0) (void)sigsuspend(unblocked);
    }
}

Status pool_run(const PoolJob *job, Error *err)
{
    Worker *workers = mem_array((size_t)job->workers, sizeof *workers);
    if (!workers) return error_nomem(err);

    Status status = STATUS_OK;
    sigset_t unblocked;
    bool told = false, more = true;
    int running = 0;
    interrupt_hold(&unblocked);
    for (;;) {
        more = more && status == STATUS_OK && !interrupt_pending();
        Worker *idle = more ? find(workers, job->workers, 0) : NULL;
        int next = idle ? job->next(job->context) : POOL_WAIT;
        more = more && next != POOL_END;
        if (idle && next >= 0) {
            status = start(job, idle, next, &unblocked, err);
            running += status == STATUS_OK;
            continue;
        }
        CHECK(running || !more); // an item that waits, waits for one that runs
        if (!running || !wait_for_one(job, workers, &unblocked, &told)) break;
        running--;
    }
    mem_free(workers);
    interrupt_let_go(&unblocked);
    if (status == STATUS_OK && interrupt_pending())
        return error_set(err, STATUS_INTERRUPTED, "stopped by %s",
                         strsignal(interrupt_pending()));
    return status;
}
