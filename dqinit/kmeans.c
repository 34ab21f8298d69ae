#include "dqinit/kmeans.h"

#include <string.h>

#include "suite/core/check.h"
#include "suite/core/mem.h"

typedef struct Lloyd {
    NearestIndex *centres;
    const float *z; // (n x K)
    int n, used;    // samples there are, and that are looked at
    int *order;     // (used) the samples drawn to start from come first
    double *sum;    // (C x K) of the differences to a centre over the samples nearest to it
    int *members;   // (C) how many those are
} Lloyd;

// the i-th sample that is looked at
static const float *sample_at(const Lloyd *x, int i)
{
    int64_t at = (int64_t)i * x->n / x->used;
    return x->z + (size_t)at * (size_t)x->centres->dims;
}

static Status take(Lloyd *x, Error *err)
{
    size_t count = (size_t)x->centres->count;
    x->order = mem_array((size_t)x->used, sizeof *x->order);
    x->sum = mem_array(count, (size_t)x->centres->dims * sizeof *x->sum);
    x->members = mem_array(count, sizeof *x->members);
    return x->order && x->sum && x->members ? STATUS_OK : error_nomem(err);
}

static void start(Lloyd *x, RngStream *rng)
{
    for (int i = 0; i < x->used; i++)
        x->order[i] = i;
    for (int i = 0; i < x->centres->count; i++) {
        int j = i + rng_below(rng, x->used - i);
        int drawn = x->order[j];
        x->order[j] = x->order[i];
        x->order[i] = drawn;
        nearest_set(x->centres, i, sample_at(x, drawn));
    }
}

static void gather(Lloyd *x)
{
    int dims = x->centres->dims;
    memset(x->sum, 0, (size_t)(x->centres->count * dims) * sizeof *x->sum);
    memset(x->members, 0, (size_t)x->centres->count * sizeof *x->members);
    nearest_arrange(x->centres);
    Neighbour near;
    int found = 0; // samples that follow each other are often near the same centre
    for (int i = 0; i < x->used; i++) {
        float delta[NEAREST_DIMS];
        found = nearest_find(x->centres, sample_at(x, i), 1, found, &near);
        if (!found) continue;
        nearest_delta(x->centres, near.cell, sample_at(x, i), delta);
        x->members[near.cell]++;
        for (int k = 0; k < dims; k++)
            x->sum[near.cell * dims + k] += (double)delta[k];
    }
}

static void move(Lloyd *x)
{
    int dims = x->centres->dims;
    for (int i = 0; i < x->centres->count; i++) {
        float z[NEAREST_DIMS];
        if (!x->members[i]) continue;
        nearest_get(x->centres, i, z);
        for (int k = 0; k < dims; k++)
            z[k] += (float)(x->sum[i * dims + k] / x->members[i]);
        nearest_set(x->centres, i, z);
    }
}

Status kmeans(NearestIndex *centres, const float *z, int n, int rounds, RngStream *rng,
              Error *err)
{
    int used = n < KMEANS_SAMPLES ? n : KMEANS_SAMPLES;
    CHECK(centres->count <= used);
    Lloyd x = {.centres = centres, .z = z, .n = n, .used = used};
    Status status = take(&x, err);
    if (status == STATUS_OK) start(&x, rng);
    for (int round = 0; status == STATUS_OK && round < rounds; round++) {
        gather(&x);
        move(&x);
    }
    mem_free(x.order);
    mem_free(x.sum);
    mem_free(x.members);
    return status;
}
