/** @file
 * Distillation: a source's network teaches, or those of all do, first off-line on steps of its
 * own task and then beside the Bellman errors in the target, until the student is as good.
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
 * With source.pick=all there is a teacher T for each source, with a tau_T in its own gaps.
 * On-line no teacher is the task's own, and the policy taught is their mean; the student's tau,
 * G_T and G_rand are means too. Off-line each teaches on the steps of its own task, as in the
 * multi-task distillation of Rusu et al., here with one memory and one output layer for all. No
 * input says of which task a state is, so that this tends to a mean of the policies as well,
 * each weighted by how often its teacher is in the state.
 *
 * A teacher is asked about a state once: the tag of a transition is softmax(q_T(s) / tau).
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

// Defaults are frozen: those of the best trial in results/tuning2.csv. A changed one needs new
// targets (results/METHODS.md).
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
    {.name = "distill.tau", .kind = PARAM_DOUBLE, .offset = AT(tau), .def = 8, .lo = 1e-3,
     .hi = 1e3,
     .help = "temperature of the policies, in median gaps of the teacher's two best actions"},
    {.name = "distill.lambda", .kind = PARAM_DOUBLE, .offset = AT(lambda), .def = 1, .lo = 0,
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

typedef struct Teacher {
    const Network *network;
    Workspace work;
    SourceSteps steps; // without its arrays once the off-line phase is over
    double tau;
} Teacher;

typedef struct Distill {
    DistillSettings settings;
    DqnSettings agent;
    int feature_dim, action_count;
    Teacher *teacher; // (teacher_count) one, or all sources
    int teacher_count;
    float *policy;                             // (teacher_count x A) in one state
    double tau, teacher_return, random_return; // means over the teachers
    uint64_t key;
    int64_t budget;
    double kl_start, kl_end; // off-line, mean over the sources' states

    Progress now;
    float *last; // (D) where the last step led
} Distill;

static Gathering gathering(const void *settings)
{
    const DistillSettings *s = settings;
    return (Gathering){.states = s->states, .epsilon = &s->epsilon, .episodes = 1};
}

// -- beginning

static Status check_match(const Distill *d, const Teacher *teacher, const RunContext *context,
                          const char *member, Error *err)
{
    const Network *network = teacher->network;
    const SourceSteps *steps = &teacher->steps;
    if (network->units[0] != d->feature_dim ||
        network->units[network->layers] != d->action_count)
        return error_set(err, STATUS_MISMATCH, "the network of source '%s' has another shape",
                         member);
    if (steps->feature_dim != d->feature_dim || steps->action_count != d->action_count ||
        strcmp(steps->member, member) != 0)
        return error_set(err, STATUS_MISMATCH, "'%s' is of other sources", context->knowledge);
    return STATUS_OK;
}

// the teacher of source `index`
static Status begin_teacher(const Distill *d, Teacher *teacher, const RunContext *context,
                            int index, Error *err)
{
    const TrainedSource *source = &context->source[index];
    teacher->network = source->network;
    Status status = source_steps_read(&teacher->steps, context->knowledge, index, err);
    if (status == STATUS_OK) status = check_match(d, teacher, context, source->member, err);
    if (status == STATUS_OK) status = workspace_init(&teacher->work, teacher->network, 1, err);
    // differs: tau is .01 in Rusu et al. and .1 in QDagger, for values of Atari games with
    // clipped rewards; those of each family here have a scale of their own
    teacher->tau = fmax(d->settings.tau * teacher->steps.action_gap, least_tau);
    return status;
}

// what is one number for all teachers
static void take_means(Distill *d)
{
    int count = d->teacher_count;
    for (int i = 0; i < count; i++) {
        const Teacher *t = &d->teacher[i];
        d->tau += t->tau;
        d->teacher_return += t->steps.teacher_return;
        d->random_return += t->steps.random_return;
    }
    d->tau /= count;
    d->teacher_return /= count;
    d->random_return /= count;
}

static Status init(void *state, const RunContext *context, Error *err)
{
    Distill *d = state;
    d->settings = *(const DistillSettings *)context->settings;
    d->agent = *context->agent;
    d->feature_dim = context->shape.feature_dim;
    d->action_count = context->shape.action_count;
    d->key = context->key;
    d->budget = context->budget;

    size_t count = (size_t)context->picked_count;
    d->teacher = mem_array(count, sizeof *d->teacher);
    d->policy = mem_array(count, (size_t)d->action_count * sizeof *d->policy);
    d->last = mem_array((size_t)d->feature_dim, sizeof *d->last);
    if (!d->teacher || !d->policy || !d->last) return error_nomem(err);
    d->teacher_count = context->picked_count;

    Status status = STATUS_OK;
    for (int i = 0; status == STATUS_OK && i < d->teacher_count; i++)
        status = begin_teacher(d, &d->teacher[i], context, context->picked + i, err);
    take_means(d);
    return status;
}

static void release(void *state)
{
    Distill *d = state;
    for (int i = 0; i < d->teacher_count; i++) {
        source_steps_release(&d->teacher[i].steps);
        workspace_release(&d->teacher[i].work);
    }
    mem_free(d->teacher);
    mem_free(d->policy);
    mem_free(d->last);
}

// -- the loss

// softmax(q_T / tau_T)
static void ask_teacher(const Distill *d, Teacher *teacher, const float *features, float *p)
{
    const float *q = network_forward(teacher->network, &teacher->work, features, 1);
    softmax(q, d->action_count, teacher->tau, p);
}

// the mean over the teachers; of one, or of equal ones, the very same bits
static void ask_teachers(const Distill *d, const float *features, float *p)
{
    int count = d->teacher_count, actions = d->action_count;
    for (int i = 0; i < count; i++)
        ask_teacher(d, &d->teacher[i], features, d->policy + (size_t)i * (size_t)actions);
    for (int a = 0; a < actions; a++) {
        double sum = 0.0;
        for (int i = 0; i < count; i++)
            sum += (double)d->policy[i * actions + a];
        p[a] = (float)(sum / count);
    }
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
    int actions = d->action_count;
    for (int b = 0; b < batch->size; b++)
        softmax_kl_gradient(batch->tag[b], q + b * actions, actions, student_tau(d),
                            weight / batch->size, dq + b * actions);
}

// -- the off-line phase

// a learner like the run's, on the steps of the sources
typedef struct Offline {
    Distill *distill;
    const Network *start; // the run's fresh network
    Teacher *teacher;     // whose steps are shown
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
    return (TagShape){.size = (size_t)o->distill->action_count * sizeof(float), .obs = true};
}

static void offline_tag(void *state, const float *features, const float *coords, void *tag)
{
    const Offline *o = state;
    (void)coords;
    ask_teacher(o->distill, o->teacher, features, tag);
}

static bool offline_gradient(void *state, const Batch *batch, const float *q, float *dq)
{
    const Offline *o = state;
    const Distill *d = o->distill;
    bool alone = d->settings.form == FORM_OFFLINE;
    size_t values = (size_t)batch->size * (size_t)d->action_count;
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

// fill the memory of a learner with a source's steps
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

// how many all sources' steps are; a memory counts them by an int
static Status count_steps(int *count, const Distill *d, Error *err)
{
    int64_t sum = 0;
    for (int i = 0; i < d->teacher_count; i++)
        sum += d->teacher[i].steps.count;
    if (sum > INT_MAX) return error_set(err, STATUS_RANGE, "the sources' steps are too many");
    *count = (int)sum;
    return STATUS_OK;
}

static Status make_learner(Agent **out, Offline *o, Error *err)
{
    Distill *d = o->distill;
    DqnSettings settings = d->agent;
    settings.learning_start = INT_MAX; // it learns when it is told to
    settings.lr_end = 1.0;
    settings.average = 0.0;
    Status status = count_steps(&settings.replay, d, err);
    if (status != STATUS_OK) return status;

    RngStream draws = rng_stream(d->key, RNG_METHOD, STREAM_OFFLINE);
    uint64_t high = rng_word(&draws);
    AgentSpec spec = {.settings = &settings,
                      .feature_dim = d->feature_dim,
                      .action_count = d->action_count,
                      .budget = d->budget,
                      .key = high << 32 | rng_word(&draws), // its streams are none of the run's
                      .method = &offline_method,
                      .method_state = o};
    status = agent_new(out, &spec, err);
    return status == STATUS_OK ? agent_prepare(*out, err) : status;
}

// mean of KL(p_T || p_S) over the sources' states, each with the teacher of its own task
static double mean_kl(const Distill *d, const Network *student, Workspace *work)
{
    double sum = 0.0, count = 0.0;
    for (int t = 0; t < d->teacher_count; t++) {
        Teacher *teacher = &d->teacher[t];
        for (int i = 0; i < teacher->steps.count; i++) {
            const float *features =
                teacher->steps.features + (size_t)i * (size_t)d->feature_dim;
            ask_teacher(d, teacher, features, d->policy);
            sum += softmax_kl(d->policy, network_forward(student, work, features, 1),
                              d->action_count, student_tau(d));
        }
        count += teacher->steps.count;
    }
    return sum / count;
}

// differs: QDagger makes a million updates on the teacher's own memory, and then counts them as
// steps of the student's schedules
// differs: Rusu et al. have a memory and an output layer for each task; the target is none of
// the sources', and would not know which to take
static Status learn_offline(Distill *d, Network *network, Error *err)
{
    Offline o = {.distill = d, .start = network};
    Agent *agent = NULL;
    Workspace work = {0};
    Status status = workspace_init(&work, network, 1, err);
    if (status == STATUS_OK) status = make_learner(&agent, &o, err);
    if (status == STATUS_OK) {
        d->kl_start = mean_kl(d, network, &work);
        for (int i = 0; i < d->teacher_count; i++) {
            o.teacher = &d->teacher[i];
            show_steps(agent, &o.teacher->steps);
        }
        for (int i = 0; i < d->settings.updates; i++)
            agent_learn(agent);
        network_copy(network, agent_network(agent));
        d->kl_end = mean_kl(d, network, &work);
    }
    agent_free(agent);
    workspace_release(&work);
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
    for (int i = 0; d->settings.updates > 0 && i < d->teacher_count; i++)
        if (!teaches(&d->teacher[i].steps))
            return error_set(err, STATUS_RANGE, "no episode of source '%s' came to an end",
                             d->teacher[i].steps.member);
    if (d->settings.updates > 0) status = learn_offline(d, network, err);
    for (int i = 0; i < d->teacher_count; i++)
        forget_steps(&d->teacher[i].steps);
    return status;
}

// -- the on-line phase

// G, in [0, 1]
static double reached(const Distill *d)
{
    int window = d->settings.window;
    if (!window_is_full(&d->now.returns, window)) return 0.0;
    double above = d->teacher_return - d->random_return;
    if (above <= 0.0) return 1.0; // it has nothing to teach
    double g = (window_mean(&d->now.returns, window) - d->random_return) / above;
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
    return (TagShape){.size = (size_t)d->action_count * sizeof(float), .obs = true};
}

static void write_tag(void *state, const float *features, const float *coords, void *tag)
{
    Distill *d = state;
    (void)coords;
    if ((double)d->now.steps < d->settings.until * (double)d->budget)
        ask_teachers(d, features, tag);
    else // the teacher is not heard any more
        memset(tag, 0, (size_t)d->action_count * sizeof(float));
}

static bool batch_gradient(void *state, const Batch *batch, const float *q, float *dq)
{
    Distill *d = state;
    size_t values = (size_t)batch->size * (size_t)d->action_count;
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
    size_t size = (size_t)d->feature_dim * sizeof *d->last;
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
    archive_bytes(archive, "distill.last", d->last, (size_t)d->feature_dim * sizeof *d->last);
}

static void tell(const void *state, const Report *report)
{
    const Distill *d = state;
    report->number(report->sink, "tau", d->tau);
    report->number(report->sink, "teacher_return", d->teacher_return);
    report->number(report->sink, "random_return", d->random_return);
    report->number(report->sink, "lambda", lambda_now(d));
    if (d->settings.updates) {
        report->number(report->sink, "offline_kl_start", d->kl_start);
        report->number(report->sink, "offline_kl_end", d->kl_end);
    }
    if (d->teacher_return <= d->random_return)
        report->warning(report->sink,
                        d->teacher_count > 1
                            ? "the teachers' mean return in their own tasks is no better than "
                              "chance's"
                            : "the teacher is no better than chance in its own task");
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
    .needs = METHOD_NEEDS_SOURCES | METHOD_TAKES_ONE | METHOD_TAKES_ALL,
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
