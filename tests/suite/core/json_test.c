#include "suite/core/json.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "suite/core/mem.h"
#include "suite/core/rng.h"
#include "tests/support/folder.h"

static Json *parse(const char *text)
{
    Json *json;
    Error err = {0};
    cr_assert(eq(int, json_parse(&json, text, strlen(text), "f.json", &err), STATUS_OK), "%s",
              err.message);
    return json;
}

static void expect_refusal(const char *text, const char *message)
{
    Json *json = (Json *)0x1;
    Error err = {0};
    cr_assert(eq(int, json_parse(&json, text, strlen(text), "f.json", &err), STATUS_PARSE),
              "taken: %s", text);
    cr_assert(eq(ptr, json, NULL));
    cr_assert(eq(str, err.message, message));
}

Test(json_parse, finds_its_way_through_what_is_there)
{
    Json *json = parse("{\"name\": \"a\\\"b\", \"list\": [1, -2.5e3, true, {}], \"n\": null}");
    const JsonNode *root = json_root(json);
    cr_assert(json_is_object(root));
    cr_assert(eq(int, json_count(root), 3));
    cr_assert(eq(str, json_string(json_get(root, "name")), "a\"b"));
    cr_assert(eq(ptr, json_get(root, "NAME"), NULL), "names are case sensitive");

    const JsonNode *list = json_get(root, "list"), *item = json_first(list);
    cr_assert(json_is_array(list));
    cr_assert(eq(int, json_count(list), 4));
    cr_assert(eq(dbl, json_number(item), 1.0));
    cr_assert(eq(ptr, json_key(item), NULL));
    item = json_next(item);
    cr_assert(json_is_number(item) && json_number(item) == -2500.0);
    item = json_next(item);
    cr_assert(json_is_bool(item) && json_bool(item));
    item = json_next(item);
    cr_assert(json_is_object(item) && json_first(item) == NULL);
    cr_assert(eq(ptr, json_next(item), NULL));

    const JsonNode *null = json_get(root, "n");
    cr_assert(not(json_is_number(null)));
    cr_assert(not(json_is_string(null)));
    cr_assert(not(json_is_bool(null)));
    json_free(json);
}

Test(json_get, answers_nothing_where_there_is_nothing)
{
    Json *json = parse("[1]");
    cr_assert(eq(ptr, json_get(NULL, "a"), NULL));
    cr_assert(eq(ptr, json_get(json_root(json), "a"), NULL));
    cr_assert(eq(ptr, json_first(NULL), NULL));
    cr_assert(eq(int, json_count(NULL), 0));
    cr_assert(not(json_is_object(NULL)));
    cr_assert(not(json_is_array(NULL)));
    cr_assert(not(json_is_string(NULL)));
    cr_assert(not(json_is_number(NULL)));
    cr_assert(not(json_is_bool(NULL)));
    json_free(json);
}

Test(json_parse, refuses_what_is_not_json_and_names_the_line)
{
    expect_refusal("", "f.json:1: not valid JSON");
    expect_refusal("{\n  \"a\": 1,\n  \"b\": nope\n}", "f.json:3: not valid JSON");
    expect_refusal("{\n\"a\": \"never ends\n", "f.json:2: not valid JSON");
    expect_refusal("[1, 2\n\n", "f.json:3: not valid JSON");
}

Test(json_parse, refuses_text_after_the_value)
{
    expect_refusal("{}\n{}", "f.json:2: not valid JSON");
    expect_refusal("1 2", "f.json:1: not valid JSON");
    json_free(parse("{} \n\t\n"));
}

Test(json_parse, refuses_a_nul_byte_behind_which_text_could_hide)
{
    Json *json;
    Error err = {0};
    cr_assert(eq(int, json_parse(&json, "{}\n\0 rest", 9, "f.json", &err), STATUS_PARSE));
    cr_assert(eq(str, err.message, "f.json:2: holds a NUL byte"));
}

Test(json_parse, refuses_a_key_given_twice_at_the_second)
{
    expect_refusal("{\n\"a\": 1,\n\"b\": 2,\n\"a\": 3}", "f.json:4: 'a' is given twice");
    expect_refusal("[{\"x\": {\n\"c\": 1,\n\"c\": 1}}]", "f.json:3: 'c' is given twice");
    // the first repetition in the file, not the first in the alphabet
    expect_refusal("{\"b\": 1,\n\"a\": 2,\n\"b\": 3,\n\"a\": 4}",
                   "f.json:3: 'b' is given twice");
    json_free(parse("{\"a\": {\"a\": 1}, \"A\": [{\"a\": 1}, {\"a\": 2}]}"));
}

Test(json_parse, refuses_depths_that_could_overflow_the_stack)
{
    char deep[20001];
    memset(deep, '[', 20000);
    deep[20000] = '\0';
    expect_refusal(deep, "f.json:1: not valid JSON");
}

Test(json_parse, takes_many_keys_in_reasonable_time, .timeout = 20)
{
    Text text = TEXT_INIT;
    text_printf(&text, "{");
    for (int i = 0; i < 300000; i++)
        text_printf(&text, "\"k%d\": 0,\n", i);
    text_printf(&text, "\"k7\": 0}");
    expect_refusal(text.data, "f.json:300001: 'k7' is given twice");
    text_release(&text);
}

// strings full of what a careless count of lines would trip over
static const char tricky[] = "{\n"
                             "  \"text\": \"}] , \\\" : {\\n [\",\n"
                             "  \"list\": [\"a\", {\"b\" : [[], {}]},\n"
                             "           -1.5e3 ],\n"
                             "\n"
                             "  \"empty\": {}, \"nothing\": null,\n"
                             "  \"wrogn\": [true]\n"
                             "}\n";

Test(json_refuse, names_the_line_of_every_node)
{
    Json *json = parse(tricky);
    const JsonNode *root = json_root(json), *list = json_get(root, "list");
    const struct {
        const JsonNode *node;
        int line;
    } nodes[] = {
        {root, 1},
        {json_get(root, "text"), 2},
        {list, 3},
        {json_first(list), 3},
        {json_get(json_next(json_first(list)), "b"), 3},
        {json_next(json_next(json_first(list))), 4},
        {json_get(root, "empty"), 6},
        {json_get(root, "nothing"), 6},
        {json_get(root, "wrogn"), 7},
        {json_first(json_get(root, "wrogn")), 7},
    };
    for (size_t i = 0; i < sizeof nodes / sizeof nodes[0]; i++) {
        Error err = {0};
        char expected[64];
        (void)snprintf(expected, sizeof expected, "f.json:%d: node 7", nodes[i].line);
        cr_assert(eq(int, json_refuse(json, nodes[i].node, &err, "node %d", 7), STATUS_PARSE));
        cr_assert(eq(str, err.message, expected), "node %zu", i);
    }
    json_free(json);
}

Test(json_only_keys, names_the_line_and_the_nearest_name)
{
    static const char *const names[] = {"text", "list", "empty", "nothing", "wrong"};
    Json *json = parse(tricky);
    Error err = {0};
    cr_assert(eq(int, json_only_keys(json, json_root(json), names, 5, &err), STATUS_PARSE));
    cr_assert(eq(str, err.message, "f.json:7: unknown key 'wrogn'; did you mean 'wrong'?"));
    cr_assert(eq(int, json_only_keys(json, json_root(json), names + 1, 3, &err), STATUS_PARSE));
    cr_assert(eq(str, err.message, "f.json:2: unknown key 'text'"));
    json_free(json);
}

Test(json_refuse, counts_lines_behind_a_byte_order_mark)
{
    Json *json = parse("\xef\xbb\xbf[0,\n1,\n2]");
    const JsonNode *last = json_next(json_next(json_first(json_root(json))));
    Error err = {0};
    cr_assert(eq(int, json_refuse(json, last, &err, "bad"), STATUS_PARSE));
    cr_assert(eq(str, err.message, "f.json:3: bad"));
    json_free(json);
}

Test(json_only_keys, accepts_known_keys_and_refuses_what_is_no_object)
{
    static const char *const names[] = {"a", "b"};
    Json *json = parse("{\"b\": [1], \"a\": 2}");
    Error err = {0};
    cr_assert(eq(int, json_only_keys(json, json_root(json), names, 2, &err), STATUS_OK));
    cr_assert(eq(int, json_only_keys(json, json_get(json_root(json), "b"), names, 2, &err),
                 STATUS_PARSE));
    cr_assert(eq(str, err.message, "f.json:1: must be an object"));
    json_free(json);
}

Test(json_want, takes_the_right_kind_and_refuses_the_others)
{
    Json *json = parse("{\"s\": \"x\",\n\"n\": 4.5,\n\"big\": 1e999,\n\"o\": {}}");
    const JsonNode *root = json_root(json);
    const char *s = NULL;
    double n = 0;
    Error err = {0};

    cr_assert(eq(int, json_want_string(json, root, "s", &s, &err), STATUS_OK));
    cr_assert(eq(str, s, "x"));
    cr_assert(eq(int, json_want_number(json, root, "n", &n, &err), STATUS_OK));
    cr_assert(eq(dbl, n, 4.5));

    cr_assert(eq(int, json_want_string(json, root, "n", &s, &err), STATUS_PARSE));
    cr_assert(eq(str, err.message, "f.json:2: 'n' must be a string"));
    cr_assert(eq(int, json_want_number(json, root, "s", &n, &err), STATUS_PARSE));
    cr_assert(eq(str, err.message, "f.json:1: 's' must be a number"));
    cr_assert(eq(int, json_want_number(json, root, "big", &n, &err), STATUS_PARSE));
    cr_assert(eq(str, err.message, "f.json:3: 'big' must be a number"));
    cr_assert(
        eq(int, json_want_number(json, json_get(root, "o"), "n", &n, &err), STATUS_PARSE));
    cr_assert(eq(str, err.message, "f.json:4: 'n' is missing"));
    cr_assert(eq(int, json_want_string(json, root, "t", &s, &err), STATUS_PARSE));
    cr_assert(eq(str, err.message, "f.json:1: 't' is missing"));
    json_free(json);
}

static Text print(Json *json)
{
    Text text = TEXT_INIT;
    Error err = {0};
    cr_assert(eq(int, json_print(json, &text, &err), STATUS_OK), "%s", err.message);
    return text;
}

Test(json_print, writes_what_was_put_in)
{
    Json *json;
    cr_assert(eq(int, json_new(&json, NULL), STATUS_OK));
    json_put_string(json, json_root(json), "name", "say \"hi\"\n");
    json_put_bool(json, json_root(json), "good", true);
    JsonNode *list = json_put_array(json, json_root(json), "list");
    json_put_number(json, list, NULL, 0.1);
    json_put_number(json, list, NULL, 9007199254740991.0);
    json_put_number(json, json_put_object(json, json_root(json), "in"), "x", -3);

    Text text = print(json);
    cr_assert(
        eq(str, text.data,
           "{\n\t\"name\":\t\"say \\\"hi\\\"\\n\",\n\t\"good\":\ttrue,\n"
           "\t\"list\":\t[0.1, 9007199254740991],\n\t\"in\":\t{\n\t\t\"x\":\t-3\n\t}\n}\n"));
    text_release(&text);
    json_free(json);
}

Test(json_print, gives_back_every_bit_of_a_hundred_thousand_numbers)
{
    enum { N = 100000 };
    static double put[N];
    RngStream rng = rng_stream(2, RNG_METHOD, 0);
    Json *json;
    cr_assert(eq(int, json_new(&json, NULL), STATUS_OK));
    JsonNode *list = json_put_array(json, json_root(json), "list");
    for (int i = 0; i < N; i++) {
        do {
            uint64_t bits = (uint64_t)rng_word(&rng) << 32 | rng_word(&rng);
            memcpy(&put[i], &bits, sizeof bits);
        } while (!isfinite(put[i]));
        json_put_number(json, list, NULL, put[i]);
    }
    Text text = print(json);
    Json *back = parse(text.data);

    const JsonNode *node = json_first(json_get(json_root(back), "list"));
    for (int i = 0; i < N; i++, node = json_next(node)) {
        double got = json_number(node);
        cr_assert(memcmp(&got, &put[i], sizeof got) == 0, "number %d: %.17g", i, put[i]);
    }
    cr_assert(eq(ptr, node, NULL));
    text_release(&text);
    json_free(json);
    json_free(back);
}

Test(json_print, writes_null_for_what_is_not_finite)
{
    Json *json;
    cr_assert(eq(int, json_new(&json, NULL), STATUS_OK));
    JsonNode *list = json_put_array(json, json_root(json), "list");
    json_put_number(json, list, NULL, (double)NAN);
    json_put_number(json, list, NULL, -(double)INFINITY);
    json_put_number(json, list, NULL, 1);
    Text text = print(json);
    cr_assert(eq(str, text.data, "{\n\t\"list\":\t[null, null, 1]\n}\n"));
    text_release(&text);
    json_free(json);
}

Test(json_print, remembers_that_something_could_not_be_put)
{
    Json *json;
    Text text = TEXT_INIT;
    cr_assert(eq(int, json_new(&json, NULL), STATUS_OK));
    json_put_number(json, NULL, "x", 1); // as after a container that found no memory
    cr_assert(eq(int, json_print(json, &text, NULL), STATUS_NOMEM));
    cr_assert(eq(str, text.data, ""));
    json_free(json);
}

Test(json_parse, fails_cleanly_wherever_memory_runs_out)
{
    int64_t before = mem_count();
    json_free(parse(tricky));
    int64_t requests = mem_count() - before;
    cr_assert(ge(i64, requests, 3));

    for (int64_t nth = 0; nth < requests; nth++) {
        Json *json = (Json *)0x1;
        Error err = {0};
        mem_fail_at(nth);
        Status status = json_parse(&json, tricky, sizeof tricky - 1, "f.json", &err);
        cr_assert(eq(int, status, STATUS_NOMEM), "request %d", (int)nth);
        cr_assert(eq(ptr, json, NULL), "request %d", (int)nth);
        cr_assert(eq(str, err.message, "out of memory"), "request %d", (int)nth);
    }
}

Test(json_new, fails_cleanly_without_memory)
{
    Json *json = (Json *)0x1;
    mem_fail_at(0);
    cr_assert(eq(int, json_new(&json, NULL), STATUS_NOMEM));
    cr_assert(eq(ptr, json, NULL));
    json_free(NULL);
}

Test(json_read, reads_a_file_and_names_it_when_it_is_wrong, .init = test_folder_make,
     .fini = test_folder_remove)
{
    const char *path = test_path("family.json");
    Json *json;
    Error err = {0};
    char expected[2048];

    cr_assert(eq(int, json_read(&json, path, &err), STATUS_MISSING));
    cr_assert(eq(ptr, json, NULL));

    test_put_file(path, "{\"a\": 3}\n", 9);
    cr_assert(eq(int, json_read(&json, path, &err), STATUS_OK));
    cr_assert(eq(dbl, json_number(json_get(json_root(json), "a")), 3.0));
    json_free(json);

    test_put_file(path, "{\"a\":\n3,}", 9);
    cr_assert(eq(int, json_read(&json, path, &err), STATUS_PARSE));
    (void)snprintf(expected, sizeof expected, "%s:2: not valid JSON", path);
    cr_assert(eq(str, err.message, expected));
}

Test(json, gives_a_single_value_as_a_command_line_would_take_it)
{
    static const char file[] = "[\"on\", true, false, 0.1, 1e300, null, [1], {}, \"seven77\"]";
    const char *const expected[] = {"on", "true", "false", "0.1", "1e+300", NULL, NULL, NULL};
    Json *json;
    char text[8];
    cr_assert(eq(int, json_parse(&json, file, strlen(file), "file", NULL), STATUS_OK));
    const JsonNode *node = json_first(json_root(json));
    for (int i = 0; i < 8; i++, node = json_next(node)) {
        cr_assert(eq(int, json_as_text(node, text, sizeof text), expected[i] != NULL),
                  "value %d", i);
        if (expected[i]) cr_assert(strcmp(text, expected[i]) == 0, "value %d: %s", i, text);
    }
    cr_assert(json_as_text(node, text, 8)); // seven letters and a NUL
    cr_assert(not(json_as_text(node, text, 7)));
    json_free(json);
}
