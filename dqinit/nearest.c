#include "dqinit/nearest.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "suite/core/check.h"
#include "suite/core/mem.h"

#define ALWAYS_INLINE static inline __attribute__((always_inline))

enum { BLOCK = 64 }; // points that are measured before the next are looked at

static const float softness = 0.05f; // keeps the weight of a point that is met exactly finite

Status nearest_init(NearestIndex *index, int dims, int count, const float *period, Error *err)
{
    CHECK(dims > 0 && dims <= NEAREST_DIMS && count > 0 && count <= NEAREST_POINTS);
    int stride = (count + NEAREST_LANES - 1) / NEAREST_LANES * NEAREST_LANES;
    *index = (NearestIndex){.dims = dims, .count = count, .stride = stride};
    for (int k = 0; k < dims; k++)
        index->period[k] = period[k] > 0.0f ? period[k] : INFINITY;

    index->at = mem_array((size_t)stride, (size_t)dims * sizeof *index->at);
    if (!index->at) return error_nomem(err);
    for (int i = 0; i < dims * stride; i++)
        index->at[i] = INFINITY;
    return STATUS_OK;
}

void nearest_release(NearestIndex *index)
{
    mem_free(index->at);
    *index = (NearestIndex){0};
}

static float wrap(float z, float period)
{
    return period < INFINITY ? z - period * floorf(z / period + 0.5f) : z;
}

void nearest_set(NearestIndex *index, int i, const float *z)
{
    for (int k = 0; k < index->dims; k++)
        index->at[k * index->stride + i] = wrap(z[k], index->period[k]);
}

void nearest_get(const NearestIndex *index, int i, float *z)
{
    for (int k = 0; k < index->dims; k++)
        z[k] = index->at[k * index->stride + i];
}

void nearest_delta(const NearestIndex *index, int i, const float *z, float *delta)
{
    for (int k = 0; k < index->dims; k++)
        delta[k] = wrap(z[k] - index->at[k * index->stride + i], index->period[k]);
}

// -- search

// the squared distance from x, wrapped, along one coordinate
ALWAYS_INLINE float squared(float x, float at, float period)
{
    float ahead = fabsf(at - x), behind = period - ahead;
    float d = behind < ahead ? behind : ahead;
    return d * d;
}

// distance2 (count) = the squared distances from z, wrapped, to the points from `first` on;
// those that are not set are infinitely far. A coordinate at a time, for the compiler to
// vectorise
ALWAYS_INLINE void measure(const NearestIndex *index, int first, int count, const float *z,
                           float *restrict distance2)
{
    const float *restrict at = index->at + first;
    for (int i = 0; i < count; i++)
        distance2[i] = squared(z[0], at[i], index->period[0]);
    for (int k = 1; k < index->dims; k++) {
        const float x = z[k], period = index->period[k];
        at += index->stride;
        for (int i = 0; i < count; i++)
            distance2[i] += squared(x, at[i], period);
    }
}

// which of them are below the limit: 1 or 0
ALWAYS_INLINE void compare(const float *restrict distance2, int count, float limit,
                           uint8_t *restrict is_below)
{
    for (int i = 0; i < count; i++)
        is_below[i] = distance2[i] < limit;
}

// a squared distance and its point as one number that sorts by both: not negative, a float has
// the order of its bits
ALWAYS_INLINE uint64_t key_of(Neighbour near)
{
    uint32_t bits;
    memcpy(&bits, &near.distance2, sizeof bits);
    return (uint64_t)bits << 32 | (uint32_t)near.cell;
}

ALWAYS_INLINE Neighbour neighbour_of(uint64_t key)
{
    uint32_t bits = (uint32_t)(key >> 32);
    Neighbour near = {.cell = (int32_t)(uint32_t)key};
    memcpy(&near.distance2, &bits, sizeof bits);
    return near;
}

// into the sorted list, whose last goes; without branches, which would be mispredicted
ALWAYS_INLINE void insert(uint64_t *list, int n, uint64_t key)
{
    for (int i = 0; i < n; i++) {
        uint64_t there = list[i];
        list[i] = key < there ? key : there;
        key = key < there ? there : key;
    }
}

// the first from `i` on that is below, or `count`; most are not, so eight at a time
ALWAYS_INLINE int next_below(const uint8_t *is_below, int i, int count)
{
    while (i < count) {
        uint64_t eight;
        memcpy(&eight, is_below + i, sizeof eight);
        if (eight) return i + __builtin_ctzll(eight) / 8;
        i += (int)sizeof eight;
    }
    return count;
}

ALWAYS_INLINE float distance2_of(const NearestIndex *index, const float *z, int i)
{
    float sum = squared(z[0], index->at[i], index->period[0]);
    for (int k = 1; k < index->dims; k++)
        sum += squared(z[k], index->at[k * index->stride + i], index->period[k]);
    return sum;
}

// the n nearest are all below this: they are no farther than the farthest of any n points
ALWAYS_INLINE float bound(const NearestIndex *index, const float *z, int n,
                          const Neighbour *any)
{
    float most = 0.0f;
    for (int i = 0; i < n; i++) {
        float d = distance2_of(index, z, any[i].cell);
        if (!(d <= most)) most = d;
    }
    return nextafterf(most, INFINITY);
}

ALWAYS_INLINE int search(const NearestIndex *index, const float *z, int n, int known,
                         Neighbour *out)
{
    float limit = known < n ? INFINITY : bound(index, z, n, out), distance2[BLOCK];
    uint8_t is_below[BLOCK + sizeof(uint64_t)] = {0};
    uint64_t list[NEAREST_FOUND];
    int found = 0;
    for (int i = 0; i < n; i++)
        list[i] = key_of((Neighbour){INFINITY, 0});

    for (int first = 0; first < index->stride; first += BLOCK) {
        int count = index->stride - first < BLOCK ? index->stride - first : BLOCK;
        measure(index, first, count, z, distance2);
        compare(distance2, count, limit, is_below);
        for (int i = next_below(is_below, 0, count); i < count;
             i = next_below(is_below, i + 1, count)) {
            if (!(distance2[i] < limit)) continue; // which has come down since
            // of a list that is not full only what is in it, and a place more, is looked at
            int used = found < n ? found + 1 : n;
            insert(list, used, key_of((Neighbour){distance2[i], first + i}));
            float last = neighbour_of(list[n - 1]).distance2; // infinite below n of them
            limit = last < limit ? last : limit;
            found++;
        }
    }
    found = found < n ? found : n;
    for (int i = 0; i < found; i++)
        out[i] = neighbour_of(list[i]);
    return found;
}

#ifdef __x86_64__
__attribute__((target("avx512f"))) static int
search_avx512(const NearestIndex *index, const float *z, int n, int known, Neighbour *out)
{
    return search(index, z, n, known, out);
}

__attribute__((target("avx2"))) static int
search_avx2(const NearestIndex *index, const float *z, int n, int known, Neighbour *out)
{
    return search(index, z, n, known, out);
}
#endif

int nearest_find(const NearestIndex *index, const float *z, int n, int known, Neighbour *out)
{
    float x[NEAREST_DIMS] = {0};
    CHECK(n > 0 && n <= NEAREST_FOUND && known >= 0 && known <= n);
    for (int k = 0; k < index->dims; k++)
        x[k] = wrap(z[k], index->period[k]);
#ifdef __x86_64__
    if (__builtin_cpu_supports("avx512f")) return search_avx512(index, x, n, known, out);
    if (__builtin_cpu_supports("avx2")) return search_avx2(index, x, n, known, out);
#endif
    return search(index, x, n, known, out);
}

// -- weights

int neighbour_weights(const Neighbour *near, int found, int n, float *weight)
{
    CHECK(n > 0 && found >= 0);
    bool is_edged = found > n;
    int count = is_edged ? n : found;
    float far = found ? near[is_edged ? n : found - 1].distance2 : 0.0f;
    float sum = 0.0f;
    for (int i = 0; i < count; i++) {
        float t = far > 0.0f ? near[i].distance2 / far : 1.0f;
        weight[i] = (is_edged ? 1.0f - t : 1.0f) / (t + softness);
        sum += weight[i];
    }
    for (int i = 0; i < count; i++)
        weight[i] = sum > 0.0f ? weight[i] / sum : 1.0f / (float)count;
    return count;
}
