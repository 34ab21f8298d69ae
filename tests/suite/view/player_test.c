#include "suite/view/player.h"

#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "suite/run/evaluate.h"
#include "suite/run/plan.h"
#include "suite/run/registry.h"
#include "suite/view/panels.h"

enum { SEED = 3, WIDTH = 300 };

static const TaskFamily *family;
static const Method *method;
static MemberList members;
static Settings settings;
static Agent *agent;
static Player player;
static mjvFigure figure;
static Error err;

static void setup(void)
{
    cr_assert(eq(int, family_find(&family, "pendulum", &err), STATUS_OK));
    cr_assert(eq(int, method_find(&method, "scratch", &err), STATUS_OK));
    cr_assert(eq(int, plan_read_members(&members, family, TEST_MODELS_DIR, &err), STATUS_OK));
    cr_assert(eq(int, settings_init(&settings, family, method, &err), STATUS_OK));
    AgentSpec spec = {.settings = &settings.agent,
                      .feature_dim = family->feature_dim,
                      .action_count = family->action_count,
                      .budget = 1000,
                      .key = 7,
                      .method = method};
    cr_assert(eq(int, agent_new(&agent, &spec, &err), STATUS_OK), "%s", err.message);
    PlayerSpec own = {family, &members.member[0], settings.task, TEST_MODELS_DIR, SEED};
    cr_assert(eq(int, player_init(&player, &own, &err), STATUS_OK), "%s", err.message);
    player_give(&player, agent);
}

static void teardown(void)
{
    player_release(&player);
    agent_free(agent);
    settings_release(&settings);
    members_release(&members);
}

TestSuite(player, .init = setup, .fini = teardown);

static void play(int episode)
{
    player_begin(&player, episode);
    while (!env_is_over(player.env))
        player_step(&player, -1);
}

Test(player, returns_what_an_evaluation_of_the_same_episode_returns)
{
    Env *env;
    double returns[PLAYER_EPISODES];
    const Member *member = &members.member[0];
    cr_assert(eq(int, env_new(&env, family, TEST_MODELS_DIR, member, settings.task, &err),
                 STATUS_OK));
    EvalStarts starts = {stream_key(family->name, member->name, SEED), SERIES_FRESH,
                         PLAYER_EPISODES};
    (void)evaluate(env, agent_deployed, agent, starts, returns);
    env_free(env);
    for (int i = 0; i < 3; i++) {
        play(i);
        cr_assert(eq(dbl, player.episode_return, returns[i]), "episode %d", i);
        cr_assert(eq(str, player_end(&player), "time is up"));
    }
}

Test(player, keeps_the_return_after_every_step)
{
    double sum = 0.0;
    player_begin(&player, 0);
    for (int i = 0; i < 5; i++) {
        player_step(&player, -1);
        sum += player.last.reward;
        cr_assert(eq(flt, player.earned[i], (float)sum));
    }
    cr_assert(eq(str, player_end(&player), ""));
}

Test(player, shows_the_action_that_it_takes)
{
    player_begin(&player, 0);
    for (int i = 0; i < 5; i++) {
        int shown = player.thought.action;
        player_step(&player, -1);
        const double *made = env_control(player.env);
        cr_assert(eq(dbl, made[0], env_action_control(player.env, shown)[0]));
    }
}

Test(player, obeys_the_user_and_remembers_it)
{
    player_begin(&player, 0);
    player_step(&player, 2);
    cr_assert(eq(int, player.driven, 2));
    cr_assert(eq(dbl, env_control(player.env)[0], env_action_control(player.env, 2)[0]));
    cr_assert(player.drives);
}

// -- panels

// values with a mean of 3
static void think_known(bool has_prior)
{
    static const float network[] = {1.0F, 2.0F, 6.0F}, prior[] = {-4.0F, 0.0F, 1.0F};
    Thought *t = &player.thought;
    memcpy(t->network, network, sizeof network);
    memcpy(t->blended, network, sizeof network);
    memcpy(t->prior, prior, sizeof prior);
    t->has_prior = has_prior;
    t->action = 1;
    t->share = 0.25;
    t->own = 0.75;
}

// the end of the bar of an action: its first line's second point
static double bar(int line, int action)
{
    int each = figure.linepnt[line] / family->action_count;
    return (double)figure.linedata[line][2 * (action * each + 1) + 1];
}

Test(player, has_panels_of_what_its_method_has)
{
    Panel panel[PANELS];
    player_begin(&player, 0);
    think_known(true);
    cr_assert(eq(int, panels_of(&player, panel), 3));
    cr_assert(eq(int, panel[1], PANEL_SHARE));
    think_known(false);
    cr_assert(eq(int, panels_of(&player, panel), 2));
    player.agent = NULL;
    cr_assert(eq(int, panels_of(&player, panel), 1));
    cr_assert(eq(int, panel[0], PANEL_RETURN));
}

Test(player, has_a_bar_for_each_value_less_the_mean)
{
    player_begin(&player, 0);
    think_known(false);
    panel_fill(&figure, PANEL_VALUES, &player, WIDTH);
    cr_assert(eq(str, figure.linename[0], "network 3"));
    cr_assert(eq(str, figure.linename[1], "acts 1"));
    cr_assert(eq(dbl, bar(0, 0), -2.0));
    cr_assert(eq(dbl, bar(0, 1), -1.0));
    cr_assert(eq(dbl, bar(0, 2), 3.0));
    cr_assert(lt(flt, 3.0F, figure.range[1][1]));
    // the line under the chosen action
    cr_assert(lt(flt, 0.5F, figure.linedata[1][0]));
    cr_assert(lt(flt, figure.linedata[1][2], 1.5F));
}

Test(player, shows_table_network_and_blend_side_by_side)
{
    player_begin(&player, 0);
    think_known(true);
    panel_fill(&figure, PANEL_VALUES, &player, WIDTH);
    cr_assert(eq(str, figure.linename[0], "table -1"));
    cr_assert(eq(str, figure.linename[1], "network 3"));
    cr_assert(eq(str, figure.linename[2], "blend 3"));
    cr_assert(eq(str, figure.linename[3], "acts 1"));
    cr_assert(eq(dbl, bar(0, 0), -3.0));
    cr_assert(eq(dbl, bar(2, 2), 3.0));
    cr_assert(lt(flt, figure.linedata[0][0], figure.linedata[1][0]));
}

Test(player, shows_the_share_led_by_the_table_and_its_mean)
{
    player_begin(&player, 0);
    think_known(true);
    panel_fill(&figure, PANEL_SHARE, &player, WIDTH); // no step yet: the mean is that of now
    cr_assert(eq(str, figure.linename[0], "now 0.25"));
    cr_assert(eq(str, figure.linename[1], "mean 0.25"));
    for (int i = 0; i < 4; i++) {
        think_known(true);
        player.thought.share = i < 2 ? 1.0 : 0.0;
        player_step(&player, -1);
    }
    think_known(true);
    panel_fill(&figure, PANEL_SHARE, &player, WIDTH);
    cr_assert(eq(int, figure.linepnt[0], 4));
    cr_assert(eq(flt, figure.linedata[0][2 * 1 + 1], 1.0F));
    cr_assert(eq(flt, figure.linedata[0][2 * 2 + 1], 0.0F));
    cr_assert(eq(flt, figure.linedata[1][2 * 3 + 1], 0.5F));
    cr_assert(eq(str, figure.linename[0], "now 0.25"));
    cr_assert(eq(str, figure.linename[1], "mean 0.50"));
    cr_assert(eq(str, figure.linename[2], "own 0.75"));
}
