"""Two gradient flows in physical time, a second time: SciPy's DOP853 in τ = log(1 + t).

    python reference_flow.py            # writes flow-A.csv and flow-B.csv beside this script
                                        # (needs numpy, scipy, mpmath; two seconds)

    A: K=3, n=2, d=4    B: K=4, n=5, d=8    both from metrics.start, a start of rank 2

In τ the flow is dθ/dτ = -(1 + t) ∇L(θ), smooth from t = 0 on. The integrator is started afresh at each
recorded time, so nothing is interpolated. Each point is then measured by metrics.py at 50 digits.
Columns: t; loss (sum, nats); then names of `Quantity`, metrics bare; grad_norm = ‖∇L‖; norm = ρ;
imbalance = ‖WᵀW - HᵀH‖_F; a cell is empty where a value does not exist.
The script prints the largest relative difference between two tolerances, and refuses above 1e-6.
"""
import csv
import os

import metrics
import numpy as np
from mpmath import mp
from scipy.integrate import solve_ivp

FLOWS = {"A": (3, 2, 4), "B": (4, 5, 8)}
TIMES = [0.0] + [10.0**decade for decade in range(10)]
SCHEDULE = {"fine": (1e-12, 1e-14), "coarse": (1e-9, 1e-11)}
FIRST = ("q_min", "gamma")
METRICS = (
    "nc0", "nc1_trace", "nc1_ratio", "nc2_means_norm", "nc2_weights_norm", "nc2_means_angle",
    "nc2_weights_angle", "nc3_duality",
)  # fmt: skip
SIZES = {"grad_norm": "log_gradient_norm", "norm": "norm", "imbalance": "balance"}


def flow(labels, classes, d):
    """The right-hand side dθ/dτ, θ = (W, H) flat."""
    truth = np.eye(classes, dtype=bool)[labels]

    def slope(tau, theta):
        W, H = theta[: classes * d].reshape(classes, d), theta[classes * d :].reshape(-1, d)
        logits = H @ W.T
        logits -= logits.max(axis=1, keepdims=True)
        G = np.exp(logits)
        G /= G.sum(axis=1, keepdims=True)
        G[truth] = 0.0
        G[truth] = -G.sum(axis=1)
        return -np.exp(tau) * np.concatenate([(G.T @ H).ravel(), (G @ W).ravel()])

    return slope


def trajectory(start, labels, rtol, atol):
    """(W, H) at each of TIMES."""
    W, H = (np.array(rows, dtype=float) for rows in start)
    slope, theta = flow(labels, *W.shape), np.concatenate([W.ravel(), H.ravel()])
    taus = np.log1p(TIMES)
    for i, tau in enumerate(taus):
        if i > 0:
            leg = solve_ivp(slope, (taus[i - 1], tau), theta, method="DOP853", rtol=rtol, atol=atol)
            assert leg.success, leg.message
            theta = leg.y[:, -1]
        yield theta[: W.size].reshape(W.shape), theta[W.size :].reshape(H.shape)


def row(W, H, labels, sizes):
    """One line of the table, after t."""
    W, H = (metrics.rounded(rows.tolist()) for rows in (W, H))
    values, extra = metrics.judgement(W, H, labels, sizes)
    collapse = metrics.collapse(W, H, labels)
    extra["log_gradient_norm"] = mp.exp(extra["log_gradient_norm"])
    table = {"loss": mp.exp(values["log_loss"])}
    table |= {key: values.pop(key) for key in FIRST}
    table |= {key: collapse.pop(key) for key in METRICS}
    table |= {key: extra[name] for key, name in SIZES.items()}
    del values["dual_trajectory"]  # along a trajectory it is the best so far, not of one point
    table |= values | collapse
    return {key: metrics.number(value) for key, value in table.items()}


def table(classes, per_class, d, tolerances):
    sizes = [per_class] * classes
    labels = metrics.sorted_labels(sizes)
    start = metrics.start(classes, labels, d)
    return [row(W, H, labels, sizes) for W, H in trajectory(start, labels, *tolerances)]


def disagreement(one, other):
    """Largest relative difference of two tables."""
    pairs = [(a[key], b[key]) for a, b in zip(one, other) for key in a if a[key] is not None]
    return max(abs(x - y) / max(abs(x), 1e-300) for x, y in pairs)


if __name__ == "__main__":
    room = os.path.dirname(os.path.abspath(__file__))
    for name, shape in FLOWS.items():
        fine, coarse = (table(*shape, tolerances) for tolerances in SCHEDULE.values())
        worst = disagreement(fine, coarse)
        print(f"{name}: the two tolerances differ by {worst:.1e} at most")
        assert worst < 1e-6
        with open(os.path.join(room, f"flow-{name}.csv"), "w", newline="") as file:
            lines = csv.writer(file, lineterminator="\n")
            lines.writerow(["t", *fine[0]])
            for t, values in zip(TIMES, fine):
                lines.writerow([f"{t:.17g}", *("" if x is None else f"{x:.17g}" for x in values.values())])
