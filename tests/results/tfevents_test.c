#include "results/tfevents.h"

#include <math.h>
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "suite/core/file.h"
#include "suite/core/mem.h"
#include "tests/support/folder.h"

static TfEvents events;
static Error err;

static void setup(void)
{
    test_folder_make();
    events = TFEVENTS_INIT;
}

static void teardown(void)
{
    tfevents_release(&events);
    test_folder_remove();
}

TestSuite(tfevents, .init = setup, .fini = teardown);

// what the RecordWriter of tensorboard 2.21.0 makes of
//     Event(file_version='brain.Event:2'), Event(wall_time=300.0, step=300, summary=Summary(
//         value=[Value(tag='eval/return', simple_value=-1.5), Value(tag='b',
//         simple_value=0.1)]))
static const char begun[] = "\x0f\0\0\0\0\0\0\0\x6d\x53\x2b\x09\x1a\x0d"
                            "brain.Event:2\xfc\x98\x51\x29";
static const char added[] =
    "\x2c\0\0\0\0\0\0\0\xf4\xae\xcc\x45\x09\0\0\0\0\0\xc0\x72\x40\x10\xac\x02\x2a\x1e\x0a\x12"
    "\x0a\x0b"
    "eval/return\x15\0\0\xc0\xbf\x0a\x08\x0a\x01"
    "b\x15\xcd\xcc\xcc\x3d\x59\x80\x9b\x86";
enum { BEGUN = sizeof begun - 1, ADDED = sizeof added - 1 };

Test(tfevents, are_the_bytes_that_tensorboard_writes)
{
    tfevents_begin(&events);
    cr_assert(eq(sz, events.file.length, BEGUN));
    cr_assert(memcmp(events.file.data, begun, BEGUN) == 0);

    tfevents_add(&events, 300, (TfScalar[]){{"eval/return", -1.5}, {"b", 0.1}}, 2);
    cr_assert(eq(sz, events.file.length, BEGUN + ADDED));
    cr_assert(memcmp(events.file.data + BEGUN, added, ADDED) == 0);

    char *file;
    size_t size;
    cr_assert(eq(int, tfevents_write(&events, test_path("events"), &err), STATUS_OK));
    cr_assert(eq(int, file_read(&file, &size, test_path("events"), 1 << 10, &err), STATUS_OK));
    cr_assert(eq(sz, size, BEGUN + ADDED));
    cr_assert(memcmp(file, events.file.data, size) == 0);
    mem_free(file);
}

Test(tfevents, what_is_not_known_is_left_out)
{
    tfevents_add(&events, 300,
                 (TfScalar[]){{"x", (double)NAN}, {"eval/return", -1.5}, {"b", 0.1}}, 3);
    cr_assert(eq(sz, events.file.length, ADDED));
    cr_assert(memcmp(events.file.data, added, ADDED) == 0);
}

Test(tfevents, lack_of_memory_is_said)
{
    Status status = STATUS_NOMEM;
    int failures = -1;
    for (; status != STATUS_OK; failures++) {
        tfevents_release(&events);
        events = TFEVENTS_INIT;
        mem_fail_at(failures + 1);
        tfevents_begin(&events);
        tfevents_add(&events, 300, (TfScalar[]){{"eval/return", -1.5}}, 1);
        mem_fail_at(-1);
        status = tfevents_write(&events, test_path("events"), &err);
        cr_assert(status == STATUS_OK || status == STATUS_NOMEM, "%s", err.message);
    }
    cr_assert(eq(int, failures, 4)); // the file, the event, the summary, the value
}
