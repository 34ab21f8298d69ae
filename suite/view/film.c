#include "suite/view/film.h"

#include "suite/core/mem.h"
#include "suite/run/interrupt.h"

static const double nearly = 1e-9; // of a step: 0.02 s times 50 is a second

typedef struct Camera {
    Film *film;
    mjrRect size;
    unsigned char *rgb; // owned
} Camera;

static Status load(Camera *camera, Film *film, Error *err)
{
    const MovieShape *shape = &film->shape;
    *camera = (Camera){.film = film, .size = {0, 0, shape->width, shape->height}};
    camera->rgb = mem_array((size_t)shape->width * 3, (size_t)shape->height);
    return camera->rgb ? STATUS_OK : error_nomem(err);
}

static Status expose(Camera *camera, Error *err)
{
    Film *film = camera->film;
    Frame frame = {film->seat, film->seats, &film->state, "", camera->size};
    if (interrupt_pending())
        return error_set(err, STATUS_INTERRUPTED, "the recording was stopped");
    drawing_frame(film->drawing, &frame);
    drawing_read(film->drawing, camera->size, camera->rgb);
    Status status = drawing_check(err);
    return status == STATUS_OK ? recording_add(film->recording, camera->rgb, err) : status;
}

static void begin_all(const Film *film, int episode)
{
    for (int i = 0; i < film->seats; i++)
        player_begin(film->seat[i].player, episode);
}

static bool all_over(const Film *film)
{
    for (int i = 0; i < film->seats; i++)
        if (!env_is_over(film->seat[i].player->env)) return false;
    return true;
}

static void play_to(const Film *film, double step)
{
    for (int i = 0; i < film->seats; i++) {
        Player *p = film->seat[i].player;
        while (!env_is_over(p->env) && env_elapsed(p->env) + 1 <= step + nearly)
            player_step(p, -1);
    }
}

static Status film_episode(Camera *camera, int episode, Error *err)
{
    const Film *film = camera->film;
    Status status = STATUS_OK;
    double per_frame =
        view_speed(&film->state) / (film->shape.fps * player_step_s(film->seat[0].player));
    begin_all(film, episode);
    for (int k = 0; status == STATUS_OK && !all_over(film); k++) {
        play_to(film, k * per_frame);
        status = expose(camera, err);
    }
    for (int k = 1; status == STATUS_OK && k < film->shape.fps / 2; k++)
        status = expose(camera, err);
    return status;
}

Status film_episodes(Film *film, Error *err)
{
    Camera camera;
    Status status = load(&camera, film, err);
    for (int e = 0; status == STATUS_OK && e < film->episodes; e++)
        status = film_episode(&camera, film->first + e, err);
    mem_free(camera.rgb);
    return status;
}

Status film_step(Film *film, int step, Error *err)
{
    Camera camera;
    Status status = load(&camera, film, err);
    begin_all(film, film->first);
    play_to(film, step);
    if (status == STATUS_OK) status = expose(&camera, err);
    mem_free(camera.rgb);
    return status;
}
