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

typedef struct Scores {
    const Export *export;
    const RunSummary *run; // (count)
    int count;
    EvalPolicy policy;
    EvalCurve *curve; // (count) of the runs
    Axis members, columns, seeds, steps;
    double *cell; // (seeds x members x steps) the array being filled
    Npz npz;
} Scores;

static void release(Scores *scores)
{
    for (int i = 0; scores->curve && i < scores->count; i++)
        eval_curve_release(&scores->curve[i]);
    mem_free(scores->curve);
    mem_free(scores->members.item);
    mem_free(scores->columns.item);
    mem_free(scores->seeds.item);
    mem_free(scores->steps.item);
    mem_free(scores->cell);
    npz_release(&scores->npz);
}

static Status read_curves(Scores *scores, Error *err)
{
    scores->curve = mem_array((size_t)scores->count, sizeof *scores->curve);
    Status status = scores->curve ? STATUS_OK : error_nomem(err);
    for (int i = 0; status == STATUS_OK && i < scores->count; i++)
        status = export_curve(&scores->curve[i], scores->export, &scores->run[i], err);
    return status;
}

static Status find_steps(Scores *scores, Error *err)
{
    int most = 0;
    for (int i = 0; i < scores->count; i++)
        most += scores->curve[i].count;
    Status status = axis_init(&scores->steps, most, sizeof(int64_t), by_number, err);
    if (status != STATUS_OK) return status;
    for (int i = 0; i < scores->count; i++)
        for (const EvalRow *row = eval_curve_next(&scores->curve[i], NULL); row;
             row = eval_curve_next(&scores->curve[i], row))
            axis_add(&scores->steps, &row->step);
    axis_finish(&scores->steps);
    return STATUS_OK;
}

static Status find_axes(Scores *scores, Error *err)
{
    int most = scores->count;
    Status status = axis_init(&scores->members, most, sizeof(char *), by_name, err);
    if (status == STATUS_OK)
        status = axis_init(&scores->columns, most, sizeof(char *), by_column, err);
    if (status == STATUS_OK)
        status = axis_init(&scores->seeds, most, sizeof(int64_t), by_number, err);
    for (int i = 0; status == STATUS_OK && i < scores->count; i++) {
        const char *member = scores->run[i].member, *column = scores->run[i].column;
        axis_add(&scores->members, &member);
        axis_add(&scores->columns, &column);
        axis_add(&scores->seeds, &(int64_t){scores->run[i].seed});
    }
    if (status != STATUS_OK) return status;
    axis_finish(&scores->members);
    axis_finish(&scores->columns);
    axis_finish(&scores->seeds);
    return find_steps(scores, err);
}

static size_t cell_count(const Scores *scores, int per_run)
{
    return (size_t)scores->seeds.count * (size_t)scores->members.count * (size_t)per_run;
}

// the first of the cells that run i fills, of `per_run` each
static double *cells_of(const Scores *scores, int i, int per_run)
{
    const RunSummary *run = &scores->run[i];
    const char *member = run->member;
    size_t seed = axis_place(&scores->seeds, &(int64_t){run->seed});
    size_t place = seed * (size_t)scores->members.count + axis_place(&scores->members, &member);
    return scores->cell + place * (size_t)per_run;
}

static void fill_curve(const Scores *scores, int i, bool normalised)
{
    const EvalCurve *curve = &scores->curve[i];
    const Reference *reference = export_reference(scores->export, &scores->run[i]);
    double *cell = cells_of(scores, i, scores->steps.count);
    for (const EvalRow *row = eval_curve_next(curve, NULL); row;
         row = eval_curve_next(curve, row)) {
        double value = eval_curve_seen_by(curve, scores->policy, row)->mean;
        cell[axis_place(&scores->steps, &row->step)] =
            normalised ? reference_value(reference, value) : value;
    }
}

static void fill_metric(const Scores *scores, int i, int metric, bool normalised)
{
    const RunSummary *run = &scores->run[i];
    double value = run->metric[scores->policy][metric];
    if (normalised && metric_table[metric].unit == METRIC_RETURN)
        value = reference_value(export_reference(scores->export, run), value);
    *cells_of(scores, i, 1) = value;
}

// the curve, which is one metric too many, has both; a number that takes several runs has none
static bool has_array(int metric, bool normalised)
{
    if (metric == metric_count()) return true;
    const Metric *m = &metric_table[metric];
    return m->seeds == SEEDS_MEAN && (normalised || m->unit == METRIC_RETURN);
}

// the array of one column and metric, or of its curve if `metric` is one too many
static void add_array(Scores *scores, const char *column, int metric, bool normalised)
{
    bool is_curve = metric == metric_count();
    int per_run = is_curve ? scores->steps.count : 1;
    size_t cells = cell_count(scores, per_run);
    for (size_t i = 0; i < cells; i++)
        scores->cell[i] = (double)NAN;
    for (int i = 0; i < scores->count; i++) {
        if (strcmp(scores->run[i].column, column) != 0) continue;
        if (is_curve)
            fill_curve(scores, i, normalised);
        else
            fill_metric(scores, i, metric, normalised);
    }
    char name[COLUMN_NAME + 64];
    (void)snprintf(name, sizeof name, "%s/%s/%s", normalised ? "normalised" : "raw",
                   is_curve ? "curve" : metric_table[metric].name, column);
    npz_doubles(
        &scores->npz, name, scores->cell,
        (NpzShape){is_curve ? 3 : 2, {scores->seeds.count, scores->members.count, per_run}});
}

static Status add_arrays(Scores *scores, Error *err)
{
    scores->cell = mem_array(cell_count(scores, scores->steps.count + 1), sizeof *scores->cell);
    if (!scores->cell) return error_nomem(err);
    const char *const *column = (const void *)scores->columns.item;
    npz_texts(&scores->npz, "members", (const void *)scores->members.item,
              scores->members.count);
    npz_ints(&scores->npz, "seeds", (const void *)scores->seeds.item, scores->seeds.count);
    npz_ints(&scores->npz, "steps", (const void *)scores->steps.item, scores->steps.count);
    for (int m = 0; m <= metric_count(); m++)
        for (int c = 0; c < scores->columns.count; c++) {
            if (has_array(m, false)) add_array(scores, column[c], m, false);
            if (has_array(m, true)) add_array(scores, column[c], m, true);
        }
    return STATUS_OK;
}

Status export_scores(const Export *export, const RunSummary *run, int count, EvalPolicy policy,
                     const char *out, Error *err)
{
    char folder[PATH_LENGTH], path[PATH_LENGTH];
    Scores scores = {
        .export = export, .run = run, .count = count, .policy = policy, .npz = NPZ_INIT};
    Status status = read_curves(&scores, err);
    if (status == STATUS_OK) status = find_axes(&scores, err);
    if (status == STATUS_OK) status = add_arrays(&scores, err);
    if (status == STATUS_OK) status = path_format(folder, err, "%s/%s", out, run->family);
    if (status == STATUS_OK)
        status = path_format(path, err, "%s/scores-%s.npz", folder, run->role);
    if (status == STATUS_OK) status = folder_make(folder, err);
    if (status == STATUS_OK) status = npz_write(&scores.npz, path, err);
    release(&scores);
    return status;
}
