#include "dqinit/anchor.h"

#include <math.h>
#include <string.h>

#include "suite/core/mem.h"

static float mean_difference(const float *q, const float *prior, int actions)
{
    float sum = 0.0f;
    for (int a = 0; a < actions; a++)
        sum += q[a] - prior[a];
    return sum / (float)actions;
}

static float clip(float x)
{
    return x > 1.0f ? 1.0f : x < -1.0f ? -1.0f : x;
}

void prefit_gradient(const float *q, const float *prior, int actions, double ordering,
                     float *dq)
{
    float m = mean_difference(q, prior, actions), omega = (float)ordering;
    for (int a = 0; a < actions; a++)
        dq[a] = m + omega * (q[a] - prior[a] - m);
}

// one action's part of the anchor: its difference to the table, and the mean of all actions'
static float pull(float difference, float m, float omega)
{
    return clip(m) + clip(omega * (difference - m));
}

void anchor_gradient(const float *q, const float *prior, int actions, double ordering,
                     double weight, float *dq)
{
    float m = mean_difference(q, prior, actions), omega = (float)ordering, w = (float)weight;
    for (int a = 0; a < actions; a++)
        dq[a] = w * pull(q[a] - prior[a], m, omega);
}

void anchor_add(const float *q, const float *prior, int actions, double ordering, double weight,
                float *dq)
{
    float m = mean_difference(q, prior, actions), omega = (float)ordering, w = (float)weight;
    for (int a = 0; a < actions; a++)
        dq[a] += w * pull(q[a] - prior[a], m, omega);
}

void fit_match_outputs(Network *net, const PrefitTable *table)
{
    int in = net->units[net->layers - 1], actions = net->units[net->layers];
    float *bias = net->params + net->param_count - actions;
    float *weights = bias - in * actions;
    double variance = 0.0;

    for (int a = 0; a < actions; a++) {
        double mean = 0.0, m2 = 0.0;
        for (int i = 0; i < table->n; i++) {
            double value = (double)table->prior[(size_t)i * (size_t)actions + (size_t)a];
            double delta = value - mean;
            mean += delta / (i + 1);
            m2 += delta * (value - mean);
        }
        bias[a] = (float)mean;
        variance += m2 / table->n / actions;
    }
    for (int i = 0; i < in * actions; i++)
        weights[i] *= (float)sqrt(variance);
}

void fit_release(Fit *fit)
{
    workspace_release(&fit->work);
    adam_release(&fit->adam);
    mem_free(fit->x);
    mem_free(fit->y);
    mem_free(fit->dq);
    mem_free(fit->grad);
    *fit = (Fit){0};
}

Status fit_init(Fit *fit, const Network *net, int batch, Error *err)
{
    size_t b = (size_t)batch, actions = (size_t)net->units[net->layers];
    *fit = (Fit){.batch = batch,
                 .x = mem_array(b, (size_t)net->units[0] * sizeof(float)),
                 .y = mem_array(b, actions * sizeof(float)),
                 .dq = mem_array(b, actions * sizeof(float)),
                 .grad = mem_array((size_t)net->param_count, sizeof(float))};
    if (!fit->x || !fit->y || !fit->dq || !fit->grad) return error_nomem(err);
    Status status = workspace_init(&fit->work, net, batch, err);
    if (status == STATUS_OK) status = adam_init(&fit->adam, net->param_count, 1e-5, err);
    return status;
}

// one update on rows drawn with replacement
static void fit_update(Fit *fit, Network *net, const PrefitTable *table, Prefit how,
                       double rate, RngStream *rng)
{
    int d = net->units[0], actions = net->units[net->layers];
    for (int b = 0; b < fit->batch; b++) {
        size_t i = (size_t)rng_below(rng, table->n);
        memcpy(fit->x + b * d, table->features + i * (size_t)d, (size_t)d * sizeof(float));
        memcpy(fit->y + b * actions, table->prior + i * (size_t)actions,
               (size_t)actions * sizeof(float));
    }

    const float *q = network_forward(net, &fit->work, fit->x, fit->batch);
    for (int b = 0; b < fit->batch; b++)
        prefit_gradient(q + b * actions, fit->y + b * actions, actions, how.ordering,
                        fit->dq + b * actions);
    for (int i = 0; i < fit->batch * actions; i++)
        fit->dq[i] /= (float)fit->batch;
    network_backward(net, &fit->work, fit->x, fit->dq, fit->batch, fit->grad);
    adam_step(&fit->adam, net->params, fit->grad, rate);
}

void fit_run(Fit *fit, Network *net, const PrefitTable *table, Prefit how, RngStream *rng)
{
    adam_clear(&fit->adam);
    for (int u = 0; u < how.updates; u++) {
        double share = (double)u / how.updates;
        fit_update(fit, net, table, how, how.lr + (how.lr_end - how.lr) * share, rng);
    }
}
