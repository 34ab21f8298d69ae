// Any bytes as an experiment: experiment_read() takes them or refuses them in a sentence with
// file and line, and what it took has names and settings only that are known here.
#include <string.h>
#include <unistd.h>

#include "suite/core/check.h"
#include "suite/run/experiment.h"
#include "suite/run/registry.h"
#include "suite/run/words.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/sealed.h"

static void check_names(const ExperimentRow *row)
{
    char word[WORD_LENGTH];
    const TaskFamily *family;
    const Method *method;
    CHECK(*row->tasks && *row->methods);
    for (const char *list = row->tasks; word_next(&list, word);)
        CHECK(strcmp(word, "all") == 0 || family_find(&family, word, NULL) == STATUS_OK);
    for (const char *list = row->methods; word_next(&list, word);)
        CHECK(method_find(&method, word, NULL) == STATUS_OK);
}

static void check_settings(const ExperimentRow *row)
{
    Settings probe;
    const Method *method;
    CHECK(method_find(&method, "dqinit", NULL) == STATUS_OK);
    CHECK(settings_init(&probe, family_at(0), method, NULL) == STATUS_OK);
    for (int i = 0; i < row->set_count; i++)
        CHECK(settings_set(&probe, row->set[i].key, row->set[i].value, NULL) == STATUS_OK);
    settings_release(&probe);
}

static void check_row(const ExperimentRow *row)
{
    Seeds seeds;
    check_names(row);
    check_settings(row);
    CHECK(row->line > 0 && row->members);
    CHECK(label_check(row->label, "", NULL) == STATUS_OK);
    CHECK(seeds_parse(&seeds, row->seeds, "", NULL) == STATUS_OK && seeds.count > 0);
    seeds_release(&seeds);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[SEALED_PATH];
    int file = plain_file(data, size, path);
    Experiment experiment;
    Error err = {0};
    Status status = experiment_read(&experiment, path, &err);
    CHECK((status == STATUS_OK) == (err.message[0] == '\0'));
    CHECK(status == STATUS_OK || status == STATUS_PARSE);
    if (status == STATUS_PARSE) CHECK(strncmp(err.message, path, strlen(path)) == 0);
    if (status == STATUS_OK) {
        CHECK(experiment.name && experiment.count > 0);
        for (int i = 0; i < experiment.count; i++)
            check_row(&experiment.row[i]);
    }
    experiment_release(&experiment);
    (void)close(file);
    return 0;
}
