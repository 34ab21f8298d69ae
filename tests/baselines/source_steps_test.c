#include "baselines/source_steps.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/baselines/made_steps.h"
#include "tests/support/folder.h"

static Bench bench;
static MadeSteps made;
static SourceSteps steps;

static void setup(void)
{
    test_folder_make();
    bench_init(&bench, &method_distill);
    made_steps_init(&made, &bench, test_path("steps"));
}

static void teardown(void)
{
    source_steps_release(&steps);
    bench_release(&bench);
    test_folder_remove();
}

TestSuite(source_steps, .init = setup, .fini = teardown);

static Status build(void)
{
    return source_steps_build(&made.context, NULL);
}

static Status read(int index)
{
    source_steps_release(&steps);
    return source_steps_read(&steps, made.context.path, index, NULL);
}

Test(source_steps, are_read_as_they_were_written)
{
    cr_assert(eq(int, build(), STATUS_OK));
    cr_assert(eq(int, source_steps_check(made.context.path, NULL), STATUS_OK));
    for (int s = 0; s < BENCH_SOURCES; s++) {
        size_t n = (size_t)made.task[s].sample_count;
        cr_assert(eq(int, read(s), STATUS_OK));
        cr_assert(strcmp(steps.member, made.task[s].member) == 0);
        cr_assert(eq(int, steps.count, (int)n));
        cr_assert(eq(int, steps.feature_dim, CHAIN_FEATURES));
        cr_assert(eq(int, steps.action_count, CHAIN_ACTIONS));
        cr_assert(memcmp(steps.features, made.features, 2 * n * sizeof(float)) == 0);
        cr_assert(memcmp(steps.next_features, made.next_features, 2 * n * sizeof(float)) == 0);
        cr_assert(memcmp(steps.reward, made.reward, n * sizeof(float)) == 0);
        cr_assert(memcmp(steps.action, made.action, n * sizeof(int32_t)) == 0);
        cr_assert(memcmp(steps.end, made.end, n) == 0);
        cr_assert(eq(dbl, steps.teacher_return, made.teacher_return[s]));
        cr_assert(eq(dbl, steps.random_return, made.random_return[s]));
    }
}

Test(source_steps, are_valued_by_each_source_s_own_network_and_by_chance)
{
    Workspace work;
    cr_assert(eq(int, build(), STATUS_OK));
    cr_assert(eq(int, made.asked, 2 * BENCH_SOURCES));
    for (int s = 0; s < BENCH_SOURCES; s++) {
        cr_assert(eq(int, workspace_init(&work, &bench.network[s], 1, NULL), STATUS_OK));
        for (int at = 0; at < 2; at++) {
            float x[CHAIN_FEATURES];
            bench_look(at ? CHAIN_PLACES : 0, x);
            cr_assert(eq(int, made.seen[s][at], network_best(&bench.network[s], &work, x)));
        }
        cr_assert(made.both[s]);
        workspace_release(&work);
    }
}

static int by_size(const void *a, const void *b)
{
    return (*(const float *)a > *(const float *)b) - (*(const float *)a < *(const float *)b);
}

Test(source_steps, have_the_median_gap_of_the_two_best_actions)
{
    float gap[MADE_STEPS];
    Workspace work;
    cr_assert(eq(int, workspace_init(&work, &bench.network[0], 1, NULL), STATUS_OK));
    for (int i = 0; i < MADE_STEPS; i++) {
        const float *q =
            network_forward(&bench.network[0], &work, made.features + i * CHAIN_FEATURES, 1);
        gap[i] = fabsf(q[1] - q[0]);
    }
    qsort(gap, MADE_STEPS, sizeof gap[0], by_size);
    cr_assert(eq(int, build(), STATUS_OK));
    cr_assert(eq(int, read(0), STATUS_OK));
    cr_assert(lt(dbl, 0.0, steps.action_gap));
    cr_assert(eq(dbl, steps.action_gap, (double)gap[MADE_STEPS / 2]));
    workspace_release(&work);
}

Test(source_steps, forget_where_physics_diverged_to)
{
    made.end[7] = STEP_DIVERGED;
    made.next_features[7 * CHAIN_FEATURES] = NAN;
    cr_assert(eq(int, build(), STATUS_OK));
    cr_assert(eq(int, read(0), STATUS_OK));
    cr_assert(steps.next_features[7 * CHAIN_FEATURES] == 0.0f);
}

Test(source_steps, are_not_written_if_they_cannot_be)
{
    made.action[3] = CHAIN_ACTIONS;
    cr_assert(eq(int, build(), STATUS_PARSE));
    made.action[3] = -1;
    cr_assert(eq(int, build(), STATUS_PARSE));
    made.action[3] = 0;
    made.end[3] = STEP_DIVERGED + 1;
    cr_assert(eq(int, build(), STATUS_PARSE));
    made.end[3] = STEP_GOES_ON;
    made.reward[3] = INFINITY;
    cr_assert(eq(int, build(), STATUS_PARSE));
    made.reward[3] = 0.0f;
    made.features[3] = NAN;
    cr_assert(eq(int, build(), STATUS_PARSE));
    made.features[3] = 0.0f;
    made.teacher_return[0] = NAN;
    cr_assert(eq(int, build(), STATUS_PARSE));
    cr_assert(eq(int, test_folder_count(), 0));
}

Test(source_steps, are_refused_from_a_file_that_is_damaged_anywhere)
{
    static char bytes[100000];
    cr_assert(eq(int, build(), STATUS_OK));
    FILE *file = fopen(made.context.path, "rb");
    size_t size = fread(bytes, 1, sizeof bytes, file);
    (void)fclose(file);
    cr_assert(lt(sz, size, sizeof bytes));

    for (size_t at = 0; at < size; at += 97) {
        bytes[at] = (char)(bytes[at] ^ 0x10);
        test_put_file(test_path("damaged"), bytes, size);
        SourceSteps none;
        cr_assert(
            eq(int, source_steps_read(&none, test_path("damaged"), 1, NULL), STATUS_PARSE));
        cr_assert(eq(int, source_steps_check(test_path("damaged"), NULL), STATUS_PARSE));
        source_steps_release(&none);
        bytes[at] = (char)(bytes[at] ^ 0x10);
    }
    test_put_file(test_path("damaged"), bytes, size / 2);
    cr_assert(eq(int, source_steps_check(test_path("damaged"), NULL), STATUS_PARSE));
}

Test(source_steps, are_refused_where_they_are_not)
{
    cr_assert(eq(int, read(0), STATUS_MISSING));
    cr_assert(eq(int, build(), STATUS_OK));
    cr_assert(eq(int, read(BENCH_SOURCES), STATUS_MISMATCH));
}

Test(source_steps, can_run_out_of_memory_at_any_request)
{
    Status status = STATUS_NOMEM;
    for (int nth = 0; status != STATUS_OK; nth++) {
        mem_fail_at(nth);
        status = build();
        mem_fail_at(-1);
        cr_assert(status == STATUS_NOMEM || status == STATUS_OK, "%s", status_name(status));
        cr_assert(lt(int, nth, 200));
    }
    status = STATUS_NOMEM;
    for (int nth = 0; status != STATUS_OK; nth++) {
        mem_fail_at(nth);
        status = read(1);
        mem_fail_at(-1);
        cr_assert(status == STATUS_NOMEM || status == STATUS_OK, "%s", status_name(status));
        cr_assert(lt(int, nth, 200));
    }
}
