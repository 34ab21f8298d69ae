/** @file
 * Solved sources: reading their networks, and distilling them into a method's knowledge file.
 *
 * Layer: run. This is where methods, which know no physics, get states and returns from source
 * tasks. Nothing here touches a target task.
 */
#ifndef SUITE_RUN_SOURCES_H
#define SUITE_RUN_SOURCES_H

#include "suite/core/file.h"
#include "suite/core/status.h"
#include "suite/run/plan.h"
#include "suite/run/policy.h"

/**
 * The sources of one family. What source_set_read() made has each of them twice, one round
 * after the other, so that any of its parts goes on past the end (source_set_part()).
 */
typedef struct SourceSet {
    const MemberList *members;
    const Run **run;    // (count) the source runs, owned array of borrowed pointers
    PolicyFile *policy; // (count) what they learned, owned
    int count;
} SourceSet;

/**
 * Read the policies of all source runs of a family.
 *
 * @param[out] set release with source_set_release(), also after a failure
 * @errors those of policy_read(); STATUS_MISSING if a source run did not finish.
 */
MUST_CHECK Status source_set_read(SourceSet *set, const Plan *plan, const MemberList *members,
                                  Error *err);
void source_set_release(SourceSet *set);

/**
 * Those of a family's sources that @p run learns from: with source.count = n > 0 the n that
 * begin with number seed modulo their count, round and round; otherwise all.
 *
 * @param set what source_set_read() made
 * @return borrowed from @p set; not to be released
 * @pre source.count is at most set->count
 */
SourceSet source_set_part(const SourceSet *set, const Run *run);

/**
 * Name the knowledge file of a run from all it is made from: the method, its settings that
 * shape the file, the family's version and the sources' policies. Writes run->knowledge and
 * run->knowledge_hash. @errors STATUS_NOMEM, STATUS_RANGE.
 */
MUST_CHECK Status knowledge_name(Run *run, const SourceSet *set, const char *out, Error *err);

/**
 * Let the run's method distil the sources into run->knowledge.
 *
 * The states of each source are gathered by its network, exploring as the method's gathering()
 * asks for.
 *
 * @errors what the method's build hook says; STATUS_NOMEM; those of env_new().
 */
MUST_CHECK Status knowledge_build(const Run *run, const SourceSet *set, const char *models,
                                  Error *err);

#endif
