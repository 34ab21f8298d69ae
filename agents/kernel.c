#include "agents/kernel.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agents/blas.h"
#include "agents/kernel_table.h"

static const Kernel *const kernels[] = {
#ifdef __x86_64__
    &kernel_avx512,
    &kernel_avx2,
#endif
    &kernel_openblas,
};

enum { KERNELS = sizeof kernels / sizeof kernels[0] };

enum { LARGEST = 512 * 512 }; // weights of a layer that our kernels are for

// set once
static const Kernel *chosen;

const Kernel *kernel_at(int i)
{
    return i < KERNELS ? kernels[i] : NULL;
}

static Status unknown_kernel(const char *name, Error *err)
{
    char names[64];
    int length = 0;
    for (int i = 0; i < KERNELS; i++)
        length += snprintf(names + length, sizeof names - (size_t)length, "%s%s", i ? ", " : "",
                           kernels[i]->name);
    return error_set(err, STATUS_USAGE, "SUITE_KERNEL is '%s', which is none of %s", name,
                     names);
}

static Status find(const Kernel **out, const char *name, Error *err)
{
    for (int i = 0; i < KERNELS; i++) {
        if (strcmp(kernels[i]->name, name) != 0) continue;
        if (!kernels[i]->supported())
            return error_set(err, STATUS_USAGE,
                             "SUITE_KERNEL is '%s', which this machine cannot run", name);
        *out = kernels[i];
        return STATUS_OK;
    }
    return unknown_kernel(name, err);
}

Status kernel_init(Error *err)
{
    const char *name = getenv("SUITE_KERNEL");
    blas_init();
    chosen = &kernel_openblas;
    for (int i = KERNELS - 1; i >= 0; i--)
        if (kernels[i]->supported()) chosen = kernels[i];
    return name && name[0] ? find(&chosen, name, err) : STATUS_OK;
}

const Kernel *kernel_chosen(void)
{
    // a wrong word is for main to tell of; here the best kernel stands
    Status status = chosen ? STATUS_OK : kernel_init(NULL);
    (void)status;
    return chosen;
}

void kernel_product(const Product *p)
{
    // without packing, a large layer falls out of the caches: on a Sapphire Rapids OpenBLAS is
    // as fast at 512 x 512 weights and over twice as fast at 1024 x 1024
    int64_t weights = (int64_t)p->n * (p->m > p->k ? p->m : p->k);
    const Kernel *kernel = kernel_chosen();
    if (weights > LARGEST) kernel = &kernel_openblas;
    kernel->product(p);
}

void kernel_name(char *text, size_t size)
{
    char blas[64];
    blas_name(blas, sizeof blas);
    const Kernel *kernel = kernel_chosen();
    bool is_ours = kernel != &kernel_openblas;
    (void)snprintf(text, size, "%s%s%s%s", is_ours ? "suite " : "", is_ours ? kernel->name : "",
                   is_ours ? ", " : "", blas);
}
