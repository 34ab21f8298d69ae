#include "results/trace.h"

#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "suite/core/file.h"
#include "suite/core/mem.h"

#define HEADER "step,name,value\n"
#define ROW "0,kappa_bar,0.25\n"

static char folder[] = "/tmp/suite-trace-XXXXXX";
static Trace trace, again;
static Error err;

static void setup(void)
{
    cr_assert(ne(ptr, mkdtemp(folder), NULL));
    cr_assert(eq(int, trace_init(&trace, TRACE_NUMBERS + 4, &err), STATUS_OK));
}

static void teardown(void)
{
    trace_release(&trace);
    trace_release(&again);
    cr_assert(eq(int, folder_remove(folder, &err), STATUS_OK));
}

TestSuite(trace, .init = setup, .fini = teardown);

static Status parse(const char *text)
{
    trace_release(&again);
    return trace_parse(&again, text, strlen(text), "trace.csv", &err);
}

Test(trace, is_written_a_row_for_each_number)
{
    char path[PATH_LENGTH], *text;
    trace_add(&trace, 0, "kappa_bar", 0.1);
    trace_add(&trace, 25, "kappa_bar", 1.0 / 3.0);
    trace_add(&trace, 25, "weight.m0.8_l1.1", -1e-300);
    cr_assert(eq(int, trace_write(&trace, folder, &err), STATUS_OK), "%s", err.message);
    cr_assert(eq(int, path_format(path, &err, "%s/trace.csv", folder), STATUS_OK));
    cr_assert(eq(int, file_read(&text, NULL, path, 1 << 20, &err), STATUS_OK));
    cr_assert(eq(str, text,
                 HEADER "0,kappa_bar,0.1\n25,kappa_bar,0.3333333333333333\n"
                        "25,weight.m0.8_l1.1,-1e-300\n"));
    mem_free(text);
}

Test(trace, comes_back_exactly_as_it_was)
{
    trace_add(&trace, 5, "a", 1.0 / 3.0);
    trace_add(&trace, 5, "b", 2e17);
    trace_add(&trace, 9, "a", -0.7);
    cr_assert(eq(int, trace_write(&trace, folder, &err), STATUS_OK), "%s", err.message);
    cr_assert(eq(int, trace_read(&again, folder, &err), STATUS_OK), "%s", err.message);
    cr_assert(eq(int, again.count, 3));
    for (int i = 0; i < 3; i++) {
        cr_assert(eq(i64, again.row[i].step, trace.row[i].step), "row %d", i);
        cr_assert(eq(str, again.row[i].name, trace.row[i].name), "row %d", i);
        cr_assert(eq(dbl, again.row[i].value, trace.row[i].value), "row %d", i);
    }
}

Test(trace, may_hold_nothing)
{
    cr_assert(eq(int, trace_write(&trace, folder, &err), STATUS_OK), "%s", err.message);
    cr_assert(eq(int, trace_read(&again, folder, &err), STATUS_OK), "%s", err.message);
    cr_assert(eq(int, again.count, 0));
}

Test(trace, a_missing_file_is_missing)
{
    cr_assert(eq(int, trace_read(&again, folder, &err), STATUS_MISSING));
}

Test(trace, the_example_of_the_refusals_is_itself_fine)
{
    cr_assert(eq(int, parse(HEADER ROW), STATUS_OK), "%s", err.message);
    cr_assert(eq(int, again.count, 1));
    cr_assert(eq(str, again.row[0].name, "kappa_bar"));
    cr_assert(eq(dbl, again.row[0].value, 0.25));
}

Test(trace, anything_else_is_refused_by_file_and_line)
{
    static const struct {
        const char *text, *message;
    } bad[] = {
        {"", "trace.csv:1: not the header of trace.csv: ''"},
        {"step,name", "trace.csv:1: not the header of trace.csv: 'step,name'"},
        {HEADER "\n", "trace.csv:2: a row has three fields; the last one here is ''"},
        {HEADER "0,a\n", "trace.csv:2: a row has three fields; the last one here is 'a'"},
        {HEADER "-1,a,2\n", "trace.csv:2: not a step from the one before on: '-1'"},
        {HEADER "4,a,2\n3,a,2\n", "trace.csv:3: not a step from the one before on: '3'"},
        {HEADER "0,,2\n", "trace.csv:2: not a name: ''"},
        {HEADER "0,a b,2\n", "trace.csv:2: not a name: 'a b'"},
        {HEADER ROW "0,a,2\n" ROW, "trace.csv:4: told twice: 'kappa_bar'"},
        {HEADER "0,a,inf\n", "trace.csv:2: not a number: 'inf'"},
        {HEADER "0,a,\n", "trace.csv:2: not a number: ''"},
        {HEADER "0,a,2,3\n", "trace.csv:2: not a number: '2,3'"},
        {HEADER "0,a,2\r\n", "trace.csv:2: not a number: '2?'"},
        {HEADER "0,a,2", "trace.csv:2: the file ends within a line: '0,a,2'"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        cr_assert(eq(int, parse(bad[i].text), STATUS_PARSE), "case %zu", i);
        cr_assert(eq(str, err.message, bad[i].message));
    }
}

Test(trace, is_refused_when_cut_short_anywhere_within_a_line)
{
    static const char text[] = HEADER ROW;
    for (size_t size = 0; size < sizeof text - 1; size++) {
        trace_release(&again);
        Status status = trace_parse(&again, text, size, "trace.csv", &err);
        bool whole_lines = size == sizeof HEADER - 1;
        cr_assert(eq(int, status, whole_lines ? STATUS_OK : STATUS_PARSE), "%zu bytes", size);
    }
}

// the header and @p rows rows, @p each of them at a step
static Status parse_many(int rows, int each)
{
    static char text[2 << 20];
    size_t length = (size_t)sprintf(text, HEADER);
    for (int i = 0; i < rows; i++)
        length += (size_t)sprintf(text + length, "%d,n%d,1\n", i / each, i % each);
    return parse(text);
}

Test(trace, has_limits)
{
    cr_assert(eq(int, parse_many(TRACE_NUMBERS, TRACE_NUMBERS), STATUS_OK));
    cr_assert(eq(int, parse_many(TRACE_NUMBERS + 1, TRACE_NUMBERS + 1), STATUS_PARSE));
    cr_assert(eq(str, err.message, "trace.csv:66: one number too many at step '0'"));
    cr_assert(eq(int, parse_many(TRACE_ROWS, 1), STATUS_OK));
    cr_assert(eq(int, parse_many(TRACE_ROWS + 1, 1), STATUS_PARSE));
    cr_assert(eq(str, err.message, "trace.csv:65538: more than 65536 rows"));

    char text[128];
    (void)sprintf(text, HEADER "0,%0*d,1\n", TRACE_NAME - 1, 0);
    cr_assert(eq(int, parse(text), STATUS_OK), "%s", err.message);
    (void)sprintf(text, HEADER "0,%0*d,1\n", TRACE_NAME, 0);
    cr_assert(eq(int, parse(text), STATUS_PARSE));
}

Test(trace, numbers_that_are_not_finite_are_never_written)
{
    trace_add(&trace, 25, "lambda", (double)NAN);
    cr_assert(eq(int, trace_write(&trace, folder, &err), STATUS_RANGE));
    cr_assert(eq(str, err.message, "'lambda' at step 25 is not finite"));
}

Test(trace, takes_no_number_twice_at_a_step, .signal = SIGABRT)
{
    trace_add(&trace, 25, "a", 1.0);
    trace_add(&trace, 26, "a", 1.0);
    trace_add(&trace, 26, "a", 2.0);
}

Test(trace, takes_no_name_that_could_not_be_read, .signal = SIGABRT)
{
    trace_add(&trace, 25, "a,b", 1.0);
}

Test(trace, does_not_go_back, .signal = SIGABRT)
{
    trace_add(&trace, 25, "a", 1.0);
    trace_add(&trace, 24, "a", 1.0);
}

Test(trace, adding_takes_no_memory)
{
    int64_t before = mem_count();
    for (int i = 0; i < 8; i++)
        trace_add(&trace, i, "a", 1.0);
    cr_assert(eq(i64, mem_count(), before));
}

Test(trace, lack_of_memory_is_said)
{
    Status status = STATUS_NOMEM;
    int failures = -1;
    for (; status != STATUS_OK; failures++) {
        mem_fail_at(failures + 1);
        status = parse(HEADER ROW);
        mem_fail_at(-1);
        cr_assert(status == STATUS_OK || status == STATUS_NOMEM, "%s", err.message);
    }
    cr_assert(eq(int, failures, 2)); // the copy of the text, the rows
    mem_fail_at(0);
    cr_assert(eq(int, trace_write(&trace, folder, &err), STATUS_NOMEM));
    mem_fail_at(-1);
}
