// Any bytes as episodes.csv: episodes_parse() takes them or refuses them in a sentence, and
// what it took has steps that never descend.
#include "results/curve.h"
#include "suite/core/check.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    EpisodeList list;
    Error err = {0};
    Status status = episodes_parse(&list, (const char *)data, size, "episodes.csv", &err);
    CHECK((status == STATUS_OK) == (err.message[0] == '\0'));
    for (int i = 0; status == STATUS_OK && i < list.count; i++) {
        CHECK(list.row[i].step >= (i ? list.row[i - 1].step : 0));
        CHECK(list.row[i].length >= 0);
    }
    episodes_release(&list);
    return 0;
}
