#include "results/curve.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "suite/core/file.h"
#include "suite/core/mem.h"

#define HEADER "step,policy,episodes,mean,std,min,max,length,diverged,returns\n"
// mean 2, population deviation sqrt(6.5), sample deviation sqrt(26/3): they cannot be mixed up
#define ROW "0,deployed,4,2,2.5495097567963922,-1,5,20.5,1,5;-1;0;4\n"

static char folder[] = "/tmp/suite-curve-XXXXXX";
static EvalCurve curve, again;
static Error err;

static void setup(void)
{
    cr_assert(ne(ptr, mkdtemp(folder), NULL));
    cr_assert(eq(int, eval_curve_init(&curve, 8, 4, &err), STATUS_OK));
}

static void teardown(void)
{
    eval_curve_release(&curve);
    eval_curve_release(&again);
    cr_assert(eq(int, folder_remove(folder, &err), STATUS_OK));
}

static Status parse(const char *text)
{
    eval_curve_release(&again);
    return eval_curve_parse(&again, text, strlen(text), "evals.csv", &err);
}

static char *contents(const char *name)
{
    char path[PATH_LENGTH], *text;
    cr_assert(eq(int, path_format(path, &err, "%s/%s", folder, name), STATUS_OK));
    cr_assert(eq(int, file_read(&text, NULL, path, 1 << 20, &err), STATUS_OK));
    return text;
}

TestSuite(curve, .init = setup, .fini = teardown);

Test(curve, is_written_with_the_statistics_of_its_returns)
{
    eval_curve_add(&curve, 0, POLICY_DEPLOYED,
                   &(EvalSample){(double[]){5, -1, 0, 4}, 4, 20.5, 1});
    eval_curve_add(&curve, 0, POLICY_NETWORK, &(EvalSample){(double[]){0.1}, 1, 7, 0});
    cr_assert(eq(int, eval_curve_write(&curve, folder, &err), STATUS_OK));

    char *text = contents("evals.csv");
    cr_assert(eq(str, text, HEADER ROW "0,network,1,0.1,0,0.1,0.1,7,0,0.1\n"));
    mem_free(text);
}

Test(curve, comes_back_exactly_as_it_was)
{
    eval_curve_add(&curve, 0, POLICY_DEPLOYED,
                   &(EvalSample){(double[]){1.0 / 3.0, -1e-300, 2e17}, 3, 1e3 / 7, 2});
    eval_curve_add(&curve, 125, POLICY_DEPLOYED, &(EvalSample){(double[]){-0.1, 0.7}, 2, 3, 0});
    eval_curve_add(&curve, 0, POLICY_NETWORK,
                   &(EvalSample){(double[]){1, 2, 3, 5}, 4, 9.25, 4});
    cr_assert(eq(int, eval_curve_write(&curve, folder, &err), STATUS_OK));
    cr_assert(eq(int, eval_curve_read(&again, folder, &err), STATUS_OK), "%s", err.message);

    cr_assert(eq(int, again.count, curve.count));
    for (int i = 0; i < curve.count; i++) {
        const EvalRow *a = &curve.row[i], *b = &again.row[i];
        cr_assert(a->step == b->step && a->policy == b->policy && a->episodes == b->episodes,
                  "row %d", i);
        cr_assert(a->mean == b->mean && a->std == b->std && a->min == b->min &&
                      a->max == b->max,
                  "row %d", i);
        cr_assert(a->length == b->length && a->diverged == b->diverged, "row %d", i);
        for (int e = 0; e < a->episodes; e++)
            cr_assert(eq(dbl, a->returns[e], b->returns[e]), "row %d, return %d", i, e);
    }
}

Test(curve, the_example_of_the_refusals_is_itself_fine)
{
    cr_assert(eq(int, parse(HEADER), STATUS_OK), "%s", err.message);
    cr_assert(eq(int, again.count, 0));
    cr_assert(eq(int, parse(HEADER ROW), STATUS_OK), "%s", err.message);
    cr_assert(eq(int, again.count, 1));
    cr_assert(eq(dbl, again.row[0].returns[3], 4.0));
}

Test(curve, anything_else_is_refused_by_file_and_line)
{
    static const struct {
        const char *text, *message;
    } bad[] = {
        {"", "evals.csv:1: not the header of evals.csv: ''"},
        {"step,policy\n", "evals.csv:1: not the header of evals.csv: 'step,policy'"},
        {HEADER "0,deployed,1,2,0,2,2,1,0\n",
         "evals.csv:2: a row has ten fields; the last one here is '0'"},
        {HEADER "\n", "evals.csv:2: a row has ten fields; the last one here is ''"},
        {HEADER "-1,deployed,1,2,0,2,2,1,0,2\n",
         "evals.csv:2: not a step after the one before: '-1'"},
        {HEADER ROW ROW, "evals.csv:3: not a step after the one before: '0'"},
        {HEADER "0,greedy,1,2,0,2,2,1,0,2\n", "evals.csv:2: not a policy: 'greedy'"},
        {HEADER "0,deployed,0,2,0,2,2,1,0,2\n", "evals.csv:2: not a number of episodes: '0'"},
        {HEADER "0,deployed,2,2,0,2,2,1,0,2\n", "evals.csv:2: not a number of episodes: '2'"},
        {HEADER "0,deployed,1,2,0,2,2,nan,0,2\n", "evals.csv:2: not a number: 'nan'"},
        {HEADER "0,deployed,1,2,0,2,2,-1,0,2\n", "evals.csv:2: negative length '-1'"},
        {HEADER "0,deployed,1,2,0,2,2,1,2,2\n",
         "evals.csv:2: not a number of diverged episodes: '2'"},
        {HEADER "0,deployed,1,2,0,2,2,1,0,2;3\n", "evals.csv:2: not the last return: '2;3'"},
        {HEADER ROW "9,deployed,3,2,0,2,2,1,0,2;2\n",
         "evals.csv:3: fewer returns than episodes: '2'"},
        {HEADER "0,deployed,2,2,0,2,2,1,0,inf;2\n", "evals.csv:2: not a return: 'inf'"},
        {HEADER "0,deployed,1,2,0,2,2,1,0,2,3\n", "evals.csv:2: not the last return: '2,3'"},
        {HEADER "0,deployed,1,2,0,2,2,1,0,2",
         "evals.csv:2: the file ends within a line: '0,deployed,1,2,0,2,2,1,0,2'"},
        {HEADER "0,deployed,1,2,0,2,2,1,0,2\r\n", "evals.csv:2: not the last return: '2?'"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        cr_assert(eq(int, parse(bad[i].text), STATUS_PARSE), "case %zu", i);
        cr_assert(eq(str, err.message, bad[i].message));
    }
}

// one statistic off at a time, and by more than rounding can do
Test(curve, statistics_that_the_returns_do_not_have_are_refused)
{
    cr_assert(eq(int, parse(HEADER "0,deployed,2,2.1,1,1,3,5,0,1;3\n"), STATUS_PARSE));
    cr_assert(eq(str, err.message, "evals.csv:2: mean is 2.1, but the returns say 2"));
    cr_assert(eq(int, parse(HEADER "0,deployed,2,2,1.4142135,1,3,5,0,1;3\n"), STATUS_PARSE));
    cr_assert(eq(str, err.message, "evals.csv:2: std is 1.4142135, but the returns say 1"));
    cr_assert(eq(int, parse(HEADER "0,deployed,2,2,1,0.5,3,5,0,1;3\n"), STATUS_PARSE));
    cr_assert(eq(str, err.message, "evals.csv:2: min is 0.5, but the returns say 1"));
    cr_assert(eq(int, parse(HEADER "0,deployed,2,2,1,1,4,5,0,1;3\n"), STATUS_PARSE));
    cr_assert(eq(str, err.message, "evals.csv:2: max is 4, but the returns say 3"));
    cr_assert(eq(int, parse(HEADER "0,deployed,2,2.00000001,1,1,3,5,0,1;3\n"), STATUS_PARSE));
    cr_assert(eq(int, parse(HEADER "0,deployed,2,2.000000001,1,1,3,5,0,1;3\n"), STATUS_OK));
}

Test(curve, is_refused_when_cut_short_anywhere_within_a_line)
{
    static const char text[] = HEADER ROW;
    for (size_t size = 0; size < sizeof text - 1; size++) {
        eval_curve_release(&again);
        Status status = eval_curve_parse(&again, text, size, "evals.csv", &err);
        bool whole_lines = size == sizeof HEADER - 1;
        cr_assert(eq(int, status, whole_lines ? STATUS_OK : STATUS_PARSE), "%zu bytes", size);
    }
}

Test(curve, has_limits)
{
    static char text[1 << 20];
    size_t length = (size_t)sprintf(text, HEADER);
    for (int i = 0; i <= EVAL_ROWS; i++)
        length += (size_t)sprintf(text + length, "%d,deployed,1,2,0,2,2,1,0,2\n", i);
    cr_assert(eq(int, parse(text), STATUS_PARSE));
    cr_assert(
        eq(str, err.message, "evals.csv:4098: more than 4096 rows or 4096 episodes in one"));

    length = (size_t)sprintf(text, HEADER "0,deployed,1,2,0,2,2,1,0,2");
    for (int i = 0; i < EVAL_EPISODES; i++)
        length += (size_t)sprintf(text + length, ";2");
    cr_assert(eq(int, parse(text), STATUS_PARSE));
    cr_assert(eq(str, err.message, "evals.csv:2: more than 4096 rows or 4096 episodes in one"));
    cr_assert(eq(int, eval_curve_parse(&again, "a\0b", 3, "evals.csv", &err), STATUS_PARSE));
    cr_assert(eq(str, err.message, "evals.csv:1: not a text file"));
}

Test(curve, a_missing_file_is_missing)
{
    cr_assert(eq(int, eval_curve_read(&again, folder, &err), STATUS_MISSING));
}

Test(curve, numbers_that_are_not_finite_are_never_written)
{
    eval_curve_add(&curve, 25, POLICY_DEPLOYED,
                   &(EvalSample){(double[]){1, (double)NAN}, 2, 5, 0});
    cr_assert(eq(int, eval_curve_write(&curve, folder, &err), STATUS_RANGE));
    cr_assert(eq(str, err.message, "the evaluation at step 25 is not finite"));

    EpisodeRow row = {.step = 10, .episode_return = (double)INFINITY, .length = 10};
    cr_assert(eq(int, episodes_write(&row, 1, folder, &err), STATUS_RANGE));
    cr_assert(eq(str, err.message, "the return of episode 0 is not finite"));
}

Test(curve, episodes_are_numbered_from_0)
{
    const EpisodeRow row[] = {
        {.step = 200, .episode_return = -1234.5, .length = 200, .truncated = true},
        {.step = 211, .episode_return = 0.1, .length = 11, .terminated = true},
        {.step = 215, .episode_return = 1e-7, .length = 4},
    };
    cr_assert(eq(int, episodes_write(row, 3, folder, &err), STATUS_OK));
    char *text = contents("episodes.csv");
    cr_assert(eq(str, text,
                 "episode,step,return,length,terminated,truncated\n"
                 "0,200,-1234.5,200,0,1\n"
                 "1,211,0.1,11,1,0\n"
                 "2,215,1e-07,4,0,0\n"));
    mem_free(text);
}

#define EPISODES "episode,step,return,length,terminated,truncated\n"

static EpisodeList episodes;

static Status parse_episodes(const char *text)
{
    episodes_release(&episodes);
    return episodes_parse(&episodes, text, strlen(text), "episodes.csv", &err);
}

Test(curve, episodes_come_back_as_they_were)
{
    static const EpisodeRow row[] = {
        {200, -1.0 / 3.0, 200, false, true}, {211, 0.1, 11, true, false}, {211, 4, 0, 0, 0}};
    cr_assert(eq(int, episodes_write(row, 3, folder, &err), STATUS_OK));
    cr_assert(eq(int, episodes_read(&episodes, folder, &err), STATUS_OK), "%s", err.message);
    cr_assert(eq(int, episodes.count, 3));
    for (int i = 0; i < 3; i++) {
        const EpisodeRow *a = &episodes.row[i], *b = &row[i];
        cr_assert(a->step == b->step && a->length == b->length &&
                      a->terminated == b->terminated && a->truncated == b->truncated,
                  "row %d", i);
        cr_assert(eq(dbl, a->episode_return, b->episode_return));
    }
    cr_assert(eq(int, parse_episodes(EPISODES), STATUS_OK));
    cr_assert(eq(int, episodes.count, 0));
    episodes_release(&episodes);
}

Test(curve, episodes_that_are_anything_else_are_refused_by_file_and_line)
{
    static const struct {
        const char *text, *message;
    } bad[] = {
        {"", "episodes.csv:1: not the header of episodes.csv: ''"},
        {"episode\n", "episodes.csv:1: not the header of episodes.csv: 'episode'"},
        {EPISODES "0,5,1,5,0\n",
         "episodes.csv:2: a row has six fields; the last one here is '0'"},
        {EPISODES "1,5,1,5,0,1\n", "episodes.csv:2: not the next episode: '1'"},
        {EPISODES "0,5,1,5,0,1\n0,9,1,5,0,1\n", "episodes.csv:3: not the next episode: '0'"},
        {EPISODES "0,-1,1,5,0,1\n", "episodes.csv:2: not a step after the ones before: '-1'"},
        {EPISODES "0,5,1,5,0,1\n1,4,1,5,0,1\n",
         "episodes.csv:3: not a step after the ones before: '4'"},
        {EPISODES "0,5,nan,5,0,1\n", "episodes.csv:2: not a number: 'nan'"},
        {EPISODES "0,5,1,-5,0,1\n", "episodes.csv:2: not a number of steps: '-5'"},
        {EPISODES "0,5,1,5,2,1\n", "episodes.csv:2: neither 0 nor 1: '2'"},
        {EPISODES "0,5,1,5,0,1,3\n", "episodes.csv:2: neither 0 nor 1: '1,3'"},
        {EPISODES "0,5,1,5,0,1", "episodes.csv:2: the file ends within a line: '0,5,1,5,0,1'"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        cr_assert(eq(int, parse_episodes(bad[i].text), STATUS_PARSE), "case %zu", i);
        cr_assert(eq(str, err.message, bad[i].message));
    }
    episodes_release(&episodes);
    cr_assert(
        eq(int, episodes_parse(&episodes, "a\0b", 3, "episodes.csv", &err), STATUS_PARSE));
    cr_assert(eq(int, episodes_read(&episodes, folder, &err), STATUS_MISSING));
}

Test(curve, lack_of_memory_while_reading_episodes_is_said)
{
    for (int failures = 0; failures < 2; failures++) { // the copy of the text, the rows
        mem_fail_at(failures);
        cr_assert(eq(int, parse_episodes(EPISODES "0,5,1,5,0,1\n"), STATUS_NOMEM));
        mem_fail_at(-1);
    }
}

Test(curve, adding_takes_no_memory)
{
    int64_t before = mem_count();
    for (int i = 0; i < 8; i++)
        eval_curve_add(&curve, i, POLICY_DEPLOYED,
                       &(EvalSample){(double[]){1, 2, 3, 4}, 4, 5, 0});
    cr_assert(eq(i64, mem_count(), before));
}

Test(curve, lack_of_memory_is_said)
{
    Status status = STATUS_NOMEM;
    int failures = -1;
    for (; status != STATUS_OK; failures++) {
        mem_fail_at(failures + 1);
        status = parse(HEADER ROW);
        mem_fail_at(-1);
        cr_assert(status == STATUS_OK || status == STATUS_NOMEM, "%s", err.message);
    }
    cr_assert(eq(int, failures, 3)); // the copy of the text, the rows, the returns
}

Test(curve, lack_of_memory_while_writing_is_said)
{
    eval_curve_add(&curve, 0, POLICY_DEPLOYED, &(EvalSample){(double[]){1, 2}, 2, 5, 0});
    mem_fail_at(0);
    cr_assert(eq(int, eval_curve_write(&curve, folder, &err), STATUS_NOMEM));
    mem_fail_at(0);
    cr_assert(eq(int, episodes_write(NULL, 0, folder, &err), STATUS_NOMEM));
    mem_fail_at(-1);
}
