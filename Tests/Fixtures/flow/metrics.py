"""Everything a measurement says of one point, a second time: mpmath, 50 digits, plain formulas.

    python metrics.py            # writes metrics.json beside this script (needs mpmath)

metrics.json is {"points": [{"name", "sizes", "labels", "dimension", "W", "H", "values", "extra"}]}:
W (K x d) and H (N x d) flat, row by row, as the doubles that were measured; `values` under the keys
of `Quantity` (null where a value does not exist), `extra` what has no key of its own. 17 digits.

With i, j, k from 0, flat = row * d + column, the points are

    start:      W_kj = 0.3 sin(1 + flat)    H_ij = 0.3 cos(2 + flat)
    separated:  W_kj = 2 s V_kj             H_ij = s (V_{y_i}j + 0.1 e cos(2 + flat))

where V_kj = cos(2 pi k (1 + floor(j/2)) / K - (pi/2) (j mod 2)) + 0.05 e sin(1 + flat) puts the classes on
circles, and s = e = 1 but for the last point. Labels are sorted, or the sorted ones with sample i moved to place `stride` i mod N.
"""
import json
import os

from mpmath import mp, mpf

mp.dps = 50


# The points


def sorted_labels(sizes):
    return [k for k, n in enumerate(sizes) for _ in range(n)]


def strided_labels(sizes, stride):
    labels, moved = sorted_labels(sizes), [None] * sum(sizes)
    for i, y in enumerate(labels):
        moved[stride * i % len(labels)] = y
    assert None not in moved, "the stride has a common factor with N"
    return moved


def rounded(rows):
    """The nearest doubles, so that a reader of the file starts from exactly the same point."""
    return [[mpf(float(x)) for x in row] for row in rows]


def start(classes, labels, d):
    """The start of the reference flows."""
    W = [[mpf("0.3") * mp.sin(1 + k * d + j) for j in range(d)] for k in range(classes)]
    H = [[mpf("0.3") * mp.cos(2 + i * d + j) for j in range(d)] for i in range(len(labels))]
    return rounded(W), rounded(H)


def separated(classes, labels, d, scale=1, noise=1):
    """Classes on circles, features about their classifier."""
    small, scale = mpf(noise) / 20, mpf(scale)
    circle = lambda k, j: mp.cos(2 * mp.pi * k * (1 + j // 2) / classes - (mp.pi / 2) * (j % 2))
    V = [[circle(k, j) + small * mp.sin(1 + k * d + j) for j in range(d)] for k in range(classes)]
    W = [[2 * scale * x for x in row] for row in V]
    H = [
        [scale * (V[y][j] + 2 * small * mp.cos(2 + i * d + j)) for j in range(d)]
        for i, y in enumerate(labels)
    ]
    return rounded(W), rounded(H)


def points():
    """(name, sizes, labels, W, H) of each."""
    for name, sizes, stride, d, formula, options in (
        ("balanced start, d > K", [2, 2, 2], None, 4, start, {}),
        ("balanced, d > K", [5, 5, 5, 5], None, 8, separated, {}),
        ("imbalanced, unsorted, d > K", [3, 2, 4], 4, 5, separated, {}),
        ("minorities, unsorted, d = K - 1", [6, 6, 2, 2], 7, 3, separated, {}),
        ("imbalanced, unsorted, d < K - 1", [2, 3, 1, 2, 4], 5, 2, separated, {}),
        ("balanced, unsorted, log L = -2094", [4, 4, 4], 5, 4, separated, {"scale": 18.7, "noise": "0.01"}),
    ):
        labels = strided_labels(sizes, stride) if stride else sorted_labels(sizes)
        yield (name, sizes, labels, *formula(len(sizes), labels, d, **options))


# Vectors and matrices as lists


def dot(a, b):
    return mp.fsum(x * y for x, y in zip(a, b))


def norm(a):
    return mp.sqrt(dot(a, a))


def minus(a, b):
    return [x - y for x, y in zip(a, b)]


def mean(values):
    values = list(values)
    return mp.fsum(values) / len(values)


def mean_row(rows):
    return [mean(column) for column in zip(*rows)]


def flat(rows):
    return [x for row in rows for x in row]


def unit(rows):
    size = norm(flat(rows))
    return [[x / size for x in row] for row in rows]


def outer(A, B):
    """A Bᵀ."""
    return [[dot(a, b) for b in B] for a in A]


def singular_values(rows):
    """Largest first."""
    return sorted(mp.svd_r(mp.matrix(rows), compute_uv=False), reverse=True)


# Loss, margins and certificate


def best_value(sizes):
    """v* = ‖P Y‖_*, the nuclear norm of P D^½."""
    K = len(sizes)
    rows = [[((j == k) - mpf(1) / K) * mp.sqrt(n) for k, n in enumerate(sizes)] for j in range(K)]
    return mp.fsum(singular_values(rows))


def judgement(W, H, labels, sizes):
    """Loss, margins, residuals and bounds: (values, extra)."""
    K, N = len(W), len(H)
    logits = outer(H, W)
    margin = [[logits[i][y] - z for z in logits[i]] for i, y in enumerate(labels)]
    others = [[j for j in range(K) if j != y] for y in labels]
    # Softmax without a subtraction: p_ij = exp(-m_ij) / (1 + Σ exp(-m_ij)).
    odds = [[mp.exp(-m) for m in row] for row in margin]
    total = [mp.fsum(odds[i][j] for j in others[i]) for i in range(N)]
    # 50 digits do not carry 1 + e^-2000: log1p does.
    loss = mp.fsum(mp.log1p(t) for t in total)
    p = [[odds[i][j] / (1 + total[i]) for j in range(K)] for i in range(N)]
    G = [
        [-mp.fsum(p[i][l] for l in others[i]) if j == y else p[i][j] for j in range(K)]
        for i, y in enumerate(labels)
    ]
    slope_W = [[mp.fsum(G[i][k] * H[i][j] for i in range(N)) for j in range(len(W[0]))] for k in range(K)]
    slope_H = [[mp.fsum(G[i][k] * W[k][j] for k in range(K)) for j in range(len(W[0]))] for i in range(N)]
    slope, theta = flat(slope_W) + flat(slope_H), flat(W) + flat(H)
    steepness, rho = norm(slope), norm(theta)

    q = min(margin[i][j] for i in range(N) for j in others[i])
    v = best_value(sizes)
    nuclear = mp.fsum(singular_values(logits))
    separated = q > 0
    primal = rho**2 / (2 * q) if separated else None
    weights = [(p[i][j], margin[i][j]) for i in range(N) for j in others[i]]
    multipliers = mp.fsum(w for w, _ in weights)
    values = {
        "log_loss": mp.log(loss),
        "q_min": q,
        "gamma": q / rho**2,
        "smoothed_gamma": -mp.log(mp.expm1(loss)) / rho**2,
        "margin_ratio": 2 * v * q / rho**2,
        "balanced_margin_ratio": v * q / nuclear,
        "log_norm": mp.log(rho),
        "kkt_stationarity": norm([a / rho + b / steepness for a, b in zip(theta, slope)]) if separated else None,
        "kkt_complementarity": mp.fsum(w * (m / q - 1) for w, m in weights) / multipliers if separated else None,
        "primal": primal,
        "dual": v,
        "dual_trajectory": multipliers / singular_values(G)[0],
        "gap": primal - v if separated else None,
    }
    balance = minus(flat(outer(zip(*W), list(zip(*W)))), flat(outer(zip(*H), list(zip(*H)))))
    extra = {
        "log_gradient_norm": mp.log(steepness),
        "norm": rho,
        "v_star": v,
        "nuclear_norm": nuclear,
        "balance": norm(balance),
        "row_sum": norm([mp.fsum(column) for column in zip(*W)]),
    }
    return values, extra


# Collapse


def simplex(K):
    """P / √(K-1), the Gram matrix of a simplex, of norm 1."""
    return [[((j == k) - mpf(1) / K) / mp.sqrt(K - 1) for k in range(K)] for j in range(K)]


def norm_spread(rows):
    sizes = [norm(row) for row in rows]
    centre = mean(sizes)
    return mp.sqrt(mean((x - centre) ** 2 for x in sizes)) / centre


def angle_error(rows):
    K = len(rows)
    return mean(
        abs(dot(rows[j], rows[k]) / norm(rows[j]) / norm(rows[k]) + mpf(1) / (K - 1))
        for j in range(K)
        for k in range(j)
    )


def gram_error(A, B):
    return norm(minus(flat(unit(outer(A, B))), flat(simplex(len(A)))))


def within_over_between(scatter, M):
    """tr(Σ_W Σ_B⁺)/K: scatter inside span M, by M's right singular vectors."""
    K = len(M)
    _, sigma, V = mp.svd_r(mp.matrix(M))
    directions = sorted(((s, V[r, :]) for r, s in enumerate(sigma)), key=lambda pair: -pair[0])[: K - 1]
    cut = mpf("1e-13") * directions[0][0]
    return mp.fsum(mean(dot(row, v) ** 2 for row in scatter) / s**2 for s, v in directions if s > cut)


def collapse(W, H, labels):
    """Every collapse metric under its key."""
    K, N = len(W), len(H)
    mu = [mean_row([h for h, y in zip(H, labels) if y == k]) for k in range(K)]
    centre = mean_row(mu)
    M = [minus(row, centre) for row in mu]
    scatter = [minus(h, mu[y]) for h, y in zip(H, labels)]
    variance = [mean(dot(a, a) for a, y in zip(scatter, labels) if y == k) for k in range(K)]
    pairs = [(j, k) for j in range(K) for k in range(j)]
    distance = lambda a, b: norm(minus(a, b))
    winner = [max(range(K), key=lambda k: dot(W[k], h)) for h in H]
    nearest = [min(range(K), key=lambda k: distance(mu[k], h)) for h in H]
    values = {
        "nc0": norm([mp.fsum(column) for column in zip(*W)]),
        "nc1_trace": within_over_between(scatter, M),
        "nc1_ratio": mean(dot(a, a) for a in scatter) / mean(dot(m, m) for m in M),
        "nc1_within": mean(norm(a) for a in scatter) / mean(distance(h, centre) for h in H),
        "cdnv": mean((variance[j] + variance[k]) / 2 / distance(mu[j], mu[k]) ** 2 for j, k in pairs),
        "nc2_means_norm": norm_spread(M),
        "nc2_means_angle": angle_error(M),
        "nc2_means_etf": gram_error(M, M),
        "nc4_mismatch": mpf(sum(a != b for a, b in zip(winner, nearest))) / N,
    }
    average = mean_row(W)
    for suffix, A in (("", W), ("_centered", [minus(w, average) for w in W])):
        values["nc2_weights_norm" + suffix] = norm_spread(A)
        values["nc2_weights_angle" + suffix] = angle_error(A)
        values["nc2_weights_etf" + suffix] = gram_error(A, A)
        values["nc3_duality" + suffix] = norm(minus(flat(unit(A)), flat(unit(M))))
        values["nc3_product" + suffix] = gram_error(A, M)
    return values


def number(x):
    return None if x is None else float(x)


def record(name, sizes, labels, W, H):
    values, extra = judgement(W, H, labels, sizes)
    values |= {f"metrics.{key}": value for key, value in collapse(W, H, labels).items()}
    return {
        "name": name,
        "sizes": sizes,
        "labels": labels,
        "dimension": len(W[0]),
        "W": [float(x) for x in flat(W)],
        "H": [float(x) for x in flat(H)],
        "values": {key: number(value) for key, value in values.items()},
        "extra": {key: number(value) for key, value in extra.items()},
    }


if __name__ == "__main__":
    records = [record(*point) for point in points()]
    # Python prints the shortest digits that give back the double: 17 at most.
    lines = ",\n  ".join(json.dumps(one, allow_nan=False) for one in records)
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "metrics.json"), "w") as file:
        file.write('{"points": [\n  ' + lines + "\n]}\n")
