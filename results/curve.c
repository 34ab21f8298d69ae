#include "results/curve.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "results/csv.h"
#include "results/stats.h"
#include "suite/core/check.h"
#include "suite/core/mem.h"

static const double statistic_tolerance = 1e-9; // of the largest return in the row

static const char *const policies[] = {
    [POLICY_DEPLOYED] = "deployed",
    [POLICY_NETWORK] = "network",
};

const char *policy_name(EvalPolicy policy)
{
    return policies[policy];
}

// -- evals.csv: the curve in memory

Status eval_curve_init(EvalCurve *curve, int capacity, int episodes, Error *err)
{
    CHECK(capacity >= 0 && episodes >= 0);
    *curve = (EvalCurve){
        .row = mem_array((size_t)capacity, sizeof *curve->row),
        .returns = mem_array((size_t)capacity * (size_t)episodes, sizeof *curve->returns),
        .capacity = capacity,
        .episodes = episodes,
    };
    if (curve->row && curve->returns) return STATUS_OK;
    eval_curve_release(curve);
    return error_nomem(err);
}

void eval_curve_release(EvalCurve *curve)
{
    mem_free(curve->row);
    mem_free(curve->returns);
    *curve = (EvalCurve){0};
}

static EvalRow *row_to_fill(const EvalCurve *curve)
{
    EvalRow *row = &curve->row[curve->count];
    row->returns = curve->returns + (size_t)curve->count * (size_t)curve->episodes;
    return row;
}

// the policy's step before the row at `count`, or -1
static int64_t last_step(const EvalCurve *curve, EvalPolicy policy)
{
    for (int i = curve->count - 1; i >= 0; i--)
        if (curve->row[i].policy == policy) return curve->row[i].step;
    return -1;
}

static void describe(EvalRow *row)
{
    row->mean = stats_mean(row->returns, row->episodes);
    row->std = stats_std_population(row->returns, row->episodes);
    row->min = row->max = row->returns[0];
    for (int i = 1; i < row->episodes; i++) {
        row->min = fmin(row->min, row->returns[i]);
        row->max = fmax(row->max, row->returns[i]);
    }
}

void eval_curve_add(EvalCurve *curve, int64_t step, EvalPolicy policy, const EvalSample *sample)
{
    CHECK(curve->count < curve->capacity);
    CHECK(sample->episodes > 0 && sample->episodes <= curve->episodes);
    CHECK(step > last_step(curve, policy));

    EvalRow *row = row_to_fill(curve);
    row->step = step;
    row->policy = policy;
    row->episodes = sample->episodes;
    row->length = sample->length;
    row->diverged = sample->diverged;
    memcpy(row->returns, sample->returns, (size_t)sample->episodes * sizeof *row->returns);
    describe(row);
    curve->count++;
}

const EvalRow *eval_curve_next(const EvalCurve *curve, const EvalRow *previous)
{
    const EvalRow *end = curve->row + curve->count;
    for (const EvalRow *row = previous ? previous + 1 : curve->row; row < end; row++)
        if (row->policy == POLICY_DEPLOYED) return row;
    return NULL;
}

const EvalRow *eval_curve_seen_by(const EvalCurve *curve, EvalPolicy policy,
                                  const EvalRow *deployed)
{
    if (policy == POLICY_DEPLOYED) return deployed;
    for (int i = 0; i < curve->count; i++)
        if (curve->row[i].policy == policy && curve->row[i].step == deployed->step)
            return &curve->row[i];
    return deployed;
}

// -- evals.csv: the file

static const char evals_header[] =
    "step,policy,episodes,mean,std,min,max,length,diverged,returns";
enum { EVAL_FIELDS = 10 };

static void print_row(const EvalRow *row, Text *text)
{
    const double numbers[] = {row->mean, row->std, row->min, row->max, row->length};

    text_printf(text, "%" PRId64 ",%s,%d", row->step, policy_name(row->policy), row->episodes);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        text_printf(text, ",");
        text_double(text, numbers[i]);
    }
    text_printf(text, ",%d", row->diverged);
    for (int i = 0; i < row->episodes; i++) {
        text_printf(text, i ? ";" : ",");
        text_double(text, row->returns[i]);
    }
    text_printf(text, "\n");
}

Status eval_curve_write(const EvalCurve *curve, const char *folder, Error *err)
{
    // a return that is not finite makes the mean and so the std not finite
    for (int i = 0; i < curve->count; i++)
        if (!isfinite(curve->row[i].std) || !isfinite(curve->row[i].length))
            return error_set(err, STATUS_RANGE,
                             "the evaluation at step %" PRId64 " is not finite",
                             curve->row[i].step);

    Text text = TEXT_INIT;
    text_printf(&text, "%s\n", evals_header);
    for (int i = 0; i < curve->count; i++)
        print_row(&curve->row[i], &text);
    Status status = csv_write(&text, folder, "evals.csv", err);
    text_release(&text);
    return status;
}

static Status policy(const Csv *csv, const char *text, EvalPolicy *out)
{
    *out = strcmp(text, policies[POLICY_NETWORK]) == 0 ? POLICY_NETWORK : POLICY_DEPLOYED;
    return strcmp(text, policies[*out]) == 0 ? STATUS_OK
                                             : csv_refuse(csv, "not a policy:", text);
}

static Status returns(const Csv *csv, char *text, EvalRow *row)
{
    Status status = STATUS_OK;
    for (int i = 0; status == STATUS_OK && i + 1 < row->episodes; i++) {
        const char *value = csv_cut(&text, ';');
        status = value ? csv_real(csv, "not a return:", value, &row->returns[i])
                       : csv_refuse(csv, "fewer returns than episodes:", text);
    }
    return status == STATUS_OK
               ? csv_real(csv, "not the last return:", text, &row->returns[row->episodes - 1])
               : status;
}

// the statistics that the file gives must be those of its returns
static Status verify(const Csv *csv, const EvalRow *row)
{
    EvalRow own = *row;
    describe(&own);
    const struct {
        const char *name;
        double given, computed;
    } pair[] = {{"mean", row->mean, own.mean},
                {"std", row->std, own.std},
                {"min", row->min, own.min},
                {"max", row->max, own.max}};
    double tolerance = statistic_tolerance * fmax(fabs(own.min), fabs(own.max));

    for (size_t i = 0; i < sizeof pair / sizeof pair[0]; i++) {
        if (fabs(pair[i].given - pair[i].computed) <= tolerance) continue;
        return error_set(csv->err, STATUS_PARSE,
                         "%s:%d: %s is %.10g, but the returns say %.10g", csv->name, csv->line,
                         pair[i].name, pair[i].given, pair[i].computed);
    }
    return STATUS_OK;
}

static Status parse_fields(const Csv *csv, const EvalCurve *curve,
                           char *const field[EVAL_FIELDS], EvalRow *row)
{
    int64_t episodes = 0, diverged = 0;
    Status status = policy(csv, field[1], &row->policy);
    if (status == STATUS_OK)
        status = csv_whole(csv, "not a step after the one before:", field[0],
                           last_step(curve, row->policy) + 1, INT64_MAX - 1, &row->step);
    if (status == STATUS_OK)
        status = csv_whole(csv, "not a number of episodes:", field[2], 1, curve->episodes,
                           &episodes);
    row->episodes = (int)episodes;

    double *const number[] = {&row->mean, &row->std, &row->min, &row->max, &row->length};
    for (int i = 0; status == STATUS_OK && i < 5; i++)
        status = csv_real(csv, "not a number:", field[3 + i], number[i]);
    if (status == STATUS_OK && row->length < 0.0)
        status = csv_refuse(csv, "negative length", field[7]);
    if (status == STATUS_OK)
        status = csv_whole(csv, "not a number of diverged episodes:", field[8], 0, episodes,
                           &diverged);
    row->diverged = (int)diverged;
    return status == STATUS_OK ? returns(csv, field[9], row) : status;
}

// @param field (count)
static Status cut_fields(const Csv *csv, const char *what, char *line, char **field, int count)
{
    for (int i = 0; i + 1 < count; i++) {
        field[i] = csv_cut(&line, ',');
        if (!field[i]) return csv_refuse(csv, what, line);
    }
    field[count - 1] = line;
    return STATUS_OK;
}

static Status parse_row(Csv *csv, char *line, EvalCurve *curve)
{
    char *field[EVAL_FIELDS] = {0};
    EvalRow *row = row_to_fill(curve);
    Status status =
        cut_fields(csv, "a row has ten fields; the last one here is", line, field, EVAL_FIELDS);
    if (status == STATUS_OK) status = parse_fields(csv, curve, field, row);
    if (status == STATUS_OK) status = verify(csv, row);
    if (status == STATUS_OK) curve->count++;
    return status;
}

// rows and the most episodes in one: what memory the curve needs
static Status measure(Csv *csv, int *rows, int *episodes)
{
    int separators = 0;
    *rows = -1; // the header is a line too
    *episodes = 1;
    for (const char *p = csv->rest; *p; p++) {
        separators = *p == '\n' ? 0 : separators + (*p == ';');
        *rows += *p == '\n';
        if (separators >= *episodes) *episodes = separators + 1;
        if (*rows > EVAL_ROWS || *episodes > EVAL_EPISODES)
            return error_set(csv->err, STATUS_PARSE,
                             "%s:%d: more than %d rows or %d episodes in one", csv->name,
                             csv->line, EVAL_ROWS, EVAL_EPISODES);
        csv->line += *p == '\n';
    }
    return STATUS_OK;
}

static Status parse_curve(EvalCurve *out, Csv *csv)
{
    int rows, episodes;
    char *line = NULL;
    Status status = measure(csv, &rows, &episodes);
    if (status == STATUS_OK) status = csv_header(csv, evals_header, "evals.csv");
    if (status == STATUS_OK) status = eval_curve_init(out, rows, episodes, csv->err);
    if (status == STATUS_OK) status = csv_next(csv, &line);
    while (status == STATUS_OK && line) {
        status = parse_row(csv, line, out);
        if (status == STATUS_OK) status = csv_next(csv, &line);
    }
    return status;
}

Status eval_curve_parse(EvalCurve *out, const char *text, size_t size, const char *name,
                        Error *err)
{
    Csv csv;
    *out = (EvalCurve){0};
    Status status = csv_open(&csv, text, size, name, err);
    if (status == STATUS_OK) status = parse_curve(out, &csv);
    csv_close(&csv);
    return status;
}

Status eval_curve_read(EvalCurve *out, const char *folder, Error *err)
{
    Csv csv;
    *out = (EvalCurve){0};
    Status status = csv_read(&csv, folder, "evals.csv", err);
    if (status == STATUS_OK) status = parse_curve(out, &csv);
    csv_close(&csv);
    return status;
}

// -- episodes.csv

static const char episodes_header[] = "episode,step,return,length,terminated,truncated";
enum { EPISODE_FIELDS = 6 };

Status episodes_write(const EpisodeRow *row, int count, const char *folder, Error *err)
{
    Text text = TEXT_INIT;
    text_printf(&text, "%s\n", episodes_header);
    Status status = STATUS_OK;
    for (int i = 0; status == STATUS_OK && i < count; i++) {
        char digits[32];
        if (!isfinite(row[i].episode_return))
            status = error_set(err, STATUS_RANGE, "the return of episode %d is not finite", i);
        double_format(row[i].episode_return, digits);
        text_printf(&text, "%d,%" PRId64 ",%s,%d,%d,%d\n", i, row[i].step, digits,
                    row[i].length, row[i].terminated, row[i].truncated);
    }
    if (status == STATUS_OK) status = csv_write(&text, folder, "episodes.csv", err);
    text_release(&text);
    return status;
}

void episodes_release(EpisodeList *list)
{
    mem_free(list->row);
    *list = (EpisodeList){0};
}

static Status truth(const Csv *csv, const char *text, bool *out)
{
    int64_t value = 0;
    Status status = csv_whole(csv, "neither 0 nor 1:", text, 0, 1, &value);
    *out = value == 1;
    return status;
}

static Status parse_episode(const Csv *csv, char *line, EpisodeList *list)
{
    char *field[EPISODE_FIELDS] = {0};
    EpisodeRow *row = &list->row[list->count];
    int64_t number, length = 0, last = list->count ? row[-1].step : 0;
    Status status = cut_fields(csv, "a row has six fields; the last one here is", line, field,
                               EPISODE_FIELDS);
    if (status == STATUS_OK)
        status = csv_whole(csv, "not the next episode:", field[0], list->count, list->count,
                           &number);
    if (status == STATUS_OK)
        status = csv_whole(csv, "not a step after the ones before:", field[1], last,
                           INT64_MAX - 1, &row->step);
    if (status == STATUS_OK)
        status = csv_real(csv, "not a number:", field[2], &row->episode_return);
    if (status == STATUS_OK)
        status = csv_whole(csv, "not a number of steps:", field[3], 0, INT32_MAX, &length);
    row->length = (int)length;
    if (status == STATUS_OK) status = truth(csv, field[4], &row->terminated);
    if (status == STATUS_OK) status = truth(csv, field[5], &row->truncated);
    list->count += status == STATUS_OK;
    return status;
}

// room for as many rows as there are lines
static Status make_room(EpisodeList *list, const Csv *csv)
{
    size_t lines = 0;
    for (const char *p = csv->rest; *p; p++)
        lines += *p == '\n';
    list->row = mem_array(lines, sizeof *list->row);
    return list->row ? STATUS_OK : error_nomem(csv->err);
}

static Status parse_episodes(EpisodeList *out, Csv *csv)
{
    char *line = NULL;
    Status status = csv_header(csv, episodes_header, "episodes.csv");
    if (status == STATUS_OK) status = make_room(out, csv);
    if (status == STATUS_OK) status = csv_next(csv, &line);
    while (status == STATUS_OK && line) {
        status = parse_episode(csv, line, out);
        if (status == STATUS_OK) status = csv_next(csv, &line);
    }
    return status;
}

Status episodes_parse(EpisodeList *out, const char *text, size_t size, const char *name,
                      Error *err)
{
    Csv csv;
    *out = (EpisodeList){0};
    Status status = csv_open(&csv, text, size, name, err);
    if (status == STATUS_OK) status = parse_episodes(out, &csv);
    csv_close(&csv);
    return status;
}

Status episodes_read(EpisodeList *out, const char *folder, Error *err)
{
    Csv csv;
    *out = (EpisodeList){0};
    Status status = csv_read(&csv, folder, "episodes.csv", err);
    if (status == STATUS_OK) status = parse_episodes(out, &csv);
    csv_close(&csv);
    return status;
}
