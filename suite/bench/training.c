#include "suite/bench/training.h"

#include "suite/core/file.h"

Status training_bench_init(TrainingBench *b, const Run *run, const SourceSet *set,
                           const char *models, Error *err)
{
    *b = (TrainingBench){.run = *run,
                         .warm_up = run->settings.agent.learning_start / TRAINING_CHUNK + 2};
    b->run.settings.run.steps = (b->warm_up + ROUNDS_MAX) * (TRAINING_CHUNK + EXPERIENCE_STEPS);
    return trainer_init(&b->trainer, &b->run, set, models, err);
}

void training_bench_release(TrainingBench *b)
{
    trainer_release(&b->trainer);
}

void training_bench_round(TrainingBench *b, Series *us)
{
    double began = clock_cpu_s();
    for (int i = 0; i < TRAINING_CHUNK; i++) {
        (void)trainer_step(&b->trainer);
        b->action[i] = b->trainer.action;
    }
    series_add(us, (clock_cpu_s() - began) / TRAINING_CHUNK * 1e6);
}

void training_bench_learn(TrainingBench *b, const Experience *experience, Series *us)
{
    double began = clock_cpu_s();
    for (int i = 0; i < EXPERIENCE_STEPS; i++) {
        const Transition *t = &experience->step[i];
        Sight sight = {.features = t->obs,
                       .coords = t->coords,
                       .elapsed = experience->elapsed[i],
                       .training = true};
        (void)agent_act(b->trainer.agent, &sight);
        agent_observe(b->trainer.agent, t);
    }
    series_add(us, (clock_cpu_s() - began) / EXPERIENCE_STEPS * 1e6);
}
