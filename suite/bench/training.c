#include "suite/bench/training.h"

#include "suite/core/file.h"

Status training_bench_init(TrainingBench *b, const Run *run, const char *models, Error *err)
{
    *b = (TrainingBench){.run = *run};
    int start = run->settings.agent.learning_start;
    b->run.settings.run.steps = start + (ROUNDS_MAX + 1) * TRAINING_CHUNK;
    Status status = trainer_init(&b->trainer, &b->run, models, err);
    for (int i = 0; status == STATUS_OK && i < start + TRAINING_CHUNK; i++)
        (void)trainer_step(&b->trainer);
    return status;
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
