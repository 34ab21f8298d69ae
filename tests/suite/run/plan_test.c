#include "suite/run/plan.h"

#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "results/record.h"
#include "suite/core/mem.h"
#include "suite/run/registry.h"
#include "suite/run/runner.h"
#include "tests/support/folder.h"

static Request request;
static FamilyFiles files;
static Experiment experiment;
static Plan plan;
static Error err;

static void setup(void)
{
    test_folder_make();
    request = (Request){.models = TEST_MODELS_DIR,
                        .out = test_folder(),
                        .tasks = "reacher",
                        .members = "within_1",
                        .methods = "scratch",
                        .seeds = "2",
                        .label = ""};
}

static void teardown(void)
{
    plan_release(&plan);
    family_files_release(&files);
    experiment_release(&experiment);
    test_folder_remove();
}

TestSuite(plan, .init = setup, .fini = teardown);

static void make(void)
{
    plan_release(&plan);
    cr_assert(eq(int, plan_make(&plan, &request, &err), STATUS_OK), "%s", err.message);
}

static void expect_refusal(Status status, const char *part)
{
    plan_release(&plan);
    cr_assert(eq(int, plan_make(&plan, &request, &err), status), "%s", err.message);
    cr_assert(strstr(err.message, part) != NULL, "%s", err.message);
}

Test(plan, multiplies_members_methods_and_seeds)
{
    request.members = "targets";
    request.methods = "scratch,dqinit";
    request.seeds = "3";
    make();
    cr_assert(eq(int, plan.source_count, 4));
    cr_assert(eq(int, plan.count, 4 + 4 * 2 * 3));
    for (int i = 0; i < plan.count; i++)
        cr_assert(eq(int, plan.run[i].is_source, i < plan.source_count), "run %d", i);
}

Test(plan, needs_no_sources_for_scratch)
{
    make();
    cr_assert(eq(int, plan.source_count, 0));
    cr_assert(eq(int, plan.count, 2));
}

Test(plan, reads_seeds_as_count_range_or_list)
{
    static const struct {
        const char *text;
        int count, first, last;
    } cases[] = {
        {"4", 4, 0, 3}, {"1", 1, 0, 0}, {"3-7", 5, 3, 7}, {"5-5", 1, 5, 5}, {"9,2", 2, 9, 2}};
    for (int i = 0; i < 5; i++) {
        request.seeds = cases[i].text;
        make();
        cr_assert(eq(int, plan.count, cases[i].count), "%s", cases[i].text);
        cr_assert(eq(int, plan.run[0].seed, cases[i].first), "%s", cases[i].text);
        cr_assert(eq(int, plan.run[plan.count - 1].seed, cases[i].last), "%s", cases[i].text);
    }
    static const char *const wrong[] = {"0", "", "abc", "-3", "7-3", "1,,2", "3-", "1.5", " 3"};
    for (int i = 0; i < 9; i++) {
        request.seeds = wrong[i];
        expect_refusal(STATUS_USAGE, "--seeds cannot be");
    }
    request.seeds = "1,1";
    expect_refusal(STATUS_USAGE, "twice");
}

Test(plan, names_the_nearest_of_a_wrong_name)
{
    request.tasks = "reecher";
    expect_refusal(STATUS_USAGE, "did you mean 'reacher'?");
    request.tasks = "reacher";
    request.methods = "dqint";
    expect_refusal(STATUS_USAGE, "did you mean 'dqinit'?");
    request.methods = "scratch";
    request.members = "within_1,target";
    expect_refusal(STATUS_USAGE, "did you mean 'targets'?");
}

Test(plan, refuses_more_sources_than_there_are)
{
    Override set = {"source.count", "5"};
    request.methods = "dqinit";
    request.set = &set;
    request.set_count = 1;
    expect_refusal(STATUS_USAGE, "source.count=5: 'reacher' has 4 sources");
    (void)strcpy(set.value, "4");
    make();
}

Test(plan, says_what_a_setting_leaves_of_the_others)
{
    Override set[] = {{"dqinit.residual", "true"}, {"dqinit.prefit", "500"}};
    char hash[HASH_TEXT];
    request.methods = "dqinit";
    request.set = set;
    request.set_count = 2;
    make();
    memcpy(hash, plan.run[plan.source_count].settings_hash, HASH_TEXT);
    (void)strcpy(set[1].value, "0");
    make();
    cr_assert(eq(str, plan.run[plan.source_count].settings_hash, hash));
    set[1] = (Override){"dqinit.knownness", "none"}; // the prior stays for ever
    make();
    cr_assert(eq(str, plan.run[plan.source_count].settings_hash, hash));
    (void)strcpy(set[0].value, "false");
    make();
    cr_assert(ne(str, plan.run[plan.source_count].settings_hash, hash));
}

Test(plan, leaves_the_hash_of_a_run_that_takes_all_sources_alone)
{
    char all[HASH_TEXT], none[HASH_TEXT];
    Override set = {"source.count", "0"};
    request.methods = "dqinit";
    make();
    memcpy(all, plan.run[plan.source_count].settings_hash, HASH_TEXT);
    request.set = &set;
    request.set_count = 1;
    make();
    cr_assert(eq(str, plan.run[plan.source_count].settings_hash, all));
    memcpy(none, plan.run[0].settings_hash, HASH_TEXT);
    (void)strcpy(set.value, "2");
    make();
    cr_assert(ne(str, plan.run[plan.source_count].settings_hash, all));
    cr_assert(eq(str, plan.run[0].settings_hash, none)); // a source learns from nobody
}

Test(plan, gives_a_labelled_variant_its_own_folder)
{
    char column[2 * LABEL_LENGTH];
    request.label = "slow";
    make();
    run_column(&plan.run[0], column);
    cr_assert(eq(str, column, "scratch+slow"));
    cr_assert(strstr(plan.run[0].folder, "/reacher/within_1/scratch+slow/seed-0") != NULL);
    request.label = "../up";
    expect_refusal(STATUS_USAGE, "--label cannot be");
}

Test(plan, trains_sources_with_full_exploration_and_their_own_budget)
{
    const Override set[] = {{"run.steps", "50"},
                            {"source.steps", "70"},
                            {"agent.lr", "0.01"},
                            {"agent.gamma", "0.9"},
                            {"source.seed", "3"}};
    request.methods = "dqinit";
    request.set = set;
    request.set_count = 5;
    make();
    const Run *source = &plan.run[0], *target = &plan.run[plan.count - 1];
    cr_assert(eq(int, source->settings.run.steps, 70));
    cr_assert(eq(int, source->settings.agent.explore, EXPLORE_FULL));
    cr_assert(eq(int, source->settings.run.keep, KEEP_BEST));
    cr_assert(eq(dbl, source->settings.agent.lr, 1e-3));
    cr_assert(eq(dbl, source->settings.agent.gamma, 0.9));
    cr_assert(eq(int, source->seed, 3));
    cr_assert(eq(int, target->settings.run.steps, 50));
    cr_assert(eq(int, target->settings.agent.explore, EXPLORE_LOW));
    cr_assert(eq(dbl, target->settings.agent.lr, 0.01));
}

// a finished record in the folder of the plan's first run
static void finish_first_run(void)
{
    make();
    cr_assert(
        eq(int, runner_record_failure(&plan.run[0], STATUS_WORKER, "test", &err), STATUS_OK),
        "%s", err.message);
    RunRecord record;
    cr_assert(eq(int, record_read(&record, plan.run[0].folder, &err), STATUS_OK), "%s",
              err.message);
    record.status = RUN_DONE;
    record.reason[0] = '\0';
    cr_assert(eq(int, record_write(&record, plan.run[0].folder, &err), STATUS_OK));
    record_release(&record);
}

Test(plan, skips_what_is_done_and_tries_again_what_failed)
{
    make();
    cr_assert(
        eq(int, runner_record_failure(&plan.run[1], STATUS_WORKER, "test", &err), STATUS_OK));
    finish_first_run();
    make();
    cr_assert(plan.run[0].is_done);
    cr_assert(not(plan.run[1].is_done));
}

Test(plan, refuses_a_place_that_holds_other_settings_and_names_the_first)
{
    const Override set[] = {{"agent.lr", "0.02"}};
    finish_first_run();
    request.set = set;
    request.set_count = 1;
    expect_refusal(STATUS_MISMATCH, "agent.lr=0.001 there, agent.lr=0.02 now");
    cr_assert(strstr(err.message, "--label") && strstr(err.message, "--fresh"), "%s",
              err.message);
    request.label = "fast";
    make();
    request.label = "";
    request.fresh = true;
    make();
    cr_assert(not(plan.run[0].is_done));
}

Test(plan, does_not_advise_a_label_for_a_source)
{
    const Override set[] = {{"agent.gamma", "0.9"}};
    request.methods = "dqinit";
    finish_first_run(); // which is a source
    request.set = set;
    request.set_count = 1;
    expect_refusal(STATUS_MISMATCH, "use another --out");
    cr_assert(strstr(err.message, "--label") == NULL, "%s", err.message);
}

// -- members of users' own

// members 'mine', a target, and 'my_source', with that goal and that budget
static void add_file(const char *role, const char *goal, const char *steps)
{
    Text text = TEXT_INIT;
    const char *path = test_path("mine.json");
    text_printf(&text,
                "{\"family\": \"reacher\", \"settings\": {\"run.steps\": %s},\n\"members\": [\n"
                "{\"name\": \"mine\", \"role\": \"%s\", \"parameters\": {\"goal_x\": %s}},\n"
                "{\"name\": \"my_source\", \"role\": \"source\"}]}",
                steps, role, goal);
    test_put_file(path, text.data, text.length);
    text_release(&text);
    family_files_release(&files);
    cr_assert(eq(int, family_files_read(&files, &path, 1, &err), STATUS_OK), "%s", err.message);
    request.files = &files;
    request.members = "mine";
}

Test(plan, runs_members_of_a_users_file_like_any_other)
{
    add_file("target", "0.1", "77");
    make();
    cr_assert(eq(int, plan.count, 2));
    cr_assert(strstr(plan.run[0].folder, "/reacher/mine/scratch/seed-0") != NULL);
    cr_assert(eq(dbl, plan.run[0].member->param[0], 0.1));
    request.members = "targets";
    make();
    cr_assert(eq(int, plan.count, 5 * 2));
}

Test(plan, takes_the_tasks_from_the_files_if_none_is_named)
{
    add_file("target", "0.1", "77");
    request.tasks = NULL;
    make();
    cr_assert(eq(int, plan.family_count, 1));
    cr_assert(eq(str, plan.family[0].family->name, "reacher"));
    cr_assert(eq(int, plan.count, 2));
}

Test(plan, refuses_a_file_that_is_for_no_task)
{
    static const TaskFamily other = {.name = "other"};
    add_file("target", "0.1", "77");
    files.file[0].family = &other;
    expect_refusal(STATUS_USAGE,
                   "mine.json' adds members to family 'other', which --task does not name");
}

Test(plan, puts_a_files_settings_between_the_familys_and_the_users)
{
    const Override set[] = {{"run.steps", "55"}};
    request.members = "within_1";
    make();
    cr_assert(eq(int, plan.run[0].settings.run.steps, 30000));
    add_file("target", "0.1", "77");
    request.members = "within_1";
    make();
    cr_assert(eq(int, plan.run[0].settings.run.steps, 77));
    request.set = set;
    request.set_count = 1;
    make();
    cr_assert(eq(int, plan.run[0].settings.run.steps, 55));
}

Test(plan, trains_the_sources_of_a_users_file_too)
{
    add_file("target", "0.1", "77");
    request.methods = "dqinit";
    make();
    cr_assert(eq(int, plan.source_count, 5));
    cr_assert(eq(str, plan.run[4].member->name, "my_source"));
    cr_assert(plan.run[4].is_source);
}

Test(plan, refuses_a_place_that_holds_another_member_of_the_name)
{
    const Override set[] = {{"run.steps", "55"}};
    add_file("target", "0.1", "77");
    finish_first_run();
    make();
    cr_assert(plan.run[0].is_done);
    add_file("target", "0.125", "77");
    request.set = set; // which is not what to tell first
    request.set_count = 1;
    expect_refusal(STATUS_MISMATCH,
                   "another member 'mine' (goal_x=0.1 there, goal_x=0.125 now)");
    cr_assert(strstr(err.message, "--label") == NULL, "%s", err.message);
    request.set_count = 0;
    add_file("tune", "0.1", "77");
    expect_refusal(STATUS_MISMATCH, "another member 'mine' (role=target there, role=tune now)");
    request.fresh = true;
    make();
    cr_assert(not(plan.run[0].is_done));
}

// dqinit takes all sources whatever is asked for, and scratch none
Test(plan, refuses_all_sources_for_a_method_of_one_only)
{
    static const Override all[] = {{"source.pick", "all"}};
    request.set = all;
    request.set_count = 1;
    request.methods = "scratch,dqinit,finetune,distill";
    make();
    cr_assert(eq(int, plan.count, 4 + 4 * 2));
    request.methods = "finetune,jsrl";
    expect_refusal(STATUS_USAGE, "source.pick=all: method 'jsrl' learns from one source only");
    request.set_count = 0;
    make();
}

// -- experiments

// with these rows, from line 2 on, and no words that narrow it
static void take_experiment(const char *rows)
{
    Text text = TEXT_INIT;
    const char *path = test_path("paper.json");
    text_printf(&text, "{\"name\": \"paper\", \"seeds\": \"2\", \"rows\": [\n%s]}", rows);
    test_put_file(path, text.data, text.length);
    text_release(&text);
    experiment_release(&experiment);
    cr_assert(eq(int, experiment_read(&experiment, path, &err), STATUS_OK), "%s", err.message);
    request.experiment = &experiment;
    request.tasks = request.members = request.methods = request.seeds = NULL;
}

static const Run *find_run(const char *folder)
{
    for (int i = 0; i < plan.count; i++)
        if (strstr(plan.run[i].folder, folder)) return &plan.run[i];
    cr_fatal("there is no run '%s'", folder);
}

static int members_to_tune_on(void)
{
    int count = 0;
    for (int f = 0; f < plan.family_count; f++)
        for (int i = 0; i < plan.family[f].count; i++)
            count += plan.family[f].member[i].role == ROLE_TUNE;
    return count;
}

Test(plan, makes_the_rows_of_an_experiment)
{
    take_experiment("{\"tasks\": [\"reacher\"], \"methods\": [\"scratch\", \"dqinit\"]},\n"
                    "{\"tasks\": [\"pendulum\", \"reacher\"], \"members\": \"tune\","
                    " \"method\": \"scratch\", \"seeds\": \"5-7\", \"label\": \"late\","
                    " \"settings\": {\"agent.lr\": 0.5}}");
    make();
    cr_assert(eq(int, plan.source_count, 4)); // of reacher only
    cr_assert(eq(int, plan.count, 4 + 4 * 2 * 2 + members_to_tune_on() * 3));
    for (int i = 0; i < plan.count; i++)
        cr_assert(eq(int, plan.run[i].is_source, i < plan.source_count), "run %d", i);
    const Run *late = find_run("/pendulum/base/scratch+late/seed-7");
    cr_assert(eq(dbl, late->settings.agent.lr, 0.5));
    cr_assert(eq(dbl, find_run("/within_1/dqinit/seed-1")->settings.agent.lr, 1e-3));
}

Test(plan, makes_once_what_rows_ask_for_alike)
{
    take_experiment("{\"tasks\": [\"reacher\"], \"methods\": [\"scratch\", \"dqinit\"]},\n"
                    "{\"tasks\": [\"reacher\"], \"members\": \"within_1,wide_1\","
                    " \"methods\": [\"dqinit\", \"scratch\"], \"seeds\": \"1-2\"}");
    make();
    cr_assert(eq(int, plan.count, 4 + 4 * 2 * 2 + 2 * 2)); // seed 2 is new
    for (int i = 0; i < plan.count; i++)
        for (int j = 0; j < i; j++)
            cr_assert(ne(str, plan.run[i].folder, plan.run[j].folder));
}

Test(plan, merges_many_runs)
{
    take_experiment("{\"methods\": [\"scratch\", \"dqinit\"], \"members\": \"all\"},\n"
                    "{\"methods\": [\"scratch\", \"dqinit\"], \"members\": \"all\"}");
    make();
    int count = plan.count;
    cr_assert(lt(int, 256, count)); // the index has grown a few times
    take_experiment("{\"methods\": [\"scratch\", \"dqinit\"], \"members\": \"all\"}");
    make();
    cr_assert(eq(int, plan.count, count));
}

Test(plan, refuses_rows_that_make_a_run_with_different_settings)
{
    take_experiment("{\"tasks\": [\"reacher\"], \"method\": \"scratch\"},\n\n"
                    "{\"tasks\": [\"reacher\"], \"method\": \"scratch\","
                    " \"settings\": {\"agent.lr\": 0.5}}");
    expect_refusal(STATUS_PARSE, "paper.json:4: this row and that of line 2 both make '");
    cr_assert(strstr(err.message, "/reacher/within_1/scratch/seed-0', but with different "
                                  "settings (agent.lr=0.001 there, agent.lr=0.5 here); give "
                                  "one of them a label") != NULL,
              "%s", err.message);
    const Override set[] = {{"agent.lr", "0.25"}}; // which makes them alike
    request.set = set;
    request.set_count = 1;
    make();
    cr_assert(eq(int, plan.count, 4 * 2));
}

Test(plan, refuses_rows_that_need_a_source_with_different_settings)
{
    static const char rows[] =
        "{\"tasks\": [\"reacher\"], \"method\": \"dqinit\"},\n"
        "{\"tasks\": [\"reacher\"], \"method\": \"%s\", \"label\": \"b\","
        " \"settings\": {\"%s\": %s}}";
    static const struct {
        const char *method, *key, *value, *says;
    } cases[] = {
        {"dqinit", "source.steps", "70", "(run.steps=60000 there, run.steps=70 here)"},
        {"dqinit", "agent.gamma", "0.5", "(agent.gamma=0.98 there, agent.gamma=0.5 here)"},
        {"dqinit", "agent.lr", "0.5", NULL},     // not the sources'
        {"scratch", "agent.gamma", "0.5", NULL}, // needs none
    };
    for (int i = 0; i < 4; i++) {
        Text text = TEXT_INIT;
        text_printf(&text, rows, cases[i].method, cases[i].key, cases[i].value);
        take_experiment(text.data);
        text_release(&text);
        if (!cases[i].says) {
            make();
            cr_assert(eq(int, plan.source_count, 4));
            continue;
        }
        expect_refusal(STATUS_PARSE, "paper.json:3: this row and that of line 2 both need '");
        cr_assert(strstr(err.message, "/reacher/east/source/seed-0'") != NULL, "%s",
                  err.message);
        cr_assert(strstr(err.message, cases[i].says) != NULL, "%s", err.message);
    }
}

Test(plan, keeps_several_sets_of_sources_apart)
{
    take_experiment("{\"tasks\": [\"reacher\"], \"methods\": [\"scratch\", \"dqinit\"]},\n"
                    "{\"tasks\": [\"reacher\"], \"method\": \"dqinit\", \"label\": \"b\","
                    " \"settings\": {\"source.seed\": 7, \"source.steps\": 70}}");
    make();
    cr_assert(eq(int, plan.source_count, 8));
    const Run *first = find_run("/within_1/dqinit/seed-0");
    const Run *second = find_run("/within_1/dqinit+b/seed-0");
    cr_assert(ne(ptr, first->members, second->members));
    for (int i = 0; i < plan.source_count; i++) {
        const Run *source = &plan.run[i];
        bool of_first = source->members == first->members;
        cr_assert(of_first || source->members == second->members);
        cr_assert(eq(int, source->seed, of_first ? 0 : 7));
        cr_assert(eq(int, source->settings.run.steps, of_first ? 60000 : 70));
    }
}

Test(plan, puts_an_experiments_settings_between_the_familys_and_the_users)
{
    const Override set[] = {{"run.steps", "33"}};
    take_experiment("{\"tasks\": [\"reacher\"], \"method\": \"scratch\", \"settings\":"
                    " {\"run.steps\": 44, \"agent.gamma\": 0.5}}");
    make();
    cr_assert(eq(int, plan.run[0].settings.run.steps, 44));
    cr_assert(eq(dbl, plan.run[0].settings.agent.gamma, 0.5)); // reacher's own is 0.98
    request.set = set;
    request.set_count = 1;
    make();
    cr_assert(eq(int, plan.run[0].settings.run.steps, 33));
    cr_assert(eq(dbl, plan.run[0].settings.agent.gamma, 0.5));
}

static void take_two_families(void)
{
    take_experiment("{\"tasks\": [\"reacher\", \"pendulum\"],"
                    " \"methods\": [\"scratch\", \"dqinit\"]},\n"
                    "{\"tasks\": [\"pendulum\"], \"method\": \"dqinit\", \"label\": \"b\"}");
}

Test(plan, narrows_an_experiment_by_task_member_method_and_seed)
{
    take_two_families();
    make();
    cr_assert(eq(int, plan.count, 4 + 4 + (8 * 2 + 4) * 2));
    request.tasks = "pendulum";
    make();
    cr_assert(eq(int, plan.source_count, 4));
    cr_assert(eq(int, plan.count, 4 + 4 * 3 * 2));
    request.methods = "scratch";
    make();
    cr_assert(eq(int, plan.count, 4 * 2)); // and no sources
    request.methods = "dqinit";
    request.seeds = "1-9";
    request.members = "within_1";
    make();
    cr_assert(eq(int, plan.count, 4 + 2));
    cr_assert(eq(str, plan.run[4].member->name, "within_1"));
    cr_assert(eq(int, plan.run[4].seed, 1));
    request.tasks = NULL;
    make();
    cr_assert(eq(int, plan.count, 4 + 4 + 3));
}

Test(plan, refuses_words_that_leave_nothing_of_an_experiment_or_are_wrong)
{
    take_two_families();
    request.seeds = "5";
    make();
    request.seeds = "4,5";
    expect_refusal(STATUS_USAGE, "leave nothing of experiment 'paper'");
    request.seeds = NULL;
    request.tasks = "hopper";
    expect_refusal(STATUS_USAGE, "leave nothing of experiment 'paper'");
    request.tasks = "pendulm";
    expect_refusal(STATUS_USAGE, "did you mean 'pendulum'?");
    request.tasks = NULL;
    request.members = "withim_1";
    expect_refusal(STATUS_USAGE, "did you mean 'within_1'?");
    request.members = NULL;
    request.methods = "dqint";
    expect_refusal(STATUS_USAGE, "did you mean 'dqinit'?");
}

Test(plan, names_the_line_of_a_row_with_a_wrong_member)
{
    take_experiment("{\"tasks\": [\"reacher\"], \"method\": \"scratch\"},\n"
                    "{\"tasks\": [\"reacher\"], \"method\": \"scratch\", \"members\": "
                    "\"withim_1\"}");
    request.tasks = "pendulum"; // whatever is left of it
    expect_refusal(STATUS_PARSE,
                   "paper.json:3: unknown member 'withim_1'; did you mean 'within_1'?");
}

Test(plan, names_the_line_of_a_row_with_all_sources_for_a_method_of_one_only)
{
    take_experiment("{\"tasks\": [\"reacher\"], \"method\": \"jsrl\"},\n"
                    "{\"tasks\": [\"reacher\"], \"methods\": [\"finetune\", \"jsrl\"],"
                    " \"label\": \"all\", \"settings\": {\"source.pick\": \"all\"}}");
    expect_refusal(STATUS_PARSE, "paper.json:3: source.pick=all: method 'jsrl'");
}

Test(plan, advises_a_label_of_the_row_where_other_settings_are)
{
    finish_first_run();
    take_experiment("{\"tasks\": [\"reacher\"], \"method\": \"scratch\", \"settings\":"
                    " {\"agent.lr\": 0.5}}");
    expect_refusal(STATUS_MISMATCH, "give its row a label of its own");
}

Test(plan, notices_a_damaged_record_and_touches_nothing)
{
    finish_first_run();
    char path[PATH_LENGTH];
    cr_assert(eq(int, path_format(path, &err, "%s/run.json", plan.run[0].folder), STATUS_OK));
    test_put_file(path, "{\"sch", 5);
    make();
    cr_assert(plan.run[0].is_damaged);
    cr_assert(not(plan.run[0].is_done));
    cr_assert(file_exists(path));
}

Test(plan, names_a_method_once_however_often_it_is_listed)
{
    request.methods = "scratch,dqinit,scratch,all";
    make();
    cr_assert(eq(int, plan.count - plan.source_count, 2 * method_count()));
}

Test(plan, tells_runs_with_another_model_apart)
{
    // the same family with a heavier joint, in a folder of its own
    char *mjcf, *members;
    size_t size, members_size;
    make();
    char before[HASH_TEXT];
    (void)memcpy(before, plan.run[0].settings_hash, sizeof before);
    cr_assert(eq(int,
                 file_read(&mjcf, &size, TEST_MODELS_DIR "/reacher/reacher.xml", 1 << 20, &err),
                 STATUS_OK));
    cr_assert(eq(int,
                 file_read(&members, &members_size, TEST_MODELS_DIR "/reacher/family.json",
                           1 << 20, &err),
                 STATUS_OK));
    cr_assert(eq(int, folder_make(test_path("reacher"), &err), STATUS_OK));
    test_put_file(test_path("reacher/family.json"), members, members_size);
    mjcf[size - 2] ^= 1;
    test_put_file(test_path("reacher/reacher.xml"), mjcf, size);
    request.models = test_folder();
    make();
    cr_assert(ne(str, plan.run[0].settings_hash, before));
    mem_free(mjcf);
    mem_free(members);
}

static void starve(bool with_experiment)
{
    Status status = STATUS_NOMEM;
    int fail = 0;
    request.methods = "dqinit";
    if (with_experiment)
        take_experiment("{\"tasks\": [\"reacher\"], \"method\": \"dqinit\"},\n"
                        "{\"tasks\": [\"reacher\"], \"method\": \"dqinit\", \"label\": \"b\","
                        " \"settings\": {\"source.seed\": 7}}");
    for (; status != STATUS_OK; fail++) {
        mem_fail_at(fail);
        status = plan_make(&plan, &request, &err);
        mem_fail_at(-1);
        plan_release(&plan);
        cr_assert(status == STATUS_OK || status == STATUS_NOMEM, "failing request %d: %s", fail,
                  err.message);
    }
    cr_assert(lt(int, 50, fail));
}

Test(plan, gives_up_cleanly_when_memory_ends)
{
    starve(false);
}

Test(plan, gives_up_an_experiment_cleanly_when_memory_ends)
{
    starve(true);
}
