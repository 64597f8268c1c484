#!/usr/bin/env python3
"""Makes statistics_expected.json beside this file: what NumPy and SciPy say about small lists.

    python3 statistics_expected.py      needs numpy and scipy; the tests read only what it wrote
"""

import itertools
import json
import pathlib

import numpy as np
import scipy.special
import scipy.stats

rng = np.random.default_rng(20210624)


def rounded(values):
    return [round(float(value), 6) for value in values]


def main():
    x = rounded(rng.normal(size=40))
    y = rounded(0.5 * np.array(x) + rng.normal(size=40))
    tied_x = [int(value) for value in rng.integers(0, 6, size=30)]
    tied_y = [int(value) for value in rng.integers(0, 4, size=30)]
    edges = scipy.stats.mstats.mquantiles(x, [0, 0.2, 0.4, 0.6, 0.8, 1.0])
    table = np.round(rng.normal(size=(12, 4)) + np.array([0.0, 0.3, 0.6, 1.2]), 6)

    # Repeated measures by least squares: the model with participants and conditions against that with participants.
    n, k = table.shape
    participants = np.repeat(np.eye(n), k, axis=0)
    conditions = np.tile(np.eye(k), (n, 1))
    flat = table.reshape(-1)
    rest = [
        float(np.sum((flat - design @ np.linalg.lstsq(design, flat, rcond=None)[0]) ** 2))
        for design in (participants, np.hstack([participants, conditions]))
    ]
    freedom = (k - 1, (k - 1) * (n - 1))
    mean_error = rest[1] / freedom[1]
    f = (rest[0] - rest[1]) / freedom[0] / mean_error
    pairs = []
    for a in range(k):
        for b in range(a + 1, k):
            t = (table[:, a].mean() - table[:, b].mean()) / np.sqrt(2 * mean_error / n)
            p = 2 * scipy.stats.t.sf(abs(t), freedom[1])
            pairs.append({"a": a, "b": b, "t": t, "p": p, "p_corrected": min(1.0, p * k * (k - 1) / 2)})

    binomial = []
    for successes, trials, share in [(0, 5, 0.5), (5, 5, 0.5), (9, 18, 0.5), (14, 18, 0.5), (3, 21, 0.3), (121, 200, 0.5),
                                     (540, 900, 0.5), (2700, 5000, 0.5), (1, 1, 0.5)]:
        test = scipy.stats.binomtest(successes, trials, share)
        interval = test.proportion_ci(0.95, method="exact")
        binomial.append({"successes": successes, "trials": trials, "share": share, "p": test.pvalue,
                         "low": interval.low, "high": interval.high})

    a = rounded(rng.normal(0.6, 0.1, size=6))
    b = rounded(rng.normal(0.7, 0.1, size=7))
    both = a + b
    seen = abs(np.mean(a) - np.mean(b))
    groups = [[both[i] for i in chosen] for chosen in itertools.combinations(range(len(both)), len(a))]
    differences = [np.mean(g) - (sum(both) - sum(g)) / len(b) for g in groups]
    expected = {
        "x": x,
        "y": y,
        "mean": np.mean(x),
        "sd0": np.std(x),
        "sd1": np.std(x, ddof=1),
        "two_sem": 2 * np.std(x) / np.sqrt(len(x)),
        "quantiles_linear": [float(np.quantile(x, q)) for q in (0, 0.025, 0.31, 0.5, 0.975, 1)],
        "bin_edges": edges.tolist(),
        "bin_means": scipy.stats.binned_statistic(x, y, "mean", bins=edges)[0].tolist(),
        "bin_sds": scipy.stats.binned_statistic(x, y, "std", bins=edges)[0].tolist(),
        "spearman": [float(value) for value in scipy.stats.spearmanr(x, y)],
        "tied_x": tied_x,
        "tied_y": tied_y,
        "spearman_tied": [float(value) for value in scipy.stats.spearmanr(tied_x, tied_y)],
        "beta": [{"a": a_, "b": b_, "x": x_, "value": float(scipy.special.betainc(a_, b_, x_))}
                 for a_ in (0.5, 1.0, 3.7, 40.0, 2000.0) for b_ in (0.5, 2.0, 15.0, 900.0)
                 for x_ in (1e-6, 0.1, 0.5, 0.69, 0.97)],
        "log_gamma": [{"x": x_, "value": float(scipy.special.gammaln(x_))} for x_ in (0.1, 0.5, 1.0, 2.5, 17.0, 4321.5)],
        "f_tail": [{"f": f_, "numerator": d1, "denominator": d2, "value": float(scipy.stats.f.sf(f_, d1, d2))}
                   for f_ in (0.2, 1.0, 3.3, 25.0) for d1, d2 in ((1, 9), (2, 18), (4, 196))],
        "t_two_sided": [{"t": t_, "freedom": d, "value": float(2 * scipy.stats.t.sf(abs(t_), d))}
                        for t_ in (0.0, -0.7, 1.96, 8.0) for d in (1, 9, 196)],
        "binomial": binomial,
        "table": table.tolist(),
        "anova": {"f": f, "numerator": freedom[0], "denominator": freedom[1],
                  "p": float(scipy.stats.f.sf(f, *freedom)), "pairs": pairs},
        "a": a,
        "b": b,
        "permutation": {"difference": np.mean(a) - np.mean(b),
                        "p": float(np.mean([abs(d) >= seen - 1e-12 for d in differences]))},
    }
    path = pathlib.Path(__file__).with_suffix(".json")
    path.write_text(json.dumps(expected, indent=1, default=float) + "\n")


if __name__ == "__main__":
    main()
