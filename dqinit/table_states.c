#include "dqinit/table_states.h"

#include <math.h>
#include <string.h>

#include "suite/core/mem.h"

enum { MOST_STATES = 1 << 24, MOST_BYTE = 255 };

Status table_states_init(TableStates *states, int count, int features, int coords, Error *err)
{
    size_t j = (size_t)count, d = (size_t)features, k = (size_t)coords;
    *states = (TableStates){.count = count,
                            .features_dim = features,
                            .coords_dim = coords,
                            .byte = mem_array(j, d + k),
                            .lo = mem_array(d + k, sizeof(float)),
                            .step = mem_array(d + k, sizeof(float)),
                            .features = mem_array(j, d * sizeof(float)),
                            .coords = mem_array(j, k * sizeof(float))};
    bool taken =
        states->byte && states->lo && states->step && states->features && states->coords;
    return taken ? STATUS_OK : error_nomem(err);
}

void table_states_release(TableStates *states)
{
    mem_free(states->byte);
    mem_free(states->lo);
    mem_free(states->step);
    mem_free(states->features);
    mem_free(states->coords);
    *states = (TableStates){0};
}

void table_states_put(TableStates *states, int j, const float *features, const float *coords)
{
    size_t d = (size_t)states->features_dim, k = (size_t)states->coords_dim;
    memcpy(states->features + (size_t)j * d, features, d * sizeof *features);
    memcpy(states->coords + (size_t)j * k, coords, k * sizeof *coords);
}

// column @p i of a state: features first, coordinates behind
static float *number_at(TableStates *s, int j, int i)
{
    if (i < s->features_dim) return s->features + (size_t)j * (size_t)s->features_dim + i;
    return s->coords + (size_t)j * (size_t)s->coords_dim + (i - s->features_dim);
}

static void decode(TableStates *s)
{
    int width = s->features_dim + s->coords_dim;
    for (int j = 0; j < s->count; j++)
        for (int i = 0; i < width; i++)
            *number_at(s, j, i) =
                s->lo[i] + s->step[i] * (float)s->byte[(size_t)j * (size_t)width + (size_t)i];
}

void table_states_pack(TableStates *states, int count)
{
    TableStates *s = states;
    int width = s->features_dim + s->coords_dim;
    s->count = count;
    for (int i = 0; i < width; i++) {
        float lo = HUGE_VALF, hi = -HUGE_VALF;
        for (int j = 0; j < count; j++) {
            lo = fminf(lo, *number_at(s, j, i));
            hi = fmaxf(hi, *number_at(s, j, i));
        }
        s->lo[i] = count ? lo : 0.0f;
        s->step[i] = count ? (hi - lo) / MOST_BYTE : 0.0f;
        for (int j = 0; j < count; j++) {
            float part = s->step[i] > 0.0f ? (*number_at(s, j, i) - lo) / s->step[i] : 0.0f;
            s->byte[(size_t)j * (size_t)width + (size_t)i] = (uint8_t)lroundf(part);
        }
    }
    decode(s);
}

int table_state_bytes(int features, int coords)
{
    return features + coords;
}

int64_t table_states_bytes(const TableStates *states)
{
    int width = states->features_dim + states->coords_dim;
    return (int64_t)width * states->count + 2 * (int64_t)sizeof(float) * width;
}

static bool all_finite(const float *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!isfinite(x[i])) return false;
    return true;
}

void table_states_archive(TableStates *states, int features, int coords, Archive *archive)
{
    int count = states->count;
    size_t width = (size_t)(features + coords);
    archive_int(archive, "states.count", &count, 1, MOST_STATES);
    archive_expect(archive, (uint64_t)count * width);
    if (archive_has_failed(archive)) return;
    if (archive_is_reading(archive) &&
        table_states_init(states, count, features, coords, NULL) != STATUS_OK) {
        archive_fail(archive, STATUS_NOMEM, "holds more states than fit the memory");
        return;
    }
    archive_bytes(archive, "states.lo", states->lo, width * sizeof(float));
    archive_bytes(archive, "states.step", states->step, width * sizeof(float));
    archive_bytes(archive, "states.bytes", states->byte, (size_t)count * width);
    if (!archive_is_reading(archive) || archive_has_failed(archive)) return;
    decode(states); // whatever is not finite has become numbers that are not
    if (!all_finite(states->features, (size_t)count * (size_t)features) ||
        !all_finite(states->coords, (size_t)count * (size_t)coords))
        archive_fail(archive, STATUS_PARSE, "holds a range that is not finite");
}
