#include "dqinit/knownness.h"

#include <math.h>

#include "suite/core/check.h"
#include "suite/core/mem.h"

Status knownness_init(Knownness *known, const Tilings *tilings, KnownnessShape shape,
                      int64_t steps, int watched, Error *err)
{
    int count = shape.tilings < tilings->count ? shape.tilings : tilings->count;
    *known = (Knownness){.tilings = *tilings,
                         .count = count < KNOWN_TILINGS ? count : KNOWN_TILINGS,
                         .half = shape.half,
                         .memory = shape.memory};

    // no more cells than there are, however long the run
    double there_are = pow(tilings->bins + 1, tilings->dims);
    double needed = fmin((double)(steps + watched), there_are);
    Status status = cells_init(&known->cells, (int64_t)(known->count * needed), err);
    if (status != STATUS_OK) return status;
    known->visits = mem_array((size_t)known->cells.capacity, sizeof *known->visits);
    known->kappa = mem_array((size_t)known->cells.capacity, sizeof *known->kappa);
    return known->visits && known->kappa ? STATUS_OK : error_nomem(err);
}

void knownness_release(Knownness *known)
{
    cells_release(&known->cells);
    mem_free(known->visits);
    mem_free(known->kappa);
    *known = (Knownness){0};
}

static void set_kappa(Knownness *known, int32_t cell)
{
    double n = known->visits[cell];
    known->kappa[cell] = n / (n + known->half);
}

void knownness_watch(Knownness *known, const float *coords, int32_t *cell)
{
    float part[TILINGS_DIMS];
    tilings_scale(&known->tilings, coords, part);
    for (int i = 0; i < known->count; i++) {
        int t = i * known->tilings.count / known->count;
        cell[i] = cells_add(&known->cells, tilings_key(&known->tilings, t, part));
        CHECK(cell[i] >= 0); // room was taken for every step and watched point
    }
}

double knownness_at(const Knownness *known, const int32_t *cell)
{
    double sum = 0.0;
    for (int i = 0; i < known->count; i++)
        sum += known->kappa[cell[i]];
    return sum / known->count;
}

double knownness_count(Knownness *known, const int32_t *cell)
{
    double before = knownness_at(known, cell);
    for (int i = 0; i < known->count; i++) {
        known->visits[cell[i]]++;
        set_kappa(known, cell[i]);
    }
    known->mean += (before - known->mean) / known->memory;
    return before;
}

double knownness_visit(Knownness *known, const float *coords)
{
    int32_t cell[KNOWN_TILINGS];
    knownness_watch(known, coords, cell);
    return knownness_count(known, cell);
}

void knownness_archive(Knownness *known, Archive *archive)
{
    int count = known->cells.count;
    archive_int(archive, "known.cells", &count, 0, known->cells.capacity);
    archive_bytes(archive, "known.mean", &known->mean, sizeof known->mean);
    if (archive_has_failed(archive)) return;
    archive_bytes(archive, "known.keys", known->cells.key, (size_t)count * sizeof(uint64_t));
    archive_bytes(archive, "known.visits", known->visits, (size_t)count * sizeof(int32_t));
    if (!archive_is_reading(archive) || archive_has_failed(archive)) return;

    // the watched cells are here already, first and in the same order: indices stay what they
    // were
    for (int i = 0; i < count; i++) {
        if (cells_add(&known->cells, known->cells.key[i]) != i)
            archive_fail(archive, STATUS_MISMATCH, "counts other cells than this run");
        set_kappa(known, i);
    }
}
