#include "suite/view/layout.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

static const mjrRect frame = {10, 20, 1000, 500};

static int area(mjrRect r)
{
    return r.width * r.height;
}

Test(layout_seat, fills_the_frame_with_view_and_panels)
{
    for (int seats = 1; seats <= SEATS; seats++) {
        int covered = 0;
        for (int i = 0; i < seats; i++) {
            Layout l = layout_seat(frame, i, seats, true);
            covered += area(l.view) + area(l.panel);
            cr_assert(lt(int, area(l.panel), area(l.view)));
        }
        cr_assert(eq(int, covered, area(frame)), "%d seats", seats);
    }
}

Test(layout_seat, without_panels_is_all_view)
{
    Layout l = layout_seat(frame, 1, 2, false);
    cr_assert(eq(int, area(l.panel), 0));
    cr_assert(eq(int, l.view.left, 510));
    cr_assert(eq(int, l.view.width, 500));
    cr_assert(eq(int, l.view.height, 500));
}

Test(layout_panel, stacks_from_the_top_for_one_player)
{
    Layout l = layout_seat(frame, 0, 1, true);
    mjrRect first = layout_panel(&l, 0, 3), last = layout_panel(&l, 2, 3);
    cr_assert(eq(int, first.left, last.left));
    cr_assert(eq(int, last.bottom, frame.bottom));
    cr_assert(eq(int, first.bottom + first.height, frame.bottom + frame.height));
}

Test(layout_panel, stands_in_a_row_for_two)
{
    Layout l = layout_seat(frame, 1, 2, true);
    mjrRect first = layout_panel(&l, 0, 2), second = layout_panel(&l, 1, 2);
    cr_assert(eq(int, first.bottom, second.bottom));
    cr_assert(eq(int, first.left, 510));
    cr_assert(eq(int, second.left, 760));
}

Test(layout_find, names_the_seat_and_the_place_in_its_view)
{
    double view[3];
    cr_assert(eq(int, layout_find(frame, 2, false, (double[]){635.0, 145.0}, view), 1));
    cr_assert(eq(dbl, view[0], 1.0));
    cr_assert(eq(dbl, view[1], 0.25));
    cr_assert(eq(dbl, view[2], 0.25));
    cr_assert(eq(int, layout_find(frame, 1, true, (double[]){1000.0, 300.0}, view), -1),
              "a panel is no view");
    cr_assert(eq(int, layout_find(frame, 1, false, (double[]){5.0, 300.0}, view), -1));
}
