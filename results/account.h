/** @file
 * The report of an experiment: what was compared and how, its tables, figures and reading.
 *
 * Layer: results. Every number in it is of the records; nothing is printed here, and the same
 * records give the same bytes.
 */
#ifndef RESULTS_ACCOUNT_H
#define RESULTS_ACCOUNT_H

#include "results/facts.h"
#include "results/reading.h"
#include "results/table.h"

/** A run that the experiment asks for; strings are borrowed. */
typedef struct WantedRun {
    const char *family, *member;
    char column[COLUMN_NAME];
    int seed;
} WantedRun;

/** Strings and arrays are borrowed. */
typedef struct AccountOptions {
    const char *folder;      // of the records, as it was named
    const char *experiment;  // as it was named; NULL: none
    const WantedRun *wanted; // (wanted_count) that it asks for
    int wanted_count;
    const char *figures;     // folder of the figures, as seen from the report; NULL: none
    const char *method;      // the column whose claims are read
    const TableTitle *title; // (title_count) what methods are called
    int title_count;
} AccountOptions;

/** What the report is made of; all borrowed. */
typedef struct Account {
    const Comparison *comparison; // of the targets, normalised
    const Facts *facts;           // of its runs
    Reading headline;             // of early10 and auc
    Reading stability;            // of drop and collapse
    AccountOptions options;
} Account;

/** Append the report, in Markdown. @errors STATUS_NOMEM. */
MUST_CHECK Status account_print(const Account *account, Text *text, Error *err);

#endif
