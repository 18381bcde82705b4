"""Makes unreduced.json: separation problems with a feature vector for every sample, by SciPy's SLSQP.

    python Tests/Fixtures/separation/unreduced.py > Tests/Fixtures/separation/unreduced.json

Nothing is assumed of samples of one class: `min ½‖W‖² + ½‖H‖²` over all of `W` (K x d) and `H` (N x d)
subject to N(K-1) margins of at least 1, from Gaussian starts. `value` is the least objective found, scaled
to exactly feasible; `spread` the largest distance there of two features of one class. Needs NumPy and
SciPy (made with 2.4 and 1.17).
"""
import json

import numpy as np
from scipy.optimize import minimize

CASES = [([2, 2, 2, 2], 2), ([2, 2, 2, 2, 2], 3), ([3, 1, 1, 1, 1], 2), ([4, 3, 2, 1, 1], 3), ([2, 1, 1, 1, 1, 1], 4)]
STARTS = 60


def solved(sizes, d, x):
    K, N = len(sizes), sum(sizes)
    labels = np.repeat(np.arange(K), sizes)
    sample, other = (np.array(side) for side in zip(*[(i, j) for i in range(N) for j in range(K) if j != labels[i]]))
    rows, own = np.arange(len(sample)), labels[sample]

    def split(x):
        return x[: K * d].reshape(K, d), x[K * d :].reshape(N, d)

    def margins(x):
        W, H = split(x)
        return np.einsum("ca,ca->c", W[own] - W[other], H[sample]) - 1

    def slopes(x):
        W, H = split(x)
        J_W, J_H = np.zeros((len(rows), K, d)), np.zeros((len(rows), N, d))
        J_W[rows, own] = H[sample]
        J_W[rows, other] = -H[sample]
        J_H[rows, sample] = W[own] - W[other]
        return np.hstack([J_W.reshape(len(rows), -1), J_H.reshape(len(rows), -1)])

    end = minimize(
        lambda x: x @ x / 2, x, jac=lambda x: x, method="SLSQP",
        constraints={"type": "ineq", "fun": margins, "jac": slopes}, options={"maxiter": 2000, "ftol": 1e-15},
    )  # fmt: skip
    least = margins(end.x).min() + 1
    if least < 0.9:
        return np.inf, None
    H = split(end.x)[1]
    same = labels[:, None] == labels[None, :]
    spread = np.linalg.norm(H[:, None] - H[None, :], axis=2)[same].max()
    return end.fun / least, spread


def record(sizes, d, generator):
    count = (len(sizes) + sum(sizes)) * d
    ends = [solved(sizes, d, generator.normal(size=count) / np.sqrt(d)) for _ in range(STARTS)]
    value, spread = min(ends, key=lambda end: end[0])
    return {"sizes": sizes, "dim": d, "value": float(value), "spread": float(spread)}


generator = np.random.default_rng(7)
cases = [json.dumps(record(sizes, d, generator)) for sizes, d in CASES]
print('{"cases": [\n  ' + ",\n  ".join(cases) + "\n]}")
