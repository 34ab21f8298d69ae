#include "suite/run/trainer.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "agents/methods.h"
#include "suite/core/mem.h"
#include "suite/run/evaluate.h"
#include "tests/support/solved.h"

enum { STEPS = 130, LIMIT = 50, MOST = 32 };   // of the reacher; most features or coordinates
enum { BACKWARD = 0, STILL = 4, FORWARD = 8 }; // some of its actions: both motors at once
enum { SOURCES = 3 };

static Plan plan;
static Trainer trainer;
static Solved solved;
static Error err;

static const Override small[] = {
    {"run.steps", "1000"}, {"agent.hidden", "8"}, {"agent.batch", "8"}};

static void setup(void)
{
    Request request = {.models = TEST_MODELS_DIR,
                       .out = "nowhere",
                       .tasks = "reacher",
                       .members = "base",
                       .methods = "scratch",
                       .seeds = "2",
                       .label = "",
                       .set = small,
                       .set_count = sizeof small / sizeof small[0]};
    cr_assert(eq(int, plan_make(&plan, &request, &err), STATUS_OK), "%s", err.message);
}

static void teardown(void)
{
    trainer_release(&trainer);
    solved_release(&solved);
    plan_release(&plan);
}

TestSuite(trainer, .init = setup, .fini = teardown);

static void begin(Trainer *t, const Run *run)
{
    cr_assert(eq(int, trainer_init(t, run, NULL, TEST_MODELS_DIR, &err), STATUS_OK), "%s",
              err.message);
}

// -- a method that writes down what it is shown

typedef struct Witness {
    float obs[MOST], next_obs[MOST], coords[MOST];
    int seen, action;
    bool truncated;
} Witness;

static void witness(void *state, const Transition *t)
{
    Witness *w = state;
    const TaskFamily *family = plan.family[0].family;
    memcpy(w->obs, t->obs, (size_t)family->feature_dim * sizeof *w->obs);
    memcpy(w->next_obs, t->next_obs, (size_t)family->feature_dim * sizeof *w->obs);
    memcpy(w->coords, t->coords, (size_t)family->coord_count * sizeof *w->coords);
    w->action = t->action;
    w->truncated = t->truncated;
    w->seen++;
}

static bool same(const float *a, const float *b, int n)
{
    return memcmp(a, b, (size_t)n * sizeof *a) == 0;
}

Test(trainer, shows_the_agent_what_was_before_the_action_and_what_is_after_it)
{
    static Method method;
    method = method_scratch;
    method.state_size = sizeof(Witness);
    method.observe = witness;
    plan.run[0].method = &method;
    begin(&trainer, &plan.run[0]);
    const Witness *w = trainer.method;
    const TaskFamily *family = plan.family[0].family;

    float obs[MOST], coords[MOST];
    for (int i = 0; i < STEPS; i++) {
        bool goes_on = !env_is_over(trainer.env);
        memcpy(obs, env_features(trainer.env), (size_t)family->feature_dim * sizeof *obs);
        memcpy(coords, env_coordinates(trainer.env),
               (size_t)family->coord_count * sizeof *coords);
        EnvStep made = trainer_step(&trainer);

        cr_assert(eq(int, w->seen, i + 1));
        cr_assert(eq(int, w->action, trainer.action));
        cr_assert(eq(int, made.truncated, i % LIMIT == LIMIT - 1), "step %d", i);
        cr_assert(eq(int, w->truncated, made.truncated), "step %d", i);
        cr_assert(same(w->next_obs, env_features(trainer.env), family->feature_dim));
        cr_assert(eq(int, same(w->obs, obs, family->feature_dim), goes_on), "step %d", i);
        cr_assert(eq(int, same(w->coords, coords, family->coord_count), goes_on), "step %d", i);
    }
    cr_assert(eq(long, (long)trainer.step, (long)STEPS));
    cr_assert(eq(long, (long)trainer.episode, (long)(STEPS + LIMIT - 1) / LIMIT));
}

Test(trainer, repeats_itself_and_takes_no_memory)
{
    Trainer again, other;
    int differ = 0;
    begin(&trainer, &plan.run[0]);
    begin(&again, &plan.run[0]);
    begin(&other, &plan.run[1]); // of another seed
    int64_t taken = mem_count();
    for (int i = 0; i < 400; i++) {
        double reward = trainer_step(&trainer).reward;
        cr_assert(eq(dbl, trainer_step(&again).reward, reward), "step %d", i);
        differ += trainer_step(&other).reward != reward;
    }
    cr_assert(eq(long, (long)mem_count(), (long)taken));
    cr_assert(lt(int, 300, differ));
    cr_assert(lt(long, 0L, (long)agent_updates(trainer.agent)));
    trainer_release(&again);
    trainer_release(&other);
}

Test(trainer, fails_without_memory)
{
    Status status = STATUS_NOMEM;
    int at = 0;
    for (; status == STATUS_NOMEM; at++) {
        mem_fail_at(at);
        status = trainer_init(&trainer, plan.run, NULL, TEST_MODELS_DIR, &err);
        if (status != STATUS_OK) trainer_release(&trainer);
    }
    cr_assert(eq(int, status, STATUS_OK));
    cr_assert(lt(int, 20, at));
}

// -- a method that acts and tags

typedef struct Scout {
    int looked, seen;
    float coords[MOST], features[MOST]; // as it saw them when it was to act
} Scout;

static bool scout_acts(const void *state)
{
    (void)state;
    return true;
}

static int scout_guide(void *state, const Sight *sight)
{
    Scout *s = state;
    const TaskFamily *family = plan.family[0].family;
    cr_assert(sight->training);
    cr_assert(eq(int, sight->elapsed, s->looked % LIMIT), "step %d", s->looked);
    memcpy(s->features, sight->features, (size_t)family->feature_dim * sizeof(float));
    memcpy(s->coords, sight->coords, (size_t)family->coord_count * sizeof(float));
    return s->looked++ % 3 == 0 ? STILL : -1;
}

// the bytes of a state's coordinates
static TagShape scout_shape(const void *state)
{
    (void)state;
    return (TagShape){(size_t)plan.family[0].family->coord_count * sizeof(float), true, true};
}

static void scout_tag(void *state, const float *features, const float *coords, void *tag)
{
    (void)features;
    memcpy(tag, coords, scout_shape(state).size);
}

static void scout_observe(void *state, const Transition *t)
{
    Scout *s = state;
    const TaskFamily *family = plan.family[0].family;
    cr_assert(same(t->obs, s->features, family->feature_dim), "step %d", s->seen);
    cr_assert(same(t->tag, s->coords, family->coord_count), "step %d", s->seen);
    cr_assert(same(t->coords, s->coords, family->coord_count), "step %d", s->seen);
    cr_assert(same(t->next_tag, t->next_coords, family->coord_count), "step %d", s->seen);
    cr_assert(not(same(t->next_coords, t->coords, family->coord_count)));
    s->seen++;
}

Test(trainer, shows_a_method_what_it_acts_on_and_both_states_of_a_step)
{
    static Method method;
    method = method_scratch;
    method.state_size = sizeof(Scout);
    method.acts = scout_acts;
    method.guide = scout_guide;
    method.tag_shape = scout_shape;
    method.tag = scout_tag;
    method.observe = scout_observe;
    plan.run[0].method = &method;
    begin(&trainer, &plan.run[0]);
    int64_t taken = mem_count();
    for (int i = 0; i < STEPS; i++) {
        (void)trainer_step(&trainer);
        if (i % 3 == 0) cr_assert(eq(int, trainer.action, STILL), "step %d", i);
    }
    const Scout *s = trainer.method;
    cr_assert(eq(int, s->looked, STEPS));
    cr_assert(eq(int, s->seen, STEPS));
    cr_assert(eq(long, (long)mem_count(), (long)taken));
}

Test(trainer, shows_coordinates_to_a_guide_that_nothing_else_asks_for)
{
    static Method method;
    float coords[MOST];
    size_t size = scout_shape(NULL).size;
    method = method_scratch;
    method.state_size = sizeof(Scout);
    method.acts = scout_acts;
    method.guide = scout_guide;
    plan.run[0].method = &method;
    begin(&trainer, &plan.run[0]);
    (void)trainer_step(&trainer);
    for (int i = 1; i < LIMIT; i++) {
        memcpy(coords, env_coordinates(trainer.env), size);
        (void)trainer_step(&trainer);
        cr_assert(memcmp(((Scout *)trainer.method)->coords, coords, size) == 0, "step %d", i);
    }
}

// -- a method of one source

static RunContext told[4]; // of each beginning
static int beginnings, endings, lessons;

static Status pupil_init(void *state, const RunContext *context, Error *init_err)
{
    (void)init_err;
    cr_assert(eq(int, *(int *)state, 0)); // zeroed, anew too
    *(int *)state = 1;
    told[beginnings++] = *context;
    return STATUS_OK;
}

static void pupil_release(void *state)
{
    endings += *(int *)state;
}

static void pupil_observe(void *state, const Transition *t)
{
    (void)state;
    (void)t;
    lessons++;
}

static Method pupil;

// with three sources, of which the second is the best: it stands still
static void teach(const char *pick, int trial)
{
    pupil = method_scratch;
    pupil.needs = METHOD_NEEDS_SOURCES | METHOD_TAKES_ONE;
    pupil.state_size = sizeof(int);
    pupil.init = pupil_init;
    pupil.release = pupil_release;
    pupil.observe = pupil_observe;
    for (int i = 0; i < plan.count; i++) {
        plan.run[i].method = &pupil;
        plan.run[i].settings.run.source_pick = strcmp(pick, "best") == 0  ? PICK_BEST
                                               : strcmp(pick, "all") == 0 ? PICK_ALL
                                                                          : PICK_SEED;
        plan.run[i].settings.run.source_trial = trial;
    }
    solved_init(&solved, &plan.run[0], SOURCES);
    solved_always(&solved, 1, STILL);
    solved_always(&solved, 2, FORWARD);
    beginnings = endings = lessons = 0;
}

static void begin_taught(const Run *run)
{
    cr_assert(
        eq(int, trainer_init(&trainer, run, &solved.set, TEST_MODELS_DIR, &err), STATUS_OK),
        "%s", err.message);
}

Test(trainer, gives_a_method_its_sources_and_the_one_of_its_seed)
{
    static const int seeds[] = {0, 1, 2, 3, 7}, picked[] = {0, 1, 2, 0, 1};
    teach("seed", 1);
    for (int i = 0; i < 5; i++) {
        beginnings = 0;
        plan.run[0].seed = seeds[i];
        begin_taught(&plan.run[0]);
        cr_assert(not(trainer_is_trying(&trainer)));
        cr_assert(eq(int, told[0].picked, picked[i]), "seed %d", seeds[i]);
        cr_assert(eq(int, told[0].picked_count, 1));
        cr_assert(eq(int, trainer.picked, picked[i]));
        trainer_release(&trainer);
    }
    cr_assert(eq(int, told[0].source_count, SOURCES));
    cr_assert(eq(long, (long)told[0].budget, 1000L));
    cr_assert(told[0].agent == &plan.run[0].settings.agent);
}

Test(trainer, gives_a_method_all_its_sources_if_asked_for_and_tries_none)
{
    teach("all", 1);
    plan.run[0].seed = 2;
    begin_taught(&plan.run[0]);
    cr_assert(not(trainer_is_trying(&trainer)));
    cr_assert(eq(int, told[0].picked, 0));
    cr_assert(eq(int, told[0].picked_count, SOURCES));
}

// east, north and west are .3 apart in x and .15 in y; none of them scatters its goal
Test(trainer, tells_how_far_each_source_s_task_is)
{
    const Member *target;
    teach("seed", 1);
    cr_assert(
        eq(int, plan_find_member(&target, plan.run[0].members, "north_east", &err), STATUS_OK));
    plan.run[0].member = target; // at (.106, .106)
    begin_taught(&plan.run[0]);
    const TrainedSource *s = told[0].source;
    const char *const names[] = {"east", "north", "west"};
    const double dx[] = {0.044, 0.106, 0.256}, dy[] = {0.106, 0.044, 0.106};
    for (int i = 0; i < SOURCES; i++) {
        cr_assert(eq(str, s[i].member, names[i]));
        cr_assert(eq(dbl, s[i].score, 10.0 + i));
        cr_assert(s[i].network == &solved.policy[i].network);
        cr_assert(epsilon_eq(dbl, s[i].distance, hypot(dx[i] / 0.3, dy[i] / 0.15), 1e-9), "%s",
                  names[i]);
    }
}

// an environment of a run at the start of an episode
static Env *env_at(const Run *run, RngPurpose purpose, int episode)
{
    Env *env;
    cr_assert(eq(int,
                 env_new(&env, run->members->family, TEST_MODELS_DIR, run->member,
                         run->settings.task, &err),
                 STATUS_OK));
    uint64_t key = stream_key(run->members->family->name, run->member->name, run->seed);
    env_reset(env, rng_stream(key, purpose, (uint64_t)episode));
    return env;
}

// what trial episode number `episode` of a run returns with one and the same action
static double play(const Run *run, int episode, int action)
{
    double sum = 0.0;
    Env *env = env_at(run, RNG_TRIAL, episode);
    while (!env_is_over(env))
        sum += env_step(env, action).reward;
    env_free(env);
    return sum;
}

Test(trainer, tries_each_source_by_turns_and_begins_anew_with_the_best)
{
    enum { TRIAL = 2, TRIED = SOURCES * TRIAL * LIMIT };
    static const int action[] = {BACKWARD, STILL, FORWARD};
    double sum[SOURCES] = {0};
    teach("best", TRIAL);
    plan.run[0].seed = 9; // 0 mod 3; from its starts it is best to stand still
    begin_taught(&plan.run[0]);
    int64_t taken = mem_count();
    for (int i = 0; i < TRIED; i++) {
        cr_assert(trainer_is_trying(&trainer), "step %d", i);
        (void)trainer_step(&trainer);
        cr_assert(eq(int, trainer.action, action[i / LIMIT % SOURCES]), "step %d", i);
    }
    cr_assert(not(trainer_is_trying(&trainer)));
    cr_assert(eq(long, (long)mem_count(), (long)taken));
    for (int e = 0; e < SOURCES * TRIAL; e++)
        sum[e % SOURCES] += play(&plan.run[0], e / SOURCES, action[e % SOURCES]);
    for (int s = 0; s < SOURCES; s++) {
        cr_assert(epsilon_eq(dbl, trainer.trial.sum[s], sum[s], 1e-9), "source %d", s);
        cr_assert(s == 1 || sum[s] < sum[1] - 1.0, "source %d: %g, not %g", s, sum[s], sum[1]);
    }
    cr_assert(eq(int, lessons, 0));

    cr_assert(eq(int, trainer_choose(&trainer, &err), STATUS_OK), "%s", err.message);
    cr_assert(eq(int, trainer.picked, 1));
    cr_assert(eq(long, (long)trainer.trial.steps, (long)TRIED));
    cr_assert(beginnings == 2 && endings == 1);
    cr_assert(told[0].picked == 0 && told[1].picked == 1);
    cr_assert(eq(long, (long)told[1].budget, 1000L - TRIED));
    cr_assert(told[1].source_count == SOURCES && told[1].key == told[0].key);
    for (int i = 0; i < LIMIT; i++)
        (void)trainer_step(&trainer);
    cr_assert(eq(int, lessons, LIMIT));
    cr_assert(eq(long, (long)trainer.step, (long)TRIED + LIMIT));
    cr_assert(eq(long, (long)trainer.episode, 1L)); // to learn from
    trainer_release(&trainer);
    cr_assert(eq(int, endings, 2));
}

Test(trainer, learns_after_a_trial_from_the_starts_of_every_other_method)
{
    teach("best", 2);
    begin_taught(&plan.run[0]);
    while (trainer_is_trying(&trainer))
        (void)trainer_step(&trainer);
    cr_assert(eq(int, trainer_choose(&trainer, &err), STATUS_OK), "%s", err.message);
    for (int episode = 0; episode < 2; episode++) {
        Env *env = env_at(&plan.run[0], RNG_RESET, episode);
        for (int i = 0; i < LIMIT; i++) {
            (void)trainer_step(&trainer);
            (void)env_step(env, trainer.action);
        }
        for (int i = 0; i < env_position_count(env); i++)
            cr_assert(eq(dbl, env_position(trainer.env)[i], env_position(env)[i]));
        env_free(env);
    }
}

static double last_rate;

static double pupil_rate(const void *state, double rate)
{
    (void)state;
    last_rate = rate;
    return rate;
}

Test(trainer, lets_the_learner_s_schedules_run_over_what_the_trial_left)
{
    enum { TRIED = SOURCES * LIMIT, LEFT = 1000 - TRIED };
    Run *run = &plan.run[0];
    teach("best", 1);
    pupil.learning_rate = pupil_rate;
    run->settings.agent.learning_start = 10;
    run->settings.agent.lr_end = 0.05;
    begin_taught(run);
    while (trainer_is_trying(&trainer))
        (void)trainer_step(&trainer);
    cr_assert(eq(int, trainer_choose(&trainer, &err), STATUS_OK), "%s", err.message);
    for (int i = 1; i <= 100; i++)
        (void)trainer_step(&trainer);
    cr_assert(eq(dbl, last_rate, learning_rate_at(&run->settings.agent, 100, LEFT)));
}

Test(trainer, takes_the_first_of_sources_that_earned_the_same)
{
    teach("best", 1);
    begin_taught(&plan.run[0]);
    while (trainer_is_trying(&trainer))
        (void)trainer_step(&trainer);
    trainer.trial.sum[0] = -3.0;
    trainer.trial.sum[1] = trainer.trial.sum[2] = -2.0;
    cr_assert(eq(int, trainer_choose(&trainer, &err), STATUS_OK));
    cr_assert(eq(int, trainer.picked, 1));
}

Test(trainer, tries_nothing_where_there_is_nothing_to_choose)
{
    teach("best", 1);
    pupil.needs = METHOD_NEEDS_SOURCES; // it takes all
    begin_taught(&plan.run[0]);
    cr_assert(not(trainer_is_trying(&trainer)));
    trainer_release(&trainer);
    pupil.needs |= METHOD_TAKES_ONE;
    network_release(&solved.policy[2].network);
    network_release(&solved.policy[1].network);
    solved.set.count = 1;
    begin_taught(&plan.run[0]);
    cr_assert(not(trainer_is_trying(&trainer)));
}

Test(trainer, fails_without_memory_for_its_sources)
{
    Status status = STATUS_NOMEM;
    int at = 0;
    teach("best", 1);
    for (; status == STATUS_NOMEM; at++) {
        beginnings = 0;
        mem_fail_at(at);
        status = trainer_init(&trainer, plan.run, &solved.set, TEST_MODELS_DIR, &err);
        if (status != STATUS_OK) trainer_release(&trainer);
    }
    mem_fail_at(-1);
    cr_assert(eq(int, status, STATUS_OK));
    while (trainer_is_trying(&trainer))
        (void)trainer_step(&trainer);
    for (at = 0, status = STATUS_NOMEM; status == STATUS_NOMEM; at++) {
        beginnings = 0;
        mem_fail_at(at);
        status = trainer_choose(&trainer, &err);
    }
    mem_fail_at(-1);
    cr_assert(eq(int, status, STATUS_OK));
    cr_assert(lt(int, 10, at));
    (void)trainer_step(&trainer);
    cr_assert(eq(int, lessons, 1));
}
