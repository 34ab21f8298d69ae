/** @file
 * One method against each of its rivals, as a claim about it is judged: differences with their
 * p values, adjusted for how many tests were made.
 *
 * Layer: results. Every test is of the mean difference of pairs, which are runs of the same
 * member and seed. In each family the method is tested on all members together, by rivals and
 * metrics, and then on each member by itself; nothing is printed here, and the same records
 * give the same bytes.
 */
#ifndef RESULTS_CLAIM_H
#define RESULTS_CLAIM_H

#include <stdbool.h>

#include "results/compare.h"
#include "suite/core/text.h"

/** Strings and arrays are borrowed. */
typedef struct ClaimOptions {
    const char *method; // a column
    const char *rivals; // columns, comma separated; NULL: see claim_init()
    EvalPolicy policy;
    const int *metric; // (metric_count) indices in metric_table
    int metric_count;  // > 0
} ClaimOptions;

typedef struct ClaimTest {
    Estimate difference; // method minus rival
    double adjusted;     // Holm's p; NaN where there is none
    int members;         // of its row, whether or not they have a pair
} ClaimTest;

typedef struct ClaimFamily {
    const CompareFamily *family;
    const CompareRow *pool; // its last row; those before it are the members
    const char **rival;     // (rival_count)
    int rival_count;
    ClaimTest *pooled;   // (rivals x metrics), adjusted over all of them
    ClaimTest *single;   // (rivals x members x metrics), adjusted over those of a rival
    CompareCell *column; // (1 + rivals x metrics) of the pool: the method's, then the rivals'
    bool saturated;      // see claim_init()
} ClaimFamily;

typedef struct Claim {
    const Comparison *comparison; // borrowed
    ClaimOptions options;
    ClaimFamily *family; // (family_count) that have the method and a rival; owned
    int family_count;
    char **warning; // (warning_count) of few seeds, missing pairs and families that are left
                    // out, one sentence each; owned
    int warning_count;
} Claim;

/**
 * Make all tests.
 *
 * Rivals that are not named are the other methods of a family as they are: each variant,
 * METHOD+LABEL, would be a test more that all are adjusted for, so that adding a row to an
 * experiment would change its claims.
 *
 * A family is saturated if the mean over the first 10 % of training, over all members, of the
 * method and of each rival lies within 0.02 of every other's and of 1, the reference: nothing
 * is left there to tell them apart by.
 *
 * @param[out] out        release with claim_release(), also after a failure
 * @param      comparison of the runs of members of one role, normalised
 * @errors STATUS_USAGE for a column that no family has (naming the nearest), a method that is
 *         its own rival or has none, a metric that is no mean over seeds; STATUS_NOMEM.
 */
MUST_CHECK Status claim_init(Claim *out, const Comparison *comparison,
                             const ClaimOptions *options, Error *err);
void claim_release(Claim *claim);

/** The test of a family's members together against a rival, both by their places. */
ClaimTest *claim_pooled(const Claim *claim, const ClaimFamily *f, int rival, int metric);

/** The test on one member, by its place among the family's rows. */
ClaimTest *claim_single(const Claim *claim, const ClaimFamily *f, int rival, int member,
                        int metric);

/** Pairs of the member that has fewest of them; 0 where one has none. */
int claim_fewest(const ClaimTest *test);

/** '+' or '-', the better or the worse side of 0, of a difference whose adjusted p is at most
 *  0.05; '=' if it is more; ' ' if there is none, or fewer than COMPARE_FEW pairs in a member.
 */
char claim_mark(const ClaimTest *test);

/** Append the tests as tables for people: of each family all members, each member, and the
 * worst seeds; then what the numbers are. @errors STATUS_NOMEM. */
MUST_CHECK Status claim_markdown(const Claim *claim, Text *text, Error *err);

/** Append one line for each family, row, rival and metric, with exact numbers; what is not
 * known is empty. @errors STATUS_NOMEM. */
MUST_CHECK Status claim_csv(const Claim *claim, Text *text, Error *err);

#endif
