/** @file
 * `suite bench`: how fast this machine is, each figure beside its floor.
 *
 * Layer: cli.
 */
#include <stdio.h>
#include <stdlib.h>

#include "agents/kernel.h"
#include "suite/bench/bench.h"
#include "suite/cli/commands.h"
#include "suite/cli/options.h"
#include "suite/core/json.h"
#include "suite/core/log.h"
#include "suite/core/mem.h"
#include "suite/env/physics.h"
#include "suite/run/program.h"
#include "suite/run/registry.h"

typedef struct BenchArgs {
    const char *task, *method, *rounds, *jobs, *models;
    TextList set;
    bool json;
} BenchArgs;

typedef struct Results {
    BenchFamily *family; // (count)
    int count;
    double start_up_s;
    BenchSpec spec;
} Results;

// -- as a table

static void print_machine(const BenchSpec *spec)
{
    char kernel[RECORD_NAME], cpu[RECORD_NAME];
    kernel_name(kernel, sizeof kernel);
    program_cpu(cpu, sizeof cpu);
    (void)printf("suite %s (%s), %s, MuJoCo %s\n", program_version(), program_commit(),
                 program_compiler(), physics_version());
    (void)printf("kernel %s; %s, %d usable cores\n", kernel, cpu, program_cores());
    (void)printf("medians of %d round%s; CPU time on one core unless it says otherwise\n",
                 spec->rounds, spec->rounds == 1 ? "" : "s");
}

static void print_physics(const Results *r)
{
    (void)printf("\nphysics: us a control step, beside a bare loop of mj_step on the same "
                 "model\n%-17s %8s %8s %8s\n",
                 "", "bare", "suite", "of bare");
    for (int i = 0; i < r->count; i++) {
        const BenchFamily *b = &r->family[i];
        const BenchMethod *first = &b->method[0];
        (void)printf("%-17s %8.2f %8.2f %8.3f\n", b->family->name,
                     series_median(&first->bare_us), series_median(&first->env_us),
                     series_ratio(&first->bare_us, &first->env_us));
    }
}

static void print_learner(const Results *r)
{
    (void)printf("\nlearner: us an update, beside its matrix products alone, by the kernel in "
                 "use or OpenBLAS\n%-17s %8s",
                 "", "network");
    for (int p = 0; p < LEARNER_PARTS; p++)
        (void)printf(" %8s", learner_part_name((LearnerPart)p));
    (void)printf(" %8s\n", "of floor");
    for (int i = 0; i < r->count; i++) {
        const BenchFamily *b = &r->family[i];
        char network[32];
        (void)snprintf(network, sizeof network, "%dx%d", b->agent.layers, b->agent.hidden);
        (void)printf("%-17s %8s", b->family->name, network);
        for (int p = 0; p < LEARNER_PARTS; p++)
            (void)printf(" %8.2f", series_median(&b->part[p]));
        (void)printf(" %8.3f\n", series_ratio(bench_products(b), &b->part[PART_UPDATE]));
    }
}

static void print_training(const Results *r)
{
    (void)printf(
        "\ntraining: us a control step, beside bare physics and the products of its "
        "share of an update;\noverhead over the first method, on the same experience\n%-17s "
        "%-10s %8s %8s %8s %8s %9s %7s\n",
        "", "method", "floor", "suite", "of floor", "steps/s", "overhead", "peak MB");
    for (int i = 0; i < r->count; i++) {
        const BenchFamily *b = &r->family[i];
        for (int m = 0; m < b->method_count; m++) {
            const Series *us = &b->method[m].step_us;
            Series floor, overhead;
            bench_floor(b, m, &floor);
            bench_overhead(b, m, &overhead);
            (void)printf("%-17s %-10s %8.2f %8.2f %8.3f %8.0f %8.1f%% %7.1f\n",
                         m ? "" : b->family->name, b->method[m].method->name,
                         series_median(&floor), series_median(us), series_ratio(&floor, us),
                         1e6 / series_median(us), 100.0 * series_median(&overhead),
                         b->method[m].peak_mb);
        }
    }
}

static void print_workers(const Results *r)
{
    (void)printf("\nworkers: runs of scratch with records and files; control steps/s of wall "
                 "time, and the share of one worker's speed that each adds\n%-17s",
                 "");
    for (int w = 0; w <= r->spec.jobs; w++)
        (void)printf(" %9d %6s", r->family[0].workers[w].workers, "");
    for (int i = 0; i < r->count; i++) {
        const BenchFamily *b = &r->family[i];
        (void)printf("\n%-17s", b->family->name);
        for (int w = 0; w < b->workers_count; w++)
            (void)printf(" %9.0f %6.3f", series_median(&b->workers[w].speed),
                         bench_efficiency(b, w, r->spec.jobs));
    }
    (void)printf("\n");
}

static void print_start_up(const Results *r)
{
    (void)printf("\nstart-up: suite list %.1f ms; from start to the first control step, ms:",
                 1e3 * r->start_up_s);
    for (int i = 0; i < r->count; i++)
        (void)printf(" %s %.1f", r->family[i].family->name, 1e3 * r->family[i].first_step_s);
    (void)printf("\n");
}

static void print_text(const Results *r)
{
    print_machine(&r->spec);
    print_physics(r);
    print_learner(r);
    print_training(r);
    print_workers(r);
    print_start_up(r);
}

// -- as JSON

static void put_family(Json *json, JsonNode *node, const Results *r, const BenchFamily *b)
{
    json_put_string(json, node, "family", b->family->name);
    json_put_number(json, node, "first_step_ms", 1e3 * b->first_step_s);

    JsonNode *parts = json_put_object(json, node, "learner_us");
    for (int p = 0; p < LEARNER_PARTS; p++)
        json_put_number(json, parts, learner_part_name((LearnerPart)p),
                        series_median(&b->part[p]));
    json_put_number(json, node, "update_of_floor",
                    series_ratio(bench_products(b), &b->part[PART_UPDATE]));

    JsonNode *methods = json_put_array(json, node, "methods");
    for (int m = 0; m < b->method_count; m++) {
        const BenchMethod *one = &b->method[m];
        Series floor, overhead;
        bench_floor(b, m, &floor);
        bench_overhead(b, m, &overhead);
        JsonNode *method = json_put_object(json, methods, NULL);
        json_put_string(json, method, "method", one->method->name);
        json_put_number(json, method, "bare_us", series_median(&one->bare_us));
        json_put_number(json, method, "env_us", series_median(&one->env_us));
        json_put_number(json, method, "env_of_bare", series_ratio(&one->bare_us, &one->env_us));
        json_put_number(json, method, "floor_us", series_median(&floor));
        json_put_number(json, method, "step_us", series_median(&one->step_us));
        json_put_number(json, method, "learn_us", series_median(&one->learn_us));
        json_put_number(json, method, "of_floor", series_ratio(&floor, &one->step_us));
        json_put_number(json, method, "overhead", series_median(&overhead));
        json_put_number(json, method, "peak_mb", b->method[m].peak_mb);
    }
    JsonNode *workers = json_put_array(json, node, "workers");
    for (int w = 0; w < b->workers_count; w++) {
        JsonNode *row = json_put_object(json, workers, NULL);
        json_put_number(json, row, "workers", b->workers[w].workers);
        json_put_number(json, row, "steps_per_s", series_median(&b->workers[w].speed));
        json_put_number(json, row, "efficiency", bench_efficiency(b, w, r->spec.jobs));
    }
}

static Status print_json(const Results *r, Error *err)
{
    char kernel[RECORD_NAME], cpu[RECORD_NAME];
    Json *json;
    Text text = TEXT_INIT;
    Status status = json_new(&json, err);
    if (status != STATUS_OK) return status;

    kernel_name(kernel, sizeof kernel);
    program_cpu(cpu, sizeof cpu);
    JsonNode *root = json_root(json);
    json_put_string(json, root, "version", program_version());
    json_put_string(json, root, "commit", program_commit());
    json_put_string(json, root, "compiler", program_compiler());
    json_put_string(json, root, "mujoco", physics_version());
    json_put_string(json, root, "kernel", kernel);
    json_put_string(json, root, "cpu", cpu);
    json_put_number(json, root, "cores", program_cores());
    json_put_number(json, root, "rounds", r->spec.rounds);
    json_put_number(json, root, "list_ms", 1e3 * r->start_up_s);
    JsonNode *families = json_put_array(json, root, "families");
    for (int i = 0; i < r->count; i++)
        put_family(json, json_put_object(json, families, NULL), r, &r->family[i]);
    status = json_print(json, &text, err);
    if (status == STATUS_OK) (void)fputs(text.data, stdout);
    text_release(&text);
    json_free(json);
    return status;
}

// -- the work

// the plan reads the lists and finds every mistake in them
static Status choose_families(const TaskFamily **family, int *count, const char *tasks,
                              const BenchSpec *spec, Error *err)
{
    Request request = {.models = spec->models,
                       .out = spec->out,
                       .tasks = tasks,
                       .members = "base",
                       .methods = spec->methods,
                       .seeds = "1",
                       .label = ""};
    Plan plan;
    Status status = plan_make(&plan, &request, err);
    *count = status == STATUS_OK ? plan.family_count : 0;
    for (int i = 0; i < *count; i++)
        family[i] = plan.family[i].family;
    plan_release(&plan);
    return status;
}

static Status measure(Results *r, const BenchArgs *args, Error *err)
{
    const TaskFamily **family = mem_array((size_t)family_count(), sizeof(const TaskFamily *));
    r->family = mem_array((size_t)family_count(), sizeof *r->family);
    Status status = family && r->family ? STATUS_OK : error_nomem(err);
    int count = 0;
    if (status == STATUS_OK)
        status =
            choose_families(family, &count, args->task ? args->task : "all", &r->spec, err);
    if (status == STATUS_OK) status = bench_start_up(&r->start_up_s, err);
    for (int i = 0; status == STATUS_OK && i < count; i++) {
        status = bench_begin(&r->family[i], family[i], &r->spec, err);
        r->count++;
    }
    for (int i = 0; status == STATUS_OK && i < count; i++)
        status = bench_measure(&r->family[i], &r->spec, err);
    mem_free(family);
    return status;
}

// measure in a folder that is gone afterwards
static Status measure_in_folder(Results *r, const BenchArgs *args, Error *err)
{
    const char *temporary = getenv("TMPDIR");
    char folder[PATH_LENGTH];
    Status status =
        path_format(folder, err, "%s/suite-bench-XXXXXX", temporary ? temporary : "/tmp");
    if (status != STATUS_OK) return status;
    if (!mkdtemp(folder))
        return error_set(err, STATUS_IO, "cannot make a folder in '%s', which TMPDIR can name",
                         temporary ? temporary : "/tmp");
    r->spec.out = folder;
    status = measure(r, args, err);
    r->spec.out = NULL;
    Error why = {0};
    if (folder_remove(folder, &why) != STATUS_OK) log_warning("%s", why.message);
    return status;
}

static Status bench(const BenchArgs *args, Error *err)
{
    int cores = program_cores();
    Results r = {.spec = {.models = program_models(args->models),
                          .methods = args->method ? args->method : "all",
                          .set = args->set.text,
                          .set_count = args->set.count,
                          .rounds = 15,
                          .jobs = cores < BENCH_WORKERS ? cores : BENCH_WORKERS}};
    log_set_quiet(true); // the runs' own notes
    Status status = option_int("rounds", args->rounds, 1, ROUNDS_MAX, &r.spec.rounds, err);
    if (status == STATUS_OK)
        status = option_int("jobs", args->jobs, 1, BENCH_WORKERS, &r.spec.jobs, err);
    if (status == STATUS_OK) status = measure_in_folder(&r, args, err);
    if (status == STATUS_OK && args->json)
        status = print_json(&r, err);
    else if (status == STATUS_OK)
        print_text(&r);
    for (int i = 0; i < r.count; i++)
        bench_release(&r.family[i]);
    mem_free(r.family);
    return status;
}

int cmd_bench(int argc, const char **argv)
{
    BenchArgs args = {0};
    const Option option[] = {
        {"task", OPTION_TEXT, &args.task, "LIST", "families, comma separated (all)"},
        {"method", OPTION_TEXT, &args.method, "LIST",
         "methods, comma separated; overhead is over the first (all)"},
        {"rounds", OPTION_TEXT, &args.rounds, "N", "rounds that medians are taken over (15)"},
        {"jobs", OPTION_TEXT, &args.jobs, "J", "most workers, then twice that (usable cores)"},
        {"set", OPTION_LIST, &args.set, "KEY=VALUE", "a setting; `suite list settings`"},
        {"models", OPTION_TEXT, &args.models, "DIR",
         "models folder (SUITE_MODELS, or our own)"},
        {"json", OPTION_FLAG, &args.json, NULL, "print JSON"},
    };
    CommandLine line = {
        argc,
        argv,
        "[options]",
        "Measure this machine's speed: physics, learner, training, workers, start-up.\n"
        "Each figure stands beside its floor. About half a minute a family; leave the machine "
        "alone meanwhile.",
        option,
        sizeof option / sizeof option[0]};
    Options *options;
    Error err = {0};
    bool helped;

    Status status = options_parse(&options, &line, NULL, &helped, &err);
    if (status == STATUS_OK && !helped) status = bench(&args, &err);
    options_free(options);
    return status == STATUS_OK ? EXIT_DONE : fail(&err);
}
