#include "agents/blas.h"

#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

// its products are tested beside those of the other kernels, in kernel_test.c
Test(blas, names_its_version_and_code)
{
    char name[64] = "";
    blas_init();
    blas_name(name, sizeof name);
    cr_assert(name[0] && strncmp(name, "OpenBLAS ", 9) == 0, "'%s'", name);
    cr_assert(strchr(name + 9, ' ') != NULL, "'%s'", name);
}
