// Any bytes: json_parse() takes them or refuses them in a sentence, and every node that it took
// has a place in the text.
#include <string.h>

#include "suite/core/check.h"
#include "suite/core/json.h"
#include "tests/fuzz/fuzz.h"

static const char *const names[] = {"family", "members", "name"};

static void visit(const Json *json, const JsonNode *node)
{
    Error err = {0};
    CHECK(json_refuse(json, node, &err, "bad") == STATUS_PARSE);
    CHECK(strncmp(err.message, "fuzz:", 5) == 0);

    if (json_only_keys(json, node, names, 3, &err) == STATUS_OK) CHECK(json_is_object(node));
    const char *text;
    double number;
    if (json_want_string(json, node, "name", &text, &err) == STATUS_OK) CHECK(text);
    if (json_want_number(json, node, "name", &number, &err) == STATUS_OK)
        CHECK(number - number == 0);
    for (const JsonNode *child = json_first(node); child; child = json_next(child))
        visit(json, child);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Json *json;
    Error err = {0};
    Status status = json_parse(&json, (const char *)data, size, "fuzz", &err);
    CHECK((status == STATUS_OK) == (json != NULL));
    CHECK((status == STATUS_OK) == (err.message[0] == '\0'));
    if (json) visit(json, json_root(json));
    json_free(json);
    return 0;
}
