#include "suite/bench/training.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "suite/bench/physics.h"
#include "suite/core/mem.h"

static Plan plan;
static TrainingBench training;
static PhysicsBench physics;
static Experience experience;
static Error err;

static const Override small[] = {
    {"agent.hidden", "8"}, {"agent.batch", "8"}, {"agent.learning_start", "100"}};

// falls at random times, so that episodes of every length begin on the way
static void setup(void)
{
    Request request = {.models = TEST_MODELS_DIR,
                       .out = "nowhere",
                       .tasks = "hopper",
                       .members = "base",
                       .methods = "scratch",
                       .seeds = "1",
                       .label = "",
                       .set = small,
                       .set_count = sizeof small / sizeof small[0]};
    cr_assert(eq(int, plan_make(&plan, &request, &err), STATUS_OK), "%s", err.message);
}

static void teardown(void)
{
    training_bench_release(&training);
    physics_bench_release(&physics);
    experience_release(&experience);
    plan_release(&plan);
}

TestSuite(bench_training, .init = setup, .fini = teardown);

static void begin(void)
{
    cr_assert(eq(int, training_bench_init(&training, plan.run, NULL, TEST_MODELS_DIR, &err),
                 STATUS_OK),
              "%s", err.message);
    cr_assert(eq(int,
                 physics_bench_init(&physics, plan.run, TEST_MODELS_DIR, TRAINING_CHUNK, &err),
                 STATUS_OK),
              "%s", err.message);
    cr_assert(eq(int, experience_init(&experience, plan.run, TEST_MODELS_DIR, &err), STATUS_OK),
              "%s", err.message);
}

static void expect_same(const double *is, int round)
{
    const Env *env = training.trainer.env;
    for (int i = 0; i < env_position_count(env); i++)
        cr_assert(eq(dbl, is[i], env_position(env)[i]), "round %d, position %d", round, i);
}

// so that what physics costs alone is what it cost in training
Test(bench_training, plays_in_physics_alone_what_training_played_to_the_last_bit)
{
    Series step = {0}, learn = {0}, env = {0}, bare = {0};
    begin();
    for (int round = 0; round < 4; round++) {
        experience_renew(&experience);
        training_bench_round(&training, &step);
        physics_bench_round(&physics, training.action, TRAINING_CHUNK, &env, &bare);
        training_bench_learn(&training, &experience, &learn);
        expect_same(env_position(physics.player.env), round);
        expect_same(env_position(physics.scribe.env), round);
        expect_same(bare_position(physics.bare), round);
    }
    cr_assert(eq(long, (long)physics.player.episode, (long)training.trainer.episode));
    cr_assert(lt(long, 10L, (long)training.trainer.episode));
    cr_assert(eq(long, (long)training.trainer.step, 4L * TRAINING_CHUNK));

    const Series *all[] = {&step, &learn, &env, &bare};
    for (int i = 0; i < 4; i++)
        for (int round = 0; round < 4; round++)
            cr_assert(all[i]->count == 4 && all[i]->value[round] > 0.0, "series %d", i);
}

Test(bench_training, learns_from_every_step_of_the_experience)
{
    Series us = {0};
    begin();
    experience_renew(&experience);
    training_bench_learn(&training, &experience, &us);
    int64_t first = agent_updates(training.trainer.agent); // of a beginner
    training_bench_learn(&training, &experience, &us);
    int64_t all = EXPERIENCE_STEPS / plan.run[0].settings.agent.train_every;
    cr_assert(lt(long, 0L, (long)first));
    cr_assert(eq(long, (long)(agent_updates(training.trainer.agent) - first), (long)all));
    cr_assert(eq(long, (long)training.trainer.step, 0L));
}

// -- a guide that looks at where in its episode a step is

static Method guided;
static int begun, longest;

static bool acts(const void *state)
{
    (void)state;
    return true;
}

static int look(void *state, const Sight *sight)
{
    (void)state;
    begun += sight->elapsed == 0;
    longest = sight->elapsed > longest ? sight->elapsed : longest;
    return 0;
}

Test(bench_training, shows_a_guide_where_in_its_episode_a_step_is)
{
    Series us = {0};
    guided = *plan.run[0].method;
    guided.acts = acts;
    guided.guide = look;
    plan.run[0].method = &guided;
    begin();
    experience_renew(&experience);
    training_bench_learn(&training, &experience, &us);
    cr_assert(eq(int, begun, (int)experience.episode));
    cr_assert(lt(int, 10, longest));
}

Test(bench_training, has_a_budget_for_all_rounds_and_for_the_warm_up_before_them)
{
    begin();
    int rounds = training.warm_up + ROUNDS_MAX;
    cr_assert(
        le(int, rounds *(TRAINING_CHUNK + EXPERIENCE_STEPS), training.run.settings.run.steps));
    cr_assert(
        lt(int, plan.run[0].settings.agent.learning_start, training.warm_up *TRAINING_CHUNK));
}

Test(bench_training, fails_without_memory)
{
    Status status = STATUS_NOMEM;
    int at = 0;
    for (; status == STATUS_NOMEM; at++) {
        mem_fail_at(at);
        status = training_bench_init(&training, plan.run, NULL, TEST_MODELS_DIR, &err);
        training_bench_release(&training);
    }
    cr_assert(eq(int, status, STATUS_OK));
    cr_assert(lt(int, 20, at));
}

Test(bench_training, fails_without_memory_for_physics)
{
    Status status = STATUS_NOMEM;
    int at = 0;
    for (; status == STATUS_NOMEM; at++) {
        mem_fail_at(at);
        status = physics_bench_init(&physics, plan.run, TEST_MODELS_DIR, TRAINING_CHUNK, &err);
        physics_bench_release(&physics);
        physics = (PhysicsBench){0};
    }
    cr_assert(eq(int, status, STATUS_OK));
    cr_assert(lt(int, 10, at));
}
