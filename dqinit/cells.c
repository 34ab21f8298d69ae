#include "dqinit/cells.h"

#include "suite/core/check.h"
#include "suite/core/mem.h"

static const int64_t most_cells = (int64_t)1 << 29;

Status cells_init(CellIndex *cells, int64_t capacity, Error *err)
{
    *cells = (CellIndex){0};
    if (capacity < 0 || capacity > most_cells)
        return error_set(err, STATUS_RANGE, "a table of %lld cells is too large",
                         (long long)capacity);

    uint32_t slots = 16;
    while (slots < 2 * (uint64_t)capacity)
        slots *= 2;
    cells->key = mem_array((size_t)capacity, sizeof *cells->key);
    cells->slot = mem_array(slots, sizeof *cells->slot);
    cells->capacity = (int)capacity;
    cells->mask = slots - 1;
    if (cells->key && cells->slot) return STATUS_OK;
    cells_release(cells);
    return error_nomem(err);
}

void cells_release(CellIndex *cells)
{
    mem_free(cells->key);
    mem_free(cells->slot);
    *cells = (CellIndex){0};
}

Status cells_reserve(CellIndex *cells, int64_t capacity, Error *err)
{
    if (capacity <= cells->capacity) return STATUS_OK;

    CellIndex grown;
    Status status = cells_init(&grown, capacity, err);
    if (status != STATUS_OK) return status;
    CHECK(grown.slot);
    for (int i = 0; i < cells->count; i++)
        (void)cells_add(&grown, cells->key[i]);
    cells_release(cells);
    *cells = grown;
    return STATUS_OK;
}

// the bits of neighbouring cells differ in few places; spread them over the slots
static uint32_t spread(uint64_t key)
{
    key ^= key >> 32;
    key *= 0x9e3779b97f4a7c15u; // 2^64 over the golden ratio (Knuth, section 6.4)
    return (uint32_t)(key >> 32);
}

// the slot of `key`, or the free one where it belongs
static uint32_t probe(const CellIndex *cells, uint64_t key)
{
    uint32_t at = spread(key) & cells->mask;
    while (cells->slot[at] && cells->key[cells->slot[at] - 1] != key)
        at = (at + 1) & cells->mask;
    return at;
}

int cells_find(const CellIndex *cells, uint64_t key)
{
    return cells->slot[probe(cells, key)] - 1;
}

int cells_add(CellIndex *cells, uint64_t key)
{
    uint32_t at = probe(cells, key);
    if (cells->slot[at]) return cells->slot[at] - 1;
    if (cells->count == cells->capacity) return -1;
    cells->key[cells->count] = key;
    cells->slot[at] = ++cells->count;
    return cells->count - 1;
}
