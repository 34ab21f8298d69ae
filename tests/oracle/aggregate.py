"""Scores, and what numpy and scipy make of them by the definitions of rliable 3ccd9f4, as the
data of tests/results/aggregate_test.c.

    python aggregate.py >aggregate.h      the same bytes every time; half a minute

rliable's matrices are runs x tasks; the header has the tasks, our members, one after the other.
"""

import numpy as np
import scipy
from scipy import integrate, optimize, stats

GAMMA = 1.0
LEVELS = np.array([-0.5, 0.0, 0.25, 0.5, 0.75, 1.0, 1.5, 3.0])
RESAMPLES = 400_000
SKEWED = np.array([0.1, 0.4, 0.9, 1.3])  # where the skewed members' scores begin


def skewed_scores(rng, runs, shift):
    """Rounded, so that there are ties within and between methods; of 42 and 30 scores a quarter is
    not whole, and the median of six means lies between two; no two aggregates are alike."""
    begin = np.array([-0.3, 0.2, 0.45, 0.8, 0.1, 0.6]) + shift
    return np.round(begin + rng.exponential([0.2, 0.5, 0.3, 1.1, 1.5, 0.1], size=(runs, 6)), 1)


# rliable 3ccd9f4, metrics.py


def iqm(scores):
    return stats.trim_mean(scores, 0.25, axis=None)


def mean(scores):
    return np.mean(np.mean(scores, axis=0))


def median(scores):
    return np.median(np.mean(scores, axis=0))


def gap(scores):
    return GAMMA - np.mean(np.minimum(scores, GAMMA))


def profile(scores):
    return np.array([np.mean(scores > level) for level in LEVELS])


def improvement(x, y):
    pairs = x.shape[0] * y.shape[0]
    each = [
        stats.mannwhitneyu(x[:, m], y[:, m], alternative="greater").statistic / pairs
        for m in range(x.shape[1])
    ]
    return np.mean(each)


# Stratified bootstrap as in library.py: of every task runs are drawn independently. The
# statistics are those above, of many resamples at once.


def resampled(rng, scores, count):
    runs, tasks = scores.shape
    return scores[rng.integers(runs, size=(count, runs, tasks)), np.arange(tasks)]


def percentiles(values):
    return np.quantile(values, [0.025, 0.975], axis=0)


def aggregates_of(scores):
    flat = np.sort(scores.reshape(len(scores), -1), axis=1)
    cut = int(0.25 * flat.shape[1])
    means = scores.mean(axis=1)
    return np.stack(
        [
            flat[:, cut : flat.shape[1] - cut].mean(axis=1),
            means.mean(axis=1),
            np.median(means, axis=1),
            GAMMA - np.minimum(flat, GAMMA).mean(axis=1),
        ],
        axis=1,
    )


def improvement_of(x, y):
    higher = (x[:, :, None, :] > y[:, None, :, :]).mean(axis=(1, 2, 3))
    equal = (x[:, :, None, :] == y[:, None, :, :]).mean(axis=(1, 2, 3))
    return higher + 0.5 * equal


def in_parts(statistic, parts=40):
    return np.concatenate([statistic(RESAMPLES // parts) for _ in range(parts)])


def skewed_iqm():
    """The interquartile mean of as many scores as there can be: equal shares of exponential
    scores of scale 0.25 that begin at SKEWED."""

    def share_below(v):
        return np.mean(stats.expon.cdf(v, loc=SKEWED, scale=0.25))

    def density(v):
        return np.mean(stats.expon.pdf(v, loc=SKEWED, scale=0.25))

    lo = optimize.brentq(lambda v: share_below(v) - 0.25, -1, 9, xtol=1e-15)
    hi = optimize.brentq(lambda v: share_below(v) - 0.75, -1, 9, xtol=1e-15)
    inside = [v for v in SKEWED if lo < v < hi]
    return 2 * integrate.quad(lambda v: v * density(v), lo, hi, points=inside, epsabs=1e-13)[0]


def array(name, values):
    numbers = ", ".join(repr(float(v)) for v in np.ravel(values))
    print(f"static const double {name}[] = {{{numbers}}};")


def main():
    rng = np.random.default_rng(20210830)
    x, y = skewed_scores(rng, 7, 0.15), skewed_scores(rng, 5, 0.0)
    print(f"// Made by aggregate.py with numpy {np.__version__} and scipy {scipy.__version__}.")
    print("// clang-format off")
    print("enum { ORACLE_X_RUNS = 7, ORACLE_Y_RUNS = 5, ORACLE_MEMBERS = 6 };")
    array("oracle_x", x.T)
    array("oracle_y", y.T)
    array("oracle_levels", LEVELS)
    for name, scores in (("x", x), ("y", y)):
        array(f"oracle_{name}_values", [iqm(scores), mean(scores), median(scores), gap(scores)])
        array(f"oracle_{name}_profile", profile(scores))
    array("oracle_x_above_y", [improvement(x, y)])
    array("oracle_y_above_x", [improvement(y, x)])

    values = in_parts(lambda n: aggregates_of(resampled(rng, x, n)))
    assert np.allclose(aggregates_of(x[None])[0], [iqm(x), mean(x), median(x), gap(x)])
    array("oracle_x_lo", percentiles(values)[0])
    array("oracle_x_hi", percentiles(values)[1])
    above = in_parts(lambda n: (resampled(rng, x, n)[..., None] > LEVELS).mean(axis=(1, 2)))
    array("oracle_x_profile_lo", percentiles(above)[0])
    array("oracle_x_profile_hi", percentiles(above)[1])
    better = in_parts(lambda n: improvement_of(resampled(rng, x, n), resampled(rng, y, n)))
    assert np.isclose(improvement_of(x[None], y[None])[0], improvement(x, y))
    array("oracle_x_above_y_interval", percentiles(better))

    array("oracle_skewed", SKEWED)
    array("oracle_skewed_iqm", [skewed_iqm()])


if __name__ == "__main__":
    main()
