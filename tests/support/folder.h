/** @file
 * A folder of its own for a test that writes files.
 *
 * A test suite makes one in its .init and removes it in its .fini; Criterion runs every test in
 * a process of its own, so tests never share one.
 */
#ifndef TESTS_SUPPORT_FOLDER_H
#define TESTS_SUPPORT_FOLDER_H

#include <stddef.h>

/** Make the folder, below TMPDIR or /tmp. */
void test_folder_make(void);

/** Remove it with all in it. */
void test_folder_remove(void);

/** The folder's path; good until test_folder_remove(). */
const char *test_folder(void);

/** The path of @p name in it; good until the fourth next call. */
const char *test_path(const char *name);

/** How many names the folder holds. */
int test_folder_count(void);

/** Put @p size bytes into a file by stdio alone, so that file_write() is not needed to test
 *  the readers. */
void test_put_file(const char *path, const void *data, size_t size);

#endif
