#include "dqinit/tile_table.h"

#include <math.h>

#include "suite/core/check.h"
#include "suite/core/mem.h"

enum { MOST_CELLS = 1 << 26, MOST_ACTIONS = 4096 };

void tile_table_release(TileTable *table)
{
    cells_release(&table->cells);
    mem_free(table->value);
    mem_free(table->visits);
    *table = (TileTable){0};
}

// -- building

// a table under construction: all cells that were seen, with sums for mean and variance
typedef struct Build {
    const Tilings *tilings;
    int actions;
    CellIndex cells;
    double *mean, *m2; // (capacity x A) by Welford's method
    int32_t *visits;   // (capacity)
    int capacity;
    double total_mean, total_m2; // of all Q values
    int64_t total;
} Build;

static void build_release(Build *b)
{
    cells_release(&b->cells);
    mem_free(b->mean);
    mem_free(b->m2);
    mem_free(b->visits);
}

// room for the cells of one more sample
static Status grow(Build *b, Error *err)
{
    int need = b->cells.count + b->tilings->count;
    if (need <= b->capacity) return STATUS_OK;
    size_t count = (size_t)b->cells.count, capacity = 2 * (size_t)need;
    size_t row = (size_t)b->actions * sizeof(double);
    Status status = cells_reserve(&b->cells, (int64_t)capacity, err);
    if (status != STATUS_OK) return status;

    double *mean = mem_grow(b->mean, count, capacity, row);
    if (mean) b->mean = mean;
    double *m2 = mem_grow(b->m2, count, capacity, row);
    if (m2) b->m2 = m2;
    int32_t *visits = mem_grow(b->visits, count, capacity, sizeof *visits);
    if (visits) b->visits = visits;
    if (!mean || !m2 || !visits) return error_nomem(err);
    b->capacity = (int)capacity;
    return STATUS_OK;
}

static void welford(double x, double count, double *mean, double *m2)
{
    double delta = x - *mean;
    *mean += delta / count;
    *m2 += delta * (x - *mean);
}

static void count_sample(Build *b, const float *coords, const float *q)
{
    float part[TILINGS_DIMS];
    tilings_scale(b->tilings, coords, part);
    for (int t = 0; t < b->tilings->count; t++) {
        int cell = cells_add(&b->cells, tilings_key(b->tilings, t, part));
        CHECK(cell >= 0); // grow() has made room
        double n = ++b->visits[cell];
        for (int a = 0; a < b->actions; a++) {
            size_t at = (size_t)cell * (size_t)b->actions + (size_t)a;
            welford((double)q[a], n, &b->mean[at], &b->m2[at]);
        }
    }
    for (int a = 0; a < b->actions; a++)
        welford((double)q[a], (double)++b->total, &b->total_mean, &b->total_m2);
}

static Status take(TileTable *table, int cells, Error *err)
{
    size_t c = (size_t)cells;
    Status status = cells_init(&table->cells, cells, err);
    if (status != STATUS_OK) return status;
    table->value = mem_array(c, (size_t)table->actions * sizeof *table->value);
    table->visits = mem_array(c, sizeof *table->visits);
    return table->value && table->visits ? STATUS_OK : error_nomem(err);
}

// keep the cells seen often enough; what was found out about all of them
static Status settle(TileTable *table, const Build *b, int least, TileTableNumbers *numbers,
                     Error *err)
{
    size_t actions = (size_t)b->actions;
    int64_t visits = 0, once = 0;
    double within = 0.0, known = 0.0;
    Status status = take(table, b->cells.count, err);

    for (int c = 0; status == STATUS_OK && c < b->cells.count; c++) {
        int32_t n = b->visits[c];
        visits += n;
        once += n == 1;
        if (n < least) continue;
        size_t to = (size_t)cells_add(&table->cells, b->cells.key[c]);
        table->visits[to] = n;
        known += n;
        for (size_t a = 0; a < actions; a++) {
            table->value[to * actions + a] = (float)b->mean[(size_t)c * actions + a];
            within += b->m2[(size_t)c * actions + a] / (double)actions;
        }
    }
    double overall = b->total ? b->total_m2 / (double)b->total : 0.0;
    numbers->unseen_mass = visits ? (double)once / (double)visits : 1.0;
    numbers->variance_ratio = known > 0.0 && overall > 0.0 ? within / known / overall : 0.0;
    return status;
}

Status tile_table_build(TileTable *out, const Tilings *tilings, const float *coords,
                        const float *q, int actions, int n, int least,
                        TileTableNumbers *numbers, Error *err)
{
    Build b = {.tilings = tilings, .actions = actions};
    *out = (TileTable){.actions = actions};
    Status status = cells_init(&b.cells, 0, err);
    for (int i = 0; status == STATUS_OK && i < n; i++) {
        status = grow(&b, err);
        if (status == STATUS_OK)
            count_sample(&b, coords + (size_t)i * (size_t)tilings->dims,
                         q + (size_t)i * (size_t)actions);
    }
    if (status == STATUS_OK) status = settle(out, &b, least, numbers, err);
    build_release(&b);
    return status;
}

// -- using

int tile_table_lookup(const TileTable *table, const Tilings *tilings, const float *coords,
                      float *q)
{
    int hits = 0;
    float part[TILINGS_DIMS];
    tilings_scale(tilings, coords, part);
    for (int t = 0; t < tilings->count; t++) {
        int cell = cells_find(&table->cells, tilings_key(tilings, t, part));
        if (cell < 0) continue;
        const float *value = table->value + (size_t)cell * (size_t)table->actions;
        for (int a = 0; a < table->actions; a++)
            q[a] = (hits ? q[a] : 0.0f) + value[a];
        hits++;
    }
    for (int a = 0; hits && a < table->actions; a++)
        q[a] /= (float)hits;
    return hits;
}

void tile_table_shuffle(TileTable *table, RngStream *rng)
{
    for (int c = 0; c < table->cells.count; c++) {
        float *q = table->value + (size_t)c * (size_t)table->actions;
        for (int last = table->actions - 1; last > 0; last--) {
            int other = rng_below(rng, last + 1);
            float kept = q[last];
            q[last] = q[other];
            q[other] = kept;
        }
    }
}

int64_t tile_table_bytes(const TileTable *table)
{
    int64_t cell = (int64_t)sizeof *table->cells.key + (int64_t)sizeof *table->visits +
                   table->actions * (int64_t)sizeof *table->value;
    return cell * table->cells.count;
}

static void check_values(const TileTable *table, Archive *archive, int cells)
{
    size_t values = (size_t)cells * (size_t)table->actions;
    for (size_t i = 0; i < values && !archive_has_failed(archive); i++)
        if (!isfinite(table->value[i]))
            archive_fail(archive, STATUS_PARSE, "holds a value that is not finite");
}

// the keys' own hash slots are not part of the file
static void index_keys(TileTable *table, Archive *archive, int cells)
{
    for (int i = 0; i < cells && !archive_has_failed(archive); i++)
        if (cells_add(&table->cells, table->cells.key[i]) != i)
            archive_fail(archive, STATUS_PARSE, "holds a cell twice");
}

void tile_table_archive(TileTable *table, Archive *archive)
{
    int cells = table->cells.count;
    archive_int(archive, "tiles.actions", &table->actions, 1, MOST_ACTIONS);
    archive_int(archive, "tiles.cells", &cells, 0, MOST_CELLS);
    uint64_t cell = sizeof *table->cells.key + sizeof *table->visits +
                    (uint64_t)table->actions * sizeof *table->value;
    archive_expect(archive, cell * (uint64_t)cells);
    if (archive_has_failed(archive)) return;
    if (archive_is_reading(archive) && take(table, cells, NULL) != STATUS_OK) {
        archive_fail(archive, STATUS_NOMEM, "holds a table too large for the memory");
        return;
    }
    size_t c = (size_t)cells;
    archive_bytes(archive, "tiles.keys", table->cells.key, c * sizeof *table->cells.key);
    archive_bytes(archive, "tiles.values", table->value,
                  c * (size_t)table->actions * sizeof *table->value);
    archive_bytes(archive, "tiles.visits", table->visits, c * sizeof *table->visits);
    if (!archive_is_reading(archive)) return;
    check_values(table, archive, cells);
    index_keys(table, archive, cells);
}
