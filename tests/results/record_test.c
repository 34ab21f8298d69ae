#include "results/record.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "suite/core/file.h"
#include "suite/core/mem.h"
#include "suite/core/text.h"

static char folder[] = "/tmp/suite-record-XXXXXX";
static RunRecord record, again;
static Error err;
static char *written; // run.json of `record`

// no two fields hold the same value, so that none can be read from another's place
static Status fill(RunRecord *r)
{
    *r = (RunRecord){
        .family = "reacher",
        .member = "x-0.1_y0.2",
        .role = "target",
        .method = "dqinit",
        .label = "frozen",
        .seed = 7,
        .status = RUN_FAILED,
        .reason = "said \"no\"\non two lines",
        .settings_hash = "0123456789abcdef",
        .program = "0.1.0",
        .commit = "abc1234",
        .mujoco = "2.2.2",
        .blas = "0.3.21 Haswell",
        .compiler = "gcc 12.2.0",
        .cpu = "Some CPU",
        .task_version = 3,
        .model_hash = "fedcba9876543210",
        .picked_source = "west",
        .knowledge_hash = "00ff00ff00ff00ff",
        .knowledge_bytes = INT64_C(9007199254740991),
        .steps = 50000,
        .episodes = 1001,
        .updates = 49800,
        .diverged = 2,
        .timing = {.started = "2025-08-12T10:00:00Z",
                   .ended = "2025-08-12T10:10:00Z",
                   .host = "node7",
                   .wall_s = 600.5,
                   .cpu_s = 599.25,
                   .steps_per_s = 1e5 / 3.0,
                   .pid = 4711,
                   .resumes = 1,
                   .jobs = 8},
    };
    RecordSource source = {.member = "east", .seed = 5, .hash = "1111", .score = -3.7};
    Status status = record_add_param(r, "goal_x", 0.25, &err);
    if (status == STATUS_OK) status = record_add_param(r, "goal_y", -0.125, &err);
    if (status == STATUS_OK) status = record_add_setting(r, "agent.gamma", "0.98", &err);
    if (status == STATUS_OK) status = record_add_setting(r, "explore", "low", &err);
    if (status == STATUS_OK) status = record_add_source(r, &source, &err);
    source.score = (double)NAN;
    if (status == STATUS_OK) status = record_add_source(r, &source, &err);
    if (status == STATUS_OK) status = record_add_diagnostic(r, "hit_rate", 0.1, &err);
    if (status == STATUS_OK) status = record_add_diagnostic(r, "agree", (double)NAN, &err);
    if (status == STATUS_OK) status = record_add_physics(r, "BADQACC", 12, &err);
    if (status == STATUS_OK) status = record_add_warning(r, "the table is sparse", &err);
    return status;
}

static void setup(void)
{
    char path[PATH_LENGTH];
    cr_assert(ne(ptr, mkdtemp(folder), NULL));
    cr_assert(eq(int, fill(&record), STATUS_OK), "%s", err.message);
    cr_assert(eq(int, record_write(&record, folder, &err), STATUS_OK), "%s", err.message);
    cr_assert(eq(int, path_format(path, &err, "%s/run.json", folder), STATUS_OK));
    cr_assert(eq(int, file_read(&written, NULL, path, 1 << 20, &err), STATUS_OK));
}

static void teardown(void)
{
    record_release(&record);
    record_release(&again);
    mem_free(written);
    cr_assert(eq(int, folder_remove(folder, &err), STATUS_OK));
}

static Status parse(const char *text)
{
    record_release(&again);
    return record_parse(&again, text, strlen(text), "run.json", &err);
}

// `written` with its first `from` replaced by `to`
static Status parse_with(const char *from, const char *to)
{
    const char *place = strstr(written, from);
    cr_assert(place != NULL, "the test wants to replace '%s', which is not there", from);
    Text text = TEXT_INIT;
    text_printf(&text, "%.*s%s%s", (int)(place - written), written, to, place + strlen(from));
    Status status = parse(text.data);
    text_release(&text);
    return status;
}

TestSuite(record, .init = setup, .fini = teardown);

Test(record, comes_back_field_by_field)
{
    cr_assert(eq(int, record_read(&again, folder, &err), STATUS_OK), "%s", err.message);
    cr_assert(eq(str, again.family, "reacher"));
    cr_assert(eq(str, again.member, "x-0.1_y0.2"));
    cr_assert(eq(str, again.role, "target"));
    cr_assert(eq(str, again.method, "dqinit"));
    cr_assert(eq(str, again.label, "frozen"));
    cr_assert(eq(int, again.seed, 7));
    cr_assert(eq(int, again.status, RUN_FAILED));
    cr_assert(eq(str, again.reason, "said \"no\"\non two lines"));
    cr_assert(eq(str, again.settings_hash, "0123456789abcdef"));
    cr_assert(eq(str, again.program, "0.1.0"));
    cr_assert(eq(str, again.commit, "abc1234"));
    cr_assert(eq(str, again.mujoco, "2.2.2"));
    cr_assert(eq(str, again.blas, "0.3.21 Haswell"));
    cr_assert(eq(str, again.compiler, "gcc 12.2.0"));
    cr_assert(eq(str, again.cpu, "Some CPU"));
    cr_assert(eq(int, again.task_version, 3));
    cr_assert(eq(str, again.model_hash, "fedcba9876543210"));
    cr_assert(eq(str, again.picked_source, "west"));
    cr_assert(eq(str, again.knowledge_hash, "00ff00ff00ff00ff"));
    cr_assert(eq(i64, again.knowledge_bytes, INT64_C(9007199254740991)));
    cr_assert(eq(i64, again.steps, 50000));
    cr_assert(eq(i64, again.episodes, 1001));
    cr_assert(eq(i64, again.updates, 49800));
    cr_assert(eq(i64, again.diverged, 2));
}

Test(record, lists_and_timing_come_back)
{
    cr_assert(eq(int, record_read(&again, folder, &err), STATUS_OK), "%s", err.message);
    cr_assert(eq(int, again.param_count, 2));
    cr_assert(eq(str, again.param[0].name, "goal_x"));
    cr_assert(eq(dbl, again.param[0].value, 0.25));
    cr_assert(eq(str, again.param[1].name, "goal_y"));
    cr_assert(eq(dbl, again.param[1].value, -0.125));
    cr_assert(eq(int, again.setting_count, 2));
    cr_assert(eq(str, again.setting[1].key, "explore"));
    cr_assert(eq(str, again.setting[1].value, "low"));
    cr_assert(eq(int, again.source_count, 2));
    cr_assert(eq(str, again.source[0].member, "east"));
    cr_assert(eq(int, again.source[0].seed, 5));
    cr_assert(eq(str, again.source[0].hash, "1111"));
    cr_assert(eq(dbl, again.source[0].score, -3.7));
    cr_assert(isnan(again.source[1].score));
    cr_assert(eq(int, again.diagnostic_count, 2));
    cr_assert(eq(dbl, again.diagnostic[0].value, 0.1));
    cr_assert(eq(str, again.diagnostic[1].name, "agree"));
    cr_assert(isnan(again.diagnostic[1].value));
    cr_assert(eq(int, again.physics_count, 1));
    cr_assert(eq(str, again.physics[0].name, "BADQACC"));
    cr_assert(eq(dbl, again.physics[0].value, 12.0));
    cr_assert(eq(int, again.warning_count, 1));
    cr_assert(eq(str, again.warning[0], "the table is sparse"));
    cr_assert(eq(str, again.timing.started, "2025-08-12T10:00:00Z"));
    cr_assert(eq(str, again.timing.ended, "2025-08-12T10:10:00Z"));
    cr_assert(eq(str, again.timing.host, "node7"));
    cr_assert(eq(dbl, again.timing.wall_s, 600.5));
    cr_assert(eq(dbl, again.timing.cpu_s, 599.25));
    cr_assert(eq(dbl, again.timing.steps_per_s, 1e5 / 3.0));
    cr_assert(eq(int, again.timing.pid, 4711));
    cr_assert(eq(int, again.timing.resumes, 1));
    cr_assert(eq(int, again.timing.jobs, 8));
}

Test(record, written_again_is_the_same_bytes)
{
    char path[PATH_LENGTH], *second;
    cr_assert(eq(int, record_read(&again, folder, &err), STATUS_OK));
    cr_assert(eq(int, record_write(&again, folder, &err), STATUS_OK));
    cr_assert(eq(int, path_format(path, &err, "%s/run.json", folder), STATUS_OK));
    cr_assert(eq(int, file_read(&second, NULL, path, 1 << 20, &err), STATUS_OK));
    cr_assert(eq(str, second, written));
    mem_free(second);
}

// whoever compares records cuts the file there
Test(record, timing_is_the_last_key_and_all_that_time_touches)
{
    char *cut = strstr(written, "\t\"timing\":");
    cr_assert(ne(ptr, cut, NULL));
    cr_assert(eq(ptr, strstr(cut, "\n\t}\n}\n") + 6, written + strlen(written)));
    *cut = '\0';
    cr_assert(eq(ptr, strstr(written, "2025-08-12"), NULL));
    cr_assert(eq(ptr, strstr(written, "node7"), NULL));
}

Test(record, of_a_run_that_just_began_can_be_read)
{
    RunRecord empty = {.family = "f", .member = "m", .role = "tune", .method = "scratch"};
    cr_assert(eq(int, record_write(&empty, folder, &err), STATUS_OK));
    cr_assert(eq(int, record_read(&again, folder, &err), STATUS_OK), "%s", err.message);
    cr_assert(eq(int, again.status, RUN_RUNNING));
    cr_assert(eq(int, again.setting_count, 0));
}

// `written` as an earlier schema version, and without some of its lines
static void turn_back(int version, const char *from, const char *to)
{
    char *place = strstr(written, "version\":\t"), *cut = strstr(written, from);
    cr_assert(place && cut && strstr(cut, to));
    place[strlen("version\":\t")] = (char)('0' + version);
    char *rest = strstr(cut, to);
    memmove(cut, rest, strlen(rest) + 1);
}

// records of the second schema version did not say which source a method took
Test(record, of_the_second_version_can_be_read)
{
    turn_back(2, "\t\"picked_source\"", "\t\"knowledge\"");
    cr_assert(eq(int, parse(written), STATUS_OK), "%s", err.message);
    cr_assert(eq(str, again.picked_source, ""));
    cr_assert(eq(int, again.param_count, 2));
    cr_assert(eq(str, again.knowledge_hash, "00ff00ff00ff00ff"));
    cr_assert(eq(int, parse_with("version\":\t2", "version\":\t3"), STATUS_PARSE));
    cr_assert(eq(str, err.message, "run.json:1: 'picked_source' is missing"));
}

// and those of the first had no parameters either
Test(record, of_the_first_version_can_be_read)
{
    turn_back(2, "\t\"picked_source\"", "\t\"knowledge\"");
    turn_back(1, "\t\"parameters\"", "\t\"method\"");
    cr_assert(eq(int, parse(written), STATUS_OK), "%s", err.message);
    cr_assert(eq(int, again.param_count, 0));
    cr_assert(eq(str, again.picked_source, ""));
    cr_assert(eq(str, again.method, "dqinit"));
    cr_assert(eq(int, again.timing.jobs, 8));
}

Test(record, every_status_has_its_name)
{
    static const char *const names[] = {"running", "done", "failed", "interrupted"};
    for (int i = 0; i < 4; i++) {
        Text to = TEXT_INIT;
        cr_assert(eq(str, run_status_name((RunStatus)i), names[i]));
        text_printf(&to, "\"%s\"", names[i]);
        cr_assert(eq(int, parse_with("\"failed\"", to.data), STATUS_OK), "%s", err.message);
        cr_assert(eq(int, again.status, i));
        text_release(&to);
    }
}

Test(record, anything_else_is_refused_by_file_and_line)
{
    static const struct {
        const char *from, *to, *message;
    } bad[] = {
        {"\t\"schema_version\":\t3", "\t\"schema_version\":\t4",
         "run.json:2: schema version 4; this program reads versions 1 to 3"},
        {"\t\"schema_version\":\t3", "\t\"schema_version\":\t1.5",
         "run.json:2: schema version 1.5; this program reads versions 1 to 3"},
        {"\t\"schema_version\":\t3", "\t\"schema_version\":\t1",
         "run.json:6: unknown key 'parameters'"},
        {"\t\"schema_version\":\t3", "\t\"schema_version\":\t2",
         "run.json:39: unknown key 'picked_source'"},
        {"\"picked_source\":\t\"west\",", "", "run.json:1: 'picked_source' is missing"},
        {"\"goal_x\":\t0.25", "\"goal_x\":\t\"0.25\"", "run.json:7: 'goal_x' must be a number"},
        {"\"goal_x\"", "\"goal_y\"", "run.json:8: 'goal_y' is given twice"},
        {"\"schema_version\":\t3,", "", "run.json:1: 'schema_version' is missing"},
        {"\"seed\":\t7", "\"sede\":\t7",
         "run.json:12: unknown key 'sede'; did you mean 'seed'?"},
        {"\"seed\":\t7", "\"seed\":\t\"7\"", "run.json:12: 'seed' must be a number"},
        {"\"seed\":\t7", "\"seed\":\t7.5",
         "run.json:12: 'seed' must be a whole number from 0 to 2147483647"},
        {"\"seed\":\t7", "\"seed\":\t-1",
         "run.json:12: 'seed' must be a whole number from 0 to 2147483647"},
        {"\"seed\":\t7", "\"seed\":\t2147483648",
         "run.json:12: 'seed' must be a whole number from 0 to 2147483647"},
        {"9007199254740991", "1e17",
         "run.json:42: 'bytes' must be a whole number from 0 to 9007199254740992"},
        {"\"failed\"", "\"fine\"",
         "run.json:13: status 'fine' is not running, done, failed or interrupted"},
        {"\"target\"", "\"goal\"", "run.json:5: role 'goal' is not source, tune or target"},
        {"\"reacher\"", "\"../etc\"", "run.json:3: '../etc' cannot be a family"},
        {"\"reacher\"", "\"\"", "run.json:3: 'family' is empty"},
        {"\"reacher\"", "null", "run.json:3: 'family' must be a string"},
        {"\"dqinit\"", "\".hidden\"", "run.json:10: '.hidden' cannot be a method"},
        {"\"frozen\"", "\"a b\"", "run.json:11: 'a b' cannot be a label"},
        {"\"0.98\"", "0.98", "run.json:16: 'agent.gamma' must be a string"},
        {"\"score\":\t-3.7", "\"score\":\t\"x\"", "run.json:32: 'score' must be a number"},
        {"\"score\":\t-3.7", "\"outcome\":\t-3.7", "run.json:32: unknown key 'outcome'"},
        {"\"hit_rate\":\t0.1", "\"hit_rate\":\t1e999",
         "run.json:49: 'hit_rate' must be a number"},
        {"\"hit_rate\"", "\"agree\"", "run.json:50: 'agree' is given twice"},
        {"[\"the table is sparse\"]", "[7]", "run.json:55: a warning must be a string"},
        {"[\"the table is sparse\"]", "{}", "run.json:55: 'warnings' must be an array"},
        {"\"pid\":\t4711", "\"pid\":\tnull", "run.json:63: 'pid' must be a number"},
        {"\"jobs\":\t8", "\"jobs\":\t8, \"x\": 1", "run.json:65: unknown key 'x'"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        cr_assert(eq(int, parse_with(bad[i].from, bad[i].to), STATUS_PARSE), "%s",
                  bad[i].message);
        cr_assert(eq(str, err.message, bad[i].message));
    }
    cr_assert(eq(int, parse("[]"), STATUS_PARSE));
    cr_assert(eq(str, err.message, "run.json:1: a record must be an object"));
}

// each key in turn loses its first letter
Test(record, no_key_may_be_missing)
{
    int keys = 0;
    for (char *p = written; (p = strstr(p, "\":\t")); p++) {
        char *key = p;
        while (key[-1] != '"')
            key--;
        char letter = *key;
        *key = '?';
        Status status = parse(written);
        // names of settings and numbers are free
        bool listed = strncmp(key + 1, "gent.gamma", 10) == 0 ||
                      strncmp(key + 1, "xplore", 6) == 0 ||
                      strncmp(key + 1, "it_rate", 7) == 0 || strncmp(key + 1, "gree", 4) == 0 ||
                      strncmp(key + 1, "ADQACC", 6) == 0 || strncmp(key + 1, "oal_", 4) == 0;
        cr_assert(eq(int, status, listed ? STATUS_OK : STATUS_PARSE), "%.20s", key);
        *key = letter;
        keys++;
    }
    cr_assert(
        eq(int, keys, 31 + 2 + 2 + 2 * 4 + 2 + 2 + 1 + 9)); // all there are in the example
}

Test(record, is_refused_when_cut_short_anywhere)
{
    size_t whole = strlen(written) - 1; // without its last line feed
    for (size_t size = 0; size < whole; size++) {
        record_release(&again);
        Status status = record_parse(&again, written, size, "run.json", &err);
        cr_assert(eq(int, status, STATUS_PARSE), "%zu bytes", size);
    }
}

Test(record, strings_have_a_length)
{
    char longest[RECORD_TEXT + 1];
    memset(longest, 'x', sizeof longest - 1);
    longest[RECORD_NAME - 1] = '\0'; // fits
    cr_assert(eq(int, record_add_setting(&record, longest, longest, &err), STATUS_OK));
    cr_assert(eq(int, parse_with("Some CPU", longest), STATUS_OK), "%s", err.message);
    cr_assert(eq(str, again.cpu, longest));

    longest[RECORD_NAME - 1] = 'x';
    longest[RECORD_NAME] = '\0'; // does not
    cr_assert(eq(int, record_add_setting(&record, longest, "", &err), STATUS_RANGE));
    cr_assert(eq(int, record_add_setting(&record, "key", longest, &err), STATUS_RANGE));
    cr_assert(eq(int, record_add_diagnostic(&record, longest, 1, &err), STATUS_RANGE));
    cr_assert(eq(int, parse_with("Some CPU", longest), STATUS_PARSE));
    cr_assert(eq(str, err.message, "run.json:25: 'cpu' is longer than 63 characters"));
    cr_assert(eq(int, parse_with("agent.gamma", longest), STATUS_PARSE));
    cr_assert(eq(int, parse_with("BADQACC", longest), STATUS_PARSE));
    cr_assert(eq(int, parse_with("0.98", longest), STATUS_PARSE));
}

Test(record, long_warnings_are_cut_between_characters)
{
    char sentence[RECORD_TEXT + 8];
    memset(sentence, 'a', sizeof sentence);
    memcpy(sentence + RECORD_TEXT - 2, "\xC3\xA9z", 4); // the cut would halve the accented e
    cr_assert(eq(int, record_add_warning(&record, sentence, &err), STATUS_OK));
    cr_assert(eq(sz, strlen(record.warning[1]), RECORD_TEXT - 2));
}

Test(record, lists_refuse_names_given_twice_and_have_an_end)
{
    cr_assert(eq(int, record_add_setting(&record, "explore", "full", &err), STATUS_RANGE));
    cr_assert(eq(str, err.message, "setting 'explore' is given twice"));
    cr_assert(eq(int, record_add_diagnostic(&record, "agree", 1, &err), STATUS_RANGE));
    cr_assert(eq(int, record_add_physics(&record, "BADQACC", 1, &err), STATUS_RANGE));

    for (int i = 1; i < RECORD_ITEMS; i++)
        cr_assert(eq(int, record_add_warning(&record, "w", &err), STATUS_OK), "%d", i);
    cr_assert(eq(int, record_add_warning(&record, "w", &err), STATUS_RANGE));
    cr_assert(eq(int, record.warning_count, RECORD_ITEMS));
}

Test(record, a_missing_file_is_missing)
{
    cr_assert(eq(int, record_read(&again, "/tmp/nothing-here", &err), STATUS_MISSING));
}

Test(record, lack_of_memory_is_said)
{
    Status status = STATUS_NOMEM;
    int failures = -1;
    for (; status != STATUS_OK; failures++) {
        mem_fail_at(failures + 1);
        status = parse(written);
        mem_fail_at(-1);
        cr_assert(status == STATUS_OK || status == STATUS_NOMEM, "%s", err.message);
    }
    cr_assert(ge(int, failures, 10)); // text, name, and the lists growing

    status = STATUS_NOMEM;
    for (failures = -1; status != STATUS_OK; failures++) {
        record_release(&again);
        mem_fail_at(failures + 1);
        status = fill(&again);
        mem_fail_at(-1);
        cr_assert(status == STATUS_OK || status == STATUS_NOMEM, "%s", err.message);
    }
    cr_assert(ge(int, failures, 10)); // six lists, four of them grown once
}

Test(record, lack_of_memory_leaves_the_file_as_it_was)
{
    mem_fail_at(1); // the text; the first request is the document's
    cr_assert(eq(int, record_write(&record, folder, &err), STATUS_NOMEM));
    mem_fail_at(-1);
    cr_assert(eq(int, record_read(&again, folder, &err), STATUS_OK));
}
