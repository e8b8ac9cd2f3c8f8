"""Reference vectors of the statistics, from scipy and statsmodels.

    python3 -m venv /tmp/reference && /tmp/reference/bin/pip install scipy==1.17.1 statsmodels==0.15.0
    /tmp/reference/bin/python statistics.py > statistics.json
"""

import itertools
import json
import math
import sys

import numpy as np
from scipy import stats
from scipy.special import comb
from statsmodels.api import GLM, families
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

random = np.random.default_rng(20240501)


def wilson():
    for n in (1, 2, 7, 20, 100, 5000):
        for successes in sorted({0, 1, n // 3, n // 2, n - 1, n}):
            for confidence in (0.8, 0.95, 0.99):
                low, high = proportion_confint(successes, n, 1 - confidence, "wilson")
                yield [successes, n, confidence, float(low), float(high)]


def t_interval():
    for n in (2, 3, 10, 200):
        values = random.random(n).round(4).tolist()
        for confidence in (0.9, 0.95):
            low, high = stats.t.interval(confidence, n - 1, np.mean(values), stats.sem(values))
            yield [values, confidence, float(low), float(high)]


def mcnemar_exact():
    for b, c in [(0, 1), (1, 1), (0, 6), (3, 11), (11, 3), (20, 20), (40, 65), (300, 371), (1, 900)]:
        yield [b, c, float(mcnemar([[5, b], [c, 7]], exact=True).pvalue)]


def sign_flip():
    """Every sign is tried, so these p values are exact."""
    for n, shift in [(6, 0.0), (8, 0.3), (10, 0.5), (12, 0.2), (12, 0.8)]:
        differences = (random.normal(shift, 1, n)).round(3).tolist()
        test = stats.permutation_test((differences,), np.mean, permutation_type="samples", n_resamples=np.inf)
        yield [differences, float(test.pvalue)]


def holm():
    for n in (1, 2, 5, 12):
        p = random.random(n).round(4) ** 3
        yield [p.tolist(), multipletests(p, method="holm")[1].tolist()]
    yield [[0.02, 0.02, 0.01, 1.0], multipletests([0.02, 0.02, 0.01, 1.0], method="holm")[1].tolist()]


def repeats():
    for n, c in [(1, 0), (1, 1), (5, 2), (10, 9), (64, 3), (200, 13), (2000, 1500)]:
        for k in sorted({1, 2, n // 2, n}):
            if 0 < k <= n:
                at = 1 - comb(n - c, k, exact=True) / comb(n, k, exact=True)
                hat = comb(c, k, exact=True) / comb(n, k, exact=True)
                yield [n, c, k, at, hat]


def cluster_bootstrap():
    """All resamples of few clusters: the exact distribution. Bounds around both ends of the 95% interval."""
    for sizes in ([1, 1, 1, 1, 1, 1], [3, 1, 4, 2, 5, 2], [10, 1, 1, 7, 2, 3]):
        clusters = [(random.random(size) + random.normal(0, 0.5)).round(3).tolist() for size in sizes]
        means = [
            sum(sum(clusters[i]) for i in drawn) / sum(len(clusters[i]) for i in drawn)
            for drawn in itertools.product(range(len(clusters)), repeat=len(clusters))
        ]
        yield [clusters, [float(np.quantile(means, q)) for q in (0.02, 0.03, 0.97, 0.98)]]


def bradley_terry():
    """A binomial regression on wins, ties half and half; the ratings are its coefficients, centred."""
    for n, games in [(2, 30), (4, 40), (8, 25)]:
        strength = random.normal(0, 0.8, n)
        votes, rows, shares, weights = [], [], [], []
        for i, j in itertools.combinations(range(n), 2):
            p = 1 / (1 + math.exp(strength[j] - strength[i]))
            won, tied = int(random.binomial(games, p * 0.8)), int(random.integers(1, 5))
            lost = games - won
            votes.append([i, j, won, lost, tied])
            row = np.zeros(n)
            row[i], row[j] = 1, -1
            rows.append(row)
            shares.append((won + tied / 2) / (games + tied))
            weights.append(games + tied)
        # The last one is held at 0, or the ratings could all move.
        fit = GLM(np.array(shares), np.array(rows)[:, :-1], families.Binomial(), var_weights=np.array(weights))
        beta = np.append(fit.fit(tol=1e-14, maxiter=200).params, 0.0)
        beta -= beta.mean()
        yield [votes, (1000 + 400 * beta / math.log(10)).tolist()]


def leaderboard():
    """Agents on the same 40 cases: order, rank ranges by Wilson intervals, paired tests against the leader, Holm."""
    for chances in ([0.9, 0.85, 0.5, 0.2], [0.6, 0.6, 0.6], [0.95, 0.3, 0.9, 0.92, 0.1]):
        passed = [(random.random(40) < chance) for chance in chances]
        order = sorted(range(len(chances)), key=lambda i: -passed[i].sum())
        bounds = [proportion_confint(int(p.sum()), 40, 0.05, "wilson") for p in passed]
        lead = passed[order[0]]
        raw = [
            mcnemar([[0, int((lead & ~passed[i]).sum())], [int((~lead & passed[i]).sum()), 0]], exact=True).pvalue
            for i in order[1:]
        ]
        adjusted = multipletests(raw, method="holm")[1]
        rows = []
        for place, i in enumerate(order):
            best = 1 + sum(bounds[j][0] > bounds[i][1] for j in range(len(chances)))
            worst = len(chances) - sum(bounds[j][1] < bounds[i][0] for j in range(len(chances)))
            p = None if place == 0 else float(adjusted[place - 1])
            rows.append([int(best), int(worst), p, bool(p is None or p > 0.05), int(passed[i].sum())])
        yield [[p.astype(int).tolist() for p in passed], rows]


vectors = [wilson, t_interval, mcnemar_exact, sign_flip, holm, repeats, cluster_bootstrap, bradley_terry, leaderboard]
json.dump({vector.__name__: list(vector()) for vector in vectors}, sys.stdout, separators=(",", ":"))
print()
