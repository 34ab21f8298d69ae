/** @file
 * Live: a run that is being made, and a copy of it that can be watched.
 *
 * Layer: view. A process of its own makes the run with all that it needs: `suite run`, unaware
 * of anyone who looks on. Beside it the viewer trains a copy: the same plan gives the same
 * bits, so that after the same number of steps the copy is what the run was. What is watched,
 * slowed down or stopped is the copy; the run's files come from the other.
 */
#ifndef SUITE_VIEW_LIVE_H
#define SUITE_VIEW_LIVE_H

#include <stdint.h>

#include "suite/core/status.h"
#include "suite/run/plan.h"
#include "suite/run/trainer.h"

typedef struct Live Live; // opaque

/** What is to be made; borrowed for the life of the Live. */
typedef struct LiveSpec {
    Plan *plan;               // of one target run, with the sources it needs
    const char *models, *out; // folders
    const char *program;      // path of this one, whose `suite run` makes the run
    const char *const *words; // "suite", "run" and so on, which make that plan; ends with NULL
} LiveSpec;

/**
 * Begin to make the run.
 *
 * @param[out] out release with live_free()
 * @errors STATUS_IO if no process can be begun; STATUS_NOMEM.
 */
MUST_CHECK Status live_new(Live **out, const LiveSpec *spec, Error *err);

/** Stop making the run if it is not complete; `suite run` completes it then. NULL is
 *  allowed. */
void live_free(Live *live);

/** The run that is made. */
const Run *live_run(const Live *live);

/** The copy's agent, good until live_go_on() is called again; NULL until the sources and what
 *  is distilled from them are there. */
Agent *live_agent(const Live *live);

/**
 * Look how the run goes, begin the copy when it can begin, and train it on.
 *
 * @param steps of the copy to make, fewer at the end of its budget
 * @errors those of plan_look(), source_set_read(), knowledge_name(), trainer_init() and
 *         trainer_choose(); STATUS_WORKER if the run failed.
 */
MUST_CHECK Status live_go_on(Live *live, int steps, Error *err);

/** How many sources the run waits for, and how many of them were trained when they were last
 *  looked at. */
int live_sources(const Live *live, int *trained);

/** The copy's steps so far. */
int64_t live_step(const Live *live);

/** Is the run complete, all its files written? As live_go_on() saw it last. */
bool live_is_made(const Live *live);

#endif
