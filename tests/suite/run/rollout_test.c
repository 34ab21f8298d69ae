#include "suite/run/rollout.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "models/tasks.h"
#include "suite/core/mem.h"
#include "tests/support/folder.h"

enum { ACTIONS = 9, NQ = 4 };

static Env *env;

static void silence(const char *message)
{
    (void)message;
}

static void setup(void)
{
    const Member member = {.name = "here", .param = {0.1, 0.05, 0}};
    const double torque = 0.2;
    Error err = {0};
    mju_user_warning = silence;
    test_folder_make();
    Status status = env_new(&env, &task_reacher, TEST_MODELS_DIR, &member, &torque, &err);
    cr_assert(eq(int, status, STATUS_OK), "%s", err.message);
}

static void teardown(void)
{
    env_free(env);
    test_folder_remove();
}

TestSuite(rollout, .init = setup, .fini = teardown);

static RngStream stream(void)
{
    return rng_stream(3, RNG_ROLLOUT, 0);
}

// -- actions

static Status parse(ActionList *list, const char *text, Error *err)
{
    return actions_parse(list, text, strlen(text), "walk.txt", ACTIONS, err);
}

static void parses(const char *text, const int *expected, int count)
{
    ActionList list;
    Error err = {0};
    cr_assert(eq(int, parse(&list, text, &err), STATUS_OK), "%s", err.message);
    cr_assert(eq(int, list.count, count), "%s", text);
    for (int i = 0; i < count; i++)
        cr_assert(eq(int, list.action[i], expected[i]), "%s: action %d", text, i);
    actions_release(&list);
}

Test(rollout, actions_are_one_a_line_with_comments)
{
    const int expected[] = {0, 8, 3};
    parses("0\n8\n3\n", expected, 3);
    parses("0\r\n8\r\n3", expected, 3);
    parses("# a walk\n\n 0\n\t8 # and on\n   \n3#", expected, 3);
    parses("", NULL, 0);
    parses("# nothing", NULL, 0);
}

static void refuses(const char *text, size_t size, const char *place)
{
    ActionList list;
    Error err = {0};
    cr_assert(
        eq(int, actions_parse(&list, text, size, "walk.txt", ACTIONS, &err), STATUS_PARSE),
        "%s", text);
    cr_assert(strncmp(err.message, place, strlen(place)) == 0, "%s", err.message);
    cr_assert(strstr(err.message, "0 to 8") != NULL, "%s", err.message);
    actions_release(&list);
}

Test(rollout, lines_that_are_no_action_are_refused_by_their_number)
{
    static const char *const lines[] = {"9",
                                        "-1",
                                        "1.0",
                                        "x",
                                        "1 2",
                                        "+1",
                                        "0x1",
                                        "1,",
                                        "\"",
                                        "1e0",
                                        "99999999999999999999",
                                        "0000000000000000000000000000000000000000001"};
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        char text[128];
        int n = snprintf(text, sizeof text, "1\n# two\n\n%s\n2\n", lines[i]);
        refuses(text, (size_t)n, "walk.txt:4: ");
    }
    refuses("1\n2\0junk\n", 9, "walk.txt:2: ");
}

Test(rollout, actions_come_from_a_file)
{
    ActionList list;
    Error err = {0};
    const char *path = test_path("walk.txt");
    test_put_file(path, "4\n5\n", 4);
    cr_assert(eq(int, actions_read(&list, path, ACTIONS, &err), STATUS_OK), "%s", err.message);
    cr_assert(eq(int, list.count, 2));
    cr_assert(eq(int, list.action[1], 5));
    actions_release(&list);

    test_put_file(path, "4\n5\n9\n", 6);
    cr_assert(eq(int, actions_read(&list, path, ACTIONS, &err), STATUS_PARSE));
    cr_assert(strstr(err.message, "walk.txt:3: ") != NULL, "%s", err.message);
    actions_release(&list);
    cr_assert(eq(int, actions_read(&list, "/nowhere", ACTIONS, &err), STATUS_MISSING));
    actions_release(&list);
}

// -- states

static Status read_state(RolloutState *state, const char *text, Error *err)
{
    const char *path = test_path("state.json");
    test_put_file(path, text, strlen(text));
    return rollout_state_read(state, path, env, err);
}

Test(rollout, a_state_has_positions_velocities_and_maybe_a_warm_start)
{
    RolloutState state;
    Error err = {0};
    Status status =
        read_state(&state, "{\"qpos\": [1, 2, 0.1, 0.2], \"qvel\": [3, 4, 0, 0]}", &err);
    cr_assert(eq(int, status, STATUS_OK), "%s", err.message);
    cr_assert(eq(dbl, state.qpos[3], 0.2));
    cr_assert(eq(dbl, state.qvel[0], 3.0));
    cr_assert(eq(ptr, state.warmstart, NULL));
    rollout_state_release(&state);

    status = read_state(&state,
                        "{\"qvel\": [3, 4, 0, 0], \"qpos\": [1, 2, 0.1, 0.2],"
                        " \"qacc_warmstart\": [5, 6, 7, 8]}",
                        &err);
    cr_assert(eq(int, status, STATUS_OK), "%s", err.message);
    cr_assert(eq(dbl, state.warmstart[3], 8.0));
    rollout_state_release(&state);
}

Test(rollout, a_state_that_does_not_fit_is_refused_by_line)
{
    static const struct {
        const char *text;
        int line;
        const char *says;
    } cases[] = {
        {"[]", 1, "must hold an object"},
        {"{\"qpos\": [0,0,0,0]}", 1, "'qvel' is missing"},
        {"{\"qpos\": [0,0,0,0],\n\"qvel\": [0,0,0]}", 2, "'qvel' must be a list of 4 numbers"},
        {"{\"qpos\": [0,0,0,0,0],\n\"qvel\": [0,0,0]}", 1, "'qpos' must be a list of 4"},
        {"{\"qpos\": 0}", 1, "'qpos' must be a list of 4"},
        {"{\"qpos\": [0,0,\n\"1\",0]}", 2, "'qpos' must hold numbers only"},
        {"{\"qpos\": [0,0,0,\n\n1e999]}", 3, "'qpos' must hold numbers only"},
        {"{\"qpos\": [0,0,0,0],\n\"qval\": [0,0,0,0]}", 2, "did you mean 'qvel'?"},
        {"{\"qpos\": [0,0,0,0], \"qvel\": [0,0,0,0],\n\"qacc_warmstart\": [0]}", 2,
         "'qacc_warmstart' must be a list of 4"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        RolloutState state;
        Error err = {0};
        char place[32];
        (void)snprintf(place, sizeof place, "state.json:%d: ", cases[i].line);
        cr_assert(eq(int, read_state(&state, cases[i].text, &err), STATUS_PARSE), "%s",
                  cases[i].text);
        cr_assert(strstr(err.message, place) != NULL, "not %s: %s", place, err.message);
        cr_assert(strstr(err.message, cases[i].says) != NULL, "%s", err.message);
        rollout_state_release(&state);
    }
}

// -- the CSV

enum { ROWS = 64, COLUMNS = 2 + NQ + NQ + 10 + 3 };

typedef struct Csv {
    char *text;
    char *cell[ROWS][COLUMNS];
    int rows;
} Csv;

static void split(Csv *csv)
{
    char *line, *lines = csv->text;
    for (csv->rows = 0; *lines && (line = strsep(&lines, "\n")); csv->rows++) {
        cr_assert(lt(int, csv->rows, ROWS));
        int column = 0;
        for (char *cell; (cell = strsep(&line, ",")); column++) {
            cr_assert(lt(int, column, COLUMNS), "row %d is too long", csv->rows);
            csv->cell[csv->rows][column] = cell;
        }
        cr_assert(eq(int, column, COLUMNS), "row %d", csv->rows);
    }
}

static Status roll(Csv *csv, int *action, int count, const RolloutState *state, Error *err)
{
    size_t size;
    FILE *file = open_memstream(&csv->text, &size);
    cr_assert(file != NULL);
    ActionList list = {.action = action, .count = count};
    Status status = rollout_write(file, env, &list, state, stream(), err);
    cr_assert(eq(int, fclose(file), 0));
    split(csv);
    return status;
}

static void same_row(Csv *csv, int row, const EnvStep *step)
{
    double expected[NQ + NQ + 10 + 1];
    memcpy(expected, env_position(env), NQ * sizeof(double));
    memcpy(expected + NQ, env_velocity(env), NQ * sizeof(double));
    memcpy(expected + 2 * NQ, env_observation(env), 10 * sizeof(double));
    expected[2 * NQ + 10] = step->reward;
    // the first row has no reward
    for (int i = 0; i < 2 * NQ + 10 + (row > 1); i++)
        cr_assert(eq(dbl, strtod(csv->cell[row][2 + i], NULL), expected[i]),
                  "row %d, column %d", row, 2 + i);
    cr_assert(eq(str, csv->cell[row][COLUMNS - 2], "0"));
    cr_assert(eq(str, csv->cell[row][COLUMNS - 1], step->truncated ? "1" : "0"));
}

Test(rollout, header_and_first_row_are_as_promised)
{
    Csv csv;
    cr_assert(eq(int, roll(&csv, NULL, 0, NULL, NULL), STATUS_OK));
    cr_assert(eq(int, csv.rows, 2));
    static const struct {
        int column;
        const char *name;
    } names[] = {{0, "t"},       {1, "action"},      {2, "qpos0"},
                 {6, "qvel0"},   {10, "obs0"},       {19, "obs9"},
                 {20, "reward"}, {21, "terminated"}, {22, "truncated"}};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        cr_assert(eq(str, csv.cell[0][names[i].column], names[i].name));
    cr_assert(eq(str, csv.cell[1][0], "0"));
    cr_assert(eq(str, csv.cell[1][1], ""));
    cr_assert(eq(str, csv.cell[1][20], ""));
    env_reset(env, stream());
    same_row(&csv, 1, &(EnvStep){0});
    free(csv.text);
}

Test(rollout, rows_read_back_as_exactly_what_happened)
{
    enum { COUNT = 20 };
    int action[COUNT];
    for (int i = 0; i < COUNT; i++)
        action[i] = i % ACTIONS;
    Csv csv;
    cr_assert(eq(int, roll(&csv, action, COUNT, NULL, NULL), STATUS_OK));
    cr_assert(eq(int, csv.rows, COUNT + 2));

    env_reset(env, stream());
    for (int i = 0; i < COUNT; i++) {
        EnvStep step = env_step(env, action[i]);
        cr_assert(eq(int, atoi(csv.cell[i + 2][0]), i + 1));
        cr_assert(eq(int, atoi(csv.cell[i + 2][1]), action[i]));
        same_row(&csv, i + 2, &step);
    }
    free(csv.text);
}

Test(rollout, stops_after_the_row_that_ends_the_episode)
{
    int action[60] = {0};
    Csv csv;
    cr_assert(eq(int, roll(&csv, action, 60, NULL, NULL), STATUS_OK));
    cr_assert(eq(int, csv.rows, 2 + task_reacher.time_limit));
    cr_assert(eq(str, csv.cell[csv.rows - 2][COLUMNS - 1], "0"));
    cr_assert(eq(str, csv.cell[csv.rows - 1][COLUMNS - 1], "1"));
    cr_assert(eq(str, csv.cell[csv.rows - 1][COLUMNS - 2], "0"));
    free(csv.text);
}

Test(rollout, begins_in_the_given_state)
{
    double qpos[NQ] = {0.3, -1, 0.1, 0.05}, qvel[NQ] = {2, -3, 0, 0};
    int action[1] = {4};
    Csv csv;
    cr_assert(eq(int, roll(&csv, action, 1, &(RolloutState){.qpos = qpos, .qvel = qvel}, NULL),
                 STATUS_OK));
    for (int i = 0; i < NQ; i++) {
        cr_assert(eq(dbl, strtod(csv.cell[1][2 + i], NULL), qpos[i]));
        cr_assert(eq(dbl, strtod(csv.cell[1][2 + NQ + i], NULL), qvel[i]));
    }
    env_set_state(env, qpos, qvel, NULL);
    EnvStep step = env_step(env, 4);
    same_row(&csv, 2, &step);
    free(csv.text);
}

Test(rollout, names_the_step_and_the_cause_when_physics_diverges)
{
    double qpos[NQ] = {0}, qvel[NQ] = {1e12, 0, 0, 0};
    int action[3] = {0};
    Csv csv;
    Error err = {0};
    Status status = roll(&csv, action, 3, &(RolloutState){.qpos = qpos, .qvel = qvel}, &err);
    cr_assert(eq(int, status, STATUS_PHYSICS));
    cr_assert(strstr(err.message, "step 1: bad_qvel") != NULL, "%s", err.message);
    cr_assert(eq(int, csv.rows, 3));
    cr_assert(eq(str, csv.cell[2][COLUMNS - 2], "0"));
    cr_assert(eq(str, csv.cell[2][COLUMNS - 1], "0"));
    free(csv.text);
}

Test(rollout, says_when_the_disk_is_full)
{
    FILE *file = fopen("/dev/full", "we");
    cr_assert(file != NULL);
    Error err = {0};
    ActionList none = {0};
    cr_assert(eq(int, rollout_write(file, env, &none, NULL, stream(), &err), STATUS_IO));
    cr_assert(ne(chr, err.message[0], '\0'));
    (void)fclose(file);
}

Test(rollout, every_failed_allocation_is_reported)
{
    static const char text[] = "{\"qpos\": [0,0,0,0], \"qvel\": [0,0,0,0],"
                               " \"qacc_warmstart\": [0,0,0,0]}";
    const char *path = test_path("state.json");
    test_put_file(path, text, strlen(text));
    Status status = STATUS_NOMEM;
    for (int n = 0; status != STATUS_OK; n++) {
        RolloutState state;
        mem_fail_at(n);
        status = rollout_state_read(&state, path, env, NULL);
        mem_fail_at(-1);
        cr_assert(status == STATUS_OK || status == STATUS_NOMEM, "%s", status_name(status));
        rollout_state_release(&state);
    }
    ActionList list;
    mem_fail_at(0);
    cr_assert(eq(int, parse(&list, "1\n", NULL), STATUS_NOMEM));
    actions_release(&list);
}
