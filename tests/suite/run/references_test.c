#include "suite/run/references.h"

#include <math.h>
#include <signal.h>
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "suite/core/mem.h"
#include "suite/env/env.h"
#include "suite/env/physics.h"
#include "suite/run/evaluate.h"
#include "suite/run/interrupt.h"
#include "suite/run/runner.h"
#include "tests/support/folder.h"

static const char family_json[] =
    "{\"family\": \"reacher\", \"settings\": {\"run.steps\": 600, \"run.episodes\": 2,"
    "\"agent.hidden\": 16, \"agent.batch\": 16}, \"members\": ["
    "{\"name\": \"east\", \"role\": \"source\", \"parameters\": {\"goal_x\": 0.15}},"
    "{\"name\": \"west\", \"role\": \"source\", \"parameters\": {\"goal_x\": -0.15}},"
    "{\"name\": \"near\", \"role\": \"target\", \"parameters\": {\"goal_x\": 0.1}}]}";

static const char references_json[] =
    "{\"family\": \"reacher\", \"task_version\": 1, \"mujoco\": \"2.2.2\","
    "\"random\": {\"episodes\": 5}, \"long\": {\"runs\": 2, \"steps\": 9, \"column\": \"c\"},"
    "\"members\": [{\"name\": \"east\", \"random\": -40, \"long\": -20},\n"
    "{\"name\": \"west\", \"random\": 100, \"long\": 300}]}";

static Request request;
static Plan plan;
static Error err;

static void put(const char *name, const char *text)
{
    test_put_file(test_path(name), text, strlen(text));
}

// a models folder of our own with small members
static void setup(void)
{
    char *xml;
    size_t size;
    test_folder_make();
    cr_assert(eq(int, folder_make(test_path("models/reacher"), &err), STATUS_OK));
    cr_assert(eq(int,
                 file_read(&xml, &size, TEST_MODELS_DIR "/reacher/reacher.xml", 1 << 20, &err),
                 STATUS_OK));
    test_put_file(test_path("models/reacher/reacher.xml"), xml, size);
    mem_free(xml);
    put("models/reacher/family.json", family_json);
    static char models[PATH_LENGTH], out[PATH_LENGTH];
    strcpy(models, test_path("models"));
    strcpy(out, test_path("out"));
    request = (Request){.models = models,
                        .out = out,
                        .tasks = "reacher",
                        .members = "all",
                        .methods = "scratch",
                        .seeds = "1",
                        .label = "",
                        .with_references = true};
}

static void teardown(void)
{
    plan_release(&plan);
    test_folder_remove();
}

TestSuite(references, .init = setup, .fini = teardown);

static void make_plan(void)
{
    plan_release(&plan);
    cr_assert(eq(int, plan_make(&plan, &request, &err), STATUS_OK), "%s", err.message);
}

Test(references, a_family_without_a_file_has_none)
{
    make_plan();
    cr_assert(eq(int, plan.references[0].count, 0));
    cr_assert(eq(ptr, plan.run[2].references, &plan.references[0]));
}

Test(references, a_damaged_file_is_refused_if_it_is_wanted)
{
    put("models/reacher/references.json", "{\n\"family\": 3}");
    cr_assert(eq(int, plan_make(&plan, &request, &err), STATUS_PARSE));
    cr_assert(
        ne(ptr,
           strstr(err.message, "models/reacher/references.json:2: 'family' must be a string"),
           NULL),
        "%s", err.message);
    request.with_references = false;
    make_plan();
}

Test(references, belong_to_the_runs_of_their_family)
{
    put("models/reacher/references.json", references_json);
    make_plan();
    const Reference *east = reference_find(plan.run[0].references, "east");
    cr_assert(eq(dbl, east->random, -40.0));
    cr_assert(eq(dbl, east->long_run, -20.0));
}

static double score_of(const char *member, double score)
{
    double normalised = 0;
    for (int i = 0; i < plan.count; i++)
        if (strcmp(plan.run[i].member->name, member) == 0)
            cr_assert(
                eq(int, references_score(&normalised, &plan.run[i], score, &err), STATUS_OK));
    return normalised;
}

Test(references, a_score_is_short_below_four_fifths_of_the_way)
{
    put("models/reacher/references.json", references_json);
    make_plan();
    cr_assert(eq(dbl, score_of("east", -25), 0.75));
    cr_assert(eq(dbl, score_of("east", -23), 0.85));
    cr_assert(references_short(score_of("east", -25)));
    cr_assert(not(references_short(score_of("east", -23))));
    cr_assert(not(references_short(score_of("west", 261))));
    cr_assert(references_short(score_of("west", 259)));
    cr_assert(not(references_short(score_of("near", -1e9))));
    cr_assert(isnan(score_of("near", -1e9)));
}

Test(references, measure_no_run_of_another_task)
{
    static const Override torque = {"reacher.torque", "0.5"}, gamma = {"agent.gamma", "0.9"};
    put("models/reacher/references.json", references_json);
    request.set_count = 1;
    request.set = &gamma; // the learner's, not the task's
    make_plan();
    cr_assert(eq(dbl, score_of("east", -25), 0.75));
    request.set = &torque;
    make_plan();
    cr_assert(isnan(score_of("east", -25)));
}

// the record of a run that learned from sources of these scores
static void run_with_scores(double east, double west, RunRecord *record)
{
    PolicyFile policy[2] = {{.score = east}, {.score = west}};
    const Run *sources[] = {&plan.run[0], &plan.run[1]};
    SourceSet set = {plan.run[2].members, sources, policy, 2};
    cr_assert(eq(int, runner_make(&plan.run[2], &set, request.models, 1, &err), STATUS_OK),
              "%s", err.message);
    cr_assert(eq(int, record_read(record, plan.run[2].folder, &err), STATUS_OK), "%s",
              err.message);
}

Test(references, a_source_that_falls_short_is_a_warning_of_the_runs_it_taught)
{
    RunRecord record;
    put("models/reacher/references.json", references_json);
    make_plan();
    run_with_scores(-19, 150, &record);
    cr_assert(eq(int, record.status, RUN_DONE));
    cr_assert(eq(int, record.warning_count, 1));
    cr_assert(eq(str, record.warning[0],
                 "source 'west' of 'reacher' (seed 0) falls short: its return of 150 is 0.25 "
                 "of its reference; source.steps gives it more training"));
    record_release(&record);
    run_with_scores(-19, 290, &record);
    cr_assert(eq(int, record.warning_count, 0));
    record_release(&record);
}

Test(references, without_them_no_source_is_warned_of)
{
    RunRecord record;
    make_plan();
    run_with_scores(-1e6, -1e6, &record);
    cr_assert(eq(int, record.warning_count, 0));
    record_release(&record);
}

// -- random actions

// the header's words once more, without evaluate()
static double episode_by_hand(const Run *run, int episode)
{
    Env *env;
    double sum = 0.0;
    uint64_t key = stream_key("reacher", run->member->name, episode);
    RngStream rng = rng_stream(key, RNG_RANDOM, 0);
    cr_assert(eq(int,
                 env_new(&env, run->members->family, request.models, run->member,
                         run->settings.task, &err),
                 STATUS_OK),
              "%s", err.message);
    env_reset(env, rng_stream(key, RNG_EVALUATE, (uint64_t)SERIES_RANDOM << 32));
    while (!env_is_over(env))
        sum += env_step(env, rng_below(&rng, run->members->family->action_count)).reward;
    env_free(env);
    return sum;
}

Test(references, random_is_the_mean_of_the_documented_episodes)
{
    double mean[3];
    make_plan();
    for (int m = 0; m < 3; m++) {
        const Run *run = &plan.run[m];
        double sum = 0.0;
        cr_assert(eq(int, references_random(&mean[m], run, request.models, 3, &err), STATUS_OK),
                  "%s", err.message);
        for (int i = 0; i < 3; i++)
            sum += episode_by_hand(run, i);
        cr_assert(epsilon_eq(dbl, mean[m], sum / 3, 1e-12));
    }
    cr_assert(ne(dbl, mean[0], mean[1]));
}

Test(references, random_episodes_differ_and_do_not_depend_on_their_number)
{
    double one, two, three;
    make_plan();
    cr_assert(eq(int, references_random(&one, &plan.run[0], request.models, 1, &err), 0));
    cr_assert(eq(int, references_random(&two, &plan.run[0], request.models, 2, &err), 0));
    cr_assert(eq(int, references_random(&three, &plan.run[0], request.models, 2, &err), 0));
    cr_assert(eq(dbl, two, three));
    cr_assert(ne(dbl, one, two));
    cr_assert(epsilon_eq(dbl, one, episode_by_hand(&plan.run[0], 0), 1e-12));
}

Test(references, random_episodes_stop_at_a_signal)
{
    double mean;
    make_plan();
    interrupt_install();
    cr_assert(eq(int, raise(SIGTERM), 0));
    cr_assert(eq(int, references_random(&mean, &plan.run[0], request.models, 3, &err),
                 STATUS_INTERRUPTED));
}

// -- the whole

Test(references, are_made_of_long_runs_and_random_episodes)
{
    ReferenceList list;
    Collection runs = {0};
    double random;
    request.label = "long";
    request.seeds = "2";
    make_plan();
    for (int i = 0; i < plan.count; i++)
        cr_assert(eq(int, runner_make(&plan.run[i], NULL, request.models, 1, &err), STATUS_OK));
    cr_assert(eq(int, collect_folder(&runs, request.out, &err), STATUS_OK));
    cr_assert(eq(int, collect_finish(&runs, false, &err), STATUS_OK));

    ReferenceMaking making = {&plan, &runs, "scratch+long", request.models, 4};
    cr_assert(eq(int, references_make(&list, &making, &plan.family[0], &err), STATUS_OK), "%s",
              err.message);
    cr_assert(eq(int, list.count, 3));
    cr_assert(eq(int, list.runs, 2));
    cr_assert(eq(i64, list.steps, 600));
    cr_assert(eq(int, list.episodes, 4));
    cr_assert(eq(int, list.task_version, plan.family[0].family->version));
    cr_assert(eq(str, list.mujoco, physics_version()));
    cr_assert(eq(str, list.member[1].member, "west"));
    cr_assert(eq(int, references_random(&random, &plan.run[2], request.models, 4, &err), 0));
    cr_assert(eq(dbl, list.member[1].random, random));
    for (int m = 0; m < 3; m++)
        cr_assert(ne(dbl, list.member[m].random, list.member[m].long_run));
    reference_release(&list);
    collect_release(&runs);
}
