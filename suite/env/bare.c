#include "suite/env/bare.h"

#include <string.h>

#include "suite/core/check.h"
#include "suite/core/mem.h"

struct Bare {
    const mjModel *model;
    mjData *data;
    int frame_skip;
    size_t nq, nv, nu;

    int capacity, count; // steps there is room for, and noted
    double *ctrl;        // (capacity x nu)
    double *start;       // (capacity x (nq + 2 nv)) of the episodes noted, in their order
    bool *begins;        // (capacity) an episode begins with this step
    int starts;
    bool starting; // the next step noted begins one
};

Status bare_new(Bare **out, const Env *env, int steps, Error *err)
{
    *out = NULL;
    Bare *b = mem_array(1, sizeof *b);
    if (!b) return error_nomem(err);
    const mjModel *m = env_model(env);
    *b = (Bare){.model = m,
                .frame_skip = env_family(env)->frame_skip,
                .nq = (size_t)m->nq,
                .nv = (size_t)m->nv,
                .nu = (size_t)m->nu,
                .capacity = steps};
    b->data = mj_makeData(m);
    b->ctrl = mem_array((size_t)steps, b->nu * sizeof *b->ctrl);
    b->start = mem_array((size_t)steps, (b->nq + 2 * b->nv) * sizeof *b->start);
    b->begins = mem_array((size_t)steps, sizeof *b->begins);
    if (!b->data || !b->ctrl || !b->start || !b->begins) {
        bare_free(b);
        return error_nomem(err);
    }
    *out = b;
    return STATUS_OK;
}

void bare_free(Bare *bare)
{
    if (!bare) return;
    if (bare->data) mj_deleteData(bare->data);
    mem_free(bare->ctrl);
    mem_free(bare->start);
    mem_free(bare->begins);
    mem_free(bare);
}

void bare_note_start(Bare *bare, const Env *env)
{
    CHECK(bare->count < bare->capacity);
    double *to = bare->start + (size_t)bare->starts++ * (bare->nq + 2 * bare->nv);
    memcpy(to, env_position(env), bare->nq * sizeof *to);
    memcpy(to + bare->nq, env_velocity(env), bare->nv * sizeof *to);
    memcpy(to + bare->nq + bare->nv, env_warmstart(env), bare->nv * sizeof *to);
    bare->starting = true;
}

void bare_note_step(Bare *bare, const Env *env)
{
    CHECK(bare->count < bare->capacity);
    bare->begins[bare->count] = bare->starting;
    bare->starting = false;
    memcpy(bare->ctrl + (size_t)bare->count++ * bare->nu, env_control(env),
           bare->nu * sizeof *bare->ctrl);
}

static void begin_episode(Bare *b, const double *start)
{
    mj_resetData(b->model, b->data);
    memcpy(b->data->qpos, start, b->nq * sizeof *start);
    memcpy(b->data->qvel, start + b->nq, b->nv * sizeof *start);
    memcpy(b->data->qacc_warmstart, start + b->nq + b->nv, b->nv * sizeof *start);
}

void bare_play(Bare *bare)
{
    const double *start = bare->start;
    for (int t = 0; t < bare->count; t++) {
        if (bare->begins[t]) {
            begin_episode(bare, start);
            start += bare->nq + 2 * bare->nv;
        }
        memcpy(bare->data->ctrl, bare->ctrl + (size_t)t * bare->nu,
               bare->nu * sizeof *bare->ctrl);
        for (int i = 0; i < bare->frame_skip; i++)
            mj_step(bare->model, bare->data);
    }
    bare->count = bare->starts = 0;
}

const double *bare_position(const Bare *bare)
{
    return bare->data->qpos;
}
