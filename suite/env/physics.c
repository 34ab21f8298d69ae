#include "suite/env/physics.h"

#include <mujoco/mujoco.h>

// the counters of mjData, which every Env reads, say the same and per run
static void ignore(const char *message)
{
    (void)message;
}

const char *physics_version(void)
{
    return mj_versionString();
}

void physics_set_handlers(void (*fatal)(const char *message))
{
    mju_user_error = fatal;
    mju_user_warning = ignore;
}
