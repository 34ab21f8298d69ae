#include "suite/view/camera.h"

#include "suite/core/mem.h"
#include "suite/view/png.h"

enum { MOST_FILES = 10000, MOST_AT_ONCE = 30 }; // frames that one drawn frame may stand for

static Status take_room(Camera *c, mjrRect size, Error *err)
{
    size_t wanted = (size_t)size.width * (size_t)size.height * 3;
    if (wanted <= c->room) return STATUS_OK;
    mem_free(c->rgb);
    c->rgb = mem_array(wanted, 1);
    c->room = c->rgb ? wanted : 0;
    return c->rgb ? STATUS_OK : error_nomem(err);
}

// path = the first name that is free. @param tail such as ".png"; @param free what must not be
// there
static Status name_file(char path[PATH_LENGTH], const Camera *c, const Frame *frame,
                        const char *tail, const char *free, Error *err)
{
    const Seat *seat = &frame->seat[0];
    char taken[PATH_LENGTH];
    for (int i = 0; i < MOST_FILES; i++) {
        const char *method = *seat->method ? seat->method : "by_hand";
        Status status = path_format(taken, err, "%s/%s-%s-%s-%d-%03d%s", c->folder,
                                    seat->family, seat->member, method, seat->seed, i, free);
        if (status == STATUS_OK)
            status = path_format(path, err, "%s/%s-%s-%s-%d-%03d%s", c->folder, seat->family,
                                 seat->member, method, seat->seed, i, tail);
        if (status != STATUS_OK || !file_exists(taken)) return status;
    }
    return error_set(err, STATUS_RANGE, "'%s' holds %d pictures of this run already", c->folder,
                     MOST_FILES);
}

Status camera_picture(Camera *camera, const Drawing *drawing, const Frame *frame, Error *err)
{
    Status status = take_room(camera, frame->size, err);
    if (status == STATUS_OK)
        status = name_file(camera->picture, camera, frame, ".png", ".png", err);
    if (status != STATUS_OK) return status;
    drawing_read(drawing, frame->size, camera->rgb);
    return png_write(camera->picture, camera->rgb, frame->size.width, frame->size.height, err);
}

Status camera_begin(Camera *camera, const Frame *frame, Error *err)
{
    MovieShape shape = {frame->size.width, frame->size.height, CAMERA_FPS};
    Status status = name_file(camera->movie, camera, frame, ".mp4", ".mp4", err);
    if (status == STATUS_OK)
        status = recording_new(&camera->recording, camera->movie, shape, err);
    if (status == STATUS_MISSING) { // no ffmpeg: pictures need none
        status = name_file(camera->movie, camera, frame, "-%05d.png", "-00000.png", err);
        if (status == STATUS_OK)
            status = recording_new(&camera->recording, camera->movie, shape, err);
    }
    camera->shape = shape;
    camera->due_s = 0.0;
    return status;
}

void camera_stop(Camera *camera)
{
    recording_free(camera->recording);
    camera->recording = NULL;
}

Status camera_end(Camera *camera, Error *err)
{
    if (!camera->recording) return STATUS_OK;
    Status status = recording_end(camera->recording, err);
    camera_stop(camera);
    return status;
}

Status camera_film(Camera *camera, const Drawing *drawing, const Frame *frame, double real_s,
                   Error *err)
{
    if (!camera->recording) return STATUS_OK;
    if (frame->size.width != camera->shape.width || frame->size.height != camera->shape.height)
        return camera_end(camera, err);
    Status status = take_room(camera, frame->size, err);
    if (status == STATUS_OK) drawing_read(drawing, frame->size, camera->rgb);
    camera->due_s += real_s;
    for (int i = 0; status == STATUS_OK && camera->due_s > 0.0 && i < MOST_AT_ONCE; i++) {
        status = recording_add(camera->recording, camera->rgb, err);
        camera->due_s -= 1.0 / CAMERA_FPS;
    }
    return status;
}

void camera_release(Camera *camera)
{
    camera_stop(camera);
    mem_free(camera->rgb);
    *camera = (Camera){0};
}
