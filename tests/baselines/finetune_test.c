#include "tests/baselines/bench.h"

static Bench bench;

static void setup(void)
{
    bench_init(&bench, &method_finetune);
}

static void teardown(void)
{
    bench_release(&bench);
}

TestSuite(finetune, .init = setup, .fini = teardown);

Test(finetune, begins_with_all_weights_of_the_picked_source)
{
    bench_begin(&bench);
    Agent *agent = bench_agent(&bench, &method_finetune);
    cr_assert(is_same(agent_network(agent), &bench.network[1]));
    agent_free(agent);
}

static void take_all(void)
{
    bench.context.picked = 0;
    bench.context.picked_count = BENCH_SOURCES;
}

Test(finetune, begins_with_the_mean_of_every_weight_if_it_takes_all_sources)
{
    take_all();
    bench_begin(&bench);
    Agent *agent = bench_agent(&bench, &method_finetune);
    const Network *net = agent_network(agent);
    for (int i = 0; i < net->param_count; i++) {
        double a = (double)bench.network[0].params[i], b = (double)bench.network[1].params[i];
        cr_assert(net->params[i] == (float)((a + b) / 2.0), "parameter %d", i);
        cr_assert(a != b);
    }
    agent_free(agent);
}

Test(finetune, begins_with_the_very_weights_that_all_sources_have)
{
    TrainedSource source[4];
    for (int s = 0; s < 4; s++)
        source[s] = bench.source[1];
    bench.network[1].params[3] = -0.0f; // has a sign to lose
    bench.context.source = source;
    bench.context.picked = 0;
    for (int count = 1; count <= 4; count++) {
        bench.context.source_count = bench.context.picked_count = count;
        bench_again(&bench);
        Agent *agent = bench_agent(&bench, &method_finetune);
        cr_assert(is_same(agent_network(agent), &bench.network[1]), "%d sources", count);
        agent_free(agent);
    }
}

// the last layer: 8 x 2 weights and 2 biases
Test(finetune, draws_the_last_layer_anew_and_no_other)
{
    bench_set(&bench, "finetune.head", "reset");
    bench_begin(&bench);
    Agent *agent = bench_agent(&bench, &method_finetune);
    Agent *scratch = bench_agent(&bench, &method_scratch);
    const Network *net = agent_network(agent), *source = &bench.network[1];
    int head = net->param_count - 18;
    for (int i = 0; i < net->param_count; i++)
        cr_assert(eq(int, net->params[i] == source->params[i], i < head), "parameter %d", i);
    for (int i = head; i < net->param_count; i++) { // as a fresh one, of a stream of its own
        cr_assert(le(dbl, fabs((double)net->params[i]), 1.0 / sqrt(8.0)));
        cr_assert(net->params[i] != agent_network(scratch)->params[i]);
    }
    agent_free(agent);
    agent_free(scratch);
}

Test(finetune, learns_as_scratch_does_from_the_same_weights)
{
    RngStream weights = rng_stream(BENCH_KEY, RNG_NETWORK, 0);
    network_randomise(&bench.network[1], &weights); // the very ones that scratch draws
    bench_begin(&bench);
    cr_assert(bench_is_scratch(&bench));
}

Test(finetune, learns_nothing_at_rate_zero)
{
    bench_set(&bench, "finetune.rate", "0");
    bench_begin(&bench);
    Agent *agent = bench_agent(&bench, &method_finetune);
    bench_live(&bench, agent, 200);
    cr_assert(lt(i64, 0, agent_updates(agent)));
    cr_assert(is_same(agent_network(agent), &bench.network[1]));
    agent_free(agent);
}

Test(finetune, scales_the_learning_rate)
{
    bench_set(&bench, "finetune.rate", "0.25");
    bench_begin(&bench);
    cr_assert(eq(dbl, method_finetune.learning_rate(bench.state, 0.01), 0.0025));
}

Test(finetune, refuses_a_network_of_another_shape)
{
    static const NetworkShape shapes[] = {{2, 9, 2, 2}, {2, 8, 3, 2}, {2, 8, 1, 8}};
    bench_begin(&bench);
    for (int i = 0; i < 3; i++) {
        Network other = {0};
        Error err = {0};
        cr_assert(eq(int, network_init(&other, shapes[i], NULL), STATUS_OK));
        cr_assert(eq(int, method_finetune.prepare(bench.state, &other, &err), STATUS_MISMATCH));
        cr_assert(strstr(err.message, "'second'") != NULL, "%s", err.message);
        network_release(&other);
    }
}

Test(finetune, refuses_any_of_all_sources_that_has_another_shape)
{
    Error err = {0};
    Network other = {0};
    cr_assert(eq(int, network_init(&other, (NetworkShape){2, 9, 2, 2}, NULL), STATUS_OK));
    bench.source[1].network = &other;
    take_all();
    bench_begin(&bench);
    cr_assert(eq(int, method_finetune.prepare(bench.state, &bench.network[0], &err),
                 STATUS_MISMATCH));
    cr_assert(strstr(err.message, "'second'") != NULL, "%s", err.message);
    network_release(&other);
}
