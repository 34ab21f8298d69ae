/** @file
 * The two products that a network is made of, over OpenBLAS on one thread.
 *
 * Layer: agents; the only file that calls cblas. All matrices are row-major float32 without
 * padding. Which kernel OpenBLAS picked changes result bits, so every record names it.
 */
#ifndef AGENTS_BLAS_H
#define AGENTS_BLAS_H

#include <stdbool.h>
#include <stddef.h>

/** Keep OpenBLAS to the calling thread. Call once, before the first product. */
void blas_init(void);

/** Write OpenBLAS' version and the kernel it picked for this machine into @p text. */
void blas_name(char *text, size_t size);

/** C (m x n) += A (m x k) B (k x n). */
void blas_multiply_add(int m, int n, int k, const float *a, const float *b, float *c);

/** C (m x n) = A' (m x k) B (k x n), A stored (k x m). */
void blas_multiply_at(int m, int n, int k, const float *a, const float *b, float *c);

/** C (m x n) = A (m x k) B' (k x n), B stored (n x k). */
void blas_multiply_bt(int m, int n, int k, const float *a, const float *b, float *c);

/** y (n) = W' x + y, W (k x n), x (k): one row of blas_multiply_add() at a third of its cost.
 */
void blas_row(int n, int k, const float *w, const float *x, float *y);

#endif
