#include "baselines/softmax.h"

#include <math.h>

#include "agents/network.h"

// sum of exp((q - max) / tau): at least 1, so that nothing overflows or divides by 0
static double partition(const float *q, int n, double tau, double *max)
{
    double sum = 0.0;
    *max = (double)q[argmax(q, n)];
    for (int a = 0; a < n; a++)
        sum += exp(((double)q[a] - *max) / tau);
    return sum;
}

static float probability(float q, double tau, double max, double sum)
{
    return (float)(exp(((double)q - max) / tau) / sum);
}

void softmax(const float *q, int action_count, double tau, float *p)
{
    double max, sum = partition(q, action_count, tau, &max);
    for (int a = 0; a < action_count; a++)
        p[a] = probability(q[a], tau, max, sum);
}

double softmax_kl(const float *p, const float *q, int action_count, double tau)
{
    double max, sum = partition(q, action_count, tau, &max), kl = 0.0;
    for (int a = 0; a < action_count; a++) {
        if (p[a] <= 0.0f) continue; // p ln p -> 0
        double log_q = ((double)q[a] - max) / tau - log(sum);
        kl += (double)p[a] * (log((double)p[a]) - log_q);
    }
    return kl;
}

void softmax_kl_gradient(const float *p, const float *q, int action_count, double tau,
                         double weight, float *dq)
{
    double max, sum = partition(q, action_count, tau, &max);
    for (int a = 0; a < action_count; a++) {
        float apart = probability(q[a], tau, max, sum) - p[a];
        dq[a] += (float)(weight / tau * (double)apart);
    }
}
