#include "suite/run/policy.h"

#include <string.h>

#include "suite/core/file.h"

enum { POLICY_VERSION = 1 };

static const char kind[] = "policy";

static void policy_archive(PolicyFile *policy, Archive *archive)
{
    archive_name(archive, "policy.family", policy->family, sizeof policy->family);
    archive_name(archive, "policy.member", policy->member, sizeof policy->member);
    archive_int(archive, "policy.task_version", &policy->task_version, 0, 1000000);
    archive_bytes(archive, "policy.score", &policy->score, sizeof policy->score);
    network_archive(&policy->network, archive);
}

Status policy_write(PolicyFile *policy, const char *folder, Error *err)
{
    char path[PATH_LENGTH];
    Archive *archive;
    Status status = path_format(path, err, "%s/policy.bin", folder);
    if (status == STATUS_OK) status = archive_create(&archive, path, kind, POLICY_VERSION, err);
    if (status != STATUS_OK) return status;
    policy_archive(policy, archive);
    return archive_close(archive, err);
}

// a network fits its task when the family, its version and the sizes are the same
static Status check(const PolicyFile *policy, const TaskFamily *family, const char *path,
                    Error *err)
{
    const Network *net = &policy->network;
    if (strcmp(policy->family, family->name) != 0)
        return error_set(err, STATUS_MISMATCH, "'%s' was trained on '%s', not on '%s'", path,
                         policy->family, family->name);
    if (policy->task_version != family->version || net->units[0] != family->feature_dim ||
        net->units[net->layers] != family->action_count)
        return error_set(err, STATUS_MISMATCH,
                         "'%s' was trained on version %d of '%s', which is now %d", path,
                         policy->task_version, family->name, family->version);
    return STATUS_OK;
}

Status policy_read(PolicyFile *policy, const char *folder, const TaskFamily *family, Error *err)
{
    char path[PATH_LENGTH];
    Archive *archive;
    *policy = (PolicyFile){0};
    Status status = path_format(path, err, "%s/policy.bin", folder);
    if (status == STATUS_OK) status = archive_open(&archive, path, kind, POLICY_VERSION, err);
    if (status != STATUS_OK) return status;

    hash_format(archive_hash(archive), policy->hash);
    policy_archive(policy, archive);
    status = archive_close(archive, err);
    return status == STATUS_OK ? check(policy, family, path, err) : status;
}

void policy_release(PolicyFile *policy)
{
    network_release(&policy->network);
    *policy = (PolicyFile){0};
}
