#include "suite/run/cost.h"

#include <math.h>

#include "suite/run/evaluate.h"

static const double second = 1e6;     // us
static const double update_us = 7e-5; // per parameter and row of the batch
static const double rehearsed = 1.25; // rows of an update that rehearses, per row of its batch

// weights and biases of the network
static double param_count(const Run *run)
{
    const DqnSettings *s = &run->settings.agent;
    double hidden = s->hidden;
    return (run->members->family->feature_dim + 1.0) * hidden +
           (s->layers - 1.0) * (hidden + 1.0) * hidden +
           (hidden + 1.0) * run->members->family->action_count;
}

double cost_run(const Run *run)
{
    const TaskFamily *family = run->members->family;
    const DqnSettings *s = &run->settings.agent;
    int64_t at[EVALUATIONS];
    double rows = s->batch * (run->method->rehearse ? rehearsed : 1.0);
    double update = update_us * param_count(run) * rows / s->train_every;
    double judged = (double)evaluation_steps(run->settings.run.steps, at) *
                    run->settings.run.episodes * family->time_limit;
    return (run->settings.run.steps * (family->step_us + update) + judged * family->step_us) /
           second;
}

double cost_knowledge(const Run *run, int sources)
{
    Gathering wish = run->method->gathering(run->settings.own);
    return (double)sources * wish.states * run->members->family->step_us / second;
}

// a run with the longest of the sources that it waits for
static double longest_wait(const Plan *plan, const Run *run)
{
    double source = 0.0;
    for (int i = 0; run->method->needs & METHOD_NEEDS_SOURCES && i < plan->source_count; i++)
        if (plan->run[i].members == run->members && !plan->run[i].is_done)
            source = fmax(source, cost_run(&plan->run[i]));
    return source + cost_run(run);
}

PlanCost cost_plan(const Plan *plan, int workers)
{
    PlanCost cost = {0};
    double longest = 0.0;
    for (int i = 0; i < plan->count; i++) {
        const Run *run = &plan->run[i];
        if (run->is_done) continue;
        cost.cpu_s += cost_run(run);
        longest = fmax(longest, longest_wait(plan, run));
    }
    cost.wall_s = fmax(cost.cpu_s / workers, longest);
    return cost;
}
