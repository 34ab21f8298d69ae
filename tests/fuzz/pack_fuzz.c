// Any bytes as the text of a pack, and behind their first byte as its files between a good
// first line and a good end: pack_parse() takes them or refuses them in a sentence, and what it
// took is printed again as it was.
#include <string.h>

#include "results/pack.h"
#include "suite/core/check.h"
#include "suite/core/hash.h"
#include "tests/fuzz/fuzz.h"

static void feed(const Text *text)
{
    Pack pack;
    Error err = {0};
    Status status = pack_parse(&pack, text->data, text->length, "reacher.runs", &err);
    CHECK((status == STATUS_OK) == (err.message[0] == '\0'));
    Text again = TEXT_INIT;
    if (status == STATUS_OK) {
        CHECK(pack_print(&again, pack.file, pack.count, NULL) == STATUS_OK);
        for (int i = 0; i < pack.count; i++)
            CHECK(pack_find(&pack, pack.file[i].path) == &pack.file[i]);
    }
    text_release(&again);
    pack_release(&pack);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Text text = TEXT_INIT;
    char hash[HASH_TEXT];
    text_bytes(&text, data, size);
    feed(&text);
    text_clear(&text);
    if (size) {
        text_printf(&text, "suite records %d\n", PACK_VERSION);
        text_bytes(&text, data + 1, size - 1);
        hash_format(hash_bytes(text.data, text.length, 0), hash);
        text_printf(&text, "end %d %s\n", data[0], hash);
        feed(&text);
    }
    text_release(&text);
    return 0;
}
