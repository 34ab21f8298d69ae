/** @file
 * The kernels that kernel.c chooses from.
 *
 * Layer: agents; for the kernels only.
 */
#ifndef AGENTS_KERNEL_TABLE_H
#define AGENTS_KERNEL_TABLE_H

#include "agents/kernel.h"

#ifdef __x86_64__
extern const Kernel kernel_avx512, kernel_avx2;
#endif
extern const Kernel kernel_openblas; // by blas.c, on any machine

#endif
