/** @file
 * MuJoCo as a whole: its version, and where its own errors and warnings go.
 *
 * Layer: env. MuJoCo's hooks are process-wide, so they are set once, in main.
 */
#ifndef SUITE_ENV_PHYSICS_H
#define SUITE_ENV_PHYSICS_H

/** The version of the library in use, such as "2.2.2". */
const char *physics_version(void);

/**
 * Send MuJoCo's fatal errors to @p fatal, which must not return: MuJoCo's state is undefined
 * after one, and its own handler waits for a key. Its warnings are counted by each Env and
 * otherwise silent.
 */
void physics_set_handlers(void (*fatal)(const char *message));

#endif
