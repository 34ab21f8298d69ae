#include "suite/core/mem.h"

#include <stdbool.h>
#include <string.h>
#include <sys/resource.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

static bool is_zero(const unsigned char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (bytes[i]) return false;
    return true;
}

Test(mem_array, is_aligned_to_a_cache_line_whatever_its_size)
{
    void *held[200];
    for (size_t size = 0; size < 200; size++) {
        held[size] = mem_array(size, 1);
        cr_assert(ne(ptr, held[size], NULL), "%zu bytes", size);
        cr_assert(eq(sz, (uintptr_t)held[size] % 64, 0), "%zu bytes", size);
    }
    for (size_t size = 0; size < 200; size++)
        mem_free(held[size]);
}

Test(mem_array, is_zeroed_although_the_block_was_used_before)
{
    for (int round = 0; round < 50; round++) {
        unsigned char *bytes = mem_array(333, 1);
        cr_assert(is_zero(bytes, 333), "round %d", round);
        memset(bytes, 0xff, 333);
        mem_free(bytes);
    }
}

Test(mem_array, gives_blocks_that_do_not_overlap)
{
    unsigned char *a = mem_array(100, 1), *b = mem_array(100, 1);
    memset(a, 0xaa, 100);
    memset(b, 0xbb, 100);
    for (int i = 0; i < 100; i++)
        cr_assert(a[i] == 0xaa && b[i] == 0xbb, "byte %d", i);
    mem_free(a);
    mem_free(b);
}

Test(mem_array, refuses_a_size_that_overflows)
{
    cr_assert(eq(ptr, mem_array(SIZE_MAX / 2, 3), NULL));
    cr_assert(eq(ptr, mem_array((size_t)1 << 32, (size_t)1 << 32), NULL)); // the product is 0
    cr_assert(eq(ptr, mem_array(SIZE_MAX, 1), NULL)); // fits until the alignment is added
    cr_assert(eq(ptr, mem_array(SIZE_MAX - 40, 1), NULL));
}

Test(mem_array, commits_no_pages_before_they_are_touched)
{
    const size_t size = (size_t)2 << 30;
    unsigned char *bytes = mem_array(size, 1);
    cr_assert(ne(ptr, bytes, NULL));
    bytes[size - 1] = 1;

    struct rusage used;
    cr_assert(eq(int, getrusage(RUSAGE_SELF, &used), 0));
    cr_assert(lt(sz, (size_t)used.ru_maxrss * 1024, size / 2));
    mem_free(bytes);
}

Test(mem_grow, keeps_what_was_there_and_zeroes_the_rest)
{
    int *numbers = mem_array(3, sizeof *numbers);
    for (int i = 0; i < 3; i++)
        numbers[i] = 10 + i;
    numbers = mem_grow(numbers, 3, 100, sizeof *numbers);
    cr_assert(ne(ptr, numbers, NULL));
    for (int i = 0; i < 100; i++)
        cr_assert(eq(int, numbers[i], i < 3 ? 10 + i : 0), "item %d", i);

    numbers = mem_grow(numbers, 100, 2, sizeof *numbers);
    cr_assert(eq(int, numbers[1], 11));
    mem_free(numbers);
}

Test(mem_grow, begins_from_nothing)
{
    int *numbers = mem_grow(NULL, 0, 4, sizeof *numbers);
    cr_assert(eq(int, numbers[3], 0));
    mem_free(numbers);
}

Test(mem_grow, leaves_the_old_block_alone_when_it_fails)
{
    int *numbers = mem_array(1, sizeof *numbers);
    numbers[0] = 42;
    mem_fail_at(0);
    cr_assert(eq(ptr, mem_grow(numbers, 1, 2, sizeof *numbers), NULL));
    cr_assert(eq(int, numbers[0], 42));
    mem_free(numbers);
}

Test(mem_string, copies_with_the_end)
{
    char text[] = "torque";
    char *copy = mem_string(text);
    text[0] = 'x';
    cr_assert(eq(str, copy, "torque"));
    mem_free(copy);

    mem_fail_at(0);
    cr_assert(eq(ptr, mem_string(text), NULL));
}

Test(mem_free, allows_null)
{
    mem_free(NULL);
}

Test(mem_count, counts_every_request_and_nothing_else)
{
    int64_t before = mem_count();
    void *a = mem_array(1, 1);
    a = mem_grow(a, 1, 2, 1);
    char *b = mem_string("b");
    cr_assert(eq(i64, mem_count() - before, 3));
    mem_free(a);
    mem_free(b);
    cr_assert(eq(i64, mem_count() - before, 3));
}

Test(mem_fail_at, fails_the_chosen_request_and_no_other)
{
    mem_fail_at(2);
    for (int i = 0; i < 6; i++) {
        void *memory = mem_array(1, 1);
        cr_assert(i == 2 ? !memory : !!memory, "request %d", i);
        mem_free(memory);
    }

    mem_fail_at(0);
    mem_fail_at(-1);
    void *memory = mem_array(1, 1);
    cr_assert(ne(ptr, memory, NULL));
    mem_free(memory);
}
