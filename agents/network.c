#include "agents/network.h"

#include <math.h>
#include <string.h>

#include "agents/blas.h"
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
    float *restrict t = to->params;
    const float *restrict f = from->params;
    for (int i = 0; i < to->param_count; i++)
        t[i] += rate * (f[i] - t[i]);
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
    return taken ? STATUS_OK : error_nomem(err);
}

void workspace_release(Workspace *work)
{
    for (int l = 0; l < NETWORK_LAYERS; l++)
        mem_free(work->activation[l]);
    for (int i = 0; i < 2; i++)
        mem_free(work->gradient[i]);
    *work = (Workspace){0};
}

// y (rows x out) = x w + bias, through ReLU unless it is the last layer
static void layer_forward(const float *restrict w, const float *x, int rows, int in, int out,
                          float *restrict y)
{
    const float *bias = w + in * out;
    for (int r = 0; r < rows; r++)
        memcpy(y + (size_t)r * (size_t)out, bias, (size_t)out * sizeof *y);
    if (rows == 1)
        blas_row(out, in, w, x, y);
    else
        blas_multiply_add(rows, out, in, x, w, y);
}

static void relu(float *y, int n)
{
    for (int i = 0; i < n; i++)
        y[i] = y[i] > 0.0f ? y[i] : 0.0f;
}

const float *network_forward(const Network *net, Workspace *work, const float *x, int rows)
{
    CHECK(rows <= work->rows);
    const float *w = net->params;
    for (int l = 0; l < net->layers; l++) {
        int in = net->units[l], out = net->units[l + 1];
        float *y = work->activation[l];
        layer_forward(w, x, rows, in, out, y);
        if (l + 1 < net->layers) relu(y, rows * out);
        w += (in + 1) * out;
        x = y;
    }
    return x;
}

// sums of the columns of dy (rows x out)
static void bias_gradient(const float *restrict dy, int rows, int out, float *restrict grad)
{
    memset(grad, 0, (size_t)out * sizeof *grad);
    for (int r = 0; r < rows; r++)
        for (int j = 0; j < out; j++)
            grad[j] += dy[r * out + j];
}

// where ReLU gave zero, no gradient passes
static void relu_backward(const float *restrict y, int n, float *restrict dy)
{
    for (int i = 0; i < n; i++)
        dy[i] = y[i] > 0.0f ? dy[i] : 0.0f;
}

void network_backward(const Network *net, Workspace *work, const float *x, const float *dq,
                      int rows, float *grad)
{
    CHECK(rows <= work->rows);
    const float *dy = dq;
    for (int l = net->layers - 1; l >= 0; l--) {
        int in = net->units[l], out = net->units[l + 1];
        int offset = layer_offset(net, l);
        const float *input = l ? work->activation[l - 1] : x;

        blas_multiply_at(in, out, rows, input, dy, grad + offset);
        bias_gradient(dy, rows, out, grad + offset + in * out);
        if (l == 0) break;

        float *dx = work->gradient[l % 2];
        blas_multiply_bt(rows, in, out, dy, net->params + offset, dx);
        relu_backward(input, rows * in, dx);
        dy = dx;
    }
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
