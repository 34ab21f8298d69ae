#include "suite/run/member_record.h"

#include <math.h>
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

static const TaskParam params[] = {
    {.name = "mass", .unit = "kg", .help = "", .base = 1, .lo = 0.5, .hi = 2},
    {.name = "length", .unit = "m", .help = "", .base = 3, .lo = 1, .hi = 4},
};
static const TaskFamily family = {.name = "toy", .param = params, .param_count = 2};
static const Member mine = {.name = "mine", .role = ROLE_TARGET, .param = {0.1 + 0.5, 4}};

static RunRecord record;
static Error err;

static void setup(void)
{
    cr_assert(eq(int, member_record_put(&record, &family, &mine, &err), STATUS_OK));
}

static void teardown(void)
{
    record_release(&record);
}

TestSuite(member_record, .init = setup, .fini = teardown);

static void expect_refusal(const char *part)
{
    Member member;
    cr_assert(
        eq(int, member_record_get(&member, &record, &family, "runs/a", &err), STATUS_MISMATCH));
    cr_assert(strstr(err.message, part) != NULL, "no \"%s\" in: %s", part, err.message);
}

Test(member_record, gives_back_the_member_that_was_put)
{
    Member member;
    cr_assert(eq(int, member_record_get(&member, &record, &family, "runs/a", &err), STATUS_OK));
    cr_assert(eq(str, member.name, "mine"));
    cr_assert(eq(int, member.role, ROLE_TARGET));
    cr_assert(eq(dbl, member.param[0], mine.param[0]));
    cr_assert(eq(dbl, member.param[1], 4.0));
}

Test(member_record, refuses_what_no_member_of_the_family_can_be)
{
    record.param[0].value = 2.5;
    expect_refusal("'runs/a/run.json' has mass=2.5, which is out of its range");
    record.param[0].value = (double)NAN;
    expect_refusal("mass=nan");
    record.param[0].value = 2;
    memset(record.member, 'x', MEMBER_NAME);
    expect_refusal("too long");
    record.member[1] = '\0';
    cr_assert(eq(int, record_add_param(&record, "colour", 1, &err), STATUS_OK));
    expect_refusal("has parameters that family 'toy' has not");
    record.param_count = 1;
    expect_refusal("does not have parameter 'length' of member 'x'");
}

Test(member_record, names_the_first_parameter_that_differs)
{
    Text text = TEXT_INIT;
    Member other = mine;
    cr_assert(not(member_record_differs(&record, &family, &other, &text)));
    other.param[1] = 3.5;
    cr_assert(member_record_differs(&record, &family, &other, &text));
    cr_assert(eq(str, text.data, "length=4 there, length=3.5 now"));
    text_clear(&text);
    other.param[0] = 1;
    cr_assert(member_record_differs(&record, &family, &other, &text));
    cr_assert(eq(str, text.data, "mass=0.6 there, mass=1 now"));
    text_release(&text);
}

// as those of the first schema version
Test(member_record, without_parameters_differs_from_nobody)
{
    Text text = TEXT_INIT;
    Member other = mine;
    other.param[0] = 1;
    record.param_count = 0;
    cr_assert(not(member_record_differs(&record, &family, &other, &text)));
    cr_assert(eq(str, text.data, ""));
    text_release(&text);
}
