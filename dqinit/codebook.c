#include "dqinit/codebook.h"

#include <math.h>
#include <string.h>

#include "suite/core/check.h"
#include "suite/core/mem.h"

enum { MOST_8 = 127, MOST_16 = 32767, MOST_CENTRE = 65535 }; // codes; signed ones have +-
enum { LANES = 4 }; // actions that are computed together

// -- storage

// (C x K) and the like, for C = 1
static size_t row(const Codebook *b, bool dims, bool actions)
{
    return (dims ? (size_t)b->dims : 1) * (actions ? (size_t)b->actions : 1);
}

static bool take_slopes(Codebook *b, size_t count)
{
    b->level_slope_step = mem_array(count, sizeof *b->level_slope_step);
    b->level_slope = mem_array(count, row(b, true, false) * sizeof *b->level_slope);
    b->advantage_slope_step = mem_array(count, sizeof *b->advantage_slope_step);
    b->advantage_slope = mem_array(count, row(b, true, true) * sizeof *b->advantage_slope);
    return b->level_slope_step && b->level_slope && b->advantage_slope_step &&
           b->advantage_slope;
}

static Status take(Codebook *b, Error *err)
{
    size_t count = (size_t)b->count;
    b->centre = mem_array(count, row(b, true, false) * sizeof *b->centre);
    b->visits = mem_array(count, sizeof *b->visits);
    b->level = mem_array(count, sizeof *b->level);
    b->advantage_step = mem_array(count, sizeof *b->advantage_step);
    b->advantage = mem_array(count, row(b, false, true) * sizeof *b->advantage);
    bool taken = b->centre && b->visits && b->level && b->advantage_step && b->advantage;
    return taken && (!b->slopes || take_slopes(b, count)) ? STATUS_OK : error_nomem(err);
}

Status codebook_init(Codebook *b, const CodebookShape *shape, Error *err)
{
    CHECK(shape->dims > 0 && shape->dims <= CODEBOOK_DIMS);
    CHECK(shape->actions > 0 && shape->actions <= CODEBOOK_ACTIONS);
    CHECK(shape->cells > 0 && shape->cells <= CODEBOOK_CELLS);
    *b = (Codebook){.dims = shape->dims,
                    .actions = shape->actions,
                    .count = shape->cells,
                    .slopes = shape->slopes};
    for (int k = 0; k < shape->dims; k++) {
        CHECK(shape->scale[k] > 0.0f && shape->period[k] >= 0.0f);
        b->mean[k] = shape->mean[k];
        b->scale[k] = shape->scale[k];
        b->period[k] = shape->period[k];
    }
    return take(b, err);
}

void codebook_release(Codebook *b)
{
    mem_free(b->centre);
    mem_free(b->visits);
    mem_free(b->level);
    mem_free(b->advantage_step);
    mem_free(b->advantage);
    mem_free(b->level_slope_step);
    mem_free(b->level_slope);
    mem_free(b->advantage_slope_step);
    mem_free(b->advantage_slope);
    mem_free(b->q);
    nearest_release(&b->index);
    *b = (Codebook){0};
}

int64_t codebook_cell_bytes(int dims, int actions, bool slopes)
{
    int64_t k = dims, a = actions, one = sizeof(float);
    int64_t constant = 2 * k + (int64_t)sizeof(int32_t) + one + one + a;
    return constant + (slopes ? one + 2 * k + one + k * a : 0);
}

int64_t codebook_bytes(const Codebook *b)
{
    int64_t header = 4 * (int64_t)sizeof(int32_t) + (1 + 5 * b->dims) * (int64_t)sizeof(float);
    return header + b->count * codebook_cell_bytes(b->dims, b->actions, b->slopes);
}

void codebook_period(const Codebook *b, float *period)
{
    for (int k = 0; k < b->dims; k++)
        period[k] = b->period[k] / b->scale[k];
}

// -- encoding

void codebook_set_centres(Codebook *b, const NearestIndex *centres)
{
    for (int k = 0; k < b->dims; k++) {
        const float *at = centres->at + k;
        float lo = at[0], hi = at[0];
        for (int i = 1; i < b->count; i++) {
            lo = fminf(lo, at[i * b->dims]);
            hi = fmaxf(hi, at[i * b->dims]);
        }
        float step = (hi - lo) / MOST_CENTRE;
        b->lo[k] = lo;
        b->step[k] = step;
        for (int i = 0; i < b->count; i++) {
            long code = step > 0.0f ? lrintf((at[i * b->dims] - lo) / step) : 0;
            b->centre[i * b->dims + k] = (uint16_t)(code < MOST_CENTRE ? code : MOST_CENTRE);
        }
    }
}

void codebook_centre(const Codebook *b, int cell, float *z)
{
    for (int k = 0; k < b->dims; k++)
        z[k] = b->lo[k] + b->step[k] * (float)b->centre[cell * b->dims + k];
}

// the step by which (rows x columns) numbers, `stride` apart, have codes up to +-most
static float step_for(const double *x, int rows, int columns, int stride, int most)
{
    double largest = 0.0;
    for (int i = 0; i < rows; i++)
        for (int j = 0; j < columns; j++)
            largest = fmax(largest, fabs(x[i * stride + j]));
    return (float)(largest / most);
}

static int code_of(double x, float step, int most)
{
    if (!(step > 0.0f)) return 0;
    double code = rint(x / (double)step);
    return (int)fmin(fmax(code, -most), most);
}

static void set_slopes(Codebook *b, int cell, const double *slopes)
{
    int dims = b->dims, actions = b->actions, stride = 1 + actions;
    float step = step_for(slopes, dims, 1, stride, MOST_16);
    b->level_slope_step[cell] = step;
    int16_t *level = b->level_slope + (size_t)cell * row(b, true, false);
    for (int k = 0; k < dims; k++)
        level[k] = (int16_t)code_of(slopes[k * stride], step, MOST_16);

    step = step_for(slopes + 1, dims, actions, stride, MOST_8);
    b->advantage_slope_step[cell] = step;
    int8_t *advantage = b->advantage_slope + (size_t)cell * row(b, true, true);
    for (int k = 0; k < dims; k++)
        for (int a = 0; a < actions; a++)
            advantage[k * actions + a] =
                (int8_t)code_of(slopes[k * stride + 1 + a], step, MOST_8);
}

void codebook_set_cell(Codebook *b, int cell, int visits, const double *line)
{
    int8_t *advantage = b->advantage + (size_t)cell * row(b, false, true);
    float step = step_for(line + 1, 1, b->actions, 0, MOST_8);
    b->visits[cell] = visits;
    b->level[cell] = (float)line[0];
    b->advantage_step[cell] = step;
    for (int a = 0; a < b->actions; a++)
        advantage[a] = (int8_t)code_of(line[1 + a], step, MOST_8);
    if (b->slopes) set_slopes(b, cell, line + 1 + b->actions);
}

// -- decoding

static void decode_values(const Codebook *b, int cell, float *q)
{
    const int8_t *advantage = b->advantage + (size_t)cell * row(b, false, true);
    for (int a = 0; a < b->actions; a++)
        q[a] = b->level[cell] + b->advantage_step[cell] * (float)advantage[a];
}

static void decode_slopes(const Codebook *b, int cell, float *q)
{
    const int16_t *level = b->level_slope + (size_t)cell * row(b, true, false);
    const int8_t *advantage = b->advantage_slope + (size_t)cell * row(b, true, true);
    float level_step = b->level_slope_step[cell], step = b->advantage_slope_step[cell];
    for (int k = 0; k < b->dims; k++)
        for (int a = 0; a < b->actions; a++)
            q[k * b->width + a] =
                level_step * (float)level[k] + step * (float)advantage[k * b->actions + a];
}

Status codebook_decode(Codebook *b, Error *err)
{
    float period[CODEBOOK_DIMS], z[CODEBOOK_DIMS];
    codebook_period(b, period);
    Status status = nearest_init(&b->index, b->dims, b->count, period, err);
    if (status != STATUS_OK) return status;

    b->width = (b->actions + LANES - 1) / LANES * LANES;
    b->terms = b->slopes ? 1 + b->dims : 1;
    size_t cell = (size_t)b->terms * (size_t)b->width;
    b->q = mem_array((size_t)b->count, cell * sizeof *b->q);
    if (!b->q) return error_nomem(err);

    for (int i = 0; i < b->count; i++) {
        float *q = b->q + (size_t)i * cell;
        codebook_centre(b, i, z);
        nearest_set(&b->index, i, z);
        decode_values(b, i, q);
        if (b->slopes) decode_slopes(b, i, q + b->width);
    }
    nearest_arrange(&b->index);
    return STATUS_OK;
}

// -- look-up

static void standardise(const Codebook *b, const float *coords, float *z)
{
    for (int k = 0; k < b->dims; k++)
        z[k] = (coords[k] - b->mean[k]) / b->scale[k];
}

int codebook_nearest(const Codebook *b, const float *coords, int n, int known, Neighbour *out)
{
    float z[CODEBOOK_DIMS];
    standardise(b, coords, z);
    return nearest_find(&b->index, z, n, known, out);
}

// acc (LANES) += weight times the values of a cell at `delta` from its centre
static inline void add_lanes(const Codebook *b, const float *values, const float *delta,
                             float weight, float *restrict acc)
{
    float sum[LANES];
    memcpy(sum, values, sizeof sum);
    for (int k = 1; k < b->terms; k++)
        for (int l = 0; l < LANES; l++)
            sum[l] += delta[k - 1] * values[k * b->width + l];
    for (int l = 0; l < LANES; l++)
        acc[l] += weight * sum[l];
}

void codebook_add(const Codebook *b, const Neighbour *at, const float *weight, int n,
                  const float *coords, float *q)
{
    float z[CODEBOOK_DIMS], delta[NEAREST_FOUND][CODEBOOK_DIMS];
    CHECK(n <= NEAREST_FOUND);
    standardise(b, coords, z);
    for (int i = 0; b->terms > 1 && i < n; i++)
        nearest_delta(&b->index, at[i].cell, z, delta[i]);

    size_t cell = (size_t)b->terms * (size_t)b->width;
    for (int first = 0; first < b->actions; first += LANES) {
        int lanes = b->actions - first < LANES ? b->actions - first : LANES;
        float acc[LANES] = {0};
        memcpy(acc, q + first, (size_t)lanes * sizeof *q);
        for (int i = 0; i < n; i++)
            add_lanes(b, b->q + (size_t)at[i].cell * cell + first, delta[i], weight[i], acc);
        memcpy(q + first, acc, (size_t)lanes * sizeof *q);
    }
}

// -- the file

static void archive_floats(Archive *archive, const char *tag, float *x, size_t count)
{
    archive_bytes(archive, tag, x, count * sizeof *x);
}

static void archive_header(Codebook *b, Archive *archive)
{
    int slopes = b->slopes;
    archive_int(archive, "codebook.dims", &b->dims, 1, CODEBOOK_DIMS);
    archive_int(archive, "codebook.actions", &b->actions, 1, CODEBOOK_ACTIONS);
    archive_int(archive, "codebook.cells", &b->count, 1, CODEBOOK_CELLS);
    archive_int(archive, "codebook.slopes", &slopes, 0, 1);
    if (archive_has_failed(archive)) return; // with dims that are not to be used
    b->slopes = slopes;
    size_t k = (size_t)b->dims;
    archive_floats(archive, "codebook.mean", b->mean, k);
    archive_floats(archive, "codebook.scale", b->scale, k);
    archive_floats(archive, "codebook.period", b->period, k);
    archive_floats(archive, "codebook.lo", b->lo, k);
    archive_floats(archive, "codebook.step", b->step, k);
    archive_floats(archive, "codebook.reach", &b->reach, 1);
    archive_expect(archive,
                   (uint64_t)(b->count * codebook_cell_bytes(b->dims, b->actions, b->slopes)));
}

static void archive_cells(Codebook *b, Archive *archive)
{
    size_t c = (size_t)b->count, ck = c * row(b, true, false), ca = c * row(b, false, true);
    archive_bytes(archive, "codebook.centre", b->centre, ck * sizeof *b->centre);
    archive_bytes(archive, "codebook.visits", b->visits, c * sizeof *b->visits);
    archive_floats(archive, "codebook.level", b->level, c);
    archive_floats(archive, "codebook.a_step", b->advantage_step, c);
    archive_bytes(archive, "codebook.a", b->advantage, ca);
    if (!b->slopes) return;
    archive_floats(archive, "codebook.g_step", b->level_slope_step, c);
    archive_bytes(archive, "codebook.g", b->level_slope, ck * sizeof *b->level_slope);
    archive_floats(archive, "codebook.a_g_step", b->advantage_slope_step, c);
    archive_bytes(archive, "codebook.a_g", b->advantage_slope, c * row(b, true, true));
}

static bool is_header_sound(const Codebook *b)
{
    bool sound = isfinite(b->reach) && b->reach >= 0.0f;
    for (int k = 0; k < b->dims; k++) {
        float period = b->period[k] / b->scale[k];
        sound = sound && isfinite(b->mean[k]) && isfinite(b->scale[k]) && b->scale[k] > 0.0f;
        sound = sound && isfinite(period) && period >= 0.0f;
    }
    return sound;
}

// whatever is not finite in the file has become values that are not
static bool are_cells_sound(const Codebook *b)
{
    float z[CODEBOOK_DIMS];
    bool sound = true;
    size_t values = (size_t)b->count * (size_t)b->terms * (size_t)b->width;
    for (int i = 0; i < b->count; i++) {
        sound = sound && b->visits[i] > 0;
        codebook_centre(b, i, z);
        for (int k = 0; k < b->dims; k++)
            sound = sound && isfinite(z[k]);
    }
    for (size_t i = 0; i < values; i++)
        sound = sound && isfinite(b->q[i]);
    return sound;
}

static void archive_read(Codebook *b, Archive *archive)
{
    if (take(b, NULL) != STATUS_OK) {
        archive_fail(archive, STATUS_NOMEM, "holds a codebook too large for the memory");
        return;
    }
    archive_cells(b, archive);
    if (archive_has_failed(archive)) return;
    if (!is_header_sound(b))
        archive_fail(archive, STATUS_PARSE, "holds coordinates out of range");
    else if (codebook_decode(b, NULL) != STATUS_OK)
        archive_fail(archive, STATUS_NOMEM, "holds a codebook too large for the memory");
    else if (!are_cells_sound(b))
        archive_fail(archive, STATUS_PARSE, "holds a cell that is out of range");
}

void codebook_archive(Codebook *b, Archive *archive)
{
    archive_header(b, archive);
    if (archive_has_failed(archive)) return;
    if (archive_is_reading(archive))
        archive_read(b, archive);
    else
        archive_cells(b, archive);
}

void codebook_shuffle(Codebook *b, RngStream *rng)
{
    size_t width = (size_t)b->width, terms = (size_t)b->terms;
    for (size_t c = 0; c < (size_t)b->count; c++) {
        float *q = b->q + c * terms * width;
        for (int last = b->actions - 1; last > 0; last--) {
            size_t a = (size_t)last, other = (size_t)rng_below(rng, last + 1);
            for (size_t t = 0; t < terms; t++) {
                float kept = q[t * width + a];
                q[t * width + a] = q[t * width + other];
                q[t * width + other] = kept;
            }
        }
    }
}
