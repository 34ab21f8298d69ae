#include "suite/run/identity.h"

#include <stdio.h>

#include "suite/run/member_record.h"

typedef struct SettingSink {
    RunRecord *record;
    Status status;
    Error *err;
} SettingSink;

static void record_setting(void *context, const ParamRow *row, const void *values)
{
    SettingSink *sink = context;
    Text text = TEXT_INIT;
    param_print(row, values, &text);
    if (sink->status == STATUS_OK) sink->status = text_status(&text, sink->err);
    if (sink->status == STATUS_OK)
        sink->status = record_add_setting(sink->record, row->name, text.data, sink->err);
    text_release(&text);
}

Status run_identify(RunRecord *record, const Run *run, Error *err)
{
    *record = (RunRecord){.seed = run->seed, .task_version = run->members->family->version};
    (void)snprintf(record->family, RECORD_NAME, "%s", run->members->family->name);
    (void)snprintf(record->method, RECORD_NAME, "%s",
                   run->is_source ? "source" : run->method->name);
    (void)snprintf(record->label, RECORD_NAME, "%s", run->label);
    (void)snprintf(record->settings_hash, RECORD_NAME, "%s", run->settings_hash);

    Status status = member_record_put(record, run->members->family, run->member, err);
    SettingSink sink = {record, status, err};
    settings_each(&run->settings, record_setting, &sink);
    return sink.status;
}
