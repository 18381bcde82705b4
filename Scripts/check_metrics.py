#!/usr/bin/env python3
"""Recomputes a probe's metrics from exported features, in float64 and by other code than the probe's.

    layerpeel train --per-class 100 --epochs 3 --save-point net.safetensors --out net.json
    Scripts/check_metrics.py net.safetensors net.json [--tolerance 1e-6]

The file holds W (K x d), H (N x d), labels and perhaps a bias; the trajectory's last point says what the
program made of the same. Every metric, the least margin, the mean loss and the share of errors are
computed again by their definitions, features all at once, with Python's standard library alone (a minute
or so for 60,000 images), and printed beside the program's.

Exit status: 0 if all agree to the tolerance, 1 if one does not, 2 for unusable arguments.
"""
import argparse
import json
import math
import struct
import sys
from array import array

KINDS = {"F32": "f", "F64": "d", "I8": "b", "I16": "h", "I32": "i", "I64": "q", "U8": "B"}


def arrays(path):
    """{name: (shape, numbers)} of a safetensors file."""
    with open(path, "rb") as file:
        size = struct.unpack("<Q", file.read(8))[0]
        header = json.loads(file.read(size))
        content = file.read()
    found = {}
    for name, entry in header.items():
        if name != "__metadata__":
            first, last = entry["data_offsets"]
            numbers = array(KINDS[entry["dtype"]], content[first:last])
            if sys.byteorder == "big":
                numbers.byteswap()
            found[name] = (entry["shape"], numbers)
    return found


def rows(entry):
    (count, width), numbers = entry
    return [[float(x) for x in numbers[i * width : (i + 1) * width]] for i in range(count)]


# Vectors are lists, matrices lists of rows; sums are exact to rounding of their result.


def dot(a, b):
    return math.fsum(map(float.__mul__, a, b))


def norm(a):
    return math.sqrt(dot(a, a))


def minus(a, b):
    return [x - y for x, y in zip(a, b)]


def mean(vectors):
    return [math.fsum(column) / len(vectors) for column in zip(*vectors)]


def average(numbers):
    return math.fsum(numbers) / len(numbers)


def flat(matrix):
    return [x for row in matrix for x in row]


def scaled(matrix):
    """Divided by its Frobenius norm."""
    size = norm(flat(matrix))
    return [[x / size for x in row] for row in matrix]


def products(a, b):
    return [[dot(x, y) for y in b] for x in a]


def distance(a, b):
    return norm(minus(flat(a), flat(b)))


def simplex(classes):
    """The simplex's Gram matrix, of norm 1: P/sqrt(K - 1)."""
    return [[((i == j) - 1 / classes) / math.sqrt(classes - 1) for j in range(classes)] for i in range(classes)]


def orthogonalized(matrix):
    """Rows s_r v_r of the singular value decomposition, by one-sided Jacobi rotations, largest first."""
    work = [row[:] for row in matrix]
    turning = True
    while turning:
        turning = False
        for p in range(len(work)):
            for q in range(p + 1, len(work)):
                a, b, c = dot(work[p], work[p]), dot(work[q], work[q]), dot(work[p], work[q])
                if c * c <= 1e-30 * a * b:
                    continue
                turning = True
                angle = 0.5 * math.atan2(2 * c, a - b)
                cos, sin = math.cos(angle), math.sin(angle)
                work[p], work[q] = (
                    [cos * x + sin * y for x, y in zip(work[p], work[q])],
                    [cos * y - sin * x for x, y in zip(work[p], work[q])],
                )
    return sorted(work, key=lambda row: -dot(row, row))


# The metrics


def spread(vectors):
    """Population standard deviation of their norms, over the mean norm."""
    norms = [norm(v) for v in vectors]
    center = average(norms)
    return math.sqrt(average([(x - center) ** 2 for x in norms])) / center


def angles(vectors):
    """Mean over pairs of the distance of their cosine from the simplex's."""
    pairs = [(a, b) for i, a in enumerate(vectors) for b in vectors[:i]]
    return average([abs(dot(a, b) / (norm(a) * norm(b)) + 1 / (len(vectors) - 1)) for a, b in pairs])


def of_means(features, labels, means, centered):
    """NC1 in its four forms, and NC2 of the class means."""
    classes = len(means)
    deviations = [minus(h, means[y]) for h, y in zip(features, labels)]
    squares = [dot(x, x) for x in deviations]
    within = [average([s for s, y in zip(squares, labels) if y == k]) for k in range(classes)]
    between = average([dot(m, m) for m in centered])
    directions = orthogonalized(centered)[: classes - 1]
    sizes = [norm(row) for row in directions]
    kept = [(row, s) for row, s in zip(directions, sizes) if s > 1e-13 * sizes[0]]
    trace = math.fsum(average([dot(x, row) ** 2 for x in deviations]) / s**4 for row, s in kept)
    center = mean(means)
    pairs = [(i, j) for i in range(classes) for j in range(i)]
    return {
        "nc1_trace": trace,
        "nc1_ratio": average(squares) / between,
        "nc1_within": average([math.sqrt(s) for s in squares]) / average([norm(minus(h, center)) for h in features]),
        "cdnv": average([(within[i] + within[j]) / 2 / norm(minus(means[i], means[j])) ** 2 for i, j in pairs]),
        "nc2_means_norm": spread(centered),
        "nc2_means_angle": angles(centered),
        "nc2_means_etf": distance(scaled(products(centered, centered)), simplex(classes)),
    }


def of_weights(weights, centered, suffix):
    """NC2 of the classifier's rows, and NC3."""
    best = simplex(len(weights))
    return {
        "nc2_weights_norm" + suffix: spread(weights),
        "nc2_weights_angle" + suffix: angles(weights),
        "nc2_weights_etf" + suffix: distance(scaled(products(weights, weights)), best),
        "nc3_duality" + suffix: distance(scaled(weights), scaled(centered)),
        "nc3_product" + suffix: distance(scaled(products(weights, centered)), best),
    }


def of_samples(features, labels, weights, bias, means):
    """What needs every sample's logits: margins, loss, errors and NC4."""
    least, loss, errors, mismatches = math.inf, [], 0, 0
    for h, y in zip(features, labels):
        logits = [dot(w, h) + b for w, b in zip(weights, bias)]
        others = [z - logits[y] for k, z in enumerate(logits) if k != y]
        least = min(least, -max(others))
        errors += max(others) >= 0
        peak = max(0.0, *others)
        loss.append(peak + math.log(math.exp(-peak) + math.fsum(math.exp(z - peak) for z in others)) if peak > 0
                    else math.log1p(math.fsum(map(math.exp, others))))  # fmt: skip
        nearest = min(range(len(means)), key=lambda k: norm(minus(h, means[k])))
        mismatches += nearest != logits.index(max(logits))
    count = len(labels)
    return {"q_min": least, "train_loss": math.fsum(loss) / count, "train_error": errors / count,
            "nc4_mismatch": mismatches / count}  # fmt: skip


def recomputed(file):
    weights, features = rows(file["W"]), rows(file["H"])
    labels = list(file["labels"][1])
    bias = list(file["bias"][1]) if "bias" in file else [0.0] * len(weights)
    classes = len(weights)
    means = [mean([h for h, y in zip(features, labels) if y == k]) for k in range(classes)]
    center, average_weight = mean(means), mean(weights)
    centered = [minus(m, center) for m in means]
    values = {"nc0": classes * norm(average_weight)}
    values |= of_means(features, labels, means, centered)
    values |= of_weights(weights, centered, "")
    values |= of_weights([minus(w, average_weight) for w in weights], centered, "_centered")
    return values | of_samples(features, labels, weights, bias, means)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("point", help="what `layerpeel train --save-point` wrote")
    parser.add_argument("trajectory", help="what `layerpeel train --out` wrote, JSON")
    parser.add_argument("--tolerance", type=float, default=1e-6, help="largest relative difference (default: 1e-6)")
    given = parser.parse_args()
    try:
        file = arrays(given.point)
        with open(given.trajectory) as text:
            point = json.load(text)["points"][-1]
        for name in ("W", "H", "labels"):
            if name not in file:
                raise ValueError(f"{given.point} has no {name}")
    except (OSError, ValueError, KeyError, IndexError, struct.error) as problem:
        parser.error(str(problem))
    recorded = point["metrics"] | {key: point.get(key) for key in ("q_min", "train_loss", "train_error")}
    failed = 0
    ours = recomputed(file)
    for name in sorted(ours.keys() | point["metrics"].keys()):
        value, other = ours.get(name), recorded.get(name)
        if value is None or other is None:
            agrees, said = False, "not on both sides"
        else:
            difference = abs(value - other) / max(abs(value), abs(other), 1e-300)
            agrees, said = difference <= given.tolerance, f"{difference:.1e}"
        failed += not agrees
        print(f"{name:28}{value!r:>24}{other!r:>24}  {said}{'' if agrees else '  DIFFERS'}")
    print(f"{failed} of {len(ours)} differ by more than {given.tolerance:g}" if failed else f"all {len(ours)} agree")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
