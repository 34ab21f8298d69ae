#include "suite/view/scene.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "suite/core/rng.h"
#include "suite/run/plan.h"
#include "suite/run/registry.h"
#include "suite/run/settings.h"

enum { WIDTH = 400, HEIGHT = 300 };

static MemberList members;
static Settings settings;
static Env *env;
static Scene scene;
static Error err;

static void begin(const char *task)
{
    const TaskFamily *family;
    const Method *method;
    cr_assert(eq(int, family_find(&family, task, &err), STATUS_OK));
    cr_assert(eq(int, method_find(&method, "scratch", &err), STATUS_OK));
    cr_assert(eq(int, plan_read_members(&members, family, TEST_MODELS_DIR, &err), STATUS_OK));
    cr_assert(eq(int, settings_init(&settings, family, method, &err), STATUS_OK));
    cr_assert(
        eq(int, env_new(&env, family, TEST_MODELS_DIR, &members.member[0], settings.task, &err),
           STATUS_OK));
    env_reset(env, rng_stream(1, RNG_RESET, 0));
    cr_assert(eq(int, scene_init(&scene, env, WIDTH, HEIGHT, &err), STATUS_OK));
}

static void end(void)
{
    scene_release(&scene);
    env_free(env);
    settings_release(&settings);
    members_release(&members);
}

TestSuite(scene, .fini = end);

static double aspect(void)
{
    return (double)WIDTH / HEIGHT;
}

Test(scene, leaves_the_model_of_the_run_as_it_is)
{
    begin("hopper");
    uint64_t before = env_model_hash(env);
    double floor = env_model(env)->geom_size[0];
    scene_update(&scene, env_data(env), aspect());
    cr_assert(eq(u64, env_model_hash(env), before));
    cr_assert(lt(dbl, 0.0, floor));
    cr_assert(eq(dbl, env_model(env)->geom_size[0], floor));
    cr_assert(eq(dbl, scene.model->geom_size[0], 0.0), "the floor that is drawn has an end");
}

// the free camera stands where the model's own does, and looks the same way
Test(scene, sees_what_the_model_s_own_camera_sees)
{
    for (int i = 0; i < family_count(); i++) {
        begin(family_at(i)->name);
        scene_update(&scene, env_data(env), aspect());
        const mjvGLCamera *seen = &scene.scene.camera[0];
        const mjtNum *mat = env_data(env)->cam_xmat;
        for (int k = 0; k < 3; k++) {
            cr_assert(epsilon_eq(dbl, (double)seen->forward[k], -mat[3 * k + 2], 1e-3), "%s",
                      family_at(i)->name);
            cr_assert(epsilon_eq(dbl, (double)seen->up[k], mat[3 * k + 1], 1e-3), "%s",
                      family_at(i)->name);
        }
        if (i + 1 < family_count()) end();
    }
}

Test(scene, goes_along_with_what_runs_away)
{
    begin("hopper");
    scene_update(&scene, env_data(env), aspect());
    float before = scene.scene.camera[0].pos[0];
    env_data(env)->qpos[0] += 5.0;
    mj_forward(scene.model, env_data(env));
    scene_update(&scene, env_data(env), aspect());
    cr_assert(epsilon_eq(flt, scene.scene.camera[0].pos[0], before + 5.0F, 1e-3F));
}

Test(scene, comes_home_after_the_mouse_moved_it)
{
    begin("pendulum");
    scene_update(&scene, env_data(env), aspect());
    double azimuth = scene.camera.azimuth, distance = scene.camera.distance;
    scene_drag(&scene, (SceneDrag){.x = 0.1});
    scene_zoom(&scene, 1.0);
    cr_assert(not(eq(dbl, scene.camera.azimuth, azimuth)));
    cr_assert(lt(dbl, scene.camera.distance, distance), "zooming goes away");
    scene_home(&scene);
    cr_assert(eq(dbl, scene.camera.azimuth, azimuth));
    cr_assert(eq(dbl, scene.camera.distance, distance));
}

// the reacher's arm lies to the right of the middle, where its shoulder is
static bool grip_the_arm(void)
{
    env_data(env)->qpos[0] = env_data(env)->qpos[1] = 0.0;
    mj_forward(scene.model, env_data(env));
    scene_update(&scene, env_data(env), aspect());
    return scene_grip(&scene, env_data(env), (double[]){aspect(), 0.55, 0.5}, false);
}

Test(scene, pulls_the_body_that_it_holds_and_no_other)
{
    begin("reacher");
    cr_assert(grip_the_arm());
    int body = scene.grip.select;
    scene_pull(&scene, (SceneDrag){.y = -0.2});
    scene_push(&scene, env_data(env));
    cr_assert(lt(dbl, 0.0, env_data(env)->xfrc_applied[6 * body + 1]), "is pulled elsewhere");
    for (int i = 1; i < (int)scene.model->nbody; i++)
        if (i != body) cr_assert(eq(dbl, env_data(env)->xfrc_applied[6 * i + 1], 0.0));
}

Test(scene, pushes_nobody_once_it_let_go)
{
    begin("reacher");
    cr_assert(grip_the_arm());
    int body = scene.grip.select;
    scene_pull(&scene, (SceneDrag){.y = -0.2});
    scene_push(&scene, env_data(env));
    scene_let_go(&scene);
    scene_push(&scene, env_data(env));
    cr_assert(eq(dbl, env_data(env)->xfrc_applied[6 * body + 1], 0.0));
}

Test(scene, grips_nothing_where_only_the_floor_is)
{
    begin("reacher");
    scene_update(&scene, env_data(env), aspect());
    cr_assert(not(scene_grip(&scene, env_data(env), (double[]){aspect(), 0.02, 0.02}, false)));
}
