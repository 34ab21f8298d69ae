/** @file
 * CHECK(): a mistake of ours. Prints file, line and expression, then aborts; never compiled
 * out.
 *
 * Layer: core. What the user or the world can cause is a Status instead. Workers are processes
 * of their own, so an abort ends one run and never the suite.
 */
#ifndef SUITE_CORE_CHECK_H
#define SUITE_CORE_CHECK_H

#define CHECK(condition) \
    ((condition) ? (void)0 : check_failed(__FILE__, __LINE__, __func__, #condition))

_Noreturn void check_failed(const char *file, int line, const char *function,
                            const char *condition);

#endif
