#include "results/pack.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "results/record.h"
#include "suite/core/check.h"
#include "suite/core/file.h"
#include "suite/core/gzip.h"
#include "suite/core/hash.h"
#include "suite/core/mem.h"

static const char ending[] = ".runs", run_file[] = "run.json";
static const size_t text_limit = (size_t)256 << 20; // bytes, packed or not
enum { PACK_PATH = 512, END_LINE = 64, PARTS = 5 };

bool pack_is_name(const char *name)
{
    const char *slash = strrchr(name, '/'), *base = slash ? slash + 1 : name;
    size_t length = strlen(base), tail = sizeof ending - 1;
    return length > tail && base[0] != '.' && strcmp(base + length - tail, ending) == 0;
}

void pack_release(Pack *pack)
{
    mem_free(pack->name);
    mem_free(pack->text);
    mem_free(pack->file);
    *pack = (Pack){0};
}

// -- paths

// the family that a pack's name tells: its first letter and its length
static const char *family_of(const char *name, size_t *length)
{
    const char *slash = strrchr(name, '/'), *base = slash ? slash + 1 : name;
    *length = strlen(base) - (sizeof ending - 1);
    return base;
}

static bool is_record_file(const char *name)
{
    static const char *const files[] = {run_file, "evals.csv", "trace.csv"};
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
        if (strcmp(name, files[i]) == 0) return true;
    return false;
}

// <family>/<member>/<column>/seed-<n>/<file>, of names that can be a record's
static bool is_path(const char *path, const char *family, size_t length)
{
    const char *part = path;
    if (strncmp(path, family, length) != 0 || path[length] != '/') return false;
    for (int i = 0; i < PARTS - 1; i++) {
        size_t name = record_name_span(part);
        if (!name || part[name] != '/') return false;
        if (i == PARTS - 2 && strncmp(part, "seed-", 5) != 0) return false;
        part += name + 1;
    }
    return is_record_file(part);
}

static int by_path(const void *key, const void *file)
{
    return strcmp(key, ((const PackFile *)file)->path);
}

const PackFile *pack_find(const Pack *pack, const char *path)
{
    if (!pack->count) return NULL;
    return bsearch(path, pack->file, (size_t)pack->count, sizeof *pack->file, by_path);
}

size_t pack_run_length(const PackFile *file)
{
    size_t length = strlen(file->path), tail = sizeof run_file - 1;
    return strcmp(file->path + length - tail, run_file) == 0 ? length - tail - 1 : 0;
}

// -- reading

/** A text that is being read. */
typedef struct Reader {
    char *at, *end; // what is left of it, without the last line
    Pack *pack;
    Error *err;
} Reader;

static Status refuse(const Reader *reader, const char *what)
{
    return error_set(reader->err, STATUS_PARSE, "'%s' is not a whole pack of records: %s",
                     reader->pack->name, what);
}

// the next line, cut at its end; NULL if it does not end
static char *next_line(Reader *reader)
{
    char *line = reader->at;
    char *end = memchr(line, '\n', (size_t)(reader->end - line));
    if (!end || memchr(line, '\0', (size_t)(end - line))) return NULL;
    *end = '\0';
    reader->at = end + 1;
    return line;
}

// "end COUNT HASH" closes the text; @param[out] count what it says
static Status read_end(Reader *reader, const char *text, size_t size, int64_t *count)
{
    char line[END_LINE], hash[HASH_TEXT];
    if (!size || text[size - 1] != '\n') return refuse(reader, "its last line is cut");
    size_t begin = size - 1;
    while (begin && text[begin - 1] != '\n')
        begin--;
    size_t length = size - 1 - begin;
    if (length >= sizeof line || memcmp(text + begin, "end ", length < 4 ? length : 4) != 0)
        return refuse(reader, "its end is missing");
    memcpy(line, text + begin, length);
    line[length] = '\0';
    char *space = strrchr(line, ' ');
    hash_format(hash_bytes(text, begin, 0), hash);
    if (length < 4 || strcmp(space + 1, hash) != 0)
        return refuse(reader, "its checksum is another");
    *space = '\0';
    if (space <= line + 4 || !parse_int(line + 4, 0, PACK_FILES, count))
        return refuse(reader, "its number of files is none");
    reader->end = reader->at + begin;
    return STATUS_OK;
}

static Status read_version(Reader *reader)
{
    static const char first[] = "suite records ";
    const char *line = next_line(reader);
    int64_t version;
    if (!line || strncmp(line, first, sizeof first - 1) != 0 ||
        !parse_int(line + sizeof first - 1, 0, INT32_MAX, &version))
        return refuse(reader, "its first line is another");
    if (version == PACK_VERSION) return STATUS_OK;
    return error_set(reader->err, STATUS_PARSE,
                     "'%s' is a pack of version %d; this program reads version %d",
                     reader->pack->name, (int)version, PACK_VERSION);
}

static Status read_file(Reader *reader)
{
    Pack *pack = reader->pack;
    int64_t size;
    size_t length;
    const char *family = family_of(pack->name, &length);
    char *line = next_line(reader), *space = line ? strrchr(line, ' ') : NULL;
    if (!space) return refuse(reader, "a file in it has no path and size");
    *space = '\0';
    if (strlen(line) >= PACK_PATH || !is_path(line, family, length))
        return error_set(reader->err, STATUS_PARSE,
                         "'%s' has a file '%.100s', which is none "
                         "of a record of its family",
                         pack->name, line);
    if (pack->count && strcmp(pack->file[pack->count - 1].path, line) >= 0)
        return refuse(reader, "its files are not in order");
    if (!parse_int(space + 1, 0, reader->end - reader->at, &size))
        return refuse(reader, "a file in it is cut");
    pack->file[pack->count++] = (PackFile){line, reader->at, (size_t)size};
    reader->at += size;
    return STATUS_OK;
}

static Status read_files(Reader *reader, int64_t count)
{
    Pack *pack = reader->pack;
    pack->file = mem_array((size_t)count, sizeof *pack->file);
    Status status = pack->file ? STATUS_OK : error_nomem(reader->err);
    for (int64_t i = 0; status == STATUS_OK && i < count; i++)
        status = read_file(reader);
    if (status == STATUS_OK && reader->at != reader->end)
        status = refuse(reader, "there is more in it than it says");
    return status;
}

// @param pack with its text of `size` bytes and its name
static Status read_text(Pack *pack, size_t size, Error *err)
{
    Reader reader = {.at = pack->text, .end = pack->text + size, .pack = pack, .err = err};
    int64_t count = 0;
    Status status = read_end(&reader, pack->text, size, &count);
    if (status == STATUS_OK) status = read_version(&reader);
    // a file takes a line of more than 16 letters, so that no end can ask for much memory
    if (status == STATUS_OK && count > (reader.end - reader.at) / 16)
        status = refuse(&reader, "it has fewer files than it says");
    return status == STATUS_OK ? read_files(&reader, count) : status;
}

Status pack_parse(Pack *out, const char *text, size_t size, const char *name, Error *err)
{
    CHECK(pack_is_name(name));
    *out = (Pack){.name = mem_string(name), .text = mem_array(size + 1, 1)};
    if (!out->name || !out->text) return error_nomem(err);
    memcpy(out->text, text, size);
    return read_text(out, size, err);
}

Status pack_read(Pack *out, const char *path, Error *err)
{
    Text packed = TEXT_INIT;
    size_t size = 0;
    CHECK(pack_is_name(path));
    *out = (Pack){.name = mem_string(path)};
    Status status = out->name ? STATUS_OK : error_nomem(err);
    if (status == STATUS_OK)
        status = file_read(&packed.data, &packed.length, path, text_limit, err);
    if (status != STATUS_OK) return status;
    status = gzip_unpack(&out->text, &size, &packed, text_limit, path, err);
    mem_free(packed.data);
    return status == STATUS_OK ? read_text(out, size, err) : status;
}

// -- writing

Status pack_print(Text *text, const PackFile *file, int count, Error *err)
{
    char hash[HASH_TEXT];
    size_t begin = text->length;
    text_printf(text, "suite records %d\n", PACK_VERSION);
    for (int i = 0; i < count; i++) {
        CHECK(!i || strcmp(file[i - 1].path, file[i].path) < 0);
        text_printf(text, "%s %zu\n", file[i].path, file[i].size);
        text_bytes(text, file[i].data, file[i].size);
    }
    hash_format(hash_bytes(text->data + begin, text->length - begin, 0), hash);
    text_printf(text, "end %d %s\n", count, hash);
    return text_status(text, err);
}

// the limits are those of reading: what is written must be read again
static Status check_size(size_t size, const char *path, Error *err)
{
    if (size <= text_limit) return STATUS_OK;
    return error_set(err, STATUS_RANGE,
                     "'%s' would have more than %zu MiB, the most that is read", path,
                     text_limit >> 20);
}

// before memory is taken for its text, which is somewhat longer than its files are
static Status check_files(const PackFile *file, int count, const char *path, Error *err)
{
    size_t size = 0;
    if (count > PACK_FILES)
        return error_set(err, STATUS_RANGE,
                         "'%s' would have %d files, more than %d, the most that are read", path,
                         count, PACK_FILES);
    for (int i = 0; i < count && size <= text_limit; i++)
        size += file[i].size;
    return check_size(size, path, err);
}

Status pack_write(const PackFile *file, int count, const char *path, Error *err)
{
    Text text = TEXT_INIT, packed = TEXT_INIT;
    CHECK(pack_is_name(path));
    Status status = check_files(file, count, path, err);
    if (status == STATUS_OK) status = pack_print(&text, file, count, err);
    if (status == STATUS_OK) status = check_size(text.length, path, err);
    if (status == STATUS_OK) status = gzip_pack(&packed, text.data, text.length, err);
    if (status == STATUS_OK) status = check_size(packed.length, path, err);
    if (status == STATUS_OK) status = file_write(path, packed.data, packed.length, err);
    text_release(&text);
    text_release(&packed);
    return status;
}
