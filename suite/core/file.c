#include "suite/core/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "suite/core/mem.h"

static const char temporary_mark[] = ".tmp-";

static Status io_error(Error *err, const char *what, const char *path)
{
    Status status = errno == ENOENT ? STATUS_MISSING : STATUS_IO;
    return error_set(err, status, "cannot %s '%s': %s", what, path, strerror(errno));
}

Status path_format(char path[PATH_LENGTH], Error *err, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int n = vsnprintf(path, PATH_LENGTH, format, args);
    va_end(args);
    if (n >= 0 && n < PATH_LENGTH) return STATUS_OK;
    return error_set(err, STATUS_RANGE, "path '%.60s...' is longer than %d characters", path,
                     PATH_LENGTH - 1);
}

Status path_above(char out[PATH_LENGTH], const char *path, int levels, Error *err)
{
    char full[PATH_MAX];
    if (!realpath(path, full)) return io_error(err, "find", path);
    for (int i = 0; i < levels; i++) {
        char *slash = strrchr(full, '/');
        if (!slash || !slash[1]) // the root itself
            return error_set(err, STATUS_MISSING, "there is no folder %d above '%s'", levels,
                             path);
        slash[slash == full] = '\0';
    }
    return path_format(out, err, "%s", full);
}

// all of an open file, whose size is asked first
static Status read_open(FILE *file, char **data, size_t *size, const char *path, size_t limit,
                        Error *err)
{
    struct stat info;
    if (fstat(fileno(file), &info) != 0) return io_error(err, "read", path);
    if (S_ISDIR(info.st_mode))
        return error_set(err, STATUS_IO, "cannot read '%s': it is a folder", path);
    if ((size_t)info.st_size > limit)
        return error_set(err, STATUS_RANGE, "'%s' has %jd bytes, more than the %zu allowed",
                         path, (intmax_t)info.st_size, limit);

    char *bytes = mem_array((size_t)info.st_size + 1, 1);
    if (!bytes) return error_nomem(err);
    size_t n = fread(bytes, 1, (size_t)info.st_size, file);
    if (ferror(file)) {
        mem_free(bytes);
        return io_error(err, "read", path);
    }
    bytes[n] = '\0';
    *data = bytes;
    if (size) *size = n;
    return STATUS_OK;
}

Status file_read(char **data, size_t *size, const char *path, size_t limit, Error *err)
{
    *data = NULL;
    FILE *file = fopen(path, "rbe");
    if (!file) return io_error(err, "read", path);

    Status status = read_open(file, data, size, path, limit, err);
    (void)fclose(file);
    return status;
}

static bool write_all(int fd, const char *data, size_t size)
{
    while (size) {
        ssize_t n = write(fd, data, size);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return false;
        data += n;
        size -= (size_t)n;
    }
    return true;
}

// the rename itself reaches the disk only when its folder does
static void sync_folder_of(const char *path)
{
    char folder[PATH_LENGTH];
    (void)snprintf(folder, sizeof folder, "%s", path);
    char *slash = strrchr(folder, '/');
    if (slash) *slash = '\0';

    int fd = open(slash ? folder : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return;
    (void)fsync(fd);
    (void)close(fd);
}

Status file_write(const char *path, const void *data, size_t size, Error *err)
{
    char temporary[PATH_LENGTH];
    Status status =
        path_format(temporary, err, "%s%s%ld", path, temporary_mark, (long)getpid());
    if (status != STATUS_OK) return status;

    int fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0) return io_error(err, "write", path);
    bool written = write_all(fd, data, size) && fsync(fd) == 0;
    int why = errno;
    if (close(fd) != 0 && written) {
        written = false;
        why = errno;
    }
    if (written && rename(temporary, path) == 0) {
        sync_folder_of(path);
        return STATUS_OK;
    }

    errno = written ? errno : why;
    status = io_error(err, "write", path);
    (void)unlink(temporary);
    return status;
}

bool file_exists(const char *path)
{
    return access(path, F_OK) == 0;
}

Status file_remove(const char *path, Error *err)
{
    if (unlink(path) == 0 || errno == ENOENT) return STATUS_OK;
    return io_error(err, "remove", path);
}

Status file_set_aside(const char *path, Error *err)
{
    char aside[PATH_LENGTH];
    Status status = path_format(aside, err, "%s.damaged", path);
    if (status != STATUS_OK) return status;
    return rename(path, aside) == 0 ? STATUS_OK : io_error(err, "set aside", path);
}

Status folder_make(const char *path, Error *err)
{
    char part[PATH_LENGTH];
    Status status = path_format(part, err, "%s", path);
    if (status != STATUS_OK) return status;
    if (!*path) return error_set(err, STATUS_IO, "cannot make folder '': it has no name");

    for (char *p = part + 1;; p++) {
        if (*p != '/' && *p != '\0') continue;
        char end = *p;
        *p = '\0';
        if (mkdir(part, 0777) != 0 && errno != EEXIST)
            return io_error(err, "make folder", part);
        *p = end;
        if (!end) break;
    }
    struct stat info;
    if (stat(path, &info) == 0 && S_ISDIR(info.st_mode)) return STATUS_OK;
    return error_set(err, STATUS_IO, "cannot make folder '%s': a file is in its place", path);
}

static int remove_entry(const char *path, const struct stat *info, int type, struct FTW *walk)
{
    (void)info;
    (void)type;
    (void)walk;
    return remove(path) == 0 || errno == ENOENT ? 0
                                                : -1; // another process may have been faster
}

Status folder_remove(const char *path, Error *err)
{
    if (nftw(path, remove_entry, 16, FTW_DEPTH | FTW_PHYS) == 0 || errno == ENOENT)
        return STATUS_OK;
    return io_error(err, "remove", path);
}

Status folder_rename(const char *from, const char *to, Error *err)
{
    return rename(from, to) == 0 ? STATUS_OK : io_error(err, "rename to", to);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static Status list_add(FileList *list, int *capacity, const char *name, Error *err)
{
    if (list->count == *capacity) {
        int more = *capacity ? 2 * *capacity : 32;
        char **grown = mem_grow(list->name, (size_t)list->count, (size_t)more, sizeof *grown);
        if (!grown) return error_nomem(err);
        list->name = grown;
        *capacity = more;
    }
    list->name[list->count] = mem_string(name);
    if (!list->name[list->count]) return error_nomem(err);
    list->count++;
    return STATUS_OK;
}

Status folder_list(FileList *out, const char *path, Error *err)
{
    *out = (FileList){0};
    DIR *folder = opendir(path);
    if (!folder) return io_error(err, "list folder", path);

    Status status = STATUS_OK;
    int capacity = 0;
    for (struct dirent *entry; status == STATUS_OK && (entry = readdir(folder));)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            status = list_add(out, &capacity, entry->d_name, err);
    (void)closedir(folder);

    if (status != STATUS_OK) file_list_release(out);
    if (out->count) qsort(out->name, (size_t)out->count, sizeof *out->name, by_name);
    return status;
}

Status folder_tidy(const char *path, Error *err)
{
    FileList list;
    char entry[PATH_LENGTH];
    Status status = folder_list(&list, path, err);
    for (int i = 0; status == STATUS_OK && i < list.count; i++) {
        if (!strstr(list.name[i], temporary_mark)) continue;
        status = path_format(entry, err, "%s/%s", path, list.name[i]);
        if (status == STATUS_OK) status = file_remove(entry, err);
    }
    file_list_release(&list);
    return status;
}

void file_list_release(FileList *list)
{
    for (int i = 0; i < list->count; i++)
        mem_free(list->name[i]);
    mem_free(list->name);
    *list = (FileList){0};
}

Status file_lock(int *handle, const char *path, Error *err)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (fd < 0) return io_error(err, "lock", path);
    if (flock(fd, LOCK_EX | LOCK_NB) == 0) {
        *handle = fd;
        return STATUS_OK;
    }
    Status status = errno == EWOULDBLOCK
                        ? error_set(err, STATUS_MISMATCH, "another process holds '%s'", path)
                        : io_error(err, "lock", path);
    (void)close(fd);
    return status;
}

void file_unlock(int handle)
{
    (void)close(handle);
}

static double seconds(clockid_t clock)
{
    struct timespec now;
    (void)clock_gettime(clock, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

double clock_wall_s(void)
{
    return seconds(CLOCK_REALTIME);
}

double clock_cpu_s(void)
{
    return seconds(CLOCK_THREAD_CPUTIME_ID);
}
