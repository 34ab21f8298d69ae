#include "suite/run/experiment.h"

#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "suite/core/mem.h"
#include "tests/support/folder.h"

static Experiment experiment;
static Error err;

static void teardown(void)
{
    experiment_release(&experiment);
    test_folder_remove();
}

TestSuite(experiment, .init = test_folder_make, .fini = teardown);

static Status read_text(const char *text)
{
    const char *path = test_path("paper.json");
    test_put_file(path, text, strlen(text));
    experiment_release(&experiment);
    return experiment_read(&experiment, path, &err);
}

// refused with this behind the file's name
static void refuses(const char *message, const char *text)
{
    cr_assert(eq(int, read_text(text), STATUS_PARSE), "%s", text);
    const char *said = strstr(err.message, "/paper.json:");
    cr_assert(said != NULL, "%s", err.message);
    cr_assert(eq(str, said + 12, message), "%s", text);
}

// a row that is good but for this, on line 2
static void refuses_row(const char *message, const char *keys)
{
    Text text = TEXT_INIT;
    text_printf(&text, "{\"name\": \"n\", \"rows\": [\n{%s}]}", keys);
    refuses(message, text.data);
    text_release(&text);
}

Test(experiment, gives_each_row_its_words)
{
    cr_assert(eq(int,
                 read_text("{\"name\": \"paper\", \"notes\": [{}], \"seeds\": \"0-19\",\n"
                           "\"rows\": [{\"tasks\": [\"reacher\", \"hopper\"],\n"
                           " \"members\": \"tune,near_east\", \"method\": \"dqinit\",\n"
                           " \"label\": \"frozen\", \"seeds\": \"3,4\"},\n"
                           "{\"tasks\": \"all\", \"methods\": [\"scratch\", \"dqinit\"]}]}"),
                 STATUS_OK),
              "%s", err.message);
    const ExperimentRow *row = experiment.row;
    cr_assert(eq(int, experiment.count, 2));
    cr_assert(eq(str, experiment.name, "paper"));
    cr_assert(eq(str, row[0].tasks, "reacher,hopper"));
    cr_assert(eq(str, row[0].members, "tune,near_east"));
    cr_assert(eq(str, row[0].methods, "dqinit"));
    cr_assert(eq(str, row[0].label, "frozen"));
    cr_assert(eq(str, row[0].seeds, "3,4"));
    cr_assert(eq(int, row[0].line, 2));
    cr_assert(eq(str, row[1].tasks, "all"));
    cr_assert(eq(str, row[1].members, "targets"));
    cr_assert(eq(str, row[1].methods, "scratch,dqinit"));
    cr_assert(eq(str, row[1].label, ""));
    cr_assert(eq(str, row[1].seeds, "0-19"));
    cr_assert(eq(int, row[1].line, 5));
}

Test(experiment, has_all_tasks_and_ten_seeds_if_it_names_none)
{
    cr_assert(eq(int, read_text("{\"name\": \"n\", \"rows\": [{\"method\": \"scratch\"}]}"),
                 STATUS_OK));
    cr_assert(eq(str, experiment.row[0].tasks, "all"));
    cr_assert(eq(str, experiment.row[0].seeds, "10"));
}

Test(experiment, puts_the_settings_of_a_row_above_those_of_the_file)
{
    cr_assert(
        eq(int,
           read_text("{\"name\": \"n\", \"settings\": {\"agent.lr\": 0.01, \"run.steps\": 5},\n"
                     "\"rows\": [{\"method\": \"dqinit\", \"settings\":"
                     " {\"agent.lr\": 0.25, \"explore\": \"full\"}}]}"),
           STATUS_OK),
        "%s", err.message);
    static const char *const want[][2] = {
        {"agent.lr", "0.01"}, {"run.steps", "5"}, {"agent.lr", "0.25"}, {"explore", "full"}};
    cr_assert(eq(int, experiment.row[0].set_count, 4));
    for (int i = 0; i < 4; i++) {
        cr_assert(eq(str, experiment.row[0].set[i].key, want[i][0]));
        cr_assert(eq(str, experiment.row[0].set[i].value, want[i][1]));
    }
}

Test(experiment, refuses_what_is_no_experiment)
{
    refuses("1: not valid JSON", "");
    refuses("1: an experiment must be an object", "[]");
    refuses("2: unknown key 'row'; did you mean 'rows'?", "{\"name\": \"n\",\n\"row\": []}");
    refuses("1: 'name' is missing", "{\"rows\": [{\"method\": \"scratch\"}]}");
    refuses("1: 'rows' must be a list of at least one row", "{\"name\": \"n\"}");
    refuses("2: 'rows' must be a list of at least one row", "{\"name\": \"n\",\n\"rows\": []}");
    refuses("2: 'seeds' must be a string", "{\"name\": \"n\",\n\"seeds\": 3}");
    refuses(
        "2: 'seeds' cannot be '0': give a count from 1 to 100000, a range such as 3-7, or a "
        "list such as 1,4,9",
        "{\"name\": \"n\",\n\"seeds\": \"0\"}");
    refuses("2: 'settings' must be an object", "{\"name\": \"n\",\n\"settings\": []}");
    refuses("2: unknown setting 'agent.gama'; did you mean 'agent.gamma'?",
            "{\"name\": \"n\", \"settings\": {\n\"agent.gama\": 0.9},\n"
            "\"rows\": [{\"method\": \"scratch\"}]}");
}

Test(experiment, refuses_a_wrong_row_with_its_line)
{
    refuses("2: a row must be an object", "{\"name\": \"n\", \"rows\": [\n3]}");
    refuses_row("2: unknown key 'member'; did you mean 'members'?", "\"member\": \"tune\"");
    refuses_row("2: 'method' is missing, or a list 'methods'", "\"label\": \"a\"");
    refuses_row("2: a row has 'method' or 'methods', not both",
                "\"method\": \"scratch\", \"methods\": [\"scratch\"]");
    refuses_row("3: unknown method 'dqint'; did you mean 'dqinit'?", "\n\"method\": \"dqint\"");
    refuses_row("2: 'method' must be a string", "\"method\": [\"scratch\"]");
    refuses_row("2: 'methods' must be a list of at least one name", "\"methods\": \"scratch\"");
    refuses_row("2: 'methods' must be a list of at least one name", "\"methods\": []");
    refuses_row("3: 'scratch' is named twice", "\"methods\": [\"scratch\",\n\"scratch\"]");
    refuses_row("2: a name must be a string", "\"methods\": [1]");
    refuses_row("2: 'tasks' must be a list of at least one name, or \"all\"",
                "\"method\": \"scratch\", \"tasks\": \"reacher\"");
    refuses_row("3: unknown task 'reecher'; did you mean 'reacher'?",
                "\"method\": \"scratch\", \"tasks\": [\n\"reecher\"]");
    refuses_row("2: 'reacher' is named twice",
                "\"method\": \"scratch\", \"tasks\": [\"reacher\", \"reacher\"]");
    refuses_row("2: 'members' must be a string", "\"method\": \"scratch\", \"members\": []");
    refuses_row("3: 'label' cannot be 'a/b': letters, digits, '_', '.' and '-', at most 47",
                "\"method\": \"scratch\",\n\"label\": \"a/b\"");
    refuses_row("2: 'seeds' names seed 1 twice", "\"method\": \"scratch\", \"seeds\": \"1,1\"");
    refuses_row("2: 'settings' must be an object", "\"method\": \"scratch\", \"settings\": 1");
    refuses_row("3: setting 'run.steps' must be a number, true, false or a short string",
                "\"method\": \"scratch\", \"settings\": {\n\"run.steps\": null}");
    refuses_row("3: setting 'agent.gamma' cannot be '2': it takes a number from 0 to 1",
                "\"method\": \"scratch\", \"settings\": {\n\"agent.gamma\": 2}");
    refuses_row("2: 'label' is given twice", "\"label\": \"a\", \"label\": \"a\"");
}

Test(experiment, is_found_by_its_name_or_its_path)
{
    char path[PATH_LENGTH];
    cr_assert(eq(int, experiment_find(path, "here.json", "/none", &err), STATUS_OK));
    cr_assert(eq(str, path, "here.json"));
    cr_assert(eq(int, experiment_find(path, "./here", "/none", &err), STATUS_OK));
    cr_assert(eq(str, path, "./here"));

    test_put_file(test_path("paper.json"), "{}", 2);
    cr_assert(eq(int, experiment_find(path, "paper", test_folder(), &err), STATUS_OK));
    cr_assert(eq(str, path, test_path("paper.json")));
    cr_assert(eq(int, experiment_find(path, "papr", test_folder(), &err), STATUS_USAGE));
    cr_assert(strstr(err.message, "there is no experiment 'papr' in '") != NULL);
    cr_assert(strstr(err.message, "did you mean 'paper'?") != NULL, "%s", err.message);
    cr_assert(eq(int, experiment_find(path, "paper", "/none", &err), STATUS_USAGE));
}

Test(experiment, is_missing_by_the_name_of_the_option)
{
    cr_assert(eq(int, experiment_read(&experiment, test_path("no.json"), &err), STATUS_USAGE));
    cr_assert(strncmp(err.message, "--experiment: cannot read", 25) == 0, "%s", err.message);
}

Test(experiment, gives_up_cleanly_when_memory_ends)
{
    static const char text[] = "{\"name\": \"n\", \"settings\": {\"run.steps\": 5}, \"rows\": "
                               "[{\"tasks\": [\"reacher\"], \"methods\": [\"dqinit\"]}]}";
    Status status = STATUS_NOMEM;
    int fail = 0;
    const char *path = test_path("paper.json");
    test_put_file(path, text, sizeof text - 1);
    for (; status != STATUS_OK; fail++) {
        mem_fail_at(fail);
        status = experiment_read(&experiment, path, &err);
        mem_fail_at(-1);
        experiment_release(&experiment);
        cr_assert(status == STATUS_OK || status == STATUS_NOMEM, "failing request %d: %s", fail,
                  err.message);
    }
    cr_assert(lt(int, 10, fail));
}
