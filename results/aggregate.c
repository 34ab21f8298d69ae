#include "results/aggregate.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "suite/core/check.h"
#include "suite/core/mem.h"

static const double optimal = 1.0; // gamma of the optimality gap: the reference

const char *aggregate_name(Aggregate aggregate)
{
    static const char *const names[AGGREGATE_COUNT] = {
        [AGGREGATE_IQM] = "iqm",
        [AGGREGATE_MEAN] = "mean",
        [AGGREGATE_MEDIAN] = "median",
        [AGGREGATE_GAP] = "gap",
    };
    return names[aggregate];
}

static int count_scores(const Scores *scores)
{
    int count = 0;
    for (int m = 0; m < scores->members; m++) {
        CHECK(scores->runs[m] > 0);
        count += scores->runs[m];
    }
    return count;
}

// -- values

static double median_of_means(const Scores *scores, double *work)
{
    const double *x = scores->x;
    for (int m = 0; m < scores->members; m++) {
        work[m] = stats_mean(x, scores->runs[m]);
        x += scores->runs[m];
    }
    return stats_median(work, scores->members, work);
}

static double optimality_gap(const double *x, int count, double *work)
{
    for (int i = 0; i < count; i++)
        work[i] = fmin(x[i], optimal);
    return optimal - stats_mean(work, count);
}

double aggregate_value(Aggregate aggregate, const Scores *scores, double *work)
{
    int count = count_scores(scores);
    switch (aggregate) {
    case AGGREGATE_IQM:
        return stats_iqm(scores->x, count, work);
    case AGGREGATE_MEAN:
        return stats_mean_of_strata(scores->x, scores->runs, scores->members);
    case AGGREGATE_MEDIAN:
        return median_of_means(scores, work);
    case AGGREGATE_GAP:
        return optimality_gap(scores->x, count, work);
    case AGGREGATE_COUNT:
        break;
    }
    return (double)NAN;
}

void aggregate_profile(const Scores *scores, const Levels *levels, double *share)
{
    int count = count_scores(scores);
    for (int l = 0; l < levels->count; l++) {
        int above = 0;
        for (int i = 0; i < count; i++)
            above += scores->x[i] > levels->at[l];
        share[l] = (double)above / count;
    }
}

// twice the pairs in which x is higher, plus those in which they are equal
static int64_t doubled_wins(const double *x, int x_count, const double *y, int y_count)
{
    int64_t wins = 0;
    for (int i = 0; i < x_count; i++)
        for (int j = 0; j < y_count; j++)
            wins += (x[i] > y[j]) + (x[i] >= y[j]);
    return wins;
}

double aggregate_improvement(const Scores *x, const Scores *y)
{
    const double *a = x->x, *b = y->x;
    double sum = 0.0;
    CHECK(x->members == y->members);
    for (int m = 0; m < x->members; m++) {
        int n = x->runs[m], k = y->runs[m];
        sum += (double)doubled_wins(a, n, b, k) / (2.0 * n * k);
        a += n;
        b += k;
    }
    return sum / x->members;
}

// -- resamples: scores are sorted once; a resample is how often it has each rank, so that what
// depends on their order needs no sorting

Status aggregate_work_init(AggregateWork *work, int scores, int series, int resamples,
                           Error *err)
{
    CHECK(scores > 0 && series > 0 && resamples > 0);
    // of a score, or a level, and one past the last
    size_t size = (size_t)(scores > series ? scores : series) + 1;
    *work = (AggregateWork){.scores = scores, .series = series, .resamples = resamples};
    work->result = mem_array((size_t)series * (size_t)resamples, sizeof *work->result);
    work->mean = mem_array((size_t)scores, sizeof *work->mean);
    work->ranked = mem_array((size_t)scores, sizeof *work->ranked);
    work->rank = mem_array(size, sizeof *work->rank);
    work->drawn = mem_array(size, sizeof *work->drawn);
    work->below = mem_array(size, sizeof *work->below);
    work->up_to = mem_array(size, sizeof *work->up_to);
    if (work->result && work->mean && work->ranked && work->rank && work->drawn &&
        work->below && work->up_to)
        return STATUS_OK;
    aggregate_work_release(work);
    return error_nomem(err);
}

void aggregate_work_release(AggregateWork *work)
{
    mem_free(work->result);
    mem_free(work->mean);
    mem_free(work->ranked);
    mem_free(work->rank);
    mem_free(work->drawn);
    mem_free(work->below);
    mem_free(work->up_to);
    *work = (AggregateWork){0};
}

static int ascending(const void *a, const void *b)
{
    const RankedScore *x = a, *y = b;
    if (x->x != y->x) return x->x > y->x ? 1 : -1;
    return x->place - y->place;
}

static void rank_scores(const Scores *scores, int count, AggregateWork *work)
{
    CHECK(count <= work->scores);
    for (int i = 0; i < count; i++)
        work->ranked[i] = (RankedScore){scores->x[i], i};
    qsort(work->ranked, (size_t)count, sizeof *work->ranked, ascending);
    for (int r = 0; r < count; r++)
        work->rank[work->ranked[r].place] = r;
}

// fill `drawn` by rank, and the members' means
static void draw(const Scores *scores, int count, AggregateWork *work, RngStream *rng)
{
    const double *x = scores->x;
    const int *rank = work->rank;
    memset(work->drawn, 0, (size_t)count * sizeof *work->drawn);
    for (int m = 0; m < scores->members; m++) {
        int runs = scores->runs[m];
        double sum = 0.0;
        for (int i = 0; i < runs; i++) {
            int run = rng_below(rng, runs);
            sum += x[run];
            work->drawn[rank[run]]++;
        }
        work->mean[m] = sum / runs;
        x += runs;
        rank += runs;
    }
}

static int smaller(int a, int b)
{
    return a < b ? a : b;
}

static double drawn_iqm(const AggregateWork *work, int count)
{
    int skip = count / 4, kept = count - 2 * skip, wanted = kept;
    double sum = 0.0;
    for (int r = 0; wanted > 0; r++) {
        int skipped = smaller(work->drawn[r], skip);
        int taken = smaller(work->drawn[r] - skipped, wanted);
        skip -= skipped;
        wanted -= taken;
        sum += taken * work->ranked[r].x;
    }
    return sum / kept;
}

static double drawn_gap(const AggregateWork *work, int count)
{
    double sum = 0.0;
    for (int r = 0; r < count; r++)
        sum += work->drawn[r] * fmin(work->ranked[r].x, optimal);
    return optimal - sum / count;
}

// where the numbers of a series are collected
static double *series_at(const AggregateWork *work, int series)
{
    return work->result + (size_t)series * (size_t)work->resamples;
}

void aggregate_intervals(const Scores *scores, AggregateWork *work, RngStream *rng,
                         Interval *interval)
{
    int count = count_scores(scores);
    CHECK(work->series >= AGGREGATE_COUNT);
    rank_scores(scores, count, work);
    for (int r = 0; r < work->resamples; r++) {
        draw(scores, count, work, rng);
        series_at(work, AGGREGATE_IQM)[r] = drawn_iqm(work, count);
        series_at(work, AGGREGATE_GAP)[r] = drawn_gap(work, count);
        series_at(work, AGGREGATE_MEAN)[r] = stats_mean(work->mean, scores->members);
        series_at(work, AGGREGATE_MEDIAN)[r] = // which sorts the means
            stats_median(work->mean, scores->members, work->mean);
    }
    for (int a = 0; a < AGGREGATE_COUNT; a++)
        interval[a] = stats_percentiles(series_at(work, a), work->resamples);
}

// how many of the scores are at most each level
static void rank_levels(const Levels *levels, int count, AggregateWork *work)
{
    int r = 0;
    for (int l = 0; l < levels->count; l++) {
        CHECK(l == 0 || levels->at[l - 1] < levels->at[l]);
        while (r < count && work->ranked[r].x <= levels->at[l])
            r++;
        work->up_to[l] = r;
    }
}

void aggregate_profile_bands(const Scores *scores, const Levels *levels, AggregateWork *work,
                             RngStream *rng, Interval *band)
{
    int count = count_scores(scores);
    CHECK(work->series >= levels->count);
    rank_scores(scores, count, work);
    rank_levels(levels, count, work);
    for (int s = 0; s < work->resamples; s++) {
        int r = 0, above = count;
        draw(scores, count, work, rng);
        for (int l = 0; l < levels->count; l++) {
            for (; r < work->up_to[l]; r++)
                above -= work->drawn[r];
            series_at(work, l)[s] = (double)above / count;
        }
    }
    for (int l = 0; l < levels->count; l++)
        band[l] = stats_percentiles(series_at(work, l), work->resamples);
}

// -- pairs of methods

static int count_below(const double *y, int count, double v)
{
    int below = 0;
    for (int j = 0; j < count; j++)
        below += y[j] < v;
    return below;
}

static int count_up_to(const double *y, int count, double v)
{
    int up_to = 0;
    for (int j = 0; j < count; j++)
        up_to += y[j] <= v;
    return up_to;
}

// the rank of each y among those of its member, and of each x where it would stand among them
static void rank_pairs(const Scores *x, const Scores *y, AggregateWork *work)
{
    const double *a = x->x, *b = y->x;
    int *rank = work->rank, *below = work->below, *up_to = work->up_to;
    for (int m = 0; m < x->members; m++) {
        int n = x->runs[m], k = y->runs[m];
        for (int j = 0; j < k; j++) // of equal ones the first is lower
            rank[j] =
                count_below(b, k, b[j]) + count_up_to(b, j, b[j]) - count_below(b, j, b[j]);
        for (int i = 0; i < n; i++) {
            below[i] = count_below(b, k, a[i]);
            up_to[i] = count_up_to(b, k, a[i]);
        }
        a += n;
        below += n;
        up_to += n;
        b += k;
        rank += k;
    }
}

static double drawn_improvement(const Scores *x, const Scores *y, AggregateWork *work,
                                RngStream *rng)
{
    const int *rank = work->rank, *below = work->below, *up_to = work->up_to;
    double sum = 0.0;
    for (int m = 0; m < x->members; m++) {
        int n = x->runs[m], k = y->runs[m];
        int *lower = work->drawn; // (k + 1) how many drawn y have a rank below this
        int64_t wins = 0;
        memset(lower, 0, ((size_t)k + 1) * sizeof *lower);
        for (int j = 0; j < k; j++)
            lower[rank[rng_below(rng, k)] + 1]++;
        for (int j = 0; j < k; j++)
            lower[j + 1] += lower[j];
        for (int i = 0; i < n; i++) {
            int run = rng_below(rng, n);
            wins += lower[below[run]] + lower[up_to[run]];
        }
        sum += (double)wins / (2.0 * n * k);
        below += n;
        up_to += n;
        rank += k;
    }
    return sum / x->members;
}

Interval aggregate_improvement_interval(const Scores *x, const Scores *y, AggregateWork *work,
                                        RngStream *rng)
{
    CHECK(x->members == y->members);
    CHECK(count_scores(x) + count_scores(y) <= work->scores);
    rank_pairs(x, y, work);
    for (int r = 0; r < work->resamples; r++)
        work->result[r] = drawn_improvement(x, y, work, rng);
    return stats_percentiles(work->result, work->resamples);
}
