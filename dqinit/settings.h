/** @file
 * The settings of DQInit: its default form, the ablations and the controls.
 *
 * Layer: dqinit. dqinit/README.md says what each was found to do.
 */
#ifndef DQINIT_SETTINGS_H
#define DQINIT_SETTINGS_H

#include <stdbool.h>

#include "suite/core/param.h"

typedef enum Gather { GATHER_WIDE, GATHER_NEAR } Gather;
typedef enum SourceWeighting { WEIGHTS_EQUAL, WEIGHTS_RESIDUAL } SourceWeighting;
typedef enum AnchorOn { ANCHOR_NONE, ANCHOR_TABLE, ANCHOR_BATCH } AnchorOn;
typedef enum ActBy { ACT_NETWORK, ACT_BLEND, ACT_ADVANTAGE } ActBy;
typedef enum BootstrapBy { BOOTSTRAP_NETWORK, BOOTSTRAP_CHOICE, BOOTSTRAP_BLEND } BootstrapBy;

typedef struct DqInitSettings {
    // the knowledge base
    int table; // TableForm
    int cells, bytes;
    bool slopes, shared_states, merged;
    int tilings, bins, least_visits;
    int states, gather; // Gather
    double gather_cut;
    int table_states;

    // the prior
    int by_network; // bool
    bool shuffle;
    int aggregate; // Aggregate
    int neighbours;
    int weights; // SourceWeighting
    double weights_start, weights_exponent, weights_floor;
    int refit;

    // what it is used for
    int prefit_updates, prefit_batch;
    double prefit_lr, prefit_lr_end;
    double ordering;
    double anchor;
    int anchor_on; // AnchorOn
    int anchor_rows;
    bool fade;
    int act;       // ActBy
    int bootstrap; // BootstrapBy
    bool residual;

    // when it leaves
    double credence;
    int knownness; // KnownBy
    double known_visits, known_share;
    int known_tilings;
    double known_cap, known_memory, clock;
} DqInitSettings;

enum { DQINIT_PARAMS = 42 };
extern const ParamRow dqinit_params[DQINIT_PARAMS];

#endif
