/** @file
 * Recording: frames into a picture, a sequence of pictures or a movie, by the file's name.
 *
 * Layer: view.
 *
 *     walk.png          one picture: of several frames the last
 *     walk-%04d.png     a picture a frame, numbered from 0
 *     walk.mp4, .gif    a movie (suite/view/movie.h)
 */
#ifndef SUITE_VIEW_RECORDING_H
#define SUITE_VIEW_RECORDING_H

#include "suite/core/status.h"
#include "suite/view/movie.h"

typedef enum RecordingKind {
    RECORDING_PICTURE,
    RECORDING_SEQUENCE,
    RECORDING_MOVIE
} RecordingKind;

/** What a name asks for. @errors STATUS_USAGE for one that is none of these. */
MUST_CHECK Status recording_kind(RecordingKind *out, const char *path, Error *err);

typedef struct Recording Recording; // opaque

/** @param[out] out release with recording_free()
 *  @errors those of recording_kind() and movie_new(). */
MUST_CHECK Status recording_new(Recording **out, const char *path, MovieShape shape,
                                Error *err);

/** Add a frame as movie_add() does. @errors those of png_write() and movie_add(). */
MUST_CHECK Status recording_add(Recording *recording, const unsigned char *rgb, Error *err);

/** Complete it. @errors those of movie_end(). */
MUST_CHECK Status recording_end(Recording *recording, Error *err);

/** Frames added so far. */
int recording_frames(const Recording *recording);

/** NULL is allowed. */
void recording_free(Recording *recording);

#endif
