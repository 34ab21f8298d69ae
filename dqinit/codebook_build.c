#include "dqinit/codebook_build.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dqinit/codebook_fit.h"
#include "dqinit/kmeans.h"
#include "suite/core/check.h"
#include "suite/core/mem.h"

static const float farthest = 1e6f; // in z: its square is far from overflow

typedef struct Building {
    CodebookShape shape;
    CodebookSamples samples;
    Codebook *b;
    NearestIndex centres; // as k-means left them, then as they are stored
    float *z;             // (n x K)
    float *distance;      // (n) to the nearest centre
    int *cell;            // (n)
    int *first;           // (C + 1) where a cell's samples begin in `order`
    int *order;           // (n) samples, cell by cell
    CodebookFit fit;      // of one cell
} Building;

static void release(Building *x)
{
    nearest_release(&x->centres);
    mem_free(x->z);
    mem_free(x->distance);
    mem_free(x->cell);
    mem_free(x->first);
    mem_free(x->order);
    mem_free(x->fit.x);
    mem_free(x->fit.y);
    mem_free(x->fit.line);
}

static Status take(Building *x, Error *err)
{
    size_t n = (size_t)x->samples.count;
    x->z = mem_array(n, (size_t)x->shape.dims * sizeof *x->z);
    x->distance = mem_array(n, sizeof *x->distance);
    x->cell = mem_array(n, sizeof *x->cell);
    x->first = mem_array((size_t)x->shape.cells + 1, sizeof *x->first);
    x->order = mem_array(n, sizeof *x->order);
    bool taken = x->z && x->distance && x->cell && x->first && x->order;
    return taken ? STATUS_OK : error_nomem(err);
}

static Status standardise(Building *x, Error *err)
{
    int dims = x->shape.dims, actions = x->shape.actions;
    for (int i = 0; i < x->samples.count; i++) {
        const float *coords = x->samples.coords + (size_t)i * (size_t)dims;
        const float *q = x->samples.q + (size_t)i * (size_t)actions;
        float *z = x->z + (size_t)i * (size_t)dims;
        bool sound = true;
        for (int k = 0; k < dims; k++) {
            z[k] = (coords[k] - x->shape.mean[k]) / x->shape.scale[k];
            sound = sound && fabsf(z[k]) <= farthest; // which NaN is not
        }
        for (int a = 0; a < actions; a++)
            sound = sound && isfinite(q[a]);
        if (!sound)
            return error_set(err, STATUS_RANGE,
                             "sample %d has values or coordinates out of range", i);
    }
    return STATUS_OK;
}

// -- cells

// the centres as they are stored, the first of them by the codebook's present numbers
static void snap(Building *x)
{
    float z[CODEBOOK_DIMS];
    for (int i = 0; i < x->b->count; i++) {
        codebook_centre(x->b, i, z);
        nearest_set(&x->centres, i, z);
    }
    nearest_arrange(&x->centres);
}

static Status place(Building *x, RngStream *rng, Error *err)
{
    float period[CODEBOOK_DIMS];
    codebook_period(x->b, period);
    Status status = nearest_init(&x->centres, x->shape.dims, x->shape.cells, period, err);
    if (status == STATUS_OK)
        status = kmeans(&x->centres, x->z, x->samples.count, x->shape.rounds, rng, err);
    if (status != STATUS_OK) return status;
    codebook_set_centres(x->b, &x->centres);
    snap(x);
    return STATUS_OK;
}

static void assign(Building *x)
{
    Neighbour near;
    int found = 0;
    for (int i = 0; i < x->samples.count; i++) {
        const float *z = x->z + (size_t)i * (size_t)x->shape.dims;
        found = nearest_find(&x->centres, z, 1, found, &near);
        CHECK(found == 1);
        x->cell[i] = near.cell;
        x->distance[i] = sqrtf(near.distance2);
        x->first[near.cell + 1]++; // a count, until index_members()
    }
}

// take cells that have no members out of the codebook; the numbers of the others move down
static void drop_empty(Building *x)
{
    int count = 0;
    size_t dims = (size_t)x->shape.dims;
    uint16_t *centre = x->b->centre;
    int *number = x->order; // of each cell; not in use yet, and n is at least C
    for (int i = 0; i < x->shape.cells; i++) {
        int members = x->first[i + 1];
        number[i] = count;
        if (!members) continue;
        memmove(centre + (size_t)count * dims, centre + (size_t)i * dims,
                dims * sizeof *centre);
        x->first[++count] = members;
    }
    x->b->count = count;
    snap(x);
    for (int i = 0; i < x->samples.count; i++)
        x->cell[i] = number[x->cell[i]];
}

// counts to places, and the samples to where their cell's place is
static void index_members(Building *x)
{
    int count = x->b->count;
    for (int c = 0; c < count; c++)
        x->first[c + 1] += x->first[c];
    // filled from behind, which moves each cell's end to its beginning
    for (int i = x->samples.count - 1; i >= 0; i--)
        x->order[--x->first[x->cell[i] + 1]] = i;
    memmove(x->first, x->first + 1, (size_t)count * sizeof *x->first);
    x->first[count] = x->samples.count;
}

// -- values

static Status take_fit(Building *x, Error *err)
{
    int most = 0;
    for (int c = 0; c < x->b->count; c++) {
        int members = x->first[c + 1] - x->first[c];
        most = members > most ? members : most;
    }
    size_t inputs = (size_t)x->shape.dims, outputs = (size_t)x->shape.actions + 1;
    x->fit = (CodebookFit){.inputs = (int)inputs,
                           .outputs = (int)outputs,
                           .ridge = x->shape.ridge,
                           .x = mem_array((size_t)most, inputs * sizeof(double)),
                           .y = mem_array((size_t)most, outputs * sizeof(double)),
                           .line = mem_array(1 + inputs, outputs * sizeof(double))};
    return x->fit.x && x->fit.y && x->fit.line ? STATUS_OK : error_nomem(err);
}

// one sample about the centre of its cell: where it is, and its level and advantages
static void put_sample(const Building *x, int i, double *at, double *y)
{
    int dims = x->shape.dims, actions = x->shape.actions;
    const float *q = x->samples.q + (size_t)i * (size_t)actions;
    float delta[CODEBOOK_DIMS];
    nearest_delta(&x->centres, x->cell[i], x->z + (size_t)i * (size_t)dims, delta);
    for (int k = 0; k < dims; k++)
        at[k] = (double)delta[k];

    double level = 0.0;
    for (int a = 0; a < actions; a++)
        level += (double)q[a];
    y[0] = level /= actions;
    for (int a = 0; a < actions; a++)
        y[1 + a] = (double)q[a] - level;
}

static void fit_cells(Building *x)
{
    CodebookFit *fit = &x->fit;
    for (int c = 0; c < x->b->count; c++) {
        const int *member = x->order + x->first[c];
        fit->samples = x->first[c + 1] - x->first[c];
        for (int i = 0; i < fit->samples; i++)
            put_sample(x, member[i], fit->x + (size_t)i * (size_t)fit->inputs,
                       fit->y + (size_t)i * (size_t)fit->outputs);
        if (x->shape.slopes)
            codebook_fit_lines(fit);
        else
            codebook_fit_means(fit);
        codebook_set_cell(x->b, c, fit->samples, fit->line);
    }
}

static int ascending(const void *a, const void *b)
{
    const float *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

// the least distance that holds all samples but one in a hundred; sorts the distances
static float reach(Building *x)
{
    int n = x->samples.count;
    qsort(x->distance, (size_t)n, sizeof *x->distance, ascending);
    return x->distance[n - n / 100 - 1];
}

static Status build(Building *x, RngStream *rng, Error *err)
{
    Status status = codebook_init(x->b, &x->shape, err);
    if (status == STATUS_OK) status = take(x, err);
    if (status == STATUS_OK) status = standardise(x, err);
    if (status == STATUS_OK) status = place(x, rng, err);
    if (status != STATUS_OK) return status;

    assign(x);
    drop_empty(x);
    index_members(x);
    status = take_fit(x, err);
    if (status != STATUS_OK) return status;
    fit_cells(x);
    x->b->reach = reach(x);
    return codebook_decode(x->b, err);
}

Status codebook_build(Codebook *out, CodebookShape shape, CodebookSamples samples,
                      RngStream *rng, Error *err)
{
    CHECK(samples.count > 0);
    int most = samples.count < KMEANS_SAMPLES ? samples.count : KMEANS_SAMPLES;
    if (shape.cells > most) shape.cells = most;
    Building x = {.shape = shape, .samples = samples, .b = out};
    Status status = build(&x, rng, err);
    release(&x);
    if (status != STATUS_OK) codebook_release(out);
    return status;
}
