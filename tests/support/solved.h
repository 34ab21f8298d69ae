/** @file
 * Solved sources for testing what a run does with them: a family's own source members, with
 * networks whose actions are known.
 */
#ifndef TESTS_SUPPORT_SOLVED_H
#define TESTS_SUPPORT_SOLVED_H

#include "suite/run/sources.h"

enum { SOLVED_MOST = 4 };

typedef struct Solved {
    Run run[SOLVED_MOST];
    const Run *at[SOLVED_MOST];
    PolicyFile policy[SOLVED_MOST]; // score 10 + index
    SourceSet set;
} Solved;

/** Fill @p solved in place (it points into itself) with the first @p count sources of the
 * family of @p target, whose settings they share; every network always takes action 0. */
void solved_init(Solved *solved, const Run *target, int count);
void solved_release(Solved *solved);

/** Let source @p index always take @p action. */
void solved_always(Solved *solved, int index, int action);

/** Let source @p index act by random weights. */
void solved_at_random(Solved *solved, int index);

#endif
