#include "baselines/window.h"

#include "suite/core/check.h"

void window_push(Window *window, int size, double value)
{
    window->value[window->count++ % size] = value;
}

bool window_is_full(const Window *window, int size)
{
    return window->count >= size;
}

double window_mean(const Window *window, int size)
{
    double sum = 0.0;
    CHECK(window_is_full(window, size));
    for (int i = 0; i < size; i++)
        sum += window->value[i];
    return sum / size;
}

void window_archive(Window *window, Archive *archive)
{
    archive_total(archive, "window.count", &window->count, ARCHIVE_MOST);
    archive_bytes(archive, "window.value", window->value, sizeof window->value);
}
