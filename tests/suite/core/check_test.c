#include "suite/core/check.h"

#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

Test(check, does_nothing_while_the_condition_holds_and_evaluates_it_once)
{
    int count = 0;
    CHECK(++count == 1);
    cr_assert(eq(int, count, 1));
}

// the child's standard error, at most `size` bytes with the NUL
static int abort_in_child(char *text, size_t size)
{
    int ends[2], status;
    cr_assert(eq(int, pipe(ends), 0));
    pid_t child = fork();
    if (child == 0) {
        (void)dup2(ends[1], STDERR_FILENO);
        CHECK(1 + 1 == 3);
        _exit(0);
    }
    (void)close(ends[1]);
    size_t length = 0;
    for (ssize_t n; (n = read(ends[0], text + length, size - 1 - length)) > 0;)
        length += (size_t)n;
    text[length] = '\0';
    (void)close(ends[0]);
    cr_assert(eq(int, waitpid(child, &status, 0), child));
    return status;
}

Test(check, names_the_place_and_the_expression_and_aborts)
{
    char text[512];
    int status = abort_in_child(text, sizeof text);
    cr_assert(eq(int, WTERMSIG(status), SIGABRT));
    cr_assert(ne(ptr, strstr(text, "check_test.c:"), NULL), "%s", text);
    cr_assert(ne(ptr, strstr(text, "1 + 1 == 3 does not hold\n"), NULL), "%s", text);
}
