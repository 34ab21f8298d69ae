/** @file
 * The kernel for AVX-512: tiles of 6 x 64 in 32 registers.
 *
 * Layer: agents.
 */
#include "agents/kernel_table.h"

#ifdef __x86_64__

#    include <immintrin.h>

#    define TARGET __attribute__((target("avx512f")))
#    define LANES 16
#    define VECTORS 4
#    define VEC static inline __attribute__((always_inline)) TARGET

typedef __m512 Vec;
typedef __mmask16 Mask;

VEC Mask mask_first(int lanes)
{
    return (Mask)((1u << lanes) - 1u);
}

VEC Vec vec_all(float x)
{
    return _mm512_set1_ps(x);
}

VEC Vec vec_load(const float *from)
{
    return _mm512_loadu_ps(from);
}

VEC Vec vec_load_part(const float *from, Mask mask)
{
    return _mm512_maskz_loadu_ps(mask, from);
}

VEC void vec_store(float *to, Vec x)
{
    _mm512_storeu_ps(to, x);
}

VEC void vec_store_part(float *to, Vec x, Mask mask)
{
    _mm512_mask_storeu_ps(to, mask, x);
}

VEC Vec vec_fma(Vec a, Vec b, Vec c)
{
    return _mm512_fmadd_ps(a, b, c);
}

VEC Vec vec_max(Vec a, Vec b)
{
    return _mm512_max_ps(a, b);
}

VEC float vec_sum(Vec x)
{
    return _mm512_reduce_add_ps(x);
}

// x where the gate is positive, 0 elsewhere
VEC Vec vec_gate(Vec x, Vec gate)
{
    return _mm512_maskz_mov_ps(_mm512_cmp_ps_mask(gate, _mm512_setzero_ps(), _CMP_GT_OQ), x);
}

#    include "agents/kernel_tiles.h"

static bool supported(void)
{
    return __builtin_cpu_supports("avx512f");
}

const Kernel kernel_avx512 = {"avx512",  supported, product, sum_rows,
                              transpose, sparse,    adam,    blend};

#endif
