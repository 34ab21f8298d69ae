#include "suite/view/movie.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include "suite/core/file.h"
#include "suite/core/mem.h"

enum { CLOSED = -1, MESSAGE = 300, WORD = 64, MOST_WORDS = 48 };

struct Movie {
    char path[PATH_LENGTH], temporary[PATH_LENGTH];
    MovieShape shape;
    pid_t encoder; // 0: none is running
    int frames;    // pipe to it
    int answers;   // pipe from it
};

static bool ends_in(const char *path, const char *ending)
{
    size_t length = strlen(path), tail = strlen(ending);
    return length > tail && strcmp(path + length - tail, ending) == 0;
}

bool movie_is(const char *path)
{
    return ends_in(path, ".mp4") || ends_in(path, ".gif");
}

// -- the encoder

// frames come lowest row first; a palette of a GIF is made of all its frames
static const char mp4_filter[] = "vflip,crop=trunc(iw/2)*2:trunc(ih/2)*2",
                  gif_filter[] = "vflip,split[a][b];[a]palettegen=stats_mode=diff[p];"
                                 "[b][p]paletteuse=dither=bayer:bayer_scale=4";

typedef struct Words {
    const char *word[MOST_WORDS];
    int count;
    char size[WORD], fps[WORD];
} Words;

static void add(Words *words, const char *const *word)
{
    while (*word)
        words->word[words->count++] = *word++;
}

// one thread and no dates, so that the same frames give the same bytes
static void choose_words(Words *w, const Movie *m)
{
    bool gif = ends_in(m->path, ".gif");
    (void)snprintf(w->size, sizeof w->size, "%dx%d", m->shape.width, m->shape.height);
    (void)snprintf(w->fps, sizeof w->fps, "%d", m->shape.fps);
    w->count = 0;
    add(w, (const char *const[]){"ffmpeg",
                                 "-nostdin",
                                 "-loglevel",
                                 "error",
                                 "-y",
                                 "-f",
                                 "rawvideo",
                                 "-pixel_format",
                                 "rgb24",
                                 "-video_size",
                                 w->size,
                                 "-framerate",
                                 w->fps,
                                 "-i",
                                 "pipe:0",
                                 "-threads",
                                 "1",
                                 "-filter_threads",
                                 "1",
                                 "-fflags",
                                 "+bitexact",
                                 "-flags:v",
                                 "+bitexact",
                                 "-vf",
                                 gif ? gif_filter : mp4_filter,
                                 NULL});
    if (gif)
        add(w, (const char *const[]){"-f", "gif", NULL});
    else
        add(w, (const char *const[]){"-c:v", "libx264", "-preset", "veryfast", "-crf", "20",
                                     "-pix_fmt", "yuv420p", "-movflags", "+faststart", "-f",
                                     "mp4", NULL});
    add(w, (const char *const[]){m->temporary, NULL});
    w->word[w->count] = NULL;
}

// @return 0 or what was wrong
static int spawn(Movie *m, int frames, int answers)
{
    Words words;
    posix_spawn_file_actions_t actions;
    choose_words(&words, m);
    int wrong = posix_spawn_file_actions_init(&actions);
    if (wrong) return wrong;
    wrong = posix_spawn_file_actions_adddup2(&actions, frames, STDIN_FILENO);
    if (!wrong)
        wrong =
            posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    if (!wrong) wrong = posix_spawn_file_actions_adddup2(&actions, answers, STDERR_FILENO);
    // it takes the words as writable and leaves them as they are
    char *const *argv = (char *const *)(const void *)words.word;
    if (!wrong) wrong = posix_spawnp(&m->encoder, argv[0], &actions, NULL, argv, environ);
    if (wrong) m->encoder = 0;
    (void)posix_spawn_file_actions_destroy(&actions);
    return wrong;
}

static Status start(Movie *m, Error *err)
{
    int frames[2], answers[2];
    if (pipe2(frames, O_CLOEXEC) != 0)
        return error_set(err, STATUS_IO, "cannot make a pipe: %s", strerror(errno));
    m->frames = frames[1];
    if (pipe2(answers, O_CLOEXEC) != 0) {
        (void)close(frames[0]);
        return error_set(err, STATUS_IO, "cannot make a pipe: %s", strerror(errno));
    }
    m->answers = answers[0];
    int wrong = spawn(m, frames[0], answers[1]);
    (void)close(frames[0]);
    (void)close(answers[1]);
    if (wrong == ENOENT)
        return error_set(err, STATUS_MISSING,
                         "'%s' needs ffmpeg, which is not installed: `apt-get install ffmpeg`, "
                         "or record pictures as 'frame-%%04d.png'",
                         m->path);
    if (wrong) return error_set(err, STATUS_IO, "cannot start ffmpeg: %s", strerror(wrong));
    return STATUS_OK;
}

static void close_pipe(int *pipe)
{
    if (*pipe != CLOSED) (void)close(*pipe);
    *pipe = CLOSED;
}

// what it says is short and fits into the pipe, so that it is read when it has ended
static void listen(Movie *m, char message[MESSAGE])
{
    size_t kept = 0;
    ssize_t count;
    do {
        count = read(m->answers, message + kept, MESSAGE - 1 - kept);
        if (count > 0) kept += (size_t)count;
    } while (count > 0 && kept < MESSAGE - 1);
    while (kept > 0 && message[kept - 1] == '\n')
        kept--;
    message[kept] = '\0';
    for (char *p = message; *p; p++)
        if (*p == '\n') *p = ' ';
}

// let it end; @return whether all was well
static bool wait_for(Movie *m, char message[MESSAGE])
{
    int exit = 0;
    message[0] = '\0';
    close_pipe(&m->frames);
    if (m->encoder == 0) return true;
    while (waitpid(m->encoder, &exit, 0) < 0)
        if (errno != EINTR) break;
    m->encoder = 0;
    listen(m, message);
    return WIFEXITED(exit) && WEXITSTATUS(exit) == 0;
}

// -- what it wrote: it ends well on a full disk too, and the file then ends somewhere

enum { BOX_HEADER = 8, BOX_WIDE = 16, GIF_TRAILER = 0x3B };

static uint64_t big_endian(const unsigned char *byte, int count)
{
    uint64_t value = 0;
    for (int i = 0; i < count; i++)
        value = value << 8 | byte[i];
    return value;
}

// boxes fill an MP4 file, each with its length first, and `moov` says where the frames are
static bool is_whole_mp4(FILE *file, uint64_t size)
{
    unsigned char head[BOX_WIDE];
    bool indexed = false;
    uint64_t at = 0;
    while (at + BOX_HEADER <= size) {
        if (fseek(file, (long)at, SEEK_SET) != 0) return false;
        size_t got = fread(head, 1, sizeof head, file);
        if (got < BOX_HEADER) return false;
        uint64_t length = big_endian(head, 4);
        if (length == 1 && got == BOX_WIDE) length = big_endian(head + BOX_HEADER, 8);
        if (length < BOX_HEADER || length > size - at) return false;
        indexed = indexed || memcmp(head + 4, "moov", 4) == 0;
        at += length;
    }
    return indexed && at == size;
}

static bool is_whole_gif(FILE *file)
{
    return fseek(file, -1, SEEK_END) == 0 && fgetc(file) == GIF_TRAILER;
}

static bool is_whole(const Movie *m)
{
    struct stat info;
    FILE *file = fopen(m->temporary, "rbe");
    if (!file) return false;
    bool whole = fstat(fileno(file), &info) == 0 &&
                 (ends_in(m->path, ".gif") ? is_whole_gif(file)
                                           : is_whole_mp4(file, (uint64_t)info.st_size));
    (void)fclose(file);
    return whole;
}

// -- a movie

Status movie_new(Movie **out, const char *path, MovieShape shape, Error *err)
{
    *out = NULL;
    if (!movie_is(path))
        return error_set(err, STATUS_USAGE, "'%s' ends neither in .mp4 nor in .gif", path);
    Movie *m = mem_array(1, sizeof *m);
    if (!m) return error_nomem(err);
    m->shape = shape;
    m->frames = m->answers = CLOSED;
    Status status = path_format(m->path, err, "%s", path);
    if (status == STATUS_OK)
        status = path_format(m->temporary, err, "%s.tmp-%ld", path, (long)getpid());
    if (status == STATUS_OK) status = start(m, err);
    if (status != STATUS_OK) {
        movie_free(m);
        return status;
    }
    *out = m;
    return STATUS_OK;
}

static Status say_failed(Movie *m, Error *err)
{
    char message[MESSAGE];
    (void)wait_for(m, message);
    return error_set(err, STATUS_WORKER, "ffmpeg failed on '%s': %s", m->path,
                     *message ? message : "it said nothing");
}

Status movie_add(Movie *movie, const unsigned char *rgb, Error *err)
{
    size_t left = (size_t)movie->shape.width * (size_t)movie->shape.height * 3;
    while (left > 0) {
        ssize_t written = write(movie->frames, rgb, left);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return say_failed(movie, err);
        rgb += written;
        left -= (size_t)written;
    }
    return STATUS_OK;
}

Status movie_end(Movie *movie, Error *err)
{
    char message[MESSAGE];
    if (!wait_for(movie, message))
        return error_set(err, STATUS_WORKER, "ffmpeg failed on '%s': %s", movie->path,
                         *message ? message : "it said nothing");
    if (!is_whole(movie))
        return error_set(err, STATUS_IO, "'%s' cannot be written to its end: is the disk full?",
                         movie->path);
    if (rename(movie->temporary, movie->path) != 0)
        return error_set(err, STATUS_IO, "cannot write '%s': %s", movie->path, strerror(errno));
    movie->temporary[0] = '\0';
    return STATUS_OK;
}

void movie_free(Movie *movie)
{
    char message[MESSAGE];
    if (!movie) return;
    (void)wait_for(movie, message);
    close_pipe(&movie->answers);
    if (movie->temporary[0]) (void)unlink(movie->temporary);
    mem_free(movie);
}
