#include "suite/run/runner.h"

#include <math.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "results/record.h"
#include "results/stats.h"
#include "results/trace.h"
#include "suite/core/check.h"
#include "suite/core/log.h"
#include "suite/core/mem.h"
#include "suite/run/evaluate.h"
#include "suite/run/identity.h"
#include "suite/run/interrupt.h"
#include "suite/run/method_file.h"
#include "suite/run/program.h"
#include "suite/run/references.h"
#include "suite/run/trainer.h"

// all that one run needs, taken before its first step
typedef struct Runner {
    const Run *run;
    int64_t budget;

    Trainer trainer;
    Env *judge; // evaluated in
    int64_t diverged;
    double episode_return;

    int64_t evaluation_step[EVALUATIONS];
    int evaluated;
    EvalCurve curve;
    Trace trace;     // no rows unless the method tells some
    double *returns; // of one evaluation
    EpisodeRow *history;
    int history_count;

    Network best; // the best evaluated, if the run keeps that one
    double best_mean;

    RunRecord record;
    double started_wall_s, started_cpu_s;
} Runner;

static void release(Runner *r)
{
    trainer_release(&r->trainer);
    env_free(r->judge);
    mem_free(r->returns);
    mem_free(r->history);
    eval_curve_release(&r->curve);
    trace_release(&r->trace);
    network_release(&r->best);
    record_release(&r->record);
}

// -- beginning

// the run, and what makes it
static Status sign(RunRecord *record, const Run *run, Error *err)
{
    Status status = run_identify(record, run, err);
    program_sign(record);
    program_time(record->timing.started, RECORD_NAME);
    program_host(record->timing.host, RECORD_NAME);
    record->timing.pid = (int)getpid();
    return status;
}

// a source that learned little has little to teach, which explains much in the target
static Status warn_if_short(Runner *r, const Run *run, const RecordSource *source, Error *err)
{
    double normalised;
    Text sentence = TEXT_INIT;
    Status status = references_score(&normalised, run, source->score, err);
    if (status != STATUS_OK || !references_short(normalised)) return status;
    text_printf(&sentence,
                "source '%s' of '%s' (seed %d) falls short: its return of %.4g is %.2f of its "
                "reference; source.steps gives it more training",
                source->member, r->record.family, source->seed, source->score, normalised);
    status = text_status(&sentence, err);
    if (status == STATUS_OK) status = record_add_warning(&r->record, sentence.data, err);
    text_release(&sentence);
    return status;
}

static Status record_sources(Runner *r, const SourceSet *sources, Error *err)
{
    Status status = STATUS_OK;
    for (int i = 0; sources && status == STATUS_OK && i < sources->count; i++) {
        RecordSource source = {.seed = sources->run[i]->seed,
                               .score = sources->policy[i].score};
        (void)snprintf(source.member, RECORD_NAME, "%s", sources->run[i]->member->name);
        (void)snprintf(source.hash, RECORD_NAME, "%s", sources->policy[i].hash);
        status = record_add_source(&r->record, &source, err);
        if (status == STATUS_OK) status = warn_if_short(r, sources->run[i], &source, err);
    }
    if (r->run->knowledge[0])
        (void)snprintf(r->record.knowledge_hash, RECORD_NAME, "%s", r->run->knowledge_hash);
    return status;
}

// what the method carries over from its sources. A file for a method of one source has a part
// for each, all alike, so that its share is the part, or those of all that it takes
static void weigh_knowledge(Runner *r)
{
    const Trainer *t = &r->trainer;
    struct stat info;
    int64_t bytes = 0;
    bool of_one = r->run->method->needs & METHOD_TAKES_ONE && t->source_count > 0;
    if (r->run->knowledge[0] && stat(r->run->knowledge, &info) == 0)
        bytes = of_one ? info.st_size * t->picked_count / t->source_count : info.st_size;
    for (int i = 0; of_one && i < t->picked_count; i++)
        bytes +=
            (int64_t)t->source[t->picked + i].network->param_count * (int64_t)sizeof(float);
    r->record.knowledge_bytes = bytes;
}

static Status take_memory(Runner *r, Error *err)
{
    int episodes = r->run->settings.run.episodes;
    r->returns = mem_array((size_t)episodes, sizeof *r->returns);
    r->history = mem_array((size_t)r->budget, sizeof *r->history); // every step may end one
    if (!r->returns || !r->history) return error_nomem(err);
    Status status = eval_curve_init(&r->curve, 2 * EVALUATIONS, episodes, err);
    if (status == STATUS_OK && r->run->method->trace)
        status = trace_init(&r->trace, EVALUATIONS * TRACE_NUMBERS, err);
    return status;
}

// room for the best network so far, if that is the one to keep
static Status begin_keeping(Runner *r, Error *err)
{
    if (r->run->settings.run.keep != KEEP_BEST) return STATUS_OK;
    const Network *net = agent_network(r->trainer.agent);
    NetworkShape shape = {net->units[0], net->units[1], net->layers - 1,
                          net->units[net->layers]};
    return network_init(&r->best, shape, err);
}

static Status begin(Runner *r, const Run *run, const SourceSet *sources, const char *models,
                    Error *err)
{
    r->run = run;
    r->budget = run->settings.run.steps;
    r->best_mean = -HUGE_VAL;
    (void)evaluation_steps(r->budget, r->evaluation_step);
    r->started_wall_s = clock_wall_s();
    r->started_cpu_s = clock_cpu_s();

    Status status = take_memory(r, err);
    if (status == STATUS_OK) status = record_sources(r, sources, err);
    if (status == STATUS_OK) status = trainer_init(&r->trainer, run, sources, models, err);
    if (status == STATUS_OK)
        status = env_new(&r->judge, run->members->family, models, run->member,
                         run->settings.task, err);
    if (status == STATUS_OK) hash_format(env_model_hash(r->judge), r->record.model_hash);
    if (status == STATUS_OK) status = begin_keeping(r, err);
    if (status == STATUS_OK) weigh_knowledge(r);
    return status;
}

// -- training

static void trace_number(void *sink, const char *name, double value)
{
    Runner *r = sink;
    trace_add(&r->trace, r->trainer.step, name, value);
}

static void trace_now(Runner *r)
{
    const Method *method = r->run->method;
    if (method->trace) method->trace(r->trainer.method, &(Report){r, trace_number, NULL});
}

static void evaluate_now(Runner *r)
{
    EvalStarts starts = {r->trainer.key, SERIES_TRAINING + r->evaluated,
                         r->run->settings.run.episodes};
    Agent *agent = r->trainer.agent;
    EvalSample sample = evaluate(r->judge, agent_deployed, agent, starts, r->returns);
    eval_curve_add(&r->curve, r->trainer.step, POLICY_DEPLOYED, &sample);
    if (agent_acts_otherwise(agent)) {
        sample = evaluate(r->judge, agent_greedy, agent, starts, r->returns);
        eval_curve_add(&r->curve, r->trainer.step, POLICY_NETWORK, &sample);
    }
    r->evaluated++;
    trace_now(r);

    // the network is what is kept; a later snapshot that is as good has seen more
    double mean = r->curve.row[r->curve.count - 1].mean;
    if (r->best.params && mean >= r->best_mean) {
        network_copy(&r->best, agent_network(r->trainer.agent));
        r->best_mean = mean;
    }
}

static void end_episode(Runner *r, const EnvStep *last)
{
    r->history[r->history_count++] = (EpisodeRow){.step = r->trainer.step,
                                                  .episode_return = r->episode_return,
                                                  .length = env_elapsed(r->trainer.env),
                                                  .terminated = last->terminated,
                                                  .truncated = last->truncated};
    r->diverged += last->diverged;
    r->episode_return = 0.0;
}

static void step(Runner *r)
{
    EnvStep made = trainer_step(&r->trainer);
    r->episode_return += made.reward; // 0 if it diverged
    if (env_is_over(r->trainer.env)) end_episode(r, &made);
}

// step on while @p trying or not, to the end of the budget
static void step_on(Runner *r, bool trying)
{
    int64_t taken = mem_count();
    while (r->trainer.step < r->budget && !interrupt_pending() &&
           trainer_is_trying(&r->trainer) == trying) {
        step(r);
        if (r->trainer.step == r->evaluation_step[r->evaluated]) evaluate_now(r);
    }
    CHECK(mem_count() == taken); // all memory was taken before the first step
}

static Status train(Runner *r, Error *err)
{
    evaluate_now(r);
    if (trainer_is_trying(&r->trainer)) {
        step_on(r, true);
        if (!trainer_is_trying(&r->trainer)) {
            Status status = trainer_choose(&r->trainer, err);
            if (status != STATUS_OK) return status;
        }
    }
    step_on(r, false);
    if (r->trainer.step == r->budget) return STATUS_OK;
    return error_set(err, STATUS_INTERRUPTED, "stopped at step %lld of %lld",
                     (long long)r->trainer.step, (long long)r->budget);
}

// -- ending

typedef struct ReportSink {
    RunRecord *record;
    Status status;
    Error *err;
} ReportSink;

static void record_number(void *context, const char *name, double value)
{
    ReportSink *sink = context;
    if (sink->status == STATUS_OK)
        sink->status = record_add_diagnostic(sink->record, name, value, sink->err);
}

static void record_warning(void *context, const char *sentence)
{
    ReportSink *sink = context;
    if (sink->status == STATUS_OK)
        sink->status = record_add_warning(sink->record, sentence, sink->err);
}

// what the method's prior policy returns in the target, before anything was learned there
static Status judge_prior(Runner *r, Error *err)
{
    if (!r->run->method->prior) return STATUS_OK;
    EvalStarts starts = {r->trainer.key, SERIES_PRIOR, r->run->settings.run.episodes};
    EvalSample sample =
        evaluate(r->judge, r->run->method->prior, r->trainer.method, starts, r->returns);
    return record_add_diagnostic(&r->record, "prior_return",
                                 stats_mean(sample.returns, sample.episodes), err);
}

// the trial is the first part of the budget, and should be a small one
static Status warn_if_spent(Runner *r, Error *err)
{
    const Trainer *t = &r->trainer;
    Text sentence = TEXT_INIT;
    if (t->trial.steps < r->budget) return STATUS_OK;
    text_printf(&sentence,
                "source.pick=best: the trial of %d sources (source.trial=%d) took all of "
                "run.steps=%lld and nothing was learned",
                t->source_count, r->run->settings.run.source_trial, (long long)r->budget);
    if (trainer_is_trying(t))
        text_printf(&sentence, "; it had not ended, so the source is that of the seed");
    Status status = text_status(&sentence, err);
    if (status == STATUS_OK) status = record_add_warning(&r->record, sentence.data, err);
    text_release(&sentence);
    return status;
}

// which source a method of one source learned from, and what finding it out cost; no member is
// called "all"
static Status record_pick(Runner *r, Error *err)
{
    const Trainer *t = &r->trainer;
    if (!(r->run->method->needs & METHOD_TAKES_ONE) || t->source_count == 0) return STATUS_OK;
    bool all = r->run->settings.run.source_pick == PICK_ALL;
    (void)snprintf(r->record.picked_source, RECORD_NAME, "%s",
                   all ? "all" : t->source[t->picked].member);
    weigh_knowledge(r); // a trial may have picked another
    if (t->trial.episodes == 0) return STATUS_OK;
    Status status =
        record_add_diagnostic(&r->record, "trial_steps", (double)t->trial.steps, err);
    return status == STATUS_OK ? warn_if_spent(r, err) : status;
}

static Status record_numbers(Runner *r, Error *err)
{
    ReportSink sink = {&r->record, STATUS_OK, err};
    Report report = {&sink, record_number, record_warning};
    if (r->run->method->report) r->run->method->report(r->trainer.method, &report);

    EnvWarning warning[ENV_WARNINGS + 1];
    env_warnings(r->trainer.env, warning);
    for (int i = 0; sink.status == STATUS_OK && warning[i].name[0]; i++)
        if (warning[i].count)
            sink.status =
                record_add_physics(&r->record, warning[i].name, (double)warning[i].count, err);
    return sink.status;
}

static void stop_clock(Runner *r)
{
    RunRecord *record = &r->record;
    program_time(record->timing.ended, RECORD_NAME);
    record->timing.wall_s = clock_wall_s() - r->started_wall_s;
    record->timing.cpu_s = clock_cpu_s() - r->started_cpu_s;
    record->timing.steps_per_s =
        record->timing.cpu_s > 0.0 ? (double)r->trainer.step / record->timing.cpu_s : 0.0;
}

static Status write_policy(Runner *r, Error *err)
{
    const Run *run = r->run;
    bool best = r->best.params != NULL;
    PolicyFile policy = {.task_version = run->members->family->version,
                         .network = best ? r->best : *agent_network(r->trainer.agent),
                         .score = best ? r->best_mean : r->curve.row[r->curve.count - 1].mean};
    (void)snprintf(policy.family, sizeof policy.family, "%s", run->members->family->name);
    (void)snprintf(policy.member, sizeof policy.member, "%s", run->member->name);
    return policy_write(&policy, run->folder, err);
}

// the files first, the record that says they are there last
static Status write_results(Runner *r, Error *err)
{
    const char *folder = r->run->folder;
    Status status = record_numbers(r, err);
    if (status == STATUS_OK) status = record_pick(r, err);
    if (status == STATUS_OK) status = eval_curve_write(&r->curve, folder, err);
    if (status == STATUS_OK) status = episodes_write(r->history, r->history_count, folder, err);
    if (status == STATUS_OK && r->run->method->trace)
        status = trace_write(&r->trace, folder, err);
    if (status == STATUS_OK) status = write_policy(r, err);
    if (status == STATUS_OK && agent_acts_otherwise(r->trainer.agent))
        status = method_file_write(r->run, r->trainer.method, err);
    if (status != STATUS_OK) return status;

    r->record.status = RUN_DONE;
    r->record.steps = r->trainer.step;
    r->record.episodes = r->history_count;
    r->record.updates = agent_updates(r->trainer.agent);
    r->record.diverged = r->diverged;
    stop_clock(r);
    return record_write(&r->record, folder, err);
}

static void set_failure(RunRecord *record, Status status, const char *why)
{
    record->status = status == STATUS_INTERRUPTED ? RUN_INTERRUPTED : RUN_FAILED;
    (void)snprintf(record->reason, RECORD_TEXT, "%.*s", RECORD_TEXT - 1, why);
}

Status runner_make(const Run *run, const SourceSet *sources, const char *models, int jobs,
                   Error *err)
{
    Runner r = {.run = run};
    Error why = {.message = ""};
    Status status = folder_make(run->folder, &why);
    if (status == STATUS_OK) status = folder_tidy(run->folder, &why);
    if (status == STATUS_OK) status = sign(&r.record, run, &why);
    r.record.timing.jobs = jobs;
    if (status == STATUS_OK) status = record_write(&r.record, run->folder, &why);
    if (status == STATUS_OK) status = begin(&r, run, sources, models, &why);
    if (status == STATUS_OK) status = judge_prior(&r, &why);
    if (status == STATUS_OK) status = train(&r, &why);
    if (status == STATUS_OK) status = write_results(&r, &why);

    if (status != STATUS_OK) {
        set_failure(&r.record, status, why.message);
        stop_clock(&r);
        // what failed first is what to tell; a disk that is full fails this too
        Status written = record_write(&r.record, run->folder, NULL);
        if (written != STATUS_OK && status != STATUS_IO)
            log_warning("no record could be written to '%s'", run->folder);
        (void)error_set(err, status, "%s", why.message);
    }
    release(&r);
    return status;
}

Status runner_record_failure(const Run *run, Status status, const char *why, Error *err)
{
    RunRecord record;
    Status written = folder_make(run->folder, err);
    if (written == STATUS_OK) {
        written = sign(&record, run, err);
        set_failure(&record, status, why);
        program_time(record.timing.ended, RECORD_NAME);
        if (written == STATUS_OK) written = record_write(&record, run->folder, err);
        record_release(&record);
    }
    return written;
}
