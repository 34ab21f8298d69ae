#include "results/csv.h"

#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "suite/core/mem.h"

static char folder[] = "/tmp/suite-csv-XXXXXX";
static Csv csv;
static Error err;

static void setup(void)
{
    cr_assert(ne(ptr, mkdtemp(folder), NULL));
}

static void teardown(void)
{
    csv_close(&csv);
    cr_assert(eq(int, folder_remove(folder, &err), STATUS_OK));
}

TestSuite(csv, .init = setup, .fini = teardown);

static void begin(const char *text)
{
    csv_close(&csv);
    cr_assert(eq(int, csv_open(&csv, text, strlen(text), "some.csv", &err), STATUS_OK));
}

Test(csv, is_cut_into_lines_and_fields)
{
    char *line;
    begin("a,b\n1,,x\n\n");
    cr_assert(eq(int, csv_header(&csv, "a,b", "some.csv"), STATUS_OK));
    cr_assert(eq(int, csv_next(&csv, &line), STATUS_OK));
    cr_assert(eq(str, csv_cut(&line, ','), "1"));
    cr_assert(eq(str, csv_cut(&line, ','), ""));
    cr_assert(eq(ptr, csv_cut(&line, ','), NULL));
    cr_assert(eq(str, line, "x"));
    cr_assert(eq(int, csv_next(&csv, &line), STATUS_OK));
    cr_assert(eq(str, line, ""));
    cr_assert(eq(int, csv_next(&csv, &line), STATUS_OK));
    cr_assert(eq(ptr, line, NULL));
}

Test(csv, refuses_by_file_and_line)
{
    char *line = "poison";
    int64_t whole = 7;
    double real = 7.0;
    begin("a,b\n1\n2");
    cr_assert(eq(int, csv_header(&csv, "a,c", "any.csv"), STATUS_PARSE));
    cr_assert(eq(str, err.message, "some.csv:1: not the header of any.csv: 'a,b'"));
    cr_assert(eq(int, csv_next(&csv, &line), STATUS_OK));
    cr_assert(eq(int, csv_whole(&csv, "not in 2 to 3:", line, 2, 3, &whole), STATUS_PARSE));
    cr_assert(eq(str, err.message, "some.csv:2: not in 2 to 3: '1'"));
    cr_assert(eq(int, csv_real(&csv, "not a number:", "nan", &real), STATUS_PARSE));
    cr_assert(eq(str, err.message, "some.csv:2: not a number: 'nan'"));
    cr_assert(eq(int, csv_next(&csv, &line), STATUS_PARSE));
    cr_assert(eq(str, err.message, "some.csv:3: the file ends within a line: '2'"));
    cr_assert(eq(ptr, line, NULL));
}

Test(csv, holds_text_alone)
{
    cr_assert(eq(int, csv_open(&csv, "a\0b\n", 4, "some.csv", &err), STATUS_PARSE));
    cr_assert(eq(str, err.message, "some.csv:1: not a text file"));
}

Test(csv, comes_back_from_its_folder)
{
    char *line;
    Text text = TEXT_INIT;
    text_printf(&text, "a\n1\n");
    cr_assert(eq(int, csv_read(&csv, folder, "x.csv", &err), STATUS_MISSING));
    csv_close(&csv);
    cr_assert(eq(int, csv_write(&text, folder, "x.csv", &err), STATUS_OK), "%s", err.message);
    text_release(&text);
    cr_assert(eq(int, csv_read(&csv, folder, "x.csv", &err), STATUS_OK), "%s", err.message);
    cr_assert(eq(int, csv_header(&csv, "a", "x.csv"), STATUS_OK));
    cr_assert(eq(int, csv_next(&csv, &line), STATUS_OK));
    cr_assert(eq(str, line, "1"));
    cr_assert(eq(int, csv_refuse(&csv, "poor:", line), STATUS_PARSE));
    cr_assert(ne(ptr, strstr(err.message, "/x.csv:2: poor: '1'"), NULL), "%s", err.message);
}
