#include "results/compare.h"

#include <math.h>
#include <string.h>

#include "suite/core/check.h"
#include "suite/core/hash.h"
#include "suite/core/mem.h"

static const char scratch[] = "scratch";
void compare_release(Comparison *comparison)
{
    mem_free(comparison->family);
    mem_free(comparison->row);
    mem_free(comparison->column);
    mem_free(comparison->value);
    mem_free(comparison->stratum);
    mem_free(comparison->resample);
    *comparison = (Comparison){0};
}

// -- layout: runs are sorted, so every group is a stretch of them

typedef bool Alike(const RunSummary *a, const RunSummary *b);

static bool same_family(const RunSummary *a, const RunSummary *b)
{
    return strcmp(a->family, b->family) == 0;
}

static bool same_role(const RunSummary *a, const RunSummary *b)
{
    return same_family(a, b) && strcmp(a->role, b->role) == 0;
}

// one past the last of the runs from `first` on that are like it
static int stretch(const RunList *list, int first, Alike *alike)
{
    int end = first + 1;
    while (end < list->count && alike(&list->run[first], &list->run[end]))
        end++;
    return end;
}

static const char *pool_name(const char *role)
{
    if (strcmp(role, "target") == 0) return "all targets";
    return strcmp(role, "tune") == 0 ? "all tune" : "all sources";
}

// rows of the runs [first, end) of one role: its members, then the pool
static CompareRow *lay_role(CompareRow *row, const RunList *list, int first, int end)
{
    const char *role = list->run[first].role;
    CompareRow pool = {.name = pool_name(role),
                       .role = role,
                       .pooled = true,
                       .first = first,
                       .count = end - first};

    for (int i = first, next; i < end; i = next) {
        next = stretch(list, i, collect_same_member);
        *row++ = (CompareRow){.name = list->run[i].member,
                              .role = role,
                              .members = 1,
                              .first = i,
                              .count = next - i};
        pool.members++;
    }
    *row++ = pool;
    return row;
}

static bool column_before(const char *a, const char *b)
{
    return collect_column_order(a, b) < 0;
}

// the columns of the runs [first, end), sorted, each once
static int lay_columns(const char **column, const RunList *list, int first, int end)
{
    int count = 0;
    for (int i = first; i < end; i++) {
        const char *name = list->run[i].column;
        int place = count;
        while (place > 0 && column_before(name, column[place - 1]))
            place--;
        if (place > 0 && strcmp(column[place - 1], name) == 0) continue;
        memmove(column + place + 1, column + place, (size_t)(count - place) * sizeof *column);
        column[place] = name;
        count++;
    }
    return count;
}

static void lay_out(Comparison *comparison)
{
    const RunList *list = &comparison->collection->done;
    CompareRow *row = comparison->row;
    const char **column = comparison->column;

    for (int first = 0, end; first < list->count; first = end) {
        CompareFamily *family = &comparison->family[comparison->family_count++];
        end = stretch(list, first, same_family);
        *family =
            (CompareFamily){.name = list->run[first].family, .row = row, .column = column};
        for (int i = first, next; i < end; i = next) {
            next = stretch(list, i, same_role);
            row = lay_role(row, list, i, next);
        }
        family->row_count = (int)(row - family->row);
        family->column_count = lay_columns(column, list, first, end);
        column += family->column_count;
    }
}

Status compare_init(Comparison *out, const Collection *collection, int resamples, Error *err)
{
    size_t runs = (size_t)collection->done.count;
    *out = (Comparison){.collection = collection,
                        .against = scratch,
                        .resamples = resamples ? resamples : STATS_RESAMPLES};
    // no more families and columns than runs, and no more pools than members
    out->family = mem_array(runs, sizeof *out->family);
    out->row = mem_array(2 * runs, sizeof *out->row);
    out->column = mem_array(runs, sizeof *out->column);
    out->value = mem_array(runs, sizeof *out->value);
    out->stratum = mem_array(runs, sizeof *out->stratum);
    out->resample = mem_array((size_t)out->resamples, sizeof *out->resample);
    if (!out->family || !out->row || !out->column || !out->value || !out->stratum ||
        !out->resample) {
        compare_release(out);
        return error_nomem(err);
    }
    lay_out(out);
    return STATUS_OK;
}

bool compare_has_column(const CompareFamily *family, const char *name)
{
    for (int c = 0; c < family->column_count; c++)
        if (strcmp(family->column[c], name) == 0) return true;
    return false;
}

bool compare_is_first(const Comparison *comparison, int family, const char *column)
{
    for (int f = 0; f < family; f++)
        if (compare_has_column(&comparison->family[f], column)) return false;
    return true;
}

Status compare_check_column(const Comparison *comparison, const char *name, Error *err)
{
    enum { MOST_NAMES = 256 };
    const char *names[MOST_NAMES];
    int count = 0;
    for (int f = 0; f < comparison->family_count; f++) {
        const CompareFamily *family = &comparison->family[f];
        if (compare_has_column(family, name)) return STATUS_OK;
        for (int c = 0; c < family->column_count && count < MOST_NAMES; c++)
            names[count++] = family->column[c];
    }
    const char *nearest = nearest_name(name, names, count);
    return error_set(err, STATUS_USAGE, "there are no finished runs of '%.100s'%s%s%s", name,
                     nearest ? "; did you mean '" : "", nearest ? nearest : "",
                     nearest ? "'?" : "");
}

Status compare_against(Comparison *comparison, const char *against, Error *err)
{
    Status status = compare_check_column(comparison, against, err);
    if (status == STATUS_OK) comparison->against = against;
    return status;
}

// -- cells

/** What is asked of a run. */
typedef struct Question {
    const char *column;
    EvalPolicy policy;
    int metric;
    const char *against; // minus this column's of the same member and seed; NULL: the value
} Question;

// the run of the same member and seed among the row's runs that it is compared with, or NULL
static const RunSummary *partner(const RunSummary *runs, int count, const RunSummary *of,
                                 const char *against)
{
    for (int i = 0; i < count; i++)
        if (runs[i].seed == of->seed && strcmp(runs[i].column, against) == 0 &&
            collect_same_member(&runs[i], of))
            return &runs[i];
    return NULL;
}

// NaN where the run is of another column, lacks the metric or has no partner
static double answer(const Question *question, const RunSummary *runs, int count,
                     const RunSummary *run)
{
    if (strcmp(run->column, question->column) != 0) return (double)NAN;
    double value = run->metric[question->policy][question->metric];
    if (!question->against) return value;
    const RunSummary *other = partner(runs, count, run, question->against);
    if (!other || other == run) return (double)NAN;
    double difference = value - other->metric[question->policy][question->metric];
    bool shares = metric_table[question->metric].seeds == SEEDS_BELOW;
    return shares && isfinite(difference) ? (double)(difference < 0.0) : difference;
}

// a stream of its own for every interval; the policy is not in it, so that where both policies
// are the same their intervals are too
static RngStream stream_of(const CompareFamily *family, const CompareRow *row,
                           const Question *question)
{
    const char *name[] = {family->name,
                          row->role,
                          row->name,
                          question->column,
                          metric_table[question->metric].name,
                          question->against ? "difference" : "value"};
    uint64_t index = row->pooled;
    for (size_t i = 0; i < sizeof name / sizeof name[0]; i++)
        index = hash_string(name[i], index);
    // differences to scratch were there first
    if (question->against && strcmp(question->against, scratch) != 0)
        index = hash_string(question->against, index);
    return stats_bootstrap_stream(index);
}

// the row's numbers into value and stratum, members one after the other
static Estimate gather(const Comparison *comparison, const CompareRow *row,
                       const Question *question)
{
    const RunSummary *runs = comparison->collection->done.run + row->first;
    const RunSummary *last = NULL;
    Estimate estimate = {0};
    int *stratum = comparison->stratum;

    for (int i = 0; i < row->count; i++) {
        double value = answer(question, runs, row->count, &runs[i]);
        if (!isfinite(value)) continue;
        if (!last || !collect_same_member(last, &runs[i])) stratum[estimate.members++] = 0;
        last = &runs[i];
        stratum[estimate.members - 1]++;
        comparison->value[estimate.count++] = value;
    }
    for (int s = 0; s < estimate.members; s++) {
        if (s == 0 || stratum[s] < estimate.fewest) estimate.fewest = stratum[s];
        if (stratum[s] > estimate.most) estimate.most = stratum[s];
    }
    return estimate;
}

// what is not known
static Estimate no_estimate(void)
{
    return (Estimate){
        .mean = (double)NAN, .interval = {(double)NAN, (double)NAN}, .p = (double)NAN};
}

// the mean over members of the spread of each; sorts the numbers. A percentile interval of a
// quartile of a few seeds would be worth nothing
static Estimate spread(const Comparison *comparison, Estimate gathered)
{
    double *x = comparison->value, sum = 0.0;
    if (gathered.fewest < 2) return no_estimate();
    for (int s = 0; s < gathered.members; s++) {
        sum += stats_iqr(x, comparison->stratum[s], x);
        x += comparison->stratum[s];
    }
    gathered.mean = sum / gathered.members;
    return gathered;
}

static Estimate estimate(const Comparison *comparison, const CompareFamily *family,
                         const CompareRow *row, const Question *question)
{
    const Metric *metric = &metric_table[question->metric];
    Estimate result = gather(comparison, row, question);
    result.interval = (Interval){(double)NAN, (double)NAN};
    result.p = (double)NAN;
    result.lower_is_better = metric->lower_is_better;
    if (metric->seeds == SEEDS_SPREAD) return spread(comparison, result);
    result.mean = stats_mean_of_strata(comparison->value, comparison->stratum, result.members);
    if (result.fewest < 2) return result; // one seed says nothing about the spread

    RngStream rng = stream_of(family, row, question);
    result.interval =
        stats_bootstrap_strata(comparison->value, comparison->stratum, result.members,
                               comparison->resamples, &rng, comparison->resample);
    if (question->against && metric->seeds == SEEDS_MEAN)
        result.p = stats_sign_flip_p(comparison->value, comparison->stratum, result.members,
                                     comparison->resamples, &rng);
    return result;
}

static void find_worst(const Comparison *comparison, const CompareRow *row,
                       const Question *question, CompareCell *cell)
{
    const RunSummary *runs = comparison->collection->done.run + row->first;
    double sign = metric_table[question->metric].lower_is_better ? -1.0 : 1.0;
    for (int i = 0; i < row->count; i++) {
        double value = answer(question, runs, row->count, &runs[i]);
        if (!isfinite(value) || sign * value >= sign * cell->worst) continue;
        cell->worst = value;
        cell->worst_member = runs[i].member;
        cell->worst_seed = runs[i].seed;
    }
}

CompareCell compare_cell(const Comparison *comparison, const CompareFamily *family,
                         const CompareRow *row, const char *column, EvalPolicy policy,
                         int metric)
{
    CompareCell cell = {.difference = no_estimate(), .worst = (double)NAN};
    Question question = {.column = column, .policy = policy, .metric = metric};
    MetricSeeds seeds = metric_table[metric].seeds;
    if (seeds == SEEDS_BELOW) question.against = comparison->against;
    cell.value = estimate(comparison, family, row, &question);
    if (seeds != SEEDS_MEAN) return cell;
    find_worst(comparison, row, &question, &cell);

    question.against = comparison->against;
    cell.difference = estimate(comparison, family, row, &question);
    return cell;
}

CompareRow compare_everything(const Comparison *comparison)
{
    CompareRow all = {
        .name = "all families", .pooled = true, .count = comparison->collection->done.count};
    for (int f = 0; f < comparison->family_count; f++) {
        const CompareFamily *family = &comparison->family[f];
        all.role = family->row[family->row_count - 1].role;
        all.members += family->row[family->row_count - 1].members;
    }
    return all;
}

Scores compare_scores(const Comparison *comparison, const CompareRow *row, const char *column,
                      EvalPolicy policy, int metric)
{
    CHECK(metric_table[metric].seeds == SEEDS_MEAN);
    Question question = {.column = column, .policy = policy, .metric = metric};
    Estimate gathered = gather(comparison, row, &question);
    return (Scores){comparison->value, comparison->stratum, gathered.members};
}

Estimate compare_pair(const Comparison *comparison, const CompareFamily *family,
                      const CompareRow *row, const ComparePair *pair)
{
    CHECK(metric_table[pair->metric].seeds == SEEDS_MEAN);
    Question question = {pair->column, pair->policy, pair->metric, pair->against};
    return estimate(comparison, family, row, &question);
}

// the best of the columns but for one; -1 if there is none
static int best_but(const CompareRace *race, const CompareCell *cell, int but)
{
    int best = -1;
    double sign = metric_table[race->metric].lower_is_better ? -1.0 : 1.0;
    for (int c = 0; c < race->count; c++) {
        const Estimate *of = &cell[c].value;
        if (c == but || of->members < race->row->members || !isfinite(of->mean)) continue;
        if (best < 0 || sign * of->mean > sign * cell[best].value.mean) best = c;
    }
    return best;
}

int compare_best(const Comparison *comparison, const CompareRace *race, const CompareCell *cell)
{
    if (metric_table[race->metric].seeds != SEEDS_MEAN) return -1;
    int best = best_but(race, cell, -1), next = best < 0 ? -1 : best_but(race, cell, best);
    if (next < 0) return -1;
    ComparePair pair = {race->column[best], race->column[next], race->policy, race->metric};
    Estimate ahead = compare_pair(comparison, race->family, race->row, &pair);
    bool all = ahead.members == race->row->members && ahead.fewest >= COMPARE_FEW;
    return all && compare_mark(&ahead) == '+' ? best : -1;
}

char compare_mark(const Estimate *difference)
{
    if (isnan(difference->interval.lo)) return ' ';
    if (difference->interval.lo > 0.0) return difference->lower_is_better ? '-' : '+';
    if (difference->interval.hi < 0.0) return difference->lower_is_better ? '+' : '-';
    return '=';
}
