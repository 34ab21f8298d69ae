/** @file
 * A run that is over, acting as it was deployed: its network, and what its method made of it.
 *
 * Layer: run. Where a method acts otherwise than by its network, the policy is the network of
 * policy.bin and the method as method.bin has it, which began with the sources and the
 * knowledge that lie where the run left them, in the results folder that the run's folder is
 * in: OUT/<family>/<member>/<method>/seed-<seed>. Elsewhere it is the network, and nothing but
 * the run's folder is needed.
 *
 * With run.keep=best the network is that of the best evaluation and the method still that of
 * the end, so that the policy is one that the run itself never evaluated; with run.keep=last it
 * is the one that the last row of evals.csv judges.
 */
#ifndef SUITE_RUN_DEPLOYED_H
#define SUITE_RUN_DEPLOYED_H

#include "suite/core/status.h"
#include "suite/run/saved.h"
#include "suite/run/sources.h"
#include "suite/run/trainer.h"

typedef struct DeployedRun {
    Run run;        // as it was; borrows from the SavedRun
    Run *source;    // (sources.count) that it learned from, owned
    Member *member; // (sources.count) theirs, owned
    SourceSet sources;
    Trainer trainer; // of which only method and agent are there
    Agent *agent;    // agent_deployed() and agent_explain() take it; borrowed from `trainer`
} DeployedRun;

/**
 * Let a saved run act.
 *
 * @param[out] d      release with deployed_release(), also after a failure; is not to be moved
 * @param      saved  borrowed, must outlive @p d
 * @param      folder that it was read from
 * @param      policy POLICY_NETWORK: the network alone, whatever the run deployed
 * @errors STATUS_MISSING if method.bin, a source or the knowledge is gone; STATUS_MISMATCH if
 *         one of them is another than the run's, or the network is of another shape; those of
 *         policy_read(), method_file_read(), agent_new() and the method's init hook.
 */
MUST_CHECK Status deployed_init(DeployedRun *d, const SavedRun *saved, const char *folder,
                                EvalPolicy policy, Error *err);
void deployed_release(DeployedRun *d);

#endif
