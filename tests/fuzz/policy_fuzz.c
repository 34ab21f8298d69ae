// Any bytes as the contents of a whole policy file: refused, or a network that can act.
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "suite/core/check.h"
#include "suite/run/policy.h"
#include "suite/run/registry.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/sealed.h"

static char folder[] = "/tmp/policy-fuzz-XXXXXX";
static char link_path[64];

static void remove_folder(void)
{
    (void)unlink(link_path);
    (void)rmdir(folder);
}

// policy_read() takes a folder: one whose policy.bin is a link to the present input
static const char *folder_with(const char *path)
{
    if (!link_path[0]) {
        CHECK(mkdtemp(folder));
        (void)snprintf(link_path, sizeof link_path, "%s/policy.bin", folder);
        CHECK(atexit(remove_folder) == 0);
    }
    (void)unlink(link_path);
    CHECK(symlink(path, link_path) == 0);
    return folder;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[SEALED_PATH];
    int file = sealed_file("policy", 1, data, size, path);
    const TaskFamily *family; // the corpus's
    PolicyFile policy;
    Error err = {0};
    CHECK(family_find(&family, "reacher", NULL) == STATUS_OK);
    Status status = policy_read(&policy, folder_with(path), family, &err);
    CHECK((status == STATUS_OK) == (err.message[0] == '\0'));
    if (status == STATUS_OK) {
        Workspace work;
        float features[NETWORK_UNITS] = {0};
        CHECK(workspace_init(&work, &policy.network, 1, NULL) == STATUS_OK);
        (void)network_forward(&policy.network, &work, features, 1);
        workspace_release(&work);
    }
    policy_release(&policy);
    (void)close(file);
    return 0;
}
