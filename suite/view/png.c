#include "suite/view/png.h"

#include <png.h>

#include "suite/core/file.h"
#include "suite/core/mem.h"

enum { BYTES = 3 }; // a pixel

static Status encode(png_image *image, void *out, png_alloc_size_t *size,
                     const unsigned char *rgb, Error *err)
{
    // a negative stride: the lowest row comes first
    int stride = -(int)image->width * BYTES;
    if (png_image_write_to_memory(image, out, size, 0, rgb, stride, NULL)) return STATUS_OK;
    return error_set(err, STATUS_IO, "cannot make a PNG file: %s", image->message);
}

Status png_write(const char *path, const unsigned char *rgb, int width, int height, Error *err)
{
    png_image image = {.version = PNG_IMAGE_VERSION,
                       .width = (png_uint_32)width,
                       .height = (png_uint_32)height,
                       .format = PNG_FORMAT_RGB};
    png_alloc_size_t size = 0;
    void *bytes = NULL;
    Status status = encode(&image, NULL, &size, rgb, err);
    if (status == STATUS_OK) {
        bytes = mem_array(size, 1);
        if (!bytes) status = error_nomem(err);
    }
    if (status == STATUS_OK) status = encode(&image, bytes, &size, rgb, err);
    if (status == STATUS_OK) status = file_write(path, bytes, size, err);
    png_image_free(&image);
    mem_free(bytes);
    return status;
}
