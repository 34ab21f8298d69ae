/** @file
 * Straight lines through a few samples: ridge least squares of several outputs at once.
 *
 * Layer: dqinit. With x and y taken from their means, the slopes B solve
 *
 *     (X'X + ridge m I) B = X'Y
 *
 * by Cholesky in double precision, and the values at x = 0 are mean(y) - B' mean(x). Fewer than
 * K + 2 samples, or samples in which the matrix is singular (which a ridge above 0 prevents),
 * have slopes 0 and mean(y).
 *
 * @source Hoerl and Kennard 1970, "Ridge regression", with the intercept left unpenalised.
 *
 * Shapes: m = samples, K = inputs, R = outputs.
 */
#ifndef DQINIT_CODEBOOK_FIT_H
#define DQINIT_CODEBOOK_FIT_H

enum { FIT_INPUTS = 16 };

/** All arrays are the caller's. */
typedef struct CodebookFit {
    int samples, inputs, outputs; // m > 0, K <= FIT_INPUTS, R
    double ridge;                 // >= 0, in squared units of x
    double *x;                    // (m x K), overwritten
    double *y;                    // (m x R), overwritten
    double *line;                 // ((1 + K) x R) values at x = 0, then slopes along each input
} CodebookFit;

/** Fill fit->line with the means of the outputs, and slopes 0. */
void codebook_fit_means(const CodebookFit *fit);

/** Fill fit->line with the lines. */
void codebook_fit_lines(const CodebookFit *fit);

#endif
