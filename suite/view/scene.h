/** @file
 * Scene: how a family's model looks, and from where it is seen. No window and no OpenGL.
 *
 * Layer: view. Looks are made here and never in the MJCF, which is part of what a run is: the
 * scene draws a copy of the compiled model that has endless floors, a softer light and the
 * family's own camera, with a backdrop for a sky and marks along the floor of what runs away.
 */
#ifndef SUITE_VIEW_SCENE_H
#define SUITE_VIEW_SCENE_H

#include "suite/core/status.h"
#include "suite/env/env.h"
#include "suite/env/mj_compat.h"

typedef struct Scene {
    mjModel *model; // owned: a copy, for the eye only
    mjvScene scene; // owned
    mjvOption option;
    mjvPerturb grip;   // of the user on a body; grip.select is 0 for none
    mjvCamera home;    // the family's own view
    mjvCamera camera;  // the present one. Its lookat is relative to what is followed
    int follow;        // body whose centre of mass the view goes along with; 0: none
    const mjData *own; // whose body is gripped, NULL: nobody's; borrowed
} Scene;

/** A mouse that moved over a view. */
typedef struct SceneDrag {
    double x, y;   // to the right and down, in heights of the view
    bool right;    // the right button, not the left one
    bool sideways; // shift: in the other plane
} SceneDrag;

/**
 * @param      width, height of the largest picture that will be drawn, pixels
 * @param[out] scene release with scene_release(), also after a failure
 * @errors STATUS_NOMEM.
 */
MUST_CHECK Status scene_init(Scene *scene, Env *env, int width, int height, Error *err);
void scene_release(Scene *scene);

/** Put @p data, of the scene's model, before the camera. @param aspect width by height */
void scene_update(Scene *scene, mjData *data, double aspect);

/** Move the camera by the mouse: turn, or with the right button shift. */
void scene_drag(Scene *scene, SceneDrag drag);

/** Come nearer (positive) or go away. */
void scene_zoom(Scene *scene, double by);

/** Back to the family's own view. */
void scene_home(Scene *scene);

/**
 * Take hold of what stands at a place of the view that was updated last.
 *
 * @param view as mj_pick()'s
 * @param turn twist the body instead of pulling it
 * @return whether there is a body that moves
 */
bool scene_grip(Scene *scene, mjData *data, const double view[3], bool turn);

/** Pull the body that is held, or twist it. */
void scene_pull(Scene *scene, SceneDrag drag);

/** Push the body as it is held into @p data, whoever else is moved; asked before each step. */
void scene_push(const Scene *scene, mjData *data);

/** Let go. */
void scene_let_go(Scene *scene);

#endif
