#include "suite/view/scene.h"

#include <math.h>
#include <string.h>

enum { MOST_GEOMS = 1000, MARKS = 12 }; // marks on each side
static const double degree = 180.0 / 3.14159265358979323846;
static const double steep_deg = 45.0, steepest_deg = 89.99;
static const double narrowest = 4.0 / 3.0; // views that are narrower show as much across

static const float sky[4] = {0.45F, 0.55F, 0.66F, 1.0F};
static const float ground[4] = {0.60F, 0.63F, 0.66F, 1.0F};
static const float mark[4] = {0.48F, 0.51F, 0.55F, 1.0F};

// -- looks

static void set_rgb(float out[3], float value)
{
    out[0] = out[1] = out[2] = value;
}

// a plane of size 0 is drawn without an end
static void dress(mjModel *m, int width, int height)
{
    for (int g = 0; g < (int)m->ngeom; g++) {
        if (m->geom_type[g] != mjGEOM_PLANE) continue;
        m->geom_size[3 * g] = m->geom_size[3 * g + 1] = 0.0;
        memcpy(m->geom_rgba + 4 * g, ground, sizeof ground);
    }
    set_rgb(m->vis.headlight.ambient, 0.35F);
    set_rgb(m->vis.headlight.diffuse, 0.25F);
    set_rgb(m->vis.headlight.specular, 0.05F);
    m->vis.global.offwidth = width;
    m->vis.global.offheight = height;
    m->vis.quality.offsamples = 4;
    m->vis.quality.shadowsize = 2048;
    m->vis.map.force = 0.1F; // arrows of a pull, short enough for the lightest body
}

// -- cameras

// the free camera that sees what a camera of the model sees
static mjvCamera free_camera(const mjModel *m, const mjData *d, int id)
{
    mjvCamera camera;
    const double *at = d->cam_xpos + 3 * id, *mat = d->cam_xmat + 9 * id;
    const double up[3] = {mat[1], mat[4], mat[7]};
    const double ahead[3] = {-mat[2], -mat[5], -mat[8]};
    mjv_defaultCamera(&camera);
    bool steep = fabs(ahead[2]) > 0.999; // straight down has a direction by its up only
    const double *flat = steep ? up : ahead;
    double sign = steep && ahead[2] > 0.0 ? -1.0 : 1.0;
    camera.azimuth = atan2(sign * flat[1], sign * flat[0]) * degree;
    camera.elevation = asin(ahead[2]) * degree;
    // where it looks straight down MuJoCo knows no direction to pull in
    camera.elevation = fmax(-steepest_deg, fmin(steepest_deg, camera.elevation));

    double toward[3];
    mju_sub3(toward, m->stat.center, at);
    camera.distance = fmax(mju_dot3(toward, ahead), 0.5 * m->stat.extent);
    mju_addScl3(camera.lookat, at, ahead, camera.distance);
    return camera;
}

static void find_home(Scene *s, const mjData *d)
{
    const mjModel *m = s->model;
    if (m->ncam == 0) {
        mjv_defaultFreeCamera(m, &s->home);
        return;
    }
    s->home = free_camera(m, d, 0);
    s->model->vis.global.fovy = (float)m->cam_fovy[0];
    if (m->cam_mode[0] == mjCAMLIGHT_FIXED) return;
    s->follow = m->cam_bodyid[0];
    const double *centre = d->subtree_com + 3 * s->follow;
    for (int i = 0; i < 2; i++)
        s->home.lookat[i] -= centre[i];
}

// -- begin and end

Status scene_init(Scene *scene, Env *env, int width, int height, Error *err)
{
    *scene = (Scene){.model = mj_copyModel(NULL, env_model(env))};
    if (!scene->model) return error_nomem(err);
    dress(scene->model, width, height);
    find_home(scene, env_data(env));
    mjv_defaultOption(&scene->option);
    mjv_defaultPerturb(&scene->grip);
    mjv_defaultScene(&scene->scene);
    mjv_makeScene(scene->model, &scene->scene, MOST_GEOMS);
    scene->option.flags[mjVIS_CONTACTFORCE] = 0;
    scene_home(scene);
    return STATUS_OK;
}

void scene_release(Scene *scene)
{
    mjv_freeScene(&scene->scene);
    if (scene->model) mj_deleteModel(scene->model);
    *scene = (Scene){0};
}

void scene_home(Scene *scene)
{
    scene->camera = scene->home;
}

// -- what stands before the camera

static void add_box(mjvScene *scene, const double size[3], const double at[3],
                    const double mat[9], const float rgba[4])
{
    if (scene->ngeom >= scene->maxgeom) return;
    mjvGeom *geom = &scene->geoms[scene->ngeom++];
    mjv_initGeom(geom, mjGEOM_BOX, size, at, mat, rgba);
    geom->category = mjCAT_DECOR;
    geom->specular = 0.0F;
}

// MuJoCo clears to black; a board behind everything, square to the camera, is the sky
static void add_backdrop(mjvScene *scene)
{
    mjvGLCamera camera = mjv_averageCamera(scene->camera, scene->camera + 1);
    double ahead[3], up[3], right[3], at[3], mat[9];
    double far = 0.9 * (double)camera.frustum_far;
    mju_f2n(ahead, camera.forward, 3);
    mju_f2n(up, camera.up, 3);
    mju_f2n(at, camera.pos, 3);
    mju_cross(right, ahead, up);
    mju_addToScl3(at, ahead, far);
    for (int i = 0; i < 3; i++) {
        mat[3 * i] = right[i];
        mat[3 * i + 1] = up[i];
        mat[3 * i + 2] = -ahead[i];
    }
    const double size[3] = {4.0 * far, 4.0 * far, 1e-3 * far};
    add_box(scene, size, at, mat, sky);
    scene->geoms[scene->ngeom - 1].emission = 0.6F;
}

// light that a floor throws back would blind
static void dull_floors(mjvScene *scene)
{
    for (int i = 0; i < scene->ngeom; i++)
        if (scene->geoms[i].type == mjGEOM_PLANE) scene->geoms[i].specular = 0.0F;
}

// a line every metre across the floor, so that running is seen against something
static void add_marks(mjvScene *scene, const double centre[3])
{
    const double size[3] = {0.02, 50.0, 0.001};
    double middle = floor(centre[0]);
    for (int i = -MARKS; i <= MARKS; i++)
        add_box(scene, size, (const double[3]){middle + i, 0.0, 0.001}, NULL, mark);
}

void scene_update(Scene *scene, mjData *data, double aspect)
{
    mjvCamera camera = scene->camera;
    const double *centre = data->subtree_com + 3 * scene->follow;
    for (int i = 0; scene->follow && i < 2; i++)
        camera.lookat[i] += centre[i];
    camera.distance *= fmax(1.0, narrowest / aspect);
    // an arrow in the hand of one player is not drawn at the other's body
    bool held = scene->own == data;
    mjv_updateScene(scene->model, data, &scene->option, held ? &scene->grip : NULL, &camera,
                    mjCAT_ALL, &scene->scene);
    dull_floors(&scene->scene);
    if (scene->follow) add_marks(&scene->scene, centre);
    add_backdrop(&scene->scene);
}

// -- the mouse

// a mouse moves things in the plane that it sees: the floor's from above, else an upright one
static bool is_level(const Scene *scene, SceneDrag drag)
{
    bool from_above = fabs(scene->camera.elevation) > steep_deg;
    return from_above != drag.sideways;
}

void scene_drag(Scene *scene, SceneDrag drag)
{
    int motion = drag.sideways ? mjMOUSE_ROTATE_H : mjMOUSE_ROTATE_V;
    if (drag.right) motion = is_level(scene, drag) ? mjMOUSE_MOVE_H : mjMOUSE_MOVE_V;
    MJ_MOVE_CAMERA(scene->model, motion, drag.x, drag.y, &scene->scene, &scene->camera);
}

void scene_zoom(Scene *scene, double by)
{
    MJ_MOVE_CAMERA(scene->model, mjMOUSE_ZOOM, 0.0, 0.05 * by, &scene->scene, &scene->camera);
}

bool scene_grip(Scene *scene, mjData *data, const double view[3], bool turn)
{
    double point[3], off[3];
    scene_let_go(scene);
    int body = mj_pick(scene->model, data, &scene->option, &scene->scene, view, point);
    if (body <= 0) return false;
    scene->own = data;
    scene->grip.select = body;
    scene->grip.active = turn ? mjPERT_ROTATE : mjPERT_TRANSLATE;
    mju_sub3(off, point, data->xpos + 3 * body);
    mju_mulMatTVec(scene->grip.localpos, data->xmat + 9 * body, off, 3, 3);
    mjv_initPerturb(scene->model, data, &scene->scene, &scene->grip);
    return true;
}

void scene_pull(Scene *scene, SceneDrag drag)
{
    if (!scene->own) return;
    bool turn = scene->grip.active == mjPERT_ROTATE, level = is_level(scene, drag);
    int move = level ? mjMOUSE_MOVE_H : mjMOUSE_MOVE_V;
    if (turn) move = level ? mjMOUSE_ROTATE_H : mjMOUSE_ROTATE_V;
    mjv_movePerturb(scene->model, scene->own, move, drag.x, drag.y, &scene->scene,
                    &scene->grip);
}

void scene_push(const Scene *scene, mjData *data)
{
    mju_zero(data->xfrc_applied, 6 * (int)scene->model->nbody);
    if (scene->own == data) mjv_applyPerturbForce(scene->model, data, &scene->grip);
}

void scene_let_go(Scene *scene)
{
    mjv_defaultPerturb(&scene->grip);
    scene->own = NULL;
}
