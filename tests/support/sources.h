/** @file
 * Made-up source tasks for testing what methods distil: one feature, one table coordinate and
 * two actions, with a network whose values are known in closed form.
 */
#ifndef TESTS_SUPPORT_SOURCES_H
#define TESTS_SUPPORT_SOURCES_H

#include "agents/dqn.h"
#include "agents/method.h"

enum { MADE_SOURCES = 2, MADE_SAMPLES = 2000, MADE_ACTIONS = 2 };

/** Two sources over x in [0, 1]: Q(x, a) = level + slope[a] x, drawn densely and evenly. */
typedef struct MadeSources {
    Network network[MADE_SOURCES];
    float features[MADE_SOURCES][MADE_SAMPLES];
    float next_features[MADE_SOURCES][MADE_SAMPLES]; // x of the next sample, its own at an end
    int32_t action[MADE_SAMPLES];                    // by turns
    float reward[MADE_SAMPLES];                      // the sample's number
    uint8_t end[MADE_SAMPLES];                       // an episode is cut after 20 steps
    SourceTask task[MADE_SOURCES];
    float lo[1], hi[1], period[1];
    DqnSettings agent; // at their defaults
    BuildContext context;
    int evaluations; // asked of it
} MadeSources;

/** Fill @p made in place (it points into itself); @p path is where build() writes. */
void made_sources_init(MadeSources *made, const char *path);
void made_sources_release(MadeSources *made);

/** Set source @p s to Q(x, a) = level + slope[a] x. */
void made_source_values(MadeSources *made, int s, float level, const float slope[MADE_ACTIONS]);

#endif
