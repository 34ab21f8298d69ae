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
 * Read the references of a family; without a file there are none.
 *
 * @param[out] out release with reference_release(), also after a failure
 * @errors those of reference_read() but STATUS_MISSING.
 */
MUST_CHECK Status references_read(ReferenceList *out, const char *models, const char *family,
                                  Error *err);

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

/** Does a score fall short of the references of its member? False where there are none.
 *  @param[out] normalised the score normalised, NaN if unknown */
bool references_short(const ReferenceList *list, const char *member, double score,
                      double *normalised);

#endif
