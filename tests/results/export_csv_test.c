#include "results/export_csv.h"

#include "tests/results/made_records.h"

static Text text;

static void setup(void)
{
    made_setup();
    text = TEXT_INIT;
}

static void teardown(void)
{
    text_release(&text);
    made_teardown();
}

TestSuite(export_csv, .init = setup, .fini = teardown);

Test(export_csv, has_a_line_for_each_evaluation_and_policy)
{
    made_write(&(MadeRecord){"far", "target", "jsrl", "random+2", 3, 10, true});
    made_write(&(MadeRecord){"near", "tune", "scratch", "", 0, -0.3, false});
    made_collect();
    export_csv_header(&text);
    for (int i = 0; i < made.done.count; i++)
        cr_assert(
            eq(int, export_csv_run(&made_export, &made.done.run[i], &text, &err), STATUS_OK));
    cr_assert(
        eq(str, text.data,
           "task,member,role,method,label,seed,step,policy,episodes,mean,std,min,max,"
           "length,normalised\n"
           "pendulum,far,target,jsrl,random+2,3,0,deployed,2,11,1,10,12,10,0.01\n"
           "pendulum,far,target,jsrl,random+2,3,40,deployed,2,51,1,50,52,10,0.05\n"
           "pendulum,far,target,jsrl,random+2,3,40,network,1,0.5,0,0.5,0.5,7,-0.0005\n"
           "pendulum,far,target,jsrl,random+2,3,1000,deployed,2,1011,1,1010,1012,10,1.01\n"
           "pendulum,near,tune,scratch,,0,0,deployed,2,0.7,1,-0.3,1.7,10,\n"
           "pendulum,near,tune,scratch,,0,40,deployed,2,40.7,1,39.7,41.7,10,\n"
           "pendulum,near,tune,scratch,,0,1000,deployed,2,1000.7,1,999.7,1001.7,10,\n"));
}

Test(export_csv, lack_of_memory_is_said)
{
    made_write(&(MadeRecord){"far", "target", "scratch", "", 0, 1, false});
    made_collect();
    Status status = STATUS_NOMEM;
    int failures = -1;
    for (; status != STATUS_OK; failures++) {
        text_release(&text);
        mem_fail_at(failures + 1);
        status = export_csv_run(&made_export, made.done.run, &text, &err);
        mem_fail_at(-1);
        cr_assert(status == STATUS_OK || status == STATUS_NOMEM, "%s", err.message);
    }
    cr_assert(lt(int, 3, failures)); // the file, the rows, the returns, the text
}
