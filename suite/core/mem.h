/** @file
 * The one way to get memory: zeroed, aligned, counted, and able to fail on request.
 *
 * Layer: core. Everything is taken when a run starts; the training loop takes nothing, which a
 * test shows with mem_count(). Released with mem_free(), never with free().
 *
 * Counters are per process (a run is a process) and the only mutable globals of this layer.
 */
#ifndef SUITE_CORE_MEM_H
#define SUITE_CORE_MEM_H

#include <stddef.h>
#include <stdint.h>

/**
 * Memory for @p count items of @p size bytes: zeroed, 64-byte aligned, pages committed only
 * when touched.
 *
 * @return NULL when the product overflows or the system has none left; never NULL for 0 items.
 */
void *mem_array(size_t count, size_t size);

/** mem_array() with the first @p old_count items copied from @p old, which is then released.
 *  @return NULL on failure, with @p old left as it was. */
void *mem_grow(void *old, size_t old_count, size_t count, size_t size);

/** A copy of @p text, or NULL when there is no memory. */
char *mem_string(const char *text);

/** Release what mem_array() gave. NULL is allowed. */
void mem_free(void *memory);

/** Ask the machine to bring @p size bytes nearer, for they will be read soon. */
static inline void mem_prefetch(const void *from, size_t size)
{
    enum { LINE = 64 }; // bytes of a cache line
    for (size_t at = 0; at < size; at += LINE)
        __builtin_prefetch((const char *)from + at);
}

/** @return how many times this process asked for memory so far. */
int64_t mem_count(void);

/** Make the @p nth request from now fail (0 is the next one); negative: none. For tests. */
void mem_fail_at(int64_t nth);

#endif
