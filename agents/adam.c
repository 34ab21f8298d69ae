#include "agents/adam.h"

#include <math.h>

#include "suite/core/mem.h"

static const double beta1 = 0.9, beta2 = 0.999;

Status adam_init(Adam *adam, int count, double epsilon, Error *err)
{
    *adam = (Adam){.count = count, .epsilon = epsilon};
    adam->m = mem_array((size_t)count, sizeof *adam->m);
    adam->v = mem_array((size_t)count, sizeof *adam->v);
    return adam->m && adam->v ? STATUS_OK : error_nomem(err);
}

void adam_release(Adam *adam)
{
    mem_free(adam->m);
    mem_free(adam->v);
    *adam = (Adam){0};
}

void adam_step(Adam *adam, float *restrict params, const float *restrict grad, double rate)
{
    float *restrict m = adam->m, *restrict v = adam->v;
    const float b1 = (float)beta1, b2 = (float)beta2, epsilon = (float)adam->epsilon;
    // 1 - beta2 in float32 would be off by 5e-5 of itself
    const float c1 = (float)(1.0 - beta1), c2 = (float)(1.0 - beta2);

    adam->steps++;
    // the two bias corrections, taken out of the loop
    float step = (float)(rate / (1.0 - pow(beta1, (double)adam->steps)));
    float unbias = (float)(1.0 / (1.0 - pow(beta2, (double)adam->steps)));

    for (int i = 0; i < adam->count; i++) {
        float g = grad[i];
        m[i] = b1 * m[i] + c1 * g;
        v[i] = b2 * v[i] + c2 * g * g;
        params[i] -= step * m[i] / (sqrtf(v[i] * unbias) + epsilon);
    }
}

void adam_archive(Adam *adam, Archive *archive)
{
    size_t size = (size_t)adam->count * sizeof(float);
    archive_bytes(archive, "adam.m", adam->m, size);
    archive_bytes(archive, "adam.v", adam->v, size);
    archive_bytes(archive, "adam.steps", &adam->steps, sizeof adam->steps);
}
