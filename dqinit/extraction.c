#include "dqinit/extraction.h"

#include <stdio.h>
#include <string.h>

#include "suite/core/check.h"
#include "suite/core/mem.h"

enum { CHUNK = 256, HELD_OUT = 10, DRAWS_PER_STATE = 16 };

// what one source's table is made from
typedef struct Extraction {
    const BuildContext *context;
    const SourceTask *source;
    int index; // of the source
    TableShape shape;
    Workspace work;

    KnowledgeBase kb; // this source's own table
    double *mean;     // (C x A) of Q, by Welford's method
    double *m2;       // (C x A) sum of squared differences from it
    int capacity;     // cells that the arrays have room for

    double total_mean, total_m2; // of all Q values of the source
    int64_t total;
    int64_t seen_once; // cells
    int64_t visits;    // over all cells
} Extraction;

static void release(Extraction *x)
{
    workspace_release(&x->work);
    kb_release(&x->kb);
    mem_free(x->mean);
    mem_free(x->m2);
    *x = (Extraction){0};
}

static Status tilings_for(Tilings *tilings, const TaskShape *task, TableShape shape, Error *err)
{
    if (task->coord_count > TILINGS_DIMS)
        return error_set(err, STATUS_RANGE, "%d table coordinates do not fit a key of %d",
                         task->coord_count, TILINGS_DIMS);
    tilings_init(tilings, task->coord_count, shape.tilings, shape.bins, task->coord_lo,
                 task->coord_hi);
    return STATUS_OK;
}

static Status empty_table(KnowledgeBase *kb, const BuildContext *context, TableShape shape,
                          Error *err)
{
    *kb = (KnowledgeBase){.action_count = context->shape.action_count,
                          .feature_dim = context->shape.feature_dim};
    Status status = tilings_for(&kb->tilings, &context->shape, shape, err);
    if (status == STATUS_OK) status = cells_init(&kb->cells, 0, err);
    return status;
}

// -- one source

// room in the arrays beside the cells for as many as the cells may now hold
static Status grow(Extraction *x, int more, Error *err)
{
    KnowledgeBase *kb = &x->kb;
    int need = kb->cells.count + more;
    if (need <= x->capacity) return STATUS_OK;

    size_t count = (size_t)kb->cells.count, capacity = 2 * (size_t)need;
    size_t row = (size_t)kb->action_count * sizeof(double);
    Status status = cells_reserve(&kb->cells, (int64_t)capacity, err);
    if (status != STATUS_OK) return status;

    double *mean = mem_grow(x->mean, count, capacity, row);
    if (mean) x->mean = mean;
    double *m2 = mem_grow(x->m2, count, capacity, row);
    if (m2) x->m2 = m2;
    int32_t *visits = mem_grow(kb->visits, count, capacity, sizeof *visits);
    if (visits) kb->visits = visits;
    if (!mean || !m2 || !visits) return error_nomem(err);
    x->capacity = (int)capacity;
    return STATUS_OK;
}

static void welford(double x, double count, double *mean, double *m2)
{
    double delta = x - *mean;
    *mean += delta / count;
    *m2 += delta * (x - *mean);
}

// one visited state with the Q of all actions; grow() has made room
static void count_state(Extraction *x, const float *coords, const float *q)
{
    KnowledgeBase *kb = &x->kb;
    int actions = kb->action_count;
    float part[TILINGS_DIMS];

    tilings_scale(&kb->tilings, coords, part);
    for (int t = 0; t < kb->tilings.count; t++) {
        int cell = cells_add(&kb->cells, tilings_key(&kb->tilings, t, part));
        CHECK(cell >= 0);
        double n = ++kb->visits[cell];
        for (int a = 0; a < actions; a++) {
            size_t at = (size_t)cell * (size_t)actions + (size_t)a;
            welford((double)q[a], n, &x->mean[at], &x->m2[at]);
        }
    }
    for (int a = 0; a < actions; a++)
        welford((double)q[a], (double)++x->total, &x->total_mean, &x->total_m2);
}

static bool is_held_out(int sample)
{
    return sample % HELD_OUT == HELD_OUT - 1;
}

static const float *coords_of(const Extraction *x, int sample)
{
    return x->source->coords + (size_t)sample * (size_t)x->context->shape.coord_count;
}

// the network's Q for the samples from `first` on, CHUNK at most
static const float *chunk_q(Extraction *x, int first, int *rows)
{
    int left = x->source->sample_count - first;
    *rows = left < CHUNK ? left : CHUNK;
    const float *features =
        x->source->features + (size_t)first * (size_t)x->context->shape.feature_dim;
    return network_forward(x->source->network, &x->work, features, *rows);
}

static Status count_samples(Extraction *x, Error *err)
{
    int rows;
    for (int first = 0; first < x->source->sample_count; first += rows) {
        const float *q = chunk_q(x, first, &rows);
        Status status = grow(x, rows * x->kb.tilings.count, err);
        if (status != STATUS_OK) return status;
        for (int r = 0; r < rows; r++)
            if (!is_held_out(first + r))
                count_state(x, coords_of(x, first + r), q + r * x->kb.action_count);
    }
    return STATUS_OK;
}

// the arrays of a table for `cells` cells
static Status take_arrays(KnowledgeBase *kb, int cells, Error *err)
{
    size_t c = (size_t)cells;
    kb->value = mem_array(c, (size_t)kb->action_count * sizeof *kb->value);
    kb->variance = mem_array(c, sizeof *kb->variance);
    kb->sources = mem_array(c, sizeof *kb->sources);
    return kb->value && kb->variance && kb->sources ? STATUS_OK : error_nomem(err);
}

// move the cells seen often enough to the front, drop the others, and settle their values
static Status settle(Extraction *x, Error *err)
{
    KnowledgeBase *kb = &x->kb;
    CellIndex kept;
    size_t actions = (size_t)kb->action_count;
    Status status = cells_init(&kept, kb->cells.count, err);
    if (status == STATUS_OK) status = take_arrays(kb, kb->cells.count, err);

    for (int c = 0; status == STATUS_OK && c < kb->cells.count; c++) {
        int32_t n = kb->visits[c];
        x->visits += n;
        x->seen_once += n == 1;
        if (n < x->shape.least_visits) continue;

        size_t to = (size_t)cells_add(&kept, kb->cells.key[c]);
        double variance = 0.0;
        for (size_t a = 0; a < actions; a++) {
            kb->value[to * actions + a] = (float)x->mean[(size_t)c * actions + a];
            variance += x->m2[(size_t)c * actions + a] / n;
        }
        kb->variance[to] = (float)(variance / (double)actions);
        kb->visits[to] = n;
        kb->sources[to] = 1;
    }
    cells_release(&kb->cells);
    kb->cells = kept;
    return status;
}

// -- diagnostics

static void put_number(KnowledgeBase *kb, const char *name, const char *source, double value)
{
    CHECK(kb->number_count < KB_NUMBERS);
    KbNumber *number = &kb->number[kb->number_count++];
    number->value = value;
    (void)snprintf(number->name, KB_NAME, source ? "%s.%s" : "%s", name, source);
}

// variance of Q within cells over the variance overall
static double variance_ratio(const Extraction *x)
{
    const KnowledgeBase *kb = &x->kb;
    double within = 0.0, visits = 0.0;
    for (int c = 0; c < kb->cells.count; c++) {
        within += (double)kb->variance[c] * kb->visits[c];
        visits += kb->visits[c];
    }
    double overall = x->total_m2 / (double)x->total;
    return visits > 0.0 && overall > 0.0 ? within / visits / overall : 0.0;
}

// share of held-out states where table and network choose alike; a silent table disagrees
static double agreement(Extraction *x, float *table_q)
{
    int actions = x->kb.action_count, same = 0, asked = 0, rows;
    for (int first = 0; first < x->source->sample_count; first += rows) {
        const float *q = chunk_q(x, first, &rows);
        for (int r = 0; r < rows; r++) {
            if (!is_held_out(first + r)) continue;
            int hits = kb_lookup(&x->kb, coords_of(x, first + r), table_q);
            same += hits && argmax(table_q, actions) == argmax(q + r * actions, actions);
            asked++;
        }
    }
    return asked ? (double)same / asked : 0.0;
}

typedef struct NetworkPolicy {
    const Network *network;
    Workspace *work;
} NetworkPolicy;

static int network_greedy(void *policy, const Sight *sight)
{
    NetworkPolicy *p = policy;
    return network_best(p->network, p->work, sight->features);
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

static Status diagnose(Extraction *x, KnowledgeBase *all, Error *err)
{
    const BuildContext *context = x->context;
    const char *member = x->source->member;
    float *q = mem_array((size_t)x->kb.action_count, sizeof *q);
    if (!q) return error_nomem(err);
    NetworkPolicy network = {x->source->network, &x->work};

    RandomPolicy random = {rng_stream(context->key, RNG_METHOD, STREAM_CHANCE),
                           x->kb.action_count};
    void *evaluator = context->evaluator;

    double by_network = context->evaluate(evaluator, x->index, network_greedy, &network);
    double by_table = context->evaluate(evaluator, x->index, kb_greedy, &x->kb);
    double by_chance = context->evaluate(evaluator, x->index, random_action, &random);
    put_number(all, "agreement", member, agreement(x, q));
    put_number(all, "network_return", member, by_network);
    put_number(all, "table_return", member, by_table);
    put_number(all, "random_return", member, by_chance);
    double learned =
        by_network - by_chance; // a source that learned nothing has no healthy table
    put_number(all, "table_health", member,
               learned > 0.0 ? (by_table - by_chance) / learned : 0.0);
    mem_free(q);
    return STATUS_OK;
}

// -- all sources

static Status begin(Extraction *x, const BuildContext *context, int index, TableShape shape,
                    Error *err)
{
    *x = (Extraction){
        .context = context, .source = &context->source[index], .index = index, .shape = shape};
    Status status = empty_table(&x->kb, context, shape, err);
    if (status == STATUS_OK) status = workspace_init(&x->work, x->source->network, CHUNK, err);
    return status;
}

// room in `all` for the cells of one more source
static Status grow_all(KnowledgeBase *all, int more, Error *err)
{
    size_t count = (size_t)all->cells.count, capacity = count + (size_t)more;
    size_t row = (size_t)all->action_count * sizeof *all->value;
    Status status = cells_reserve(&all->cells, (int64_t)capacity, err);
    if (status != STATUS_OK) return status;

    float *value = mem_grow(all->value, count, capacity, row);
    if (value) all->value = value;
    float *variance = mem_grow(all->variance, count, capacity, sizeof *variance);
    if (variance) all->variance = variance;
    int32_t *visits = mem_grow(all->visits, count, capacity, sizeof *visits);
    if (visits) all->visits = visits;
    uint8_t *sources = mem_grow(all->sources, count, capacity, sizeof *sources);
    if (sources) all->sources = sources;
    return value && variance && visits && sources ? STATUS_OK : error_nomem(err);
}

// running means over the sources that know a cell
static Status merge(KnowledgeBase *all, const KnowledgeBase *one, Error *err)
{
    size_t actions = (size_t)all->action_count;
    Status status = grow_all(all, one->cells.count, err);
    if (status != STATUS_OK) return status;

    for (int c = 0; c < one->cells.count; c++) {
        size_t to = (size_t)cells_add(&all->cells, one->cells.key[c]);
        float share = 1.0f / (float)++all->sources[to];
        for (size_t a = 0; a < actions; a++) {
            float *mean = &all->value[to * actions + a];
            *mean += share * (one->value[(size_t)c * actions + a] - *mean);
        }
        all->variance[to] += share * (one->variance[c] - all->variance[to]);
        all->visits[to] += one->visits[c];
    }
    return STATUS_OK;
}

typedef struct Totals {
    double variance_ratio;
    int64_t seen_once, visits;
} Totals;

static Status add_source(KnowledgeBase *all, const BuildContext *context, int index,
                         TableShape shape, Totals *totals, Error *err)
{
    Extraction x;
    Status status = begin(&x, context, index, shape, err);
    if (status == STATUS_OK) status = count_samples(&x, err);
    if (status == STATUS_OK) status = settle(&x, err);
    if (status == STATUS_OK) status = diagnose(&x, all, err);
    if (status == STATUS_OK) status = merge(all, &x.kb, err);
    if (status == STATUS_OK) {
        totals->variance_ratio += variance_ratio(&x) / context->source_count;
        totals->seen_once += x.seen_once;
        totals->visits += x.visits;
    }
    release(&x);
    return status;
}

// draw table states from all samples alike, passing over those where the table is silent
static Status draw_states(KnowledgeBase *all, const BuildContext *context, int wanted,
                          Error *err)
{
    int d = all->feature_dim, k = all->tilings.dims;
    float *q = mem_array((size_t)all->action_count, sizeof *q);
    all->features = mem_array((size_t)wanted, (size_t)d * sizeof *all->features);
    all->coords = mem_array((size_t)wanted, (size_t)k * sizeof *all->coords);
    if (!q || !all->features || !all->coords) {
        mem_free(q);
        return error_nomem(err);
    }

    RngStream rng = rng_stream(context->key, RNG_METHOD, STREAM_TABLE_STATES);
    for (int64_t draw = 0; draw < (int64_t)wanted * DRAWS_PER_STATE; draw++) {
        if (all->state_count == wanted) break;
        const SourceTask *source = &context->source[rng_below(&rng, context->source_count)];
        size_t i = (size_t)rng_below(&rng, source->sample_count);
        const float *coords = source->coords + i * (size_t)k;
        if (!kb_lookup(all, coords, q)) continue;

        size_t to = (size_t)all->state_count++;
        memcpy(all->coords + to * (size_t)k, coords, (size_t)k * sizeof(float));
        memcpy(all->features + to * (size_t)d, source->features + i * (size_t)d,
               (size_t)d * sizeof(float));
    }
    mem_free(q);
    return STATUS_OK;
}

static void conclude(KnowledgeBase *all, const BuildContext *context, const Totals *totals)
{
    for (int s = 0; s < context->source_count; s++)
        put_number(all, "union_return", context->source[s].member,
                   context->evaluate(context->evaluator, s, kb_greedy, all));
    put_number(all, "cells", NULL, all->cells.count);
    put_number(all, "bytes", NULL, (double)kb_bytes(all));
    put_number(all, "unseen_mass", NULL, (double)totals->seen_once / (double)totals->visits);
    put_number(all, "variance_ratio", NULL, totals->variance_ratio);
}

Status extract(KnowledgeBase *kb, const BuildContext *context, TableShape shape, Error *err)
{
    Totals totals = {0};
    if (context->source_count > KB_SOURCES)
        return error_set(err, STATUS_RANGE, "more than %d sources", KB_SOURCES);
    Status status = empty_table(kb, context, shape, err);
    for (int s = 0; status == STATUS_OK && s < context->source_count; s++)
        status = add_source(kb, context, s, shape, &totals, err);
    if (status == STATUS_OK && kb->cells.count == 0)
        return error_set(err, STATUS_RANGE, "no cell was visited often enough to be known");
    if (status == STATUS_OK) status = draw_states(kb, context, shape.states, err);
    if (status == STATUS_OK) conclude(kb, context, &totals);
    return status;
}
