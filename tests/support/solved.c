#include "tests/support/solved.h"

#include <stdio.h>
#include <string.h>

#include <criterion/criterion.h>

static void take(Solved *s, const Run *target, const Member *member)
{
    const TaskFamily *family = target->members->family;
    NetworkShape shape = {family->feature_dim, 8, 1, family->action_count};
    int i = s->set.count++;
    s->run[i] = *target;
    s->run[i].member = member;
    s->run[i].is_source = true;
    s->run[i].seed = 0;
    s->at[i] = &s->run[i];
    s->policy[i].score = 10.0 + i;
    (void)snprintf(s->policy[i].hash, HASH_TEXT, "hash%d", i);
    cr_assert(network_init(&s->policy[i].network, shape, NULL) == STATUS_OK);
}

void solved_init(Solved *solved, const Run *target, int count)
{
    Solved *s = solved;
    const MemberList *members = target->members;
    memset(s, 0, sizeof *s);
    s->set = (SourceSet){.members = members, .run = s->at, .policy = s->policy};
    for (int m = 0; m < members->count && s->set.count < count; m++)
        if (members->member[m].role == ROLE_SOURCE) take(s, target, &members->member[m]);
    cr_assert(s->set.count == count);
}

void solved_release(Solved *solved)
{
    for (int i = 0; i < solved->set.count; i++)
        network_release(&solved->policy[i].network);
    memset(solved, 0, sizeof *solved);
}

void solved_always(Solved *solved, int index, int action)
{
    // the last layer's biases stand at the end
    Network *net = &solved->policy[index].network;
    int actions = net->units[net->layers];
    memset(net->params, 0, (size_t)net->param_count * sizeof *net->params);
    net->params[net->param_count - actions + action] = 1.0f;
}

void solved_at_random(Solved *solved, int index)
{
    RngStream rng = rng_stream(3, RNG_NETWORK, (uint64_t)index);
    network_randomise(&solved->policy[index].network, &rng);
}
