"""The separation problem below K - 1 dimensions, solved by SciPy's SLSQP from our own starts.

    python Benchmarks/separate_peers.py                               # five cases up to K = 8
    python Benchmarks/separate_peers.py --cases 5,3 8,6 --restarts 20 --seed 0

One JSON line per case: classes, dim, seconds (of all starts, the least of the repeats; imports excluded),
restarts, reached, value, residual (the largest violation of a margin at the best point), iterations.
`reached` counts the starts within 1e-6 of the best of them: SLSQP stops near 1e-8 at best.

Both solve the same reduced problem, with one sample a class,

    min ½‖W‖² + ½‖G‖²   subject to   (w_k - w_j)·g_k ≥ 1,   2Kd unknowns, K(K-1) constraints

from the same Gaussian starts (SplitMix64, Box-Muller, variance 1/d), on one thread. SLSQP gets analytic,
vectorised derivatives; at its default `ftol` of 1e-6 it finds all five values to 1e-7.
"""
import argparse
import json
import math
import os
import time

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"  # before NumPy reads them

import numpy as np
import scipy
from scipy.optimize import minimize

CASES = ("4,2", "5,3", "6,3", "7,3", "8,6")
MASK = (1 << 64) - 1


class SplitMix64:
    """Steele, Lea & Flood 2014, and normal numbers by Box & Muller 1958: `splitmix64/box-muller-1`."""

    def __init__(self, seed):
        self.state = seed

    def next(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return z ^ (z >> 31)

    def unit(self):
        return ((self.next() >> 11) + 0.5) / 9007199254740992

    def normal_pair(self):
        radius = math.sqrt(-2 * math.log(self.unit()))
        angle = 2 * math.pi * self.unit()
        return radius * math.cos(angle), radius * math.sin(angle)


class Problem:
    def __init__(self, classes, dimension):
        self.K, self.d = classes, dimension
        pairs = [(k, j) for k in range(classes) for j in range(classes) if j != k]
        self.own, self.other = (np.array(side) for side in zip(*pairs))
        self.rows = np.arange(len(pairs))

    def start(self, generator):
        count = 2 * self.K * self.d
        pairs = [generator.normal_pair() for _ in range((count + 1) // 2)]
        return np.array(pairs).ravel()[:count] / math.sqrt(self.d)

    def split(self, x):
        return x.reshape(2, self.K, self.d)

    def margins(self, x):
        W, G = self.split(x)
        Z = G @ W.T
        return Z[self.own, self.own] - Z[self.own, self.other] - 1

    def slopes(self, x):
        W, G = self.split(x)
        J = np.zeros((len(self.rows), 2, self.K, self.d))
        J[self.rows, 0, self.own] = G[self.own]
        J[self.rows, 0, self.other] = -G[self.own]
        J[self.rows, 1, self.own] = W[self.own] - W[self.other]
        return J.reshape(len(self.rows), -1)

    def solve(self, x, ftol):
        return minimize(
            lambda x: x @ x / 2, x, jac=lambda x: x, method="SLSQP",
            constraints={"type": "ineq", "fun": self.margins, "jac": self.slopes},
            options={"maxiter": 1000, "ftol": ftol},
        )  # fmt: skip


def measured(classes, dimension, restarts, repeat, seed, ftol):
    problem, generator = Problem(classes, dimension), SplitMix64(seed)
    starts = [problem.start(generator) for _ in range(restarts)]
    seconds = math.inf
    for _ in range(repeat):
        begin = time.perf_counter()
        ends = [problem.solve(x, ftol) for x in starts]
        seconds = min(seconds, time.perf_counter() - begin)
    # A point that is not quite feasible is scaled up until it is, or its value would be too good.
    least = [problem.margins(end.x).min() + 1 for end in ends]
    values = [end.fun / margin if margin > 0.5 else math.inf for end, margin in zip(ends, least)]
    best = min(values)
    return {
        "name": "scipy-slsqp", "scipy": scipy.__version__, "classes": classes, "dim": dimension, "ftol": ftol, "seconds": seconds,
        "restarts": restarts, "reached": sum(bool(value <= best * (1 + 1e-6)) for value in values),
        "value": float(best), "residual": float(1 - least[int(np.argmin(values))]),
        "iterations": int(sum(end.nit for end in ends)),
    }  # fmt: skip


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cases", nargs="+", default=CASES, metavar="K,d")
    parser.add_argument("--restarts", type=int, default=20)
    parser.add_argument("--repeat", type=int, default=1, help="runs of all starts; the least time counts")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--ftol", type=float, default=1e-6)
    given = parser.parse_args()
    for case in given.cases:
        classes, dimension = map(int, case.split(","))
        line = measured(classes, dimension, given.restarts, given.repeat, given.seed, given.ftol)
        print(json.dumps(line), flush=True)
