#include "suite/core/mem.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { ALIGNMENT = 64, PAGE = 4096, HUGE = 4 << 20 };

static int64_t requests;
static int64_t fail_in = -1;

// what is read here and there, as a replay is, takes a fifth less time out of large pages
static void advise_huge_pages(char *memory, size_t bytes)
{
    size_t before = (PAGE - (uintptr_t)memory % PAGE) % PAGE;
    int saved = errno; // advice that is not taken is no failure
    (void)madvise(memory + before, (bytes - before) / PAGE * PAGE, MADV_HUGEPAGE);
    errno = saved;
}

void *mem_array(size_t count, size_t size)
{
    requests++;
    if (fail_in >= 0 && fail_in-- == 0) return NULL;

    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes)) return NULL;
    if (!bytes) bytes = 1; // leak checkers miss a pointer to the end of its block
    if (__builtin_add_overflow(bytes, (size_t)ALIGNMENT, &bytes)) return NULL;

    // calloc keeps large blocks uncommitted, which aligned_alloc and memset would not
    char *block = calloc(1, bytes);
    if (!block) return NULL;
    char *memory = block + ALIGNMENT;
    memory -= (uintptr_t)memory % ALIGNMENT; // calloc aligns to 16, so a pointer fits before
    memcpy(memory - sizeof block, &block, sizeof block);
    if (bytes >= HUGE) advise_huge_pages(memory, bytes - ALIGNMENT);
    return memory;
}

void *mem_grow(void *old, size_t old_count, size_t count, size_t size)
{
    void *memory = mem_array(count, size);
    if (!memory) return NULL;
    if (old_count) memcpy(memory, old, (old_count < count ? old_count : count) * size);
    mem_free(old);
    return memory;
}

char *mem_string(const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = mem_array(size, 1);
    if (copy) memcpy(copy, text, size);
    return copy;
}

void mem_free(void *memory)
{
    if (!memory) return;
    void *block;
    memcpy(&block, (char *)memory - sizeof block, sizeof block);
    free(block);
}

int64_t mem_count(void)
{
    return requests;
}

void mem_fail_at(int64_t nth)
{
    fail_in = nth;
}
