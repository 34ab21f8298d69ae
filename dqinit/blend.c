#include "dqinit/blend.h"

#include "agents/network.h"

void blend_values(float *q, const float *prior, int n, double beta)
{
    for (int a = 0; a < n; a++)
        q[a] = (float)((1.0 - beta) * (double)q[a] + beta * (double)prior[a]);
}

void blend_advantages(float *q, const float *prior, int n, double beta)
{
    double level = (double)q[argmax(q, n)] - (double)prior[argmax(prior, n)];
    for (int a = 0; a < n; a++)
        q[a] = (float)((1.0 - beta) * (double)q[a] + beta * (level + (double)prior[a]));
}
