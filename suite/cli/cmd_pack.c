/** @file
 * `suite pack`: the records of finished runs put into a few small files.
 *
 * Layer: cli.
 */
#include <stdio.h>

#include "results/packer.h"
#include "suite/cli/commands.h"
#include "suite/cli/options.h"
#include "suite/core/log.h"
#include "suite/run/interrupt.h"

static void warn(const Collection *collection)
{
    for (int i = 0; i < collection->warning_count; i++)
        log_warning("%s", collection->warning[i]);
    for (int i = 0; i < collection->other.count; i++) {
        char path[RUN_PATH];
        collect_run_path(&collection->other.run[i], path);
        log_warning("%s is %s and not packed", path,
                    run_status_name(collection->other.run[i].status));
    }
}

static Status add_runs(Packer *packer, const Collection *collection, Error *err)
{
    Status status = STATUS_OK;
    for (int i = 0; status == STATUS_OK && i < collection->done.count; i++) {
        status = packer_add(packer, collection, &collection->done.run[i], err);
        if (status == STATUS_OK && interrupt_pending())
            status = error_set(err, STATUS_INTERRUPTED, "interrupted; nothing was packed");
    }
    return status;
}

static Status add_folder(Packer *packer, const char *folder, Error *err)
{
    Collection collection = {.role = NULL};
    Status status = collect_folder(&collection, folder, err);
    if (status == STATUS_OK) warn(&collection);
    if (status == STATUS_OK) status = add_runs(packer, &collection, err);
    collect_release(&collection);
    return status;
}

static Status pack(const TextList *folders, const char *out, Error *err)
{
    Packer packer = {0};
    if (!folders->count)
        return error_set(err, STATUS_USAGE, "name the folders of runs to pack");
    if (!out)
        return error_set(err, STATUS_USAGE,
                         "--out is missing: the folder of the packs, such as --out packed");
    Status status = packer_open(&packer, out, err);
    for (int i = 0; status == STATUS_OK && i < folders->count; i++)
        status = add_folder(&packer, folders->text[i], err);
    if (status == STATUS_OK && !packer.runs)
        status = error_set(err, STATUS_MISSING, "there is no finished run to pack in '%s'",
                           folders->text[0]);
    if (status == STATUS_OK) status = packer_write(&packer, err);
    if (status == STATUS_OK)
        (void)printf("'%s': %d runs, %d of them new\n", out, packer.runs, packer.added);
    packer_release(&packer);
    return status;
}

int cmd_pack(int argc, const char **argv)
{
    const char *out = NULL;
    const Option option[] = {
        {"out", OPTION_TEXT, &out, "DIR",
         "folder of the packs, FAMILY.runs; runs are added to what is there"},
    };
    CommandLine line = {argc,
                        argv,
                        "DIR... --out DIR",
                        "Pack the records of the finished runs in DIR, without policies and "
                        "episodes, into a file a family, which takes the place of a folder of "
                        "runs.",
                        option,
                        sizeof option / sizeof option[0]};
    TextList folders = {0};
    Options *options;
    Error err = {0};
    bool helped;

    Status status = options_parse(&options, &line, &folders, &helped, &err);
    if (status == STATUS_OK && !helped) status = pack(&folders, out, &err);
    options_free(options);
    return status == STATUS_OK ? EXIT_DONE : fail(&err);
}
