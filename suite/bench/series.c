#include "suite/bench/series.h"

#include "results/stats.h"
#include "suite/core/check.h"

void series_add(Series *series, double value)
{
    CHECK(series->count < ROUNDS_MAX);
    series->value[series->count++] = value;
}

double series_median(const Series *series)
{
    double work[ROUNDS_MAX];
    return stats_median(series->value, series->count, work);
}

double series_ratio(const Series *over, const Series *under)
{
    Series ratio = {.count = over->count};
    CHECK(over->count == under->count);
    for (int i = 0; i < over->count; i++)
        ratio.value[i] = over->value[i] / under->value[i];
    return series_median(&ratio);
}
