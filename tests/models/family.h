/** @file
 * What the tests of single families share: environments of made-up members, the members there
 * are, the untouched model. Whatever cannot be had fails the test.
 */
#ifndef TESTS_MODELS_FAMILY_H
#define TESTS_MODELS_FAMILY_H

#include <stdio.h>
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <mujoco/mujoco.h>

#include "models/actions.h"
#include "suite/env/env.h"

/** An environment of a member with these parameters (P), outer action levels at @p share. */
static inline Env *family_env(const TaskFamily *family, const double *param, double share)
{
    Env *env;
    Error err = {0};
    const ActionGrid grid = {.share = share};
    Member member = {.name = "made up"};
    memcpy(member.param, param, (size_t)family->param_count * sizeof *param);
    cr_assert(eq(sz, family->settings_size, sizeof grid));
    Status status = env_new(&env, family, TEST_MODELS_DIR, &member, &grid, &err);
    cr_assert(eq(int, status, STATUS_OK), "%s", err.message);
    return env;
}

/** The members of the family's own file; release with members_release(). */
static inline MemberList family_members(const TaskFamily *family)
{
    MemberList list;
    Error err = {0};
    char path[512];
    (void)snprintf(path, sizeof path, "%s/%s/family.json", TEST_MODELS_DIR, family->name);
    Status status = members_read(&list, family, path, &err);
    cr_assert(eq(int, status, STATUS_OK), "%s", err.message);
    return list;
}

/** The model as it is before a member's parameters are applied; free with mj_deleteModel(). */
static inline mjModel *family_model(const TaskFamily *family)
{
    char path[512], said[1000] = "";
    (void)snprintf(path, sizeof path, "%s/%s", TEST_MODELS_DIR, family->mjcf);
    mjModel *m = mj_loadXML(path, NULL, said, sizeof said);
    cr_assert(m != NULL, "%s", said);
    return m;
}

/** The random stream of an episode's start. */
static inline RngStream start(uint64_t episode)
{
    return rng_stream(11, RNG_RESET, episode);
}

#endif
