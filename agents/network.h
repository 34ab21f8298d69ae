/** @file
 * A multilayer perceptron with ReLU between its layers: Q values of all actions from features.
 *
 * Layer: agents. Parameters are one flat array, per layer the weights (in x out, row-major) and
 * then the biases (out), so that copying, averaging, saving and Adam are one loop each. A
 * network is read-only while it computes; what it computes lives in a Workspace.
 *
 * Shapes: R = rows of a call, D = inputs, H = hidden units, A = outputs, P = parameters.
 */
#ifndef AGENTS_NETWORK_H
#define AGENTS_NETWORK_H

#include "suite/core/archive.h"
#include "suite/core/rng.h"
#include "suite/core/status.h"

enum { NETWORK_LAYERS = 5, NETWORK_UNITS = 4096 }; // most layers of weights, most units in one

typedef struct NetworkShape {
    int inputs;        // D
    int hidden;        // H, units in each hidden layer
    int hidden_layers; // 1 .. NETWORK_LAYERS - 1
    int outputs;       // A
} NetworkShape;

typedef struct Network {
    int layers;                    // of weights
    int units[NETWORK_LAYERS + 1]; // units[0] = D, units[layers] = A
    int param_count;               // P
    float *params;                 // (P), owned
} Network;

/** Room for the activations and gradients of up to `rows` rows. */
typedef struct Workspace {
    int rows;                          // capacity
    float *activation[NETWORK_LAYERS]; // (rows x units[l + 1]) outputs of layer l, after ReLU
    float *gradient[2];                // (rows x widest) of a layer's outputs
    float *weight;                     // a layer's weights, transposed
    float *weight_grad;                // the last layer's gradient, transposed
} Workspace;

/** Take memory for a network of zeros; release with network_release(), also after a failure.
 *  @errors STATUS_RANGE for a shape that is not positive or too large; STATUS_NOMEM. */
MUST_CHECK Status network_init(Network *net, NetworkShape shape, Error *err);
void network_release(Network *net);

/** Draw weights and biases of each layer uniformly in +-1/sqrt(inputs of the layer). */
void network_randomise(Network *net, RngStream *rng);

/** Copy the parameters of a network of the same shape. */
void network_copy(Network *to, const Network *from);

/** Move @p to towards @p from: to += rate (from - to), per parameter (Polyak averaging). */
void network_blend(Network *to, const Network *from, float rate);

MUST_CHECK Status workspace_init(Workspace *work, const Network *net, int rows, Error *err);
void workspace_release(Workspace *work);

/**
 * Outputs for a batch.
 *
 * @param x    (R x D)
 * @param rows R <= work->rows
 * @return (R x A), owned by @p work, good until its next use
 */
const float *network_forward(const Network *net, Workspace *work, const float *x, int rows);

/**
 * Gradient of a loss in the parameters, for the first @p rows of the last forward pass.
 *
 * @param x    (R x D) the rows that network_forward() was given
 * @param dq   (R x A) gradient of the loss in the outputs
 * @param grad (P) overwritten
 */
void network_backward(const Network *net, Workspace *work, const float *x, const float *dq,
                      int rows, float *grad);

/** A gradient in one output of each row, and behind these rows some with one in all outputs. */
typedef struct SparseGradient {
    int rows;              // R with a gradient in one output
    const int32_t *action; // (R) in [0, A): which output
    const float *value;    // (R)
    int dense_rows;        // E behind them with a gradient in all; may be 0
    const float *dense;    // (E x A)
} SparseGradient;

/** network_backward() for such a gradient, in less time: of the first R + E rows of the last
 *  forward pass, whose inputs @p x ((R + E) x D) are; @p grad (P) overwritten. */
void network_backward_sparse(const Network *net, Workspace *work, const float *x,
                             SparseGradient dq, float *grad);

/** The output that is largest for one row @p x (D). */
int network_best(const Network *net, Workspace *work, const float *x);

/** The index of the largest of @p n values, the first among equals. */
int argmax(const float *values, int n);

/** Save or restore shape and parameters. Reading takes the memory; on failure release all the
 *  same. */
void network_archive(Network *net, Archive *archive);

#endif
