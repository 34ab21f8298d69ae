#include "agents/network.h"

#include <math.h>
#include <string.h>

#include "agents/kernel.h"
#include "suite/core/check.h"
#include "suite/core/mem.h"

// where layer l's weights begin; its biases follow them
static int layer_offset(const Network *net, int l)
{
    int offset = 0;
    for (int i = 0; i < l; i++)
        offset += (net->units[i] + 1) * net->units[i + 1];
    return offset;
}

static uint64_t shape_params(NetworkShape s)
{
    uint64_t first = (uint64_t)(s.inputs + 1) * (uint64_t)s.hidden;
    uint64_t between = (uint64_t)(s.hidden + 1) * (uint64_t)s.hidden;
    uint64_t last = (uint64_t)(s.hidden + 1) * (uint64_t)s.outputs;
    return first + between * (uint64_t)(s.hidden_layers - 1) + last;
}

static int widest(const Network *net)
{
    int units = 0;
    for (int l = 0; l <= net->layers; l++)
        if (net->units[l] > units) units = net->units[l];
    return units;
}

Status network_init(Network *net, NetworkShape shape, Error *err)
{
    *net = (Network){0};
    bool fits = shape.inputs > 0 && shape.inputs <= NETWORK_UNITS && shape.hidden > 0 &&
                shape.hidden <= NETWORK_UNITS && shape.outputs > 0 &&
                shape.outputs <= NETWORK_UNITS && shape.hidden_layers > 0 &&
                shape.hidden_layers < NETWORK_LAYERS;
    if (!fits)
        return error_set(err, STATUS_RANGE, "a network of %d-%dx%d-%d units is not possible",
                         shape.inputs, shape.hidden_layers, shape.hidden, shape.outputs);

    net->layers = shape.hidden_layers + 1;
    net->units[0] = shape.inputs;
    for (int l = 1; l < net->layers; l++)
        net->units[l] = shape.hidden;
    net->units[net->layers] = shape.outputs;
    net->param_count = layer_offset(net, net->layers);
    net->params = mem_array((size_t)net->param_count, sizeof *net->params);
    return net->params ? STATUS_OK : error_nomem(err);
}

void network_release(Network *net)
{
    mem_free(net->params);
    *net = (Network){0};
}

void network_randomise(Network *net, RngStream *rng)
{
    float *p = net->params;
    for (int l = 0; l < net->layers; l++) {
        double bound = 1.0 / sqrt(net->units[l]);
        int n = (net->units[l] + 1) * net->units[l + 1];
        for (int i = 0; i < n; i++)
            *p++ = (float)rng_uniform(rng, -bound, bound);
    }
}

void network_copy(Network *to, const Network *from)
{
    CHECK(to->param_count == from->param_count);
    memcpy(to->params, from->params, (size_t)from->param_count * sizeof *from->params);
}

void network_blend(Network *to, const Network *from, float rate)
{
    kernel_chosen()->blend(to->params, from->params, rate, to->param_count);
}

// weights of the largest layer but the first, whose inputs need no gradient
static size_t largest_layer(const Network *net)
{
    size_t largest = 0;
    for (int l = 1; l < net->layers; l++) {
        size_t weights = (size_t)net->units[l] * (size_t)net->units[l + 1];
        if (weights > largest) largest = weights;
    }
    return largest;
}

Status workspace_init(Workspace *work, const Network *net, int rows, Error *err)
{
    *work = (Workspace){.rows = rows};
    bool taken = true;
    for (int l = 0; l < net->layers; l++) {
        size_t n = (size_t)rows * (size_t)net->units[l + 1];
        work->activation[l] = mem_array(n, sizeof(float));
        taken = taken && work->activation[l];
    }
    for (int i = 0; i < 2; i++) {
        work->gradient[i] = mem_array((size_t)rows * (size_t)widest(net), sizeof(float));
        taken = taken && work->gradient[i];
    }
    size_t last = (size_t)net->units[net->layers - 1] * (size_t)net->units[net->layers];
    work->weight = mem_array(largest_layer(net), sizeof(float));
    work->weight_grad = mem_array(last, sizeof(float));
    taken = taken && work->weight && work->weight_grad;
    return taken ? STATUS_OK : error_nomem(err);
}

void workspace_release(Workspace *work)
{
    for (int l = 0; l < NETWORK_LAYERS; l++)
        mem_free(work->activation[l]);
    for (int i = 0; i < 2; i++)
        mem_free(work->gradient[i]);
    mem_free(work->weight);
    mem_free(work->weight_grad);
    *work = (Workspace){0};
}

const float *network_forward(const Network *net, Workspace *work, const float *x, int rows)
{
    CHECK(rows <= work->rows);
    const float *w = net->params;
    for (int l = 0; l < net->layers; l++) {
        int in = net->units[l], out = net->units[l + 1];
        float *y = work->activation[l];
        kernel_product(&(Product){.m = rows,
                                  .n = out,
                                  .k = in,
                                  .a = x,
                                  .a_row = in,
                                  .a_step = 1,
                                  .b = w,
                                  .bias = w + in * out,
                                  .relu = l + 1 < net->layers,
                                  .c = y});
        w += (in + 1) * out;
        x = y;
    }
    return x;
}

// of the weights, x' dy, and of the biases behind them
static void layer_gradient(const float *x, const float *dy, int rows, int in, int out,
                           float *grad)
{
    kernel_product(&(Product){
        .m = in, .n = out, .k = rows, .a = x, .a_row = 1, .a_step = in, .b = dy, .c = grad});
    kernel_chosen()->sum_rows(dy, rows, out, grad + in * out);
}

// gradient in the outputs of layer l - 1 before ReLU, from dy in the outputs of layer l; it is
// in gradient[l % 2]
static void input_gradient(const Network *net, Workspace *work, int l, const float *dy,
                           int rows)
{
    int in = net->units[l], out = net->units[l + 1];
    kernel_chosen()->transpose(net->params + layer_offset(net, l), in, out, work->weight);
    kernel_product(&(Product){.m = rows,
                              .n = in,
                              .k = out,
                              .a = dy,
                              .a_row = out,
                              .a_step = 1,
                              .b = work->weight,
                              .gate = work->activation[l - 1],
                              .c = work->gradient[l % 2]});
}

// all layers but the last, which has been done
static void backward_below(const Network *net, Workspace *work, const float *x, int rows,
                           float *grad)
{
    for (int l = net->layers - 2; l >= 0; l--) {
        const float *input = l ? work->activation[l - 1] : x;
        const float *dy = work->gradient[(l + 1) % 2];
        layer_gradient(input, dy, rows, net->units[l], net->units[l + 1],
                       grad + layer_offset(net, l));
        if (l) input_gradient(net, work, l, dy, rows);
    }
}

void network_backward(const Network *net, Workspace *work, const float *x, const float *dq,
                      int rows, float *grad)
{
    CHECK(rows <= work->rows);
    int last = net->layers - 1;
    layer_gradient(work->activation[last - 1], dq, rows, net->units[last], net->units[last + 1],
                   grad + layer_offset(net, last));
    input_gradient(net, work, last, dq, rows);
    backward_below(net, work, x, rows, grad);
}

// the last layer backward for the rows with a gradient in all outputs, behind the `rows` that
// have one in a single output: added to what those gave
static void add_dense(const Network *net, Workspace *work, SparseGradient dq, float *bias_grad)
{
    int last = net->layers - 1, in = net->units[last], out = net->units[last + 1];
    size_t behind = (size_t)dq.rows * (size_t)in;
    const float *input = work->activation[last - 1] + behind;
    kernel_product(&(Product){.m = out,
                              .n = in,
                              .k = dq.dense_rows,
                              .a = dq.dense,
                              .a_row = 1,
                              .a_step = out,
                              .b = input,
                              .plus = work->weight_grad,
                              .c = work->weight_grad});
    kernel_product(&(Product){.m = dq.dense_rows,
                              .n = in,
                              .k = out,
                              .a = dq.dense,
                              .a_row = out,
                              .a_step = 1,
                              .b = work->weight,
                              .gate = input,
                              .c = work->gradient[last % 2] + behind});
    for (int r = 0; r < dq.dense_rows; r++)
        for (int j = 0; j < out; j++)
            bias_grad[j] += dq.dense[r * out + j];
}

void network_backward_sparse(const Network *net, Workspace *work, const float *x,
                             SparseGradient dq, float *grad)
{
    int rows = dq.rows + dq.dense_rows;
    CHECK(rows <= work->rows);
    int last = net->layers - 1, offset = layer_offset(net, last);
    int in = net->units[last], out = net->units[last + 1];
    float *bias_grad = grad + offset + in * out;
    const Kernel *kernel = kernel_chosen();

    kernel->transpose(net->params + offset, in, out, work->weight);
    kernel->sparse(&(SparseLayer){.rows = dq.rows,
                                  .in = in,
                                  .out = out,
                                  .column = dq.action,
                                  .dy = dq.value,
                                  .x = work->activation[last - 1],
                                  .weight = work->weight,
                                  .weight_grad = work->weight_grad,
                                  .bias_grad = bias_grad,
                                  .dx = work->gradient[last % 2]});
    if (dq.dense_rows) add_dense(net, work, dq, bias_grad);
    kernel->transpose(work->weight_grad, out, in, grad + offset);
    backward_below(net, work, x, rows, grad);
}

int network_best(const Network *net, Workspace *work, const float *x)
{
    return argmax(network_forward(net, work, x, 1), net->units[net->layers]);
}

int argmax(const float *values, int n)
{
    int best = 0;
    for (int i = 1; i < n; i++)
        if (values[i] > values[best]) best = i;
    return best;
}

void network_archive(Network *net, Archive *archive)
{
    int hidden_layers = net->layers - 1;
    int inputs = net->units[0], hidden = net->units[1], outputs = net->units[net->layers];

    archive_int(archive, "network.inputs", &inputs, 1, NETWORK_UNITS);
    archive_int(archive, "network.hidden", &hidden, 1, NETWORK_UNITS);
    archive_int(archive, "network.layers", &hidden_layers, 1, NETWORK_LAYERS - 1);
    archive_int(archive, "network.outputs", &outputs, 1, NETWORK_UNITS);
    if (archive_has_failed(archive)) return;

    NetworkShape shape = {inputs, hidden, hidden_layers, outputs};
    archive_expect(archive, shape_params(shape) * sizeof *net->params);
    if (archive_has_failed(archive)) return;

    if (archive_is_reading(archive) && !net->params) {
        if (network_init(net, shape, NULL) != STATUS_OK) {
            archive_fail(archive, STATUS_NOMEM, "holds a network too large for the memory");
            return;
        }
    } else if (inputs != net->units[0] || hidden != net->units[1] ||
               hidden_layers != net->layers - 1 || outputs != net->units[net->layers]) {
        archive_fail(archive, STATUS_MISMATCH, "holds a network of another shape");
        return;
    }
    archive_bytes(archive, "network.params", net->params,
                  (size_t)net->param_count * sizeof *net->params);
}
