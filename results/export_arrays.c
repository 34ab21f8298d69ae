#include "results/export_arrays.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "results/npz.h"
#include "suite/core/check.h"
#include "suite/core/mem.h"

// -- one run

static int deployed_count(const EvalCurve *curve)
{
    int count = 0;
    for (const EvalRow *row = eval_curve_next(curve, NULL); row;
         row = eval_curve_next(curve, row))
        count++;
    return count;
}

// @param step (T), result (T x episodes) filled
static void fill_results(const EvalCurve *curve, EvalPolicy policy, int64_t *step,
                         double *result)
{
    for (const EvalRow *row = eval_curve_next(curve, NULL); row;
         row = eval_curve_next(curve, row)) {
        const EvalRow *seen = eval_curve_seen_by(curve, policy, row);
        *step++ = seen->step;
        for (int i = 0; i < curve->episodes; i++)
            *result++ = i < seen->episodes ? seen->returns[i] : (double)NAN;
    }
}

static Status add_results(Npz *npz, const EvalCurve *curve, EvalPolicy policy, Error *err)
{
    int count = deployed_count(curve), episodes = curve->episodes;
    int64_t *step = mem_array((size_t)count, sizeof *step);
    double *result = mem_array((size_t)count * (size_t)episodes, sizeof *result);
    Status status = step && result ? STATUS_OK : error_nomem(err);
    if (status == STATUS_OK) {
        fill_results(curve, policy, step, result);
        npz_ints(npz, "timesteps", step, count);
        npz_doubles(npz, "results", result, (NpzShape){2, {count, episodes}});
    }
    mem_free(step);
    mem_free(result);
    return status;
}

Status export_evaluations(const Export *export, const RunSummary *run, EvalPolicy policy,
                          const char *out, Error *err)
{
    char folder[PATH_LENGTH], path[PATH_LENGTH];
    EvalCurve curve;
    Npz npz = NPZ_INIT;
    Status status = export_curve(&curve, export, run, err);
    if (status == STATUS_OK) status = add_results(&npz, &curve, policy, err);
    if (status == STATUS_OK)
        status = path_format(folder, err, "%s/%s/%s/%s_%d", out, run->family, run->column,
                             run->member, run->seed);
    if (status == STATUS_OK) status = path_format(path, err, "%s/evaluations.npz", folder);
    if (status == STATUS_OK) status = folder_make(folder, err);
    if (status == STATUS_OK) status = npz_write(&npz, path, err);
    eval_curve_release(&curve);
    npz_release(&npz);
    return status;
}

// -- what many runs have in common: each of their members, columns, seeds and steps once

typedef int Order(const void *a, const void *b);

typedef struct Axis {
    char *item; // (count) of `size` bytes, sorted by axis_finish()
    int count;
    size_t size;
    Order *order;
} Axis;

static Status axis_init(Axis *axis, int capacity, size_t size, Order *order, Error *err)
{
    *axis = (Axis){.item = mem_array((size_t)capacity, size), .size = size, .order = order};
    return axis->item ? STATUS_OK : error_nomem(err);
}

static void axis_add(Axis *axis, const void *item)
{
    memcpy(axis->item + (size_t)axis->count++ * axis->size, item, axis->size);
}

static void axis_finish(Axis *axis)
{
    int kept = 0;
    qsort(axis->item, (size_t)axis->count, axis->size, axis->order);
    for (int i = 0; i < axis->count; i++) {
        char *item = axis->item + (size_t)i * axis->size;
        if (kept && axis->order(axis->item + (size_t)(kept - 1) * axis->size, item) == 0)
            continue;
        memmove(axis->item + (size_t)kept++ * axis->size, item, axis->size);
    }
    axis->count = kept;
}

static size_t axis_place(const Axis *axis, const void *item)
{
    const char *found = bsearch(item, axis->item, (size_t)axis->count, axis->size, axis->order);
    CHECK(found);
    return (size_t)(found - axis->item) / axis->size;
}

static int by_number(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int by_column(const void *a, const void *b)
{
    return collect_column_order(*(const char *const *)a, *(const char *const *)b);
}

// -- many runs

typedef struct RoleRuns {
    const Export *export;
    const RunSummary *run; // (count)
    int count;
    EvalPolicy policy;
    EvalCurve *curve; // (count) of the runs
    Axis members, columns, seeds, steps;
    double *cell; // (seeds x members x steps) the array being filled
    Npz npz;
} RoleRuns;

static void release(RoleRuns *r)
{
    for (int i = 0; r->curve && i < r->count; i++)
        eval_curve_release(&r->curve[i]);
    mem_free(r->curve);
    mem_free(r->members.item);
    mem_free(r->columns.item);
    mem_free(r->seeds.item);
    mem_free(r->steps.item);
    mem_free(r->cell);
    npz_release(&r->npz);
}

static Status read_curves(RoleRuns *r, Error *err)
{
    r->curve = mem_array((size_t)r->count, sizeof *r->curve);
    Status status = r->curve ? STATUS_OK : error_nomem(err);
    for (int i = 0; status == STATUS_OK && i < r->count; i++)
        status = export_curve(&r->curve[i], r->export, &r->run[i], err);
    return status;
}

static Status find_steps(RoleRuns *r, Error *err)
{
    int most = 0;
    for (int i = 0; i < r->count; i++)
        most += r->curve[i].count;
    Status status = axis_init(&r->steps, most, sizeof(int64_t), by_number, err);
    if (status != STATUS_OK) return status;
    for (int i = 0; i < r->count; i++)
        for (const EvalRow *row = eval_curve_next(&r->curve[i], NULL); row;
             row = eval_curve_next(&r->curve[i], row))
            axis_add(&r->steps, &row->step);
    axis_finish(&r->steps);
    return STATUS_OK;
}

static Status find_axes(RoleRuns *r, Error *err)
{
    int most = r->count;
    Status status = axis_init(&r->members, most, sizeof(char *), by_name, err);
    if (status == STATUS_OK)
        status = axis_init(&r->columns, most, sizeof(char *), by_column, err);
    if (status == STATUS_OK)
        status = axis_init(&r->seeds, most, sizeof(int64_t), by_number, err);
    for (int i = 0; status == STATUS_OK && i < r->count; i++) {
        const char *member = r->run[i].member, *column = r->run[i].column;
        axis_add(&r->members, &member);
        axis_add(&r->columns, &column);
        axis_add(&r->seeds, &(int64_t){r->run[i].seed});
    }
    if (status != STATUS_OK) return status;
    axis_finish(&r->members);
    axis_finish(&r->columns);
    axis_finish(&r->seeds);
    return find_steps(r, err);
}

static size_t cell_count(const RoleRuns *r, int per_run)
{
    return (size_t)r->seeds.count * (size_t)r->members.count * (size_t)per_run;
}

// the first of the cells that run i fills, of `per_run` each
static double *cells_of(const RoleRuns *r, int i, int per_run)
{
    const RunSummary *run = &r->run[i];
    const char *member = run->member;
    size_t seed = axis_place(&r->seeds, &(int64_t){run->seed});
    size_t place = seed * (size_t)r->members.count + axis_place(&r->members, &member);
    return r->cell + place * (size_t)per_run;
}

static void fill_curve(const RoleRuns *r, int i, bool normalised)
{
    const EvalCurve *curve = &r->curve[i];
    const Reference *reference = export_reference(r->export, &r->run[i]);
    double *cell = cells_of(r, i, r->steps.count);
    for (const EvalRow *row = eval_curve_next(curve, NULL); row;
         row = eval_curve_next(curve, row)) {
        double value = eval_curve_seen_by(curve, r->policy, row)->mean;
        cell[axis_place(&r->steps, &row->step)] =
            normalised ? reference_value(reference, value) : value;
    }
}

static void fill_metric(const RoleRuns *r, int i, int metric, bool normalised)
{
    const RunSummary *run = &r->run[i];
    double value = run->metric[r->policy][metric];
    if (normalised && metric_table[metric].unit == METRIC_RETURN)
        value = reference_value(export_reference(r->export, run), value);
    *cells_of(r, i, 1) = value;
}

// the curve, which is one metric too many, has both; a number that takes several runs has none
static bool has_array(int metric, bool normalised)
{
    if (metric == metric_count()) return true;
    const Metric *m = &metric_table[metric];
    return m->seeds == SEEDS_MEAN && (normalised || m->unit == METRIC_RETURN);
}

// the array of one column and metric, or of its curve if `metric` is one too many
static void add_array(RoleRuns *r, const char *column, int metric, bool normalised)
{
    bool is_curve = metric == metric_count();
    int per_run = is_curve ? r->steps.count : 1;
    size_t cells = cell_count(r, per_run);
    for (size_t i = 0; i < cells; i++)
        r->cell[i] = (double)NAN;
    for (int i = 0; i < r->count; i++) {
        if (strcmp(r->run[i].column, column) != 0) continue;
        if (is_curve)
            fill_curve(r, i, normalised);
        else
            fill_metric(r, i, metric, normalised);
    }
    char name[COLUMN_NAME + 64];
    (void)snprintf(name, sizeof name, "%s/%s/%s", normalised ? "normalised" : "raw",
                   is_curve ? "curve" : metric_table[metric].name, column);
    npz_doubles(&r->npz, name, r->cell,
                (NpzShape){is_curve ? 3 : 2, {r->seeds.count, r->members.count, per_run}});
}

static Status add_arrays(RoleRuns *r, Error *err)
{
    r->cell = mem_array(cell_count(r, r->steps.count + 1), sizeof *r->cell);
    if (!r->cell) return error_nomem(err);
    const char *const *column = (const void *)r->columns.item;
    npz_texts(&r->npz, "members", (const void *)r->members.item, r->members.count);
    npz_ints(&r->npz, "seeds", (const void *)r->seeds.item, r->seeds.count);
    npz_ints(&r->npz, "steps", (const void *)r->steps.item, r->steps.count);
    for (int m = 0; m <= metric_count(); m++)
        for (int c = 0; c < r->columns.count; c++) {
            if (has_array(m, false)) add_array(r, column[c], m, false);
            if (has_array(m, true)) add_array(r, column[c], m, true);
        }
    return STATUS_OK;
}

Status export_scores(const Export *export, const RunSummary *run, int count, EvalPolicy policy,
                     const char *out, Error *err)
{
    char folder[PATH_LENGTH], path[PATH_LENGTH];
    RoleRuns r = {
        .export = export, .run = run, .count = count, .policy = policy, .npz = NPZ_INIT};
    Status status = read_curves(&r, err);
    if (status == STATUS_OK) status = find_axes(&r, err);
    if (status == STATUS_OK) status = add_arrays(&r, err);
    if (status == STATUS_OK) status = path_format(folder, err, "%s/%s", out, run->family);
    if (status == STATUS_OK)
        status = path_format(path, err, "%s/scores-%s.npz", folder, run->role);
    if (status == STATUS_OK) status = folder_make(folder, err);
    if (status == STATUS_OK) status = npz_write(&r.npz, path, err);
    release(&r);
    return status;
}
