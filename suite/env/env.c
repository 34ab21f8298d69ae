#include "suite/env/env.h"

#include <math.h>
#include <string.h>

#include "suite/core/check.h"
#include "suite/core/file.h"
#include "suite/core/hash.h"
#include "suite/core/log.h"
#include "suite/core/mem.h"
#include "suite/env/mj_compat.h"

enum { LOAD_MESSAGE = 1000 }; // mj_loadXML writes up to this much
enum { NOT_OF_MUJOCO = -1 };

// the enum's numbers change between MuJoCo versions, so everything outside goes by name
static const struct {
    const char *name;
    int index; // mjtWarning
} warnings[] = {
    {"inertia", mjWARN_INERTIA},           {"contact_full", mjWARN_CONTACTFULL},
    {"constraint_full", mjWARN_CNSTRFULL}, {"bad_qpos", mjWARN_BADQPOS},
    {"bad_qvel", mjWARN_BADQVEL},          {"bad_qacc", mjWARN_BADQACC},
    {"bad_ctrl", mjWARN_BADCTRL},          {"not_finite", NOT_OF_MUJOCO},
};
enum { WARNING_COUNT = sizeof warnings / sizeof warnings[0], NOT_FINITE = WARNING_COUNT - 1 };
_Static_assert((int)WARNING_COUNT <= (int)ENV_WARNINGS, "env_warnings() has too few places");

struct Env {
    const TaskFamily *family;
    mjModel *model;
    mjData *data;
    TaskState state;         // what the family's functions see of all this
    double param[PARAM_MAX]; // (P)
    int *id;                 // (object_count)
    void *settings;          // (settings_size bytes)
    double *controls;        // (A x nu) of every action
    const double *ctrl;      // (nu) of the last one, in there
    double *warmstart;       // (nv) set aside while mj_forward() runs
    double *obs;             // (D)
    float *features;         // (F)
    float *coords;           // (K)
    bool coords_stale;       // they are of an earlier observation
    int elapsed;
    bool over;
    int64_t warning_count[WARNING_COUNT]; // since env_new(); mj_resetData() clears MuJoCo's own
};

// -- loading

static size_t doubles(int64_t count)
{
    return (size_t)count * sizeof(double);
}

static void make_one_line(char *text)
{
    for (char *p = text; *p; p++)
        if (*p == '\n' || *p == '\r') *p = ' ';
    for (size_t n = strlen(text); n > 0 && text[n - 1] == ' '; n--)
        text[n - 1] = '\0';
}

static Status load_model(Env *env, const char *models, Error *err)
{
    char path[PATH_LENGTH], said[LOAD_MESSAGE] = "";
    Status status = path_format(path, err, "%s/%s", models, env->family->mjcf);
    if (status != STATUS_OK) return status;

    if (!file_exists(path))
        return error_set(err, STATUS_MISSING,
                         "there is no '%s' in the models folder '%s', which --models or "
                         "SUITE_MODELS names",
                         env->family->mjcf, models);

    env->model = mj_loadXML(path, NULL, said, sizeof said);
    make_one_line(said);
    if (!env->model)
        return error_set(err, STATUS_PARSE, "cannot load '%s': %.300s", path, said);
    if (said[0]) log_warning("'%s': %s", path, said);
    if (env->model->na != 0 || env->model->nmocap != 0)
        return error_set(err, STATUS_PARSE,
                         "'%s' has actuator states or mocap bodies, which are not saved", path);
    return STATUS_OK;
}

static Status take_buffers(Env *env, Error *err)
{
    const TaskFamily *family = env->family;
    env->id = mem_array((size_t)family->object_count, sizeof *env->id);
    env->settings = mem_array(family->settings_size, 1);
    env->controls = mem_array((size_t)family->action_count, doubles(env->model->nu));
    env->ctrl = env->controls;
    env->warmstart = mem_array((size_t)env->model->nv, sizeof *env->warmstart);
    env->obs = mem_array((size_t)family->obs_dim, sizeof *env->obs);
    env->features = mem_array((size_t)family->feature_dim, sizeof *env->features);
    env->coords = mem_array((size_t)family->coord_count, sizeof *env->coords);
    env->data = mj_makeData(env->model);

    bool complete = env->id && env->settings && env->controls && env->warmstart && env->obs &&
                    env->features && env->coords && env->data;
    return complete ? STATUS_OK : error_nomem(err);
}

static Status find_objects(Env *env, Error *err)
{
    for (int i = 0; i < env->family->object_count; i++) {
        const TaskObject *object = &env->family->object[i];
        env->id[i] = mj_name2id(env->model, object->type, object->name);
        if (env->id[i] < 0)
            return error_set(err, STATUS_MISSING, "'%s' has no %s called '%s'",
                             env->family->mjcf, mju_type2Str(object->type), object->name);
    }
    return STATUS_OK;
}

static void apply_member(Env *env, const Member *member, const void *settings)
{
    const TaskFamily *family = env->family;
    memcpy(env->param, member->param, sizeof env->param);
    if (family->settings_size > 0) memcpy(env->settings, settings, family->settings_size);
    env->state = (TaskState){
        .model = env->model,
        .data = env->data,
        .id = env->id,
        .param = env->param,
        .settings = env->settings,
    };
    if (family->apply) {
        family->apply(env->model, env->param, env->id);
        // leaves its scratch in the data, which every episode begins by resetting
        mj_setConst(env->model, env->data);
    }
    for (int a = 0; a < family->action_count; a++)
        family->control(&env->state, a, env->controls + a * env->model->nu);
}

Status env_new(Env **out, const TaskFamily *family, const char *models, const Member *member,
               const void *settings, Error *err)
{
    CHECK(family->param_count <= PARAM_MAX);
    *out = NULL;
    Env *env = mem_array(1, sizeof *env);
    if (!env) return error_nomem(err);
    env->family = family;
    env->over = true;

    Status status = load_model(env, models, err);
    if (status == STATUS_OK) status = take_buffers(env, err);
    if (status == STATUS_OK) status = find_objects(env, err);
    if (status != STATUS_OK) {
        env_free(env);
        return status;
    }
    apply_member(env, member, settings);
    *out = env;
    return STATUS_OK;
}

void env_free(Env *env)
{
    if (!env) return;
    if (env->data) mj_deleteData(env->data);
    if (env->model) mj_deleteModel(env->model);
    mem_free(env->id);
    mem_free(env->settings);
    mem_free(env->controls);
    mem_free(env->warmstart);
    mem_free(env->obs);
    mem_free(env->features);
    mem_free(env->coords);
    mem_free(env);
}

// -- episodes

// what follows from the observation alone
static void derive(Env *env)
{
    env->family->features(env->obs, env->features);
    env->coords_stale = true;
}

static void observe(Env *env)
{
    env->family->observe(&env->state, env->obs);
    derive(env);
}

// mj_forward() without its side effect: the accelerations the next step's solver starts from
static void forward_keeping_warmstart(Env *env)
{
    memcpy(env->warmstart, env->data->qacc_warmstart, doubles(env->model->nv));
    mj_forward(env->model, env->data);
    memcpy(env->data->qacc_warmstart, env->warmstart, doubles(env->model->nv));
}

static void begin_episode(Env *env)
{
    mj_resetData(env->model, env->data);
    memset(env->state.memory, 0, sizeof env->state.memory);
    env->elapsed = 0;
    env->over = false;
}

void env_reset(Env *env, RngStream rng)
{
    begin_episode(env);
    env->family->reset(&env->state, &rng);
    mj_forward(env->model, env->data);
    observe(env);
}

void env_set_state(Env *env, const double *qpos, const double *qvel, const double *warmstart)
{
    mjData *d = env->data;
    begin_episode(env);
    memcpy(d->qpos, qpos, doubles(env->model->nq));
    memcpy(d->qvel, qvel, doubles(env->model->nv));
    if (warmstart) memcpy(d->qacc_warmstart, warmstart, doubles(env->model->nv));
    forward_keeping_warmstart(env);
    observe(env);
}

// add MuJoCo's counters, which are this episode's, to ours; true if any had moved, which ends
// the episode
static bool add_warnings(Env *env)
{
    bool any = false;
    for (int i = 0; i < NOT_FINITE; i++) {
        int number = env->data->warning[warnings[i].index].number;
        any |= number > 0;
        env->warning_count[i] += number;
    }
    return any;
}

static bool is_finite(const Env *env, double reward)
{
    bool finite = isfinite(reward);
    for (int i = 0; i < env->family->obs_dim; i++)
        finite &= isfinite(env->obs[i]) != 0;
    return finite;
}

static bool has_diverged(Env *env, double reward)
{
    bool finite = is_finite(env, reward);
    env->warning_count[NOT_FINITE] += !finite;
    return add_warnings(env) || !finite;
}

EnvStep env_step(Env *env, int action)
{
    const TaskFamily *family = env->family;
    CHECK(!env->over);
    CHECK(action >= 0 && action < family->action_count);

    if (family->before_step) family->before_step(&env->state);
    env->ctrl = env->controls + action * env->model->nu;
    memcpy(env->data->ctrl, env->ctrl, doubles(env->model->nu));
    for (int i = 0; i < family->frame_skip; i++)
        mj_step(env->model, env->data);
    if (family->after_step) family->after_step(&env->state);
    if (family->synchronised) mj_kinematics(env->model, env->data);
    env->elapsed++;
    observe(env);

    // after bad numbers MuJoCo resets its data in the middle of a step, so nothing else counts
    double reward = family->reward(&env->state, env->ctrl);
    EnvStep step = {.diverged = has_diverged(env, reward)};
    if (!step.diverged) {
        step.reward = reward;
        step.terminated = family->terminated && family->terminated(&env->state);
        step.truncated = !step.terminated && env->elapsed >= family->time_limit;
    }
    env->over = step.terminated || step.truncated || step.diverged;
    return step;
}

bool env_is_over(const Env *env)
{
    return env->over;
}

int env_elapsed(const Env *env)
{
    return env->elapsed;
}

double env_worst_rest(const Env *env)
{
    const TaskFamily *family = env->family;
    return family->reward_lo * (family->time_limit - env->elapsed + 1);
}

// the observation is saved as it is: it holds body positions of the last step's last stage,
// which the state alone does not give back
void env_archive(Env *env, Archive *archive)
{
    mjData *d = env->data;
    bool reading = archive_is_reading(archive);
    int over = env->over;

    if (reading) begin_episode(env);
    archive_int(archive, "env.elapsed", &env->elapsed, 0, env->family->time_limit);
    archive_int(archive, "env.over", &over, 0, 1);
    archive_bytes(archive, "env.qpos", d->qpos, doubles(env->model->nq));
    archive_bytes(archive, "env.qvel", d->qvel, doubles(env->model->nv));
    archive_bytes(archive, "env.time", &d->time, sizeof d->time);
    archive_bytes(archive, "env.warmstart", d->qacc_warmstart, doubles(env->model->nv));
    archive_bytes(archive, "env.ctrl", d->ctrl, doubles(env->model->nu));
    archive_bytes(archive, "env.obs", env->obs, doubles(env->family->obs_dim));
    archive_bytes(archive, "env.warnings", env->warning_count, sizeof env->warning_count);
    if (!reading) return;

    env->over = over || archive_has_failed(archive);
    if (archive_has_failed(archive)) return;
    forward_keeping_warmstart(env);
    derive(env);
}

// -- looking at it

const double *env_observation(const Env *env)
{
    return env->obs;
}

const float *env_features(const Env *env)
{
    return env->features;
}

const float *env_coordinates(Env *env)
{
    if (env->coords_stale) env->family->coordinates(env->obs, env->coords);
    env->coords_stale = false;
    return env->coords;
}

const TaskFamily *env_family(const Env *env)
{
    return env->family;
}

const mjModel *env_model(const Env *env)
{
    return env->model;
}

mjData *env_data(Env *env)
{
    return env->data;
}

const double *env_action_control(const Env *env, int action)
{
    CHECK(action >= 0 && action < env->family->action_count);
    return env->controls + action * env->model->nu;
}

void env_warnings(const Env *env, EnvWarning out[ENV_WARNINGS + 1])
{
    memset(out, 0, (ENV_WARNINGS + 1) * sizeof *out);
    for (int i = 0; i < WARNING_COUNT; i++) {
        memcpy(out[i].name, warnings[i].name, strlen(warnings[i].name));
        out[i].count = env->warning_count[i];
    }
}

int env_position_count(const Env *env)
{
    return (int)env->model->nq;
}

int env_velocity_count(const Env *env)
{
    return (int)env->model->nv;
}

const double *env_position(const Env *env)
{
    return env->data->qpos;
}

const double *env_velocity(const Env *env)
{
    return env->data->qvel;
}

const double *env_warmstart(const Env *env)
{
    return env->data->qacc_warmstart;
}

const double *env_control(const Env *env)
{
    return env->ctrl;
}

// -- the model's name

typedef struct Piece {
    const void *data;
    size_t size;
} Piece;

static uint64_t hash_pieces(const Piece *piece, size_t count, uint64_t hash)
{
    for (size_t i = 0; i < count; i++)
        hash = hash_bytes(piece[i].data, piece[i].size, hash);
    return hash;
}

// (rows x columns) numbers of a model `m`, and a single one of its options
#define ARRAY(name, rows, columns)                              \
    {                                                           \
        m->name, (size_t)((rows) * (columns)) * sizeof *m->name \
    }
#define OPTION(name)                     \
    {                                    \
        &m->opt.name, sizeof m->opt.name \
    }
#define HASH(pieces, hash) hash_pieces(pieces, sizeof(pieces) / sizeof(pieces)[0], hash)

static uint64_t hash_options(const mjModel *m, uint64_t hash)
{
    const Piece pieces[] = {
        OPTION(timestep),
        OPTION(impratio),
        OPTION(tolerance),
        OPTION(gravity),
        OPTION(wind),
        OPTION(density),
        OPTION(viscosity),
        OPTION(integrator),
        OPTION(cone),
        OPTION(jacobian),
        OPTION(solver),
        OPTION(iterations),
        OPTION(o_margin),
        OPTION(o_solref),
        OPTION(o_solimp),
        OPTION(magnetic),
        OPTION(noslip_iterations),
        OPTION(noslip_tolerance),
        OPTION(disableflags),
        OPTION(enableflags),
    };
    return HASH(pieces, hash);
}

static uint64_t hash_bodies(const mjModel *m, uint64_t hash)
{
    const Piece pieces[] = {
        ARRAY(body_parentid, m->nbody, 1), ARRAY(body_mass, m->nbody, 1),
        ARRAY(body_inertia, m->nbody, 3),  ARRAY(body_pos, m->nbody, 3),
        ARRAY(body_quat, m->nbody, 4),     ARRAY(body_ipos, m->nbody, 3),
        ARRAY(body_iquat, m->nbody, 4),    ARRAY(qpos0, m->nq, 1),
        ARRAY(qpos_spring, m->nq, 1),
    };
    return HASH(pieces, hash);
}

static uint64_t hash_joints(const mjModel *m, uint64_t hash)
{
    const Piece pieces[] = {
        ARRAY(jnt_type, m->njnt, 1),        ARRAY(jnt_bodyid, m->njnt, 1),
        ARRAY(jnt_pos, m->njnt, 3),         ARRAY(jnt_axis, m->njnt, 3),
        ARRAY(jnt_limited, m->njnt, 1),     ARRAY(jnt_range, m->njnt, 2),
        ARRAY(jnt_margin, m->njnt, 1),      ARRAY(jnt_stiffness, m->njnt, 1),
        ARRAY(jnt_solref, m->njnt, mjNREF), ARRAY(jnt_solimp, m->njnt, mjNIMP),
        ARRAY(dof_damping, m->nv, 1),       ARRAY(dof_armature, m->nv, 1),
        ARRAY(dof_frictionloss, m->nv, 1),
    };
    return HASH(pieces, hash);
}

static uint64_t hash_geoms(const mjModel *m, uint64_t hash)
{
    const Piece pieces[] = {
        ARRAY(geom_type, m->ngeom, 1),        ARRAY(geom_bodyid, m->ngeom, 1),
        ARRAY(geom_size, m->ngeom, 3),        ARRAY(geom_pos, m->ngeom, 3),
        ARRAY(geom_quat, m->ngeom, 4),        ARRAY(geom_friction, m->ngeom, 3),
        ARRAY(geom_contype, m->ngeom, 1),     ARRAY(geom_conaffinity, m->ngeom, 1),
        ARRAY(geom_condim, m->ngeom, 1),      ARRAY(geom_margin, m->ngeom, 1),
        ARRAY(geom_gap, m->ngeom, 1),         ARRAY(geom_solmix, m->ngeom, 1),
        ARRAY(geom_solref, m->ngeom, mjNREF), ARRAY(geom_solimp, m->ngeom, mjNIMP),
    };
    return HASH(pieces, hash);
}

static uint64_t hash_actuators(const mjModel *m, uint64_t hash)
{
    const Piece pieces[] = {
        ARRAY(actuator_trntype, MJ_ACTUATOR_COUNT(m), 1),
        ARRAY(actuator_trnid, MJ_ACTUATOR_COUNT(m), 2),
        ARRAY(actuator_gainprm, MJ_ACTUATOR_COUNT(m), mjNGAIN),
        ARRAY(actuator_biasprm, MJ_ACTUATOR_COUNT(m), mjNBIAS),
        ARRAY(actuator_forcerange, MJ_ACTUATOR_COUNT(m), 2),
        ARRAY(actuator_gear, MJ_OUTPUT_COUNT(m), 6),
        ARRAY(actuator_ctrllimited, m->nu, 1),
        ARRAY(actuator_ctrlrange, m->nu, 2),
    };
    return HASH(pieces, hash);
}

uint64_t env_model_hash(const Env *env)
{
    const mjModel *m = env->model;
    uint64_t hash = hash_options(m, 0);
    hash = hash_bodies(m, hash);
    hash = hash_joints(m, hash);
    hash = hash_geoms(m, hash);
    return hash_actuators(m, hash);
}
