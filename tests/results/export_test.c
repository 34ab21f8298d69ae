#include "results/export.h"

#include "tests/results/made_records.h"

TestSuite(export, .init = made_setup, .fini = made_teardown);

static const MadeRecord far = {"far", "target", "dqinit", "frozen", 3, 10, false};
static const MadeRecord near = {"near", "target", "scratch", "", 3, 20, false};

Test(export, finds_what_a_run_left)
{
    made_write(&far);
    made_collect();
    EvalCurve curve;
    RunFiles files;
    cr_assert(eq(int, collect_files(&files, &made, made.done.run, &err), STATUS_OK));
    cr_assert(eq(str, files.folder, made_folder(&far)));
    cr_assert(eq(int, export_curve(&curve, &made_export, made.done.run, &err), STATUS_OK));
    cr_assert(eq(int, curve.count, 3));
    cr_assert(eq(dbl, curve.row[2].mean, 1011.0));
    eval_curve_release(&curve);
}

Test(export, a_run_that_is_gone_is_said)
{
    made_write(&far);
    made_collect();
    cr_assert(eq(int, folder_remove(made_folder(&far), &err), STATUS_OK));
    EvalCurve curve;
    cr_assert(eq(int, export_curve(&curve, &made_export, made.done.run, &err), STATUS_MISSING));
    eval_curve_release(&curve);
}

// the members are sorted: far, then near
Test(export, references_are_the_members_own_and_of_its_task)
{
    made_write(&far);
    made_write(&near);
    made_collect();
    const Reference *reference = export_reference(&made_export, &made.done.run[0]);
    cr_assert(eq(ptr, reference, made_reference.member));
    cr_assert(eq(ptr, export_reference(&made_export, &made.done.run[1]), NULL));
    made.done.run[0].task[0] ^= 1;
    cr_assert(eq(ptr, export_reference(&made_export, &made.done.run[0]), NULL));
}
