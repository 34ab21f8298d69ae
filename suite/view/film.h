/** @file
 * Film: episodes of one or two players, drawn into a recording.
 *
 * Layer: view. Time in a film is the simulation's, whatever the machine takes to draw it, so
 * that the same run gives the same pictures.
 */
#ifndef SUITE_VIEW_FILM_H
#define SUITE_VIEW_FILM_H

#include "suite/core/status.h"
#include "suite/view/drawing.h"
#include "suite/view/recording.h"

typedef struct Film {
    Seat seat[SEATS]; // (seats) who plays, from the same start states
    int seats;
    ViewState state; // what is shown
    Drawing *drawing;
    Recording *recording;
    MovieShape shape;    // of the frames
    int first, episodes; // which are filmed
} Film;

/** Film whole episodes: frames in step with the time, and the last one for half a second.
 *  @errors those of recording_add() and drawing_check(); STATUS_NOMEM; STATUS_INTERRUPTED. */
MUST_CHECK Status film_episodes(Film *film, Error *err);

/** Film the first episode's state after @p step steps, or at its end if it ends before that.
 *  @errors as film_episodes(). */
MUST_CHECK Status film_step(Film *film, int step, Error *err);

#endif
