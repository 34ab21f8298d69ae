/** @file
 * What was measured in each round, and what to say of it.
 *
 * Layer: bench. Things that are compared are measured in turn, a short while each, round after
 * round: what else the machine does then falls on all of them alike. A figure is the median of
 * its rounds, a ratio the median of the rounds' own ratios.
 */
#ifndef SUITE_BENCH_SERIES_H
#define SUITE_BENCH_SERIES_H

enum { ROUNDS_MAX = 101 };

typedef struct Series {
    double value[ROUNDS_MAX]; // of rounds 0, 1, 2, ...
    int count;
} Series;

/** Add the value of the next round. @pre fewer than ROUNDS_MAX are there. */
void series_add(Series *series, double value);

/** NaN if there is none. */
double series_median(const Series *series);

/** Median over rounds of @p over / @p under. @pre as many rounds in both */
double series_ratio(const Series *over, const Series *under);

#endif
