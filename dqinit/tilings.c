#include "dqinit/tilings.h"

#include <math.h>

enum { BITS = 5 }; // of a key, per coordinate; the tiling's number stands above them

uint64_t tilings_cell(const Tilings *tilings, int t, const float *coords)
{
    uint64_t key = (uint64_t)t;
    for (int k = 0; k < tilings->dims; k++) {
        float lo = tilings->lo[k], hi = tilings->hi[k];
        float x = coords[k] < lo ? lo : coords[k] > hi ? hi : coords[k];
        float shift = (float)(t * (2 * k + 1) % tilings->count) / (float)tilings->count;
        float part = (x - lo) / (hi - lo) * (float)tilings->bins + shift;
        key = key << BITS | (uint64_t)part;
    }
    return key;
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
            tilings->lo[k] >= tilings->hi[k])
            archive_fail(archive, STATUS_PARSE, "holds an empty coordinate range");
}
