#include "suite/bench/bench.h"

#include "suite/bench/physics.h"
#include "suite/bench/process.h"
#include "suite/bench/training.h"
#include "suite/bench/workers.h"
#include "suite/core/check.h"
#include "suite/core/mem.h"
#include "suite/run/execute.h"
#include "suite/run/interrupt.h"

enum { WORKER_ROUNDS = 3, WORKER_RUNS = 4 }; // at most, and of each worker
static const char worker_steps[] = "run.steps=8000";

// small enough to be over soon; a setting of a method that is not measured is passed over
static const char *const brief[] = {"run.steps=1000", "run.episodes=1", "source.steps=2000",
                                    "dqinit.states=20000", "dqinit.prefit=0"};
enum { BRIEF_STEPS, BRIEF = sizeof brief / sizeof brief[0] }; // the first is the budget
enum { MOST_SETTINGS = BRIEF + BENCH_SETTINGS };

// ours first, so that the user's have the last word
static const char *setting(const BenchSpec *spec, int i)
{
    return i < BRIEF ? brief[i] : spec->set[i - BRIEF];
}

static Status read_settings(Override *set, const BenchSpec *spec, Error *err)
{
    Status status = STATUS_OK;
    for (int i = 0; status == STATUS_OK && i < BRIEF + spec->set_count; i++)
        status = override_parse(&set[i], setting(spec, i), err);
    return status;
}

// -- runs of every method, with sources and knowledge for those that need them

static Status make_runs(Plan *plan, const TaskFamily *family, const BenchSpec *spec, Error *err)
{
    Override set[MOST_SETTINGS];
    Status status = read_settings(set, spec, err);
    Request request = {.models = spec->models,
                       .out = spec->out,
                       .tasks = family->name,
                       .members = "base",
                       .methods = spec->methods,
                       .seeds = "1",
                       .label = "",
                       .set = set,
                       .set_count = BRIEF + spec->set_count};
    *plan = (Plan){0};
    if (status == STATUS_OK) status = plan_make(plan, &request, err);
    if (status != STATUS_OK) return status;
    Execution x = {
        .plan = plan, .models = spec->models, .out = spec->out, .workers = spec->jobs};
    status = plan_execute(&x, err);
    if (status == STATUS_OK && x.failed)
        return error_set(err, STATUS_WORKER, "%d runs of '%s' failed", x.failed, family->name);
    return status;
}

// -- processes

Status bench_start_up(double *wall_s, Error *err)
{
    const char *const argv[] = {"suite", "list", NULL};
    ProcessCost cost = {0};
    // the first time, files may have to be read from the disk
    Status status = process_measure(&cost, argv, err);
    if (status == STATUS_OK) status = process_measure(&cost, argv, err);
    *wall_s = cost.wall_s;
    return status;
}

static Status measure_first_step(BenchFamily *b, const BenchSpec *spec, Error *err)
{
    char path[PATH_LENGTH];
    ProcessCost cost = {0};
    Status status = path_format(path, err, "%s/actions", spec->out);
    if (status == STATUS_OK) status = file_write(path, "0\n", 2, err);
    const char *const argv[] = {"suite",    "rollout",    "--task", b->family->name, "--member",
                                "base",     "--seed",     "0",      "--actions",     path,
                                "--models", spec->models, NULL};
    if (status == STATUS_OK) status = process_measure(&cost, argv, err);
    b->first_step_s = cost.wall_s;
    return status;
}

// a run of another seed than those that are there, and of the whole budget, for a memory fills
// over many steps; with few updates, for its time is not measured
static Status measure_memory(BenchMethod *m, const TaskFamily *family, const BenchSpec *spec,
                             Error *err)
{
    enum { FIXED = 19 };
    static const char few_updates[] = "agent.train_every=10000";
    const char *argv[FIXED + 2 * MOST_SETTINGS + 1] = {
        "suite",    "run",           "--task",   family->name, "--member", "base",
        "--method", m->method->name, "--seeds",  "1-1",        "--jobs",   "1",
        "--out",    spec->out,       "--models", spec->models, "--quiet"};
    int argc = 0;
    while (argv[argc])
        argc++;
    argv[argc++] = "--set";
    argv[argc++] = few_updates;
    for (int i = BRIEF_STEPS + 1; i < BRIEF + spec->set_count; i++) {
        argv[argc++] = "--set";
        argv[argc++] = setting(spec, i);
    }
    ProcessCost cost = {0};
    Status status = process_measure(&cost, argv, err);
    m->peak_mb = cost.peak_mb;
    return status;
}

static Status measure_processes(BenchFamily *b, const BenchSpec *spec, Error *err)
{
    Status status = measure_first_step(b, spec, err);
    for (int i = 0; status == STATUS_OK && i < b->method_count; i++)
        status = measure_memory(&b->method[i], b->family, spec, err);
    return status;
}

// -- one core

typedef struct Stand {
    TrainingBench training[BENCH_METHODS];
    PhysicsBench physics[BENCH_METHODS];
    LearnerBench *learner;
    Experience experience;
    SourceSet sources;
} Stand;

// one round of a method: training, the same actions in physics alone, learning alone
static void round_of(Stand *s, int i, BenchMethod *m)
{
    training_bench_round(&s->training[i], &m->step_us);
    physics_bench_round(&s->physics[i], s->training[i].action, TRAINING_CHUNK, &m->env_us,
                        &m->bare_us);
    training_bench_learn(&s->training[i], &s->experience, &m->learn_us);
}

static Status stand_init(Stand *s, BenchFamily *b, const char *models, Error *err)
{
    const Run *first = &b->plan.run[b->plan.source_count];
    Status status = learner_bench_new(&s->learner, &b->agent, b->family->feature_dim,
                                      b->family->action_count, err);
    if (status == STATUS_OK) status = experience_init(&s->experience, first, models, err);
    if (status == STATUS_OK) experience_renew(&s->experience);
    if (status == STATUS_OK)
        status = source_set_read(&s->sources, &b->plan, b->plan.family, err);
    for (int i = 0; status == STATUS_OK && i < b->method_count; i++) {
        TrainingBench *t = &s->training[i];
        bool taught = b->method[i].method->needs & METHOD_NEEDS_SOURCES;
        SourceSet part = taught ? source_set_part(&s->sources, first + i) : (SourceSet){0};
        status = training_bench_init(t, first + i, taught ? &part : NULL, models, err);
        if (status == STATUS_OK)
            status = physics_bench_init(&s->physics[i], first + i, models, TRAINING_CHUNK, err);
        for (int round = 0; status == STATUS_OK && round < t->warm_up; round++)
            round_of(s, i, &(BenchMethod){0});
    }
    return status;
}

static void stand_release(Stand *s, int methods)
{
    for (int i = 0; i < methods; i++) {
        training_bench_release(&s->training[i]);
        physics_bench_release(&s->physics[i]);
    }
    experience_release(&s->experience);
    learner_bench_free(s->learner);
    source_set_release(&s->sources);
}

static Status measure_core(BenchFamily *b, const BenchSpec *spec, Error *err)
{
    Stand *s = mem_array(1, sizeof *s);
    Status status = s ? stand_init(s, b, spec->models, err) : error_nomem(err);
    for (int round = 0; status == STATUS_OK && round < spec->rounds; round++) {
        experience_renew(&s->experience);
        for (int i = 0; i < b->method_count; i++)
            round_of(s, i, &b->method[i]);
        learner_bench_round(s->learner, b->part);
        if (interrupt_pending()) status = error_set(err, STATUS_INTERRUPTED, "stopped");
    }
    if (s) stand_release(s, b->method_count);
    mem_free(s);
    return status;
}

// -- all cores

static Status measure_workers(BenchFamily *b, const BenchSpec *spec, Error *err)
{
    char out[PATH_LENGTH];
    int rounds = spec->rounds < WORKER_ROUNDS ? spec->rounds : WORKER_ROUNDS;
    Override set[MOST_SETTINGS];
    WorkersJob job = {.task = b->family->name,
                      .models = spec->models,
                      .out = out,
                      .runs = WORKER_RUNS * spec->jobs,
                      .set = set,
                      .set_count = BRIEF + spec->set_count};
    b->workers_count = spec->jobs + 1;
    for (int i = 0; i < b->workers_count; i++)
        b->workers[i].workers = i < spec->jobs ? i + 1 : 2 * spec->jobs;

    Status status = path_format(out, err, "%s/workers", spec->out);
    if (status == STATUS_OK) status = read_settings(set, spec, err);
    if (status == STATUS_OK) status = override_parse(&set[BRIEF_STEPS], worker_steps, err);
    for (int round = 0; round < rounds; round++)
        for (int i = 0; status == STATUS_OK && i < b->workers_count; i++)
            status = workers_round(&job, b->workers[i].workers, &b->workers[i].speed, err);
    return status;
}

Status bench_begin(BenchFamily *b, const TaskFamily *family, const BenchSpec *spec, Error *err)
{
    *b = (BenchFamily){.family = family};
    Status status = make_runs(&b->plan, family, spec, err);
    if (status != STATUS_OK) return status;
    const Run *run = &b->plan.run[b->plan.source_count];
    b->method_count = b->plan.count - b->plan.source_count; // one run each
    CHECK(b->method_count <= BENCH_METHODS);
    b->agent = run->settings.agent;
    for (int i = 0; i < b->method_count; i++)
        b->method[i].method = run[i].method;
    return measure_processes(b, spec, err);
}

Status bench_measure(BenchFamily *b, const BenchSpec *spec, Error *err)
{
    Status status = measure_core(b, spec, err);
    return status == STATUS_OK ? measure_workers(b, spec, err) : status;
}

void bench_release(BenchFamily *b)
{
    plan_release(&b->plan);
}

// -- what follows from the figures

const Series *bench_products(const BenchFamily *b)
{
    const Series *ours = &b->part[PART_PRODUCTS], *blas = &b->part[PART_OPENBLAS];
    return series_median(ours) < series_median(blas) ? ours : blas;
}

void bench_floor(const BenchFamily *b, int method, Series *us)
{
    const Series *products = bench_products(b), *bare = &b->method[method].bare_us;
    *us = (Series){0};
    for (int i = 0; i < bare->count; i++)
        series_add(us, bare->value[i] + products->value[i] / b->agent.train_every);
}

void bench_overhead(const BenchFamily *b, int method, Series *share)
{
    const BenchMethod *first = &b->method[0], *m = &b->method[method];
    *share = (Series){0};
    for (int i = 0; i < m->learn_us.count; i++)
        series_add(share,
                   (m->learn_us.value[i] - first->learn_us.value[i]) / first->step_us.value[i]);
}

double bench_efficiency(const BenchFamily *b, int index, int jobs)
{
    int workers = b->workers[index].workers;
    double ratio = series_ratio(&b->workers[index].speed, &b->workers[0].speed);
    return ratio / (workers < jobs ? workers : jobs);
}
