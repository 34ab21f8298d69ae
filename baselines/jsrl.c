/** @file
 * Jump-Start RL: a source's network plays the first steps of every episode, fewer and fewer.
 *
 * Layer: baselines.
 * @source Uchendu et al. 2022, arXiv 2204.02372, Algorithm 1, on a DQN with epsilon-greedy
 *         exploration, which it allows for TrainPolicy.
 *
 * In an episode the guide pi^g, greedy, acts for steps 1 .. h and the agent pi^e after them.
 * All steps are stored and learned from, and a return of n steps is not cut where the two meet.
 * With the guide step sequence
 *
 *     h_i = H1 - i H1 / n,   i = 0 .. n,
 *
 * the curriculum goes through i = 0, 1, .., n: Algorithm 1 begins with h = H1, the guide alone,
 * and ends with 0. The random schedule draws i uniformly for every episode.
 *
 * What is deployed is the combined policy: with the present h, or at random schedule with the
 * stages spread evenly over the episodes of an evaluation, the first of them with i = 0 and the
 * last with i = n, so that an evaluation draws nothing and sees all lengths of guidance.
 */
#include <math.h>

#include "agents/methods.h"
#include "baselines/streams.h"
#include "baselines/window.h"

enum { LEAST_EPISODES = 5 }; // of a stage, before it may be left for what they returned

typedef enum Schedule { SCHEDULE_CURRICULUM, SCHEDULE_RANDOM } Schedule;

typedef struct JsrlSettings {
    int schedule; // Schedule
    int stages;   // n
    double horizon;
    int window;
    double tolerance, patience;
} JsrlSettings;

#define AT(field) offsetof(JsrlSettings, field)

// Defaults are frozen: those of the best trial in results/tuning2.csv. A changed one needs new
// targets (results/METHODS.md).
// a setting reads better in two or three lines than in nine
// clang-format off
static const ParamRow params[] = {
    {.name = "jsrl.schedule", .kind = PARAM_CHOICE, .offset = AT(schedule),
     .def = SCHEDULE_CURRICULUM, .choices = "curriculum|random",
     .help = "guided steps of an episode: fewer with every stage, or a random stage's"},
    {.name = "jsrl.stages", .kind = PARAM_INT, .offset = AT(stages), .def = 10, .lo = 1,
     .hi = 1000,
     .help = "times that the curriculum takes a part of the guide's steps, all parts alike"},
    {.name = "jsrl.horizon", .kind = PARAM_DOUBLE, .offset = AT(horizon), .def = 1, .lo = 0,
     .hi = 1,
     .help = "guided steps of the first stage, as a share of the time limit; 0: no guide"},
    {.name = "jsrl.window", .kind = PARAM_INT, .offset = AT(window), .def = 5, .lo = 1,
     .hi = WINDOW_MOST, .unit = "episodes",
     .help = "training episodes of a stage over whose returns the moving average goes"},
    {.name = "jsrl.tolerance", .kind = PARAM_DOUBLE, .offset = AT(tolerance), .def = 0.3,
     .lo = 0, .hi = 1e6,
     .help = "how far below the best moving average still ends a stage, as a share of it"},
    {.name = "jsrl.patience", .kind = PARAM_DOUBLE, .offset = AT(patience), .def = 0.3,
     .lo = 0, .hi = 1e6,
     .help = "steps after which a stage ends regardless, as a share of budget / stages"},
};
// clang-format on

// all that changes in a run
typedef struct Progress {
    int stage;    // i
    int guided;   // h of the training episode
    int forced;   // stages that ended by steps
    int has_best; // 0 or 1
    int64_t steps, own, stage_began;
    int64_t traced_steps, traced_own; // those up to the last row of the trace
    double episode_return;
    double best;    // moving average so far, of any stage
    Window returns; // of the present stage
    RngStream draws;
} Progress;

typedef struct Jsrl {
    JsrlSettings settings;
    const Network *guide;
    Workspace work;
    int horizon;    // H1, in control steps
    double longest; // steps of a stage
    Progress now;
} Jsrl;

static Status init(void *state, const RunContext *context, Error *err)
{
    Jsrl *j = state;
    const TrainedSource *source = &context->source[context->picked];
    const Network *guide = source->network;
    if (guide->units[0] != context->shape.feature_dim ||
        guide->units[guide->layers] != context->shape.action_count)
        return error_set(err, STATUS_MISMATCH, "the network of source '%s' has another shape",
                         source->member);

    j->settings = *(const JsrlSettings *)context->settings;
    j->guide = guide;
    // differs: in the paper H1 is how long the guide needs to solve the task; these tasks last
    // as long as they go well, up to the time limit
    j->horizon = (int)lround(j->settings.horizon * context->shape.time_limit);
    j->longest = j->settings.patience * (double)context->budget / j->settings.stages;
    j->now.draws = rng_stream(context->key, RNG_METHOD, STREAM_GUIDE_STEPS);
    return workspace_init(&j->work, guide, 1, err);
}

static void release(void *state)
{
    Jsrl *j = state;
    workspace_release(&j->work);
}

static bool acts(const void *state)
{
    const Jsrl *j = state;
    return j->horizon > 0;
}

// h_i = H1 - i H1 / n
static int guided_steps(const Jsrl *j, int stage)
{
    int64_t left = j->settings.stages - stage;
    return (int)(j->horizon * left / j->settings.stages);
}

static void advance(Progress *now, int64_t began)
{
    now->stage++;
    now->stage_began = began;
    now->returns = (Window){0};
}

// leave a stage that took its time; what it took too long is missing from the next, so that
// long episodes do not delay the last stage
static void advance_if_late(Jsrl *j)
{
    Progress *now = &j->now;
    double end = (double)now->stage_began + j->longest;
    if (now->stage == j->settings.stages || (double)now->steps < end || now->steps == 0) return;
    advance(now, (int64_t)end);
    now->forced++;
}

// differs: the paper evaluates the combined policy at every stage, with steps of the task that
// it does not count; here the training episodes, which are played anyway, are the evaluation
static void advance_if_good(Jsrl *j)
{
    Progress *now = &j->now;
    int window = j->settings.window;
    if (now->returns.count < LEAST_EPISODES || !window_is_full(&now->returns, window)) return;

    double mean = window_mean(&now->returns, window);
    if (!now->has_best) now->best = mean; // the guide's own, or near it
    now->has_best = 1;
    // a share of the size, so that it is below the best for negative returns too
    bool good = mean >= now->best - j->settings.tolerance * fabs(now->best);
    now->best = fmax(now->best, mean);
    if (good && now->stage < j->settings.stages) advance(now, now->steps);
}

// an episode whose physics diverged had no end that observe() could see: begin afresh
static void begin_episode(Jsrl *j)
{
    Progress *now = &j->now;
    now->episode_return = 0.0;
    if (j->settings.schedule == SCHEDULE_RANDOM)
        now->stage = rng_below(&now->draws, j->settings.stages + 1);
    else
        advance_if_late(j);
    now->guided = guided_steps(j, now->stage);
}

// the stage of an evaluation's episode e of E: i = round(e n / (E - 1)), or the middle one
static int judged_stage(const Jsrl *j, const Sight *sight)
{
    if (j->settings.schedule == SCHEDULE_CURRICULUM) return j->now.stage;
    int last = sight->episodes - 1;
    double stages = j->settings.stages;
    return (int)lround(last > 0 ? sight->episode * stages / last : stages / 2.0);
}

// steps 1 .. h are the guide's: those before which less than h were made
static int guide(void *state, const Sight *sight)
{
    Jsrl *j = state;
    Progress *now = &j->now;
    int guided;
    if (sight->training) {
        if (sight->elapsed == 0) begin_episode(j);
        guided = now->guided;
        now->steps++;
        now->own += sight->elapsed >= guided;
    } else {
        guided = guided_steps(j, judged_stage(j, sight));
    }
    if (sight->elapsed >= guided) return -1;
    return network_best(j->guide, &j->work, sight->features);
}

static void observe(void *state, const Transition *t)
{
    Jsrl *j = state;
    Progress *now = &j->now;
    now->episode_return += t->reward;
    if (!t->terminated && !t->truncated) return;
    if (j->settings.schedule == SCHEDULE_RANDOM) return;
    window_push(&now->returns, j->settings.window, now->episode_return);
    advance_if_good(j);
}

static void archive(void *state, Archive *archive)
{
    Jsrl *j = state;
    Progress *now = &j->now;
    archive_int(archive, "jsrl.stage", &now->stage, 0, j->settings.stages);
    archive_int(archive, "jsrl.guided", &now->guided, 0, j->horizon);
    archive_int(archive, "jsrl.forced", &now->forced, 0, j->settings.stages);
    archive_int(archive, "jsrl.has_best", &now->has_best, 0, 1);
    archive_total(archive, "jsrl.steps", &now->steps, ARCHIVE_MOST);
    archive_total(archive, "jsrl.own", &now->own, now->steps);
    archive_total(archive, "jsrl.stage_began", &now->stage_began, now->steps);
    archive_total(archive, "jsrl.traced_steps", &now->traced_steps, now->steps);
    archive_total(archive, "jsrl.traced_own", &now->traced_own, now->own);
    archive_bytes(archive, "jsrl.return", &now->episode_return, sizeof now->episode_return);
    archive_bytes(archive, "jsrl.best", &now->best, sizeof now->best);
    window_archive(&now->returns, archive);
    archive_bytes(archive, "jsrl.draws", &now->draws, sizeof now->draws);
}

static void tell(const void *state, const Report *report)
{
    const Jsrl *j = state;
    const Progress *now = &j->now;
    double own = now->steps ? (double)now->own / (double)now->steps : 1.0;
    report->number(report->sink, "own_step_fraction", own);
    if (j->settings.schedule == SCHEDULE_RANDOM) return;
    report->number(report->sink, "stage", now->stage);
    report->number(report->sink, "forced_advances", now->forced);
    report->number(report->sink, "guide_horizon", guided_steps(j, now->stage));
}

static void tell_since(void *state, const Report *report)
{
    Jsrl *j = state;
    Progress *now = &j->now;
    int64_t steps = now->steps - now->traced_steps, own = now->own - now->traced_own;
    if (steps) report->number(report->sink, "own_step_fraction", (double)own / (double)steps);
    if (j->settings.schedule == SCHEDULE_CURRICULUM)
        report->number(report->sink, "guide_horizon", guided_steps(j, now->stage));
    now->traced_steps = now->steps;
    now->traced_own = now->own;
}

const Method method_jsrl = {
    .name = "jsrl",
    .title = "Jump-Start RL",
    .summary = "one source's network plays the first steps of an episode, fewer and fewer",
    .source = "Uchendu et al. 2022, arXiv 2204.02372, Algorithm 1",
    .version = 2,
    .needs = METHOD_NEEDS_SOURCES | METHOD_TAKES_ONE,
    .state_size = sizeof(Jsrl),
    .param = params,
    .param_count = sizeof params / sizeof params[0],
    .settings_size = sizeof(JsrlSettings),
    .init = init,
    .release = release,
    .acts = acts,
    .guide = guide,
    .observe = observe,
    .archive = archive,
    .report = tell,
    .trace = tell_since,
};
