#include "dqinit/tilings.h"

#include <math.h>

#include "suite/core/check.h"

enum { BITS = 5 }; // of a key, per coordinate; the tiling's number stands above them

// how far each tiling is shifted: the same for every point, so worked out once
static void set_shifts(Tilings *tilings)
{
    for (int t = 0; t < tilings->count; t++)
        for (int k = 0; k < tilings->dims; k++)
            tilings->shift[t][k] =
                (float)(t * (2 * k + 1) % tilings->count) / (float)tilings->count;
}

void tilings_init(Tilings *tilings, int dims, int count, int bins, const float *lo,
                  const float *hi)
{
    CHECK(dims > 0 && dims <= TILINGS_DIMS && count > 0 && count <= TILINGS_COUNT);
    CHECK(bins > 0 && bins < TILINGS_BINS);
    *tilings = (Tilings){.dims = dims, .count = count, .bins = bins};
    for (int k = 0; k < dims; k++) {
        tilings->lo[k] = lo[k];
        tilings->hi[k] = hi[k];
    }
    set_shifts(tilings);
}

void tilings_scale(const Tilings *tilings, const float *coords, float *part)
{
    for (int k = 0; k < tilings->dims; k++) {
        float lo = tilings->lo[k], hi = tilings->hi[k];
        float x = coords[k] < lo ? lo : coords[k] > hi ? hi : coords[k];
        part[k] = (x - lo) / (hi - lo) * (float)tilings->bins;
    }
}

uint64_t tilings_key(const Tilings *tilings, int t, const float *part)
{
    uint64_t key = (uint64_t)t;
    for (int k = 0; k < tilings->dims; k++)
        key = key << BITS | (uint32_t)(part[k] + tilings->shift[t][k]);
    return key;
}

uint64_t tilings_cell(const Tilings *tilings, int t, const float *coords)
{
    float part[TILINGS_DIMS];
    tilings_scale(tilings, coords, part);
    return tilings_key(tilings, t, part);
}

void tilings_archive(Tilings *tilings, Archive *archive)
{
    archive_int(archive, "tilings.dims", &tilings->dims, 1, TILINGS_DIMS);
    archive_int(archive, "tilings.count", &tilings->count, 1, TILINGS_COUNT);
    archive_int(archive, "tilings.bins", &tilings->bins, 1, TILINGS_BINS - 1);
    archive_bytes(archive, "tilings.lo", tilings->lo, sizeof tilings->lo);
    archive_bytes(archive, "tilings.hi", tilings->hi, sizeof tilings->hi);
    for (int k = 0; k < tilings->dims && !archive_has_failed(archive); k++)
        if (!isfinite(tilings->lo[k]) || !isfinite(tilings->hi[k]) ||
            tilings->lo[k] >= tilings->hi[k] || !isfinite(tilings->hi[k] - tilings->lo[k]))
            archive_fail(archive, STATUS_PARSE, "holds an impossible coordinate range");
    if (!archive_has_failed(archive)) set_shifts(tilings);
}
