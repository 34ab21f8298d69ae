#include "suite/env/env.h"

#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "suite/core/mem.h"
#include "tests/support/folder.h"

// -- a toy family: a stick with a motorised leg that falls on a floor. Contacts make the
// solver's warm start matter, RK4 makes body positions lag behind the joint positions.

enum { MASS, ENDS, POISON, PARAM_COUNT };
enum { STICK, LEG, OBJECT_COUNT };
enum { OBS_HEIGHT = 8, OBS_DIM, TIME_LIMIT = 60, FRAME_SKIP = 3, ACTIONS = 3 };
enum { IN_CONTACT = 24 }; // control steps after which the warm start matters

static const char toy_xml[] =
    "<mujoco><option timestep='0.005' integrator='RK4' solver='CG' iterations='3'/><size "
    "njmax='100' nconmax='20'/>"
    "<worldbody><geom type='plane' size='5 5 1'/><body name='stick' pos='0 0 0.3'>"
    "<joint type='slide' axis='1 0 0'/><joint type='slide' axis='0 0 1'/>"
    "<joint type='hinge' axis='0 1 0'/>"
    "<geom type='capsule' fromto='-0.2 0 0 0.2 0 0.05' size='0.04' rgba='1 0 0 1'/>"
    "<body name='leg' pos='0.2 0 0.05'><joint name='knee' type='hinge' axis='0 1 0'/>"
    "<geom type='capsule' fromto='0 0 0 0.1 0 -0.2' size='0.03'/></body></body></worldbody>"
    "<actuator><motor joint='knee' gear='4'/></actuator></mujoco>";

static const TaskParam toy_params[PARAM_COUNT] = {
    [MASS] = {.name = "mass", .unit = "", .help = "", .base = 1, .lo = 0.1, .hi = 10},
    [ENDS] = {.name = "ends", .unit = "s", .help = "", .base = 9, .lo = 0, .hi = 9},
    [POISON] = {.name = "poison", .unit = "", .help = "", .base = 0, .lo = 0, .hi = 1},
};

static const TaskObject toy_objects[OBJECT_COUNT] = {
    [STICK] = {mjOBJ_BODY, "stick"}, [LEG] = {mjOBJ_BODY, "leg"}};

static const TaskCoord toy_coords[] = {{.name = "height", .lo = 0, .hi = 1}};

typedef struct ToySettings {
    double push;
} ToySettings;

static void toy_apply(mjModel *model, const double *param, const int *id)
{
    for (int i = 0; i < OBJECT_COUNT; i++) {
        model->body_mass[id[i]] *= param[MASS];
        for (int k = 0; k < 3; k++)
            model->body_inertia[3 * id[i] + k] *= param[MASS];
    }
}

static void toy_reset(TaskState *state, RngStream *rng)
{
    state->data->qpos[1] += rng_uniform(rng, 0.0, 0.1);
    state->data->qvel[2] = rng_uniform(rng, -1.0, 1.0);
}

static void toy_control(const TaskState *state, int action, double *ctrl)
{
    const ToySettings *settings = state->settings;
    ctrl[0] = settings->push * (action - 1);
}

static void toy_observe(const TaskState *state, double *obs)
{
    memcpy(obs, state->data->qpos, 4 * sizeof *obs);
    memcpy(obs + 4, state->data->qvel, 4 * sizeof *obs);
    obs[OBS_HEIGHT] = state->data->xpos[3 * state->id[LEG] + 2];
    if (state->param[POISON] > 0 && state->data->time > 0.1) obs[OBS_HEIGHT] = NAN;
}

static void toy_features(const double *obs, float *f)
{
    for (int i = 0; i < OBS_DIM; i++)
        f[i] = (float)(obs[i] / 2);
}

static void toy_coordinates(const double *obs, float *c)
{
    c[0] = (float)obs[OBS_HEIGHT];
}

static void toy_before_step(TaskState *state)
{
    state->memory[0] = state->data->qpos[0];
}

static double toy_reward(const TaskState *state, const double *ctrl)
{
    return state->data->qpos[0] - state->memory[0] - 0.1 * ctrl[0] * ctrl[0];
}

static bool toy_terminated(const TaskState *state)
{
    return state->data->time >= state->param[ENDS];
}

static const TaskFamily toy = {
    .name = "toy",
    .summary = "",
    .source = "",
    .mjcf = "toy.xml",
    .version = 1,
    .obs_dim = OBS_DIM,
    .feature_dim = OBS_DIM,
    .action_count = ACTIONS,
    .frame_skip = FRAME_SKIP,
    .time_limit = TIME_LIMIT,
    .reward_lo = -10,
    .reward_hi = 10,
    .param = toy_params,
    .param_count = PARAM_COUNT,
    .object = toy_objects,
    .object_count = OBJECT_COUNT,
    .coord = toy_coords,
    .coord_count = 1,
    .settings_size = sizeof(ToySettings),
    .apply = toy_apply,
    .reset = toy_reset,
    .control = toy_control,
    .observe = toy_observe,
    .features = toy_features,
    .coordinates = toy_coordinates,
    .before_step = toy_before_step,
    .reward = toy_reward,
    .terminated = toy_terminated,
};

static const Member plain = {.name = "plain", .param = {1, 9, 0}};
static const ToySettings settings = {.push = 1.0};

// -- a models folder of its own for every test

static void write_model(const char *xml)
{
    test_put_file(test_path("toy.xml"), xml, strlen(xml));
}

// the toy with the first `old` replaced
static void write_changed(const char *old, const char *new)
{
    char xml[sizeof toy_xml + 200];
    const char *at = strstr(toy_xml, old);
    cr_assert(at != NULL, "no \"%s\" in the toy", old);
    int n = snprintf(xml, sizeof xml, "%.*s%s%s", (int)(at - toy_xml), toy_xml, new,
                     at + strlen(old));
    cr_assert(lt(int, n, (int)sizeof xml));
    write_model(xml);
}

static void silence(const char *message)
{
    (void)message;
}

static void setup(void)
{
    mju_user_warning = silence; // MuJoCo would write a log file into the current folder
    test_folder_make();
    write_model(toy_xml);
}

TestSuite(env, .init = setup, .fini = test_folder_remove);

static Env *toy_env(const Member *member)
{
    Env *env;
    Error err = {0};
    cr_assert(eq(int, env_new(&env, &toy, test_folder(), member, &settings, &err), STATUS_OK),
              "%s", err.message);
    return env;
}

static RngStream start(uint64_t episode)
{
    return rng_stream(7, RNG_RESET, episode);
}

static int some_action(int t)
{
    return (t / 5 * 2 + t / 7) % ACTIONS;
}

static bool same_bits(const double *a, const double *b, int count)
{
    return memcmp(a, b, (size_t)count * sizeof *a) == 0;
}

static int64_t warning_count(const Env *env, const char *name)
{
    EnvWarning warning[ENV_WARNINGS + 1];
    env_warnings(env, warning);
    for (const EnvWarning *w = warning; w->name[0]; w++)
        if (strcmp(w->name, name) == 0) return w->count;
    return -1;
}

static int64_t all_warnings(const Env *env)
{
    EnvWarning warning[ENV_WARNINGS + 1];
    int64_t sum = 0;
    env_warnings(env, warning);
    for (const EnvWarning *w = warning; w->name[0]; w++)
        sum += w->count;
    return sum;
}

// -- episodes

Test(env, same_start_and_actions_give_the_same_bits)
{
    Env *a = toy_env(&plain), *b = toy_env(&plain);
    // b has a past, which must not matter
    env_reset(b, start(9));
    for (int t = 0; t < 20; t++)
        (void)env_step(b, 2);

    env_reset(a, start(3));
    env_reset(b, start(3));
    for (int t = 0; t < TIME_LIMIT; t++) {
        EnvStep x = env_step(a, some_action(t)), y = env_step(b, some_action(t));
        cr_assert(same_bits(&x.reward, &y.reward, 1), "reward of step %d", t);
        cr_assert(same_bits(env_observation(a), env_observation(b), OBS_DIM), "step %d", t);
    }
    cr_assert(eq(i64, all_warnings(a), 0));
    env_free(a);
    env_free(b);
}

Test(env, another_stream_gives_another_start)
{
    Env *env = toy_env(&plain);
    env_reset(env, start(0));
    double first[OBS_DIM];
    memcpy(first, env_observation(env), sizeof first);
    env_reset(env, start(1));
    cr_assert(not(same_bits(first, env_observation(env), OBS_DIM)));
    env_free(env);
}

Test(env, time_limit_truncates_and_does_not_terminate)
{
    Env *env = toy_env(&plain);
    cr_assert(env_is_over(env));
    env_reset(env, start(0));
    for (int t = 1; t <= TIME_LIMIT; t++) {
        cr_assert(not(env_is_over(env)));
        EnvStep step = env_step(env, 1);
        cr_assert(eq(int, env_elapsed(env), t));
        cr_assert(eq(int, step.truncated, t == TIME_LIMIT), "step %d", t);
        cr_assert(not(step.terminated));
        cr_assert(not(step.diverged));
    }
    cr_assert(env_is_over(env));
    env_free(env);
}

// an episode of a member whose task ends in this control step
static EnvStep last_step(int end, int *elapsed)
{
    const double control_s = 0.005 * FRAME_SKIP;
    const Member member = {.name = "ends", .param = {1, (end - 0.5) * control_s, 0}};
    Env *env = toy_env(&member);
    EnvStep step = {0};
    env_reset(env, start(0));
    while (!env_is_over(env))
        step = env_step(env, 1);
    *elapsed = env_elapsed(env);
    env_free(env);
    return step;
}

Test(env, an_end_of_the_task_terminates_and_does_not_truncate)
{
    static const int ends[] = {1, TIME_LIMIT / 2, TIME_LIMIT};
    for (int i = 0; i < 3; i++) {
        int elapsed;
        EnvStep step = last_step(ends[i], &elapsed);
        cr_assert(eq(int, elapsed, ends[i]));
        cr_assert(step.terminated, "step %d", ends[i]);
        cr_assert(not(step.truncated), "step %d", ends[i]);
    }
}

Test(env, reward_sees_what_was_before_the_step)
{
    Env *env = toy_env(&plain);
    env_reset(env, start(0));
    for (int t = 0; t < TIME_LIMIT; t++) {
        double before = env_position(env)[0];
        EnvStep step = env_step(env, 2);
        cr_assert(eq(dbl, step.reward, env_position(env)[0] - before - 0.1));
    }
    env_free(env);
}

Test(env, stepping_after_the_end_is_our_bug, .signal = SIGABRT)
{
    Env *env = toy_env(&plain);
    test_folder_remove(); // an abort leaves no time for it
    (void)env_step(env, 0);
}

Test(env, an_action_out_of_range_is_our_bug, .signal = SIGABRT)
{
    Env *env = toy_env(&plain);
    test_folder_remove();
    env_reset(env, start(0));
    (void)env_step(env, ACTIONS);
}

Test(env, features_and_coordinates_follow_the_observation)
{
    Env *env = toy_env(&plain);
    env_reset(env, start(0));
    for (int t = 0; t < 5; t++) {
        const double *obs = env_observation(env);
        for (int i = 0; i < OBS_DIM; i++)
            cr_assert(eq(flt, env_features(env)[i], (float)(obs[i] / 2)));
        cr_assert(eq(flt, env_coordinates(env)[0], (float)obs[OBS_HEIGHT]));
        (void)env_step(env, 2);
    }
    env_free(env);
}

// -- physics

// MuJoCo driven by hand, without any of ours
typedef struct Bare {
    mjModel *model;
    mjData *data;
} Bare;

static Bare bare_new(void)
{
    char said[1000] = "";
    Bare bare = {.model = mj_loadXML(test_path("toy.xml"), NULL, said, sizeof said)};
    cr_assert(bare.model != NULL, "%s", said);
    bare.data = mj_makeData(bare.model);
    return bare;
}

static void bare_free(Bare *bare)
{
    mj_deleteData(bare->data);
    mj_deleteModel(bare->model);
}

static void bare_step(Bare *bare, int action)
{
    bare->data->ctrl[0] = action - 1;
    for (int i = 0; i < FRAME_SKIP; i++)
        mj_step(bare->model, bare->data);
}

Test(env, set_state_with_the_warm_start_goes_on_bit_for_bit)
{
    Bare bare = bare_new();
    for (int t = 0; t < IN_CONTACT; t++)
        bare_step(&bare, some_action(t));
    cr_assert(lt(int, 0, bare.data->ncon));

    Env *env = toy_env(&plain), *cold = toy_env(&plain);
    env_set_state(env, bare.data->qpos, bare.data->qvel, bare.data->qacc_warmstart);
    env_set_state(cold, bare.data->qpos, bare.data->qvel, NULL);
    for (int t = IN_CONTACT; t < TIME_LIMIT; t++) {
        bare_step(&bare, some_action(t));
        (void)env_step(env, some_action(t));
        (void)env_step(cold, some_action(t));
        cr_assert(same_bits(env_position(env), bare.data->qpos, 4), "step %d", t);
        cr_assert(same_bits(env_velocity(env), bare.data->qvel, 4), "step %d", t);
        cr_assert(eq(dbl, env_observation(env)[OBS_HEIGHT], bare.data->xpos[3 * 2 + 2]),
                  "step %d: not the body position that the step left", t);
    }
    cr_assert(not(same_bits(env_position(cold), bare.data->qpos, 4)),
              "a warm start makes no difference here, so nothing was tested");
    env_free(env);
    env_free(cold);
    bare_free(&bare);
}

Test(env, a_member_is_the_model_with_its_numbers_compiled_in)
{
    // twice the density is twice the mass, and moves the constants derived from it as well
    Member heavy = {.name = "heavy", .param = {2, 9, 0}};
    Env *env = toy_env(&heavy);
    write_changed("<worldbody>", "<default><geom density='2000'/></default><worldbody>");
    Bare bare = bare_new();

    env_set_state(env, bare.data->qpos, bare.data->qvel, NULL);
    for (int t = 0; t < 40; t++) {
        bare_step(&bare, some_action(t));
        (void)env_step(env, some_action(t));
        for (int i = 0; i < 4; i++)
            cr_assert(epsilon_eq(dbl, env_position(env)[i], bare.data->qpos[i], 1e-9),
                      "step %d, position %d", t, i);
    }
    cr_assert(lt(int, 0, bare.data->ncon));
    env_free(env);
    bare_free(&bare);
}

static EnvStep diverge(Env *env)
{
    const double qpos[4] = {0}, qvel[4] = {0, 0, 0, 1e12};
    env_set_state(env, qpos, qvel, NULL);
    return env_step(env, 1);
}

Test(env, saving_and_restoring_goes_on_bit_for_bit)
{
    Error err = {0};
    Archive *archive;
    const char *saved = test_path("env.bin");
    Env *a = toy_env(&plain), *b = toy_env(&plain);
    env_set_state(a, (double[4]){0}, (double[4]){0}, NULL);
    for (int t = 0; t < IN_CONTACT; t++)
        (void)env_step(a, some_action(t));
    (void)diverge(b); // whose traces must not outlive the restore

    cr_assert(eq(int, archive_create(&archive, saved, "test", 1, &err), STATUS_OK));
    env_archive(a, archive);
    cr_assert(eq(int, archive_close(archive, &err), STATUS_OK), "%s", err.message);
    cr_assert(eq(int, archive_open(&archive, saved, "test", 1, &err), STATUS_OK));
    env_archive(b, archive);
    cr_assert(eq(int, archive_close(archive, &err), STATUS_OK), "%s", err.message);

    cr_assert(eq(int, env_elapsed(b), IN_CONTACT));
    cr_assert(same_bits(env_observation(a), env_observation(b), OBS_DIM));
    cr_assert(eq(flt, env_features(a)[OBS_HEIGHT], env_features(b)[OBS_HEIGHT]));
    cr_assert(eq(flt, env_coordinates(a)[0], env_coordinates(b)[0]));
    for (int t = IN_CONTACT; t < TIME_LIMIT; t++) {
        EnvStep x = env_step(a, some_action(t)), y = env_step(b, some_action(t));
        cr_assert(same_bits(&x.reward, &y.reward, 1), "reward of step %d", t);
        cr_assert(eq(int, x.truncated, y.truncated));
        cr_assert(same_bits(env_observation(a), env_observation(b), OBS_DIM), "step %d", t);
    }
    env_free(a);
    env_free(b);
}

Test(env, a_failed_restore_leaves_no_running_episode)
{
    Error err = {0};
    Archive *archive;
    const char *saved = test_path("env.bin");
    cr_assert(eq(int, archive_create(&archive, saved, "test", 1, &err), STATUS_OK));
    cr_assert(eq(int, archive_close(archive, &err), STATUS_OK));

    Env *env = toy_env(&plain);
    env_reset(env, start(0));
    cr_assert(eq(int, archive_open(&archive, saved, "test", 1, &err), STATUS_OK));
    env_archive(env, archive);
    cr_assert(env_is_over(env));
    cr_assert(eq(int, archive_close(archive, &err), STATUS_PARSE));
    env_free(env);
}

// -- divergence

Test(env, numbers_too_large_end_the_episode_as_diverged)
{
    Env *env = toy_env(&plain);
    for (int again = 1; again <= 2; again++) {
        EnvStep step = diverge(env);
        cr_assert(step.diverged);
        cr_assert(not(step.terminated));
        cr_assert(not(step.truncated));
        cr_assert(eq(dbl, step.reward, 0.0));
        cr_assert(env_is_over(env));
        cr_assert(ge(i64, warning_count(env, "bad_qvel"), again), "not kept across episodes");
    }

    int64_t before = all_warnings(env);
    env_reset(env, start(0));
    cr_assert(not(env_step(env, 1).diverged), "the last episode's warnings count again");
    cr_assert(eq(i64, all_warnings(env), before));
    env_free(env);
}

Test(env, an_observation_that_is_not_finite_is_diverged)
{
    const Member member = {.name = "poisoned", .param = {1, 9, 1}};
    Env *env = toy_env(&member);
    EnvStep step = {0};
    env_reset(env, start(0));
    while (!env_is_over(env))
        step = env_step(env, 1);
    cr_assert(step.diverged);
    cr_assert(eq(i64, warning_count(env, "not_finite"), 1));
    env_free(env);
}

Test(env, too_many_contacts_are_named)
{
    write_changed("nconmax='20'", "nconmax='1'");
    Env *env = toy_env(&plain);
    env_reset(env, start(0));
    EnvStep step = {0};
    while (!env_is_over(env))
        step = env_step(env, 1);
    // newer versions of MuJoCo take contacts from a common arena, which has room
    if (mj_version() < 300) {
        cr_assert(step.diverged);
        cr_assert(ge(i64, warning_count(env, "contact_full"), 1));
    }
    env_free(env);
}

// -- the model's hash

static uint64_t hash_of(const Member *member)
{
    Env *env = toy_env(member);
    uint64_t hash = env_model_hash(env);
    env_free(env);
    return hash;
}

Test(env, the_hash_names_the_physics_and_nothing_else)
{
    const Member heavy = {.name = "heavy", .param = {2, 9, 0}};
    const char *const changes[][2] = {
        {"0.005", "0.004"},
        {"RK4", "Euler"},
        {"gear='4'", "gear='5'"},
        {"'0.04'", "'0.05'"},
        {"pos='0 0 0.3'", "pos='0 0 0.4'"},
        {"name='knee' ", "name='knee' damping='0.1' "},
        {"name='knee' ", "name='knee' limited='true' range='-9 9' "},
    };
    uint64_t hash = hash_of(&plain);
    cr_assert(eq(u64, hash_of(&plain), hash));
    cr_assert(ne(u64, hash_of(&heavy), hash));

    write_changed("rgba='1 0 0 1'", "rgba='0 1 0 1'");
    cr_assert(eq(u64, hash_of(&plain), hash), "a colour is no physics");
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        write_changed(changes[i][0], changes[i][1]);
        cr_assert(ne(u64, hash_of(&plain), hash), "%s", changes[i][1]);
    }
}

Test(env, the_hash_knows_inertia_from_mass)
{
    uint64_t hash[2];
    for (int i = 0; i < 2; i++) {
        char inertial[100];
        (void)snprintf(inertial, sizeof inertial,
                       "<body name='leg' pos='0.2 0 0.05'><inertial pos='0 0 0' mass='1' "
                       "diaginertia='0.01 0.01 0.0%d'/>",
                       i + 1);
        write_changed("<body name='leg' pos='0.2 0 0.05'>", inertial);
        hash[i] = hash_of(&plain);
    }
    cr_assert(ne(u64, hash[0], hash[1]));
}

// -- memory

Test(env, steps_and_resets_take_no_memory)
{
    Env *env = toy_env(&plain);
    int64_t before = mem_count();
    for (uint64_t episode = 0; episode < 5; episode++) {
        env_reset(env, start(episode));
        for (int t = 0; !env_is_over(env); t++)
            (void)env_step(env, some_action(t));
    }
    cr_assert(eq(i64, mem_count(), before));
    env_free(env);
}

Test(env, every_failed_allocation_is_reported)
{
    Status status = STATUS_NOMEM;
    int failures = 0;
    for (; status != STATUS_OK; failures++) {
        Env *env = (Env *)0x1;
        Error err = {0};
        mem_fail_at(failures);
        status = env_new(&env, &toy, test_folder(), &plain, &settings, &err);
        mem_fail_at(-1);
        if (status != STATUS_OK) {
            cr_assert(eq(int, status, STATUS_NOMEM), "%s", err.message);
            cr_assert(eq(ptr, env, NULL));
        }
        env_free(env);
    }
    cr_assert(lt(int, 5, failures), "only %d allocations failed", failures - 1);
}

// -- what a family may ask for around a step

static void stop_at_one(TaskState *state)
{
    if (state->data->qpos[0] > 1e-3) state->data->qpos[0] = 1e-3;
}

static double reward_position(const TaskState *state, const double *ctrl)
{
    (void)ctrl;
    return state->data->qpos[0];
}

static Env *changed_env(const TaskFamily *family)
{
    Env *env;
    Error err = {0};
    Status status = env_new(&env, family, test_folder(), &plain, &settings, &err);
    cr_assert(eq(int, status, STATUS_OK), "%s", err.message);
    return env;
}

Test(env, a_corrected_state_is_what_reward_and_observation_see)
{
    const double qpos[4] = {0, 1, 0, 0}, qvel[4] = {1, 0, 0, 0};
    TaskFamily family = toy;
    family.after_step = stop_at_one;
    family.reward = reward_position;
    Env *env = changed_env(&family);
    env_set_state(env, qpos, qvel, NULL);
    EnvStep step = env_step(env, 1);
    cr_assert(eq(dbl, step.reward, 1e-3));
    cr_assert(eq(dbl, env_observation(env)[0], 1e-3));
    cr_assert(eq(dbl, env_position(env)[0], 1e-3));
    env_free(env);
}

// the leg's body hangs at the end of the stick
static double leg_height(const Env *env)
{
    const double *q = env_position(env);
    return 0.3 + q[1] + 0.05 * cos(q[2]) - 0.2 * sin(q[2]);
}

Test(env, body_positions_are_those_of_the_state_only_if_synchronised)
{
    TaskFamily family = toy;
    family.synchronised = true;
    Env *late = changed_env(&toy), *sharp = changed_env(&family);
    const double qpos[4] = {0, 1, 0.2, 0}, qvel[4] = {0, 1, -3, 2};
    env_set_state(late, qpos, qvel, NULL);
    env_set_state(sharp, qpos, qvel, NULL);
    for (int t = 0; t < 10; t++) {
        (void)env_step(late, 2);
        (void)env_step(sharp, 2);
        cr_assert(same_bits(env_position(late), env_position(sharp), 4));
        cr_assert(
            epsilon_eq(dbl, env_observation(sharp)[OBS_HEIGHT], leg_height(sharp), 1e-12));
        cr_assert(lt(dbl, 1e-9, fabs(env_observation(late)[OBS_HEIGHT] - leg_height(late))));
    }
    env_free(late);
    env_free(sharp);
}

// -- refusals

static void refuses(const char *models, Status status, const char *const *words, int count)
{
    Env *env = (Env *)0x1;
    Error err = {0};
    cr_assert(eq(int, env_new(&env, &toy, models, &plain, &settings, &err), status), "%s",
              err.message);
    cr_assert(eq(ptr, env, NULL));
    cr_assert(strchr(err.message, '\n') == NULL, "more than a line: %s", err.message);
    for (int i = 0; i < count; i++)
        cr_assert(strstr(err.message, words[i]) != NULL, "no \"%s\" in: %s", words[i],
                  err.message);
}

Test(env, a_missing_models_folder_is_named_with_a_way_out)
{
    refuses("/nowhere/models", STATUS_MISSING,
            (const char *[]){"/nowhere/models", "--models", "SUITE_MODELS"}, 3);
}

Test(env, a_missing_model_is_named_with_its_folder)
{
    cr_assert(eq(int, unlink(test_path("toy.xml")), 0));
    refuses(test_folder(), STATUS_MISSING,
            (const char *[]){"toy.xml", test_folder(), "--models"}, 3);
}

Test(env, a_broken_model_is_refused_in_one_line)
{
    write_changed("<motor joint='knee'", "<motor joint='ankle'");
    refuses(test_folder(), STATUS_PARSE, (const char *[]){"toy.xml", "ankle"}, 2);
    write_model("");
    refuses(test_folder(), STATUS_PARSE, (const char *[]){"toy.xml"}, 1);
}

Test(env, a_missing_object_is_named)
{
    write_changed("name='leg'", "name='arm'");
    refuses(test_folder(), STATUS_MISSING, (const char *[]){"toy.xml", "body", "leg"}, 3);
}

Test(env, a_model_with_state_that_would_not_be_saved_is_refused)
{
    write_changed("<motor joint='knee' gear='4'/>",
                  "<general joint='knee' gear='4' dyntype='integrator'/>");
    refuses(test_folder(), STATUS_PARSE, (const char *[]){"toy.xml", "not saved"}, 2);
}
