#include "suite/bench/workers.h"

#include <stdio.h>

#include "suite/core/file.h"
#include "suite/run/execute.h"

Status workers_round(const WorkersJob *job, int workers, Series *speed, Error *err)
{
    char seeds[16];
    Override set[] = {{.key = "run.steps"}, {"run.episodes", "1"}};
    (void)snprintf(seeds, sizeof seeds, "%d", job->runs);
    (void)snprintf(set[0].value, sizeof set[0].value, "%d", job->steps);
    Request request = {.models = job->models,
                       .out = job->out,
                       .tasks = job->task,
                       .members = "base",
                       .methods = "scratch",
                       .seeds = seeds,
                       .label = "",
                       .set = set,
                       .set_count = sizeof set / sizeof set[0],
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
        series_add(speed, (double)job->runs * job->steps / took);
        if (status == STATUS_OK && x.failed)
            status = error_set(err, STATUS_WORKER, "%d of %d runs of '%s' failed", x.failed,
                               job->runs, job->task);
    }
    plan_release(&plan);
    return status;
}
