#include "suite/run/deployed.h"

#include <stdio.h>
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "suite/core/log.h"
#include "suite/core/mem.h"
#include "suite/run/evaluate.h"
#include "suite/run/execute.h"
#include "tests/support/folder.h"

enum { EPISODES = 4, MOST_ACTIONS = 32, SEED = 1 };

// at the end a guide is half way gone, and knownness between its ends
static const Override small[] = {
    {"run.steps", "1200"},    {"source.steps", "400"},       {"run.episodes", "4"},
    {"agent.hidden", "8"},    {"agent.batch", "8"},          {"agent.learning_start", "50"},
    {"dqinit.states", "200"}, {"dqinit.table_states", "64"}, {"dqinit.prefit", "10"},
    {"jsrl.window", "50"},    {"jsrl.patience", "2"},
};
enum { SMALL = sizeof small / sizeof small[0], MOST_SET = SMALL + 2 };

static char out[PATH_LENGTH], folder[PATH_LENGTH];
static SavedRun saved;
static DeployedRun deployed;
static Error err;

static void setup(void)
{
    test_folder_make();
    cr_assert(eq(int, path_format(out, &err, "%s/runs", test_folder()), STATUS_OK));
    log_set_quiet(true);
}

static void put_away(void)
{
    deployed_release(&deployed);
    saved_run_release(&saved);
}

static void teardown(void)
{
    put_away();
    test_folder_remove();
}

TestSuite(deployed, .init = setup, .fini = teardown);

// a run of @p method and all that it needs, with one setting more or NULL
static void make(const char *method, const char *key, const char *value)
{
    Plan plan;
    Override set[MOST_SET];
    memcpy(set, small, sizeof small);
    if (key) {
        (void)snprintf(set[SMALL].key, KEY_LENGTH, "%s", key);
        (void)snprintf(set[SMALL].value, VALUE_LENGTH, "%s", value);
    }
    Request request = {.models = TEST_MODELS_DIR,
                       .out = out,
                       .tasks = "reacher",
                       .members = "within_1",
                       .methods = method,
                       .seeds = "1-1",
                       .label = "",
                       .set = set,
                       .set_count = SMALL + (key != NULL)};
    cr_assert(eq(int, plan_make(&plan, &request, &err), STATUS_OK), "%s", err.message);
    Execution x = {.plan = &plan, .models = TEST_MODELS_DIR, .out = out, .workers = 1};
    cr_assert(eq(int, plan_execute(&x, &err), STATUS_OK), "%s", err.message);
    cr_assert(eq(int, x.failed, 0));
    plan_release(&plan);
    cr_assert(eq(int, path_format(folder, &err, "%s/reacher/within_1/%s/seed-1", out, method),
                 STATUS_OK));
}

static const char *in_family(const char *name)
{
    static char path[2][PATH_LENGTH];
    static int next;
    char *to = path[next++ % 2];
    cr_assert(eq(int, path_format(to, &err, "%s/reacher/%s", out, name), STATUS_OK));
    return to;
}

static Status open_run(EvalPolicy policy)
{
    put_away();
    cr_assert(eq(int, saved_run_read(&saved, folder, TEST_MODELS_DIR, NULL, &err), STATUS_OK),
              "%s", err.message);
    return deployed_init(&deployed, &saved, folder, policy, &err);
}

// the returns of the episodes that the last evaluation of the run played
static void play_last(const EvalCurve *curve, double returns[EPISODES])
{
    Env *env;
    int evaluations = 0;
    for (int i = 0; i < curve->count; i++)
        evaluations += curve->row[i].policy == POLICY_DEPLOYED;
    cr_assert(eq(int,
                 env_new(&env, saved.members.family, TEST_MODELS_DIR, saved.member,
                         saved.settings.task, &err),
                 STATUS_OK));
    EvalStarts starts = {stream_key("reacher", "within_1", SEED),
                         SERIES_TRAINING + evaluations - 1, EPISODES};
    (void)evaluate(env, agent_deployed, deployed.agent, starts, returns);
    env_free(env);
}

static const EvalRow *last_row(const EvalCurve *curve, EvalPolicy policy)
{
    int i = curve->count - 1;
    while (curve->row[i].policy != policy)
        i--;
    return &curve->row[i];
}

// does the run act as the last rows of evals.csv say? @return whether both policies are there
static bool expect_last_returns(void)
{
    EvalCurve curve;
    cr_assert(eq(int, eval_curve_read(&curve, folder, &err), STATUS_OK), "%s", err.message);
    bool both = curve.row[curve.count - 1].policy == POLICY_NETWORK;
    for (int p = POLICY_DEPLOYED; p <= (both ? POLICY_NETWORK : POLICY_DEPLOYED); p++) {
        double returns[EPISODES];
        cr_assert(eq(int, open_run((EvalPolicy)p), STATUS_OK), "%s", err.message);
        play_last(&curve, returns);
        for (int e = 0; e < EPISODES; e++)
            cr_assert(eq(dbl, returns[e], last_row(&curve, (EvalPolicy)p)->returns[e]),
                      "%s, episode %d", policy_name((EvalPolicy)p), e);
    }
    const EvalRow *deployed_row = last_row(&curve, POLICY_DEPLOYED);
    if (both) // or the test would not tell them apart
        cr_assert(ne(dbl, deployed_row->mean, last_row(&curve, POLICY_NETWORK)->mean));
    eval_curve_release(&curve);
    return both;
}

Test(deployed, acts_as_in_the_last_evaluation)
{
    static const struct {
        const char *method, *key, *value;
        bool both;
    } runs[] = {{"scratch", NULL, NULL, false},
                {"finetune", NULL, NULL, false},
                {"dqinit", NULL, NULL, true},
                {"jsrl", NULL, NULL, true}};
    for (size_t i = 0; i < sizeof runs / sizeof runs[0]; i++) {
        make(runs[i].method, runs[i].key, runs[i].value);
        cr_assert(eq(int, expect_last_returns(), runs[i].both), "%s", runs[i].method);
    }
}

Test(deployed, takes_the_source_that_a_trial_picked)
{
    make("jsrl", "source.pick", "best");
    cr_assert(expect_last_returns());
    const Trainer *t = &deployed.trainer;
    cr_assert(eq(int, open_run(POLICY_DEPLOYED), STATUS_OK), "%s", err.message);
    cr_assert(eq(str, t->source[t->picked].member, saved.record.picked_source));
    cr_assert(lt(long, 0L, (long)t->step)); // the trial's
}

Test(deployed, acts_by_the_network_where_the_run_did)
{
    make("dqinit", "dqinit.act", "network");
    cr_assert(not(expect_last_returns()));
    cr_assert(not(file_exists(in_family("within_1/dqinit/seed-1/method.bin"))));
}

// -- what is gone or another's

static void expect_refusal(Status status, const char *word)
{
    memset(&err, 0, sizeof err);
    cr_assert(eq(int, open_run(POLICY_DEPLOYED), status), "%s", err.message);
    cr_assert(strstr(err.message, word) != NULL, "'%s' is not in: %s", word, err.message);
    cr_assert(strchr(err.message, '\n') == NULL);
    cr_assert(eq(int, open_run(POLICY_NETWORK), STATUS_OK), "%s", err.message);
}

static void move(const char *from, const char *to)
{
    cr_assert(eq(int, rename(from, to), 0), "%s", from);
}

Test(deployed, says_what_is_gone)
{
    make("dqinit", NULL, NULL);
    const char *aside = test_path("aside");
    move(in_family("knowledge"), aside);
    expect_refusal(STATUS_MISSING, ".kb' is gone");
    move(aside, in_family("knowledge"));
    move(in_family("east/source"), aside);
    expect_refusal(STATUS_MISSING, "source 'east' is not there");
    move(aside, in_family("east/source"));
    move(in_family("within_1/dqinit/seed-1/method.bin"), aside);
    expect_refusal(STATUS_MISSING, "made before runs left one");
    test_put_file(in_family("within_1/dqinit/seed-1/method.bin"), "nonsense", 8);
    expect_refusal(STATUS_PARSE, "method.bin' is too short");
    move(aside, in_family("within_1/dqinit/seed-1/method.bin"));
    cr_assert(eq(int, open_run(POLICY_DEPLOYED), STATUS_OK), "%s", err.message);
}

Test(deployed, refuses_another_source_and_another_state)
{
    make("dqinit", NULL, NULL);
    make("jsrl", NULL, NULL);
    move(in_family("within_1/dqinit/seed-1/method.bin"), test_path("method.bin"));
    move(test_path("method.bin"), in_family("within_1/jsrl/seed-1/method.bin"));
    expect_refusal(STATUS_MISMATCH, "is of another method");
    move(in_family("east/source/seed-0/policy.bin"), test_path("east"));
    move(in_family("west/source/seed-0/policy.bin"),
         in_family("east/source/seed-0/policy.bin"));
    move(test_path("east"), in_family("west/source/seed-0/policy.bin"));
    expect_refusal(STATUS_MISMATCH, "is not the one that the run learned from");
}

Test(deployed, refuses_knowledge_that_was_made_otherwise)
{
    make("dqinit", NULL, NULL);
    cr_assert(eq(int, saved_run_read(&saved, folder, TEST_MODELS_DIR, NULL, &err), STATUS_OK));
    cr_assert(eq(int, settings_set(&saved.settings, "dqinit.states", "300", &err), STATUS_OK));
    cr_assert(eq(int, deployed_init(&deployed, &saved, folder, POLICY_DEPLOYED, &err),
                 STATUS_MISMATCH));
    cr_assert(strstr(err.message, "makes another of its sources") != NULL, "%s", err.message);
}

// -- explanations

static int actions;

// asked at every step; the values must say what is done, and asking must change nothing
static int explained(void *state, const Sight *sight)
{
    float network[MOST_ACTIONS], blended[MOST_ACTIONS];
    Agent *agent = state;
    int plain = agent_deployed(agent, sight);
    Decision made = agent_explain(agent, sight);
    memcpy(network, made.network, (size_t)actions * sizeof *network);
    memcpy(blended, made.blended, (size_t)actions * sizeof *blended);
    cr_assert(eq(int, made.action, plain));
    cr_assert(eq(int, argmax(network, actions), agent_greedy(agent, sight)));
    if (!made.guided) cr_assert(eq(int, argmax(blended, actions), plain));
    return made.action;
}

Test(deployed, explains_what_it_does_and_goes_on_unmoved)
{
    static const char *const methods[] = {"scratch", "dqinit", "jsrl"};
    for (int i = 0; i < 3; i++) {
        double first[EPISODES], second[EPISODES], third[EPISODES];
        double *const returns[] = {first, second, third};
        make(methods[i], NULL, NULL);
        cr_assert(eq(int, open_run(POLICY_DEPLOYED), STATUS_OK), "%s", err.message);
        actions = saved.members.family->action_count;
        Env *env;
        cr_assert(eq(int,
                     env_new(&env, saved.members.family, TEST_MODELS_DIR, saved.member,
                             saved.settings.task, &err),
                     STATUS_OK));
        EvalStarts starts = {5, SERIES_FRESH, EPISODES};
        for (int p = 0; p < 3; p++)
            (void)evaluate(env, p == 1 ? explained : agent_deployed, deployed.agent, starts,
                           returns[p]);
        env_free(env);
        cr_assert(memcmp(first, second, sizeof first) == 0, "%s", methods[i]);
        cr_assert(memcmp(first, third, sizeof first) == 0, "%s", methods[i]);
    }
}
