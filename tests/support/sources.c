#include "tests/support/sources.h"

#include <string.h>

#include <criterion/criterion.h>

enum { EPISODE = 20 };

// the share of right answers of a policy, where action 1 is right above one half
static double evaluate(void *evaluator, int index, Policy policy, void *state)
{
    MadeSources *made = evaluator;
    int right = 0;
    made->evaluations++;
    for (int i = 0; i < MADE_SAMPLES; i++) {
        const float *x = &made->features[index][i];
        Sight sight = {.features = x, .coords = x};
        right += policy(state, &sight) == (*x > 0.5f);
    }
    return (double)right / MADE_SAMPLES;
}

void made_source_values(MadeSources *made, int s, float level, const float slope[MADE_ACTIONS])
{
    // one hidden unit that passes x on: weights 1, bias 0, and x is not negative
    float *p = made->network[s].params;
    *p++ = 1.0f;
    *p++ = 0.0f;
    for (int a = 0; a < MADE_ACTIONS; a++)
        *p++ = slope[a];
    for (int a = 0; a < MADE_ACTIONS; a++)
        *p++ = level;
}

static float sample(int i)
{
    return ((float)(i * 7 % MADE_SAMPLES) + 0.5f) / MADE_SAMPLES;
}

static void make_samples(MadeSources *made, int s)
{
    for (int i = 0; i < MADE_SAMPLES; i++) {
        bool cut = i % EPISODE == EPISODE - 1;
        made->features[s][i] = sample(i);
        made->next_features[s][i] = sample(cut ? i : i + 1);
        made->action[i] = i % MADE_ACTIONS;
        made->reward[i] = (float)i;
        made->end[i] = cut ? STEP_TRUNCATED : STEP_GOES_ON;
    }
}

void made_sources_init(MadeSources *made, const char *path)
{
    static const char *const names[] = {"first", "second"};
    static const float slope[] = {1.0f, 2.0f};
    memset(made, 0, sizeof *made);
    for (int s = 0; s < MADE_SOURCES; s++) {
        NetworkShape shape = {1, 1, 1, MADE_ACTIONS};
        cr_assert(network_init(&made->network[s], shape, NULL) == STATUS_OK);
        made_source_values(made, s, 0.0f, slope);
        make_samples(made, s);
        made->task[s] = (SourceTask){.member = names[s],
                                     .network = &made->network[s],
                                     .sample_count = MADE_SAMPLES,
                                     .features = made->features[s],
                                     .coords = made->features[s],
                                     .next_features = made->next_features[s],
                                     .action = made->action,
                                     .reward = made->reward,
                                     .end = made->end};
    }
    made->hi[0] = 1.0f;
    param_defaults(dqn_params, dqn_param_count, &made->agent);
    made->context = (BuildContext){.shape = {.feature_dim = 1,
                                             .coord_count = 1,
                                             .action_count = MADE_ACTIONS,
                                             .coord_lo = made->lo,
                                             .coord_hi = made->hi,
                                             .coord_period = made->period},
                                   .source = made->task,
                                   .source_count = MADE_SOURCES,
                                   .key = 5,
                                   .path = path,
                                   .agent = &made->agent,
                                   .evaluate = evaluate,
                                   .evaluator = made};
}

void made_sources_release(MadeSources *made)
{
    for (int s = 0; s < MADE_SOURCES; s++)
        network_release(&made->network[s]);
}
