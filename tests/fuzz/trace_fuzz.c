// Any bytes as trace.csv: trace_parse() takes them or refuses them in a sentence, and a trace
// that it took could have been told.
#include "results/trace.h"
#include "suite/core/check.h"
#include "tests/fuzz/fuzz.h"

// telling it again checks every row
static void visit(const Trace *trace)
{
    Trace again;
    CHECK(trace_init(&again, trace->count, NULL) == STATUS_OK);
    for (int i = 0; i < trace->count; i++)
        trace_add(&again, trace->row[i].step, trace->row[i].name, trace->row[i].value);
    trace_release(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Trace trace;
    Error err = {0};
    Status status = trace_parse(&trace, (const char *)data, size, "trace.csv", &err);
    CHECK((status == STATUS_OK) == (err.message[0] == '\0'));
    if (status == STATUS_OK) visit(&trace);
    trace_release(&trace);
    return 0;
}
