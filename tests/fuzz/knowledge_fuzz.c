// Any bytes as the contents of a whole knowledge base: refused, or tables that can be asked at
// their own states in all ways.
#include <unistd.h>

#include "dqinit/prior.h"
#include "suite/core/check.h"
#include "suite/core/mem.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/sealed.h"

enum { KB_VERSION = 3 };

static void ask(const KnowledgeBase *kb, Aggregate how, float *q)
{
    PriorShape shape = {
        .how = how, .neighbours = 8, .known_tilings = 4, .points = kb->states.count};
    Prior prior;
    CHECK(prior_init(&prior, kb, shape, NULL) == STATUS_OK);
    for (int j = 0; j < kb->states.count; j++) {
        Place place;
        const float *features = kb->states.features + (size_t)j * (size_t)kb->feature_dim;
        const float *coords = kb->states.coords + (size_t)j * (size_t)kb->coord_count;
        int answers = prior_look(&prior, features, coords, q, &place);
        CHECK(answers >= 0 && place.count >= 0 && place.count <= PLACE_CELLS);
        CHECK(place.count > 0 || answers == 0); // too many scales from everything
        for (int i = 0; i < place.count; i++)
            CHECK(place.at[i].cell >= 0 && place.at[i].cell < prior_cells(&prior));
    }
    prior_release(&prior);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[SEALED_PATH];
    int file = sealed_file("knowledge", KB_VERSION, data, size, path);
    KnowledgeBase kb;
    Error err = {0};
    Status status = kb_read(&kb, path, &err);
    CHECK((status == STATUS_OK) == (err.message[0] == '\0'));
    if (status == STATUS_OK) {
        float *q = mem_array((size_t)kb.action_count, sizeof *q);
        CHECK(q);
        for (int how = AGGREGATE_UNION; how <= AGGREGATE_UCOI; how++)
            ask(&kb, (Aggregate)how, q);
        mem_free(q);
    }
    kb_release(&kb);
    (void)close(file);
    return 0;
}
