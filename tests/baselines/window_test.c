#include "baselines/window.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "tests/support/folder.h"
#include "tests/support/forge.h"

Test(window, is_full_from_the_size_th_value_on)
{
    Window window = {0};
    for (int i = 0; i < 3; i++) {
        cr_assert(not(window_is_full(&window, 3)));
        window_push(&window, 3, 1.0);
    }
    cr_assert(window_is_full(&window, 3));
}

Test(window, has_the_mean_of_the_last_values_alone)
{
    Window window = {0};
    const double value[] = {1000.0, 500.0, -1.0, -2.0, -6.0};
    for (int i = 0; i < 5; i++)
        window_push(&window, 3, value[i]);
    cr_assert(eq(dbl, window_mean(&window, 3), -3.0));
}

// -- in a file

static void save(void)
{
    Archive *archive;
    Window window = {0};
    for (int i = 0; i < 4; i++)
        window_push(&window, 3, -i);
    cr_assert(eq(int, archive_create(&archive, test_path("w"), "test", 1, NULL), STATUS_OK));
    window_archive(&window, archive);
    cr_assert(eq(int, archive_close(archive, NULL), STATUS_OK));
}

static Status load(Window *window)
{
    Archive *archive;
    cr_assert(eq(int, archive_open(&archive, test_path("w"), "test", 1, NULL), STATUS_OK));
    window_archive(window, archive);
    return archive_close(archive, NULL);
}

Test(window, goes_on_from_an_archive, .init = test_folder_make, .fini = test_folder_remove)
{
    Window window = {0};
    save();
    cr_assert(eq(int, load(&window), STATUS_OK));
    window_push(&window, 3, -7.0);
    cr_assert(eq(dbl, window_mean(&window, 3), -4.0)); // of 2, 3 and 7
}

Test(window, refuses_a_count_that_points_outside, .init = test_folder_make,
     .fini = test_folder_remove)
{
    static const int64_t count[] = {-1, INT64_MIN, INT64_MAX};
    for (int i = 0; i < 3; i++) {
        Window window = {.count = 2};
        save();
        test_forge(test_path("w"), "window.count", 0, &count[i], sizeof count[i]);
        cr_assert(eq(int, load(&window), STATUS_PARSE));
        cr_assert(eq(i64, window.count, 2));
    }
}
