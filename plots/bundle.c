#include "plots/bundle.h"

#include <inttypes.h>
#include <math.h>

#include "results/stats.h"
#include "suite/core/check.h"
#include "suite/core/mem.h"

const char bundle_columns[] = "step seeds mean lo hi";

Status bundle_init(Bundle *bundle, int runs, Error *err)
{
    *bundle = (Bundle){.work = mem_array(STATS_RESAMPLES, sizeof *bundle->work), .room = runs};
    return bundle->work ? STATUS_OK : error_nomem(err);
}

void bundle_release(Bundle *bundle)
{
    mem_free(bundle->step);
    mem_free(bundle->value);
    mem_free(bundle->work);
    *bundle = (Bundle){0};
}

static double *row_at(const Bundle *bundle, int step)
{
    return bundle->value + (size_t)step * (size_t)bundle->room;
}

// the first run brings the steps
static Status open_rows(Bundle *bundle, const int64_t *step, int count, Error *err)
{
    bundle->step = mem_array((size_t)count, sizeof *bundle->step);
    bundle->value = mem_array((size_t)count * (size_t)bundle->room, sizeof *bundle->value);
    if (!bundle->step || !bundle->value) return error_nomem(err);
    for (int i = 0; i < count; i++)
        bundle->step[i] = step[i];
    bundle->steps = count;
    return STATUS_OK;
}

Status bundle_add(Bundle *bundle, const int64_t *step, const double *value, int count,
                  Error *err)
{
    CHECK(bundle->runs < bundle->room);
    Status status = bundle->runs ? STATUS_OK : open_rows(bundle, step, count, err);
    if (status != STATUS_OK) return status;

    int kept = 0;
    for (int i = 0, k = 0; i < bundle->steps; i++) {
        while (k < count && step[k] < bundle->step[i])
            k++;
        if (k == count || step[k] != bundle->step[i]) continue;
        double *to = row_at(bundle, kept);
        const double *from = row_at(bundle, i);
        for (int r = 0; r < bundle->runs; r++)
            to[r] = from[r];
        to[bundle->runs] = value[k];
        bundle->step[kept++] = bundle->step[i];
    }
    bundle->steps = kept;
    bundle->runs++;
    return STATUS_OK;
}

void bundle_print(const Bundle *bundle, uint64_t stream, Figure *figure)
{
    for (int i = 0; i < bundle->steps; i++) {
        const double *row = row_at(bundle, i);
        RngStream rng = stats_bootstrap_stream(stream + (uint64_t)bundle->step[i]);
        Interval band = {(double)NAN, (double)NAN};
        if (bundle->runs > 1)
            band = stats_bootstrap_mean(row, bundle->runs, STATS_RESAMPLES, &rng, bundle->work);
        text_printf(&figure->dat, "%" PRId64 " %d ", bundle->step[i], bundle->runs);
        figure_number(figure, stats_mean(row, bundle->runs), false);
        figure_number(figure, band.lo, false);
        figure_number(figure, band.hi, true);
    }
}
