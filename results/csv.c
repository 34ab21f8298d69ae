#include "results/csv.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "suite/core/mem.h"

enum { CSV_LIMIT = 16 << 20 }; // bytes of a file that is read

// begin to read the text that is there
static Status begin(Csv *csv, size_t size, Error *err)
{
    csv->rest = csv->text;
    csv->line = 1;
    csv->err = err;
    if (!memchr(csv->text, '\0', size)) return STATUS_OK;
    return error_set(err, STATUS_PARSE, "%s:1: not a text file", csv->name);
}

Status csv_open(Csv *csv, const char *text, size_t size, const char *name, Error *err)
{
    *csv = (Csv){.text = mem_array(size + 1, 1)};
    if (!csv->text) return error_nomem(err);
    (void)snprintf(csv->name, sizeof csv->name, "%s", name);
    memcpy(csv->text, text, size);
    return begin(csv, size, err);
}

Status csv_read(Csv *csv, const char *folder, const char *file, Error *err)
{
    size_t size = 0;
    *csv = (Csv){0};
    Status status = path_format(csv->name, err, "%s/%s", folder, file);
    if (status == STATUS_OK) status = file_read(&csv->text, &size, csv->name, CSV_LIMIT, err);
    return status == STATUS_OK ? begin(csv, size, err) : status;
}

void csv_close(Csv *csv)
{
    mem_free(csv->text);
    *csv = (Csv){0};
}

Status csv_header(Csv *csv, const char *header, const char *file)
{
    const char *line = csv_cut(&csv->rest, '\n');
    csv->line = 1;
    if (line && strcmp(line, header) == 0) return STATUS_OK;
    return error_set(csv->err, STATUS_PARSE, "%s:1: not the header of %s: '%.80s'", csv->name,
                     file, line ? line : csv->rest);
}

Status csv_next(Csv *csv, char **line)
{
    *line = NULL;
    if (!*csv->rest) return STATUS_OK;
    csv->line++;
    *line = csv_cut(&csv->rest, '\n');
    return *line ? STATUS_OK : csv_refuse(csv, "the file ends within a line:", csv->rest);
}

char *csv_cut(char **text, char end)
{
    char *start = *text, *found = strchr(start, end);
    if (!found) return NULL;
    *found = '\0';
    *text = found + 1;
    return start;
}

Status csv_refuse(const Csv *csv, const char *what, const char *found)
{
    return error_set(csv->err, STATUS_PARSE, "%s:%d: %s '%.80s'", csv->name, csv->line, what,
                     found);
}

Status csv_whole(const Csv *csv, const char *what, const char *text, int64_t lo, int64_t hi,
                 int64_t *out)
{
    return parse_int(text, lo, hi, out) ? STATUS_OK : csv_refuse(csv, what, text);
}

Status csv_real(const Csv *csv, const char *what, const char *text, double *out)
{
    return parse_double(text, out) ? STATUS_OK : csv_refuse(csv, what, text);
}

void csv_number(Text *text, double value)
{
    text_printf(text, ",");
    if (isfinite(value)) text_double(text, value);
}

Status csv_write(const Text *text, const char *folder, const char *file, Error *err)
{
    char path[PATH_LENGTH];
    Status status = path_format(path, err, "%s/%s", folder, file);
    if (status == STATUS_OK) status = text_status(text, err);
    return status == STATUS_OK ? file_write(path, text->data, text->length, err) : status;
}
