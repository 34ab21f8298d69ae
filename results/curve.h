/** @file
 * The curves of a run: evals.csv and episodes.csv in its folder, beside run.json.
 *
 * Layer: results.
 */
#ifndef RESULTS_CURVE_H
#define RESULTS_CURVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "suite/core/status.h"

enum { EVAL_ROWS = 4096, EVAL_EPISODES = 4096 }; // of a curve that is read: at most

typedef enum EvalPolicy { POLICY_DEPLOYED, POLICY_NETWORK } EvalPolicy;

/** @return "deployed" or "network". */
const char *policy_name(EvalPolicy policy);

/** One greedy evaluation. `network` rows exist only where the deployed policy is another. */
typedef struct EvalRow {
    int64_t step; // training steps made before it
    EvalPolicy policy;
    int episodes;
    double mean, std, min, max; // of the returns; std divides by episodes
    double length;              // mean control steps of an episode
    int diverged;               // episodes that the physics ended
    double *returns;            // (episodes)
} EvalRow;

/** What an evaluation saw. */
typedef struct EvalSample {
    const double *returns; // (episodes), borrowed
    int episodes;          // > 0
    double length;         // mean control steps of an episode
    int diverged;          // episodes that the physics ended
} EvalSample;

/** evals.csv: step,policy,episodes,mean,std,min,max,length,diverged,returns (returns by ';').
 */
typedef struct EvalCurve {
    EvalRow *row; // (count), steps strictly ascending within a policy
    int count, capacity;
    double *returns; // (capacity x episodes) all rows' returns, one slab
    int episodes;    // per row at most
} EvalCurve;

/** Room for @p capacity rows of at most @p episodes; adding never allocates. */
MUST_CHECK Status eval_curve_init(EvalCurve *curve, int capacity, int episodes, Error *err);
void eval_curve_release(EvalCurve *curve);

/**
 * Append an evaluation, computing its statistics from its returns.
 *
 * @pre there is room, and the step is larger than the policy's last one. Checked.
 */
void eval_curve_add(EvalCurve *curve, int64_t step, EvalPolicy policy,
                    const EvalSample *sample);

/** The deployed policy's first evaluation after @p previous (NULL: of all); NULL at the end. */
const EvalRow *eval_curve_next(const EvalCurve *curve, const EvalRow *previous);

/** The evaluation of @p policy in the place of a deployed one: its own at the same step, or
 *  where there is none, that one itself. */
const EvalRow *eval_curve_seen_by(const EvalCurve *curve, EvalPolicy policy,
                                  const EvalRow *deployed);

/**
 * Write FOLDER/evals.csv, whole or not at all.
 *
 * @errors STATUS_RANGE if a number in it is not finite; STATUS_IO, STATUS_NOMEM.
 */
MUST_CHECK Status eval_curve_write(const EvalCurve *curve, const char *folder, Error *err);

/**
 * Read FOLDER/evals.csv. A row whose statistics disagree with its returns is refused.
 *
 * @param[out] out release with eval_curve_release(), also after a failure
 * @errors STATUS_MISSING; STATUS_PARSE with file and line for anything else than was written;
 *         STATUS_RANGE over 16 MiB; STATUS_IO, STATUS_NOMEM.
 */
MUST_CHECK Status eval_curve_read(EvalCurve *out, const char *folder, Error *err);

/** eval_curve_read() of @p size bytes; @p name stands for the file in messages. */
MUST_CHECK Status eval_curve_parse(EvalCurve *out, const char *text, size_t size,
                                   const char *name, Error *err);

/** One finished training episode. */
typedef struct EpisodeRow {
    int64_t step; // training steps made when it ended
    double episode_return;
    int length;
    bool terminated, truncated; // both false: diverged
} EpisodeRow;

/**
 * Write FOLDER/episodes.csv: episode,step,return,length,terminated,truncated; episodes from 0,
 * truths as 0 and 1. @errors STATUS_RANGE if a return is not finite; STATUS_IO, STATUS_NOMEM.
 */
MUST_CHECK Status episodes_write(const EpisodeRow *row, int count, const char *folder,
                                 Error *err);

/** The training episodes of a run. */
typedef struct EpisodeList {
    EpisodeRow *row; // (count), owned; steps never descend
    int count;
} EpisodeList;

/**
 * Read FOLDER/episodes.csv.
 *
 * @param[out] out release with episodes_release(), also after a failure
 * @errors STATUS_MISSING; STATUS_PARSE with file and line for anything else than was written;
 *         STATUS_RANGE over 16 MiB; STATUS_IO, STATUS_NOMEM.
 */
MUST_CHECK Status episodes_read(EpisodeList *out, const char *folder, Error *err);
void episodes_release(EpisodeList *list);

/** episodes_read() of @p size bytes; @p name stands for the file in messages. */
MUST_CHECK Status episodes_parse(EpisodeList *out, const char *text, size_t size,
                                 const char *name, Error *err);

#endif
