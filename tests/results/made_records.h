/** @file
 * Records on disk of runs that were never run, collected again: for the tests of exports.
 */
#ifndef TESTS_RESULTS_MADE_RECORDS_H
#define TESTS_RESULTS_MADE_RECORDS_H

#include <stdio.h>
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "results/export.h"
#include "suite/core/file.h"
#include "suite/core/mem.h"
#include "tests/support/folder.h"

static const int made_step[] = {0, 40, 1000}; // of the evaluations; a budget of 1000

/** A run, each evaluation of which is two episodes that return `height` + step and 2 more, in
 *  10 control steps on the mean. */
typedef struct MadeRecord {
    const char *member, *role, *method, *label;
    int seed;
    double height;
    bool network; // with an evaluation of the network at step 40: one episode that returns 0.5
} MadeRecord;

static Collection made;
static ReferenceList made_reference;
static Export made_export;
static Error err;

static inline void made_setup(void)
{
    test_folder_make();
    made = (Collection){0};
    made_reference = (ReferenceList){0};
    made_export = (Export){&made, &made_reference, 1};
}

static inline void made_teardown(void)
{
    collect_release(&made);
    reference_release(&made_reference);
    test_folder_remove();
}

/** The folder of a record; good until the fourth next call. */
static inline const char *made_folder(const MadeRecord *m)
{
    char place[RUN_PATH];
    (void)snprintf(place, sizeof place, "pendulum/%s/%s%s%s/seed-%d", m->member, m->method,
                   *m->label ? "+" : "", m->label, m->seed);
    return test_path(place);
}

static inline void made_write(const MadeRecord *m)
{
    RunRecord record = {.family = "pendulum",
                        .mujoco = "2.2.2",
                        .seed = m->seed,
                        .status = RUN_DONE,
                        .task_version = 1,
                        .steps = 1000};
    (void)snprintf(record.member, sizeof record.member, "%s", m->member);
    (void)snprintf(record.role, sizeof record.role, "%s", m->role);
    (void)snprintf(record.method, sizeof record.method, "%s", m->method);
    (void)snprintf(record.label, sizeof record.label, "%s", m->label);

    EvalCurve curve;
    cr_assert(eq(int, eval_curve_init(&curve, 4, 2, &err), STATUS_OK));
    for (int i = 0; i < 3; i++) {
        double low = m->height + made_step[i];
        eval_curve_add(&curve, made_step[i], POLICY_DEPLOYED,
                       &(EvalSample){(double[]){low, low + 2.0}, 2, 10, 0});
        if (i == 1 && m->network)
            eval_curve_add(&curve, made_step[i], POLICY_NETWORK,
                           &(EvalSample){(double[]){0.5}, 1, 7, 0});
    }
    cr_assert(eq(int, folder_make(made_folder(m), &err), STATUS_OK), "%s", err.message);
    cr_assert(eq(int, record_write(&record, made_folder(m), &err), STATUS_OK));
    cr_assert(eq(int, eval_curve_write(&curve, made_folder(m), &err), STATUS_OK));
    eval_curve_release(&curve);
}

/** Collect what was written, with references of member "far": 1 is worth 0, 1001 is worth 1.
 *  There are none of others, which is warned of. */
static inline void made_collect(void)
{
    cr_assert(eq(int, collect_folder(&made, test_folder(), &err), STATUS_OK));
    cr_assert(eq(int, collect_finish(&made, false, &err), STATUS_OK));
    cr_assert(eq(int, made.warning_count, 0), "%s", made.warning_count ? made.warning[0] : "");
    cr_assert(eq(int, reference_init(&made_reference, 1, &err), STATUS_OK));
    memcpy(made_reference.family, "pendulum", sizeof "pendulum");
    memcpy(made_reference.member[0].member, "far", sizeof "far");
    made_reference.member[0].random = 1.0;
    made_reference.member[0].long_run = 1001.0;
    for (int i = 0; i < made.done.count; i++)
        if (strcmp(made.done.run[i].member, "far") == 0)
            memcpy(made_reference.member[0].task, made.done.run[i].task, RECORD_NAME);
    cr_assert(eq(int, reference_measure(&made, &made_reference, 1, &err), STATUS_OK));
}

#endif
