#include "suite/core/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "suite/core/mem.h"
#include "suite/core/rng.h"

Test(text, grows_without_losing_a_character)
{
    Text text = TEXT_INIT;
    for (int i = 0; i < 2000; i++)
        text_printf(&text, "%04d", i);
    cr_assert(eq(int, text_status(&text, NULL), STATUS_OK));
    cr_assert(eq(sz, text.length, 8000));
    cr_assert(eq(sz, strlen(text.data), 8000));
    for (int i = 0; i < 2000; i++) {
        char four[5];
        (void)snprintf(four, sizeof four, "%04d", i);
        cr_assert(memcmp(text.data + (ptrdiff_t)4 * i, four, 4) == 0, "number %d", i);
    }
    text_release(&text);
    cr_assert(eq(str, text.data, ""));
}

Test(text, takes_bytes_as_they_are)
{
    Text text = TEXT_INIT;
    text_printf(&text, "ab");
    text_bytes(&text, "\0%d", 3);
    text_bytes(&text, NULL, 0);
    cr_assert(eq(sz, text.length, 5));
    cr_assert(memcmp(text.data, "ab\0%d", 6) == 0); // and the NUL

    mem_fail_at(0);
    char large[4096] = {0};
    text_bytes(&text, large, sizeof large);
    text_bytes(&text, "c", 1);
    mem_fail_at(-1);
    cr_assert(eq(int, text_status(&text, NULL), STATUS_NOMEM));
    cr_assert(eq(sz, text.length, 5));
    text_release(&text);
}

Test(text, is_an_empty_string_from_the_start_and_after_clearing)
{
    Text text = TEXT_INIT;
    cr_assert(eq(str, text.data, ""));
    text_clear(&text);
    text_printf(&text, "abc");
    text_clear(&text);
    cr_assert(eq(str, text.data, ""));
    text_printf(&text, "d");
    cr_assert(eq(str, text.data, "d"));
    text_release(&text);
}

Test(text, says_at_the_end_that_memory_ran_out_on_the_way)
{
    Text text = TEXT_INIT;
    text_printf(&text, "kept ");
    mem_fail_at(0);
    text_printf(&text, "%300d", 1); // does not fit the first 256 bytes
    text_printf(&text, "dropped");

    Error err = {0};
    cr_assert(eq(int, text_status(&text, &err), STATUS_NOMEM));
    cr_assert(eq(str, err.message, "out of memory"));
    cr_assert(eq(str, text.data, "kept "));
    text_release(&text);
}

Test(text, says_at_the_end_that_something_could_not_be_printed)
{
    Text text = TEXT_INIT;
    text_printf(&text, "%lc", (wint_t)0x20ac); // no such character in the C locale
    cr_assert(ne(int, text_status(&text, NULL), STATUS_OK));
    text_release(&text);
}

static void expect_double(double value, const char *expected)
{
    Text text = TEXT_INIT;
    text_double(&text, value);
    cr_assert(eq(str, text.data, expected));
    text_release(&text);
}

Test(text_double, is_the_shortest_that_reads_back)
{
    expect_double(0.1, "0.1");
    expect_double(1.0 / 3.0, "0.3333333333333333");
    expect_double(0.1 + 0.2, "0.30000000000000004");
    expect_double(9007199254740991.0, "9007199254740991");
    expect_double(5e-324, "4.94065645841247e-324"); // 15 digits are tried first
    expect_double(-0.0, "-0");
    expect_double((double)NAN, "nan");
    expect_double(-(double)NAN, "nan");
    expect_double((double)INFINITY, "inf");
    expect_double(-(double)INFINITY, "-inf");
}

Test(double_format, gives_back_every_bit)
{
    RngStream rng = rng_stream(1, RNG_METHOD, 0);
    for (int i = 0; i < 100000; i++) {
        uint64_t bits = (uint64_t)rng_word(&rng) << 32 | rng_word(&rng);
        double value;
        memcpy(&value, &bits, sizeof value);
        if (!isfinite(value)) continue;
        char text[32];
        double_format(value, text);
        double back = strtod(text, NULL);
        cr_assert(memcmp(&back, &value, sizeof value) == 0, "'%s' at %d", text, i);
    }
}

Test(parse_int, reads_whole_numbers_in_range)
{
    static const struct {
        const char *text;
        int64_t value;
    } good[] = {{"0", 0}, {"-10", -10}, {"42", 42}, {"007", 7}, {"100", 100}};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        int64_t value = 77;
        cr_assert(parse_int(good[i].text, -10, 100, &value), "'%s'", good[i].text);
        cr_assert(eq(i64, value, good[i].value), "'%s'", good[i].text);
    }
    int64_t value;
    cr_assert(parse_int("-9223372036854775808", INT64_MIN, INT64_MAX, &value));
    cr_assert(eq(i64, value, INT64_MIN));
    cr_assert(not(parse_int("9223372036854775808", INT64_MIN, INT64_MAX, &value)));
}

Test(parse_int, refuses_everything_else_and_leaves_the_value_alone)
{
    static const char *const bad[] = {"",    "-",   "+5",  " 5",   "5 ",
                                      "5x",  "0x5", "1e3", "5.0",  "--5",
                                      "- 5", "101", "-11", "1e99", "99999999999999999999",
                                      "abc", "5\n"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        int64_t value = 77;
        cr_assert(not(parse_int(bad[i], -10, 100, &value)), "'%s' was taken", bad[i]);
        cr_assert(eq(i64, value, 77), "'%s'", bad[i]);
    }
}

Test(parse_double, reads_finite_decimals)
{
    static const struct {
        const char *text;
        double value;
    } good[] = {{"0.25", 0.25}, {"-1e-3", -0.001}, {"+7", 7}, {".5", 0.5}, {"1e308", 1e308}};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        double value = 77;
        cr_assert(parse_double(good[i].text, &value), "'%s'", good[i].text);
        cr_assert(eq(dbl, value, good[i].value), "'%s'", good[i].text);
    }
}

Test(parse_double, refuses_everything_else_and_leaves_the_value_alone)
{
    static const char *const bad[] = {"",   "nan", "inf", "1e999",   "0x1p3",
                                      " 1", "1 ",  "1,5", "1.5.2",   "e",
                                      "-",  "1e",  "1-2", "infinity"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        double value = 77;
        cr_assert(not(parse_double(bad[i], &value)), "'%s' was taken", bad[i]);
        cr_assert(eq(dbl, value, 77), "'%s'", bad[i]);
    }
}

static const char *const names[] = {"reacher", NULL, "pendulum", "seeds", "steps"};

Test(nearest_name, finds_the_one_with_the_fewest_edits)
{
    static const char *const pairs[][2] = {
        {"reecher", "reacher"}, {"reaher", "reacher"}, {"pendelum", "pendulum"},
        {"seed", "seeds"},      {"stepss", "steps"},   {"steps", "steps"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++)
        cr_assert(eq(str, nearest_name(pairs[i][0], names, 5), pairs[i][1]));
}

Test(nearest_name, says_nothing_when_nothing_is_near)
{
    char longest[200];
    memset(longest, 's', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    const char *const long_names[] = {longest};

    cr_assert(eq(ptr, nearest_name("hopper", names, 5), NULL));
    cr_assert(eq(ptr, nearest_name(longest, names, 5), NULL));
    cr_assert(eq(ptr, nearest_name("s", long_names, 1), NULL));
    cr_assert(eq(ptr, nearest_name("seeds", names, 0), NULL));
}

Test(nearest_name, tolerates_a_third_of_the_letters_and_two_at_least)
{
    static const char *const one[] = {"distillation"};              // 12 letters
    cr_assert(ne(ptr, nearest_name("dist1ll4ti0m", one, 1), NULL)); // 4 edits
    cr_assert(eq(ptr, nearest_name("d1st1ll4ti0m", one, 1), NULL)); // 5 edits
    static const char *const small[] = {"out"};
    cr_assert(ne(ptr, nearest_name("oxx", small, 1), NULL));
    cr_assert(eq(ptr, nearest_name("abc", small, 1), NULL));
}
