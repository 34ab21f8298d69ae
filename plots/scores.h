/** @file
 * The normalised scores that aggregates, profiles and probabilities are made of.
 *
 * Layer: plots. Only what is comparable: a member counts if any column has a score there, and a
 * column if it has one on every such member.
 */
#ifndef PLOTS_SCORES_H
#define PLOTS_SCORES_H

#include "plots/palette.h"
#include "results/aggregate.h"
#include "results/compare.h"

/** Which scores. */
typedef struct ScoreQuestion {
    const Comparison *comparison; // of a normalised collection
    const CompareFamily *family;  // NULL: all of them
    EvalPolicy policy;
    int metric; // index in metric_table
} ScoreQuestion;

/** Scores of each column that has them on all members. */
typedef struct ScoreTable {
    Scores of[PALETTE_COLUMNS];     // (count)
    int style[PALETTE_COLUMNS];     // their places in the palette
    bool spread[PALETTE_COLUMNS];   // has every member two scores: are there intervals?
    int size[PALETTE_COLUMNS];      // scores of each
    int count, members, most, runs; // runs: of all columns; most: the largest size
    double *x;                      // (runs)
    int *strata;                    // (count x members)
} ScoreTable;

/**
 * Gather scores.
 *
 * @param[out] out      release with score_table_release(), also after a failure
 * @param[out] left_out (palette's count) may be NULL: columns of the question left out because
 *                      a member lacks them
 * @errors STATUS_NOMEM.
 */
MUST_CHECK Status score_table_init(ScoreTable *out, const Palette *palette,
                                   const ScoreQuestion *question, bool *left_out, Error *err);
void score_table_release(ScoreTable *table);

/** A stream of its own for the intervals of @p what, whatever else is in the figure. */
RngStream score_stream(const ScoreQuestion *question, const char *what, const char *column);

#endif
