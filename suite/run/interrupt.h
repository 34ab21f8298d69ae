/** @file
 * SIGINT and SIGTERM, remembered until someone asks.
 *
 * Layer: run. Set up once in main; workers inherit it.
 */
#ifndef SUITE_RUN_INTERRUPT_H
#define SUITE_RUN_INTERRUPT_H

#include <signal.h>

/** From now on SIGINT and SIGTERM are noted instead of ending the process; SIGPIPE and SIGXFSZ
 *  become errors of the call that caused them. */
void interrupt_install(void);

/** Hold back SIGINT, SIGTERM and SIGCHLD until interrupt_let_go() or sigsuspend(), so that none
 *  is missed between looking and sleeping. @param[out] before what was held back before */
void interrupt_hold(sigset_t *before);
void interrupt_let_go(const sigset_t *before);

/** The signal noted last, or 0. */
int interrupt_pending(void);

#endif
