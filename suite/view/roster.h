/** @file
 * Roster: the finished runs beside a run, in the results folder that it lies in.
 *
 * Layer: view. A run's folder is OUT/<family>/<member>/<column>/seed-<seed>; its neighbours
 * differ from it in one of the last three.
 */
#ifndef SUITE_VIEW_ROSTER_H
#define SUITE_VIEW_ROSTER_H

#include "suite/core/file.h"
#include "suite/core/status.h"

typedef enum RosterAxis { ROSTER_SEED, ROSTER_COLUMN, ROSTER_MEMBER } RosterAxis;

/**
 * The next finished run along an axis, in the order of names (seeds in that of numbers), after
 * the last the first again.
 *
 * @param[out] out    its folder; @p folder itself, from the root, if there is no other
 * @errors STATUS_MISSING if @p folder is not there or not that deep; those of folder_list().
 */
MUST_CHECK Status roster_next(char out[PATH_LENGTH], const char *folder, RosterAxis axis,
                              Error *err);

/** The run of another method (with its label) on the same member with the same seed.
 *  @errors STATUS_USAGE, naming those that are there, if it is not. */
MUST_CHECK Status roster_column(char out[PATH_LENGTH], const char *folder, const char *column,
                                Error *err);

/** What a user says of a run; NULL stands for the first that is there. */
typedef struct RosterWish {
    const char *out, *family; // not NULL
    const char *member, *column, *seed;
} RosterWish;

/** The folder of the finished run that was asked for.
 *  @errors STATUS_MISSING, naming what is not there; those of folder_list(). */
MUST_CHECK Status roster_find(char out[PATH_LENGTH], const RosterWish *wish, Error *err);

#endif
