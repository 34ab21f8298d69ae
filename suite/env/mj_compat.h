/** @file
 * The places where MuJoCo's headers differ between 2.2.2 and 3.x, for what we use of them.
 *
 * Layer: env. Sizes are int in old headers and 64 bits wide in new ones: cast them to int.
 */
#ifndef SUITE_ENV_MJ_COMPAT_H
#define SUITE_ENV_MJ_COMPAT_H

#include <mujoco/mujoco.h>

// since 3.11 an actuator may have several controls and several force outputs
#if mjVERSION_HEADER >= 3011000
#    define MJ_ACTUATOR_COUNT(model) ((model)->nactuator)
#    define MJ_OUTPUT_COUNT(model) ((model)->nout)
#else
#    define MJ_ACTUATOR_COUNT(model) ((model)->nu)
#    define MJ_OUTPUT_COUNT(model) ((model)->nu)
#endif

#endif
