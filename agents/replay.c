#include "agents/replay.h"

#include <string.h>

#include "suite/core/check.h"
#include "suite/core/mem.h"

enum { N_STEP_MAX = 32 };
enum { ENDED_TERMINATED = 1, ENDED_TRUNCATED = 2 };

// a step that waits for its return
typedef struct Pending {
    double reward;
    int action;
} Pending;

struct Replay {
    ReplayShape shape;
    int size, next; // rows held, row to write

    float *obs, *next_obs;    // (N x D)
    float *reward, *discount; // (N)
    int32_t *action;          // (N)
    uint8_t *ended;           // (N) how the episode ended within the n steps, if it did

    Pending pending[N_STEP_MAX]; // oldest first
    float *pending_obs;          // (n x D), in the same order
    int pending_count;
};

Status replay_new(Replay **out, ReplayShape shape, Error *err)
{
    CHECK(shape.capacity > 0 && shape.feature_dim > 0);
    CHECK(shape.n_step > 0 && shape.n_step <= N_STEP_MAX);
    *out = NULL;
    Replay *r = mem_array(1, sizeof *r);
    if (!r) return error_nomem(err);

    size_t n = (size_t)shape.capacity, d = (size_t)shape.feature_dim;
    r->shape = shape;
    r->obs = mem_array(n, d * sizeof *r->obs);
    r->next_obs = mem_array(n, d * sizeof *r->next_obs);
    r->reward = mem_array(n, sizeof *r->reward);
    r->discount = mem_array(n, sizeof *r->discount);
    r->action = mem_array(n, sizeof *r->action);
    r->ended = mem_array(n, sizeof *r->ended);
    r->pending_obs = mem_array((size_t)shape.n_step, d * sizeof *r->pending_obs);
    if (!r->obs || !r->next_obs || !r->reward || !r->discount || !r->action || !r->ended ||
        !r->pending_obs) {
        replay_free(r);
        return error_nomem(err);
    }
    *out = r;
    return STATUS_OK;
}

void replay_free(Replay *replay)
{
    if (!replay) return;
    mem_free(replay->obs);
    mem_free(replay->next_obs);
    mem_free(replay->reward);
    mem_free(replay->discount);
    mem_free(replay->action);
    mem_free(replay->ended);
    mem_free(replay->pending_obs);
    mem_free(replay);
}

// write the oldest pending step, whose return is the discounted sum of all that are pending
static void settle_oldest(Replay *r, const Transition *last)
{
    size_t d = (size_t)r->shape.feature_dim, row = (size_t)r->next;
    double reward = 0.0, discount = 1.0;
    for (int i = 0; i < r->pending_count; i++) {
        reward += discount * r->pending[i].reward;
        discount *= r->shape.gamma;
    }

    memcpy(r->obs + row * d, r->pending_obs, d * sizeof *r->obs);
    memcpy(r->next_obs + row * d, last->next_obs, d * sizeof *r->next_obs);
    r->reward[row] = (float)reward;
    r->discount[row] = last->terminated ? 0.0f : (float)discount;
    r->action[row] = r->pending[0].action;
    r->ended[row] = (uint8_t)((last->terminated ? ENDED_TERMINATED : 0) |
                              (last->truncated ? ENDED_TRUNCATED : 0));
    r->next = (r->next + 1) % r->shape.capacity;
    if (r->size < r->shape.capacity) r->size++;

    r->pending_count--;
    memmove(r->pending, r->pending + 1, (size_t)r->pending_count * sizeof *r->pending);
    memmove(r->pending_obs, r->pending_obs + d, (size_t)r->pending_count * d * sizeof(float));
}

void replay_push(Replay *replay, const Transition *t)
{
    Replay *r = replay;
    size_t d = (size_t)r->shape.feature_dim;

    memcpy(r->pending_obs + (size_t)r->pending_count * d, t->obs, d * sizeof(float));
    r->pending[r->pending_count++] = (Pending){.reward = t->reward, .action = t->action};

    if (r->pending_count == r->shape.n_step) settle_oldest(r, t);
    if (!t->terminated && !t->truncated) return;
    while (r->pending_count)
        settle_oldest(r, t);
}

void replay_drop_pending(Replay *replay)
{
    replay->pending_count = 0;
}

int replay_size(const Replay *replay)
{
    return replay->size;
}

static int count_ended(const Replay *r, int how)
{
    int count = 0;
    for (int i = 0; i < r->size; i++)
        count += (r->ended[i] & how) != 0;
    return count;
}

int replay_terminated(const Replay *replay)
{
    return count_ended(replay, ENDED_TERMINATED);
}

int replay_truncated(const Replay *replay)
{
    return count_ended(replay, ENDED_TRUNCATED);
}

void replay_sample(const Replay *replay, RngStream *rng, Batch *batch)
{
    const Replay *r = replay;
    CHECK(r->size > 0);
    size_t d = (size_t)r->shape.feature_dim, width = d * sizeof(float);

    for (int b = 0; b < batch->size; b++) {
        size_t row = (size_t)rng_below(rng, r->size);
        memcpy(batch->obs + (size_t)b * d, r->obs + row * d, width);
        memcpy(batch->next_obs + (size_t)b * d, r->next_obs + row * d, width);
        batch->reward[b] = r->reward[row];
        batch->discount[b] = r->discount[row];
        batch->action[b] = r->action[row];
    }
}

void replay_archive(Replay *replay, Archive *archive)
{
    Replay *r = replay;
    size_t d = (size_t)r->shape.feature_dim;

    archive_int(archive, "replay.size", &r->size, 0, r->shape.capacity);
    archive_int(archive, "replay.next", &r->next, 0, r->shape.capacity - 1);
    archive_int(archive, "replay.pending", &r->pending_count, 0, r->shape.n_step - 1);
    if (archive_has_failed(archive)) return;

    size_t n = (size_t)r->size;
    archive_bytes(archive, "replay.obs", r->obs, n * d * sizeof *r->obs);
    archive_bytes(archive, "replay.next_obs", r->next_obs, n * d * sizeof *r->next_obs);
    archive_bytes(archive, "replay.reward", r->reward, n * sizeof *r->reward);
    archive_bytes(archive, "replay.discount", r->discount, n * sizeof *r->discount);
    archive_bytes(archive, "replay.action", r->action, n * sizeof *r->action);
    archive_bytes(archive, "replay.ended", r->ended, n * sizeof *r->ended);
    archive_bytes(archive, "replay.steps", r->pending, sizeof r->pending);
    archive_bytes(archive, "replay.steps_obs", r->pending_obs,
                  (size_t)r->shape.n_step * d * sizeof(float));
}
