/** @file
 * A saved run that acts again as it was deployed, to be watched.
 *
 * Layer: view. Reads what `suite eval` reads and refuses what it refuses.
 */
#ifndef SUITE_VIEW_ACTOR_H
#define SUITE_VIEW_ACTOR_H

#include "suite/core/file.h"
#include "suite/run/deployed.h"
#include "suite/view/drawing.h"
#include "suite/view/player.h"

typedef struct Actor {
    char folder[PATH_LENGTH];     // of the run
    char column[2 * RECORD_NAME]; // "method" or "method+label"
    SavedRun saved;
    DeployedRun deployed; // whose agent acts
} Actor;

/** Where runs come from, and how they act; borrowed. */
typedef struct ActorSource {
    const char *models;       // folder
    const FamilyFiles *files; // users' members
    EvalPolicy policy;        // POLICY_NETWORK: by the network alone
} ActorSource;

/**
 * Let the run in @p folder act.
 *
 * @param[out] out release with actor_free()
 * @errors those of saved_run_read() and deployed_init(); STATUS_NOMEM.
 */
MUST_CHECK Status actor_new(Actor **out, const char *folder, const ActorSource *source,
                            Error *err);

/**
 * Let it play in an environment of its own.
 *
 * @param[out] player release with player_release(), also after a failure, before the actor
 * @param      models folder
 * @param      seed   of the start states
 * @errors STATUS_MISMATCH if the physics here are others than those the run was trained in,
 *         whose doings would be taken for the policy's; those of player_init().
 */
MUST_CHECK Status actor_play(const Actor *actor, Player *player, const char *models, int seed,
                             Error *err);

/** What pictures call it; borrows from both. */
Seat actor_seat(const Actor *actor, Player *player);

/** NULL is allowed. */
void actor_free(Actor *actor);

#endif
