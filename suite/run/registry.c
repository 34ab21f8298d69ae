#include "suite/run/registry.h"

#include <stddef.h>
#include <string.h>

#include "agents/methods.h"
#include "models/tasks.h"
#include "suite/core/text.h"
#include "suite/env/members.h"

static const TaskFamily *const families[] = {
#define TASK(id) &task_##id,
#include "models/tasks.def"
#undef TASK
};

static const Method *const methods[] = {
#define METHOD(folder, id) &method_##id,
#include "agents/methods.def"
#undef METHOD
};

enum {
    FAMILIES = sizeof families / sizeof families[0],
    METHODS = sizeof methods / sizeof methods[0],
};

int family_count(void)
{
    return FAMILIES;
}

const TaskFamily *family_at(int index)
{
    return families[index];
}

int method_count(void)
{
    return METHODS;
}

const Method *method_at(int index)
{
    return methods[index];
}

TaskShape family_shape(const TaskFamily *family, float *room)
{
    int count = family->coord_count;
    float *lo = room, *hi = room + count, *period = room + (ptrdiff_t)2 * count;
    for (int k = 0; k < count; k++) {
        lo[k] = (float)family->coord[k].lo;
        hi[k] = (float)family->coord[k].hi;
        period[k] = (float)family->coord[k].period;
    }
    return (TaskShape){.feature_dim = family->feature_dim,
                       .coord_count = family->coord_count,
                       .action_count = family->action_count,
                       .coord_lo = lo,
                       .coord_hi = hi,
                       .coord_period = period,
                       .time_limit = family->time_limit};
}

static Status unknown(Error *err, const char *what, const char *name, const char *const *names,
                      int count)
{
    const char *nearest = nearest_name(name, names, count);
    if (nearest)
        return error_set(err, STATUS_USAGE, "unknown %s '%s'; did you mean '%s'?", what, name,
                         nearest);
    return error_set(err, STATUS_USAGE, "unknown %s '%s'; `suite list %ss` names them", what,
                     name, what);
}

Status family_find(const TaskFamily **out, const char *name, Error *err)
{
    const char *names[FAMILIES];
    for (int i = 0; i < FAMILIES; i++) {
        names[i] = families[i]->name;
        if (strcmp(names[i], name) != 0) continue;
        *out = families[i];
        return STATUS_OK;
    }
    return unknown(err, "task", name, names, FAMILIES);
}

Status method_find(const Method **out, const char *name, Error *err)
{
    const char *names[METHODS];
    for (int i = 0; i < METHODS; i++) {
        names[i] = methods[i]->name;
        if (strcmp(names[i], name) != 0) continue;
        *out = methods[i];
        return STATUS_OK;
    }
    return unknown(err, "method", name, names, METHODS);
}

static Status check_family(const TaskFamily *f, Error *err)
{
    bool has_hooks =
        f->reset && f->control && f->observe && f->features && f->coordinates && f->reward;
    bool has_words = f->summary && f->source && f->mjcf && f->actions && f->feature_terms;
    bool has_sizes = f->obs_dim > 0 && f->feature_dim > 0 && f->action_count > 1 &&
                     f->coord_count > 0 && f->frame_skip > 0 && f->time_limit > 0 &&
                     f->param_count <= PARAM_MAX && f->reward_lo <= f->reward_hi;
    if (!has_hooks || !has_words || !has_sizes)
        return error_set(err, STATUS_RANGE, "family '%s' lacks a hook, a size or a word",
                         f->name);
    for (int i = 0; i < f->param_count; i++)
        if (f->param[i].base < f->param[i].lo || f->param[i].base > f->param[i].hi)
            return error_set(err, STATUS_RANGE, "base of '%s.%s' is out of its range", f->name,
                             f->param[i].name);
    return param_check(f->setting, f->setting_count, err);
}

static Status check_method(const Method *m, Error *err)
{
    if ((m->rehearse == NULL) != (m->rehearse_gradient == NULL) || m->version < 1 ||
        (m->build && !(m->needs & METHOD_NEEDS_SOURCES)) ||
        (m->needs & METHOD_TAKES_ALL && !(m->needs & METHOD_TAKES_ONE)) ||
        (m->build == NULL) != (m->gathering == NULL) || ((m->guide || m->blend) && !m->acts) ||
        (m->tag_shape == NULL) != (m->tag == NULL) || (m->build == NULL) != (m->check == NULL))
        return error_set(err, STATUS_RANGE,
                         "method '%s' lacks a version or has hooks that do not fit together",
                         m->name);
    return param_check(m->param, m->param_count, err);
}

Status registry_check(Error *err)
{
    Status status = STATUS_OK;
    for (int i = 0; status == STATUS_OK && i < FAMILIES; i++) {
        status = check_family(families[i], err);
        for (int j = 0; status == STATUS_OK && j < i; j++)
            if (strcmp(families[i]->name, families[j]->name) == 0)
                status = error_set(err, STATUS_RANGE, "two families '%s'", families[i]->name);
    }
    for (int i = 0; status == STATUS_OK && i < METHODS; i++) {
        status = check_method(methods[i], err);
        for (int j = 0; status == STATUS_OK && j < i; j++)
            if (strcmp(methods[i]->name, methods[j]->name) == 0)
                status = error_set(err, STATUS_RANGE, "two methods '%s'", methods[i]->name);
    }
    return status;
}
