/** @file
 * The kernel for AVX2 with FMA: tiles of 6 x 16 in 16 registers.
 *
 * Layer: agents.
 */
#include "agents/kernel_table.h"

#ifdef __x86_64__

#    include <immintrin.h>

#    define TARGET __attribute__((target("avx2,fma")))
#    define LANES 8
#    define VECTORS 2
#    define VEC static inline __attribute__((always_inline)) TARGET

typedef __m256 Vec;
typedef __m256i Mask;

// a window on eight lanes that are on and eight that are off
VEC Mask mask_first(int lanes)
{
    static const int32_t window[2 * LANES] = {-1, -1, -1, -1, -1, -1, -1, -1};
    return _mm256_loadu_si256((const __m256i *)(const void *)(window + LANES - lanes));
}

VEC Vec vec_all(float x)
{
    return _mm256_set1_ps(x);
}

VEC Vec vec_load(const float *from)
{
    return _mm256_loadu_ps(from);
}

VEC Vec vec_load_part(const float *from, Mask mask)
{
    return _mm256_maskload_ps(from, mask);
}

VEC void vec_store(float *to, Vec x)
{
    _mm256_storeu_ps(to, x);
}

VEC void vec_store_part(float *to, Vec x, Mask mask)
{
    _mm256_maskstore_ps(to, mask, x);
}

VEC Vec vec_fma(Vec a, Vec b, Vec c)
{
    return _mm256_fmadd_ps(a, b, c);
}

VEC Vec vec_max(Vec a, Vec b)
{
    return _mm256_max_ps(a, b);
}

VEC float vec_sum(Vec x)
{
    __m128 four = _mm_add_ps(_mm256_castps256_ps128(x), _mm256_extractf128_ps(x, 1));
    __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_add_ss(two, _mm_shuffle_ps(two, two, 1)));
}

// x where the gate is positive, 0 elsewhere
VEC Vec vec_gate(Vec x, Vec gate)
{
    return _mm256_and_ps(x, _mm256_cmp_ps(gate, _mm256_setzero_ps(), _CMP_GT_OQ));
}

#    include "agents/kernel_tiles.h"

static bool supported(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}

const Kernel kernel_avx2 = {"avx2",    supported, product, sum_rows,
                            transpose, sparse,    adam,    blend};

#endif
