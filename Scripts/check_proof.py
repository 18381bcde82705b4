#!/usr/bin/env python3
"""Checks, in exact arithmetic, that a point is as near the best possible as a proof says.

usage: check_proof.py PROOF.json

Exit status: 0 if the proof holds, 1 if it does not or cannot be read, 2 for unusable arguments.

What is checked. A pair (W, H) separates with margin q if (w_y - w_j).h >= q for each sample h of
class y and each class j other than y. Take numbers l_ij >= 0, one for each sample i and wrong class
j, and let A be the matrix with A[y_i][i] = sum_j l_ij and A[j][i] = -l_ij. For every pair that
separates with margin 1

    sum l  <=  sum l_ij (w_{y_i} - w_j).h_i  =  <A, W H'>  <=  |A| |W| |H|  <=  (|W|^2 + |H|^2) / 2

as soon as the spectral norm |A| is at most 1, whatever the dimension. Here l depends on the class
of the sample alone, l = multipliers[y][j] / s, and |A| <= 1 says that s^2 I - sum_y n_y b_y b_y' is
positive semidefinite, b_y the integer column of class y: decided by elimination without fractions.
Nothing a proof declares is believed: all of it is computed again, and must be the same to the digit.
Only version and gmp_version, which say what wrote it, prove nothing and may be anything.
"""
import json
import re
import sys
from fractions import Fraction
from operator import mul

FORMAT = "layerpeel-proof-1"
STATEMENT = (
    "A pair (W, H) separates if (w_y - w_j).h >= 1 for each sample h of class y and each class "
    "j other than y. Every pair that separates, of whatever dimension, has (|W|^2 + |H|^2)/2 >= "
    "bound. The pair given here, divided by the square root of its least margin, separates and "
    "has (|W|^2 + |H|^2)/2 = primal = squared_norm/(2 least_margin) = (1 + epsilon) bound.")
KEYS = set("format statement version gmp_version class_sizes labels W H multipliers denominator "
           "squared_norm least_margin primal bound epsilon epsilon_rounded_up".split())


class Refused(Exception):
    """Why a proof does not hold."""


def require(condition, reason):
    if not condition:
        raise Refused(reason)


def members(pairs):
    require(len(dict(pairs)) == len(pairs), "a field stands there twice")
    return dict(pairs)


def whole(text):
    """An integer in decimal; what int() takes besides, such as 1_0 and +5, is refused."""
    require(re.fullmatch("0|-?[1-9][0-9]*", text), f"{text[:40]!r} is no whole number")
    return int(text)


def double(text):
    """A double as the text has it, nothing rounded: an integer and the exponent of a power of two."""
    parts = re.fullmatch("(-?)0x([0-9a-f]{1,14})p(-?[0-9]{1,4})", text)
    require(parts, f"{text[:40]!r} is no double in hexadecimal notation")
    size, exponent = int(parts[2], 16), int(parts[3])
    require(size < 2**53 and -1074 <= exponent <= 971, f"{text} is no double")
    return -size if parts[1] else size, exponent


def scaled(rows, name):
    """Integers and one power of two: entries of the matrix are the integers times unit."""
    require(isinstance(rows, list) and rows, f"{name} is no list of rows")
    parts = [[double(x) for x in row.split(" ")] for row in rows]
    require(len({len(row) for row in parts}) == 1, f"the rows of {name} differ in length")
    least = min(e for row in parts for _, e in row)
    return [[p << (e - least) for p, e in row] for row in parts], Fraction(2)**least


def is_positive_semidefinite(rows):
    """Bareiss elimination of a symmetric matrix; a zero pivot is allowed in a row of zeros only."""
    previous = 1
    for k, row in enumerate(rows):
        pivot = row[k]
        if pivot < 0 or pivot == 0 and any(row[k + 1:]):
            return False
        if pivot == 0:
            continue
        for i in range(k + 1, len(rows)):
            factor, other = row[i], rows[i]
            for j in range(i, len(rows)):
                other[j] = (other[j] * pivot - factor * row[j]) // previous
        previous = pivot
    return True


def check(proof):
    require(isinstance(proof, dict), "it is no JSON object")
    require(set(proof) == KEYS, f"fields missing or not known: {sorted(set(proof) ^ KEYS)}")
    require(proof["format"] == FORMAT, f"its format is not {FORMAT}")
    require(proof["statement"] == STATEMENT, "its statement is another one")
    labels = proof["labels"]
    W, w_unit = scaled(proof["W"], "W")
    H, h_unit = scaled(proof["H"], "H")
    K, N, d = len(W), len(H), len(W[0])
    require(len(H[0]) == d, "W and H differ in dimension")
    require(type(labels) is list and all(type(y) is int and 0 <= y < K for y in labels),
            "a label is no class")
    require(len(labels) == N, "there is not one label for each row of H")
    sizes = [0] * K
    for y in labels:
        sizes[y] += 1
    require(K >= 2 and all(sizes), "a class has no sample")

    # The point: its least margin and its norm.
    least = None
    for y, h in zip(labels, H):
        z = [sum(map(mul, w, h)) for w in W]
        margin = z[y] - max(z[:y] + z[y + 1:])
        least = margin if least is None else min(least, margin)
    require(least > 0, "the point does not separate its samples")
    margin = least * w_unit * h_unit
    norm = (sum(x * x for w in W for x in w) * w_unit**2
            + sum(x * x for h in H for x in h) * h_unit**2)

    # The bound: the multipliers are not negative, and the norm of their matrix is at most 1.
    L = [[whole(x) for x in row.split(" ")] for row in proof["multipliers"]]
    s = whole(proof["denominator"])
    require(len(L) == K and all(len(row) == K for row in L), "there is not one multiplier a pair")
    require(s > 0 and all(x >= 0 for row in L for x in row), "a multiplier is negative")
    require(all(L[y][y] == 0 for y in range(K)), "a multiplier belongs to a sample's own class")
    A = [[sum(L[y]) if j == y else -L[y][j] for y in range(K)] for j in range(K)]
    weighted = [list(map(mul, row, sizes)) for row in A]
    rest = [[(i == j) * s * s - sum(map(mul, weighted[i], A[j])) for j in range(K)] for i in range(K)]
    require(is_positive_semidefinite(rest), "the multipliers do not prove their bound")
    bound = Fraction(sum(n * sum(row) for n, row in zip(sizes, L)), s)
    require(bound > 0, "the multipliers are all zero")

    primal = norm / (2 * margin)
    epsilon = primal / bound - 1
    declared = proof["class_sizes"]
    require(declared == sizes and all(type(n) is int for n in declared),
            "class_sizes is not what the labels give")
    for name, value in [("squared_norm", norm), ("least_margin", margin), ("primal", primal),
                        ("bound", bound), ("epsilon", epsilon)]:
        require(proof[name] == f"{value.numerator}/{value.denominator}",
                f"{name} is not what the point and the multipliers give")
    rounded = proof["epsilon_rounded_up"]
    require(re.fullmatch("[0-9][.][0-9]{2}e-?[0-9]{1,4}", rounded)
            and epsilon <= Fraction(rounded) <= epsilon * Fraction(101, 100),
            "epsilon_rounded_up is not epsilon rounded up")
    return (f"this point (K = {K}, N = {N}, d = {d}) is within a factor 1 + {rounded} of the best "
            "possible in any dimension")


def main(arguments):
    if len(arguments) != 1 or arguments[0].startswith("-"):
        asked = arguments in (["-h"], ["--help"])
        print(__doc__.strip(), file=sys.stdout if asked else sys.stderr)
        return 0 if asked else 2
    try:
        with open(arguments[0], encoding="utf-8") as file:
            print("accepted:", check(json.load(file, object_pairs_hook=members)))
        return 0
    except Refused as reason:
        print(f"refused: {arguments[0]}: {reason}")
    except Exception as error:  # Whatever goes wrong, nothing is proved.
        print(f"refused: {arguments[0]}: it cannot be read as a proof ({type(error).__name__}: {error})")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
