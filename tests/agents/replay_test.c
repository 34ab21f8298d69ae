#include "agents/replay.h"

#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "suite/core/mem.h"
#include "tests/support/folder.h"

enum { CAPACITY = 8, DIM = 2, ACTIONS = 32, ROWS = 256, TAG = 13 };

static float obs[ROWS * DIM], next_obs[ROWS * DIM], reward[ROWS], discount[ROWS];
static int32_t action[ROWS];
static const void *tag[ROWS], *next_tag[ROWS];
static Batch batch = {ROWS, obs, next_obs, reward, discount, action, tag, next_tag};

static Replay *make_of(int n_step, TagShape tags)
{
    Replay *replay;
    ReplayShape shape = {CAPACITY, DIM, ACTIONS, n_step, 0.5, tags};
    cr_assert(eq(int, replay_new(&replay, shape, NULL), STATUS_OK));
    return replay;
}

static Replay *make_tagged(int n_step, size_t tag_size)
{
    return make_of(n_step, (TagShape){.size = tag_size, .obs = true});
}

static Replay *make(int n_step)
{
    return make_tagged(n_step, 0);
}

// every byte of step i's tag is another, and no two steps share one
static void tag_of(int i, unsigned char *bytes)
{
    for (int k = 0; k < TAG; k++)
        bytes[k] = (unsigned char)(1 + i * TAG + k);
}

// what step i led to, which is no tag that a step began with
static void next_tag_of(int i, unsigned char *bytes)
{
    for (int k = 0; k < TAG; k++)
        bytes[k] = (unsigned char)(254 - i * TAG - k);
}

TestSuite(replay, .init = test_folder_make, .fini = test_folder_remove);

typedef enum End { GOES_ON, TERMINATES, TRUNCATES } End;

// step i leads from (i, -i) to (i + 1, -i - 1) by action i, with reward 10^i
static void push(Replay *replay, int i, End end)
{
    static const double power[] = {1, 10, 100, 1000, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10};
    const float at[DIM] = {(float)i, (float)-i};
    const float to[DIM] = {(float)i + 1, (float)-i - 1};
    unsigned char bytes[TAG], next_bytes[TAG];
    tag_of(i, bytes);
    next_tag_of(i, next_bytes);
    replay_push(replay, &(Transition){.obs = at,
                                      .tag = bytes,
                                      .next_tag = next_bytes,
                                      .next_obs = to,
                                      .reward = power[i],
                                      .action = i,
                                      .terminated = end == TERMINATES,
                                      .truncated = end == TRUNCATES});
}

// the sampled row that began at step i, or -1
static int row_of(int i)
{
    for (int b = 0; b < ROWS; b++)
        if (action[b] == i) return b;
    return -1;
}

static void sample(const Replay *replay)
{
    RngStream rng = rng_stream(7, RNG_REPLAY, 0);
    replay_sample(replay, &rng, &batch);
    for (int b = 0; b < ROWS; b++)
        cr_assert(obs[b * DIM] == (float)action[b] && obs[b * DIM + 1] == -(float)action[b],
                  "row %d mixes two transitions", b);
}

static void sample_tags(const Replay *replay)
{
    memset(tag, 0, sizeof tag);
    sample(replay);
    for (int b = 0; b < ROWS; b++) {
        unsigned char bytes[TAG];
        tag_of(action[b], bytes);
        cr_assert(tag[b] && memcmp(tag[b], bytes, TAG) == 0, "the tag of step %d",
                  (int)action[b]);
        cr_assert(eq(sz, (uintptr_t)tag[b] % sizeof(double), 0));
    }
}

// a row's next tag is that of the step whose next state it has
static void sample_next_tags(const Replay *replay, bool alone)
{
    memset(next_tag, 0, sizeof next_tag);
    if (alone) {
        for (int b = 0; b < ROWS; b++)
            tag[b] = obs; // and so it stays
        sample(replay);
        for (int b = 0; b < ROWS; b++)
            cr_assert(tag[b] == obs);
    } else {
        sample_tags(replay);
    }
    for (int b = 0; b < ROWS; b++) {
        unsigned char bytes[TAG];
        next_tag_of((int)next_obs[b * DIM] - 1, bytes);
        cr_assert(next_tag[b] && memcmp(next_tag[b], bytes, TAG) == 0,
                  "the next tag of step %d", (int)action[b]);
        cr_assert(eq(sz, (uintptr_t)next_tag[b] % sizeof(double), 0));
    }
}

static void expect(int i, float r, float d, float next)
{
    int b = row_of(i);
    cr_assert(ge(int, b, 0), "step %d was never sampled", i);
    cr_assert(epsilon_eq(flt, reward[b], r, 1e-3f), "reward of step %d", i);
    cr_assert(eq(flt, discount[b], d), "discount of step %d", i);
    cr_assert(eq(flt, next_obs[b * DIM], next), "next of step %d", i);
}

Test(replay, holds_one_step_transitions_at_once)
{
    Replay *replay = make(1);
    push(replay, 0, GOES_ON);
    cr_assert(eq(int, replay_size(replay), 1));
    sample(replay);
    expect(0, 1.0f, 0.5f, 1.0f);
    replay_free(replay);
}

Test(replay, sums_discounted_rewards_over_n_steps)
{
    Replay *replay = make(3);
    push(replay, 0, GOES_ON);
    push(replay, 1, GOES_ON);
    cr_assert(eq(int, replay_size(replay), 0));
    push(replay, 2, GOES_ON);
    push(replay, 3, GOES_ON);
    cr_assert(eq(int, replay_size(replay), 2));
    sample(replay);
    expect(0, 1.0f + 5.0f + 25.0f, 0.125f, 3.0f);
    expect(1, 10.0f + 50.0f + 250.0f, 0.125f, 4.0f);
    replay_free(replay);
}

Test(replay, bootstraps_through_a_time_limit_from_the_true_last_observation)
{
    Replay *replay = make(3);
    push(replay, 0, GOES_ON);
    push(replay, 1, TRUNCATES);
    cr_assert(eq(int, replay_size(replay), 2));
    cr_assert(eq(int, replay_truncated(replay), 2));
    cr_assert(eq(int, replay_terminated(replay), 0));
    sample(replay);
    expect(0, 1.0f + 5.0f, 0.25f, 2.0f);
    expect(1, 10.0f, 0.5f, 2.0f);
    replay_free(replay);
}

Test(replay, does_not_bootstrap_where_the_task_ended)
{
    Replay *replay = make(3);
    push(replay, 0, GOES_ON);
    push(replay, 1, GOES_ON);
    push(replay, 2, TERMINATES);
    cr_assert(eq(int, replay_terminated(replay), 3));
    cr_assert(eq(int, replay_truncated(replay), 0));
    sample(replay);
    expect(0, 31.0f, 0.0f, 3.0f);
    expect(2, 100.0f, 0.0f, 3.0f);
    replay_free(replay);
}

Test(replay, does_not_join_two_episodes)
{
    Replay *replay = make(3);
    push(replay, 0, TRUNCATES);
    push(replay, 5, GOES_ON);
    push(replay, 6, GOES_ON);
    push(replay, 7, GOES_ON);
    sample(replay);
    expect(0, 1.0f, 0.5f, 1.0f);
    expect(5, 1e5f + 5e5f + 25e5f, 0.125f, 8.0f);
    replay_free(replay);
}

Test(replay, drops_what_is_pending_when_the_physics_failed)
{
    Replay *replay = make(3);
    push(replay, 0, GOES_ON);
    push(replay, 1, GOES_ON);
    replay_drop_pending(replay);
    for (int i = 4; i < 7; i++)
        push(replay, i, GOES_ON);
    cr_assert(eq(int, replay_size(replay), 1));
    sample(replay);
    expect(4, 1e4f + 5e4f + 25e4f, 0.125f, 7.0f);
    replay_free(replay);
}

Test(replay, forgets_the_oldest_once_full)
{
    Replay *replay = make(1);
    for (int i = 0; i <= CAPACITY + 1; i++)
        push(replay, i, GOES_ON);
    cr_assert(eq(int, replay_size(replay), CAPACITY));
    sample(replay);
    cr_assert(eq(int, row_of(0), -1));
    cr_assert(eq(int, row_of(1), -1));
    for (int i = 2; i <= CAPACITY + 1; i++)
        cr_assert(ge(int, row_of(i), 0), "step %d of the last %d", i, CAPACITY);
    replay_free(replay);
}

Test(replay, goes_on_after_an_archive_as_if_nothing_happened)
{
    Replay *whole = make(3), *part = make(3), *rest = make(3);
    const char *path = test_path("state");
    for (int i = 0; i < 10; i++)
        push(whole, i, GOES_ON);
    for (int i = 0; i < 6; i++)
        push(part, i, GOES_ON);

    Archive *archive;
    cr_assert(eq(int, archive_create(&archive, path, "test", 1, NULL), STATUS_OK));
    replay_archive(part, archive);
    cr_assert(eq(int, archive_close(archive, NULL), STATUS_OK));
    cr_assert(eq(int, archive_open(&archive, path, "test", 1, NULL), STATUS_OK));
    replay_archive(rest, archive);
    cr_assert(eq(int, archive_close(archive, NULL), STATUS_OK));
    for (int i = 6; i < 10; i++)
        push(rest, i, GOES_ON);

    float kept[ROWS];
    sample(whole);
    memcpy(kept, reward, sizeof kept);
    sample(rest);
    cr_assert(memcmp(kept, reward, sizeof kept) == 0);
    replay_free(whole);
    replay_free(part);
    replay_free(rest);
}

// -- tags

Test(replay, gives_every_transition_back_with_the_tag_of_its_first_state)
{
    for (int n_step = 1; n_step <= 4; n_step++) {
        Replay *replay = make_tagged(n_step, TAG);
        for (int i = 0; i < 6; i++)
            push(replay, i, i == 1 ? TRUNCATES : GOES_ON);
        cr_assert(eq(int, replay_size(replay), 7 - n_step), "n = %d", n_step);
        sample_tags(replay);
        push(replay, 6, TERMINATES); // all that is pending at once, each with its own
        sample_tags(replay);
        for (int i = 7; i < 11; i++) // over the oldest
            push(replay, i, i == 10 ? TRUNCATES : GOES_ON);
        cr_assert(eq(int, replay_size(replay), CAPACITY));
        sample_tags(replay);
        cr_assert(eq(int, row_of(2), -1));
        replay_free(replay);
    }
}

Test(replay, drops_the_tags_of_steps_that_it_drops)
{
    Replay *replay = make_tagged(3, TAG);
    push(replay, 0, GOES_ON);
    push(replay, 1, GOES_ON);
    replay_drop_pending(replay);
    for (int i = 4; i < 8; i++)
        push(replay, i, GOES_ON);
    sample_tags(replay);
    cr_assert(ge(int, row_of(4), 0));
    replay_free(replay);
}

static void expect_next_tags(bool alone)
{
    for (int n_step = 1; n_step <= 4; n_step++) {
        Replay *replay = make_of(n_step, (TagShape){TAG, !alone, true});
        for (int i = 0; i < 6; i++)
            push(replay, i, i == 1 ? TRUNCATES : GOES_ON);
        cr_assert(eq(int, replay_size(replay), 7 - n_step), "n = %d", n_step);
        sample_next_tags(replay, alone); // an episode's last steps all lead to its end
        push(replay, 6, TERMINATES);
        sample_next_tags(replay, alone);
        expect(6, 1e6f, 0.0f, 7.0f);
        for (int i = 7; i < 11; i++) // over the oldest
            push(replay, i, i == 10 ? TRUNCATES : GOES_ON);
        cr_assert(eq(int, replay_size(replay), CAPACITY));
        sample_next_tags(replay, alone);
        cr_assert(eq(int, row_of(2), -1));
        cr_assert(ge(int, row_of(3), 0));
        replay_free(replay);
    }
}

Test(replay, gives_every_transition_back_with_the_tag_of_its_next_state)
{
    expect_next_tags(false);
}

Test(replay, keeps_the_tags_of_next_states_alone_if_only_they_are_wanted)
{
    expect_next_tags(true);
}

Test(replay, leaves_the_batch_s_tags_alone_where_there_are_none)
{
    Replay *none = make(1), *first = make_tagged(1, TAG);
    push(none, 0, GOES_ON);
    push(first, 0, GOES_ON);
    for (int b = 0; b < ROWS; b++)
        tag[b] = next_tag[b] = obs;
    sample(none);
    for (int b = 0; b < ROWS; b++)
        cr_assert(tag[b] == obs && next_tag[b] == obs);
    sample(first); // tags, but not of next states
    for (int b = 0; b < ROWS; b++)
        cr_assert(tag[b] != obs && next_tag[b] == obs);
    replay_free(none);
    replay_free(first);
}

static Status restore(Replay *to, const char *path)
{
    Archive *archive;
    cr_assert(eq(int, archive_open(&archive, path, "test", 1, NULL), STATUS_OK));
    replay_archive(to, archive);
    return archive_close(archive, NULL);
}

Test(replay, archives_tags_those_of_pending_steps_too)
{
    Replay *part = make_tagged(3, TAG), *rest = make_tagged(3, TAG);
    Replay *wider = make_tagged(3, TAG + 1), *none = make(3);
    const char *path = test_path("state");
    for (int i = 0; i < 6; i++)
        push(part, i, GOES_ON);
    Archive *archive;
    cr_assert(eq(int, archive_create(&archive, path, "test", 1, NULL), STATUS_OK));
    replay_archive(part, archive);
    cr_assert(eq(int, archive_close(archive, NULL), STATUS_OK));

    cr_assert(eq(int, restore(rest, path), STATUS_OK));
    sample_tags(rest);
    push(rest, 6, TRUNCATES);
    cr_assert(eq(int, replay_size(rest), 7));
    sample_tags(rest);
    cr_assert(ne(int, restore(wider, path), STATUS_OK));
    cr_assert(ne(int, restore(none, path), STATUS_OK));
    replay_free(part);
    replay_free(rest);
    replay_free(wider);
    replay_free(none);
}

// the oldest step's action, as a row or while it waits for its return
Test(replay, refuses_an_action_that_none_can_have_taken)
{
    static const int oldest[] = {-1, ACTIONS, ACTIONS - 1};
    const float at[DIM] = {0.0f};
    const char *path = test_path("state");
    for (int i = 0; i < 6; i++) {
        Replay *part = make(3), *rest = make(3);
        for (int k = 0; k < (i < 3 ? 2 : 4); k++)
            replay_push(part, &(Transition){
                                  .obs = at, .next_obs = at, .action = k ? 1 : oldest[i % 3]});
        Archive *archive;
        cr_assert(eq(int, archive_create(&archive, path, "test", 1, NULL), STATUS_OK));
        replay_archive(part, archive);
        cr_assert(eq(int, archive_close(archive, NULL), STATUS_OK));
        Status expected = i % 3 == 2 ? STATUS_OK : STATUS_PARSE;
        cr_assert(eq(int, restore(rest, path), expected), "case %d", i);
        replay_free(part);
        replay_free(rest);
    }
}

Test(replay, archives_the_tags_of_next_states)
{
    Replay *part = make_of(3, (TagShape){TAG, true, true}),
           *rest = make_of(3, (TagShape){TAG, true, true});
    const char *path = test_path("state");
    for (int i = 0; i < 6; i++)
        push(part, i, GOES_ON);
    Archive *archive;
    cr_assert(eq(int, archive_create(&archive, path, "test", 1, NULL), STATUS_OK));
    replay_archive(part, archive);
    cr_assert(eq(int, archive_close(archive, NULL), STATUS_OK));

    cr_assert(eq(int, restore(rest, path), STATUS_OK));
    sample_next_tags(rest, false);
    push(rest, 6, TRUNCATES);
    sample_next_tags(rest, false);
    replay_free(part);
    replay_free(rest);
}

Test(replay_new, gives_nothing_when_memory_ends)
{
    ReplayShape shape = {CAPACITY, DIM, ACTIONS, 3, 0.5, {5, true, true}};
    Status status = STATUS_NOMEM;
    int fail = 0;
    for (; status != STATUS_OK; fail++) {
        Replay *replay = (Replay *)0x1;
        mem_fail_at(fail);
        status = replay_new(&replay, shape, NULL);
        mem_fail_at(-1);
        if (status == STATUS_OK)
            replay_free(replay);
        else
            cr_assert(status == STATUS_NOMEM && !replay, "failing request %d", fail);
    }
    cr_assert(lt(int, 3, fail));
}
