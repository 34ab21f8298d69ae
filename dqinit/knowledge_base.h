/** @file
 * The knowledge base: compact tabular Q values extracted from solved source tasks.
 *
 * Layer: dqinit. It holds a table of each source, on tilings or as a codebook, and table
 * states: some of the states visited in the sources, with the features that a network can be
 * fitted on. How the sources' answers become one prior is no part of it (dqinit/prior.h), so
 * that one file serves all ways.
 *
 * @source DQInit (reconstruction from the abstract of arXiv 2508.09277): what crosses tasks is
 * a table of values, from several solved tasks. The form is ours; see dqinit/README.md.
 *
 * Shapes: S = sources, A = actions, J = table states, K = coordinates, D = features.
 */
#ifndef DQINIT_KNOWLEDGE_BASE_H
#define DQINIT_KNOWLEDGE_BASE_H

#include <stdint.h>

#include "agents/method.h"
#include "dqinit/codebook.h"
#include "dqinit/table_states.h"
#include "dqinit/tile_table.h"
#include "suite/core/status.h"

/** Indices of the RNG_METHOD streams that this folder draws from; never renumber. */
enum {
    STREAM_TABLE_STATES,
    STREAM_PREFIT,
    STREAM_REHEARSAL,
    STREAM_CHANCE,
    STREAM_CODEBOOK,
    STREAM_SHUFFLE,
    STREAM_REFIT
};

enum { KB_SOURCES = 64, KB_NUMBERS = 2048, KB_NAME = 64 };

typedef enum TableForm { TABLE_CODEBOOK, TABLE_TILINGS } TableForm;

/** What building found out, kept in the file for the records of all runs that use it. */
typedef struct KbNumber {
    char name[KB_NAME];
    double value;
} KbNumber;

/** A source's table, in the knowledge base's form. */
typedef struct SourceTable {
    char member[KB_NAME];
    TileTable tiles;
    Codebook book;
} SourceTable;

typedef struct KnowledgeBase {
    int form; // TableForm
    int action_count, feature_dim, coord_count;
    Tilings tilings; // of tables in that form, and of their places

    SourceTable *source; // (source_count); where they are merged a single one, of all of them
    int source_count;
    int merged; // bool
    TableStates states;

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

/** Make room for @p count sources' tables. @errors STATUS_NOMEM. */
MUST_CHECK Status kb_take_sources(KnowledgeBase *kb, int count, Error *err);

/** Permute the actions of every cell: a control. */
void kb_shuffle(KnowledgeBase *kb, RngStream *rng);

/** Cells of all sources. */
int kb_cells(const KnowledgeBase *kb);

/** Bytes that cross tasks: all tables and table states. */
int64_t kb_bytes(const KnowledgeBase *kb);

/** A number that was remembered without a source; NaN if there is none of that name. */
double kb_number(const KnowledgeBase *kb, const char *name);

/** Remember a number for the records; @p source may be NULL. @pre there is room. */
void kb_put_number(KnowledgeBase *kb, const char *name, const char *source, double value);

#endif
