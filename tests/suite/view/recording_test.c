#include "suite/view/recording.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "suite/core/file.h"
#include "suite/core/mem.h"
#include "tests/support/folder.h"

enum { WIDTH = 6, HEIGHT = 4, LIMIT = 1 << 20 };

static const MovieShape shape = {WIDTH, HEIGHT, 10};
static Error err;

TestSuite(recording, .init = test_folder_make, .fini = test_folder_remove);

static RecordingKind kind(const char *path)
{
    RecordingKind out;
    cr_assert(eq(int, recording_kind(&out, path, &err), STATUS_OK), "%s", err.message);
    return out;
}

static void refused(const char *path, const char *says)
{
    RecordingKind out;
    cr_assert(eq(int, recording_kind(&out, path, &err), STATUS_USAGE), "'%s' is taken", path);
    cr_assert(strstr(err.message, says) != NULL, "%s", err.message);
}

Test(recording, goes_by_the_name_of_its_file)
{
    cr_assert(eq(int, kind("walk.png"), RECORDING_PICTURE));
    cr_assert(eq(int, kind("walk-%04d.png"), RECORDING_SEQUENCE));
    cr_assert(eq(int, kind("%d.png"), RECORDING_SEQUENCE));
    cr_assert(eq(int, kind("a/walk.mp4"), RECORDING_MOVIE));
    cr_assert(eq(int, kind("walk.gif"), RECORDING_MOVIE));
}

Test(recording, refuses_other_names)
{
    refused("walk.avi", "must end in .png, .mp4 or .gif");
    refused("png", "must end in");
    refused("walk-%s.png", "%d or %04d");
    refused("walk-%d-%d.png", "%d or %04d");
    refused("walk-%0d.png", "%d or %04d");
    refused("walk-%04", "must end in");
}

// a picture whose lowest row is red and whose others are black
static void paint(unsigned char rgb[WIDTH * HEIGHT * 3])
{
    memset(rgb, 0, WIDTH * HEIGHT * 3);
    for (int x = 0; x < WIDTH; x++)
        rgb[3 * x] = 255;
}

static void record(const char *path, int frames)
{
    unsigned char rgb[WIDTH * HEIGHT * 3];
    Recording *recording;
    paint(rgb);
    cr_assert(eq(int, recording_new(&recording, path, shape, &err), STATUS_OK), "%s",
              err.message);
    for (int i = 0; i < frames; i++)
        cr_assert(eq(int, recording_add(recording, rgb, &err), STATUS_OK), "%s", err.message);
    cr_assert(eq(int, recording_end(recording, &err), STATUS_OK), "%s", err.message);
    cr_assert(eq(int, recording_frames(recording), frames));
    recording_free(recording);
}

Test(recording, numbers_the_pictures_of_a_sequence)
{
    record(test_path("walk-%03d.png"), 12);
    cr_assert(eq(int, test_folder_count(), 12));
    cr_assert(file_exists(test_path("walk-000.png")));
    cr_assert(file_exists(test_path("walk-011.png")));
}

Test(recording, writes_the_signature_and_size_of_a_png)
{
    static const unsigned char head[] = {0x89, 'P', 'N', 'G',   '\r', '\n', 0x1a, '\n',
                                         0,    0,   0,   13,    'I',  'H',  'D',  'R',
                                         0,    0,   0,   WIDTH, 0,    0,    0,    HEIGHT};
    char *bytes;
    size_t size;
    record(test_path("walk.png"), 3);
    cr_assert(eq(int, test_folder_count(), 1));
    cr_assert(eq(int, file_read(&bytes, &size, test_path("walk.png"), LIMIT, &err), STATUS_OK));
    cr_assert(lt(sz, sizeof head, size));
    cr_assert(eq(int, memcmp(bytes, head, sizeof head), 0));
    mem_free(bytes);
}

Test(recording, says_what_to_do_without_ffmpeg)
{
    Recording *recording;
    cr_assert(eq(int, setenv("PATH", test_folder(), 1), 0));
    cr_assert(
        eq(int, recording_new(&recording, test_path("walk.mp4"), shape, &err), STATUS_MISSING));
    cr_assert(strstr(err.message, "apt-get install ffmpeg") != NULL, "%s", err.message);
    cr_assert(strstr(err.message, "frame-%04d.png") != NULL, "%s", err.message);
    cr_assert(eq(ptr, recording, NULL));
    cr_assert(eq(int, test_folder_count(), 0));
}

// an ffmpeg that takes nothing and fails
Test(recording, says_what_ffmpeg_said_and_leaves_nothing)
{
    static const char script[] = "#!/bin/sh\necho 'no such codec' >&2\nexit 3\n";
    Recording *recording;
    unsigned char rgb[WIDTH * HEIGHT * 3];
    paint(rgb);
    (void)signal(SIGPIPE, SIG_IGN); // as main does
    test_put_file(test_path("ffmpeg"), script, sizeof script - 1);
    cr_assert(eq(int, chmod(test_path("ffmpeg"), 0700), 0));
    cr_assert(eq(int, setenv("PATH", test_folder(), 1), 0));
    cr_assert(
        eq(int, recording_new(&recording, test_path("walk.mp4"), shape, &err), STATUS_OK));
    // what it does not read fits into the pipe, or breaks it
    Status status = recording_add(recording, rgb, &err);
    if (status == STATUS_OK) status = recording_end(recording, &err);
    recording_free(recording);
    cr_assert(eq(int, status, STATUS_WORKER));
    cr_assert(strstr(err.message, "no such codec") != NULL, "%s", err.message);
    cr_assert(eq(int, test_folder_count(), 1));
}
