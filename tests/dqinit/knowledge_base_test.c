#include "dqinit/knowledge_base.h"

#include <math.h>
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "dqinit/extraction.h"
#include "dqinit/prior.h"
#include "suite/core/file.h"
#include "suite/core/mem.h"
#include "tests/support/folder.h"
#include "tests/support/sources.h"

enum { FORMS = 3 }; // tilings, codebooks with slopes and without

static MadeSources made;
static KnowledgeBase kb;

static void setup(void)
{
    const float up[] = {1.0f, 2.0f}, down[] = {-1.0f, 0.5f};
    test_folder_make();
    made_sources_init(&made, "");
    made_source_values(&made, 0, 10.0f, up);
    made_source_values(&made, 1, 20.0f, down);
}

static void teardown(void)
{
    kb_release(&kb);
    made_sources_release(&made);
    test_folder_remove();
}

TestSuite(knowledge_base, .init = setup, .fini = teardown);

static void build(int form)
{
    TableShape shape = {.form = form ? TABLE_CODEBOOK : TABLE_TILINGS,
                        .cells = 20,
                        .bytes = 1 << 20,
                        .slopes = form == 1,
                        .tilings = 4,
                        .bins = 10,
                        .least_visits = 2,
                        .states = 50};
    kb_release(&kb);
    cr_assert(eq(int, extract(&kb, &made.context, shape, NULL), STATUS_OK));
}

static Status copy(KnowledgeBase *back)
{
    const char *path = test_path("table.kb");
    Error err = {0};
    cr_assert(eq(int, kb_write(&kb, path, &err), STATUS_OK), "%s", err.message);
    Status status = kb_read(back, path, &err);
    cr_assert(eq(int, err.message[0] != '\0', status != STATUS_OK));
    return status;
}

static void expect_same_answers(const KnowledgeBase *one, const KnowledgeBase *other)
{
    Prior a, b;
    PriorShape how = {.neighbours = 4, .known_tilings = 1};
    cr_assert(eq(int, prior_init(&a, one, how, NULL), STATUS_OK));
    cr_assert(eq(int, prior_init(&b, other, how, NULL), STATUS_OK));
    for (int i = -20; i <= 120; i++) {
        const float x = (float)i / 100.0f;
        float q[MADE_ACTIONS] = {0}, back[MADE_ACTIONS] = {0};
        cr_assert(eq(int, prior_at(&b, &x, &x, back), prior_at(&a, &x, &x, q)));
        cr_assert(memcmp(q, back, sizeof q) == 0, "x = %g", (double)x);
    }
    prior_release(&a);
    prior_release(&b);
}

Test(knowledge_base, answers_with_the_same_bits_once_read_back)
{
    for (int f = 0; f < FORMS; f++) {
        KnowledgeBase back;
        build(f);
        cr_assert(eq(int, copy(&back), STATUS_OK));
        cr_assert(eq(int, back.form, kb.form));
        cr_assert(eq(int, back.source_count, MADE_SOURCES));
        cr_assert(eq(str, back.source[0].member, "first"));
        cr_assert(eq(str, back.source[1].member, "second"));
        cr_assert(eq(int, kb_cells(&back), kb_cells(&kb)));
        cr_assert(eq(i64, kb_bytes(&back), kb_bytes(&kb)));
        expect_same_answers(&kb, &back);
        size_t bytes = 50 * sizeof(float);
        cr_assert(eq(int, back.states.count, 50));
        cr_assert(memcmp(back.states.features, kb.states.features, bytes) == 0);
        cr_assert(memcmp(back.states.coords, kb.states.coords, bytes) == 0);
        kb_release(&back);
    }
}

Test(knowledge_base, keeps_what_building_found_out)
{
    KnowledgeBase back;
    build(1);
    kb_put_number(&kb, "of_all", NULL, 1.0 / 3.0);
    kb_put_number(&kb, "of", "one", -2.5);
    cr_assert(eq(int, copy(&back), STATUS_OK));
    int last = back.number_count - 1;
    cr_assert(eq(int, last, kb.number_count - 1));
    cr_assert(eq(str, back.number[last - 1].name, "of_all"));
    cr_assert(eq(dbl, back.number[last - 1].value, 1.0 / 3.0));
    cr_assert(eq(str, back.number[last].name, "of.one"));
    cr_assert(eq(dbl, back.number[last].value, -2.5));
    cr_assert(eq(str, back.number[0].name, kb.number[0].name));
    kb_release(&back);
}

Test(knowledge_base, refuses_a_damaged_file)
{
    for (int f = 0; f < FORMS; f++) {
        const char *path = test_path("table.kb");
        char *bytes;
        size_t size;
        build(f);
        cr_assert(eq(int, kb_write(&kb, path, NULL), STATUS_OK));
        cr_assert(eq(int, kb_check(path, NULL), STATUS_OK));
        cr_assert(eq(int, file_read(&bytes, &size, path, 1 << 20, NULL), STATUS_OK));
        for (size_t at = 0; at < size; at += 97) {
            KnowledgeBase back;
            Error err = {0};
            bytes[at] ^= 1;
            test_put_file(path, bytes, size);
            bytes[at] ^= 1;
            cr_assert(eq(int, kb_read(&back, path, &err), STATUS_PARSE), "byte %zu", at);
            cr_assert(ne(chr, err.message[0], '\0'));
            cr_assert(eq(int, kb_check(path, NULL), STATUS_PARSE));
            kb_release(&back);
        }
        mem_free(bytes);
    }
}

Test(knowledge_base, is_missing_where_there_is_no_file)
{
    KnowledgeBase back;
    cr_assert(eq(int, kb_read(&back, test_path("none"), NULL), STATUS_MISSING));
    cr_assert(eq(int, kb_check(test_path("none"), NULL), STATUS_MISSING));
    kb_release(&back);
}

static void expect_refusal(const char *of)
{
    const char *path = test_path("wrong.kb");
    KnowledgeBase back = {0};
    Status status = kb_write(&kb, path, NULL); // may see it already
    if (status == STATUS_OK) status = kb_read(&back, path, NULL);
    cr_assert(eq(int, status, STATUS_PARSE), "%s", of);
    kb_release(&back);
}

// what is whole and still could not be looked up
Test(knowledge_base, refuses_parts_that_do_not_belong_together)
{
    for (int f = 0; f < FORMS; f++) {
        build(f);
        kb.action_count++;
        expect_refusal("actions");
        kb.action_count--;
        kb.tilings.dims++;
        kb.tilings.hi[1] = 1.0f;
        expect_refusal("dims of tilings");
        kb.tilings.dims--;
        kb.tilings.lo[0] = -3e38f;
        kb.tilings.hi[0] = 3e38f;
        expect_refusal("a range without a length");
    }
    kb.tilings.lo[0] = 0.0f;
    kb.source[1].book.level[0] = NAN;
    expect_refusal("a value that is not finite");
}

// the sum of a cell's values tells the cell, and its first value the ordering
static int unlike(const KnowledgeBase *one, const KnowledgeBase *other)
{
    int count = 0;
    for (int s = 0; s < MADE_SOURCES; s++) {
        const TileTable *a = &one->source[s].tiles, *b = &other->source[s].tiles;
        const Codebook *c = &one->source[s].book, *d = &other->source[s].book;
        for (int i = 0; i < a->cells.count; i++) {
            const float *x = a->value + 2 * i, *y = b->value + 2 * i;
            cr_assert(epsilon_eq(flt, x[0] + x[1], y[0] + y[1], 1e-4f));
            count += x[0] != y[0];
        }
        for (int i = 0; i < c->count; i++) {
            const float *x = c->q + i * c->terms * c->width;
            const float *y = d->q + i * d->terms * d->width;
            cr_assert(epsilon_eq(flt, x[0] + x[1], y[0] + y[1], 1e-4f));
            count += x[0] != y[0];
        }
    }
    return count;
}

Test(knowledge_base, shuffles_about_half_of_all_cells_of_two_actions)
{
    for (int f = 0; f < FORMS; f++) {
        RngStream rng = rng_stream(5, RNG_METHOD, STREAM_SHUFFLE);
        KnowledgeBase back;
        build(f);
        cr_assert(eq(int, copy(&back), STATUS_OK));
        cr_assert(eq(int, unlike(&back, &kb), 0));
        kb_shuffle(&back, &rng);
        int moved = unlike(&back, &kb), cells = kb_cells(&kb);
        cr_assert(lt(int, cells / 4, moved), "form %d: %d of %d", f, moved, cells);
        cr_assert(lt(int, moved, cells - cells / 4), "form %d: %d of %d", f, moved, cells);
        kb_release(&back);
    }
}

Test(knowledge_base, counts_cells_and_bytes_of_all_sources)
{
    int64_t states = 50 * 2 + 2 * 2 * 4;
    build(0);
    int tiles = kb.source[0].tiles.cells.count + kb.source[1].tiles.cells.count;
    cr_assert(lt(int, 40, tiles));
    cr_assert(eq(int, kb_cells(&kb), tiles));
    cr_assert(eq(i64, kb_bytes(&kb), states + tiles * (8 + 4 + 2 * 4)));
    build(1);
    int64_t books = codebook_bytes(&kb.source[0].book) + codebook_bytes(&kb.source[1].book);
    cr_assert(eq(int, kb_cells(&kb), 20));
    cr_assert(eq(i64, kb_bytes(&kb), states + books));
}
