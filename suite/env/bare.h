/** @file
 * Bare physics: what an Env played, played again by mj_step() and nothing around it.
 *
 * Layer: env. The floor that an environment's speed is measured against. A tape holds the
 * controls of some steps and the states that episodes began in; playing it sets the state where
 * an episode begins and otherwise only copies the controls and calls mj_step(). Nothing is
 * observed, rewarded or checked, and what a family does to the state after a step is left out.
 */
#ifndef SUITE_ENV_BARE_H
#define SUITE_ENV_BARE_H

#include "suite/core/status.h"
#include "suite/env/env.h"

typedef struct Bare Bare; // opaque; owned by whoever called bare_new()

/**
 * An empty tape for @p steps control steps of @p env, with simulation data of its own.
 *
 * @param env its model is borrowed for the life of the tape
 * @errors STATUS_NOMEM.
 */
MUST_CHECK Status bare_new(Bare **out, const Env *env, int steps, Error *err);

/** Release @p bare. NULL is allowed. */
void bare_free(Bare *bare);

/** Note that @p env begins an episode here; call after env_reset(). */
void bare_note_start(Bare *bare, const Env *env);

/** Note the step that @p env has made. @pre fewer than `steps` are noted. */
void bare_note_step(Bare *bare, const Env *env);

/** Play all that was noted since the last call, and forget it; the physics goes on where the
 *  last call left it. */
void bare_play(Bare *bare);

/** The positions (nq) now, for comparison with env_position(). */
const double *bare_position(const Bare *bare);

#endif
