#include "plots/scores.h"

#include <math.h>
#include <string.h>

#include "suite/core/hash.h"
#include "suite/core/mem.h"

void score_table_release(ScoreTable *table)
{
    mem_free(table->x);
    mem_free(table->strata);
    *table = (ScoreTable){0};
}

RngStream score_stream(const ScoreQuestion *question, const char *what, const char *column)
{
    const char *name[] = {question->family ? question->family->name : "",
                          metric_table[question->metric].name, what, column};
    uint64_t index = question->policy;
    for (size_t i = 0; i < sizeof name / sizeof name[0]; i++)
        index = hash_string(name[i], index);
    return stats_bootstrap_stream(index);
}

static bool in_question(const ScoreQuestion *question, const RunSummary *run)
{
    return (!question->family || strcmp(run->family, question->family->name) == 0) &&
           isfinite(run->metric[question->policy][question->metric]);
}

/** Numbers of runs: (columns of the palette x members), runs being sorted by member. */
typedef struct Census {
    int *runs;
    int members;
} Census;

static void count_runs(Census *census, const Palette *palette, const ScoreQuestion *question)
{
    const RunList *list = &question->comparison->collection->done;
    int last = -1;
    for (int i = 0; i < list->count; i++) {
        const RunSummary *run = &list->run[i];
        if (!in_question(question, run)) continue;
        if (last < 0 || !collect_same_member(&list->run[last], run)) census->members++;
        last = i;
        census->runs[(census->members - 1) * PALETTE_COLUMNS +
                     palette_find(palette, run->column)]++;
    }
}

// scores of a column in all, or 0 unless every member has some
static int count_scores(const Census *census, int column)
{
    int count = 0;
    for (int m = 0; m < census->members; m++) {
        int runs = census->runs[m * PALETTE_COLUMNS + column];
        if (!runs) return 0;
        count += runs;
    }
    return count;
}

// the scores of a column behind those that are there
static void take_column(ScoreTable *table, const Palette *palette, const Census *census,
                        const ScoreQuestion *question, int column)
{
    const RunList *list = &question->comparison->collection->done;
    double *x = table->x + table->runs;
    int *strata = table->strata + table->count * table->members, size = 0;
    table->spread[table->count] = true;
    for (int m = 0; m < table->members; m++) {
        strata[m] = census->runs[m * PALETTE_COLUMNS + column];
        if (strata[m] < 2) table->spread[table->count] = false;
    }
    for (int i = 0; i < list->count; i++)
        if (in_question(question, &list->run[i]) &&
            strcmp(list->run[i].column, palette->style[column].column) == 0)
            x[size++] = list->run[i].metric[question->policy][question->metric];
    table->of[table->count] = (Scores){x, strata, table->members};
    table->style[table->count] = column;
    table->size[table->count] = size;
    if (size > table->most) table->most = size;
    table->runs += size;
    table->count++;
}

static bool is_partial(const Census *census, int column)
{
    for (int m = 0; m < census->members; m++)
        if (census->runs[m * PALETTE_COLUMNS + column]) return true;
    return false;
}

Status score_table_init(ScoreTable *out, const Palette *palette, const ScoreQuestion *question,
                        bool *left_out, Error *err)
{
    size_t runs = (size_t)question->comparison->collection->done.count;
    Census census = {.runs = mem_array(runs * PALETTE_COLUMNS, sizeof *census.runs)};
    *out = (ScoreTable){.x = mem_array(runs, sizeof *out->x),
                        .strata = mem_array(runs * PALETTE_COLUMNS, sizeof *out->strata)};
    Status status = census.runs && out->x && out->strata ? STATUS_OK : error_nomem(err);
    if (status == STATUS_OK) {
        count_runs(&census, palette, question);
        out->members = census.members;
    }
    for (int c = 0; status == STATUS_OK && c < palette->count; c++) {
        int count = count_scores(&census, c);
        if (count) take_column(out, palette, &census, question, c);
        if (left_out) left_out[c] = !count && is_partial(&census, c);
    }
    mem_free(census.runs);
    return status;
}
