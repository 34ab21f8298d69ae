#include "suite/core/gzip.h"

#define ZLIB_CONST // what it reads is const
#include <zlib.h>

#include "suite/core/check.h"
#include "suite/core/mem.h"

enum {
    WINDOW = 15 + 16,
    MEMORY = 9,
    FIRST = 1 << 16
}; // zlib's largest window, and gzip's ends
static const size_t pack_limit = (size_t)1 << 30;

static void *take(void *unused, unsigned count, unsigned size)
{
    (void)unused;
    return mem_array(count, size);
}

static void give(void *unused, void *memory)
{
    (void)unused;
    mem_free(memory);
}

Status gzip_pack(Text *out, const void *data, size_t size, Error *err)
{
    if (size > pack_limit)
        return error_set(err, STATUS_RANGE, "%zu bytes are too many for one file", size);
    z_stream z = {.zalloc = take, .zfree = give};
    if (deflateInit2(&z, Z_BEST_COMPRESSION, Z_DEFLATED, WINDOW, MEMORY, Z_DEFAULT_STRATEGY) !=
        Z_OK)
        return error_nomem(err);

    size_t room = deflateBound(&z, size);
    char *packed = mem_array(room, 1);
    if (packed) {
        z.next_in = data;
        z.avail_in = (unsigned)size;
        z.next_out = (Bytef *)packed;
        z.avail_out = (unsigned)room;
        CHECK(deflate(&z, Z_FINISH) == Z_STREAM_END); // the bound is one
        text_bytes(out, packed, room - z.avail_out);
    }
    (void)deflateEnd(&z);
    mem_free(packed);
    return packed ? text_status(out, err) : error_nomem(err);
}

/** What has been unpacked so far. */
typedef struct Unpacked {
    char *data;
    size_t size, room;
} Unpacked;

// room for more bytes; the last one is kept for the NUL
static Status grow(Unpacked *to, size_t limit, const char *name, Error *err)
{
    if (to->size + 1 < to->room) return STATUS_OK;
    if (to->size > limit)
        return error_set(err, STATUS_RANGE, "'%s' unpacks to more than %zu bytes", name, limit);
    size_t room = to->room ? 2 * to->room : FIRST;
    if (room > limit + 2) room = limit + 2; // one byte too many tells that there are more
    char *data = mem_grow(to->data, to->size, room, 1);
    if (!data) return error_nomem(err);
    to->data = data;
    to->room = room;
    return STATUS_OK;
}

static Status inflate_all(z_stream *z, Unpacked *to, size_t limit, const char *name, Error *err)
{
    int code = Z_OK;
    while (code == Z_OK) {
        Status status = grow(to, limit, name, err);
        if (status != STATUS_OK) return status;
        size_t room = to->room - to->size - 1;
        z->next_out = (Bytef *)to->data + to->size;
        z->avail_out = (unsigned)room;
        code = inflate(z, Z_NO_FLUSH);
        to->size += room - z->avail_out;
    }
    if (code == Z_MEM_ERROR) return error_nomem(err);
    if (code != Z_STREAM_END || z->avail_in)
        return error_set(err, STATUS_PARSE, "'%s' is not a whole gzip file", name);
    if (to->size > limit)
        return error_set(err, STATUS_RANGE, "'%s' unpacks to more than %zu bytes", name, limit);
    return STATUS_OK;
}

Status gzip_unpack(char **data, size_t *size, const Text *in, size_t limit, const char *name,
                   Error *err)
{
    *data = NULL;
    *size = 0;
    CHECK(limit <= pack_limit);
    if (in->length > pack_limit)
        return error_set(err, STATUS_RANGE, "'%s' is larger than %zu bytes", name, pack_limit);
    z_stream z = {.zalloc = take,
                  .zfree = give,
                  .next_in = (const Bytef *)in->data,
                  .avail_in = (unsigned)in->length};
    if (inflateInit2(&z, WINDOW) != Z_OK) return error_nomem(err);
    Unpacked to = {0};
    Status status = inflate_all(&z, &to, limit, name, err);
    (void)inflateEnd(&z);
    if (status == STATUS_OK) {
        to.data[to.size] = '\0';
        *data = to.data;
        *size = to.size;
    } else {
        mem_free(to.data);
    }
    return status;
}
