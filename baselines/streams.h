/** @file
 * Indices of the RNG_METHOD streams that this folder draws from; never renumber.
 *
 * Layer: baselines.
 */
#ifndef BASELINES_STREAMS_H
#define BASELINES_STREAMS_H

enum {
    STREAM_HEAD = 16,        // a last layer drawn anew
    STREAM_GUIDE_STEPS = 17, // for how many steps an episode is guided
    STREAM_OFFLINE = 18,     // the key of the learner of the off-line phase
    STREAM_CHANCE = 19,      // actions of a random policy; + source << 32
};

#endif
