/** @file
 * Camera: pictures and movies of the viewer's window, into files with free names.
 *
 * Layer: view.
 */
#ifndef SUITE_VIEW_CAMERA_H
#define SUITE_VIEW_CAMERA_H

#include <stdbool.h>

#include "suite/core/file.h"
#include "suite/core/status.h"
#include "suite/view/drawing.h"
#include "suite/view/recording.h"

enum { CAMERA_FPS = 30 };

typedef struct Camera {
    const char *folder;        // that files go to; borrowed
    unsigned char *rgb;        // (room) owned
    size_t room;               // bytes
    Recording *recording;      // NULL: none is made
    MovieShape shape;          // of its frames
    double due_s;              // real seconds that are still to be filmed
    char picture[PATH_LENGTH]; // the last one's path
    char movie[PATH_LENGTH];   // likewise
} Camera;

/** Save what was drawn. Writes camera->picture. @errors those of png_write(); STATUS_RANGE. */
MUST_CHECK Status camera_picture(Camera *camera, const Drawing *drawing, const Frame *frame,
                                 Error *err);

/** Begin a movie of the window: MP4 where there is ffmpeg, else a sequence of pictures. Writes
 *  camera->movie. @errors those of recording_new(). */
MUST_CHECK Status camera_begin(Camera *camera, const Frame *frame, Error *err);

/** Film what was drawn for @p real_s seconds, if a movie is made. A movie ends when the frame
 *  changes its size. @errors those of recording_add() and recording_end(). */
MUST_CHECK Status camera_film(Camera *camera, const Drawing *drawing, const Frame *frame,
                              double real_s, Error *err);

/** Complete the movie. Nothing to do without one. @errors those of recording_end(). */
MUST_CHECK Status camera_end(Camera *camera, Error *err);

/** Give the movie up: what is not complete is not kept. */
void camera_stop(Camera *camera);

void camera_release(Camera *camera);

#endif
