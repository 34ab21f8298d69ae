#include "agents/blas.h"

#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "suite/core/rng.h"

enum { M = 5, N = 7, K = 3 };

static float a[M * K], b[K * N], at[K * M], bt[N * K], c[M * N];

// small whole numbers, so that float32 sums are exact in any order
static void setup(void)
{
    RngStream rng = rng_stream(1, RNG_METHOD, 0);
    blas_init();
    for (int i = 0; i < M; i++)
        for (int k = 0; k < K; k++)
            a[i * K + k] = at[k * M + i] = (float)(rng_below(&rng, 19) - 9);
    for (int k = 0; k < K; k++)
        for (int j = 0; j < N; j++)
            b[k * N + j] = bt[j * K + k] = (float)(rng_below(&rng, 19) - 9);
}

static float naive(int i, int j)
{
    float sum = 0.0f;
    for (int k = 0; k < K; k++)
        sum += a[i * K + k] * b[k * N + j];
    return sum;
}

static void expect_product(float before)
{
    for (int i = 0; i < M; i++)
        for (int j = 0; j < N; j++)
            cr_assert(eq(flt, c[i * N + j], naive(i, j) + before), "row %d column %d", i, j);
}

TestSuite(blas, .init = setup);

Test(blas, multiplies_and_adds_to_what_was_there)
{
    for (int i = 0; i < M * N; i++)
        c[i] = 1000.0f;
    blas_multiply_add(M, N, K, a, b, c);
    expect_product(1000.0f);
}

Test(blas, multiplies_by_either_factor_transposed_and_overwrites)
{
    for (int i = 0; i < M * N; i++)
        c[i] = 1000.0f;
    blas_multiply_at(M, N, K, at, b, c);
    expect_product(0.0f);
    for (int i = 0; i < M * N; i++)
        c[i] = 0.0f;
    blas_multiply_bt(M, N, K, a, bt, c);
    expect_product(0.0f);
}

Test(blas, gives_the_same_row_alone)
{
    float y[N];
    for (int j = 0; j < N; j++)
        y[j] = 2.0f;
    blas_row(N, K, b, a, y);
    for (int j = 0; j < N; j++)
        cr_assert(eq(flt, y[j], naive(0, j) + 2.0f), "column %d", j);
}

Test(blas, names_its_version_and_kernel)
{
    char name[64] = "";
    blas_name(name, sizeof name);
    cr_assert(name[0] && strncmp(name, "OpenBLAS ", 9) == 0, "'%s'", name);
}
