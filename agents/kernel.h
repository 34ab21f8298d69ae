/** @file
 * The arithmetic of a network on one thread, written for the small matrices of this benchmark.
 *
 * Layer: agents. A Kernel is one way to compute it, in float32: `avx512` and `avx2` are ours,
 * for the instruction sets of those names, `openblas` leaves the products to OpenBLAS. The
 * first that this machine can run is chosen, once; the environment variable SUITE_KERNEL=NAME
 * chooses another. Kernels differ in the last bits of a product, so every record names the one
 * it was made with; all but products and column sums have the same bits in every kernel.
 *
 * All matrices are row-major without padding; nothing outside of them is read or written. In
 * avx512 and avx2 a row of a product has the same bits whatever other rows are computed with
 * it.
 */
#ifndef AGENTS_KERNEL_H
#define AGENTS_KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "suite/core/status.h"

/** C (m x n) = A (m x k) B (k x n) + bias + plus, then ReLU or a gate. Pointers are borrowed.
 */
typedef struct Product {
    int m, n, k;
    const float *a; // A[i][p] = a[i * a_row + p * a_step]: (k, 1) as it is, (1, m) transposed
    int a_row, a_step;
    const float *b;    // (k x n)
    const float *bias; // (n), added to every row; NULL: 0
    const float *plus; // (m x n), added; may be C itself; NULL: 0; not beside a bias
    bool relu;         // C = max(C, 0)
    const float
        *gate; // (m x n), C = 0 where it is not positive (the gradient of ReLU), or NULL
    float *c;  // (m x n), overwritten
} Product;

/** Backward through a last layer when each row has a gradient in one output only. */
typedef struct SparseLayer {
    int rows, in, out;
    const int32_t *column; // (rows) in [0, out): the output
    const float *dy;       // (rows) the loss's gradient in it
    const float *x;        // (rows x in) the layer's inputs, which come from ReLU
    const float *weight;   // (out x in) transposed
    float *weight_grad;    // (out x in) transposed, overwritten
    float *bias_grad;      // (out), overwritten
    float *dx;             // (rows x in), overwritten: gradient before that ReLU
} SparseLayer;

/** One step of Adam over P parameters; see agents/adam.h. */
typedef struct AdamStep {
    int count;             // P
    float *params, *m, *v; // (P) parameters and their moments, changed
    const float *grad;     // (P)
    float beta1, beta2;    // what the moments keep
    float gain1, gain2;    // 1 - beta1, 1 - beta2
    float rate, unbias;    // learning rate and second moment's factor, bias-corrected
    float epsilon;         // added to the root
    float *follower;       // (P) moves `follow` of the way to the new parameters, or NULL
    float follow;
} AdamStep;

typedef struct Kernel {
    const char *name;
    bool (*supported)(void); // by this machine
    void (*product)(const Product *p);
    /** sum (n) of the rows of x (rows x n). */
    void (*sum_rows)(const float *x, int rows, int n, float *sum);
    /** to (n x m) = the transpose of from (m x n). */
    void (*transpose)(const float *from, int m, int n, float *to);
    void (*sparse)(const SparseLayer *layer);
    void (*adam)(const AdamStep *step);
    /** to (n) += rate (from - to), arrays that do not overlap. */
    void (*blend)(float *to, const float *from, float rate, int n);
} Kernel;

/**
 * Choose the kernel by SUITE_KERNEL and keep OpenBLAS to the calling thread. Without this call
 * the first kernel_chosen() does it and takes no notice of a wrong word.
 *
 * @errors STATUS_USAGE for a word that names no kernel, or one that this machine cannot run.
 */
MUST_CHECK Status kernel_init(Error *err);

/** @return the kernel that computes. */
const Kernel *kernel_chosen(void);

/** Compute @p p by the chosen kernel, or by OpenBLAS where that is faster. */
void kernel_product(const Product *p);

/** Write the chosen kernel's name and OpenBLAS' version and kernel into @p text. */
void kernel_name(char *text, size_t size);

/** @return kernel @p i, best first, whether or not this machine can run it; NULL after the
 *  last. */
const Kernel *kernel_at(int i);

#endif
