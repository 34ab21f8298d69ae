#include "results/export_events.h"

#include "results/tfevents.h"

static void add_evaluation(TfEvents *events, const EvalRow *row, const Reference *reference)
{
    static const char *const tags[POLICY_COUNT][3] = {
        [POLICY_DEPLOYED] = {"eval/return", "eval/normalised", "eval/length"},
        [POLICY_NETWORK] = {"network/return", "network/normalised", "network/length"},
    };
    const char *const *tag = tags[row->policy];
    tfevents_add(events, row->step,
                 (TfScalar[]){{tag[0], row->mean},
                              {tag[1], reference_value(reference, row->mean)},
                              {tag[2], row->length}},
                 3);
}

static void add_episode(TfEvents *events, const EpisodeRow *row)
{
    tfevents_add(events, row->step,
                 (TfScalar[]){{"train/episode_return", row->episode_return},
                              {"train/episode_length", row->length}},
                 2);
}

// in the order of steps, the episode that ends at a step before the evaluation after it
static void add_all(TfEvents *events, const EvalCurve *curve, const EpisodeList *episodes,
                    const Reference *reference)
{
    int e = 0;
    tfevents_begin(events);
    for (int i = 0; i < curve->count; i++) {
        while (e < episodes->count && episodes->row[e].step <= curve->row[i].step)
            add_episode(events, &episodes->row[e++]);
        add_evaluation(events, &curve->row[i], reference);
    }
    while (e < episodes->count)
        add_episode(events, &episodes->row[e++]);
}

// packs, and the records behind the references, are kept without their episodes
static Status read_episodes(EpisodeList *episodes, const Export *export, const RunSummary *run,
                            Error *err)
{
    RunFiles files;
    Error why = {0};
    *episodes = (EpisodeList){0};
    Status status = collect_files(&files, export->collection, run, err);
    if (status != STATUS_OK) return status;
    status = run_files_episodes(episodes, &files, &why);
    if (status == STATUS_OK || status == STATUS_MISSING) return STATUS_OK;
    return error_set(err, status, "%s", why.message);
}

static Status write_events(const TfEvents *events, const RunSummary *run, const char *out,
                           Error *err)
{
    char place[RUN_PATH], folder[PATH_LENGTH], path[PATH_LENGTH];
    collect_run_path(run, place);
    Status status = path_format(folder, err, "%s/%s", out, place);
    if (status == STATUS_OK)
        status = path_format(path, err, "%s/events.out.tfevents.0.suite", folder);
    if (status == STATUS_OK) status = folder_make(folder, err);
    return status == STATUS_OK ? tfevents_write(events, path, err) : status;
}

Status export_events(const Export *export, const RunSummary *run, const char *out, Error *err)
{
    TfEvents events = TFEVENTS_INIT;
    EpisodeList episodes = {0};
    EvalCurve curve;
    Status status = export_curve(&curve, export, run, err);
    if (status == STATUS_OK) status = read_episodes(&episodes, export, run, err);
    if (status == STATUS_OK) {
        add_all(&events, &curve, &episodes, export_reference(export, run));
        status = write_events(&events, run, out, err);
    }
    episodes_release(&episodes);
    eval_curve_release(&curve);
    tfevents_release(&events);
    return status;
}
