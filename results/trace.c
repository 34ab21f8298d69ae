#include "results/trace.h"

#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "results/csv.h"
#include "suite/core/check.h"
#include "suite/core/mem.h"

static const char file[] = "trace.csv", header[] = "step,name,value";

// -- in memory

Status trace_init(Trace *trace, int capacity, Error *err)
{
    CHECK(capacity >= 0);
    *trace =
        (Trace){.row = mem_array((size_t)capacity, sizeof *trace->row), .capacity = capacity};
    return trace->row ? STATUS_OK : error_nomem(err);
}

void trace_release(Trace *trace)
{
    mem_free(trace->row);
    *trace = (Trace){0};
}

static bool is_name(const char *text)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                  "0123456789_.-";
    size_t length = strlen(text);
    return length > 0 && length < TRACE_NAME && strspn(text, letters) == length;
}

static int64_t last_step(const Trace *trace)
{
    return trace->count ? trace->row[trace->count - 1].step : 0;
}

// numbers told at a step so far; @p told: is one of them that of @p name?
static int count_told(const Trace *trace, int64_t step, const char *name, bool *told)
{
    int count = 0;
    *told = false;
    for (int i = trace->count - 1; i >= 0 && trace->row[i].step == step; i--, count++)
        *told = *told || strcmp(trace->row[i].name, name) == 0;
    return count;
}

static void append(Trace *trace, int64_t step, const char *name, double value)
{
    TraceRow *row = &trace->row[trace->count++];
    *row = (TraceRow){.step = step, .value = value};
    (void)snprintf(row->name, sizeof row->name, "%s", name);
}

void trace_add(Trace *trace, int64_t step, const char *name, double value)
{
    bool told = false;
    CHECK(trace->count < trace->capacity);
    CHECK(step >= last_step(trace) && is_name(name));
    int count = count_told(trace, step, name, &told);
    CHECK(count < TRACE_NUMBERS && !told);
    append(trace, step, name, value);
}

// -- the file

Status trace_write(const Trace *trace, const char *folder, Error *err)
{
    Text text = TEXT_INIT;
    Status status = STATUS_OK;
    text_printf(&text, "%s\n", header);
    for (int i = 0; status == STATUS_OK && i < trace->count; i++) {
        const TraceRow *row = &trace->row[i];
        if (!isfinite(row->value))
            status = error_set(err, STATUS_RANGE, "'%s' at step %" PRId64 " is not finite",
                               row->name, row->step);
        text_printf(&text, "%" PRId64 ",%s,", row->step, row->name);
        text_double(&text, row->value);
        text_printf(&text, "\n");
    }
    if (status == STATUS_OK) status = csv_write(&text, folder, file, err);
    text_release(&text);
    return status;
}

static Status parse_row(const Csv *csv, char *line, Trace *trace)
{
    const char *step_text = csv_cut(&line, ','), *name = csv_cut(&line, ',');
    if (!step_text || !name)
        return csv_refuse(csv, "a row has three fields; the last one here is", line);

    int64_t step = 0;
    double value = 0.0;
    bool told = false;
    Status status = csv_whole(csv, "not a step from the one before on:", step_text,
                              last_step(trace), INT64_MAX - 1, &step);
    if (status == STATUS_OK && !is_name(name)) status = csv_refuse(csv, "not a name:", name);
    if (status == STATUS_OK && count_told(trace, step, name, &told) == TRACE_NUMBERS)
        status = csv_refuse(csv, "one number too many at step", step_text);
    if (status == STATUS_OK && told) status = csv_refuse(csv, "told twice:", name);
    if (status == STATUS_OK) status = csv_real(csv, "not a number:", line, &value);
    if (status == STATUS_OK) append(trace, step, name, value);
    return status;
}

// the rows, which is what memory the trace needs
static Status measure(const Csv *csv, int *rows)
{
    *rows = -1; // the header is a line too
    for (const char *p = csv->rest; *p; p++)
        *rows += *p == '\n';
    if (*rows <= TRACE_ROWS) return STATUS_OK;
    return error_set(csv->err, STATUS_PARSE, "%s:%d: more than %d rows", csv->name,
                     TRACE_ROWS + 2, TRACE_ROWS);
}

static Status parse_trace(Trace *out, Csv *csv)
{
    int rows;
    char *line = NULL;
    Status status = measure(csv, &rows);
    if (status == STATUS_OK) status = csv_header(csv, header, file);
    if (status == STATUS_OK) status = trace_init(out, rows, csv->err);
    if (status == STATUS_OK) status = csv_next(csv, &line);
    while (status == STATUS_OK && line) {
        status = parse_row(csv, line, out);
        if (status == STATUS_OK) status = csv_next(csv, &line);
    }
    return status;
}

Status trace_parse(Trace *out, const char *text, size_t size, const char *name, Error *err)
{
    Csv csv;
    *out = (Trace){0};
    Status status = csv_open(&csv, text, size, name, err);
    if (status == STATUS_OK) status = parse_trace(out, &csv);
    csv_close(&csv);
    return status;
}

Status trace_read(Trace *out, const char *folder, Error *err)
{
    Csv csv;
    *out = (Trace){0};
    Status status = csv_read(&csv, folder, file, err);
    if (status == STATUS_OK) status = parse_trace(out, &csv);
    csv_close(&csv);
    return status;
}
