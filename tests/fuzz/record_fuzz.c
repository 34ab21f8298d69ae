// Any bytes as run.json: record_parse() takes them or refuses them in a sentence, and what it
// took stays within its lists and cannot name a place outside its folder.
#include <string.h>

#include "results/record.h"
#include "suite/core/check.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    RunRecord record;
    Error err = {0};
    Status status = record_parse(&record, (const char *)data, size, "run.json", &err);
    CHECK((status == STATUS_OK) == (err.message[0] == '\0'));
    if (status == STATUS_OK) {
        CHECK(record.seed >= 0 && record.steps >= 0 && record.setting_count <= RECORD_ITEMS);
        CHECK(record.family[0] && !strchr(record.family, '/') && !strchr(record.label, '/'));
    }
    record_release(&record);
    return 0;
}
