/** @file
 * What runs cost: rough estimates of CPU time, to order them and to plan by.
 *
 * Layer: run. The nominal numbers, here and in TaskFamily.step_us, were measured on one core of
 * an Intel Xeon of 2.6 GHz with AVX-512 (family 6, model 167), with small networks; nothing but
 * order and estimates depends on them. README's table of CPU times is of that machine too, and
 * the estimates come within a quarter of it. Of runs of a few thousand steps they say too
 * little: what a run or a method does once is not counted.
 */
#ifndef SUITE_RUN_COST_H
#define SUITE_RUN_COST_H

#include "suite/run/plan.h"

/** CPU seconds of a run: physics and updates of its budget, and its evaluations, each episode
 *  at its longest. */
double cost_run(const Run *run);

/** CPU seconds of gathering the states that a run's knowledge is built from.
 *  @pre its method has build() */
double cost_knowledge(const Run *run, int sources);

typedef struct PlanCost {
    double cpu_s;  // of all runs that are not done
    double wall_s; // with all workers at work, but no less than a source and a run after it
} PlanCost;

/** What is left of a plan; what is distilled from the sources is left out as small.
 *  @param workers each with a core of its own, > 0 */
PlanCost cost_plan(const Plan *plan, int workers);

#endif
