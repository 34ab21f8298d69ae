#include "suite/run/saved.h"

#include <string.h>

#include "suite/core/file.h"
#include "suite/run/plan.h"
#include "suite/run/registry.h"

static Status restore_settings(SavedRun *run, const TaskFamily *family, Error *err)
{
    const RunRecord *record = &run->record;
    bool is_source = strcmp(record->method, "source") == 0;
    const Method *method;
    Status status = method_find(&method, is_source ? "scratch" : record->method, err);
    if (status == STATUS_OK) status = settings_init(&run->settings, family, method, err);
    for (int i = 0; status == STATUS_OK && i < record->setting_count; i++)
        status =
            settings_set(&run->settings, record->setting[i].key, record->setting[i].value, err);
    return status;
}

Status saved_run_read(SavedRun *run, const char *folder, const char *models, Error *err)
{
    char path[PATH_LENGTH];
    const TaskFamily *family;
    *run = (SavedRun){0};
    Status status = path_format(path, err, "%s/run.json", folder);
    if (status == STATUS_OK && !file_exists(path))
        status =
            error_set(err, STATUS_MISSING, "'%s' is no run folder: it has no run.json", folder);
    if (status == STATUS_OK) status = record_read(&run->record, folder, err);
    if (status == STATUS_OK && run->record.status != RUN_DONE)
        status = error_set(err, STATUS_MISSING, "the run in '%s' is not finished: it is %s",
                           folder, run_status_name(run->record.status));
    if (status == STATUS_OK) status = family_find(&family, run->record.family, err);
    if (status == STATUS_OK) status = plan_read_members(&run->members, family, models, err);
    if (status == STATUS_OK) {
        run->member = members_find(&run->members, run->record.member);
        if (!run->member)
            status = error_set(err, STATUS_MISSING, "family '%s' has no member '%s' any more",
                               family->name, run->record.member);
    }
    if (status == STATUS_OK) status = restore_settings(run, family, err);
    if (status == STATUS_OK) status = policy_read(&run->policy, folder, family, err);
    return status;
}

void saved_run_release(SavedRun *run)
{
    record_release(&run->record);
    members_release(&run->members);
    settings_release(&run->settings);
    policy_release(&run->policy);
    *run = (SavedRun){0};
}
