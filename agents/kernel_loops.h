/** @file
 * The loops that every kernel compiles for its own instruction set.
 *
 * Layer: agents; for the kernels only. Plain C without contraction: wider vectors change the
 * speed of these loops and no bit of their results.
 */
#ifndef AGENTS_KERNEL_LOOPS_H
#define AGENTS_KERNEL_LOOPS_H

#include <math.h>
#include <string.h>

#include "agents/kernel.h"

#define MOMENT_LEAST 1e-36f // moments of Adam below it are 0

#define ALWAYS_INLINE static inline __attribute__((always_inline))

// `is_followed` is a constant where this is inlined
ALWAYS_INLINE void loop_adam_either(const AdamStep *s, bool is_followed)
{
    float *restrict params = s->params, *restrict m = s->m, *restrict v = s->v;
    float *restrict follower = s->follower;
    const float *restrict grad = s->grad;
    const float beta1 = s->beta1, beta2 = s->beta2, gain1 = s->gain1, gain2 = s->gain2;
    const float rate = s->rate, unbias = s->unbias, epsilon = s->epsilon, follow = s->follow;

    for (int i = 0; i < s->count; i++) {
        float g = grad[i];
        float m_i = beta1 * m[i] + gain1 * g;
        float v_i = beta2 * v[i] + gain2 * g * g;
        // differs: moments too small to move any weight become 0; as denormal numbers, where
        // unused units end, they would cost four times the whole loop
        m[i] = m_i = fabsf(m_i) < MOMENT_LEAST ? 0.0f : m_i;
        v[i] = v_i = v_i < MOMENT_LEAST ? 0.0f : v_i;
        float moved = params[i] - rate * m_i / (sqrtf(v_i * unbias) + epsilon);
        params[i] = moved;
        // costs nothing here: root and quotient keep their unit busy and leave the others idle
        if (is_followed) follower[i] += follow * (moved - follower[i]);
    }
}

ALWAYS_INLINE void loop_adam(const AdamStep *s)
{
    if (s->follower)
        loop_adam_either(s, true);
    else
        loop_adam_either(s, false);
}

ALWAYS_INLINE void loop_blend(float *to, const float *from, float rate, int n)
{
    float *restrict t = to;
    const float *restrict f = from;
    for (int i = 0; i < n; i++)
        t[i] += rate * (f[i] - t[i]);
}

ALWAYS_INLINE void loop_sparse(const SparseLayer *s)
{
    size_t in = (size_t)s->in, out = (size_t)s->out;
    memset(s->weight_grad, 0, in * out * sizeof *s->weight_grad);
    memset(s->bias_grad, 0, out * sizeof *s->bias_grad);

    for (size_t r = 0; r < (size_t)s->rows; r++) {
        size_t j = (size_t)s->column[r];
        const float dy = s->dy[r];
        const float *restrict x = s->x + r * in, *restrict weight = s->weight + j * in;
        float *restrict grad = s->weight_grad + j * in, *restrict dx = s->dx + r * in;

        s->bias_grad[j] += dy;
        for (size_t i = 0; i < in; i++) {
            grad[i] += dy * x[i];
            dx[i] = x[i] > 0.0f ? dy * weight[i] : 0.0f;
        }
    }
}

#endif
