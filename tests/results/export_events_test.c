#include "results/export_events.h"

#include <math.h>

#include "results/tfevents.h"
#include "tests/results/made_records.h"

static TfEvents expected;

static void setup(void)
{
    made_setup();
    expected = TFEVENTS_INIT;
}

static void teardown(void)
{
    tfevents_release(&expected);
    made_teardown();
}

TestSuite(export_events, .init = setup, .fini = teardown);

static const MadeRecord jsrl = {"far", "target", "jsrl", "", 3, 10, true};
static const MadeRecord scratch = {"near", "target", "scratch", "", 0, 1, false};

static void expect_file(const char *place)
{
    char *file;
    size_t size;
    cr_assert(eq(int, file_read(&file, &size, test_path(place), 1 << 20, &err), STATUS_OK),
              "%s", err.message);
    cr_assert(eq(sz, size, expected.file.length));
    cr_assert(memcmp(file, expected.file.data, size) == 0);
    mem_free(file);
}

static void expect_evaluation(int step, double mean, double normalised)
{
    tfevents_add(&expected, step,
                 (TfScalar[]){{"eval/return", mean},
                              {"eval/normalised", normalised},
                              {"eval/length", 10}},
                 3);
}

static void expect_episode(int step, double episode_return, double length)
{
    tfevents_add(&expected, step,
                 (TfScalar[]){{"train/episode_return", episode_return},
                              {"train/episode_length", length}},
                 2);
}

Test(export_events, hold_evaluations_and_episodes_in_the_order_of_steps)
{
    static const EpisodeRow episode[] = {
        {40, -7, 40, false, true}, {41, -8, 1, true, false}, {1200, -9, 4, true, false}};
    made_write(&jsrl);
    cr_assert(eq(int, episodes_write(episode, 3, made_folder(&jsrl), &err), STATUS_OK));
    made_collect();
    cr_assert(
        eq(int, export_events(&made_export, made.done.run, test_path("tb"), &err), STATUS_OK),
        "%s", err.message);

    tfevents_begin(&expected);
    expect_evaluation(0, 11, 0.01);
    expect_episode(40, -7, 40);
    expect_evaluation(40, 51, 0.05);
    tfevents_add(&expected, 40,
                 (TfScalar[]){{"network/return", 0.5},
                              {"network/normalised", -0.0005},
                              {"network/length", 7}},
                 3);
    expect_episode(41, -8, 1);
    expect_evaluation(1000, 1011, 1.01);
    expect_episode(1200, -9, 4);
    expect_file("tb/pendulum/far/jsrl/seed-3/events.out.tfevents.0.suite");
}

Test(export_events, without_episodes_or_references_have_the_evaluations_alone)
{
    made_write(&scratch);
    made_collect();
    cr_assert(
        eq(int, export_events(&made_export, made.done.run, test_path("tb"), &err), STATUS_OK));
    tfevents_begin(&expected);
    for (int i = 0; i < 3; i++)
        expect_evaluation(made_step[i], made_step[i] + 2.0, (double)NAN);
    expect_file("tb/pendulum/near/scratch/seed-0/events.out.tfevents.0.suite");
}

Test(export_events, damaged_episodes_are_said_and_nothing_is_written)
{
    made_write(&scratch);
    made_collect();
    char path[PATH_LENGTH];
    cr_assert(
        eq(int, path_format(path, &err, "%s/episodes.csv", made_folder(&scratch)), STATUS_OK));
    test_put_file(path, "episode\n", 8);
    cr_assert(eq(int, export_events(&made_export, made.done.run, test_path("tb"), &err),
                 STATUS_PARSE));
    cr_assert(ne(ptr, strstr(err.message, "episodes.csv:1: not the header"), NULL));
    cr_assert(not(file_exists(test_path("tb"))));
}
