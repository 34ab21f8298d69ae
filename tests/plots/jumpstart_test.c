#include "plots/jumpstart.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "suite/core/file.h"
#include "suite/core/mem.h"
#include "tests/results/made_runs.h"
#include "tests/support/folder.h"

static Comparison comparison;
static Palette palette;
static Error err;
static char *data, *script;

static void setup(void)
{
    test_folder_make();
}

static void teardown(void)
{
    mem_free(data);
    mem_free(script);
    compare_release(&comparison);
    collect_release(&made);
    test_folder_remove();
}

TestSuite(jumpstart, .init = setup, .fini = teardown);

// two seeds of jsrl, ahead of scratch by `lead`; NaN: neither was evaluated before training
static void make_member(const char *name, double lead)
{
    for (int seed = 0; seed < 2; seed++) {
        make_run("pendulum", name, "scratch", seed, lead - lead, -1);
        make_run("pendulum", name, "jsrl", seed, lead, -1);
    }
}

static char *read_back(const char *name)
{
    char *text;
    cr_assert(eq(int, file_read(&text, NULL, test_path(name), 20000, &err), STATUS_OK), "%s",
              err.message);
    return text;
}

static void draw(void)
{
    cr_assert(eq(int, collect_finish(&made, true, &err), STATUS_OK));
    cr_assert(eq(int, compare_init(&comparison, &made, 10, &err), STATUS_OK));
    cr_assert(eq(int, palette_init(&palette, &made, &err), STATUS_OK));
    cr_assert(eq(int, setenv("PATH", test_folder(), 1), 0)); // no gnuplot there
    Gallery gallery = {.folder = test_folder(), .palette = &palette};
    cr_assert(
        eq(int, jumpstart_draw(&gallery, &comparison, comparison.family, POLICY_DEPLOYED, &err),
           STATUS_OK),
        "%s", err.message);
    data = read_back("jumpstart-pendulum.dat");
    script = read_back("jumpstart-pendulum.gp");
}

// the rows that gnuplot finds at an index: blocks of comments only do not count
static const char *rows_at(int index)
{
    int block = -1, blank = 2;
    for (const char *line = data; *line; line = strchr(line, '\n') + 1) {
        if (*line == '#') continue;
        if (*line == '\n') {
            blank++;
            continue;
        }
        if (blank >= 2) block++;
        blank = 0;
        if (block == index) return line;
    }
    return "";
}

// the index that the panel of a member plots, or -1
static int index_of(const char *member)
{
    char title[40];
    (void)snprintf(title, sizeof title, "set title '%s'\n", member);
    const char *panel = strstr(script, title);
    cr_assert(ne(ptr, panel, NULL), "%s has no panel", member);
    const char *plot = strstr(panel, "\nplot"), *next = strstr(panel + 1, "set title");
    const char *index = strstr(plot, "data index ");
    return index && (!next || index < next) ? atoi(index + strlen("data index ")) : -1;
}

static void expect_row(const char *member, const char *row)
{
    int index = index_of(member);
    cr_assert(le(int, 0, index), "%s has no bar", member);
    cr_assert(strncmp(rows_at(index), row, strlen(row)) == 0, "%s, at index %d: %.30s", member,
              index, rows_at(index));
}

Test(jumpstart, a_member_without_a_difference_leaves_the_others_their_own_numbers)
{
    make_member("a", (double)NAN);
    make_member("b", 2);
    make_member("c", (double)NAN);
    make_member("d", 4);
    draw();
    expect_row("b", "1 2 2 ");
    expect_row("d", "1 2 4 ");
    cr_assert(eq(int, index_of("a"), -1));
    cr_assert(eq(int, index_of("c"), -1));
}
