#include "dqinit/nearest.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "suite/core/check.h"
#include "suite/core/mem.h"

#define ALWAYS_INLINE static inline __attribute__((always_inline))

// unrolled in full, a loop of constant length would not be vectorised
#ifdef __clang__
#    define ROLLED _Pragma("clang loop unroll(disable)")
#else
#    define ROLLED _Pragma("GCC unroll 1")
#endif

enum { LANES = NEAREST_LANES };

static const float softness = 0.05f; // keeps the weight of a point that is met exactly finite

static Status take(NearestIndex *index, Error *err)
{
    size_t dims = (size_t)index->dims, blocks = (size_t)index->blocks;
    size_t stride = (size_t)index->stride;
    index->at = mem_array((size_t)index->count, dims * sizeof *index->at);
    index->member = mem_array(blocks, LANES * sizeof *index->member);
    index->block = mem_array(blocks, dims * LANES * sizeof *index->block);
    index->lo = mem_array(stride, dims * sizeof *index->lo);
    index->hi = mem_array(stride, dims * sizeof *index->hi);
    bool taken = index->at && index->member && index->block && index->lo && index->hi;
    return taken ? STATUS_OK : error_nomem(err);
}

static int round_up(int n)
{
    return (n + LANES - 1) / LANES * LANES;
}

Status nearest_init(NearestIndex *index, int dims, int count, const float *period, Error *err)
{
    CHECK(dims > 0 && dims <= NEAREST_DIMS && count > 0 && count <= NEAREST_POINTS);
    int blocks = round_up(count) / LANES;
    *index = (NearestIndex){
        .dims = dims, .count = count, .blocks = blocks, .stride = round_up(blocks)};
    for (int k = 0; k < dims; k++)
        index->period[k] = period[k] > 0.0f ? period[k] : INFINITY;

    Status status = take(index, err);
    for (int i = 0; status == STATUS_OK && i < count * dims; i++)
        index->at[i] = INFINITY;
    return status;
}

void nearest_release(NearestIndex *index)
{
    mem_free(index->at);
    mem_free(index->member);
    mem_free(index->block);
    mem_free(index->lo);
    mem_free(index->hi);
    *index = (NearestIndex){0};
}

static float wrap(float z, float period)
{
    return period < INFINITY ? z - period * floorf(z / period + 0.5f) : z;
}

void nearest_set(NearestIndex *index, int i, const float *z)
{
    for (int k = 0; k < index->dims; k++) {
        float at = wrap(z[k], index->period[k]);
        index->at[i * index->dims + k] = isfinite(at) ? at : INFINITY;
    }
    index->is_arranged = false;
}

void nearest_get(const NearestIndex *index, int i, float *z)
{
    memcpy(z, index->at + i * index->dims, (size_t)index->dims * sizeof *z);
}

void nearest_delta(const NearestIndex *index, int i, const float *z, float *delta)
{
    const float *at = index->at + i * index->dims;
    for (int k = 0; k < index->dims; k++)
        delta[k] = wrap(z[k] - at[k], index->period[k]);
}

// -- arranging

// of some points along each coordinate
typedef struct Box {
    float lo[NEAREST_DIMS], hi[NEAREST_DIMS];
} Box;

static Box box_of(const NearestIndex *index, const int32_t *member, int count)
{
    Box box;
    for (int k = 0; k < index->dims; k++) {
        float lo = INFINITY, hi = -INFINITY;
        for (int i = 0; i < count; i++) {
            float at = index->at[member[i] * index->dims + k];
            lo = fminf(lo, at);
            hi = fmaxf(hi, at);
        }
        box.lo[k] = lo;
        box.hi[k] = hi;
    }
    return box;
}

// the coordinate along which the points lie farthest apart
static int widest(const NearestIndex *index, const int32_t *member, int count)
{
    Box box = box_of(index, member, count);
    int most = 0;
    for (int k = 1; k < index->dims; k++)
        if (box.hi[k] - box.lo[k] > box.hi[most] - box.lo[most]) most = k;
    return most;
}

typedef struct Along {
    const NearestIndex *index;
    int k;
} Along;

static int compare_along(const void *a, const void *b, void *along)
{
    const Along *by = along;
    const float *at = by->index->at + by->k;
    float x = at[*(const int32_t *)a * by->index->dims];
    float y = at[*(const int32_t *)b * by->index->dims];
    return (x > y) - (x < y);
}

// halve the points along their widest coordinate until each part is one block
static void split(NearestIndex *index, int32_t *member, int count)
{
    if (count <= LANES) return;
    Along along = {index, widest(index, member, count)};
    qsort_r(member, (size_t)count, sizeof *member, compare_along, &along);
    int blocks = round_up(count) / LANES, left = blocks / 2 * LANES;
    split(index, member, left);
    split(index, member + left, count - left);
}

static void fill_block(NearestIndex *index, int b)
{
    const int32_t *member = index->member + b * LANES;
    float *block = index->block + b * index->dims * LANES;
    int count = index->count - b * LANES < LANES ? index->count - b * LANES : LANES;
    Box box = box_of(index, member, count);
    for (int k = 0; k < index->dims; k++) {
        index->lo[k * index->stride + b] = box.lo[k];
        index->hi[k * index->stride + b] = box.hi[k];
        for (int l = 0; l < LANES; l++)
            block[k * LANES + l] =
                l < count ? index->at[member[l] * index->dims + k] : INFINITY;
    }
}

void nearest_arrange(NearestIndex *index)
{
    for (int i = 0; i < index->blocks * LANES; i++)
        index->member[i] = i < index->count ? i : -1;
    split(index, index->member, index->count);
    for (int i = 0; i < index->dims * index->stride; i++) { // empty: infinitely far
        index->lo[i] = INFINITY;
        index->hi[i] = -INFINITY;
    }
    for (int b = 0; b < index->blocks; b++)
        fill_block(index, b);
    index->is_arranged = true;
}

// -- search

// the squared distance from x, wrapped, along one coordinate
ALWAYS_INLINE float squared(float x, float at, float period)
{
    float ahead = fabsf(at - x), behind = period - ahead;
    float d = behind < ahead ? behind : ahead;
    return d * d;
}

// the same to where a box is nearest. Rounding keeps the order of two numbers, through each of
// these operations, so that this is never above squared() of a point in the box
ALWAYS_INLINE float squared_gap(float x, float lo, float hi, float period)
{
    float below = lo - x, above = x - hi;
    float near = below > above ? below : above, far = below > above ? -above : -below;
    float behind = period - far;
    float gap = behind < near ? behind : near;
    gap = gap > 0.0f ? gap : 0.0f;
    return gap * gap;
}

// distance2 (LANES) = the squared distances from z, wrapped, to the boxes from `first` on. A
// coordinate at a time, for the compiler to vectorise
ALWAYS_INLINE void measure_boxes(const NearestIndex *index, int first, const float *z,
                                 float *restrict distance2)
{
    const float *restrict lo = index->lo + first, *restrict hi = index->hi + first;
    ROLLED
    for (int l = 0; l < LANES; l++)
        distance2[l] = squared_gap(z[0], lo[l], hi[l], index->period[0]);
    ROLLED
    for (int k = 1; k < index->dims; k++) {
        const float x = z[k], period = index->period[k];
        lo += index->stride;
        hi += index->stride;
        ROLLED
        for (int l = 0; l < LANES; l++)
            distance2[l] += squared_gap(x, lo[l], hi[l], period);
    }
}

// the same to the points of a block
ALWAYS_INLINE void measure(const NearestIndex *index, int block, const float *z,
                           float *restrict distance2)
{
    const float *restrict at = index->block + block * index->dims * LANES;
    ROLLED
    for (int l = 0; l < LANES; l++)
        distance2[l] = squared(z[0], at[l], index->period[0]);
    ROLLED
    for (int k = 1; k < index->dims; k++) {
        const float x = z[k], period = index->period[k];
        at += LANES;
        ROLLED
        for (int l = 0; l < LANES; l++)
            distance2[l] += squared(x, at[l], period);
    }
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

// those of the numbers (LANES) that are within the limit: a byte each, not 0
typedef struct Within {
    uint8_t flag[LANES];
} Within;

ALWAYS_INLINE Within within(const float *restrict distance2, float limit)
{
    Within is;
    ROLLED
    for (int l = 0; l < LANES; l++)
        is.flag[l] = distance2[l] <= limit;
    return is;
}

// the first from `l` on, or LANES; most are not, so eight at a time
ALWAYS_INLINE int next_within(const Within *is, int l)
{
    for (; l < LANES; l = (l / 8 + 1) * 8) {
        uint64_t eight;
        memcpy(&eight, is->flag + l / 8 * 8, sizeof eight);
        eight >>= l % 8 * 8; // those before are done with
        if (eight) return l + __builtin_ctzll(eight) / 8;
    }
    return LANES;
}

ALWAYS_INLINE float distance2_of(const NearestIndex *index, const float *z, int i)
{
    const float *at = index->at + i * index->dims;
    float sum = squared(z[0], at[0], index->period[0]);
    for (int k = 1; k < index->dims; k++)
        sum += squared(z[k], at[k], index->period[k]);
    return sum;
}

// the n nearest are all within this: they are no farther than the farthest of any n points
ALWAYS_INLINE float bound(const NearestIndex *index, const float *z, int n,
                          const Neighbour *any)
{
    float most = 0.0f;
    for (int i = 0; i < n; i++) {
        float d = distance2_of(index, z, any[i].cell);
        if (!(d <= most)) most = d;
    }
    return most > FLT_MAX ? FLT_MAX : most; // points that are not set are never within
}

// the nearest so far
typedef struct Found {
    int n, count;   // that are looked for, and that are in the list
    uint64_t *list; // (n) sorted; infinitely far from `count` on
    float limit;    // a point farther away is none of them
} Found;

// of those in the list; infinite below n of them
ALWAYS_INLINE float farthest(const Found *found)
{
    return neighbour_of(found->list[found->n - 1]).distance2;
}

ALWAYS_INLINE void search_block(const NearestIndex *index, int block, const float *z,
                                Found *found)
{
    float distance2[LANES];
    measure(index, block, z, distance2);
    Within is = within(distance2, found->limit);
    for (int l = next_within(&is, 0); l < LANES; l = next_within(&is, l + 1)) {
        if (distance2[l] > farthest(found)) continue;
        // of a list that is not full only what is in it, and a place more, is looked at
        int used = found->count < found->n ? ++found->count : found->n;
        int cell = index->member[block * LANES + l];
        insert(found->list, used, key_of((Neighbour){distance2[l], cell}));
    }
    float last = farthest(found);
    found->limit = last < found->limit ? last : found->limit;
}

// the squared distances of all boxes, into `box` (stride); @return the nearest of them
ALWAYS_INLINE int measure_all(const NearestIndex *index, const float *z, float *box)
{
    int nearest = 0, first = 0;
    do { // there is one
        measure_boxes(index, first, z, box + first);
        first += LANES;
    } while (first < index->blocks);
    for (int b = 1; b < index->blocks; b++)
        nearest = box[b] < box[nearest] ? b : nearest;
    return nearest;
}

ALWAYS_INLINE int search(const NearestIndex *index, const float *z, int n, int known,
                         Neighbour *out)
{
    uint64_t list[NEAREST_FOUND];
    float box[NEAREST_POINTS / LANES];
    Found found = {n, 0, list, known < n ? FLT_MAX : bound(index, z, n, out)};
    for (int i = 0; i < n; i++)
        list[i] = key_of((Neighbour){INFINITY, 0});

    int nearest = measure_all(index, z, box); // whose points leave little to look for
    if (box[nearest] <= found.limit) search_block(index, nearest, z, &found);
    box[nearest] = INFINITY;
    for (int first = 0; first < index->blocks; first += LANES) {
        Within is = within(box + first, found.limit);
        for (int l = next_within(&is, 0); l < LANES; l = next_within(&is, l + 1))
            if (box[first + l] <= found.limit) // which has come down since
                search_block(index, first + l, z, &found);
    }
    for (int i = 0; i < found.count; i++)
        out[i] = neighbour_of(list[i]);
    return found.count;
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
    CHECK(n > 0 && n <= NEAREST_FOUND && known >= 0 && known <= n && index->is_arranged);
    for (int k = 0; k < index->dims; k++) {
        x[k] = wrap(z[k], index->period[k]);
        if (!isfinite(x[k])) return 0;
    }
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
