/** @file
 * DQInit (reconstruction from the abstract): a network that begins at, and is held near, a
 * table of values from solved tasks wherever the agent has not yet been.
 *
 * Layer: dqinit.
 * @source Mehimeh 2025, arXiv:2508.09277, of which only the abstract was available; every
 *         equation here is ours. dqinit/README.md says what the abstract forces and what we
 * chose.
 *
 * Before the first step the network is fitted to the table (pre-fit). Then every update adds,
 * a pull of the network towards the table, by choice
 *
 *     on random table states x, weighted c (1 - kappa_bar) (1 - kappa(x)), or
 *     on the sampled states x themselves, weighted c (1 - kappa(x)),
 *
 * kappa the knownness of x and kappa_bar that of where the agent now walks. Visits, not the
 * clock, decide when the prior leaves. The agent acts on its network alone.
 *
 * Shapes: J = table states, A = actions, B = batch, R = rehearsal rows, N = counted tilings.
 */
#include <stdio.h>
#include <string.h>

#include "agents/methods.h"
#include "dqinit/anchor.h"
#include "dqinit/extraction.h"
#include "dqinit/knowledge_base.h"
#include "dqinit/knownness.h"
#include "suite/core/mem.h"

enum { ROWS_MAX = 256 };

typedef enum AnchorOn { ANCHOR_TABLE, ANCHOR_BATCH } AnchorOn;

// share of the network's return (above random) that a table must keep in its own task
static const double healthy = 0.7;

typedef struct DqInitSettings {
    int tilings, bins, states, least_visits, table_states;
    int prefit_updates, prefit_batch;
    double prefit_lr, prefit_lr_end;
    double ordering;
    double anchor;
    int anchor_on; // AnchorOn
    int anchor_rows;
    int known_tilings;
    double known_half, known_memory;
} DqInitSettings;

#define AT(field) offsetof(DqInitSettings, field)

// a setting reads better in two or three lines than in nine
// clang-format off
static const ParamRow params[] = {
    {.name = "dqinit.tilings", .kind = PARAM_INT, .offset = AT(tilings), .def = 16, .lo = 1,
     .hi = TILINGS_COUNT, .knowledge = true,
     .help = "overlapping tilings of the table"},
    {.name = "dqinit.bins", .kind = PARAM_INT, .offset = AT(bins), .def = 10, .lo = 1,
     .hi = TILINGS_BINS - 1, .knowledge = true,
     .help = "cells per table coordinate in each tiling"},
    {.name = "dqinit.states", .kind = PARAM_INT, .offset = AT(states), .def = 100000,
     .lo = 100, .hi = 10000000, .knowledge = true,
     .help = "states gathered from each source for the table"},
    {.name = "dqinit.least_visits", .kind = PARAM_INT, .offset = AT(least_visits), .def = 2,
     .lo = 1, .hi = 1000, .knowledge = true,
     .help = "states a source must have seen in a cell to know it"},
    {.name = "dqinit.table_states", .kind = PARAM_INT, .offset = AT(table_states),
     .def = 20000, .lo = 1, .hi = 1000000, .knowledge = true,
     .help = "states kept with the table, to fit and rehearse on"},
    {.name = "dqinit.prefit", .kind = PARAM_INT, .offset = AT(prefit_updates), .def = 5000,
     .lo = 0, .hi = 1000000,
     .help = "updates that fit the network to the table before the first step; 0: none"},
    {.name = "dqinit.prefit_batch", .kind = PARAM_INT, .offset = AT(prefit_batch), .def = 128,
     .lo = 1, .hi = 4096,
     .help = "table states per pre-fit update"},
    {.name = "dqinit.prefit_lr", .kind = PARAM_DOUBLE, .offset = AT(prefit_lr), .def = 1e-3,
     .lo = 1e-8, .hi = 1,
     .help = "learning rate of the first pre-fit update"},
    {.name = "dqinit.prefit_lr_end", .kind = PARAM_DOUBLE, .offset = AT(prefit_lr_end),
     .def = 5e-5, .lo = 0, .hi = 1,
     .help = "learning rate of the last one (linear)"},
    {.name = "dqinit.ordering", .kind = PARAM_DOUBLE, .offset = AT(ordering), .def = 30,
     .lo = 0, .hi = 1e4,
     .help = "weight of the ordering of actions over their level, in pre-fit and anchor"},
    {.name = "dqinit.anchor", .kind = PARAM_DOUBLE, .offset = AT(anchor), .def = 0.3, .lo = 0,
     .hi = 100,
     .help = "weight c of the anchor; 0: none"},
    {.name = "dqinit.anchor_on", .kind = PARAM_CHOICE, .offset = AT(anchor_on),
     .def = ANCHOR_TABLE, .choices = "table|batch",
     .help = "what the anchor holds: table states rehearsed beside the batch, or the batch"},
    {.name = "dqinit.anchor_rows", .kind = PARAM_INT, .offset = AT(anchor_rows), .def = 16,
     .lo = 1, .hi = ROWS_MAX,
     .help = "table states rehearsed per update, with dqinit.anchor_on=table"},
    {.name = "dqinit.known_tilings", .kind = PARAM_INT, .offset = AT(known_tilings), .def = 4,
     .lo = 1, .hi = KNOWN_TILINGS,
     .help = "tilings in which visits are counted"},
    {.name = "dqinit.known_half", .kind = PARAM_DOUBLE, .offset = AT(known_half), .def = 100,
     .lo = 1e-6, .hi = 1e9, .unit = "visits",
     .help = "visits of a cell at which it is half known"},
    {.name = "dqinit.known_memory", .kind = PARAM_DOUBLE, .offset = AT(known_memory),
     .def = 1000, .lo = 1, .hi = 1e9, .unit = "steps",
     .help = "steps over which the knownness of the agent's path is averaged"},
};
// clang-format on

typedef struct DqInit {
    DqInitSettings settings;
    KnowledgeBase kb;
    Knownness known;
    RngStream rehearsal;
    uint64_t key;

    float *prior;      // (J x A) the table's values at its states
    int32_t *cell;     // (J x N) where each state's knownness is counted
    int row[ROWS_MAX]; // table states of the present update
    int rows;

    int64_t asked, answered; // table look-ups by prior(), and tilings that answered
} DqInit;

/**
 * What a transition keeps about its first state, so that no update looks up anything again: the
 * answer of the table, which does not change in a run, and where the visits that do change are
 * counted. Behind the struct stand the table's values, see tag_prior().
 *
 *     hits  (1)  0: the table is silent there
 *     cell  (N)  what knownness_at() is asked about at every update
 *     prior (A)  Q_init(s, .), or 0 where it is silent
 *
 * Another form of table has the same three parts. That of a codebook would be the nearest
 * cells and their weights, where N cells of the same weight are now.
 */
typedef struct Tag {
    int32_t hits;
    int32_t cell[];
} Tag;

static const float *tag_prior(const DqInit *d, const Tag *tag)
{
    return (const float *)(const void *)(tag->cell + d->known.count);
}

static Gathering gathering(const void *settings)
{
    static const double wide[] = {0.0, 0.1, 0.3, 0.6, 1.0};
    const DqInitSettings *s = settings;
    return (Gathering){s->states, wide, sizeof wide / sizeof wide[0]};
}

static Status build(const BuildContext *context, Error *err)
{
    const DqInitSettings *s = context->settings;
    TableShape shape = {s->tilings, s->bins, s->least_visits, s->table_states};
    KnowledgeBase kb;
    Status status = extract(&kb, context, shape, err);
    if (status == STATUS_OK) status = kb_write(&kb, context->path, err);
    kb_release(&kb);
    return status;
}

// the table's values and the cells of knownness at every table state
static Status look_up_states(DqInit *d, Error *err)
{
    size_t n = (size_t)d->kb.state_count, actions = (size_t)d->kb.action_count;
    d->prior = mem_array(n, actions * sizeof *d->prior);
    d->cell = mem_array(n, (size_t)d->known.count * sizeof *d->cell);
    if (!d->prior || !d->cell) return error_nomem(err);

    for (size_t j = 0; j < n; j++) {
        const float *coords = d->kb.coords + j * (size_t)d->kb.tilings.dims;
        if (kb_lookup(&d->kb, coords, d->prior + j * actions) == 0)
            return error_set(err, STATUS_PARSE,
                             "the knowledge base is silent at its own state");
        knownness_watch(&d->known, coords, d->cell + j * (size_t)d->known.count);
    }
    return STATUS_OK;
}

static Status init(void *state, const RunContext *context, Error *err)
{
    DqInit *d = state;
    d->settings = *(const DqInitSettings *)context->settings;
    d->key = context->key;
    d->rehearsal = rng_stream(context->key, RNG_METHOD, STREAM_REHEARSAL);

    Status status = kb_read(&d->kb, context->knowledge, err);
    if (status != STATUS_OK) return status;
    if (d->kb.feature_dim != context->shape.feature_dim ||
        d->kb.action_count != context->shape.action_count ||
        d->kb.tilings.dims != context->shape.coord_count)
        return error_set(err, STATUS_MISMATCH, "'%s' is of another family", context->knowledge);

    KnownnessShape shape = {d->settings.known_tilings, d->settings.known_half,
                            d->settings.known_memory};
    status = knownness_init(&d->known, &d->kb.tilings, shape, context->budget,
                            d->kb.state_count, err);
    return status == STATUS_OK ? look_up_states(d, err) : status;
}

static void release(void *state)
{
    DqInit *d = state;
    kb_release(&d->kb);
    knownness_release(&d->known);
    mem_free(d->prior);
    mem_free(d->cell);
}

static Status prepare(void *state, Network *network, Error *err)
{
    DqInit *d = state;
    if (d->settings.prefit_updates == 0) return STATUS_OK;
    Prefit how = {d->settings.prefit_updates, d->settings.prefit_batch, d->settings.prefit_lr,
                  d->settings.prefit_lr_end, d->settings.ordering};
    RngStream rng = rng_stream(d->key, RNG_METHOD, STREAM_PREFIT);
    PrefitTable table = {d->kb.features, d->prior, d->kb.state_count};
    return prefit(network, &table, how, &rng, err);
}

// the table's own greedy action, counting how often it had an answer
static int prior(void *state, const Sight *sight)
{
    DqInit *d = state;
    float q[NETWORK_UNITS];
    int hits = kb_lookup(&d->kb, sight->coords, q);
    d->asked += d->kb.tilings.count;
    d->answered += hits;
    return hits ? argmax(q, d->kb.action_count) : 0;
}

static TagShape tag_shape(const void *state)
{
    const DqInit *d = state;
    if (d->settings.anchor_on != ANCHOR_BATCH || d->settings.anchor == 0.0)
        return (TagShape){0};
    return (TagShape){.size = sizeof(Tag) + (size_t)d->known.count * sizeof(int32_t) +
                              (size_t)d->kb.action_count * sizeof(float)};
}

static void write_tag(void *state, const float *features, const float *coords, void *tag)
{
    DqInit *d = state;
    Tag *to = tag;
    float *prior = (float *)(void *)(to->cell + d->known.count);
    (void)features;
    to->hits = kb_lookup(&d->kb, coords, prior);
    if (to->hits == 0) memset(prior, 0, (size_t)d->kb.action_count * sizeof *prior);
    knownness_watch(&d->known, coords, to->cell);
}

static void observe(void *state, const Transition *t)
{
    DqInit *d = state;
    const Tag *tag = t->tag;
    if (tag)
        (void)knownness_count(&d->known, tag->cell);
    else
        (void)knownness_visit(&d->known, t->coords);
}

// w(x) = c (1 - kappa(x)) where the table knows x, averaged over the whole batch
static bool batch_gradient(void *state, const Batch *batch, const float *q, float *dq)
{
    DqInit *d = state;
    int actions = d->kb.action_count;
    double common = d->settings.anchor / batch->size;
    bool pulled = false;

    if (tag_shape(d).size == 0) return false;
    for (int b = 0; b < batch->size; b++) {
        const Tag *tag = batch->tag[b];
        if (tag->hits == 0) continue;
        double known = knownness_at(&d->known, tag->cell);
        anchor_add(q + b * actions, tag_prior(d, tag), actions, d->settings.ordering,
                   common * (1.0 - known), dq + b * actions);
        pulled = true;
    }
    return pulled;
}

static int rehearse(void *state, float *features, int rows)
{
    DqInit *d = state;
    if (d->settings.anchor == 0.0 || d->settings.anchor_on != ANCHOR_TABLE) return 0;

    size_t dim = (size_t)d->kb.feature_dim;
    d->rows = d->settings.anchor_rows < rows ? d->settings.anchor_rows : rows;
    for (int r = 0; r < d->rows; r++) {
        d->row[r] = rng_below(&d->rehearsal, d->kb.state_count);
        memcpy(features + (size_t)r * dim, d->kb.features + (size_t)d->row[r] * dim,
               dim * sizeof *features);
    }
    return d->rows;
}

// w(x) = c (1 - kappa_bar) (1 - kappa(x)), averaged over the rows
static void rehearse_gradient(void *state, const float *q, float *dq)
{
    DqInit *d = state;
    int actions = d->kb.action_count;
    double common = d->settings.anchor * (1.0 - d->known.mean) / d->rows;

    for (int r = 0; r < d->rows; r++) {
        size_t j = (size_t)d->row[r];
        double known = knownness_at(&d->known, d->cell + j * (size_t)d->known.count);
        anchor_gradient(q + r * actions, d->prior + j * (size_t)actions, actions,
                        d->settings.ordering, common * (1.0 - known), dq + r * actions);
    }
}

static void archive(void *state, Archive *archive)
{
    DqInit *d = state;
    knownness_archive(&d->known, archive);
    archive_bytes(archive, "dqinit.rehearsal", &d->rehearsal, sizeof d->rehearsal);
    archive_bytes(archive, "dqinit.asked", &d->asked, sizeof d->asked);
    archive_bytes(archive, "dqinit.answered", &d->answered, sizeof d->answered);
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
}

const Method method_dqinit = {
    .name = "dqinit",
    .title = "DQInit (reconstruction from the abstract)",
    .summary = "pre-fits the network to a table of the sources' values and anchors it there by "
               "knownness",
    .source = "Mehimeh 2025, arXiv:2508.09277; reconstruction from the abstract",
    .version = 2,
    .needs = METHOD_NEEDS_SOURCES,
    .state_size = sizeof(DqInit),
    .param = params,
    .param_count = sizeof params / sizeof params[0],
    .settings_size = sizeof(DqInitSettings),
    .gathering = gathering,
    .build = build,
    .check = kb_check,
    .init = init,
    .release = release,
    .prepare = prepare,
    .prior = prior,
    .tag_shape = tag_shape,
    .tag = write_tag,
    .observe = observe,
    .batch_gradient = batch_gradient,
    .rehearse = rehearse,
    .rehearse_gradient = rehearse_gradient,
    .archive = archive,
    .report = tell,
};
