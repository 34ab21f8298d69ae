#include "suite/cli/health.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "results/record.h"
#include "suite/core/log.h"
#include "suite/core/mem.h"

enum { MOST_WARNINGS = 32 };

typedef struct Health {
    const Plan *plan;
    RunRecord *record; // (plan->count) of finished target runs; zero elsewhere
    char (*said)[RECORD_TEXT];
    int said_count;
} Health;

// methods without a file of knowledge have numbers too, but none of its health
static bool is_shown(const Health *h, int i)
{
    return h->record[i].knowledge_hash[0] && h->record[i].diagnostic_count > 0;
}

static bool same_column(const Run *a, const Run *b)
{
    return a->members == b->members && a->method == b->method &&
           strcmp(a->label, b->label) == 0;
}

static bool same_place(const Run *a, const Run *b)
{
    return a->member == b->member && same_column(a, b);
}

static const char *source_part(const RecordNumber *number)
{
    const char *dot = strchr(number->name, '.');
    return dot ? dot + 1 : NULL;
}

static bool is_for(const RecordNumber *number, const char *source)
{
    const char *of = source_part(number);
    return of && strcmp(of, source) == 0;
}

typedef bool Alike(const Run *a, const Run *b);

// NaN where none of the runs has the number
static double mean_over(const Health *h, int first, Alike *alike, const char *name)
{
    double sum = 0.0;
    int count = 0;
    for (int i = first; i < h->plan->count; i++) {
        if (!is_shown(h, i) || !alike(&h->plan->run[i], &h->plan->run[first])) continue;
        for (int j = 0; j < h->record[i].diagnostic_count; j++)
            if (strcmp(h->record[i].diagnostic[j].name, name) == 0) {
                sum += h->record[i].diagnostic[j].value;
                count++;
            }
    }
    return count ? sum / count : (double)NAN;
}

static void print_mean(double mean)
{
    if (isnan(mean))
        (void)printf(" n/a |");
    else
        (void)printf(" %.4g |", mean);
}

static void print_source(const Health *h, int first, const char *heading, const char *source)
{
    char name[2 * RECORD_NAME];
    (void)snprintf(name, sizeof name, "%.*s.%s", (int)strcspn(heading, "."), heading, source);
    print_mean(mean_over(h, first, same_column, name));
}

// one line per source, one column per number that is told of sources: of knowledge, which all
// runs share, and of each run, such as the weight that it gave the source
static void print_sources(const Health *h, int run)
{
    const RunRecord *record = &h->record[run];
    const RecordNumber *first = NULL;
    for (int i = 0; i < record->diagnostic_count && !first; i++)
        if (source_part(&record->diagnostic[i])) first = &record->diagnostic[i];
    if (!first) return;

    (void)printf("\n| source (mean over runs) |");
    for (int i = 0; i < record->diagnostic_count; i++) {
        const RecordNumber *n = &record->diagnostic[i];
        if (is_for(n, source_part(first)))
            (void)printf(" %.*s |", (int)strcspn(n->name, "."), n->name);
    }
    (void)printf("\n|---|");
    for (int i = 0; i < record->diagnostic_count; i++)
        if (is_for(&record->diagnostic[i], source_part(first))) (void)printf("---|");
    (void)printf("\n");

    for (int s = 0; s < record->source_count; s++) {
        (void)printf("| %s |", record->source[s].member);
        for (int i = 0; i < record->diagnostic_count; i++)
            if (is_for(&record->diagnostic[i], source_part(first)))
                print_source(h, run, record->diagnostic[i].name, record->source[s].member);
        (void)printf("\n");
    }
}

static bool is_first_of_member(const Health *h, int i)
{
    for (int j = 0; j < i; j++)
        if (is_shown(h, j) && same_place(&h->plan->run[j], &h->plan->run[i])) return false;
    return true;
}

static bool is_first_of_column(const Health *h, int i)
{
    for (int j = 0; j < i; j++)
        if (is_shown(h, j) && same_column(&h->plan->run[j], &h->plan->run[i])) return false;
    return true;
}

// one line per member, one column per number that is told of the run itself
static void print_members(const Health *h, int first)
{
    const RunRecord *record = &h->record[first];
    (void)printf("\n| member (mean over seeds) |");
    for (int i = 0; i < record->diagnostic_count; i++)
        if (!source_part(&record->diagnostic[i]))
            (void)printf(" %s |", record->diagnostic[i].name);
    (void)printf("\n|---|");
    for (int i = 0; i < record->diagnostic_count; i++)
        if (!source_part(&record->diagnostic[i])) (void)printf("---|");
    (void)printf("\n");

    for (int r = first; r < h->plan->count; r++) {
        if (!is_shown(h, r) || !same_column(&h->plan->run[r], &h->plan->run[first]) ||
            !is_first_of_member(h, r))
            continue;
        (void)printf("| %s |", h->plan->run[r].member->name);
        for (int i = 0; i < record->diagnostic_count; i++)
            if (!source_part(&record->diagnostic[i]))
                print_mean(mean_over(h, r, same_place, record->diagnostic[i].name));
        (void)printf("\n");
    }
}

// the same sentence in the records of fifty seeds is one warning
static void say_once(Health *h, const char *sentence)
{
    for (int i = 0; i < h->said_count; i++)
        if (strcmp(h->said[i], sentence) == 0) return;
    if (h->said_count == MOST_WARNINGS) return;
    (void)snprintf(h->said[h->said_count++], RECORD_TEXT, "%s", sentence);
    log_warning("%s", sentence);
}

static void read_records(Health *h)
{
    for (int i = h->plan->source_count; i < h->plan->count; i++) {
        const Run *run = &h->plan->run[i];
        // a record that cannot be read was named when the table was made
        if (run->is_done && record_read(&h->record[i], run->folder, NULL) != STATUS_OK) {
            record_release(&h->record[i]);
            continue;
        }
        for (int w = 0; w < h->record[i].warning_count; w++)
            say_once(h, h->record[i].warning[w]);
    }
}

Status health_print(const Plan *plan, Error *err)
{
    Health h = {.plan = plan,
                .record = mem_array((size_t)plan->count, sizeof(RunRecord)),
                .said = mem_array(MOST_WARNINGS, RECORD_TEXT)};
    Status status = h.record && h.said ? STATUS_OK : error_nomem(err);
    if (status == STATUS_OK) read_records(&h);

    for (int i = plan->source_count; status == STATUS_OK && i < plan->count; i++) {
        if (!is_shown(&h, i) || !is_first_of_column(&h, i)) continue;
        char column[2 * LABEL_LENGTH];
        run_column(&plan->run[i], column);
        (void)printf("\n%s %s: the health of its knowledge (%lld bytes)\n",
                     plan->run[i].members->family->name, column,
                     (long long)h.record[i].knowledge_bytes);
        print_sources(&h, i);
        print_members(&h, i);
    }
    for (int i = 0; h.record && i < plan->count; i++)
        record_release(&h.record[i]);
    mem_free(h.record);
    mem_free(h.said);
    return status;
}
