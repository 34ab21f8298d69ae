#include "suite/core/log.h"

#include <pty.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <criterion/redirect.h>

static void say_all(void)
{
    log_note("%d runs", 3);
    log_warning("%s is slow", "this");
    log_error("%s failed", "that");
    (void)fflush(stderr);
}

TestSuite(log, .init = cr_redirect_stderr);

Test(log, says_one_line_a_message_with_its_kind)
{
    say_all();
    cr_assert_stderr_eq_str("3 runs\nsuite: warning: this is slow\nsuite: that failed\n");
}

Test(log, keeps_only_errors_when_quiet)
{
    log_set_quiet(true);
    say_all();
    cr_assert_stderr_eq_str("suite: that failed\n");
}

Test(log, writes_progress_as_lines_where_there_is_no_terminal)
{
    log_progress("%d of %d", 1, 2);
    log_progress("%d of %d", 2, 2);
    (void)fflush(stderr);
    cr_assert_stderr_eq_str("1 of 2\n2 of 2\n");
}

Test(log_progress, keeps_one_line_on_a_terminal_that_the_next_message_replaces)
{
    int terminal, end;
    if (openpty(&terminal, &end, NULL, NULL, NULL) != 0)
        cr_skip_test("no pseudo terminals here");
    int kept = dup(STDERR_FILENO);
    cr_assert(eq(int, dup2(end, STDERR_FILENO), STDERR_FILENO));
    log_progress("1 of 2");
    log_progress("2 of 2");
    log_note("done");
    (void)fflush(stderr);
    cr_assert(eq(int, dup2(kept, STDERR_FILENO), STDERR_FILENO));

    // a terminal may hand over less than was written
    char text[128] = "";
    size_t size = 0;
    while (!strchr(text, '\n')) {
        ssize_t got = read(terminal, text + size, sizeof text - 1 - size);
        cr_assert(lt(int, 0, (int)got));
        size += (size_t)got;
    }
    cr_assert(eq(str, text, "\r\033[K1 of 2\r\033[K2 of 2\r\033[Kdone\r\n"));
    (void)close(terminal);
    (void)close(end);
}
