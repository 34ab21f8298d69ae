#include "suite/core/log.h"

#include <stdio.h>

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
