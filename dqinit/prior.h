/** @file
 * The prior: how the answers of several sources become one Q_init at a point.
 *
 * Layer: dqinit. Each source answers with the Q of all actions where its table has support,
 * near enough to a cell, and is silent elsewhere; the prior is silent where all of them are.
 * What a silent codebook would say of its nearest cells is a guess that a policy can act on,
 * for act it must, and that nothing should be held to. With w_s the weight of source s (equal
 * unless dqinit/source_weights.h says otherwise), over the sources that answer:
 *
 *     union    the nearest cells of all codebooks at once, by distance and w_s: who knows the
 *              region speaks; on tilings the same as mean
 *     mean     sum_s w_s Q_s / sum_s w_s
 *     max      max_s Q_s for each action (MaxQInit, Abel et al. 2018; no PAC guarantee here,
 *              which needs far more sources)
 *     nearest  the one source whose task's parameters are nearest: an oracle, for ablations
 *     ucoi     mean + lambda (max - mean), lambda = u (1 - confidence), u = s / (s + s0), s the
 *              standard deviation over sources, s0 its median over the table states,
 *              confidence = 1 - (1 - 1/S)^k with k sources answering; in the spirit of the
 *              abstract of UCOI (Mehimeh 2023, doi:10.1016/j.knosys.2023.111036), not its
 *              formula, which was not available
 *
 * A merged knowledge base has one table, of all sources, and all of these but the union's
 * choice of cells come to its answer.
 *
 * By networks: the sources' networks answer in their tables' place, everywhere; the control
 * that tells what the table loses.
 *
 * Shapes: S = sources, A = actions, D = features, K = coordinates.
 */
#ifndef DQINIT_PRIOR_H
#define DQINIT_PRIOR_H

#include "dqinit/knowledge_base.h"
#include "dqinit/knownness.h"
#include "dqinit/tile_places.h"

typedef enum Aggregate {
    AGGREGATE_UNION,
    AGGREGATE_MEAN,
    AGGREGATE_MAX,
    AGGREGATE_NEAREST,
    AGGREGATE_UCOI
} Aggregate;
#define AGGREGATE_NAMES "union|mean|max|nearest|ucoi"

typedef struct PriorShape {
    Aggregate how;
    int neighbours;              // cells of a codebook that answer, 1 .. PLACE_CELLS
    int known_tilings;           // of the places, where the table is on tilings
    int64_t points;              // that places will be asked for, at most; likewise
    bool networks;               // by networks
    const TrainedSource *source; // (source_count) in the order of the knowledge base, of which
                                 // they are the sources unless it is merged; NULL: without
    int source_count;
} PriorShape;

typedef struct Prior {
    const KnowledgeBase *kb; // borrowed
    PriorShape shape;
    int sources;                // S: that answer
    double weight[KB_SOURCES];  // w_s, sum to 1
    int first_cell[KB_SOURCES]; // of each codebook among the cells of all
    int nearest;                // source
    double spread;              // s0

    TilePlaces places;     // on tilings
    Workspace *work;       // (S) by networks
    float *answer;         // (S x A)
    struct NearCells *own; // (codebooks) nearest to what each was last searched for
} Prior;

/** @param[out] prior release with prior_release(), also after a failure @errors STATUS_NOMEM,
 *  STATUS_MISMATCH if the sources are others than the knowledge base's. */
MUST_CHECK Status prior_init(Prior *prior, const KnowledgeBase *kb, PriorShape shape,
                             Error *err);
void prior_release(Prior *prior);

/**
 * Q_init at a point.
 *
 * @param q (A) a guess where the prior is silent, zeros where it has none
 * @return how many sources answered, or for a union cells; 0: the prior is silent here
 */
int prior_at(Prior *prior, const float *features, const float *coords, float *q);

/** The same, and where the point lies among the cells that visits are counted in. It leaves
 *  nothing behind: on tilings some cells that were never looked at may be missing, and with
 *  them their part of the weight. */
int prior_glance(Prior *prior, const float *features, const float *coords, float *q,
                 Place *place);

/** The same of a point that the agent was at: on tilings its cells are numbered if they are
 *  new. */
int prior_look(Prior *prior, const float *features, const float *coords, float *q,
               Place *place);

/** What source @p s alone answers; false: it is silent, and @p q (A) a guess or, on tilings, as
 *  it was. */
bool prior_of(Prior *prior, int s, const float *features, const float *coords, float *q);

/** Cells that places name are below this. */
int prior_cells(const Prior *prior);

#endif
