#include "dqinit/knownness.h"

#include <math.h>
#include <string.h>

#include "suite/core/check.h"
#include "suite/core/mem.h"

static const double error_rate = 0.1; // how far the running mean of errors moves

Status knownness_init(Knownness *known, KnownnessShape shape, Error *err)
{
    size_t cells = (size_t)shape.cells;
    *known = (Knownness){.shape = shape,
                         .visits = mem_array(cells, sizeof *known->visits),
                         .kappa = mem_array(cells, sizeof *known->kappa)};
    if (!known->visits || !known->kappa) return error_nomem(err);
    if (shape.by != KNOWN_PRECISION) return STATUS_OK;
    known->error = mem_array(cells, sizeof *known->error);
    known->first = mem_array(cells, sizeof *known->first);
    return known->error && known->first ? STATUS_OK : error_nomem(err);
}

void knownness_release(Knownness *known)
{
    mem_free(known->visits);
    mem_free(known->kappa);
    mem_free(known->error);
    mem_free(known->first);
    *known = (Knownness){0};
}

double known_by_visits(KnownBy by, double n, double m)
{
    switch (by) {
    case KNOWN_SHRINKAGE:
        return n / (n + m);
    case KNOWN_LINEAR:
        return fmin(1.0, n / m);
    case KNOWN_EXPONENTIAL:
        return m <= 1.0 ? n > 0.0 : 1.0 - pow(1.0 - 1.0 / m, n);
    case KNOWN_THRESHOLD:
        return n >= m;
    case KNOWN_NONE:
        return 1.0;
    default:
        return 0.0;
    }
}

// n s^2 / (n s^2 + e^2) with s^2 = e0^2 / m
static double by_precision(const Knownness *known, int cell)
{
    double gained = known->visits[cell] * known->first[cell] / known->shape.visits;
    return gained > 0.0 ? gained / (gained + known->error[cell]) : 0.0;
}

static void set_kappa(Knownness *known, int cell)
{
    double kappa =
        known->shape.by == KNOWN_PRECISION
            ? by_precision(known, cell)
            : known_by_visits(known->shape.by, known->visits[cell], known->shape.visits);
    known->kappa[cell] = known->shape.cap * kappa;
}

// of the forms that are the same everywhere; negative: it is not one of them
static double everywhere(const Knownness *known)
{
    const KnownnessShape *s = &known->shape;
    if (s->by == KNOWN_FROZEN) return 0.0;
    if (s->by == KNOWN_NONE) return 1.0;
    if (s->by != KNOWN_CLOCK) return -1.0;
    return s->cap * fmin(1.0, (double)known->steps / (s->share * (double)s->budget));
}

double knownness_at(const Knownness *known, const Place *place)
{
    double same = everywhere(known), sum = 0.0;
    if (same >= 0.0) return same;
    for (int i = 0; i < place->count; i++)
        sum += (double)place->at[i].weight * known->kappa[place->at[i].cell];
    return sum;
}

double knownness_visit(Knownness *known, const Place *place)
{
    double before = knownness_at(known, place);
    for (int i = 0; i < place->count; i++) {
        PlaceCell at = place->at[i];
        CHECK(at.cell >= 0 && at.cell < known->shape.cells);
        known->visits[at.cell] += known->shape.each * (double)at.weight;
        set_kappa(known, at.cell);
    }
    known->mean += (before - known->mean) / known->shape.memory;
    known->steps++;
    return before;
}

void knownness_pass(Knownness *known)
{
    known->mean += (1.0 - known->mean) / known->shape.memory;
    known->steps++;
}

void knownness_see_error(Knownness *known, const Place *place, double error)
{
    if (known->shape.by != KNOWN_PRECISION) return;
    double squared = error * error;
    for (int i = 0; i < place->count; i++) {
        int cell = place->at[i].cell;
        if (known->first[cell] == 0.0) known->first[cell] = known->error[cell] = squared;
        known->error[cell] +=
            error_rate * (double)place->at[i].weight * (squared - known->error[cell]);
        set_kappa(known, cell);
    }
}

void knownness_archive(Knownness *known, Archive *archive)
{
    size_t bytes = (size_t)known->shape.cells * sizeof(double);
    archive_bytes(archive, "known.mean", &known->mean, sizeof known->mean);
    archive_bytes(archive, "known.steps", &known->steps, sizeof known->steps);
    archive_bytes(archive, "known.visits", known->visits, bytes);
    archive_bytes(archive, "known.kappa", known->kappa, bytes);
    if (known->shape.by != KNOWN_PRECISION) return;
    archive_bytes(archive, "known.error", known->error, bytes);
    archive_bytes(archive, "known.first", known->first, bytes);
}
