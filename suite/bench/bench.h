/** @file
 * The speed of this machine: everything that `suite bench` measures, one family at a time.
 *
 * Layer: bench. A figure stands beside its floor, measured in the same rounds: an environment
 * beside bare mj_step(), an agent's step beside bare physics and the matrix products of its
 * update by the faster of our kernel and OpenBLAS, workers beside one worker.
 *
 * @source contract of the suite: environment >= 0.95 of bare physics, agent >= 0.8 of its
 *         floor, 0.95 N times one core on N cores, 64 MB a worker, first step within 200 ms.
 */
#ifndef SUITE_BENCH_BENCH_H
#define SUITE_BENCH_BENCH_H

#include "agents/method.h"
#include "suite/bench/learner.h"
#include "suite/bench/series.h"
#include "suite/core/file.h"
#include "suite/core/status.h"
#include "suite/env/task.h"
#include "suite/run/plan.h"

enum { BENCH_METHODS = 16, BENCH_WORKERS = 64, BENCH_SETTINGS = 64 }; // most of each

/** What to measure; strings are borrowed. */
typedef struct BenchSpec {
    const char *models;
    const char *methods;    // comma separated names, or "all"
    const char *out;        // a folder that may be filled
    const char *const *set; // (set_count) "KEY=VALUE" for all runs
    int set_count;
    int rounds; // in [1, ROUNDS_MAX]
    int jobs;   // most workers that are worth having, in [1, BENCH_WORKERS]
} BenchSpec;

typedef struct BenchMethod {
    const Method *method;
    Series step_us;  // CPU time of a control step of training, without evaluations
    Series learn_us; // the learner's share of it, on the same experience for all methods
    // the same actions again, for physics takes longer where another policy leads
    Series env_us, bare_us; // CPU time of a control step of ours and of mj_step() alone
    double peak_mb;         // of a whole run: program, model, replay, and knowledge as gathered
} BenchMethod;

/** Real runs by some number of workers. */
typedef struct BenchWorkers {
    int workers;
    Series speed; // control steps per second of wall time, all workers together
} BenchWorkers;

typedef struct BenchFamily {
    const TaskFamily *family;
    Plan plan; // a run of each method on the member `base`, with its sources; owned
    DqnSettings agent;

    Series part[LEARNER_PARTS]; // CPU time per update
    BenchMethod method[BENCH_METHODS];
    int method_count;
    double first_step_s; // from the start of the program to the first control step

    BenchWorkers workers[BENCH_WORKERS + 1]; // 1, 2, ..., jobs and then twice jobs
    int workers_count;
} BenchFamily;

/**
 * Prepare a family and measure what must be measured while this process is small, for a process
 * is not seen to use less memory than the one that started it: begin all families first.
 *
 * Members' settings are those of a user's runs, but sources are trained and knowledge is
 * gathered for a moment only: what they know is not what is measured. But it takes memory: for
 * that of a run with a whole table, let spec->set gather as many states as usual.
 *
 * @param[out] b large; release with bench_release(), also after a failure
 * @errors those of the plan and its runs; STATUS_INTERRUPTED.
 */
MUST_CHECK Status bench_begin(BenchFamily *b, const TaskFamily *family, const BenchSpec *spec,
                              Error *err);

/** Measure the rest, which takes some twenty seconds. @errors as bench_begin(). */
MUST_CHECK Status bench_measure(BenchFamily *b, const BenchSpec *spec, Error *err);
void bench_release(BenchFamily *b);

/** The products of an update by the faster kernel, microseconds of each round. */
const Series *bench_products(const BenchFamily *b);

/** Bare physics and products, per control step: the floor of training by @p method. */
void bench_floor(const BenchFamily *b, int method, Series *us);

/** What @p method costs beyond the first one, learning from the same experience, as a share of
 *  the first one's control step: a series of the rounds. */
void bench_overhead(const BenchFamily *b, int method, Series *share);

/** Workers' speed beside that of one, per worker or, beyond `jobs` workers, per job. */
double bench_efficiency(const BenchFamily *b, int index, int jobs);

/** Seconds that `suite list` takes. @errors those of process_measure(). */
MUST_CHECK Status bench_start_up(double *wall_s, Error *err);

#endif
