#include "suite/run/program.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "agents/kernel.h"
#include "suite/env/physics.h"
#include "suite_version.h"

const char *program_version(void)
{
    return SUITE_VERSION;
}

const char *program_commit(void)
{
    return SUITE_COMMIT;
}

const char *program_compiler(void)
{
    return SUITE_COMPILER;
}

const char *program_models(const char *named)
{
    const char *from_environment = getenv("SUITE_MODELS");
    if (named) return named;
    if (from_environment) return from_environment;
    return file_exists(SUITE_INSTALLED_MODELS) ? SUITE_INSTALLED_MODELS : SUITE_SOURCE_MODELS;
}

const char *program_results(void)
{
    const char *from_environment = getenv("SUITE_RESULTS");
    if (from_environment) return from_environment;
    return file_exists(SUITE_INSTALLED_RESULTS) ? SUITE_INSTALLED_RESULTS
                                                : SUITE_SOURCE_RESULTS;
}

Status program_published(char path[PATH_LENGTH], Error *err)
{
    Status status = path_format(path, err, "%s/published", program_results());
    if (status != STATUS_OK || file_exists(path)) return status;
    return error_set(err, STATUS_MISSING, "there are no published results: no folder '%s'",
                     path);
}

const char *program_references(const char *named)
{
    if (named) return named;
    return file_exists(SUITE_SOURCE_REFERENCES) ? SUITE_SOURCE_REFERENCES : NULL;
}

void program_cpu(char *text, size_t size)
{
    (void)snprintf(text, size, "unknown");
    FILE *file = fopen("/proc/cpuinfo", "re");
    if (!file) return;

    char line[256];
    while (fgets(line, sizeof line, file)) {
        char *value = strstr(line, ": ");
        if (strncmp(line, "model name", 10) != 0 || !value) continue;
        (void)snprintf(text, size, "%.*s", (int)strcspn(value + 2, "\n"), value + 2);
        break;
    }
    (void)fclose(file);
}

int program_cores(void)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) == 0) return CPU_COUNT(&set);
    return cores > 0 ? (int)cores : 1; // more than a cpu_set_t can name
}

void program_sign(RunRecord *record)
{
    (void)snprintf(record->program, sizeof record->program, "suite %s", program_version());
    (void)snprintf(record->commit, sizeof record->commit, "%s", program_commit());
    (void)snprintf(record->compiler, sizeof record->compiler, "%s", program_compiler());
    (void)snprintf(record->mujoco, sizeof record->mujoco, "%s", physics_version());
    kernel_name(record->blas, sizeof record->blas);
    program_cpu(record->cpu, sizeof record->cpu);
}

void program_time(char *text, size_t size)
{
    time_t now = (time_t)clock_wall_s();
    struct tm utc;
    (void)gmtime_r(&now, &utc);
    (void)strftime(text, size, "%Y-%m-%dT%H:%M:%SZ", &utc);
}

void program_host(char *text, size_t size)
{
    if (gethostname(text, size) != 0) (void)snprintf(text, size, "unknown");
    text[size - 1] = '\0';
}
