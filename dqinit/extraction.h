/** @file
 * Extraction: from solved source networks and the states they visited to a knowledge base.
 *
 * Layer: dqinit. @source the steps and the diagnostics are ours (dqinit/README.md): all actions
 * of a visited state are read off the source's network, and a table is made of them.
 *
 * Shapes: S = sources, n = samples of a source, J = table states.
 */
#ifndef DQINIT_EXTRACTION_H
#define DQINIT_EXTRACTION_H

#include "agents/method.h"
#include "dqinit/knowledge_base.h"
#include "suite/core/status.h"

typedef struct TableShape {
    TableForm form;
    int states;  // J wanted
    bool merged; // one table of all sources' mean, or where states are not shared, of all their
                 // samples; else one of each
    bool shared; // every source answers at the states of all of them, not at its own alone:
                 // right only where an observation does not tell in which task it was made

    // codebook
    int cells;     // of all sources together, at most
    int64_t bytes; // of cells and states together, at most
    bool slopes;

    // tilings
    int tilings, bins;
    int least_visits; // states that a source must have seen in a cell to know it
} TableShape;

/**
 * Extract the tables of all sources.
 *
 * Every tenth sample of a source is held out of its table. The numbers put into the knowledge
 * base:
 *   cells, bytes             its size
 *   unseen_mass              share of a source's states that its table is silent about: on
 *                            tilings the Good-Turing estimate (cells seen once over visits),
 *                            for a codebook counted on those held out; mean over sources
 *   variance_ratio           variance of Q that the table cannot tell over its whole variance:
 *                            within cells on tilings, around the table's values on states held
 *                            out for a codebook; 0 is best; mean over sources
 *   agreement.SOURCE         share of held-out states where the source's own table and its
 *                            network choose the same action
 *   network_return.SOURCE    the network's greedy return in its own task
 *   table_return.SOURCE      the greedy return of the source's own table there
 *   random_return.SOURCE     the return of random actions there
 *   table_health.SOURCE      (table - random) / (network - random); 1: nothing was lost; 0
 *                            where the network is no better than chance
 *   own_residual             root mean square of the table's Bellman errors on the sources' own
 *                            steps, dqinit/credence.h; mean of the squares over sources
 *   union_return.SOURCE      the greedy return of the mean of all sources' tables there
 *
 * @param[out] kb release with kb_release(), also after a failure
 * @errors STATUS_NOMEM; STATUS_RANGE if there are too many coordinates, cells or sources, if
 *         the bytes do not suffice for a cell a source, if no cell is known, or if none of the
 *         states drawn is in one.
 */
MUST_CHECK Status extract(KnowledgeBase *kb, const BuildContext *context, TableShape shape,
                          Error *err);

#endif
