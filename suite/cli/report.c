#include "suite/cli/report.h"

#include <stdio.h>
#include <string.h>

#include "results/claim.h"
#include "results/compare.h"
#include "results/overview.h"
#include "results/table.h"
#include "suite/core/file.h"
#include "suite/core/log.h"
#include "suite/core/mem.h"
#include "suite/run/program.h"
#include "suite/run/references.h"
#include "suite/run/registry.h"

static bool has_metric(const ReportSpec *spec, int metric)
{
    for (int i = 0; i < spec->metric_count; i++)
        if (spec->metric[i] == metric) return true;
    return false;
}

// each once, however often it is named: all tests of a claim are adjusted for how many they are
Status report_metrics(ReportSpec *spec, const char *list, Error *err)
{
    spec->metric_count = 0;
    while (list) {
        char name[64];
        int found[METRIC_MAX], count;
        size_t length = strcspn(list, ",");
        (void)snprintf(name, sizeof name, "%.*s", (int)length, list);
        list = list[length] ? list + length + 1 : NULL;
        Status status = metric_select(found, &count, name, err);
        if (status != STATUS_OK) return status;
        for (int i = 0; i < count; i++)
            if (!has_metric(spec, found[i])) spec->metric[spec->metric_count++] = found[i];
    }
    return STATUS_OK;
}

// has it metrics that there are of normalised returns only?
static bool needs_references(const ReportSpec *spec)
{
    for (int i = 0; i < spec->metric_count; i++)
        if (metric_table[spec->metric[i]].unit == METRIC_NORMALISED) return true;
    return false;
}

Status report_folders(ReportSpec *spec, const TextList *folders, Error *err)
{
    static const char runs[] = "runs";
    spec->folder = folders->text;
    spec->folder_count = folders->count;
    if (folders->count) return STATUS_OK;
    spec->by_default = runs;
    spec->folder = &spec->by_default;
    spec->folder_count = 1;
    if (file_exists(runs)) return STATUS_OK;
    if (program_published(spec->published, NULL) != STATUS_OK)
        return error_set(err, STATUS_MISSING,
                         "there is no folder 'runs' here, and no published results in '%s'; "
                         "name the folder of results",
                         program_results());
    spec->by_default = spec->published;
    log_note("no folder 'runs' here: these are the published results, '%s'", spec->published);
    return STATUS_OK;
}

// of all columns those that there is room for
static void leave_variants(Collection *collection, const ReportSpec *spec)
{
    if (spec->columns || !spec->most_columns) return;
    int columns = collect_columns(collection);
    if (columns <= spec->most_columns || !collect_methods(collection)) return;
    log_note("%d columns cannot be told apart: these are the methods as they are; --method "
             "names others, at most %d",
             columns, spec->most_columns);
}

Status report_collect(Collection *collection, const ReportSpec *spec, Error *err)
{
    Status status = STATUS_OK;
    for (int i = 0; status == STATUS_OK && i < spec->folder_count; i++)
        status = collect_folder(collection, spec->folder[i], err);
    for (int i = 0; spec->plan && status == STATUS_OK && i < spec->plan->count; i++)
        if (!spec->plan->run[i].is_source && spec->plan->run[i].is_done)
            status = collect_run(collection, spec->plan->run[i].folder, err);
    if (status == STATUS_OK && spec->columns)
        status = collect_only(collection, spec->columns, err);
    if (status == STATUS_OK) leave_variants(collection, spec);
    if (status == STATUS_OK) status = collect_finish(collection, spec->allow_mixed, err);
    return status;
}

Status report_require(const Collection *collection, const ReportSpec *spec, Error *err)
{
    if (collection->done.count) return STATUS_OK;
    return error_set(err, STATUS_MISSING, "there is no finished run to show%s%s%s",
                     spec->folder_count ? " in '" : "",
                     spec->folder_count ? spec->folder[0] : "", spec->folder_count ? "'" : "");
}

// runs are sorted by family
Status report_references(ReferenceList **list, int *count, const Collection *collection,
                         const char *models, Error *err)
{
    *count = 0;
    *list = mem_array((size_t)collection->done.count, sizeof **list);
    Status status = *list ? STATUS_OK : error_nomem(err);
    for (int i = 0; status == STATUS_OK && i < collection->done.count; i++) {
        const TaskFamily *family;
        const char *name = collection->done.run[i].family;
        if (i && strcmp(name, collection->done.run[i - 1].family) == 0) continue;
        // a family that this program does not have has no references here
        if (family_find(&family, name, NULL) != STATUS_OK) continue;
        status = references_read(&(*list)[(*count)++], models, family, err);
    }
    return status;
}

void report_references_free(ReferenceList *list, int count)
{
    for (int i = 0; i < count; i++)
        reference_release(&list[i]);
    mem_free(list);
}

Status report_normalise(Collection *collection, const ReportSpec *spec, Error *err)
{
    int count;
    ReferenceList *list;
    Status status = report_references(&list, &count, collection, spec->models, err);
    if (status == STATUS_OK)
        status = spec->normalised ? reference_normalise(collection, list, count, err)
                                  : reference_measure(collection, list, count, err);
    report_references_free(list, count);
    return status;
}

void report_warn(const Collection *collection)
{
    for (int i = 0; i < collection->warning_count; i++)
        log_warning("%s", collection->warning[i]);
    for (int i = 0; i < collection->other.count; i++) {
        char path[RUN_PATH];
        collect_run_path(&collection->other.run[i], path);
        log_warning("%s is %s and not shown", path,
                    run_status_name(collection->other.run[i].status));
    }
}

// what the reader of a CSV must hear too
static Status write_claim(const Comparison *comparison, const ReportSpec *spec, Text *text,
                          Error *err)
{
    ClaimOptions options = {.method = spec->method,
                            .rivals = spec->rivals,
                            .policy = spec->policy,
                            .metric = spec->metric,
                            .metric_count = spec->metric_count};
    Claim claim;
    Status status = claim_init(&claim, comparison, &options, err);
    for (int i = 0; status == STATUS_OK && i < claim.warning_count; i++)
        log_warning("%s", claim.warning[i]);
    if (status == STATUS_OK)
        status = spec->form == REPORT_CLAIM ? claim_markdown(&claim, text, err)
                                            : claim_csv(&claim, text, err);
    claim_release(&claim);
    return status;
}

static Status write_overview(const Comparison *comparison, const ReportSpec *spec, Text *text,
                             Error *err)
{
    OverviewOptions options = {
        .policy = spec->policy, .variants = spec->columns != NULL, .level = 2};
    Facts facts;
    Status status = facts_read(&facts, comparison, err);
    if (status == STATUS_OK) status = overview_claims(comparison, &options, text, err);
    if (status == STATUS_OK) status = overview_costs(&facts, &options, text, err);
    if (status == STATUS_OK && !spec->columns)
        status = overview_variants(comparison, &options, text, err);
    facts_release(&facts);
    return status;
}

int report_titles(TableTitle title[MOST_METHODS])
{
    int count = method_count() < MOST_METHODS ? method_count() : MOST_METHODS;
    for (int i = 0; i < count; i++)
        title[i] = (TableTitle){method_at(i)->name, method_at(i)->title};
    return count;
}

static Status write_text(const Comparison *comparison, const ReportSpec *spec, Text *text,
                         Error *err)
{
    TableTitle title[MOST_METHODS];
    int count = report_titles(title);
    TableOptions options = {.metric = spec->metric,
                            .metric_count = spec->metric_count,
                            .normalised = spec->normalised,
                            .policy = spec->policy,
                            .title = title,
                            .title_count = count,
                            .folder = spec->folder,
                            .folder_count = spec->folder_count};
    switch (spec->form) {
    case REPORT_SUMMARY:
        return table_summary(comparison, &options, text, err);
    case REPORT_MARKDOWN:
        return table_markdown(comparison, &options, text, err);
    case REPORT_CSV:
        return table_csv(comparison, &options, text, err);
    case REPORT_LATEX:
        return table_latex(comparison, &options, text, err);
    case REPORT_JSON:
        return table_json(comparison, &options, text, err);
    case REPORT_OVERVIEW:
        return write_overview(comparison, spec, text, err);
    case REPORT_CLAIM:
    case REPORT_CLAIM_CSV:
        return write_claim(comparison, spec, text, err);
    }
    return STATUS_OK;
}

static Status lay_out(Comparison *comparison, const Collection *collection,
                      const ReportSpec *spec, Error *err)
{
    Status status = report_require(collection, spec, err);
    if (status == STATUS_OK) status = compare_init(comparison, collection, 0, err);
    if (status != STATUS_OK || !spec->against) return status;
    return compare_against(comparison, spec->against, err);
}

static void print_all(const ReportSpec *spec, const Text *text)
{
    bool named = spec->form == REPORT_MARKDOWN || spec->form == REPORT_CLAIM ||
                 spec->form == REPORT_OVERVIEW;
    for (int i = 0; named && i < spec->folder_count; i++)
        (void)printf("%s '%s'%s",
                     i                    ? ","
                     : spec->published[0] ? "Published results,"
                                          : "Results of",
                     spec->folder[i], i + 1 < spec->folder_count ? "" : "\n\n");
    (void)fputs(text->data, stdout);
}

Status report_print(const ReportSpec *spec, Error *err)
{
    Collection collection = {.role = spec->role, .watched = spec->watched};
    Comparison comparison = {0};
    Text text = TEXT_INIT;

    Status status = report_collect(&collection, spec, err);
    if (status == STATUS_OK && (spec->normalised || needs_references(spec)))
        status = report_normalise(&collection, spec, err);
    if (status == STATUS_OK) report_warn(&collection);
    if (status == STATUS_OK) status = lay_out(&comparison, &collection, spec, err);
    if (status == STATUS_OK) status = write_text(&comparison, spec, &text, err);
    if (status == STATUS_OK) print_all(spec, &text);
    text_release(&text);
    compare_release(&comparison);
    collect_release(&collection);
    return status;
}
