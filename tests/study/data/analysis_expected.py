#!/usr/bin/env python3
"""Makes analysis_expected.json beside this file: a study of 50 participants in each of 5 conditions with 21 trials each,
analysed with NumPy and SciPy by the published formulas.

    python3 analysis_expected.py        needs numpy and scipy; the tests read only what it wrote

The answers themselves are not stored: synthetic_study.h draws the same ones from the same generator in the same order.
"""

import json
import pathlib

import numpy as np
import scipy.stats

CONDITIONS = ["none", "natural", "synthetic", "mixed", "blur"]
PARTICIPANTS, UNITS, SETS, CATCHES = 50, 18, 10, 3
BASELINES = ["centre", "published_centre", "variance", "saliency"]


class Draws:
    """A linear congruential generator modulo 2^64 (Knuth's constants); the upper 53 bits make a number below 1."""

    def __init__(self, seed):
        self.state = seed

    def next(self):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (self.state >> 11) / 2**53


def study():
    draws = Draws(7)
    trials = {}
    for unit in range(UNITS):
        for image_set in range(SETS):
            base = 1 + 2 * draws.next()
            low = base * (0.2 + 0.3 * draws.next())
            high = base * (0.6 + 0.5 * draws.next())
            trial = {"base": base, "min": low, "max": high}
            for name in BASELINES:
                trial[name] = (100 * draws.next(), 100 * draws.next())  # of the min and the max query's square
            trials[unit, image_set] = trial
    sessions = []
    for number, condition in enumerate(CONDITIONS):
        for participant in range(PARTICIPANTS):
            ability = 0.2 * draws.next() - 0.1
            session = {"condition": condition, "participant": participant, "instruction": 10 + 60 * draws.next(),
                       "total": 60 + 860 * draws.next(), "answers": []}
            image_set = participant % SETS
            for index in range(UNITS + CATCHES):
                catch = index >= UNITS
                if catch:
                    chance = 0.85
                else:
                    trial = trials[index, image_set]
                    chance = 0.4 + 0.03 * number + ability + 0.3 * (trial["max"] - trial["min"]) / trial["base"]
                correct = draws.next() < chance
                switched = draws.next() < 0.5
                label = 1 + int(3 * draws.next())
                left = correct == switched
                session["answers"].append({
                    "unit": index, "set": image_set, "catch": catch, "correct": correct,
                    "button": 3 - label if left else label + 2, "label": label, "rt": 1 + 4 * draws.next()})
            sessions.append(session)
    return trials, sessions


def is_excluded(session):
    none = session["condition"] == "none"
    caught = [answer["correct"] for answer in session["answers"] if answer["catch"]]
    left = sum(answer["button"] < 3 for answer in session["answers"])
    return (session["instruction"] < (15 if none else 20) or not (40 if none else 90) <= session["total"] <= 900
            or np.mean(caught) < 0.6 or min(left, len(session["answers"]) - left) < 1)


def two_sem(values):
    return float(2 * np.std(values) / np.sqrt(len(values)))


def main_answers(session):
    return [answer for answer in session["answers"] if not answer["catch"]]


def accuracy(parts):
    """Of lists of answers, one a participant."""
    scores = np.array([[sum(a["correct"] for a in part), len(part)] for part in parts])
    rng = np.random.default_rng(1)
    drawn = rng.integers(0, len(scores), size=(20000, len(scores)))
    resampled = scores[drawn, 0].sum(axis=1) / scores[drawn, 1].sum(axis=1)
    return {"participants": len(parts), "trials": int(scores[:, 1].sum()), "correct": int(scores[:, 0].sum()),
            "mean": float(scores[:, 0].sum() / scores[:, 1].sum()), "two_sem": two_sem(scores[:, 0] / scores[:, 1]),
            "ci95": np.quantile(resampled, [0.025, 0.975]).tolist(),
            "p_chance": float(scipy.stats.binomtest(int(scores[:, 0].sum()), int(scores[:, 1].sum())).pvalue)}


def kappa(a, b):
    a, b = np.array(a, float), np.array(b, float)
    expected = a.mean() * b.mean() + (1 - a.mean()) * (1 - b.mean())
    return 1.0 if expected == 1 else ((a == b).mean() - expected) / (1 - expected)


def is_right(trial, baseline):
    low, high = trial[baseline]
    return high > low if baseline.endswith("centre") else high < low


def kappa_cells(kept, trials):
    sides = {}
    for condition in CONDITIONS:
        sides[condition] = [(s["participant"] % SETS, [a["correct"] for a in main_answers(s)])
                            for s in kept if s["condition"] == condition]
    sets = sorted({s["participant"] % SETS for s in kept})
    for baseline in BASELINES:
        sides[baseline] = [(i, [is_right(trials[u, i], baseline) for u in range(UNITS)]) for i in sets]
    names = list(sides)
    cells = []
    for i, one in enumerate(names):
        for other in names[i:]:
            values = []
            for p, (set_a, a) in enumerate(sides[one]):
                for q, (set_b, b) in enumerate(sides[other]):
                    if set_a != set_b or (one == other and one in CONDITIONS and q <= p):
                        continue
                    values.append(kappa(a, b))
            cells.append({"a": one, "b": other, "pairs": len(values), "mean": float(np.mean(values)),
                          "two_sem": two_sem(values)})
    return cells


def points(kept, trials, condition):
    found = {}
    for session in kept:
        if condition in (None, session["condition"]):
            for answer in main_answers(session):
                key = (session["condition"], answer["unit"], answer["set"])
                found.setdefault(key, []).append(answer["correct"])
    x, y = [], []
    for (_, unit, image_set), answers in found.items():
        trial = trials[unit, image_set]
        x.append((max(trial["max"], trial["base"]) - trial["min"]) / trial["base"])
        y.append(np.mean(answers))
    return np.array(x), np.array(y)


def relation(kept, trials, condition):
    x, y = points(kept, trials, condition)
    rho, p = scipy.stats.spearmanr(x, y)
    edges = scipy.stats.mstats.mquantiles(x, [0, 0.2, 0.4, 0.6, 0.8, 1.0])
    return {"condition": condition, "points": len(x), "rho": float(rho), "p": float(p), "edges": edges.tolist(),
            "means": scipy.stats.binned_statistic(x, y, "mean", bins=edges)[0].tolist(),
            "sds": scipy.stats.binned_statistic(x, y, "std", bins=edges)[0].tolist()}


def confidence(kept, condition, label):
    inside = [main_answers(s) for s in kept if s["condition"] == condition]
    everyone = [main_answers(s) if s["condition"] == condition else [] for s in kept]
    flat = [a for part in inside for a in part]
    stored = [a for a in flat if a["button"] % 3 + 1 == label]
    chosen = [a for a in flat if a["label"] == label]
    parts = [[a["correct"] for a in part if a["label"] == label] for part in inside]
    return {"condition": condition, "label": label, "share": len(chosen) / len(flat),
            "share_two_sem": two_sem([np.mean([a["label"] == label for a in part]) for part in inside]),
            "accuracy": float(np.mean([a["correct"] for a in chosen])),
            "accuracy_two_sem": two_sem([np.mean(part) for part in parts if part]),
            "published_share": len(stored) / len(flat),
            "published_share_two_sem": two_sem(
                [np.mean([a["button"] % 3 + 1 == label for a in part]) if part else 0.0 for part in everyone])}


def reaction_time(kept, condition, which):
    parts = [[a["rt"] for a in main_answers(s) if which is None or a["correct"] == which]
             for s in kept if s["condition"] == condition]
    flat = [rt for part in parts for rt in part]
    return {"condition": condition, "which": {None: "all", True: "correct", False: "incorrect"}[which],
            "mean": float(np.mean(flat)), "median": float(np.median(flat)),
            "two_sem": two_sem([np.mean(part) for part in parts if part])}


def permutation_p(a, b):
    rng = np.random.default_rng(2)
    both, seen = np.concatenate([a, b]), abs(np.mean(a) - np.mean(b))
    count = 1
    for _ in range(20000):
        rng.shuffle(both)
        count += abs(both[: len(a)].mean() - both[len(a):].mean()) >= seen - 1e-12
    return count / 20001


def anova(sessions):
    table = np.array([[np.mean([a["correct"] for a in main_answers(s)]) for s in sessions if s["participant"] == p]
                      for p in range(PARTICIPANTS)])
    n, k = table.shape
    residuals = table - table.mean(1, keepdims=True) - table.mean(0, keepdims=True) + table.mean()
    mean_error = (residuals**2).sum() / ((k - 1) * (n - 1))
    f = n * ((table.mean(0) - table.mean()) ** 2).sum() / (k - 1) / mean_error
    pairs = []
    for a in range(k):
        for b in range(a + 1, k):
            t = (table[:, a].mean() - table[:, b].mean()) / np.sqrt(2 * mean_error / n)
            p = 2 * scipy.stats.t.sf(abs(t), (k - 1) * (n - 1))
            pairs.append({"t": t, "p_corrected": min(1.0, 10 * p)})
    return {"f": f, "p": float(scipy.stats.f.sf(f, k - 1, (k - 1) * (n - 1))), "pairs": pairs}


def main():
    trials, sessions = study()
    kept = [session for session in sessions if not is_excluded(session)]
    of = {c: [main_answers(s) for s in kept if s["condition"] == c] for c in CONDITIONS}
    by_layer, by_branch, by_set = [], [], []
    for c in CONDITIONS:
        for layer in range(UNITS // 2):
            parts = [[a for a in part if a["unit"] // 2 == layer] for part in of[c]]
            by_layer.append({"condition": c, "value": f"layer{layer}", **accuracy(parts)})
        for branch in range(2):
            parts = [[a for a in part if a["unit"] % 2 == branch] for part in of[c]]
            by_branch.append({"condition": c, "value": ["3x3", "pool"][branch], **accuracy(parts)})
        for image_set in range(SETS):
            parts = [part for part in of[c] if part[0]["set"] == image_set]
            if len(parts) > 1:
                by_set.append({"condition": c, "value": str(image_set), **accuracy(parts)})
    rows = [(s, a) for s in kept for a in main_answers(s)]
    tests = []
    for i, a in enumerate(CONDITIONS):
        for b in CONDITIONS[i + 1:]:
            shares = [np.array([np.mean([x["correct"] for x in part]) for part in of[c]]) for c in (a, b)]
            tests.append({"a": a, "b": b, "difference": float(shares[0].mean() - shares[1].mean()),
                          "p": permutation_p(*shares)})
    expected = {
        "excluded": {c: sum(is_excluded(s) for s in sessions if s["condition"] == c) for c in CONDITIONS},
        "accuracy": [{"condition": c, **accuracy(of[c])} for c in CONDITIONS],
        "layer": by_layer, "branch": by_branch, "image set": by_set,
        "relations": [relation(kept, trials, c) for c in [None] + CONDITIONS],
        "confidence": [confidence(kept, c, label) for c in CONDITIONS for label in (1, 2, 3)],
        "reaction_time": [reaction_time(kept, c, which) for c in CONDITIONS for which in (None, True, False)],
        "baselines": [{"name": b, "mean": float(np.mean([is_right(trials[a["unit"], a["set"]], b) for _, a in rows]))}
                      for b in BASELINES],
        "kappa": kappa_cells(kept, trials),
        "between": tests,
        "within": anova(sessions),
    }
    path = pathlib.Path(__file__).with_suffix(".json")
    path.write_text(json.dumps(expected, indent=1, default=float) + "\n")


if __name__ == "__main__":
    main()
