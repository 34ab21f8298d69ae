// Any bytes as the contents of a whole knowledge base: refused, or a table that can be asked at
// its own states.
#include <unistd.h>

#include "dqinit/knowledge_base.h"
#include "suite/core/check.h"
#include "suite/core/mem.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/sealed.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[SEALED_PATH];
    int file = sealed_file("knowledge", 1, data, size, path);
    KnowledgeBase kb;
    Error err = {0};
    Status status = kb_read(&kb, path, &err);
    CHECK((status == STATUS_OK) == (err.message[0] == '\0'));
    if (status == STATUS_OK) {
        float *q = mem_array((size_t)kb.action_count, sizeof *q);
        CHECK(q);
        for (int j = 0; j < kb.state_count; j++) {
            int hits = kb_lookup(&kb, kb.coords + j * kb.tilings.dims, q);
            CHECK(hits >= 0 && hits <= kb.tilings.count);
        }
        mem_free(q);
    }
    kb_release(&kb);
    (void)close(file);
    return 0;
}
