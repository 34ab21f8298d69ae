#include "suite/core/status.h"

#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

Test(status, has_a_name_in_lower_case_for_every_value)
{
    for (int i = STATUS_OK; i <= STATUS_INTERRUPTED; i++) {
        const char *name = status_name((Status)i);
        cr_assert(ne(int, (int)strlen(name), 0), "status %d has no name", i);
        for (const char *c = name; *c; c++)
            cr_assert(all(ge(chr, *c, 'a'), le(chr, *c, 'z')), "'%s'", name);
    }
    cr_assert(eq(str, status_name(STATUS_RANGE), "range"));
}

Test(error_set, fills_the_message_and_gives_the_status_back)
{
    Error err = {0};
    cr_assert(
        eq(int, error_set(&err, STATUS_IO, "cannot read '%s': %d", "a.txt", 7), STATUS_IO));
    cr_assert(eq(int, err.status, STATUS_IO));
    cr_assert(eq(str, err.message, "cannot read 'a.txt': 7"));
}

Test(error_set, cuts_a_long_message_and_ends_it)
{
    char longer[sizeof(Error)];
    Error err;
    memset(longer, 'x', sizeof longer);
    longer[sizeof longer - 1] = '\0';
    memset(&err, 'y', sizeof err);

    (void)error_set(&err, STATUS_PARSE, "%s", longer);
    cr_assert(eq(sz, strlen(err.message), sizeof err.message - 1));
}

Test(error, may_be_null)
{
    cr_assert(eq(int, error_set(NULL, STATUS_RANGE, "nobody listens"), STATUS_RANGE));
    cr_assert(eq(int, error_wrap(NULL, STATUS_PARSE, "nobody listens"), STATUS_PARSE));
    cr_assert(eq(int, error_nomem(NULL), STATUS_NOMEM));
}

Test(error_wrap, puts_the_context_before_the_fact)
{
    Error err;
    (void)error_set(&err, STATUS_PARSE, "unknown element 'jiont'");
    cr_assert(eq(int, error_wrap(&err, STATUS_IO, "cannot load '%s'", "m.xml"), STATUS_IO));
    cr_assert(eq(int, err.status, STATUS_IO));
    cr_assert(eq(str, err.message, "cannot load 'm.xml': unknown element 'jiont'"));
}

// the context takes all but `room` characters of the message
static void wrap_leaving(int room, Error *err)
{
    char context[sizeof err->message];
    int length = (int)sizeof err->message - 1 - room;
    memset(context, 'c', (size_t)length);
    context[length] = '\0';
    (void)error_set(err, STATUS_PARSE, "fact");
    (void)error_wrap(err, STATUS_PARSE, "%s", context);
}

Test(error_wrap, keeps_as_much_of_the_fact_as_there_is_room_for)
{
    Error err;
    wrap_leaving(6, &err); // ": fact" fits exactly
    cr_assert(eq(str, strchr(err.message, ':'), ": fact"));
    wrap_leaving(5, &err);
    cr_assert(eq(str, strchr(err.message, ':'), ": fac"));
    for (int room = 4; room >= 0; room--) {
        wrap_leaving(room, &err);
        cr_assert(lt(sz, strlen(err.message), sizeof err.message), "%d left", room);
        cr_assert(eq(chr, err.message[0], 'c'), "%d left", room);
    }
}

Test(error, is_one_line_whatever_bytes_it_was_given)
{
    Error err = {0};
    (void)error_set(&err, STATUS_PARSE, "no member '%s'", "a\nb\033[31m\x7f");
    cr_assert(eq(str, err.message, "no member 'a?b?[31m?'"));
}
