/** @file
 * SIGINT and SIGTERM, remembered until someone asks.
 *
 * Layer: run. Set up once in main; workers inherit it.
 */
#ifndef SUITE_RUN_INTERRUPT_H
#define SUITE_RUN_INTERRUPT_H

/** From now on SIGINT and SIGTERM are noted instead of ending the process; SIGPIPE and SIGXFSZ
 *  become errors of the call that caused them. */
void interrupt_install(void);

/** The signal noted last, or 0. */
int interrupt_pending(void);

#endif
