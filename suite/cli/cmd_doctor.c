/** @file
 * `suite doctor`: what this installation is made of, and whether its parts work.
 *
 * Layer: cli.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agents/kernel.h"
#include "suite/cli/commands.h"
#include "suite/cli/options.h"
#include "suite/core/file.h"
#include "suite/core/mem.h"
#include "suite/env/env.h"
#include "suite/env/physics.h"
#include "suite/run/plan.h"
#include "suite/run/program.h"
#include "suite/run/registry.h"
#include "suite/run/trainer.h"
#include "suite/view/offscreen.h"
#include "suite/view/window.h"

enum { PHYSICS_STEPS = 5000, LEARNING_STEPS = 5000 }; // of each family

// where `suite view` and `suite record` can show anything
static void print_sights(void)
{
    Offscreen *offscreen;
    Error err = {0};
    const char *display = getenv("DISPLAY");
    (void)printf("display   %s; this build %s\n", display ? display : "none",
                 window_is_there() ? "opens windows by GLFW" : "has no window, without GLFW");
    if (offscreen_new(&offscreen, 1, 1, &err) == STATUS_OK)
        (void)printf("pictures  by %s, without a display\n", offscreen_name(offscreen));
    else
        (void)printf("pictures  none: %s\n", err.message);
    offscreen_free(offscreen);
}

static void print_parts(const char *models)
{
    char blas[RECORD_NAME], cpu[RECORD_NAME];
    kernel_name(blas, sizeof blas);
    program_cpu(cpu, sizeof cpu);
    int cores = program_cores();

    (void)printf("program   suite %s, commit %s\n", program_version(), program_commit());
    (void)printf("compiler  %s\n", program_compiler());
    (void)printf("MuJoCo    %s\n", physics_version());
    (void)printf("kernel    %s, on one thread; SUITE_KERNEL=NAME takes another\n", blas);
    (void)printf("machine   %s, %d usable core%s\n", cpu, cores, cores == 1 ? "" : "s");
    print_sights();
    (void)printf("models    %s\n", models);
}

// -- the self-test: each part says what it did in one line, or fails

// a family's base member in a run of scratch, and a twin of its physics
typedef struct Patient {
    const TaskFamily *family;
    Plan plan;
    Trainer trainer;
    Env *env, *twin;
} Patient;

static Status admit(Patient *p, const TaskFamily *family, const char *models, Error *err)
{
    // a fresh plan looks at no results, and nothing is written
    Request request = {.models = models,
                       .out = "doctor",
                       .tasks = family->name,
                       .members = "base",
                       .methods = "scratch",
                       .seeds = "1",
                       .label = "",
                       .fresh = true};
    *p = (Patient){.family = family};
    Status status = plan_make(&p->plan, &request, err);
    if (status != STATUS_OK) return status;
    const Run *run = &p->plan.run[0];
    status = trainer_init(&p->trainer, run, NULL, models, err);
    if (status == STATUS_OK)
        status = env_new(&p->env, family, models, run->member, run->settings.task, err);
    if (status == STATUS_OK)
        status = env_new(&p->twin, family, models, run->member, run->settings.task, err);
    return status;
}

static void discharge(Patient *p)
{
    env_free(p->env);
    env_free(p->twin);
    trainer_release(&p->trainer);
    plan_release(&p->plan);
}

// the same actions in two simulations give the same bits
static Status test_physics(Patient *p, Error *err)
{
    RngStream rng = rng_stream(1, RNG_EXPLORE, 0);
    double began = clock_cpu_s();
    for (int t = 0, episode = 0; t < PHYSICS_STEPS; t++) {
        if (env_is_over(p->env)) {
            env_reset(p->env, rng_stream(1, RNG_RESET, (uint64_t)episode));
            env_reset(p->twin, rng_stream(1, RNG_RESET, (uint64_t)episode++));
        }
        int action = rng_below(&rng, p->family->action_count);
        EnvStep a = env_step(p->env, action), b = env_step(p->twin, action);
        size_t size = (size_t)p->family->obs_dim * sizeof(double);
        if (a.reward != b.reward ||
            memcmp(env_observation(p->env), env_observation(p->twin), size) != 0)
            return error_set(err, STATUS_PHYSICS,
                             "two equal simulations of '%s' differ at step %d", p->family->name,
                             t);
    }
    (void)printf("%-17s %7d %9.3g", p->family->name, p->plan.family[0].count,
                 2.0 * PHYSICS_STEPS / (clock_cpu_s() - began) / 1000.0);
    return STATUS_OK;
}

static void train(Patient *p, int steps)
{
    for (int t = 0; t < steps; t++)
        (void)trainer_step(&p->trainer);
}

// did training change every layer, and leave nothing that is no number?
static Status check_learned(const Network *net, const float *before, Error *err)
{
    int changed = 0;
    for (int i = 0; i < net->param_count; i++) {
        if (!isfinite(net->params[i]))
            return error_set(err, STATUS_PHYSICS, "training left a weight that is no number");
        changed += net->params[i] != before[i];
    }
    if (changed > net->param_count / 2) return STATUS_OK;
    return error_set(err, STATUS_PHYSICS, "training changed %d of %d weights only", changed,
                     net->param_count);
}

static Status test_learning(Patient *p, Error *err)
{
    const Network *net = agent_network(p->trainer.agent);
    size_t size = (size_t)net->param_count * sizeof(float);
    float *weights = mem_array(1, size);
    if (!weights) return error_nomem(err);
    memcpy(weights, net->params, size);

    train(p, p->plan.run[0].settings.agent.learning_start);
    double began = clock_cpu_s();
    train(p, LEARNING_STEPS);
    (void)printf(" %9.3g\n", LEARNING_STEPS / (clock_cpu_s() - began) / 1000.0);
    Status status = check_learned(net, weights, err);
    mem_free(weights);
    return status;
}

static Status test_files(Error *err)
{
    const char *folder = getenv("TMPDIR");
    char path[PATH_LENGTH];
    char *back = NULL;
    Status status =
        path_format(path, err, "%s/suite-doctor-%ld", folder ? folder : "/tmp", (long)getpid());
    if (status == STATUS_OK) status = file_write(path, "well", 4, err);
    if (status == STATUS_OK) status = file_read(&back, NULL, path, 4, err);
    if (status == STATUS_OK && strcmp(back, "well") != 0)
        status = error_set(err, STATUS_IO, "'%s' does not hold what was written", path);
    mem_free(back);
    if (file_remove(path, NULL) == STATUS_OK && status == STATUS_OK)
        (void)printf("files     written whole in '%s'\n", folder ? folder : "/tmp");
    return status;
}

static Status test_family(const TaskFamily *family, const char *models, Error *err)
{
    Patient patient;
    Status status = admit(&patient, family, models, err);
    if (status == STATUS_OK) status = test_physics(&patient, err);
    if (status == STATUS_OK) status = test_learning(&patient, err);
    discharge(&patient);
    return status;
}

static Status test_all(const char *models, Error *err)
{
    Status status = STATUS_OK;
    (void)printf("\n%-17s %7s %9s %9s   thousand control steps a second on one core;\n",
                 "family", "members", "physics", "learning");
    (void)printf("%-17s %7s %9s %9s   physics repeatable to the last bit\n", "", "", "alone",
                 "scratch");
    for (int i = 0; status == STATUS_OK && i < family_count(); i++)
        status = test_family(family_at(i), models, err);
    (void)printf("\n");
    return status == STATUS_OK ? test_files(err) : status;
}

int cmd_doctor(int argc, const char **argv)
{
    const char *models = NULL;
    bool helped;
    const Option option[] = {
        {"models", OPTION_TEXT, &models, "DIR", "models folder (SUITE_MODELS, or our own)"},
    };
    CommandLine line = {
        argc,        argv,
        "[options]", "Say what this installation is made of and test it for a few seconds.",
        option,      sizeof option / sizeof option[0]};
    Options *options;
    Error err = {0};

    Status status = options_parse(&options, &line, NULL, &helped, &err);
    if (status == STATUS_OK && !helped) {
        print_parts(program_models(models));
        status = test_all(program_models(models), &err);
        if (status == STATUS_OK) (void)printf("all well\n");
    }
    options_free(options);
    return status == STATUS_OK ? EXIT_DONE : fail(&err);
}
