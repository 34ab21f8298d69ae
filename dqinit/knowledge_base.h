/** @file
 * The knowledge base: compact tabular Q values extracted from solved source tasks.
 *
 * Layer: dqinit. A cell of every tiling holds, for each action, the mean over the sources that
 * know the cell of their networks' Q at the states they visited there (all actions of a state
 * are read off the network, not only the one taken). Beside the cells stand table states: some
 * of the visited states with their features, on which a network can be fitted to the table.
 *
 * @source DQInit (reconstruction from the abstract of arXiv 2508.09277): what crosses tasks is
 * a table of values, from several solved tasks. The form is ours; see dqinit/README.md.
 *
 * Shapes: C = cells, A = actions, S = sources, J = table states, K = coordinates, D = features.
 */
#ifndef DQINIT_KNOWLEDGE_BASE_H
#define DQINIT_KNOWLEDGE_BASE_H

#include <stdint.h>

#include "agents/method.h"
#include "dqinit/cells.h"
#include "dqinit/tilings.h"
#include "suite/core/status.h"

/** Indices of the RNG_METHOD streams that this folder draws from; never renumber. */
enum { STREAM_TABLE_STATES, STREAM_PREFIT, STREAM_REHEARSAL, STREAM_CHANCE };

enum { KB_SOURCES = 255, KB_NUMBERS = 2048, KB_NAME = 64 };

/** What building found out, kept in the file for the records of all runs that use it. */
typedef struct KbNumber {
    char name[KB_NAME];
    double value;
} KbNumber;

typedef struct KnowledgeBase {
    Tilings tilings;
    int action_count, feature_dim;

    CellIndex cells;  // (C)
    float *value;     // (C x A) mean over sources of their mean Q
    float *variance;  // (C) of Q within the cell, mean over actions and sources
    int32_t *visits;  // (C) source states seen there
    uint8_t *sources; // (C) sources that know it, in [1, 255]

    int state_count; // J
    float *features; // (J x D)
    float *coords;   // (J x K)

    KbNumber number[KB_NUMBERS];
    int number_count;
} KnowledgeBase;

/** Write @p kb to a file, whole or not at all. @errors STATUS_IO, STATUS_NOMEM. */
MUST_CHECK Status kb_write(KnowledgeBase *kb, const char *path, Error *err);

/** Read a file that kb_write() wrote. @param[out] kb release with kb_release(), also after a
 *  failure. @errors STATUS_MISSING, STATUS_PARSE, STATUS_NOMEM. */
MUST_CHECK Status kb_read(KnowledgeBase *kb, const char *path, Error *err);
/** Is the file at @p path whole? @errors as kb_read(). */
MUST_CHECK Status kb_check(const char *path, Error *err);

void kb_release(KnowledgeBase *kb);

/**
 * Q of all actions at a point: the mean over the tilings whose cell is known.
 *
 * @param coords (K)
 * @param q      (A) written if any is
 * @return how many of the T tilings know their cell; 0: the table is silent here
 */
int kb_lookup(const KnowledgeBase *kb, const float *coords, float *q);

/** A Policy: the best action by the table, action 0 where it is silent. @p kb a KnowledgeBase.
 */
int kb_greedy(void *kb, const Sight *sight);

/** Bytes that cross tasks: cells and table states, without the hash slots made on reading. */
int64_t kb_bytes(const KnowledgeBase *kb);

#endif
