/** @file
 * Scratch: a DQN from random weights, with no hook at all. What every other method is compared
 * with, at the same exploration schedule, learning start and budget.
 *
 * Layer: baselines.
 */
#include "agents/methods.h"

const Method method_scratch = {
    .name = "scratch",
    .title = "scratch (random initialisation)",
    .summary = "DQN from random weights; takes nothing from the sources",
    .version = 1,
    .source = "Mnih et al. 2015, doi:10.1038/nature14236",
};
