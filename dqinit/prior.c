#include "dqinit/prior.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "suite/core/check.h"
#include "suite/core/mem.h"

enum { NEAR = PLACE_CELLS + 1 }; // neighbours that are looked for: one more than answer

// the cells of one codebook nearest to a point, nearest first
typedef struct NearCells {
    int count;
    Neighbour at[NEAR];
} NearCells;

// a cell of some source's codebook near a point
typedef struct Near {
    Neighbour at; // its cell is numbered within the source
    int source;
} Near;

// all that was found out about a point
typedef struct Point {
    const float *features, *coords;
    bool is_found;   // is p->own of this point, for every codebook?
    Near near[NEAR]; // of all codebooks, nearest first
    int near_count;
    bool is_known; // is it within the reach of any codebook?
} Point;

// -- sources one by one

// a search is most of what an answer costs; it begins with what it found last, mostly for a
// point one step away
static const NearCells *find_own(Prior *p, int s, const float *coords)
{
    NearCells *own = &p->own[s];
    own->count = codebook_nearest(&p->kb->source[s].book, coords, p->shape.neighbours + 1,
                                  own->count, own->at);
    return own;
}

static int answering(const Prior *p, int found)
{
    return found < p->shape.neighbours ? found : p->shape.neighbours;
}

static bool within_reach(const Codebook *book, const Neighbour *nearest)
{
    return nearest->distance2 <= book->reach * book->reach;
}

static bool book_answers(const Prior *p, int s, const NearCells *own, const float *coords,
                         float *q)
{
    const Codebook *book = &p->kb->source[s].book;
    float weight[PLACE_CELLS];
    memset(q, 0, (size_t)book->actions * sizeof *q);
    if (own->count == 0) return false;
    int n = answering(p, own->count);
    (void)neighbour_weights(own->at, own->count, n, weight);
    codebook_add(book, own->at, weight, n, coords, q);
    return within_reach(book, own->at);
}

static bool source_answers(Prior *p, int s, const Point *point, float *q)
{
    const KnowledgeBase *kb = p->kb;
    if (p->shape.networks) {
        const float *out =
            network_forward(p->shape.source[s].network, &p->work[s], point->features, 1);
        memcpy(q, out, (size_t)kb->action_count * sizeof *q);
        return true;
    }
    if (kb->form == TABLE_TILINGS)
        return tile_table_lookup(&kb->source[s].tiles, &kb->tilings, point->coords, q) > 0;
    const NearCells *own = point->is_found ? &p->own[s] : find_own(p, s, point->coords);
    return book_answers(p, s, own, point->coords, q);
}

bool prior_of(Prior *prior, int s, const float *features, const float *coords, float *q)
{
    const Point point = {.features = features, .coords = coords};
    return source_answers(prior, s, &point, q);
}

// -- all sources as one

static bool by_union(const Prior *p)
{
    return p->kb->form == TABLE_CODEBOOK && p->shape.how == AGGREGATE_UNION &&
           !p->shape.networks;
}

// into the nearest so far, of which there are `most`; equally near ones in the order they come
static void keep_near(Point *point, int most, Near near)
{
    int at = point->near_count;
    if (at < most)
        point->near_count++;
    else if (!(near.at.distance2 < point->near[--at].at.distance2))
        return;
    for (; at > 0 && near.at.distance2 < point->near[at - 1].at.distance2; at--)
        point->near[at] = point->near[at - 1];
    point->near[at] = near;
}

// keep the nearest cells of all codebooks together, nearest first
static void find_near(Prior *p, Point *point)
{
    int most = p->shape.neighbours + 1;
    CHECK(most > 1 && most <= NEAR);
    for (int s = 0; s < p->kb->source_count; s++) {
        const NearCells *own = find_own(p, s, point->coords);
        const Codebook *book = &p->kb->source[s].book;
        point->is_known = point->is_known || (own->count > 0 && within_reach(book, own->at));
        for (int i = 0; i < own->count; i++)
            keep_near(point, most, (Near){own->at[i], s});
    }
    point->is_found = true;
}

static int near_weights(const Prior *p, const Point *point, float *weight)
{
    Neighbour near[NEAR];
    int n = answering(p, point->near_count);
    if (n == 0) return 0; // of a point with a coordinate that is not finite
    for (int i = 0; i < point->near_count; i++)
        near[i] = point->near[i].at;
    (void)neighbour_weights(near, point->near_count, n, weight);
    return n;
}

static int union_answers(const Prior *p, const Point *point, float *q)
{
    float weight[PLACE_CELLS], sum = 0.0f;
    if (point->near_count == 0) return 0;
    int n = near_weights(p, point, weight);
    for (int i = 0; i < n; i++)
        sum += weight[i] *= (float)p->weight[point->near[i].source];
    for (int i = 0; i < n; i++) {
        const Near *near = &point->near[i];
        float share = weight[i] / sum;
        codebook_add(&p->kb->source[near->source].book, &near->at, &share, 1, point->coords, q);
    }
    return point->is_known ? n : 0;
}

// how the sources' answers at one action become one value
typedef struct Mix {
    double weight, mean, max, m2; // of the answers, by weight
    int count;
} Mix;

static void mix_add(Mix *m, double weight, double value)
{
    double delta = value - m->mean;
    m->weight += weight;
    m->mean += weight / m->weight * delta;
    m->m2 += weight * delta * (value - m->mean);
    m->max = m->count++ ? fmax(m->max, value) : value;
}

static double mix_spread(const Mix *m)
{
    return sqrt(m->m2 / m->weight);
}

static double mix_value(const Prior *p, const Mix *m)
{
    if (m->count == 0) return 0.0;
    if (p->shape.how == AGGREGATE_MAX) return m->max;
    if (p->shape.how != AGGREGATE_UCOI) return m->mean;
    double s = mix_spread(m), u = s > 0.0 ? s / (s + p->spread) : 0.0;
    double doubt = pow(1.0 - 1.0 / p->sources, m->count);
    return m->mean + u * doubt * (m->max - m->mean);
}

// the answers of all sources into p->answer; @return how many there are
static int ask_all(Prior *p, const Point *point, bool *answers)
{
    int count = 0;
    for (int s = 0; s < p->sources; s++) {
        bool asked = p->shape.how != AGGREGATE_NEAREST || s == p->nearest;
        answers[s] =
            asked &&
            source_answers(p, s, point, p->answer + (size_t)s * (size_t)p->kb->action_count);
        count += answers[s];
    }
    return count;
}

// where no source has support, those are heard that can say something all the same
static void guess_all(const Prior *p, bool *answers)
{
    for (int s = 0; s < p->sources; s++)
        answers[s] = p->kb->form == TABLE_CODEBOOK &&
                     (p->shape.how != AGGREGATE_NEAREST || s == p->nearest);
}

static Mix mix_of(const Prior *p, const bool *answers, int a)
{
    Mix mix = {0};
    for (int s = 0; s < p->sources; s++)
        if (answers[s])
            mix_add(&mix, p->weight[s],
                    (double)p->answer[(size_t)s * (size_t)p->kb->action_count + (size_t)a]);
    return mix;
}

static int mixed_answers(Prior *p, const Point *point, float *q)
{
    bool answers[KB_SOURCES] = {false};
    int count = ask_all(p, point, answers);
    if (count == 0) guess_all(p, answers);
    for (int a = 0; a < p->kb->action_count; a++) {
        Mix mix = mix_of(p, answers, a);
        q[a] = (float)mix_value(p, &mix);
    }
    return count;
}

static void book_place(const Prior *p, const Point *point, Place *place)
{
    float weight[PLACE_CELLS];
    place->count = near_weights(p, point, weight);
    for (int i = 0; i < place->count; i++) {
        int cell = p->first_cell[point->near[i].source] + point->near[i].at.cell;
        place->at[i] = (PlaceCell){cell, weight[i]};
    }
}

// q of a point whose neighbours were found if they are needed
static int answer(Prior *p, const Point *point, float *q)
{
    memset(q, 0, (size_t)p->kb->action_count * sizeof *q);
    return by_union(p) ? union_answers(p, point, q) : mixed_answers(p, point, q);
}

int prior_at(Prior *prior, const float *features, const float *coords, float *q)
{
    Point point = {.features = features, .coords = coords};
    if (by_union(prior)) find_near(prior, &point);
    return answer(prior, &point, q);
}

static int answer_and_place(Prior *p, Point *point, float *q, Place *place)
{
    if (p->kb->form == TABLE_CODEBOOK) {
        find_near(p, point);
        book_place(p, point, place);
    }
    return answer(p, point, q);
}

int prior_glance(Prior *prior, const float *features, const float *coords, float *q,
                 Place *place)
{
    Point point = {.features = features, .coords = coords};
    if (prior->kb->form == TABLE_TILINGS) tile_places_find(&prior->places, coords, place);
    return answer_and_place(prior, &point, q, place);
}

int prior_look(Prior *prior, const float *features, const float *coords, float *q, Place *place)
{
    Point point = {.features = features, .coords = coords};
    if (prior->kb->form == TABLE_TILINGS) tile_places_add(&prior->places, coords, place);
    return answer_and_place(prior, &point, q, place);
}

int prior_cells(const Prior *prior)
{
    return prior->kb->form == TABLE_CODEBOOK ? kb_cells(prior->kb)
                                             : prior->places.cells.capacity;
}

// -- beginning

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

// s0: the median over table states and actions of the spread over sources
static Status find_spread(Prior *p, Error *err)
{
    const TableStates *states = &p->kb->states;
    int actions = p->kb->action_count, count = 0;
    double *spread = mem_array((size_t)states->count, (size_t)actions * sizeof *spread);
    if (!spread) return error_nomem(err);
    for (int j = 0; j < states->count; j++) {
        bool answers[KB_SOURCES] = {false};
        Point point = {.features = states->features + (size_t)j * (size_t)states->features_dim,
                       .coords = states->coords + (size_t)j * (size_t)states->coords_dim};
        if (ask_all(p, &point, answers) == 0) continue;
        for (int a = 0; a < actions; a++) {
            Mix mix = mix_of(p, answers, a);
            spread[count++] = mix_spread(&mix);
        }
    }
    qsort(spread, (size_t)count, sizeof *spread, compare_doubles);
    p->spread = count ? spread[count / 2] : 0.0;
    mem_free(spread);
    return STATUS_OK;
}

static Status take_networks(Prior *p, Error *err)
{
    Status status = STATUS_OK;
    p->work = mem_array((size_t)p->sources, sizeof *p->work);
    if (!p->work) return error_nomem(err);
    for (int s = 0; status == STATUS_OK && s < p->sources; s++)
        status = workspace_init(&p->work[s], p->shape.source[s].network, 1, err);
    return status;
}

static Status check_sources(const Prior *p, Error *err)
{
    const PriorShape *shape = &p->shape;
    bool same = p->kb->merged || !shape->source || shape->source_count == p->kb->source_count;
    for (int s = 0; same && shape->source && !p->kb->merged && s < shape->source_count; s++)
        same = strcmp(shape->source[s].member, p->kb->source[s].member) == 0;
    if (same && shape->source_count <= KB_SOURCES) return STATUS_OK;
    return error_set(err, STATUS_MISMATCH, "the knowledge is of other sources");
}

// who answers, and how the cells of all codebooks are numbered
static void begin_sources(Prior *p)
{
    const PriorShape *shape = &p->shape;
    int cells = 0;
    for (int s = 0; s < p->kb->source_count; s++) {
        p->first_cell[s] = cells;
        cells += p->kb->source[s].book.count;
    }
    for (int s = 0; s < p->sources; s++) {
        p->weight[s] = 1.0 / p->sources;
        if (shape->source && shape->source[s].distance < shape->source[p->nearest].distance)
            p->nearest = s;
    }
}

Status prior_init(Prior *prior, const KnowledgeBase *kb, PriorShape shape, Error *err)
{
    Prior *p = prior;
    *p = (Prior){.kb = kb, .shape = shape};
    CHECK(!shape.networks || shape.source);
    p->sources = shape.networks ? shape.source_count : kb->source_count;
    Status status = check_sources(p, err);
    if (status != STATUS_OK) return status;
    p->answer = mem_array((size_t)p->sources, (size_t)kb->action_count * sizeof *p->answer);
    p->own = mem_array((size_t)kb->source_count, sizeof *p->own);
    if (!p->answer || !p->own) return error_nomem(err);
    begin_sources(p);
    if (shape.networks) status = take_networks(p, err);
    if (status == STATUS_OK && kb->form == TABLE_TILINGS)
        status =
            tile_places_init(&p->places, &kb->tilings, shape.known_tilings, shape.points, err);
    if (status == STATUS_OK && shape.how == AGGREGATE_UCOI) status = find_spread(p, err);
    return status;
}

void prior_release(Prior *prior)
{
    for (int s = 0; prior->work && s < prior->sources; s++)
        workspace_release(&prior->work[s]);
    mem_free(prior->work);
    mem_free(prior->answer);
    mem_free(prior->own);
    tile_places_release(&prior->places);
    *prior = (Prior){0};
}
