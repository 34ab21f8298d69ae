/** @file
 * Claims read out: what tests of one method against its rivals say, as sentences.
 *
 * Layer: results. Nothing is said but what claim_mark() marks: above, below or undecided.
 */
#ifndef RESULTS_READING_H
#define RESULTS_READING_H

#include "results/claim.h"

/** Tests of the same method and rivals on what each of both policies returns. */
typedef struct Reading {
    const Claim *deployed, *network; // of the same metrics
} Reading;

/**
 * Append a paragraph for a metric: in how many comparisons of family and rival the method is
 * above, below or undecided; a list of the families with every difference, its interval and
 * Holm's p; and where the network alone says something else.
 *
 * @param metric index in the claims' options
 * @errors STATUS_NOMEM.
 */
MUST_CHECK Status reading_metric(const Reading *reading, int metric, Text *text, Error *err);

/** Append a list of where the method is not above a rival: on all members of a family together,
 *  and members that it is below on; or one item that says so if there is no such place. @errors
 *  STATUS_NOMEM. */
MUST_CHECK Status reading_not_ahead(const Claim *claim, Text *text, Error *err);

/** Append what the numbers of seeds allow to say and what not. @errors STATUS_NOMEM. */
MUST_CHECK Status reading_limits(const Claim *claim, Text *text, Error *err);

#endif
