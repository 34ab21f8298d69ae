#include "plots/gnuplot.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdbool.h>
#include <string.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MESSAGE = 400 }; // bytes of what gnuplot says that are kept

// @return 0 or what was wrong
static int set_up(posix_spawn_file_actions_t *actions, const char *folder, const int pipe[2])
{
    int wrong = posix_spawn_file_actions_addchdir_np(actions, folder);
    for (int fd = STDIN_FILENO; !wrong && fd <= STDOUT_FILENO; fd++)
        wrong = posix_spawn_file_actions_addopen(actions, fd, "/dev/null", O_RDWR, 0);
    if (!wrong) wrong = posix_spawn_file_actions_adddup2(actions, pipe[1], STDERR_FILENO);
    return wrong;
}

// @return 0 or what was wrong
static int start(pid_t *pid, const char *folder, const char *script, const int pipe[2])
{
    const char *const argv[] = {"gnuplot", "--default-settings", script, NULL};
    posix_spawn_file_actions_t actions;
    int wrong = posix_spawn_file_actions_init(&actions);
    if (wrong) return wrong;
    wrong = set_up(&actions, folder, pipe);
    // it takes the words as writable and leaves them as they are
    char *const *words = (char *const *)(const void *)argv;
    if (!wrong) wrong = posix_spawnp(pid, argv[0], &actions, NULL, words, environ);
    (void)posix_spawn_file_actions_destroy(&actions);
    return wrong;
}

// keep the beginning of what comes in one line; read to the end, so that nobody waits for us
static void listen(int from, char message[MESSAGE])
{
    char bytes[MESSAGE];
    size_t kept = 0;
    ssize_t count;
    do {
        count = read(from, bytes, sizeof bytes);
        for (ssize_t i = 0; i < count; i++) {
            bool blank = bytes[i] == '\n' || bytes[i] == ' ' || bytes[i] == '\t';
            if (blank && (kept == 0 || message[kept - 1] == ' ')) continue;
            if (kept < MESSAGE - 1) message[kept++] = (char)(blank ? ' ' : bytes[i]);
        }
    } while (count > 0 || (count < 0 && errno == EINTR));
    while (kept > 0 && message[kept - 1] == ' ')
        kept--;
    message[kept] = '\0';
}

static Status wait_for(pid_t pid, const char *script, const char *message, Error *err)
{
    int exit;
    while (waitpid(pid, &exit, 0) < 0)
        if (errno != EINTR)
            return error_set(err, STATUS_IO, "cannot wait for gnuplot: %s", strerror(errno));
    if (WIFEXITED(exit) && WEXITSTATUS(exit) == 0) return STATUS_OK;
    return error_set(err, STATUS_WORKER, "gnuplot failed on '%s': %s", script,
                     *message ? message : "it said nothing");
}

Status gnuplot_draw(const char *folder, const char *script, Error *err)
{
    int pipe[2];
    char message[MESSAGE];
    pid_t pid;
    if (pipe2(pipe, O_CLOEXEC) != 0)
        return error_set(err, STATUS_IO, "cannot make a pipe: %s", strerror(errno));
    int wrong = start(&pid, folder, script, pipe);
    (void)close(pipe[1]);
    if (!wrong) listen(pipe[0], message);
    (void)close(pipe[0]);
    if (wrong == ENOENT) return error_set(err, STATUS_MISSING, "gnuplot is not installed");
    if (wrong) return error_set(err, STATUS_IO, "cannot start gnuplot: %s", strerror(wrong));
    return wait_for(pid, script, message, err);
}
