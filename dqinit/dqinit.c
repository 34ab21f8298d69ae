/** @file
 * DQInit (reconstruction from the abstract): a network that begins at, and is held near, a
 * table of values from solved tasks wherever the agent has not yet been.
 *
 * Layer: dqinit.
 * @source Mehimeh 2025, arXiv:2508.09277, of which only the abstract was available; every
 *         equation here is ours. dqinit/README.md says what the abstract forces and what we
 *         chose.
 *
 * Before the first step the network is fitted to the table (pre-fit). Then every update adds a
 * pull of the network towards the table, by choice
 *
 *     on random table states x, weighted c tau (1 - kappa_bar) (1 - kappa(x)), or
 *     on the sampled states x themselves, weighted c tau (1 - kappa(x)),
 *
 * kappa the knownness of x, kappa_bar that of where the agent now walks, and tau the credence
 * that the table has in this task at all (dqinit/credence.h). By choice the agent
 * also acts on, or bootstraps from, its blend with the prior (dqinit/blend.h). In the residual
 * form Q = Q_init + D and the network learns D: rewards lose Q_init(s, a) and next values gain
 * Q_init(s', .).
 *
 * Shapes: J = table states, A = actions, B = batch, R = rehearsal rows.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "agents/dqn.h"
#include "agents/methods.h"
#include "dqinit/anchor.h"
#include "dqinit/blend.h"
#include "dqinit/credence.h"
#include "dqinit/extraction.h"
#include "dqinit/knowledge_base.h"
#include "dqinit/knownness.h"
#include "dqinit/prior.h"
#include "dqinit/settings.h"
#include "dqinit/source_weights.h"
#include "suite/core/check.h"
#include "suite/core/mem.h"

enum { WEIGHINGS = 5, WEIGHINGS_SPACING = 40 }; // times; parts of the budget between them
enum { AHEAD = 8 }; // rows of a batch whose tags are asked for before they are read

// share of the network's return (above random) that a table must keep in its own task
static const double healthy = 0.7;

static const double visits_on_tilings = 100.0; // m where the settings leave it open

// shares of the budget that the sources' residual counts for, and that the agent's remembers
static const double credence_first = 0.01, credence_memory = 0.1;

// what is known of a point: the prior's values stand behind
typedef struct Look {
    int32_t answers; // 0: the prior is silent there
    Place place;
    float prior[]; // (A)
} Look;

// what is counted from one row of the trace to the next
typedef struct Span {
    int64_t steps;
    double led;        // sum over them of the prior's weight, where it answered
    int64_t choices;   // made by a blend, not by chance
    int64_t table_led; // those of them that the network alone would have made otherwise
} Span;

typedef struct DqInit {
    DqInitSettings settings;
    KnowledgeBase kb;
    Prior prior;
    Knownness known;
    Credence credence;
    SourceWeights weights;
    RngStream rehearsal, refitting;
    uint64_t key;
    Fit fit;

    // table states that the prior answers at, and what it says there
    int state_count;      // J
    float *features;      // (J x D)
    float *coords;        // (J x K)
    float *table;         // (J x A)
    Place *place;         // (J)
    int row[ANCHOR_ROWS]; // table states of the present update
    int rows;

    Look *look;       // at the point that was asked about last
    float *looked_at; // (K + D) which that was: coordinates, then features
    bool has_looked;

    double reward_scale; // of the learner
    bool due;            // is it time to weigh the sources?
    int64_t steps;
    double led;              // sum over them of the prior's weight, where it answered
    Span span;               // since the last row of the trace
    int64_t asked, answered; // prior(): states, and those with an answer
} DqInit;

// -- building

static Gathering gathering(const void *settings)
{
    static const double wide[] = {0.0, 0.1, 0.3, 0.6, 1.0}, near[] = {0.0, 0.1, 0.3};
    const DqInitSettings *s = settings;
    Gathering wish = {.states = s->states, .cut = s->gather_cut};
    bool is_near = s->gather == GATHER_NEAR;
    wish.epsilon = is_near ? near : wide;
    wish.episodes =
        (int)(is_near ? sizeof near / sizeof near[0] : sizeof wide / sizeof wide[0]);
    return wish;
}

static Status build(const BuildContext *context, Error *err)
{
    const DqInitSettings *s = context->settings;
    TableShape shape = {.form = (TableForm)s->table,
                        .states = s->table_states,
                        .merged = s->merged,
                        .shared = s->shared_states,
                        .cells = s->cells,
                        .bytes = s->bytes,
                        .slopes = s->slopes,
                        .tilings = s->tilings,
                        .bins = s->bins,
                        .least_visits = s->least_visits};
    KnowledgeBase *kb = mem_array(1, sizeof *kb);
    if (!kb) return error_nomem(err);
    Status status = extract(kb, context, shape, err);
    if (status == STATUS_OK) status = kb_write(kb, context->path, err);
    kb_release(kb);
    mem_free(kb);
    return status;
}

// -- beginning

static Status begin_knowledge(DqInit *d, const RunContext *context, Error *err)
{
    Status status = kb_read(&d->kb, context->knowledge, err);
    if (status != STATUS_OK) return status;
    if (d->kb.feature_dim != context->shape.feature_dim ||
        d->kb.action_count != context->shape.action_count ||
        d->kb.coord_count != context->shape.coord_count)
        return error_set(err, STATUS_MISMATCH, "'%s' is of another family", context->knowledge);
    RngStream rng = rng_stream(context->key, RNG_METHOD, STREAM_SHUFFLE);
    if (d->settings.shuffle) kb_shuffle(&d->kb, &rng);
    return STATUS_OK;
}

static Status begin_prior(DqInit *d, const RunContext *context, Error *err)
{
    const DqInitSettings *s = &d->settings;
    PriorShape shape = {.how = (Aggregate)s->aggregate,
                        .neighbours = s->neighbours,
                        .known_tilings = s->known_tilings,
                        .points = 2 * context->budget + d->kb.states.count,
                        .networks = s->by_network,
                        .source = context->source_count ? context->source : NULL,
                        .source_count = context->source_count};
    if (shape.networks && !shape.source)
        return error_set(err, STATUS_MISMATCH, "dqinit.prior=network needs the sources");
    return prior_init(&d->prior, &d->kb, shape, err);
}

static Status begin_knownness(DqInit *d, const RunContext *context, Error *err)
{
    const DqInitSettings *s = &d->settings;
    bool tilings = d->kb.form == TABLE_TILINGS;
    double even = (double)context->budget / prior_cells(&d->prior);
    KnownnessShape shape = {.by = (KnownBy)s->knownness,
                            .visits = s->known_share * (tilings ? visits_on_tilings : even),
                            .each = tilings ? d->prior.places.count : 1,
                            .cap = s->known_cap,
                            .share = s->clock,
                            .memory = s->known_memory,
                            .budget = context->budget,
                            .cells = prior_cells(&d->prior)};
    if (s->known_visits > 0.0) shape.visits = s->known_visits;
    return knownness_init(&d->known, shape, err);
}

static Status begin_credence(DqInit *d, const RunContext *context, Error *err)
{
    double own = kb_number(&d->kb, "own_residual");
    if (d->settings.credence > 0.0 && !(own >= 0.0))
        return error_set(err, STATUS_PARSE, "'%s' does not say how far its table errs",
                         context->knowledge);
    CredenceShape shape = {.tolerance = d->settings.credence,
                           .own = own * own,
                           .gamma = context->agent->gamma,
                           .first = 1 + (int64_t)(credence_first * (double)context->budget),
                           .memory = 1 + (int64_t)(credence_memory * (double)context->budget)};
    credence_init(&d->credence, shape);
    d->reward_scale = context->agent->reward_scale;
    return STATUS_OK;
}

static Status begin_weights(DqInit *d, const RunContext *context, Error *err)
{
    const DqInitSettings *s = &d->settings;
    SourceWeightsShape shape = {.start = (int64_t)(s->weights_start * (double)context->budget),
                                .every = context->budget / WEIGHINGS_SPACING,
                                .times = s->weights == WEIGHTS_RESIDUAL ? WEIGHINGS : 0,
                                .n_step = context->agent->n_step,
                                .gamma = context->agent->gamma,
                                .reward_scale = context->agent->reward_scale,
                                .exponent = s->weights_exponent,
                                .floor = s->weights_floor};
    return source_weights_init(&d->weights, &d->kb, shape, err);
}

static Status take_states(DqInit *d, Error *err)
{
    size_t n = (size_t)d->kb.states.count, actions = (size_t)d->kb.action_count;
    d->features = mem_array(n, (size_t)d->kb.feature_dim * sizeof *d->features);
    d->coords = mem_array(n, (size_t)d->kb.coord_count * sizeof *d->coords);
    d->table = mem_array(n, actions * sizeof *d->table);
    d->place = mem_array(n, sizeof *d->place);
    d->look = mem_array(1, sizeof *d->look + actions * sizeof(float));
    size_t seen = (size_t)d->kb.coord_count + (size_t)d->kb.feature_dim;
    d->looked_at = mem_array(seen, sizeof *d->looked_at);
    bool taken = d->features && d->coords && d->table && d->place && d->look && d->looked_at;
    return taken ? STATUS_OK : error_nomem(err);
}

// the states of the table that it has an answer for, which rounding may have moved
static Status gather_states(DqInit *d, Error *err)
{
    const TableStates *from = &d->kb.states;
    size_t dim = (size_t)from->features_dim, k = (size_t)from->coords_dim;
    size_t actions = (size_t)d->kb.action_count;
    for (size_t j = 0; j < (size_t)from->count; j++) {
        size_t to = (size_t)d->state_count;
        const float *features = from->features + j * dim, *coords = from->coords + j * k;
        if (!prior_look(&d->prior, features, coords, d->table + to * actions, &d->place[to]))
            continue;
        memcpy(d->features + to * dim, features, dim * sizeof *features);
        memcpy(d->coords + to * k, coords, k * sizeof *coords);
        d->state_count++;
    }
    if (d->state_count == 0)
        return error_set(err, STATUS_PARSE, "the knowledge base is silent at all its states");
    return STATUS_OK;
}

// the residual form has no other use of the table
static void settle(void *settings)
{
    DqInitSettings *s = settings;
    if (!s->residual) return;
    s->prefit_updates = 0;
    s->anchor_on = ANCHOR_NONE;
    s->act = ACT_NETWORK;
    s->bootstrap = BOOTSTRAP_NETWORK;
    s->weights = WEIGHTS_EQUAL;  // Q is to stay the sum of what it was
    s->credence = 0.0;           // likewise
    s->knownness = KNOWN_FROZEN; // nothing of the table ever leaves
}

static Status fits(const void *settings, const DqnSettings *agent, Error *err)
{
    const DqInitSettings *s = settings;
    bool tagged = s->anchor_on == ANCHOR_BATCH || s->bootstrap != BOOTSTRAP_NETWORK;
    bool apart = s->aggregate != AGGREGATE_MEAN || s->weights == WEIGHTS_RESIDUAL;
    if (apart && s->merged && !s->by_network)
        return error_set(err, STATUS_USAGE,
                         "dqinit.aggregate and dqinit.weights choose among tables of sources: "
                         "they need dqinit.merged=false");
    if (s->weights == WEIGHTS_RESIDUAL && tagged)
        return error_set(err, STATUS_USAGE,
                         "dqinit.weights=residual needs dqinit.anchor_on=table or none and "
                         "dqinit.bootstrap=network: the memory keeps what the prior said under "
                         "the weights of its time");
    if (s->bootstrap != BOOTSTRAP_CHOICE || agent->double_q) return STATUS_OK;
    return error_set(err, STATUS_USAGE,
                     "dqinit.bootstrap=choice needs agent.double=true: with false the target "
                     "network chooses the next action, and the blend nothing");
}

static Status init(void *state, const RunContext *context, Error *err)
{
    DqInit *d = state;
    d->settings = *(const DqInitSettings *)context->settings;
    settle(&d->settings);
    d->key = context->key;
    d->rehearsal = rng_stream(context->key, RNG_METHOD, STREAM_REHEARSAL);
    d->refitting = rng_stream(context->key, RNG_METHOD, STREAM_REFIT);
    Status status = begin_knowledge(d, context, err);
    if (status == STATUS_OK) status = begin_prior(d, context, err);
    if (status == STATUS_OK) status = begin_knownness(d, context, err);
    if (status == STATUS_OK) status = begin_credence(d, context, err);
    if (status == STATUS_OK) status = begin_weights(d, context, err);
    if (status == STATUS_OK) status = take_states(d, err);
    return status == STATUS_OK ? gather_states(d, err) : status;
}

static void release(void *state)
{
    DqInit *d = state;
    source_weights_release(&d->weights);
    knownness_release(&d->known);
    prior_release(&d->prior);
    kb_release(&d->kb);
    fit_release(&d->fit);
    mem_free(d->features);
    mem_free(d->coords);
    mem_free(d->table);
    mem_free(d->place);
    mem_free(d->look);
    mem_free(d->looked_at);
}

static PrefitTable table_of(const DqInit *d)
{
    return (PrefitTable){d->features, d->table, d->state_count};
}

static Prefit prefit_of(const DqInitSettings *s, int updates)
{
    return (Prefit){updates, s->prefit_lr, s->prefit_lr_end, s->ordering};
}

static Status prepare(void *state, Network *network, Error *err)
{
    DqInit *d = state;
    Status status = fit_init(&d->fit, network, d->settings.prefit_batch, err);
    if (status != STATUS_OK || d->settings.prefit_updates == 0) return status;
    RngStream rng = rng_stream(d->key, RNG_METHOD, STREAM_PREFIT);
    PrefitTable table = table_of(d);
    fit_match_outputs(network, &table);
    fit_run(&d->fit, network, &table, prefit_of(&d->settings, d->settings.prefit_updates),
            &rng);
    return STATUS_OK;
}

// -- looking

// where is a point, and what does the prior say there? Remembered until another is asked about;
// networks tell points apart by features where the coordinates are the same
static const Look *look(DqInit *d, const float *features, const float *coords)
{
    size_t k = (size_t)d->kb.coord_count;
    size_t coord_bytes = k * sizeof *coords;
    size_t feature_bytes = (size_t)d->kb.feature_dim * sizeof *features;
    if (d->has_looked && memcmp(d->looked_at, coords, coord_bytes) == 0 &&
        memcmp(d->looked_at + k, features, feature_bytes) == 0)
        return d->look;
    d->look->answers = prior_look(&d->prior, features, coords, d->look->prior, &d->look->place);
    memcpy(d->looked_at, coords, coord_bytes);
    memcpy(d->looked_at + k, features, feature_bytes);
    d->has_looked = true;
    return d->look;
}

// the same for an evaluation, which leaves nothing behind
static const Look *glance(DqInit *d, const Sight *sight)
{
    d->has_looked = false;
    d->look->answers = prior_glance(&d->prior, sight->features, sight->coords, d->look->prior,
                                    &d->look->place);
    return d->look;
}

// how much the prior counts for at a point, with the credence of the moment
static double trust_by(const DqInit *d, double credence, const Look *at)
{
    return at->answers ? credence * (1.0 - knownness_at(&d->known, &at->place)) : 0.0;
}

static double trust(const DqInit *d, const Look *at)
{
    return trust_by(d, credence_now(&d->credence), at);
}

// the table's own greedy action, counting how often it had an answer
static int prior_action(void *state, const Sight *sight)
{
    DqInit *d = state;
    const Look *at = glance(d, sight);
    d->asked++;
    d->answered += at->answers > 0;
    return argmax(at->prior, d->kb.action_count);
}

static bool acts(const void *state)
{
    const DqInit *d = state;
    return d->settings.act != ACT_NETWORK || d->settings.residual;
}

// of the residual form: the prior where it has support, for good
static void add(float *q, const Look *at, int actions)
{
    for (int a = 0; at->answers && a < actions; a++)
        q[a] += at->prior[a];
}

static void blend(void *state, const Sight *sight, float *q)
{
    DqInit *d = state;
    int actions = d->kb.action_count, alone = argmax(q, actions);
    const Look *at =
        sight->training ? look(d, sight->features, sight->coords) : glance(d, sight);
    if (d->settings.residual)
        add(q, at, actions);
    else if (d->settings.act == ACT_BLEND)
        blend_values(q, at->prior, actions, trust(d, at));
    else
        blend_advantages(q, at->prior, actions, trust(d, at));

    if (!sight->training) return;
    d->span.choices++;
    d->span.table_led += argmax(q, actions) != alone;
}

static void explain(void *state, const Sight *sight, Explanation *out)
{
    DqInit *d = state;
    const Look *at = glance(d, sight);
    *out = (Explanation){
        .prior = at->prior, .answers = at->answers > 0, .own = 1.0 - trust(d, at)};
}

// -- steps

static size_t look_size(const DqInit *d)
{
    return sizeof(Look) + (size_t)d->kb.action_count * sizeof(float);
}

static bool anchors_batch(const DqInit *d)
{
    return d->settings.anchor_on == ANCHOR_BATCH && d->settings.anchor > 0.0;
}

static bool blends_next(const DqInit *d)
{
    return d->settings.residual || d->settings.bootstrap != BOOTSTRAP_NETWORK;
}

// does anything of the batch itself concern the method?
static bool sees_batch(const DqInit *d)
{
    return anchors_batch(d) || d->settings.knownness == KNOWN_PRECISION;
}

static TagShape tag_shape(const void *state)
{
    const DqInit *d = state;
    bool obs = sees_batch(d) || d->settings.residual, next = blends_next(d);
    return obs || next ? (TagShape){look_size(d), obs, next} : (TagShape){0};
}

static void write_tag(void *state, const float *features, const float *coords, void *tag)
{
    DqInit *d = state;
    memcpy(tag, look(d, features, coords), look_size(d));
}

// hold the table against what the step says of its values; its next state is where most steps
// look next, so that hardly any of this is looked up twice
static void doubt(DqInit *d, const Transition *t, double value)
{
    const Look *next = NULL;
    if (!t->terminated) next = t->next_tag ? t->next_tag : look(d, t->next_obs, t->next_coords);
    if (next && !next->answers) return;
    TableStep step = {.value = value,
                      .reward = t->reward * d->reward_scale,
                      .terminated = t->terminated,
                      .next = next ? next->prior : NULL};
    credence_see(&d->credence, &step, d->kb.action_count);
}

static void observe(void *state, const Transition *t)
{
    DqInit *d = state;
    const Look *at = t->tag ? t->tag : look(d, t->obs, t->coords);
    bool answers = at->answers > 0;
    double led = 0.0, value = answers ? (double)at->prior[t->action] : 0.0;
    if (answers)
        led = credence_now(&d->credence) * (1.0 - knownness_visit(&d->known, &at->place));
    else
        knownness_pass(&d->known);
    if (answers && d->settings.credence > 0.0) doubt(d, t, value);
    d->led += led;
    d->span.led += led;
    d->steps++;
    d->span.steps++;
    d->due = source_weights_observe(&d->weights, t);
}

// weigh the sources when it is time, and the first time fit the network to what they say then
static bool revise(void *state, Network *network)
{
    DqInit *d = state;
    if (!d->due) return false;
    d->due = false;
    bool first = d->weights.made == 0;
    source_weights_weigh(&d->weights, &d->prior);
    d->has_looked = false;
    size_t dim = (size_t)d->kb.feature_dim, k = (size_t)d->kb.coord_count;
    for (size_t j = 0; j < (size_t)d->state_count; j++)
        (void)prior_at(&d->prior, d->features + j * dim, d->coords + j * k,
                       d->table + j * (size_t)d->kb.action_count);
    if (!first || d->settings.refit == 0) return false;
    PrefitTable table = table_of(d);
    fit_run(&d->fit, network, &table, prefit_of(&d->settings, d->settings.refit),
            &d->refitting);
    return true;
}

// -- updates

// w(x) = c tau (1 - kappa(x)) where the table knows x, averaged over the whole batch
static bool batch_gradient(void *state, const Batch *batch, const float *q, float *dq)
{
    DqInit *d = state;
    const DqInitSettings *s = &d->settings;
    int actions = d->kb.action_count;
    bool pulled = false;

    if (!sees_batch(d)) return false;
    for (int b = 0; b < batch->size; b++) {
        const Look *at = batch->tag[b];
        // the Huber error of the row, for it is a mean over the batch
        double error = (double)(dq[b * actions + batch->action[b]] * (float)batch->size);
        if (at->answers) knownness_see_error(&d->known, &at->place, error);
        double weight = anchors_batch(d) ? s->anchor * trust(d, at) / batch->size : 0.0;
        if (weight == 0.0) continue;
        anchor_add(q + b * actions, at->prior, actions, s->ordering, weight, dq + b * actions);
        pulled = true;
    }
    return pulled;
}

// the prior at the states and the next states of a batch, where targets are to know of it
static void blend_next(void *state, Batch *batch, float *q_online, float *q_target)
{
    DqInit *d = state;
    const DqInitSettings *s = &d->settings;
    int actions = d->kb.action_count;
    if (!blends_next(d)) return;
    double credence = credence_now(&d->credence);
    size_t size = look_size(d);
    for (int b = 0; b < AHEAD && b < batch->size; b++)
        mem_prefetch(batch->next_tag[b], size);
    for (int b = 0; b < batch->size; b++) {
        if (b + AHEAD < batch->size) mem_prefetch(batch->next_tag[b + AHEAD], size);
        const Look *next = batch->next_tag[b];
        float *online = q_online + b * actions, *target = q_target + b * actions;
        double beta = trust_by(d, credence, next);
        if (s->residual) {
            const Look *at = batch->tag[b];
            if (at->answers) batch->reward[b] -= at->prior[batch->action[b]];
            add(online, next, actions);
            add(target, next, actions);
        } else if (s->bootstrap == BOOTSTRAP_CHOICE) {
            blend_advantages(online, next->prior, actions, beta);
        } else {
            blend_values(online, next->prior, actions, beta);
            blend_values(target, next->prior, actions, beta);
        }
    }
}

static int rehearse(void *state, float *features, int rows)
{
    DqInit *d = state;
    if (d->settings.anchor == 0.0 || d->settings.anchor_on != ANCHOR_TABLE) return 0;

    size_t dim = (size_t)d->kb.feature_dim;
    d->rows = d->settings.anchor_rows < rows ? d->settings.anchor_rows : rows;
    for (int r = 0; r < d->rows; r++) {
        d->row[r] = rng_below(&d->rehearsal, d->state_count);
        memcpy(features + (size_t)r * dim, d->features + (size_t)d->row[r] * dim,
               dim * sizeof *features);
        mem_prefetch(&d->place[d->row[r]], sizeof *d->place);
    }
    return d->rows;
}

// w(x) = c tau (1 - kappa_bar) (1 - kappa(x)), averaged over the rows
static void rehearse_gradient(void *state, const float *q, float *dq)
{
    DqInit *d = state;
    int actions = d->kb.action_count;
    double fade = d->settings.fade ? 1.0 - d->known.mean : 1.0;
    double common = d->settings.anchor * credence_now(&d->credence) * fade / d->rows;

    for (int r = 0; r < d->rows; r++) {
        size_t j = (size_t)d->row[r];
        double known = knownness_at(&d->known, &d->place[j]);
        anchor_gradient(q + r * actions, d->table + j * (size_t)actions, actions,
                        d->settings.ordering, common * (1.0 - known), dq + r * actions);
    }
}

// -- ending

static void archive(void *state, Archive *archive)
{
    DqInit *d = state;
    if (d->kb.form == TABLE_TILINGS) tile_places_archive(&d->prior.places, archive);
    knownness_archive(&d->known, archive);
    credence_archive(&d->credence, archive);
    source_weights_archive(&d->weights, archive);
    archive_bytes(archive, "dqinit.weights", d->prior.weight, sizeof d->prior.weight);
    archive_bytes(archive, "dqinit.table", d->table,
                  (size_t)d->state_count * (size_t)d->kb.action_count * sizeof *d->table);
    archive_bytes(archive, "dqinit.rehearsal", &d->rehearsal, sizeof d->rehearsal);
    archive_bytes(archive, "dqinit.refitting", &d->refitting, sizeof d->refitting);
    archive_bytes(archive, "dqinit.steps", &d->steps, sizeof d->steps);
    archive_bytes(archive, "dqinit.led", &d->led, sizeof d->led);
    archive_total(archive, "dqinit.span_steps", &d->span.steps, ARCHIVE_MOST);
    archive_bytes(archive, "dqinit.span_led", &d->span.led, sizeof d->span.led);
    archive_total(archive, "dqinit.choices", &d->span.choices, ARCHIVE_MOST);
    archive_total(archive, "dqinit.table_led", &d->span.table_led, d->span.choices);
    archive_bytes(archive, "dqinit.asked", &d->asked, sizeof d->asked);
    archive_bytes(archive, "dqinit.answered", &d->answered, sizeof d->answered);
    d->has_looked = false;
}

// a table that cannot act in the very task it was taken from will hardly help in another
static void warn_of_poor_table(const KbNumber *number, const Report *report)
{
    static const char name[] = "table_health.";
    if (strncmp(number->name, name, sizeof name - 1) != 0 || number->value >= healthy) return;
    char sentence[160];
    (void)snprintf(sentence, sizeof sentence,
                   "the table of source '%s' keeps only %.0f %% of its network's return there",
                   number->name + sizeof name - 1, 100.0 * number->value);
    report->warning(report->sink, sentence);
}

// of those that answer: a merged table is one source, and networks are all of them
static const char *source_name(const DqInit *d, int s)
{
    const PriorShape *shape = &d->prior.shape;
    return shape->networks ? shape->source[s].member : d->kb.source[s].member;
}

static void tell(const void *state, const Report *report)
{
    const DqInit *d = state;
    for (int i = 0; i < d->kb.number_count; i++) {
        report->number(report->sink, d->kb.number[i].name, d->kb.number[i].value);
        warn_of_poor_table(&d->kb.number[i], report);
    }
    if (d->asked)
        report->number(report->sink, "hit_rate", (double)d->answered / (double)d->asked);
    report->number(report->sink, "kappa_bar", d->known.mean);
    if (d->steps) report->number(report->sink, "prior_share", d->led / (double)d->steps);
    if (d->settings.credence > 0.0) {
        report->number(report->sink, "residual", sqrt(d->credence.residual));
        report->number(report->sink, "credence", credence_now(&d->credence));
    }
    for (int s = 0; d->weights.made && s < d->prior.sources; s++) {
        char name[KB_NAME + 16];
        (void)snprintf(name, sizeof name, "weight.%s", source_name(d, s));
        report->number(report->sink, name, d->prior.weight[s]);
    }
}

// where the agent acts on the network, the table decides nothing
static void tell_span(void *state, const Report *report)
{
    DqInit *d = state;
    const Span *span = &d->span;
    report->number(report->sink, "kappa_bar", d->known.mean);
    if (d->settings.credence > 0.0)
        report->number(report->sink, "credence", credence_now(&d->credence));
    if (span->steps)
        report->number(report->sink, "prior_share", span->led / (double)span->steps);
    if (span->choices)
        report->number(report->sink, "table_led",
                       (double)span->table_led / (double)span->choices);
    else if (span->steps && !acts(d))
        report->number(report->sink, "table_led", 0.0);
    d->span = (Span){0};
}

const Method method_dqinit = {
    .name = "dqinit",
    .title = "DQInit (reconstruction from the abstract)",
    .summary = "pre-fits the network to a table of the sources' values and anchors it there by "
               "knownness",
    .source = "Mehimeh 2025, arXiv:2508.09277; reconstruction from the abstract",
    .version = 5,
    .needs = METHOD_NEEDS_SOURCES,
    .state_size = sizeof(DqInit),
    .param = dqinit_params,
    .param_count = DQINIT_PARAMS,
    .settings_size = sizeof(DqInitSettings),
    .gathering = gathering,
    .build = build,
    .check = kb_check,
    .settle = settle,
    .fits = fits,
    .init = init,
    .release = release,
    .prepare = prepare,
    .prior = prior_action,
    .acts = acts,
    .blend = blend,
    .explain = explain,
    .tag_shape = tag_shape,
    .tag = write_tag,
    .observe = observe,
    .revise = revise,
    .batch_gradient = batch_gradient,
    .blend_next = blend_next,
    .rehearse = rehearse,
    .rehearse_gradient = rehearse_gradient,
    .archive = archive,
    .report = tell,
    .trace = tell_span,
};
