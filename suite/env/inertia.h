/** @file
 * Heavier and longer bodies: what a member's parameters do to the masses of a loaded model.
 *
 * Layer: env. For TaskFamily.apply(), which is called once on a freshly loaded model, so that
 * every change starts from the base values; a factor of 1 leaves every bit as it is. Constants
 * that MuJoCo derives from masses and lengths are recomputed by env_new() afterwards.
 */
#ifndef SUITE_ENV_INERTIA_H
#define SUITE_ENV_INERTIA_H

#include <mujoco/mujoco.h>

/** Multiply a body's mass, and with it its inertia, by @p factor > 0. */
void body_scale_mass(mjModel *model, int body, double factor);

/**
 * Stretch the capsule that a body consists of along its axis by @p factor > 0, about the body's
 * origin; its radius and its mass stay, its inertia is that of the longer capsule.
 *
 * @pre the body has one geom, a capsule, from which its inertia was inferred; checked
 */
void body_stretch_capsule(mjModel *model, int body, double factor);

/**
 * Stretch a thin uniform rod likewise: its inertia, which the model states, grows with the
 * square of its length; the capsule that it is drawn as is for the eye.
 *
 * @pre the body has one geom, a capsule; checked
 */
void body_stretch_rod(mjModel *model, int body, double factor);

#endif
