#include "suite/run/cost.h"

#include <math.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

// a family whose steps cost 1000 s, so that its terms show beside those of updates
static const TaskFamily family = {
    .name = "toy", .feature_dim = 4, .action_count = 2, .time_limit = 100, .step_us = 1e9};
static const TaskFamily weightless = {
    .name = "toy", .feature_dim = 4, .action_count = 2, .time_limit = 100};

static int rehearse(void *state, float *features, int rows)
{
    (void)state;
    (void)features;
    return rows;
}

static Gathering gathering(const void *settings)
{
    (void)settings;
    return (Gathering){.states = 50};
}

static const Method plain = {.name = "plain"};
static const Method rich = {.name = "rich",
                            .needs = METHOD_NEEDS_SOURCES,
                            .gathering = gathering,
                            .rehearse = rehearse};

// 20 steps are evaluated at 0, 1 and 2 (5 and 10 %; 2.5 % is step 0 again and 7.5 % step 1) and
// then at each of the other 18
enum { STEPS = 20, JUDGED = 21, EPISODES = 3 };

static MemberList members[2]; // of the families of the plans

static Run make(const TaskFamily *of, const Method *method)
{
    int i = of == &weightless;
    members[i].family = of;
    Run run = {.members = &members[i], .method = method};
    run.settings.run.steps = STEPS;
    run.settings.run.episodes = EPISODES;
    run.settings.agent = (DqnSettings){.hidden = 8, .layers = 1, .batch = 16, .train_every = 1};
    return run;
}

static void expect(double is, double should)
{
    cr_assert(epsilon_eq(dbl, is, should, 1e-6 * should));
}

Test(cost_run, is_physics_of_the_budget_and_of_evaluations_at_their_longest)
{
    Run run = make(&family, &plain);
    run.settings.agent.batch = 0; // no updates
    expect(cost_run(&run), 1000.0 * (STEPS + JUDGED * EPISODES * 100));
    run.settings.run.episodes = 0;
    expect(cost_run(&run), 1000.0 * STEPS);
}

Test(cost_run, of_updates_grows_with_parameters_rows_and_their_number)
{
    Run run = make(&weightless, &plain);
    double update = 70e-12 * (5 * 8 + 9 * 2) * 16;
    expect(cost_run(&run), STEPS * update);
    run.settings.agent.train_every = 4;
    expect(cost_run(&run), STEPS * update / 4);
    run.settings.agent.batch = 32;
    expect(cost_run(&run), STEPS * update / 2);
    run.settings.agent.layers = 3; // two more of 9 x 8
    expect(cost_run(&run), STEPS * update / 2 * (58 + 144) / 58);
}

Test(cost_run, is_more_for_a_method_that_rehearses)
{
    Run run = make(&weightless, &plain), more = make(&weightless, &rich);
    expect(cost_run(&more), 1.25 * cost_run(&run));
}

// README's table of CPU times, whose settings are those of models/*/family.json
Test(cost_run, is_near_what_was_measured)
{
    static const TaskFamily hopper = {
        .feature_dim = 11, .action_count = 27, .time_limit = 1000, .step_us = 42.0};
    Run run = {.members = &(MemberList){.family = &hopper}, .method = &plain};
    run.settings.run.steps = 400000;
    run.settings.run.episodes = 5;
    run.settings.agent =
        (DqnSettings){.hidden = 128, .layers = 2, .batch = 64, .train_every = 2};
    cr_assert(epsilon_eq(dbl, cost_run(&run), 40.0, 4.0));
}

Test(cost_knowledge, is_physics_of_the_states_of_all_sources)
{
    Run run = make(&family, &rich);
    expect(cost_knowledge(&run, 3), 3.0 * 50 * 1000);
}

// two families, of each a source and a target that learns from it; one target of no source
static void fill(Run run[5])
{
    run[0] = make(&family, &plain);
    run[1] = make(&weightless, &plain);
    run[2] = make(&family, &rich);
    run[3] = make(&weightless, &rich);
    run[4] = make(&family, &plain);
    for (int i = 0; i < 5; i++) {
        run[i].settings.agent.batch = 0;
        run[i].settings.run.episodes = 0;
        run[i].is_source = i < 2;
    }
    run[0].settings.run.steps = 300; // 300,000 s
    run[4].settings.run.steps = 400;
}

Test(cost_plan, is_what_is_left_shared_by_the_workers)
{
    Run run[5];
    Plan plan = {.run = run, .count = 5, .source_count = 2};
    fill(run);
    expect(cost_plan(&plan, 1).cpu_s, 720e3);
    expect(cost_plan(&plan, 1).wall_s, 720e3);
    run[4].is_done = true;
    expect(cost_plan(&plan, 1).cpu_s, 320e3);
    run[1] = run[3] = run[4] = run[2];
    run[4].is_done = false;
    run[0].settings.run.steps = 20; // five of 20,000 s
    expect(cost_plan(&plan, 2).cpu_s, 100e3);
    expect(cost_plan(&plan, 2).wall_s, 50e3);
}

Test(cost_plan, takes_no_less_than_a_source_and_a_run_after_it)
{
    Run run[5];
    Plan plan = {.run = run, .count = 5, .source_count = 2};
    fill(run);
    expect(cost_plan(&plan, 100).wall_s, 400e3); // which waits for no source
    run[2].settings.run.steps = 150;
    expect(cost_plan(&plan, 100).wall_s, 450e3);
    run[0].is_done = true;
    expect(cost_plan(&plan, 100).wall_s, 400e3);
    run[3].settings.run.steps = 1000000; // weighs nothing, nor does its own source
    expect(cost_plan(&plan, 100).wall_s, 400e3);
}

Test(cost_plan, lets_a_run_wait_for_no_source_of_another_family)
{
    Run run[5];
    Plan plan = {.run = run, .count = 5, .source_count = 2};
    fill(run);
    members[1].family = &family;
    run[2].is_done = run[4].is_done = true;
    expect(cost_plan(&plan, 100).wall_s, 300e3);
}
