"""The best value of the separation problem for any class sizes: v* = ‖P Y‖_*, at 50 digits.

    python seli.py            # writes seli.json beside this script (needs mpmath)

seli.json is {"cases": [{"sizes": [n_0, ...], "value": v*}]}, 20 digits: four that theory knows in
closed form, (K-1)√n for equal classes, then thirty drawn with K from 2 to 8 and sizes from 1 to 50.
Y is the K x N matrix of labels and P = I - 11ᵀ/K. The columns of P Y of one class are equal, so its
singular values are those of the K x K matrix P D^½, D = diag(n_k).
"""
import os
import random

from mpmath import mp, mpf

mp.dps = 50


def best_value(sizes):
    K = len(sizes)
    columns = mp.matrix(K, K)
    for j in range(K):
        for k in range(K):
            columns[j, k] = ((j == k) - mpf(1) / K) * mp.sqrt(sizes[k])
    return mp.fsum(mp.svd_r(columns, compute_uv=False))


def cases(seed=20220425):
    yield from ([1, 1, 1], [5] * 4, [20] * 10, [100] * 10)
    draw = random.Random(seed)
    for _ in range(30):
        yield [draw.randint(1, 50) for _ in range(draw.randint(2, 8))]


def line(sizes):
    return f'{{"sizes": {sizes}, "value": {mp.nstr(best_value(sizes), 20)}}}'


if __name__ == "__main__":
    assert abs(best_value([20] * 10) - 9 * mp.sqrt(20)) < mpf("1e-40")
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "seli.json"), "w") as file:
        file.write('{"cases": [\n  ' + ",\n  ".join(map(line, cases())) + "\n]}\n")
