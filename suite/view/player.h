/** @file
 * Player: a policy in an environment of its own, with all that is to be shown of both.
 *
 * Layer: view. Episode e of a player begins where episode e of `suite eval` with the same seed
 * begins, and returns the same. What the policy makes of the present state is asked before the
 * step and kept, so that a picture shows the state together with the decision in it.
 *
 * Shapes: A = actions, T = the family's time limit.
 */
#ifndef SUITE_VIEW_PLAYER_H
#define SUITE_VIEW_PLAYER_H

#include <stdbool.h>
#include <stdint.h>

#include "agents/dqn.h"
#include "suite/core/status.h"
#include "suite/env/env.h"
#include "suite/run/settings.h"

enum { PLAYER_EPISODES = 20 }; // as `suite eval` plays: a guide may act in a share of them

/** The decision in the present state, copied out of the agent. */
typedef struct Thought {
    int action;
    bool guided;    // the method's own, whatever the values say
    float *network; // (A) the network's values
    float *blended; // (A) those acted by
    float *prior;   // (A) what the method knew before the run; of no meaning without has_prior
    bool has_prior;
    double own;   // share of the say that the agent's own values have in the state
    double share; // what the prior has: 1 - own where it answers, else 0
} Thought;

typedef struct Player {
    Env *env;     // owned
    Agent *agent; // borrowed; NULL: nobody acts but the user
    uint64_t key; // of the start states
    int episode;  // being played
    EnvStep last; // of this episode, zero at its start
    double episode_return;
    Thought thought;

    // of this episode, an entry a step
    float *share;  // (T) of the prior in the decision
    float *earned; // (T) return after the step
    bool drives;   // the user does
    int driven;    // the user's last action
} Player;

/** Which member is to be played, and from which start states; borrowed for the call. */
typedef struct PlayerSpec {
    const TaskFamily *family;
    const Member *member;
    const void *settings; // the family's
    const char *models;   // folder
    int seed;             // of the start states
} PlayerSpec;

/**
 * @param[out] p release with player_release(), also after a failure
 * @errors those of env_new(); STATUS_NOMEM.
 */
MUST_CHECK Status player_init(Player *p, const PlayerSpec *spec, Error *err);
void player_release(Player *p);

/** Let @p agent act from here on; it is asked for the present state at once. */
void player_give(Player *p, Agent *agent);

/** Begin an episode. */
void player_begin(Player *p, int episode);

/** Think about the present state again, as when its agent has learned. */
void player_think(Player *p);

/** Make a control step: by the policy, or @p action if that is not negative.
 *  @pre the episode is running */
void player_step(Player *p, int action);

/** Does anyone act? */
bool player_is_led(const Player *p);

/** How the episode ended, in a few words; "" if it has not. */
const char *player_end(const Player *p);

/** Simulated seconds of a control step. */
double player_step_s(const Player *p);

#endif
