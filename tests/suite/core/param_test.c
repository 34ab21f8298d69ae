#include "suite/core/param.h"

#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

typedef struct Settings {
    int before;
    int batch;
    double gamma;
    bool frozen;
    bool beside[3];
    int explore;
    int after;
} Settings;

enum { BATCH, GAMMA, FROZEN, EXPLORE, ROW_COUNT };
enum { UNTOUCHED = 12345 }; // what stands beside the settings, to see stray writes

static const ParamRow rows[ROW_COUNT] = {
    [BATCH] = {"agent.batch", PARAM_INT, offsetof(Settings, batch), .def = 64, .lo = 1,
               .hi = 4096},
    [GAMMA] = {"agent.gamma", PARAM_DOUBLE, offsetof(Settings, gamma), .def = 0.98, .lo = 0,
               .hi = 1},
    [FROZEN] = {"dqinit.frozen", PARAM_BOOL, offsetof(Settings, frozen), .def = 1},
    [EXPLORE] = {"agent.explore", PARAM_CHOICE, offsetof(Settings, explore), .def = 2,
                 .choices = "low|mid|full"},
};

static Settings defaults(void)
{
    Settings settings = {.before = UNTOUCHED, .beside = {true, true, true}, .after = UNTOUCHED};
    param_defaults(rows, ROW_COUNT, &settings);
    return settings;
}

static bool is_default(const Settings *s)
{
    return s->before == UNTOUCHED && s->batch == 64 && s->gamma == 0.98 && s->frozen &&
           s->explore == 2 && s->after == UNTOUCHED;
}

Test(param_defaults, puts_every_row_in_its_place_and_nothing_beside)
{
    Settings settings = defaults();
    cr_assert(is_default(&settings));
}

Test(param_find, finds_by_the_whole_name)
{
    cr_assert(eq(ptr, param_find(rows, ROW_COUNT, "agent.gamma"), &rows[GAMMA]));
    cr_assert(eq(ptr, param_find(rows, ROW_COUNT, "agent.gam"), NULL));
    cr_assert(eq(ptr, param_find(rows, ROW_COUNT, "gamma"), NULL));
    cr_assert(eq(ptr, param_find(rows, 0, "agent.gamma"), NULL));
}

static Settings set(int row, const char *text)
{
    Settings settings = defaults();
    Error err = {0};
    cr_assert(eq(int, param_set(&rows[row], &settings, text, &err), STATUS_OK), "%s",
              err.message);
    cr_assert(eq(int, settings.before, UNTOUCHED));
    cr_assert(settings.beside[0] && settings.beside[1] && settings.beside[2]);
    cr_assert(eq(int, settings.after, UNTOUCHED));
    return settings;
}

Test(param_set, takes_the_ends_of_every_range)
{
    cr_assert(eq(int, set(BATCH, "1").batch, 1));
    cr_assert(eq(int, set(BATCH, "4096").batch, 4096));
    cr_assert(eq(dbl, set(GAMMA, "0").gamma, 0.0));
    cr_assert(eq(dbl, set(GAMMA, "1").gamma, 1.0));
    cr_assert(eq(dbl, set(GAMMA, "0.995").gamma, 0.995));
    cr_assert(not(set(FROZEN, "false").frozen));
    cr_assert(set(FROZEN, "true").frozen);
    cr_assert(eq(int, set(EXPLORE, "low").explore, 0));
    cr_assert(eq(int, set(EXPLORE, "mid").explore, 1));
    cr_assert(eq(int, set(EXPLORE, "full").explore, 2));
}

Test(param_set, refuses_what_is_outside_and_changes_nothing)
{
    static const struct {
        int row;
        const char *text;
    } bad[] = {
        {BATCH, "0"},   {BATCH, "4097"},  {BATCH, "64.0"},    {BATCH, "1e2"},
        {BATCH, ""},    {BATCH, "many"},  {GAMMA, "1.01"},    {GAMMA, "-0.01"},
        {GAMMA, "nan"}, {GAMMA, ""},      {FROZEN, "1"},      {FROZEN, "True"},
        {FROZEN, ""},   {EXPLORE, "ful"}, {EXPLORE, "fully"}, {EXPLORE, "low|mid"},
        {EXPLORE, ""},  {EXPLORE, "2"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        Settings settings = defaults();
        Error err = {0};
        cr_assert(
            eq(int, param_set(&rows[bad[i].row], &settings, bad[i].text, &err), STATUS_USAGE),
            "'%s' was taken", bad[i].text);
        cr_assert(is_default(&settings), "'%s' changed something", bad[i].text);
    }
}

Test(param_set, says_what_would_have_been_right)
{
    static const struct {
        int row;
        const char *text, *message;
    } bad[] = {
        {BATCH, "x",
         "setting 'agent.batch' cannot be 'x': it takes a whole number from 1 to 4096"},
        {GAMMA, "2", "setting 'agent.gamma' cannot be '2': it takes a number from 0 to 1"},
        {FROZEN, "no", "setting 'dqinit.frozen' cannot be 'no': it takes true or false"},
        {EXPLORE, "all", "setting 'agent.explore' cannot be 'all': it takes low|mid|full"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        Settings settings = defaults();
        Error err = {0};
        cr_assert(
            ne(int, param_set(&rows[bad[i].row], &settings, bad[i].text, &err), STATUS_OK));
        cr_assert(eq(str, err.message, bad[i].message));
    }
}

Test(param_print, gives_text_that_param_set_takes_back)
{
    Settings settings = {.batch = 17, .gamma = 0.1 + 0.2, .frozen = false, .explore = 1};
    static const char *const expected[ROW_COUNT] = {"17", "0.30000000000000004", "false",
                                                    "mid"};
    for (int i = 0; i < ROW_COUNT; i++) {
        Text text = TEXT_INIT;
        param_print(&rows[i], &settings, &text);
        cr_assert(eq(str, text.data, expected[i]));

        Settings back = defaults();
        cr_assert(eq(int, param_set(&rows[i], &back, text.data, NULL), STATUS_OK));
        memcpy((char *)&settings + rows[i].offset, (char *)&back + rows[i].offset,
               sizeof(bool));
        text_release(&text);
        if (i == GAMMA) cr_assert(eq(dbl, back.gamma, 0.1 + 0.2));
    }
}

static Status check_one(ParamRow row)
{
    return param_check(&row, 1, NULL);
}

Test(param_check, accepts_a_sound_table)
{
    Error err = {0};
    cr_assert(eq(int, param_check(rows, ROW_COUNT, &err), STATUS_OK), "%s", err.message);
}

Test(param_check, refuses_a_default_that_is_no_value_of_its_row)
{
    const ParamRow bad[] = {
        {"low", PARAM_INT, 0, .def = 0, .lo = 1, .hi = 4},
        {"high", PARAM_INT, 0, .def = 5, .lo = 1, .hi = 4},
        {"half", PARAM_INT, 0, .def = 1.5, .lo = 1, .hi = 4},
        {"wide", PARAM_INT, 0, .def = 1, .lo = 1, .hi = 1e10}, // an int cannot hold its range
        {"above", PARAM_DOUBLE, 0, .def = 1.1, .lo = 0, .hi = 1},
        {"truth", PARAM_BOOL, 0, .def = 2},
        {"beyond", PARAM_CHOICE, 0, .def = 2, .choices = "a|b"},
        {"before", PARAM_CHOICE, 0, .def = -1, .choices = "a|b"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        cr_assert(eq(int, check_one(bad[i]), STATUS_RANGE), "row '%s' passed", bad[i].name);
}

Test(param_check, refuses_a_name_used_twice_and_says_which)
{
    const ParamRow twice[] = {rows[BATCH], rows[GAMMA], rows[BATCH]};
    Error err = {0};
    cr_assert(eq(int, param_check(twice, 3, &err), STATUS_RANGE));
    cr_assert(eq(str, err.message, "setting 'agent.batch' is declared twice"));
}
