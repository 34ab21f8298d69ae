/** @file
 * The kernel that leaves products to OpenBLAS, on one thread.
 *
 * Layer: agents; the only file that calls cblas. The kernel itself is `kernel_openblas`, see
 * agents/kernel.h. Which code OpenBLAS picked for this machine changes result bits.
 */
#ifndef AGENTS_BLAS_H
#define AGENTS_BLAS_H

#include <stddef.h>

/** Keep OpenBLAS to the calling thread. Call once, before the first product. */
void blas_init(void);

/** Write OpenBLAS' version and the code it picked for this machine into @p text. */
void blas_name(char *text, size_t size);

#endif
