"""Writes large points for `layerpeel certify`: an optimum, one with noise, blocks, pairs.

    python Benchmarks/make_points.py FOLDER [--classes 10 --per-class 10000 --dim 512]

Prints the path of each as a JSON line. Arrays W (K x d), H (N x d), float64, and labels (N, int64).
"""
import argparse
import json
import os

import numpy as np


def blocks(classes, size):
    """Class vectors that are a simplex in each block of `size` classes, blocks at right angles."""
    return np.kron(np.eye(classes // size), np.eye(size) - 1 / size)


def points(classes, per_class, dim):
    draw = np.random.default_rng(0).standard_normal
    labels = np.repeat(np.arange(classes), per_class)
    turn = np.linalg.qr(draw((dim, classes)))[0].T  # so that no coordinate of R^d is special

    def point(vectors, noise=0.0):
        features = (vectors @ turn)[labels] / np.sqrt(per_class)
        if noise:
            features += noise * np.linalg.norm(features[0]) / np.sqrt(dim) * draw(features.shape)
        return {"W": vectors @ turn, "H": features, "labels": labels}

    simplex = blocks(classes, classes)
    yield "optimum", point(simplex)
    yield "optimum with noise", point(simplex, 0.1)
    yield "two blocks", point(blocks(classes, classes // 2))
    yield "pairs", point(blocks(classes, 2))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder")
    for option, default in (("classes", 10), ("per-class", 10_000), ("dim", 512)):
        parser.add_argument(f"--{option}", type=int, default=default)
    given = parser.parse_args()
    for name, arrays in points(given.classes, given.per_class, given.dim):
        path = os.path.join(given.folder, name.replace(" ", "-") + ".npz")
        np.savez(path, **arrays)
        print(json.dumps({"name": name, "path": path}), flush=True)
