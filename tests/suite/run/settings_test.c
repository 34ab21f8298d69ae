#include "suite/run/settings.h"

#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "suite/run/registry.h"

static Settings s;

static void setup(void)
{
    const Method *method;
    cr_assert(eq(int, method_find(&method, "dqinit", NULL), STATUS_OK));
    cr_assert(eq(int, settings_init(&s, family_at(0), method, NULL), STATUS_OK));
}

static void teardown(void)
{
    settings_release(&s);
}

TestSuite(settings, .init = setup, .fini = teardown);

static void set(const char *key, const char *value)
{
    Error err = {0};
    cr_assert(eq(int, settings_set(&s, key, value, &err), STATUS_OK), "%s", err.message);
}

Test(settings, reaches_every_group_by_name)
{
    set("run.steps", "123");
    set("agent.gamma", "0.5");
    set("explore", "full");
    set("dqinit.anchor", "0.25");
    cr_assert(eq(int, s.run.steps, 123));
    cr_assert(eq(dbl, s.agent.gamma, 0.5));
    cr_assert(eq(int, s.agent.explore, EXPLORE_FULL));

    const void *values;
    Text text = TEXT_INIT;
    const ParamRow *row = settings_row(&s, "dqinit.anchor", &values);
    cr_assert(row != NULL);
    param_print(row, values, &text);
    cr_assert(eq(str, text.data, "0.25"));
    text_release(&text);
}

Test(settings, names_the_nearest_key_and_the_range)
{
    Error err = {0};
    cr_assert(eq(int, settings_set(&s, "agent.gama", "0.5", &err), STATUS_USAGE));
    cr_assert(strstr(err.message, "'agent.gamma'") != NULL, "%s", err.message);
    cr_assert(eq(int, settings_set(&s, "agent.gamma", "1.5", &err), STATUS_USAGE));
    cr_assert(strstr(err.message, "from 0 to 1") != NULL, "%s", err.message);
    cr_assert(eq(int, settings_set(&s, "run.steps", "1e99", &err), STATUS_USAGE));
    cr_assert(eq(int, s.run.steps, 30000));
}

// the value of another method's setting is checked, though nothing here takes it
Test(settings, checks_but_ignores_settings_of_other_methods)
{
    Settings scratch;
    const Method *method;
    Error err = {0};
    cr_assert(eq(int, method_find(&method, "scratch", NULL), STATUS_OK));
    cr_assert(eq(int, settings_init(&scratch, family_at(0), method, NULL), STATUS_OK));
    cr_assert(eq(int, settings_set(&scratch, "dqinit.anchor", "0.5", &err), STATUS_OK));
    cr_assert(eq(int, settings_set(&scratch, "dqinit.anchor", "much", &err), STATUS_USAGE));
    const void *values;
    cr_assert(settings_row(&scratch, "dqinit.anchor", &values) == NULL);
    settings_release(&scratch);
}

Test(settings, hashes_every_value_and_nothing_else)
{
    uint64_t before, changed, back;
    cr_assert(eq(int, settings_hash(&s, &before, NULL), STATUS_OK));
    set("dqinit.known_visits", "99");
    cr_assert(eq(int, settings_hash(&s, &changed, NULL), STATUS_OK));
    set("dqinit.known_visits", "0");
    cr_assert(eq(int, settings_hash(&s, &back, NULL), STATUS_OK));
    cr_assert(before != changed && before == back);
}

typedef struct Found {
    bool seed, pick, trial;
} Found;

static void find(void *context, const ParamRow *row, const void *values)
{
    Found *found = context;
    (void)values;
    found->seed = found->seed || strcmp(row->name, "source.seed") == 0;
    found->pick = found->pick || strcmp(row->name, "source.pick") == 0;
    found->trial = found->trial || strcmp(row->name, "source.trial") == 0;
}

Test(settings, are_those_of_picking_a_source_only_where_one_is_picked)
{
    static const struct {
        const char *method;
        bool sources, one;
    } of[] = {{"scratch", false, false}, {"dqinit", true, false}, {"finetune", true, true}};
    for (int i = 0; i < 3; i++) {
        const Method *method;
        Found found = {0};
        uint64_t before, picked, tried;
        settings_release(&s);
        cr_assert(eq(int, method_find(&method, of[i].method, NULL), STATUS_OK));
        cr_assert(eq(int, settings_init(&s, family_at(0), method, NULL), STATUS_OK));
        settings_each(&s, find, &found);
        cr_assert(eq(int, found.seed, of[i].sources), "%s", of[i].method);
        cr_assert(eq(int, found.pick, of[i].one), "%s", of[i].method);
        cr_assert(eq(int, found.trial, of[i].one), "%s", of[i].method);

        cr_assert(eq(int, settings_hash(&s, &before, NULL), STATUS_OK));
        set("source.pick", "best");
        cr_assert(eq(int, settings_hash(&s, &picked, NULL), STATUS_OK));
        set("source.trial", "2");
        cr_assert(eq(int, settings_hash(&s, &tried, NULL), STATUS_OK));
        cr_assert(eq(int, before != picked, of[i].one), "%s", of[i].method);
        cr_assert(eq(int, picked != tried, of[i].one), "%s", of[i].method);
    }
}

Test(settings, hashes_for_knowledge_only_what_shapes_it)
{
    uint64_t before, learning, shape;
    cr_assert(eq(int, settings_knowledge_hash(&s, &before, NULL), STATUS_OK));
    set("dqinit.anchor", "0");
    cr_assert(eq(int, settings_knowledge_hash(&s, &learning, NULL), STATUS_OK));
    set("dqinit.bins", "9");
    cr_assert(eq(int, settings_knowledge_hash(&s, &shape, NULL), STATUS_OK));
    cr_assert(before == learning && before != shape);
}

Test(settings, shares_with_sources_what_changes_the_task_or_its_values)
{
    cr_assert(settings_is_shared("agent.gamma"));
    cr_assert(settings_is_shared("agent.hidden"));
    cr_assert(settings_is_shared("source.steps"));
    cr_assert(not(settings_is_shared("agent.lr")));
    cr_assert(not(settings_is_shared("explore")));
    cr_assert(not(settings_is_shared("dqinit.bins")));
    cr_assert(not(settings_is_shared("no.such")));
}

Test(settings, reads_key_and_value_of_an_override)
{
    Override o;
    Error err = {0};
    cr_assert(eq(int, override_parse(&o, "agent.lr=1e-4", &err), STATUS_OK));
    cr_assert(eq(str, o.key, "agent.lr"));
    cr_assert(eq(str, o.value, "1e-4"));
    cr_assert(eq(int, override_parse(&o, "agent.lr", &err), STATUS_USAGE));
    cr_assert(eq(int, override_parse(&o, "=3", &err), STATUS_USAGE));
}

Test(registry, finds_no_fault_with_its_own_rows)
{
    Error err = {0};
    cr_assert(eq(int, registry_check(&err), STATUS_OK), "%s", err.message);
}
