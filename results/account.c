#include "results/account.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "results/grid.h"
#include "results/overview.h"
#include "suite/core/file.h"
#include "suite/core/mem.h"

enum { LISTED = 40 }; // runs that are not done, one by one

// -- what was compared

static void print_methods(const Account *account, Text *text)
{
    const Comparison *comparison = account->comparison;
    for (int f = 0; f < comparison->family_count; f++)
        for (int c = 0; c < comparison->family[f].column_count; c++) {
            const char *column = comparison->family[f].column[c];
            const char *title =
                table_title(account->options.title, account->options.title_count, column);
            if (collect_is_variant(column) || !compare_is_first(comparison, f, column))
                continue;
            text_printf(text, "- `%s`%s%s\n", column, title ? ": " : "", title ? title : "");
        }
    text_printf(text, "\n");
}

static void print_range(Text *text, Range range)
{
    text_printf(text, "%" PRId64, range.lo);
    if (range.hi != range.lo) text_printf(text, " to %" PRId64, range.hi);
}

// the runs that a family's column is to have by the experiment
static int count_wanted(const AccountOptions *options, const char *family, const char *column)
{
    int count = 0;
    for (int i = 0; i < options->wanted_count; i++)
        count += strcmp(options->wanted[i].family, family) == 0 &&
                 strcmp(options->wanted[i].column, column) == 0;
    return count;
}

static bool same_range(Range a, Range b)
{
    return a.lo == b.lo && a.hi == b.hi;
}

// is all that the table of runs says of two columns of a family the same?
static bool same_runs(const Account *account, int family, const char *a, const char *b)
{
    const char *name = account->comparison->family[family].name;
    const ColumnFacts *x = facts_of(account->facts, family, a);
    const ColumnFacts *y = facts_of(account->facts, family, b);
    return x->runs == y->runs && same_range(x->seeds, y->seeds) &&
           same_range(x->budget, y->budget) &&
           count_wanted(&account->options, name, a) == count_wanted(&account->options, name, b);
}

// the last of the columns from `first` on that all have the same runs
static int last_alike(const Account *account, int family, int first)
{
    const CompareFamily *of = &account->comparison->family[family];
    int c = first;
    while (c + 1 < of->column_count &&
           same_runs(account, family, of->column[first], of->column[c + 1]))
        c++;
    return c;
}

// neighbours that have the same runs share a line
static void print_columns(const Account *account, int family, Text *text)
{
    const CompareFamily *of = &account->comparison->family[family];
    for (int first = 0, last; first < of->column_count; first = last + 1) {
        const ColumnFacts *facts = facts_of(account->facts, family, of->column[first]);
        int wanted = count_wanted(&account->options, of->name, of->column[first]);
        last = last_alike(account, family, first);
        text_printf(text, "| %s | %s", of->name, of->column[first]);
        for (int c = first + 1; c <= last; c++)
            text_printf(text, ", %s", of->column[c]);
        text_printf(text, " | %d", facts->runs);
        if (account->options.experiment && wanted) text_printf(text, " of %d", wanted);
        if (last > first) text_printf(text, " each");
        if (account->options.experiment && !wanted) text_printf(text, ", not asked for");
        text_printf(text, " | ");
        print_range(text, facts->seeds);
        text_printf(text, " | ");
        print_range(text, facts->budget);
        text_printf(text, " |\n");
    }
}

static void print_members(const Account *account, Text *text)
{
    const Comparison *comparison = account->comparison;
    for (int f = 0; f < comparison->family_count; f++) {
        const CompareFamily *family = &comparison->family[f];
        text_printf(text, "- **%s**:", family->name);
        for (int r = 0; r + 1 < family->row_count; r++)
            text_printf(text, "%s `%s`", r ? "," : "", family->row[r].name);
        text_printf(text, "\n");
    }
    text_printf(text, "\n| family | columns | runs | seeds from, to | steps a run |\n"
                      "|---|---|--:|--:|--:|\n");
    for (int f = 0; f < comparison->family_count; f++)
        print_columns(account, f, text);
    text_printf(text, "\n");
}

// -- how

static void print_names(Text *text, const char *what, const NameList *list)
{
    text_printf(text, "- %s: ", what);
    for (int i = 0; i < list->count; i++) {
        text_printf(text, "%s%s", i ? "; " : "",
                    *list->name[i] ? list->name[i] : "not recorded");
        if (list->count > 1) text_printf(text, " (%d runs)", list->runs[i]);
    }
    text_printf(text, "%s\n", list->more ? "; and others" : "");
}

static void print_settings(const Account *account, Text *text)
{
    const Comparison *comparison = account->comparison;
    int count = 0;
    for (int f = 0; f < comparison->family_count; f++)
        for (int c = 0; c < comparison->family[f].column_count; c++) {
            const char *column = comparison->family[f].column[c];
            int settings = facts_of(account->facts, f, column)->settings;
            if (settings < 2) continue;
            text_printf(text, "%s %s `%s` (%d)",
                        count++ ? ","
                                : "- Runs of one member and column with different "
                                  "settings, which should not be:",
                        comparison->family[f].name, column, settings);
        }
    text_printf(text, "%s\n",
                count ? "" : "- All runs of a member and column have the same settings.");
}

static void print_record_warnings(const Facts *facts, int runs, Text *text)
{
    text_printf(text, "- Runs with a warning in their record: %d of %d.\n", facts->warned,
                runs);
    for (int i = 0; i < facts->warning_count; i++)
        text_printf(text, "  - in %d: %s\n", facts->warning[i].runs,
                    facts->warning[i].sentence);
    if (facts->warning_count == FACT_WARNINGS) text_printf(text, "  - and perhaps others\n");
}

static void print_how(const Account *account, Text *text)
{
    const Facts *facts = account->facts;
    print_names(text, "Program", &facts->program);
    print_names(text, "MuJoCo", &facts->mujoco);
    print_names(text, "Kernel and BLAS", &facts->blas);
    print_names(text, "Compiler", &facts->compiler);
    print_names(text, "Processor", &facts->cpu);
    text_printf(text,
                "- Run time: %.2f hours of CPU for %.1f million training steps, without the "
                "training of the sources; begun %s, ended %s.\n",
                facts->cpu_s / 3600.0, (double)facts->steps / 1e6,
                *facts->begun ? facts->begun : "(not recorded)",
                *facts->ended ? facts->ended : "(not recorded)");
    text_printf(text, "- Episodes that were ended by diverging physics: %" PRId64 ".\n",
                facts->diverged);
    print_record_warnings(facts, account->comparison->collection->done.count, text);
    print_settings(account, text);
    text_printf(text, "\n");
}

// -- what has not run

static bool is_done(const RunList *done, const WantedRun *wanted)
{
    for (int i = 0; i < done->count; i++)
        if (done->run[i].seed == wanted->seed &&
            strcmp(done->run[i].column, wanted->column) == 0 &&
            strcmp(done->run[i].member, wanted->member) == 0 &&
            strcmp(done->run[i].family, wanted->family) == 0)
            return true;
    return false;
}

static bool is_wanted(const AccountOptions *options, const RunSummary *run)
{
    for (int i = 0; i < options->wanted_count; i++)
        if (run->seed == options->wanted[i].seed &&
            strcmp(run->column, options->wanted[i].column) == 0 &&
            strcmp(run->member, options->wanted[i].member) == 0 &&
            strcmp(run->family, options->wanted[i].family) == 0)
            return true;
    return false;
}

// wanted runs from the first on that are of its family and, unless `whole`, member and column
static int group_size(const WantedRun *wanted, int count, bool whole)
{
    int size = 1;
    while (size < count && strcmp(wanted[size].family, wanted->family) == 0 &&
           (whole || (strcmp(wanted[size].column, wanted->column) == 0 &&
                      strcmp(wanted[size].member, wanted->member) == 0)))
        size++;
    return size;
}

static int count_missing(const RunList *done, const WantedRun *wanted, int count)
{
    int missing = 0;
    for (int i = 0; i < count; i++)
        missing += !is_done(done, &wanted[i]);
    return missing;
}

// "0-3, 7": the seeds of a member and column that are missing
static void print_seeds(const RunList *done, const WantedRun *wanted, int count, Text *text)
{
    bool first = true;
    for (int i = 0; i < count; i++) {
        if (is_done(done, &wanted[i])) continue;
        int last = i;
        while (last + 1 < count && wanted[last + 1].seed == wanted[last].seed + 1 &&
               !is_done(done, &wanted[last + 1]))
            last++;
        text_printf(text, "%s %d", first ? "" : ",", wanted[i].seed);
        if (last > i) text_printf(text, "-%d", wanted[last].seed);
        first = false;
        i = last;
    }
}

// a line for each member and column of a family that lacks some
static void print_missing(const RunList *done, const WantedRun *wanted, int count, Text *text)
{
    if (count_missing(done, wanted, count) == count) {
        text_printf(text, "- %s: none of its %d runs\n", wanted->family, count);
        return;
    }
    for (int i = 0, size; i < count; i += size) {
        size = group_size(&wanted[i], count - i, false);
        int missing = count_missing(done, &wanted[i], size);
        if (!missing) continue;
        text_printf(text, "- %s, %s, %s: %d of %d missing, seeds", wanted[i].family,
                    wanted[i].member, wanted[i].column, missing, size);
        print_seeds(done, &wanted[i], size, text);
        text_printf(text, "\n");
    }
}

static void print_others(const RunList *other, Text *text)
{
    for (int i = 0; i < other->count && i < LISTED; i++) {
        char path[RUN_PATH];
        collect_run_path(&other->run[i], path);
        text_printf(text, "- %s: %s\n", path, run_status_name(other->run[i].status));
    }
    if (other->count > LISTED) text_printf(text, "- and %d more\n", other->count - LISTED);
}

static void print_sum(const Account *account, int missing, Text *text)
{
    const RunList *done = &account->comparison->collection->done;
    int more = 0;
    for (int i = 0; i < done->count; i++)
        more += !is_wanted(&account->options, &done->run[i]);
    text_printf(text, "%d of the %d runs of the experiment have no finished record", missing,
                account->options.wanted_count);
    if (more) text_printf(text, "; %d runs in the tables were not asked for by it", more);
    text_printf(text, ".\n\n");
}

static void print_not_run(const Account *account, Text *text)
{
    const Collection *collection = account->comparison->collection;
    const AccountOptions *options = &account->options;
    int missing = count_missing(&collection->done, options->wanted, options->wanted_count);
    for (int i = 0, size; missing && i < options->wanted_count; i += size) {
        size = group_size(&options->wanted[i], options->wanted_count - i, true);
        print_missing(&collection->done, &options->wanted[i], size, text);
    }
    print_others(&collection->other, text);
    if (missing || collection->other.count) text_printf(text, "\n");
    if (options->experiment)
        print_sum(account, missing, text);
    else
        text_printf(text, "What was to run is not known: no experiment was named.\n\n");
}

// -- figures

static bool is_drawn(const AccountOptions *options, const char *name, char path[PATH_LENGTH])
{
    return path_format(path, NULL, "%s/%s.svg", options->figures, name) == STATUS_OK &&
           file_exists(path);
}

static void print_family_figures(const AccountOptions *options, const char *family, Text *text)
{
    static const struct {
        const char *name, *title;
    } kinds[] = {{"curves", "learning curves"},
                 {"jumpstart", "jumpstarts"},
                 {"aggregates", "aggregates"},
                 {"knownness", "knownness over training"}};
    int count = 0;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        char name[2 * RECORD_NAME], path[PATH_LENGTH];
        (void)snprintf(name, sizeof name, "%s-%s", kinds[i].name, family);
        if (!is_drawn(options, name, path)) continue;
        if (!count) text_printf(text, "- **%s**:", family);
        text_printf(text, "%s [%s](%s)", count++ ? "," : "", kinds[i].title, path);
    }
    if (count) text_printf(text, "\n");
}

static void print_figures(const Account *account, Text *text)
{
    static const struct {
        const char *name, *title;
    } wholes[] = {{"aggregates", "Aggregates over all families"},
                  {"profile", "Performance profiles"},
                  {"improvement", "Probabilities of improvement"}};
    const AccountOptions *options = &account->options;
    if (!options->figures) return;
    text_printf(text, "## Figures\n\nBeside each are its numbers (`.dat`) and the script that "
                      "draws it (`.gp`).\n\n");
    for (int f = 0; f < account->comparison->family_count; f++)
        print_family_figures(options, account->comparison->family[f].name, text);
    text_printf(text, "\n");
    for (size_t i = 0; i < sizeof wholes / sizeof wholes[0]; i++) {
        char path[PATH_LENGTH];
        if (is_drawn(options, wholes[i].name, path))
            text_printf(text, "![%s](%s)\n\n", wholes[i].title, path);
    }
}

// -- the reading

static Status print_reading(const Account *account, Text *text, Error *err)
{
    static const char *const titles[] = {"Does it learn early?",
                                         "Does it perform well overall?"};
    static const char *const steady[] = {"Does it fall back less?",
                                         "Does it collapse less often?"};
    Status status = STATUS_OK;
    text_printf(text,
                "## What the numbers say of `%s`\n\nDifferences are `%s` minus the rival, mean "
                "over members of the mean over pairs of seeds, normalised, with 95 %% "
                "intervals; p is of a sign-flip test, adjusted by Holm's procedure over the "
                "rivals and both metrics of a family (`suite claim`).\n\n",
                account->options.method, account->options.method);
    for (int m = 0; status == STATUS_OK && m < 2; m++) {
        text_printf(text, "### %s `%s`\n\n", titles[m],
                    metric_table[account->headline.deployed->options.metric[m]].name);
        status = reading_metric(&account->headline, m, text, err);
    }
    for (int m = 0; status == STATUS_OK && m < 2; m++) {
        text_printf(text, "### %s `%s`\n\nLower is better.\n\n", steady[m],
                    metric_table[account->stability.deployed->options.metric[m]].name);
        status = reading_metric(&account->stability, m, text, err);
    }
    if (status != STATUS_OK) return status;
    text_printf(text, "## Where `%s` does not win\n\n", account->options.method);
    status = reading_not_ahead(account->headline.deployed, text, err);
    if (status == STATUS_OK) status = reading_not_ahead(account->stability.deployed, text, err);
    if (status != STATUS_OK) return status;
    text_printf(text, "\n## What the seeds allow to say\n\n");
    return reading_limits(account->headline.deployed, text, err);
}

static void print_heading(const Account *account, Text *text)
{
    const AccountOptions *options = &account->options;
    text_printf(
        text, "# Results%s%s\n\nMade from the records in `%s` by\n\n    suite report %s",
        options->experiment ? " of the experiment " : "",
        options->experiment ? options->experiment : "", options->folder, options->folder);
    if (options->experiment) text_printf(text, " --experiment %s", options->experiment);
    if (options->figures) text_printf(text, " --figures %s", options->figures);
    text_printf(
        text,
        " --method %s --out FILE\n\nand not written by hand. What records hold, what the "
        "metrics, references, intervals and tests are, and how settings were chosen is in "
        "results/METHODS.md of the program.\n\n",
        options->method);
}

static void print_warnings(const Collection *collection, Text *text)
{
    for (int i = 0; i < collection->warning_count; i++)
        text_printf(text, "- Warning: %s.\n", collection->warning[i]);
    if (collection->warning_count) text_printf(text, "\n");
}

static Status print_tables(const Account *account, Text *text, Error *err)
{
    OverviewOptions options = {
        .policy = POLICY_DEPLOYED, .level = 3, .method = account->options.method};
    text_printf(text, "## Tables\n\nOf what each method deploys.\n\n");
    Status status = overview_claims(account->comparison, &options, text, err);
    if (status == STATUS_OK) status = overview_costs(account->facts, &options, text, err);
    return status == STATUS_OK ? overview_variants(account->comparison, &options, text, err)
                               : status;
}

Status account_print(const Account *account, Text *text, Error *err)
{
    print_heading(account, text);
    text_printf(text, "## What was compared\n\n");
    print_methods(account, text);
    print_members(account, text);
    text_printf(text, "## How\n\n");
    print_how(account, text);
    print_warnings(account->comparison->collection, text);
    text_printf(text, "## What has not run\n\n");
    print_not_run(account, text);
    Status status = print_tables(account, text, err);
    if (status != STATUS_OK) return status;
    print_figures(account, text);
    status = print_reading(account, text, err);
    return status == STATUS_OK ? text_status(text, err) : status;
}
