#include "dqinit/credence.h"

#include <math.h>

#include "agents/network.h"

double credence_delta(const TableStep *step, int actions, double gamma)
{
    double after =
        step->terminated ? 0.0 : gamma * (double)step->next[argmax(step->next, actions)];
    return step->reward + after - step->value;
}

void credence_init(Credence *credence, CredenceShape shape)
{
    *credence = (Credence){.shape = shape, .residual = shape.own};
}

void credence_see(Credence *credence, const TableStep *step, int actions)
{
    Credence *c = credence;
    double delta = credence_delta(step, actions, c->shape.gamma);
    int64_t weight = c->shape.first + ++c->seen;
    if (weight > c->shape.memory) weight = c->shape.memory;
    c->residual += (delta * delta - c->residual) / (double)weight;
}

double credence_now(const Credence *credence)
{
    const CredenceShape *s = &credence->shape;
    double excess = fmax(0.0, credence->residual - s->own);
    if (s->tolerance == 0.0 || excess == 0.0) return 1.0;
    double bar = s->tolerance * s->tolerance * s->own;
    return bar / (bar + excess);
}

void credence_archive(Credence *credence, Archive *archive)
{
    archive_bytes(archive, "credence.residual", &credence->residual, sizeof credence->residual);
    archive_total(archive, "credence.seen", &credence->seen, ARCHIVE_MOST);
}
