/** @file
 * Movies, encoded by an ffmpeg process where it is installed.
 *
 * Layer: view. The frames go through a pipe; the movie is written to a temporary name and
 * renamed when it is complete. The same frames give the same bytes.
 */
#ifndef SUITE_VIEW_MOVIE_H
#define SUITE_VIEW_MOVIE_H

#include <stdbool.h>

#include "suite/core/status.h"

typedef struct Movie Movie; // opaque

/** The format of frames. */
typedef struct MovieShape {
    int width, height; // pixels
    int fps;           // frames a second
} MovieShape;

/**
 * Begin a movie.
 *
 * @param[out] out  release with movie_free()
 * @param      path ends in ".mp4" (H.264; an odd last row or column is cut) or ".gif"
 * @errors STATUS_MISSING if ffmpeg is not installed, saying what to do; STATUS_USAGE for
 *         another ending; STATUS_IO, STATUS_RANGE, STATUS_NOMEM.
 */
MUST_CHECK Status movie_new(Movie **out, const char *path, MovieShape shape, Error *err);

/** Is @p path one of a movie, by its ending? */
bool movie_is(const char *path);

/** Add a frame: (height x width x 3) bytes, the lowest row first.
 *  @errors STATUS_WORKER with what ffmpeg said if it ended. */
MUST_CHECK Status movie_add(Movie *movie, const unsigned char *rgb, Error *err);

/** Complete the movie and put it in its place. @errors STATUS_WORKER, STATUS_IO. */
MUST_CHECK Status movie_end(Movie *movie, Error *err);

/** Release @p movie; one that was not completed leaves no file. NULL is allowed. */
void movie_free(Movie *movie);

#endif
