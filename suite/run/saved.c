#include "suite/run/saved.h"

#include <string.h>

#include "suite/core/file.h"
#include "suite/run/member_record.h"
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

static Status read_finished(RunRecord *record, const char *folder, Error *err)
{
    char path[PATH_LENGTH];
    Status status = path_format(path, err, "%s/run.json", folder);
    if (status == STATUS_OK && !file_exists(path))
        status =
            error_set(err, STATUS_MISSING, "'%s' is no run folder: it has no run.json", folder);
    if (status == STATUS_OK) status = record_read(record, folder, err);
    if (status == STATUS_OK && record->status != RUN_DONE)
        status = error_set(err, STATUS_MISSING, "the run in '%s' is not finished: it is %s",
                           folder, run_status_name(record->status));
    return status;
}

static Status read_family(SavedRun *run, const char *models, const FamilyFiles *files,
                          Error *err)
{
    const TaskFamily *family;
    Status status = family_find(&family, run->record.family, err);
    if (status == STATUS_OK && files) status = family_files_fit(files, family, err);
    if (status == STATUS_OK) status = plan_read_members(&run->members, family, models, err);
    return status == STATUS_OK ? family_files_add(files, &run->members, err) : status;
}

// the policy's returns in other physics than it was trained in would be taken for its own
static Status find_member(SavedRun *run, const char *folder, Error *err)
{
    Text text = TEXT_INIT;
    Status status = STATUS_OK;
    const TaskFamily *family = run->members.family;
    run->member = members_find(&run->members, run->record.member);
    if (!run->member) {
        run->member = &run->recorded;
        return member_record_get(&run->recorded, &run->record, family, folder, err);
    }
    if (member_record_differs(&run->record, family, run->member, &text))
        status = error_set(err, STATUS_MISMATCH,
                           "'%s' was trained on another member '%s' than the one here (%s)",
                           folder, run->record.member, text.data);
    text_release(&text);
    return status;
}

Status saved_run_read(SavedRun *run, const char *folder, const char *models,
                      const FamilyFiles *files, Error *err)
{
    *run = (SavedRun){0};
    Status status = read_finished(&run->record, folder, err);
    if (status == STATUS_OK) status = read_family(run, models, files, err);
    if (status == STATUS_OK) status = find_member(run, folder, err);
    if (status == STATUS_OK) status = restore_settings(run, run->members.family, err);
    if (status == STATUS_OK)
        status = policy_read(&run->policy, folder, run->members.family, err);
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
