// Any bytes as the contents of a whole file of a source's steps: refused, or steps that can be
// learned from.
#include <math.h>
#include <string.h>
#include <unistd.h>

#include "baselines/source_steps.h"
#include "suite/core/check.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/sealed.h"

enum { STEPS_VERSION = 1, ASKED = 3 }; // sources: one more than the corpus has

static void check_finite(const float *values, int rows, int columns)
{
    for (int64_t i = 0; i < (int64_t)rows * columns; i++)
        CHECK(isfinite(values[i]));
}

static void use(const SourceSteps *s)
{
    CHECK(s->count > 0 && s->feature_dim > 0 && s->action_count > 0);
    CHECK(memchr(s->member, '\0', STEPS_NAME));
    CHECK(isfinite(s->teacher_return) && isfinite(s->random_return));
    CHECK(isfinite(s->action_gap) && s->action_gap >= 0.0);
    check_finite(s->features, s->count, s->feature_dim);
    check_finite(s->next_features, s->count, s->feature_dim);
    check_finite(s->reward, s->count, 1);
    for (int i = 0; i < s->count; i++) {
        CHECK(s->action[i] >= 0 && s->action[i] < s->action_count);
        CHECK(s->end[i] <= STEP_DIVERGED);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[SEALED_PATH];
    int file = sealed_file("source steps", STEPS_VERSION, data, size, path);
    CHECK(source_steps_check(path, NULL) == STATUS_OK); // whole, whatever is in it
    Status first = STATUS_OK;
    for (int s = 0; s < ASKED; s++) {
        SourceSteps steps;
        Error err = {0};
        Status status = source_steps_read(&steps, path, s, &err);
        CHECK((status == STATUS_OK) == (err.message[0] == '\0'));
        if (status == STATUS_OK) use(&steps);
        source_steps_release(&steps);

        // what is wrong is wrong whoever asks, but for sources that are not there
        if (s == 0) first = status;
        CHECK(status == first || (s > 0 && status == STATUS_MISMATCH));
    }
    (void)close(file);
    return 0;
}
