#include "agents/blas.h"

#include <stdio.h>
#include <string.h>

#include <cblas.h>

#include "agents/kernel_loops.h"
#include "agents/kernel_table.h"

void blas_init(void)
{
    openblas_set_num_threads(1);
}

void blas_name(char *text, size_t size)
{
    // the configuration begins "OpenBLAS VERSION ..."
    char name[16] = "", version[32] = "";
    (void)sscanf(openblas_get_config(), "%15s %31s", name, version);
    (void)snprintf(text, size, "%s %s %s", name, version, openblas_get_corename());
}

static void product(const Product *p)
{
    int m = p->m, n = p->n, k = p->k;
    bool is_transposed = p->a_step != 1;
    float keep = p->bias || p->plus ? 1.0f : 0.0f;
    for (int i = 0; p->bias && i < m; i++)
        memcpy(p->c + (size_t)i * (size_t)n, p->bias, (size_t)n * sizeof *p->c);
    if (p->plus && p->plus != p->c) memcpy(p->c, p->plus, (size_t)m * (size_t)n * sizeof *p->c);

    // one row costs a third as a product of a matrix and a vector
    if (m == 1)
        cblas_sgemv(CblasRowMajor, CblasTrans, k, n, 1.0f, p->b, n, p->a, p->a_step, keep, p->c,
                    1);
    else
        cblas_sgemm(CblasRowMajor, is_transposed ? CblasTrans : CblasNoTrans, CblasNoTrans, m,
                    n, k, 1.0f, p->a, is_transposed ? p->a_step : p->a_row, p->b, n, keep, p->c,
                    n);

    size_t count = (size_t)m * (size_t)n;
    for (size_t i = 0; p->relu && i < count; i++)
        p->c[i] = p->c[i] < 0.0f ? 0.0f : p->c[i];
    for (size_t i = 0; p->gate && i < count; i++)
        p->c[i] = p->gate[i] > 0.0f ? p->c[i] : 0.0f;
}

static void sum_rows(const float *x, int rows, int n, float *sum)
{
    memset(sum, 0, (size_t)n * sizeof *sum);
    for (int r = 0; r < rows; r++)
        for (int j = 0; j < n; j++)
            sum[j] += x[(size_t)r * (size_t)n + (size_t)j];
}

static void transpose(const float *from, int m, int n, float *to)
{
    for (size_t i = 0; i < (size_t)m; i++)
        for (size_t j = 0; j < (size_t)n; j++)
            to[j * (size_t)m + i] = from[i * (size_t)n + j];
}

static void sparse(const SparseLayer *layer)
{
    loop_sparse(layer);
}

static void adam(const AdamStep *step)
{
    loop_adam(step);
}

static void blend(float *to, const float *from, float rate, int n)
{
    loop_blend(to, from, rate, n);
}

static bool supported(void)
{
    return true;
}

const Kernel kernel_openblas = {"openblas", supported, product, sum_rows,
                                transpose,  sparse,    adam,    blend};
