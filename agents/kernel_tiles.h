/** @file
 * Products and transposes by tiles that stay in registers: the text of a kernel, compiled for
 * one instruction set by the file that includes it.
 *
 * Layer: agents; for kernel_avx2.c and kernel_avx512.c only, which first define
 *
 *   TARGET          the attribute that turns the instruction set on
 *   LANES, VECTORS  floats in a vector; most vectors in a row of a tile, 2 or 4
 *   Vec, Mask       a vector of LANES floats, and which of its lanes to touch
 *
 * and functions vec_*() and mask_first() of about one instruction each. A tile has up to 8 rows
 * and up to VECTORS vectors of columns, 6 rows if it has all of them: up to 24 sums of the 32
 * registers, or 12 of 16, which hide the latency of an FMA and share what is loaded. The last
 * vector of a row is read and written through a mask where it is not full. A sum starts from
 * the bias and takes its terms in order, so that it does not depend on the tile it is in.
 */
#ifndef AGENTS_KERNEL_TILES_H
#define AGENTS_KERNEL_TILES_H

#include <immintrin.h>

#include "agents/kernel_loops.h"

enum { TILE_ROWS = 8, BLOCK = 8 }; // most rows in a tile; side of a block that is transposed

// the compiler must unroll the loops over a tile before it gives out registers
#ifdef __clang__
#    define UNROLL _Pragma("clang loop unroll(full)")
#else
#    define UNROLL _Pragma("GCC unroll 8")
#endif

typedef struct Tile {
    const Product *p;
    size_t i, j;   // its first row and column in C
    bool is_whole; // all its vectors lie in C with all lanes; a constant where this is inlined
    Mask last;     // otherwise the lanes of the last vector that do
} Tile;

ALWAYS_INLINE TARGET Vec tile_load(const float *from, Tile t, bool is_last)
{
    return is_last && !t.is_whole ? vec_load_part(from, t.last) : vec_load(from);
}

// `rows`, `vectors` and `is_whole` are constants where this is inlined, so that the sums are
// registers
ALWAYS_INLINE TARGET void tile_sum(Tile t, int rows, int vectors, Vec sum[TILE_ROWS][VECTORS])
{
    const Product *p = t.p;
    const size_t a_row = (size_t)p->a_row, a_step = (size_t)p->a_step, n = (size_t)p->n;
    const float *a = p->a + t.i * a_row, *b = p->b + t.j;

    UNROLL
    for (int v = 0; v < vectors; v++) {
        size_t at = t.j + (size_t)(v * LANES);
        bool is_last = v + 1 == vectors;
        Vec start = p->bias ? tile_load(p->bias + at, t, is_last) : vec_all(0.0f);
        UNROLL
        for (int r = 0; r < rows; r++)
            sum[r][v] =
                p->plus ? tile_load(p->plus + (t.i + (size_t)r) * n + at, t, is_last) : start;
    }
    for (size_t s = 0; s < (size_t)p->k; s++) {
        Vec row[VECTORS];
        UNROLL
        for (int v = 0; v < vectors; v++)
            row[v] = tile_load(b + s * n + v * LANES, t, v + 1 == vectors);
        UNROLL
        for (int r = 0; r < rows; r++) {
            Vec factor = vec_all(a[(size_t)r * a_row + s * a_step]);
            UNROLL
            for (int v = 0; v < vectors; v++)
                sum[r][v] = vec_fma(factor, row[v], sum[r][v]);
        }
    }
}

// in local variables, for a store could change *p for all that the compiler knows
ALWAYS_INLINE TARGET void tile_store(Tile t, int rows, int vectors, Vec sum[TILE_ROWS][VECTORS])
{
    const size_t n = (size_t)t.p->n, corner = t.i * n + t.j;
    const float *gate = t.p->gate ? t.p->gate + corner : NULL;
    float *c = t.p->c + corner;
    const Vec least = vec_all(t.p->relu ? 0.0f : -HUGE_VALF);
    UNROLL
    for (int r = 0; r < rows; r++)
        UNROLL
    for (int v = 0; v < vectors; v++) {
        size_t at = (size_t)r * n + (size_t)(v * LANES);
        bool is_last = v + 1 == vectors;
        Vec y = vec_max(least, sum[r][v]);
        if (gate) y = vec_gate(y, tile_load(gate + at, t, is_last));
        if (is_last && !t.is_whole)
            vec_store_part(c + at, y, t.last);
        else
            vec_store(c + at, y);
    }
}

ALWAYS_INLINE TARGET void tile(Tile t, int rows, int vectors)
{
    Vec sum[TILE_ROWS][VECTORS];
    tile_sum(t, rows, vectors, sum);
    tile_store(t, rows, vectors, sum);
}

// tiles of `rows` rows, one below the other, as long as there are that many rows of C
ALWAYS_INLINE TARGET Tile stack(Tile t, int rows, int vectors)
{
    for (; t.i + (size_t)rows <= (size_t)t.p->m; t.i += (size_t)rows)
        tile(t, rows, vectors);
    return t;
}

// all rows of C below a tile of `vectors` vectors
ALWAYS_INLINE TARGET void panel(Tile t, int vectors)
{
    t = vectors == VECTORS ? stack(t, 6, vectors) : stack(t, TILE_ROWS, vectors);
    t = stack(t, 4, vectors);
    t = stack(t, 2, vectors);
    (void)stack(t, 1, vectors);
}

// panels side by side; `is_whole` is a constant where this is inlined
ALWAYS_INLINE TARGET void panels(const Product *p, bool is_whole)
{
    for (int j = 0, width; j < p->n; j += width) {
        width = p->n - j < VECTORS * LANES ? p->n - j : VECTORS * LANES;
        int vectors = (width + LANES - 1) / LANES;
        Mask last = mask_first(is_whole ? LANES : width - (vectors - 1) * LANES);
        Tile t = {p, 0, (size_t)j, is_whole, last};
        switch (vectors) {
        case 1:
            panel(t, 1);
            break;
        case 2:
            panel(t, 2);
            break;
#if VECTORS == 4
        case 3:
            panel(t, 3);
            break;
        case 4:
            panel(t, 4);
            break;
#endif
        }
    }
}

#include "agents/kernel_narrow.h"

// masks cost a few per cent, so the usual widths do without
TARGET static void product(const Product *p)
{
    if (is_narrow(p))
        product_narrow(p);
    else if (p->n % LANES == 0)
        panels(p, true);
    else
        panels(p, false);
}

// one row of ones, times x
TARGET static void sum_rows(const float *x, int rows, int n, float *sum)
{
    const float one = 1.0f;
    product(&(Product){.m = 1, .n = n, .k = rows, .a = &one, .b = x, .c = sum});
}

// row `i` of a block and row `i + 4` beside it, four columns of each
ALWAYS_INLINE TARGET __m256 two_rows(const float *from, size_t row, size_t stride)
{
    __m256 low = _mm256_castps128_ps256(_mm_loadu_ps(from + row * stride));
    return _mm256_insertf128_ps(low, _mm_loadu_ps(from + (row + BLOCK / 2) * stride), 1);
}

// four columns of eight rows become four rows of eight columns
ALWAYS_INLINE TARGET void transpose_half(const float *from, size_t n, float *to, size_t m)
{
    __m256 r0 = two_rows(from, 0, n), r1 = two_rows(from, 1, n);
    __m256 r2 = two_rows(from, 2, n), r3 = two_rows(from, 3, n);
    __m256 low01 = _mm256_unpacklo_ps(r0, r1), high01 = _mm256_unpackhi_ps(r0, r1);
    __m256 low23 = _mm256_unpacklo_ps(r2, r3), high23 = _mm256_unpackhi_ps(r2, r3);
    _mm256_storeu_ps(to, _mm256_shuffle_ps(low01, low23, 0x44));
    _mm256_storeu_ps(to + m, _mm256_shuffle_ps(low01, low23, 0xee));
    _mm256_storeu_ps(to + 2 * m, _mm256_shuffle_ps(high01, high23, 0x44));
    _mm256_storeu_ps(to + 3 * m, _mm256_shuffle_ps(high01, high23, 0xee));
}

TARGET static void transpose(const float *from, int m, int n, float *to)
{
    const size_t rows = (size_t)m, columns = (size_t)n, half = BLOCK / 2;
    const size_t rows_in_blocks = rows - rows % BLOCK,
                 columns_in_blocks = columns - columns % half;
    for (size_t i = 0; i < rows_in_blocks; i += BLOCK)
        for (size_t j = 0; j < columns_in_blocks; j += half)
            transpose_half(from + i * columns + j, columns, to + j * rows + i, rows);

    // what is left at the right, then below
    for (size_t i = 0; i < rows_in_blocks; i++)
        for (size_t j = columns_in_blocks; j < columns; j++)
            to[j * rows + i] = from[i * columns + j];
    for (size_t i = rows_in_blocks; i < rows; i++)
        for (size_t j = 0; j < columns; j++)
            to[j * rows + i] = from[i * columns + j];
}

// -- the loops that need nothing but wider vectors

TARGET static void sparse(const SparseLayer *layer)
{
    loop_sparse(layer);
}

TARGET static void adam(const AdamStep *step)
{
    loop_adam(step);
}

TARGET static void blend(float *to, const float *from, float rate, int n)
{
    loop_blend(to, from, rate, n);
}

#endif
