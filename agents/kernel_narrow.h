/** @file
 * Products with few columns, such as the layer that ends in two or three actions: the text of a
 * kernel, as kernel_tiles.h.
 *
 * Layer: agents; for kernel_tiles.h only.
 *
 * A tile would fill 3 of its 16 lanes. Here the lanes run along the terms of a sum instead: the
 * columns are turned into rows first, then each element is the product of two rows. How its
 * terms are grouped depends on k alone, so that it has the same bits in any row.
 */
#ifndef AGENTS_KERNEL_NARROW_H
#define AGENTS_KERNEL_NARROW_H

enum { NARROW = 4, NARROW_TERMS = 1024 }; // most columns and most terms
enum { NARROW_ROWS = 4 };                 // rows of C at a time

// the columns of B (k x n), each from a multiple of LANES on and filled up with zeros
ALWAYS_INLINE void turn_columns(const Product *p, size_t stride, float *column)
{
    const size_t k = (size_t)p->k, n = (size_t)p->n;
    for (size_t j = 0; j < n; j++) {
        for (size_t s = 0; s < k; s++)
            column[j * stride + s] = p->b[s * n + j];
        memset(column + j * stride + k, 0, (stride - k) * sizeof *column);
    }
}

ALWAYS_INLINE TARGET void narrow_store(const Product *p, size_t at, size_t j, float y)
{
    if (p->bias) y += p->bias[j];
    if (p->plus) y += p->plus[at];
    if (p->relu) y = y < 0.0f ? 0.0f : y; // what is no number must stay seen
    if (p->gate) y = p->gate[at] > 0.0f ? y : 0.0f;
    p->c[at] = y;
}

// `rows` rows of C from row i on; `rows` and `n` are constants where this is inlined
ALWAYS_INLINE TARGET void narrow_rows(const Product *p, size_t i, int rows, int n,
                                      const float *column, size_t stride)
{
    const size_t k = (size_t)p->k, a_row = (size_t)p->a_row, full = k - k % LANES;
    const float *a = p->a + i * a_row;
    const Mask rest = mask_first((int)(k - full));
    Vec sum[NARROW_ROWS][NARROW];

    UNROLL
    for (int r = 0; r < rows; r++)
        UNROLL
    for (int j = 0; j < n; j++)
        sum[r][j] = vec_all(0.0f);

    for (size_t s = 0; s < k; s += LANES)
        UNROLL
    for (int r = 0; r < rows; r++) {
        const float *from = a + (size_t)r * a_row + s;
        Vec term = s < full ? vec_load(from) : vec_load_part(from, rest);
        UNROLL
        for (int j = 0; j < n; j++)
            sum[r][j] = vec_fma(term, vec_load(column + (size_t)j * stride + s), sum[r][j]);
    }
    UNROLL
    for (int r = 0; r < rows; r++)
        UNROLL
    for (int j = 0; j < n; j++)
        narrow_store(p, (i + (size_t)r) * (size_t)n + (size_t)j, (size_t)j, vec_sum(sum[r][j]));
}

ALWAYS_INLINE TARGET void narrow_panel(const Product *product, int n)
{
    _Alignas(64) float column[NARROW * NARROW_TERMS];
    // a copy, for a store could change the original for all that the compiler knows
    const Product copy = *product, *p = &copy;
    const size_t m = (size_t)p->m, k = (size_t)p->k;
    const size_t stride = (k + LANES - 1) / LANES * LANES;
    size_t i = 0;
    turn_columns(p, stride, column);
    for (; i + NARROW_ROWS <= m; i += NARROW_ROWS)
        narrow_rows(p, i, NARROW_ROWS, n, column, stride);
    for (; i < m; i++)
        narrow_rows(p, i, 1, n, column, stride);
}

// A as it lies, few columns, and not so many terms that turning them would need more memory
ALWAYS_INLINE bool is_narrow(const Product *p)
{
    return p->n <= NARROW && p->k <= NARROW_TERMS && p->k >= LANES && p->a_step == 1;
}

TARGET static void product_narrow(const Product *p)
{
    switch (p->n) {
    case 1:
        narrow_panel(p, 1);
        break;
    case 2:
        narrow_panel(p, 2);
        break;
    case 3:
        narrow_panel(p, 3);
        break;
    case 4:
        narrow_panel(p, 4);
        break;
    }
}

#endif
