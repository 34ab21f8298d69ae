#include "results/npz.h"

#include <string.h>

#include "results/binary.h"
#include "suite/core/check.h"
#include "suite/core/file.h"

// -- the zip archive

enum {
    ZIP_LOCAL = 0x04034b50, // what stands before the parts
    ZIP_CENTRAL = 0x02014b50,
    ZIP_END = 0x06054b50,
    ZIP_VERSION = 20,      // stored files need no later one
    ZIP_DATE = 1 << 5 | 1, // month 1, day 1 of year 1980 + 0
    ZIP_MOST = UINT16_MAX - 1,
};

// what a file's own header and the directory both say of it
static void put_facts(Text *text, const char *name, const Text *npy)
{
    binary_int(text, ZIP_VERSION, 2);
    binary_int(text, 0, 2); // flags
    binary_int(text, 0, 2); // stored
    binary_int(text, 0, 2); // midnight
    binary_int(text, ZIP_DATE, 2);
    binary_int(text, binary_crc32(npy->data, npy->length), 4);
    binary_int(text, npy->length, 4); // as it is stored, and as it is
    binary_int(text, npy->length, 4);
    binary_int(text, strlen(name) + strlen(".npy"), 2);
    binary_int(text, 0, 2); // extra
}

// takes over `npy`
static void add_entry(Npz *npz, const char *name, Text *npy)
{
    size_t offset = npz->entries.length;
    binary_int(&npz->entries, ZIP_LOCAL, 4);
    put_facts(&npz->entries, name, npy);
    text_printf(&npz->entries, "%s.npy", name);
    text_bytes(&npz->entries, npy->data, npy->length);

    binary_int(&npz->directory, ZIP_CENTRAL, 4);
    binary_int(&npz->directory, ZIP_VERSION, 2); // the writer's
    put_facts(&npz->directory, name, npy);
    binary_int(&npz->directory, 0, 2); // comment
    binary_int(&npz->directory, 0, 2); // disk
    binary_int(&npz->directory, 0, 2); // attributes, of two kinds
    binary_int(&npz->directory, 0, 4);
    binary_int(&npz->directory, offset, 4);
    text_printf(&npz->directory, "%s.npy", name);

    npz->entries.failed |= npy->failed;
    npz->count++;
    text_release(npy);
}

static void put_end(Text *text, const Npz *npz)
{
    binary_int(text, ZIP_END, 4);
    binary_int(text, 0, 2); // disk, and the directory's
    binary_int(text, 0, 2);
    binary_int(text, (uint64_t)npz->count, 2); // on this disk, and in all
    binary_int(text, (uint64_t)npz->count, 2);
    binary_int(text, npz->directory.length, 4);
    binary_int(text, npz->entries.length, 4);
    binary_int(text, 0, 2); // comment
}

Status npz_write(const Npz *npz, const char *path, Error *err)
{
    Text whole = TEXT_INIT;
    text_bytes(&whole, npz->entries.data, npz->entries.length);
    text_bytes(&whole, npz->directory.data, npz->directory.length);
    put_end(&whole, npz);
    whole.failed |= npz->entries.failed || npz->directory.failed;

    Status status = text_status(&whole, err);
    if (status == STATUS_OK && (whole.length >= UINT32_MAX || npz->count > ZIP_MOST))
        status =
            error_set(err, STATUS_RANGE, "'%s' would hold %d arrays in %zu bytes: too many",
                      path, npz->count, whole.length);
    if (status == STATUS_OK) status = file_write(path, whole.data, whole.length, err);
    text_release(&whole);
    return status;
}

void npz_release(Npz *npz)
{
    text_release(&npz->entries);
    text_release(&npz->directory);
    *npz = NPZ_INIT;
}

// -- the arrays in it

enum { NPY_ALIGN = 64, NPY_PREFIX = 10 }; // bytes before the description

// a description in the words of Python, filled up so that the numbers behind it are aligned
static void put_header(Text *npy, const char *type, NpzShape shape)
{
    CHECK(shape.dims > 0 && shape.dims <= NPZ_DIMS);
    Text words = TEXT_INIT;
    text_printf(&words, "{'descr': '%s', 'fortran_order': False, 'shape': (", type);
    for (int i = 0; i < shape.dims; i++)
        text_printf(&words, i ? ", %d" : "%d", shape.size[i]);
    text_printf(&words, shape.dims == 1 ? ",), }" : "), }");
    size_t used = (NPY_PREFIX + words.length + 1) % NPY_ALIGN;
    text_printf(&words, "%*s\n", used ? (int)(NPY_ALIGN - used) : 0, "");

    text_bytes(npy, "\x93NUMPY\1\0", 8);
    binary_int(npy, words.length, 2);
    text_bytes(npy, words.data, words.length);
    npy->failed |= words.failed;
    text_release(&words);
}

void npz_doubles(Npz *npz, const char *name, const double *value, NpzShape shape)
{
    Text npy = TEXT_INIT;
    size_t count = 1;
    put_header(&npy, "<f8", shape);
    for (int i = 0; i < shape.dims; i++)
        count *= (size_t)shape.size[i];
    for (size_t i = 0; i < count; i++)
        binary_double(&npy, value[i]);
    add_entry(npz, name, &npy);
}

void npz_ints(Npz *npz, const char *name, const int64_t *value, int count)
{
    Text npy = TEXT_INIT;
    put_header(&npy, "<i8", (NpzShape){1, {count}});
    for (int i = 0; i < count; i++)
        binary_int(&npy, (uint64_t)value[i], 8);
    add_entry(npz, name, &npy);
}

void npz_texts(Npz *npz, const char *name, const char *const *text, int count)
{
    int widest = 1; // '<U0' is not a width that numpy writes
    for (int i = 0; i < count; i++)
        if ((int)strlen(text[i]) > widest) widest = (int)strlen(text[i]);

    Text npy = TEXT_INIT, type = TEXT_INIT;
    text_printf(&type, "<U%d", widest);
    put_header(&npy, type.data, (NpzShape){1, {count}});
    for (int i = 0; i < count; i++) {
        int length = (int)strlen(text[i]);
        for (int c = 0; c < widest; c++) // in UTF-32, where ASCII is as it is
            binary_int(&npy, c < length ? (unsigned char)text[i][c] : 0, 4);
    }
    npy.failed |= type.failed;
    text_release(&type);
    add_entry(npz, name, &npy);
}
