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

// all of a transition in one place, so that a draw costs one or two cache lines
typedef struct Row {
    float reward, discount;
    int32_t action;
    uint8_t ended; // how the episode ended within the n steps, if it did
    float obs[];   // (2 x D): before the action, and n steps later; the tags stand behind
} Row;

enum { AHEAD = 8 };     // draws whose memory is asked for before it is read
enum { ROUNDING = 32 }; // bytes that a row's size is rounded up to

struct Replay {
    ReplayShape shape;
    int size, next; // rows held, row to write

    size_t tag_size, next_tag_size; // bytes, 0: that tag is not kept
    size_t tag_at, next_tag_at;     // bytes from a row to its tags
    size_t stride;                  // bytes from row to row
    char *rows;                     // (N)

    Pending pending[N_STEP_MAX]; // oldest first
    float *pending_obs;          // (n x D), in the same order
    char *pending_tag;           // (n x tag_size)
    int pending_count;
};

static Row *row_at(const Replay *r, size_t i)
{
    return (Row *)(void *)(r->rows + i * r->stride);
}

static size_t round_up(size_t size, size_t unit)
{
    return (size + unit - 1) / unit * unit;
}

Status replay_new(Replay **out, ReplayShape shape, Error *err)
{
    CHECK(shape.capacity > 0 && shape.feature_dim > 0 && shape.action_count > 0);
    CHECK(shape.tag.size == 0 || shape.tag.obs || shape.tag.next);
    CHECK(shape.n_step > 0 && shape.n_step <= N_STEP_MAX);
    *out = NULL;
    Replay *r = mem_array(1, sizeof *r);
    if (!r) return error_nomem(err);

    size_t n = (size_t)shape.capacity, d = (size_t)shape.feature_dim;
    r->shape = shape;
    r->tag_size = shape.tag.obs ? shape.tag.size : 0;
    r->next_tag_size = shape.tag.next ? shape.tag.size : 0;
    r->tag_at = round_up(sizeof(Row) + 2 * d * sizeof(float), sizeof(double));
    r->next_tag_at = r->tag_at + round_up(r->tag_size, sizeof(double));
    r->stride = round_up(r->next_tag_at + r->next_tag_size, ROUNDING);
    r->rows = mem_array(n, r->stride);
    r->pending_obs = mem_array((size_t)shape.n_step, d * sizeof *r->pending_obs);
    r->pending_tag = mem_array((size_t)shape.n_step, r->tag_size);
    if (!r->rows || !r->pending_obs || !r->pending_tag) {
        replay_free(r);
        return error_nomem(err);
    }
    *out = r;
    return STATUS_OK;
}

void replay_free(Replay *replay)
{
    if (!replay) return;
    mem_free(replay->rows);
    mem_free(replay->pending_obs);
    mem_free(replay->pending_tag);
    mem_free(replay);
}

// the oldest pending step, once it is written, makes room
static void forget_oldest(Replay *r)
{
    size_t d = (size_t)r->shape.feature_dim, tag = r->tag_size;
    size_t left = (size_t)--r->pending_count;
    memmove(r->pending, r->pending + 1, left * sizeof *r->pending);
    memmove(r->pending_obs, r->pending_obs + d, left * d * sizeof(float));
    memmove(r->pending_tag, r->pending_tag + tag, left * tag);
}

// write the oldest pending step, whose return is the discounted sum of all that are pending
static void settle_oldest(Replay *r, const Transition *last)
{
    size_t d = (size_t)r->shape.feature_dim;
    Row *row = row_at(r, (size_t)r->next);
    double reward = 0.0, discount = 1.0;
    for (int i = 0; i < r->pending_count; i++) {
        reward += discount * r->pending[i].reward;
        discount *= r->shape.gamma;
    }

    memcpy(row->obs, r->pending_obs, d * sizeof *row->obs);
    memcpy(row->obs + d, last->next_obs, d * sizeof *row->obs);
    if (r->tag_size) memcpy((char *)row + r->tag_at, r->pending_tag, r->tag_size);
    if (r->next_tag_size)
        memcpy((char *)row + r->next_tag_at, last->next_tag, r->next_tag_size);
    row->reward = (float)reward;
    row->discount = last->terminated ? 0.0f : (float)discount;
    row->action = r->pending[0].action;
    row->ended = (uint8_t)((last->terminated ? ENDED_TERMINATED : 0) |
                           (last->truncated ? ENDED_TRUNCATED : 0));
    r->next = (r->next + 1) % r->shape.capacity;
    if (r->size < r->shape.capacity) r->size++;
    forget_oldest(r);
}

void replay_push(Replay *replay, const Transition *t)
{
    Replay *r = replay;
    size_t d = (size_t)r->shape.feature_dim, tag = r->tag_size;

    CHECK((tag == 0 || t->tag) && (r->next_tag_size == 0 || t->next_tag));
    memcpy(r->pending_obs + (size_t)r->pending_count * d, t->obs, d * sizeof(float));
    if (tag) memcpy(r->pending_tag + (size_t)r->pending_count * tag, t->tag, tag);
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
        count += (row_at(r, (size_t)i)->ended & how) != 0;
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

// draw a row and ask for its memory
static const Row *draw(const Replay *r, RngStream *rng)
{
    const Row *row = row_at(r, (size_t)rng_below(rng, r->size));
    mem_prefetch(row, r->stride);
    return row;
}

void replay_prefetch(const Replay *replay, RngStream rng, int rows)
{
    for (int i = 0; i < rows; i++)
        (void)draw(replay, &rng);
}

// memcpy() of so few bytes costs more in the call than in the copy
static void copy_floats(float *to, const float *from, size_t n)
{
    enum { QUAD = 4 };
    for (; n >= QUAD; n -= QUAD, to += QUAD, from += QUAD)
        memcpy(to, from, QUAD * sizeof *to);
    for (; n; n--)
        *to++ = *from++;
}

void replay_sample(const Replay *replay, RngStream *rng, Batch *batch)
{
    const Replay *r = replay;
    CHECK(r->size > 0);
    size_t d = (size_t)r->shape.feature_dim;
    const Row *drawn[AHEAD];
    for (int b = 0; b < AHEAD && b < batch->size; b++)
        drawn[b] = draw(r, rng);

    for (int b = 0; b < batch->size; b++) {
        const Row *row = drawn[b % AHEAD];
        if (b + AHEAD < batch->size) drawn[b % AHEAD] = draw(r, rng);
        copy_floats(batch->obs + (size_t)b * d, row->obs, d);
        copy_floats(batch->next_obs + (size_t)b * d, row->obs + d, d);
        batch->reward[b] = row->reward;
        batch->discount[b] = row->discount;
        batch->action[b] = row->action;
        if (r->tag_size) batch->tag[b] = (const char *)row + r->tag_at;
        if (r->next_tag_size) batch->next_tag[b] = (const char *)row + r->next_tag_at;
    }
}

// an action that the network has no value of would be looked up behind its values
static bool has_possible_actions(const Replay *r)
{
    for (int i = 0; i < r->size; i++) {
        int action = row_at(r, (size_t)i)->action;
        if (action < 0 || action >= r->shape.action_count) return false;
    }
    for (int i = 0; i < r->pending_count; i++)
        if (r->pending[i].action < 0 || r->pending[i].action >= r->shape.action_count)
            return false;
    return true;
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
    archive_bytes(archive, "replay.rows", r->rows, n * r->stride);
    archive_bytes(archive, "replay.steps", r->pending, sizeof r->pending);
    archive_bytes(archive, "replay.steps_obs", r->pending_obs,
                  (size_t)r->shape.n_step * d * sizeof(float));
    if (r->tag_size)
        archive_bytes(archive, "replay.steps_tag", r->pending_tag,
                      (size_t)r->shape.n_step * r->tag_size);
    if (archive_has_failed(archive) || !archive_is_reading(archive)) return;
    if (!has_possible_actions(r))
        archive_fail(archive, STATUS_PARSE, "holds an action that cannot be");
}
