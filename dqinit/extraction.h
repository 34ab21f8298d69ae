/** @file
 * Extraction: from solved source networks and the states they visited to a knowledge base.
 *
 * Layer: dqinit. @source the steps and the five diagnostics are ours (dqinit/README.md): all
 * actions of a visited state are read off the source's network; a cell keeps their mean, count
 * and variance; sources are averaged with equal weight in each cell that they know.
 */
#ifndef DQINIT_EXTRACTION_H
#define DQINIT_EXTRACTION_H

#include "agents/method.h"
#include "dqinit/knowledge_base.h"
#include "suite/core/status.h"

typedef struct TableShape {
    int tilings, bins;
    int least_visits; // states that a source must have seen in a cell to know it
    int states;       // table states wanted
} TableShape;

/**
 * Extract the table of all sources.
 *
 * Every tenth sample of a source is held out of its table. The numbers put into the table, the
 * five diagnostics of a knowledge base among them:
 *   cells, bytes             its size
 *   unseen_mass              Good-Turing estimate of the chance that the next state of a source
 *                            falls into a cell it has not seen (cells seen once over visits)
 *   variance_ratio           variance of Q within cells over its variance overall: what the
 *                            cells cannot tell apart; 0 is best
 *   agreement.SOURCE         share of held-out states where the source's own table and its
 *                            network choose the same action
 *   network_return.SOURCE    the network's greedy return in its own task
 *   table_return.SOURCE      the greedy return of the source's own table there
 *   random_return.SOURCE     the return of random actions there
 *   table_health.SOURCE      (table - random) / (network - random); 1: nothing was lost; 0
 * where the network is no better than chance union_return.SOURCE      the greedy return of the
 * table of all sources there
 *
 * @param[out] kb release with kb_release(), also after a failure
 * @errors STATUS_NOMEM; STATUS_RANGE if there are too many coordinates or cells, or no cell.
 */
MUST_CHECK Status extract(KnowledgeBase *kb, const BuildContext *context, TableShape shape,
                          Error *err);

#endif
