#include "dqinit/codebook.h"

#include <math.h>
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "suite/core/file.h"
#include "suite/core/mem.h"
#include "suite/core/rng.h"
#include "tests/support/folder.h"

enum { DIMS = 3, ACTIONS = 19, CELLS = 37, LINE = (1 + DIMS) * (1 + ACTIONS) };

static const float mean[] = {10.0f, -1.0f, 0.5f}, scale[] = {4.0f, 0.5f, 1.5f};
static const float period[] = {0.0f, 0.0f, 6.0f}; // 4 in z

static const CodebookShape shape = {.dims = DIMS,
                                    .actions = ACTIONS,
                                    .cells = CELLS,
                                    .slopes = true,
                                    .mean = mean,
                                    .scale = scale,
                                    .period = period};

static Codebook book;
static double line[CELLS][LINE]; // what the cells were given
static float centre[CELLS][DIMS];

static double *slope(int cell, int k)
{
    return line[cell] + (1 + k) * (1 + ACTIONS);
}

static void add(int cell, float weight, const float *x, float *values)
{
    codebook_add(&book, &(Neighbour){0.0f, cell}, &weight, 1, x, values);
}

// levels about 1000 with advantages about 10, so that a number in the wrong place shows
static void draw_cell(RngStream *rng, int i)
{
    for (int k = 0; k < DIMS; k++)
        centre[i][k] = (float)rng_uniform(rng, -1.9, 1.9);
    for (int j = 0; j < LINE; j++)
        line[i][j] = rng_uniform(rng, -10.0, 10.0) * (1.0 + i);
    line[i][0] += 1000.0;
    for (int k = 0; k < DIMS; k++)
        slope(i, k)[0] *= 30.0;
}

static void make(Codebook *b, CodebookShape of)
{
    RngStream rng = rng_stream(4, RNG_METHOD, 0);
    NearestIndex centres;
    float periods[DIMS];
    cr_assert(eq(int, codebook_init(b, &of, NULL), STATUS_OK));
    codebook_period(b, periods);
    cr_assert(eq(int, nearest_init(&centres, DIMS, CELLS, periods, NULL), STATUS_OK));
    for (int i = 0; i < CELLS; i++) {
        draw_cell(&rng, i);
        nearest_set(&centres, i, centre[i]);
    }
    codebook_set_centres(b, &centres);
    for (int i = 0; i < CELLS; i++)
        codebook_set_cell(b, i, 1 + i, line[i]);
    b->reach = 0.75f;
    cr_assert(eq(int, codebook_decode(b, NULL), STATUS_OK));
    nearest_release(&centres);
}

static void setup(void)
{
    test_folder_make();
    make(&book, shape);
}

static void teardown(void)
{
    codebook_release(&book);
    test_folder_remove();
}

TestSuite(codebook, .init = setup, .fini = teardown);

static void point_at(const float *z, float *coords)
{
    for (int k = 0; k < DIMS; k++)
        coords[k] = mean[k] + scale[k] * z[k];
}

// -- look-up

Test(codebook, gives_first_order_values_within_the_rounding_it_states)
{
    RngStream rng = rng_stream(5, RNG_METHOD, 0);
    for (int i = 0; i < CELLS; i++) {
        float at[DIMS], z[DIMS], x[DIMS], q[ACTIONS] = {0};
        double d[DIMS], most[4] = {0}; // A, g, G
        codebook_centre(&book, i, at);
        for (int k = 0; k < DIMS; k++) {
            d[k] = rng_uniform(&rng, -0.5, 0.5);
            z[k] = at[k] + (float)d[k];
            most[1] = fmax(most[1], fabs(slope(i, k)[0]));
            for (int a = 1; a <= ACTIONS; a++) {
                most[0] = fmax(most[0], fabs(line[i][a]));
                most[2] = fmax(most[2], fabs(slope(i, k)[a]));
            }
        }
        double bound = most[0] / 254.0 + 0.01; // the last bits of a few thousand
        for (int k = 0; k < DIMS; k++)
            bound += fabs(d[k]) * (most[1] / 65534.0 + most[2] / 254.0);
        point_at(z, x);
        add(i, 1.0f, x, q);
        for (int a = 0; a < ACTIONS; a++) {
            double expected = line[i][0] + line[i][1 + a];
            for (int k = 0; k < DIMS; k++)
                expected += d[k] * (slope(i, k)[0] + slope(i, k)[1 + a]);
            cr_assert(le(dbl, fabs((double)q[a] - expected), bound), "cell %d, action %d", i,
                      a);
        }
    }
}

Test(codebook, stores_centres_to_a_part_in_65535_of_their_range)
{
    for (int k = 0; k < DIMS; k++) {
        float lo = INFINITY, hi = -INFINITY;
        for (int i = 0; i < CELLS; i++) {
            lo = fminf(lo, centre[i][k]);
            hi = fmaxf(hi, centre[i][k]);
        }
        for (int i = 0; i < CELLS; i++) {
            float z[DIMS];
            codebook_centre(&book, i, z);
            cr_assert(le(flt, fabsf(z[k] - centre[i][k]), 0.51f * (hi - lo) / 65535.0f));
        }
    }
}

Test(codebook, finds_cells_by_standardised_coordinates)
{
    for (int i = 0; i < CELLS; i++) {
        float z[DIMS], x[DIMS];
        Neighbour near[2];
        codebook_centre(&book, i, z);
        z[0] += 0.01f;
        z[2] += i % 2 ? 8.0f : -4.0f; // whole turns
        point_at(z, x);
        cr_assert(eq(int, codebook_nearest(&book, x, 2, 0, near), 2));
        cr_assert(eq(int, near[0].cell, i));
        cr_assert(epsilon_eq(flt, near[0].distance2, 1e-4f, 1e-6f));
        cr_assert(le(flt, near[0].distance2, near[1].distance2));
    }
    float x[] = {NAN, 0.0f, 0.0f};
    Neighbour near[2];
    cr_assert(eq(int, codebook_nearest(&book, x, 2, 0, near), 0));
}

Test(codebook, adds_its_values_to_what_is_there)
{
    const float x[] = {9.0f, -1.2f, 1.0f};
    float alone[ACTIONS] = {0}, added[ACTIONS + 1];
    add(2, 1.0f, x, alone);
    for (int a = 0; a <= ACTIONS; a++)
        added[a] = (float)a;
    add(2, 0.25f, x, added);
    for (int a = 0; a < ACTIONS; a++)
        cr_assert(eq(flt, added[a], (float)a + 0.25f * alone[a]), "action %d", a);
    cr_assert(eq(flt, added[ACTIONS], (float)ACTIONS)); // nothing behind them
}

Test(codebook, adds_many_cells_as_one_after_the_other)
{
    const Neighbour at[] = {{0.0f, 30}, {0.0f, 2}, {0.0f, 17}};
    const float x[] = {9.0f, -1.2f, 1.0f}, weight[] = {0.5f, 0.3f, 0.2f};
    float together[ACTIONS] = {0}, in_turn[ACTIONS] = {0};
    codebook_add(&book, at, weight, 3, x, together);
    for (int i = 0; i < 3; i++)
        add(at[i].cell, weight[i], x, in_turn);
    for (int a = 0; a < ACTIONS; a++)
        cr_assert(eq(flt, together[a], in_turn[a]), "action %d", a);
    codebook_add(&book, at, weight, 0, x, together);
    cr_assert(eq(flt, together[0], in_turn[0]));
}

Test(codebook, slopes_go_the_short_way_round)
{
    float z[DIMS], x[DIMS], here[ACTIONS] = {0}, round[ACTIONS] = {0};
    codebook_centre(&book, 1, z);
    z[2] += 0.25f;
    point_at(z, x);
    add(1, 1.0f, x, here);
    x[2] += 6.0f;
    add(1, 1.0f, x, round);
    for (int a = 0; a < ACTIONS; a++)
        cr_assert(epsilon_eq(flt, here[a], round[a], 1e-3f), "action %d", a);
}

Test(codebook, takes_no_memory_to_look_up)
{
    const float x[] = {9.0f, -1.2f, 1.0f};
    Neighbour near[8];
    float q[ACTIONS] = {0};
    int64_t before = mem_count();
    cr_assert(eq(int, codebook_nearest(&book, x, 8, 0, near), 8));
    add(near[0].cell, 1.0f, x, q);
    cr_assert(eq(i64, mem_count(), before));
}

// -- the file

static const char kind[] = "codebook";

static Status write_book(Codebook *b, const char *path)
{
    Archive *archive;
    cr_assert(eq(int, archive_create(&archive, path, kind, 1, NULL), STATUS_OK));
    codebook_archive(b, archive);
    return archive_close(archive, NULL);
}

static Status read_book(Codebook *b, const char *path, Error *err)
{
    Archive *archive;
    *b = (Codebook){0};
    Status status = archive_open(&archive, path, kind, 1, err);
    if (status != STATUS_OK) return status;
    codebook_archive(b, archive);
    return archive_close(archive, err);
}

static void expect_same(const Codebook *a, const Codebook *b)
{
    size_t values = (size_t)a->count * (size_t)a->terms * (size_t)a->width;
    cr_assert(eq(int, a->count, b->count));
    cr_assert(eq(int, a->terms, b->terms));
    cr_assert(eq(flt, a->reach, b->reach));
    cr_assert(memcmp(a->mean, b->mean, sizeof a->mean) == 0);
    cr_assert(memcmp(a->scale, b->scale, sizeof a->scale) == 0);
    cr_assert(memcmp(a->period, b->period, sizeof a->period) == 0);
    cr_assert(memcmp(a->index.period, b->index.period, sizeof a->index.period) == 0);
    cr_assert(memcmp(a->visits, b->visits, (size_t)a->count * sizeof *a->visits) == 0);
    cr_assert(memcmp(a->q, b->q, values * sizeof *a->q) == 0);
    cr_assert(memcmp(a->index.at, b->index.at,
                     DIMS * (size_t)a->index.count * sizeof *a->index.at) == 0);
}

Test(codebook, reads_back_the_bits_it_wrote)
{
    for (int slopes = 0; slopes < 2; slopes++) {
        CodebookShape of = shape;
        Codebook b, back;
        Error err = {0};
        of.slopes = slopes;
        make(&b, of);
        const char *path = test_path("a.codebook"), *again = test_path("b.codebook");
        cr_assert(eq(int, write_book(&b, path), STATUS_OK));
        cr_assert(eq(int, read_book(&back, path, &err), STATUS_OK), "%s", err.message);
        expect_same(&b, &back);

        // and writes them again
        char *one, *two;
        size_t size, size_again;
        cr_assert(eq(int, write_book(&back, again), STATUS_OK));
        cr_assert(eq(int, file_read(&one, &size, path, 1 << 20, NULL), STATUS_OK));
        cr_assert(eq(int, file_read(&two, &size_again, again, 1 << 20, NULL), STATUS_OK));
        cr_assert(eq(sz, size, size_again));
        cr_assert(memcmp(one, two, size) == 0);
        mem_free(one);
        mem_free(two);
        codebook_release(&b);
        codebook_release(&back);
    }
}

Test(codebook, counts_the_bytes_that_the_file_holds)
{
    for (int slopes = 0; slopes < 2; slopes++) {
        CodebookShape of = shape;
        Codebook b;
        of.slopes = slopes;
        make(&b, of);
        const char *path = test_path("a.codebook");
        char *bytes;
        size_t size;
        cr_assert(eq(int, write_book(&b, path), STATUS_OK));
        cr_assert(eq(int, file_read(&bytes, &size, path, 1 << 20, NULL), STATUS_OK));
        // less the archive's own: its head and sum, and a tag and a size for every piece
        int pieces = 4 + 6 + 5 + (slopes ? 4 : 0);
        int64_t own = 8 + 16 + 4 + 8 + pieces * (24 + 8);
        cr_assert(eq(i64, codebook_bytes(&b), (int64_t)size - own));
        mem_free(bytes);
        codebook_release(&b);
    }
}

Test(codebook, counts_slopes_only_where_there_are_some)
{
    cr_assert(eq(i64, codebook_cell_bytes(5, 27, false), 10 + 4 + 4 + 4 + 27));
    cr_assert(eq(i64, codebook_cell_bytes(5, 27, true), 49 + 4 + 10 + 4 + 5 * 27));
    CodebookShape constant = shape;
    Codebook b;
    constant.slopes = false;
    make(&b, constant);
    cr_assert(eq(ptr, b.level_slope, NULL));
    cr_assert(eq(ptr, b.advantage_slope, NULL));
    cr_assert(eq(i64, codebook_bytes(&book) - codebook_bytes(&b),
                 CELLS * (4 + 2 * DIMS + 4 + DIMS * ACTIONS)));
    codebook_release(&b);
}

Test(codebook, refuses_a_damaged_file)
{
    const char *path = test_path("a.codebook");
    char *bytes;
    size_t size;
    cr_assert(eq(int, write_book(&book, path), STATUS_OK));
    cr_assert(eq(int, file_read(&bytes, &size, path, 1 << 20, NULL), STATUS_OK));
    for (size_t at = 0; at < size; at += 97) {
        Codebook back;
        Error err = {0};
        bytes[at] ^= 1;
        test_put_file(path, bytes, size);
        bytes[at] ^= 1;
        cr_assert(eq(int, read_book(&back, path, &err), STATUS_PARSE), "byte %zu", at);
        cr_assert(ne(chr, err.message[0], '\0'));
        codebook_release(&back);
        test_put_file(path, bytes, at);
        cr_assert(eq(int, read_book(&back, path, NULL), STATUS_PARSE), "%zu bytes", at);
        codebook_release(&back);
    }
    mem_free(bytes);
}

// numbers that no checksum stops, for they were written so
static void spoil(Codebook *b, int how)
{
    switch (how) {
    case 0:
        b->level[3] = NAN;
        break;
    case 1:
        b->advantage_step[CELLS - 1] = INFINITY;
        break;
    case 2:
        b->level_slope_step[0] = NAN;
        break;
    case 3:
        b->advantage_slope_step[7] = -INFINITY;
        break;
    case 4:
        b->visits[5] = 0;
        break;
    case 5:
        b->reach = NAN;
        break;
    case 6:
        b->reach = -1.0f;
        break;
    case 7:
        b->scale[1] = 0.0f;
        break;
    case 8:
        b->scale[DIMS - 1] = NAN;
        break;
    case 9:
        b->mean[0] = INFINITY;
        break;
    case 10:
        b->period[2] = -6.0f;
        break;
    case 11:
        b->period[2] = INFINITY;
        break;
    case 12:
        b->lo[0] = NAN;
        break;
    case 13:
        b->step[1] = 3e38f;
        break;
    case 14:
        b->dims = 0;
        break;
    case 15:
        b->dims = CODEBOOK_DIMS + 1;
        break;
    case 16:
        b->actions = 0;
        break;
    case 17:
        b->actions = CODEBOOK_ACTIONS + 1;
        break;
    default:
        b->count = 0;
        break;
    }
}

Test(codebook, refuses_numbers_that_cannot_be_looked_up)
{
    for (int how = 0; how < 19; how++) {
        Codebook spoilt, back;
        Error err = {0};
        make(&spoilt, shape);
        // shapes are spoilt where nothing of their size is written
        int dims = spoilt.dims, actions = spoilt.actions, count = spoilt.count;
        spoil(&spoilt, how);
        Archive *archive;
        const char *path = test_path("a.codebook");
        cr_assert(eq(int, archive_create(&archive, path, kind, 1, NULL), STATUS_OK));
        if (14 <= how) {
            archive_int(archive, "codebook.dims", &spoilt.dims, 0, 1 << 20);
            archive_int(archive, "codebook.actions", &spoilt.actions, 0, 1 << 20);
            archive_int(archive, "codebook.cells", &spoilt.count, 0, 1 << 20);
            archive_int(archive, "codebook.slopes", &(int){1}, 0, 1);
        } else {
            codebook_archive(&spoilt, archive);
        }
        cr_assert(eq(int, archive_close(archive, NULL), STATUS_OK));
        cr_assert(eq(int, read_book(&back, path, &err), STATUS_PARSE), "spoilt by %d", how);
        spoilt.dims = dims;
        spoilt.actions = actions;
        spoilt.count = count;
        codebook_release(&spoilt);
        codebook_release(&back);
    }
}

Test(codebook, takes_no_memory_for_cells_that_are_not_there)
{
    int dims = 16, actions = 4096, cells = CODEBOOK_CELLS, slopes = 1;
    float numbers[16] = {0};
    const char *path = test_path("a.codebook");
    Archive *archive;
    cr_assert(eq(int, archive_create(&archive, path, kind, 1, NULL), STATUS_OK));
    archive_int(archive, "codebook.dims", &dims, 1, dims);
    archive_int(archive, "codebook.actions", &actions, 1, actions);
    archive_int(archive, "codebook.cells", &cells, 1, cells);
    archive_int(archive, "codebook.slopes", &slopes, 0, 1);
    const char *const tag[] = {"codebook.mean", "codebook.scale", "codebook.period",
                               "codebook.lo", "codebook.step"};
    for (int i = 0; i < 5; i++)
        archive_bytes(archive, tag[i], numbers, sizeof numbers);
    archive_bytes(archive, "codebook.reach", numbers, sizeof *numbers);
    cr_assert(eq(int, archive_close(archive, NULL), STATUS_OK));

    Codebook back;
    Error err = {0};
    cr_assert(eq(int, read_book(&back, path, &err), STATUS_PARSE));
    cr_assert(strstr(err.message, "ends too soon") != NULL, "%s", err.message);
    cr_assert(eq(ptr, back.advantage_slope, NULL));
    codebook_release(&back);
}

Test(codebook, reports_that_memory_ran_out_wherever_it_does)
{
    const char *path = test_path("a.codebook");
    cr_assert(eq(int, write_book(&book, path), STATUS_OK));
    int failures = 0;
    for (int64_t nth = 0;; nth++) {
        Codebook back;
        mem_fail_at(nth);
        Status status = read_book(&back, path, NULL);
        mem_fail_at(-1);
        codebook_release(&back);
        if (status == STATUS_OK) break;
        cr_assert(eq(int, status, STATUS_NOMEM), "request %d", (int)nth);
        failures++;
    }
    cr_assert(lt(int, 10, failures)); // the codebook's own eleven arrays at least
}
