#include "suite/run/rollout.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "suite/core/file.h"
#include "suite/core/json.h"
#include "suite/core/mem.h"
#include "suite/core/text.h"

enum { LINE_LENGTH = 32 }; // an index and its NUL; longer ones are no index
static const size_t actions_limit = (size_t)16 << 20;

// -- actions

static int count_lines(const char *text, size_t size)
{
    int lines = 1;
    for (size_t i = 0; i < size; i++)
        lines += text[i] == '\n';
    return lines;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

// the line without comment and blanks around it, cut to fit; true if it all fitted and is text
static bool strip(const char *line, size_t length, char out[LINE_LENGTH])
{
    const char *comment = memchr(line, '#', length);
    if (comment) length = (size_t)(comment - line);
    while (length > 0 && is_blank(line[length - 1]))
        length--;
    while (length > 0 && is_blank(*line)) {
        line++;
        length--;
    }
    size_t kept = length < LINE_LENGTH ? length : LINE_LENGTH - 1;
    memcpy(out, line, kept);
    out[kept] = '\0';
    return kept == length && !memchr(out, '\0', kept);
}

static Status parse_lines(ActionList *out, const char *text, size_t size, const char *name,
                          int action_count, Error *err)
{
    const char *end = text + size;
    for (int number = 1; text < end; number++) {
        const char *line = text;
        const char *feed = memchr(line, '\n', (size_t)(end - line));
        text = feed ? feed + 1 : end;

        char word[LINE_LENGTH];
        int64_t action;
        bool whole = strip(line, (size_t)((feed ? feed : end) - line), word);
        if (whole && !*word) continue;
        if (!whole || !parse_int(word, 0, action_count - 1, &action))
            return error_set(err, STATUS_PARSE,
                             "%s:%d: expected an action from 0 to %d, not '%s'", name, number,
                             action_count - 1, word);
        out->action[out->count++] = (int)action;
    }
    return STATUS_OK;
}

Status actions_parse(ActionList *out, const char *text, size_t size, const char *name,
                     int action_count, Error *err)
{
    *out = (ActionList){0};
    out->action = mem_array((size_t)count_lines(text, size), sizeof *out->action);
    if (!out->action) return error_nomem(err);
    return parse_lines(out, text, size, name, action_count, err);
}

Status actions_read(ActionList *out, const char *path, int action_count, Error *err)
{
    char *text;
    size_t size;
    *out = (ActionList){0};
    Status status = file_read(&text, &size, path, actions_limit, err);
    if (status != STATUS_OK) return status;

    status = actions_parse(out, text, size, path, action_count, err);
    mem_free(text);
    return status;
}

void actions_release(ActionList *list)
{
    mem_free(list->action);
    *list = (ActionList){0};
}

// -- a state

static Status read_list(const Json *json, const char *key, int count, double **out, Error *err)
{
    const JsonNode *list = json_get(json_root(json), key);
    if (!list) return json_refuse(json, json_root(json), err, "'%s' is missing", key);
    if (!json_is_array(list) || json_count(list) != count)
        return json_refuse(json, list, err, "'%s' must be a list of %d numbers", key, count);

    double *values = mem_array((size_t)count, sizeof *values);
    *out = values;
    if (!values) return error_nomem(err);
    for (const JsonNode *node = json_first(list); node; node = json_next(node)) {
        if (!json_is_number(node) || !isfinite(json_number(node)))
            return json_refuse(json, node, err, "'%s' must hold numbers only", key);
        *values++ = json_number(node);
    }
    return STATUS_OK;
}

static Status read_state(RolloutState *out, const Json *json, const Env *env, Error *err)
{
    static const char *const keys[] = {"qpos", "qvel", "qacc_warmstart"};
    const JsonNode *root = json_root(json);
    int nq = env_position_count(env), nv = env_velocity_count(env);

    if (!json_is_object(root))
        return json_refuse(json, root, err, "a state file must hold an object");
    Status status = json_only_keys(json, root, keys, 3, err);
    if (status == STATUS_OK) status = read_list(json, "qpos", nq, &out->qpos, err);
    if (status == STATUS_OK) status = read_list(json, "qvel", nv, &out->qvel, err);
    if (status == STATUS_OK && json_get(root, "qacc_warmstart"))
        status = read_list(json, "qacc_warmstart", nv, &out->warmstart, err);
    return status;
}

Status rollout_state_read(RolloutState *out, const char *path, const Env *env, Error *err)
{
    Json *json;
    *out = (RolloutState){0};
    Status status = json_read(&json, path, err);
    if (status != STATUS_OK) return status;

    status = read_state(out, json, env, err);
    json_free(json);
    return status;
}

void rollout_state_release(RolloutState *state)
{
    mem_free(state->qpos);
    mem_free(state->qvel);
    mem_free(state->warmstart);
    *state = (RolloutState){0};
}

// -- the CSV

static void write_names(FILE *file, const char *name, int count)
{
    for (int i = 0; i < count; i++)
        (void)fprintf(file, ",%s%d", name, i);
}

static void write_header(FILE *file, const Env *env)
{
    (void)fprintf(file, "t,action");
    write_names(file, "qpos", env_position_count(env));
    write_names(file, "qvel", env_velocity_count(env));
    write_names(file, "obs", env_family(env)->obs_dim);
    (void)fprintf(file, ",reward,terminated,truncated\n");
}

static void write_values(FILE *file, const double *value, int count)
{
    for (int i = 0; i < count; i++)
        (void)fprintf(file, ",%.17g", value[i]);
}

static void write_state(FILE *file, const Env *env)
{
    write_values(file, env_position(env), env_position_count(env));
    write_values(file, env_velocity(env), env_velocity_count(env));
    write_values(file, env_observation(env), env_family(env)->obs_dim);
}

static void write_start(FILE *file, const Env *env)
{
    (void)fprintf(file, "0,");
    write_state(file, env);
    (void)fprintf(file, ",,0,0\n");
}

static void write_step(FILE *file, const Env *env, int action, const EnvStep *step)
{
    (void)fprintf(file, "%d,%d", env_elapsed(env), action);
    write_state(file, env);
    write_values(file, &step->reward, 1);
    (void)fprintf(file, ",%d,%d\n", step->terminated, step->truncated);
}

static Status physics_error(const Env *env, Error *err)
{
    EnvWarning warning[ENV_WARNINGS + 1];
    Text causes = TEXT_INIT;
    env_warnings(env, warning);
    for (const EnvWarning *w = warning; w->name[0]; w++)
        if (w->count > 0) text_printf(&causes, " %s (%" PRId64 ")", w->name, w->count);

    Status status = error_set(err, STATUS_PHYSICS, "the physics diverged in step %d:%s",
                              env_elapsed(env), causes.data);
    text_release(&causes);
    return status;
}

Status rollout_write(FILE *file, Env *env, const ActionList *actions, const RolloutState *state,
                     RngStream rng, Error *err)
{
    if (state)
        env_set_state(env, state->qpos, state->qvel, state->warmstart);
    else
        env_reset(env, rng);

    EnvStep step = {0};
    write_header(file, env);
    write_start(file, env);
    for (int i = 0; i < actions->count && !env_is_over(env); i++) {
        step = env_step(env, actions->action[i]);
        write_step(file, env, actions->action[i], &step);
    }
    if (fflush(file) != 0 || ferror(file))
        return error_set(err, STATUS_IO, "cannot write the rollout: %s", strerror(errno));
    return step.diverged ? physics_error(env, err) : STATUS_OK;
}
