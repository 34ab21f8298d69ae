/** @file
 * The references of a family (results/reference.h) as runs use them: finding the file, playing
 * at random for a new one, and judging sources.
 *
 * Layer: run.
 */
#ifndef SUITE_RUN_REFERENCES_H
#define SUITE_RUN_REFERENCES_H

#include <stdbool.h>

#include "results/reference.h"
#include "suite/core/file.h"
#include "suite/run/plan.h"

/** The path MODELS/<family>/references.json. @errors STATUS_RANGE. */
MUST_CHECK Status references_path(char path[PATH_LENGTH], const char *models,
                                  const char *family, Error *err);

/**
 * Read the references of a family; without a file there are none. They are of the tasks of the
 * family's own members, at its own settings; to a member that it no longer has they are lost.
 *
 * @param[out] out release with reference_release(), also after a failure
 * @errors those of reference_read() but STATUS_MISSING; those of plan_read_members().
 */
MUST_CHECK Status references_read(ReferenceList *out, const char *models,
                                  const TaskFamily *family, Error *err);

/**
 * Play a run's member with uniformly random actions, at the settings of the run.
 *
 * Episode i has a key of its own, that of (family, member, i): its start state comes from
 * purpose RNG_EVALUATE, series SERIES_RANDOM, its actions from purpose RNG_RANDOM, index 0. So
 * it is the same however many there are, and whatever seeds runs have.
 *
 * @param[out] mean the mean return; episodes that the physics ended count as in evaluate()
 * @errors those of env_new(); STATUS_INTERRUPTED, STATUS_NOMEM.
 */
MUST_CHECK Status references_random(double *mean, const Run *run, const char *models,
                                    int episodes, Error *err);

/** What references are made from. */
typedef struct ReferenceMaking {
    const Plan *plan;       // one run for each member
    const Collection *runs; // of collect_finish(), of all roles: the long runs among them
    const char *column;     // theirs
    const char *models;     // folder
    int episodes;           // of each member at random, > 0
} ReferenceMaking;

/**
 * Make the references of a family of the plan: the long part from finished runs, then the
 * random part by playing.
 *
 * @param[out] out release with reference_release(), also after a failure
 * @errors those of reference_long() and references_random().
 */
MUST_CHECK Status references_make(ReferenceList *out, const ReferenceMaking *making,
                                  const MemberList *members, Error *err);

/**
 * A score of a run's policy normalised by the run's references; NaN where there are none of its
 * task. @errors STATUS_NOMEM.
 */
MUST_CHECK Status references_score(double *normalised, const Run *run, double score,
                                   Error *err);

/** Is a normalised score too low for a source? NaN is not. */
bool references_short(double normalised);

#endif
