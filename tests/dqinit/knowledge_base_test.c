#include "dqinit/knowledge_base.h"

#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "dqinit/extraction.h"
#include "suite/core/file.h"
#include "suite/core/mem.h"
#include "tests/support/folder.h"
#include "tests/support/sources.h"

static const TableShape shape = {.tilings = 4, .bins = 10, .least_visits = 2, .states = 50};

static MadeSources made;
static KnowledgeBase kb;

static void setup(void)
{
    test_folder_make();
    made_sources_init(&made, "");
    cr_assert(eq(int, extract(&kb, &made.context, shape, NULL), STATUS_OK));
}

static void teardown(void)
{
    kb_release(&kb);
    made_sources_release(&made);
    test_folder_remove();
}

TestSuite(knowledge_base, .init = setup, .fini = teardown);

Test(knowledge_base, reads_back_what_it_wrote)
{
    const char *path = test_path("table.kb");
    KnowledgeBase back;
    Error err = {0};
    cr_assert(eq(int, kb_write(&kb, path, &err), STATUS_OK), "%s", err.message);
    cr_assert(eq(int, kb_read(&back, path, &err), STATUS_OK), "%s", err.message);
    cr_assert(eq(int, back.cells.count, kb.cells.count));
    cr_assert(eq(int, back.number_count, kb.number_count));
    cr_assert(eq(str, back.number[2].name, kb.number[2].name));
    for (int i = 0; i < 100; i++) {
        float x[] = {(float)i / 100.0f}, a[MADE_ACTIONS] = {0}, b[MADE_ACTIONS] = {0};
        cr_assert(eq(int, kb_lookup(&back, x, b), kb_lookup(&kb, x, a)));
        cr_assert(memcmp(a, b, sizeof a) == 0, "x = %g", (double)x[0]);
    }
    cr_assert(memcmp(back.features, kb.features, 50 * sizeof(float)) == 0);
    kb_release(&back);
}

Test(knowledge_base, refuses_a_damaged_file)
{
    const char *path = test_path("table.kb");
    char *bytes;
    size_t size;
    cr_assert(eq(int, kb_write(&kb, path, NULL), STATUS_OK));
    cr_assert(eq(int, file_read(&bytes, &size, path, 1 << 20, NULL), STATUS_OK));
    for (size_t at = 0; at < size; at += 97) {
        KnowledgeBase back;
        Error err = {0};
        bytes[at] ^= 1;
        test_put_file(path, bytes, size);
        bytes[at] ^= 1;
        cr_assert(eq(int, kb_read(&back, path, &err), STATUS_PARSE), "byte %zu", at);
        cr_assert(ne(chr, err.message[0], '\0'));
        kb_release(&back);
    }
    mem_free(bytes);
}

Test(knowledge_base, averages_over_the_tilings_that_know)
{
    float q[MADE_ACTIONS];
    const float x[] = {0.55f};
    int hits = kb_lookup(&kb, x, q);
    cr_assert(eq(int, hits, 4));
    float sum = 0.0f;
    for (int t = 0; t < 4; t++)
        sum += kb.value[cells_find(&kb.cells, tilings_cell(&kb.tilings, t, x)) * 2];
    cr_assert(epsilon_eq(flt, q[0], sum / 4.0f, 1e-6f));
}

Test(knowledge_base, acts_greedily_and_takes_the_first_action_where_it_is_silent)
{
    const float known[] = {0.5f};
    const Sight sight = {.features = known, .coords = known};
    cr_assert(eq(int, kb_greedy(&kb, &sight), 1)); // slope 2 beats slope 1
    KnowledgeBase empty = {.tilings = kb.tilings, .action_count = MADE_ACTIONS};
    cr_assert(eq(int, cells_init(&empty.cells, 0, NULL), STATUS_OK));
    cr_assert(eq(int, kb_greedy(&empty, &sight), 0));
    kb_release(&empty);
}
