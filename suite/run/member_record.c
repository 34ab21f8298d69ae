#include "suite/run/member_record.h"

#include <stdio.h>
#include <string.h>

Status member_record_put(RunRecord *record, const TaskFamily *family, const Member *member,
                         Error *err)
{
    Status status = STATUS_OK;
    (void)snprintf(record->member, RECORD_NAME, "%s", member->name);
    (void)snprintf(record->role, RECORD_NAME, "%s", role_name(member->role));
    for (int p = 0; status == STATUS_OK && p < family->param_count; p++)
        status = record_add_param(record, family->param[p].name, member->param[p], err);
    return status;
}

// what a record says of a parameter, or NULL
static const double *find_param(const RunRecord *record, const char *name)
{
    for (int i = 0; i < record->param_count; i++)
        if (strcmp(record->param[i].name, name) == 0) return &record->param[i].value;
    return NULL;
}

static Status get_param(double *out, const RunRecord *record, const TaskParam *param,
                        const char *folder, Error *err)
{
    char text[32];
    const double *value = find_param(record, param->name);
    if (!value)
        return error_set(err, STATUS_MISMATCH,
                         "'%s/run.json' does not have parameter '%s' of member '%s'", folder,
                         param->name, record->member);
    *out = *value;
    if (*value >= param->lo && *value <= param->hi) return STATUS_OK;
    double_format(*value, text);
    return error_set(err, STATUS_MISMATCH,
                     "'%s/run.json' has %s=%s, which is out of its range here", folder,
                     param->name, text);
}

Status member_record_get(Member *out, const RunRecord *record, const TaskFamily *family,
                         const char *folder, Error *err)
{
    *out = (Member){0};
    if (strlen(record->member) >= MEMBER_NAME)
        return error_set(err, STATUS_MISMATCH, "'%s/run.json' has too long a member's name",
                         folder);
    memcpy(out->name, record->member, strlen(record->member) + 1);
    while (strcmp(role_name(out->role), record->role) != 0) // a record has no other roles
        out->role++;
    Status status = STATUS_OK;
    for (int p = 0; status == STATUS_OK && p < family->param_count; p++)
        status = get_param(&out->param[p], record, &family->param[p], folder, err);
    if (status == STATUS_OK && record->param_count > family->param_count)
        status = error_set(err, STATUS_MISMATCH,
                           "'%s/run.json' has parameters that family '%s' has not", folder,
                           family->name);
    return status;
}

bool member_record_differs(const RunRecord *record, const TaskFamily *family,
                           const Member *member, Text *text)
{
    for (int p = 0; p < family->param_count; p++) {
        const char *name = family->param[p].name;
        const double *there = find_param(record, name);
        if (!there || *there == member->param[p]) continue;
        text_printf(text, "%s=", name);
        text_double(text, *there);
        text_printf(text, " there, %s=", name);
        text_double(text, member->param[p]);
        text_printf(text, " now");
        return true;
    }
    return false;
}
