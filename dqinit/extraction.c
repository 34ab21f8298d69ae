#include "dqinit/extraction.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "agents/dqn.h"
#include "dqinit/codebook_build.h"
#include "dqinit/credence.h"
#include "dqinit/prior.h"
#include "suite/core/check.h"
#include "suite/core/mem.h"

enum { CHUNK = 256, HELD_OUT = 10, DRAWS_PER_STATE = 16, ROUNDS = 7, NEIGHBOURS = 8 };
enum { RESIDUAL_STEPS = 10000 }; // of each source, looked at for the table's Bellman errors

static const double ridge = 1e-6; // of slopes, in squared units of z

// what tables are made from, and what was found out
typedef struct Extraction {
    const BuildContext *context;
    TableShape shape;
    KnowledgeBase *kb;
    Prior prior;

    float mean[TILINGS_DIMS], scale[TILINGS_DIMS]; // of the coordinates over all samples
    int most;                                      // samples of any source
    int n;                                         // samples of a table
    float *coords;                                 // (n x K)
    float *q;                                      // (n x A)
    double unseen_mass, variance_ratio;            // means over sources
} Extraction;

static size_t width(const Extraction *x)
{
    return (size_t)x->context->shape.coord_count;
}

static void release(Extraction *x)
{
    prior_release(&x->prior);
    mem_free(x->coords);
    mem_free(x->q);
}

// -- samples

static bool is_held_out(int sample)
{
    return sample % HELD_OUT == HELD_OUT - 1;
}

// mean and spread of each coordinate over the samples of all sources
static void measure_coords(Extraction *x)
{
    const BuildContext *c = x->context;
    for (size_t k = 0; k < width(x); k++) {
        double mean = 0.0, m2 = 0.0, n = 0.0;
        for (int s = 0; s < c->source_count; s++)
            for (int i = 0; i < c->source[s].sample_count; i++) {
                double at = (double)c->source[s].coords[(size_t)i * width(x) + k];
                double delta = at - mean;
                mean += delta / ++n;
                m2 += delta * (at - mean);
            }
        x->mean[k] = (float)mean;
        x->scale[k] = m2 > 0.0 ? (float)sqrt(m2 / n) : 1.0f;
    }
}

// the task whose sample @p i, not held out, goes into the table of source @p s
static const SourceTask *task_of(const Extraction *x, int s, int i)
{
    int taken = i - i / HELD_OUT; // before this one
    return &x->context->source[x->shape.shared ? taken % x->context->source_count : s];
}

// rows [first, end) of the samples
typedef struct Rows {
    int first, end;
} Rows;

// add @p weight times the Q of source s's network to those rows of x->q
static Status add_values(Extraction *x, int s, const float *features, Rows rows, float weight,
                         Error *err)
{
    size_t d = (size_t)x->context->shape.feature_dim, a = (size_t)x->kb->action_count;
    const Network *net = x->context->source[s].network;
    Workspace work;
    Status status = workspace_init(&work, net, CHUNK, err);
    for (int at = rows.first; status == STATUS_OK && at < rows.end; at += CHUNK) {
        int count = rows.end - at < CHUNK ? rows.end - at : CHUNK;
        const float *q = network_forward(net, &work, features + (size_t)at * d, count);
        for (size_t i = 0; i < (size_t)count * a; i++)
            x->q[(size_t)at * a + i] += weight * q[i];
    }
    workspace_release(&work);
    return status;
}

static void take_sample(Extraction *x, const SourceTask *task, int i, float *features)
{
    size_t d = (size_t)x->context->shape.feature_dim, at = (size_t)x->n++;
    memcpy(features + at * d, task->features + (size_t)i * d, d * sizeof(float));
    memcpy(x->coords + at * width(x), task->coords + (size_t)i * width(x),
           width(x) * sizeof(float));
}

static float *begin_samples(Extraction *x, int rows)
{
    x->n = 0;
    memset(x->q, 0, (size_t)rows * (size_t)x->kb->action_count * sizeof *x->q);
    return mem_array((size_t)rows, (size_t)x->context->shape.feature_dim * sizeof(float));
}

// the samples of source s's table (held_out: those kept from it) with its network's values
static Status take_samples(Extraction *x, int s, bool held_out, Error *err)
{
    int total = x->context->source[s].sample_count;
    float *features = begin_samples(x, total);
    if (!features) return error_nomem(err);
    for (int i = 0; i < total; i++) {
        const SourceTask *task = held_out ? &x->context->source[s] : task_of(x, s, i);
        if (is_held_out(i) == held_out && i < task->sample_count)
            take_sample(x, task, i, features);
    }
    Status status = add_values(x, s, features, (Rows){0, x->n}, 1.0f, err);
    mem_free(features);
    return status;
}

// the samples of the one table of all sources, as many of each: with the mean of all networks'
// values, or where states are not shared, with those of its own
static Status take_all_samples(Extraction *x, Error *err)
{
    const BuildContext *c = x->context;
    int sources = c->source_count;
    float *features = begin_samples(x, x->most);
    Status status = features ? STATUS_OK : error_nomem(err);
    for (int s = 0; status == STATUS_OK && s < sources; s++) {
        int first = x->n;
        for (int i = 0; i < c->source[s].sample_count; i++)
            if (!is_held_out(i) && (i - i / HELD_OUT) % sources == s)
                take_sample(x, &c->source[s], i, features);
        if (!x->shape.shared)
            status = add_values(x, s, features, (Rows){first, x->n}, 1.0f, err);
    }
    for (int s = 0; x->shape.shared && status == STATUS_OK && s < sources; s++)
        status = add_values(x, s, features, (Rows){0, x->n}, 1.0f / (float)sources, err);
    mem_free(features);
    return status;
}

// -- tables

// cells of one source's codebook, within the bytes that table states and headers leave
static int cells_each(const Extraction *x)
{
    const TaskShape *task = &x->context->shape;
    int sources = x->kb->source_count;
    Codebook empty = {.dims = task->coord_count};
    TableStates states = {.count = x->shape.states,
                          .features_dim = task->feature_dim,
                          .coords_dim = task->coord_count};
    int64_t left =
        x->shape.bytes - table_states_bytes(&states) - sources * codebook_bytes(&empty);
    int64_t cell = codebook_cell_bytes(task->coord_count, task->action_count, x->shape.slopes);
    // a cell for each sample would have no slope and be silent beside it
    int64_t most = x->n / (task->coord_count + 2), fit = left / cell / sources;
    if (most < 1) most = 1;
    if (most > fit) most = fit;
    if (most > x->shape.cells / sources) most = x->shape.cells / sources;
    return (int)(most < CODEBOOK_CELLS ? most : CODEBOOK_CELLS);
}

static Status build_book(Extraction *x, int s, Error *err)
{
    const TaskShape *task = &x->context->shape;
    CodebookShape shape = {.dims = task->coord_count,
                           .actions = task->action_count,
                           .cells = cells_each(x),
                           .rounds = ROUNDS,
                           .slopes = x->shape.slopes,
                           .ridge = ridge,
                           .mean = x->mean,
                           .scale = x->scale,
                           .period = task->coord_period};
    if (shape.cells < 1)
        return error_set(err, STATUS_RANGE,
                         "dqinit.cells=%d and dqinit.bytes=%lld leave no cell for each of %d "
                         "sources beside %d table states",
                         x->shape.cells, (long long)x->shape.bytes, x->context->source_count,
                         x->shape.states);
    RngStream rng =
        rng_stream(x->context->key, RNG_METHOD, (uint64_t)s << 32 | (uint64_t)STREAM_CODEBOOK);
    CodebookSamples samples = {x->n, x->coords, x->q};
    return codebook_build(&x->kb->source[s].book, shape, samples, &rng, err);
}

static Status build_tiles(Extraction *x, int s, Error *err)
{
    TileTableNumbers numbers = {0};
    TileSamples samples = {x->n, x->kb->action_count, x->coords, x->q};
    Status status = tile_table_build(&x->kb->source[s].tiles, &x->kb->tilings, samples,
                                     x->shape.least_visits, &numbers, err);
    x->unseen_mass += numbers.unseen_mass / x->kb->source_count;
    x->variance_ratio += numbers.variance_ratio / x->kb->source_count;
    return status;
}

static Status build_tables(Extraction *x, Error *err)
{
    Status status = STATUS_OK;
    for (int s = 0; status == STATUS_OK && s < x->kb->source_count; s++) {
        SourceTable *table = &x->kb->source[s];
        (void)snprintf(table->member, KB_NAME, "%s",
                       x->shape.merged ? "all" : x->context->source[s].member);
        table->tiles.actions = x->kb->action_count;
        status = x->shape.merged ? take_all_samples(x, err) : take_samples(x, s, false, err);
        if (status == STATUS_OK)
            status =
                x->shape.form == TABLE_TILINGS ? build_tiles(x, s, err) : build_book(x, s, err);
    }
    if (status == STATUS_OK && kb_cells(x->kb) == 0)
        return error_set(err, STATUS_RANGE, "no cell was visited often enough to be known");
    return status;
}

// the table that answers for source @p s
static int table_of(const Extraction *x, int s)
{
    return x->shape.merged ? 0 : s;
}

// -- diagnostics

// how a table compares with its network on states held out
typedef struct HeldOut {
    int asked, silent, same;
    double off, mean, m2; // squared errors; of the network's values
} HeldOut;

static void compare(HeldOut *h, const float *table, const float *q, int actions, bool answered)
{
    h->asked++;
    h->silent += !answered;
    h->same += answered && argmax(table, actions) == argmax(q, actions);
    for (int a = 0; a < actions; a++) {
        double delta = (double)q[a] - h->mean;
        h->mean += delta / (h->asked * actions - actions + a + 1);
        h->m2 += delta * ((double)q[a] - h->mean);
        if (answered) h->off += pow((double)table[a] - (double)q[a], 2.0);
    }
}

// share of held-out states where table and network choose alike; a silent table disagrees
static Status judge_held_out(Extraction *x, int s, Error *err)
{
    int actions = x->kb->action_count;
    HeldOut h = {0};
    float *table = mem_array((size_t)actions, sizeof *table);
    if (!table) return error_nomem(err);
    Status status = take_samples(x, s, true, err);
    for (int i = 0; status == STATUS_OK && i < x->n; i++) {
        bool answered =
            prior_of(&x->prior, table_of(x, s), NULL, x->coords + (size_t)i * width(x), table);
        compare(&h, table, x->q + (size_t)i * (size_t)actions, actions, answered);
    }
    mem_free(table);
    kb_put_number(x->kb, "agreement", x->context->source[s].member,
                  h.asked ? (double)h.same / h.asked : 0.0);
    if (x->shape.form != TABLE_CODEBOOK || h.asked == 0) return status;
    x->unseen_mass += (double)h.silent / h.asked / x->context->source_count;
    x->variance_ratio += h.m2 > 0.0 ? h.off / h.m2 / x->context->source_count : 0.0;
    return status;
}

typedef struct NetworkPolicy {
    const Network *network;
    Workspace work;
} NetworkPolicy;

static int network_greedy(void *policy, const Sight *sight)
{
    NetworkPolicy *p = policy;
    return network_best(p->network, &p->work, sight->features);
}

typedef struct RandomPolicy {
    RngStream rng;
    int actions;
} RandomPolicy;

static int random_action(void *policy, const Sight *sight)
{
    RandomPolicy *p = policy;
    (void)sight;
    return rng_below(&p->rng, p->actions);
}

// the greedy policy of one source's table, or of all; action 0 where it is silent
typedef struct TablePolicy {
    Prior *prior;
    int source; // < 0: all
} TablePolicy;

static int table_greedy(void *policy, const Sight *sight)
{
    TablePolicy *p = policy;
    float q[NETWORK_UNITS] = {0};
    if (p->source < 0)
        (void)prior_at(p->prior, sight->features, sight->coords, q);
    else
        (void)prior_of(p->prior, p->source, sight->features, sight->coords, q);
    return argmax(q, p->prior->kb->action_count);
}

static Status judge_returns(Extraction *x, int s, Error *err)
{
    const BuildContext *c = x->context;
    const char *member = c->source[s].member;
    NetworkPolicy network = {.network = c->source[s].network};
    RandomPolicy random = {rng_stream(c->key, RNG_METHOD, STREAM_CHANCE), x->kb->action_count};
    TablePolicy table = {&x->prior, table_of(x, s)};
    Status status = workspace_init(&network.work, network.network, 1, err);
    if (status != STATUS_OK) {
        workspace_release(&network.work);
        return status;
    }

    double by_network = c->evaluate(c->evaluator, s, network_greedy, &network);
    double by_table = c->evaluate(c->evaluator, s, table_greedy, &table);
    double by_chance = c->evaluate(c->evaluator, s, random_action, &random);
    workspace_release(&network.work);
    kb_put_number(x->kb, "network_return", member, by_network);
    kb_put_number(x->kb, "table_return", member, by_table);
    kb_put_number(x->kb, "random_return", member, by_chance);
    double learned = by_network - by_chance; // what learned nothing has no healthy table
    kb_put_number(x->kb, "table_health", member,
                  learned > 0.0 ? (by_table - by_chance) / learned : 0.0);
    return STATUS_OK;
}

// the step from sample @p i of a source as the table sees it, its two ends in @p q (2 x A);
// false: it says nothing, for the table is silent or the next state is not there
static bool table_step(Extraction *x, const SourceTask *task, int i, float *q, TableStep *step)
{
    size_t d = (size_t)x->kb->feature_dim, a = (size_t)x->kb->action_count, at = (size_t)i;
    const float *features = task->features + at * d, *coords = task->coords + at * width(x);
    bool ended = task->end[i] == STEP_TERMINATED;
    if (!ended && (task->end[i] != STEP_GOES_ON || i + 1 >= task->sample_count)) return false;
    if (!prior_at(&x->prior, features, coords, q)) return false;
    if (!ended && !prior_at(&x->prior, features + d, coords + width(x), q + a)) return false;
    *step = (TableStep){.value = (double)q[task->action[i]],
                        .reward = (double)task->reward[i] * x->context->agent->reward_scale,
                        .terminated = ended,
                        .next = q + a};
    return true;
}

// what a table that is right still errs by, for the agent's own steps to be judged beside
static Status judge_residual(Extraction *x, Error *err)
{
    const BuildContext *c = x->context;
    int actions = x->kb->action_count;
    float *q = mem_array(2 * (size_t)actions, sizeof *q);
    if (!q) return error_nomem(err);
    double mean = 0.0;
    for (int s = 0; s < c->source_count; s++) {
        double sum = 0.0;
        int seen = 0;
        for (int i = 0; i < c->source[s].sample_count && i < RESIDUAL_STEPS; i++) {
            TableStep step;
            if (!table_step(x, &c->source[s], i, q, &step)) continue;
            sum += pow(credence_delta(&step, actions, c->agent->gamma), 2.0);
            seen++;
        }
        mean += seen ? sum / seen / c->source_count : 0.0;
    }
    mem_free(q);
    kb_put_number(x->kb, "own_residual", NULL, sqrt(mean));
    return STATUS_OK;
}

static Status diagnose(Extraction *x, Error *err)
{
    const BuildContext *c = x->context;
    TablePolicy all = {&x->prior, -1};
    Status status = STATUS_OK;
    for (int s = 0; status == STATUS_OK && s < c->source_count; s++) {
        status = judge_held_out(x, s, err);
        if (status == STATUS_OK) status = judge_returns(x, s, err);
        if (status == STATUS_OK)
            kb_put_number(x->kb, "union_return", c->source[s].member,
                          c->evaluate(c->evaluator, s, table_greedy, &all));
    }
    if (status == STATUS_OK) status = judge_residual(x, err);
    kb_put_number(x->kb, "cells", NULL, kb_cells(x->kb));
    kb_put_number(x->kb, "bytes", NULL, (double)kb_bytes(x->kb));
    kb_put_number(x->kb, "unseen_mass", NULL, x->unseen_mass);
    kb_put_number(x->kb, "variance_ratio", NULL, x->variance_ratio);
    return status;
}

// -- table states

// draw them from all samples alike, passing over those where the table is silent
static Status draw_states(Extraction *x, Error *err)
{
    const BuildContext *c = x->context;
    size_t d = (size_t)x->kb->feature_dim;
    TableStates *states = &x->kb->states;
    float *q = mem_array((size_t)x->kb->action_count, sizeof *q);
    Status status = q ? table_states_init(states, x->shape.states, x->kb->feature_dim,
                                          x->kb->coord_count, err)
                      : error_nomem(err);
    RngStream rng = rng_stream(c->key, RNG_METHOD, STREAM_TABLE_STATES);
    int count = 0;
    for (int64_t draw = 0; status == STATUS_OK && count < x->shape.states &&
                           draw < (int64_t)x->shape.states * DRAWS_PER_STATE;
         draw++) {
        const SourceTask *source = &c->source[rng_below(&rng, c->source_count)];
        size_t i = (size_t)rng_below(&rng, source->sample_count);
        const float *coords = source->coords + i * width(x);
        if (!prior_at(&x->prior, source->features + i * d, coords, q)) continue;
        table_states_put(states, count++, source->features + i * d, coords);
    }
    mem_free(q);
    if (status != STATUS_OK) return status;
    if (count == 0)
        return error_set(err, STATUS_RANGE, "hardly any state is in a cell that is known");
    table_states_pack(states, count);
    return STATUS_OK;
}

// -- all of it

static Status begin(Extraction *x, Error *err)
{
    const TaskShape *task = &x->context->shape;
    if (x->context->source_count > KB_SOURCES)
        return error_set(err, STATUS_RANGE, "more than %d sources", KB_SOURCES);
    if (task->coord_count > TILINGS_DIMS)
        return error_set(err, STATUS_RANGE, "%d table coordinates do not fit a key of %d",
                         task->coord_count, TILINGS_DIMS);
    *x->kb = (KnowledgeBase){.form = (int)x->shape.form,
                             .merged = x->shape.merged,
                             .action_count = task->action_count,
                             .feature_dim = task->feature_dim,
                             .coord_count = task->coord_count};
    tilings_init(&x->kb->tilings, task->coord_count, x->shape.tilings, x->shape.bins,
                 task->coord_lo, task->coord_hi);

    for (int s = 0; s < x->context->source_count; s++)
        if (x->context->source[s].sample_count > x->most)
            x->most = x->context->source[s].sample_count;
    x->coords = mem_array((size_t)x->most, width(x) * sizeof *x->coords);
    x->q = mem_array((size_t)x->most, (size_t)task->action_count * sizeof *x->q);
    if (!x->coords || !x->q) return error_nomem(err);
    return kb_take_sources(x->kb, x->shape.merged ? 1 : x->context->source_count, err);
}

static Status begin_prior(Extraction *x, Error *err)
{
    PriorShape shape = {.how = AGGREGATE_MEAN, .neighbours = NEIGHBOURS, .known_tilings = 1};
    return prior_init(&x->prior, x->kb, shape, err);
}

Status extract(KnowledgeBase *kb, const BuildContext *context, TableShape shape, Error *err)
{
    Extraction x = {.context = context, .shape = shape, .kb = kb};
    *kb = (KnowledgeBase){0};
    Status status = begin(&x, err);
    if (status == STATUS_OK) measure_coords(&x);
    if (status == STATUS_OK) status = build_tables(&x, err);
    if (status == STATUS_OK) status = begin_prior(&x, err);
    if (status == STATUS_OK) status = draw_states(&x, err);
    if (status == STATUS_OK) status = diagnose(&x, err);
    release(&x);
    return status;
}
