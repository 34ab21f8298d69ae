#include "results/reference.h"

#include <math.h>
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "suite/core/file.h"
#include "tests/results/made_runs.h"
#include "tests/support/folder.h"

static ReferenceList list;
static Error err;

static void teardown(void)
{
    reference_release(&list);
    collect_release(&made);
}

TestSuite(reference, .fini = teardown);

// -- the file

// as reference_print() lays it out; no two numbers are alike
static const char file[] = "{\n"
                           "\t\"family\":\t\"pendulum\",\n"
                           "\t\"task_version\":\t3,\n"
                           "\t\"mujoco\":\t\"2.2.2\",\n"
                           "\t\"random\":\t{\n"
                           "\t\t\"episodes\":\t1000\n"
                           "\t},\n"
                           "\t\"long\":\t{\n"
                           "\t\t\"runs\":\t10,\n"
                           "\t\t\"steps\":\t90000,\n"
                           "\t\t\"column\":\t\"scratch+long\"\n"
                           "\t},\n"
                           "\t\"members\":\t[{\n"
                           "\t\t\t\"name\":\t\"m1_l0.5\",\n"
                           "\t\t\t\"random\":\t-1213.0000000000002,\n"
                           "\t\t\t\"long\":\t-150.1\n"
                           "\t\t}, {\n"
                           "\t\t\t\"name\":\t\"base\",\n"
                           "\t\t\t\"random\":\t-1100,\n"
                           "\t\t\t\"long\":\t7\n"
                           "\t\t}]\n"
                           "}\n";

static Status parse(const char *text)
{
    reference_release(&list);
    return reference_parse(&list, "pendulum", text, strlen(text), "references.json", &err);
}

Test(reference, reads_every_number_to_its_place)
{
    cr_assert(eq(int, parse(file), STATUS_OK), "%s", err.message);
    cr_assert(eq(str, list.family, "pendulum"));
    cr_assert(eq(str, list.mujoco, "2.2.2"));
    cr_assert(eq(str, list.column, "scratch+long"));
    cr_assert(eq(int, list.task_version, 3));
    cr_assert(eq(int, list.episodes, 1000));
    cr_assert(eq(int, list.runs, 10));
    cr_assert(eq(i64, list.steps, 90000));
    cr_assert(eq(int, list.count, 2));
    cr_assert(eq(str, list.member[0].member, "m1_l0.5"));
    cr_assert(eq(dbl, list.member[0].random, -1213.0000000000002));
    cr_assert(eq(dbl, list.member[0].long_run, -150.1));
    cr_assert(eq(ptr, reference_find(&list, "base"), &list.member[1]));
    cr_assert(eq(ptr, reference_find(&list, "bas"), NULL));
}

Test(reference, prints_what_it_read)
{
    Text text = TEXT_INIT;
    cr_assert(eq(int, parse(file), STATUS_OK));
    cr_assert(eq(int, reference_print(&list, &text, &err), STATUS_OK));
    cr_assert(eq(str, text.data, file));
    text_release(&text);
}

// the file with its first `from` replaced
static const char *with(const char *from, const char *to)
{
    static char text[2 * sizeof file];
    const char *place = strstr(file, from);
    cr_assert(ne(ptr, place, NULL), "'%s'", from);
    (void)snprintf(text, sizeof text, "%.*s%s%s", (int)(place - file), file, to,
                   place + strlen(from));
    return text;
}

// the labels of records can have a '=', and so can the column of long runs
Test(reference, names_are_those_of_records)
{
    cr_assert(eq(int, parse(with("scratch+long", "scratch+x=.1")), STATUS_OK), "%s",
              err.message);
    cr_assert(eq(str, list.column, "scratch+x=.1"));
}

Test(reference, refuses_with_file_and_line)
{
    static const struct {
        const char *from, *to, *message;
    } cases[] = {
        {"\"pendulum\"", "\"reacher\"",
         "2: these are references of family 'reacher', not 'pendulum'"},
        {"\"mujoco\"", "\"mojoco\"", "4: unknown key 'mojoco'; did you mean 'mujoco'?"},
        {"\t3,", "\t0,", "3: 'task_version' must be a whole number from 1 to 2147483647"},
        {"\t3,", "\t2.5,", "3: 'task_version' must be"},
        {"1000\n", "-4\n", "6: 'episodes' must be a whole number from 1 to 1000000"},
        {"\t10,", "\t1e9,", "9: 'runs' must be a whole number from 1 to 100000"},
        {"90000", "9e99", "10: 'steps' must be a whole number"},
        {"scratch+long", "../x", "11: '../x' cannot be a column"},
        {"-1213.0000000000002", "-1e16", "15: 'random' is no return: more than 1e+15"},
        {"-150.1", "null", "16: 'long' must be a number"},
        {"\t\"base\"", "\t\"m1_l0.5\"", "17: member 'm1_l0.5' is given twice"},
        {"\t\"base\"", "\t\"\"", "18: '' cannot be a name"},
        {",\n\t\t\t\"long\":\t7", "", "17: 'long' is missing"},
        {"\t{\n\t\t\"episodes\":\t1000\n\t}", "\t1000", "5: must be an object"},
        {"\t\"random\":\t{\n\t\t\"episodes\":\t1000\n\t},\n", "", "1: 'random' is missing"},
        {"\t[{", "\t[3, {", "13: a member must be an object"},
        {"\"long\":\t7", "\"long\":\t7, \"mean\": 8", "20: unknown key 'mean'"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char message[256];
        (void)snprintf(message, sizeof message, "references.json:%s", cases[i].message);
        cr_assert(eq(int, parse(with(cases[i].from, cases[i].to)), STATUS_PARSE), "%s",
                  cases[i].message);
        cr_assert(eq(int, strncmp(err.message, message, strlen(message)), 0), "'%s', not '%s'",
                  err.message, message);
    }
}

Test(reference, a_list_has_members_and_not_too_many)
{
    Text text = TEXT_INIT;
    const char *head = "{\"family\": \"pendulum\", \"task_version\": 1, \"mujoco\": \"2\", "
                       "\"random\": {\"episodes\": 1}, \"long\": {\"runs\": 1, \"steps\": 1, "
                       "\"column\": \"c\"}, \"members\": [";
    text_printf(&text, "%s]}", head);
    cr_assert(eq(int, parse(text.data), STATUS_PARSE));
    cr_assert(ne(ptr, strstr(err.message, "at least one member"), NULL), "%s", err.message);
    for (int count = REFERENCE_MEMBERS; count <= REFERENCE_MEMBERS + 1; count++) {
        text_clear(&text);
        text_printf(&text, "%s", head);
        for (int i = 0; i < count; i++)
            text_printf(&text, "%s{\"name\": \"m%d\", \"random\": 0, \"long\": 1}",
                        i ? "," : "", i);
        text_printf(&text, "]}");
        Status wanted = count > REFERENCE_MEMBERS ? STATUS_PARSE : STATUS_OK;
        cr_assert(eq(int, parse(text.data), wanted), "%s", err.message);
    }
    text_release(&text);
}

Test(reference, reads_a_file)
{
    test_folder_make();
    const char *path = test_path("references.json");
    cr_assert(eq(int, reference_read(&list, "pendulum", path, &err), STATUS_MISSING));
    test_put_file(path, file, strlen(file));
    cr_assert(eq(int, reference_read(&list, "pendulum", path, &err), STATUS_OK));
    cr_assert(eq(int, list.count, 2));
    test_folder_remove();
}

// -- normalising

Test(reference, random_is_worth_0_and_long_1)
{
    Reference r = {.random = -40, .long_run = -20};
    cr_assert(eq(dbl, reference_value(&r, -40), 0.0));
    cr_assert(eq(dbl, reference_value(&r, -20), 1.0));
    cr_assert(eq(dbl, reference_value(&r, -35), 0.25));
    cr_assert(eq(dbl, reference_value(&r, 0), 2.0));
    cr_assert(eq(dbl, reference_value(&r, -60), -1.0));
}

Test(reference, a_long_run_no_better_than_random_normalises_nothing)
{
    cr_assert(isnan(reference_value(&(Reference){.random = -20, .long_run = -40}, -35)));
    cr_assert(isnan(reference_value(&(Reference){.random = -20, .long_run = -20}, 0)));
    cr_assert(isnan(reference_value(NULL, -35)));
}

static void finish(void)
{
    cr_assert(eq(int, collect_finish(&made, true, &err), STATUS_OK), "%s", err.message);
}

Test(reference, normalises_each_member_by_its_own)
{
    Reference east[] = {{"near", "", -40, -20}, {"far", "", 100, 300}};
    Reference west[] = {{"near", "", 0, 50}};
    ReferenceList lists[] = {
        {.family = "east", .mujoco = "2.2.2", .task_version = 1, .member = east, .count = 2},
        {.family = "west", .mujoco = "2.2.2", .task_version = 1, .member = west, .count = 1}};
    make_run("west", "near", "scratch", 0, 40, 20);
    make_run("east", "near", "scratch", 0, -35, -30);
    make_run("east", "far", "scratch", 0, 250, 120);
    finish();
    cr_assert(eq(int, reference_normalise(&made, lists, 2, &err), STATUS_OK));

    static const double deployed[] = {0.75, 0.25, 0.8}, network[] = {0.1, 0.5, 0.4};
    for (int i = 0; i < 3; i++) // east/far, east/near, west/near
        for (int m = 0; m < metric_count(); m++) {
            if (metric_table[m].unit != METRIC_RETURN) continue;
            cr_assert(eq(dbl, made.done.run[i].metric[POLICY_DEPLOYED][m], deployed[i]));
            cr_assert(eq(dbl, made.done.run[i].metric[POLICY_NETWORK][m], network[i]));
        }
    cr_assert(eq(int, made.warning_count, 0));
}

// normalised, seed 0 has 0 and 0.5, seed 1 has 0, 0.8 and 1.8, and its network 0, 0 and 1
static void make_curves(void)
{
    static const MetricPoint points[] = {{0, {-40, -40}},
                                         {1000, {-30, -36}},
                                         {0, {-40, -40}},
                                         {500, {-24, -40}},
                                         {1000, {-4, -20}}};
    make_run("east", "near", "scratch", 1, -24, -24); // turned round by sorting
    make_run("east", "near", "scratch", 0, -35, -35);
    made.point = mem_array(5, sizeof *made.point);
    memcpy(made.point, points, sizeof points);
    made.point_count = 5;
    made.done.run[0].first_point = 2;
    made.done.run[0].point_count = 3;
    made.done.run[1].point_count = 2;
    finish();
}

static double of_run(const char *name, int run, EvalPolicy policy)
{
    int metric;
    cr_assert(eq(int, metric_find(&metric, name, &err), STATUS_OK));
    return made.done.run[run].metric[policy][metric];
}

// the means of up to three are 0 and 0.25 of seed 0; 0, 0.4 and 2.6 / 3 of seed 1
static void expect_thresholds(void)
{
    cr_assert(eq(dbl, of_run("threshold", 0, POLICY_DEPLOYED), 1.0));
    cr_assert(eq(dbl, of_run("reached", 0, POLICY_DEPLOYED), 0.0));
    cr_assert(epsilon_eq(dbl, of_run("threshold", 1, POLICY_DEPLOYED), 0.5 + 3.0 / 7, 1e-12));
    cr_assert(eq(dbl, of_run("reached", 1, POLICY_DEPLOYED), 1.0));
    cr_assert(eq(dbl, of_run("reached", 1, POLICY_NETWORK), 0.0));
}

Test(reference, gives_the_metrics_of_normalised_returns)
{
    Reference near[] = {{"near", "", -40, -20}};
    ReferenceList lists[] = {
        {.family = "east", .mujoco = "2.2.2", .task_version = 1, .member = near, .count = 1}};
    make_curves();
    cr_assert(eq(int, reference_normalise(&made, lists, 1, &err), STATUS_OK));
    expect_thresholds();
    cr_assert(eq(dbl, of_run("auc", 1, POLICY_DEPLOYED), 0.8));
}

Test(reference, measures_without_touching_returns)
{
    Reference near[] = {{"near", "", -40, -20}};
    ReferenceList lists[] = {
        {.family = "east", .mujoco = "2.2.2", .task_version = 1, .member = near, .count = 1}};
    make_curves();
    cr_assert(eq(int, reference_measure(&made, lists, 1, &err), STATUS_OK));
    expect_thresholds();
    cr_assert(eq(dbl, of_run("auc", 1, POLICY_DEPLOYED), -24.0));
}

// a curve that cannot be normalised never reached anything, and is no failure
Test(reference, without_it_the_metrics_of_normalised_returns_are_unknown)
{
    make_curves();
    cr_assert(eq(int, reference_measure(&made, NULL, 0, &err), STATUS_OK));
    cr_assert(isnan(of_run("threshold", 0, POLICY_DEPLOYED)));
    cr_assert(isnan(of_run("collapse", 1, POLICY_NETWORK)));
    cr_assert(eq(dbl, of_run("auc", 0, POLICY_DEPLOYED), -35.0));
    cr_assert(eq(int, made.warning_count, 1));
}

Test(reference, what_cannot_be_normalised_is_unknown_and_named_once)
{
    Reference known[] = {{.member = "known", .random = -40, .long_run = -20},
                         {.member = "hopeless", .random = -20, .long_run = -40}};
    Reference other[] = {{"known", "other task", -40, -20}};
    ReferenceList lists[] = {
        {.family = "east", .mujoco = "2.2.2", .task_version = 1, .member = known, .count = 2},
        {.family = "new", .mujoco = "2.2.2", .task_version = 1, .member = other, .count = 1}};
    static const char *const members[] = {"own", "known", "hopeless"};
    for (int seed = 0; seed < 3; seed++)
        for (int m = 0; m < 3; m++)
            make_run("east", members[m], "scratch", seed, -35, -35);
    make_run("new", "known", "scratch", 0, -35, -35);
    make_run("none", "known", "scratch", 0, -35, -35);
    finish();
    cr_assert(eq(int, reference_normalise(&made, lists, 2, &err), STATUS_OK));

    static const char *const warnings[] = {
        "member 'hopeless' of 'east' has no normalised returns: its long runs were no better "
        "than random actions",
        "member 'own' of 'east' has no normalised returns: there are no references of it",
        "member 'known' of 'new' has no normalised returns: its runs were made with other "
        "parameters, settings of the family or version of the task than its references",
        "member 'known' of 'none' has no normalised returns: there are no references of it"};
    cr_assert(eq(int, made.warning_count, 4));
    for (int i = 0; i < 4; i++)
        cr_assert(eq(str, made.warning[i], warnings[i]));
    for (int i = 0; i < made.done.count; i++) {
        const RunSummary *run = &made.done.run[i];
        bool is_known = strcmp(run->family, "east") == 0 && strcmp(run->member, "known") == 0;
        cr_assert(eq(int, isfinite(run->metric[POLICY_DEPLOYED][0]) != 0, is_known));
    }
}

Test(reference, of_another_mujoco_are_used_and_named)
{
    Reference member[] = {{"a", "", -40, -20}, {"b", "", -40, -20}};
    ReferenceList lists[] = {
        {.family = "east", .mujoco = "3.1.0", .task_version = 1, .member = member, .count = 2}};
    make_run("east", "a", "scratch", 0, -35, -35);
    make_run("east", "b", "scratch", 0, -35, -35);
    finish();
    cr_assert(eq(int, reference_normalise(&made, lists, 1, &err), STATUS_OK));
    cr_assert(eq(int, made.warning_count, 1));
    cr_assert(eq(str, made.warning[0],
                 "the references of 'east' were made with MuJoCo 3.1.0, runs such as member "
                 "'a' with 2.2.2"));
    cr_assert(eq(dbl, made.done.run[1].metric[POLICY_DEPLOYED][0], 0.25));
}

// -- making

static void begin(void)
{
    cr_assert(eq(int, reference_init(&list, 2, &err), STATUS_OK));
    strcpy(list.family, "east");
    strcpy(list.mujoco, "2.2.2");
    strcpy(list.column, "scratch+long");
    list.task_version = 1;
    strcpy(list.member[0].member, "near");
    strcpy(list.member[1].member, "far");
}

// two runs of each member, whose metrics differ from one another
static void make_long(void)
{
    for (int seed = 0; seed < 2; seed++) {
        make_run("east", "near", "scratch+long", seed, -30 - 10 * seed, 1);
        make_run("east", "far", "scratch+long", seed, 100 + 50 * seed, 1);
    }
    for (int i = 0; i < made.done.count; i++)
        for (int m = 0; strcmp(metric_table[m].name, "final") != 0; m++)
            made.done.run[i].metric[POLICY_DEPLOYED][m] = 1000 + m;
}

static RunSummary *made_run(const char *member, int seed)
{
    for (int i = 0; i < made.done.count; i++)
        if (strcmp(made.done.run[i].member, member) == 0 && made.done.run[i].seed == seed)
            return &made.done.run[i];
    cr_fatal("no run of %s", member);
}

static void expect_refusal(Status status, const char *message)
{
    finish();
    cr_assert(eq(int, reference_long(&list, &made, &err), status), "%s", err.message);
    cr_assert(eq(str, err.message, message));
}

Test(reference, long_is_the_mean_final_of_its_column)
{
    begin();
    make_long();
    make_run("east", "near", "scratch", 0, 777, 777);
    make_run("east", "near", "scratch+low", 0, 777, 777);
    make_run("west", "near", "scratch+long", 0, 777, 777);
    finish();
    cr_assert(eq(int, reference_long(&list, &made, &err), STATUS_OK), "%s", err.message);
    cr_assert(eq(dbl, list.member[0].long_run, -35.0));
    cr_assert(eq(dbl, list.member[1].long_run, 125.0));
    cr_assert(eq(int, list.runs, 2));
    cr_assert(eq(i64, list.steps, 1000));
}

Test(reference, long_runs_of_a_member_must_be_there)
{
    begin();
    make_long();
    strcpy(list.member[1].member, "fax");
    expect_refusal(STATUS_MISSING,
                   "member 'fax' of 'east' has no finished run of 'scratch+long'");
}

Test(reference, long_runs_have_the_seeds_from_0_on)
{
    begin();
    make_long();
    made_run("far", 1)->seed = 2;
    expect_refusal(STATUS_MISSING, "member 'far' of 'east' has no finished run of "
                                   "'scratch+long' with seed 1, but one with seed 2");
}

Test(reference, long_runs_are_as_many_in_each_member)
{
    begin();
    make_long();
    make_run("east", "far", "scratch+long", 2, 100, 1);
    expect_refusal(STATUS_MISMATCH,
                   "member 'far' of 'east' has 3 runs of 'scratch+long', member 'near' has 2");
}

Test(reference, long_runs_have_the_same_budget)
{
    begin();
    make_long();
    made_run("near", 1)->budget = 900;
    expect_refusal(STATUS_MISMATCH, "'east/near/scratch+long/seed-1' has 900 training steps, "
                                    "the runs before it 1000");
}

Test(reference, long_runs_are_of_the_member_as_it_is_now)
{
    begin();
    make_long();
    strcpy(list.member[0].task, "the same");
    strcpy(made_run("near", 0)->task, "the same");
    strcpy(made_run("near", 1)->task, "the same");
    strcpy(made_run("far", 1)->task, "another");
    expect_refusal(STATUS_MISMATCH,
                   "'east/far/scratch+long/seed-1' was made with other parameters, settings of "
                   "the family or version of the task than it has now");
}

Test(reference, long_runs_of_a_member_have_the_same_settings)
{
    begin();
    make_long();
    strcpy(made_run("near", 1)->settings_hash, "another");
    expect_refusal(STATUS_MISMATCH,
                   "'east/near/scratch+long/seed-1' has other settings than seed 0");
}

Test(reference, long_runs_have_the_mujoco_of_this_program)
{
    begin();
    make_long();
    strcpy(made_run("far", 0)->mujoco, "3.1.0");
    expect_refusal(STATUS_MISMATCH,
                   "'east/far/scratch+long/seed-0' was made with MuJoCo 3.1.0, this is 2.2.2");
}

Test(reference, long_runs_are_evaluated_to_their_end)
{
    begin();
    make_long();
    for (int m = 0; m < metric_count(); m++)
        made_run("near", 1)->metric[POLICY_DEPLOYED][m] = (double)NAN;
    expect_refusal(STATUS_MISSING,
                   "seed 1 of member 'near' of 'east' has no evaluations for 'final'");
}

Test(reference, long_runs_are_finished)
{
    begin();
    make_long();
    RunSummary broken = *made_run("far", 1);
    broken.seed = 2;
    broken.status = RUN_FAILED;
    made.other.run = mem_array(1, sizeof broken);
    made.other.run[0] = broken;
    made.other.count = 1;
    expect_refusal(STATUS_MISSING,
                   "'east/far/scratch+long/seed-2' is failed: references need all runs done");
}

// -- memory

static Status do_all(void)
{
    Text text = TEXT_INIT;
    Reference member[] = {{"near", "", -40, -20}};
    ReferenceList lists[] = {
        {.family = "east", .mujoco = "2.2.2", .task_version = 1, .member = member, .count = 1}};
    Status status = parse(file);
    if (status == STATUS_OK) status = reference_print(&list, &text, &err);
    text_release(&text);
    reference_release(&list);
    if (status == STATUS_OK) status = reference_init(&list, 2, &err);
    reference_release(&list);
    return status == STATUS_OK ? reference_normalise(&made, lists, 1, &err) : status;
}

Test(reference, lack_of_memory_is_said)
{
    make_long();
    finish();
    Status status = STATUS_NOMEM;
    int failures = -1;
    for (; status != STATUS_OK; failures++) {
        mem_fail_at(failures + 1);
        status = do_all();
        mem_fail_at(-1);
        cr_assert(status == STATUS_OK || status == STATUS_NOMEM, "%s", err.message);
    }
    cr_assert(ge(int, failures, 6));

    begin();
    mem_fail_at(0);
    cr_assert(eq(int, reference_long(&list, &made, &err), STATUS_NOMEM));
    mem_fail_at(-1);
}
