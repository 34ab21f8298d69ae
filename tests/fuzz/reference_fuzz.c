// Any bytes as references.json: reference_parse() takes them or refuses them in a sentence,
// what it took keeps its promises, and printed it reads back as the same.
#include <math.h>
#include <string.h>

#include "results/reference.h"
#include "suite/core/check.h"
#include "tests/fuzz/fuzz.h"

static Status parse(ReferenceList *list, const char *text, size_t size)
{
    Error err = {0};
    Status status = reference_parse(list, "reacher", text, size, "references.json", &err);
    CHECK((status == STATUS_OK) == (err.message[0] == '\0'));
    return status;
}

static void check(const ReferenceList *list)
{
    ReferenceList again;
    Text text = TEXT_INIT;
    CHECK(list->count > 0 && list->count <= REFERENCE_MEMBERS);
    CHECK(list->episodes > 0 && list->runs > 0 && list->steps > 0 && list->task_version > 0);
    CHECK(!strchr(list->column, '/'));
    CHECK(reference_print(list, &text, NULL) == STATUS_OK);
    CHECK(parse(&again, text.data, text.length) == STATUS_OK && again.count == list->count);
    for (int i = 0; i < list->count; i++) {
        const Reference *r = &list->member[i];
        CHECK(reference_find(list, r->member) == r);
        CHECK(r->random == again.member[i].random && r->long_run == again.member[i].long_run);
        CHECK(isnan(reference_value(r, 0.0)) == !(r->long_run > r->random));
    }
    reference_release(&again);
    text_release(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ReferenceList list;
    if (parse(&list, (const char *)data, size) == STATUS_OK) check(&list);
    reference_release(&list);
    return 0;
}
