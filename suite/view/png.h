/** @file
 * Pictures as PNG files.
 *
 * Layer: view; the only file that includes libpng.
 */
#ifndef SUITE_VIEW_PNG_H
#define SUITE_VIEW_PNG_H

#include "suite/core/status.h"

/**
 * Write a picture, whole or not at all; the same pixels give the same bytes.
 *
 * @param rgb (height x width x 3) bytes, the lowest row first, as OpenGL gives them
 * @errors those of file_write(); STATUS_IO if libpng refuses; STATUS_NOMEM.
 */
MUST_CHECK Status png_write(const char *path, const unsigned char *rgb, int width, int height,
                            Error *err);

#endif
