"""The best value of the separation problem by a conic solver that knows no closed form.

    python conic.py           # writes conic.json beside this script (needs cvxpy and clarabel)

conic.json is {"cases": [{"sizes": [n_0, ...], "value": v, "dual": d, "full": f or null}]}. Sizes are
the first thirty with K <= 6 of the vectors that JudgementTests draws: K from 2 to 12, then n_k from 1
to 50, each a remainder of the next SplitMix64 output.

In d >= K - 1 dimensions the problem is  min ||Z||_*  s.t.  Z[y_i, i] - Z[j, i] >= 1  for j != y_i.
Replacing the columns of a class by their mean keeps the margins and does not raise the norm, so `value`
is that of K columns, the norm being ||X D^(1/2)||_*, D = diag(n_k): Clarabel, tolerances 1e-10. `dual`
is its own dual value. Where N <= 45, `full` is the value with all N columns free.
"""
import json
import os

import cvxpy as cp
import numpy as np

MASK = (1 << 64) - 1


def split_mix(state):
    while True:
        state = (state + 0x9E3779B97F4A7C15) & MASK
        z = state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        yield z ^ (z >> 31)


def size_vectors(seed=20250101):
    draw = split_mix(seed)
    while True:
        classes = 2 + next(draw) % 11
        yield [1 + next(draw) % 50 for _ in range(classes)]


def solve(classes, labels, weights):
    Z = cp.Variable((classes, len(labels)))
    margins = [Z[y, i] - Z[j, i] >= 1 for i, y in enumerate(labels) for j in range(classes) if j != y]
    problem = cp.Problem(cp.Minimize(cp.normNuc(Z @ np.diag(np.sqrt(weights)))), margins)
    problem.solve(solver=cp.CLARABEL, tol_gap_abs=1e-10, tol_gap_rel=1e-10, tol_feas=1e-10)
    assert problem.status == "optimal", problem.status
    dual = sum(float(constraint.dual_value) for constraint in margins)
    return float(problem.value), dual


def case(sizes):
    K = len(sizes)
    value, dual = solve(K, range(K), sizes)
    labels = [k for k, n in enumerate(sizes) for _ in range(n)]
    full = solve(K, labels, [1] * len(labels))[0] if len(labels) <= 45 else None
    return {"sizes": sizes, "value": value, "dual": dual, "full": full}


if __name__ == "__main__":
    cases = []
    for sizes in size_vectors():
        if len(sizes) <= 6:
            cases.append(case(sizes))
            print(cases[-1], flush=True)
        if len(cases) == 30:
            break
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "conic.json"), "w") as file:
        file.write('{"cases": [\n  ' + ",\n  ".join(map(json.dumps, cases)) + "\n]}\n")
