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

// since 3.11 a camera moves without a scene, and since 3.0 a pick may hit a flex
#if mjVERSION_HEADER >= 3011000
#    define MJ_MOVE_CAMERA(model, action, dx, dy, scene, camera) \
        mjv_moveCamera(model, action, dx, dy, camera)
#else
#    define MJ_MOVE_CAMERA(model, action, dx, dy, scene, camera) \
        mjv_moveCamera(model, action, dx, dy, scene, camera)
#endif

/**
 * Which body a view shows at a place.
 *
 * @param      view  aspect ratio of the view, then x and y in [0, 1] from its lower left corner
 * @param[out] point (3) that was hit, if any
 * @return the body's id, 0 for the world, -1 for nothing
 */
static inline int mj_pick(const mjModel *model, const mjData *data, const mjvOption *option,
                          const mjvScene *scene, const double view[3], double point[3])
{
    int geom = -1, skin = -1;
#if mjVERSION_HEADER >= 300
    int flex = -1;
    return mjv_select(model, data, option, view[0], view[1], view[2], scene, point, &geom,
                      &flex, &skin);
#else
    return mjv_select(model, data, option, view[0], view[1], view[2], scene, point, &geom,
                      &skin);
#endif
}

#endif
