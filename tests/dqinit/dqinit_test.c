// DQInit as part of an agent.
#include <math.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "tests/dqinit/made_run.h"

static void setup(void)
{
    made_run_init();
}

static void teardown(void)
{
    made_run_release();
}

TestSuite(dqinit, .init = setup, .fini = teardown);

static bool same(const Agent *a, const Agent *b)
{
    size_t size = (size_t)agent_network(a)->param_count * sizeof(float);
    return memcmp(agent_network(a)->params, agent_network(b)->params, size) == 0;
}

static int deployed(Agent *agent, float x)
{
    return agent_deployed(agent, &(Sight){.features = &x, .coords = &x, .elapsed = 3});
}

Test(dqinit, acts_like_the_table_before_any_step)
{
    begin();
    Agent *agent = make_agent(&method_dqinit, run.state);
    cr_assert(eq(int, agent_prepare(agent, NULL), STATUS_OK));
    for (int i = 0; i < 20; i++) {
        const float x = (float)i / 20.0f;
        if (fabsf(x - 0.5f) < 0.1f) continue;
        const Sight sight = {.features = &x, .coords = &x};
        cr_assert(eq(int, agent_greedy(agent, &sight), x > 0.5f), "x = %g", (double)x);
        cr_assert(eq(int, method_dqinit.prior(run.state, &sight), x > 0.5f), "x = %g",
                  (double)x);
    }
    agent_free(agent);
}

// -- the ends of its range: scratch, and the table

// a life with @p list set, beside one of scratch: the same to the last bit?
static bool is_scratch(const char *const *list)
{
    set_all(list);
    build();
    begin();
    Life life = {.room = 1.0f}, other = {.room = 1.0f};
    Agent *a = make_agent(&method_dqinit, run.state), *b = make_agent(&method_scratch, NULL);
    cr_assert(eq(int, agent_prepare(a, NULL), STATUS_OK));
    cr_assert(eq(int, agent_prepare(b, NULL), STATUS_OK));
    live(a, &life, BUDGET);
    live(b, &other, BUDGET);
    bool alike = same(a, b) && life.x == other.x;
    agent_free(a);
    agent_free(b);
    end();
    return alike;
}

static const char *const tables[] = {"dqinit.table=codebook", "dqinit.table=tilings"};

Test(dqinit, is_scratch_bit_for_bit_without_pre_fit_and_anchor)
{
    for (int t = 0; t < 2; t++) {
        const char *off[] = {tables[t], "dqinit.prefit=0", "dqinit.anchor_on=none", NULL};
        const char *none[] = {"dqinit.anchor_on=table", "dqinit.anchor=0", NULL};
        const char *on[] = {"dqinit.anchor=0.3", NULL};
        cr_assert(is_scratch(off), "%s", tables[t]);
        cr_assert(is_scratch(none), "%s", tables[t]);
        cr_assert(not(is_scratch(on)), "%s", tables[t]);
    }
}

Test(dqinit, is_scratch_bit_for_bit_in_every_place_once_all_is_known)
{
    static const char *const forms[][4] = {
        {"dqinit.act=blend", "dqinit.bootstrap=blend", "dqinit.anchor_on=batch", NULL},
        {"dqinit.act=advantage", "dqinit.bootstrap=choice", "dqinit.anchor_on=none", NULL},
        {"dqinit.act=network", "dqinit.bootstrap=blend", "dqinit.anchor_on=none", NULL},
        {"dqinit.act=network", "dqinit.bootstrap=network", "dqinit.anchor_on=batch", NULL},
        {"dqinit.act=network", "dqinit.bootstrap=network", "dqinit.anchor_on=table", NULL}};
    set("dqinit.prefit", "0");
    for (int f = 0; f < 5; f++)
        for (int t = 0; t < 2; t++) {
            const char *known[] = {tables[t], "dqinit.knownness=none", NULL};
            const char *unknown[] = {"dqinit.knownness=shrinkage", NULL};
            set_all(forms[f]);
            cr_assert(is_scratch(known), "form %d, %s", f, tables[t]);
            cr_assert(not(is_scratch(unknown)), "form %d, %s", f, tables[t]);
        }
}

Test(dqinit, is_scratch_bit_for_bit_where_the_table_is_silent)
{
    static const char *const list[] = {"dqinit.prefit=0",         "dqinit.anchor_on=batch",
                                       "dqinit.act=blend",        "dqinit.bootstrap=blend",
                                       "dqinit.knownness=frozen", NULL};
    cr_assert(not(is_scratch(list)));
    for (int s = 0; s < MADE_SOURCES; s++)
        for (int i = 0; i < MADE_SAMPLES; i++)
            run.sources.features[s][i] += 2.0f;
    cr_assert(is_scratch(list)); // the agent is in [0, 1]
}

Test(dqinit, acts_like_the_table_for_ever_where_nothing_is_ever_known)
{
    static const char *const act[] = {"blend", "advantage"};
    static const float slope[] = {1.0f, 0.5f};
    for (int s = 0; s < MADE_SOURCES; s++) // action 0 above .6
        made_source_values(&run.sources, s, 0.0f, slope);
    for (int s = 0; s < MADE_SOURCES; s++)
        run.sources.network[s].params[5] = 0.3f;
    build();
    set("dqinit.prefit", "0");
    set("dqinit.knownness", "frozen");
    run.dqn.epsilon_low = run.dqn.epsilon_end = 0.0;
    for (int i = 0; i < 2; i++) {
        set("dqinit.act", act[i]);
        begin();
        Life life = {.room = 1.0f};
        Agent *agent = make_agent(&method_dqinit, run.state);
        cr_assert(agent_acts_otherwise(agent));
        for (int round = 0; round < 2; round++) {
            for (int at = 0; at <= 20; at++) {
                const float x = (float)at / 20.0f;
                if (fabsf(x - 0.6f) < 0.03f) continue;
                const Sight sight = {
                    .features = &x, .coords = &x, .elapsed = 3, .training = true};
                cr_assert(eq(int, deployed(agent, x), x < 0.6f), "x = %g", (double)x);
                cr_assert(eq(int, agent_act(agent, &sight), x < 0.6f), "x = %g", (double)x);
            }
            live(agent, &life, BUDGET / 2);
        }
        cr_assert(epsilon_eq(flt, life.x, 0.6f, 0.3f)); // to where the actions meet
        agent_free(agent);
        end();
    }
}

Test(dqinit, shuffled_acts_by_chance)
{
    int right = 0;
    set("dqinit.shuffle", "true");
    set("dqinit.neighbours", "1");
    begin();
    for (int i = 0; i < 100; i++) {
        const float x = ((float)i + 0.5f) / 100.0f;
        right += method_dqinit.prior(run.state, &(Sight){.features = &x, .coords = &x}) ==
                 (x > 0.5f);
    }
    cr_assert(lt(int, 20, right));
    cr_assert(lt(int, right, 80));
}

// -- the anchor in a life

// the error of Q(x, 1) - Q(x, 0) at its worst over [from, to]
static double off(const Agent *agent, float from, float to)
{
    Workspace work;
    double worst = 0.0;
    cr_assert(eq(int, workspace_init(&work, agent_network(agent), 1, NULL), STATUS_OK));
    for (int i = 0; i <= 40; i++) {
        const float x = from + (to - from) * (float)i / 40.0f;
        const float *q = network_forward(agent_network(agent), &work, &x, 1);
        worst = fmax(worst, fabs((double)(q[1] - q[0]) - ((double)x - 0.5)));
    }
    workspace_release(&work);
    return worst;
}

// after a life below one tenth
static double off_after(const char *anchor, float from, float to)
{
    Life life = {.room = 0.1f};
    set("dqinit.anchor", anchor);
    begin();
    Agent *agent = make_agent(&method_dqinit, run.state);
    cr_assert(eq(int, agent_prepare(agent, NULL), STATUS_OK));
    live(agent, &life, BUDGET);
    double worst = off(agent, from, to);
    agent_free(agent);
    end();
    return worst;
}

Test(dqinit, keeps_what_it_knows_where_the_agent_is_not)
{
    set("dqinit.known_visits", "1000");
    double with = off_after("0.3", 0.6f, 1.0f), without = off_after("0", 0.6f, 1.0f);
    cr_assert(lt(dbl, with, 0.1), "%g with the anchor, %g without", with, without);
    cr_assert(lt(dbl, with, 0.5 * without), "%g with the anchor, %g without", with, without);
}

Test(dqinit, holds_the_sampled_states_at_the_table)
{
    set("dqinit.anchor_on", "batch");
    set("dqinit.known_visits", "1e9"); // never known
    double with = off_after("3", 0.0f, 0.1f), without = off_after("0", 0.0f, 0.1f);
    cr_assert(lt(dbl, with, 0.15), "%g with the anchor, %g without", with, without);
    cr_assert(lt(dbl, with, 0.5 * without), "%g with the anchor, %g without", with, without);
}

// -- going on

enum { FORMS = 8 };

static const char *const forms[FORMS][6] = {
    {"dqinit.anchor_on=table", NULL},
    {"dqinit.anchor_on=batch", "dqinit.act=blend", "dqinit.bootstrap=blend", NULL},
    {"dqinit.act=advantage", "dqinit.bootstrap=choice", "dqinit.knownness=clock", NULL},
    {"dqinit.weights=residual", "dqinit.refit=20", "dqinit.aggregate=mean", NULL},
    {"dqinit.weights=residual", "dqinit.weights_start=0.5", "dqinit.refit=20", NULL},
    {"dqinit.knownness=precision", "dqinit.act=blend", NULL},
    {"dqinit.residual=true", NULL},
    {"dqinit.aggregate=ucoi", "dqinit.act=blend", "dqinit.fade=false", NULL},
};

static void begin_form(int form, int table)
{
    const float slope[] = {0.0f, -1.0f};
    param_defaults(method_dqinit.param, method_dqinit.param_count, run.settings);
    set("dqinit.cells", "40");
    set("dqinit.table_states", "5"); // few of the places that the agent comes to
    set("dqinit.prefit", "20");
    made_source_values(&run.sources, 1, 1.0f, slope); // that the sources are not the same
    set_all(forms[form]);
    set("dqinit.table", table ? "tilings" : "codebook");
    build();
}

// @return what tells its whole state
static uint64_t put_away(Agent *agent, const char *path)
{
    Archive *archive;
    cr_assert(eq(int, archive_create(&archive, path, "test", 1, NULL), STATUS_OK));
    agent_archive(agent, archive);
    uint64_t hash = archive_hash(archive);
    cr_assert(eq(int, archive_close(archive, NULL), STATUS_OK));
    return hash;
}

static void pass_on(Agent *from, Agent *to)
{
    Archive *archive;
    const char *path = test_path("state");
    (void)put_away(from, path);
    cr_assert(eq(int, archive_open(&archive, path, "test", 1, NULL), STATUS_OK));
    agent_archive(to, archive);
    cr_assert(eq(int, archive_close(archive, NULL), STATUS_OK));
}

static void add_up(void *sink, const char *name, double value)
{
    double *sum = sink;
    *sum += value * (double)strlen(name);
}

static void ignore(void *sink, const char *sentence)
{
    (void)sink, (void)sentence;
}

// all that it tells, over the whole run and since the last row of the trace
static double told(void)
{
    double sum = 0.0;
    const Report report = {&sum, add_up, ignore};
    method_dqinit.report(run.state, &report);
    method_dqinit.trace(run.state, &report);
    return sum;
}

// a life in one go, or left after 151 steps and gone on with by another
static Agent *spend(bool in_one_go)
{
    Life life = {.room = 0.6f};
    begin();
    Agent *agent = make_agent(&method_dqinit, run.state), *rest;
    cr_assert(eq(int, agent_prepare(agent, NULL), STATUS_OK));
    if (in_one_go) {
        live(agent, &life, 351);
        return agent;
    }
    live(agent, &life, 151);
    void *first = run.state;
    run.state = mem_array(1, method_dqinit.state_size);
    begin();
    rest = make_agent(&method_dqinit, run.state);
    cr_assert(eq(int, agent_prepare(rest, NULL), STATUS_OK));
    pass_on(agent, rest);
    agent_free(agent);
    method_dqinit.release(first);
    mem_free(first);
    live(rest, &life, 200);
    return rest;
}

Test(dqinit, goes_on_from_an_archive_to_the_last_bit)
{
    for (int f = 0; f < FORMS * 2; f++) {
        begin_form(f / 2, f % 2);
        Agent *whole = spend(true);
        double at_once = told();
        end();
        Agent *parts = spend(false);
        cr_assert(same(whole, parts), "form %d, table %d", f / 2, f % 2);
        cr_assert(eq(dbl, told(), at_once), "form %d, table %d", f / 2, f % 2);
        end();
        agent_free(whole);
        agent_free(parts);
    }
}

Test(dqinit, is_not_moved_by_being_evaluated)
{
    for (int f = 0; f < FORMS * 2; f++) {
        begin_form(f / 2, f % 2);
        Agent *whole = spend(true);
        uint64_t state = put_away(whole, test_path("state"));
        double alone = told();
        end();

        Life life = {.room = 0.6f};
        begin();
        Agent *watched = make_agent(&method_dqinit, run.state);
        cr_assert(eq(int, agent_prepare(watched, NULL), STATUS_OK));
        for (int i = 0; i < 351; i++) {
            (void)deployed(watched, (float)(i % 13) / 13.0f);
            live(watched, &life, 1);
            (void)deployed(watched, life.x);
            float x = (float)(i % 7) / 7.0f;
            (void)agent_explain(watched, &(Sight){.features = &x, .coords = &x});
        }
        cr_assert(same(whole, watched), "form %d, table %d", f / 2, f % 2);
        cr_assert(eq(u64, put_away(watched, test_path("state")), state), "form %d, table %d",
                  f / 2, f % 2);
        cr_assert(eq(dbl, told(), alone), "form %d, table %d", f / 2, f % 2);
        agent_free(whole);
        agent_free(watched);
        end();
    }
}

Test(dqinit, takes_no_memory_after_it_began)
{
    for (int f = 0; f < FORMS * 2; f++) {
        Life life = {.room = 1.0f};
        begin_form(f / 2, f % 2);
        begin();
        Agent *agent = make_agent(&method_dqinit, run.state);
        cr_assert(eq(int, agent_prepare(agent, NULL), STATUS_OK));
        int64_t before = mem_count();
        live(agent, &life, BUDGET);
        cr_assert(eq(i64, mem_count(), before), "form %d, table %d", f / 2, f % 2);
        agent_free(agent);
        end();
    }
}
