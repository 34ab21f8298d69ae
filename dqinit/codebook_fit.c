#include "dqinit/codebook_fit.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "suite/core/check.h"

static void means(const double *rows, int m, int width, double *mean)
{
    for (int j = 0; j < width; j++)
        mean[j] = 0.0;
    for (int i = 0; i < m; i++)
        for (int j = 0; j < width; j++)
            mean[j] += rows[(size_t)i * (size_t)width + (size_t)j];
    for (int j = 0; j < width; j++)
        mean[j] /= m;
}

static void centre(double *rows, int m, int width, const double *mean)
{
    for (int i = 0; i < m; i++)
        for (int j = 0; j < width; j++)
            rows[(size_t)i * (size_t)width + (size_t)j] -= mean[j];
}

// the lower triangle of X'X + ridge m I, and X'Y in place of the slopes
static void normal_equations(const CodebookFit *fit, double xx[FIT_INPUTS][FIT_INPUTS],
                             double *slopes)
{
    int inputs = fit->inputs, outputs = fit->outputs;
    for (int i = 0; i < fit->samples; i++) {
        const double *x = fit->x + (size_t)i * (size_t)inputs;
        const double *y = fit->y + (size_t)i * (size_t)outputs;
        for (int j = 0; j < inputs; j++) {
            for (int k = 0; k <= j; k++)
                xx[j][k] += x[j] * x[k];
            for (int r = 0; r < outputs; r++)
                slopes[j * outputs + r] += x[j] * y[r];
        }
    }
    for (int j = 0; j < inputs; j++)
        xx[j][j] += fit->ridge * fit->samples;
}

// L L' = a, in place of its lower triangle; false if a is singular
static bool cholesky(double a[FIT_INPUTS][FIT_INPUTS], int size)
{
    for (int j = 0; j < size; j++) {
        double whole = a[j][j];
        for (int k = 0; k < j; k++)
            a[j][j] -= a[j][k] * a[j][k];
        if (!(a[j][j] > 1e-13 * whole)) return false;
        a[j][j] = sqrt(a[j][j]);
        for (int i = j + 1; i < size; i++) {
            for (int k = 0; k < j; k++)
                a[i][j] -= a[i][k] * a[j][k];
            a[i][j] /= a[j][j];
        }
    }
    return true;
}

// row -= factor other
static void subtract(double *row, double factor, const double *other, int width)
{
    for (int r = 0; r < width; r++)
        row[r] -= factor * other[r];
}

static void divide(double *row, double by, int width)
{
    for (int r = 0; r < width; r++)
        row[r] /= by;
}

// L L' b = b, for b (size x width) in place
static void solve(double l[FIT_INPUTS][FIT_INPUTS], int size, double *b, int width)
{
    for (int j = 0; j < size; j++) {
        for (int k = 0; k < j; k++)
            subtract(b + j * width, l[j][k], b + k * width, width);
        divide(b + j * width, l[j][j], width);
    }
    for (int j = size - 1; j >= 0; j--) {
        for (int k = j + 1; k < size; k++)
            subtract(b + j * width, l[k][j], b + k * width, width);
        divide(b + j * width, l[j][j], width);
    }
}

static void clear_slopes(const CodebookFit *fit)
{
    memset(fit->line + fit->outputs, 0,
           (size_t)(fit->inputs * fit->outputs) * sizeof *fit->line);
}

void codebook_fit_means(const CodebookFit *fit)
{
    CHECK(fit->samples > 0 && fit->inputs > 0 && fit->inputs <= FIT_INPUTS);
    means(fit->y, fit->samples, fit->outputs, fit->line);
    clear_slopes(fit);
}

void codebook_fit_lines(const CodebookFit *fit)
{
    double mean_x[FIT_INPUTS], xx[FIT_INPUTS][FIT_INPUTS] = {{0}};
    double *value = fit->line, *slopes = fit->line + fit->outputs;
    codebook_fit_means(fit);
    if (fit->samples < fit->inputs + 2) return;

    means(fit->x, fit->samples, fit->inputs, mean_x);
    centre(fit->x, fit->samples, fit->inputs, mean_x);
    centre(fit->y, fit->samples, fit->outputs, value);
    normal_equations(fit, xx, slopes);
    if (!cholesky(xx, fit->inputs)) {
        clear_slopes(fit);
        return;
    }
    solve(xx, fit->inputs, slopes, fit->outputs);
    for (int k = 0; k < fit->inputs; k++)
        subtract(value, mean_x[k], slopes + k * fit->outputs, fit->outputs);
}
