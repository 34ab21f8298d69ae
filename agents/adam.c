#include "agents/adam.h"

#include <math.h>
#include <string.h>

#include "agents/kernel.h"
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

void adam_clear(Adam *adam)
{
    memset(adam->m, 0, (size_t)adam->count * sizeof *adam->m);
    memset(adam->v, 0, (size_t)adam->count * sizeof *adam->v);
    adam->steps = 0;
}

void adam_step(Adam *adam, float *params, const float *grad, double rate)
{
    adam_step_followed(adam, params, grad, rate, NULL, 0.0);
}

void adam_step_followed(Adam *adam, float *params, const float *grad, double rate,
                        float *follower, double follow)
{
    adam->steps++;
    double bias1 = 1.0 - pow(beta1, (double)adam->steps);
    double bias2 = 1.0 - pow(beta2, (double)adam->steps);
    kernel_chosen()->adam(&(AdamStep){.count = adam->count,
                                      .params = params,
                                      .m = adam->m,
                                      .v = adam->v,
                                      .grad = grad,
                                      .beta1 = (float)beta1,
                                      .beta2 = (float)beta2,
                                      // 1 - beta2 in float32 would be off by 5e-5 of itself
                                      .gain1 = (float)(1.0 - beta1),
                                      .gain2 = (float)(1.0 - beta2),
                                      .rate = (float)(rate / bias1),
                                      .unbias = (float)(1.0 / bias2),
                                      .epsilon = (float)adam->epsilon,
                                      .follower = follower,
                                      .follow = (float)follow});
}

void adam_archive(Adam *adam, Archive *archive)
{
    size_t size = (size_t)adam->count * sizeof(float);
    archive_bytes(archive, "adam.m", adam->m, size);
    archive_bytes(archive, "adam.v", adam->v, size);
    archive_bytes(archive, "adam.steps", &adam->steps, sizeof adam->steps);
}
