#include "suite/run/interrupt.h"

#include <stddef.h>

static volatile sig_atomic_t noted;

static void note(int signal)
{
    noted = signal;
}

void interrupt_install(void)
{
    struct sigaction action = {.sa_handler = note};
    (void)sigemptyset(&action.sa_mask);
    (void)sigaction(SIGINT, &action, NULL);
    (void)sigaction(SIGTERM, &action, NULL);

    action.sa_handler = SIG_IGN;
    (void)sigaction(SIGPIPE, &action, NULL);
    (void)sigaction(SIGXFSZ, &action, NULL);
}

// a handler of its own, or the end of a child would not wake the sleeper
static void wake(int signal)
{
    (void)signal;
}

void interrupt_hold(sigset_t *before)
{
    struct sigaction action = {.sa_handler = wake};
    sigset_t held;
    (void)sigemptyset(&action.sa_mask);
    (void)sigaction(SIGCHLD, &action, NULL);

    (void)sigemptyset(&held);
    (void)sigaddset(&held, SIGINT);
    (void)sigaddset(&held, SIGTERM);
    (void)sigaddset(&held, SIGCHLD);
    (void)sigprocmask(SIG_BLOCK, &held, before);
}

void interrupt_let_go(const sigset_t *before)
{
    (void)sigprocmask(SIG_SETMASK, before, NULL);
}

int interrupt_pending(void)
{
    return noted;
}
