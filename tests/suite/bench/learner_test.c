#include "suite/bench/learner.h"

#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "suite/core/mem.h"

enum { FEATURES = 5, ACTIONS = 3 };

static const DqnSettings settings = {.hidden = 8,
                                     .layers = 2,
                                     .n_step = 3,
                                     .gamma = 0.98,
                                     .lr = 1e-3,
                                     .lr_end = 1.0,
                                     .adam_epsilon = 1e-5,
                                     .batch = 8,
                                     .train_every = 4,
                                     .replay = 500,
                                     .learning_start = 200,
                                     .tau = 0.005,
                                     .huber = 1.0,
                                     .reward_scale = 1.0,
                                     .double_q = true,
                                     .epsilon_low = 0.1,
                                     .epsilon_end = 0.05,
                                     .epsilon_fraction = 0.2};

Test(learner_bench, times_every_part_once_a_round)
{
    LearnerBench *bench;
    static Series us[LEARNER_PARTS];
    cr_assert(
        eq(int, learner_bench_new(&bench, &settings, FEATURES, ACTIONS, NULL), STATUS_OK));
    learner_bench_round(bench, us);
    learner_bench_round(bench, us);
    for (int part = 0; part < LEARNER_PARTS; part++) {
        cr_assert(eq(int, us[part].count, 2), "%s", learner_part_name((LearnerPart)part));
        cr_assert(us[part].value[1] > 0.0, "%s", learner_part_name((LearnerPart)part));
    }
    // a step acts, samples, goes forward and back: an agent that never learned would take less
    cr_assert(
        lt(dbl, us[PART_ACT].value[1] + us[PART_BACKWARD].value[1], us[PART_UPDATE].value[1]));
    learner_bench_free(bench);
}

Test(learner_bench, gives_every_part_a_name_of_its_own)
{
    for (int i = 0; i < LEARNER_PARTS; i++)
        for (int j = 0; j < i; j++)
            cr_assert(strcmp(learner_part_name((LearnerPart)i),
                             learner_part_name((LearnerPart)j)) != 0);
}

Test(learner_bench, fails_without_memory)
{
    LearnerBench *bench = NULL;
    Status status = STATUS_NOMEM;
    int at = 0;
    for (; status == STATUS_NOMEM; at++) {
        mem_fail_at(at);
        status = learner_bench_new(&bench, &settings, FEATURES, ACTIONS, NULL);
        cr_assert(status == STATUS_OK || bench == NULL, "request %d", at);
    }
    cr_assert(eq(int, status, STATUS_OK));
    cr_assert(lt(int, 50, at));
    learner_bench_free(bench);
}
