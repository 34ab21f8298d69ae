#include "suite/view/recording.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "suite/core/file.h"
#include "suite/core/mem.h"
#include "suite/view/png.h"

enum { WIDEST = 9 }; // digits of a frame's number

// a name around a number, such as "walk-%04d.png"
typedef struct Numbered {
    char before[PATH_LENGTH];
    const char *after; // in the path that was read
    int digits;
} Numbered;

struct Recording {
    char path[PATH_LENGTH];
    RecordingKind kind;
    MovieShape shape;
    Movie *movie;
    int frames;
};

// the number's place must be %d or %0Nd, and the only one
static bool read_numbered(Numbered *out, const char *path)
{
    const char *at = strchr(path, '%');
    if (!at || strlen(path) >= PATH_LENGTH) return false;
    memcpy(out->before, path, (size_t)(at - path));
    out->before[at - path] = '\0';
    out->digits = 1;
    at++;
    if (*at == '0' && isdigit((unsigned char)at[1]) && at[1] != '0') {
        out->digits = at[1] - '0';
        at += 2;
    }
    out->after = at + 1;
    return *at == 'd' && out->digits <= WIDEST && !strchr(out->after, '%');
}

static bool is_png(const char *path)
{
    size_t length = strlen(path);
    return length > 4 && strcmp(path + length - 4, ".png") == 0;
}

Status recording_kind(RecordingKind *out, const char *path, Error *err)
{
    Numbered numbered;
    *out = RECORDING_MOVIE;
    if (movie_is(path)) return STATUS_OK;
    if (!is_png(path))
        return error_set(err, STATUS_USAGE,
                         "'%s' is no picture or movie: it must end in .png, .mp4 or .gif",
                         path);
    *out = RECORDING_PICTURE;
    if (!strchr(path, '%')) return STATUS_OK;
    *out = RECORDING_SEQUENCE;
    if (read_numbered(&numbered, path)) return STATUS_OK;
    return error_set(
        err, STATUS_USAGE,
        "'%s' says the place of the frame's number wrongly: it is %%d or %%04d, once", path);
}

Status recording_new(Recording **out, const char *path, MovieShape shape, Error *err)
{
    *out = NULL;
    Recording *r = mem_array(1, sizeof *r);
    if (!r) return error_nomem(err);
    r->shape = shape;
    Status status = path_format(r->path, err, "%s", path);
    if (status == STATUS_OK) status = recording_kind(&r->kind, path, err);
    if (status == STATUS_OK && r->kind == RECORDING_MOVIE)
        status = movie_new(&r->movie, path, shape, err);
    if (status != STATUS_OK) {
        recording_free(r);
        return status;
    }
    *out = r;
    return STATUS_OK;
}

static Status write_picture(const Recording *r, const unsigned char *rgb, Error *err)
{
    Numbered at;
    char path[PATH_LENGTH];
    if (!read_numbered(&at, r->path))
        return png_write(r->path, rgb, r->shape.width, r->shape.height, err);
    Status status =
        path_format(path, err, "%s%0*d%s", at.before, at.digits, r->frames, at.after);
    if (status != STATUS_OK) return status;
    return png_write(path, rgb, r->shape.width, r->shape.height, err);
}

Status recording_add(Recording *recording, const unsigned char *rgb, Error *err)
{
    Status status = recording->movie ? movie_add(recording->movie, rgb, err)
                                     : write_picture(recording, rgb, err);
    recording->frames += status == STATUS_OK;
    return status;
}

Status recording_end(Recording *recording, Error *err)
{
    return recording->movie ? movie_end(recording->movie, err) : STATUS_OK;
}

int recording_frames(const Recording *recording)
{
    return recording->frames;
}

void recording_free(Recording *recording)
{
    if (!recording) return;
    movie_free(recording->movie);
    mem_free(recording);
}
