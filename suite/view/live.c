#include "suite/view/live.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include "suite/core/file.h"
#include "suite/core/mem.h"

static const double look_s = 0.3; // between two looks at the sources

struct Live {
    LiveSpec spec;
    Run *run;       // the target, of the plan
    pid_t maker;    // 0: it has ended
    bool made;      // and well
    double look_at; // wall time of the next look
    SourceSet sources, part;
    Trainer trainer;
    bool training; // the copy has begun
};

// what it has to say on standard output is about a job, and nobody's here. @return 0 or what
// was wrong
static int begin_maker(Live *live)
{
    posix_spawn_file_actions_t actions;
    int wrong = posix_spawn_file_actions_init(&actions);
    if (wrong) return wrong;
    wrong = posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    // it takes the words as writable and leaves them as they are
    char *const *argv = (char *const *)(const void *)live->spec.words;
    if (!wrong)
        wrong = posix_spawn(&live->maker, live->spec.program, &actions, NULL, argv, environ);
    (void)posix_spawn_file_actions_destroy(&actions);
    return wrong;
}

Status live_new(Live **out, const LiveSpec *spec, Error *err)
{
    *out = NULL;
    Live *live = mem_array(1, sizeof *live);
    if (!live) return error_nomem(err);
    live->spec = *spec;
    live->run = &spec->plan->run[spec->plan->source_count];
    int wrong = begin_maker(live);
    if (wrong) {
        mem_free(live);
        return error_set(err, STATUS_IO, "cannot start `suite run`: %s", strerror(wrong));
    }
    *out = live;
    return STATUS_OK;
}

void live_free(Live *live)
{
    if (!live) return;
    if (live->maker) {
        (void)kill(live->maker, SIGTERM);
        while (waitpid(live->maker, NULL, 0) < 0 && errno == EINTR)
            continue;
    }
    trainer_release(&live->trainer);
    source_set_release(&live->sources);
    mem_free(live);
}

// -- the run

static Status look_at_maker(Live *live, Error *err)
{
    int exit;
    if (!live->maker || waitpid(live->maker, &exit, WNOHANG) != live->maker) return STATUS_OK;
    live->maker = 0;
    live->made = WIFEXITED(exit) && WEXITSTATUS(exit) == 0;
    if (live->made) return STATUS_OK;
    return error_set(err, STATUS_WORKER, "`suite run` did not make '%s'", live->run->folder);
}

// -- the copy

int live_sources(const Live *live, int *trained)
{
    const Plan *plan = live->spec.plan;
    *trained = 0;
    for (int i = 0; i < plan->source_count; i++)
        *trained += plan->run[i].is_done;
    return plan->source_count;
}

// read what the run learns from. @param[out] there is it complete?
static Status read_sources(Live *live, bool *there, Error *err)
{
    const Plan *plan = live->spec.plan;
    int trained;
    *there = true;
    if (plan->source_count == 0) return STATUS_OK;
    Status status = plan_look(live->spec.plan, err);
    *there = status == STATUS_OK && live_sources(live, &trained) == trained;
    if (!*there) return status;
    source_set_release(&live->sources);
    status = source_set_read(&live->sources, plan, live->run->members, err);
    if (status != STATUS_OK || !live->run->method->build) return status;
    live->part = source_set_part(&live->sources, live->run);
    status = knowledge_name(live->run, &live->part, live->spec.out, err);
    *there = status == STATUS_OK && file_exists(live->run->knowledge);
    return status;
}

static Status begin_copy(Live *live, Error *err)
{
    bool there;
    if (clock_wall_s() < live->look_at) return STATUS_OK;
    live->look_at = clock_wall_s() + look_s;
    Status status = read_sources(live, &there, err);
    if (status != STATUS_OK || !there) return status;
    live->part = source_set_part(&live->sources, live->run);
    const SourceSet *set = live->sources.count ? &live->part : NULL;
    status = trainer_init(&live->trainer, live->run, set, live->spec.models, err);
    live->training = status == STATUS_OK;
    return status;
}

// as a run trains: a trial of sources first, if there is one
static Status train(Live *live, int steps, Error *err)
{
    Trainer *t = &live->trainer;
    for (int i = 0; i < steps && t->step < live->run->settings.run.steps; i++) {
        bool tried = trainer_is_trying(t);
        (void)trainer_step(t);
        if (!tried || trainer_is_trying(t)) continue;
        Status status = trainer_choose(t, err);
        if (status != STATUS_OK) return status;
    }
    return STATUS_OK;
}

Status live_go_on(Live *live, int steps, Error *err)
{
    Status status = look_at_maker(live, err);
    if (status == STATUS_OK && !live->training) status = begin_copy(live, err);
    if (status == STATUS_OK && live->training) status = train(live, steps, err);
    return status;
}

const Run *live_run(const Live *live)
{
    return live->run;
}

Agent *live_agent(const Live *live)
{
    return live->training ? live->trainer.agent : NULL;
}

int64_t live_step(const Live *live)
{
    return live->training ? live->trainer.step : 0;
}

bool live_is_made(const Live *live)
{
    return live->made;
}
