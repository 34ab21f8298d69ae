/** @file
 * Distillation: a source's network teaches, first off-line on steps of its own task and then
 * beside the Bellman errors in the target, until the student is as good.
 *
 * Layer: baselines.
 * @source the joint form: QDagger, Agarwal et al. 2022, arXiv 2206.01626, in the form of its
 *         code (reincarnating_rl @e9df46e). The off-line form: Rusu et al. 2015,
 *         arXiv 1511.06295, eq. 3.
 *
 *     L      = L_TD + lambda_t KL(softmax(q_T / tau) || softmax(q_S / tau))
 *     lambda = lambda_0 1[t < t_0] max(0, 1 - G),  G = (G_S - G_rand) / (G_T - G_rand)
 *
 * with G_S the mean of the last training returns in the target, G_T and G_rand those of teacher
 * and chance in the source. Both parts of G are differences from chance, so that it is right
 * for negative returns, which a plain ratio G_S / G_T is not.
 *
 * The off-line form is the reference point: policy distillation alone, no Bellman errors, and
 * then nothing is learned any more. Its outputs are logits and no values of actions: to go on
 * by DQN from them loses what was learned, which is why the joint form keeps L_TD throughout.
 *
 * The teacher is asked about a state once: the tag of a transition is softmax(q_T(s) / tau).
 *
 * Shapes: B = batch, D = features, A = actions.
 */
#include <limits.h>
#include <math.h>
#include <string.h>

#include "agents/dqn.h"
#include "agents/methods.h"
#include "baselines/softmax.h"
#include "baselines/source_steps.h"
#include "baselines/streams.h"
#include "baselines/window.h"
#include "suite/core/mem.h"

typedef enum Form { FORM_JOINT, FORM_OFFLINE } Form;
typedef enum Weaning { WEANING_RETURNS, WEANING_LINEAR } Weaning;

// a teacher to whom all actions are alike would divide by 0
static const double least_tau = 1e-6;

typedef struct DistillSettings {
    int form; // Form
    int states;
    double epsilon;
    int updates;
    double tau, lambda;
    int weaning; // Weaning
    int window;
    double until;
} DistillSettings;

#define AT(field) offsetof(DistillSettings, field)

// a setting reads better in two or three lines than in nine
// clang-format off
static const ParamRow params[] = {
    {.name = "distill.form", .kind = PARAM_CHOICE, .offset = AT(form), .def = FORM_JOINT,
     .choices = "joint|offline",
     .help = "Bellman errors and teacher together, or the teacher alone and only off-line"},
    {.name = "distill.states", .kind = PARAM_INT, .offset = AT(states), .def = 20000,
     .lo = 1, .hi = 10000000, .unit = "steps", .knowledge = true,
     .help = "steps gathered from each source for the off-line phase"},
    {.name = "distill.epsilon", .kind = PARAM_DOUBLE, .offset = AT(epsilon), .def = 0.1,
     .lo = 0, .hi = 1, .knowledge = true,
     .help = "probability of a random action while they are gathered"},
    {.name = "distill.updates", .kind = PARAM_INT, .offset = AT(updates), .def = 10000,
     .lo = 0, .hi = 10000000,
     .help = "updates of the off-line phase; 0: none"},
    {.name = "distill.tau", .kind = PARAM_DOUBLE, .offset = AT(tau), .def = 0.5, .lo = 1e-3,
     .hi = 1e3,
     .help = "temperature of the policies, in median gaps of the teacher's two best actions"},
    {.name = "distill.lambda", .kind = PARAM_DOUBLE, .offset = AT(lambda), .def = 3, .lo = 0,
     .hi = 1e3,
     .help = "weight of the teacher before weaning; 0: none"},
    {.name = "distill.weaning", .kind = PARAM_CHOICE, .offset = AT(weaning),
     .def = WEANING_RETURNS, .choices = "returns|linear",
     .help = "what takes the weight to 0: returns that near the teacher's, or steps"},
    {.name = "distill.window", .kind = PARAM_INT, .offset = AT(window), .def = 10, .lo = 1,
     .hi = WINDOW_MOST, .unit = "episodes",
     .help = "training episodes whose mean return is compared with the teacher's"},
    {.name = "distill.until", .kind = PARAM_DOUBLE, .offset = AT(until), .def = 0.5, .lo = 0,
     .hi = 1,
     .help = "share of the budget after which the teacher has no weight"},
};
// clang-format on

// what changes in a run
typedef struct Progress {
    int64_t steps;
    double episode_return;
    Window returns;
} Progress;

typedef struct Distill {
    DistillSettings settings;
    DqnSettings agent;
    SourceSteps steps; // without its arrays once the off-line phase is over
    const Network *teacher;
    Workspace work;
    double tau;
    uint64_t key;
    int64_t budget;
    double kl_start, kl_end; // off-line, mean over the source's states

    Progress now;
    float *last; // (D) where the last step led
} Distill;

static Gathering gathering(const void *settings)
{
    const DistillSettings *s = settings;
    return (Gathering){.states = s->states, .epsilon = &s->epsilon, .episodes = 1};
}

// -- beginning

static Status check_match(const Distill *d, const RunContext *context, Error *err)
{
    const TrainedSource *source = &context->source[context->picked];
    const Network *teacher = source->network;
    int features = context->shape.feature_dim, actions = context->shape.action_count;
    if (teacher->units[0] != features || teacher->units[teacher->layers] != actions)
        return error_set(err, STATUS_MISMATCH, "the network of source '%s' has another shape",
                         source->member);
    if (d->steps.feature_dim != features || d->steps.action_count != actions ||
        strcmp(d->steps.member, source->member) != 0)
        return error_set(err, STATUS_MISMATCH, "'%s' is of other sources", context->knowledge);
    return STATUS_OK;
}

static Status init(void *state, const RunContext *context, Error *err)
{
    Distill *d = state;
    d->settings = *(const DistillSettings *)context->settings;
    d->agent = *context->agent;
    d->teacher = context->source[context->picked].network;
    d->key = context->key;
    d->budget = context->budget;

    Status status = source_steps_read(&d->steps, context->knowledge, context->picked, err);
    if (status == STATUS_OK) status = check_match(d, context, err);
    if (status == STATUS_OK) status = workspace_init(&d->work, d->teacher, 1, err);
    if (status != STATUS_OK) return status;

    // differs: tau is .01 in Rusu et al. and .1 in QDagger, for values of Atari games with
    // clipped rewards; those of each family here have a scale of their own
    d->tau = fmax(d->settings.tau * d->steps.action_gap, least_tau);
    d->last = mem_array((size_t)d->steps.feature_dim, sizeof *d->last);
    return d->last ? STATUS_OK : error_nomem(err);
}

static void release(void *state)
{
    Distill *d = state;
    source_steps_release(&d->steps);
    workspace_release(&d->work);
    mem_free(d->last);
}

// -- the loss

// softmax(q_T / tau)
static void ask_teacher(Distill *d, const float *features, float *p)
{
    const float *q = network_forward(d->teacher, &d->work, features, 1);
    softmax(q, d->steps.action_count, d->tau, p);
}

// differs: QDagger divides both by tau; Rusu et al. the teacher alone
static double student_tau(const Distill *d)
{
    return d->settings.form == FORM_OFFLINE ? 1.0 : d->tau;
}

// weight times the gradient of the mean over the batch of KL(p_T || p_S)
static void add_kl(const Distill *d, const Batch *batch, const float *q, double weight,
                   float *dq)
{
    int actions = d->steps.action_count;
    for (int b = 0; b < batch->size; b++)
        softmax_kl_gradient(batch->tag[b], q + b * actions, actions, student_tau(d),
                            weight / batch->size, dq + b * actions);
}

// -- the off-line phase

// a learner like the run's, on the steps of the source
typedef struct Offline {
    Distill *distill;
    const Network *start; // the run's fresh network
} Offline;

static Status offline_prepare(void *state, Network *network, Error *err)
{
    const Offline *o = state;
    (void)err;
    network_copy(network, o->start);
    return STATUS_OK;
}

static TagShape offline_tag_shape(const void *state)
{
    const Offline *o = state;
    return (TagShape){.size = (size_t)o->distill->steps.action_count * sizeof(float)};
}

static void offline_tag(void *state, const float *features, const float *coords, void *tag)
{
    const Offline *o = state;
    (void)coords;
    ask_teacher(o->distill, features, tag);
}

static bool offline_gradient(void *state, const Batch *batch, const float *q, float *dq)
{
    const Offline *o = state;
    const Distill *d = o->distill;
    bool alone = d->settings.form == FORM_OFFLINE;
    size_t values = (size_t)batch->size * (size_t)d->steps.action_count;
    if (alone) memset(dq, 0, values * sizeof *dq); // no Bellman errors
    add_kl(d, batch, q, alone ? 1.0 : d->settings.lambda, dq);
    return true;
}

static const Method offline_method = {
    .name = "offline",
    .prepare = offline_prepare,
    .tag_shape = offline_tag_shape,
    .tag = offline_tag,
    .batch_gradient = offline_gradient,
};

// does an episode end as episodes should? Then there is something to learn from
static bool teaches(const SourceSteps *steps)
{
    for (int i = 0; i < steps->count; i++)
        if (steps->end[i] == STEP_TERMINATED || steps->end[i] == STEP_TRUNCATED) return true;
    return steps->end[steps->count - 1] != STEP_DIVERGED;
}

// fill the memory of a learner with the source's steps
static void show_steps(Agent *agent, const SourceSteps *steps)
{
    size_t d = (size_t)steps->feature_dim;
    for (int i = 0; i < steps->count; i++) {
        bool cut = steps->end[i] == STEP_GOES_ON && i == steps->count - 1;
        if (steps->end[i] == STEP_DIVERGED) {
            agent_abandon_episode(agent);
            continue;
        }
        agent_observe(agent,
                      &(Transition){.obs = steps->features + (size_t)i * d,
                                    .next_obs = steps->next_features + (size_t)i * d,
                                    .reward = (double)steps->reward[i],
                                    .action = steps->action[i],
                                    .terminated = steps->end[i] == STEP_TERMINATED,
                                    .truncated = steps->end[i] == STEP_TRUNCATED || cut});
    }
}

static Status make_learner(Agent **out, Offline *o, Error *err)
{
    Distill *d = o->distill;
    DqnSettings settings = d->agent;
    settings.learning_start = INT_MAX; // it learns when it is told to
    settings.replay = d->steps.count;
    settings.lr_end = 1.0;
    settings.average = 0.0;

    RngStream draws = rng_stream(d->key, RNG_METHOD, STREAM_OFFLINE);
    uint64_t high = rng_word(&draws);
    AgentSpec spec = {.settings = &settings,
                      .feature_dim = d->steps.feature_dim,
                      .action_count = d->steps.action_count,
                      .budget = d->budget,
                      .key = high << 32 | rng_word(&draws), // its streams are none of the run's
                      .method = &offline_method,
                      .method_state = o};
    Status status = agent_new(out, &spec, err);
    return status == STATUS_OK ? agent_prepare(*out, err) : status;
}

// mean of KL(p_T || p_S) over the source's states
static double mean_kl(Distill *d, const Network *student, Workspace *work, float *p)
{
    int actions = d->steps.action_count;
    double sum = 0.0;
    for (int i = 0; i < d->steps.count; i++) {
        const float *features = d->steps.features + (size_t)i * (size_t)d->steps.feature_dim;
        ask_teacher(d, features, p);
        sum +=
            softmax_kl(p, network_forward(student, work, features, 1), actions, student_tau(d));
    }
    return sum / d->steps.count;
}

// differs: QDagger makes a million updates on the teacher's own memory, and then counts them as
// steps of the student's schedules
static Status learn_offline(Distill *d, Network *network, Error *err)
{
    Offline o = {d, network};
    Agent *agent = NULL;
    Workspace work = {0};
    float *p = mem_array((size_t)d->steps.action_count, sizeof *p);
    Status status = p ? workspace_init(&work, network, 1, err) : error_nomem(err);
    if (status == STATUS_OK) status = make_learner(&agent, &o, err);
    if (status == STATUS_OK) {
        d->kl_start = mean_kl(d, network, &work, p);
        show_steps(agent, &d->steps);
        for (int i = 0; i < d->settings.updates; i++)
            agent_learn(agent);
        network_copy(network, agent_network(agent));
        d->kl_end = mean_kl(d, network, &work, p);
    }
    agent_free(agent);
    workspace_release(&work);
    mem_free(p);
    return status;
}

// the arrays, which nothing needs any more; what they were measured by stays
static void forget_steps(SourceSteps *steps)
{
    SourceSteps kept = *steps;
    kept.features = kept.next_features = kept.reward = NULL;
    kept.action = NULL;
    kept.end = NULL;
    source_steps_release(steps);
    *steps = kept;
}

static Status prepare(void *state, Network *network, Error *err)
{
    Distill *d = state;
    Status status = STATUS_OK;
    if (d->settings.updates > 0 && !teaches(&d->steps))
        return error_set(err, STATUS_RANGE, "no episode of source '%s' came to an end",
                         d->steps.member);
    if (d->settings.updates > 0) status = learn_offline(d, network, err);
    forget_steps(&d->steps);
    return status;
}

// -- the on-line phase

// G, in [0, 1]
static double reached(const Distill *d)
{
    const SourceSteps *steps = &d->steps;
    int window = d->settings.window;
    if (!window_is_full(&d->now.returns, window)) return 0.0;
    double above = steps->teacher_return - steps->random_return;
    if (above <= 0.0) return 1.0; // it has nothing to teach
    double g = (window_mean(&d->now.returns, window) - steps->random_return) / above;
    return fmin(fmax(g, 0.0), 1.0);
}

// differs: QDagger asks for G once in 250,000 steps, here after every episode, and lets the
// learning rate follow lambda, which here is the one of all methods
static double lambda_now(const Distill *d)
{
    const DistillSettings *s = &d->settings;
    double end = s->until * (double)d->budget, t = (double)d->now.steps;
    if (s->form == FORM_OFFLINE || t >= end) return 0.0;
    return s->lambda * (s->weaning == WEANING_LINEAR ? 1.0 - t / end : 1.0 - reached(d));
}

static TagShape tag_shape(const void *state)
{
    const Distill *d = state;
    if (d->settings.form == FORM_OFFLINE || d->settings.lambda == 0.0) return (TagShape){0};
    return (TagShape){.size = (size_t)d->steps.action_count * sizeof(float)};
}

static void write_tag(void *state, const float *features, const float *coords, void *tag)
{
    Distill *d = state;
    (void)coords;
    if ((double)d->now.steps < d->settings.until * (double)d->budget)
        ask_teacher(d, features, tag);
    else // the teacher is not heard any more
        memset(tag, 0, (size_t)d->steps.action_count * sizeof(float));
}

static bool batch_gradient(void *state, const Batch *batch, const float *q, float *dq)
{
    Distill *d = state;
    size_t values = (size_t)batch->size * (size_t)d->steps.action_count;
    double lambda = lambda_now(d);
    // with moments that are 0 since the beginning, a gradient of 0 leaves the network as it is
    if (d->settings.form == FORM_OFFLINE) memset(dq, 0, values * sizeof *dq);
    if (lambda > 0.0) add_kl(d, batch, q, lambda, dq);
    return lambda > 0.0 || d->settings.form == FORM_OFFLINE;
}

// an episode that was lost to the physics ends unseen: the next step begins elsewhere
static void observe(void *state, const Transition *t)
{
    Distill *d = state;
    Progress *now = &d->now;
    size_t size = (size_t)d->steps.feature_dim * sizeof *d->last;
    if (memcmp(d->last, t->obs, size) != 0) now->episode_return = 0.0;
    memcpy(d->last, t->next_obs, size);

    now->steps++;
    now->episode_return += t->reward;
    if (!t->terminated && !t->truncated) return;
    window_push(&now->returns, d->settings.window, now->episode_return);
    now->episode_return = 0.0;
}

static void archive(void *state, Archive *archive)
{
    Distill *d = state;
    Progress *now = &d->now;
    archive_total(archive, "distill.steps", &now->steps, ARCHIVE_MOST);
    archive_bytes(archive, "distill.return", &now->episode_return, sizeof now->episode_return);
    window_archive(&now->returns, archive);
    archive_bytes(archive, "distill.last", d->last,
                  (size_t)d->steps.feature_dim * sizeof *d->last);
}

static void tell(const void *state, const Report *report)
{
    const Distill *d = state;
    report->number(report->sink, "tau", d->tau);
    report->number(report->sink, "teacher_return", d->steps.teacher_return);
    report->number(report->sink, "random_return", d->steps.random_return);
    report->number(report->sink, "lambda", lambda_now(d));
    if (d->settings.updates) {
        report->number(report->sink, "offline_kl_start", d->kl_start);
        report->number(report->sink, "offline_kl_end", d->kl_end);
    }
    if (d->steps.teacher_return <= d->steps.random_return)
        report->warning(report->sink, "the teacher is no better than chance in its own task");
}

static void tell_weight(void *state, const Report *report)
{
    report->number(report->sink, "lambda", lambda_now(state));
}

const Method method_distill = {
    .name = "distill",
    .title = "distillation (QDagger)",
    .summary = "one source's network teaches, off-line and then beside the Bellman errors",
    .source = "Agarwal et al. 2022, arXiv 2206.01626; Rusu et al. 2015, arXiv 1511.06295",
    .version = 1,
    .needs = METHOD_NEEDS_SOURCES | METHOD_TAKES_ONE,
    .state_size = sizeof(Distill),
    .param = params,
    .param_count = sizeof params / sizeof params[0],
    .settings_size = sizeof(DistillSettings),
    .gathering = gathering,
    .build = source_steps_build,
    .check = source_steps_check,
    .init = init,
    .release = release,
    .prepare = prepare,
    .tag_shape = tag_shape,
    .tag = write_tag,
    .observe = observe,
    .batch_gradient = batch_gradient,
    .archive = archive,
    .report = tell,
    .trace = tell_weight,
};
