/** @file
 * Stage: who is watched in the viewer, and their play in step with the clock.
 *
 * Layer: view. One player or two from the same start states: saved runs, training that goes on,
 * or the user alone. Another run takes the place of the one that is shown when it could be
 * read, and not before.
 */
#ifndef SUITE_VIEW_STAGE_H
#define SUITE_VIEW_STAGE_H

#include "suite/core/status.h"
#include "suite/view/actor.h"
#include "suite/view/drawing.h"
#include "suite/view/live.h"
#include "suite/view/roster.h"

/** What is to be watched; borrowed for the life of the stage. */
typedef struct StageSpec {
    const char *folder;      // of a saved run; NULL: `live` or `alone`
    const char *versus;      // another method of the same cell beside it; NULL: none
    Live *live;              // training that is shown; NULL: none
    const PlayerSpec *alone; // what is driven by hand if there is neither
    ActorSource source;
    int seed; // of the start states
} StageSpec;

typedef struct Stage {
    const StageSpec *spec;
    Actor *actor[SEATS];
    Player player[SEATS];
    Seat seat[SEATS]; // (seats)
    int seats;
    double due_s;  // simulated seconds that are still to be played
    double over_s; // real seconds since all episodes ended
    char note[64]; // how far training is
} Stage;

/** @param[out] stage release with stage_release(), also after a failure; is not to be moved
 *  @errors those of actor_new(), actor_play() and roster_column(). */
MUST_CHECK Status stage_init(Stage *stage, const StageSpec *spec, Error *err);
void stage_release(Stage *stage);

/** Show the next finished run along an axis instead; its rival goes along.
 *  @errors as stage_init(), with the stage as it was; STATUS_USAGE if there are no neighbours.
 */
MUST_CHECK Status stage_next(Stage *stage, RosterAxis axis, Error *err);

/** Begin an episode. */
void stage_begin(Stage *stage, int episode);
int stage_episode(const Stage *stage);

/** Does everybody's episode lie behind? */
bool stage_is_over(const Stage *stage);

/** Make a control step, whoever acts. @p push is asked before it; its scene holds a body. */
void stage_step(Stage *stage, const ViewState *state, const Scene *push);

/**
 * Play on for @p real_s seconds of the user's, and a while after the end of an episode begin
 * the next.
 *
 * @return whether an episode ended or began
 */
bool stage_play(Stage *stage, const ViewState *state, const Scene *push, double real_s);

/** Let training go on, and show what came of it. @errors as live_go_on(). */
MUST_CHECK Status stage_train(Stage *stage, const ViewState *state, Error *err);

/** The folder of the run that is shown; "" if none is. */
const char *stage_folder(const Stage *stage);

#endif
