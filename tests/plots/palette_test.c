#include "plots/palette.h"

#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "tests/results/made_runs.h"

static Palette palette;
static Error err;

static void add(const char *column)
{
    make_run("pendulum", "m1", column, 0, 1, 1);
}

static const ColumnStyle *style_of(const char *column)
{
    cr_assert(eq(int, palette_init(&palette, &made, &err), STATUS_OK), "%s", err.message);
    int place = palette_find(&palette, column);
    cr_assert(ge(int, place, 0));
    return &palette.style[place];
}

static void teardown(void)
{
    collect_release(&made);
}

TestSuite(palette, .fini = teardown);

Test(palette, a_method_looks_the_same_whatever_stands_beside_it)
{
    add("dqinit");
    ColumnStyle alone = *style_of("dqinit");
    add("scratch");
    add("distill");
    add("another");
    const ColumnStyle *among = style_of("dqinit");
    cr_assert(eq(int, among->rgb, alone.rgb));
    cr_assert(eq(int, among->dash, alone.dash));
    cr_assert(eq(int, among->point, alone.point));
    cr_assert(eq(int, alone.rgb, 0x0072B2));
}

Test(palette, scratch_is_first_and_each_column_there_once)
{
    add("dqinit");
    add("scratch");
    add("dqinit");
    cr_assert(eq(str, style_of("scratch")->column, "scratch"));
    cr_assert(eq(int, palette_find(&palette, "scratch"), 0));
    cr_assert(eq(int, palette.count, 2));
    cr_assert(eq(int, palette_find(&palette, "dqini"), -1));
}

// "scratch+full" is sorted away from "scratch"
Test(palette, a_labelled_column_is_paler_with_another_dash_and_point)
{
    add("scratch");
    add("jsrl");
    add("scratch+full");
    const ColumnStyle *plain = style_of("scratch"), *labelled = style_of("scratch+full");
    cr_assert(eq(int, plain->rgb, 0x000000));
    cr_assert(eq(int, labelled->rgb, 0x666666)); // 40 % of white
    cr_assert(ne(int, labelled->dash, plain->dash));
    cr_assert(ne(int, labelled->point, plain->point));
}

Test(palette, two_unknown_methods_look_different)
{
    add("mine");
    add("yours");
    int mine = style_of("mine")->rgb;
    cr_assert(ne(int, style_of("yours")->rgb, mine));
}

Test(palette, too_many_columns_are_refused)
{
    char name[8];
    for (int i = 0; i <= PALETTE_COLUMNS; i++) {
        (void)snprintf(name, sizeof name, "m%d", i);
        add(name);
    }
    cr_assert(eq(int, palette_init(&palette, &made, &err), STATUS_USAGE));
    cr_assert(ne(ptr, strstr(err.message, "--method"), NULL));
}

Test(palette, line_styles_name_their_columns)
{
    Text gp = TEXT_INIT;
    add("dqinit");
    (void)style_of("dqinit");
    palette_print(&palette, &gp);
    cr_assert(
        eq(str, gp.data, "set style line 1 lc rgb '#0072B2' lw 2 dt 1 pt 7 ps 0.7 # dqinit\n"));
    text_release(&gp);
}
