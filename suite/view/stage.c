#include "suite/view/stage.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const double pause_s = 0.8;    // between two episodes
static const double longest_s = 0.25; // that a slow machine catches up at once

enum { SHARE = 16 }; // steps of training a frame at the lowest speed

// -- who plays

static void dismiss(Stage *stage)
{
    for (int i = 0; i < SEATS; i++) {
        player_release(&stage->player[i]);
        actor_free(stage->actor[i]);
        stage->actor[i] = NULL;
    }
    stage->seats = 0;
}

void stage_release(Stage *stage)
{
    dismiss(stage);
}

static Status engage(Stage *stage, const char *folder, Error *err)
{
    int i = stage->seats++; // also after a failure, so that it is released
    const StageSpec *spec = stage->spec;
    Status status = actor_new(&stage->actor[i], folder, &spec->source, err);
    if (status != STATUS_OK) return status;
    status =
        actor_play(stage->actor[i], &stage->player[i], spec->source.models, spec->seed, err);
    stage->seat[i] = actor_seat(stage->actor[i], &stage->player[i]);
    return status;
}

static Status engage_all(Stage *stage, const char *folder, Error *err)
{
    char rival[PATH_LENGTH];
    Status status = engage(stage, folder, err);
    if (status != STATUS_OK || !stage->spec->versus) return status;
    status = roster_column(rival, folder, stage->spec->versus, err);
    return status == STATUS_OK ? engage(stage, rival, err) : status;
}

static Status engage_alone(Stage *stage, const PlayerSpec *alone, Error *err)
{
    stage->seats = 1;
    stage->seat[0] = (Seat){.player = &stage->player[0],
                            .family = alone->family->name,
                            .member = alone->member->name,
                            .method = "",
                            .note = stage->note};
    return player_init(&stage->player[0], alone, err);
}

static Status engage_live(Stage *stage, Error *err)
{
    const Run *run = live_run(stage->spec->live);
    PlayerSpec spec = {.family = run->members->family,
                       .member = run->member,
                       .settings = run->settings.task,
                       .models = stage->spec->source.models,
                       .seed = stage->spec->seed};
    Status status = engage_alone(stage, &spec, err);
    stage->seat[0].method = run->method->name;
    stage->seat[0].seed = run->seed;
    return status;
}

Status stage_init(Stage *stage, const StageSpec *spec, Error *err)
{
    Status status;
    *stage = (Stage){.spec = spec};
    if (spec->folder)
        status = engage_all(stage, spec->folder, err);
    else if (spec->live)
        status = engage_live(stage, err);
    else
        status = engage_alone(stage, spec->alone, err);
    if (status == STATUS_OK) stage_begin(stage, 0);
    return status;
}

// seats point to players, which have moved into another stage
static void settle(Stage *stage)
{
    for (int i = 0; i < stage->seats; i++)
        stage->seat[i].player = &stage->player[i];
}

Status stage_next(Stage *stage, RosterAxis axis, Error *err)
{
    char folder[PATH_LENGTH];
    if (!stage->actor[0])
        return error_set(err, STATUS_USAGE, "no saved run is shown, so that it has no next");
    Status status = roster_next(folder, stage->actor[0]->folder, axis, err);
    if (status != STATUS_OK) return status;
    Stage other = {.spec = stage->spec};
    status = engage_all(&other, folder, err);
    if (status != STATUS_OK) {
        dismiss(&other);
        return status;
    }
    int episode = stage_episode(stage);
    dismiss(stage);
    *stage = other;
    settle(stage);
    stage_begin(stage, episode);
    return STATUS_OK;
}

const char *stage_folder(const Stage *stage)
{
    return stage->actor[0] ? stage->actor[0]->folder : "";
}

// -- play

void stage_begin(Stage *stage, int episode)
{
    for (int i = 0; i < stage->seats; i++)
        player_begin(&stage->player[i], episode);
    stage->due_s = stage->over_s = 0.0;
}

int stage_episode(const Stage *stage)
{
    return stage->player[0].episode;
}

bool stage_is_over(const Stage *stage)
{
    for (int i = 0; i < stage->seats; i++)
        if (!env_is_over(stage->player[i].env)) return false;
    return true;
}

// what the keys ask for
static int driven(const Player *p, const ViewState *state)
{
    return drive_action(env_action_control(p->env, 0), env_family(p->env)->action_count,
                        (int)env_model(p->env)->nu, state->motor, p->driven);
}

static void step_player(Player *p, bool by_hand, const ViewState *state, const Scene *push)
{
    if (env_is_over(p->env)) return;
    scene_push(push, env_data(p->env));
    player_step(p, by_hand ? driven(p, state) : -1);
}

void stage_step(Stage *stage, const ViewState *state, const Scene *push)
{
    // the user drives the first; of training that has not begun there is nobody yet
    for (int i = 0; i < stage->seats; i++) {
        Player *p = &stage->player[i];
        bool by_hand = (i == 0 && state->driving) || stage->spec->alone;
        if (by_hand || player_is_led(p)) step_player(p, by_hand, state, push);
    }
}

bool stage_play(Stage *stage, const ViewState *state, const Scene *push, double real_s)
{
    double step_s = player_step_s(&stage->player[0]);
    if (stage_is_over(stage)) {
        stage->over_s += real_s;
        if (stage->over_s < pause_s) return false;
        stage_begin(stage, stage_episode(stage) + 1);
        return true;
    }
    stage->due_s += fmin(real_s, longest_s) * view_speed(state);
    while (stage->due_s >= step_s && !stage_is_over(stage)) {
        stage_step(stage, state, push);
        stage->due_s -= step_s;
    }
    return stage_is_over(stage);
}

// how far the training is that is shown
static void note_training(Stage *stage, const Live *live, int steps)
{
    int trained, sources = live_sources(live, &trained);
    if (live_agent(live))
        (void)snprintf(stage->note, sizeof stage->note, "step %lld of %d%s",
                       (long long)live_step(live), live_run(live)->settings.run.steps,
                       live_is_made(live) ? ", saved"
                       : steps == 0       ? ", stopped"
                                          : "");
    else if (trained < sources)
        (void)snprintf(stage->note, sizeof stage->note, "of the sources first, %d of %d done",
                       trained, sources);
    else
        (void)snprintf(stage->note, sizeof stage->note, "what the sources know is gathered");
}

Status stage_train(Stage *stage, const ViewState *state, Error *err)
{
    Live *live = stage->spec->live;
    if (!live) return STATUS_OK;
    int steps = state->train_speed == 0 ? 0 : SHARE << (2 * (state->train_speed - 1));
    Status status = live_go_on(live, steps, err);
    player_give(&stage->player[0], status == STATUS_OK ? live_agent(live) : NULL);
    note_training(stage, live, steps);
    return status;
}
