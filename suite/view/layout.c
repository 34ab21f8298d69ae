#include "suite/view/layout.h"

static const double column = 0.36, row = 0.36; // shares of a frame that panels take

Layout layout_seat(mjrRect frame, int seat, int seats, bool panels)
{
    int left = frame.width * seat / seats, right = frame.width * (seat + 1) / seats;
    mjrRect own = {frame.left + left, frame.bottom, right - left, frame.height};
    Layout layout = {.view = own, .stacked = seats == 1};
    if (!panels) return layout;
    layout.panel = own;
    if (layout.stacked) {
        layout.panel.width = (int)(column * own.width);
        layout.view.width = own.width - layout.panel.width;
        layout.panel.left = own.left + layout.view.width;
    } else {
        layout.panel.height = (int)(row * own.height);
        layout.view.height = own.height - layout.panel.height;
        layout.view.bottom = own.bottom + layout.panel.height;
    }
    return layout;
}

mjrRect layout_panel(const Layout *layout, int index, int count)
{
    mjrRect all = layout->panel;
    if (layout->stacked) {
        int low = all.height * (count - 1 - index) / count;
        int high = all.height * (count - index) / count;
        return (mjrRect){all.left, all.bottom + low, all.width, high - low};
    }
    int left = all.width * index / count, right = all.width * (index + 1) / count;
    return (mjrRect){all.left + left, all.bottom, right - left, all.height};
}

int layout_find(mjrRect frame, int seats, bool panels, const double point[2], double view[3])
{
    for (int i = 0; i < seats; i++) {
        mjrRect at = layout_seat(frame, i, seats, panels).view;
        if (at.width <= 0 || at.height <= 0) continue;
        view[0] = (double)at.width / at.height;
        view[1] = (point[0] - at.left) / at.width;
        view[2] = (point[1] - at.bottom) / at.height;
        if (view[1] >= 0.0 && view[1] < 1.0 && view[2] >= 0.0 && view[2] < 1.0) return i;
    }
    return -1;
}
