#include "baselines/source_steps.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "baselines/streams.h"
#include "suite/core/mem.h"

enum { STEPS_VERSION = 1, MOST_SOURCES = 1 << 16, MOST_STEPS = 10000000, MOST_ACTIONS = 4096 };

static const char kind[] = "source steps";

void source_steps_release(SourceSteps *steps)
{
    mem_free(steps->features);
    mem_free(steps->next_features);
    mem_free(steps->reward);
    mem_free(steps->action);
    mem_free(steps->end);
    *steps = (SourceSteps){0};
}

static size_t row_size(const SourceSteps *steps)
{
    return (size_t)steps->feature_dim * sizeof(float);
}

// memory for n steps of D features
static Status take(SourceSteps *steps, Error *err)
{
    size_t n = (size_t)steps->count;
    steps->features = mem_array(n, row_size(steps));
    steps->next_features = mem_array(n, row_size(steps));
    steps->reward = mem_array(n, sizeof *steps->reward);
    steps->action = mem_array(n, sizeof *steps->action);
    steps->end = mem_array(n, sizeof *steps->end);
    bool taken =
        steps->features && steps->next_features && steps->reward && steps->action && steps->end;
    return taken ? STATUS_OK : error_nomem(err);
}

// -- the file

static bool all_finite(const float *values, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!isfinite(values[i])) return false;
    return true;
}

// a file can be whole and still say what cannot be
static bool is_possible(const SourceSteps *steps)
{
    size_t n = (size_t)steps->count, values = n * (size_t)steps->feature_dim;
    bool finite = isfinite(steps->teacher_return) && isfinite(steps->random_return) &&
                  isfinite(steps->action_gap) && steps->action_gap >= 0.0;
    finite = finite && all_finite(steps->features, values) &&
             all_finite(steps->next_features, values) && all_finite(steps->reward, n);
    for (size_t i = 0; finite && i < n; i++)
        if (steps->action[i] < 0 || steps->action[i] >= steps->action_count ||
            steps->end[i] > STEP_DIVERGED)
            return false;
    return finite;
}

// one source
static void steps_archive(SourceSteps *steps, Archive *archive)
{
    archive_name(archive, "steps.member", steps->member, STEPS_NAME);
    archive_int(archive, "steps.count", &steps->count, 1, MOST_STEPS);
    uint64_t row = 2 * row_size(steps) + sizeof(float) + sizeof(int32_t) + 1;
    archive_expect(archive, row * (uint64_t)steps->count);
    if (archive_has_failed(archive)) return;
    if (archive_is_reading(archive) && take(steps, NULL) != STATUS_OK) {
        archive_fail(archive, STATUS_NOMEM, "holds more steps than the memory");
        return;
    }

    size_t n = (size_t)steps->count;
    archive_bytes(archive, "steps.features", steps->features, n * row_size(steps));
    archive_bytes(archive, "steps.next_features", steps->next_features, n * row_size(steps));
    archive_bytes(archive, "steps.reward", steps->reward, n * sizeof *steps->reward);
    archive_bytes(archive, "steps.action", steps->action, n * sizeof *steps->action);
    archive_bytes(archive, "steps.end", steps->end, n * sizeof *steps->end);
    archive_bytes(archive, "steps.teacher", &steps->teacher_return, sizeof(double));
    archive_bytes(archive, "steps.random", &steps->random_return, sizeof(double));
    archive_bytes(archive, "steps.gap", &steps->action_gap, sizeof(double));
    if (!archive_has_failed(archive) && !is_possible(steps))
        archive_fail(archive, STATUS_PARSE, "holds steps that cannot be");
}

static void header_archive(SourceSteps *shape, int *sources, Archive *archive)
{
    archive_int(archive, "steps.sources", sources, 1, MOST_SOURCES);
    archive_int(archive, "steps.feature_dim", &shape->feature_dim, 1, NETWORK_UNITS);
    archive_int(archive, "steps.actions", &shape->action_count, 1, MOST_ACTIONS);
}

Status source_steps_read(SourceSteps *steps, const char *path, int index, Error *err)
{
    Archive *archive;
    SourceSteps one = {.count = 0};
    int sources = 0;
    *steps = (SourceSteps){0};
    Status status = archive_open(&archive, path, kind, STEPS_VERSION, err);
    if (status != STATUS_OK) return status;

    header_archive(&one, &sources, archive);
    if (!archive_has_failed(archive) && index >= sources)
        archive_fail(archive, STATUS_MISMATCH, "holds fewer sources than there are");
    for (int s = 0; s < sources && !archive_has_failed(archive); s++) {
        SourceSteps read = {.feature_dim = one.feature_dim, .action_count = one.action_count};
        steps_archive(&read, archive);
        if (s == index)
            *steps = read;
        else
            source_steps_release(&read);
    }
    return archive_close(archive, err);
}

Status source_steps_check(const char *path, Error *err)
{
    return archive_check(path, kind, STEPS_VERSION, err);
}

// -- building

// the best value over the second best
static float gap_of(const float *q, int actions)
{
    int best = argmax(q, actions);
    float second = -INFINITY;
    for (int a = 0; a < actions; a++)
        if (a != best && q[a] > second) second = q[a];
    return actions > 1 ? q[best] - second : 0.0f;
}

static int by_size(const void *left, const void *right)
{
    float a = *(const float *)left, b = *(const float *)right;
    return (a > b) - (a < b);
}

typedef struct Teacher {
    const Network *network;
    Workspace work;
} Teacher;

static int act_as_teacher(void *policy, const Sight *sight)
{
    Teacher *t = policy;
    return network_best(t->network, &t->work, sight->features);
}

typedef struct Chance {
    RngStream rng;
    int actions;
} Chance;

static int act_by_chance(void *policy, const Sight *sight)
{
    Chance *c = policy;
    (void)sight;
    return rng_below(&c->rng, c->actions);
}

static Status measure_gap(SourceSteps *steps, Teacher *teacher, Error *err)
{
    size_t n = (size_t)steps->count, d = (size_t)steps->feature_dim;
    float *gap = mem_array(n, sizeof *gap);
    if (!gap) return error_nomem(err);
    for (size_t i = 0; i < n; i++) {
        const float *q =
            network_forward(teacher->network, &teacher->work, steps->features + i * d, 1);
        gap[i] = gap_of(q, steps->action_count);
    }
    qsort(gap, n, sizeof *gap, by_size);
    steps->action_gap = (double)gap[n / 2];
    mem_free(gap);
    return STATUS_OK;
}

static void copy_steps(SourceSteps *steps, const SourceTask *source)
{
    size_t n = (size_t)steps->count;
    memcpy(steps->features, source->features, n * row_size(steps));
    memcpy(steps->next_features, source->next_features, n * row_size(steps));
    memcpy(steps->reward, source->reward, n * sizeof *steps->reward);
    memcpy(steps->action, source->action, n * sizeof *steps->action);
    memcpy(steps->end, source->end, n * sizeof *steps->end);
    for (size_t i = 0; i < n; i++) // where physics diverged to may be no number
        if (steps->end[i] == STEP_DIVERGED)
            memset(steps->next_features + i * (size_t)steps->feature_dim, 0, row_size(steps));
}

// the steps of source `s`, and what its teacher and chance earn there
static Status steps_of(SourceSteps *steps, const BuildContext *context, int s, Error *err)
{
    const SourceTask *source = &context->source[s];
    Teacher teacher = {.network = source->network};
    *steps = (SourceSteps){.feature_dim = context->shape.feature_dim,
                           .action_count = context->shape.action_count,
                           .count = source->sample_count};
    if (strlen(source->member) >= STEPS_NAME)
        return error_set(err, STATUS_RANGE, "the name '%s' is too long", source->member);
    (void)snprintf(steps->member, STEPS_NAME, "%s", source->member);

    Status status = take(steps, err);
    if (status == STATUS_OK) status = workspace_init(&teacher.work, teacher.network, 1, err);
    if (status == STATUS_OK) {
        copy_steps(steps, source);
        status = measure_gap(steps, &teacher, err);
    }
    if (status == STATUS_OK) {
        uint64_t stream = STREAM_CHANCE | (uint64_t)s << 32;
        Chance chance = {rng_stream(context->key, RNG_METHOD, stream), steps->action_count};
        void *evaluator = context->evaluator;
        steps->teacher_return = context->evaluate(evaluator, s, act_as_teacher, &teacher);
        steps->random_return = context->evaluate(evaluator, s, act_by_chance, &chance);
    }
    workspace_release(&teacher.work);
    return status;
}

Status source_steps_build(const BuildContext *context, Error *err)
{
    Archive *archive;
    int sources = context->source_count;
    SourceSteps shape = {.feature_dim = context->shape.feature_dim,
                         .action_count = context->shape.action_count};
    Status status = archive_create(&archive, context->path, kind, STEPS_VERSION, err);
    if (status != STATUS_OK) return status;

    header_archive(&shape, &sources, archive);
    for (int s = 0; s < sources && !archive_has_failed(archive); s++) {
        SourceSteps steps;
        Error why = {.message = ""};
        status = steps_of(&steps, context, s, &why);
        if (status == STATUS_OK)
            steps_archive(&steps, archive);
        else
            archive_fail(archive, status, why.message);
        source_steps_release(&steps);
    }
    return archive_close(archive, err);
}
