#include "models/actions.h"

void action_levels(const TaskState *state, int action, int motors, int levels, double *ctrl)
{
    const ActionGrid *grid = state->settings;
    for (int j = 0; j < motors; j++) {
        // from -1 to 1
        double level = (2.0 * (action % levels) - (levels - 1)) / (levels - 1);
        ctrl[j] = grid->share * level;
        action /= levels;
    }
}
