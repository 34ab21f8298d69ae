/** @file
 * `suite record RUN --out FILE`: film a saved policy without a display.
 *
 * Layer: cli.
 */
#include <stdio.h>
#include <string.h>

#include "suite/cli/commands.h"
#include "suite/cli/options.h"
#include "suite/run/program.h"
#include "suite/view/actor.h"
#include "suite/view/film.h"
#include "suite/view/offscreen.h"
#include "suite/view/roster.h"

enum { SMALLEST = 64, LARGEST = 4096, MOST_FPS = 120, MOST_EPISODES = 1000, LAST = 1000000 };

typedef struct RecordArgs {
    const char *out, *size, *fps, *speed, *episodes, *episode, *step, *seed, *versus, *policy,
        *models;
    TextList family;
    bool plain;
} RecordArgs;

// what was asked for, read
typedef struct Shot {
    RecordingKind kind;
    MovieShape shape;
    EvalPolicy policy;
    int speed;             // ViewState's
    int episodes, episode; // how many, and the first
    int step;              // of a single picture; -1: a fifth of the time limit
    int seed;              // of the start states
    const char *out;
    bool plain;
} Shot;

// -- the words

static Status read_numbers(Shot *shot, const RecordArgs *args, Error *err)
{
    static const char *const speeds[] = {"1/8", "1/4", "1/2", "1", "2", "4", "8"};
    int speed = SPEED_MOST;
    int size[] = {960, 540};
    Status status = option_size("size", args->size, SMALLEST, LARGEST, size, err);
    shot->shape = (MovieShape){size[0], size[1], 30};
    if (status == STATUS_OK)
        status = option_int("fps", args->fps, 1, MOST_FPS, &shot->shape.fps, err);
    if (status == STATUS_OK)
        status = option_choice("speed", args->speed, speeds, 2 * SPEED_MOST + 1, &speed, err);
    shot->speed = speed - SPEED_MOST;
    if (status == STATUS_OK)
        status = option_int("episodes", args->episodes, 1, MOST_EPISODES, &shot->episodes, err);
    if (status == STATUS_OK)
        status = option_int("episode", args->episode, 0, LAST, &shot->episode, err);
    if (status == STATUS_OK) status = option_int("step", args->step, 0, LAST, &shot->step, err);
    if (status == STATUS_OK) status = option_int("seed", args->seed, 0, LAST, &shot->seed, err);
    return status;
}

static Status read_shot(Shot *shot, const RecordArgs *args, const TextList *words, Error *err)
{
    *shot = (Shot){.episodes = 1, .step = -1};
    shot->out = args->out;
    shot->plain = args->plain;
    if (words->count != 1 || !args->out)
        return error_set(err, STATUS_USAGE,
                         "name one run folder and a file: suite record RUN --out walk.mp4");
    Status status = recording_kind(&shot->kind, args->out, err);
    if (status == STATUS_OK) status = option_policy(args->policy, &shot->policy, err);
    if (status == STATUS_OK) status = read_numbers(shot, args, err);
    if (status == STATUS_OK && args->step && shot->kind != RECORDING_PICTURE)
        status = error_set(err, STATUS_USAGE, "--step is of a single picture, not of '%s'",
                           args->out);
    return status;
}

// -- who plays

typedef struct Cast {
    Actor *actor[SEATS];
    Player player[SEATS];
    int count;
} Cast;

static void cast_release(Cast *cast)
{
    for (int i = 0; i < SEATS; i++) {
        player_release(&cast->player[i]);
        actor_free(cast->actor[i]);
    }
}

static Status cast_add(Cast *cast, const char *folder, const ActorSource *source, int seed,
                       Error *err)
{
    int i = cast->count++;
    Status status = actor_new(&cast->actor[i], folder, source, err);
    if (status != STATUS_OK) return status;
    return actor_play(cast->actor[i], &cast->player[i], source->models, seed, err);
}

static Status cast_init(Cast *cast, const char *folder, const RecordArgs *args,
                        const Shot *shot, Error *err)
{
    FamilyFiles files;
    char rival[PATH_LENGTH];
    Status status = family_files_read(&files, args->family.text, args->family.count, err);
    ActorSource source = {program_models(args->models), &files, shot->policy};
    if (status == STATUS_OK) status = cast_add(cast, folder, &source, shot->seed, err);
    if (status == STATUS_OK && args->versus) {
        status = roster_column(rival, folder, args->versus, err);
        if (status == STATUS_OK) status = cast_add(cast, rival, &source, shot->seed, err);
    }
    family_files_release(&files);
    return status;
}

// -- filming

static void tell(const Film *film, const Shot *shot, const Offscreen *offscreen)
{
    (void)printf("%s: %d frame%s of %dx%d, drawn by %s\n", shot->out,
                 recording_frames(film->recording),
                 recording_frames(film->recording) == 1 ? "" : "s", film->shape.width,
                 film->shape.height, offscreen_name(offscreen));
    for (int i = 0; i < film->seats; i++) {
        const Player *p = film->seat[i].player;
        const char *end = player_end(p);
        (void)printf("%s, episode %d: return %.6g after %d steps%s%s\n", film->seat[i].method,
                     p->episode, p->episode_return, env_elapsed(p->env), *end ? ", " : "", end);
    }
}

static Status shoot(Film *film, const Shot *shot, Error *err)
{
    int limit = env_family(film->seat[0].player->env)->time_limit;
    Status status = shot->kind == RECORDING_PICTURE
                        ? film_step(film, shot->step < 0 ? limit / 5 : shot->step, err)
                        : film_episodes(film, err);
    return status == STATUS_OK ? recording_end(film->recording, err) : status;
}

static Status film_cast(Cast *cast, const Shot *shot, Error *err)
{
    const MovieShape *shape = &shot->shape;
    Offscreen *offscreen = NULL;
    Film film = {.seats = cast->count,
                 .state = view_state(),
                 .shape = *shape,
                 .first = shot->episode,
                 .episodes = shot->episodes};
    film.state.speed = shot->speed;
    film.state.hud = film.state.panels = !shot->plain;
    for (int i = 0; i < cast->count; i++)
        film.seat[i] = actor_seat(cast->actor[i], &cast->player[i]);
    player_begin(&cast->player[0], shot->episode); // the camera is where the model's own is

    Status status = recording_new(&film.recording, shot->out, *shape, err);
    if (status == STATUS_OK)
        status = offscreen_new(&offscreen, shape->width, shape->height, err);
    if (status == STATUS_OK)
        status = drawing_new(&film.drawing, cast->player[0].env, shape->width, shape->height,
                             false, err);
    if (status == STATUS_OK) status = shoot(&film, shot, err);
    if (status == STATUS_OK) tell(&film, shot, offscreen);
    recording_free(film.recording);
    drawing_free(film.drawing);
    offscreen_free(offscreen);
    return status;
}

static Status record(const RecordArgs *args, const TextList *words, Error *err)
{
    Shot shot;
    Cast cast = {0};
    Status status = read_shot(&shot, args, words, err);
    if (status == STATUS_OK) status = cast_init(&cast, words->text[0], args, &shot, err);
    if (status == STATUS_OK) status = film_cast(&cast, &shot, err);
    cast_release(&cast);
    return status;
}

int cmd_record(int argc, const char **argv)
{
    RecordArgs args = {0};
    const Option option[] = {
        {"out", OPTION_TEXT, &args.out, "FILE",
         "walk.png, a picture; walk-%04d.png, one a frame; walk.mp4 or walk.gif, by ffmpeg"},
        {"size", OPTION_TEXT, &args.size, "WxH", "pixels (960x540)"},
        {"fps", OPTION_TEXT, &args.fps, "N", "frames a second (30)"},
        {"speed", OPTION_TEXT, &args.speed, "N", "1/8 to 8 times real time (1)"},
        {"episodes", OPTION_TEXT, &args.episodes, "N", "episodes to film (1)"},
        {"episode", OPTION_TEXT, &args.episode, "E",
         "the first, as `suite eval` plays them (0)"},
        {"step", OPTION_TEXT, &args.step, "T",
         "of a single picture: after how many steps (a fifth of the time limit)"},
        {"seed", OPTION_TEXT, &args.seed, "S", "of the start states (0)"},
        {"versus", OPTION_TEXT, &args.versus, "METHOD",
         "beside it, from the same starts, another method's run on the same member and seed"},
        {"plain", OPTION_FLAG, &args.plain, NULL, "no panels and no text"},
        {"policy", OPTION_TEXT, &args.policy, "NAME",
         "deployed, what the method acts by (the default), or network, its network alone"},
        {"models", OPTION_TEXT, &args.models, "DIR",
         "models folder (SUITE_MODELS, or our own)"},
        {"family", OPTION_LIST, &args.family, "FILE", "members of your own, to check against"},
    };
    CommandLine line = {
        argc,
        argv,
        "RUN --out FILE [options]",
        "Film what the run in the folder RUN deployed; needs no display. The same "
        "command gives the\nsame pixels on one machine.",
        option,
        sizeof option / sizeof option[0]};
    TextList words = {0};
    Options *options;
    Error err = {0};
    bool helped;

    Status status = options_parse(&options, &line, &words, &helped, &err);
    if (status == STATUS_OK && !helped) status = record(&args, &words, &err);
    options_free(options);
    return status == STATUS_OK ? EXIT_DONE : fail(&err);
}
