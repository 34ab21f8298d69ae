#include "suite/bench/physics.h"

#include "suite/core/file.h"
#include "suite/run/evaluate.h"

Status physics_bench_init(PhysicsBench *b, const Run *run, const char *models, int steps,
                          Error *err)
{
    const TaskFamily *family = run->members->family;
    *b = (PhysicsBench){.key = stream_key(family->name, run->member->name, run->seed)};
    Status status =
        env_new(&b->player.env, family, models, run->member, run->settings.task, err);
    if (status == STATUS_OK)
        status = env_new(&b->scribe.env, family, models, run->member, run->settings.task, err);
    return status == STATUS_OK ? bare_new(&b->bare, b->scribe.env, steps, err) : status;
}

void physics_bench_release(PhysicsBench *b)
{
    bare_free(b->bare);
    env_free(b->player.env);
    env_free(b->scribe.env);
}

// begin an episode if none is running; @return whether one was begun
static bool begin_episode(const PhysicsBench *b, Player *player)
{
    if (!env_is_over(player->env)) return false;
    env_reset(player->env, rng_stream(b->key, RNG_RESET, (uint64_t)player->episode++));
    return true;
}

static void play(PhysicsBench *b, const int *action, int steps)
{
    for (int i = 0; i < steps; i++) {
        (void)begin_episode(b, &b->player);
        (void)env_step(b->player.env, action[i]);
    }
}

static void write_tape(PhysicsBench *b, const int *action, int steps)
{
    for (int i = 0; i < steps; i++) {
        if (begin_episode(b, &b->scribe)) bare_note_start(b->bare, b->scribe.env);
        (void)env_step(b->scribe.env, action[i]);
        bare_note_step(b->bare, b->scribe.env);
    }
}

static void time_bare(PhysicsBench *b, int steps, Series *us)
{
    double began = clock_cpu_s();
    bare_play(b->bare);
    series_add(us, (clock_cpu_s() - began) / steps * 1e6);
}

static void time_env(PhysicsBench *b, const int *action, int steps, Series *us)
{
    double began = clock_cpu_s();
    play(b, action, steps);
    series_add(us, (clock_cpu_s() - began) / steps * 1e6);
}

void physics_bench_round(PhysicsBench *b, const int *action, int steps, Series *env_us,
                         Series *bare_us)
{
    // by turns, for whoever comes second finds the caches as the first left them
    bool env_first = b->rounds++ % 2;
    write_tape(b, action, steps);
    if (env_first) time_env(b, action, steps, env_us);
    time_bare(b, steps, bare_us);
    if (!env_first) time_env(b, action, steps, env_us);
}
