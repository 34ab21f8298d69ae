#include "suite/env/bare.h"

#include <math.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "suite/core/mem.h"
#include "suite/run/plan.h"
#include "suite/run/registry.h"

enum { STEPS = 400 };

static Env *env;
static Bare *bare;
static MemberList members;
static Settings settings;
static Error err;

static void take(const char *name)
{
    const TaskFamily *family;
    const Method *scratch;
    const Member *base;
    cr_assert(eq(int, family_find(&family, name, &err), STATUS_OK));
    cr_assert(eq(int, method_find(&scratch, "scratch", &err), STATUS_OK));
    cr_assert(eq(int, plan_read_members(&members, family, TEST_MODELS_DIR, &err), STATUS_OK));
    cr_assert(eq(int, plan_find_member(&base, &members, "base", &err), STATUS_OK));
    cr_assert(eq(int, settings_init(&settings, family, scratch, &err), STATUS_OK));
    cr_assert(
        eq(int, env_new(&env, family, TEST_MODELS_DIR, base, settings.task, &err), STATUS_OK),
        "%s", err.message);
    cr_assert(eq(int, bare_new(&bare, env, STEPS, &err), STATUS_OK));
}

static void release(void)
{
    bare_free(bare);
    env_free(env);
    settings_release(&settings);
    members_release(&members);
}

TestSuite(bare, .fini = release);

// @return the episodes begun
static int play(int steps, uint64_t key)
{
    RngStream rng = rng_stream(key, RNG_EXPLORE, 0);
    int episodes = 0;
    for (int i = 0; i < steps; i++) {
        if (env_is_over(env)) {
            env_reset(env, rng_stream(key, RNG_RESET, (uint64_t)episodes++));
            bare_note_start(bare, env);
        }
        (void)env_step(env, rng_below(&rng, env_family(env)->action_count));
        bare_note_step(bare, env);
    }
    return episodes;
}

static void expect_same_positions(void)
{
    for (int i = 0; i < env_position_count(env); i++)
        cr_assert(eq(dbl, bare_position(bare)[i], env_position(env)[i]), "position %d", i);
}

// falls, contacts and ends of episodes on the way
Test(bare, ends_where_the_environment_ends_to_the_last_bit)
{
    take("hopper");
    cr_assert(lt(int, 3, play(STEPS, 1)));
    bare_play(bare);
    expect_same_positions();
}

Test(bare, goes_on_in_the_middle_of_an_episode)
{
    take("reacher");
    play(30, 1);
    bare_play(bare);
    double before = bare_position(bare)[0];
    play(15, 1); // of the 50 steps of the same episode
    bare_play(bare);
    expect_same_positions();
    cr_assert(ne(dbl, bare_position(bare)[0], before));
}

Test(bare, fails_without_memory)
{
    take("pendulum");
    Bare *none;
    for (int at = 0; at < 4; at++) {
        mem_fail_at(at);
        cr_assert(eq(int, bare_new(&none, env, STEPS, &err), STATUS_NOMEM), "request %d", at);
        cr_assert(none == NULL);
    }
}
