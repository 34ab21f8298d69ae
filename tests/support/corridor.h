/** @file
 * A corridor of five rooms for testing what agents learn, whose values are known.
 *
 * Action 1 goes right and action 0 left; the left end holds one back; leaving by the right end
 * terminates with reward 1, every other step costs .1. An episode is cut after 12 steps, which
 * must not change the values. Features are one-hot, the one table coordinate is the room.
 */
#ifndef TESTS_SUPPORT_CORRIDOR_H
#define TESTS_SUPPORT_CORRIDOR_H

#include "agents/dqn.h"

enum { ROOMS = 5, ACTIONS = 2, LIMIT = 12 };

#define CORRIDOR_DISCOUNT 0.9

/** What learns it in some thousand steps. */
void corridor_settings(DqnSettings *settings);

/** Of @p room, or none of them if the task has ended. @param[out] features (ROOMS) */
void corridor_features(int room, float *features);

/** @return the room of features, ROOMS if they are of none. */
int corridor_room(const float *features);

/** @return the next room, or ROOMS when the task ends. */
int corridor_move(int room, int action);
double corridor_reward(int next);

Agent *corridor_agent(const DqnSettings *settings, const Method *method, void *state,
                      int64_t budget);

/** Where an agent is; episodes begin in every room by turns. */
typedef struct Walk {
    int room, elapsed, episode;
} Walk;

void corridor_walk(Agent *agent, Walk *walk, int steps);

/** Fail unless both would deploy the same weights, to the last bit. */
void expect_same_networks(const Agent *a, const Agent *b);

#endif
