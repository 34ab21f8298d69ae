#include "suite/bench/workers.h"

#include <stdio.h>

#include "suite/core/file.h"
#include "suite/run/execute.h"

Status workers_round(const WorkersJob *job, int workers, Series *speed, Error *err)
{
    char seeds[16];
    (void)snprintf(seeds, sizeof seeds, "%d", job->runs);
    Request request = {.models = job->models,
                       .out = job->out,
                       .tasks = job->task,
                       .members = "base",
                       .methods = "scratch",
                       .seeds = seeds,
                       .label = "",
                       .set = job->set,
                       .set_count = job->set_count,
                       .fresh = true};
    Plan plan;
    Status status = plan_make(&plan, &request, err);
    if (status == STATUS_OK) {
        Execution x = {.plan = &plan,
                       .models = job->models,
                       .out = job->out,
                       .workers = workers,
                       .fresh = true};
        double began = clock_wall_s();
        status = plan_execute(&x, err);
        double took = clock_wall_s() - began;
        series_add(speed, (double)plan.count * plan.run[0].settings.run.steps / took);
        if (status == STATUS_OK && x.failed)
            status = error_set(err, STATUS_WORKER, "%d of %d runs of '%s' failed", x.failed,
                               job->runs, job->task);
    }
    plan_release(&plan);
    return status;
}
