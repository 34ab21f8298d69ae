#include "suite/view/player.h"

#include <string.h>

#include "suite/core/check.h"
#include "suite/core/mem.h"
#include "suite/run/evaluate.h"

static Status take_memory(Player *p, const TaskFamily *family, Error *err)
{
    size_t actions = (size_t)family->action_count, limit = (size_t)family->time_limit;
    Thought *t = &p->thought;
    t->network = mem_array(actions, sizeof *t->network);
    t->blended = mem_array(actions, sizeof *t->blended);
    t->prior = mem_array(actions, sizeof *t->prior);
    p->share = mem_array(limit, sizeof *p->share);
    p->earned = mem_array(limit, sizeof *p->earned);
    bool complete = t->network && t->blended && t->prior && p->share && p->earned;
    return complete ? STATUS_OK : error_nomem(err);
}

Status player_init(Player *p, const PlayerSpec *spec, Error *err)
{
    const TaskFamily *family = spec->family;
    *p = (Player){.key = stream_key(family->name, spec->member->name, spec->seed)};
    Status status = take_memory(p, family, err);
    if (status == STATUS_OK)
        status = env_new(&p->env, family, spec->models, spec->member, spec->settings, err);
    return status;
}

void player_release(Player *p)
{
    env_free(p->env);
    mem_free(p->thought.network);
    mem_free(p->thought.blended);
    mem_free(p->thought.prior);
    mem_free(p->share);
    mem_free(p->earned);
    *p = (Player){0};
}

static void keep(Thought *t, const Decision *made, size_t actions)
{
    size_t size = actions * sizeof(float);
    t->action = made->action;
    t->guided = made->guided;
    memcpy(t->network, made->network, size);
    memcpy(t->blended, made->blended, size);
    t->has_prior = made->method.prior != NULL;
    if (t->has_prior) memcpy(t->prior, made->method.prior, size);
    t->own = made->method.own;
    t->share = t->has_prior && made->method.answers ? 1.0 - t->own : 0.0;
}

void player_think(Player *p)
{
    if (!p->agent) return;
    Sight sight = {.features = env_features(p->env),
                   .coords = env_coordinates(p->env),
                   .elapsed = env_elapsed(p->env),
                   .episode = p->episode % PLAYER_EPISODES,
                   .episodes = PLAYER_EPISODES};
    Decision made = agent_explain(p->agent, &sight);
    keep(&p->thought, &made, (size_t)env_family(p->env)->action_count);
}

void player_give(Player *p, Agent *agent)
{
    p->agent = agent;
    if (!env_is_over(p->env)) player_think(p);
}

void player_begin(Player *p, int episode)
{
    p->episode = episode;
    p->last = (EnvStep){0};
    p->episode_return = 0.0;
    uint64_t index = (uint64_t)SERIES_FRESH << 32 | (uint64_t)episode;
    env_reset(p->env, rng_stream(p->key, RNG_EVALUATE, index));
    player_think(p);
}

void player_step(Player *p, int action)
{
    CHECK(action >= 0 || p->agent);
    int step = env_elapsed(p->env);
    p->drives = action >= 0;
    if (p->drives) p->driven = action;
    p->share[step] = p->drives ? 0.0F : (float)p->thought.share;
    p->last = env_step(p->env, p->drives ? action : p->thought.action);
    p->episode_return += p->last.reward;
    if (p->last.diverged) p->episode_return += env_worst_rest(p->env);
    p->earned[step] = (float)p->episode_return;
    if (!env_is_over(p->env)) player_think(p);
}

bool player_is_led(const Player *p)
{
    return p->agent != NULL;
}

const char *player_end(const Player *p)
{
    if (p->last.diverged) return "the physics diverged";
    if (p->last.terminated) return "ended";
    return p->last.truncated ? "time is up" : "";
}

double player_step_s(const Player *p)
{
    return env_model(p->env)->opt.timestep * env_family(p->env)->frame_skip;
}
