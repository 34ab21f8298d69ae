/** @file
 * CellIndex: 64-bit cell keys to consecutive indices, by open addressing.
 *
 * Layer: dqinit. Exact: two keys never share an index. Keys are given indices 0, 1, 2, ... in
 * the order they are added, so data of the cells lies in plain arrays beside.
 */
#ifndef DQINIT_CELLS_H
#define DQINIT_CELLS_H

#include <stdint.h>

#include "suite/core/status.h"

typedef struct CellIndex {
    uint64_t *key; // (capacity) by index
    int32_t *slot; // (slots) index + 1, 0 if free
    int capacity, count;
    uint32_t mask; // slots - 1
} CellIndex;

/** An empty index for @p capacity cells. @errors STATUS_NOMEM, STATUS_RANGE over 2^29. */
MUST_CHECK Status cells_init(CellIndex *cells, int64_t capacity, Error *err);
void cells_release(CellIndex *cells);

/** Make room for at least @p capacity cells, keeping every index. @errors as cells_init(). */
MUST_CHECK Status cells_reserve(CellIndex *cells, int64_t capacity, Error *err);

/** The index of @p key, or -1. */
int cells_find(const CellIndex *cells, uint64_t key);

/** The index of @p key, added if it is new; -1 if it is new and there is no room. */
int cells_add(CellIndex *cells, uint64_t key);

#endif
