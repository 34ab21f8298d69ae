#include <math.h>
#include <stdio.h>
#include <string.h>

#include "results/table.h"
#include "suite/core/check.h"
#include "suite/core/json.h"
#include "suite/core/mem.h"

/** What is being written. */
typedef struct Sheet {
    Json *json;
    const Comparison *comparison;
    const TableOptions *options;
    const CompareFamily *family;
    CompareCell *cell; // (column_count) of a row
} Sheet;

static void put_estimate(Json *json, JsonNode *object, const Estimate *estimate,
                         const char *counted)
{
    bool known = estimate->members > 0;
    json_put_number(json, object, "point", known ? estimate->mean : (double)NAN);
    json_put_number(json, object, "lo", known ? estimate->interval.lo : (double)NAN);
    json_put_number(json, object, "hi", known ? estimate->interval.hi : (double)NAN);
    json_put_number(json, object, counted, estimate->count);
    json_put_number(json, object, "members", estimate->members);
    json_put_number(json, object, "fewest_of_a_member", estimate->fewest);
}

static void put_difference(const Sheet *sheet, JsonNode *object, const Estimate *difference)
{
    if (!difference->members) return;
    char mark[] = {compare_mark(difference), '\0'};
    JsonNode *node = json_put_object(sheet->json, object, "difference");
    json_put_string(sheet->json, node, "against", sheet->comparison->against);
    put_estimate(sheet->json, node, difference, "pairs");
    json_put_string(sheet->json, node, "mark", *mark == ' ' ? "" : mark);
}

static void put_worst(const Sheet *sheet, JsonNode *object, const CompareCell *cell)
{
    if (!cell->worst_member) return;
    JsonNode *node = json_put_object(sheet->json, object, "worst");
    json_put_number(sheet->json, node, "value", cell->worst);
    json_put_string(sheet->json, node, "member", cell->worst_member);
    json_put_number(sheet->json, node, "seed", cell->worst_seed);
}

static void put_cell(const Sheet *sheet, JsonNode *list, int column, EvalPolicy policy,
                     const Metric *metric)
{
    const CompareCell *cell = &sheet->cell[column];
    JsonNode *object = json_put_object(sheet->json, list, NULL);
    json_put_string(sheet->json, object, "column", sheet->family->column[column]);
    json_put_string(sheet->json, object, "policy", policy_name(policy));
    json_put_string(sheet->json, object, "metric", metric->name);
    bool normalised = metric->unit == METRIC_NORMALISED ||
                      (sheet->options->normalised && metric_is_return(metric));
    json_put_bool(sheet->json, object, "normalised", normalised);
    json_put_bool(sheet->json, object, "lower_is_better", metric->lower_is_better);
    put_estimate(sheet->json, object, &cell->value, "seeds");
    put_difference(sheet, object, &cell->difference);
    put_worst(sheet, object, cell);
}

// all columns of a row, policy and metric
static void put_cells(const Sheet *sheet, JsonNode *row_node, const CompareRow *row,
                      EvalPolicy policy, int metric)
{
    const CompareFamily *family = sheet->family;
    for (int c = 0; c < family->column_count; c++)
        sheet->cell[c] =
            compare_cell(sheet->comparison, family, row, family->column[c], policy, metric);
    JsonNode *group = json_put_object(sheet->json, row_node, NULL);
    CompareRace race = {family, row, family->column, family->column_count, policy, metric};
    int best = compare_best(sheet->comparison, &race, sheet->cell);
    json_put_string(sheet->json, group, "best", best < 0 ? "" : family->column[best]);
    JsonNode *list = json_put_array(sheet->json, group, "cells");
    for (int c = 0; c < family->column_count; c++)
        put_cell(sheet, list, c, policy, &metric_table[metric]);
}

static void put_row(const Sheet *sheet, JsonNode *list, const CompareRow *row)
{
    JsonNode *object = json_put_object(sheet->json, list, NULL);
    json_put_string(sheet->json, object, "member", row->name);
    json_put_string(sheet->json, object, "role", row->role);
    json_put_bool(sheet->json, object, "pooled", row->pooled);
    JsonNode *groups = json_put_array(sheet->json, object, "groups");
    for (int m = 0; m < sheet->options->metric_count; m++)
        for (int p = 0; p < POLICY_COUNT; p++)
            put_cells(sheet, groups, row, (EvalPolicy)p, sheet->options->metric[m]);
}

static Status put_family(Sheet *sheet, JsonNode *list, Error *err)
{
    const CompareFamily *family = sheet->family;
    sheet->cell = mem_array((size_t)family->column_count, sizeof *sheet->cell);
    if (!sheet->cell) return error_nomem(err);
    JsonNode *object = json_put_object(sheet->json, list, NULL);
    json_put_string(sheet->json, object, "family", family->name);
    JsonNode *rows = json_put_array(sheet->json, object, "rows");
    for (int r = 0; r < family->row_count; r++)
        put_row(sheet, rows, &family->row[r]);
    mem_free(sheet->cell);
    return STATUS_OK;
}

static bool is_new_version(const RunList *list, int run)
{
    for (int i = 0; i < run; i++)
        if (strcmp(list->run[i].mujoco, list->run[run].mujoco) == 0) return false;
    return true;
}

// MuJoCo's: a string, or a list where there are several
static void put_versions(const Sheet *sheet, JsonNode *root)
{
    static const char key[] = "mujoco";
    const RunList *list = &sheet->comparison->collection->done;
    if (!collect_is_mixed(sheet->comparison->collection)) {
        json_put_string(sheet->json, root, key, list->run[0].mujoco);
        return;
    }
    JsonNode *versions = json_put_array(sheet->json, root, key);
    for (int i = 0; i < list->count; i++)
        if (is_new_version(list, i))
            json_put_string(sheet->json, versions, NULL, list->run[i].mujoco);
}

static void put_heading(const Sheet *sheet, JsonNode *root)
{
    const TableOptions *options = sheet->options;
    JsonNode *folders = json_put_array(sheet->json, root, "results");
    for (int i = 0; i < options->folder_count; i++)
        json_put_string(sheet->json, folders, NULL, options->folder[i]);
    json_put_number(sheet->json, root, "runs", sheet->comparison->collection->done.count);
    put_versions(sheet, root);
    json_put_number(sheet->json, root, "level", 0.95);
    json_put_number(sheet->json, root, "resamples", sheet->comparison->resamples);
    json_put_number(sheet->json, root, "few_seeds", COMPARE_FEW);
    JsonNode *titles = json_put_object(sheet->json, root, "methods");
    for (int i = 0; i < options->title_count; i++)
        json_put_string(sheet->json, titles, options->title[i].method, options->title[i].title);
}

static void put_warnings(const Sheet *sheet, JsonNode *root)
{
    const Collection *collection = sheet->comparison->collection;
    JsonNode *warnings = json_put_array(sheet->json, root, "warnings");
    for (int i = 0; i < collection->warning_count; i++)
        json_put_string(sheet->json, warnings, NULL, collection->warning[i]);
    JsonNode *others = json_put_array(sheet->json, root, "not_counted");
    for (int i = 0; i < collection->other.count; i++) {
        char path[RUN_PATH];
        JsonNode *other = json_put_object(sheet->json, others, NULL);
        collect_run_path(&collection->other.run[i], path);
        json_put_string(sheet->json, other, "run", path);
        json_put_string(sheet->json, other, "status",
                        run_status_name(collection->other.run[i].status));
    }
}

Status table_json(const Comparison *comparison, const TableOptions *options, Text *text,
                  Error *err)
{
    Sheet sheet = {.comparison = comparison, .options = options};
    CHECK(options->metric_count > 0 && comparison->family_count > 0);
    Status status = json_new(&sheet.json, err);
    if (status != STATUS_OK) return status;
    JsonNode *root = json_root(sheet.json);
    put_heading(&sheet, root);
    put_warnings(&sheet, root);
    JsonNode *families = json_put_array(sheet.json, root, "families");
    for (int f = 0; status == STATUS_OK && f < comparison->family_count; f++) {
        sheet.family = &comparison->family[f];
        status = put_family(&sheet, families, err);
    }
    if (status == STATUS_OK) status = json_print(sheet.json, text, err);
    json_free(sheet.json);
    return status;
}
