#include "dqinit/source_weights.h"

#include <math.h>
#include <string.h>

#include "suite/core/mem.h"

enum { RING = 2048, LEAST_EPISODES = 2, LEAST_COVERED = 10 };

// of a source, so that it is heard where no other one answers
static const double least_weight = 1e-9;

Status source_weights_init(SourceWeights *weights, const KnowledgeBase *kb,
                           SourceWeightsShape shape, Error *err)
{
    SourceWeights *w = weights;
    *w = (SourceWeights){.shape = shape,
                         .feature_dim = kb->feature_dim,
                         .coord_count = kb->coord_count,
                         .action_count = kb->action_count,
                         .next = shape.start,
                         .newest = -1,
                         .features = mem_array(RING, (size_t)kb->feature_dim * sizeof(float)),
                         .coords = mem_array(RING, (size_t)kb->coord_count * sizeof(float)),
                         .reward = mem_array(RING, sizeof(float)),
                         .action = mem_array(RING, sizeof(int32_t)),
                         .end = mem_array(RING, sizeof(uint8_t)),
                         .after = mem_array((size_t)kb->feature_dim, sizeof(float)),
                         .q = mem_array((size_t)kb->action_count, sizeof(float))};
    bool taken =
        w->features && w->coords && w->reward && w->action && w->end && w->after && w->q;
    return taken ? STATUS_OK : error_nomem(err);
}

void source_weights_release(SourceWeights *weights)
{
    mem_free(weights->features);
    mem_free(weights->coords);
    mem_free(weights->reward);
    mem_free(weights->action);
    mem_free(weights->end);
    mem_free(weights->after);
    mem_free(weights->q);
    *weights = (SourceWeights){0};
}

// an episode that the physics lost says nothing at its end: it is seen by where the next step
// begins
static void close_lost(SourceWeights *w, const float *obs)
{
    size_t bytes = (size_t)w->feature_dim * sizeof *obs;
    if (w->count && w->end[w->newest] == STEP_GOES_ON && memcmp(w->after, obs, bytes) != 0)
        w->end[w->newest] = STEP_DIVERGED;
}

bool source_weights_observe(SourceWeights *weights, const Transition *t)
{
    SourceWeights *w = weights;
    size_t d = (size_t)w->feature_dim, k = (size_t)w->coord_count;
    close_lost(w, t->obs);
    memcpy(w->after, t->next_obs, d * sizeof(float));
    size_t i = (size_t)(w->newest = (w->newest + 1) % RING);
    memcpy(w->features + i * d, t->obs, d * sizeof(float));
    memcpy(w->coords + i * k, t->coords, k * sizeof(float));
    w->reward[i] = (float)(t->reward * w->shape.reward_scale);
    w->action[i] = t->action;
    w->end[i] = t->terminated ? STEP_TERMINATED : t->truncated ? STEP_TRUNCATED : STEP_GOES_ON;
    w->episodes += t->terminated || t->truncated;
    if (w->count < RING) w->count++;
    w->steps++;
    return w->made < w->shape.times && w->episodes >= LEAST_EPISODES && w->steps >= w->next;
}

// what source @p s says of step @p i of the ring; false: it is silent
static bool ask(SourceWeights *w, Prior *prior, int s, int i)
{
    size_t at = (size_t)i;
    return prior_of(prior, s, w->features + at * (size_t)w->feature_dim,
                    w->coords + at * (size_t)w->coord_count, w->q);
}

// the n-step return from the step @p first of the ring, and where it bootstraps: -1 where the
// task ended; false if the steps kept do not tell
static bool look_ahead(const SourceWeights *w, int first, int left, double *sum,
                       double *discount, int *next)
{
    *sum = 0.0;
    *discount = 1.0;
    *next = -1;
    for (int n = 0; n < w->shape.n_step; n++) {
        int i = (first + n) % RING;
        if (n >= left) return false;
        *sum += *discount * (double)w->reward[i];
        *discount *= w->shape.gamma;
        if (w->end[i] == STEP_TERMINATED) return true;
        if (w->end[i] != STEP_GOES_ON) return false;
    }
    *next = (first + w->shape.n_step) % RING;
    return left > w->shape.n_step;
}

// the residual of one source over the steps kept; negative where it answers for too few
static double residual(SourceWeights *w, Prior *prior, int s)
{
    double sum = 0.0;
    int asked = 0, answered = 0, oldest = (w->newest - w->count + 1 + RING) % RING;
    for (int n = 0; n < w->count; n++) {
        int first = (oldest + n) % RING, next;
        double target, discount;
        if (!look_ahead(w, first, w->count - n, &target, &discount, &next)) continue;
        asked++;
        if (next >= 0) {
            if (!ask(w, prior, s, next)) continue;
            target += discount * (double)w->q[argmax(w->q, w->action_count)];
        }
        if (!ask(w, prior, s, first)) continue;
        sum += pow(target - (double)w->q[w->action[first]], 2.0);
        answered++;
    }
    return answered > 0 && answered * LEAST_COVERED >= asked ? sum / answered : -1.0;
}

void weights_of_residuals(const double *mse, int n, double exponent, double floor,
                          double *weight)
{
    double least = HUGE_VAL, sum = 0.0;
    for (int s = 0; s < n; s++)
        if (mse[s] >= 0.0) least = fmin(least, mse[s]);
    for (int s = 0; s < n; s++) {
        double excess = mse[s] > least ? mse[s] / least - 1.0 : 0.0;
        weight[s] = mse[s] >= 0.0 ? exp(-exponent * excess) : 0.0;
        sum += weight[s];
    }
    for (int s = 0; s < n; s++)
        weight[s] = sum > 0.0 ? fmax(floor / n + (1.0 - floor) * weight[s] / sum, least_weight)
                              : 1.0 / n;
}

void source_weights_weigh(SourceWeights *weights, Prior *prior)
{
    SourceWeights *w = weights;
    double mse[KB_SOURCES];
    int sources = prior->sources;
    for (int s = 0; s < sources; s++)
        mse[s] = residual(w, prior, s);
    weights_of_residuals(mse, sources, w->shape.exponent, w->shape.floor, prior->weight);
    w->made++;
    w->next = w->steps + w->shape.every;
}

void source_weights_archive(SourceWeights *weights, Archive *archive)
{
    SourceWeights *w = weights;
    archive_bytes(archive, "weights.steps", &w->steps, sizeof w->steps);
    archive_bytes(archive, "weights.next", &w->next, sizeof w->next);
    archive_bytes(archive, "weights.episodes", &w->episodes, sizeof w->episodes);
    archive_int(archive, "weights.made", &w->made, 0, w->shape.times);
    archive_int(archive, "weights.count", &w->count, 0, RING);
    archive_int(archive, "weights.newest", &w->newest, -1, RING - 1);
    archive_bytes(archive, "weights.features", w->features,
                  RING * (size_t)w->feature_dim * sizeof(float));
    archive_bytes(archive, "weights.coords", w->coords,
                  RING * (size_t)w->coord_count * sizeof(float));
    archive_bytes(archive, "weights.reward", w->reward, RING * sizeof(float));
    archive_bytes(archive, "weights.action", w->action, RING * sizeof(int32_t));
    archive_bytes(archive, "weights.end", w->end, RING);
    archive_bytes(archive, "weights.after", w->after, (size_t)w->feature_dim * sizeof(float));
    for (int i = 0; archive_is_reading(archive) && i < RING; i++)
        if (w->action[i] < 0 || w->action[i] >= w->action_count)
            archive_fail(archive, STATUS_PARSE, "holds an action that there is not");
}
