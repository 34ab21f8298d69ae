/** @file
 * Made-up knowledge bases whose answers can be worked out by hand: codebooks of constant cells
 * over one coordinate x, which is the one feature too, and two actions.
 */
#ifndef TESTS_DQINIT_MADE_KNOWLEDGE_H
#define TESTS_DQINIT_MADE_KNOWLEDGE_H

#include <stdio.h>

#include <criterion/criterion.h>

#include "dqinit/knowledge_base.h"

enum { MADE_KB_ACTIONS = 2 };

/** Cells at @p at (count) with values @p q (count x 2), for points up to @p reach from one.
 *  Distances between cells should divide the range into parts that divide 65535. */
static inline void made_book(Codebook *b, int count, const float *at, const double *q,
                             float reach)
{
    static const float mean[] = {0.0f}, scale[] = {1.0f}, period[] = {0.0f};
    CodebookShape shape = {.dims = 1,
                           .actions = MADE_KB_ACTIONS,
                           .cells = count,
                           .mean = mean,
                           .scale = scale,
                           .period = period};
    NearestIndex centres;
    cr_assert(codebook_init(b, &shape, NULL) == STATUS_OK);
    cr_assert(nearest_init(&centres, 1, count, period, NULL) == STATUS_OK);
    for (int i = 0; i < count; i++)
        nearest_set(&centres, i, &at[i]);
    codebook_set_centres(b, &centres);
    nearest_release(&centres);
    for (int i = 0; i < count; i++) {
        double level = (q[2 * i] + q[2 * i + 1]) / 2.0;
        const double line[] = {level, q[2 * i] - level, q[2 * i + 1] - level};
        codebook_set_cell(b, i, 1, line);
    }
    b->reach = reach;
    cr_assert(codebook_decode(b, NULL) == STATUS_OK);
}

/** Sources "s0", "s1", ... without tables yet, in either form. */
static inline void made_kb(KnowledgeBase *kb, TableForm form, int sources)
{
    static const float lo[] = {0.0f}, hi[] = {1.0f};
    *kb = (KnowledgeBase){
        .form = form, .action_count = MADE_KB_ACTIONS, .feature_dim = 1, .coord_count = 1};
    tilings_init(&kb->tilings, 1, 4, 10, lo, hi);
    cr_assert(kb_take_sources(kb, sources, NULL) == STATUS_OK);
    for (int s = 0; s < sources; s++)
        (void)snprintf(kb->source[s].member, KB_NAME, "s%d", s);
}

/** Table states at @p x (count). */
static inline void made_states(KnowledgeBase *kb, int count, const float *x)
{
    cr_assert(table_states_init(&kb->states, count, 1, 1, NULL) == STATUS_OK);
    for (int j = 0; j < count; j++)
        table_states_put(&kb->states, j, &x[j], &x[j]);
    table_states_pack(&kb->states, count);
}

#endif
