/** @file
 * Env: one member of a family as a running simulation.
 *
 * Layer: env. Owns a private mjModel (a member's parameters are written into it) and mjData.
 * A control step writes the action's controls, makes frame_skip calls of mj_step and reads
 * reward, observation and end from what they leave. Derived quantities are not computed anew:
 * after an RK4 step body positions are those of the last stage, as Gymnasium sees them; a
 * family that is `synchronised` sees those of the state itself, as dm_control does.
 *
 * Physics that diverges (one of MuJoCo's warning counters moved, or a number is not finite)
 * ends the episode with `diverged`, neither terminated nor truncated; the counters name the
 * cause.
 *
 * Determinism: given the same episode stream and actions the same bits on one machine and
 * build. Saving qpos, qvel, time and qacc_warmstart saves the physics exactly.
 */
#ifndef SUITE_ENV_ENV_H
#define SUITE_ENV_ENV_H

#include <stdbool.h>
#include <stdint.h>

#include "suite/core/archive.h"
#include "suite/core/rng.h"
#include "suite/core/status.h"
#include "suite/env/members.h"
#include "suite/env/task.h"

typedef struct Env Env; // opaque; owned by whoever called env_new()

typedef struct EnvStep {
    double reward;   // task reward, unscaled
    bool terminated; // the task ended: no bootstrap
    bool truncated;  // the time limit ended the episode: bootstrap
    bool diverged;   // the physics failed: the episode is void, learn nothing from this step
} EnvStep;

/**
 * Load a member's model and everything around it. No later call allocates.
 *
 * @param models   the models folder
 * @param member   whose parameters are applied; copied
 * @param settings the family's settings struct; copied
 * @errors STATUS_MISSING if the folder, the file or an object is; STATUS_PARSE for bad MJCF;
 *         STATUS_NOMEM.
 */
MUST_CHECK Status env_new(Env **out, const TaskFamily *family, const char *models,
                          const Member *member, const void *settings, Error *err);

/** Release @p env. NULL is allowed. */
void env_free(Env *env);

/** Begin an episode; @p rng belongs to it alone. */
void env_reset(Env *env, RngStream rng);

/** Make a control step. @pre the episode is running. @param action in [0, A). */
EnvStep env_step(Env *env, int action);

/** Is there no running episode (none begun, or the last one ended)? */
bool env_is_over(const Env *env);

/** Control steps made in this episode. */
int env_elapsed(const Env *env);

/** What an episode that the physics has just ended counts beside its rewards so far: the least
 *  that was left to earn. Where rewards are negative, to blow up early would otherwise be the
 *  best policy of all. */
double env_worst_rest(const Env *env);

/** The present observation (D doubles), features (F floats) and table coordinates (K floats),
 *  which are computed when they are asked for; the pointers stay good for the life of @p env,
 *  the contents change with each step. */
const double *env_observation(const Env *env);
const float *env_features(const Env *env);
const float *env_coordinates(Env *env);

const TaskFamily *env_family(const Env *env);

/** The compiled model with the member's parameters in it, for drawing and for checks. */
const mjModel *env_model(const Env *env);

/** The state of the physics, to be drawn, and pushed at through its `xfrc_applied`, which an
 *  episode begins without. No learner has business with it. */
mjData *env_data(Env *env);

/** The controls (nu) that action index @p action in [0, A) stands for. */
const double *env_action_control(const Env *env, int action);

/** XXH3 of the compiled model with the member's parameters in it: masses, geometry, options. */
uint64_t env_model_hash(const Env *env);

/** How often each of MuJoCo's warnings occurred since env_new(), by name; "" ends the list. */
typedef struct EnvWarning {
    char name[24]; // "bad_qpos", "bad_qvel", "bad_qacc", "bad_ctrl", "contact_full", ...
    int64_t count;
} EnvWarning;
enum { ENV_WARNINGS = 10 };
void env_warnings(const Env *env, EnvWarning out[ENV_WARNINGS + 1]);

// -- for replaying and checking physics from outside (`suite rollout`)

int env_position_count(const Env *env); // nq
int env_velocity_count(const Env *env); // nv
const double *env_position(const Env *env);
const double *env_velocity(const Env *env);
const double *env_warmstart(const Env *env); // (nv) accelerations the next solver starts from
const double *env_control(const Env *env);   // (nu) of the last step

/**
 * Begin an episode at a given state instead of a drawn one.
 *
 * @param qpos (nq), @param qvel (nv), @param warmstart (nv) accelerations the solver starts
 *        from, or NULL for zeros
 */
void env_set_state(Env *env, const double *qpos, const double *qvel, const double *warmstart);

/** Save or restore the physics and the episode exactly. */
void env_archive(Env *env, Archive *archive);

#endif
