#include "agents/blas.h"

#include <stdio.h>

#include <cblas.h>

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

void blas_multiply_add(int m, int n, int k, const float *a, const float *b, float *c)
{
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, m, n, k, 1.0f, a, k, b, n, 1.0f, c,
                n);
}

void blas_multiply_at(int m, int n, int k, const float *a, const float *b, float *c)
{
    cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, m, n, k, 1.0f, a, m, b, n, 0.0f, c, n);
}

void blas_multiply_bt(int m, int n, int k, const float *a, const float *b, float *c)
{
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, m, n, k, 1.0f, a, k, b, k, 0.0f, c, n);
}

void blas_row(int n, int k, const float *w, const float *x, float *y)
{
    cblas_sgemv(CblasRowMajor, CblasTrans, k, n, 1.0f, w, n, x, 1, 1.0f, y, 1);
}
