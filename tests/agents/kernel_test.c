#include "agents/kernel.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "agents/network.h"
#include "suite/core/mem.h"
#include "suite/core/rng.h"

static const int widths[] = {1, 2, 3, 8, 9, 11, 16, 17, 27, 31, 64, 65, 84, 120, 128, 256};

enum { WIDTHS = sizeof widths / sizeof widths[0], WIDEST = 256, ROWS = 70, GUARD = 32 };

static RngStream rng;

static void setup(void)
{
    rng = rng_stream(5, RNG_METHOD, 0);
}

TestSuite(kernel, .init = setup);

// -- arrays with a guard at both ends: what reads it gets no number, what writes it is found
// out

static float guard_value(void)
{
    return nanf("1234");
}

static float *guarded(size_t count)
{
    float *memory = mem_array(count + 2 * GUARD, sizeof *memory);
    float value = guard_value();
    cr_assert(memory != NULL);
    for (size_t i = 0; i < count + 2 * GUARD; i++)
        memcpy(memory + i, &value, sizeof value);
    return memory + GUARD;
}

static void release(float *array)
{
    if (array) mem_free(array - GUARD);
}

static float *random_array(size_t count)
{
    float *array = guarded(count);
    for (size_t i = 0; i < count; i++)
        array[i] = (float)rng_uniform(&rng, -1.0, 1.0);
    return array;
}

static void expect_guards(const float *array, size_t count, const char *kernel)
{
    float value = guard_value();
    for (size_t i = 0; i < GUARD; i++) {
        cr_assert(memcmp(array - 1 - i, &value, sizeof value) == 0, "%s: before", kernel);
        cr_assert(memcmp(array + count + i, &value, sizeof value) == 0, "%s: behind", kernel);
    }
}

static bool usable(int i)
{
    return kernel_at(i)->supported();
}

// -- products

// C[i][j] in double precision, and the sum of the sizes of its terms
static double oracle(const Product *p, int i, int j, double *size)
{
    double sum = p->bias ? (double)p->bias[j] : 0.0;
    if (p->plus) sum += (double)p->plus[i * p->n + j];
    *size = fabs(sum);
    for (int s = 0; s < p->k; s++) {
        double term = (double)p->a[i * p->a_row + s * p->a_step] * (double)p->b[s * p->n + j];
        sum += term;
        *size += fabs(term);
    }
    if (p->relu && sum < 0.0) sum = 0.0;
    if (p->gate && p->gate[i * p->n + j] <= 0.0f) sum = 0.0;
    return sum;
}

typedef struct Case {
    Product p;
    float *a, *b, *bias, *gate, *plus; // what p borrows, and owns here
} Case;

// a product of random matrices; transposition, bias, ReLU, gate and addend by the bits of
// `variant`
static Case make_case(int m, int n, int k, int variant)
{
    size_t mn = (size_t)m * (size_t)n;
    bool is_transposed = variant & 1;
    Case c = {.a = random_array((size_t)m * (size_t)k),
              .b = random_array((size_t)k * (size_t)n),
              .bias = (variant & 18) == 2 ? random_array((size_t)n) : NULL,
              .gate = variant & 8 ? random_array(mn) : NULL,
              .plus = variant & 16 ? random_array(mn) : NULL};
    c.p = (Product){.m = m,
                    .n = n,
                    .k = k,
                    .a = c.a,
                    .a_row = is_transposed ? 1 : k,
                    .a_step = is_transposed ? m : 1,
                    .b = c.b,
                    .bias = c.bias,
                    .plus = c.plus,
                    .relu = variant & 4,
                    .gate = c.gate,
                    .c = guarded(mn)};
    return c;
}

static void release_case(Case *c)
{
    release(c->a);
    release(c->b);
    release(c->bias);
    release(c->gate);
    release(c->plus);
    release(c->p.c);
}

// error of a sum of k + 1 rounded terms: Higham 2002, Accuracy and Stability, eq. 3.5
static void expect_product(const Product *p, const char *kernel)
{
    for (int i = 0; i < p->m; i++)
        for (int j = 0; j < p->n; j++) {
            double size, exact = oracle(p, i, j, &size);
            double bound = (p->k + 1) * (double)FLT_EPSILON * size;
            double got = (double)p->c[i * p->n + j];
            cr_assert(fabs(got - exact) <= bound, "%s, %dx%dx%d: row %d column %d: %g, not %g",
                      kernel, p->m, p->n, p->k, i, j, got, exact);
        }
    expect_guards(p->c, (size_t)p->m * (size_t)p->n, kernel);
}

Test(kernel, multiplies_like_the_oracle_in_every_shape)
{
    int variant = 0;
    for (int m = 1; m <= ROWS; m++)
        for (int w = 0; w < WIDTHS; w++) {
            Case c = make_case(m, widths[w], widths[(m + 5 * w) % WIDTHS], variant++);
            for (int i = 0; kernel_at(i); i++) {
                if (!usable(i)) continue;
                kernel_at(i)->product(&c.p);
                expect_product(&c.p, kernel_at(i)->name);
            }
            release_case(&c);
        }
}

// the addend may be what is overwritten
Test(kernel, adds_to_what_is_there)
{
    for (int w = 0; w < WIDTHS; w++) {
        Case c = make_case(ROWS, widths[w], 27, 16 + w % 2);
        size_t size = (size_t)(c.p.m * c.p.n) * sizeof(float);
        for (int i = 0; kernel_at(i); i++) {
            if (!usable(i)) continue;
            Product onto = c.p;
            memcpy(onto.c, c.plus, size);
            onto.plus = onto.c;
            kernel_at(i)->product(&onto);
            expect_product(&c.p, kernel_at(i)->name);
        }
        release_case(&c);
    }
}

// neither which rows are beside it nor where it stands shows in a row
Test(kernel, gives_a_row_the_same_bits_in_any_batch)
{
    for (int w = 0; w < WIDTHS; w++) {
        Case c = make_case(ROWS, widths[w], 65, 2);
        Product p = c.p;
        size_t width = (size_t)p.n * sizeof *p.c;
        float *alone = guarded((size_t)p.n);
        for (int i = 0; kernel_at(i); i++) {
            if (!usable(i) || strcmp(kernel_at(i)->name, "openblas") == 0) continue;
            kernel_at(i)->product(&p);
            for (int r = 0; r < ROWS; r++) {
                Product row = p;
                row.m = 1;
                row.a += r * p.k;
                row.c = alone;
                kernel_at(i)->product(&row);
                cr_assert(memcmp(alone, p.c + r * p.n, width) == 0, "%s: row %d of %d columns",
                          kernel_at(i)->name, r, p.n);
            }
        }
        release(alone);
        release_case(&c);
    }
}

Test(kernel, sums_the_rows_of_every_width)
{
    for (int w = 0; w < WIDTHS; w++)
        for (int rows = 1; rows <= ROWS; rows++) {
            int n = widths[w];
            float *x = random_array((size_t)rows * (size_t)n), *sum = guarded((size_t)n);
            for (int i = 0; kernel_at(i); i++) {
                if (!usable(i)) continue;
                kernel_at(i)->sum_rows(x, rows, n, sum);
                for (int j = 0; j < n; j++) {
                    double exact = 0.0;
                    for (int r = 0; r < rows; r++)
                        exact += (double)x[r * n + j];
                    cr_assert(fabs((double)sum[j] - exact) <= rows * rows * (double)FLT_EPSILON,
                              "%s: %d rows, column %d", kernel_at(i)->name, rows, j);
                }
                expect_guards(sum, (size_t)n, kernel_at(i)->name);
            }
            release(x);
            release(sum);
        }
}

Test(kernel, transposes_every_shape)
{
    for (int v = 0; v < WIDTHS; v++)
        for (int w = 0; w < WIDTHS; w++) {
            int m = widths[v], n = widths[w];
            size_t count = (size_t)m * (size_t)n;
            float *from = random_array(count);
            for (int i = 0; kernel_at(i); i++) {
                if (!usable(i)) continue;
                float *to = guarded(count);
                kernel_at(i)->transpose(from, m, n, to);
                for (int r = 0; r < m; r++)
                    for (int c = 0; c < n; c++)
                        cr_assert(eq(flt, to[c * m + r], from[r * n + c]), "%s: %dx%d at %d %d",
                                  kernel_at(i)->name, m, n, r, c);
                expect_guards(to, count, kernel_at(i)->name);
                release(to);
            }
            release(from);
        }
}

// -- elementwise loops: the same bits as the plain loop that stands here

enum { COUNT = 1003 }; // a multiple of no vector

// numbers of all sizes, so that rounding differs wherever the order of operations does
static float wide(void)
{
    return (float)(rng_uniform(&rng, -1.0, 1.0) * pow(10.0, rng_uniform(&rng, -6.0, 3.0)));
}

// params, m, v and grad, one behind the other; v is not negative
static void fill_step(float *memory)
{
    for (int i = 0; i < 4 * COUNT; i++)
        memory[i] = i / COUNT == 2 ? fabsf(wide()) : wide();
}

static AdamStep step_on(float *memory)
{
    return (AdamStep){.count = COUNT,
                      .params = memory,
                      .m = memory + COUNT,
                      .v = memory + 2 * COUNT,
                      .grad = memory + 3 * COUNT,
                      .beta1 = 0.9f,
                      .beta2 = 0.999f,
                      .gain1 = 0.1f,
                      .gain2 = 0.001f,
                      .rate = 0.003f,
                      .unbias = 1.7f,
                      .epsilon = 1e-5f};
}

static void plain_adam(const AdamStep *s)
{
    for (int i = 0; i < s->count; i++) {
        s->m[i] = s->beta1 * s->m[i] + s->gain1 * s->grad[i];
        s->v[i] = s->beta2 * s->v[i] + s->gain2 * s->grad[i] * s->grad[i];
        s->params[i] -= s->rate * s->m[i] / (sqrtf(s->v[i] * s->unbias) + s->epsilon);
    }
}

Test(kernel, takes_a_step_of_adam_to_the_last_bit)
{
    static float start[4 * COUNT], expected[4 * COUNT], memory[4 * COUNT];
    fill_step(start);
    memcpy(expected, start, sizeof start);
    AdamStep step = step_on(expected);
    plain_adam(&step);
    cr_assert(memcmp(expected, start, sizeof start) != 0);

    for (int i = 0; kernel_at(i); i++) {
        if (!usable(i)) continue;
        memcpy(memory, start, sizeof start);
        step = step_on(memory);
        kernel_at(i)->adam(&step);
        cr_assert(memcmp(memory, expected, sizeof expected) == 0, "%s", kernel_at(i)->name);
    }
}

Test(kernel, lets_the_target_follow_a_step_of_adam_to_the_last_bit)
{
    static float start[4 * COUNT], apart[4 * COUNT], memory[4 * COUNT];
    static float behind[COUNT], follower[COUNT], expected[COUNT];
    fill_step(start);
    for (int i = 0; i < COUNT; i++)
        behind[i] = wide();
    for (int i = 0; kernel_at(i); i++) {
        const Kernel *kernel = kernel_at(i);
        if (!usable(i)) continue;
        memcpy(apart, start, sizeof start);
        memcpy(expected, behind, sizeof behind);
        AdamStep step = step_on(apart);
        kernel->adam(&step);
        kernel->blend(expected, apart, 0.03f, COUNT);

        memcpy(memory, start, sizeof start);
        memcpy(follower, behind, sizeof behind);
        step = step_on(memory);
        step.follower = follower;
        step.follow = 0.03f;
        kernel->adam(&step);
        cr_assert(memcmp(memory, apart, sizeof apart) == 0, "%s", kernel->name);
        cr_assert(memcmp(follower, expected, sizeof expected) == 0, "%s", kernel->name);
        cr_assert(memcmp(follower, behind, sizeof behind) != 0, "%s", kernel->name);
    }
}

Test(kernel, blends_to_the_last_bit)
{
    static float start[COUNT], from[COUNT], expected[COUNT], memory[COUNT];
    for (int i = 0; i < COUNT; i++) {
        start[i] = wide();
        from[i] = wide();
        expected[i] = start[i] + 0.005f * (from[i] - start[i]);
    }
    for (int i = 0; kernel_at(i); i++) {
        if (!usable(i)) continue;
        memcpy(memory, start, sizeof start);
        kernel_at(i)->blend(memory, from, 0.005f, COUNT);
        cr_assert(memcmp(memory, expected, sizeof expected) == 0, "%s", kernel_at(i)->name);
    }
}

// -- choosing

Test(kernel_init, chooses_the_kernel_that_is_named)
{
    for (int i = 0; kernel_at(i); i++) {
        if (!usable(i)) continue;
        char name[64];
        Error err = {0};
        setenv("SUITE_KERNEL", kernel_at(i)->name, 1);
        cr_assert(eq(int, kernel_init(&err), STATUS_OK), "%s", err.message);
        cr_assert(kernel_chosen() == kernel_at(i), "'%s'", kernel_at(i)->name);
        kernel_name(name, sizeof name);
        cr_assert(strstr(name, "OpenBLAS ") != NULL, "'%s'", name);
        bool is_ours = strcmp(kernel_at(i)->name, "openblas") != 0;
        cr_assert(is_ours == (strstr(name, kernel_at(i)->name) != NULL), "'%s'", name);
    }
}

Test(kernel_init, takes_the_best_that_the_machine_can_run)
{
    unsetenv("SUITE_KERNEL");
    cr_assert(eq(int, kernel_init(NULL), STATUS_OK));
    for (int i = 0; kernel_at(i) != kernel_chosen(); i++)
        cr_assert(eq(int, usable(i), 0), "%s", kernel_at(i)->name);
}

Test(kernel_init, refuses_a_word_that_names_none)
{
    Error err = {0};
    setenv("SUITE_KERNEL", "avx1024", 1);
    cr_assert(eq(int, kernel_init(&err), STATUS_USAGE));
    cr_assert(strstr(err.message, "'avx1024'") != NULL, "%s", err.message);
    cr_assert(strstr(err.message, "avx2, openblas") != NULL, "%s", err.message);
}

// -- a network by each kernel in turn

enum { BATCH = 37, SPARSE_ROWS = 23, INPUTS = 11, HIDDEN = 65, OUTPUTS = 27 };

typedef struct Trial {
    Network net;
    Workspace work;
    float x[BATCH * INPUTS], dq[BATCH * OUTPUTS], value[BATCH];
    int32_t action[BATCH];
    float q[BATCH * OUTPUTS], *dense, *sparse;
} Trial;

static void make_trial(Trial *t)
{
    NetworkShape shape = {INPUTS, HIDDEN, 2, OUTPUTS};
    cr_assert(eq(int, network_init(&t->net, shape, NULL), STATUS_OK));
    cr_assert(eq(int, workspace_init(&t->work, &t->net, BATCH, NULL), STATUS_OK));
    network_randomise(&t->net, &rng);
    t->dense = mem_array((size_t)t->net.param_count, sizeof(float));
    t->sparse = mem_array((size_t)t->net.param_count, sizeof(float));
    for (int i = 0; i < BATCH * INPUTS; i++)
        t->x[i] = (float)rng_uniform(&rng, -2.0, 2.0);
    for (int r = 0; r < SPARSE_ROWS; r++) {
        t->action[r] = rng_below(&rng, OUTPUTS);
        t->value[r] = t->dq[r * OUTPUTS + t->action[r]] = (float)rng_uniform(&rng, -1.0, 1.0);
    }
    for (int i = SPARSE_ROWS * OUTPUTS; i < BATCH * OUTPUTS; i++)
        t->dq[i] = (float)rng_uniform(&rng, -1.0, 1.0);
}

static void release_trial(Trial *t)
{
    network_release(&t->net);
    workspace_release(&t->work);
    mem_free(t->dense);
    mem_free(t->sparse);
}

static void compute(Trial *t, const char *kernel)
{
    setenv("SUITE_KERNEL", kernel, 1);
    cr_assert(eq(int, kernel_init(NULL), STATUS_OK));
    memcpy(t->q, network_forward(&t->net, &t->work, t->x, BATCH), sizeof t->q);
    network_backward(&t->net, &t->work, t->x, t->dq, BATCH, t->dense);
    SparseGradient dq = {SPARSE_ROWS, t->action, t->value, BATCH - SPARSE_ROWS,
                         t->dq + SPARSE_ROWS * OUTPUTS};
    network_backward_sparse(&t->net, &t->work, t->x, dq, t->sparse);
}

Test(kernel, agrees_with_openblas_on_a_network_and_its_gradients)
{
    static Trial ours, theirs;
    make_trial(&theirs);
    compute(&theirs, "openblas");
    for (int i = 0; kernel_at(i); i++) {
        if (!usable(i)) continue;
        setup();
        make_trial(&ours);
        compute(&ours, kernel_at(i)->name);
        for (int j = 0; j < BATCH * OUTPUTS; j++)
            cr_assert(epsilon_eq(flt, ours.q[j], theirs.q[j], 1e-5f), "%s: output %d",
                      kernel_at(i)->name, j);
        for (int p = 0; p < theirs.net.param_count; p++) {
            cr_assert(epsilon_eq(flt, ours.dense[p], theirs.dense[p], 1e-4f),
                      "%s: parameter %d", kernel_at(i)->name, p);
            cr_assert(epsilon_eq(flt, ours.sparse[p], ours.dense[p], 1e-4f),
                      "%s: parameter %d of the sparse gradient", kernel_at(i)->name, p);
        }
        release_trial(&ours);
    }
    release_trial(&theirs);
}
