/** @file
 * DQN: Double Q-learning on n-step returns with a slowly following target network.
 *
 * Layer: agents. Knows nothing of physics; the runner shows it features and rewards. Calls the
 * hooks of one Method. All memory is taken in agent_new(); observing and learning take none.
 *
 * @source Mnih et al. 2015, doi:10.1038/nature14236; Double DQN: van Hasselt et al. 2016,
 *         arXiv 1509.06461, eq. 4; target averaging: Lillicrap et al. 2016, arXiv 1509.02971;
 *         averaged weights: Polyak and Juditsky 1992, doi:10.1137/0330046, here exponentially.
 *
 * Shapes: B = batch, D = feature_dim, A = action_count, R = rehearsal rows.
 */
#ifndef AGENTS_DQN_H
#define AGENTS_DQN_H

#include <stdint.h>

#include "agents/method.h"
#include "agents/network.h"
#include "agents/replay.h"
#include "suite/core/param.h"
#include "suite/core/status.h"

typedef enum Explore { EXPLORE_LOW, EXPLORE_FULL } Explore;

typedef struct DqnSettings {
    int hidden, layers;
    int n_step;
    double gamma;
    double lr, lr_end;
    double adam_epsilon;
    int batch;
    int train_every;
    int replay;
    int learning_start;
    double tau, average;
    double huber;
    double reward_scale;
    bool double_q;
    int explore; // Explore
    double epsilon_low, epsilon_full, epsilon_end, epsilon_fraction;
} DqnSettings;

extern const ParamRow dqn_params[];
extern const int dqn_param_count;
extern const int dqn_version; // raised when a change of the learner changes numbers

typedef struct Agent Agent; // opaque; owned by whoever called agent_new()

/** What an agent is made of; borrowed for the call, `method_state` for the agent's life. */
typedef struct AgentSpec {
    const DqnSettings *settings;
    int feature_dim, action_count;
    int64_t budget;       // steps, for the schedules
    uint64_t key;         // of its random streams
    const Method *method; // for its hooks
    void *method_state;   // initialised by the caller
} AgentSpec;

/**
 * Create an agent with random weights and an empty memory.
 *
 * @errors STATUS_RANGE for impossible shapes, STATUS_NOMEM.
 */
MUST_CHECK Status agent_new(Agent **out, const AgentSpec *spec, Error *err);

/** Release @p agent. NULL is allowed. */
void agent_free(Agent *agent);

/** Let the method change the network before the first step; the target network follows.
 *  @errors what the method's hook says. */
MUST_CHECK Status agent_prepare(Agent *agent, Error *err);

/** The action to train with: the method's guide, or epsilon-greedy. */
int agent_act(Agent *agent, const Sight *sight);

/** The best action by agent_network() alone; a Policy, so @p agent is a void pointer. */
int agent_greedy(void *agent, const Sight *sight);

/** What would be deployed: the method's guide, or the best by agent_network() as the method
 *  blends it; a Policy. The same as agent_greedy() unless agent_acts_otherwise(). */
int agent_deployed(void *agent, const Sight *sight);
bool agent_acts_otherwise(const Agent *agent);

/** How the deployed policy comes to its action. The values are the agent's and the method's,
 *  good until either is asked anything else. */
typedef struct Decision {
    int action;           // what agent_deployed() gives
    bool guided;          // it is the method's own, whatever the values say
    const float *network; // (A) of agent_network()
    const float *blended; // (A) as the method blends them, or `network` if it does not
    Explanation method;   // of the blend; without a prior if the method has nothing to say
} Decision;

/** Explain what would be deployed at @p sight. Changes nothing that matters.
 *  @pre the sight is not one of training. */
Decision agent_explain(Agent *agent, const Sight *sight);

/** Deploy @p net from here on: agent_network() is then a copy of it. For an agent that is not
 *  to learn any more. @pre it has the shape of the agent's own. */
void agent_adopt(Agent *agent, const Network *net);

/** Store a step and, when it is time, learn. */
void agent_observe(Agent *agent, const Transition *t);

/** One update from memory, whether it is time or not. @pre a transition is stored. */
void agent_learn(Agent *agent);

/** The episode was lost to the physics: its pending steps are dropped. */
void agent_abandon_episode(Agent *agent);

/**
 * The Bellman target y = reward + discount Q_target(s', a*).
 *
 * @param q_online (A) Q(s', .) of the online network, which chooses a* (van Hasselt et al.
 * 2016, eq. 4); NULL: the target network chooses (Mnih et al. 2015)
 * @param q_target (A) Q(s', .) of the target network
 */
float td_target(float reward, float discount, const float *q_online, const float *q_target,
                int action_count);

/** Exploration probability at training step @p step of @p budget. */
double epsilon_at(const DqnSettings *settings, int64_t step, int64_t budget);

/** Learning rate at training step @p step: linear from lr to lr * lr_end over the budget. */
double learning_rate_at(const DqnSettings *settings, int64_t step, int64_t budget);

/** What the agent has learned, to be deployed: the online network, or with agent.average the
 *  running average of its weights. */
const Network *agent_network(const Agent *agent);
int64_t agent_updates(const Agent *agent);

/** Save or restore everything, the method's state included. */
void agent_archive(Agent *agent, Archive *archive);

#endif
