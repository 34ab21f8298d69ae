/** @file
 * Table states: states visited in the sources, kept with the table to fit and rehearse on.
 *
 * Layer: dqinit. One byte a number: every feature and coordinate is kept to a 255th of its
 * range over the states.
 *
 * Shapes: J = states, D = features, K = coordinates.
 */
#ifndef DQINIT_TABLE_STATES_H
#define DQINIT_TABLE_STATES_H

#include <stdint.h>

#include "suite/core/archive.h"
#include "suite/core/status.h"

typedef struct TableStates {
    int count;        // J
    int features_dim; // D
    int coords_dim;   // K
    uint8_t *byte;    // (J x (D + K)) what the file holds
    float *lo, *step; // (D + K) a number is lo + step * byte
    float *features;  // (J x D) decoded
    float *coords;    // (J x K) decoded
} TableStates;

/** Room for @p count states of zeros. @param[out] states release with table_states_release(),
 *  also after a failure. @errors STATUS_NOMEM. */
MUST_CHECK Status table_states_init(TableStates *states, int count, int features, int coords,
                                    Error *err);
void table_states_release(TableStates *states);

/** Write state @p j, before table_states_pack(). */
void table_states_put(TableStates *states, int j, const float *features, const float *coords);

/** Keep only the first @p count, to one byte a number: the states are then what a file would
 *  give back. */
void table_states_pack(TableStates *states, int count);

/** Bytes in a file. */
int64_t table_states_bytes(const TableStates *states);
int table_state_bytes(int features, int coords); // of one state

/** Save or restore; reading takes the memory. On failure release all the same. */
void table_states_archive(TableStates *states, int features, int coords, Archive *archive);

#endif
